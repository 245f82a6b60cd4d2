"""The contract of a loss, and its families: each family is a chain rule, written once."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from losses.arrays import Array
from losses.links import IDENTITY, SIGMOID, SOFTMAX, Link, sigmoid
from losses.spec import Catalogue, Spec


@dataclass(frozen=True)
class Axis:
    """The number that a family is a function of: its names, and the range to look at."""

    slug: str
    name: str
    family: str
    symbol: str
    label: str
    low: float
    high: float

    @property
    def letter(self) -> str:
        """The symbol as plain text."""
        return self.symbol.replace("_", "")


CLASSES = 3  # of the scores behind a curve over the logit of the true class

RESIDUAL = Axis("residual", "Residual", "residual", "r", "residual r = s − y", -6.0, 6.0)
MARGIN = Axis("margin", "Margin", "margin", "m", "margin m = y s", -3.0, 3.0)
LOGIT = Axis("logit", "Logit", "binary", "z", "logit z", -6.0, 6.0)
PROBABILITY = Axis("probability", "Probability", "binary", "p", "probability p", 0.0, 1.0)
CLASS_LOGIT = Axis(
    "class_logit",
    "Class logit",
    "multiclass",
    "z_y",
    f"logit of the true class, the {CLASSES - 1} others at 0",
    -6.0,
    6.0,
)

TASKS = {
    "residual": "regression",
    "margin": "binary",
    "binary": "binary",
    "multiclass": "multiclass",
}
AXES = {axis.name: axis for axis in (RESIDUAL, MARGIN, LOGIT, PROBABILITY, CLASS_LOGIT)}


class Loss(Spec):
    """What one wrong answer costs, as a function of the target and the score before the link.

    Targets are `(n,)`, scores `(n,)`, or `(n, K)` with integer targets for multiclass; the gradient
    and the curvature (the diagonal of the Hessian) are with respect to the score. At a kink the
    gradient is the subgradient that PyTorch returns.
    """

    catalogue: ClassVar[Catalogue] = Catalogue("loss")
    family: ClassVar[str]
    axes: ClassVar[tuple[Axis, ...]]
    link: ClassVar[Link] = IDENTITY
    latex: ClassVar[str]
    where: ClassVar[str] = ""  # what the formula's own abbreviations stand for, in LaTeX
    asks_for: ClassVar[str]  # at the defaults
    convex: ClassVar[bool]
    trainable: ClassVar[bool] = True  # False where the gradient is zero almost everywhere

    @classmethod
    def trains(cls, task: str) -> bool:
        """Whether a model can be trained with it on a task: it fits, and has a slope to follow."""
        return task == TASKS[cls.family] and cls.trainable

    def asks(self) -> str:
        """What it asks a model for, with its parameters as they are."""
        return self.asks_for

    def value(self, target: Array, score: Array) -> Array:
        """The loss of each row, `(n,)`."""
        raise NotImplementedError

    def gradient(self, target: Array, score: Array) -> Array:
        """Its derivative in the score, shaped like the score."""
        raise NotImplementedError

    def curvature(self, target: Array, score: Array) -> Array:
        """Its second derivative in the score, shaped like the score."""
        raise NotImplementedError

    def symbols(self, target: float, score: float) -> dict[str, float]:
        """What each letter of the printed formula stands for at one row."""
        return {p.symbol: v for p in self.parameters() if (v := getattr(self, p.name)) is not None}

    def kinks(self) -> tuple[float, ...]:
        """Where, on the family's first axis, value, gradient or curvature jumps."""
        return ()

    def encode(self, label: Array) -> Array:
        """The target of this loss for a data set's own: numbers, or classes 0, 1, 2, …"""
        return label

    def check_target(self, target: Array) -> None:
        """Raises ValueError, with the first index and value, for a target outside the domain."""
        _refuse(target, ~np.isfinite(target), "a finite number", self.slug)


