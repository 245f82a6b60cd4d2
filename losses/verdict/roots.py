"""The place where a function of one number changes its sign."""

from collections.abc import Callable

import numpy as np

STEPS = 200  # of a search; a handful is the rule


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """A sign change between two places with opposite signs, to the last digit.

    [Chandrupatla 1997](https://doi.org/10.1016/s0965-9978(96)00051-8)
    """
    a, b, share = high, low, 0.5
    fa, fb = function(a), function(b)
    if not fa or not fb or (fa > 0) == (fb > 0):  # decided by rounding
        return a if abs(fa) < abs(fb) else b
    for _ in range(STEPS):
        x = a + share * (b - a)
        fx = function(x)
        c, fc = (a, fa) if (fx > 0) == (fa > 0) else (b, fb)
        if c == b:
            b, fb = a, fa
        a, fa = x, fx
        best = a if abs(fa) < abs(fb) else b
        closest = np.spacing(abs(best)) / abs(b - a)
        if not fa or closest >= 0.5:
            return best
        xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
        share = 0.5
        if phi * phi < xi and (1 - phi) ** 2 < 1 - xi:
            share = fa / (fb - fa) * fc / (fb - fc)
            share += (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        share = min(1 - closest, max(closest, share))
    return best
