"""Sums over a block of rows that need no array of losses: what makes a cost as fast as memory."""

import math

import numpy as np

from losses.arrays import Array

RUN = 1_024  # products that single precision may add up by itself: its digits last no longer
FOLDS = 6  # 2^6 factors of a product share one logarithm; more would save nothing
MEAN = 0.1  # of the logarithms: if it is larger, what 1 + x rounds off is below the last digits
SHORT = 11  # 2^11 numbers and fewer are not worth a fold

# The C library gives freed memory back to the system, and faults it in again for the next block,
# until it has once seen a larger array freed: without this line a cost takes up to seven times as
# long. The limit of what it remembers is 32 MB; elsewhere the line does nothing.
np.empty(31 << 20, np.uint8)


def dot(a: Array, b: Array) -> float:
    """Sum a·b; in single precision as the sum of short runs, which keeps its digits."""
    if a.dtype != np.float32:
        return float(np.vdot(a, b))
    rest = len(a) % RUN
    with np.errstate(over="ignore"):
        runs = np.vecdot(a[rest:].reshape(-1, RUN), b[rest:].reshape(-1, RUN))
        total = float(runs.sum(dtype=float)) + float(np.vdot(a[:rest], b[:rest]))
    return total if math.isfinite(total) else float(np.vdot(a.astype(float), b.astype(float)))


def sum_of(x: Array) -> float:
    """Sum x; in single precision as the sum of short runs, whose products with ones are fast."""
    if x.dtype != np.float32:
        return float(x.sum())
    rest = len(x) % RUN
    with np.errstate(over="ignore"):
        runs = np.vecdot(x[rest:].reshape(-1, RUN), np.ones(RUN, x.dtype))
        total = float(runs.sum(dtype=float)) + float(x[:rest].sum())
    return total if math.isfinite(total) else float(x.sum(dtype=float))


def sign(x: Array, out: Array) -> None:
    """Writes -1, 0 or 1: clipped to the least normal number, and over it, in half of the time."""
    least = np.finfo(x.dtype).tiny
    x.clip(-least, least, out=out)
    out *= 1 / least


def finite(x: Array) -> bool:
    """Whether all numbers are finite: the sum of their squares tells, unless it overflows."""
    flat = x.reshape(-1)
    return bool(np.isfinite(np.vdot(flat, flat)) or np.isfinite(flat).all())


def log1p_sum(x: Array) -> float:
    """Sum log(1 + x) for x >= 0, to every digit: few logarithms of many factors."""
    most = FOLDS - 3 * (x.dtype == np.float32)  # which holds an eighth of the exponents
    folds = min(most, max(0, len(x).bit_length() - SHORT))
    whole, factors = len(x) >> folds << folds, 1 + x
    with np.errstate(over="ignore"):
        products = np.multiply.reduce(factors[:whole].reshape(1 << folds, -1))
        products[: len(x) - whole] *= factors[whole:]
    total = float(np.log(products).sum())
    return total if MEAN * len(x) < total < math.inf else _small_log1p_sum(x)


def _small_log1p_sum(x: Array) -> float:
    """The same where what 1 + x rounds off would show, or where a product is infinite.

    A product (1 + a)(1 + b) is 1 + (a + b + a b), so a factor near one keeps its distance from it.
    """
    if not math.isfinite(most := float(x.max())):
        return most
    largest = max(math.log1p(most), 1.0)
    room = float(np.log(np.finfo(x.dtype).max)) / (1.01 * largest)  # factors that fit into a number
    folds = min(FOLDS, int(math.log2(max(room, 1.0))), max(0, len(x).bit_length() - SHORT))
    whole = len(x) >> folds << folds
    rest, x = np.log1p(x[whole:]).sum(), x[:whole]
    for _ in range(folds):
        a, b = x[: len(x) // 2], x[len(x) // 2 :]
        x = a * b
        x += a
        x += b
    return float(np.log1p(x).sum() + rest)


def softplus_powers(x: Array) -> tuple[Array, float]:
    """exp(x) where softplus(x) is not yet x to the last digit, and the sum of what lies beyond."""
    cap = 17.0 if x.dtype == np.float32 else 40.0
    if x.max() <= cap:
        return np.exp(x), 0.0
    return np.exp(np.minimum(x, cap)), float(np.maximum(x - cap, 0.0).sum())
