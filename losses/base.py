"""The contract of a loss: its value and derivatives, their sums, and what it declares."""

import math
from collections.abc import Callable
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.axes import TASKS, Axis
from losses.links import IDENTITY, Link
from losses.spec import Catalogue, Spec

Influence = Literal["unbounded", "bounded", "redescending"]


class Loss(Spec):
    """What one wrong answer costs, as a function of the target and the score before the link.

    Targets are `(n,)`, scores `(n,)`, or `(n, K)` with integer targets for multiclass; the gradient
    and the curvature (the diagonal of the Hessian) are with respect to the score. At a kink the
    gradient is a subgradient: zero where that is one, as PyTorch's own functions have it. Single
    precision in, single precision out.
    """

    catalogue: ClassVar[Catalogue] = Catalogue("loss")
    family: ClassVar[str]
    axes: ClassVar[tuple[Axis, ...]]
    link: ClassVar[Link] = IDENTITY
    latex: ClassVar[str]
    where: ClassVar[str] = ""  # what the formula's own abbreviations stand for, in LaTeX
    asks_for: ClassVar[str]  # at the defaults
    needs: ClassVar[str] = "a finite number"  # of a target
    lowest: ClassVar[float] = -math.inf  # every score must lie above it
    telling: ClassVar[bool] = False  # a finite sum proves that all targets and scores are finite
    variable: ClassVar[str] = "the score"  # that it is a function of
    trainable: ClassVar[bool] = True  # False where the gradient is zero almost everywhere

    @property
    def convex(self) -> bool:
        """Whether it is convex in the score."""
        raise NotImplementedError

    @property
    def influence(self) -> Influence:
        """How the pull of one row ends as its error grows: without bound, level, or at zero."""
        raise NotImplementedError

    @property
    def steepest(self) -> float:
        """The bound of its curvature in the score, in size, over all rows: the least that holds.

        The gradient of a row changes at most that many times as much as its score; for several
        logits it is the largest eigenvalue of a row's Hessian, in size. Infinite where none holds:
        at a corner or a jump, or where the curvature grows without end. [Nesterov 2004, 1.2.2]
        """
        return math.inf

    @property
    def expression(self) -> str:
        """The value of a row in Python's notation, of the letters of its family; for code."""
        raise NotImplementedError

    @property
    def formula(self) -> str:
        """The formula with its parameters as they are: of several cases, the one in force."""
        return self.latex

    @classmethod
    def trains(cls, task: str) -> bool:
        """Whether a model can be trained with it on a task: it fits, and has a slope to follow."""
        return task == TASKS.get(cls.family) and cls.trainable

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

    def total(self, target: Array, score: Array) -> float:
        """The sum of the values: a loss that can add up without an array of them says how."""
        return float(self.value(target, score).sum())

    def total_and_gradient(self, target: Array, score: Array, out: Array) -> float:
        """The sum, with the gradient written into `out`: a loss may share the work between them."""
        sides = self.sides(target)
        if sides is None:
            return self.total_and_slopes(target, score, out)
        total = self.total_and_slopes(target, sides * score, out)
        out *= sides
        return total

    def sides(self, target: Array) -> Array | None:
        """What it multiplies each score by before all else, -1 or +1; None if by nothing."""
        return None

    def total_and_slopes(self, target: Array, x: Array, out: Array) -> float:
        """The sum, with its slopes, at scores times their sides; x is scratch if there are any."""
        out[...] = self.gradient(target, x)
        return self.total(target, x)

    def symbols(self, target: float, score: float) -> dict[str, float]:
        """What each letter of the printed formula stands for at one row."""
        return {p.symbol: v for p in self.parameters() if (v := getattr(self, p.name)) is not None}

    def kinks(self) -> tuple[float, ...]:
        """Where, on the family's first axis, value, gradient or curvature jumps."""
        return ()

    def encode(self, label: Array) -> Array:
        """The target of this loss for a data set's own: numbers, or classes 0, 1, 2, …"""
        return label

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        """Which targets lie outside the domain of this loss, `(n,)`."""
        return ~np.isfinite(target)


def peak(curve: Callable[[Array], Array], about: float) -> float:
    """The largest value of a curve with one highest bump, within 10 of a point, to 11 digits."""
    reach, best = 10.0, -math.inf
    while reach > 1e-5:
        x = about + reach * np.linspace(-1, 1, 41)
        heights = curve(x)
        about, best = float(x[heights.argmax()]), float(heights.max())
        reach /= 10  # two steps of this grid to either side
    return best
