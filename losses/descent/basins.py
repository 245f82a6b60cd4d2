"""Basins: from which starts an optimizer ends in which minimum."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.descent.function import Function
from losses.descent.landscape import Landscape
from losses.descent.optimizers import Optimizer
from losses.descent.planes import Plane
from losses.descent.schedules import Schedule
from losses.descent.walk import STEADY, batches

NEAR = 0.02  # of the diagonal of what is looked at: an end so near a minimum counts as in it
FLAT = 1e-12  # of the largest curvature: one below this is none


@dataclass(frozen=True, eq=False)
class Basins:
    """Where each start of a grid ended.

    `ends` `(len(second), len(first), size)` are the last weights, as they are: not all need be
    finite. `minima` `(k, size)` come from the deepest on, with their `values` `(k,)`; `labels`
    `(len(second), len(first))` say in which of them each start ended, and -1 for none: on its way,
    diverged, or gone out of sight.
    """

    first: Array
    second: Array
    ends: Array
    labels: NDArray[np.intp]
    minima: Array
    values: Array

    @property
    def counts(self) -> NDArray[np.intp]:
        """How many starts ended in each minimum, `(k,)`."""
        return np.bincount(self.labels[self.labels >= 0], minlength=len(self.minima))

    @property
    def lost(self) -> int:
        """How many starts ended in none."""
        return int((self.labels < 0).sum())


def basins(
    function: Function,
    optimizer: Optimizer,
    first: Array,
    second: Array,
    *,
    plane: Plane | None = None,
    steps: int,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
) -> Basins:
    """Walks from each pair of coordinates: the two weights themselves, or those of a plane.

    An end counts as in a minimum that lies within 2 % of the diagonal of the window, or of the
    grid where there is no window. The minima of a landscape are those it declares; others are
    looked for under the ends, and are exact where the function is smooth: at a corner, the lowest
    end stands for the minimum. Raises ValueError for more than two weights without a plane.
    """
    if plane is None and function.size != 2:
        raise ValueError(f"{function.size} weights need a plane on which the starts lie")
    a, b = np.meshgrid(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    starts = np.stack([a, b], axis=-1) if plane is None else plane.weights(a, b)
    flat = starts.reshape(-1, function.size)
    last = ends(function, optimizer, flat, steps=steps, batch=batch, seed=seed, schedule=schedule)
    if isinstance(function, Landscape):
        near = NEAR * float(np.linalg.norm(np.diff(function.window)))
        minima = function.minima
    else:
        near = NEAR * float(np.linalg.norm(starts[-1, -1] - starts[0, 0]))
        minima = _found(function, last, near)
    labels = _labels(last, minima, near).reshape(a.shape)
    values = function.values(minima)
    return Basins(a[0], b[:, 0], last.reshape(starts.shape), labels, minima, values)


def ends(
    function: Function,
    optimizer: Optimizer,
    starts: Array,
    *,
    steps: int,
    rates: Array | None = None,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
) -> Array:
    """The last weights `(m, size)` of walks from starts `(m, size)`, to the last bit `descend`'s.

    `rates` `(m,)` gives each walk a rate of its own. Nothing but the present step is kept, and a
    walk that leaves the finite numbers ends in what it became.
    """
    rate = np.full((len(starts), 1), optimizer.eta) if rates is None else rates[:, None]
    w, state, rows = starts, optimizer.init(starts), batches(function.rows, batch, seed)
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            now = optimizer.at(rate * schedule.factor(t, steps))
            slope = function.gradient(now.probe(w, state), next(rows))
            w, state = now.step(w, slope, state, t)
    return w


def _labels(last: Array, minima: Array, near: float) -> NDArray[np.intp]:
    """The nearest minimum of each end `(m,)`; -1 where none is near."""
    labels, nearest = np.full(len(last), -1), np.full(len(last), near)
    with np.errstate(all="ignore"):
        for k, minimum in enumerate(minima):
            distance = np.linalg.norm(last - minimum, axis=1)
            here = distance <= nearest
            labels[here], nearest[here] = k, distance[here]
    return labels


def _found(function: Function, last: Array, near: float) -> Array:
    """The minima `(k, size)` that lie under the ends, from the deepest on."""
    with np.errstate(all="ignore"):
        costs = function.values(last)
    finite = np.flatnonzero(np.isfinite(costs) & np.isfinite(last).all(axis=1))
    left = finite[np.argsort(costs[finite], kind="stable")]
    minima: list[Array] = []
    while left.size:
        end, left = last[left[0]], left[1:]
        floor = _floor(function, end, near)
        if floor is not None:
            minima.append(floor)
        centre = end if floor is None else floor
        left = left[np.linalg.norm(last[left] - centre, axis=1) > near]
    found = np.array(minima).reshape(-1, function.size)
    return found[np.argsort(function.values(found), kind="stable")]


def _floor(function: Function, w: Array, near: float) -> Array | None:
    """The minimum within `near` of w: where Newton's method arrives, or w itself in a corner."""
    floor = w
    for _ in range(20):
        curvatures, ways = np.linalg.eigh(function.hessian(floor))
        if curvatures[0] <= FLAT * np.abs(curvatures).max():
            break
        slope = function.gradient(floor)
        floor = floor - ways @ ((ways.T @ slope) / curvatures)
        if np.linalg.norm(floor - w) > near:
            break
    else:
        return floor
    return w if _lies_lowest(function, w, ways, near) else None


def _lies_lowest(function: Function, w: Array, ways: Array, near: float) -> bool:
    """Whether every step of length `near` leads up: along `ways` in columns, and down the slope."""
    slope = function.gradient(w)
    down = -slope / (np.linalg.norm(slope) or 1.0)
    around = w + near * np.vstack([ways.T, -ways.T, down])
    return bool((function.values(around) > function.value(w)).all())
