"""The loss of each row: which rows carry the cost of a model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.verdict.scoring import BEYOND, floats, scores


@dataclass(frozen=True, eq=False)
class RowLosses:
    """The loss of each row `(models, n)` under one loss: which rows carry the cost."""

    models: tuple[str, ...]
    loss: Loss
    value: Array
    weight: Array | None = None

    @cached_property
    @BEYOND
    def paid(self) -> Array:
        """What each row adds to the cost `(models, n)`: of weight 0 nothing, not even infinity."""
        if self.weight is None:
            return self.value
        return np.where(self.weight == 0, 0.0, self.value * self.weight)

    @property
    def hundredth(self) -> int:
        """How many rows are the worst 1 %: one at least."""
        return -(-self.value.shape[1] // 100)

    def infinite(self, model: int) -> Indices:
        """The rows on which one model's loss is infinite."""
        return np.flatnonzero(np.isinf(self.paid[model]))

    def falling(self, model: int) -> Array:
        """One model's losses `(n,)`, the worst row first."""
        return np.sort(self.paid[model])[::-1]

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
        total = self.paid.sum(axis=0) if model is None else self.paid[model]
        return np.argsort(-total, kind="stable")[:count]


@BEYOND
def row_losses(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    loss: Loss,
    weight: ArrayLike | None = None,
) -> RowLosses:
    """The loss of each row under every model's predictions; weights say how much each counts."""
    y = loss.encode(floats(target))
    value = [loss.value(y, scores(loss, name, floats(p))) for name, p in predictions.items()]
    counts = None if weight is None else floats(weight)
    return RowLosses(tuple(predictions), loss, np.array(value), counts)
