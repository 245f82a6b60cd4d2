"""The cost: the losses of many rows in one number, in blocks that stay in cache."""

import math
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.sums import finite

Numbers = NDArray[Any]  # of any kind, before a block of them becomes floats
Reduction = Literal["mean", "sum", "weighted mean"]
FORMULAS: dict[Reduction, str] = {
    "mean": r"\frac{1}{n} \sum_i w_i L_i",
    "sum": r"\sum_i w_i L_i",
    "weighted mean": r"\sum_i w_i L_i / \sum_i w_i",
}

BLOCK = 131_072  # numbers: with their temporaries they stay in the caches


def cost(
    loss: Loss,
    target: ArrayLike,
    score: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
    *,
    infinite: bool = False,
) -> float:
    """The cost of all rows, for targets `(n,)`, scores `(n,)` or `(n, K)` and weights `(n,)`.

    Without weights, "mean" is ΣL / n and "sum" is ΣL. With weights, "mean" is Σw·L / n, "sum" is
    Σw·L and "weighted mean" is Σw·L / Σw, as most libraries divide. Memory does not grow with n.
    Raises ValueError, with the argument and the first index and value that is wrong; scores that
    are not finite are among them unless `infinite`: those of a diverged or a certain model.
    """
    y, s, w = aligned(loss, target, score, weight)
    parts, total = divisor(len(y), w, reduction), 0.0
    for block in _blocks(y, s, w):
        tells = _tells(loss, block)
        if not tells:
            _check(loss, block, infinite)
        part = _total(loss, block)
        if tells and not math.isfinite(part):
            _check(loss, block, infinite)
        total += part
    return total / parts


