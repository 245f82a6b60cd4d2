"""Where the properties of a loss are looked at: rows, and scores from tiny to huge."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.formula.corners import FEW, leaps, size
from losses.formula.corners import beside as neighbors
from losses.links import EXP

FAR = 1e6
EDGE = 1e-9  # beside the end of where a loss is defined, where it may be infinite
TARGETS = {"residual": (0.0,), "margin": (1.0,), "binary": (1.0, 0.0), "positive": (1.0, 0.3, 5.0)}


@dataclass(frozen=True, eq=False)
class Side:
    """A loss along the score of one row: scores from low to high, value, slope and bend."""

    target: float
    x: Array
    value: Array
    slope: Array
    bend: Array

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Which scores have a finite value and slope."""
        return np.isfinite(self.value) & np.isfinite(self.slope)


def kinks(loss: Loss) -> Array:
    """Where it jumps, turns or bends, on the axis of the score."""
    places = np.array(loss.kinks(), float)
    return np.log(places) if loss.link is EXP else places


def scores(loss: Loss) -> Array:
    """Even steps near zero, ever wider ones far out, and both sides of each kink."""
    tail = np.geomspace(1e-3, FAR, 181)
    own = np.sort(kinks(loss))
    between = 0.5 * (own[1:] + own[:-1])
    x = np.unique(
        np.concatenate([np.linspace(-12, 12, 1921), tail, -tail, between, *neighbors(own)])
    )
    return x[x > loss.lowest + EDGE]


def along(loss: Loss, target: float, x: Array) -> Side:
    """Value, slope and bend of a row with that target."""
    y = np.full_like(x, target)
    with np.errstate(all="ignore"):
        parts = loss.value(y, x), loss.gradient(y, x), loss.curvature(y, x)
    return Side(target, x, *parts)


@lru_cache(maxsize=8)
def sides(loss: Loss) -> tuple[Side, ...]:
    """The loss along each of its usual rows."""
    return tuple(along(loss, target, scores(loss)) for target in TARGETS[loss.family])


@lru_cache(maxsize=8)
def unit(loss: Loss) -> float:
    """What sizes are compared with: the largest loss near zero, or one if that is less."""
    near = [side.value[np.abs(side.x) <= 12] for side in sides(loss)]
    return size(np.concatenate(near))


@lru_cache(maxsize=16)
def beside(loss: Loss, target: float) -> Array:
    """Value, slope and bend `(3, n)` just below each kink, at it, and just above it: `(3, 3, n)`.

    Where a jump is seen only some numbers away, because nearer by a sum rounds, it is from there.
    """
    at = kinks(loss)
    near, far = (
        np.array([_parts(loss, target, x) for x in neighbors(at, step)]) for step in (0.0, FEW)
    )
    return np.where(leaps(*far) & ~leaps(*near), far, near)


def _parts(loss: Loss, target: float, x: Array) -> Array:
    side = along(loss, target, x)
    return np.array([side.value, side.slope, side.bend])
