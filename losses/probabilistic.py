"""Losses of a binary logit z, with p = sigmoid(z) and y of 0 or 1."""

import math

import numpy as np

from losses.arrays import Array
from losses.base import peak
from losses.families import BinaryLoss
from losses.links import sigmoid, softplus
from losses.spec import NON_NEGATIVE, POSITIVE, UNIT, catalogued, param
from losses.sums import dot, log1p_sum, softplus_powers


def chances(m: Array) -> tuple[Array, Array, Array]:
    """p_t, 1 − p_t and −log p_t from the logit of the true class, by one exponential."""
    e = np.exp(-np.abs(m))
    sure, unsure, right = 1 / (1 + e), e / (1 + e), m >= 0
    return (
        np.where(right, sure, unsure),
        np.where(right, unsure, sure),
        np.log1p(e) - np.minimum(m, 0.0),
    )


@catalogued
class CrossEntropy(BinaryLoss):
    """The surprise, in nats, of seeing y when the model said p: no limit to confident mistakes."""

    name = "Cross-entropy"
    latex = r"-w_1 y_\epsilon \log p - (1 - y_\epsilon) \log (1 - p)"
    where = r"y_\epsilon = y (1 - \epsilon) + \frac{1}{2} \epsilon"
    reference = "[Good 1952](https://doi.org/10.1111/j.2517-6161.1952.tb00104.x)"
    asks_for = "the probability"
    convex = True
    influence = "bounded"
    positive_weight: float = param(
        1.0,
        0.1,
        20.0,
        "w_1",
        "How many negatives one positive weighs as much as",
        step=0.1,
        domain=POSITIVE,
        quiet=True,
    )
    smoothing: float = param(
        0.0,
        0.0,
        0.5,
        r"\epsilon",
        "The share of each label that is spread evenly over both classes",
        domain=UNIT,
        quiet=True,
    )

    def asks(self) -> str:
        return self.asks_for if self._plain else "a probability moved by its weight and smoothing"

    @property
    def steepest(self) -> float:
        w, share = self.positive_weight, self.smoothing / 2  # the curvature is (own + other) p q
        return max(w + share * (1 - w), 1 + share * (w - 1)) / 4

    @property
    def expression(self) -> str:
        y = "(y * (1 - smoothing) + smoothing / 2)" if self.smoothing else "y"
        weighed = f"positive_weight * {y}" if self.positive_weight != 1 else y
        return f"{weighed} * softplus(-z) + (1 - {y}) * softplus(z)"

    def phi(self, m: Array, y: Array) -> Array:
        if self._plain:
            return softplus(-m)
        own, other = self._shares(y)
        if not self.smoothing:  # the other class has no share, not even of an infinite loss
            return own * softplus(-m)
        return own * softplus(-m) + other * softplus(m)

    def dphi(self, m: Array, y: Array) -> Array:
        if self._plain:
            return -sigmoid(-m)
        own, other = self._shares(y)
        return other * sigmoid(m) - own * sigmoid(-m)

    def d2phi(self, m: Array, y: Array) -> Array:
        own, other = self._shares(y)
        return (own + other) * sigmoid(m) * sigmoid(-m)

    def sum(self, m: Array, y: Array) -> float:
        if not self._plain:
            return super().sum(m, y)
        powers, beyond = softplus_powers(-m)
        return log1p_sum(powers) + beyond

    def sum_and_slopes(self, m: Array, y: Array, out: Array) -> float:
        if not self._plain:
            return super().sum_and_slopes(m, y, out)
        powers, beyond = softplus_powers(-m)
        np.divide(powers, -1 - powers, out=out)
        return log1p_sum(powers) + beyond

    def symbols(self, target: float, score: float) -> dict[str, float]:
        smoothed = target * (1 - self.smoothing) + self.smoothing / 2
        return super().symbols(target, score) | {r"y_\epsilon": smoothed}

    @property
    def _plain(self) -> bool:
        return self.positive_weight == 1 and not self.smoothing

    def _shares(self, y: Array) -> tuple[Array, Array]:
        """The factors of the log-probabilities of a row's own class and of the other class."""
        own = np.where(y == 1, self.positive_weight, np.ones_like(y))
        other = np.where(y == 1, np.ones_like(y), self.positive_weight)
        return own * (1 - self.smoothing / 2), other * (self.smoothing / 2)