class ResidualLoss(Loss):
    """A function phi of the residual r = s - y alone."""

    family = "residual"
    axes = (RESIDUAL,)
    symmetric: ClassVar[bool] = True

    def phi(self, r: Array) -> Array:
        raise NotImplementedError

    def dphi(self, r: Array) -> Array:
        raise NotImplementedError

    def d2phi(self, r: Array) -> Array:
        raise NotImplementedError

    def value(self, target: Array, score: Array) -> Array:
        return self.phi(score - target)

    def gradient(self, target: Array, score: Array) -> Array:
        return self.dphi(score - target)

    def curvature(self, target: Array, score: Array) -> Array:
        return self.d2phi(score - target)

    def symbols(self, target: float, score: float) -> dict[str, float]:
        return super().symbols(target, score) | {"r": score - target}


class MarginLoss(Loss):
    """A function phi of the margin m = y s alone, for y of -1 or +1."""

    family = "margin"
    axes = (MARGIN,)

    def phi(self, m: Array) -> Array:
        raise NotImplementedError

    def dphi(self, m: Array) -> Array:
        raise NotImplementedError

    def d2phi(self, m: Array) -> Array:
        raise NotImplementedError

    def value(self, target: Array, score: Array) -> Array:
        return self.phi(target * score)

    def gradient(self, target: Array, score: Array) -> Array:
        return target * self.dphi(target * score)

    def curvature(self, target: Array, score: Array) -> Array:
        return self.d2phi(target * score)  # y^2 = 1

    def symbols(self, target: float, score: float) -> dict[str, float]:
        return super().symbols(target, score) | {"m": target * score}

    def encode(self, label: Array) -> Array:
        return 2 * label - 1

    def check_target(self, target: Array) -> None:
        _refuse(target, (target != 1) & (target != -1), "-1 or +1", self.slug)


class BinaryLoss(Loss):
    """A function phi of the logit of the true class, m = (2y - 1) z, and of the class y, 0 or 1.

    The signed logit keeps full relative precision where a probability would round to 0 or 1.
    """

    family = "binary"
    axes = (LOGIT, PROBABILITY)
    link = SIGMOID

    def phi(self, m: Array, y: Array) -> Array:
        raise NotImplementedError

    def dphi(self, m: Array, y: Array) -> Array:
        raise NotImplementedError

    def d2phi(self, m: Array, y: Array) -> Array:
        raise NotImplementedError

    def value(self, target: Array, score: Array) -> Array:
        return self.phi((2 * target - 1) * score, target)

    def gradient(self, target: Array, score: Array) -> Array:
        sign = 2 * target - 1
        return sign * self.dphi(sign * score, target)

    def curvature(self, target: Array, score: Array) -> Array:
        return self.d2phi((2 * target - 1) * score, target)  # (2y - 1)^2 = 1

    def symbols(self, target: float, score: float) -> dict[str, float]:
        z = np.asarray(score)
        own = {
            "y": target,
            "z": score,
            "p": float(sigmoid(z)),
            "p_t": float(sigmoid((2 * target - 1) * z)),
        }
        return super().symbols(target, score) | own

    def check_target(self, target: Array) -> None:
        _refuse(target, (target != 0) & (target != 1), "0 or 1", self.slug)


class MulticlassLoss(Loss):
    """A function of K logits `(n, K)` and of the index of the true class `(n,)`."""

    family = "multiclass"
    axes = (CLASS_LOGIT,)
    link = SOFTMAX

    def symbols(self, target: float, score: float) -> dict[str, float]:
        return super().symbols(target, score) | {"z_y": score, "K": CLASSES}

    def check_target(self, target: Array) -> None:
        whole = (target >= 0) & (target == np.floor(target))
        _refuse(target, ~whole, "a class index 0, 1, 2, …", self.slug)


def with_respect_to_probability(gradient: Array, curvature: Array, z: Array) -> tuple[Array, Array]:
    """First and second derivative in p = sigmoid(z), from those in z: dp/dz = p (1 - p)."""
    slope = sigmoid(z) * sigmoid(-z)
    bend = sigmoid(-z) - sigmoid(z)
    return gradient / slope, (curvature - gradient * bend) / slope**2


def _refuse(target: Array, bad: Array, needed: str, slug: str) -> None:
    if bad.any():
        index = int(np.argmax(bad))
        raise ValueError(f"target[{index}] = {target[index]:g}, but {slug} needs {needed}")
