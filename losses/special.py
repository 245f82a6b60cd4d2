"""Special functions, in the forms that keep their digits: each stable where the plain one is not.

All take and return arrays of one shape, and pass jets through.
"""

import numpy as np

from losses.arrays import Array

SEAM = 1e9  # beyond it 1 + t² is t² to the last digit, in single precision too
LARGEST = 710.0  # the exponential of more is infinite
FLAT = 1e-9  # below it 1 + t² is 1 to the last digit
TERMS = 24  # of a series in |x| <= 1: the rest is below the last digit


def excess_exp(x: Array) -> Array:
    """exp(x) − 1 − x: of the order of x² near zero, where subtracting would leave no digit."""
    near = np.clip(x, -1.0, 1.0)
    series = 1.0 + near / TERMS
    for k in range(TERMS - 1, 2, -1):
        series = 1.0 + near / k * series
    return np.where(np.abs(x) < 1, 0.5 * near * near * series, np.expm1(x) - np.minimum(x, LARGEST))


def growth(a: float, t: Array) -> Array:
    """(exp(a t) − 1) / a, which is t where a is zero."""
    return np.expm1(a * t) / a if a else t


def excess_growth(a: float, t: Array) -> Array:
    """growth(a + 1, t) − growth(a, t), for a in [−2, 0]: of the order of t² near zero."""
    near = np.clip(t, -1.0, 1.0)
    series = 0.0 * near
    for k in range(TERMS + 4, 1, -1):
        series = series * near / (k + 1) + ((a + 1) ** (k - 1) - a ** (k - 1))
    less = growth(a, t)
    with np.errstate(invalid="ignore"):  # both are infinite where less is −∞, and less wins
        far = np.where(np.isinf(less), np.inf, growth(a + 1, t) - less)
    return np.where(np.abs(t) < 1, 0.5 * near * near * series, far)


def from_parabola(r: Array, t: Array, curve: Array) -> Array:
    """½ r² where t is so small that the curve is its parabola: a square of t might underflow."""
    flat = np.abs(t) < FLAT
    core = np.where(flat, r, 0.0)
    return np.where(flat, 0.5 * core * core, curve)


def log_hypot(t: Array) -> Array:
    """½ log(1 + t²), for any t."""
    a = np.abs(t)
    core = np.minimum(a, SEAM)
    return 0.5 * np.log1p(core * core) + np.log(np.maximum(a, SEAM) / SEAM)


def exp_of_square(u: Array, factor: float) -> Array:
    """exp(−factor u²), for a factor of ½ or 1: u² in two parts, whose first is exact."""
    u = np.clip(u, -40.0, 40.0)  # exp(−800) is zero
    coarse = np.rint(16 * u) / 16
    rest = (u - coarse) * (u + coarse)
    return np.exp(-factor * coarse * coarse) * np.exp(-factor * rest)
