"""How strong a penalty should be: a path judged by folds of its rows, and by rows held out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.data import DataError, Dataset
from losses.data.dataset import spread
from losses.penalties import Penalty
from losses.shrink.dial import dialed
from losses.shrink.judging import Folds, HeldOut, folded, held_out, within
from losses.shrink.path import Path, Told

FEWEST = 5  # rows on either side


@dataclass(frozen=True, eq=False)
class Tuned:
    """A path on the rows `train`, its cost on the rows `held`, and by folds of `train`."""

    path: Path
    held_out: HeldOut
    folds: Folds
    train: Indices
    held: Indices

    @property
    def training(self) -> Array:
        """The cost on the rows that were fitted, `(m,)`."""
        return self.path.costs

    @property
    def best(self) -> int:
        """The place of the λ that the folds choose."""
        return self.folds.best

    @property
    def simplest(self) -> int:
        """The place of the strongest λ within one standard error of it."""
        return self.folds.simplest


def tuned(
    loss: Loss,
    data: Dataset,
    penalty: Penalty,
    stops: Sequence[float],
    *,
    rows: int = 200,
    folds: int = 5,
    seed: int = 0,
    told: Told | None = None,
) -> Tuned:
    """Rows are drawn for training; all columns are put in the standard deviations of those.

    The held out rows never touch a fit, nor a mean or a deviation of columns given. `told` is shown
    the share that is done, and may raise. Raises DataError for too few rows, and ValueError where
    there is no path.
    """
    if not FEWEST <= rows <= len(data) - FEWEST:
        raise DataError(
            f"rows to train on: {rows} of {len(data)}; at least {FEWEST} must be trained on, and "
            f"{FEWEST} held out"
        )
    order = np.random.default_rng(seed).permutation(len(data))
    train, held = np.sort(order[:rows]), np.sort(order[rows:])
    X, y = _in_units_of(data.features, train), loss.encode(data.target)
    if data.task == "regression":
        y = _in_units_of(data.target, train)
    parts = folds + 1
    found = dialed(loss, X[train], y[train], penalty, stops, told=within(told, 0, parts))
    rest = X[train], y[train], penalty
    rest_told = None if told is None else lambda share: told((1 + folds * share) / parts)
    judged = folded(loss, *rest, lams=found.lams, folds=folds, seed=seed, told=rest_told)
    return Tuned(found, held_out(found, X[held], y[held]), judged, train, held)


def _in_units_of(values: Array, rows: Indices) -> Array:
    """Values in standard deviations of these rows, from their mean; 0 where those do not vary."""
    some = values[rows]
    scale = spread(some)
    varied: Array = np.where(scale > 0, values - some.mean(axis=0), 0.0)
    return varied / np.where(scale > 0, scale, 1.0)
