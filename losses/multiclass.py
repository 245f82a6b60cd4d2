"""Losses of K logits and the index of the true class."""

import math

import numpy as np

from losses.arrays import Array
from losses.base import peak
from losses.families import MulticlassLoss
from losses.softmax import Parts, others, parts, ratio, shares
from losses.spec import NON_NEGATIVE, UNIT, catalogued, param
from losses.sums import log1p_sum


@catalogued
class SoftmaxCrossEntropy(MulticlassLoss):
    """The surprise, in nats, of the true class: predicted less happened is its pull."""

    name = "Softmax cross-entropy"
    latex = r"\log \sum_k e^{z_k} - (1 - \epsilon) z_y - \frac{\epsilon}{K} \sum_k z_k"
    reference = "[Bridle 1990](https://proceedings.neurips.cc/paper/1989/hash/0336dcbab05b9d5ad24f4333c7658a0e-Abstract.html)"
    asks_for = "the probability of each class"
    convex = True
    influence = "bounded"
    steepest = 0.5  # of two classes at ½: diag(p) − p pᵀ has no larger eigenvalue
    smoothing: float = param(
        0.0,
        0.0,
        0.5,
        r"\epsilon",
        "The share of each label that is spread evenly over all classes",
        domain=UNIT,
        quiet=True,
    )

    @property
    def expression(self) -> str:
        if not self.smoothing:
            return "surprise"
        return "surprise + smoothing * (sum(hot * z) - sum(z) / K)"

    def asks(self) -> str:
        smoothed = "a probability of each class drawn towards 1/K"
        return smoothed if self.smoothing else self.asks_for

    def value(self, target: Array, score: Array) -> Array:
        surprise = parts(target, score).surprise
        if not self.smoothing:
            return surprise
        own = np.take_along_axis(score, np.asarray(target, dtype=np.intp)[:, None], axis=-1)
        return surprise - self.smoothing * (score - own).mean(axis=-1)

    def gradient(self, target: Array, score: Array) -> Array:
        hot, p, wrong, _, miss = parts(target, score)
        pull = np.where(hot, -miss[:, None], wrong)
        if not self.smoothing:
            return pull
        share = self.smoothing / score.shape[-1]
        return np.where(hot, pull + (self.smoothing - share), p - share)

    def curvature(self, target: Array, score: Array) -> Array:
        _, p, _, _, _ = parts(target, score)
        return p * others(p)

    def total(self, target: Array, score: Array) -> float:
        if self.smoothing:
            return super().total(target, score)
        _, rest, own, beyond, _ = shares(target, score)
        return log1p_sum(rest / own) + beyond

    def total_and_slopes(self, target: Array, x: Array, out: Array) -> float:
        if self.smoothing:
            return super().total_and_slopes(target, x, out)
        wrong, rest, own, beyond, true = shares(target, x)
        share = 1 / (rest + own)
        np.multiply(wrong, share[:, None], out=out)
        out.reshape(-1)[true] = -rest * share
        return log1p_sum(rest / own) + beyond


@catalogued
class SoftmaxFocal(MulticlassLoss):
    """Softmax cross-entropy that turns its back on rows it already gets right."""

    name = "Softmax focal"
    latex = r"-(1 - p_y)^\gamma \log p_y"
    where = r"p_y = \frac{e^{z_y}}{\sum_k e^{z_k}}"
    reference = (
        "[Lin et al. 2017, eq. 4, with softmax for sigmoid](https://arxiv.org/abs/1708.02002)"
    )
    asks_for = "probabilities drawn towards 1/K"
    influence = "bounded"
    expression = "(-expm1(-surprise)) ** gamma * surprise"
    gamma: float = param(
        2.0,
        0.0,
        5.0,
        r"\gamma",
        "How strongly rows that are already right are discounted",
        domain=NON_NEGATIVE,
    )

    @property
    def convex(self) -> bool:
        return self.gamma == 0

    @property
    def steepest(self) -> float:
        """That of two classes: spread over more, what is missing bends less."""

        def bent(m: Array) -> Array:
            two = np.column_stack([m, np.zeros_like(m)])
            return 2 * self.curvature(np.zeros_like(m), two)[:, 0]

        return peak(bent, -math.log1p(self.gamma))

    def asks(self) -> str:
        return self.asks_for if self.gamma else SoftmaxCrossEntropy.asks_for

    def value(self, target: Array, score: Array) -> Array:
        found = parts(target, score)
        return found.miss**self.gamma * found.surprise

    def gradient(self, target: Array, score: Array) -> Array:
        hot, _, wrong, surprise, miss = parts(target, score)
        pull = self._slope(surprise, miss)
        return pull[:, None] * np.where(hot, -miss[:, None], wrong)

    def curvature(self, target: Array, score: Array) -> Array:
        hot, p, wrong, u, q = parts(target, score)
        g, p_y = self.gamma, np.exp(-u)
        bend = g * q ** (g + 1) * p_y * ((g - 1) * p_y * ratio(u, q) + 2 - u)
        share = np.where(hot, 1.0, wrong / np.where(q > 0, q, 1.0)[:, None])
        return self._slope(u, q)[:, None] * p * others(p) + bend[:, None] * share**2

    def _slope(self, surprise: Array, miss: Array) -> Array:
        """The derivative in the surprise, `(n,)`."""
        g = self.gamma
        return miss**g * (1 + g * np.exp(-surprise) * ratio(surprise, miss))

    def symbols(self, target: float, score: float) -> dict[str, float]:
        own = super().symbols(target, score)
        whole = np.exp(own["z_y"]) + own["K"] - 1
        return own | {"p_y": float(np.exp(own["z_y"]) / whole)}


