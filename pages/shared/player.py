"""The player: a live figure with a clock, and a bar that plays, steps and scrubs its frames."""

from collections.abc import Sequence
from typing import Any

from charts.figure import Figure
from pages.shared.figure import draw

BAR = 74  # px, the height of the bar with its caption
LINE = 22  # px, the height of one line of details


def play(
    figure: Figure, key: str, *, captions: Sequence[str], details: Sequence[Sequence[str]] = ()
) -> dict[str, Any] | None:
    """Draw the figure with a bar over its film "clock", one caption a frame, 30 frames a second.

    `details` are lines below the caption, for each frame. It begins paused at the end, so that who
    never presses play sees the whole path; later runs go on from the step where the reader is.
    Returns the click as `show` does.
    """
    frames = len(figure.films["clock"])
    if len(captions) != frames:
        raise ValueError(f"{frames} frames need {frames} captions, got {len(captions)}")
    lines = max(map(len, details), default=0)
    height = figure.height + BAR + LINE * lines
    return draw(figure, key, height, captions=captions, details=details, start=frames - 1)
