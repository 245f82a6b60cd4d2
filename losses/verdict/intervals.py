"""Intervals from resampled differences: between percentiles, or these shifted for bias and skew."""

from statistics import NormalDist
from typing import Literal, NamedTuple, get_args

import numpy as np

from losses.arrays import Array

Interval = Literal["percentile", "bca"]
NORMAL = NormalDist()


class Drawn(NamedTuple):
    """Differences `(models,)` and `(models, resamples)`, and the sums `(units, …)` behind them."""

    difference: Array
    differences: Array
    gap: Array
    weight: Array
    groups: int | None


def tails(level: float, interval: Interval) -> Array:
    """The shares of the resamples below the ends of an interval, if there is such a one."""
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    if interval not in get_args(Interval):
        raise ValueError(f"interval {interval!r} is none of {', '.join(get_args(Interval))}")
    return np.array([(1 - level) / 2, (1 + level) / 2])


def ends(drawn: Drawn, tails: Array, interval: Interval) -> Array:
    """The ends of the intervals `(2, models)`."""
    if interval == "percentile":
        return np.quantile(drawn.differences, tails, axis=1)
    each = zip(drawn.differences, _corrected(drawn, tails), strict=True)
    return np.array([np.quantile(found, share) for found, share in each]).T


def _corrected(drawn: Drawn, tails: Array) -> Array:
    """The shares `(models, 2)` between which BCa takes its interval. [Efron 1987, (4.1), (6.6)]"""
    without = (drawn.gap.sum(axis=0) - drawn.gap) / (drawn.weight.sum() - drawn.weight)[:, None]
    lever = without.mean(axis=0) - without  # of each unit, by leaving it out
    spread = np.sum(lever**2, axis=0) ** 1.5
    skew = np.divide(np.sum(lever**3, axis=0), 6 * spread, where=spread > 0, out=0 * spread)
    found, center = drawn.differences, drawn.difference[:, None]
    below = ((found < center).mean(axis=1) + (found <= center).mean(axis=1)) / 2
    shares = np.tile(tails, (len(below), 1))
    for model, share in enumerate(below):
        if 0 < share < 1:
            bias = NORMAL.inv_cdf(share)
            for end, tail in enumerate(tails):
                z = bias + NORMAL.inv_cdf(tail)
                shares[model, end] = NORMAL.cdf(bias + z / (1 - skew[model] * z))
    return shares
