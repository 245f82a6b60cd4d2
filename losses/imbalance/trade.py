"""Recall against calibration: what a weight or γ buys, what it costs, and a threshold beside it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.imbalance.outcome import Outcome, outcome
from losses.imbalance.rare import Given, Rare, path
from losses.imbalance.views import threshold_of

WEIGHTS = np.unique(np.round(np.geomspace(1, 100, 41), 1))
GAMMAS = np.linspace(0, 5, 26)
MEASURES = ("brier", "log_loss", "error", "mean")


@dataclass(frozen=True, eq=False)
class Trade:
    """Outcomes while one knob runs over its stops `(k,)`.

    `knob` is "weight" or "gamma". `steady` are those of the model that stays as it is, while its
    threshold moves as the weight would move it; of γ there is none.
    """

    knob: str
    stops: Array
    outcomes: tuple[Outcome, ...]
    steady: tuple[Outcome, ...] = ()

    def ratio(self, name: str, *, steady: bool = False) -> Array:
        """A ratio of the counts at every stop `(k,)`."""
        return np.array([getattr(one.counts, name) for one in self._of(steady)])

    def measure(self, name: str, *, steady: bool = False) -> Array:
        """A measure of calibration at every stop `(k,)`."""
        return np.array([getattr(one, name) for one in self._of(steady)])

    @cached_property
    def rate(self) -> float:
        """The share of class 1."""
        return self.outcomes[0].rate

    def _of(self, steady: bool) -> tuple[Outcome, ...]:
        return self.steady if steady else self.outcomes


def by_weight(
    case: Rare | Given, gamma: float = 0.0, threshold: float = 0.5, stops: ArrayLike = WEIGHTS
) -> Trade:
    """As the weight of class 1 runs: refits, or given probabilities with their logits moved."""
    at = np.asarray(stops, dtype=float)
    if isinstance(case, Given):
        outcomes = tuple(case.judged(float(w), threshold) for w in at)
        logits, weight = case.at(), case.chances.weight
    else:
        fits = path(case, at, [gamma] * len(at))
        outcomes = tuple(case.judged(one, threshold) for one in fits)
        logits, weight = case.at(1.0, gamma).logits, case.data.weight
    odds = threshold / (1 - threshold)
    steady = tuple(outcome(case.target, logits, threshold_of(float(w) / odds), weight) for w in at)
    return Trade("weight", at, outcomes, steady)


def by_gamma(
    rare: Rare, weight: float = 1.0, threshold: float = 0.5, stops: ArrayLike = GAMMAS
) -> Trade:
    """As focal's γ runs, with class 1 weighted."""
    at = np.asarray(stops, dtype=float)
    fits = path(rare, [weight] * len(at), at)
    return Trade("gamma", at, tuple(rare.judged(one, threshold) for one in fits))
