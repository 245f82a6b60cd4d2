"""What is asked when a parameter runs: the rows, the models, the loss, and from where to where."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.cost import blocks
from losses.spec import Parameter
from losses.verdict.scoring import BEYOND, floats, mean_loss, scores

ROUNDING = 64 * np.finfo(float).eps  # times the costs: what is left of a difference that is zero
TRIED = 257  # values, where no bound of the costs between them is known
BLOCK = 8_192  # rows: with the temporaries of a loss they stay in the caches
EVERY = slice(None)
FEW = 200_000  # rows are summed without rounding


class Scan(NamedTuple):
    """The difference of two costs at points `(k,)` between which it changes its sign once at most.

    It may be scaled by anything positive. Where its size is within the band, rounding decides its
    sign; in the intervals `unsure`, the band is not left at all.
    """

    points: Array
    difference: Array
    band: Array
    at: Callable[[float], float]
    unsure: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Question:
    """Models `(n,)` each, judged by a loss while one of its parameters runs from low to high.

    Targets are those of the loss, scores stand before its link, weights are all above zero; `told`
    is called before each pass over the rows.
    """

    loss: Loss
    parameter: Parameter
    low: float
    high: float
    models: tuple[str, ...]
    target: Array
    scores: tuple[Array, ...]
    weight: Array
    told: Callable[[], object] | None = None

    def at(self, value: float) -> Loss:
        """The loss with the parameter at a value."""
        return _tuned(self.loss, self.parameter.name, float(value))

    @BEYOND
    def rows(self, model: int, value: float, part: slice = EVERY) -> Array:
        """The loss of each row `(n,)` of one model, or of a part of the rows."""
        if self.told:
            self.told()
        return self.at(value).value(self.target[part], self.scores[model][part])

    def mean(self, model: int, value: float) -> float:
        """The cost of one model, ΣwL / Σw, by blocks of rows that stay in cache."""
        weight, parts = self.weight, blocks(len(self.weight), BLOCK)
        sums = [float(weight[part] @ self.rows(model, value, part)) for part in parts]
        return math.fsum(sums) / self.whole

    @cached_property
    def whole(self) -> float:
        """The sum of the weights."""
        return float(self.weight.sum())

    def summed(self, rows: Array) -> float:
        """The weighted sum over the rows: of few without rounding."""
        weighed = self.weight * rows
        return math.fsum(weighed.tolist()) if len(rows) <= FEW else float(weighed.sum())

    def only(self, models: Sequence[int]) -> "Question":
        """The same question about some of the models."""
        names = tuple(self.models[k] for k in models)
        return replace(self, models=names, scores=tuple(self.scores[k] for k in models))

    def finite(self, model: int) -> bool:
        """Whether the cost of a model is finite between low and high; else it is infinite there.

        Raises ValueError for a cost that is finite and exceeds the largest number.
        """
        low, middle, high = (
            bool(np.isfinite(self.mean(model, value)))
            for value in (self.low, self.low / 2 + self.high / 2, self.high)
        )
        endless = not middle and bool(np.isinf(self.scores[model]).any())
        if not endless and not (low and middle and high):
            raise ValueError(
                f"{self.models[model]}: its cost exceeds the largest number at some "
                f"{self.parameter.name} from {self.low:g} to {self.high:g}; take a shorter range"
            )
        return middle


def joined(intervals: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Sorted intervals, those that touch each other in one."""
    whole: list[tuple[float, float]] = []
    for low, high in sorted(intervals):
        if whole and low <= whole[-1][1] * (1 + np.sign(whole[-1][1]) * 1e-12):
            whole[-1] = (whole[-1][0], max(high, whole[-1][1]))
        else:
            whole.append((low, high))
    return tuple(whole)