@catalogued
class Focal(BinaryLoss):
    """Cross-entropy that turns its back on easy rows: surer right answers count less."""

    name = "Focal"
    latex = r"-\alpha_t (1 - p_t)^\gamma \log p_t"
    where = (
        r"p_t = \begin{cases} p & y = 1 \\ 1 - p & y = 0 \end{cases} \quad"
        r" \alpha_t = \begin{cases} \alpha & y = 1 \\ 1 - \alpha & y = 0 \end{cases}"
    )
    reference = "[Lin et al. 2017, eqs. 4 and 5](https://arxiv.org/abs/1708.02002)"
    asks_for = "a probability drawn towards one half"
    influence = "bounded"
    gamma: float = param(
        2.0,
        0.0,
        5.0,
        r"\gamma",
        "How strongly rows that are already right are discounted",
        domain=NON_NEGATIVE,
    )
    alpha: float | None = param(
        None,
        0.0,
        1.0,
        r"\alpha",
        "The weight of positives; negatives get 1 − α. None: both weigh 1",
        domain=UNIT,
    )

    @property
    def convex(self) -> bool:
        return self.gamma == 0

    @property
    def steepest(self) -> float:
        heavier = 1.0 if self.alpha is None or self.alpha > 0.5 else 0.0  # class
        return peak(lambda m: self.d2phi(m, np.full_like(m, heavier)), -math.log1p(self.gamma))

    @property
    def expression(self) -> str:
        balance = "" if self.alpha is None else "(alpha * y + (1 - alpha) * (1 - y)) * "
        return f"{balance}sigmoid(-m) ** gamma * softplus(-m)"

    def asks(self) -> str:
        if self.alpha not in (None, 0.5):  # one half weighs both classes alike
            return "a probability moved by α" + " and γ" * (self.gamma > 0)
        return self.asks_for if self.gamma else "the probability"

    def phi(self, m: Array, y: Array) -> Array:
        _, q, u = chances(m)
        return self._weighted(y, q**self.gamma * u)

    def dphi(self, m: Array, y: Array) -> Array:
        p, q, u = chances(m)
        # d/dm of q^γ u, with dq/dm = −pq and du/dm = −q; Lin et al. 2017, appendix A
        return self._weighted(y, -(q**self.gamma) * (self.gamma * p * u + q))

    def d2phi(self, m: Array, y: Array) -> Array:
        (p, q, u), g = chances(m), self.gamma
        return self._weighted(y, q**g * p * (g * u * (g * p - q) + (2 * g + 1) * q))

    def symbols(self, target: float, score: float) -> dict[str, float]:
        balance = 1.0 if self.alpha is None else float(self._balance(np.asarray(target)))
        return super().symbols(target, score) | {r"\alpha_t": balance}

    def sum_and_slopes(self, m: Array, y: Array, out: Array) -> float:
        p, q, u = chances(m)
        doubt = q**self.gamma
        out[...] = self._weighted(y, -doubt * (self.gamma * p * u + q))
        return dot(self._weighted(y, doubt), u)

    def _weighted(self, y: Array, part: Array) -> Array:
        """The part times α_t; a class without weight costs nothing, not even at infinity."""
        if self.alpha is None:
            return part
        balance = self._balance(y)
        with np.errstate(invalid="ignore"):
            return np.where(balance == 0, 0.0, balance * part)

    def _balance(self, y: Array) -> Array:
        assert self.alpha is not None
        return np.where(y == 1, self.alpha, (1 - self.alpha) * np.ones_like(y))


@catalogued
class Brier(BinaryLoss):
    """Squared error between the probability and what happened: no mistake costs more than one."""

    name = "Brier"
    latex = r"(p - y)^2"
    reference = "[Brier 1950, halved for two classes](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2)"
    asks_for = "the probability"
    convex = False
    influence = "redescending"
    steepest = 13 / 768 + 55 * 33**0.5 / 2304  # where p_t = (9 + √33) / 24
    expression = "(p - y) ** 2"

    def phi(self, m: Array, y: Array) -> Array:
        return sigmoid(-m) ** 2

    def dphi(self, m: Array, y: Array) -> Array:
        return -2 * sigmoid(-m) ** 2 * sigmoid(m)

    def d2phi(self, m: Array, y: Array) -> Array:
        p, q = sigmoid(m), sigmoid(-m)
        return 2 * q * q * p * (2 * p - q)
