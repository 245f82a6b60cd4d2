"""Losses of the residual r = s - y."""

import math

import numpy as np

from losses.arrays import Array
from losses.families import ResidualLoss
from losses.spec import POSITIVE, catalogued, param
from losses.sums import dot, log1p_sum, sign, sum_of


@catalogued
class SquaredError(ResidualLoss):
    """Doubling an error quadruples its cost, so the largest errors decide the fit."""

    name = "Squared error"
    latex = r"r^2"
    reference = "[Legendre 1805, appendix](https://archive.org/details/nouvellesmthode00legegoog)"
    asks_for = "the mean"
    convex = True
    telling = True
    influence = "unbounded"
    steepest = 2.0
    expression = "r**2"

    def phi(self, r: Array) -> Array:
        return r * r

    def dphi(self, r: Array) -> Array:
        return 2 * r

    def d2phi(self, r: Array) -> Array:
        return np.full_like(r, 2.0)

    def sum(self, r: Array) -> float:
        return dot(r, r)

    def sum_and_slopes(self, r: Array, out: Array) -> float:
        np.multiply(r, 2, out=out)
        return dot(r, r)


@catalogued
class AbsoluteError(ResidualLoss):
    """Every error costs its own size and pulls with the same force, however large it is."""

    name = "Absolute error"
    latex = r"|r|"
    reference = "[Laplace 1774; Koenker & Bassett 1978, τ = ½](https://doi.org/10.2307/1913643)"
    asks_for = "the median"
    convex = True
    telling = True
    influence = "bounded"
    expression = "abs(r)"

    def phi(self, r: Array) -> Array:
        return np.abs(r)

    def dphi(self, r: Array) -> Array:
        return np.sign(r)

    def d2phi(self, r: Array) -> Array:
        return np.zeros_like(r)

    def sum(self, r: Array) -> float:
        return sum_of(np.abs(r, out=r))

    def sum_and_slopes(self, r: Array, out: Array) -> float:
        sign(r, out)
        return dot(out, r)

    def kinks(self) -> tuple[float, ...]:
        return (0.0,)


@catalogued
class Huber(ResidualLoss):
    """Quadratic up to delta, linear beyond it: least squares that forgives outliers."""

    name = "Huber"
    latex = (
        r"\begin{cases} \frac{1}{2} r^2 & |r| \le \delta \\"
        r" \delta (|r| - \frac{1}{2} \delta) & |r| > \delta \end{cases}"
    )
    reference = "[Huber 1964](https://doi.org/10.1214/aoms/1177703732)"
    asks_for = "the center where residuals cut off at ±δ cancel"
    convex = True
    telling = True
    influence = "bounded"
    steepest = 1.0
    expression = "where(abs(r) <= delta, r**2 / 2, delta * (abs(r) - delta / 2))"
    delta: float = param(
        1.0,
        0.05,
        5.0,
        r"\delta",
        "Where the parabola hands over to the line, in units of y",
        domain=POSITIVE,
    )

    def phi(self, r: Array) -> Array:
        c = np.clip(r, -self.delta, self.delta)
        return c * (r - 0.5 * c)  # ½r² inside, δ|r| − ½δ² outside

    def dphi(self, r: Array) -> Array:
        return np.clip(r, -self.delta, self.delta)

    def d2phi(self, r: Array) -> Array:
        return (np.abs(r) <= self.delta).astype(r.dtype)

    def sum(self, r: Array) -> float:
        return self.sum_and_slopes(r, np.empty_like(r))

    def sum_and_slopes(self, r: Array, out: Array) -> float:
        c = r.clip(-self.delta, self.delta, out=out)
        total = dot(c, r) - 0.5 * dot(c, c)
        return total if math.isfinite(total) else float(self.phi(r).sum())

    def kinks(self) -> tuple[float, ...]:
        return (-self.delta, self.delta)


