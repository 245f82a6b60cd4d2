"""Losses of the residual r = s - y that charge one side more than the other."""

import math

import numpy as np

from losses.arrays import Array
from losses.base import Influence
from losses.families import ResidualLoss
from losses.spec import FINITE, OPEN_UNIT, catalogued, param
from losses.special import excess_exp
from losses.sums import dot


@catalogued
class Quantile(ResidualLoss):
    """Too low costs tau, too high 1 − tau, so the line settles on the tau-quantile."""

    name = "Quantile"
    latex = r"\tau \max(-r, 0) + (1 - \tau) \max(r, 0)"
    reference = "[Koenker & Bassett 1978](https://doi.org/10.2307/1913643)"
    asks_for = "the τ-quantile"
    convex = True
    symmetric = False
    influence = "bounded"
    telling = True
    expression = "where(r > 0, (1 - tau) * r, -tau * r)"
    tau: float = param(
        0.5,
        0.01,
        0.99,
        r"\tau",
        "The share of targets that should lie below the prediction",
        domain=OPEN_UNIT,
    )

    def asks(self) -> str:
        return "the median" if self.tau == 0.5 else self.asks_for

    def phi(self, r: Array) -> Array:
        return np.maximum(-self.tau * r, (1 - self.tau) * r)

    def sum_and_slopes(self, r: Array, out: Array) -> float:
        out[...] = self.dphi(r)
        return dot(out, r)

    def dphi(self, r: Array) -> Array:
        return (1 - self.tau) * (r > 0).astype(r.dtype) - self.tau * (r < 0).astype(r.dtype)

    def d2phi(self, r: Array) -> Array:
        return np.zeros_like(r)

    def kinks(self) -> tuple[float, ...]:
        return (0.0,)


@catalogued
class Expectile(ResidualLoss):
    """Squared error that charges tau for too low and 1 − tau for too high."""

    name = "Expectile"
    latex = r"|\tau - [r > 0]| r^2"
    reference = "[Newey & Powell 1987](https://doi.org/10.2307/1911031)"
    asks_for = "the τ-expectile"
    convex = True
    symmetric = False
    influence = "unbounded"
    expression = "where(r > 0, (1 - tau) * r**2, tau * r**2)"
    tau: float = param(
        0.5,
        0.01,
        0.99,
        r"\tau",
        "The weight of too low; at ½ it asks for the mean",
        domain=OPEN_UNIT,
    )

    @property
    def steepest(self) -> float:
        return 2 * max(self.tau, 1 - self.tau)

    def asks(self) -> str:
        return "the mean" if self.tau == 0.5 else self.asks_for

    def phi(self, r: Array) -> Array:
        return self._weight(r) * (r * r)

    def dphi(self, r: Array) -> Array:
        return 2 * self._weight(r) * r

    def d2phi(self, r: Array) -> Array:
        return 2 * self._weight(r)

    def kinks(self) -> tuple[float, ...]:
        return (0.0,)

    def _weight(self, r: Array) -> Array:
        return np.where(r > 0, 1 - self.tau, self.tau).astype(r.dtype)


@catalogued
class Linex(ResidualLoss):
    """Errors to one side cost exponentially much, to the other in proportion to their size."""

    name = "Linex"
    latex = r"e^{a r} - a r - 1"
    reference = "[Varian 1975; Zellner 1986](https://doi.org/10.1080/01621459.1986.10478289)"
    asks_for = "the logarithm of the mean of exp(−a y), divided by −a"
    convex = True
    symmetric = False
    expression = "exp(a * r) - a * r - 1"
    a: float = param(
        1.0,
        -3.0,
        3.0,
        "a",
        "How steeply too high is punished; below zero, too low",
        step=0.1,
        domain=FINITE,
    )

    @property
    def influence(self) -> Influence:
        return "unbounded" if self.a else "redescending"

    @property
    def steepest(self) -> float:
        return math.inf if self.a else 0.0

    def asks(self) -> str:
        return self.asks_for if self.a else "nothing: no error costs anything"

    def phi(self, r: Array) -> Array:
        return excess_exp(self.a * r)

    def dphi(self, r: Array) -> Array:
        return self.a * np.expm1(self.a * r)

    def d2phi(self, r: Array) -> Array:
        return self.a**2 * np.exp(self.a * r)
