"""Costs that are polynomials in a parameter, or in pieces: exactly, by sorting the residuals.

Between two neighboring sizes of residuals no row changes its side, so the sum of the losses is one
polynomial there, whose coefficients are running sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.verdict.question import Question, Scan

NOISE = 8 * np.finfo(float).eps  # times the sum of the sizes: what rounding may leave of a zero
Table = tuple[
    Array, Array
]  # coefficients `(powers, pieces)`, lowest first, and origins `(pieces,)`


@dataclass(frozen=True, eq=False)
class Spline:
    """A continuous function of x: one polynomial in x − origin between each two breaks `(m,)`.

    Coefficients are `(powers, m + 1)`, lowest first; `sizes` are those of the same rows with
    weights that have no signs: what rounding is measured by.
    """

    breaks: Array
    coefficients: Array
    sizes: Array
    origins: Array

    def __call__(self, x: Array) -> Array:
        """The function at x, of any shape."""
        piece = np.searchsorted(self.breaks, x, side="right")
        return _polynomial(self.coefficients[:, piece], x - self.origins[piece])

    def band(self, x: Array) -> Array:
        """What rounding may make of a zero at x."""
        piece = np.searchsorted(self.breaks, x, side="right")
        reach = np.abs(x - self.origins[piece])
        return np.asarray(NOISE * _polynomial(np.abs(self.sizes[:, piece]), reach))

    def turns(self, low: float, high: float) -> Array:
        """Sorted points from low to high between which the function rises, falls, or is level."""
        inner = self.breaks[(self.breaks > low) & (self.breaks < high)]
        ends = np.concatenate([[low], inner, [high]])
        piece = np.searchsorted(self.breaks, ends[:-1], side="right")
        with np.errstate(all="ignore"):  # a piece that is straight turns nowhere
            flat = _level(self.coefficients[:, piece]) + self.origins[piece]
        inside = (flat > ends[:-1]) & (flat < ends[1:])
        return np.sort(np.concatenate([ends, flat[inside]])) if inside.any() else ends


def _polynomial(coefficients: Array, x: Array) -> Array:
    total = coefficients[-1]
    for lower in coefficients[-2::-1]:
        total = total * x + lower
    return total


def _level(coefficients: Array) -> Array:
    """Where polynomials `(powers, m)` of degree 1 to 3 have no slope, `(k, m)`; else not finite."""
    if len(coefficients) < 4:
        c, b = (*coefficients[1:], np.zeros_like(coefficients[0]))[:2]
        return np.asarray(-c / (2 * b))[None]
    c, b, a = coefficients[1], 2 * coefficients[2], 3 * coefficients[3]
    larger = -0.5 * (b + np.copysign(np.sqrt(b * b - 4 * a * c), b))
    return np.array([larger / a, c / larger])


def running(terms: Array) -> Array:
    """The sums of no, one, two, … terms, as exact as if added in twice the precision.

    [Ogita, Rump & Oishi 2005, Sum2](https://doi.org/10.1137/030601818)
    """
    total = np.concatenate([[0.0], np.cumsum(terms)])
    before, after = total[:-1], total[1:]
    added = after - before
    lost = (before - (after - added)) + (terms - added)
    total[1:] += np.cumsum(lost)
    return total


def _beyond(terms: Array) -> Array:
    """For each piece, the sum over the rows whose residual is larger; `running`: is smaller."""
    return running(terms[::-1])[::-1]


def _huber(a: Array, w: Array) -> Table:
    table = np.array([running(w * a * a / 2), _beyond(w * a), -0.5 * _beyond(w)])
    return table, np.zeros(len(a) + 1)


def _reverse_huber(a: Array, w: Array) -> Table:
    """Times 2 c."""
    table = np.array([_beyond(w * a * a), running(2 * w * a), _beyond(w)])
    return table, np.zeros(len(a) + 1)


def _tukey(square: Array, w: Array) -> Table:
    """Times 6 c⁴, in c²."""
    within = [running(factor * w * square**k) for factor, k in ((1, 3), (-3, 2), (3, 1))]
    return np.array([*within, _beyond(w)]), np.zeros(len(w) + 1)


def _excess(a: Array, w: Array) -> Table:
    """Σ w (a − ε), about the next residual above ε: there nothing cancels."""
    count, gap = _beyond(w), np.diff(a, append=a[-1:])
    return np.array([_beyond(count[1:] * gap), -count]), np.append(a, a[-1:] if len(a) else 0.0)


def _squared_excess(a: Array, w: Array) -> Table:
    (excess, falling), origins = _excess(a, w)
    gap = np.diff(a, append=a[-1:])
    squares = _beyond(gap * (2 * excess[1:] - gap * falling[1:]))
    return np.array([squares, -2 * excess, -falling]), origins


@dataclass(frozen=True)
class Form:
    """How a sum of losses is a piecewise polynomial: in x = v or v², times a positive divisor."""

    table: Callable[[Array, Array], Table]
    divisor: Callable[[Array], Array] = np.ones_like
    squared: bool = False


FORMS = {
    ("huber", "delta"): Form(_huber),
    ("smooth_l1", "beta"): Form(_huber, lambda beta: beta),
    ("reverse_huber", "c"): Form(_reverse_huber, lambda c: 2 * c),
    ("tukey_biweight", "c"): Form(_tukey, lambda c: 6 * c**4, squared=True),
    ("epsilon_insensitive", "epsilon"): Form(_excess),
    ("squared_epsilon_insensitive", "epsilon"): Form(_squared_excess),
}
# Parameters in which every loss is a straight line, and two values that determine it.
STRAIGHT = {
    ("quantile", "tau"): (0.25, 0.75),
    ("expectile", "tau"): (0.25, 0.75),
    ("cross_entropy", "positive_weight"): (1.0, 2.0),
    ("cross_entropy", "smoothing"): (0.0, 1.0),
    ("softmax_cross_entropy", "smoothing"): (0.0, 1.0),
    ("focal", "alpha"): (0.0, 1.0),
}


def merged(size: Array, weight: Array) -> tuple[Array, Array]:
    """The distinct sizes, sorted, and the sums of their weights, but for those that cancel."""
    order = np.argsort(size)
    size, weight = size[order], weight[order]
    first = np.flatnonzero(np.append(True, size[1:] != size[:-1]))
    net, gross = np.add.reduceat(weight, first), np.add.reduceat(np.abs(weight), first)
    kept = np.abs(net) > NOISE * gross
    return size[first][kept], net[kept]


@dataclass(frozen=True, eq=False)
class PiecewiseCurves:
    """The costs of all models as functions of the parameter, in pieces."""

    asked: Question
    form: Form
    unproven = ""

    def costs(self, values: Array) -> Array:
        """The cost of each model at parameter values `(k,)`: `(models, k)`."""
        x = values * values if self.form.squared else values
        sums = np.array([spline(x) for spline in self._each])
        return np.asarray(sums / (self.form.divisor(values) * self.asked.whole))

    def scan(self, first: int, second: int) -> Scan:
        """The difference of two costs, up to a positive factor."""
        sizes = np.concatenate([self._sizes(first), self._sizes(second)])
        weight = np.concatenate([self.asked.weight, -self.asked.weight])
        apart, squared = self._spline(sizes, weight), self.form.squared
        low, high = self.asked.low, self.asked.high
        x = apart.turns(low * low, high * high) if squared else apart.turns(low, high)
        points = np.clip(np.sqrt(x), low, high) if squared else x

        def at(value: float) -> float:
            return float(apart(np.array(value * value if squared else value)))

        return Scan(points, apart(x), apart.band(x), at)

    @cached_property
    def _each(self) -> list[Spline]:
        models = range(len(self.asked.models))
        return [self._spline(self._sizes(model), self.asked.weight) for model in models]

    def _sizes(self, model: int) -> Array:
        residual = np.abs(self.asked.scores[model] - self.asked.target)
        return residual * residual if self.form.squared else residual

    def _spline(self, sizes: Array, weight: Array) -> Spline:
        breaks, net = merged(sizes, weight)
        table, origins = self.form.table(breaks, net)
        signless = table if (net >= 0).all() else self.form.table(breaks, np.abs(net))[0]
        return Spline(breaks, table, signless, origins)


@dataclass(frozen=True, eq=False)
class StraightCurves:
    """The costs of all models as straight lines in the parameter."""

    asked: Question
    anchors: tuple[float, float]
    unproven = ""

    def costs(self, values: Array) -> Array:
        """The cost of each model at parameter values `(k,)`: `(models, k)`."""
        lines = [self._line(model) for model in range(len(self.asked.models))]
        sums = [[float(self.asked.weight @ part) for part in line] for line in lines]
        start, slope = np.array(sums).reshape(-1, 2).T / self.asked.whole
        return np.asarray(start[:, None] + slope[:, None] * values)

    def scan(self, first: int, second: int) -> Scan:
        """The difference of two costs, up to a positive factor."""
        w, lines = self.asked.weight, (self._line(first), self._line(second))
        apart = [w * (one - other) for one, other in zip(*lines, strict=True)]
        start, slope = (float(running(part)[-1]) for part in apart)
        gross, steep = (float(np.abs(part).sum()) for part in apart)
        ends = np.array([self.asked.low, self.asked.high])
        band = NOISE * (gross + steep * np.abs(ends))
        return Scan(ends, start + slope * ends, band, lambda value: start + slope * value)

    def _line(self, model: int) -> tuple[Array, Array]:
        """The losses of the rows where the parameter is 0, and by how much they rise to 1."""
        one, other = self.anchors
        low, high = (self.asked.rows(model, anchor) for anchor in self.anchors)
        slope = (high - low) / (other - one)
        return low - one * slope, slope
