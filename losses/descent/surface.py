"""The objective over a plane of weights, without a visit of every row at every place of it."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from losses.arrays import Array
from losses.descent.models import Linear
from losses.descent.objective import Objective
from losses.descent.surfaces.chebyshev import compressed
from losses.descent.surfaces.closed import squared
from losses.descent.surfaces.gathered import gathered
from losses.descent.surfaces.ordered import ordered
from losses.descent.surfaces.points import Points, Scores, Sums, constant
from losses.descent.surfaces.scaled import scaled
from losses.descent.surfaces.shape import Shape
from losses.descent.surfaces.smooth import fine
from losses.descent.surfaces.taylor import exact
from losses.regression import SquaredError

CERTAIN = 2e-11  # relative: places whose bound is larger are added up row by row
# Visits of a row at a place that the plain sum makes in the time that a short cut takes at least:
# 30 µs a slope where a loss is a polynomial between its kinks, 15 ms and more where it is not.
QUICK, QUICK_SMOOTH = 1e6, 3e6
FEW = 3  # places: the plain sum of so few takes less than the cells


class Valued(Protocol):
    """Any function of flat weights."""

    def values(self, W: Array) -> Array: ...


class Spanned(Protocol):
    """The weights origin + a · first + b · second, each `(size,)`."""

    @property
    def origin(self) -> Array: ...

    @property
    def first(self) -> Array: ...

    @property
    def second(self) -> Array: ...


@dataclass(frozen=True, eq=False)
class Axes:
    """The plane of two of the weights, through the others of a point."""

    origin: Array
    first: Array
    second: Array


def surface(
    objective: Valued,
    first: Array,
    second: Array,
    *,
    through: Array | None = None,
    axes: tuple[int, int] = (0, 1),
    plane: Spanned | None = None,
) -> Array:
    """The objective `(len(second), len(first))` over two weights, or over any plane of weights.

    Without a `plane`, the weights other than the two are `through`'s. Most losses of a linear model
    are added up by short cuts, each with a bound of its error; wherever that exceeds `CERTAIN`, the
    rows are added up one by one.
    """
    first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    spanned = plane if plane is not None else _axes(objective, through, axes)
    total = np.full((second.size, first.size), np.nan)
    with np.errstate(all="ignore"):
        found = _shortened(objective, spanned, first, second)
        if found is not None:
            sums, bound = found
            total[...] = sums
    doubtful = ~np.isfinite(total) if found is None else ~(bound <= CERTAIN * np.abs(total))
    rows, columns = np.nonzero(doubtful)
    if rows.size:
        W = spanned.origin + np.multiply.outer(first[columns], spanned.first)
        W += np.multiply.outer(second[rows], spanned.second)
        total[rows, columns] = objective.values(W)
    return total


def _axes(objective: Valued, through: Array | None, axes: tuple[int, int]) -> Axes:
    size = objective.model.size if isinstance(objective, Objective) else _size(objective, axes)
    origin = np.zeros(size) if through is None else np.array(through, dtype=float)
    unit = np.zeros((2, origin.size))
    unit[0, axes[0]] = unit[1, axes[1]] = 1.0
    origin[list(axes)] = 0.0
    return Axes(origin, *unit)


def _size(objective: Valued, axes: tuple[int, int]) -> int:
    """How many weights it takes; without a word of its own, as few as there are axes."""
    return int(getattr(objective, "size", max(axes) + 1))


def _shortened(objective: Valued, plane: Spanned, first: Array, second: Array) -> Sums | None:
    """The objective and a bound of its error by a short cut; None if there is none."""
    if not isinstance(objective, Objective) or not isinstance(objective.model, Linear):
        return None
    if not objective.loss.trainable:  # a value that jumps forgives no rounding
        return None
    (a, columns), (b, rows) = (np.unique(x, return_inverse=True) for x in (first, second))
    sums = _summed(_scores(objective, plane), a, b)
    if sums is None:
        return None
    total, bound = (part[np.ix_(rows, columns)] / len(objective.target) for part in sums)
    return total + penalties(objective, plane, first, second), bound


def _scores(objective: Objective, plane: Spanned) -> Scores:
    """The scores of the rows on the plane."""
    X, y = objective.data.features, objective.target
    spans = (plane.origin, plane.first, plane.second)
    offset, first, second = (_score(X, np.asarray(w, dtype=float)) for w in spans)
    size = np.abs(y)
    if np.any(plane.origin):
        size = size + _score(np.abs(X), np.abs(plane.origin))
    return Scores(objective.loss, y, offset, first, second, size)


def _score(X: Array, w: Array) -> Array:
    used = np.flatnonzero(w[:-1])
    if used.size != 1:
        return np.full(len(X), w[-1]) + X[:, used] @ w[used]
    score: Array = X[:, used[0]] * w[used[0]]
    return score + w[-1] if w[-1] else score


def _summed(rows: Scores, first: Array, second: Array) -> Sums | None:
    """Σφ over all rows `(second, first)` and a bound of its error."""
    if isinstance(rows.loss, SquaredError):
        return squared(rows, first, second)
    visits = len(rows.target) * first.size * second.size
    if visits < (QUICK if rows.loss.kinks() else QUICK_SMOOTH):
        return None
    total, bound = np.zeros((2, second.size, first.size))
    found = None
    for shape, part in rows.parts():
        if constant(part.second):
            found = _along(shape, part, first, second)
        elif constant(part.first):
            turned = _along(shape, part.turned(), second, first)
            found = turned and (turned[0].T, turned[1].T)
        else:
            found = scaled(shape, part, first, second)
        if found is None:
            return None
        total += found[0]
        bound += found[1]
    return None if found is None else (total, bound)


def _along(shape: Shape, rows: Scores, slopes: Array, places: Array) -> Sums | None:
    """Where the second coordinate moves all scores alike."""
    points = Points(shape, -rows.offset, rows.first, rows.size)
    places, back = np.unique(rows.second[0] * places, return_inverse=True)
    if places.size < FEW:
        return None
    sums = None
    if constant(points.resting):
        sums = (ordered if shape.kinks.size else compressed)(points, slopes, places)
    for way in (exact, gathered, fine):
        sums = sums or way(points, slopes, places)
    return sums and (sums[0][back], sums[1][back])


def penalties(objective: Objective, plane: Spanned, first: Array, second: Array) -> Array:
    """The penalty at each place of the plane, `(second, first)`."""
    penalty = objective.penalty
    if penalty is None:
        return np.zeros((second.size, first.size))
    kept, along, across = (
        np.asarray(w, dtype=float)[:-1] for w in (plane.origin, plane.first, plane.second)
    )
    W = kept + np.multiply.outer(first, along)
    # where only the bias changes with the second coordinate, which is free, one row says it all
    changes = np.multiply.outer(second if across.any() else second[:1], across)
    grid: Array = penalty.value(W + changes[:, None])
    return np.broadcast_to(grid, (second.size, first.size))
