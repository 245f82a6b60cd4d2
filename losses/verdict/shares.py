"""The cost of every model in every group of rows: where it comes from, and who wins where."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.verdict.ranking import ranked
from losses.verdict.rows import row_losses
from losses.verdict.scoring import BEYOND, floats


@dataclass(frozen=True, eq=False)
class Shares:
    """Costs by group: count and weight `(groups,)`, sums of w · L and costs `(models, groups)`.

    A group of weight 0 has the cost nan: there is no mean over no rows.
    """

    models: tuple[str, ...]
    groups: tuple[str, ...]
    loss: Loss
    count: Indices
    weight: Array
    total: Array

    @property
    def cost(self) -> Array:
        """The mean loss of each model in each group."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.total / self.weight

    @property
    def overall(self) -> Array:
        """The cost of each model over all rows `(models,)`: the means of groups by their weight."""
        return self.total.sum(axis=1) / self.weight.sum()

    @property
    def share(self) -> Array:
        """The part of a model's cost that a group carries; nan if the cost is 0 or infinite."""
        whole = self.total.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.isfinite(whole), self.total / whole, np.nan)

    def winners(self, group: int | None = None) -> tuple[str, ...]:
        """The models of least finite cost in one group, or over all rows: several if they tie."""
        cost = self.overall if group is None else self.cost[:, group]
        return self._least(cost)

    def winners_without(self, group: int) -> tuple[str, ...]:
        """The models of least cost over the rows of all other groups; none if there are none."""
        others = np.arange(len(self.groups)) != group
        weight = self.weight[others].sum()
        return self._least(self.total[:, others].sum(axis=1) / weight) if weight else ()

    def dissenting(self) -> list[int]:
        """The groups in which another model wins than over all rows."""
        return [
            g for g in np.flatnonzero(self.weight).tolist() if self.winners(g) != self.winners()
        ]

    def deciding(self) -> list[int]:
        """The groups without which another model would win."""
        places = np.flatnonzero(self.weight).tolist()
        return [g for g in places if self.winners_without(g) not in ((), self.winners())]

    def sentence(self, shown: Callable[[str], str] = str) -> str:
        """Who wins, where another does, and which group the verdict hangs on."""
        if len(self.models) == 1:
            return f"{shown(self.models[0])} is the only model: there is none to compare it with."
        parts = [f"Over all rows, {self._won(self.winners(), shown)} under {self.loss}"]
        apart = [
            f"{self._won(self.winners(g), shown)} in {self.groups[g]}" for g in self.dissenting()
        ]
        parts.append("; ".join(apart) if apart else "no group says otherwise")
        parts += [
            f"without {self.groups[g]}, {self._won(self.winners_without(g), shown)}"
            for g in self.deciding()
        ]
        return "; ".join(parts) + "."

    def _least(self, cost: Array) -> tuple[str, ...]:
        won = (ranked(cost[:, None])[:, 0] == 1) & np.isfinite(cost)
        return tuple(name for name, one in zip(self.models, won, strict=True) if one)

    @staticmethod
    def _won(names: Sequence[str], shown: Callable[[str], str]) -> str:
        if not names:
            return "no model has a finite cost"
        told = [shown(name) for name in names]
        if len(told) == 1:
            return f"{told[0]} wins"
        return f"{', '.join(told[:-1])} and {told[-1]} tie"


@BEYOND
def shares(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    loss: Loss,
    group: ArrayLike,
    weight: ArrayLike | None = None,
) -> Shares:
    """The cost of every model in every group; `group` `(n,)` names that of each row.

    Groups are in the order of their names, or numbers. A row of weight 0 counts as a row of its
    group but costs nothing. Raises ValueError for groups or weights of another length.
    """
    rows = row_losses(target, predictions, loss)
    labels: NDArray[np.generic] = np.asarray(group)
    w = np.ones(len(labels)) if weight is None else floats(weight)
    if not labels.shape == w.shape == rows.value.shape[1:]:
        raise ValueError(f"{rows.value.shape[1]} rows, {labels.shape} groups, {w.shape} weights")
    if not (np.isfinite(w) & (w >= 0)).all() or not w.any():
        raise ValueError("weights must be finite and 0 or more, and one above 0")
    names, place = np.unique(labels, return_inverse=True)
    count, weights = np.bincount(place), np.bincount(place, w).astype(float)
    total = np.array([np.bincount(place, np.where(w > 0, w * one, 0.0)) for one in rows.value])
    groups = tuple(str(name) for name in names)
    return Shares(rows.models, groups, loss, count, weights, total)
