"""Sums over rows on a line by few weighted nodes that stand for all: for a loss without kinks.

Where one feature moves the scores, row i scores place + a x_i. In a cell of x, Σφ follows from the
values of φ at a few Chebyshev nodes, each with a weight that holds for every a and every place.
The same again for the products of slopes and nodes leaves nodes common to all slopes.
"""

from typing import NamedTuple

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.surfaces.points import EPS, Points, Rates, Sums, rounding
from losses.descent.surfaces.rows import lowest_mean
from losses.descent.surfaces.shape import Shape

NODES = 20  # of a cell
CLOSE = 2e-13  # relative: what a cell may be off, before the two steps multiply it
STEPS = 8.0  # by so much, at most: twice the Lebesgue constant 2.9 of 20 nodes, and some
OVERLAP = 16  # tried intervals to each half a cell
TRIED = 8_192  # intervals at most: with more, the rows are too scattered to be put together
HALVES = (4.0, 2.0, 1.0, 0.5, 0.25, 0.125, 0.0625)  # half cells, in units of the score

_ANGLES = np.pi * (np.arange(NODES) + 0.5) / NODES
AT = np.cos(_ANGLES)
_BASIS = np.cos(np.outer(np.arange(NODES), _ANGLES))  # of T_k at each node
WEIGHTS = _BASIS * np.where(np.arange(NODES) > 0, 2.0, 1.0)[:, None] / NODES


class Interpolation(NamedTuple):
    """By how much a polynomial through the nodes is off, relative to the loss and the lowest cost.

    That is the most of |error| / (lowest + loss).
    """

    off: float
    rates: Rates

    def bound(self, rows: int, lowest: float, size: Array) -> Array:
        """What two steps may change in sums of a size over some rows."""
        return STEPS * self.off * (rows * lowest + size)


def compressed(points: Points, slopes: Array, places: Array) -> Sums | None:
    """Σφ and a bound of its error, both `(places, slopes)`, where the resting parts are equal.

    None if the rows lie too far apart to be put together, or if the loss bends too sharply.
    """
    lowest, steepest = lowest_mean(points, slopes, places), float(np.abs(slopes).max()) or 1.0
    places, count = places - points.resting[0], len(slopes)
    for half in HALVES:
        centers, cell, away = _cells(points.moving, half / steepest)
        if 2 * NODES * len(centers) > len(points) or not np.isfinite(centers).all():
            return None
        nodes = centers[:, None] + half / steepest * AT
        products = np.multiply.outer(slopes, nodes.ravel())
        middles, group, off = _cells(products.ravel(), half)
        intervals = _tried(middles, places, half)
        if intervals is None:
            return None
        tried = interpolation(points.shape, intervals, half, lowest)
        if not tried.off <= CLOSE:
            continue
        weight = _spread(away, cell, len(nodes), points.weight)
        index = group + len(middles) * np.repeat(np.arange(count), nodes.size)
        weights = np.tile(weight.ravel(), count)
        table = _spread(off, index, len(middles) * count, weights).reshape(count, -1)
        scores = (middles[:, None] + half * AT).ravel()
        total = points.shape.value(np.add.outer(places, scores)) @ table.T
        bound = tried.bound(len(points), lowest, np.abs(total))
        bound += EPS * (64 + len(scores)) * np.abs(total)
        return total, bound + rounding(points, total, slopes, np.abs(places) + half, tried.rates)
    return None


def _cells(x: Array, half: float) -> tuple[Array, Indices, Array]:
    """Centers of the cells that hold a number, the cell of each number, and where it is in it."""
    number = np.rint(x / (2 * half))
    low, high = number.min(), number.max()
    if high - low <= TRIED:
        index = (number - low).astype(np.int64)
        numbers = np.arange(low, high + 1)
    else:
        numbers, index = np.unique(number, return_inverse=True)
    return 2 * half * numbers, index, x / half - 2 * number


def _spread(away: Array, cell: Indices, cells: int, weight: Array | None) -> Array:
    """The weights of the nodes of each cell `(cells, NODES)`, from places in [−1, 1] in them."""
    sums = np.empty((NODES, cells))
    before, now = np.ones_like(away), away.copy()
    if weight is not None:
        before, now = weight.copy(), away * weight
    sums[0] = np.bincount(cell, weight, minlength=cells)
    sums[1] = np.bincount(cell, now, minlength=cells)
    double = 2 * away
    for degree in range(2, NODES):  # T_k = 2 x T_(k − 1) − T_(k − 2)
        np.subtract(double * now, before, out=before)
        before, now = now, before
        sums[degree] = np.bincount(cell, now, minlength=cells)
    return sums.T @ WEIGHTS


def polynomials(x: Array) -> Array:
    """The values of T_k at numbers in [−1, 1] for each node's degree `(NODES, n)`."""
    values = np.empty((NODES, len(x)))
    values[0], values[1] = 1.0, x
    double = 2 * x
    for degree in range(2, NODES):
        np.multiply(double, values[degree - 1], out=values[degree])
        values[degree] -= values[degree - 2]
    return values


def _tried(middles: Array, places: Array, half: float) -> Array | None:
    """The centers of all intervals that occur, in steps; None if too many occur."""
    ends = places[[0, -1]]
    step = half / OVERLAP
    if np.ptp(ends) / step > TRIED:
        return None
    few = np.arange(np.floor(ends[0] / step), np.ceil(ends[1] / step) + 1)
    many = (np.rint(middles / step)[:, None] + few).ravel()
    if many.size > 64 * TRIED:
        return None
    centers = step * np.unique(many)
    return centers if centers.size <= TRIED else None


def interpolation(shape: Shape, centers: Array, half: float, lowest: float) -> Interpolation:
    """How far polynomials through the nodes of some intervals, a little widened, are off.

    They are tried between two nodes, where they are off by the most.
    """
    wide = half * (1 + 1 / OVERLAP)
    between = np.cos(np.pi * np.arange(NODES + 1) / NODES)
    matrix = WEIGHTS.T @ np.cos(np.outer(np.arange(NODES), np.arccos(between)))
    at = centers[:, None] + wide * AT
    known, true = shape.value(at), shape.value(centers[:, None] + wide * between)
    off = np.abs(known @ matrix - true).max(axis=1)
    off /= lowest + np.minimum(known.min(axis=1), true.min(axis=1))
    slope = np.abs(shape.slope(at))
    rates = Rates(slope.max(), np.abs(shape.bend(at)).max(), most(slope / known))
    return Interpolation(most(off), rates)


def most(numbers: Array) -> float:
    """The largest, infinite if one is no number."""
    return float(np.where(np.isnan(numbers), np.inf, numbers).max())
