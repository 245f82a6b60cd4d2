"""Sums over many rows by fewer: those of a cell in the plane of rest and motion become nodes.

Row i lies at resting_i − a moving_i. Where many rows share a small rectangle of the two, Σφ of
theirs follows from the values of φ at a square of Chebyshev nodes, each with a weight that holds
for every a and every place. The rows of sparse rectangles stay as they are. So what each slope has
to visit depends on how far the rows reach, and hardly on how many there are.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array, Indices
from losses.cost import blocks
from losses.descent.surfaces.cells import reach
from losses.descent.surfaces.chebyshev import (
    AT,
    CLOSE,
    NODES,
    OVERLAP,
    STEPS,
    TRIED,
    WEIGHTS,
    Interpolation,
    interpolation,
    polynomials,
)
from losses.descent.surfaces.points import EPS, Points, Sums
from losses.descent.surfaces.rows import SAMPLE, lowest_mean
from losses.descent.surfaces.smooth import fine

MANY = NODES * NODES  # rows of a cell: of fewer, nodes would not be fewer
WORTH = 4 * MANY  # rows at least: of fewer, few cells hold many
FAR = 127  # cells from the middle: rows beyond stay as they are; the others fit two bytes
SIDE = 2 * FAR + 1
RUN = 2_048  # rows at a time: their polynomials stay in cache, their sums short
HALVES = (2.8, 2.0, 1.4, 1.0, 0.7, 0.5, 0.35, 0.25, 0.18)  # half cells, in units of the score


@dataclass(frozen=True, eq=False)
class Tiles:
    """Equal rectangles around a middle, some of which hold many rows.

    `tile` `(n,)` tells where a row lies, 0 if it is far off, `many` which ones hold many. `middle`
    and `half` `(2,)` are those of moving and of resting, in this order.
    """

    tile: NDArray[np.uint16]
    many: Indices
    middle: Array
    half: Array

    @property
    def centers(self) -> Array:
        """Of those of many rows `(tiles, 2)`."""
        number = np.array(np.divmod(self.many - 1, SIDE)).T - FAR
        centers: Array = self.middle + 2 * self.half * number
        return centers


def gathered(points: Points, slopes: Array, places: Array) -> Sums | None:
    """Σφ and a bound of its error, both `(places, slopes)`.

    None if there are kinks, or if too few rows lie near each other.
    """
    if points.shape.kinks.size or len(points) < WORTH or points.weight is not None:
        return None
    lowest = lowest_mean(points, slopes, places)
    turn = 0.5 * (slopes.min() + slopes.max())
    turned, slopes = turn * points.moving, slopes - turn
    points = replace(points, resting=points.resting - turned, size=points.size + np.abs(turned))
    found = _tiles(points, slopes, places, lowest)
    if found is None:
        return None
    tiles, tried = found
    few = _nodes(points, tiles)
    sums = fine(few, slopes, places, lowest) if 2 * len(few) <= len(points) else None
    if sums is None:
        return None
    total, bound = sums
    size = np.abs(total)
    bound += tried.bound(len(points), lowest, size) + STEPS * EPS / 2 * RUN * size
    return total, bound


def _tiles(
    points: Points, slopes: Array, places: Array, lowest: float
) -> tuple[Tiles, Interpolation] | None:
    """The largest rectangles on which nodes tell enough, and by how much they are off."""
    steepest = float(np.abs(slopes).max()) or 1.0
    for half in HALVES:
        around = half / OVERLAP * np.arange(-8.0, 9.0)  # zero, where losses bend
        if not interpolation(points.shape, around, half, lowest).off <= CLOSE:
            continue
        tiles = _covering(points, np.array([half / steepest, half]))
        if not tiles.many.size:
            return None
        low, high = reach(tiles.centers[:, 1], tiles.centers[:, 0], slopes)
        step = 2 * half / OVERLAP
        first, last = (places[0] - high.max()) / step, (places[-1] - low.min()) / step
        if not last - first + 2 * OVERLAP <= TRIED:
            return None
        centers = step * np.arange(np.floor(first) - OVERLAP, last + OVERLAP + 1)
        tried = interpolation(points.shape, centers, half, lowest)
        if tried.off <= CLOSE:
            return tiles, tried
    return None


def _covering(points: Points, half: Array) -> Tiles:
    """The rectangle of each row."""
    columns = (points.moving, points.resting)
    middle = np.array([np.median(part[:: -(-len(part) // SAMPLE)]) for part in columns])
    numbers = [
        np.rint((part - at) / (2 * by)) + FAR
        for part, at, by in zip(columns, middle, half, strict=True)
    ]
    tile = 1 + SIDE * numbers[0] + numbers[1]
    for number in numbers:
        tile[~(np.abs(number - FAR) <= FAR)] = 0
    tile = tile.astype(np.uint16)  # which is sorted in no time
    many = 1 + np.flatnonzero(np.bincount(tile)[1:] > MANY)
    return Tiles(tile, many, middle, half)


def _nodes(points: Points, tiles: Tiles) -> Points:
    """The nodes of the rectangles that hold many rows, and all other rows."""
    order, count = np.argsort(tiles.tile, kind="stable"), np.bincount(tiles.tile)
    last = np.cumsum(count)
    crowded = np.isin(np.arange(count.size), tiles.many)
    alone = np.flatnonzero(~crowded[tiles.tile])
    columns = (points.resting, points.moving, points.size)
    resting, moving, size = ([column[alone]] for column in columns)
    weight: list[Array] = [np.ones(alone.size)]
    for tile, center in zip(tiles.many, tiles.centers, strict=True):
        rows = order[last[tile] - count[tile] : last[tile]]
        along, across = center[:, None] + tiles.half[:, None] * AT
        moving.append(np.repeat(along, NODES))
        resting.append(np.tile(across, NODES))
        size.append(np.full(MANY, points.size[rows].max() + tiles.half[1]))
        weight.append(_weights(points, rows, center, tiles.half).ravel())
    parts = [np.concatenate(part) for part in (resting, moving, size, weight)]
    return Points(points.shape, *parts)


def _weights(points: Points, rows: Indices, center: Array, half: Array) -> Array:
    """Those of the nodes of one rectangle `(moving, resting)`."""
    sums = np.zeros((NODES, NODES))
    for block in blocks(rows.size, RUN):
        some = rows[block]
        along = polynomials((points.moving[some] - center[0]) / half[0])
        across = polynomials((points.resting[some] - center[1]) / half[1])
        sums += along @ across.T
    weights: Array = WEIGHTS.T @ sums @ WEIGHTS
    return weights
