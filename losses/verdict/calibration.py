"""Reliability of several models at once, as they are or with all their logits moved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.links import SIGMOID, sigmoid
from losses.probabilistic import CrossEntropy
from losses.verdict.reliability import Bins, Parts, Reliability, Score, bins, reliability
from losses.verdict.scoring import floats, mean_loss


@dataclass(frozen=True, eq=False)
class Calibration:
    """How the probabilities of one model come true: its curve, and its bins of equal count.

    `cross_entropy` is that of the logits: finite also where a probability rounds to 0 or 1.
    """

    model: str
    curve: Reliability
    bins: Bins
    cross_entropy: float

    def parts(self, score: Score = "brier") -> Parts:
        """What a score is made of."""
        return self._brier if score == "brier" else self._surprise

    @cached_property
    def _brier(self) -> Parts:
        return self.curve.parts("brier")

    @cached_property
    def _surprise(self) -> Parts:
        found = self.curve.parts("cross_entropy")
        best = found.uncertainty - found.discrimination
        own = self.cross_entropy
        return Parts(own, own - best, found.discrimination, found.uncertainty)


def calibrations(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    weight: ArrayLike | None = None,
    move: Callable[[Array], Array] | None = None,
) -> tuple[Calibration, ...]:
    """Curve and bins of every model; `move` maps logits to logits, and must keep their order.

    So what is moved has the blocks of what was given, though two probabilities may round to one.
    Raises ValueError for what `reliability` refuses.
    """
    y = floats(target)
    w = np.ones_like(y) if weight is None else floats(weight)
    found = []
    for name, given in predictions.items():
        curve = reliability(y, given, w)
        logit = SIGMOID.score(floats(given))
        p = floats(given)
        if move is not None:
            logit = move(logit)
            p = sigmoid(logit)
            curve = replace(curve, prediction=sigmoid(move(SIGMOID.score(curve.prediction))))
        counted = np.flatnonzero(w)
        cost = mean_loss(CrossEntropy(), y[counted], logit[counted], w[counted])
        found.append(Calibration(name, curve, bins(y, p, weight=w), cost))
    return tuple(found)
