"""Sums row by row, of all rows or of some."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.cost import blocks
from losses.descent.surfaces.points import Points

SAMPLE = 256  # rows, whose lowest mean stands for the lowest cost


def plain(points: Points, slopes: Array, places: Array) -> Array:
    """Σφ row by row, `(places, slopes)`, in blocks that stay in cache."""
    total = np.zeros((len(places), len(slopes)))
    for rows in blocks(len(points), SAMPLE):
        at = points.resting[rows] - slopes[:, None] * points.moving[rows]
        for row, place in enumerate(places):
            values = points.shape.value(place - at)
            if points.weight is not None:
                values = values * points.weight[rows]
            total[row] += values.sum(axis=1)
    return total


def lowest_mean(points: Points, slopes: Array, places: Array) -> float:
    """About the lowest mean loss over the grid: of some rows, at some places."""
    rows = slice(None, None, -(-len(points) // SAMPLE))
    some = replace(of_rows(points, rows), weight=None)
    few = [line[:: -(-len(line) // 8)] for line in (slopes, places)]
    return float(plain(some, *few).min() / len(some))


def of_rows(points: Points, rows: NDArray[np.bool_] | slice) -> Points:
    """Some of the rows."""
    weight = None if points.weight is None else points.weight[rows]
    resting, moving, size = (part[rows] for part in (points.resting, points.moving, points.size))
    return Points(points.shape, resting, moving, size, weight)
