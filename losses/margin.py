"""Losses of the margin m = y s: how far a score lies on the right side."""

import numpy as np

from losses.arrays import Array
from losses.families import MarginLoss
from losses.links import sigmoid, softplus
from losses.spec import catalogued


@catalogued
class Logistic(MarginLoss):
    """Cross-entropy on the margin axis: no row is ever quite right enough to stop pulling."""

    name = "Logistic"
    latex = r"\log (1 + e^{-m})"
    reference = "[Cox 1958](https://doi.org/10.1111/j.2517-6161.1958.tb00292.x)"
    asks_for = "the log-odds"
    convex = True
    influence = "bounded"
    steepest = 0.25
    expression = "softplus(-m)"

    def phi(self, m: Array) -> Array:
        return softplus(-m)

    def dphi(self, m: Array) -> Array:
        return -sigmoid(-m)

    def d2phi(self, m: Array) -> Array:
        return sigmoid(m) * sigmoid(-m)


@catalogued
class Exponential(MarginLoss):
    """Each step further wrong multiplies the cost by e, so the worst row takes over."""

    name = "Exponential"
    latex = r"e^{-m}"
    reference = "[Freund & Schapire 1997; Friedman, Hastie & Tibshirani 2000](https://doi.org/10.1214/aos/1016218223)"
    asks_for = "half of the log-odds"
    convex = True
    influence = "unbounded"
    expression = "exp(-m)"

    def phi(self, m: Array) -> Array:
        return np.exp(-m)

    def dphi(self, m: Array) -> Array:
        return -np.exp(-m)

    d2phi = phi


@catalogued
class ModifiedHuber(MarginLoss):
    """The squared hinge, but a straight line for rows that are wrong by more than one."""

    name = "Modified Huber"
    latex = r"\begin{cases} \max(0, 1 - m)^2 & m \ge -1 \\ -4 m & m < -1 \end{cases}"
    reference = "[Zhang 2004](https://doi.org/10.1214/aos/1079120130)"
    asks_for = "the mean of the labels −1 and +1"
    convex = True
    influence = "bounded"
    steepest = 2.0
    expression = "where(m < -1, -4 * m, maximum(1 - m, 0) ** 2)"
    corners = (-1.0, 1.0)

    def phi(self, m: Array) -> Array:
        c = np.clip(1 - m, 0.0, 2.0)
        return np.where(m < -1, -4 * m, c * c)

    def dphi(self, m: Array) -> Array:
        return -2 * np.clip(1 - m, 0.0, 2.0)

    def d2phi(self, m: Array) -> Array:
        return 2 * ((m >= -1) & (m < 1)).astype(m.dtype)


@catalogued
class Savage(MarginLoss):
    """Gives up on hopeless rows: the cost of a wrong answer levels off at one."""

    name = "Savage"
    latex = r"\frac{1}{(1 + e^m)^2}"
    reference = "[Masnadi-Shirazi & Vasconcelos 2008, scaled to ask for the log-odds](https://papers.nips.cc/paper_files/paper/2008/hash/f5deaeeae1538fb6c45901d524ee2f98-Abstract.html)"
    asks_for = "the log-odds"
    convex = False
    influence = "redescending"
    steepest = 13 / 768 + 55 * 33**0.5 / 2304  # where sigmoid(−m) = (15 − √33) / 24
    expression = "sigmoid(-m) ** 2"

    def phi(self, m: Array) -> Array:
        return sigmoid(-m) ** 2

    def dphi(self, m: Array) -> Array:
        return -2 * sigmoid(-m) ** 2 * sigmoid(m)

    def d2phi(self, m: Array) -> Array:
        p, q = sigmoid(m), sigmoid(-m)
        return 2 * q * q * p * (2 * p - q)


@catalogued
class Tangent(MarginLoss):
    """Gives up on hopeless rows, and charges rows that are right by too much as well."""

    name = "Tangent"
    latex = r"(2 \arctan (m) - 1)^2"
    reference = "[Masnadi-Shirazi et al. 2010](https://doi.org/10.1109/CVPR.2010.5540136)"
    asks_for = "the tangent of the probability less ½"
    convex = False
    influence = "redescending"
    steepest = 8.484612157278836  # at m = 0.12098, where the third derivative is zero
    expression = "(2 * arctan(m) - 1) ** 2"

    def phi(self, m: Array) -> Array:
        return (2 * np.arctan(m) - 1) ** 2

    def dphi(self, m: Array) -> Array:
        h = np.hypot(1.0, m)
        return 4 * (2 * np.arctan(m) - 1) / h / h

    def d2phi(self, m: Array) -> Array:
        h = np.hypot(1.0, m)
        return 8 * (1 - m * (2 * np.arctan(m) - 1)) / h / h / h / h
