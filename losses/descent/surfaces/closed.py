"""The surface of squared error: three numbers and the least-squares point say it all."""

import numpy as np

from losses.arrays import Array
from losses.descent.surfaces.points import EPS, Scores, Sums

SUMMED = 64 * EPS  # what the order of a long sum of squares may change, relative to it


def squared(rows: Scores, first: Array, second: Array) -> Sums:
    """Σ r² and a bound of its error, both `(second, first)`, for any plane.

    With the plane's own least-squares point (a*, b*) as the origin and the second direction made
    orthogonal to the first, Σ r² is a sum of three squares: nothing cancels.
    """
    u, v = rows.first, rows.second
    residual = rows.offset - rows.target
    vv = _squared(v)
    share = float(np.vdot(u, v) / vv) if vv else 0.0
    across = u - share * v
    uu = _squared(across)
    flat = uu <= (64 * EPS) ** 2 * _squared(u)  # they differ by rounding alone
    low, high = 0.0, 0.0
    for _ in range(2):  # the second time removes what the first has left by rounding
        rest = residual + low * u + high * v
        away = 0.0 if flat else -float(np.vdot(across, rest) / uu)
        along = -float(np.vdot(v, rest) / vv) - share * away if vv else 0.0
        low, high = low + away, high + along
    rest = residual + low * u + high * v
    a, b = first - low, (second - high)[:, None]
    turned = b + share * a
    crossed = 2 * (a * float(np.vdot(across, rest)) + turned * float(np.vdot(v, rest)))
    crossed += 2 * a * turned * float(np.vdot(across, v))
    total = _squared(rest) + a * a * uu + turned * turned * vv + crossed
    size = _squared(rows.size) + _grid(first * first * _squared(u), second * second * vv)
    size += low * low * _squared(u) + high * high * vv
    # φ'² = 4 φ: by Cauchy and Schwarz, Σ|φ'| m is at most √(4 Σφ Σm²)
    root = 8 * EPS * np.sqrt(4 * 5 * size)
    return total, SUMMED * np.abs(total) + root * np.sqrt(np.abs(total)) + root * root


def _squared(x: Array) -> float:
    return float(np.vdot(x, x))


def _grid(first: Array, second: Array) -> Array:
    return first + second[:, None]
