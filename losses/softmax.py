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
    """Probabilities and surprises from the logits, measured from that of the true class."""
    classes = np.asarray(target, dtype=np.intp)[:, None]
    hot = np.arange(score.shape[-1]) == classes
    lead = score - np.take_along_axis(score, classes, axis=-1)
    top = lead.max(axis=-1)
    powers = np.exp(lead - top[:, None])
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


def powers(target: Array, score: Array) -> tuple[Array, Array, Array, float, Indices]:
    """The parts of many surprises at once, by one exponential of each logit.

    The powers `(n, K)` with a 0 for the true class, their sums `(n,)`, the powers of the true
    classes `(n,)`, what the surprises of hopeless rows add beyond them, and where the true classes
    stand among all n K numbers.
    """
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
    return (
        wrong,
        wrong @ np.ones(classes, wrong.dtype),
        np.exp(held),
        float((held - own).sum()),
        true,
    )


def others(p: Array) -> Array:
    """1 − p of each class: of the most probable one, the sum of the other probabilities."""
    top = np.arange(p.shape[-1]) == p.argmax(axis=-1)[:, None]
    rest = np.where(top, 0.0, p).sum(axis=-1, keepdims=True)
    return np.where(top, rest, 1 - p)


def ratio(surprise: Array, miss: Array) -> Array:
    """−log p ÷ (1 − p), which is 1 where p is."""
    return np.where(miss > 0, surprise / np.where(miss > 0, miss, 1.0), 1.0)
