"""What a surprise costs; and cross-entropy over two classes beside the binary one."""

from typing import NamedTuple

import numpy as np

from losses.arrays import Array
from losses.axes import LOGIT
from losses.curve import Reading, read_at
from losses.links import SIGMOID
from losses.multiclass import SoftmaxCrossEntropy
from losses.probabilistic import CrossEntropy

UNITS = {"nats": 1.0, "bits": 1 / float(np.log(2))}  # how many of them a nat is
LOGITS = np.linspace(-30.0, 30.0, 1201)


def priced(loss: CrossEntropy, p: float, *, positive: bool) -> Reading:
    """The loss, its gradient and its curvature in the logit, where the model says p of class 1."""
    return read_at(loss, LOGIT, float(SIGMOID.score(np.array(p))), positive=positive)


class Apart(NamedTuple):
    """The largest differences over many logits and both classes."""

    formulas: float
    values: float
    gradients: float
    points: int


def apart() -> Apart:
    """As both formulas are written, in p; and as both losses are computed, from the logit."""
    p, q = SIGMOID.prediction(LOGITS), SIGMOID.prediction(-LOGITS)
    logits = np.stack([np.zeros_like(LOGITS), LOGITS], axis=1)
    gaps = np.zeros(3)
    for y in (0.0, 1.0):
        target = np.full_like(LOGITS, y)
        many, two = SoftmaxCrossEntropy(), CrossEntropy()
        found = (
            _categorical(np.array([1 - y, y]), np.stack([q, p], axis=1)) - _binary(y, p, q),
            many.value(target, logits) - two.value(target, LOGITS),
            many.gradient(target, logits)[:, 1] - two.gradient(target, LOGITS),
        )
        gaps = np.maximum(gaps, [np.abs(one).max() for one in found])
    formulas, values, gradients = gaps.tolist()
    return Apart(formulas, values, gradients, len(LOGITS))


def _categorical(hot: Array, p: Array) -> Array:
    """−Σ y_c log p_c, of one-hot labels `(C,)` and probabilities `(n, C)`."""
    return np.asarray(-(hot * np.log(p)).sum(axis=1))


def _binary(y: float, p: Array, q: Array) -> Array:
    """−y log p − (1 − y) log (1 − p), with q for 1 − p."""
    return -(y * np.log(p) + (1 - y) * np.log(q))
