"""The cost: the losses of many rows in one number, in blocks that stay in cache."""

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss

Reduction = Literal["mean", "sum", "weighted mean"]

BLOCK = 16_384  # rows; temporaries of float64 then stay within the second-level cache


def cost(
    loss: Loss,
    target: ArrayLike,
    score: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> float:
    """Sum w·L / n ("mean"), sum w·L ("sum") or sum w·L / sum w ("weighted mean"); w is 1 at first.

    Targets `(n,)`, scores `(n,)` or `(n, K)`, weights `(n,)`. Raises ValueError if they do not fit.
    """
    y, s, w = checked(loss, target, score, weight)
    total = 0.0
    for rows in blocks(len(y)):
        total += float(_weighed(loss.value(y[rows], s[rows]), w, rows).sum())
    return total / divisor(len(y), w, reduction)


def cost_gradient(
    loss: Loss,
    target: ArrayLike,
    score: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> Array:
    """The derivative of the cost in every score, shaped like the scores."""
    y, s, w = checked(loss, target, score, weight)
    gradient = np.empty(s.shape)
    for rows in blocks(len(y)):
        gradient[rows] = _weighed(loss.gradient(y[rows], s[rows]).T, w, rows).T
    return gradient / divisor(len(y), w, reduction)


def blocks(rows: int, size: int = BLOCK) -> Iterator[slice]:
    """Consecutive slices that cover all rows."""
    return (slice(start, start + size) for start in range(0, rows, size))


def _weighed(values: Array, weight: Array | None, rows: slice) -> Array:
    """Values `(…, rows)` times their weights; a row of weight 0 never counts, not even infinity."""
    if weight is None:
        return values
    with np.errstate(invalid="ignore"):
        return np.where(weight[rows] == 0, 0.0, values * weight[rows])


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


def checked(
    loss: Loss, target: ArrayLike, score: ArrayLike, weight: ArrayLike | None
) -> tuple[Array, Array, Array | None]:
    """The rows as arrays; raises ValueError when they do not fit each other or the loss."""
    y, s = floats("target", target), floats("score", score)
    if not y.size:
        raise ValueError("there are no rows: a cost needs at least one target and one score")
    if len(s) != len(y):
        raise ValueError(f"{len(y)} targets but {len(s)} scores: each row needs one of both")
    if y.ndim != 1 or s.ndim != (2 if loss.family == "multiclass" else 1):
        shapes = f"targets of shape {y.shape} and scores of shape {s.shape}"
        raise ValueError(f"{shapes} do not fit {loss.slug}")  # they would broadcast
    loss.check_target(y)
    if s.ndim == 2:
        _check_classes(y, s.shape[1])
    if weight is None:
        return y, s, None
    w = floats("weight", weight)
    if w.shape != y.shape or not w.min() >= 0:
        raise ValueError(f"weight needs {len(y)} numbers, none of them negative")
    return y, s, w


def floats(name: str, numbers: ArrayLike) -> Array:
    """The numbers as floats, of the precision that they have; whole numbers would wrap around."""
    try:
        array = np.asarray(numbers)
        return array if array.dtype.kind == "f" else array.astype(float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} needs numbers, found {np.asarray(numbers).dtype}") from None


def _check_classes(target: Array, classes: int) -> None:
    row = int(np.argmax(target))
    if target[row] >= classes:
        raise ValueError(
            f"target[{row}] = {target[row]:g}, but {classes} scores a row are for the classes "
            f"0 to {classes - 1}"
        )
