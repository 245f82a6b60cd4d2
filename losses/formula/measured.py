"""How a loss and its pull end far out, measured on a ladder of ever larger errors."""

import math
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Influence, Loss
from losses.formula.probing import TARGETS, along

LADDER = 10.0 ** np.arange(1, 7)
LEVEL = 1e-3  # exponents below it are those of a constant
GONE = 1e-9  # of the largest pull: less is none


@dataclass(frozen=True)
class Ending:
    """One end of the axis: the powers of the error with which value and pull grow at its end.

    An exponent is infinite where the number overflows, minus infinite where the pull is gone, and
    NaN where nothing could be measured.
    """

    target: float
    direction: float
    value: float
    pull: float
    earlier: float  # the exponent of the value two steps before

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
            if abs(self.value - power) < 0.01:
                return name
        if self.earlier > 1.2 * self.value:
            return "ever more slowly, like a logarithm"
        return f"like a power of {self.value:.2g}"


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


def influence(loss: Loss) -> Endings:
    """How value and pull end on either side."""
    ends = [
        _ending(loss, target, direction)
        for target in TARGETS[loss.family]
        for direction in (-1.0, 1.0)
    ]
    return Endings(tuple(ends))


def _ending(loss: Loss, target: float, direction: float) -> Ending:
    x = direction * LADDER
    if direction < 0 and loss.lowest > -math.inf:
        x = loss.lowest + 1 / LADDER  # its other end is near: the loss may have a pole there
    side = along(loss, target, x)
    earlier = _exponent(side.value[:-2], False)
    value, pull = _exponent(side.value, False), _exponent(side.slope, True)
    return Ending(target, direction, value, pull, earlier)


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
    if sizes[-1] <= GONE * sizes.max() or not sizes[-1]:
        return -math.inf if pull else 0.0
    if not sizes[-2]:
        return math.nan
    return float(np.log10(sizes[-1] / sizes[-2]))
