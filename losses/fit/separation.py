"""Whether classes can be separated: then no finite weights are best for a loss that never stops."""

import numpy as np

from losses.arrays import Array
from losses.fit.corners import Corners
from losses.fit.result import EPS
from losses.fit.vertex import vertex

CLOSE = 64 * EPS  # of a row's size: margins that rounding could have made
FIRM = 0.1  # how much of the weakest pull may go into canceling the rest


def separating(rows: Array) -> tuple[Array, bool] | None:
    """A z `(k,)` with rows `(N, k)` @ z ≥ 0, and > 0 for some, if there is one; and if for all.

    Rows are features times the sign of their class, so that rows @ z are margins. Of all z whose
    margins sum to one, the one with the least total of wrong margins tells (Albert & Anderson 1984,
    Biometrika 71, p. 1): it is a linear program with a corner in each row.
    """
    middle = rows.sum(axis=0)
    size, k = float(middle @ middle), rows.shape[1]
    if np.sqrt(size) <= CLOSE * np.abs(rows).sum():
        return None
    start = middle / size
    across = np.linalg.svd(middle[None, :])[2][1:].T
    z = start
    if k > 1:
        z = start + across @ _least_short(rows @ across, -(rows @ start), _noise(rows, start))
    margins, noise = rows @ z, _noise(rows, z)
    if (margins < -noise).any() or not (margins > noise).any():
        return None
    wide = _least_short(rows, np.ones(len(rows)), np.zeros(len(rows)))  # margins of one, if any can
    clear = bool((rows @ wide > 0.5).all())
    return (wide if clear else z), clear


def _noise(rows: Array, z: Array) -> Array:
    noise: Array = CLOSE * (np.abs(rows) @ np.abs(z))
    return noise


def _least_short(rows: Array, level: Array, grain: Array) -> Array:
    """The z whose rows @ z fall short of their levels by the least, taken together."""
    low, high = np.full(len(level), -1.0), np.zeros(len(level))
    return vertex(Corners(rows, level, grain, low, high)).z


def overlap_is_proven(rows: Array, pull: Array) -> bool:
    """Whether pulls `(N,)`, all above zero, nearly cancel on the rows `(N, k)`.

    If changing them a little makes them cancel, no margins can all be ≥ 0 and some above: their
    sum, weighted by the pulls, would be zero and above zero at once. [Gordan 1873]
    """
    left = pull @ rows
    change = rows @ np.linalg.lstsq(rows.T @ rows, left, rcond=None)[0]  # the least, by size
    return bool(np.abs(change).max() < FIRM * pull.min())
