"""The constant prediction that costs the least on some data, or why there is none."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.formula.probing import EDGE, TARGETS, poles, seams
from losses.formula.shapes import convexity

NOWHERE = "nothing: at no number is its cost finite"
ENDLESS = "nothing: the cost falls without end"
AWAY = "nothing: no prediction costs less than one far from the data"
LOWEST = "nothing: no prediction costs less than the lowest there is"
MANY = "no one number: many cost the same"
OVERFLOWS = "nothing that could be measured: the cost overflows"
UNDEFINED = "nothing that could be measured: for some errors it is no number"
GRID = 161
ROOMS = (0.25, 5.0, 100.0, 2000.0)  # beyond the data, in their spread
LADDER = 10.0 ** np.arange(1, 16)  # the same: where a cost without end must go on falling
STEADY = 0.9  # of the fall before: what falls by so much at each tenfold step has no end
UNDERFLOW = 1e-100  # of a cost: what is level to less has only rounded to zero
TIE = 1e-12  # of a cost: less is rounding

Costs = Callable[[Array], Array]


class Best(NamedTuple):
    """The lowest and highest prediction that cost the least, or why there is none."""

    low: float
    high: float
    why: str = ""

    @property
    def middle(self) -> float:
        return 0.5 * (self.low + self.high)


def best(loss: Loss, data: Array) -> Best:
    """The constant prediction that costs the least on sorted data."""
    if any(-math.inf in ends for ends in poles(loss).values()):
        return Best(math.nan, math.nan, ENDLESS)
    places = loss.link.score(data)
    spread = float(places[-1] - places[0])
    costs, own = _costs(loss, data), _own(loss, places)
    sharp = costs(own)
    for room in ROOMS:  # until the best is not at the edge
        low = max(places[0] - room * spread, loss.lowest + EDGE)
        grid = np.linspace(low, places[-1] + room * spread, GRID)
        candidates, order = np.unique(np.append(grid, own), return_index=True)
        total = np.append(costs(grid), sharp)[order]
        if not np.isfinite(total).any():
            return Best(math.nan, math.nan, _unmeasured(total))
        finite = np.where(np.isfinite(total), total, np.inf)
        least = float(finite.min())
        ties = np.flatnonzero(finite <= least + TIE * abs(least))
        if 0 < ties[0] and ties[-1] < candidates.size - 1:
            break
    else:
        return _outside(loss, data, candidates, ties, spread)
    if ties.size > 2 and ties[-1] - ties[0] >= ties.size:  # and others cost more between them
        return Best(*_predictions(loss, candidates[ties[0]], candidates[ties[-1]]), MANY)
    if (candidates[ties[-1]] - candidates[ties[0]]) > 2.5 * (grid[1] - grid[0]):
        low, high = _ends(costs, candidates, ties, least)
        return Best(*_predictions(loss, low, high))
    at, least = _refined(loss, costs, candidates[ties[ties.size // 2]], grid[1] - grid[0], least)
    return Best(*_predictions(loss, *_flat(costs, places, at, least)))


def _costs(loss: Loss, data: Array) -> Costs:
    """The mean loss of each of many constants."""

    def costs(constants: Array) -> Array:
        with np.errstate(all="ignore"):
            return loss.value(data[None, :], constants[:, None]).mean(axis=1)

    return costs


def _own(loss: Loss, places: Array) -> Array:
    """Where a best answer may be that a grid would miss: sharp places, and between two poles."""
    if convexity(loss).found:
        return np.empty(0)
    sharp = [
        one.at - (0.0 if loss.family == "residual" else float(loss.link.score(np.array(target))))
        for target in TARGETS[loss.family][:1]
        for one in seams(loss, target)
        if one.jumps or not one.below[1] >= one.above[1]
    ]
    if any(math.inf in ends for ends in poles(loss).values()):
        places = np.append(places, 0.5 * (places[1:] + places[:-1]))
    return np.unique(np.concatenate([places + shift for shift in sharp[:3]] or [np.empty(0)]))


def _predictions(loss: Loss, low: float, high: float) -> tuple[float, float]:
    low, high = loss.link.prediction(np.array([low, high]))
    return float(low), float(high)


def _unmeasured(total: Array) -> str:
    """Why no cost is a finite number."""
    if np.isnan(total).any():
        return UNDEFINED
    return ENDLESS if (total == -np.inf).any() else OVERFLOWS


def _outside(
    loss: Loss, data: Array, candidates: Array, ties: NDArray[np.intp], spread: float
) -> Best:
    """What is so where no candidate costs less than one at an edge."""
    costs = _costs(loss, data)
    both = ties[0] == 0 and ties[-1] == candidates.size - 1
    for end, side in ((0, -1.0), (candidates.size - 1, 1.0)):
        if end in ties and endless(costs(candidates[end] + side * spread * LADDER)):
            return Best(math.nan, math.nan, ENDLESS)
    if ties[0] == 0 and loss.lowest > -math.inf and ties.size == 1:
        return Best(math.nan, math.nan, LOWEST)
    level = not loss.gradient(data[None, :], candidates[ties][:, None]).any()
    if both or ties.size < 3 or ties[-1] - ties[0] >= ties.size or not level:
        return Best(math.nan, math.nan, AWAY)
    least = float(costs(candidates[ties[:1]])[0])
    ends = _ends(costs, candidates, ties, least)
    edge = ends[1] + 1e-6 * spread if ties[0] == 0 else ends[0] - 1e-6 * spread
    if not costs(np.array([edge]))[0] > least + UNDERFLOW:
        return Best(math.nan, math.nan, AWAY)
    low, high = _predictions(loss, *ends)
    return Best(-math.inf if ties[0] == 0 else low, high if ties[0] == 0 else math.inf, MANY)


def endless(total: Array) -> bool:
    """Whether costs along `LADDER` fall below zero, at each step by no less than before."""
    if (total == -np.inf).any():
        return True
    falls = total[:-1] - total[1:]
    steady = falls[1:] >= STEADY * falls[:-1]
    return bool(total[-1] < 0 and (falls[-4:] > 0).all() and steady[-3:].all())


def _refined(loss: Loss, costs: Costs, at: float, step: float, least: float) -> tuple[float, float]:
    """The place and the cost of a best answer, looked for ever more finely."""
    for _ in range(14):
        candidates = np.maximum(at + np.linspace(-step, step, 17), loss.lowest + EDGE)
        total = costs(candidates)
        total = np.where(np.isfinite(total), total, np.inf)
        if total.min() < least:
            at, least = float(candidates[int(total.argmin())]), float(total.min())
        step /= 5
    return float(at), least


def _ends(
    costs: Costs, candidates: Array, ties: NDArray[np.intp], least: float
) -> tuple[float, float]:
    """The ends of an interval in which all cost the least."""
    ends = []
    for tie, outer in ((ties[0], ties[0] - 1), (ties[-1], ties[-1] + 1)):
        inside = float(candidates[tie])
        if 0 <= outer < candidates.size:
            outside = float(candidates[outer])
            for _ in range(50):
                middle = 0.5 * (inside + outside)
                level = costs(np.array([middle]))[0] <= least + TIE * abs(least)
                inside, outside = (middle, outside) if level else (inside, middle)
        ends.append(inside)
    return ends[0], ends[1]


def _flat(costs: Costs, data: Array, at: float, least: float) -> tuple[float, float]:
    """The interval around the answer in which every constant costs the same."""
    places = np.unique(np.append(data, at))
    here = int(np.searchsorted(places, at))
    near = places[max(0, here - 8) : here + 9]
    middle = 0.5 * (near[1:] + near[:-1])
    level = costs(middle) <= least + TIE * (1e-300 + abs(least))
    low = high = at
    for k, flat in enumerate(level):
        if flat:
            low, high = min(low, near[k]), max(high, near[k + 1])
    return float(low), float(high)
