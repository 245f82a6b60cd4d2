"""Sums over rows on a line by a polynomial in each cell: exact where the loss is one there.

For one slope a, row i lies at c_i = resting_i − a moving_i, and costs φ(b − c_i) at the place b.
Between nodes that hold every kink of every place, Σφ of the rows of a cell follows from their
number and the moments of their deviations: without error if φ is a polynomial of degree two there,
and else up to a remainder that the second derivative itself bounds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from losses.arrays import Array
from losses.cost import blocks
from losses.descent.surfaces.cells import ROWS, Cells, Periodic, Searched, moments, reach
from losses.descent.surfaces.local import polynomial
from losses.descent.surfaces.points import EPS, Points, Rates, Sums, rounding
from losses.descent.surfaces.rows import lowest_mean
from losses.descent.surfaces.shape import Shape

DEGREE = 6  # of the polynomials
INSIDE = 0.998  # of the way from the middle of a cell to its end, which may be a kink
SAME = 1e-12  # of a period; offsets that differ by less are one but for rounding
TOGETHER = 30  # slopes: their rows lie in about the same cells; the others are left out
MANY = 2_048  # places that fit between the kinks of one: with more, most cells would be empty
LARGEST = 16_384  # cells, as the kernel of 100 places then takes a hundred megabytes
BASE = 512.0  # what the number of rows counts in a sum of squares; Σt² of 2048 rows is no more
LITTLE = 8e-12  # relative: what that may round in a sum
SPARE = 512  # periods: so many beyond the nodes cost less than clipping every row does


@dataclass(frozen=True, eq=False)
class Kernel:
    """Coefficients `(places, cells)` of φ(b − c) by powers of the deviation of c from a center.

    `remainder` `(places, cells)` times Σ(c − middle)² bounds what they leave out; `rates` are the
    largest slope and bend of the loss, infinite where unknown, and `curved` the largest bend of the
    coefficients.
    """

    coefficients: list[Array]
    curved: float
    remainder: Array
    rates: Rates


def exact(points: Points, slopes: Array, places: Array) -> Sums | None:
    """Σφ and a bound of its rounding, `(places, slopes)`, of a loss in pieces of degree two.

    None for any other loss.
    """
    cells = between_kinks(points, slopes, places) if points.shape.kinks.size else None
    if cells is None:
        return None
    kernel = kernel_of(points, cells, slopes, places, lag=1)
    if kernel.remainder.any():
        return None
    rounded = EPS * BASE * BASE * cells.width**2 * kernel.curved
    together = (
        len(kernel.coefficients) == 3 and points.weight is None and isinstance(cells, Periodic)
    )
    base = BASE if together and rounded <= LITTLE * lowest_mean(points, slopes, places) else 0.0
    return summed(points, cells, kernel, slopes, places, base)


def summed(
    points: Points, cells: Cells, kernel: Kernel, slopes: Array, places: Array, base: float = 0.0
) -> Sums:
    """Σφ and a bound of its error, both `(places, slopes)`; a `base` is that of the moments."""
    total, left_out = np.zeros((2, len(places), len(slopes)))
    count, added = np.zeros((2, len(slopes)))
    scaled = (points.resting - cells.base) / cells.width, points.moving / cells.width, points.weight
    for some in blocks(len(slopes), TOGETHER):
        table = moments(cells, scaled, slopes[some], len(kernel.coefficients) - 1, base)
        used = np.flatnonzero(table[0].any(axis=0))
        span = slice(used[0], used[-1] + 1)
        for coefficient, moment in zip(kernel.coefficients, table, strict=True):
            total[:, some] += coefficient[:, span] @ moment[:, span].T
        if kernel.remainder.any():
            square = _about_the_middle(cells, table)[:, span]
            left_out[:, some] = kernel.remainder[:, span] @ square.T
        count[some] = np.abs(table[0]).sum(axis=1)
        most = ROWS if points.weight is not None else table[0].max(axis=1)
        added[some] = np.minimum(most, min(ROWS, len(points)))
    size, extent = np.abs(total), cells.width * (cells.upper - cells.lower).max()
    if points.excess:  # negative weights: the sum of all sizes is more than the size of the sum
        size = size + points.excess * np.abs(kernel.coefficients[0]).max(axis=1, keepdims=True)
        count += points.excess
        left_out += points.excess * kernel.remainder.max(axis=1, keepdims=True) * extent**2 / 4
    most = extent, extent * extent + base * cells.width**2
    bound = left_out + _running(kernel, size, count, EPS / 2 * added, most)
    bound += EPS * (16 + cells.center.size) * size
    further = extent + np.abs(points.shape.kinks).max(initial=0.0)
    bound += rounding(points, size, slopes, np.abs(places) + further, kernel.rates)
    return total, bound


def _running(
    kernel: Kernel, size: Array, count: Array, off: Array, most: tuple[float, float]
) -> Array:
    """What running sums of deviations and of their squares, with the `most` of each, may be off.

    Each is off by ½ eps of itself with every row that a block adds to it; in a cell with an end,
    all that the rows deviate by is part of what they cost, elsewhere its width.
    """
    linear = most[0] * _steepest(kernel, size, count)
    bound: Array = off * (2 * size + count * (linear + most[1] * kernel.curved))
    return bound


def _steepest(kernel: Kernel, total: Array, count: Array) -> Array:
    """A bound of the mean slope."""
    mean = np.sqrt(2 * kernel.rates.bend * np.abs(total) / np.maximum(count, 1))
    return np.fmin(np.full_like(total, kernel.rates.slope), mean)


def _about_the_middle(cells: Cells, table: Array) -> Array:
    """Σ(c − middle)² of each slope and cell."""
    shift = cells.center - 0.5 * (cells.lower + cells.upper)
    return cells.width**2 * (table[2] + 2 * shift * table[1] + shift * shift * table[0])


def kernel_of(points: Points, cells: Cells, slopes: Array, places: Array, lag: int = 0) -> Kernel:
    """The loss and its derivatives in the middles of the cells, taken to their centers.

    A `lag` says that so many periods of the cells lie between two places.
    """
    count = (len(places), cells.center.size)
    coefficients: list[Array] = [np.zeros(count) for _ in range(DEGREE + 1)]
    remainder = np.zeros(count)
    far = reach(points.resting, points.moving, slopes)
    ends = np.array([places[0] - far[1].max(), places[-1] - far[0].min()])
    steepest, bend = (np.abs(rate(ends)).max() for rate in (points.shape.slope, points.shape.bend))
    curved, degree = 0.0, 0
    lag = lag if isinstance(cells, Periodic) else 0
    for some in cells.alike if isinstance(cells, Periodic) and lag else [slice(None)]:
        parts, missed = _in_cells(points.shape, cells, some, places, lag)
        steepest = max(steepest, np.abs(parts[1]).max())
        curved = max(curved, 2 * np.abs(parts[2]).max() if len(parts) > 2 else 0.0)
        degree = max(degree, len(parts) - 1)
        for whole, part in zip(coefficients, _centered(parts, cells, some), strict=False):
            whole[:, some] = _spread(part, whole[:, some].shape, lag)
        remainder[:, some] = _spread(missed, remainder[:, some].shape, lag)
    rates = Rates(float(steepest), float(max(curved, bend)) if points.shape.bent else np.inf)
    return Kernel(coefficients[: degree + 1], curved, remainder, rates)


def _in_cells(
    shape: Shape, cells: Cells, some: slice, places: Array, lag: int
) -> tuple[list[Array], Array]:
    """The loss in the middles of some cells, or at all distances to them that occur."""
    lower, upper = cells.lower[some], cells.upper[some]
    middle, half = 0.5 * (lower + upper), 0.5 * (upper - lower)
    if lag:
        lags = np.arange(1 - middle.size, lag * (len(places) - 1) + 1)
        at = places[0] - cells.base - cells.width * (middle[0] - lags)
        half = half[:1]
    else:
        at = np.subtract.outer(places, cells.base + cells.width * middle)
    return polynomial(shape, at, INSIDE * cells.width * half)


def _centered(parts: list[Array], cells: Cells, some: slice) -> list[Array]:
    """The coefficients for deviations from the centers of cells, in units of their width."""
    shift = (cells.center - 0.5 * (cells.lower + cells.upper))[some]
    shift = shift if parts[0].ndim > 1 else shift[:1]
    parts = [part * (-cells.width) ** power for power, part in enumerate(parts)]
    for lowest in range(len(parts) - 1 if np.any(shift) else 0):  # Horner's rule, again and again
        for power in range(len(parts) - 2, lowest - 1, -1):
            parts[power] = parts[power] + shift * parts[power + 1]
    return parts


def _spread(values: Array, shape: tuple[int, ...], lag: int) -> Array:
    """Values at all distances that occur, as `(places, cells)`."""
    return sliding_window_view(values, shape[1])[::lag, ::-1] if lag else values


def between_kinks(
    points: Points, slopes: Array, places: Array, parts: int = 1, spare: float = SPARE
) -> Cells | None:
    """Cells that no kink of any place divides: between two places of a uniform grid, `parts`.

    They reach as far as the rows, but no more than `spare` cells beyond the kinks. Without a kink,
    and with places that are not uniform, or too far from the rows, None.
    """
    kinks, step = points.shape.kinks, uniform(places)
    lowest, highest = places[0] - kinks.max(initial=0.0), places[-1] - kinks.min(initial=0.0)
    width = np.inf if step is None else step / parts
    between = np.ceil((highest - lowest) / width)
    if step is None or not between < MANY * parts:
        if not kinks.size or parts > 1:
            return None
        nodes = np.unique(places[:, None] - kinks)
        width = float(np.ptp(nodes)) or 1.0
        return Searched(0.0, width, nodes / width)
    phases = np.sort(np.mod((kinks.max(initial=0.0) - kinks) / width, 1.0))
    phases = phases[(phases > SAME) & (phases < 1 - SAME)]
    phases = phases[np.diff(phases, prepend=0.0) > SAME]
    low, high = reach(points.resting, points.moving, slopes)
    below = np.clip(np.ceil((lowest - low.min()) / width), 0, spare)
    above = np.clip(np.ceil((high.max() - highest) / width), 0, spare)
    periods = below + between + above + 2
    if periods * (1 + phases.size) > LARGEST:
        return None
    base = lowest - (below + 1.5) * width
    return Periodic(float(base), width, (0.0, *phases.tolist()), int(periods))


def uniform(places: Array) -> float | None:
    """The distance between places if it is the same up to rounding, else None."""
    if places.size == 1:
        return None
    step = (places[-1] - places[0]) / (places.size - 1)
    even = places[0] + step * np.arange(places.size)
    same = np.abs(places - even).max() <= 4 * EPS * np.abs(places).max()
    return float(step) if same and np.isfinite(step) else None
