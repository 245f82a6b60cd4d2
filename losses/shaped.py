"""Losses of the residual r = s - y in other shapes: a free zone, a corner at zero, any power."""

import math

import numpy as np

from losses.arrays import Array
from losses.base import Influence
from losses.families import ResidualLoss
from losses.spec import NON_NEGATIVE, POSITIVE, catalogued, param


@catalogued
class EpsilonInsensitive(ResidualLoss):
    """Errors of up to epsilon are free; beyond it, each unit of error costs one."""

    name = "Epsilon-insensitive"
    latex = r"\max(|r| - \epsilon, 0)"
    reference = "[Vapnik 1995; Drucker et al. 1997](https://proceedings.neurips.cc/paper/1996/hash/d38901788c533e8286cb6400b40b386d-Abstract.html)"
    asks_for = "a center with as many targets farther than ε above it as below"
    convex = True
    influence = "bounded"
    expression = "maximum(abs(r) - epsilon, 0)"
    epsilon: float = param(
        0.5,
        0.05,
        3.0,
        r"\epsilon",
        "How far off a prediction may be at no cost",
        step=0.05,
        domain=NON_NEGATIVE,
    )

    def phi(self, r: Array) -> Array:
        return np.maximum(np.abs(r) - self.epsilon, 0.0)

    def dphi(self, r: Array) -> Array:
        return np.sign(r) * (np.abs(r) > self.epsilon)

    def d2phi(self, r: Array) -> Array:
        return np.zeros_like(r)

    def kinks(self) -> tuple[float, ...]:
        return (-self.epsilon, self.epsilon)


@catalogued
class SquaredEpsilonInsensitive(ResidualLoss):
    """Errors of up to epsilon are free; beyond it, the excess costs its square."""

    name = "Squared epsilon-insensitive"
    latex = r"\max(|r| - \epsilon, 0)^2"
    reference = "[Vapnik 1995; Ho & Lin 2012, L2-loss SVR](https://www.jmlr.org/papers/volume13/ho12a/ho12a.pdf)"
    asks_for = "the center where the slopes at the residuals cancel"
    convex = True
    influence = "unbounded"
    steepest = 2.0
    expression = "maximum(abs(r) - epsilon, 0) ** 2"
    epsilon: float = param(
        0.5,
        0.05,
        3.0,
        r"\epsilon",
        "How far off a prediction may be at no cost",
        step=0.05,
        domain=NON_NEGATIVE,
    )

    def phi(self, r: Array) -> Array:
        beyond = np.maximum(np.abs(r) - self.epsilon, 0.0)
        return beyond * beyond

    def dphi(self, r: Array) -> Array:
        return 2 * np.sign(r) * np.maximum(np.abs(r) - self.epsilon, 0.0)

    def d2phi(self, r: Array) -> Array:
        return 2 * (np.abs(r) > self.epsilon).astype(r.dtype)

    def kinks(self) -> tuple[float, ...]:
        return (-self.epsilon, self.epsilon)


@catalogued
class ReverseHuber(ResidualLoss):
    """Absolute error when small, squared error when large: Huber's loss turned around."""

    name = "Reverse Huber"
    latex = (
        r"\begin{cases} |r| & |r| \le c \\"
        r" \frac{r^2 + c^2}{2 c} & |r| > c \end{cases}"
    )
    reference = (
        "[Owen 2007, as a loss instead of a penalty](https://doi.org/10.1090/conm/443/08555)"
    )
    asks_for = "the center where the slopes at the residuals cancel"
    convex = True
    influence = "unbounded"
    expression = "where(abs(r) <= c, abs(r), (r**2 + c**2) / (2 * c))"
    c: float = param(1.0, 0.05, 5.0, "c", "Where the line becomes the parabola", domain=POSITIVE)

    def phi(self, r: Array) -> Array:
        a = np.abs(r)
        return np.where(a <= self.c, a, 0.5 * (a * (a / self.c) + self.c))

    def dphi(self, r: Array) -> Array:
        return np.sign(r) * np.maximum(np.abs(r) / self.c, 1.0)

    def d2phi(self, r: Array) -> Array:
        return (np.abs(r) > self.c) / np.full_like(r, self.c)

    def kinks(self) -> tuple[float, ...]:
        return (-self.c, 0.0, self.c)


@catalogued
class Power(ResidualLoss):
    """One knob from the median at q = 1, over the mean at q = 2, towards the extremes."""

    name = "Power"
    latex = r"|r|^q"
    reference = (
        "[Gneiting 2011, on what a score asks for](https://doi.org/10.1198/jasa.2011.r10138)"
    )
    asks_for = "the center where the slopes at the residuals cancel"
    convex = True
    expression = "abs(r) ** q"
    q: float = param(1.5, 1.0, 4.0, "q", "The power of an error's size", step=0.05)

    @property
    def influence(self) -> Influence:
        return "unbounded" if self.q > 1 else "bounded"

    @property
    def steepest(self) -> float:
        return 2.0 if self.q == 2 else math.inf

    def asks(self) -> str:
        return {1.0: "the median", 2.0: "the mean"}.get(float(self.q), self.asks_for)

    def phi(self, r: Array) -> Array:
        return np.abs(r) ** self.q

    def dphi(self, r: Array) -> Array:
        return self.q * np.sign(r) * np.abs(r) ** (self.q - 1)

    def d2phi(self, r: Array) -> Array:
        if self.q == 1:
            return np.zeros_like(r)
        with np.errstate(divide="ignore"):  # infinite at zero below q = 2
            return self.q * (self.q - 1) * np.abs(r) ** (self.q - 2)

    def kinks(self) -> tuple[float, ...]:
        return (0.0,)
