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
from losses.formula.limits import TOP, scale, sided, smallest
from losses.formula.tape import Tape
from losses.formula.tree import COMPARISONS, Node, call, names, number, walk
from losses.formula.zeros import at as parts_at
from losses.formula.zeros import zeros

FAR = 1e6  # how far out corners are looked for
TINY = 1e-9  # of the size of what jumps: less is rounding
RUNGS = 6  # between the nearest step from a place and one that is sure to be enough
POSITIVE = ("exp", "sigmoid", "softplus", "cosh")  # heads of what is above zero
LEAST = 1e-301  # of a switch: smaller numbers lose their digits


class Corner(NamedTuple):
    """A place with value, slope and bend `(3,)` in the limit from below, at it, and from above."""

    at: float
    below: Array
    here: Array
    above: Array
    unit: float = 1.0  # what sizes are compared with: that of the loss, or one if it is less
    step: float = 0.0  # so far off its sides are told apart

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
        if np.isinf(below[1:]).any() or np.isinf(above[1:]).any():
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
    nearest: dict[float, float] = {}
    for switch in reversed(_switches(node)):  # inner ones first: outer ones may turn near them
        if along in names(switch):
            tape = Tape(switch, values)
            found = np.unique(zeros(tape, grid, along, fixed)) + 0.0
            grid = np.union1d(grid, found)
            for x, step in zip(found, _nearest(tape, found, along, fixed), strict=True):
                nearest[float(x)] = max(float(step), nearest.get(float(x), 0.0))
    if not nearest:
        return ()
    at = np.array(sorted(nearest))
    tape = Tape(node, values)
    steps = np.array([nearest[float(x)] for x in at])
    sides = sided(lambda x: parts_at(tape, x, along, fixed), at, steps)
    unit = size(parts_at(tape, np.linspace(-10, 10, 201), along, fixed, 0)[0])
    places = cornered(at, sides, steps, unit)
    return tuple(one for one in places if one.broken or one.heals(1) or one.heals(2))


def cornered(
    at: Array, sides: tuple[Array, Array, Array], steps: Array, unit: float
) -> list[Corner]:
    """The places with their sides `(3, n)` as corners, whether they are any or not."""
    parts = zip(at, *(side.T for side in sides), steps, strict=True)
    return [
        Corner(float(x), below, here, above, unit, float(step))
        for x, below, here, above, step in parts
    ]


def _nearest(tape: Tape, at: Array, along: str, fixed: Mapping[str, float]) -> Array:
    """The least step from each zero of a switch at which both its sides are told apart.

    Nearer, a square rounds to zero, or a difference to that of its neighbors.
    """
    least, top = smallest(at), TOP * scale(at)
    rungs = least * (top / least) ** (np.arange(RUNGS + 1)[:, None] / RUNGS)
    good = np.ones(rungs.shape, bool)
    for side in (-1.0, 1.0):
        value = parts_at(tape, (at + side * rungs).ravel(), along, fixed, 0)[0]
        value = value.reshape(rungs.shape)
        known = (np.abs(value) >= LEAST) | (value[-1] == 0) | np.isnan(value[-1])
        sign = np.sign(value)
        good &= known & ((sign == sign[-1]) | (np.isnan(sign) & np.isnan(sign[-1])))
    return np.where(good.any(axis=0), rungs[good.argmax(axis=0), np.arange(at.size)], top)


def size(values: Array) -> float:
    """The largest finite value, or one if that is less: losses may be in any unit."""
    finite = np.abs(values[np.isfinite(values)])
    return min(1.0, float(finite.max(initial=0.0))) or 1.0


def _switches(node: Node) -> list[Node]:
    """Every part whose zeros may be corners, each once; not those that are above zero by form."""
    found: dict[Node, None] = {}
    for one in walk(node):
        for switch in _of(one):
            if not _above(switch):
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
        return () if smooth else node.parts  # 0 to a power jumps where that is zero
    return ()


def _above(node: Node, zero: bool = False) -> bool:
    """Whether it is above zero whatever its letters, or not below it; where it underflows, too."""
    if node.head == "number":
        return node.value >= 0 if zero else node.value > 0
    if node.head == "+":
        return all(_above(one, True) for one in node.parts) and (
            zero or any(_above(one) for one in node.parts)
        )
    if node.head in ("*", "/", "sqrt"):
        square = node.head == "*" and zero and node.parts[0] == node.parts[1]
        return square or all(_above(one, zero) for one in node.parts)
    if node.head == "^":
        n = node.parts[1]
        even = n.head == "number" and n.value > 0 and n.value % 2 == 0
        return (zero and even) or _above(node.parts[0], zero and n.head == "number" and n.value > 0)
    return node.head in POSITIVE or (zero and node.head in ("abs", "indicator", "logcosh"))


def _apart(one: float, other: float, unit: float) -> bool:
    """Whether two numbers differ by more than rounding, or one is none."""
    one, other = float(one), float(other)
    if not (math.isfinite(one) and math.isfinite(other)):
        return True
    return bool(abs(one - other) > TINY * (unit + abs(one)))
