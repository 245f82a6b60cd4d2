"""Why a model costs what it costs: its residuals, how many there are, and what each size makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.verdict.histogram import Histogram, histogram
from losses.verdict.rows import RowLosses, row_losses
from losses.verdict.scoring import BEYOND, floats


@dataclass(frozen=True, eq=False)
class Residuals:
    """The residuals r = s − y of one model `(n,)`, in bins, and the loss of each row.

    `losses` are those of one model each, under one loss each.
    """

    model: str
    prediction: Array
    residual: Array
    bins: Histogram
    losses: tuple[RowLosses, ...]

    @cached_property
    def mean(self) -> float:
        """The mean residual: above 0 where the model predicts too much."""
        return float(self.residual @ self.bins.weight / self.bins.weight.sum())

    @cached_property
    def median(self) -> float:
        """The residual of the middle row, or of the middle of the weight."""
        order = np.argsort(self.residual)
        below = np.cumsum(self.bins.weight[order])
        half = below[-1] / 2
        low, high = np.searchsorted(below, half), np.searchsorted(below, half, side="right")
        r = self.residual[order]
        return float(r[low] / 2 + r[min(high, len(r) - 1)] / 2)

    @property
    def farthest(self) -> float:
        """The residual of the largest size among the rows that count, with its sign."""
        counted = self.residual[self.bins.weight > 0]
        return float(counted[np.abs(counted).argmax()])

    def below(self) -> Array:
        """The share of the rows, by weight, in the bins below each edge `(bins + 1,)`."""
        return _running(self.bins.shares(np.ones_like(self.residual)))

    @cached_property
    @BEYOND
    def carried(self) -> Array:
        """The share of the cost that the same rows carry `(losses, bins + 1)`; nan where that cost
        is 0 or infinite."""
        return np.array([_running(self.bins.shares(rows.value[0])) for rows in self.losses])

    @cached_property
    @BEYOND
    def cost(self) -> Array:
        """The mean loss under each loss `(losses,)`, weighted; ∞ beyond the largest number."""
        whole = self.bins.weight.sum()
        return np.array([float(rows.paid[0].sum() / whole) for rows in self.losses])

    @cached_property
    def hundredth(self) -> Array:
        """The share of the cost that the worst 1 % of the rows carry `(losses,)`; nan likewise.

        As `RowLosses` counts them: the worst rows are those of the largest w · L.
        """
        return np.array([rows.carried(0)[rows.hundredth - 1] for rows in self.losses])


def residuals(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    losses: Sequence[Loss],
    weight: ArrayLike | None = None,
) -> tuple[Residuals, ...]:
    """The residuals of every model, with their losses."""
    y, found = floats(target), []
    for name, prediction in predictions.items():
        s = floats(prediction)
        judged = tuple(row_losses(y, {name: s}, loss, weight) for loss in losses)
        found.append(Residuals(name, s, s - y, histogram(s - y, weight), judged))
    return tuple(found)


def _running(shares: Array) -> Array:
    return np.append(0.0 * shares[0], np.cumsum(shares))
