"""Losses of the margin m = y s: how far a score lies on the right side."""

import numpy as np

from losses.arrays import Array
from losses.base import MarginLoss
from losses.links import sigmoid, softplus
from losses.spec import catalogued


@catalogued
class ZeroOne(MarginLoss):
    """Counts mistakes: the loss that people mean, and that no gradient can follow."""

    name = "Zero-one"
    latex = r"\begin{cases} 1 & m \le 0 \\ 0 & m > 0 \end{cases}"
    reference = "[Bartlett, Jordan & McAuliffe 2006](https://doi.org/10.1198/016214505000000907)"
    asks_for = "the more likely class"
    convex = False
    trainable = False

    def phi(self, m: Array) -> Array:
        return np.where(m > 0, 0.0, 1.0)

    def dphi(self, m: Array) -> Array:
        return np.zeros_like(m)

    def d2phi(self, m: Array) -> Array:
        return np.zeros_like(m)

    def kinks(self) -> tuple[float, ...]:
        return (0.0,)


@catalogued
class Hinge(MarginLoss):
    """Free beyond a margin of one, a straight line below it: rows beyond it do not pull."""

    name = "Hinge"
    latex = r"\max(0, 1 - m)"
    reference = "[Cortes & Vapnik 1995](https://doi.org/10.1007/BF00994018)"
    asks_for = "the more likely class"
    convex = True

    def phi(self, m: Array) -> Array:
        return np.maximum(0.0, 1 - m)

    def dphi(self, m: Array) -> Array:
        return np.where(m < 1, -1.0, 0.0)

    def d2phi(self, m: Array) -> Array:
        return np.zeros_like(m)

    def kinks(self) -> tuple[float, ...]:
        return (1.0,)


@catalogued
class Logistic(MarginLoss):
    """Cross-entropy on the margin axis: no row is ever quite right enough to stop pulling."""

    name = "Logistic"
    latex = r"\log (1 + e^{-m})"
    reference = "[Cox 1958](https://doi.org/10.1111/j.2517-6161.1958.tb00292.x)"
    asks_for = "the log-odds"
    convex = True

    def phi(self, m: Array) -> Array:
        return softplus(-m)

    def dphi(self, m: Array) -> Array:
        return -sigmoid(-m)

    def d2phi(self, m: Array) -> Array:
        return sigmoid(m) * sigmoid(-m)