@catalogued
class MulticlassHinge(MulticlassLoss):
    """The true class has to lead its strongest rival by one; what is missing is the cost."""

    name = "Multiclass hinge"
    latex = r"\max(0, 1 + \max_{k \ne y} (z_k - z_y))"
    reference = "[Crammer & Singer 2001](https://www.jmlr.org/papers/v2/crammer01a.html)"
    asks_for = "the class of more than half of the rows"
    convex = True
    influence = "bounded"
    expression = "maximum(1 + max(where(hot > 0, -inf, z)) - sum(hot * z), 0)"

    def value(self, target: Array, score: Array) -> Array:
        lead, _, _ = self._rival(target, score)
        return np.maximum(1 + lead, 0.0)

    def gradient(self, target: Array, score: Array) -> Array:
        lead, hot, rival = self._rival(target, score)
        pull = rival.astype(score.dtype) - hot
        return np.where((lead > -1)[:, None], pull, np.zeros_like(pull))

    def curvature(self, target: Array, score: Array) -> Array:
        return np.zeros_like(score)

    def kinks(self) -> tuple[float, ...]:
        return (1.0,)

    def _rival(self, target: Array, score: Array) -> tuple[Array, Array, Array]:
        """The lead of the strongest other class, and one-hot rows of the true and that class."""
        classes = np.asarray(target, dtype=np.intp)[:, None]
        index = np.arange(score.shape[-1])
        lead = np.where(index == classes, -np.inf, score - np.take_along_axis(score, classes, -1))
        rival = lead.argmax(axis=-1)[:, None]
        return np.take_along_axis(lead, rival, -1)[:, 0], index == classes, index == rival


@catalogued
class MulticlassBrier(MulticlassLoss):
    """Squared distance between the class probabilities and what happened: at most two."""

    name = "Multiclass Brier"
    latex = r"\sum_k (p_k - [k = y])^2"
    reference = "[Brier 1950](https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2)"
    asks_for = "the probability of each class"
    convex = False
    influence = "redescending"
    steepest = 13 / 192 + 55 * 33**0.5 / 576  # of two classes, four times that of Brier
    expression = "sum((p - hot) ** 2)"

    def value(self, target: Array, score: Array) -> Array:
        found = parts(target, score)
        return found.miss**2 + (found.wrong**2).sum(axis=-1)

    def gradient(self, target: Array, score: Array) -> Array:
        found = parts(target, score)
        return 2 * found.p * self._error(found)

    def curvature(self, target: Array, score: Array) -> Array:
        found = parts(target, score)
        p, p_y = found.p, np.exp(-found.surprise)[:, None]
        error, square = self._error(found), (p * p).sum(axis=-1, keepdims=True)
        drift = 2 * p * (p - square) - p_y * (found.hot - p)
        return 2 * p * (others(p) * (error + p) - drift)

    def _error(self, found: Parts) -> Array:
        """What is predicted less what happened, less its mean under the prediction."""
        top = found.wrong.max(axis=-1)
        behind = found.wrong - top[:, None]  # exactly 0 for the strongest of the wrong classes
        square = (found.wrong**2).sum(axis=-1)
        right = -(found.miss**2) - square
        p_y = np.where(found.hot, found.p, 0.0).sum(axis=-1)
        apart = p_y * (found.miss + top) - (found.wrong * behind).sum(axis=-1)
        return np.where(found.hot, right[:, None], behind + apart[:, None])