@catalogued
class SmoothL1(ResidualLoss):
    """Huber's loss divided by beta: a small beta bends sharply, and no slope exceeds one."""

    name = "Smooth L1"
    latex = (
        r"\begin{cases} \frac{1}{2} r^2 / \beta & |r| \le \beta \\"
        r" |r| - \frac{1}{2} \beta & |r| > \beta \end{cases}"
    )
    reference = (
        "[Girshick 2015, eq. 3, with the bend at β instead of 1](https://arxiv.org/abs/1504.08083)"
    )
    asks_for = "the center where residuals cut off at ±β cancel"
    convex = True
    influence = "bounded"
    expression = "where(abs(r) <= beta, r**2 / (2 * beta), abs(r) - beta / 2)"
    beta: float = param(
        1.0,
        0.05,
        5.0,
        r"\beta",
        "Where the parabola hands over to the line of slope one",
        domain=POSITIVE,
    )

    @property
    def steepest(self) -> float:
        return 1 / self.beta

    def phi(self, r: Array) -> Array:
        c = np.clip(r, -self.beta, self.beta)
        return c / self.beta * (r - 0.5 * c)  # c² could underflow

    def dphi(self, r: Array) -> Array:
        return np.clip(r, -self.beta, self.beta) / self.beta

    def d2phi(self, r: Array) -> Array:
        return (np.abs(r) <= self.beta) / np.full_like(r, self.beta)

    def kinks(self) -> tuple[float, ...]:
        return (-self.beta, self.beta)


@catalogued
class PseudoHuber(ResidualLoss):
    """Huber's compromise without a seam: a parabola near zero that bends into a line far out."""

    name = "Pseudo-Huber"
    latex = r"\delta^2 (\sqrt{1 + (r / \delta)^2} - 1)"
    reference = "[Charbonnier et al. 1997; Hartley & Zisserman 2003, A6.8, halved](https://doi.org/10.1109/83.551699)"
    asks_for = "the center where the slopes at the residuals cancel"
    convex = True
    influence = "bounded"
    steepest = 1.0
    expression = "delta**2 * (sqrt(1 + (r / delta) ** 2) - 1)"
    delta: float = param(
        1.0,
        0.05,
        5.0,
        r"\delta",
        "How far the parabola reaches before it bends into a line",
        domain=POSITIVE,
    )

    def phi(self, r: Array) -> Array:
        # √(1 + u²) − 1 = u² / (1 + √(1 + u²)), which keeps its digits near zero
        return np.abs(r) * (np.abs(r) / (1 + np.hypot(1.0, r / self.delta)))

    def dphi(self, r: Array) -> Array:
        return r / np.hypot(1.0, r / self.delta)

    def d2phi(self, r: Array) -> Array:
        return np.hypot(1.0, r / self.delta) ** -3


@catalogued
class LogCosh(ResidualLoss):
    """Half the square of small errors, the size of large ones less log 2, and no knob to turn."""

    name = "Log-cosh"
    latex = r"\log (\cosh r)"
    reference = "[Green 1990](https://doi.org/10.1109/42.52985)"
    asks_for = "the center where the slopes at the residuals cancel"
    convex = True
    telling = True
    influence = "bounded"
    steepest = 1.0
    expression = "abs(r) + log1p(exp(-2 * abs(r))) - log(2)"

    def phi(self, r: Array) -> Array:
        a = np.abs(r)
        core = np.minimum(a, 20.0)
        # ½ log1p(sinh²) keeps the digits near zero; beyond 20, log cosh r is |r| − log 2
        return 0.5 * np.log1p(np.sinh(core) ** 2) + (a - core)

    def dphi(self, r: Array) -> Array:
        return np.tanh(r)

    def d2phi(self, r: Array) -> Array:
        return np.cosh(np.clip(r, -350.0, 350.0)) ** -2  # cosh² overflows past 355

    def sum(self, r: Array) -> float:
        core, beyond = self._split(r)
        sinh = np.sinh(core)
        return 0.5 * log1p_sum(sinh * sinh) + beyond

    def sum_and_slopes(self, r: Array, out: Array) -> float:
        core, beyond = self._split(r)
        sinh = np.sinh(core)
        square = sinh * sinh
        np.divide(sinh, np.sqrt(1 + square), out=out)
        return 0.5 * log1p_sum(square) + beyond

    def _split(self, r: Array) -> tuple[Array, float]:
        """The residuals up to ±20, and how far they reach beyond, where the loss is a line."""
        if max(r.max(), -r.min()) <= 20:
            return r, 0.0
        core = r.clip(-20.0, 20.0)
        return core, sum_of(np.abs(r)) - sum_of(np.abs(core))
