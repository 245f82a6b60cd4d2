"""What decisions and probabilities come to: the four counts, their ratios, and calibration."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.links import sigmoid
from losses.probabilistic import Brier, CrossEntropy
from losses.verdict.reliability import bins
from losses.verdict.scoring import mean_loss

BINS = 10
CELLS = ((True, 1), (True, 0), (False, 1), (False, 0))  # called 1, and the class
Called = NDArray[np.bool_]  # who is called 1
ROUNDING = 16 * float(np.finfo(float).eps)  # two logarithms, each up to log 100, and their sum


@dataclass(frozen=True)
class Confusion:
    """The weight of the rows in each of the four cells; without weights, their number.

    Positive is who is called class 1. A ratio without any rows to be a ratio of is NaN.
    """

    true_positive: float
    false_positive: float
    false_negative: float
    true_negative: float

    @property
    def total(self) -> float:
        """All rows."""
        right = self.true_positive + self.true_negative
        return right + self.false_positive + self.false_negative

    @property
    def recall(self) -> float:
        """TP / (TP + FN)."""
        return _ratio(self.true_positive, self.true_positive + self.false_negative)

    @property
    def precision(self) -> float:
        """TP / (TP + FP)."""
        return _ratio(self.true_positive, self.true_positive + self.false_positive)

    @property
    def specificity(self) -> float:
        """TN / (TN + FP)."""
        return _ratio(self.true_negative, self.true_negative + self.false_positive)

    @property
    def accuracy(self) -> float:
        """(TP + TN) / all."""
        return _ratio(self.true_positive + self.true_negative, self.total)

    @property
    def f1(self) -> float:
        """2 TP / (2 TP + FP + FN)."""
        double = 2 * self.true_positive
        return _ratio(double, double + self.false_positive + self.false_negative)

    @property
    def balanced(self) -> float:
        """(recall + specificity) / 2."""
        return (self.recall + self.specificity) / 2


@dataclass(frozen=True)
class Outcome:
    """The decisions at a threshold, and how far the probabilities come true.

    `brier` and `log_loss` are means over the rows, the latter infinite where what was said to be
    impossible happened; `error` is the expected calibration error over ten bins of equal count.
    """

    counts: Confusion
    brier: float
    log_loss: float
    error: float
    mean: float
    rate: float

    def value(self, name: str) -> float:
        """A ratio of the counts, or a measure of calibration, by name."""
        return float(getattr(self.counts if hasattr(self.counts, name) else self, name))


def confusion(
    target: Array, logit: Array, threshold: float = 0.5, weight: Array | None = None
) -> Confusion:
    """The counts when rows whose probability is at least the threshold are called 1.

    Targets `(n,)` of 0 and 1, logits `(n,)`, which may be infinite, weights `(n,)`. Raises
    ValueError for a threshold outside (0, 1).
    """
    called = at_least(logit, logit_of(threshold))
    w = np.ones_like(target) if weight is None else weight
    cells = [float(w[(called == said) & (target == y)].sum()) for said, y in CELLS]
    return Confusion(*cells)


def outcome(
    target: Array, logit: Array, threshold: float = 0.5, weight: Array | None = None
) -> Outcome:
    """Counts and calibration of logits `(n,)` for targets `(n,)` of 0 and 1."""
    w = np.ones_like(target) if weight is None else weight
    counted = w > 0
    y, z, w = target[counted], logit[counted], w[counted]
    p = sigmoid(z)
    return Outcome(
        confusion(y, z, threshold, w),
        mean_loss(Brier(), y, z, w),
        mean_loss(CrossEntropy(), y, z, w),
        bins(y, p, BINS, w).error,
        float(w @ p / w.sum()),
        float(w @ y / w.sum()),
    )


def at_least(value: Array, border: float) -> Called:
    """Whether probabilities or logits `(n,)` reach a border, but for what rounding leaves of them.

    The room is of the size of 1 at least: where a logit and log w cancel, neither can be seen.
    """
    with np.errstate(invalid="ignore"):
        room = ROUNDING * (1 + np.where(np.isfinite(value), np.abs(value), 0.0) + abs(border))
    reached: Called = value >= border - room
    return reached


def logit_of(threshold: float) -> float:
    """The logit at which a probability reaches a threshold between 0 and 1."""
    if not 0 < threshold < 1:
        raise ValueError(f"threshold = {threshold:g} must lie between 0 and 1")
    return math.log(threshold) - math.log1p(-threshold)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
