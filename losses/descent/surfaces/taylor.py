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
from losses.descent.surfaces.points import EPS, Points, Rates, Sums, rounding
from losses.descent.surfaces.shape import Shape

INSIDE = 0.998  # of the way from the middle of a cell to its end, which may be a kink
SAME = 1e-12  # of a period; offsets that differ by less are one but for rounding
TOGETHER = 30  # slopes: their rows lie in about the same cells; the others are left out
MANY = 2_048  # places that fit between the kinks of one: with more, most cells would be empty
LARGEST = 16_384  # cells, as the kernel of 100 places then takes a hundred megabytes
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
    kernel = kernel_of(points, cells, slopes, places)
    if kernel.remainder.any():
        return None
    return summed(points, cells, kernel, slopes, places)


def summed(points: Points, cells: Cells, kernel: Kernel, slopes: Array, places: Array) -> Sums:
    """Σφ and a bound of its error, both `(places, slopes)`."""
    total, left_out = np.zeros((2, len(places), len(slopes)))
    count, added = np.zeros((2, len(slopes)))
    inexact = kernel.remainder.any()
    scaled = (points.resting - cells.base) / cells.width, points.moving / cells.width, points.weight
    for some in blocks(len(slopes), TOGETHER):
        table = moments(cells, scaled, slopes[some], len(kernel.coefficients) - 1)
        used = np.flatnonzero(table[0].any(axis=0))
        span = slice(used[0], used[-1] + 1)
        for coefficient, moment in zip(kernel.coefficients, table, strict=True):
            total[:, some] += coefficient[:, span] @ moment[:, span].T
        if inexact:
            square = _about_the_middle(cells, table)
            left_out[:, some] = kernel.remainder[:, span] @ square[:, span].T
        count[some] = np.abs(table[0]).sum(axis=1)
        most = ROWS if points.weight is not None else table[0].max(axis=1)
        added[some] = np.minimum(most, min(ROWS, len(points)))
    extent = cells.width * (cells.upper - cells.lower).max()
    size = np.abs(total)
    if points.excess:  # negative weights: the sum of all sizes is more than the size of the sum
        size += points.excess * np.abs(kernel.coefficients[0]).max(axis=1, keepdims=True)
        count += points.excess
        highest = kernel.remainder.max(axis=1, keepdims=True)
        left_out += points.excess * highest * extent * extent / 4
    bound = left_out + EPS * (16 + cells.center.size) * size
    # a sum of deviations is off by ½ eps of itself with every row that a block adds to it; in a
    # cell with an end, all that the rows deviate by is part of what they cost, elsewhere its width
    running = EPS / 2 * added
    bound += 2 * running * size + running * extent * count * _steepest(kernel, size, count)
    bound += running * extent * extent * count * kernel.curved
    further = extent + np.abs(points.shape.kinks).max(initial=0.0)
    bound += rounding(points, size, slopes, np.abs(places) + further, kernel.rates)
    return total, bound


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

    A `lag` says that so many cells lie between two places, all of them alike: then few distances
    occur.
    """
    shape, count = points.shape, cells.center.size
    middle, half = 0.5 * (cells.lower + cells.upper), 0.5 * (cells.upper - cells.lower)
    shift = cells.center - middle
    if lag:
        lags = np.arange(1 - count, lag * (len(places) - 1) + 1)
        at = places[0] - cells.base - cells.width * (middle[0] - lags)
        half = half[:1]
    else:
        at = np.subtract.outer(places, cells.base + cells.width * middle)
    away = INSIDE * cells.width * half
    parts, remainder = polynomial(shape, at, away)
    ends = reach(points.resting, points.moving, slopes)
    rates = _rates(shape, parts, places[[0, -1]], ends)
    curved = 2 * float(np.abs(parts[2]).max()) if len(parts) > 2 else 0.0
    parts = [part * (-cells.width) ** power for power, part in enumerate(parts)]
    for lowest in range(len(parts) - 1 if np.any(shift) else 0):  # Horner's rule, again and again
        for power in range(len(parts) - 2, lowest - 1, -1):
            parts[power] = parts[power] + shift * parts[power + 1]
    if lag:
        parts = [sliding_window_view(part, count)[::lag, ::-1] for part in parts]
        remainder = sliding_window_view(remainder, count)[::lag, ::-1]
    return Kernel(parts, curved, remainder, rates)


def polynomial(shape: Shape, at: Array, away: Array) -> tuple[list[Array], Array]:
    """Coefficients of φ around some arguments, and what times a square bounds what is left out.

    φ'' is taken from a polynomial of degree four through five arguments. It is compared with φ''
    itself halfway between the outer ones, where it is off by nearly the most; twice that is taken
    for the most. All losses bend around zero, on a scale that a wide cell could overlook: so it is
    compared there, too, or as close to zero as the cell comes.
    """
    bend = shape.bend(at)
    inner, outer = ([shape.bend(at + share * away) for share in (-by, by)] for by in (0.5, 1.0))
    odd, even = zip(*(_halves(bend, pair) for pair in (inner, outer)), strict=True)
    third, fourth = 4 / 3 * (odd[1] - 2 * odd[0]), 4 / 3 * (even[1] - 4 * even[0])
    powers = [bend, odd[1] - third, even[1] - fourth, third, fourth]
    missed = np.zeros_like(bend)
    for share in (-0.75, 0.75, np.clip(-at / away, -1.0, 1.0)):
        taken = powers[4] * share
        for power in powers[3:0:-1]:
            taken = (taken + power) * share
        missed = np.maximum(missed, np.abs(shape.bend(at + share * away) - (taken + bend)))
    parts = [shape.value(at), shape.slope(at)]
    parts += [c / away**k / ((k + 1) * (k + 2)) for k, c in enumerate(powers)]
    needed = [k for k, c in enumerate(powers) if c.any()]
    last = 2 + needed[-1] if needed else 2 if missed.any() else 1
    return parts[: last + 1], missed


def _halves(middle: Array, ends: list[Array]) -> tuple[Array, Array]:
    """The odd and the even part of what a function differs by at both ends."""
    left, right = ends
    return 0.5 * (right - left), 0.5 * (right + left) - middle


def _rates(shape: Shape, parts: list[Array], places: Array, ends: tuple[Array, Array]) -> Rates:
    """The largest slope and bend, over the middles of the cells and the farthest arguments."""
    far = np.array([places[0] - ends[1].max(), places[1] - ends[0].min()])
    steepest = max(np.abs(parts[1]).max(), np.abs(shape.slope(far)).max())
    if not shape.bent:
        return Rates(float(steepest), np.inf)
    half = np.abs(parts[2]).max() if len(parts) > 2 else 0.0
    return Rates(float(steepest), float(max(2 * half, np.abs(shape.bend(far)).max())))


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
