"""The rows that decide between two models: the fewest without which the other one wins."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.verdict.ranking import TIED
from losses.verdict.scoring import BEYOND, floats, mean_loss, scores

UNIT = 2.0**-53  # the relative error of one rounded operation
TINY = 2.0**-1074  # the smallest number: a product may lose less than that to underflow
DIGITS = 53  # bits of a number's mantissa
Numbers = NDArray[Any]  # floats, or whole numbers of any length
Pair = tuple[float, float]


class Judged(NamedTuple):
    """The rows `(n,)` that count, by their place among the `total`; their losses `(models, n)`.

    Weights `(n,)`, 1 without any; costs `(models,)`.
    """

    total: int
    rows: Indices
    value: Array
    weight: Array
    cost: Array


@dataclass(frozen=True, eq=False)
class Decision:
    """Which rows decide between two models under one loss.

    `rows` are the fewest of the `total` rows that count without which the other model costs
    strictly less, the most extreme first; of equally extreme ones the first. The winner is 0 or 1,
    None for a tie; costs are pairs (first, second), before and after the removal. The path
    `(len(rows) + 1,)` is the first model's cost minus the second's without the first 0, 1, … of
    `rows`. A decision is `settled` when no removal makes the other model win; `rows` is empty then,
    and in a tie, where there is no winner to change.
    """

    loss: Loss
    rows: Indices
    total: int
    winner: int | None
    before: Pair
    after: Pair
    path: Array
    settled: bool

    @property
    def close(self) -> bool:
        """Whether a margin, before or after, is one that rounding of the losses could make."""
        margins = ((self.path[0], self.before), (self.path[-1], self.after))
        return self.winner is not None and any(
            np.isfinite(gap) and abs(gap) <= TIED * max(map(abs, costs)) for gap, costs in margins
        )

    def sentence(self, first: str, second: str) -> str:
        """The decision in words, for models of these names."""
        if self.winner is None:
            if np.isfinite(self.before).all():
                return f"{first} and {second} tie under {self.loss}: there is no winner to change."
            return f"{first} and {second} both cost ∞ under {self.loss}: neither wins."
        best, other = (first, second) if self.winner == 0 else (second, first)
        if self.settled:
            said = f"{best} wins under {self.loss}, whichever rows are left out: no row favors "
            said += f"{other}."
        else:
            said = f"{best} wins under {self.loss}, but {other} would without {len(self.rows):,} "
            said += f"of {self.total:,} rows."
        return said + self._doubt()

    def _doubt(self) -> str:
        """What is to be said of a margin that rounding could have made: others call it a tie."""
        if not self.close:
            return ""
        margin = " A margin is no larger than rounding makes it: here the losses, as rounded, are "
        return margin + "added exactly, where the table of costs says tie."


def deciding_rows(
    target: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    loss: Loss,
    *,
    weight: ArrayLike | None = None,
) -> Indices:
    """The places of the fewest rows whose removal changes the winner, the most extreme first.

    Empty if the two tie from the start, and if no removal changes the winner: `decision` tells
    which. Arguments and errors are those of `decision`.
    """
    return decision(target, first, second, loss, weight).rows


@BEYOND
def decision(
    target: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    loss: Loss,
    weight: ArrayLike | None = None,
) -> Decision:
    """Who wins, and by which rows; predictions `(n,)` are what people read, after the link.

    Costs over any rows compare as the sums of w·L over them. So the fewest rows are those with the
    largest differences in the winner's favor: of all sets of k rows theirs have the largest sum.
    Sums near zero are taken in whole numbers, so that the count is exact for the losses as rounded.
    An infinite loss goes before all others; if both models have one, or one row has two, they tie.

    Raises ValueError for predictions or targets that the loss has no value for, for weights below
    0, and where no row has a weight above 0.
    """
    _, rows, value, w, cost = judged(target, {"first": first, "second": second}, loss, weight)
    before = (float(cost[0]), float(cost[1]))
    winner, gap = _winner(value, w)
    if winner is None or not (value[1 - winner] < value[winner]).any():
        path, none = np.array([gap]), np.empty(0, dtype=np.int64)
        settled = winner is not None
        return Decision(loss, none, len(rows), winner, before, before, path, settled)
    removed, path = _removed(value[1 - winner], value[winner], w)
    rest = np.delete(np.arange(len(rows)), removed)
    means = value[:, rest] @ w[rest] / w[rest].sum()
    after, sign = (float(means[0]), float(means[1])), 1 if winner == 1 else -1
    return Decision(
        loss, rows[removed], len(rows), winner, before, after, sign * path, settled=False
    )


@BEYOND
def judged(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    loss: Loss,
    weight: ArrayLike | None = None,
) -> Judged:
    """The losses of the rows whose weight is not 0; ValueError where one is not a number."""
    y, models = floats(target), {name: floats(p) for name, p in predictions.items()}
    w, total = np.ones(len(y)) if weight is None else floats(weight), len(y)
    if sizes := {len(w), *map(len, models.values())} - {total}:
        raise ValueError(f"{total} targets, but {sorted(sizes)} weights or predictions")
    kept = np.flatnonzero(w)
    if not kept.size:
        raise ValueError("no row counts: a comparison needs one with a weight above 0")
    y, w = y[kept], w[kept]
    value, cost = np.empty((len(models), len(kept))), np.empty(len(models))
    for model, (name, prediction) in enumerate(models.items()):
        score = scores(loss, name, prediction[kept], kept + 1)
        cost[model] = mean_loss(loss, y, score, None if weight is None else w)
        value[model] = loss.value(loss.encode(y), score)
        if (unclear := np.isnan(value[model])).any():
            row = kept[unclear][0] + 1
            raise ValueError(f"{name}: its loss in row {row} under {loss} is not a number")
    return Judged(total, kept, value, w, cost)


def _winner(value: Array, weight: Array) -> tuple[int | None, float]:
    """The model of the lower sum of w·L, None if both are the same; and first minus second."""
    infinite = np.isinf(value)
    if infinite.any():
        gaps = np.unique(value[0, infinite.any(axis=0)] - value[1, infinite.any(axis=0)])
        return (None, np.nan) if len(gaps) > 1 or np.isnan(gaps[0]) else (int(gaps[0] > 0), gaps[0])
    gap = weight * (value[0] - value[1])
    total = gap.sum()
    if not abs(total) > _error(gap):
        whole, scale = _whole_gaps(value[0], value[1], weight)
        exact = np.array([whole.sum()])
        sign = int(exact[0] > 0) if exact[0] else None
        return sign, _means(exact, scale, weight.sum(keepdims=True))[0]
    return int(total > 0), total / weight.sum()


def _removed(loser: Array, winner: Array, weight: Array) -> tuple[Indices, Array]:
    """The rows to remove, in order, and the differences of the costs (loser − winner) meanwhile."""
    gap = weight * (loser - winner)
    endless = np.flatnonzero(np.isinf(loser) | np.isinf(winner))
    finite = np.delete(np.arange(len(gap)), endless)
    order, sums = _falling(gap[finite])
    count, error = _first_below(sums), _error(gap[finite])
    if min(abs(sums[0]), abs(sums[count]), abs(sums[max(count - 1, 0)])) > error:
        means = _remaining(gap[finite][order], count)
        means /= _remaining(weight[finite][order], count)
    else:
        whole, scale = _whole_gaps(loser[finite], winner[finite], weight[finite])
        order, sums = _falling(whole)
        count = _first_below(sums)
        left = _remaining(weight[finite][order], count)
        means = _means(sums[: count + 1], scale, left)
    rows = np.concatenate([endless, finite[order[:count]]])
    return rows, np.concatenate([np.full(len(endless), np.inf), means])


def _falling(gaps: Numbers) -> tuple[Indices, Numbers]:
    """The order from the largest gap down, and the sums that 0, 1, … removed ones leave."""
    order = np.argsort(-gaps, kind="stable")
    return order, gaps.sum() - np.concatenate([gaps[:0], [0], np.cumsum(gaps[order])])


def _first_below(sums: Numbers) -> int:
    """The first place of a sum below 0; the last but one where rounding leaves none."""
    return int(np.argmax(sums < 0)) or (0 if sums[0] < 0 else len(sums) - 2)


def _remaining(numbers: Array, count: int) -> Array:
    """The sums without the first 0, 1, … count numbers, from the end: none cancels."""
    rest = numbers[count:].sum()
    return rest + np.append(np.cumsum(numbers[:count][::-1])[::-1], 0.0)


def _error(gaps: Array) -> float:
    """A bound on what rounding does to any sum of some of these gaps, themselves rounded."""
    return float(4 * (len(gaps) + 4) * (UNIT * np.abs(gaps).sum() + TINY))


def _whole_gaps(loser: Array, winner: Array, weight: Array) -> tuple[Numbers, int]:
    """The differences w (loser − winner) as whole numbers, exact, and what one of them is 1/of."""
    values, of_values = _whole(np.stack([loser, winner]))
    weights, of_weights = _whole(weight)
    return weights * (values[0] - values[1]), of_values * of_weights


def _whole(numbers: Array) -> tuple[Numbers, int]:
    """Finite numbers times a power of two that makes them all whole, and that power."""
    mantissa, exponent = np.frexp(numbers)
    shift = np.where(mantissa == 0, 0, exponent.astype(int) - DIGITS)
    least = min(0, int(shift.min()))
    digits = np.ldexp(mantissa, DIGITS).astype(np.int64).astype(object)
    return digits << (shift - least).astype(object), 1 << -least


def _means(sums: Numbers, scale: int, weight: Array) -> Array:
    """Exact sums over the weights that they are of, each rounded once."""
    pairs = zip(sums.tolist(), weight.tolist(), strict=True)
    return np.array([float(Fraction(total, scale) / Fraction(left)) for total, left in pairs])
