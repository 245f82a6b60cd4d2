"""Sums over rows that each move at a pace of their own, for a loss that has no scale."""

import numpy as np

from losses.arrays import Array
from losses.descent.surfaces.points import Points, Scores, Sums
from losses.descent.surfaces.rows import plain
from losses.descent.surfaces.shape import Shape
from losses.descent.surfaces.taylor import exact


def scaled(shape: Shape, rows: Scores, slopes: Array, places: Array) -> Sums | None:
    """Σφ and a bound of its error, both `(places, slopes)`; None for a loss with a scale.

    Around a kink κ, φ(κ + λ x) = λ^p φ(κ + x) for λ > 0. So a row whose score moves by v with the
    second coordinate counts |v|^p rows whose scores move by 1, or by −1.
    """
    power = shape.power
    if not power:
        return None
    total, bound = np.zeros((2, places.size, slopes.size))
    for sign in (-1.0, 1.0):
        some = np.sign(rows.second) == sign
        if not some.any():
            continue
        points = _at_one_pace(shape, rows.only(some), power)
        found = exact(points, slopes, np.sort(sign * places))
        if found is None:
            return None
        order = slice(None, None, int(sign))
        total += found[0][order]
        bound += found[1][order]
    still = rows.only(rows.second == 0)
    if len(still.offset):
        points = Points(shape, -still.offset, still.first, still.size)
        total += plain(points, slopes, np.zeros(1))
    return total, bound


def _at_one_pace(shape: Shape, rows: Scores, power: int) -> Points:
    """Rows whose scores rise, or all fall, in the units in which they move by 1."""
    kink, pace = float(shape.kinks[0]), np.abs(rows.second)
    resting = (kink - rows.offset) / pace - kink
    size = (rows.size + abs(kink)) / pace + abs(kink)
    return Points(shape, resting, rows.first / pace, size, pace**power)
