"""What losses of two classes ask for: the best answer where the chance of the class 1 is known."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.best import ENDLESS, LADDER, endless
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
BESIDE = 1e-12  # of 0, on either side
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
    tied: bool = False  # whether a score of 0 itself, which names no class, costs as little

    @property
    def calibrated(self) -> bool:
        """Whether the more likely class is always named, by a score that costs less than others."""
        return bool((self.surplus > TINY).all())

    @property
    def answers(self) -> Array:
        """The best score, in the middle where several are."""
        with np.errstate(invalid="ignore"):
            return np.where(self.low == self.high, self.low, 0.5 * (self.low + self.high))


def _risk(loss: Loss, one: float, other: float) -> Callable[[Array], Array]:
    """The cost of scores `(chances, n)` at each chance of a row of the target `one`."""
    eta = CHANCES[:, None]

    def risk(scores: Array) -> Array:
        y = np.ones_like(scores)
        with np.errstate(all="ignore"):
            cost = eta * loss.value(one * y, scores) + (1 - eta) * loss.value(other * y, scores)
        return np.where(np.isnan(cost), np.inf, cost)

    return risk


def _surplus(x: Array, total: Array, least: Array) -> tuple[Array, bool]:
    """How much more a score of the wrong side costs, and whether 0 itself is among the best.

    Where the best names no class, being 0, there is no surplus.
    """
    side = np.sign(x) * np.sign(CHANCES[:, None] - 0.5)
    wrong, right = (np.where(side == one, total, np.inf).min(axis=1) for one in (-1.0, 1.0))
    with np.errstate(invalid="ignore"):
        size = TINY + np.minimum(np.abs(wrong), LARGE)
        surplus = np.where(right - least > TINY * size, 0.0, (wrong - least) / size)
        tied = total[:, x == 0][:, 0] - least <= TINY * size
    surplus[CHANCES == 0.5] = np.inf
    surplus[~np.isfinite(least)] = np.nan
    return surplus, bool(tied[CHANCES != 0.5].any())


def _best(loss: Loss, one: float, other: float) -> tuple[Array, Array, Array, bool, str]:
    """Lowest and highest best score, surplus and tie, at each chance of a row of that target.

    And why there is no best score, if there is none.
    """
    tail = np.geomspace(WIDE, FAR, 31)
    parts = [np.linspace(-WIDE, WIDE, 1601), tail, -tail, np.array([0.0, BESIDE, -BESIDE])]
    x = np.unique(np.concatenate(parts))
    eta, risk = CHANCES[:, None], _risk(loss, one, other)
    total = risk(x + 0 * eta)
    least = total.min(axis=1, keepdims=True)
    surplus, tied = _surplus(x, total, least[:, 0])
    level = total <= least + 1e-13 * np.abs(least)
    low, high = x[level.argmax(axis=1)], x[x.size - 1 - level[:, ::-1].argmax(axis=1)]
    sharp = high - low < 0.2
    fine = _refined(risk, x[total.argmin(axis=1)])
    low, high = np.where(sharp, fine, low), np.where(sharp, fine, high)
    far = (risk(side * LADDER + 0 * eta) for side in (-1.0, 1.0))
    falls = any(endless(row) for side in far for row in side)
    why = ENDLESS if falls else NOWHERE if np.isnan(surplus).any() else ""
    return low, high, surplus, tied, why


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
    low, high, surplus, tied, why = _best(loss, 1.0, 0.0)
    p = sigmoid(0.5 * (low + high))
    name = _named_chance(p) if (high - low < 0.2).all() else OWN_SCORE
    if name == OWN_SCORE and _decides(low, high):
        name = MORE_LIKELY
    return Best(why or name, CHANCES, low, high, surplus, tied)


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
    low, high, surplus, tied, why = _best(loss, 1.0, -1.0)
    name = _named_score(low, high)
    if name == OWN_SCORE and _decides(low, high):
        name = MORE_LIKELY
    return Best(why or name, CHANCES, low, high, surplus, tied)


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
