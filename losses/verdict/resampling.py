"""How sure a difference of costs is: the paired bootstrap, over rows or over whole groups."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.verdict.deciding import Judged, judged
from losses.verdict.ranking import TIED
from losses.verdict.scoring import BEYOND

Interval = Literal["percentile", "bca"]
CELLS = 1 << 18  # counts of one block of resamples, unless one resample has more: 2 MB
NORMAL = NormalDist()


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """The first model's cost minus the second's, and how it varies over resamples of the rows.

    Below 0 the first is cheaper. The interval from `low` to `high` covers the true difference in
    about a share `level` of all samples; `probability` is the share of the `resamples` in which the
    first is cheaper, ties counted half. `groups` is the number of groups, None if rows were drawn.
    """

    difference: float
    low: float
    high: float
    probability: float
    differences: Array
    resamples: int
    groups: int | None
    level: float
    interval: Interval


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """Every model against the winner, over the same resamples; arrays `(models,)`.

    The difference is a model's cost minus the winner's, with its interval from `low` to `high`;
    `differences` `(models, resamples)`. `cheapest` is the share of the resamples in which a model
    costs the least; those that tie share one equally. The winner is the first of the cheapest.
    """

    models: tuple[str, ...]
    winner: int
    difference: Array
    low: Array
    high: Array
    cheapest: Array
    differences: Array
    resamples: int
    groups: int | None
    level: float
    interval: Interval


def bootstrap(
    target: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    loss: Loss,
    *,
    resamples: int = 2000,
    seed: int = 0,
    weight: ArrayLike | None = None,
    group: ArrayLike | None = None,
    level: float = 0.95,
    interval: Interval = "percentile",
) -> Bootstrap:
    """The paired bootstrap of the difference of two costs; predictions are after the link.

    Each resample draws as many rows as count, with replacement, the same ones for both models, so
    that what both find hard cancels. Drawn rows carry their weights: the difference is
    sum w (L1 − L2) / sum w over them. With a `group` for each row, whole groups are drawn, as many
    as there are. The interval is the one between two percentiles of the differences; "bca" shifts
    it for bias and skew [Efron 1987]. Of few or skewed rows, both are a little short.

    Raises ValueError for infinite losses, which have no mean to resample, for fewer than two rows
    or groups, and for what `decision` refuses.
    """
    tails = _tails(level, interval)
    seen = judged(target, {"first": first, "second": second}, loss, weight)
    drawn = _resampled(seen, ("first", "second"), loss, 1, group, resamples, seed)
    low, high = _ends(drawn, tails, interval)[:, 0]
    found, blur = drawn.differences[0], _blur(seen)
    cheaper = float(np.mean(found < -blur) + np.mean(np.abs(found) <= blur) / 2)
    shared = (resamples, drawn.groups, level, interval)
    return Bootstrap(float(drawn.difference[0]), float(low), float(high), cheaper, found, *shared)


def uncertainty(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    loss: Loss,
    *,
    resamples: int = 2000,
    seed: int = 0,
    weight: ArrayLike | None = None,
    group: ArrayLike | None = None,
    level: float = 0.95,
    interval: Interval = "percentile",
) -> Uncertainty:
    """Every model against the winner, over resamples that all share; arguments as `bootstrap`."""
    tails, names = _tails(level, interval), tuple(predictions)
    seen = judged(target, predictions, loss, weight)
    winner = int(np.argmin(seen.cost))
    drawn = _resampled(seen, names, loss, winner, group, resamples, seed, every=True)
    low, high = _ends(drawn, tails, interval)
    least = drawn.differences <= drawn.differences.min(axis=0) + _blur(seen)
    cheapest = np.mean(least / least.sum(axis=0), axis=1)
    shared = (drawn.differences, resamples, drawn.groups, level, interval)
    return Uncertainty(names, winner, drawn.difference, low, high, cheapest, *shared)


class _Drawn(NamedTuple):
    """Differences `(models,)` and `(models, resamples)`, and the sums `(units, …)` behind them."""

    difference: Array
    differences: Array
    gap: Array
    weight: Array
    groups: int | None


@BEYOND
def _resampled(
    seen: Judged,
    names: tuple[str, ...],
    loss: Loss,
    against: int,
    group: ArrayLike | None,
    resamples: int,
    seed: int,
    every: bool = False,
) -> _Drawn:
    """The models' differences to one of them: of all, or of all others."""
    _refuse_infinite(seen, names, loss)
    if resamples < 1:
        raise ValueError(f"{resamples} resamples: at least one is needed")
    others = [model for model in range(len(names)) if every or model != against]
    weight: Array = seen.weight
    gap: Array = ((seen.value[others] - seen.value[against]) * weight).T
    if not np.isfinite(np.abs(gap).sum()):
        raise ValueError(f"{loss}: the losses are too large to add up")
    groups = None
    if group is not None:
        unit = _units(group, seen)
        groups = int(unit.max()) + 1
        weight = np.bincount(unit, weight).astype(float)
        gap = np.stack([np.bincount(unit, column) for column in gap.T], axis=1)
    if len(gap) < 2:
        raise ValueError(f"one {'row' if groups is None else 'group'} cannot be resampled")
    columns = np.column_stack([gap, weight])
    sums = np.concatenate([counts @ columns for counts in _counts(len(gap), resamples, seed)])
    found = (sums[:, :-1] / sums[:, -1:]).T
    return _Drawn(gap.sum(axis=0) / weight.sum(), found, gap, weight, groups)


