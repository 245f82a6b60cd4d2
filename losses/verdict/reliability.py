"""Do predicted probabilities come true? Calibration curves, and what a score is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.verdict.scoring import BEYOND, floats, improbable

Score = Literal["brier", "cross_entropy"]
SCORES = {"brier": "Brier score", "cross_entropy": "cross-entropy"}
SHRUNK = 0.9  # a pass that leaves more blocks than that is the last one over whole arrays


class Parts(NamedTuple):
    """A mean score = miscalibration − discrimination + uncertainty, none of them below 0.

    Miscalibration is what the best monotone map of the predictions would save, discrimination
    what the map's predictions save of what the base rate costs, uncertainty what that costs.
    Rounding may leave a part of 0 some 1e-16 below it.
    """

    score: float
    miscalibration: float
    discrimination: float
    uncertainty: float


@dataclass(frozen=True, eq=False)
class Bins:
    """Groups of rows by prediction: mean prediction, share of ones and weight, each `(k,)`."""

    predicted: Array
    observed: Array
    weight: Array

    @property
    def error(self) -> float:
        """The expected calibration error: the mean of |predicted − observed| over the rows."""
        return float(np.abs(self.predicted - self.observed) @ self.weight / self.weight.sum())

    def sentence(self, name: str = "the model") -> str:
        """The error, with the bins that it depends on."""
        bins = f"{len(self.weight)} bin{'s' * (len(self.weight) != 1)} of equal count"
        return f"Over {bins}, the probabilities of {name} miss what happens by {self.error:.3g}."


@dataclass(frozen=True, eq=False)
class Reliability:
    """The calibration curve of isotonic regression: a step function of the prediction.

    At each distinct prediction `(k,)` stand the weight of its rows, that of the ones among them,
    and the recalibrated probability: the monotone one that scores best, under the Brier score and
    cross-entropy alike. [Dimitriadis, Gneiting & Jordan 2021](https://doi.org/10.1073/pnas.2016191118)
    """

    prediction: Array
    weight: Array
    ones: Array
    recalibrated: Array

    def parts(self, score: Score = "brier") -> Parts:
        """What a score is made of; infinite cross-entropy is infinite miscalibration."""
        rate = np.full_like(self.weight, self.ones.sum() / self.weight.sum())
        own, best, base = (self._mean(score, p) for p in (self.prediction, self.recalibrated, rate))
        return Parts(own, own - best, base - best, base)

    def sentence(
        self, score: Score = "brier", shown: Callable[[float], str] = "{:.3g}".format
    ) -> str:
        """What the score is made of; `shown` writes a number."""
        own, off, sharp, base = map(shown, self.parts(score))
        return (
            f"Its {SCORES[score]} of {own} is {base} for not knowing, less {sharp} for telling rows"
            f" apart, plus {off} for probabilities that do not come true."
        )

    @BEYOND
    def _mean(self, score: Score, p: Array) -> float:
        zeros = self.weight - self.ones
        if score == "brier":
            total = self.ones @ (1 - p) ** 2 + zeros @ p**2
        else:
            with np.errstate(divide="ignore"):
                costs = -np.log(p), -np.log1p(-p)
            # a probability of 0 costs nothing where no row has that class
            total = sum(
                np.where(m > 0, m * c, 0.0).sum()
                for m, c in zip((self.ones, zeros), costs, strict=True)
            )
        return float(total / self.weight.sum())


def reliability(
    target: ArrayLike, prediction: ArrayLike, weight: ArrayLike | None = None
) -> Reliability:
    """The isotonic calibration curve of probabilities `(n,)` for classes 0 and 1, O(n log n)."""
    y, p, w = _checked(target, prediction, weight)
    distinct, place = np.unique(p, return_inverse=True)
    count = _sums(place, w, len(distinct))
    ones = _sums(place, w * y, len(distinct))
    kept = np.flatnonzero(count)
    distinct, count, ones = distinct[kept], count[kept], ones[kept]
    return Reliability(distinct, count, ones, isotonic(ones, count))


def bins(
    target: ArrayLike, prediction: ArrayLike, count: int = 10, weight: ArrayLike | None = None
) -> Bins:
    """At most `count` bins of equal weight, in order of the prediction.

    Rows of one prediction stay together, in the bin that holds the middle of them, so bins differ
    where predictions repeat, and some may stay empty: these are left out.
    """
    y, p, w = _checked(target, prediction, weight)
    distinct, place = np.unique(p, return_inverse=True)
    rows = _sums(place, w, len(distinct))
    middle = (np.cumsum(rows) - rows / 2) / w.sum()
    bin_of = np.minimum((middle * count).astype(int), count - 1)[place]
    weights, ones, sums = (_sums(bin_of, v, count) for v in (w, w * y, w * p))
    kept = np.flatnonzero(weights)
    weights = weights[kept]
    return Bins(sums[kept] / weights, ones[kept] / weights, weights)


def isotonic(sums: Array, weight: Array) -> Array:
    """The monotone means `(k,)` closest to sums / weight by weighted squares: adjacent violators
    are pooled. [Ayer et al. 1955](https://doi.org/10.1214/aoms/1177728423)

    Whole runs that do not rise are pooled at once while that shrinks them fast; a stack of blocks,
    each pushed and pooled once at most, does the rest.
    """
    starts: Indices = np.arange(len(sums))
    blocks, sizes, before = sums, weight, np.inf
    while len(starts) < SHRUNK * before:
        before = len(starts)
        means = blocks / sizes
        first = np.flatnonzero(np.append(True, means[1:] > means[:-1]))
        starts = starts[first]
        blocks, sizes = np.add.reduceat(blocks, first), np.add.reduceat(sizes, first)
    if len(starts) < before:
        starts, blocks, sizes = _stacked(starts, blocks, sizes)
    return np.repeat(blocks / sizes, np.diff(np.append(starts, len(sums))))


def _stacked(starts: Indices, sums: Array, weight: Array) -> tuple[Indices, Array, Array]:
    """The blocks that remain when each is pooled with those before it that are not below it."""
    kept: list[tuple[int, float, float]] = []
    for start, total, size in zip(starts.tolist(), sums.tolist(), weight.tolist(), strict=True):
        while kept and kept[-1][1] / kept[-1][2] >= total / size:
            start, others, rows = kept.pop()
            total, size = total + others, size + rows
        kept.append((start, total, size))
    first, totals, sizes = zip(*kept, strict=True)
    return np.array(first), np.array(totals), np.array(sizes)


def _sums(place: Indices, values: Array, count: int) -> Array:
    """The sums of the values at each place, 0 to count − 1."""
    return np.bincount(place, values, count).astype(float)


def _checked(
    target: ArrayLike, prediction: ArrayLike, weight: ArrayLike | None
) -> tuple[Array, Array, Array]:
    y, p = floats(target), floats(prediction)
    w = np.ones_like(y) if weight is None else floats(weight)
    if not len(y) or y.ndim != 1 or not y.shape == p.shape == w.shape:
        raise ValueError(f"targets {y.shape}, predictions {p.shape} and weights {w.shape}")
    if not np.isin(y, (0, 1)).all():
        raise ValueError("a target is neither 0 nor 1")
    if (bad := improbable(p)).size:
        raise ValueError(f"{p[bad[0]]:g} in row {bad[0] + 1} is no probability")
    if not (np.isfinite(w) & (w >= 0)).all() or not w.any():
        raise ValueError("weights must be finite and 0 or more, and one above 0")
    return y, p, w
