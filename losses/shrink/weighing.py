"""One row that counts 0, 1, 2 … times: what its loss adds to the cost, and how the fit follows."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.fit import Fit
from losses.penalties import Penalty
from losses.shrink.exact import penalized

MOST = 10


@dataclass(frozen=True, eq=False)
class Weighed:
    """Fits with 0, 1, … copies of a row, and the loss of every row under each, `(m, n)`."""

    row: int
    fits: tuple[Fit, ...]
    losses: Array

    @property
    def weights(self) -> Array:
        """Slopes then bias with each number of copies, `(m, d + 1)`."""
        return np.array([each.weights for each in self.fits])

    @property
    def share(self) -> float:
        """What the row adds to the mean when it counts once: its loss, over the number of rows."""
        return float(self.losses[1, self.row]) / self.losses.shape[1]


def weighed(
    loss: Loss, features: Array, target: Array, penalty: Penalty, row: int, most: int = MOST
) -> Weighed:
    """The same λ at every number of copies; the mean is over all rows with the copies."""
    X, y = np.asarray(features, float), np.asarray(target, float)
    fits = []
    for copies in range(most + 1):
        times = np.ones(len(y), dtype=int)
        times[row] = copies
        fits.append(penalized(loss, X.repeat(times, axis=0), y.repeat(times), penalty))
    scores = np.array([X @ each.weights[:-1] + each.weights[-1] for each in fits])
    return Weighed(row, tuple(fits), loss.value(y, scores))


def dearest(loss: Loss, features: Array, target: Array, fitted: Fit) -> int:
    """The place of the row with the largest loss."""
    scores = features @ fitted.weights[:-1] + fitted.weights[-1]
    return int(np.argmax(loss.value(target, scores)))
