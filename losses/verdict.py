"""Models judged by losses: who wins under which, and which rows cost the most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.cost import cost

TIED = 1e-12  # relative; costs closer than rounding can tell apart share a rank
HALVINGS = 64  # of the bracket around the best constant: to its last digit
BEYOND = np.errstate(over="ignore", invalid="ignore")  # what exceeds the largest number is infinite
FARTHEST = 800.0  # a logit at which every probability is 0 or 1 to the last digit
Pair = tuple[float, float]
KNOTS, VALLEYS = 512, 4  # where a cost may have many: so many targets tried, so many searched


@dataclass(frozen=True, eq=False)
class Matrix:
    """Costs and ranks `(models, losses)`; rank 1 is the lowest cost, equal costs share a rank.

    The baseline `(losses,)` is the cost of the best constant prediction for that loss, which stands
    in `constant`; both are nan for a loss of neither a residual nor a probability.
    """

    models: tuple[str, ...]
    losses: tuple[Loss, ...]
    cost: Array
    rank: Indices
    constant: Array
    baseline: Array

    @property
    def skill(self) -> Array:
        """The share of the best constant's cost that a model saves; below 0 it is worse."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return 1 - self.cost / self.baseline

    @property
    def relative(self) -> Array:
        """Each cost in units of the winner's: 1 for the winner, infinite beside a winner at 0."""
        best = self.cost.min(axis=0)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.where(self.rank == 1, 1.0, self.cost / best)

    @property
    def wins(self) -> NDArray[np.bool_]:
        """Where a model ranks first with a finite cost."""
        return (self.rank == 1) & np.isfinite(self.cost)

    def winners(self, loss: int) -> tuple[str, ...]:
        """The models that win under one loss: several if tied, none if no cost is finite."""
        return tuple(name for name, won in zip(self.models, self.wins[:, loss], strict=True) if won)

    def verdict(self, shown: Callable[[str], str] = str) -> str:
        """The whole matrix in a sentence or two; `shown` writes the name of a model."""
        if len(self.models) == 1:
            return f"{shown(self.models[0])} is the only model: there is none to compare it with."
        won: dict[tuple[str, ...], list[str]] = {}
        for column, loss in enumerate(self.losses):
            won.setdefault(self.winners(column), []).append(str(loss))
        if len(won) == 1:
            every = f"every loss shown ({len(self.losses)})"
            winners, under = next(iter(won.items()))
            return f"{_won(winners, [every] if len(under) > 1 else under, shown)}."
        parts = "; ".join(_won(winners, under, shown) for winners, under in won.items())
        return f"The winner depends on the loss: {parts}."