def cost_gradient(
    loss: Loss,
    target: ArrayLike,
    score: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> Array:
    """The derivative of the cost in every score, shaped like the scores."""
    y, s, w = aligned(loss, target, score, weight)
    parts, gradient = divisor(len(y), w, reduction), _like(s)
    for block in _blocks(y, s, w):
        _check(loss, block)
        out = gradient[block.rows]
        out[...] = loss.gradient(block.target, block.score)
        _reduce(out, block.weight, parts)
    return gradient


def cost_and_gradient(
    loss: Loss,
    target: ArrayLike,
    score: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
) -> tuple[float, Array]:
    """The cost and its gradient, shaped like the scores, in one pass over the rows."""
    y, s, w = aligned(loss, target, score, weight)
    parts, gradient, total = divisor(len(y), w, reduction), _like(s), 0.0
    for block in _blocks(y, s, w):
        tells, out = _tells(loss, block), gradient[block.rows]
        if not tells:
            _check(loss, block)
        if block.weight is None:
            part = loss.total_and_gradient(block.target, block.score, out)
        else:
            part = _total(loss, block)
            out[...] = loss.gradient(block.target, block.score)
        if tells and not math.isfinite(part):
            _check(loss, block)
        total += part
        _reduce(out, block.weight, parts)
    return total / parts, gradient


def blocks(rows: int, size: int = BLOCK) -> Iterator[slice]:
    """Consecutive slices that cover all rows."""
    return (slice(start, start + size) for start in range(0, rows, size))


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


def aligned(
    loss: Loss, target: ArrayLike, score: ArrayLike, weight: ArrayLike | None
) -> tuple[Numbers, Numbers, Array | None]:
    """The rows as arrays that fit each other; their numbers are checked block by block."""
    y, s = _numbers("target", target), _numbers("score", score)
    if not y.size:
        raise ValueError("there are no rows: a cost needs at least one target and one score")
    if y.ndim != 1 or s.ndim != (2 if loss.family == "multiclass" else 1):
        shapes = f"targets of shape {y.shape} and scores of shape {s.shape}"
        raise ValueError(f"{shapes} do not fit {loss.slug}")  # they would broadcast
    if len(s) != len(y):
        raise ValueError(f"{len(y)} targets but {len(s)} scores: each row needs one of both")
    if not s.size:
        raise ValueError("score has no columns: each class needs one")
    if weight is None:
        return y, s, None
    w = _floats(_numbers("weight", weight))
    if w.shape != y.shape:
        raise ValueError(f"weight needs {len(y)} numbers, found an array of shape {w.shape}")
    for rows in blocks(len(w)):
        _refuse("weight", w[rows], ~((w[rows] >= 0) & (w[rows] < np.inf)), rows, "weights are ≥ 0")
    return y, s, w


class _Block(NamedTuple):
    rows: slice
    target: Array
    score: Array
    weight: Array | None


def _blocks(y: Numbers, s: Numbers, w: Array | None) -> Iterator[_Block]:
    """The rows as floats, so many at a time that their scores stay in cache."""
    for rows in blocks(len(s), max(1, BLOCK // s[0].size)):
        weight = None if w is None else w[rows]
        yield _Block(rows, _floats(y[rows]), _floats(s[rows]), weight)


def _tells(loss: Loss, block: _Block) -> bool:
    """Whether a finite sum will prove that all is well, so that nothing need be checked before."""
    return loss.telling and block.weight is None


def _check(loss: Loss, block: _Block, infinite: bool = False) -> None:
    """Raises ValueError for the first score or target that the loss has no value for."""
    rows, y, s, _ = block
    if not infinite and not (finite(s) and (loss.lowest == -np.inf or s.min() > loss.lowest)):
        known = f"{loss.slug} takes finite scores"
        known += "" if loss.lowest == -np.inf else f" above {loss.lowest:g}"
        _refuse("score", s, ~np.isfinite(s) | (s <= loss.lowest), rows, known)
    _refuse("target", y, loss.misfits(y), rows, f"{loss.slug} needs {loss.needs}")
    if s.ndim == 2:
        known = f"{s.shape[1]} scores a row are for the classes 0 to {s.shape[1] - 1}"
        _refuse("target", y, y >= s.shape[1], rows, known)


def _total(loss: Loss, block: _Block) -> float:
    if block.weight is None:
        return loss.total(block.target, block.score)
    return float(_weighed(loss.value(block.target, block.score), block.weight).sum())


def _reduce(slopes: Array, weight: Array | None, parts: float) -> None:
    """Weighs and divides the slopes `(rows,)` or `(rows, K)` where they stand."""
    if weight is not None:
        slopes[...] = _weighed(slopes.T, weight).T
    slopes *= 1 / parts  # a division takes five times as long


def _weighed(values: Array, weight: Array) -> Array:
    """Values `(…, rows)` times their weights; a row of weight 0 never counts, not even infinity."""
    with np.errstate(invalid="ignore"):
        return np.where(weight == 0, 0.0, values * weight)


def _numbers(name: str, numbers: ArrayLike) -> Numbers:
    """An array of real numbers of any kind; raises ValueError for anything else."""
    try:
        array = np.asarray(numbers)
        return array if array.dtype.kind in "fiub" else np.array(array.tolist(), dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} needs real numbers") from None


def _floats(numbers: Numbers) -> Array:
    """Floats of the precision that they have; whole numbers would wrap around."""
    return numbers.astype(_precision(numbers), copy=False)


def _precision(numbers: Numbers) -> np.dtype[Any]:
    """Single precision stays single; half would not bear sums."""
    if numbers.dtype.kind != "f":
        return np.dtype(float)
    return np.promote_types(numbers.dtype, np.float32)


def _like(score: Numbers) -> Array:
    return np.empty(score.shape, _precision(score))


def _refuse(name: str, numbers: Array, bad: NDArray[np.bool_], rows: slice, known: str) -> None:
    """Raises ValueError with the place of the first wrong number among all rows, if any is."""
    if not bad.any():
        return
    first = np.argwhere(bad)[0]
    place = ", ".join(str(index) for index in (rows.start + first[0], *first[1:]))
    raise ValueError(f"{name}[{place}] = {numbers[tuple(first)]:g}, but {known}")
