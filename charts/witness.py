"""What a finding saw, as a small picture: a curve, and the points at which it answers."""

import numpy as np

from charts.gallery import AXES, CURVE, HEIGHT, WIDTH, Frame, path, svg, zeros
from losses.formula import Finding, Picture

MARK = "#D1495B"  # at least 3 : 1 on white and on black
LETTERS = 'font-family="sans-serif" font-size="11"'


def witness(picture: Picture) -> str:
    """The picture as SVG, its axes named."""
    frame = _frame(picture)
    parts = [*zeros(frame), path(frame, picture.x, picture.y, CURVE, 2.5)]
    for x, y in picture.marks:
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


def _frame(picture: Picture) -> Frame:
    """All of the curve but its wildest fiftieth, with some room."""
    heights = picture.y[np.isfinite(picture.y)]
    low, high = np.quantile(heights, [0.02, 0.98]).tolist() if heights.size else (0.0, 0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.15 * (high - low) or 1.0
    return Frame(float(picture.x[0]), float(picture.x[-1]), low - room, high + room)


def _mark(frame: Frame, x: float, y: float) -> str:
    across = (x - frame.left) / (frame.right - frame.left) * WIDTH
    down = (frame.top - y) / (frame.top - frame.bottom) * HEIGHT
    return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="4" fill="{MARK}"/>'
