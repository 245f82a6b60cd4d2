"""What a loss asks a model for: the answer that costs the least, on data that is lopsided."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.chances import chances_of, margins_of

ROWS = 501  # of each set of data: odd, so that its median is one of them
CLOSE = 1e-4  # of a level of an expectile
OWN = "a center of its own"
NOTHING = "nothing: no error costs anything"
SAME = "nothing: every error costs the same"
ENDLESS = "nothing: the cost falls without end"
AWAY = "nothing: no prediction costs less than one far from the data"
NOWHERE = "nothing: at no number is its cost finite"
EDGE = 1e-9  # beside the end of where a loss is defined
NAMELESS = (NOTHING, SAME, ENDLESS, AWAY, NOWHERE)
POLE = 1e-6  # of the cost: what falls by more in the last steps falls without end


@dataclass(frozen=True)
class Asked:
    """What it asks for, by name; the level of a quantile or expectile; the answers by data set.

    `quantiles` are the shares of the data below each answer, from and to; `expectiles` the levels.
    """

    name: str
    level: float = math.nan
    answers: Mapping[str, float] = field(default_factory=dict)
    quantiles: tuple[tuple[float, float], ...] = ()
    expectiles: tuple[float, ...] = ()


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


def answer(loss: Loss, data: Array) -> tuple[float, float]:
    """The constant prediction that costs the least: its lowest and highest value.

    Infinite where the cost falls without end, from minus infinity to infinity where it is least far
    from the data, and NaN where it is finite nowhere.
    """
    places = loss.link.score(data)
    spread = float(places[-1] - places[0])
    costs, before = _costs(loss, data), math.inf
    for room in (0.25, 5.0, 100.0, 2000.0):  # beyond the data, until the best is not at the edge
        low = max(places[0] - room * spread, loss.lowest + EDGE)
        candidates = np.linspace(low, places[-1] + room * spread, 161)
        total = costs(candidates)
        if not np.isfinite(total).any():
            return math.nan, math.nan
        least = float(np.nanmin(total))
        ties = np.flatnonzero(total <= least + 1e-12 * abs(least))
        if 0 < ties[0] and ties[-1] < total.size - 1:
            break
        falls, before = least < before - POLE * abs(least), least
    else:
        end = -math.inf if ties[0] == 0 else math.inf
        return (end, end) if falls else _mode(costs, places, least)
    at = float(candidates[ties[ties.size // 2]])
    step = float(candidates[1] - candidates[0])
    for _ in range(14):
        candidates = np.maximum(at + np.linspace(-step, step, 17), loss.lowest + EDGE)
        total, before = costs(candidates), least
        if np.nanmin(total) < least:
            at, least = float(candidates[int(np.nanargmin(total))]), float(np.nanmin(total))
        step /= 5
    if least < before - POLE * abs(least):
        return -math.inf, -math.inf
    low, high = _flat(costs, places, at, least)
    low, high = loss.link.prediction(np.array([low, high]))
    return float(low), float(high)


def _mode(costs: Callable[[Array], Array], places: Array, least: float) -> tuple[float, float]:
    """The number of the data that costs less than those far from it, if one does."""
    total = costs(places)
    total = np.where(np.isnan(total), np.inf, total)
    if not total.min() < least - 1e-12 * abs(least):
        return -math.inf, math.inf
    best = float(places[int(total.argmin())])
    return best, best


def _costs(loss: Loss, data: Array) -> Callable[[Array], Array]:
    """The mean loss of each of many constants; not a number where it is infinite."""

    def costs(constants: Array) -> Array:
        with np.errstate(all="ignore"):
            total = loss.value(data[None, :], constants[:, None]).mean(axis=1)
        return np.where(np.isfinite(total), total, np.nan)

    return costs


def _flat(
    costs: Callable[[Array], Array], data: Array, at: float, least: float
) -> tuple[float, float]:
    """The interval around the answer in which every constant costs the same."""
    places = np.unique(np.append(data, at))
    here = int(np.searchsorted(places, at))
    near = places[max(0, here - 8) : here + 9]
    middle = 0.5 * (near[1:] + near[:-1])
    level = costs(middle) <= least + 1e-12 * (1e-300 + abs(least))
    low = high = at
    for k, flat in enumerate(level):
        if flat:
            low, high = min(low, near[k]), max(high, near[k + 1])
    return float(low), float(high)


@lru_cache(maxsize=32)
def asked(loss: Loss) -> Asked:
    """What it asks for, measured."""
    if loss.family == "binary":
        return Asked(chances_of(loss).name)
    if loss.family == "margin":
        return Asked(margins_of(loss).name)
    return _of_numbers(loss)


def _of_numbers(loss: Loss) -> Asked:
    sets = lopsided()
    if loss.family == "positive":
        sets = {name: data for name, data in sets.items() if data[0] > 0}
    answers = {name: answer(loss, data) for name, data in sets.items()}
    answers = {name: pair for name, pair in answers.items() if not math.isnan(pair[0])}
    middles = {name: 0.5 * (low + high) for name, (low, high) in answers.items()}
    x = np.linspace(max(loss.lowest + 1, -50), 50, 101)
    with np.errstate(all="ignore"):
        costs = loss.value(np.ones_like(x), x)
    if not np.ptp(costs):
        return Asked(SAME if costs[0] else NOTHING)
    if not answers:
        return Asked(NOWHERE)
    if not all(math.isfinite(one) for pair in answers.values() for one in pair):
        away = any(low == -math.inf and high == math.inf for low, high in answers.values())
        return Asked(AWAY if away else ENDLESS)
    pairs = [(lopsided()[name], *answers[name]) for name in answers]
    expectiles = tuple(_expectile(data, 0.5 * (low + high)) for data, low, high in pairs)
    quantiles = tuple(_shares(data, low, high) for data, low, high in pairs)
    sharp = all(below < most for below, most in quantiles)  # at a row, or between two of them
    low, high = max(one for one, _ in quantiles), min(one for _, one in quantiles)
    known = (middles, quantiles, expectiles)
    if np.ptp(expectiles) < CLOSE and CLOSE < min(expectiles) <= max(expectiles) < 1 - CLOSE:
        tau = float(np.mean(expectiles))
        return Asked("the mean" if abs(tau - 0.5) < CLOSE else "the τ-expectile", tau, *known)
    if sharp and low <= high + 1e-9:
        tau = _round(low, high)
        if not 0 < tau < 1:
            return Asked(OWN, math.nan, *known)
        return Asked("the median" if tau == 0.5 else "the τ-quantile", tau, *known)
    return Asked(OWN, math.nan, *known)


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
