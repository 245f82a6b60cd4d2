"""Where a formula may jump, turn or bend, found from its tree, and what it does on either side.

Only at certain places can it: where the two sides of a comparison meet, and where what stands in
`abs`, `sign`, `sqrt`, `log`, a divisor or the base of a power is zero. Each of these is a curve of
its own, whose zeros are searched on a grid and then bisected down to neighboring numbers.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from losses.arrays import Array
from losses.formula.tape import Tape
from losses.formula.tree import COMPARISONS, Node, call, names, number, walk

FAR = 1e6  # how far out corners are looked for
TINY = 1e-9  # of the size of what jumps: less is rounding
NEAREST = 1e-300
HUGE = 1e100  # of a slope or bend: more is infinite


class Corner(NamedTuple):
    """A place with value, slope and bend `(3,)` just below it, at it and just above it."""

    at: float
    below: Array
    here: Array
    above: Array

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
        return _apart(self.below[0], self.above[0]) or _apart(self.below[0], self.here[0])

    @property
    def turns(self) -> bool:
        """Whether its slope jumps, or is infinite."""
        return not self.jumps and _apart(self.below[1], self.above[1])


def looked_at(values: Mapping[str, float]) -> Array:
    """Where corners are looked for: evenly near zero, ever wider far out, and at the parameters."""
    tail = np.geomspace(1e-3, FAR, 361)
    own = np.array([0.0, *values.values()])
    points = [np.linspace(-10, 10, 2001), tail, -tail, own, -own]
    return np.unique(np.round(np.concatenate(points), 12))


def corners(
    node: Node, values: Mapping[str, float], along: str, fixed: Mapping[str, float]
) -> tuple[Corner, ...]:
    """Every corner found along one letter, from low to high, the other letters held fixed."""
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
    found = (Corner(float(x), *(side[:, k] for side in sides)) for k, x in enumerate(at))
    return tuple(one for one in found if _broken(one))


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


def beside(at: Array) -> tuple[Array, Array, Array]:
    """Just below, at and just above; beside zero not so near that a product rounds to zero."""
    step = np.maximum(np.spacing(np.abs(at)), NEAREST)
    return at - step, at, at + step


def _zeros(tape: Tape, grid: Array, along: str, fixed: Mapping[str, float]) -> Array:
    """Where the curve is zero or changes its sign; of a whole interval of zeros, its ends."""
    side = np.sign(_at(tape, grid, along, fixed, 0)[0])
    zero = side == 0
    inner = zero & np.r_[True, zero[:-1]] & np.r_[zero[1:], True]
    change = np.flatnonzero(side[:-1] * side[1:] < 0)
    edge = np.flatnonzero(np.isnan(side[:-1]) != np.isnan(side[1:]))
    ends = np.flatnonzero(inner[:-1] != inner[1:])
    pairs = np.unique(np.concatenate([change, edge, ends[: 8 * bool(inner.any())]]))
    crossings = _bisected(tape, grid[pairs], grid[pairs + 1], along, fixed)
    return np.concatenate([grid[zero & ~inner], crossings])


def _bisected(tape: Tape, low: Array, high: Array, along: str, fixed: Mapping[str, float]) -> Array:
    if not low.size:
        return low
    left = np.sign(_at(tape, low, along, fixed, 0)[0])
    for _ in range(64):
        middle = 0.5 * (low + high)
        if ((middle == low) | (middle == high)).all():
            break
        found = np.sign(_at(tape, middle, along, fixed, 0)[0])
        same = (found == left) | (np.isnan(found) & np.isnan(left))
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    short = np.round(0.5 * (low + high), 12)  # 0.3 instead of its neighbor
    exact = _at(tape, short, along, fixed, 0)[0] == 0
    return np.where(exact, short, high)


def _apart(one: float, other: float) -> bool:
    """Whether two numbers differ by more than rounding, or one is none; equal infinities do not."""
    one, other = float(one), float(other)
    if not (math.isfinite(one) and math.isfinite(other)):
        return True
    return bool(abs(one - other) > TINY * (1 + abs(one)))


def _broken(corner: Corner) -> bool:
    below, here, above = corner.below, corner.here, corner.above
    if max(np.abs(below[1:]).max(), np.abs(above[1:]).max()) > HUGE:
        return True
    if np.isnan(here[1:]).any() and not np.isnan(here[0]):
        return True
    return any(_apart(a, b) for a, b in zip(below, above, strict=True)) or _apart(below[0], here[0])
