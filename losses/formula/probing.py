"""Where the properties of a loss are looked at: rows, and scores from tiny to huge."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.formula.corners import Corner, cornered, size
from losses.formula.limits import sided, smallest
from losses.links import EXP

FAR = 1e6
NEAR = 30.0  # scores up to here must have a finite loss
FEWEST = 3  # neighboring scores without a number: fewer are single places
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


def scores(loss: Loss, target: float) -> Array:
    """Even steps near zero, ever finer ones at it, ever wider ones far out, both sides of kinks."""
    tail = np.geomspace(1e-3, FAR, 181)
    tip = np.geomspace(1e-9, 1e-3, 30, endpoint=False)
    corners = seams(loss, target)
    own = np.array([one.at for one in corners])
    step = np.array([one.step for one in corners])
    right = bottom(loss, target) if loss.family in ("residual", "positive") else 0.0
    parts = [np.linspace(-12, 12, 1921), tail, -tail, 0.5 * (own[1:] + own[:-1])]
    parts += [right - tip, np.array([right]), right + tip, own - step, own, own + step]
    x = np.unique(np.concatenate(parts))
    return x[x > loss.lowest + EDGE]


def bottom(loss: Loss, target: float) -> float:
    """The score of the right answer."""
    return float(loss.link.score(np.asarray(target)))


def along(loss: Loss, target: float, x: Array) -> Side:
    """Value, slope and bend of a row with that target."""
    y = np.full_like(x, target)
    with np.errstate(all="ignore"):
        parts = loss.value(y, x), loss.gradient(y, x), loss.curvature(y, x)
    return Side(target, x, *parts)


@lru_cache(maxsize=8)
def sides(loss: Loss) -> tuple[Side, ...]:
    """The loss along each of its usual rows."""
    return tuple(along(loss, target, scores(loss, target)) for target in TARGETS[loss.family])


@lru_cache(maxsize=8)
def unit(loss: Loss) -> float:
    """What sizes are compared with: the largest loss near zero, or one if that is less."""
    near = [side.value[np.abs(side.x) <= 12] for side in sides(loss)]
    return size(np.concatenate(near))


@lru_cache(maxsize=16)
def seams(loss: Loss, target: float) -> tuple[Corner, ...]:
    """Where it jumps, turns or bends along the score of a row with that target."""
    own = getattr(loss, "seams_of", None)
    if own is not None:
        return tuple(own(target))
    at = np.unique(kinks(loss))
    steps = smallest(at)

    def parts(x: Array) -> Array:
        side = along(loss, target, x)
        return np.array([side.value, side.slope, side.bend])

    unit = size(parts(np.linspace(-10, 10, 201))[0])
    return tuple(cornered(at, sided(parts, at, steps), steps, unit))


@lru_cache(maxsize=16)
def poles(loss: Loss, which: int = 0) -> dict[float, tuple[float, float]]:
    """Each place beside which the value (0) or slope (1) is infinite, with what it is there."""
    found: dict[float, tuple[float, float]] = {}
    for target in TARGETS[loss.family]:
        for one in seams(loss, target):
            ends = (float(one.below[which]), float(one.above[which]))
            if np.isinf(ends).any():
                found.setdefault(one.at, ends)
    return found


@dataclass(frozen=True)
class Gap:
    """Scores of a row, from and to, between which the loss is no number; one of them."""

    low: float
    high: float
    example: float
    target: float


@lru_cache(maxsize=8)
def gaps(loss: Loss) -> tuple[Gap, ...]:
    """Where it is no number near zero on more than single places: the widest gap of each row."""
    found = []
    for side in sides(loss):
        near = np.abs(side.x) <= NEAR
        x, wrong = side.x[near], np.isnan(side.value[near])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], wrong, [False]])))
        runs = [(a, b) for a, b in edges.reshape(-1, 2).tolist() if b - a >= FEWEST]
        if runs:
            a, b = max(runs, key=lambda run: x[run[1] - 1] - x[run[0]])
            low = -np.inf if a == 0 else _edge(loss, side.target, x[a], x[a - 1])
            high = np.inf if b == x.size else _edge(loss, side.target, x[b - 1], x[b])
            example = min(x[a:b].tolist(), key=lambda one: (one != round(one), abs(abs(one) - 1)))
            found.append(Gap(low, high, example, side.target))
    return tuple(found)


def _edge(loss: Loss, target: float, wrong: float, right: float) -> float:
    """Where between two scores the loss begins to be a number."""
    for _ in range(60):
        middle = 0.5 * (wrong + right)
        value = loss.value(np.array([target]), np.array([middle]))[0]
        wrong, right = (middle, right) if np.isnan(value) else (wrong, middle)
    return round(right, 12) + 0.0
