"""Costs that are smooth in a parameter: polynomials in their place, with a proven bound of error.

A function that is analytic, and at most M, within the ellipse around an interval whose axes sum to
ρ times half of it differs from its interpolant of degree m in the Chebyshev points by no more than
4 M ρ^−m / (ρ − 1). [Trefethen 2013, Approximation Theory and Approximation Practice, Theorem 8.2]
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.polynomial import chebyshev

from losses.arrays import Array
from losses.verdict.question import ROUNDING, Question, Scan, joined

DEGREE = 28
RHO = 2 + 3**0.5  # such an ellipse reaches beyond each end by half of the interval
ERROR = 4 * RHO**-DEGREE / (RHO - 1)  # times M
STRIP = 0.8  # in log v: the ellipses of shorter pieces turn (r / c)² by less than a right angle
PIECES = 256  # shorter ones than this part of the range are not tried
CELLS, HALVINGS = 64, 40
ANGLES = np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1)
NODES = np.cos(ANGLES)
TRANSFORM = 2 / (DEGREE + 1) * np.cos(np.outer(np.arange(DEGREE + 1), ANGLES))
TRANSFORM[0] /= 2


def _mixture(rate: Callable[[Question, int], Array]) -> "Bound":
    """For rows that mix exp(a v) with positive weights, |a| ≤ rate `(n,)`."""

    def bound(asked: Question, model: int, low: float, high: float) -> float:
        with np.errstate(all="ignore"):
            ends = sum(_flattened(asked, model, v) for v in (low, high))
            grown = ends * np.exp(rate(asked, model) * (high - low) / 2)
        total = float(asked.weight @ np.where(ends == 0, 0.0, grown)) / asked.whole
        return total if np.isfinite(total) else np.inf

    return bound


def _scaled(factor: Callable[[Question], float], grows: int) -> "Bound":
    """For functions of r / v that turn to no more than a factor times their size at |v|."""

    def bound(asked: Question, model: int, low: float, high: float) -> float:
        reach = (high / low) ** 0.5
        return factor(asked) * asked.mean(model, high * reach if grows > 0 else low / reach)

    return bound


def _size(asked: Question, model: int) -> Array:
    return np.abs(asked.scores[model] - asked.target)


def _focal_rate(asked: Question, model: int) -> Array:
    """−log(1 − p), from the cross-entropy −log p."""
    plain = type(asked.loss)(gamma=0.0).value(asked.target, asked.scores[model])  # type: ignore[call-arg]
    return -np.log(-np.expm1(-plain))


def _tweedie_rate(asked: Question, model: int) -> Array:
    """Its deviance is the integral of |t − y| t^−p from the target to the mean."""
    return np.maximum(np.abs(np.log(asked.target)), np.abs(asked.scores[model]))


def _barron_factor(asked: Question) -> float:
    alpha = asked.loss.values()["alpha"]
    return 3.2 if math.isinf(alpha) else float(2 ** max(0.0, (2 - alpha) / 4))


Bound = Callable[[Question, int, float, float], float]
BOUNDS: dict[tuple[str, str], tuple[bool, Bound]] = {  # whether in log v, and M over an ellipse
    ("power", "q"): (False, _mixture(lambda asked, model: np.abs(np.log(_size(asked, model))))),
    ("linex", "a"): (False, _mixture(_size)),
    ("focal", "gamma"): (False, _mixture(_focal_rate)),
    ("softmax_focal", "gamma"): (False, _mixture(_focal_rate)),
    ("tweedie", "power"): (False, _mixture(_tweedie_rate)),
    # with z = (r / c)², Re z > 0: |1 + √(1 + z)| ≥ 1 and √|z|; |log(1 + z)| ≤ 2 log(1 + |z|);
    # |1 + z| ≥ (1 + |z|) / √2; |1 − exp(−z)| ≤ 2 min(|z|, 1), and 1 − exp(−|z|) ≥ 0.63 min(|z|, 1)
    ("pseudo_huber", "delta"): (True, _scaled(lambda asked: 2.5, 1)),
    ("cauchy", "c"): (True, _scaled(lambda asked: 2.0, 1)),
    ("geman_mcclure", "c"): (True, _scaled(lambda asked: 1.5, 1)),
    ("welsch", "c"): (True, _scaled(lambda asked: 3.2, 1)),
    ("barron", "c"): (True, _scaled(_barron_factor, -1)),
}


def _scale(asked: Question, value: float) -> tuple[float, float]:
    """A value, and what its losses are divided by: those of linex by a², as all are 0 at a = 0."""
    if asked.loss.slug != "linex":
        return value, 1.0
    a = math.copysign(max(abs(value), 1e-100), value)  # a² must not be 0
    return a, a * a


def _flattened(asked: Question, model: int, value: float) -> Array:
    """The losses of the rows, divided by their scale."""
    v, scale = _scale(asked, value)
    return np.asarray(asked.rows(model, v) / scale)


@dataclass(frozen=True, eq=False)
class Proxies:
    """The costs of all models as polynomials `(models, pieces, DEGREE + 1)` between the edges.

    Edges are in log v where that is so. The errors `(models, pieces)` bound what a polynomial
    differs from its cost by, rounding included.
    """

    asked: Question
    logarithmic: bool
    edges: Array
    coefficients: Array
    errors: Array
    unproven = ""

    def costs(self, values: Array) -> Array:
        """The cost of each model at parameter values `(k,)`: `(models, k)`."""
        t = np.log(values) if self.logarithmic else values
        last = len(self.edges) - 2
        piece = np.clip(np.searchsorted(self.edges, t, side="right") - 1, 0, last)
        low, high = self.edges[piece], self.edges[piece + 1]
        x = (2 * t - low - high) / (high - low)
        found = chebyshev.chebval(x, np.moveaxis(self.coefficients[:, piece], 2, 0), tensor=False)
        return found * values**2 if self.asked.loss.slug == "linex" else np.asarray(found)

    def scan(self, first: int, second: int) -> Scan:
        """The difference of two costs, up to a positive factor."""
        apart = self.coefficients[first] - self.coefficients[second]
        errors = self.errors[first] + self.errors[second]
        points, values, unsure = [], [], []
        for piece, (c, error) in enumerate(zip(apart, errors, strict=True)):
            x, doubtful = cells(c, error)
            points.append(self._value(piece, x))
            values.append(chebyshev.chebval(x, c))
            unsure += [tuple(self._value(piece, np.array(pair))) for pair in doubtful]
        band = np.repeat(errors, [len(part) for part in points])

        def at(value: float) -> float:
            one, other = (_flattened(self.asked, model, value) for model in (first, second))
            return self.asked.summed(one - other)

        return Scan(np.concatenate(points), np.concatenate(values), band, at, joined(unsure))

    def _value(self, piece: int, x: Array) -> Array:
        low, high = self.edges[piece], self.edges[piece + 1]
        t = low + (high - low) * (x + 1) / 2
        return np.clip(np.exp(t) if self.logarithmic else t, self.asked.low, self.asked.high)


def cells(c: Array, error: float) -> tuple[Array, list[tuple[float, float]]]:
    """Sorted points in [−1, 1] between which a Chebyshev series keeps its sign, rises or falls.

    That is proven, for T″ of order k is at most k² (k² − 1) / 3. Listed are the intervals where the
    series does not leave its error.
    """
    if not c.any():
        return np.array([-1.0, 1.0]), []
    slopes, k = chebyshev.chebder(c), np.arange(len(c))
    bend = float(np.abs(c) @ (k * k * (k * k - 1) / 3))
    middle, half = (2 * np.arange(CELLS) + 1) / CELLS - 1, 1 / CELLS
    points, unsure = [np.array([-1.0, 1.0])], []
    for _ in range(HALVINGS):
        height = np.abs(chebyshev.chebval(middle, c))
        slope = np.abs(chebyshev.chebval(middle, slopes))
        away = height - slope * half - bend * half**2 / 2 > error
        straight = slope > bend * half
        lost = ~straight & (height + slope * half + bend * half**2 / 2 <= error)
        points += [middle - half, middle + half]
        unsure += [(float(m - half), float(m + half)) for m in middle[lost]]
        left = middle[~(away | straight | lost)]
        half /= 2
        middle = np.concatenate([left - half, left + half])
        if not middle.size:
            break
    unsure += [(float(m - half), float(m + half)) for m in middle]
    return np.unique(np.clip(np.concatenate(points), -1, 1)), unsure


def proxies(asked: Question) -> Proxies | None:
    """The costs as polynomials; None where no bound is known, or none that is small."""
    logarithmic, bound = BOUNDS.get((asked.loss.slug, asked.parameter.name), (False, None))
    if bound is None:
        return None
    ends = np.array([asked.low, asked.high])
    cut = _Pieces(asked, logarithmic, bound)
    edges = _edges(cut, *map(float, np.log(ends) if logarithmic else ends))
    if edges is None:
        return None
    shape = (len(asked.models), len(edges) - 1)
    coefficients, errors = np.zeros((*shape, DEGREE + 1)), np.zeros(shape)
    for model, piece in np.ndindex(shape):
        low, high = edges[piece], edges[piece + 1]
        nodes = cut.value(low + (high - low) * (NODES + 1) / 2)
        costs = np.array([cut.cost(model, float(node)) for node in nodes])
        coefficients[model, piece] = TRANSFORM @ costs
        errors[model, piece] = cut.error(model, low, high) + ROUNDING * costs.max()
    return Proxies(asked, logarithmic, np.array(edges), coefficients, errors)


class _Pieces(NamedTuple):
    """What tells how long a piece may be."""

    asked: Question
    logarithmic: bool
    bound: Bound

    def value(self, t: Array) -> Array:
        v = np.exp(t) if self.logarithmic else t
        return np.asarray(np.clip(v, self.asked.low, self.asked.high))

    def cost(self, model: int, value: float) -> float:
        value, scale = _scale(self.asked, value)
        return self.asked.mean(model, value) / scale

    def error(self, model: int, low: float, high: float) -> float:
        """The bound of what the polynomial on a piece differs from the cost by."""
        ends = self.value(np.array([low, high]))
        return ERROR * self.bound(self.asked, model, float(ends[0]), float(ends[1]))

    def short(self, low: float, high: float) -> bool:
        """Whether a piece is so short that rounding is all that its polynomials have of errors."""
        for model in range(len(self.asked.models)):
            ends = [self.cost(model, float(v)) for v in self.value(np.array([low, high]))]
            # relative to the smallest cost on the piece, so that it keeps its digits, too
            if not self.error(model, low, high) <= ROUNDING * min(ends) < np.inf:
                return False
        return True


def _edges(cut: _Pieces, low: float, high: float) -> list[float] | None:
    """The edges of pieces that are short enough, by halving; None if none is."""
    parts = math.ceil((high - low) / STRIP) if cut.logarithmic else 1
    low, *ahead = (float(edge) for edge in np.linspace(low, high, parts + 1))
    ahead.reverse()
    edges, shortest = [low], (ahead[0] - low) / PIECES
    while ahead:
        if cut.short(edges[-1], ahead[-1]):
            edges.append(ahead.pop())
        elif ahead[-1] - edges[-1] < shortest:
            return None
        else:
            ahead.append(edges[-1] / 2 + ahead[-1] / 2)
    return edges
