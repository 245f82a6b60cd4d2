"""Where the winner changes while a parameter of the loss runs: every such value, and no other.

Of two models, the costs' difference D is scanned at points between which it changes its sign once
at most: exactly for pieces of polynomials (`polynomials`), by a proven bound for smooth parameters
(`proxies`), and with a word of doubt where no bound is known. A winner changes where D has opposite
strict signs to both sides. Touching zero is no change. Where D is zero from a to b between opposite
signs, the change stands in the middle of a and b; a tie up to an end of the range is none. Signs
that rounding decides, with |D| within some 1e-14 of the costs, count as neither.

A model whose cost is infinite loses to any finite one for all values alike; two such models tie.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.notation import worded
from losses.verdict.polynomials import FORMS, STRAIGHT, PiecewiseCurves, StraightCurves
from losses.verdict.proxies import proxies
from losses.verdict.question import Question, Scan, TriedCurves, joined, question
from losses.verdict.ranking import ranked
from losses.verdict.roots import root
from losses.verdict.scoring import BEYOND


class Curves(Protocol):
    """The costs of all models as functions of the parameter."""

    @property
    def unproven(self) -> str: ...
    def costs(self, values: Array) -> Array: ...
    def scan(self, first: int, second: int) -> Scan: ...


@dataclass(frozen=True, eq=False)
class Crossings:
    """Who wins while a parameter runs from low to high.

    `at` `(k,)` holds the sorted values where the winner changes, `winners` the models that win in
    each of the k + 1 bands between: several if they tie, none if no cost is finite. Unless it is
    `certain` that no change is missing, the sentence says why.
    """

    models: tuple[str, ...]
    loss: Loss
    parameter: str
    low: float
    high: float
    at: Array
    winners: tuple[tuple[str, ...], ...]
    sentence: str
    curves: Curves = field(repr=False)

    @property
    def certain(self) -> bool:
        """Whether no change of the winner is missing, of those that are not lost in rounding."""
        return not self.sentence

    def costs(self, values: ArrayLike) -> Array:
        """The cost of each model at k parameter values from low to high: `(models, k)`."""
        v = np.asarray(values, dtype=float)
        if v.ndim != 1 or not ((v >= self.low) & (v <= self.high)).all():
            raise ValueError(
                f"costs are known for a list of values of {self.parameter} from {self.low:g} to "
                f"{self.high:g}, found {values!r}"
            )
        return self.curves.costs(v)

    def winners_at(self, value: float) -> tuple[str, ...]:
        """The models that win at a value of the parameter."""
        return self.winners[int(np.searchsorted(self.at, value))]


@BEYOND
def flips(
    target: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    loss: str | Loss,
    parameter: str,
    low: float,
    high: float,
    *,
    weight: ArrayLike | None = None,
) -> Array:
    """The sorted values `(k,)` of a parameter, from low to high, where the winner of two changes.

    Predictions `(n,)` are what people read, after the link; other parameters stay as they are in
    the loss. None if a cost is infinite for all values. Raises ValueError for a loss or parameter
    that there is not, a range outside its domain, and rows that do not fit or are not finite.
    """
    models = {"first": first, "second": second}
    asked = question(target, models, loss, parameter, low, high, weight)
    finite = [asked.finite(model) for model in range(2)]
    return np.array(_changes(curves(asked).scan(0, 1))[0] if all(finite) else [], dtype=float)


@BEYOND
def crossings(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    loss: str | Loss,
    parameter: str,
    low: float,
    high: float,
    weight: ArrayLike | None = None,
    told: Callable[[], object] | None = None,
) -> Crossings:
    """Where the winner among all models changes, and who wins between; the errors of `flips`.

    `told` is called before each pass over the rows: what it raises ends the search.
    """
    asked = question(target, predictions, loss, parameter, low, high, weight, told)
    finite = [model for model in range(len(asked.models)) if asked.finite(model)]
    every = _WithInfinite(curves(asked.only(finite)), tuple(finite), len(asked.models))
    found: set[float] = set()
    unsure: list[tuple[float, float]] = []
    for pair in combinations(range(len(finite)), 2):
        scan = every.finite.scan(*pair)
        changes, ties = _changes(scan)
        found |= {*changes, *(end for tie in ties for end in tie)}
        unsure += scan.unsure
    inner = sorted(value for value in found if asked.low < value < asked.high)
    at, winners = _bands(asked, every, inner)
    doubt = every.finite.unproven or _doubt(asked, joined(unsure))
    ends = (asked.low, asked.high)
    return Crossings(asked.models, asked.loss, parameter, *ends, at, winners, doubt, every)


def curves(asked: Question) -> Curves:
    """The costs as functions of the parameter, in the most exact form that is known."""
    key = (asked.loss.slug, asked.parameter.name)
    if key in FORMS:
        return PiecewiseCurves(asked, FORMS[key])
    if key in STRAIGHT:
        return StraightCurves(asked, STRAIGHT[key])
    return proxies(asked) or TriedCurves(asked)


@dataclass(frozen=True, eq=False)
class _WithInfinite:
    """The curves of the models whose cost is finite, among those whose cost is infinite."""

    finite: Curves
    places: tuple[int, ...]
    count: int

    @property
    def unproven(self) -> str:
        return self.finite.unproven

    def costs(self, values: Array) -> Array:
        """The cost of each model at parameter values `(k,)`: `(models, k)`."""
        every = np.full((self.count, len(values)), np.inf)
        if self.places:
            every[list(self.places)] = self.finite.costs(values)
        return every

    def scan(self, first: int, second: int) -> Scan:
        """The difference of two costs that are finite, by their places among all."""
        return self.finite.scan(self.places.index(first), self.places.index(second))


def _changes(scan: Scan) -> tuple[list[float], list[tuple[float, float]]]:
    """Where the difference changes its sign, and the intervals where it is exactly zero."""
    x, d = scan.points, scan.difference
    if not np.isfinite(d).all():
        raise ValueError("a sum of losses exceeds the largest number; scale the rows down")
    strong, zero = np.flatnonzero(np.abs(d) > scan.band), d == 0
    turned = np.flatnonzero((d[strong[:-1]] > 0) != (d[strong[1:]] > 0))
    found = []
    for before, after in zip(strong[turned], strong[turned + 1], strict=True):
        level = before + np.flatnonzero(zero[before:after])
        if len(level) > 1:
            found.append(float(x[level[[0, -1]]].mean()))
        else:
            found.append(root(scan.at, float(x[before]), float(x[after])))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], zero, [False]]).astype(int)))
    ties = [(float(x[a]), float(x[b - 1])) for a, b in edges.reshape(-1, 2) if b - a > 1]
    return found, ties


def _bands(
    asked: Question, every: Curves, inner: list[float]
) -> tuple[Array, tuple[tuple[str, ...], ...]]:
    """The values where the set of winners changes, and the winners between, by their ranks."""
    ends = np.array([asked.low, *inner, asked.high])
    won, elsewhere = (_won(every, ends[:-1] + share * np.diff(ends)) for share in (0.5, 0.3))
    both = won & elsewhere  # where models only touch in the middle of a band, they do not tie
    won = np.where(both.any(axis=0), both, won)
    new = np.flatnonzero(np.append(True, (won[:, 1:] != won[:, :-1]).any(axis=0)))
    names = np.array(asked.models, dtype=object)
    return ends[new[1:]], tuple(tuple(names[won[:, band]]) for band in new)


def _won(every: Curves, values: Array) -> NDArray[np.bool_]:
    """Which models rank first with a finite cost, `(models, k)`."""
    costs = every.costs(values)
    return (ranked(costs) == 1) & np.isfinite(costs)


def _doubt(asked: Question, unsure: tuple[tuple[float, float], ...]) -> str:
    """The sentence for intervals where rounding decides who wins."""
    if not unsure:
        return ""
    places = ", ".join(f"from {worded(low, 6)} to {worded(high, 6)}" for low, high in unsure[:3])
    return (
        f"For {asked.parameter.letter} {places}{' and elsewhere' if len(unsure) > 3 else ''}, two "
        "costs differ by less than rounding: who wins there cannot be told."
    )
