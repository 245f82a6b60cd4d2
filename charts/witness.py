"""What a finding saw, as a small picture: a curve, and the points at which it answers."""

from collections.abc import Sequence

import numpy as np

from charts.gallery import AXES, CURVE, HEIGHT, MARK, WIDTH, Frame, path, svg, zeros
from charts.typed import extent
from losses.arrays import Array
from losses.formula import Finding, Picture

POINTS = ("non_negative", "symmetric", "monotone")  # whose counterexamples are points of the curve
LETTERS = 'font-family="sans-serif" font-size="11"'


def witness(finding: Finding, breaks: Sequence[float] = ()) -> str:
    """The picture as SVG, its axes named; the curve is not drawn across the breaks."""
    picture = finding.picture
    assert picture is not None
    frame = _frame(picture)
    curve = path(frame, *_broken(picture, breaks), CURVE, 2.5, 'stroke-linecap="round"')
    parts = [*zeros(frame), curve]
    for x, y in (*picture.marks, *_failing(finding, picture)):
        if frame.left <= x <= frame.right and frame.bottom <= y <= frame.top:
            parts.append(_mark(frame, x, y))
    across = f'<text x="{WIDTH - 2}" y="{HEIGHT - 4}" text-anchor="end" {LETTERS} fill="{AXES}">'
    up = f'<text x="2" y="11" {LETTERS} fill="{AXES}">'
    return svg([*parts, f"{across}{picture.across}</text>", f"{up}{picture.up}</text>"])


def seen(finding: Finding) -> str:
    """The picture in words."""
    picture = finding.picture
    assert picture is not None
    heights = picture.y[np.isfinite(picture.y)]
    span = f"from {heights.min():.3g} to {heights.max():.3g}" if heights.size else "never finite"
    return (
        f"{finding.question} The {picture.up} over {picture.across} from {picture.x[0]:.3g} to "
        f"{picture.x[-1]:.3g}: {span}."
    )


def _broken(picture: Picture, breaks: Sequence[float]) -> tuple[Array, Array]:
    """The curve with a gap between the two points around each break."""
    inside = [one for one in breaks if picture.x[0] < one < picture.x[-1]]
    at = [_gap(picture, one) for one in inside]
    return np.insert(picture.x, at, inside), np.insert(picture.y, at, np.nan)


def _gap(picture: Picture, at: float) -> int:
    """Before which point the curve is broken: one at the break itself stays with its own side."""
    place = int(np.searchsorted(picture.x, at))
    if picture.x[place] != at:
        return place
    with np.errstate(invalid="ignore"):  # of two infinite heights
        below, above = np.abs(np.diff(picture.y[place - 1 : place + 2]))
    return place if below >= above else place + 1


def _failing(finding: Finding, picture: Picture) -> list[tuple[float, float]]:
    """The points of the curve that are the counterexample."""
    if finding.slug not in POINTS:
        return []
    return [(x, float(np.interp(x, picture.x, picture.y))) for x in finding.witness]


def _frame(picture: Picture) -> Frame:
    """What the curve fills, with some room."""
    low, high = extent(picture.y)
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.15 * (high - low) or 1.0
    return Frame(float(picture.x[0]), float(picture.x[-1]), low - room, high + room)


def _mark(frame: Frame, x: float, y: float) -> str:
    across = (x - frame.left) / (frame.right - frame.left) * WIDTH
    down = (frame.top - y) / (frame.top - frame.bottom) * HEIGHT
    return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4" fill="{MARK}"/>'
