"""The rows as points on a plane of weights: what moves their scores, and by how much."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.descent.surfaces.shape import Shape
from losses.families import BinaryLoss, MarginLoss, ResidualLoss

EPS = float(np.finfo(float).eps)
Sums = tuple[Array, Array]  # over the rows, and bounds of their errors
CLASSES = 2  # that a margin or a logit knows


class Rates(NamedTuple):
    """The largest slope and bend of a loss, and ratio of slope and value; infinite if unknown."""

    slope: float
    bend: float
    ratio: float = math.inf


@dataclass(frozen=True, eq=False)
class Scores:
    """Row i scores offset_i + a first_i + b second_i at the place (a, b) of the plane.

    `size` bounds what the offset and the target are sums of, so that rounding can be bounded.
    """

    loss: Loss
    target: Array
    offset: Array
    first: Array
    second: Array
    size: Array

    def turned(self) -> "Scores":
        """The same with the two coordinates exchanged."""
        return replace(self, first=self.second, second=self.first)

    def parts(self) -> Iterator[tuple[Shape, "Scores"]]:
        """The rows that share one function of the score; residuals share theirs with all."""
        if isinstance(self.loss, ResidualLoss):
            yield Shape(self.loss, 0.0), replace(self, offset=self.offset - self.target)
        elif isinstance(self.loss, MarginLoss | BinaryLoss):
            classes = np.unique(self.target)
            for target in classes if classes.size <= CLASSES else ():
                yield Shape(self.loss, float(target)), self.only(self.target == target)

    def only(self, rows: NDArray[np.bool_]) -> "Scores":
        """Some of the rows."""
        columns = ("target", "offset", "first", "second", "size")
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


@dataclass(frozen=True, eq=False)
class Points:
    """Arguments r = place + a moving_i − resting_i of one shape, at the places of a line.

    Each counts `weight` times, which may be negative; `size` `(n,)` bounds what its resting part is
    a sum of.
    """

    shape: Shape
    resting: Array
    moving: Array
    size: Array
    weight: Array | None = None

    def __len__(self) -> int:
        return len(self.resting)

    @property
    def excess(self) -> float:
        """By how much the sizes of the weights add up to more than the weights."""
        return 0.0 if self.weight is None else -2.0 * float(self.weight.clip(max=0.0).sum())


def constant(numbers: Array) -> bool:
    """Whether all are equal."""
    return bool(numbers.min() == numbers.max())


def rounding(points: Points, total: Array, slopes: Array, reach: Array, rates: Rates) -> Array:
    """What rounding the arguments may change in a sum `(places, slopes)`.

    An argument of size m is off by a few eps m, which the slope multiplies. With the largest slope
    K, bend L and ratio ρ of slope and value, Σ|φ'| m is at most K Σm, at most ρ Σφ max m, and, as
    φ ≥ 0 has φ'² ≤ 2 L φ, at most √(2 L Σφ Σm²). `reach` `(places,)` is added to every m.
    """
    weight = np.ones(1) if points.weight is None else np.abs(points.weight)
    size, moving = points.size, np.abs(points.moving)
    count = len(points) if points.weight is None else weight.sum()
    most = (size * weight).sum() + np.abs(slopes) * (moving * weight).sum()
    square = (size * size * weight).sum() + slopes * slopes * (moving * moving * weight).sum()
    linear = most + count * reach[:, None]
    quadratic = 3 * (square + count * (reach * reach)[:, None])
    largest = size.max() + np.abs(slopes) * moving.max() + reach[:, None]
    # from |S − T| ≤ c √S for the true sum S follows |S − T| ≤ c √T + c² for the one that is known
    root = 8 * EPS * np.sqrt(2 * rates.bend * quadratic)
    known = [
        8 * EPS * rates.slope * linear,
        root * np.sqrt(np.abs(total)) + root * root,
        8 * EPS * rates.ratio * np.abs(total) * largest,
    ]
    return np.fmin.reduce(known)  # a rate that is unknown is infinite
