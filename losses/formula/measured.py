"""How a loss and its pull end far out, measured on a ladder of ever larger errors."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from losses.arrays import Array
from losses.base import Influence, Loss
from losses.formula.probing import TARGETS, along

LADDER = 10.0 ** np.arange(1, 7)
FARTHER = 10.0 ** np.arange(1, 13)  # where the growth has not settled before
SETTLED = 0.01  # of an exponent: less is no change
LEVEL = 1e-3  # exponents below it are those of a constant
GONE = 1e-9  # of the largest pull: less is none


@dataclass(frozen=True)
class Ending:
    """One end of the axis: the powers of the error with which value and pull grow at its end.

    An exponent is infinite where the number grows faster than any power, minus infinite where the
    pull is gone, and NaN where nothing could be measured. `sinks` is whether the value grows
    downwards, `reach` the largest error that was looked at.
    """

    target: float
    direction: float
    value: float
    pull: float
    earlier: float  # the exponent of the value two steps before
    sinks: bool
    reach: float

    @property
    def influence(self) -> Influence:
        if self.pull > LEVEL:
            return "unbounded"
        return "bounded" if self.pull >= -LEVEL else "redescending"

    @property
    def growth(self) -> str:
        """How the loss grows on this side."""
        if math.isnan(self.value):
            return "unknown"
        if self.value == math.inf:
            return "faster than any power"
        if self.value < LEVEL:
            return "bounded"
        for power, name in ((1.0, "linear"), (2.0, "quadratic")):
            if abs(self.value - power) < SETTLED:
                return name
            if 0 < self.value - power < 0.1 and self.earlier > self.value + LEVEL:
                return f"a little faster than {name}"
        if self.earlier > 1.2 * self.value:
            return "ever more slowly, like a logarithm"
        return f"like a power of {self.value:.{2 if self.value < 10 else 4}g}"


@dataclass(frozen=True)
class Endings:
    """Both ends of every usual row."""

    each: tuple[Ending, ...]

    @property
    def overall(self) -> Influence:
        """The least bounded of all."""
        found = {one.influence for one in self.each if not math.isnan(one.pull)}
        order: tuple[Influence, ...] = ("unbounded", "bounded", "redescending")
        return next((name for name in order if name in found), "unbounded")

    @property
    def known(self) -> bool:
        return not any(math.isnan(one.pull) for one in self.each)

    @property
    def sinks(self) -> bool:
        """Whether it falls below zero without end on some side."""
        return any(one.sinks for one in self.each)

    @property
    def reach(self) -> float:
        return max(one.reach for one in self.each)


@lru_cache(maxsize=8)
def influence(loss: Loss) -> Endings:
    """How value and pull end on either side."""
    ends = [
        _ending(loss, target, direction)
        for target in TARGETS[loss.family]
        for direction in (-1.0, 1.0)
    ]
    return Endings(tuple(ends))


def _ending(loss: Loss, target: float, direction: float) -> Ending:
    if direction < 0 and loss.lowest > -math.inf:  # its other end is near: there may be a pole
        side = along(loss, target, loss.lowest + 1 / LADDER)
        earlier = _exponent(side.value[:-2], False)
        value, pull = _exponent(side.value, False), _exponent(side.slope, True)
        sinks = bool(side.value[-1] < 0 and value > LEVEL)
        return Ending(target, direction, value, pull, earlier, sinks, 0.0)
    side = along(loss, target, direction * LADDER)
    values, reach = side.value, float(LADDER[-1])
    value, earlier = _exponent(values, False), _exponent(values[:-2], False)
    if value == math.inf:
        value, reach = _overflowing(loss, target, direction, values)
        earlier = value
    elif LEVEL < value and abs(value - _exponent(values[:-1], False)) > SETTLED:
        values, reach = along(loss, target, direction * FARTHER).value, float(FARTHER[-1])
        value, earlier = _exponent(values, False), _exponent(values[:-4], False)
    known = values[~np.isnan(values)]
    sinks = bool(known.size and known[-1] < 0 and value > LEVEL)
    return Ending(target, direction, value, _exponent(side.slope, True), earlier, sinks, reach)


def _overflowing(loss: Loss, target: float, direction: float, values: Array) -> tuple[float, float]:
    """The power with which it grows up to where it overflows; infinite if that grows; and where."""
    finite = np.flatnonzero(np.isfinite(values))
    low, high = (
        (LADDER[finite[-1]] if finite.size else 1.0),
        LADDER[min(finite.size, LADDER.size - 1)],
    )
    for _ in range(12):
        middle = math.sqrt(low * high)
        fits = np.isfinite(along(loss, target, np.array([direction * middle])).value[0])
        low, high = (middle, high) if fits else (low, middle)
    sizes = np.abs(along(loss, target, direction * low * 0.98 ** np.arange(3)).value)
    with np.errstate(all="ignore"):
        last, before = np.log(sizes[:-1] / sizes[1:]) / -math.log(0.98)
    return float(last) if abs(last - before) < 0.1 * SETTLED * last else math.inf, float(low)


def _exponent(numbers: Array, pull: bool) -> float:
    """The power of the error by which numbers grow from its last step but one to the last."""
    sizes = np.abs(numbers)
    if np.isnan(sizes[0]):
        return math.nan
    end = int(np.argmin(np.append(np.isfinite(sizes), False)))
    if end < len(sizes) and (np.isinf(sizes[end]) or sizes[end - 1] > 1e100):
        return math.inf
    sizes = sizes[:end]
    if len(sizes) < 2:
        return math.nan
    if sizes[-1] <= GONE * (sizes if pull else sizes[-3:]).max() or not sizes[-1]:
        return -math.inf if pull else 0.0
    if not sizes[-2]:
        return math.nan
    return float(np.log10(sizes[-1] / sizes[-2]))
