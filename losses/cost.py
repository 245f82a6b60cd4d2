"""The cost: the losses of many rows in one number, in blocks that stay in cache."""

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np

from losses.arrays import Array
from losses.base import Loss

Reduction = Literal["mean", "sum", "weighted mean"]

BLOCK = 16_384  # rows; temporaries of float64 then stay within the second-level cache


def cost(
    loss: Loss,
    target: Array,
    score: Array,
    weight: Array | None = None,
    reduction: Reduction = "mean",
) -> float:
    """Sum w·L / n ("mean"), sum w·L ("sum") or sum w·L / sum w ("weighted mean"); w is 1 at first.

    Targets `(n,)`, scores `(n,)` or `(n, K)`, weights `(n,)`. Raises ValueError if they do not fit.
    """
    check_rows(loss, target, score, weight)
    total = 0.0
    for rows in blocks(len(target)):
        value = loss.value(target[rows], score[rows])
        total += float(value.sum() if weight is None else value @ weight[rows])
    return total / divisor(len(target), weight, reduction)


def cost_gradient(
    loss: Loss,
    target: Array,
    score: Array,
    weight: Array | None = None,
    reduction: Reduction = "mean",
) -> Array:
    """The derivative of the cost in every score, shaped like the scores."""
    check_rows(loss, target, score, weight)
    gradient = np.empty(np.shape(score))
    for rows in blocks(len(target)):
        gradient[rows] = loss.gradient(target[rows], score[rows])
    if weight is not None:
        gradient *= np.reshape(weight, (-1,) + (1,) * (gradient.ndim - 1))
    return gradient / divisor(len(target), weight, reduction)


def blocks(rows: int) -> Iterator[slice]:
    """Consecutive slices that cover all rows."""
    return (slice(start, start + BLOCK) for start in range(0, rows, BLOCK))


def divisor(rows: int, weight: Array | None, reduction: Reduction) -> float:
    """What the weighted sum of the losses is divided by."""
    if reduction == "sum":
        return 1.0
    if reduction not in get_args(Reduction):
        raise ValueError(f"reduction {reduction!r} is none of {', '.join(get_args(Reduction))}")
    if reduction == "mean" or weight is None:
        return float(rows)
    if not weight.any():
        raise ValueError("weight needs a number above zero for a weighted mean")
    return float(weight.sum())


def check_rows(loss: Loss, target: Array, score: Array, weight: Array | None = None) -> None:
    """Raises ValueError when the arrays do not fit each other or the loss."""
    if not len(target):
        raise ValueError("there are no rows: a cost needs at least one target and one score")
    if len(score) != len(target):
        raise ValueError(
            f"{len(target)} targets but {len(score)} scores: each row needs one of both"
        )
    if np.ndim(target) != 1 or np.ndim(score) != (2 if loss.family == "multiclass" else 1):
        shapes = f"targets of shape {np.shape(target)} and scores of shape {np.shape(score)}"
        raise ValueError(f"{shapes} do not fit {loss.slug}")  # they would broadcast
    if weight is not None and (np.shape(weight) != np.shape(target) or not np.min(weight) >= 0):
        raise ValueError(f"weight needs {len(target)} numbers, none of them negative")
    loss.check_target(np.asarray(target))
