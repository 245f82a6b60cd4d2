"""Cells on a line, and the moments of the rows that fall into each: all that a smooth sum needs."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array, Indices
from losses.cost import blocks

ROWS = 131_072  # of one block at most: with fewer, calls take long; with more, running sums err
# A float of this size has no digits behind the point: adding it rounds to the nearest whole
# number, whose bits are then the float's lowest. NumPy's conversion takes three times as long.
WHOLE = 2.0**52
Complex = NDArray[np.complex128]  # two numbers, which are added up in the time of 1.3
BITS = np.array(WHOLE).view(np.int64)[()]


class Cells(Protocol):
    """Intervals that cover a line, in units of `width` from `base`; the outer two have no end."""

    @property
    def base(self) -> float: ...

    @property
    def width(self) -> float: ...

    @property
    def lower(self) -> Array:
        """Where each ends on the left `(cells,)`: of the first, where it would, if it did."""
        ...

    @property
    def upper(self) -> Array:
        """Where each ends on the right `(cells,)`."""
        ...

    @property
    def center(self) -> Array:
        """What the deviations of its rows are counted from `(cells,)`."""
        ...

    def sort(self, t: Array, inside: bool, spare: "Spare") -> Indices:
        """The cell of each number; turns t into the deviations from the cells' centers."""
        ...


class Spare:
    """Room for a block of rows, made once."""

    def __init__(self, rows: int) -> None:
        self.whole: Array = np.empty(rows)
        self.other: Array = np.empty(rows)
        self.index: Indices = np.empty(rows, np.int64)
        self.counted: Complex = np.ones(rows, np.complex128)
        self.pair: Complex = np.ones(rows, np.complex128)

    def first(self, rows: int) -> "Spare":
        """Of the last block, which may be shorter."""
        if rows == len(self.index):
            return self
        spare = Spare(0)
        spare.whole, spare.other = self.whole[:rows], self.other[:rows]
        spare.index = self.index[:rows]
        spare.counted, spare.pair = self.counted[:rows], self.pair[:rows]
        return spare


@dataclass(frozen=True, eq=False)
class Periodic:
    """Nodes at k + ½ + each offset, for k from 0 on: those that a uniform grid and kinks make.

    The offsets ascend from 0 and stay below 1. The nodes of period k lie above its center k.
    Beyond the last node, and up to one period above the first, all rows share a cell.
    """

    base: float
    width: float
    offsets: tuple[float, ...]
    periods: int

    @property
    def nodes(self) -> Array:
        return (np.arange(self.periods)[:, None] + 0.5 + np.array(self.offsets)).ravel()

    @property
    def lower(self) -> Array:
        return np.concatenate([[-0.5], self.nodes])

    @property
    def upper(self) -> Array:
        return np.append(self.nodes, self.periods + 0.5)

    @property
    def center(self) -> Array:
        return np.append([0.0], np.repeat(np.arange(1.0, self.periods + 1), len(self.offsets)))

    @property
    def alike(self) -> list[slice]:
        """The cells, by groups of one width whose next one is a period away."""
        phases = len(self.offsets)
        if phases == 1:
            return [slice(None)]
        return [slice(0, 1), *(slice(first, None, phases) for first in range(1, phases + 1))]

    def sort(self, t: Array, inside: bool, spare: Spare) -> Indices:
        whole, other, index = spare.whole, spare.other, spare.index
        self._round(t, whole, inside)
        bits: Indices = whole.view(np.int64)
        known = BITS
        for offset in self.offsets[1:]:
            np.subtract(t, offset, out=other)
            self._round(other, other, inside)
            np.add(bits, other.view(np.int64), out=index)
            bits, known = index, known + BITS
        np.subtract(bits, known, out=index)
        np.subtract(whole, WHOLE, out=whole)
        np.subtract(t, whole, out=t)
        return index

    def _round(self, t: Array, out: Array, inside: bool) -> None:
        np.add(t, WHOLE, out=out)
        if not inside:
            out.clip(WHOLE, WHOLE + self.periods, out=out)


