"""Models × losses: every cost, its rank, and what the best constant costs."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.cost import costs as costs_of
from losses.links import Link
from losses.verdict.baseline import best_constants
from losses.verdict.scoring import BEYOND, floats, scores

MANY, THREADS = 500_000, 4  # predictions, of which models are judged side by side
TIED = 1e-12  # relative; costs closer than rounding can tell apart share a rank


@dataclass(frozen=True, eq=False)
class Matrix:
    """Costs and ranks `(models, losses)`; rank 1 is the lowest cost, equal costs share a rank.

    The rows are those that count: their targets `(n,)`, and their weights where they have some.
    """

    models: tuple[str, ...]
    losses: tuple[Loss, ...]
    cost: Array
    rank: Indices
    target: Array = field(repr=False)
    weight: Array | None = field(repr=False, default=None)

    @property
    def constant(self) -> Array:
        """The best constant prediction for each loss `(losses,)`.

        It is nan for a loss of neither a residual nor a probability.
        """
        return self._best[0]

    @property
    def baseline(self) -> Array:
        """What it costs `(losses,)`."""
        return self._best[1]

    @cached_property
    def _best(self) -> Array:
        return best_constants(self.losses, self.target, self.weight)

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
    y, models = floats(target), {name: floats(p) for name, p in predictions.items()}
    w = None if weight is None else floats(weight)
    if w is not None:  # a row of weight 0 does not count, not even with an infinite loss
        y, w, rows, models = _counted(y, w, rows, models)
    judge = partial(_costs, losses, y, w, rows)
    if len(y) * len(models) < MANY:
        found = list(map(judge, models, models.values()))
    else:  # NumPy computes without holding the others up
        with ThreadPoolExecutor(min(len(models), THREADS)) as threads:
            found = list(threads.map(judge, models, models.values()))
    costs = np.array(found)
    costs = costs.reshape(len(models), len(losses))
    unclear = np.argwhere(np.isnan(costs))
    if unclear.size:
        name, loss = list(models)[unclear[0, 0]], losses[unclear[0, 1]]
        raise ValueError(f"{name}: its cost under {loss} is not a number")
    return Matrix(tuple(models), tuple(losses), costs, ranked(costs), y, w)


@BEYOND
def _costs(
    losses: Sequence[Loss],
    target: Array,
    weight: Array | None,
    rows: Indices | None,
    name: str,
    prediction: Array,
) -> Array:
    """One model's costs: losses that read the same targets and scores see each row together."""
    alike: dict[tuple[str, Link], list[int]] = {}
    for place, loss in enumerate(losses):
        alike.setdefault((loss.family, loss.link), []).append(place)
    found = np.empty(len(losses))
    for places in alike.values():
        judges = [losses[place] for place in places]
        y, score = judges[0].encode(target), scores(judges[0], name, prediction, rows)
        found[places] = costs_of(judges, y, score, weight, "weighted mean", infinite=True)
    return found


def ranked(costs: Array) -> Indices:
    """Ranks down each column: 1 + the number of models that are cheaper by more than rounding."""
    blur = TIED * np.abs(np.where(np.isfinite(costs), costs, 0.0))
    cheaper = costs[None, :, :] < (costs - blur)[:, None, :]
    return 1 + cheaper.sum(axis=1)


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
