"""A loss and its output, matched or not: what pull is left where a model is sure and wrong."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.links import sigmoid
from losses.probabilistic import Brier, CrossEntropy

SQUARED, ENTROPY = Brier(), CrossEntropy()  # squared error through a sigmoid is the Brier score


@dataclass(frozen=True)
class Pull:
    """The loss of one row at a logit z, and its gradient in z."""

    loss: float
    gradient: float


@dataclass(frozen=True)
class Matched:
    """A row with y = 1 at a logit z: its probability p, and what both losses make of it."""

    z: float
    p: float
    squared: Pull
    entropy: Pull

    @property
    def times(self) -> float:
        """How many times as hard cross-entropy pulls: 1 / (2 p (1 − p))."""
        return self.entropy.gradient / self.squared.gradient


def matched(z: float) -> Matched:
    """Both losses at a finite logit."""
    return Matched(z, float(sigmoid(np.array(z))), _pull(SQUARED, z), _pull(ENTROPY, z))


def slopes(loss: Loss, z: Array) -> Array:
    """The gradients `(n,)` of a row with y = 1 at logits z `(n,)`."""
    return loss.gradient(np.ones_like(z), z)


def _pull(loss: Loss, z: float) -> Pull:
    at, one = np.array([z]), np.ones(1)
    return Pull(float(loss.value(one, at)[0]), float(loss.gradient(one, at)[0]))
