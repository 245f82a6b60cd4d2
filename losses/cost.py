"""The cost: the losses of many rows in one number, in blocks that stay in cache."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.arrays import Array, floats, precision
from losses.base import Loss
from losses.sums import finite

Numbers = NDArray[Any]  # of any kind, before a block of them becomes floats
Reduction = Literal["mean", "sum", "weighted mean"]
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
    Σw·L and "weighted mean" is Σw·L / Σw, as most libraries divide. The rows are taken in blocks,
    so that temporaries do not grow with n.

    Raises ValueError, with the argument and the first index and value that is wrong. Scores must be
    finite, too, unless `infinite` allows those of a diverged model, or of one that is certain.
    """
    y, s, w = aligned(loss, target, score, weight)
    parts, total = divisor(len(y), w, reduction), 0.0
    for block in _blocks(y, s, w):
        total += _checked(loss, block, partial(_total, loss, block), infinite)
    return total / parts


def costs(
    losses: Sequence[Loss],
    target: ArrayLike,
    score: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: Reduction = "mean",
    *,
    infinite: bool = False,
) -> Array:
    """The costs `(losses,)` of losses that take the same targets and scores, each as `cost` says.

    Every block of rows meets all losses while it is in cache.
    """
    y, s, w = aligned(losses[0], target, score, weight)
    parts, totals = divisor(len(y), w, reduction), np.zeros(len(losses))
    for block in _blocks(y, s, w):
        for place, loss in enumerate(losses):
            totals[place] += _checked(loss, block, partial(_total, loss, block), infinite)
    return totals / parts


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
        out = gradient[block.rows]
        total += _checked(loss, block, partial(_total, loss, block, out))
        _reduce(out, block.weight, parts)
    return total / parts, gradient


def blocks(rows: int, size: int = BLOCK) -> Iterator[slice]:
    """Consecutive slices that cover all rows."""
    return (slice(start, start + size) for start in range(0, rows, size))


def divisor(rows: int, weight: Numbers | None, reduction: Reduction) -> float:
    """What the weighted sum of the losses is divided by."""
    if reduction not in get_args(Reduction):
        raise ValueError(f"reduction {reduction!r} is none of {', '.join(get_args(Reduction))}")
    if reduction == "sum":
        return 1.0
    if reduction == "mean" or weight is None:
        return float(rows)
    if not weight.any():
        raise ValueError("weight needs a number above zero for a weighted mean")
    return float(weight.sum(dtype=float))


def aligned(
    loss: Loss, target: ArrayLike, score: ArrayLike, weight: ArrayLike | None
) -> tuple[Numbers, Numbers, Numbers | None]:
    """The rows as arrays that fit each other; targets and scores are checked block by block."""
    y, s = _numbers("target", target), _numbers("score", score)
    if not y.size:
        raise ValueError("there are no rows: a cost needs at least one target and one score")
    wide = loss.family == "multiclass"
    if y.ndim != 1 or s.ndim != (2 if wide else 1):  # they would broadcast
        raise ValueError(
            f"target has shape {y.shape} and score {s.shape}, but {loss.slug} takes (n,) and "
            f"{'(n, K)' if wide else '(n,)'}"
        )
    if len(s) != len(y):
        raise ValueError(f"{len(y)} targets but {len(s)} scores: each row needs one of both")
    if not s.size:
        raise ValueError("score has no columns: each class needs one")
    if weight is None:
        return y, s, None
    w = _numbers("weight", weight)
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


def _blocks(y: Numbers, s: Numbers, w: Numbers | None) -> Iterator[_Block]:
    """The rows as floats, so many at a time that their scores stay in cache."""
    for rows in blocks(len(s), max(1, BLOCK // s[0].size)):
        weight = None if w is None else floats(w[rows])
        yield _Block(rows, floats(y[rows]), floats(s[rows]), weight)


def _checked(
    loss: Loss, block: _Block, total: Callable[[], float], infinite: bool = False
) -> float:
    """The total of a block; where a finite one proves all rows to be, they are checked after it."""
    if block.weight is not None or not loss.telling:
        _check(loss, block, infinite)
        return total()
    with np.errstate(invalid="ignore"):
        found = total()
    if not math.isfinite(found):
        _check(loss, block, infinite)
    return found


def _check(loss: Loss, block: _Block, infinite: bool = False) -> None:
    """Raises ValueError for the first score or target that the loss has no value for."""
    rows, y, s, _ = block
    if loss.lowest > -np.inf:
        _refuse(
            "score", s, s <= loss.lowest, rows, f"{loss.slug} takes scores above {loss.lowest:g}"
        )
    if not infinite and not finite(s):
        _refuse("score", s, ~np.isfinite(s), rows, f"{loss.slug} takes finite scores")
    _refuse("target", y, loss.misfits(y), rows, f"{loss.slug} needs {loss.needs}")
    if s.ndim == 2:
        rule = f"{s.shape[1]} scores a row are for the classes 0 to {s.shape[1] - 1}"
        _refuse("target", y, y >= s.shape[1], rows, rule)


def _total(loss: Loss, block: _Block, out: Array | None = None) -> float:
    """The weighted sum of a block, with the gradient of its rows, not yet weighted, in `out`."""
    _, y, s, weight = block
    if weight is None:
        return loss.total(y, s) if out is None else loss.total_and_gradient(y, s, out)
    if out is not None:
        out[...] = loss.gradient(y, s)
    return float(_weighed(loss.value(y, s), weight).sum(dtype=float))


def _reduce(slopes: Array, weight: Array | None, parts: float) -> None:
    """Weighs and divides the slopes `(rows,)` or `(rows, K)` where they stand."""
    if weight is None:
        slopes *= 1 / parts  # a division takes five times as long
    else:
        slopes[...] = _weighed(slopes.T, weight.astype(float) / parts).T


def _weighed(values: Array, weight: Array) -> Array:
    """Values `(…, rows)` times their weights; a row of weight 0 never counts, not even infinity."""
    with np.errstate(invalid="ignore"):
        return np.where(weight == 0, 0.0, values * weight)


def _numbers(name: str, numbers: ArrayLike) -> Numbers:
    """An array of real numbers of any kind; raises ValueError for anything else."""
    try:
        array = np.asarray(numbers)
        if array.dtype.kind == "O" and not any(isinstance(x, str | bytes) for x in array.flat):
            array = array.astype(float)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise ValueError(f"{name} needs real numbers: {error}") from None
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name} needs real numbers, found {array.dtype}")
    if np.ma.is_masked(numbers):
        raise ValueError(f"{name} needs real numbers, found some that are masked")
    return array


def _like(score: Numbers) -> Array:
    return np.empty(score.shape, precision(score))


def _refuse(name: str, numbers: Numbers, bad: NDArray[np.bool_], rows: slice, rule: str) -> None:
    """Raises ValueError with the place of the first wrong number among all rows, if any is."""
    if not bad.any():
        return
    first = np.argwhere(bad)[0]
    place = ", ".join(str(index) for index in (rows.start + first[0], *first[1:]))
    raise ValueError(f"{name}[{place}] = {_exactly(numbers[tuple(first)])}, but {rule}")


def _exactly(number: Any) -> str:
    """In few digits where they tell the number, else in all of them."""
    short = f"{number:g}"
    return short if float(short) == number or number != number else repr(number.item())
