"""Where focal loss pulls harder on the logit than cross-entropy does."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.links import SIGMOID
from losses.probabilistic import CrossEntropy, Focal

EDGE = 30.0  # logits; beyond it the ratio has settled on its limit to the last digit
GRID = 6001


@dataclass(frozen=True)
class Emphasis:
    """The ratio |focal gradient| / |cross-entropy gradient| for rows of one class, by p_t.

    `peak` is the largest ratio and `peak_at` its p_t; `crossings` are the p_t where the ratio is 1.
    """

    peak: float
    peak_at: float
    crossings: tuple[float, ...]


@dataclass(frozen=True)
class Discount:
    """What both losses charge a row of class 1 that the model gives the probability p."""

    p: float
    entropy: float
    focal: float


def discounts(focal: Focal, at: tuple[float, ...] = (0.1, 0.5, 0.9, 0.968)) -> tuple[Discount, ...]:
    """Cross-entropy and focal side by side, at the p_t of Lin et al. 2017, section 3.2."""
    p = np.array(at)
    target, score = np.ones_like(p), SIGMOID.score(p)
    entropy, value = CrossEntropy().value(target, score), focal.value(target, score)
    return tuple(Discount(*row) for row in zip(at, entropy.tolist(), value.tolist(), strict=True))


def gradient_ratio(focal: Focal, m: Array, *, positive: bool = True) -> Array:
    """The ratio of the two gradients at logits m of the true class."""
    target = np.full_like(m, float(positive))
    score = m if positive else -m
    return focal.gradient(target, score) / CrossEntropy().gradient(target, score)


def emphasis(focal: Focal, *, positive: bool = True) -> Emphasis:
    """The peak of the ratio and the places where it crosses 1, to a bisection's last digits."""
    m = np.linspace(-EDGE, EDGE, GRID)
    ratio = gradient_ratio(focal, m, positive=positive)
    peak_at, peak = _top(focal, positive)
    louder = ratio > 1 + 1e-12
    edges = np.flatnonzero(louder[1:] != louder[:-1])
    crossings = [_bisected(focal, m[edge], m[edge + 1], positive) for edge in edges]
    p = SIGMOID.prediction(np.array([peak_at, *crossings]))
    return Emphasis(peak, float(p[0]), tuple(p[1:].tolist()))


def _top(focal: Focal, positive: bool) -> tuple[float, float]:
    """Logit and size of the largest ratio, on grids that close in on it."""
    low, high = -EDGE, EDGE
    for _ in range(6):
        m = np.linspace(low, high, 401)
        ratio = gradient_ratio(focal, m, positive=positive)
        top = int(ratio.argmax())
        low, high = m[max(top - 2, 0)], m[min(top + 2, m.size - 1)]
    return float(m[top]), float(ratio[top])


def _bisected(focal: Focal, low: float, high: float, positive: bool) -> float:
    """The logit between low and high at which the ratio is 1."""
    rising = gradient_ratio(focal, np.array([low]), positive=positive)[0] < 1
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = gradient_ratio(focal, np.array([middle]), positive=positive)[0] < 1
        low, high = (middle, high) if below == rising else (low, middle)
    return 0.5 * (low + high)
