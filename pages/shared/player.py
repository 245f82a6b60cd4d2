"""The player: a live figure with a clock, and a bar that plays, steps and scrubs its frames."""

from collections.abc import Sequence
from typing import Any, Literal

from charts.figure import Figure
from pages.shared.figure import draw

BAR = 74  # px, the height of the bar with its caption


def play(
    figure: Figure, key: str, *, captions: Sequence[str], start_at: int | Literal["end"] = "end"
) -> dict[str, Any] | None:
    """Draw the figure with a bar over its film "clock", one caption a frame, 30 frames a second.

    It begins paused at `start_at`, so that who never presses play sees the whole path; later runs
    go on from the step where the reader is. Returns the click as `show` does.
    """
    frames = len(figure.films["clock"])
    if len(captions) != frames:
        raise ValueError(f"{frames} frames need {frames} captions, got {len(captions)}")
    start = frames - 1 if start_at == "end" else start_at
    return draw(figure, key, figure.height + BAR, captions=captions, start=start)
