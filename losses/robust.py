"""What Huber's delta does to a fit: the line, as delta runs from absolute to squared error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.data import Dataset
from losses.fit import fit, huber_path
from losses.regression import AbsoluteError, SquaredError


@dataclass(frozen=True, eq=False)
class DeltaStudy:
    """Huber's line at each delta, slope then intercept `(deltas, 2)`, and the two that bound it."""

    data: Dataset
    deltas: Array
    weights: Array
    least_squares: Array
    least_absolute: Array

    def at(self, delta: float) -> int:
        """The place of a delta among those studied."""
        return int(np.argmin(np.abs(self.deltas - delta)))

    def residuals(self, rows: Array | slice = slice(None)) -> Array:
        """s - y at every delta for some of the rows, `(deltas, rows)`."""
        x, y = self.data.features[rows, 0], self.data.target[rows]
        return self.weights[:, :1] * x + self.weights[:, 1:] - y

    def beyond(self, delta: float, edge: float) -> int:
        """How many rows lie farther than an edge from the line at a delta."""
        return int((np.abs(self._residuals_at(delta)) > edge).sum())

    def farthest(self, delta: float) -> float:
        """The largest residual of the line at a delta."""
        return float(np.abs(self._residuals_at(delta)).max())

    def typical(self, delta: float) -> float:
        """The median size of a residual of the line at a delta."""
        return float(np.median(np.abs(self._residuals_at(delta))))

    def inside(self, delta: float) -> NDArray[np.bool_]:
        """Which rows lie in the quadratic zone, |r| ≤ delta, of the line at that delta."""
        return np.abs(self._residuals_at(delta)) <= delta

    def _residuals_at(self, delta: float) -> Array:
        slope, intercept = self.weights[self.at(delta)]
        return slope * self.data.features[:, 0] + intercept - self.data.target


def delta_study(data: Dataset, deltas: Array) -> DeltaStudy:
    """Exact fits of a line to a data set with one feature, at every delta."""
    path = huber_path(data.features, data.target, list(deltas))
    weights = np.array([line.weights for line in path])
    squared, absolute = (
        fit(loss, data.features, data.target) for loss in (SquaredError(), AbsoluteError())
    )
    return DeltaStudy(data, np.array(deltas), weights, squared.weights, absolute.weights)
