"""Where a curve of one letter is zero: on a grid, and between its points, by sixteenths."""

from collections.abc import Mapping

import numpy as np

from losses.arrays import Array
from losses.formula.tape import Tape

LEAST = 1e-20  # of a zero: smaller ones are 0
DIPS = 16  # of a curve towards zero: more are not looked at
PARTS = np.arange(1, 16)[:, None] / 16  # of an interval that is searched
FINER = 9  # times by eight


def at(tape: Tape, x: Array, along: str, fixed: Mapping[str, float], order: int = 2) -> Array:
    """Value and derivatives `(order + 1, n)` along one letter, the others held fixed."""
    letters = {along: x} | {name: np.full_like(x, value) for name, value in fixed.items()}
    return np.array(tape.run(letters, along, order))


def zeros(tape: Tape, grid: Array, along: str, fixed: Mapping[str, float]) -> Array:
    """Where the curve is zero or changes its sign; of a whole interval of zeros, its ends."""
    value = at(tape, grid, along, fixed, 0)[0]
    side = np.sign(value)
    zero = side == 0
    inner = zero & np.r_[True, zero[:-1]] & np.r_[zero[1:], True]
    change = np.flatnonzero(side[:-1] * side[1:] < 0)
    edge = np.flatnonzero(np.isnan(side[:-1]) != np.isnan(side[1:]))
    ends = np.flatnonzero(inner[:-1] != inner[1:])
    pairs = np.unique(np.concatenate([change, edge, ends[: 8 * bool(inner.any())]]))
    start, end = _touching(tape, grid, value, along, fixed)
    low, high = np.r_[grid[pairs], start], np.r_[grid[pairs + 1], end]
    return np.concatenate([grid[zero & ~inner], _bisected(tape, low, high, along, fixed)])


def _touching(
    tape: Tape, grid: Array, value: Array, along: str, fixed: Mapping[str, float]
) -> tuple[Array, Array]:
    """Around zeros between points of the grid that have one sign: those of (r − a)² − b.

    They are looked for where the curve comes nearest to zero.
    """
    near, side = np.abs(value), np.sign(value)
    same = (side[:-2] == side[1:-1]) & (side[1:-1] == side[2:]) & (side[1:-1] != 0)
    dips = 1 + np.flatnonzero(same & (near[1:-1] < near[:-2]) & (near[1:-1] <= near[2:]))[:DIPS]
    low, high = grid[dips - 1], grid[dips + 1]
    start, end, middle, crossed = low, high, grid[dips], np.zeros(dips.size, bool)
    for _ in range(FINER if dips.size else 0):
        x = np.linspace(low, high, 17)
        height = np.where(crossed, 0.0, at(tape, x, along, fixed, 0)[0] * side[dips])
        best = np.clip(np.argmin(height, axis=0), 1, 15)
        places = np.arange(dips.size)
        middle = np.where(crossed, middle, x[best, places])
        low, high = x[best - 1, places], x[best + 1, places]
        crossed |= height.min(axis=0) <= 0
    start, middle, end = start[crossed], middle[crossed], end[crossed]
    return np.r_[start, middle], np.r_[middle, end]


def _bisected(tape: Tape, low: Array, high: Array, along: str, fixed: Mapping[str, float]) -> Array:
    """Where the curve leaves the sign that it has at the lower end, by sixteenths."""
    if not low.size:
        return low
    left, each = np.sign(at(tape, low, along, fixed, 0)[0]), np.arange(low.size)
    for _ in range(16):
        x = np.vstack([low, low + PARTS * (high - low), high])
        found = np.sign(at(tape, x, along, fixed, 0)[0])
        same = (found == left) | (np.isnan(found) & np.isnan(left))
        same[0], same[-1] = True, False
        first = np.argmin(same, axis=0)
        before, low, high = (low, high), x[first - 1, each], x[first, each]
        if (before[0] == low).all() and (before[1] == high).all():
            break
    high = np.where(np.abs(high) < LEAST, 0.0, high)  # dividing never arrives there
    short = np.round(0.5 * (low + high), 12)  # 0.3 instead of its neighbor
    exact = at(tape, short, along, fixed, 0)[0] == 0
    return np.where(exact, short, high)
