"""The path of two weights over the valley of their data cost, and where it touches the penalty."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.fit import fit
from losses.fit.result import LEAST
from losses.penalties import Penalty
from losses.regression import SquaredError
from losses.shrink.dial import dialed
from losses.shrink.path import Path
from losses.shrink.problem import at_strength
from losses.shrink.touching import Touching, touching

WAYS, RADII = 96, 65  # directions in which the valley is sounded, and how often in each
MANY, FEW_WAYS, FEW_RADII = 4000, 64, 17  # rows, of which each sounding takes its time
QUICK, TURNS, DOUBLINGS = 8, 90, 60  # of the search for a bias: more than are needed
FLAT, NEAR = 1e-6, 1e-6  # as good as level, relatively; as good as one place
ROOM = 1.08  # beyond the largest curve
WIDER = 2  # so many times the usual window, at most, for curves of equal data cost
FAR = 10  # so many times the largest curve: too far for a picture
EVEN = 1e-9  # of the spread: what two columns that say the same keep of their own


@dataclass(frozen=True, eq=False)
class Valley:
    """The data cost of two weights, the bias at its best for each, sounded from a center `(2,)`.

    At `center + radii[:, j, None] * ways[j]` it is `costs[:, j]`: both `(R, K)`, and rising.
    """

    center: Array
    ways: Array
    radii: Array
    costs: Array

    def contour(self, level: float) -> Array:
        """The places `(K + 1, 2)` that cost so much, closed; NaN where none is within reach.

        Between soundings the root of the cost is taken for a straight line, as on a parabola.
        """
        least = float(self.costs[0].min())
        height = np.sqrt(max(level - least, 0.0))
        far = np.array([self._reach(j, height, least) for j in range(len(self.ways))])
        places = self.center + far[:, None] * self.ways
        return np.vstack([places, places[:1]])

    def _reach(self, way: int, height: float, least: float) -> float:
        known = np.isfinite(self.costs[:, way])
        heights = np.sqrt(np.maximum(self.costs[known, way] - least, 0.0))
        return float(np.interp(height, heights, self.radii[known], right=np.nan))


@dataclass(frozen=True, eq=False)
class Plane:
    """A path of two slopes, `touchings` at each of its λ, and the valley that it lies in.

    `free` are the best weights without a penalty, or None where there are none, or far away.
    No place of interest is farther than `reach` from the origin on either axis.
    """

    path: Path
    touchings: tuple[Touching, ...]
    valley: Valley
    free: Array | None
    reach: float

    @cached_property
    def touched(self) -> Array:
        """The curves of equal data cost through the best weights at each λ, `(m, K + 1, 2)`."""
        return np.array([self.valley.contour(one.cost) for one in self.touchings])

    @cached_property
    def window(self) -> Array:
        """The lowest and highest weight of each axis `(2, 2)`: as far as curves that touch go, but
        no farther than `WIDER` times the reach."""
        edges = ROOM * self.touched.reshape(-1, 2)
        some = edges[np.isfinite(edges).all(axis=1)]
        ends = np.array([-self.reach, self.reach])
        both = np.vstack([some, ends[:, None] * np.ones(2)])
        most = WIDER * self.reach
        return np.clip([both.min(axis=0), both.max(axis=0)], -most, most).T

    def levels(self, count: int = 7) -> tuple[Array, ...]:
        """Curves of equal data cost, from near the least to the model without slopes and beyond."""
        low, high = float(self.valley.costs[0].min()), float(self.path.costs[0])
        steps = (np.arange(1, count + 1) / (count - 2)) ** 2
        return tuple(self.valley.contour(low + step * (high - low)) for step in steps)


def plane(
    loss: Loss, features: Array, target: Array, penalty: Penalty, stops: Iterable[float]
) -> Plane:
    """The picture for two features `(n, 2)`, at all stops of λ.

    Raises ValueError where there is no path.
    """
    X, y = np.asarray(features, float), np.asarray(target, float)
    found = dialed(loss, X, y, penalty, stops)
    touchings = tuple(
        touching(loss, X, y, at_strength(penalty, float(lam)), each)
        for lam, each in zip(found.lams, found.fits, strict=True)
    )
    try:
        free = fit(loss, X, y).weights[:2]
    except ValueError:
        free = None
    radius = max(one.radius for one in touchings)
    if free is not None and np.abs(free).max() > FAR * radius:
        free = None  # no picture could show them
    reach = ROOM * max(radius, 0.0 if free is None else float(np.abs(free).max()))
    center = found.weights[-1, :2] if free is None else free
    return Plane(found, touchings, sounded(loss, X, y, found, center, WIDER * reach), free, reach)


def sounded(loss: Loss, X: Array, y: Array, found: Path, center: Array, reach: float) -> Valley:
    """The valley around its deepest place, or the deepest of a path, as far as a window reaches.

    Ways are evenly spread where both columns are turned and stretched to be unlike and even.
    """
    spread = np.cov(X.T, bias=True)
    stretch = np.linalg.cholesky(spread + EVEN * np.trace(spread) * np.eye(2))
    count, deep = (WAYS, RADII) if len(y) <= MANY else (FEW_WAYS, FEW_RADII)
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    ways = np.column_stack([np.cos(turns), np.sin(turns)]) @ np.linalg.inv(stretch)
    bias = float(found.weights[-1, 2])
    corners = reach * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) - center
    farthest = float(np.linalg.norm(corners @ stretch, axis=1).max())
    radii = farthest * np.linspace(0, 1, deep) ** 2
    start = X @ center
    costs = [
        least_over_bias(loss, y, start + radii[:, None] * (X @ way), bias)[:, None] for way in ways
    ]
    rising = np.maximum.accumulate(np.hstack(costs), axis=0)
    return Valley(center, ways, radii, rising)


def least_over_bias(loss: Loss, y: Array, scores: Array, bias: float = 0.0) -> Array:
    """The mean loss `(k,)` of scores `(k, n)`, each with the bias added that is best for it.

    The search for it begins at a first bias.
    """
    with np.errstate(all="ignore"):
        if isinstance(loss, SquaredError):
            best = (y - scores).mean(axis=1)
        else:
            best = _flat(loss, y, scores, bias)
        costs: Array = loss.value(y, scores + best[:, None]).mean(axis=1)
    return costs


def _flat(loss: Loss, y: Array, scores: Array, bias: float) -> Array:
    """The bias of each line of scores at which the slope of the cost is zero.

    False position in the Illinois variant; a slope that leaps is halved after a few turns.
    """

    def slopes(b: Array) -> Array:
        found: Array = loss.gradient(y, scores + b[:, None]).mean(axis=1)
        return found

    low, high = np.full(len(scores), bias - 1.0), np.full(len(scores), bias + 1.0)
    below, above = slopes(low), slopes(high)
    for _ in range(DOUBLINGS):
        if (below <= 0).all() and (above >= 0).all():
            break
        width = high - low
        low, high = np.where(below > 0, low - width, low), np.where(above < 0, high + width, high)
        below, above = slopes(low), slopes(high)
    level = FLAT * max(float(above.max(initial=0.0)), -float(below.min(initial=0.0)))
    for turn in range(TURNS):
        step = np.where(above > below, above / np.maximum(above - below, LEAST), 0.5)
        b = high - (step if turn < QUICK else 0.5) * (high - low)
        slope = slopes(b)
        if (np.abs(slope) <= level).all() or (high - low <= NEAR).all():
            return b
        up = slope > 0
        low, high = np.where(up, low, b), np.where(up, b, high)
        below, above = np.where(up, 0.5 * below, slope), np.where(up, slope, 0.5 * above)
    best: Array = (low + high) / 2
    return best