@dataclass(frozen=True, eq=False)
class Searched:
    """Any nodes, in ascending order: each row is searched for, which takes ten times as long."""

    base: float
    width: float
    nodes: Array

    @property
    def lower(self) -> Array:
        return np.append(self.nodes[0] - 1, self.nodes)

    @property
    def upper(self) -> Array:
        return np.append(self.nodes, self.nodes[-1] + 1)

    @property
    def center(self) -> Array:
        return 0.5 * (self.lower + self.upper)

    def sort(self, t: Array, inside: bool, spare: Spare) -> Indices:
        index: Indices = np.searchsorted(self.nodes, t, side="right")
        t -= self.center[index]
        return index


def moments(
    cells: Cells,
    scaled: tuple[Array, Array, Array | None],
    slopes: Array,
    degree: int,
    base: float = 0.0,
) -> Array:
    """Σ w dev^k for k up to the degree, of each cell and slope, `(degree + 1, slopes, cells)`.

    A row lies at resting − slope · moving, both `scaled` to the cells; its deviation is from the
    center of its cell. With a `base`, numbers of rows and sums of squares may share their digits.
    """
    resting, moving, weights = scaled
    n = len(resting)
    table = np.zeros((degree + 1, slopes.size, cells.center.size))
    low, high = reach(resting, moving, slopes)
    inside = (low > 0.5) & (high < cells.upper[-1])  # of every offset
    size = -(-n // -(-n // ROWS))  # blocks of equal size
    room, numbers = Spare(size), np.empty(size)
    for rows in blocks(n, size):
        p, q = resting[rows], moving[rows]
        weight = None if weights is None else weights[rows]
        spare, t = room.first(len(p)), numbers[: len(p)]
        for at, slope in enumerate(slopes):
            np.multiply(q, slope, out=t)
            np.subtract(p, t, out=t)
            index = cells.sort(t, bool(inside[at]), spare)
            if not (base and inside[at] and _add_two_in_one(table[:, at], index, t, base, spare)):
                _add(table[:, at], index, t, weight, spare)
    return table


def _add(table: Array, index: Indices, t: Array, weight: Array | None, spare: Spare) -> None:
    """Adds the moments of one block of deviations to the table `(degree + 1, cells)`."""
    count, power, first = table.shape[1], t, 1
    if weight is None and len(table) > 1:
        spare.counted.imag = t
        table[:2] += _paired(index, spare.counted, count)
        first = 2
    else:
        table[0] += np.bincount(index, weight, minlength=count)
        if weight is not None:
            power = np.multiply(t, weight, out=spare.whole)
    for degree in range(first, len(table)):
        if degree > 1:
            power = np.multiply(power, t, out=spare.whole)
        table[degree] += np.bincount(index, power, minlength=count)


def _add_two_in_one(table: Array, index: Indices, t: Array, base: float, spare: Spare) -> bool:
    """Adds 1, t and t² in two sums rather than three; False if a cell has too many rows for that.

    In Σ(base + t²), the number of rows is how often the base fits, the rest Σt². Where that holds
    a base of its own, numbers come out too large: so do they all together.
    """
    spare.pair.imag = t
    np.multiply(t, t, out=t)
    np.add(t, base, out=spare.pair.real)
    both, sums = _paired(index, spare.pair, table.shape[1])
    rows = np.floor(both / base)
    if rows.sum() != len(t):
        t[:] = spare.pair.imag  # as it was
        return False
    table += rows, sums, both - base * rows
    return True


def _paired(index: Indices, pair: Complex, count: int) -> Array:
    """The sums of two numbers in each cell `(2, cells)`."""
    sums = np.zeros(count, np.complex128)
    np.add.at(sums, index, pair)
    return np.array([sums.real, sums.imag])


def reach(resting: Array, moving: Array, slopes: Array) -> tuple[Array, Array]:
    """Bounds of resting − slope · moving over all rows, each `(slopes,)`."""
    ends = slopes * moving.min(), slopes * moving.max()
    return resting.min() - np.maximum(*ends), resting.max() - np.minimum(*ends)
