"""Where the data cost and a penalty touch, in two of the weights: a diamond, a circle, between."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.fit import Fit
from losses.penalties import Penalty
from losses.shrink.problem import shares

ARC = 64  # points on each quarter of a curve


@dataclass(frozen=True, eq=False)
class Touching:
    """The level set of a penalty through the best weights, in the plane of two of them.

    `place` are the two weights, `cost` the data cost there, and `level` what the two pay: all
    places on the closed `curve` `(m, 2)` pay as much, those inside less. `radius` is where the
    curve meets the axes. `pull` is where the data cost would fall, its gradient turned around.
    """

    place: Array
    cost: float
    level: float
    radius: float
    curve: Array
    pull: Array
    low: Array
    high: Array

    @property
    def untouched(self) -> float:
        """How far the pull lies from the penalty's subgradients, as a share of it: 0 if they touch.

        The subgradients in each weight reach from `low` to `high`, which differ at zero alone.
        """
        beyond = np.maximum(np.maximum(self.low - self.pull, self.pull - self.high), 0.0)
        size = max(float(np.abs([self.pull, self.low, self.high]).max()), np.finfo(float).tiny)
        return float(beyond.max() / size)

    @property
    def corner(self) -> bool:
        """Whether they touch at a corner of the curve: one of the two weights is zero there."""
        return bool(((self.place == 0) & (self.low < self.high)).any())


def touching(
    loss: Loss,
    features: Array,
    target: Array,
    penalty: Penalty,
    best: Fit,
    axes: tuple[int, int] = (0, 1),
) -> Touching:
    """The picture in two of the slopes, the others and the bias at the best fit.

    For losses without corners: at a corner of the loss its own slope is a set, and `pull` one of
    it.
    """
    X, y, w = np.asarray(features, float), np.asarray(target, float), best.weights
    pull = -loss.gradient(y, X @ w[:-1] + w[-1]) @ X[:, list(axes)] / len(y)
    place, (l1, l2) = w[list(axes)], shares(penalty)
    level = float(l1 * np.abs(place).sum() + l2 * place @ place)
    smooth, edge = 2 * l2 * place + l1 * np.sign(place), np.where(place == 0, l1, 0.0)
    return Touching(
        place,
        best.cost,
        level,
        float(_reaches(l1, l2, level, np.array([[1.0, 0.0]]))[0]),
        level_set(penalty, level),
        pull,
        smooth - edge,
        smooth + edge,
    )


def level_set(penalty: Penalty, level: float) -> Array:
    """The closed curve `(m, 2)` of two weights that pay so much, its corners on the axes exact."""
    l1, l2 = shares(penalty)
    if not l1 + l2:
        raise ValueError("a penalty of zero has no level sets")
    turns = np.linspace(0, np.pi / 2, ARC, endpoint=False)
    first = np.column_stack([np.cos(turns), np.sin(turns)])
    turned = [first @ np.array([[c, s], [-s, c]]) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    ways = np.vstack([*turned, first[:1]])
    curve: Array = ways * _reaches(l1, l2, level, ways)[:, None]
    return curve


def _reaches(l1: float, l2: float, level: float, ways: Array) -> Array:
    """How far along each way `(m, 2)` of length one the penalty reaches a level."""
    a, b = l1 * np.abs(ways).sum(axis=1), l2 * (ways * ways).sum(axis=1)
    far: Array = 2 * level / (a + np.sqrt(a * a + 4 * b * level)) if level else 0 * a
    return far
