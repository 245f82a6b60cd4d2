"""How sure a difference of costs is: the paired bootstrap, over rows or over whole groups."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.verdict.deciding import Judged, judged
from losses.verdict.intervals import Drawn, Interval, ends, tails
from losses.verdict.ranking import TIED
from losses.verdict.scoring import BEYOND

CELLS = 1 << 18  # counts of one block of resamples, unless one resample has more: 2 MB


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
    Differences up to `blur` are ties.
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
    blur: float = 0.0

    def above(self, model: int) -> float:
        """The share of the resamples in which the winner is cheaper than a model, ties half."""
        found = self.differences[model]
        return float(np.mean(found > self.blur) + np.mean(np.abs(found) <= self.blur) / 2)


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
    shares = tails(level, interval)
    seen = judged(target, {"first": first, "second": second}, loss, weight)
    side = _side(seen, ("first", "second"), loss, 1, every=False)
    (drawn,) = _resampled([side], seen, group, resamples, seed)
    low, high = ends(drawn, shares, interval)[:, 0]
    found, blur = drawn.differences[0], _blur(seen)
    cheaper = float(np.mean(found < -blur) + np.mean(np.abs(found) <= blur) / 2)
    shared = (resamples, drawn.groups, level, interval)
    return Bootstrap(float(drawn.difference[0]), float(low), float(high), cheaper, found, *shared)


def uncertainty(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    loss: Loss,
    **asked: Any,
) -> Uncertainty:
    """Every model against the winner, over resamples that all share; arguments as `bootstrap`."""
    return uncertainties(target, [(loss, predictions)], **asked)[0]


def uncertainties(
    target: ArrayLike,
    judges: Sequence[tuple[Loss, Mapping[str, ArrayLike]]],
    *,
    resamples: int = 2000,
    seed: int = 0,
    weight: ArrayLike | None = None,
    group: ArrayLike | None = None,
    level: float = 0.95,
    interval: Interval = "percentile",
) -> tuple[Uncertainty, ...]:
    """Every model against the winner under each of several losses, each with the models it judges.

    All losses share the resamples, which are drawn once: each answer is that of `uncertainty`.
    """
    shares = tails(level, interval)
    seen = [judged(target, predictions, loss, weight) for loss, predictions in judges]
    winners = [int(np.argmin(one.cost)) for one in seen]
    sides = [
        _side(one, tuple(predictions), loss, winner, every=True)
        for one, (loss, predictions), winner in zip(seen, judges, winners, strict=True)
    ]
    found = []
    for drawn, one, (_, predictions), winner in zip(
        _resampled(sides, seen[0], group, resamples, seed), seen, judges, winners, strict=True
    ):
        low, high = ends(drawn, shares, interval)
        least = drawn.differences <= drawn.differences.min(axis=0) + _blur(one)
        cheapest = np.mean(least / least.sum(axis=0), axis=1)
        shared = (drawn.differences, resamples, drawn.groups, level, interval, _blur(one))
        found.append(
            Uncertainty(tuple(predictions), winner, drawn.difference, low, high, cheapest, *shared)
        )
    return tuple(found)


@BEYOND
def _side(seen: Judged, names: tuple[str, ...], loss: Loss, against: int, *, every: bool) -> Array:
    """The differences w (L − L of one model) `(rows, models)`: of all, or of all others."""
    _refuse_infinite(seen, names, loss)
    others = [model for model in range(len(names)) if every or model != against]
    gap: Array = ((seen.value[others] - seen.value[against]) * seen.weight).T
    if not np.isfinite(np.abs(gap).sum()):
        raise ValueError(f"{loss}: the losses are too large to add up")
    return gap


@BEYOND
def _resampled(
    sides: Sequence[Array], seen: Judged, group: ArrayLike | None, resamples: int, seed: int
) -> list[Drawn]:
    """What the resamples make of each of the sides `(rows, models)`, all over the same rows."""
    if resamples < 1:
        raise ValueError(f"{resamples} resamples: at least one is needed")
    columns: Array = np.column_stack([*sides, seen.weight])
    groups = None
    if group is not None:
        unit = _units(group, seen)
        groups = int(unit.max()) + 1
        columns = np.stack([np.bincount(unit, column) for column in columns.T], axis=1)
    if len(columns) < 2:
        raise ValueError(f"one {'row' if groups is None else 'group'} cannot be resampled")
    sums = np.concatenate([counts @ columns for counts in _counts(len(columns), resamples, seed)])
    weight, start, drawn = columns[:, -1], 0, []
    for side in sides:
        part = slice(start, start := start + side.shape[1])
        gap, found = columns[:, part], (sums[:, part] / sums[:, -1:]).T
        drawn.append(Drawn(gap.sum(axis=0) / weight.sum(), found, gap, weight, groups))
    return drawn


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
