"""The player: a live figure with a clock, and a bar that plays, steps and scrubs its frames."""

from collections.abc import Mapping, Sequence
from typing import Any

from charts.figure import Figure
from pages.shared.figure import Ahead, draw, packed

BAR = 74  # px, the height of the bar with its caption
LINE = 22  # px, the height of one line of details


def play(
    figure: Figure,
    key: str,
    *,
    captions: Sequence[str],
    details: Sequence[Sequence[str]] = (),
    ahead: Ahead | None = None,
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
    told = {"captions": list(captions), "details": list(details)}
    return draw(figure, key, height, told=told, start=frames - 1, ahead=ahead)


def answer_of(
    figure: Figure,
    key: str,
    at: Mapping[str, float],
    ground: str,
    *,
    captions: Sequence[str],
    details: Sequence[Sequence[str]],
    projector: bool,
) -> bytes:
    """The same figure and its films for an answer ahead of the script, where `at` the sliders are.

    It is the three messages of `draw`, each behind its length (uint32, little endian); surfaces of
    the version `ground` are empty.
    """
    told = {"captions": list(captions), "details": list(details)}
    start, ahead = len(captions) - 1, Ahead("", at)
    *others, surfaces = packed(
        figure, key, told=told, start=start, ahead=ahead, projector=projector
    )
    known = bool(ground) and surfaces.endswith(ground.encode())
    parts = (*others, b"" if known else surfaces)
    return b"".join(len(part).to_bytes(4, "little") + part for part in parts)
