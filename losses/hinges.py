"""Losses of the margin m = y s that end: rows far enough on the right side cost nothing."""

import numpy as np

from losses.arrays import Array
from losses.families import MarginLoss
from losses.spec import catalogued
from losses.sums import dot, sign, sum_of


class Straight(MarginLoss):
    """Bends nowhere but at its corner, or jumps there."""

    def d2phi(self, m: Array) -> Array:
        return np.zeros_like(m)


@catalogued
class ZeroOne(Straight):
    """Counts mistakes: the loss that people mean, and that no gradient can follow."""

    name = "Zero-one"
    latex = r"\begin{cases} 1 & m \le 0 \\ 0 & m > 0 \end{cases}"
    reference = "[Bartlett, Jordan & McAuliffe 2006](https://doi.org/10.1198/016214505000000907)"
    asks_for = "the more likely class"
    convex = False
    influence = "redescending"
    expression = "where(m <= 0, 1, 0 * m)"
    corners = (0.0,)
    trainable = False

    def phi(self, m: Array) -> Array:
        return (m <= 0).astype(m.dtype)

    def dphi(self, m: Array) -> Array:
        return np.zeros_like(m)


@catalogued
class Perceptron(Straight):
    """Only mistakes cost anything: each pays how far it is on the wrong side."""

    name = "Perceptron"
    latex = r"\max(0, -m)"
    reference = "[Rosenblatt 1958, whose rule descends it](https://doi.org/10.1037/h0042519)"
    asks_for = "nothing: a score of 0 costs the least"
    convex = True
    influence = "bounded"
    expression = "maximum(-m, 0)"
    corners = (0.0,)

    def phi(self, m: Array) -> Array:
        return np.maximum(0.0, -m)

    def dphi(self, m: Array) -> Array:
        return -(m < 0).astype(m.dtype)


@catalogued
class Hinge(Straight):
    """Free beyond a margin of one, a straight line below it: rows beyond it do not pull."""

    name = "Hinge"
    latex = r"\max(0, 1 - m)"
    reference = "[Cortes & Vapnik 1995](https://doi.org/10.1007/BF00994018)"
    asks_for = "the more likely class"
    convex = True
    influence = "bounded"
    expression = "maximum(1 - m, 0)"
    corners = (1.0,)

    def phi(self, m: Array) -> Array:
        return np.maximum(0.0, 1 - m)

    def sum(self, m: Array) -> float:
        return sum_of((1 - m).clip(0.0, np.inf))  # in a third of the time of a maximum

    def sum_and_slopes(self, m: Array, out: Array) -> float:
        lack = (m - 1).clip(-np.inf, 0.0)
        sign(lack, out)
        return dot(out, lack)

    def dphi(self, m: Array) -> Array:
        return -(m < 1).astype(m.dtype)


@catalogued
class SquaredHinge(MarginLoss):
    """Rows that fall short of a margin of one pay the square of what is missing."""

    name = "Squared hinge"
    latex = r"\max(0, 1 - m)^2"
    reference = "[Cortes & Vapnik 1995, with squared slacks; Chang, Hsieh & Lin 2008](https://www.jmlr.org/papers/volume9/chang08a/chang08a.pdf)"
    asks_for = "the mean of the labels −1 and +1"
    convex = True
    influence = "unbounded"
    steepest = 2.0
    expression = "maximum(1 - m, 0) ** 2"
    corners = (1.0,)

    def phi(self, m: Array) -> Array:
        return np.maximum(0.0, 1 - m) ** 2

    def dphi(self, m: Array) -> Array:
        return -2 * np.maximum(0.0, 1 - m)

    def d2phi(self, m: Array) -> Array:
        return 2 * (m < 1).astype(m.dtype)


@catalogued
class SmoothHinge(MarginLoss):
    """The hinge with its corner rounded off between margins of zero and one."""

    name = "Smooth hinge"
    latex = (
        r"\begin{cases} \frac{1}{2} - m & m \le 0 \\"
        r" \frac{1}{2} (1 - m)^2 & 0 < m < 1 \\ 0 & m \ge 1 \end{cases}"
    )
    reference = "[Rennie & Srebro 2005, eq. 6](https://home.ttic.edu/~nati/Publications/RennieSrebroIJCAI05.pdf)"
    asks_for = "one less the odds of the rarer class, on the side of the other"
    convex = True
    influence = "bounded"
    steepest = 1.0
    expression = "where(m <= 0, 0.5 - m, maximum(1 - m, 0) ** 2 / 2)"
    corners = (0.0, 1.0)

    def phi(self, m: Array) -> Array:
        short = np.maximum(1 - m, 0.0)
        return np.where(short < 1, 0.5 * short * short, short - 0.5)

    def dphi(self, m: Array) -> Array:
        return -np.clip(1 - m, 0.0, 1.0)

    def d2phi(self, m: Array) -> Array:
        return ((m >= 0) & (m <= 1)).astype(m.dtype)
