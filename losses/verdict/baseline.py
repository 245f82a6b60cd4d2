"""The best constant for a loss: what a model must beat."""

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.verdict.scoring import BEYOND, floats, mean_loss

HALVINGS = 64  # of the bracket around the best constant: to its last digit
FARTHEST = 800.0  # a logit at which every probability is 0 or 1 to the last digit
Pair = tuple[float, float]
KNOTS, VALLEYS = 512, 4  # where a cost may have many: so many targets tried, so many searched


@BEYOND
def best_constant(loss: Loss, target: ArrayLike, weight: ArrayLike | None = None) -> Pair:
    """The one prediction that costs the least when every row gets it, and its cost.

    The slope of the cost in a constant changes its sign once in each valley: convex losses have
    one, and so has all of a probability, being convex in p; nan for families of neither.
    """
    if loss.family not in ("binary", "residual"):
        return np.nan, np.nan
    values, place = np.unique(floats(target), return_inverse=True)
    count = np.bincount(place, None if weight is None else floats(weight)).astype(float)
    brackets = [(float(values[0]), float(values[-1]))]
    if loss.family == "binary":
        brackets = [(-FARTHEST, FARTHEST)]
    elif not loss.convex:
        brackets = _valleys(loss, values, count)
    least, score = min(_bottom(loss, values, count, *ends) for ends in brackets)
    return float(loss.link.prediction(np.array(score))), least


def _bottom(loss: Loss, values: Array, count: Array, low: float, high: float) -> Pair:
    """The cost and the place of the valley between two constants, by halving."""
    for _ in range(HALVINGS if low < high else 0):
        middle = low / 2 + high / 2
        slope = loss.gradient(loss.encode(values), np.full_like(values, middle)) @ count
        low, high = (middle, high) if slope < 0 else (low, middle)
    return min(
        (mean_loss(loss, values, np.full_like(values, end), count), end) for end in (low, high)
    )


def _valleys(loss: Loss, values: Array, count: Array) -> list[Pair]:
    """The deepest valleys of a sum over residuals, each as its bracket and the lowest point tried.

    Tried are the targets, of many their quantiles, and places between; all that lie beyond cost
    more, for a residual costs less the smaller it is.
    """
    first = np.unique(np.linspace(0, len(values), KNOTS + 1)[:-1].astype(int))
    y = values[(first + np.append(first[1:], len(values))) // 2]  # the middle one of each group
    between = np.interp(np.linspace(0, len(y) - 1, 8 * KNOTS), np.arange(len(y)), y)
    tried = np.unique(np.concatenate([y, between]))
    cost = loss.value(y, tried[:, None]) @ np.add.reduceat(count, first)
    padded = np.pad(cost, 1, constant_values=np.inf)
    lowest = np.flatnonzero((cost <= padded[:-2]) & (cost <= padded[2:]))
    deepest = lowest[np.argsort(cost[lowest], kind="stable")[:VALLEYS]]
    reach = 1 if len(y) == len(values) else 9  # quantiles know a valley's place to a quantile
    ends = [tried[np.clip(deepest + step, 0, len(tried) - 1)] for step in (-reach, 0, reach)]
    return [*zip(ends[0], ends[2], strict=True), *zip(ends[1], ends[1], strict=True)]
