"""The fits of one loss as one row moves: all places at once, from the fit of the first."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.asymmetric import Linex
from losses.base import Loss
from losses.fit.corners import Corners
from losses.fit.frame import Frame
from losses.fit.result import PROVEN
from losses.fit.solving import fit
from losses.fit.together import costs, descend, unbalanced
from losses.fit.vertex import vertex
from losses.shaped import Power, ReverseHuber


@dataclass(frozen=True, eq=False)
class Moves:
    """Regression data in which one row stands, in turn, at many places: x `(m, d)` and y `(m,)`."""

    features: Array
    target: Array
    row: int
    x: Array
    y: Array

    def at(self, place: int) -> tuple[Array, Array]:
        """Features and target with the row at one of its places."""
        features, target = self.features.copy(), self.target.copy()
        features[self.row], target[self.row] = self.x[place], self.y[place]
        return features, target

    def starts(self, loss: Loss) -> tuple[Array, Array]:
        """The weights of the fits with the row in its own place, and without it."""
        kept = np.arange(len(self.target)) != self.row
        without = fit(loss, self.features[kept], self.target[kept]).weights
        return fit(loss, self.features, self.target).weights, without

    def fits(self, loss: Loss, starts: tuple[Array, Array]) -> tuple[Array, bool]:
        """The weights `(m, d + 1)` at each place, and whether all are certain to be the best.

        Of a loss that is not convex, they are the better of the minima below the two starts.
        """
        frame = Frame.of(self.features, self.target)
        if Corners.of(loss, frame.A, frame.y, frame.grain) is not None:
            return self._exchanged(loss, frame)
        steep = isinstance(loss, Linex | ReverseHuber) or (isinstance(loss, Power) and loss.q < 2)
        if steep:
            found = [fit(loss, *self.at(place)) for place in range(len(self.y))]
            return np.array([each.weights for each in found]), all(each.certain for each in found)
        weights, share = self._descended(loss, frame, starts)
        if loss.convex:  # there is one minimum, and none may miss it
            for place in np.flatnonzero(share > PROVEN):
                weights[place] = fit(loss, *self.at(int(place))).weights
        return weights, bool(loss.convex)

    def _design(self, frame: Frame) -> tuple[Array, Array]:
        """Rows `(m, n, k)`, or `(n, k)` where none moves sideways, and targets `(m, n)`."""
        placed = np.column_stack([self.x, np.ones(len(self.y))]) @ frame.back
        targets = np.tile(frame.y, (len(self.y), 1))
        targets[:, self.row] = self.y - frame.height
        if (self.x == self.features[self.row]).all():
            return frame.A, targets
        design = np.tile(frame.A, (len(self.y), 1, 1))
        design[:, self.row] = placed
        return design, targets

    def _descended(
        self, loss: Loss, frame: Frame, starts: tuple[Array, Array]
    ) -> tuple[Array, Array]:
        A, targets = self._design(frame)
        found = []
        for weights in starts[: 1 if loss.convex else 2]:
            level = weights - np.append(np.zeros(len(weights) - 1), frame.height)
            start = np.linalg.lstsq(frame.back, level, rcond=None)[0]
            found.append(descend(loss, A, targets, np.tile(start, (len(targets), 1)))[0])
        paid = np.array([costs(loss, A, targets, z, frame.ridge) for z in found])
        z = np.array(found)[paid.argmin(axis=0), np.arange(len(targets))]
        return self._weights(frame, z), unbalanced(loss, A, targets, z)

    def _exchanged(self, loss: Loss, frame: Frame) -> tuple[Array, bool]:
        A, targets = self._design(frame)
        basis: Indices | None = None
        z, proven = np.empty((len(targets), frame.A.shape[1])), True
        for place, y in enumerate(targets):
            here = A if A.ndim == 2 else A[place]
            corners = Corners.of(loss, here, y, frame.grain)
            assert corners is not None
            found = vertex(corners, basis)
            z[place], basis, proven = found.z, found.basis, proven and found.gap < 1e-8
        return self._weights(frame, z), proven

    def _weights(self, frame: Frame, z: Array) -> Array:
        weights = z @ frame.back.T
        weights[:, -1] += frame.height
        return weights
