"""Where a formula may jump, turn or bend, found from its tree, and what it does on either side.

Only at certain places can it: where the two sides of a comparison meet, and where what stands in
`abs`, `sign`, `sqrt`, `log`, a divisor or the base of a power is zero. Each of these is a curve of
its own, whose zeros are searched on a grid and then bisected down to neighboring numbers.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.formula.tape import Tape
from losses.formula.tree import COMPARISONS, Node, call, names, number, walk

FAR = 1e6  # how far out corners are looked for
DIPS = 16  # of a curve towards zero: more are not looked at
PARTS = np.arange(1, 16)[:, None] / 16  # of an interval that is searched
FINER = 9  # times by eight
TINY = 1e-9  # of the size of what jumps: less is rounding
NEAREST = 1e-300
FEW = 2.0**-46  # of the size of a place, or of one: some numbers away
STEEPER = 100.0  # than at its ends a power, such as r^(1/9), may be between them
HUGE = 1e100  # of a slope or bend: more is infinite


class Corner(NamedTuple):
    """A place with value, slope and bend `(3,)` just below it, at it and just above it."""

    at: float
    below: Array
    here: Array
    above: Array
    unit: float = 1.0  # what sizes are compared with: that of the loss, or one if it is less

    @property
    def jump(self) -> float:
        """How far apart the values on both sides are; NaN where one is no finite number."""
        return float(self.above[0]) - float(self.below[0])

    @property
    def turn(self) -> float:
        """How far apart the slopes on both sides are."""
        return float(self.above[1]) - float(self.below[1])

    @property
    def jumps(self) -> bool:
        below, here, above = (side[0] for side in self[1:4])
        return _apart(below, above, self.unit) or _apart(below, here, self.unit)

    @property
    def turns(self) -> bool:
        """Whether its slope jumps, or is infinite."""
        return not self.jumps and _apart(self.below[1], self.above[1], self.unit)

    def heals(self, which: int) -> bool:
        """Whether a slope or bend at it is not the one that both sides have: (|r|)² at 0."""
        below, here, above = (side[which] for side in self[1:4])
        finite = math.isfinite(below) and math.isfinite(above)
        return finite and not _apart(below, above, self.unit) and _apart(here, below, self.unit)

    @property
    def broken(self) -> bool:
        """Whether it is a jump, a turn or a bend."""
        below, here, above = self[1:4]
        if max(np.abs(below[1:]).max(), np.abs(above[1:]).max()) > HUGE:
            return True
        if np.isnan(here[1:]).any() and not np.isnan(here[0]):
            return True
        return self.jumps or any(_apart(a, b, self.unit) for a, b in zip(below, above, strict=True))


def looked_at(values: Mapping[str, float]) -> Array:
    """Where corners are looked for: evenly near zero, ever wider far out, and at the parameters."""
    tail = np.geomspace(1e-3, FAR, 361)
    own = np.array([0.0, *values.values()])
    points = [np.linspace(-10, 10, 2001), tail, -tail, own, -own]
    return np.unique(np.round(np.concatenate(points), 12))


def corners(
    node: Node, values: Mapping[str, float], along: str, fixed: Mapping[str, float]
) -> tuple[Corner, ...]:
    """Every corner found along one letter, from low to high, the other letters held fixed.

    With them come places that are none, but where a slope or bend must be mended.
    """
    grid = looked_at(values)
    places: list[Array] = [np.empty(0)]
    for switch in reversed(_switches(node)):  # inner ones first: outer ones may turn near them
        if along in names(switch):
            zeros = _zeros(Tape(switch, values), grid, along, fixed)
            places.append(zeros)
            grid = np.union1d(grid, zeros)
    at = np.unique(np.concatenate(places)) + 0.0
    if not at.size:
        return ()
    tape = Tape(node, values)
    sides = [_at(tape, x, along, fixed) for x in beside(at)]
    wide = [_at(tape, x, along, fixed) for x in beside(at, FEW)]
    hidden = leaps(*wide) & ~leaps(*sides)  # between a few numbers a sum rounds to one
    sides = [np.where(hidden, far, side) for side, far in zip(sides, wide, strict=True)]
    unit = size(_at(tape, np.linspace(-10, 10, 201), along, fixed, 0)[0])
    found = [
        Corner(float(x), below, here, above, unit)
        for x, below, here, above in zip(at, *(side.T for side in sides), strict=True)
    ]
    return tuple(one for one in found if one.broken or one.heals(1) or one.heals(2))


def size(values: Array) -> float:
    """The largest finite value, or one if that is less: losses may be in any unit."""
    finite = np.abs(values[np.isfinite(values)])
    return min(1.0, float(finite.max(initial=0.0))) or 1.0


def leaps(below: Array, here: Array, above: Array) -> NDArray[np.bool_]:
    """Where values on both sides differ by more than their slopes explain; or slopes, bends."""
    with np.errstate(all="ignore"):
        explained = STEEPER * FEW * (np.abs(below[1:]) + np.abs(above[1:]))
        apart = np.abs(above[:2] - below[:2]) > explained + TINY * (1 + np.abs(below[:2]))
        return np.asarray(apart.any(axis=0))


def _switches(node: Node) -> list[Node]:
    """Every part whose zeros may be corners, each once."""
    found: dict[Node, None] = {}
    for one in walk(node):
        for switch in _of(one):
            found[switch] = None
    return list(found)


def _of(node: Node) -> tuple[Node, ...]:
    if node.head in COMPARISONS or node.head in ("min", "max"):
        return (call("-", *node.parts),)
    if node.head in ("abs", "sign", "sqrt", "log"):
        return node.parts
    if node.head in ("log1p", "sqrt1pm1"):
        return (call("+", node.parts[0], number(1.0)),)
    if node.head == "/":
        return (node.parts[1],)
    if node.head == "^":
        n = node.parts[1]
        smooth = n.head == "number" and n.value >= 0 and n.value.is_integer()
        return () if smooth else (node.parts[0],)
    return ()


def _at(tape: Tape, x: Array, along: str, fixed: Mapping[str, float], order: int = 2) -> Array:
    letters = {along: x} | {name: np.full_like(x, value) for name, value in fixed.items()}
    return np.array(tape.run(letters, along, order))


def beside(at: Array, step: float = 0.0) -> tuple[Array, Array, Array]:
    """Just below, at and just above; beside zero not so near that a product rounds to zero."""
    apart = np.maximum(np.spacing(np.abs(at)), NEAREST) + step * np.maximum(1, np.abs(at))
    return at - apart, at, at + apart


def _zeros(tape: Tape, grid: Array, along: str, fixed: Mapping[str, float]) -> Array:
    """Where the curve is zero or changes its sign; of a whole interval of zeros, its ends."""
    value = _at(tape, grid, along, fixed, 0)[0]
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
    start, end, at, crossed = low, high, grid[dips], np.zeros(dips.size, bool)
    for _ in range(FINER if dips.size else 0):
        x = np.linspace(low, high, 17)
        height = np.where(crossed, 0.0, _at(tape, x, along, fixed, 0)[0] * side[dips])
        best = np.clip(np.argmin(height, axis=0), 1, 15)
        places = np.arange(dips.size)
        at = np.where(crossed, at, x[best, places])
        low, high = x[best - 1, places], x[best + 1, places]
        crossed |= height.min(axis=0) <= 0
    start, at, end = start[crossed], at[crossed], end[crossed]
    return np.r_[start, at], np.r_[at, end]


def _bisected(tape: Tape, low: Array, high: Array, along: str, fixed: Mapping[str, float]) -> Array:
    """Where the curve leaves the sign that it has at the lower end, by sixteenths."""
    if not low.size:
        return low
    left, each = np.sign(_at(tape, low, along, fixed, 0)[0]), np.arange(low.size)
    for _ in range(16):
        x = np.vstack([low, low + PARTS * (high - low), high])
        found = np.sign(_at(tape, x, along, fixed, 0)[0])
        same = (found == left) | (np.isnan(found) & np.isnan(left))
        same[0], same[-1] = True, False
        first = np.argmin(same, axis=0)
        before, low, high = (low, high), x[first - 1, each], x[first, each]
        if (before[0] == low).all() and (before[1] == high).all():
            break
    short = np.round(0.5 * (low + high), 12)  # 0.3 instead of its neighbor
    exact = _at(tape, short, along, fixed, 0)[0] == 0
    return np.where(exact, short, high)


def _apart(one: float, other: float, unit: float) -> bool:
    """Whether two numbers differ by more than rounding, or one is none."""
    one, other = float(one), float(other)
    if not (math.isfinite(one) and math.isfinite(other)):
        return True
    return bool(abs(one - other) > TINY * (unit + abs(one)))
