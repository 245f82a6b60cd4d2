"""Every loss as a small card: its curve, its gradient dashed, in colors for any theme."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from charts.style import WINDOWS
from losses import Loss
from losses.curve import sample

WIDTH, HEIGHT = 240, 110
CURVE, AXES, MARK = "#2676D0", "#8B919C", "#D1495B"  # each at least 3 : 1 on white and on black
POINTS = 121


class Frame(NamedTuple):
    """The part of the plane that a card shows."""

    left: float
    right: float
    bottom: float
    top: float


def card(loss: Loss) -> str:
    """A loss over the first axis of its family, as SVG."""
    axis = loss.axes[0]
    curve = sample(loss, points=POINTS)
    (_, high), (steepest, _), _ = WINDOWS[axis.slug]
    peak = float(curve.value[np.isfinite(curve.value)].max(initial=0.0))
    top = high if peak > high / 4 else max(high / 8, 1.3 * peak)  # else it would be a flat line
    frame = Frame(axis.low, axis.high, max(0.9 * steepest, -0.3 * high) * top / high, top)
    return svg(
        [
            *zeros(frame),
            path(frame, curve.x, curve.gradient, AXES, 1.5, 'stroke-dasharray="4 3"'),
            path(frame, curve.x, curve.value, CURVE, 3),
        ]
    )


def svg(parts: Sequence[str]) -> str:
    """A small picture of these parts."""
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def zeros(frame: Frame) -> list[str]:
    """The two lines at zero."""
    return [
        path(frame, np.array(frame[:2]), np.zeros(2), AXES, 1),
        path(frame, np.zeros(2), np.array(frame[2:]), AXES, 1),
    ]


def path(
    frame: Frame, x: np.ndarray, y: np.ndarray, color: str, width: float, more: str = ""
) -> str:
    """A path through the finite points; a gap or a point far outside starts it anew."""
    px = (x - frame.left) / (frame.right - frame.left) * WIDTH
    with np.errstate(over="ignore"):  # a point that far outside is not drawn
        py = (frame.top - y) / (frame.top - frame.bottom) * HEIGHT
    seen = np.isfinite(py) & (py > -4 * HEIGHT) & (py < 5 * HEIGHT)
    pens = np.where(np.append(False, seen[:-1]), "L", "M")
    way = "".join(f"{pens[k]}{px[k]:.1f} {py[k]:.1f}" for k in np.flatnonzero(seen))
    style = f'fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round"'
    return f'<path d="{way}" {style} {more}/>'
