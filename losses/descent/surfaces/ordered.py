"""Sums over rows on a line that one feature moves, for a loss in pieces of degree two: in order.

Row i scores place + a x_i. With the rows in the order of x, those of one piece of the loss are
neighbors for every a and every place; sums of 1, x and x² over the first rows, up to any one, and
over the last, make Σφ of each piece.
"""

from itertools import pairwise

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.surfaces.points import EPS, Points, Rates, Sums, rounding
from losses.descent.surfaces.shape import Shape

RUN = 256  # numbers added up one after the other: sums of these follow, so that errors stay small
TRIED = np.array([0.05, 0.35, 0.5, 0.75, 0.95])  # of the way through a piece
OUTER = 8.0  # the length of what is looked at of the two pieces without end, in units of the kinks


def ordered(points: Points, slopes: Array, places: Array) -> Sums | None:
    """Σφ and a bound of its error, both `(places, slopes)`, where the resting parts are equal.

    None for a loss that is not in pieces of degree two.
    """
    pieces = _pieces(points.shape)
    if pieces is None:
        return None
    places = places - points.resting[0]
    x = np.sort(points.moving)
    center = float(x[len(x) // 2])
    first, last = _running(x - center), _running((x - center)[::-1])
    middle = places[:, None] + slopes * center
    kinks = points.shape.kinks
    ends = np.array([_below(x, kink - places[:, None], slopes) for kink in kinks])
    total, size = np.zeros((2, *middle.shape))
    for piece, (at, value, slope, bend) in enumerate(pieces):
        sums = _of_piece(piece, ends, first, last, slopes)
        away = middle - at
        constant, linear = value + away * (slope + 0.5 * bend * away), slope + bend * away
        total += constant * sums[0] + linear * slopes * sums[1]
        total += 0.5 * bend * slopes * slopes * sums[2]
        grown = abs(value) + np.abs(away) * (abs(slope) + 0.5 * abs(bend) * np.abs(away))
        size += grown * sums[0] + np.abs(linear * slopes) * np.abs(x - center).sum()
        size += 0.5 * abs(bend) * slopes * slopes * first[2][-1]
    bound = EPS * (RUN + len(x) / RUN + 8) / 2 * size
    return total, bound + rounding(
        points, total, slopes, np.abs(places), _rates(points.shape, pieces)
    )


def _pieces(shape: Shape) -> list[tuple[float, float, float, float]] | None:
    """A place in each piece, with value, slope and bend there; None if they do not say it all."""
    kinks = shape.kinks
    if not kinks.size:
        return None
    length = OUTER * (1 + np.ptp(kinks))
    bounds = np.concatenate([[kinks[0] - length], kinks, [kinks[-1] + length]])
    found = []
    for low, high in pairwise(bounds):
        at = low + (high - low) * TRIED
        value, slope, bend = shape.value(at), shape.slope(at), shape.bend(at)
        away = at - at[2]
        taken = value[2] + away * (slope[2] + 0.5 * bend[2] * away)
        if np.any(bend != bend[2]) or np.abs(taken - value).max() > 64 * EPS * np.abs(value).max():
            return None
        found.append((float(at[2]), float(value[2]), float(slope[2]), float(bend[2])))
    return found


def _rates(shape: Shape, pieces: list[tuple[float, float, float, float]]) -> Rates:
    """The largest slope of a loss in straight pieces, the largest bend of one without corners."""
    bend = max(abs(bend) for *_, bend in pieces)
    steepest = np.inf if bend else max(abs(slope) for _, _, slope, _ in pieces)
    return Rates(steepest, bend if shape.bent else np.inf)


def _running(x: Array) -> list[Array]:
    """Sums of 1, x and x² over the first k numbers, each `(n + 1,)`."""
    sums = [np.arange(len(x) + 1.0)]
    for power in (x, x * x):
        padded = np.zeros(-(-len(x) // RUN) * RUN)
        padded[: len(x)] = power
        runs = np.cumsum(padded.reshape(-1, RUN), axis=1)
        runs[1:] += np.cumsum(runs[:-1, -1])[:, None]
        sums.append(np.concatenate([[0.0], runs.ravel()[: len(x)]]))
    return sums


def _below(x: Array, score: Array, slopes: Array) -> Indices:
    """How many rows, in the order of x, come before slope · x reaches a score `(places, 1)`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        limit = score / slopes
    # a slope of zero leaves all rows on one side
    limit = np.where(slopes == 0, np.where(score > 0, np.inf, -np.inf), limit)
    return np.searchsorted(x, limit)


def _of_piece(
    piece: int, ends: Indices, first: list[Array], last: list[Array], slopes: Array
) -> list[Array]:
    """Sums of 1, x and x² over the rows of a piece, each `(places, slopes)`."""
    rows, kinks = len(first[0]) - 1, len(ends)
    rising = slopes >= 0
    low = np.where(rising, ends[piece - 1] if piece else 0, ends[piece] if piece < kinks else 0)
    high = np.where(
        rising,
        ends[piece] if piece < kinks else rows,
        ends[piece - 1] if piece else rows,
    )
    sums = []
    for ahead, behind in zip(first, last, strict=True):
        # of the last rows the sum itself, not the difference of two that may be near each other
        some = np.where(high == rows, behind[rows - low], ahead[high] - ahead[low])
        sums.append(some)
    return sums
