"""The contract of a landscape: a function of two weights that can be looked at from above."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.function import Function
from losses.spec import Catalogue, Spec

Window = tuple[tuple[float, float], tuple[float, float]]
SURVEY = "https://arxiv.org/abs/1308.4008"  # Jamil & Yang: a survey of 175 such functions


class Landscape(Function, Spec):
    """A function of the weights x and y, whose minima are known.

    `height`, `slope` and `bend` are plain NumPy of two arrays of one shape; everything else is
    made of them. `values` is that of a function: it takes weights.
    """

    catalogue: ClassVar[Catalogue] = Catalogue("landscape")
    latex: ClassVar[str]
    expression: ClassVar[str]  # the same, in x, y, pi and the parameters' names
    window: ClassVar[Window]  # (x low, x high), (y low, y high): what is worth looking at
    start: ClassVar[tuple[float, float]]
    axes: ClassVar[tuple[str, str]] = ("x", "y")

    def height(self, x: Any, y: Any) -> Any:
        """The function."""
        raise NotImplementedError

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Its derivatives in x and in y."""
        raise NotImplementedError

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """Its second derivatives: in x twice, in x and y, in y twice."""
        raise NotImplementedError

    def lowest(self) -> Array:
        """Every local minimum `(k, 2)` in the window, in any order."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        return 2

    @property
    def stake(self) -> float:
        """How far the start lies above the deepest minimum."""
        ends = self.minima[:1] if len(self.minima) else np.zeros((1, 2))
        return abs(float(self.value(np.array(self.start)) - self.value(ends[0])))

    @cached_property
    def minima(self) -> Array:
        """Every local minimum in the window, `(k, 2)`, from the deepest on; ties from the left."""
        found = self.lowest() + 0.0  # no minus in front of a zero
        x, y = found.T
        return found[np.lexsort((y, x, self.values(found).round(9)))]

    def values(self, W: Array) -> Array:  # type: ignore[override]
        """The values `(…)` at weights `(…, 2)`."""
        return np.asarray(self.height(*_pair(W))).reshape(W.shape[:-1])

    def gradient(self, W: Array, rows: Indices | None = None) -> Array:
        return np.stack(self.slope(*_pair(W)), axis=-1).reshape(W.shape)

    def hessian(self, w: Array) -> Array:
        xx, xy, yy = (float(np.max(part)) for part in self.bend(*_pair(w)))
        return np.array([[xx, xy], [xy, yy]])


def troughs(slope: Callable[[Array], Array], low: float, high: float) -> Array:
    """Where a function of one number turns from falling to rising, to the last digit.

    Its slope is looked at in 8001 places: two troughs that are nearer to each other are not seen.
    """
    x = np.linspace(low, high, 8001)
    down = slope(x) < 0
    falls, rises = x[:-1][down[:-1] & ~down[1:]], x[1:][down[:-1] & ~down[1:]]
    for _ in range(60):
        middle = (falls + rises) / 2
        down = slope(middle) < 0
        falls, rises = np.where(down, middle, falls), np.where(down, rises, middle)
    return rises


def polished(landscape: Landscape, near: Array) -> Array:
    """The points `(k, 2)` with no slope that Newton's method finds near some points `(k, 2)`."""
    points = near.astype(float)
    for point in points:
        for _ in range(20):
            point -= np.linalg.solve(landscape.hessian(point), landscape.gradient(point))
    return points


def _pair(W: Array) -> Array:
    """x and y, `(2, n)`: contiguous, so that a point has the same bits alone and among others."""
    return np.ascontiguousarray(W.reshape(-1, 2).T, dtype=float)
