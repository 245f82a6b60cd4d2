"""Margin losses against the count of mistakes that they replace: who finds the likelier class.

At a true rate η, a score s costs C(s) = η φ(s) + (1 − η) φ(−s) on average. φ is classification-
calibrated if for no η but ½ a score of the wrong sign, or 0, costs as little as can be:
H⁻(η) > H(η). A convex φ is if and only if it has a slope at 0, and that is below 0.
[Bartlett, Jordan & McAuliffe 2006, definition 1 and theorem 2](https://doi.org/10.1198/016214505000000907)
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from losses.arrays import Array
from losses.families import MarginLoss

REACH = 8.0  # scores; with rates from .01 to .99 the bottoms of all losses lie nearer to 0
STEPS = 3201
RATES = np.linspace(0.01, 0.99, 99)
BESIDE = 1e-300  # 0: a score on the one side of it or on the other
SAME = 1e-12  # scores that differ by less are the same
TIED = 1e-12  # costs that differ by less are the same to the last digits


@dataclass(frozen=True)
class Lowest:
    """Between which scores the conditional risk is at its lowest, and what it is there.

    `low` and `high` are the same where one score alone is best; they are infinite where every score
    on that side is as good.
    """

    low: float
    high: float
    risk: float

    @property
    def sign(self) -> int:
        """The sign of every best score; 0 if 0 is one of them, or if they have both signs."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class Calibrated:
    """Whether a loss is classification-calibrated, and how that is known.

    `slope` is φ'(0), nan where there is none. `gap` is the least of H⁻(η) − H(η) over the rates of
    a grid other than ½, and `gap_at` where it is.
    """

    yes: bool
    by_theorem: bool
    slope: float
    gap: float
    gap_at: float


def risk(loss: MarginLoss, score: Array, eta: float) -> Array:
    """The conditional risk at a true rate eta, shaped like the scores."""
    return eta * loss.phi(score) + (1 - eta) * loss.phi(-score)


def lowest(loss: MarginLoss, eta: float) -> Lowest:
    """Where the conditional risk bottoms, 0 < eta < 1: on a grid, then by halving a step of it."""
    scores = _scores(loss)
    costs = risk(loss, scores, eta)
    least = float(costs.min())
    best = np.flatnonzero(costs <= least + TIED)
    first, last = int(best[0]), int(best[-1])
    if last - first > 2:  # more than neighbors: a flat floor
        low = -np.inf if first == 0 else float(scores[first])
        high = np.inf if last == len(scores) - 1 else float(scores[last])
        return Lowest(low, high, least)
    place = min(scores[best].tolist(), key=abs)
    at = _halved(loss, eta, float(scores[max(first - 1, 0)]), float(scores[last + 1]))
    cost = float(risk(loss, np.array(at), eta))
    if abs(at - place) > SAME and cost <= least + TIED:
        place, least = at, cost
    return Lowest(place, place, least)


@lru_cache(maxsize=32)
def calibrated(loss: MarginLoss) -> Calibrated:
    """By the theorem where φ is convex, else by H⁻ and H on a grid of rates and scores."""
    gap, at = _gap(loss)
    slope = _slope_at_zero(loss)
    if loss.convex:
        return Calibrated(slope < 0, True, slope, gap, at)  # never, where there is no slope
    return Calibrated(gap > TIED, False, slope, gap, at)


def _gap(loss: MarginLoss) -> tuple[float, float]:
    """The least of H⁻ − H over the grid of rates, without ½, and its place."""
    scores = _scores(loss)
    rates = RATES[np.abs(RATES - 0.5) > 1e-9]
    costs = rates[:, None] * loss.phi(scores) + (1 - rates[:, None]) * loss.phi(-scores)
    wrong = np.sign(scores) * (2 * rates[:, None] - 1) <= 0
    gaps = np.where(wrong, costs, np.inf).min(axis=1) - costs.min(axis=1)
    worst = int(gaps.argmin())
    return float(gaps[worst]), float(rates[worst])


def _slope_at_zero(loss: MarginLoss) -> float:
    """φ'(0); nan at a corner or a jump."""
    left, here, right = (np.array([side]) for side in (-BESIDE, 0.0, BESIDE))
    jumps = len({float(loss.phi(side)[0]) for side in (left, here, right)}) > 1
    turns = float(loss.dphi(left)[0]) != float(loss.dphi(right)[0])
    return float("nan") if jumps or turns else float(loss.dphi(here)[0])


@lru_cache(maxsize=32)
def _scores(loss: MarginLoss) -> Array:
    """The grid, with 0 and its neighbors, and the corners of φ(s) and of φ(−s)."""
    corners = [side * corner for corner in loss.kinks() for side in (-1, 1)]
    sides = [-BESIDE, 0.0, BESIDE, *corners]
    return np.union1d(np.linspace(-REACH, REACH, STEPS), sides)


def _halved(loss: MarginLoss, eta: float, low: float, high: float) -> float:
    """Where the slope of the conditional risk changes its sign between two scores."""
    for _ in range(80):
        middle = np.array(low / 2 + high / 2)
        slope = float(eta * loss.dphi(middle) - (1 - eta) * loss.dphi(-middle))
        low, high = (float(middle), high) if slope < 0 else (low, float(middle))
    return high
