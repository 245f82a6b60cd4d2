"""The window through which a plane of weights is looked at: plain, or wide on signed log axes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.data.dataset import spread
from losses.descent.function import Function
from losses.descent.landscapes import Landscape
from losses.descent.objective import Objective
from losses.descent.planes import Plane
from losses.fit import fit
from losses.regression import SquaredError

SIDE = 61  # grid points along each axis
LOGITS = 5.0  # half the window for the weights of a logit
COARSE = 9, 41  # at least and at most so many starts along each axis of a map of basins
WORK = 1e8  # gradients of a row that a map may take, about two seconds
ROOM = 1.25  # of the farthest thing that has to be seen


@dataclass(frozen=True, eq=False)
class Window:
    """Where to look: a center and half the width and height, `(2,)` each, in coordinates.

    A wide window reaches `wide` times as far, on axes that are linear inside and logarithmic
    beyond: a place is drawn at arcsinh((place - center) / half), which is 0.88 at the rim.
    """

    center: Array
    half: Array
    wide: float | None = None

    def grids(self) -> tuple[Array, Array]:
        """The coordinates of the grid's columns and rows `(SIDE,)`."""
        even = np.linspace(-1.0, 1.0, SIDE)[:, None] * np.ones(2)
        if self.wide is not None:
            even = np.sinh(even * np.arcsinh(self.wide))
        first, second = (self.center + self.half * even).T
        return first, second

    def coarse(self, gradients: int) -> tuple[Array, Array]:
        """The columns and rows of a grid of starts, as fine as so many gradients each allow."""
        side = int(np.clip(np.sqrt(WORK / gradients), *COARSE))
        even = np.linspace(-1.0, 1.0, side)
        return self.center[0] + self.half[0] * even, self.center[1] + self.half[1] * even

    def drawn(self, places: Array) -> Array:
        """Where places `(…, 2)` are drawn: as they are, or on the signed logarithmic axes."""
        if self.wide is None:
            return places
        return np.arcsinh((places - self.center) / self.half)

    def read(self, drawn: Array) -> Array:
        """The places that are drawn there: the inverse of `drawn`."""
        return drawn if self.wide is None else self.center + self.half * np.sinh(drawn)

    def clicked(self, x: float, y: float) -> tuple[float, float]:
        """The place that is drawn at a point, with as many digits as the picture shows."""
        off = (self.read(np.array([x, y])) - self.center) / self.half
        digits = 3 - np.floor(np.log10(np.maximum(np.abs(off), 1.0) * self.half)).astype(int)
        places = self.center + self.half * off
        first, second = (round(float(p), int(d)) for p, d in zip(places, digits, strict=True))
        return first, second

    def holds(self, places: Array) -> NDArray[np.bool_]:
        """Which places `(…, 2)` lie in the window, were it not wide."""
        off = np.abs(places - self.center)
        return np.asarray((off <= self.half * (1 + 1e-12)).all(axis=-1))


def window(function: Function, plane: Plane, starts: Array, ways: Array) -> Window:
    """A window with the starts `(m, size)` inside.

    Of a plane of two weights it depends on data and starts only, so that the path moves and not the
    ruler; any other plane shows all of the ways `(n, size)` for which it was laid.
    """
    places = plane.coordinates(starts)
    center, half = _region(function, plane, plane.coordinates(np.concatenate([starts, ways])))
    return Window(center, np.maximum(half, ROOM * np.abs(places - center).max(axis=0)))


def widened(window: Window, paths: Sequence[Array]) -> Window:
    """The window, wide enough for the finite part of every path `(steps, 2)`."""
    far = 1.0
    for path in paths:
        off = np.abs((path - window.center) / window.half)
        far = max(far, float(off[np.isfinite(off)].max(initial=1.0)))
    return Window(window.center, window.half, ROOM * far)


def _region(function: Function, plane: Plane, places: Array) -> tuple[Array, Array]:
    if isinstance(function, Landscape):
        low, high = np.array(function.window).T
        return (low + high) / 2, (high - low) / 2
    axes = _axes(plane)
    if axes is None or not isinstance(function, Objective):
        reach = np.ptp(places, axis=0)
        least = 1e-3 * (reach.max() or float(np.abs(plane.origin).max()) or 1.0)
        return (places.min(axis=0) + places.max(axis=0)) / 2, np.maximum(0.6 * reach, least)
    return _of_weights(function, axes)


def _axes(plane: Plane) -> list[int] | None:
    """The two weights that a plane is made of, if it is."""
    ways = np.array([plane.first, plane.second])
    whole = (np.count_nonzero(ways, axis=1) == 1).all() and (ways.max(axis=1) == 1).all()
    return [int(place) for place in ways.argmax(axis=1)] if whole else None


def _of_weights(objective: Objective, axes: list[int]) -> tuple[Array, Array]:
    """Around the least-squares line, as steep and as high as the data; logits by a fixed size."""
    data = objective.data
    if data.task != "regression":
        return np.zeros(2), np.full(2, LOGITS)
    best = fit(SquaredError(), data.features, data.target).weights
    height = float(spread(data.target)) or 1.0
    widths = np.append(spread(data.features), 1.0)
    return best[axes], 1.5 * height / np.where(widths > 0, widths, 1.0)[axes]