@dataclass(frozen=True, eq=False)
class TriedCurves:
    """The costs of all models at single values of the parameter: what lies between is not known."""

    asked: Question

    @property
    def unproven(self) -> str:
        letter = self.asked.parameter.letter
        step = (self.asked.high - self.asked.low) / (TRIED - 1)
        return (
            f"The winner was looked for at {TRIED} values of {letter}, {step:.2g} apart: "
            "two changes between neighboring ones would be missed."
        )

    def costs(self, values: Array) -> Array:
        """The cost of each model at parameter values `(k,)`: `(models, k)`, by a pass each."""
        models = range(len(self.asked.models))
        return np.array([[self.asked.mean(model, v) for v in values] for model in models])

    def scan(self, first: int, second: int) -> Scan:
        """The difference of two costs."""
        points = np.linspace(self.asked.low, self.asked.high, TRIED)
        one, other = (
            np.array([self.asked.mean(model, v) for v in points]) for model in (first, second)
        )

        def at(value: float) -> float:
            return self.asked.summed(self.asked.rows(first, value) - self.asked.rows(second, value))

        return Scan(points, one - other, ROUNDING * (one + other), at)


@BEYOND
def question(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    loss: str | Loss,
    parameter: str,
    low: float,
    high: float,
    weight: ArrayLike | None,
    told: Callable[[], object] | None = None,
) -> Question:
    """The question, checked; ValueError says what was found and what is needed."""
    judge, described = _judge(loss, parameter)
    for end in (low, high):
        if not isinstance(end, Real) or not math.isfinite(end):
            raise ValueError(f"{parameter} runs between two finite numbers, found {end!r}")
        described.check(judge.slug, float(end))
    if not low < high:
        raise ValueError(f"{parameter} runs from low to a higher high, found {low:g} and {high:g}")
    if not predictions:
        raise ValueError("there is no model: at least one set of predictions is needed")
    y = _finite("target", target)
    if not len(y):
        raise ValueError("there are no rows: at least one target is needed")
    w = np.ones(len(y)) if weight is None else _finite("weight", weight)
    models = {name: _finite(name, prediction) for name, prediction in predictions.items()}
    for name, numbers in {"weight": w, **models}.items():
        if len(numbers) != len(y):
            raise ValueError(f"{len(y)} targets, but {len(numbers)} numbers for {name}")
    kept = np.flatnonzero(w)  # a row of weight 0 does not count, not even with an infinite loss
    if (w < 0).any() or not len(kept):
        raise ValueError(f"weights are ≥ 0 and one is above 0, found {w.min(initial=0):g} at least")
    asked = tuple(scores(judge, name, p)[kept] for name, p in models.items())
    encoded = judge.encode(y)[kept]
    for end in (low, high):  # the domain of targets may depend on the parameter
        tuned = _tuned(judge, parameter, float(end))
        for name, score in zip(models, asked, strict=True):
            if math.isnan(mean_loss(tuned, y[kept], score, w[kept])):
                raise ValueError(f"{name}: its cost under {tuned} is not a number")
    return Question(
        judge, described, float(low), float(high), tuple(models), encoded, asked, w[kept], told
    )


def _tuned(loss: Loss, parameter: str, value: float) -> Loss:
    """The same loss with one parameter at another value."""
    return type(loss)(**loss.values() | {parameter: value})


def _judge(loss: str | Loss, parameter: str) -> tuple[Loss, Parameter]:
    """The loss and the description of its parameter."""
    try:
        judge = loss if isinstance(loss, Loss) else Loss.catalogue[loss]()
    except KeyError as unknown:
        raise ValueError(unknown.args[0]) from None
    described = {one.name: one for one in judge.parameters()}
    if parameter not in described:
        there = ", ".join(described) or "none at all"
        raise ValueError(f"{judge.slug} has no parameter {parameter!r}; it has {there}")
    return judge, described[parameter]


def _finite(name: str, numbers: ArrayLike) -> Array:
    """The numbers as float64; ValueError names the first that is not finite."""
    try:
        array = floats(numbers)
    except (TypeError, ValueError):
        raise ValueError(f"{name} needs real numbers") from None
    if not array.ndim:
        raise ValueError(f"{name} needs one number for each row, found only one")
    bad = np.argwhere(~np.isfinite(array))
    if bad.size:
        first = tuple(int(place) for place in bad[0])
        raise ValueError(f"{name}: row {first[0] + 1} is {array[first]:g}, not a finite number")
    return array
