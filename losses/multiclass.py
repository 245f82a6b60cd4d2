"""Losses of K logits and the index of the true class."""

import numpy as np

from losses.arrays import Array
from losses.base import MulticlassLoss
from losses.links import SOFTMAX
from losses.spec import UNIT, catalogued, param


@catalogued
class SoftmaxCrossEntropy(MulticlassLoss):
    """The surprise, in nats, of the true class: predicted less happened is its pull."""

    name = "Softmax cross-entropy"
    latex = r"\log \sum_k e^{z_k} - (1 - \epsilon) z_y - \frac{\epsilon}{K} \sum_k z_k"
    reference = "[Bridle 1990](https://proceedings.neurips.cc/paper/1989/hash/0336dcbab05b9d5ad24f4333c7658a0e-Abstract.html)"
    asks_for = "the probability of each class"
    convex = True
    smoothing: float = param(
        0.0,
        0.0,
        0.5,
        r"\epsilon",
        "The share of each label that is spread evenly over all classes",
        domain=UNIT,
        quiet=True,
    )

    def asks(self) -> str:
        smoothed = "a probability of each class drawn towards 1/K"
        return smoothed if self.smoothing else self.asks_for

    def value(self, target: Array, score: Array) -> Array:
        wanted = self._wanted(target, score)
        # subtracting the logit of the true class first keeps the digits of small losses
        own = np.take_along_axis(score, _column(target), axis=-1)
        return np.logaddexp.reduce(score - own, axis=-1) - (wanted * (score - own)).sum(axis=-1)

    def gradient(self, target: Array, score: Array) -> Array:
        if self.smoothing:
            return SOFTMAX.prediction(score) - self._wanted(target, score)
        # 1 − p of the true class as the sum of the others, which keeps its digits near p = 1
        hot = self._wanted(target, score) == 1
        return np.where(hot, -_others(score), SOFTMAX.prediction(score))

    def curvature(self, target: Array, score: Array) -> Array:
        return SOFTMAX.prediction(score) * _others(score)

    def _wanted(self, target: Array, score: Array) -> Array:
        """The smoothed one-hot rows, `(n, K)`."""
        classes = score.shape[-1]
        hot = np.arange(classes) == _column(target)
        return hot * (1 - self.smoothing) + self.smoothing / classes


def _column(target: Array) -> np.ndarray:
    return np.asarray(target, dtype=np.intp)[:, None]


def _others(score: Array) -> Array:
    """1 − p of each class, to full relative precision: the sum of the other probabilities."""
    p = SOFTMAX.prediction(score)
    return p @ (1.0 - np.eye(score.shape[-1]))
