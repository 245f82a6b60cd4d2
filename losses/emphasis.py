"""Where focal loss pulls harder on the logit than cross-entropy does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.links import SIGMOID, sigmoid, softplus
from losses.probabilistic import CrossEntropy, Focal

EDGE = 30.0  # logits; beyond it the ratio has settled on its limit to the last digit
GRID = 6001


@dataclass(frozen=True)
class Emphasis:
    """The ratio |focal gradient| / |cross-entropy gradient| for rows of one class, by p_t.

    `peak` is the largest ratio and `peak_at` its p_t; `louder` are the intervals of p_t where the
    ratio exceeds 1. Where it is the same at every p_t, `constant` is True and the peak is nowhere.
    """

    peak: float
    peak_at: float
    louder: tuple[tuple[float, float], ...]
    constant: bool


def log_ratio(focal: Focal, m: Array, *, positive: bool = True) -> Array:
    """The logarithm of the ratio at logits m of the true class, exact where the ratio nears 1.

    The ratio is α_t q^(γ - 1) (γ p u + q), with q = 1 - p and u = -log p; Lin et al. 2017, app. A.
    """
    if focal.gamma == 0:
        return np.full_like(m, _log_weight(focal, positive))
    p, q, u, gamma = sigmoid(m), sigmoid(-m), softplus(-m), focal.gamma
    # two forms of log(γ p u + q), each where the other one cancels
    unsure, sure = p * (gamma * u - 1), gamma * p * u + q
    shape = np.where(m < 0, np.log1p(np.where(m < 0, unsure, 0.0)), np.log(sure))
    return shape - (gamma - 1) * softplus(m) + _log_weight(focal, positive)


def emphasis(focal: Focal, *, positive: bool = True) -> Emphasis:
    """The peak of the ratio, and where it is above 1, to a bisection's last digits."""
    m = np.linspace(-EDGE, EDGE, GRID)
    louder = log_ratio(focal, m, positive=positive) > 0
    weight = math.exp(_log_weight(focal, positive))
    if focal.gamma == 0 or weight == 0:
        everywhere = ((0.0, 1.0),) if louder[0] else ()
        return Emphasis(weight, math.nan, everywhere, True)
    edges = np.flatnonzero(louder[1:] != louder[:-1])
    crossings = np.array([_bisected(focal, m[k], m[k + 1], positive) for k in edges])
    bounds = SIGMOID.prediction(crossings).tolist()
    bounds = [0.0] * bool(louder[0]) + bounds + [1.0] * bool(louder[-1])
    peak_at, peak = _top(focal, positive)
    intervals = tuple(zip(bounds[::2], bounds[1::2], strict=True))
    return Emphasis(peak, float(sigmoid(np.asarray(peak_at))), intervals, False)


def marks(gammas: Sequence[float], weight: float = 1.0) -> tuple[Array, Array]:
    """For a class that α weighs so, the peak's p_t `(gammas,)` and the crossings `(gammas, 2)`.

    NaN stands where there is none. They are read off a grid and refined once: good to 5e-6.
    """
    m = np.linspace(-EDGE, EDGE, GRID)
    step, peaks, crossings = m[1] - m[0], [], np.full((len(gammas), 2), np.nan)
    with np.errstate(divide="ignore"):
        raised = np.log(weight)  # -inf for a class without weight
    for place, focal in enumerate(Focal(gamma=gamma) for gamma in gammas):
        ratio = log_ratio(focal, m)
        top = int(np.clip(ratio.argmax(), 1, GRID - 2))
        before, here, after = ratio[top - 1 : top + 2]
        bend = before - 2 * here + after
        peaks.append(m[top] + step * (before - after) / (2 * bend) if here > 0 else np.nan)
        above = ratio + raised
        edges = np.flatnonzero((above[1:] > 0) != (above[:-1] > 0))[:2]
        slope = (above[edges + 1] - above[edges]) / step
        found = m[edges] - above[edges] / slope
        found -= (log_ratio(focal, found) + raised) / slope
        crossings[place, : len(edges)] = found
    return sigmoid(np.array(peaks)), sigmoid(crossings)


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


def _log_weight(focal: Focal, positive: bool) -> float:
    """log α_t: 0 without alpha, -inf for a class without weight."""
    if focal.alpha is None:
        return 0.0
    weight = focal.alpha if positive else 1 - focal.alpha
    return math.log(weight) if weight else -math.inf


def _top(focal: Focal, positive: bool) -> tuple[float, float]:
    """Logit and size of the largest ratio, on grids that close in on it."""
    low, high = -EDGE, EDGE
    for _ in range(6):
        m = np.linspace(low, high, 401)
        ratio = log_ratio(focal, m, positive=positive)
        top = int(ratio.argmax())
        low, high = m[max(top - 2, 0)], m[min(top + 2, m.size - 1)]
    return float(m[top]), float(np.exp(ratio[top]))


def _bisected(focal: Focal, low: float, high: float, positive: bool) -> float:
    """The logit between low and high at which the ratio crosses 1."""
    rising = log_ratio(focal, np.array([low]), positive=positive)[0] < 0
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = log_ratio(focal, np.array([middle]), positive=positive)[0] < 0
        low, high = (middle, high) if below == rising else (low, middle)
    return 0.5 * (low + high)