def _counts(units: int, resamples: int, seed: int) -> Iterator[Array]:
    """How often each unit is drawn `(…, units)`, in blocks that do not change what is drawn."""
    generator, size = np.random.default_rng(seed), max(1, CELLS // units)
    for start in range(0, resamples, size):
        block = min(size, resamples - start)
        drawn = generator.integers(0, units, (block, units))
        drawn += units * np.arange(block)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=block * units)
        yield counts.reshape(block, units).astype(float)


def _units(group: ArrayLike, seen: Judged) -> Indices:
    """The number of each row's group, in the order in which they first appear."""
    labels = np.asarray(group)
    if labels.shape != (seen.total,):
        raise ValueError(f"group needs {seen.total} labels, found an array of shape {labels.shape}")
    labels = labels[seen.rows]
    unknown = [label is None or label != label for label in labels.tolist()]
    if any(unknown):
        raise ValueError(f"row {seen.rows[unknown.index(True)] + 1} has no group")
    _, place, unit = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(place))[unit]


def _tails(level: float, interval: Interval) -> Array:
    """The shares of the resamples below the ends of an interval, if there is such a one."""
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1")
    if interval not in get_args(Interval):
        raise ValueError(f"interval {interval!r} is none of {', '.join(get_args(Interval))}")
    return np.array([(1 - level) / 2, (1 + level) / 2])


def _ends(drawn: _Drawn, tails: Array, interval: Interval) -> Array:
    """The ends of the intervals `(2, models)`."""
    if interval == "percentile":
        return np.quantile(drawn.differences, tails, axis=1)
    each = zip(drawn.differences, _corrected(drawn, tails), strict=True)
    return np.array([np.quantile(found, share) for found, share in each]).T


def _corrected(drawn: _Drawn, tails: Array) -> Array:
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


def _blur(seen: Judged) -> float:
    """Differences up to this are ties: rounding makes them."""
    return TIED * float(np.abs(seen.cost).max())


def _refuse_infinite(seen: Judged, names: tuple[str, ...], loss: Loss) -> None:
    for name, value in zip(names, seen.value, strict=True):
        if (places := np.flatnonzero(np.isinf(value))).size:
            raise ValueError(
                f"{name}: {places.size} of {len(value)} losses are infinite under {loss}, the "
                f"first in row {seen.rows[places[0]] + 1}; only finite ones can be resampled"
            )
