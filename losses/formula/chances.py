"""What losses of two classes ask for: the best answer where the chance of the class 1 is known."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.links import sigmoid

CHANCES = np.round(np.arange(1, 20) / 20, 2)  # 5 %, 10 %, … 95 %
WIDE, FAR = 40.0, 1e6
CLOSE = 1e-5
LARGE = 1e300
TINY = 1e-9  # of a cost: less is rounding
PROBABILITY = "the probability"
DRAWN = "a probability drawn towards one half"
SURER = "a probability driven towards 0 and 1"
MOVED = "a probability moved to one side"
NO_SCORE = "nothing: a score of 0 costs the least"
NOWHERE = "nothing: at no score is its cost finite"
MORE_LIKELY = "the more likely class"
OWN_SCORE = "a score of its own"


@dataclass(frozen=True, eq=False)
class Best:
    """At each chance, the best score, from low to high, and the surplus of the wrong side.

    The surplus is how much more the best score costs that does not name the more likely class.
    """

    name: str
    chances: Array
    low: Array
    high: Array
    surplus: Array

    @property
    def calibrated(self) -> bool:
        """Whether the more likely class is always named, by a score that costs less than others."""
        return bool((self.surplus > TINY).all())

    @property
    def answers(self) -> Array:
        """The best score, in the middle where several are."""
        with np.errstate(invalid="ignore"):
            return np.where(self.low == self.high, self.low, 0.5 * (self.low + self.high))


def _best(loss: Loss, one: float, other: float) -> tuple[Array, ...]:
    """Lowest and highest best score and surplus, at each chance of a row of the target `one`."""
    tail = np.geomspace(WIDE, FAR, 31)
    x = np.unique(np.concatenate([np.linspace(-WIDE, WIDE, 1601), tail, -tail]))
    eta = CHANCES[:, None]

    def risk(scores: Array) -> Array:
        y = np.ones_like(scores)
        with np.errstate(all="ignore"):
            cost = eta * loss.value(one * y, scores) + (1 - eta) * loss.value(other * y, scores)
        return np.where(np.isnan(cost), np.inf, cost)

    total = risk(x + 0 * eta)
    least = total.min(axis=1, keepdims=True)
    side = np.sign(x) * np.sign(eta - 0.5) <= 0
    wrong = np.where(side, total, np.inf).min(axis=1)
    with np.errstate(invalid="ignore"):
        surplus = (wrong - least[:, 0]) / (TINY + np.minimum(np.abs(wrong), LARGE))
    surplus[CHANCES == 0.5] = np.inf
    surplus[~np.isfinite(least[:, 0])] = np.nan
    level = total <= least + 1e-13 * np.abs(least)
    low, high = x[level.argmax(axis=1)], x[x.size - 1 - level[:, ::-1].argmax(axis=1)]
    sharp = high - low < 0.2
    fine = _refined(risk, x[total.argmin(axis=1)])
    return np.where(sharp, fine, low), np.where(sharp, fine, high), surplus


def _refined(risk: Callable[[Array], Array], at: Array) -> Array:
    step = 2 * WIDE / 1600
    for _ in range(12):
        near = at[:, None] + np.linspace(-step, step, 17)
        at = np.take_along_axis(near, risk(near).argmin(axis=1)[:, None], axis=1)[:, 0]
        step /= 5
    return at


@lru_cache(maxsize=8)
def chances_of(loss: Loss) -> Best:
    """What a loss of a logit asks for."""
    low, high, surplus = _best(loss, 1.0, 0.0)
    p = sigmoid(0.5 * (low + high))
    name = _named_chance(p) if (high - low < 0.2).all() else OWN_SCORE
    if name == OWN_SCORE and _decides(low, high):
        name = MORE_LIKELY
    name = NOWHERE if np.isnan(surplus).any() else name
    return Best(name, CHANCES, low, high, surplus)


def _named_chance(p: Array) -> str:
    moved = p - CHANCES
    if np.abs(moved).max() < CLOSE:
        return PROBABILITY
    if abs(p[CHANCES == 0.5][0] - 0.5) > CLOSE:
        return MOVED
    pulled = np.abs(p - 0.5) - np.abs(CHANCES - 0.5)
    if (pulled < CLOSE).all():
        return DRAWN
    return SURER if (pulled > -CLOSE).all() else OWN_SCORE


def _odds_of_rarer(eta: Array) -> Array:
    rarer = np.minimum(eta, 1 - eta)
    return np.sign(eta - 0.5) * (1 - rarer / (1 - rarer))


LINKS: dict[str, Callable[[Array], Array]] = {
    "the log-odds": lambda eta: np.log(eta / (1 - eta)),
    "half of the log-odds": lambda eta: 0.5 * np.log(eta / (1 - eta)),
    "the mean of the labels −1 and +1": lambda eta: 2 * eta - 1,
    "the tangent of the probability less ½": lambda eta: np.tan(eta - 0.5),
    "one less the odds of the rarer class, on the side of the other": _odds_of_rarer,
}


@lru_cache(maxsize=8)
def margins_of(loss: Loss) -> Best:
    """What a loss of the margin asks for."""
    low, high, surplus = _best(loss, 1.0, -1.0)
    name = NOWHERE if np.isnan(surplus).any() else _named_score(low, high)
    if name == OWN_SCORE and _decides(low, high):
        name = MORE_LIKELY
    return Best(name, CHANCES, low, high, surplus)


def _named_score(low: Array, high: Array) -> str:
    known = CHANCES != 0.5  # at one half both classes are as good
    low, high, eta = low[known], high[known], CHANCES[known]
    middle = 0.5 * (low + high)
    if (high - low < 0.2).all() and np.isfinite(middle).all():
        for name, link in LINKS.items():
            if np.abs(middle - link(eta)).max() < CLOSE:
                return name
        if np.abs(middle).max() < CLOSE:
            return NO_SCORE
    return OWN_SCORE


def _decides(low: Array, high: Array) -> bool:
    """Whether the best score says only which class is more likely."""
    known = CHANCES != 0.5
    low, high, sign = low[known], high[known], np.sign(CHANCES[known] - 0.5)
    middle = 0.5 * (low + high)
    holds = (low <= 0) & (high >= 0) & ~((low == 0) | (high == 0))
    if (np.sign(middle) != sign).any() or holds.any():
        return False
    return bool((high - low >= 0.2).all() or np.ptp(np.abs(middle)) < CLOSE)


def gap(best: Best) -> tuple[float, float]:
    """The chance at which a probability is asked for that is farthest from it, and that one."""
    p = sigmoid(best.answers)
    k = int(np.abs(p - best.chances).argmax())
    return float(best.chances[k]), float(p[k]) if math.isfinite(p[k]) else math.nan
