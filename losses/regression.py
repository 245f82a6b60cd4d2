"""Losses of the residual r = s - y."""

import numpy as np

from losses.arrays import Array
from losses.base import ResidualLoss
from losses.spec import OPEN_UNIT, POSITIVE, catalogued, param


@catalogued
class SquaredError(ResidualLoss):
    """Doubling an error quadruples its cost, so the largest errors decide the fit."""

    name = "Squared error"
    latex = r"r^2"
    reference = "[Legendre 1805, appendix](https://archive.org/details/nouvellesmthode00legegoog)"
    asks_for = "the mean"
    convex = True

    def phi(self, r: Array) -> Array:
        return r * r

    def dphi(self, r: Array) -> Array:
        return 2 * r

    def d2phi(self, r: Array) -> Array:
        return np.full_like(r, 2.0)


@catalogued
class AbsoluteError(ResidualLoss):
    """Every error costs its own size and pulls with the same force, however large it is."""

    name = "Absolute error"
    latex = r"|r|"
    reference = "[Laplace 1774; Koenker & Bassett 1978, τ = ½](https://doi.org/10.2307/1913643)"
    asks_for = "the median"
    convex = True

    def phi(self, r: Array) -> Array:
        return np.abs(r)

    def dphi(self, r: Array) -> Array:
        return np.sign(r)

    def d2phi(self, r: Array) -> Array:
        return np.zeros_like(r)

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
    reference = "[Huber 1964, p. 74](https://doi.org/10.1214/aoms/1177703732)"
    asks_for = "the center where residuals cut off at ±δ cancel"
    convex = True
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

    def kinks(self) -> tuple[float, ...]:
        return (-self.delta, self.delta)


@catalogued
class PseudoHuber(ResidualLoss):
    """Huber's compromise without a seam: a parabola near zero that bends into a line far out."""

    name = "Pseudo-Huber"
    latex = r"\delta^2 (\sqrt{1 + (r / \delta)^2} - 1)"
    reference = "[Charbonnier et al. 1997; Hartley & Zisserman 2003, A6.8](https://doi.org/10.1109/83.551699)"
    asks_for = "the center where the slopes at the residuals cancel"
    convex = True
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

    def phi(self, r: Array) -> Array:
        a = np.abs(r)
        core = np.minimum(a, 20.0)
        # ½ log1p(sinh²) keeps the digits near zero; beyond 20, log cosh r is |r| − log 2
        return 0.5 * np.log1p(np.sinh(core) ** 2) + (a - core)

    def dphi(self, r: Array) -> Array:
        return np.tanh(r)

    def d2phi(self, r: Array) -> Array:
        return np.cosh(np.clip(r, -350.0, 350.0)) ** -2  # cosh² overflows past 355


@catalogued
class Quantile(ResidualLoss):
    """Too low costs tau, too high 1 − tau, so the line settles on the tau-quantile."""

    name = "Quantile"
    latex = r"\tau \max(-r, 0) + (1 - \tau) \max(r, 0)"
    reference = "[Koenker & Bassett 1978, eq. 1.4](https://doi.org/10.2307/1913643)"
    asks_for = "the τ-quantile"
    convex = True
    symmetric = False
    tau: float = param(
        0.5,
        0.01,
        0.99,
        r"\tau",
        "The share of targets that should lie below the prediction",
        domain=OPEN_UNIT,
    )

    def phi(self, r: Array) -> Array:
        return np.maximum(-self.tau * r, (1 - self.tau) * r)

    def dphi(self, r: Array) -> Array:
        return np.where(r > 0, 1 - self.tau, np.where(r < 0, -self.tau, 0.0))

    def d2phi(self, r: Array) -> Array:
        return np.zeros_like(r)

    def kinks(self) -> tuple[float, ...]:
        return (0.0,)
