"""Links turn the score that a model emits into the prediction that people read, and back."""

from typing import Protocol

import numpy as np

from losses.arrays import Array


class Link(Protocol):
    """A monotone map from score to prediction, with its inverse."""

    def prediction(self, score: Array) -> Array: ...
    def score(self, prediction: Array) -> Array: ...


class Identity:
    """The score is the prediction."""

    def prediction(self, score: Array) -> Array:
        return score

    def score(self, prediction: Array) -> Array:
        return prediction


class Sigmoid:
    """The logit z becomes the probability 1 / (1 + exp(-z))."""

    def prediction(self, score: Array) -> Array:
        return sigmoid(score)

    def score(self, prediction: Array) -> Array:
        """The logit; a probability of exactly 0 or 1 has the logit -inf or inf."""
        with np.errstate(divide="ignore"):
            return np.log(prediction) - np.log1p(-prediction)


class Softmax:
    """K logits, in the last axis, become K probabilities that sum to one."""

    def prediction(self, score: Array) -> Array:
        powers = np.exp(score - score.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    def score(self, prediction: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.log(prediction)


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) to full relative precision at both ends."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def softplus(x: Array) -> Array:
    """log(1 + exp(x)), without overflow and to full relative precision."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


IDENTITY = Identity()
SIGMOID = Sigmoid()
SOFTMAX = Softmax()
