"""What a loss asks a model for: the answer that costs the least, on data that is lopsided."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.best import (
    AWAY,
    ENDLESS,
    LOWEST,
    MANY,
    NOWHERE,
    OVERFLOWS,
    UNDEFINED,
    Best,
    best,
)
from losses.formula.chances import chances_of, margins_of
from losses.formula.probing import gaps, sides

ROWS = 501  # of each set of data: odd, so that its median is one of them
CLOSE = 1e-4  # of a level of an expectile
OWN = "a center of its own"
NOTHING = "nothing: no error costs anything"
SAME = "nothing: every error costs the same"
UNMEASURED = (OVERFLOWS, UNDEFINED)
NAMELESS = (NOTHING, SAME, ENDLESS, AWAY, LOWEST, MANY, NOWHERE, *UNMEASURED)


@dataclass(frozen=True)
class Asked:
    """What it asks for, by name; the level of a quantile or expectile; the answers by data set.

    `quantiles` are the shares of the data below each answer, from and to; `expectiles` the levels;
    `noun` says which of the two it is, if one; `intervals` are the answers, from and to; and on as
    many sets as are `left` its cost is no finite number.
    """

    name: str
    level: float = math.nan
    answers: Mapping[str, float] = field(default_factory=dict)
    quantiles: tuple[tuple[float, float], ...] = ()
    expectiles: tuple[float, ...] = ()
    noun: str = ""
    intervals: Mapping[str, Best] = field(default_factory=dict)
    left: int = 0


@lru_cache(maxsize=1)
def lopsided() -> Mapping[str, Array]:
    """Quantiles of skewed distributions, in several units and to either side."""
    level = (np.arange(ROWS) + 0.5) / ROWS
    exponential = -np.log1p(-level)
    normal = np.array([NormalDist().inv_cdf(one) for one in level])
    return {
        "log-normal": np.exp(normal),
        "exponential": exponential,
        "exponential, turned around": -exponential[::-1],
        "log-normal, in a unit 30 times as fine": 30 * np.exp(normal),
        "exponential, in a unit 30 times as coarse": exponential / 30,
    }


@lru_cache(maxsize=32)
def asked(loss: Loss) -> Asked:
    """What it asks for, measured."""
    if gaps(loss):
        return Asked(UNDEFINED)
    if loss.family == "binary":
        return Asked(chances_of(loss).name)
    if loss.family == "margin":
        return Asked(margins_of(loss).name)
    return _of_numbers(loss)


def _of_numbers(loss: Loss) -> Asked:
    values = [side.value for side in sides(loss)]
    if not any(map(np.ptp, values)):
        return Asked(SAME if any(value[0] for value in values) else NOTHING)
    sets = lopsided()
    if loss.family == "positive":
        sets = {name: data for name, data in sets.items() if data[0] > 0}
    answers: dict[str, Best] = {}
    for name, data in sets.items():
        answers[name] = one = best(loss, data)
        if one.why in (ENDLESS, AWAY, LOWEST, MANY):
            return Asked(one.why, intervals=answers if one.why == MANY else {})
    whys = [one.why for one in answers.values()]
    answers = {name: one for name, one in answers.items() if not one.why}
    if 2 * len(answers) <= len(sets):
        return Asked(next(why for why in whys if why))
    return _named(loss, answers, len(sets) - len(answers))


def _named(loss: Loss, answers: Mapping[str, Best], left: int) -> Asked:
    """What the answers on all sets of data have in common."""
    pairs = [(lopsided()[name], one) for name, one in answers.items()]
    expectiles = tuple(_expectile(data, one.middle) for data, one in pairs)
    quantiles = tuple(_shares(data, one.low, one.high) for data, one in pairs)
    wide = max(most - below for below, most in quantiles) > 2.5 / ROWS
    sharp = not wide and all(below < most for below, most in quantiles)  # at a row, or between two
    low, high = max(one for one, _ in quantiles), min(one for _, one in quantiles)
    middles = {name: one.middle for name, one in answers.items()}

    def asked(name: str, level: float = math.nan, noun: str = "") -> Asked:
        return Asked(name, level, middles, quantiles, expectiles, noun, dict(answers), left)

    if wide:
        return asked(OWN)
    if np.ptp(expectiles) < CLOSE and CLOSE < min(expectiles) <= max(expectiles) < 1 - CLOSE:
        tau = float(np.mean(expectiles))
        if abs(tau - 0.5) < CLOSE:
            return asked("the mean", tau)
        return asked(_level(loss, tau, "expectile"), tau, "expectile")
    if sharp and low <= high + 1e-9:
        tau = _round(low, high)
        if 0 < tau < 1:
            own = tau == 0.5
            name = "the median" if own else _level(loss, tau, "quantile")
            return asked(name, tau, "" if own else "quantile")
    return asked(OWN)


def _level(loss: Loss, tau: float, noun: str) -> str:
    """With the letter τ only where that is a parameter, and this its level."""
    own = loss.values().get("tau")
    if own is not None and abs(float(own) - tau) < 1e-3:
        return f"the τ-{noun}"
    return f"the {100 * tau:.4g} % {noun}"


def _shares(data: Array, low: float, high: float) -> tuple[float, float]:
    """The least and the largest share of the data that may be said to lie below the answer."""
    near = 1e-6 * float(data[-1] - data[0])
    below, most = np.searchsorted(data, low - near), np.searchsorted(data, high + near)
    return float(below) / data.size, float(most) / data.size


def _expectile(data: Array, at: float) -> float:
    """The level of the expectile that a number is: where a tau-weighted square costs the least."""
    under, over = np.maximum(data - at, 0).mean(), np.maximum(at - data, 0).mean()
    return float(over / (over + under))


def _round(low: float, high: float) -> float:
    """The roundest number of an interval."""
    for digits in range(1, 5):
        short = round(0.5 * (low + high), digits)
        if low - 1e-9 <= short <= high + 1e-9:
            return short
    return 0.5 * (low + high)
