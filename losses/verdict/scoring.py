"""Predictions, as people read them, to the scores that a loss judges."""

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.cost import cost

BEYOND = np.errstate(over="ignore", invalid="ignore")  # what exceeds the largest number is infinite


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


def floats(values: ArrayLike) -> Array:
    """The values as float64."""
    return np.asarray(values, dtype=float)


def mean_loss(loss: Loss, target: Array, score: Array, weight: Array | None = None) -> float:
    """The cost of scores `(n,)`, infinite where a loss is; with weights sum w·L / sum w."""
    return cost(loss, loss.encode(target), score, weight, "weighted mean", infinite=True)
