"""What the losses of K logits are made of, with every digit where 1 − p is nearly 0."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array, Indices


class Parts(NamedTuple):
    """What the losses are made of, without subtracting from 1 what is nearly 1.

    `hot` `(n, K)` marks the true class; `p` are the probabilities and `wrong` the same with a 0 for
    the true class, `(n, K)`; `surprise` is −log p_y and `miss` 1 − p_y, `(n,)`.
    """

    hot: NDArray[np.bool_]
    p: Array
    wrong: Array
    surprise: Array
    miss: Array


def parts(target: Array, score: Array) -> Parts:
    """Probabilities and surprises from the logits, measured from the largest of a row."""
    classes = np.asarray(target, dtype=np.intp)[:, None]
    hot = np.arange(score.shape[-1]) == classes
    best = score.max(axis=-1, keepdims=True)
    top = (best - np.take_along_axis(score, classes, axis=-1))[:, 0]
    powers = np.exp(score - best)
    wrong = np.where(hot, 0.0, powers)
    rest = wrong.sum(axis=-1)
    whole = rest + np.exp(-top)
    return Parts(
        hot,
        powers / whole[:, None],
        wrong / whole[:, None],
        top + np.log1p(rest + np.expm1(-top)),
        rest / whole,
    )


class Shares(NamedTuple):
    """The parts of many surprises at once, before they are divided by their sums.

    The powers `(n, K)` with a 0 for the true class, their sums `(n,)`, the powers of the true
    classes `(n,)`, what the surprises of hopeless rows add beyond those, and where the true classes
    stand among all n K numbers.
    """

    wrong: Array
    rest: Array
    own: Array
    beyond: float
    true: Indices


def shares(target: Array, score: Array) -> Shares:
    """By one exponential of each logit, as it is unless it is too large."""
    score = np.ascontiguousarray(score)
    rows, classes = score.shape
    most = 30.0 if score.dtype == np.float32 else 300.0  # such powers and their ratios are finite
    if not (score.max() < most and score.min() > -most):
        score = score - score.max(axis=1, keepdims=True)
    true = np.arange(0, rows * classes, classes) + np.asarray(target, dtype=np.intp)
    own = score.reshape(-1)[true]
    held = np.maximum(own, -most)
    wrong = np.exp(score)
    wrong.reshape(-1)[true] = 0.0
    rest = wrong @ np.ones(classes, wrong.dtype)
    return Shares(wrong, rest, np.exp(held), float((held - own).sum()), true)


def others(p: Array) -> Array:
    """1 − p of each class: of the most probable one, the sum of the other probabilities."""
    top = np.arange(p.shape[-1]) == p.argmax(axis=-1)[:, None]
    rest = np.where(top, 0.0, p).sum(axis=-1, keepdims=True)
    return np.where(top, rest, 1 - p)


def ratio(surprise: Array, miss: Array) -> Array:
    """−log p ÷ (1 − p), which is 1 where p is."""
    return np.where(miss > 0, surprise / np.where(miss > 0, miss, 1.0), 1.0)
