"""What a residual loss L leaves of probability: the mass of exp(−L(r)/s) over all residuals r."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from losses.arrays import Array
from losses.families import ResidualLoss

HALVED = 32  # steps of the double exponential rule to either side, before it is refined
REFINED = 7  # times that the steps are halved at most
DIGITS = 1e-11  # relative: two rules that agree so far are both right, the finer one by far
FARTHEST = 690.0  # exponents: no residual beyond exp(690) counts
TALLEST = 2.0 ** np.arange(-300, 301)  # sizes of residuals, among which the spread is searched
LOST = 1e-13  # a share of the mass at the last node that is too much to stop there


class Mass(NamedTuple):
    """The logarithm of the mass, and the mean of L under the density."""

    log: float
    mean: float


def mass(loss: ResidualLoss, scale: float) -> Mass | None:
    """The integrals over all residuals, to ten digits; None if the mass is infinite or unclear.

    Double exponential quadrature [Takahasi & Mori 1974] between the kinks and out from the last
    ones, its steps halved until the results agree. It follows tails of any power.
    """
    ends = sorted({0.0, *loss.kinks()})
    spread = _spreads(loss, scale, ends)
    before: Mass | None = None
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        for halvings in range(REFINED):
            r, weight = _nodes(ends, spread, HALVED << halvings)
            now = _moments(loss.phi(r), weight, scale, HALVED << halvings)
            if before is not None and now is not None and _agree(before, now):
                return now
            before = now
    return None


def _spreads(loss: ResidualLoss, scale: float, ends: list[float]) -> tuple[float, float]:
    """How far beyond the outer kinks the loss grows by one scale, to either side."""
    found = []
    with np.errstate(over="ignore", invalid="ignore"):
        for sign, end in ((-1.0, ends[0]), (1.0, ends[-1])):
            base = float(loss.phi(np.array([end]))[0])
            grown = loss.phi(end + sign * TALLEST) - base >= scale
            found.append(float(TALLEST[int(np.argmax(grown))]) if grown.any() else 1.0)
    return found[0], found[1]


def _nodes(ends: list[float], spread: tuple[float, float], count: int) -> tuple[Array, Array]:
    """Residuals and logarithms of their weights: on both tails, and between the kinks."""
    t = np.linspace(-1.0, 1.0, 2 * count + 1)
    # exp–sinh over each tail: r = end ± spread · exp(½π sinh u)
    u = t * math.asinh(2 * FARTHEST / math.pi)
    step = u[1] - u[0]
    power = 0.5 * math.pi * np.sinh(u)
    log_weight = power + np.log(0.5 * math.pi * np.cosh(u) * step)
    far = np.exp(power)
    places = [ends[-1] + spread[1] * far, ends[0] - spread[0] * far]
    weights = [log_weight + math.log(one) for one in (spread[1], spread[0])]
    # tanh–sinh between two kinks: r = low + length / (1 + exp(−π sinh u))
    u = t * 3.2
    share = math.pi * np.sinh(u)
    inner = np.log(math.pi * np.cosh(u) * (u[1] - u[0])) - np.logaddexp(0, share)
    inner -= np.logaddexp(0, -share)
    for low, high in pairwise(ends):
        places.append(low + (high - low) / (1 + np.exp(-share)))
        weights.append(inner + math.log(high - low))
    return np.concatenate(places), np.concatenate(weights)


def _moments(value: Array, log_weight: Array, scale: float, count: int) -> Mass | None:
    """The sums over the nodes; None if what lies at the farthest ones still counts."""
    power = log_weight - value / scale
    power[np.isnan(power)] = -np.inf  # where the loss itself has overflowed
    top = float(power.max())
    share = np.exp(power - top)
    total = float(share.sum())
    if not math.isfinite(top) or share[[2 * count, 4 * count + 1]].max() > LOST * total:
        return None
    return Mass(top + math.log(total), float(share @ np.where(share > 0, value, 0.0)) / total)


def _agree(a: Mass, b: Mass) -> bool:
    return abs(a.log - b.log) <= DIGITS and abs(a.mean - b.mean) <= DIGITS * abs(b.mean)


def digamma(x: float) -> float:
    """The slope of log Γ at x > 0: up to 10 by its recurrence, from there by Stirling's series."""
    less = 0.0
    while x < 10:
        less += 1 / x
        x += 1
    y = 1 / (x * x)
    series = y * (
        1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * 691 / 32760))))
    )
    return math.log(x) - 0.5 / x - series - less
