"""Which row of a line is worth moving, and how far: the levers of letting go."""

from collections.abc import Sequence

import numpy as np

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.data import Dataset
from losses.fit import fit
from losses.placing import residuals, robust_scale, target_size
from losses.regression import AbsoluteError

POINTS = 61  # distances shown
ROUND = (1.2, 1.5, 1.8, 2.4, 3.0, 4.5, 6.0, 9.0, 12.0)  # of a power of ten: where a ruler may end
WIDTHS = ("delta", "c", "beta", "epsilon")  # parameters in units of the target
ROUNDING = 1e-9  # of the size of the target: a row so near lies on the line
MIDDLE, END = 5, 10  # one row of so many is in the middle, or at the end


def middle_row(data: Dataset) -> int:
    """Of the fifth of the rows nearest to the median x, that nearest to the line: it has next to
    no lever, and pulls a line up or down as a whole."""
    x = data.features[:, 0]
    near = np.argsort(np.abs(x - np.median(x)), kind="stable")
    return _on_the_line(data, near[: -(-len(x) // MIDDLE)])


def end_row(data: Dataset) -> int:
    """Of the tenth of the rows with the largest x, the middle one of those below the line, or that
    nearest to it: its lever is long and turns the line, and on its way up it passes through it."""
    x = data.features[:, 0]
    far = np.argsort(-x, kind="stable")[: -(-len(x) // END)]
    off = _above(data, far)
    below = far[np.argsort(off, kind="stable")][np.sort(off) > ROUNDING * target_size(data)]
    return int(below[len(below) // 2]) if below.size else _on_the_line(data, far)


def distances_of(data: Dataset, losses: Sequence[Loss], row: int, sideways: bool) -> Array:
    """From nothing to well beyond the line, the noise and every width of a loss; sideways, three
    spans of x.

    The last one is rounded up, so that the others are round numbers as well.
    """
    if sideways:
        return _even(3 * (float(np.ptp(data.features)) or 1.0))
    widths = [getattr(loss, name, 0.0) for loss in losses for name in WIDTHS]
    off = residuals(data)[0]
    to_the_line = max(0.0, float(off[row]))
    scale = robust_scale(off, target_size(data))
    return _even(to_the_line + 3 * max([2 * scale, *widths]))


def _on_the_line(data: Dataset, rows: Indices) -> int:
    """The one of the rows that is the nearest to the line."""
    return int(rows[np.argmin(np.abs(_above(data, rows)))])


def _above(data: Dataset, rows: Indices) -> Array:
    """How far the line lies above some rows: that of least absolute errors, which no outlier draws
    away from the others."""
    w = fit(AbsoluteError(), data.features, data.target).weights
    above: Array = w[0] * data.features[rows, 0] + w[1] - data.target[rows]
    return above


def _even(far: float) -> Array:
    """Even steps as far as a round number that is not below one."""
    power = 10.0 ** np.floor(np.log10(far))
    end = next(step for step in ROUND if step * power >= far * (1 - 1e-12))
    return np.linspace(0.0, end * power, POINTS)
