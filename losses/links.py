"""Links turn the score that a model emits into the prediction that people read, and back."""

from typing import NamedTuple, Protocol

import numpy as np

from losses.arrays import Array


class Slope(NamedTuple):
    """The first derivative of a prediction in its score, and the second divided by the first."""

    slope: Array
    bend: Array


class Link(Protocol):
    """A monotone map from score to prediction, with its inverse and its slope."""

    def prediction(self, score: Array) -> Array: ...
    def score(self, prediction: Array) -> Array: ...
    def slope(self, score: Array) -> Slope: ...


class Identity:
    """The score is the prediction."""

    def prediction(self, score: Array) -> Array:
        return score

    def score(self, prediction: Array) -> Array:
        return prediction

    def slope(self, score: Array) -> Slope:
        return Slope(np.ones_like(score), np.zeros_like(score))


class Exp:
    """The score is the logarithm of a positive mean."""

    def prediction(self, score: Array) -> Array:
        return np.exp(score)

    def score(self, prediction: Array) -> Array:
        """The logarithm; a mean of exactly 0 has the score -inf."""
        with np.errstate(divide="ignore"):
            return np.log(prediction)

    def slope(self, score: Array) -> Slope:
        return Slope(np.exp(score), np.ones_like(score))


class Sigmoid:
    """The logit z becomes the probability 1 / (1 + exp(-z))."""

    def prediction(self, score: Array) -> Array:
        return sigmoid(score)

    def score(self, prediction: Array) -> Array:
        """The logit; a probability of exactly 0 or 1 has the logit -inf or inf."""
        with np.errstate(divide="ignore"):
            return np.log(prediction) - np.log1p(-prediction)

    def slope(self, score: Array) -> Slope:
        p, q = sigmoid(score), sigmoid(-score)
        return Slope(p * q, q - p)


class Softmax:
    """K logits, in the last axis, become K probabilities that sum to one."""

    def prediction(self, score: Array) -> Array:
        powers = np.exp(score - score.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    def score(self, prediction: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.log(prediction)

    def slope(self, score: Array) -> Slope:
        """Of each probability in its own logit."""
        p = self.prediction(score)
        return Slope(p * (1 - p), 1 - 2 * p)


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)) to full relative precision at both ends."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def softplus(x: Array) -> Array:
    """log(1 + exp(x)), without overflow and to full relative precision."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


IDENTITY = Identity()
EXP = Exp()
SIGMOID = Sigmoid()
SOFTMAX = Softmax()


def with_respect_to_prediction(
    link: Link, gradient: Array, curvature: Array, score: Array
) -> tuple[Array, Array]:
    """First and second derivative in the prediction behind a score, from those in the score."""
    slope, bend = link.slope(score)
    return gradient / slope, (curvature - gradient * bend) / slope**2
