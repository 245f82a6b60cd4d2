"""The best constant for a loss: what a model must beat."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.cost import blocks
from losses.verdict.roots import root
from losses.verdict.scoring import BEYOND, floats, mean_loss

HALVINGS = 64  # of the bracket around the best constant: to its last digit
FARTHEST = 800.0  # a logit at which every probability is 0 or 1 to the last digit
Pair = tuple[float, float]
KNOTS, VALLEYS = 512, 4  # where a cost may have many: so many targets tried, so many searched
FEW = 4_096  # values that are searched one by one; of more, groups say where to look


class Spread(NamedTuple):
    """The different targets in order, and how much each of them weighs."""

    values: Array
    weight: Array

    @classmethod
    def of(cls, target: Array, weight: Array | None) -> "Spread":
        if weight is None:
            values, times = np.unique(target, return_counts=True)
            return cls(values, times.astype(float))
        values, place = np.unique(target, return_inverse=True)
        return cls(values, np.bincount(place, weight).astype(float))

    def grouped(self, groups: int) -> "Spread":
        """Neighbors together, as many in each group, at their mean."""
        first = np.unique(np.linspace(0, len(self.values), groups + 1)[:-1].astype(int))
        weight = np.add.reduceat(self.weight, first)
        return Spread(np.add.reduceat(self.values * self.weight, first) / weight, weight)

    def slope(self, loss: Loss, constant: float) -> float:
        """The derivative of the summed loss in a constant."""
        total = 0.0
        for rows in blocks(len(self.values)):
            y = loss.encode(self.values[rows])
            total += float(loss.gradient(y, np.full_like(y, constant)) @ self.weight[rows])
        return total

    def cost(self, loss: Loss, constant: float) -> float:
        """The mean loss of a constant."""
        score = np.broadcast_to(constant, self.values.shape)
        return mean_loss(loss, self.values, score, self.weight)


@BEYOND
def best_constants(
    losses: Sequence[Loss], target: ArrayLike, weight: ArrayLike | None = None
) -> Array:
    """The best constant for each loss and its cost, `(2, losses)`; see `best_constant`."""
    spread = Spread.of(floats(target), None if weight is None else floats(weight))
    found = [_best(loss, spread) for loss in losses]
    return np.array(found).reshape(-1, 2).T


def best_constant(loss: Loss, target: ArrayLike, weight: ArrayLike | None = None) -> Pair:
    """The one prediction that costs the least when every row gets it, and its cost.

    The slope of the cost in a constant changes its sign once in each valley: convex losses have
    one, and so has all of a probability, being convex in p; nan for families of neither.
    """
    constant, cost = best_constants([loss], target, weight)[:, 0].tolist()
    return constant, cost


def _best(loss: Loss, spread: Spread) -> Pair:
    if loss.family not in ("binary", "residual"):
        return np.nan, np.nan
    few = spread if len(spread.values) <= FEW else spread.grouped(FEW)
    brackets = [(float(few.values[0]), float(few.values[-1]))]
    if loss.family == "binary":
        brackets = [(-FARTHEST, FARTHEST)]
    elif not loss.convex:
        brackets = _valleys(loss, few)
    found = sorted(_bottom(loss, few, *ends) for ends in brackets)
    if few is not spread:
        found = sorted(_settled(loss, few, spread, score) for _, score in found[:VALLEYS])
    least, score = found[0]
    return float(loss.link.prediction(np.array(score))), least


def _bottom(loss: Loss, spread: Spread, low: float, high: float) -> Pair:
    """The cost and the place of the valley between two constants, by halving."""
    for _ in range(HALVINGS if low < high else 0):
        middle = low / 2 + high / 2
        slope = spread.slope(loss, middle)
        low, high = (middle, high) if slope < 0 else (low, middle)
    return min((spread.cost(loss, end), end) for end in (low, high))


def _settled(loss: Loss, few: Spread, spread: Spread, start: float) -> Pair:
    """The bottom of a valley on all values, near to where the groups have theirs."""
    low, high = float(spread.values[0]), float(spread.values[-1])
    width = (high - low) / len(few.values)
    bend = abs(few.slope(loss, start + width) - few.slope(loss, start - width)) / (2 * width)
    here = spread.slope(loss, start)
    step = -2 * here / bend if bend > 0 else -np.sign(here) * width
    there = start
    for _ in range(HALVINGS):  # until the slope has changed its sign
        if not here or not step:
            break
        there = min(max(start + step, low), high)
        if (spread.slope(loss, there) > 0) != (here > 0) or there in (low, high):
            break
        step *= 2
    place = start if there == start else root(lambda c: spread.slope(loss, c), start, there)
    return min((spread.cost(loss, end), end) for end in (place, start))


def _valleys(loss: Loss, spread: Spread) -> list[Pair]:
    """The deepest valleys of a sum over residuals, each as its bracket and the lowest point tried.

    Tried are the targets, of many their quantiles, and places between; all that lie beyond cost
    more, for a residual costs less the smaller it is.
    """
    values, weight = spread
    first = np.unique(np.linspace(0, len(values), KNOTS + 1)[:-1].astype(int))
    y = values[(first + np.append(first[1:], len(values))) // 2]  # the middle one of each group
    between = np.interp(np.linspace(0, len(y) - 1, 8 * KNOTS), np.arange(len(y)), y)
    tried = np.unique(np.concatenate([y, between]))
    cost = loss.value(y, tried[:, None]) @ np.add.reduceat(weight, first)
    padded = np.pad(cost, 1, constant_values=np.inf)
    lowest = np.flatnonzero((cost <= padded[:-2]) & (cost <= padded[2:]))
    deepest = lowest[np.argsort(cost[lowest], kind="stable")[:VALLEYS]]
    reach = 1 if len(y) == len(values) else 9  # quantiles know a valley's place to a quantile
    ends = [tried[np.clip(deepest + step, 0, len(tried) - 1)] for step in (-reach, 0, reach)]
    return [*zip(ends[0], ends[2], strict=True), *zip(ends[1], ends[1], strict=True)]