@dataclass(frozen=True, eq=False)
class RowLosses:
    """The loss of each row `(models, n)` under one loss: which rows carry the cost."""

    models: tuple[str, ...]
    loss: Loss
    value: Array

    @property
    def hundredth(self) -> int:
        """How many rows are the worst 1 %: one at least."""
        return -(-self.value.shape[1] // 100)

    def infinite(self, model: int) -> Indices:
        """The rows on which one model's loss is infinite."""
        return np.flatnonzero(np.isinf(self.value[model]))

    def falling(self, model: int) -> Array:
        """One model's losses `(n,)`, the worst row first."""
        return np.sort(self.value[model])[::-1]

    def carried(self, model: int) -> Array:
        """The share of one model's cost in its worst 1, 2, … rows; nan if that is 0 or infinite."""
        falling = self.falling(model)
        if not 0 < falling[0] < np.inf:
            return np.full(len(falling), np.nan)
        sums = np.cumsum(falling / falling[0])  # scaled, so that no sum overflows
        return sums / sums[-1]

    @BEYOND
    def worst(self, count: int, model: int | None = None) -> Indices:
        """The rows `(count,)` that cost one model, or all of them together, the most."""
        total = self.value.sum(axis=0) if model is None else self.value[model]
        return np.argsort(-total, kind="stable")[:count]


@BEYOND
def matrix(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    losses: Sequence[Loss],
    weight: ArrayLike | None = None,
    *,
    rows: Indices | None = None,
) -> Matrix:
    """Every model's cost under every loss; predictions `(n,)` are what people read, after the link.

    With weights the cost is sum w·L / sum w. Raises ValueError when a prediction cannot be one: a
    probability outside [0, 1], named by its number in `rows`, or a wrong number of predictions.
    """
    y, models = _floats(target), {name: _floats(p) for name, p in predictions.items()}
    w = None if weight is None else _floats(weight)
    if w is not None:  # a row of weight 0 does not count, not even with an infinite loss
        y, w, rows, models = _counted(y, w, rows, models)
    costs = np.empty((len(models), len(losses)))
    for model, (name, prediction) in enumerate(models.items()):
        for column, loss in enumerate(losses):
            costs[model, column] = _cost(loss, y, scores(loss, name, prediction, rows), w)
    unclear = np.argwhere(np.isnan(costs))
    if unclear.size:
        name, loss = list(models)[unclear[0, 0]], losses[unclear[0, 1]]
        raise ValueError(f"{name}: its cost under {loss} is not a number")
    best = [best_constant(loss, y, w) for loss in losses]
    constant, baseline = np.array(best).reshape(-1, 2).T
    return Matrix(tuple(models), tuple(losses), costs, ranked(costs), constant, baseline)


@BEYOND
def row_losses(target: ArrayLike, predictions: Mapping[str, ArrayLike], loss: Loss) -> RowLosses:
    """The loss of each row under every model's predictions."""
    y = loss.encode(_floats(target))
    value = [loss.value(y, scores(loss, name, _floats(p))) for name, p in predictions.items()]
    return RowLosses(tuple(predictions), loss, np.array(value))


def improbable(prediction: Array) -> Indices:
    """The rows whose prediction is not a probability."""
    return np.flatnonzero(~((prediction >= 0) & (prediction <= 1)))


def scores(loss: Loss, name: str, prediction: Array, rows: Indices | None = None) -> Array:
    """The scores behind the predictions of one model; ValueError if they are no predictions."""
    bad = improbable(prediction) if loss.family == "binary" else np.empty(0, dtype=np.int64)
    if bad.size:
        first = int(bad[0])
        row = first + 1 if rows is None else rows[first]
        raise ValueError(
            f"{name}: {bad.size} of {len(prediction)} predictions are not probabilities, the first "
            f"in row {row}: {prediction[first]:g}; {loss.name} needs numbers from 0 to 1"
        )
    return loss.link.score(prediction)


def ranked(costs: Array) -> Indices:
    """Ranks down each column: 1 + the number of models that are cheaper by more than rounding."""
    blur = TIED * np.abs(np.where(np.isfinite(costs), costs, 0.0))
    cheaper = costs[None, :, :] < (costs - blur)[:, None, :]
    return 1 + cheaper.sum(axis=1)


@BEYOND
def best_constant(loss: Loss, target: ArrayLike, weight: ArrayLike | None = None) -> Pair:
    """The one prediction that costs the least when every row gets it, and its cost.

    The slope of the cost in a constant changes its sign once in each valley: convex losses have
    one, and so has all of a probability, being convex in p; nan for families of neither.
    """
    if loss.family not in ("binary", "residual"):
        return np.nan, np.nan
    values, place = np.unique(_floats(target), return_inverse=True)
    count = np.bincount(place, None if weight is None else _floats(weight)).astype(float)
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
    return min((_cost(loss, values, np.full_like(values, end), count), end) for end in (low, high))


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


def _floats(values: ArrayLike) -> Array:
    return np.asarray(values, dtype=float)


def _cost(loss: Loss, target: Array, score: Array, weight: Array | None) -> float:
    return cost(loss, loss.encode(target), score, weight, "weighted mean", infinite=True)


def _counted(
    target: Array, weight: Array, rows: Indices | None, predictions: dict[str, Array]
) -> tuple[Array, Array, Indices, dict[str, Array]]:
    """The rows whose weight is not 0."""
    sizes = {len(weight), *map(len, predictions.values())}
    if sizes != {len(target)}:
        raise ValueError(f"{len(target)} targets, but {sorted(sizes)} weights and predictions")
    kept = np.flatnonzero(weight)
    numbers = np.arange(1, len(target) + 1) if rows is None else rows
    counted = {name: prediction[kept] for name, prediction in predictions.items()}
    return target[kept], weight[kept], numbers[kept], counted


def _won(winners: Sequence[str], under: Sequence[str], shown: Callable[[str], str]) -> str:
    if not winners:
        return f"all models cost ∞ under {_listed(under)}"
    names = _listed([shown(name) for name in winners])
    return f"{names} {'wins' if len(winners) == 1 else 'tie'} under {_listed(under)}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
