"""Functions of a threshold that are linear between knots: added up once, exact everywhere."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from losses.arrays import Array, Indices


class Events(NamedTuple):
    """Where a function bends or jumps: places `(e,)`, the change of slope there, and the jump."""

    place: Array
    bend: Array
    jump: Array


@dataclass(frozen=True, eq=False)
class Pieces:
    """A function of θ: 0 below the first knot `(k,)`, from each knot on value + slope · (θ − knot).

    It is continuous from the right. `rest` is what rounding left of it past its last knot, where
    it is 0: a measure of its error.
    """

    knots: Array
    value: Array
    slope: Array
    rest: float

    def at(self, theta: Array) -> Array:
        """Its values."""
        return self._from(np.searchsorted(self.knots, theta, side="right") - 1, theta)

    def before(self, theta: Array) -> Array:
        """Its limits from below, which differ from its values where it jumps."""
        return self._from(np.searchsorted(self.knots, theta, side="left") - 1, theta)

    @property
    def ends(self) -> Array:
        """The limit at the end of each piece `(k − 1,)`."""
        return self.value[:-1] + self.slope[:-1] * np.diff(self.knots)

    @property
    def area(self) -> float:
        """The area under it, to the left of its last knot."""
        return float((self.value[:-1] / 2 + self.ends / 2) @ np.diff(self.knots))

    def _from(self, piece: Indices, theta: Array) -> Array:
        if not len(self.knots):
            return np.zeros_like(theta)
        # the last piece is 0, and what lies before the first (piece −1) is taken from it
        return self.value[piece] + self.slope[piece] * (theta - self.knots[piece])


def pieces(events: Events, scale: float) -> Pieces:
    """The sum of all events, divided by a scale: one sort and running sums, O(e log e).

    The running sum is the function itself and not a large offset that cancels, so its error stays
    a few roundings of its largest value, wherever θ lies.
    """
    order = np.argsort(events.place)
    place = events.place[order]
    first = np.flatnonzero(np.append(True, np.diff(place) > 0)[: len(place)])
    knots = place[first]
    if not len(knots):
        return Pieces(knots, knots, knots, 0.0)
    slope = running(np.add.reduceat(events.bend[order], first))
    slope[-1] = 0.0
    steps = np.add.reduceat(events.jump[order], first)
    steps[1:] += slope[:-1] * np.diff(knots)
    value = running(steps)
    rest, value[-1] = float(value[-1]), 0.0
    return Pieces(knots, value / scale, slope / scale, abs(rest) / scale)


def running(steps: Array) -> Array:
    """The running sums, in blocks of about √n: a chain of 2√n additions errs less than one of n."""
    block = max(1, int(np.sqrt(len(steps))))
    whole = len(steps) // block * block
    sums = np.cumsum(steps[:whole].reshape(-1, block), axis=1)
    before = np.concatenate([[0.0], np.cumsum(sums[:, -1])])
    rest = np.cumsum(steps[whole:]) + before[-1]
    return np.concatenate([(sums + before[:-1, None]).ravel(), rest])
