"""Whether a loss is convex, monotone, symmetric: searched for counterexamples, never proved."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.formula.probing import Side, along, bottom, seams, sides, unit

NOISE = 1e-9  # of a size: less is rounding
ENOUGH = 300  # scores with finite numbers: fewer carry no yes
CLEAR, TINY, LARGE = 12.0, 1e-10, 1e12  # scores and numbers that make a good witness


@dataclass(frozen=True)
class Search:
    """Whether a property held everywhere it was looked at; else two scores where it did not.

    `points` is how many scores were looked at, from `low` to `high`; `target` that of the row,
    `before` and `after` what was compared at the two scores of the witness.
    """

    found: bool
    points: int
    low: float
    high: float
    witness: tuple[float, float] = (np.nan, np.nan)
    before: float = np.nan
    after: float = np.nan
    target: float = np.nan

    @property
    def known(self) -> bool:
        """Whether enough was looked at for a yes."""
        return not self.found or self.points >= ENOUGH


class Jump(NamedTuple):
    """A place with the values below, at and above it, and the target of the row."""

    at: float
    below: float
    here: float
    above: float
    target: float
    unit: float

    @property
    def single(self) -> bool:
        """Whether only the value at the place itself is another one."""
        return not apart(self.below, self.above, self.unit)

    @property
    def size(self) -> float:
        """How far it jumps."""
        size = abs((self.here if self.single else self.above) - self.below)
        return math.inf if math.isnan(size) else float(f"{size:.9g}")


@lru_cache(maxsize=8)
def jumps(loss: Loss) -> tuple[Jump, ...]:
    """Each jump of the value, of the first rows that have one; each place once."""
    found: dict[float, Jump] = {}
    for side in sides(loss):
        if found and loss.family == "positive":
            break
        for one in seams(loss, side.target):
            below, here, above = (float(part[0]) for part in (one.below, one.here, one.above))
            jump = Jump(one.at, below, here, above, side.target, one.unit)
            if not jump.single or apart(jump.below, jump.here, one.unit):
                found.setdefault(one.at, jump)
    return tuple(found[at] for at in sorted(found))


def apart(one: float, other: float, unit: float) -> bool:
    """Whether two numbers differ by more than rounding; where one is none, they do not."""
    if np.isnan(one) or np.isnan(other):
        return False  # the edge of where it is defined
    if np.isinf(one) or np.isinf(other):
        return one != other
    return abs(one - other) > NOISE * (unit + abs(one))


def _range(loss: Loss) -> tuple[int, float, float]:
    """How many scores have finite numbers, the lowest and the highest."""
    finite = [side.x[side.finite] for side in sides(loss)]
    x = np.concatenate(finite)
    return (x.size, float(x.min()), float(x.max())) if x.size else (0, np.nan, np.nan)


def convexity(loss: Loss) -> Search:
    """Whether the slope never falls, and the value never jumps."""
    looked = _range(loss)
    for one in jumps(loss):
        after = one.here if one.single else one.above
        return Search(False, *looked, (one.at, one.at), one.below, after, one.target)
    worst = None
    for side in sides(loss):
        for x, slope in _nearest_first(side.x, side.slope, side.finite):
            fall = slope[:-1] - slope[1:]
            size = np.maximum(np.abs(slope[:-1]), np.abs(slope[1:]))
            if (fall > NOISE * size + 1e-12 * unit(loss)).any():
                a, b = _widest(slope)
                pair = (float(x[a]), float(x[b]))
                here = Search(False, *looked, pair, slope[a], slope[b], side.target)
                if worst is None or here.before - here.after > worst.before - worst.after:
                    worst = here
                break
    return worst or Search(True, *looked)


def _nearest_first(
    x: Array, numbers: Array, ok: NDArray[np.bool_]
) -> Iterator[tuple[Array, Array]]:
    """Some scores with their numbers: those that make a good witness, then all."""
    size = np.abs(x)
    clear = (size <= CLEAR) & ((size >= TINY) | (size == 0)) & (np.abs(numbers) <= LARGE)
    for good in (ok & clear, ok):
        if good.sum() > 1:
            yield x[good], numbers[good]


def _widest(slope: Array) -> tuple[int, int]:
    """The two places, in order, between which the slope falls the most."""
    peak = np.maximum.accumulate(slope)
    end = int(np.argmax(peak - slope))
    return int(np.argmax(slope[: end + 1])), end


def monotone(loss: Loss) -> Search:
    """Whether being further wrong never costs less: along |r|, against the margin or the logit."""
    looked = _range(loss)
    for side in sides(loss):
        for places, values in _outward(loss, side):
            for x, value in _nearest_first(places, values, np.isfinite(values)):
                found = _fallen(loss, side, x, value)
                if found:
                    a, b = found
                    pair = (float(x[a]), float(x[b]))
                    return Search(False, *looked, pair, value[a], value[b], side.target)
    return Search(True, *looked)


def _fallen(loss: Loss, side: Side, x: Array, value: Array) -> tuple[int, int] | None:
    """Between which two scores the value falls by more than rounding."""
    if (np.diff(value) < -NOISE * (unit(loss) + np.abs(value[1:]))).any():
        return _widest(value)
    center = bottom(loss, side.target) if loss.family in ("residual", "positive") else None
    if center is None or x[0] != center or not tilted(loss, side.target):
        return None
    first = 1 + int(np.argmin(value[1:])) if value.size > 1 else 0
    return (0, first) if value[first] < value[0] else None


def tilted(loss: Loss, target: float) -> bool:
    """Whether it has one slope at the right answer that is not zero: to one side it falls there."""
    center = bottom(loss, target)
    if any(abs(one.at - center) < NOISE for one in seams(loss, target)):
        return False
    here = along(loss, target, np.array([center]))
    return bool(np.abs(here.slope[0]) > NOISE * (unit(loss) + np.abs(here.bend[0])))


def _outward(loss: Loss, side: Side) -> list[tuple[Array, Array]]:
    """Scores in the order of how wrong they are, with their values."""
    ok = np.isfinite(side.value)
    x, value = side.x[ok], side.value[ok]
    if loss.family in ("residual", "positive"):
        center = bottom(loss, side.target)
        low, high = x <= center, x >= center
        return [(x[high], value[high]), (x[low][::-1], value[low][::-1])]
    wrong_first = side.target != 1 and loss.family == "binary"
    return [(x, value)] if wrong_first else [(x[::-1], value[::-1])]


def symmetry(loss: Loss) -> Search:
    """Whether both signs of an error cost the same; for losses of the residual."""
    (side,) = sides(loss)
    x = np.unique(np.abs(side.x[side.x != 0]))
    with np.errstate(all="ignore"):
        up, down = (loss.value(np.zeros_like(x), sign * x) for sign in (1.0, -1.0))
        gap = np.abs(up - down) / (unit(loss) + np.abs(up))
    known = ~(np.isnan(up) | np.isnan(down))
    known &= np.isfinite(up) | np.isfinite(down)  # that both overflow is no evidence
    gap = np.where(np.isfinite(up) & np.isfinite(down), gap, up != down)[known]
    x, up, down = x[known], up[known], down[known]
    failing = np.flatnonzero(gap > NOISE)
    if not failing.size:
        high = float(x[-1]) if x.size else np.nan
        return Search(True, 2 * x.size, -high, high)
    k = failing[np.argmin(np.abs(np.log(x[failing])))]
    witness = (float(x[k]), float(-x[k]))
    return Search(False, 2 * x.size, float(-x[-1]), float(x[-1]), witness, up[k], down[k], 0.0)
