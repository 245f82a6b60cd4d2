"""Residuals in bins: how many there are of each size, and how much of a cost they make."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.verdict.scoring import floats

MOST = 120  # bins: as many as a picture bears
FEW = 8


@dataclass(frozen=True, eq=False)
class Histogram:
    """Bins of one width between edges `(k + 1,)`; `place` `(n,)` is the bin of each value."""

    edges: Array
    place: Indices
    weight: Array

    @property
    def width(self) -> float:
        """The width of each bin, in units of the values."""
        return float(self.edges[-1] - self.edges[0]) / (len(self.edges) - 1)

    @property
    def centers(self) -> Array:
        """The middle of each bin."""
        return self.edges[:-1] / 2 + self.edges[1:] / 2

    @property
    def density(self) -> Array:
        """The share of the values in each bin, over its width: the bars have area 1."""
        return self._sums(np.ones_like(self.weight)) / self.weight.sum() / self.width

    def shares(self, parts: ArrayLike) -> Array:
        """The share of the sum of w · part that each bin holds; nan if that is 0 or infinite."""
        sums = self._sums(floats(parts))
        whole = sums.sum()
        if not 0 < whole < np.inf:
            return np.full(len(sums), np.nan)
        return sums / whole

    def _sums(self, parts: Array) -> Array:
        counted = self.weight > 0  # an infinite part of a row that does not count is none
        sums = self.weight[counted] * parts[counted]
        return np.bincount(self.place[counted], sums, len(self.edges) - 1).astype(float)


def histogram(values: ArrayLike, weight: ArrayLike | None = None, most: int = MOST) -> Histogram:
    """Bins over all values `(n,)`, by the rule of Freedman and Diaconis, but at most so many.

    Values that are all the same get one bin of width 1 about them. A row of weight 0 has its bin,
    but counts for nothing.
    """
    v = floats(values)
    w = np.ones_like(v) if weight is None else floats(weight)
    low, high = float(v.min()), float(v.max())
    if not low < high:
        low, high, count = low - 0.5, high + 0.5, 1
    else:
        count = _bins(v, high / 2 - low / 2, most)
    edges = np.linspace(low, high, count + 1)
    place = np.clip(np.searchsorted(edges, v, side="right") - 1, 0, count - 1)
    return Histogram(edges, place, w)


def _bins(v: Array, half: float, most: int) -> int:
    """As many bins as the quartiles ask for; where these coincide, as many as are allowed."""
    first, third = np.quantile(v, [0.25, 0.75])
    wide = (third - first) * len(v) ** (-1 / 3)  # half of Freedman and Diaconis's width
    if not wide > half / most:
        return most
    return max(min(FEW, len(v)), min(most, int(np.ceil(half / wide))))
