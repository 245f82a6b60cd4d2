"""Cells fine enough for a loss that is no polynomial, where they suffice; far rows one by one."""

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.descent.surfaces.cells import Cells, Periodic, reach
from losses.descent.surfaces.local import polynomial
from losses.descent.surfaces.points import Points, Sums
from losses.descent.surfaces.rows import SAMPLE, lowest_mean, of_rows, plain
from losses.descent.surfaces.shape import Shape
from losses.descent.surfaces.taylor import between_kinks, kernel_of, summed, uniform

CLOSE = 4e-12  # relative: what the remainders may add up to, by the estimate that picks the cells
RARELY = 50  # times as much in one cell of a hundred
MOST = 32_768  # cells: with ten slopes at a time, their moments take a few megabytes
FAR = 64  # one row of so many may lie far off; each costs as much as in the plain sum


def fine(points: Points, slopes: Array, places: Array, lowest: float | None = None) -> Sums | None:
    """Σφ and a bound of its error, both `(places, slopes)`; None where too many cells are needed.

    Rows far from the others are added one by one, so that they do not stretch the cells. About the
    `lowest` mean loss is found out by some of the rows, if they are not weighted.
    """
    step = uniform(places)
    if step is None or len(places) == 1:
        return None
    if lowest is None:
        lowest = lowest_mean(points, slopes, places)
    for near in _near(points):
        some = of_rows(points, near)
        low, high = reach(some.resting, some.moving, slopes)
        spread = (float(low.min()), float(high.max()))
        parts = _parts(points.shape, places, spread, step, lowest)
        if parts and (~near).sum() <= len(near) / FAR:
            cells: Cells | None = _covering(spread, step / parts)
            if points.shape.kinks.size:
                cells = between_kinks(some, slopes, places, parts, spare=np.inf)
            if cells is None:
                continue
            kernel = kernel_of(some, cells, slopes, places, lag=parts)
            total, bound = summed(some, cells, kernel, slopes, places)
            total += plain(of_rows(points, ~near), slopes, places)
            return total, bound
    return None


def _covering(spread: tuple[float, float], width: float) -> Periodic:
    """Cells of one width from the lowest row to the highest."""
    low, high = spread
    periods = int(np.ceil((high - low) / width)) + 3
    return Periodic(low - 1.5 * width, width, (0.0,), periods)


def _parts(
    shape: Shape, places: Array, spread: tuple[float, float], step: float, lowest: float
) -> int:
    """Into how many cells the distance of two places must be divided; 0 if into too many."""
    ends = places[0] - spread[1], places[-1] - spread[0]
    width = ends[1] - ends[0]
    if not np.isfinite(width):
        return 0
    parts = 1
    while (cells := (width / step + 4) * parts * max(1, shape.kinks.size)) <= MOST:
        half = 0.5 * step / parts
        at = np.linspace(*ends, int(cells) + 2)
        # the mean square of a deviation is a third of that of half the width
        missed = half * half / 3 * polynomial(shape, at, np.array(half))[1]
        off = missed / (lowest + shape.value(at))
        # a jump of the third derivative concerns the rows of few cells only
        if off.max() <= RARELY * CLOSE and np.quantile(off, 0.99) <= CLOSE:
            return parts
        parts += max(1, parts // 2)
    return 0


def _near(points: Points) -> list[NDArray[np.bool_]]:
    """Which rows to put into cells: all, or else those of the bulk."""
    everything = np.ones(len(points), dtype=bool)
    bulk = everything.copy()
    for part in (points.resting, points.moving):
        some = np.sort(part[:: -(-len(part) // (8 * SAMPLE))])
        low, high = some[len(some) // 100], some[-1 - len(some) // 100]
        bulk &= (part >= low - (high - low)) & (part <= high + (high - low))
    return [everything, bulk]
