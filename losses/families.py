"""The families of losses: each is a chain rule, from targets and scores to one number."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array, floats
from losses.axes import (
    CLASS_LOGIT,
    CLASSES,
    LOG_MEAN,
    LOGIT,
    MARGIN,
    PREDICTION,
    PROBABILITY,
    RESIDUAL,
    Axis,
)
from losses.base import Loss
from losses.links import EXP, SIGMOID, SOFTMAX, sigmoid
from losses.sums import sum_of


class UnivariateLoss(Loss):
    """A function phi of one number, with its first and second derivative."""

    def phi(self, x: Array, /) -> Array:
        raise NotImplementedError

    def dphi(self, x: Array, /) -> Array:
        raise NotImplementedError

    def d2phi(self, x: Array, /) -> Array:
        raise NotImplementedError

    def sum(self, x: Array, /) -> float:
        """The sum of phi; x is scratch, which may be overwritten."""
        return sum_of(self.phi(x))

    def sum_and_slopes(self, x: Array, out: Array, /) -> float:
        """The sum of phi, with its derivatives written into `out`."""
        out[...] = self.dphi(x)
        return self.sum(x)


class ResidualLoss(UnivariateLoss):
    """A function phi of the residual r = s - y alone."""

    family = "residual"
    variable = "the residual"
    axes = (RESIDUAL,)
    symmetric: ClassVar[bool] = True

    def value(self, target: Array, score: Array) -> Array:
        return self.phi(floats(score - target))

    def gradient(self, target: Array, score: Array) -> Array:
        return self.dphi(floats(score - target))

    def curvature(self, target: Array, score: Array) -> Array:
        return self.d2phi(floats(score - target))

    def total(self, target: Array, score: Array) -> float:
        return self.sum(floats(score - target))

    def total_and_slopes(self, target: Array, x: Array, out: Array) -> float:
        return self.sum_and_slopes(floats(x - target), out)

    def symbols(self, target: float, score: float) -> dict[str, float]:
        return super().symbols(target, score) | {"r": score - target}


class PositiveLoss(Loss):
    """A function of a positive target and of a prediction that is positive, too."""

    family = "positive"
    variable = "the prediction"
    axes: ClassVar[tuple[Axis, ...]] = (PREDICTION,)

    def symbols(self, target: float, score: float) -> dict[str, float]:
        prediction = float(self.link.prediction(np.asarray(score)))
        own = {"y": target, "s": score, "r": score - target, r"\eta": score, r"\mu": prediction}
        return super().symbols(target, score) | own


class Deviance(PositiveLoss):
    """Half a unit deviance, of the score η = log μ: the log link keeps every mean positive."""

    axes = (PREDICTION, LOG_MEAN)
    variable = "the log-mean"
    link = EXP


class MarginLoss(UnivariateLoss):
    """A function phi of the margin m = y s alone, for y of -1 or +1."""

    family = "margin"
    variable = "the margin"
    axes = (MARGIN,)
    needs = "-1 or +1"
    corners: ClassVar[tuple[float, ...]] = ()  # its kinks

    def value(self, target: Array, score: Array) -> Array:
        return self.phi(floats(target * score))

    def gradient(self, target: Array, score: Array) -> Array:
        return target * self.dphi(floats(target * score))

    def curvature(self, target: Array, score: Array) -> Array:
        return self.d2phi(floats(target * score))  # y^2 = 1

    def total(self, target: Array, score: Array) -> float:
        return self.sum(floats(target * score))

    def sides(self, target: Array) -> Array:
        return floats(target)

    def total_and_slopes(self, target: Array, x: Array, out: Array) -> float:
        return self.sum_and_slopes(x, out)

    def symbols(self, target: float, score: float) -> dict[str, float]:
        return super().symbols(target, score) | {"m": target * score}

    def kinks(self) -> tuple[float, ...]:
        return self.corners

    def encode(self, label: Array) -> Array:
        return 2 * label - 1

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return (target != 1) & (target != -1)


class BinaryLoss(Loss):
    """A function phi of the logit of the true class, m = (2y - 1) z, and of the class y, 0 or 1.

    The signed logit keeps full relative precision where a probability would round to 0 or 1.
    """

    family = "binary"
    variable = "the logit"
    axes = (LOGIT, PROBABILITY)
    link = SIGMOID
    needs = "0 or 1"

    def phi(self, m: Array, y: Array) -> Array:
        raise NotImplementedError

    def dphi(self, m: Array, y: Array) -> Array:
        raise NotImplementedError

    def d2phi(self, m: Array, y: Array) -> Array:
        raise NotImplementedError

    def value(self, target: Array, score: Array) -> Array:
        sign = signs(target)
        return self.phi(sign * score, floats(target))

    def gradient(self, target: Array, score: Array) -> Array:
        sign = signs(target)
        return sign * self.dphi(sign * score, floats(target))

    def curvature(self, target: Array, score: Array) -> Array:
        return self.d2phi(signs(target) * score, floats(target))  # (2y - 1)^2 = 1

    def sum(self, m: Array, y: Array) -> float:
        """The sum of phi."""
        return sum_of(self.phi(m, y))

    def sum_and_slopes(self, m: Array, y: Array, out: Array) -> float:
        """The sum of phi, with its derivatives written into `out`."""
        out[...] = self.dphi(m, y)
        return self.sum(m, y)

    def total(self, target: Array, score: Array) -> float:
        return self.sum(signs(target) * score, target)

    def sides(self, target: Array) -> Array:
        return signs(target)

    def total_and_slopes(self, target: Array, x: Array, out: Array) -> float:
        return self.sum_and_slopes(x, target, out)

    def symbols(self, target: float, score: float) -> dict[str, float]:
        z = np.asarray(score)
        own = {
            "y": target,
            "z": score,
            "p": float(sigmoid(z)),
            "p_t": float(sigmoid((2 * target - 1) * z)),
        }
        return super().symbols(target, score) | own

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return (target != 0) & (target != 1)


class MulticlassLoss(Loss):
    """A function of K logits `(n, K)` and of the index of the true class `(n,)`."""

    family = "multiclass"
    variable = "the logits"
    axes = (CLASS_LOGIT,)
    link = SOFTMAX
    needs = "a class index 0, 1, 2, …"

    def symbols(self, target: float, score: float) -> dict[str, float]:
        return super().symbols(target, score) | {"z_y": score, "K": CLASSES}

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return ~((target >= 0) & (target < np.inf) & (target == np.floor(target)))


def signs(target: Array) -> Array:
    """-1 and +1 for the classes 0 and 1, of any type of number."""
    return 2 * floats(target) - 1
