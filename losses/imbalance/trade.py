"""Recall against calibration: what a weight or γ buys, what it costs, and a threshold beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.imbalance.outcome import Outcome, confusion, outcome
from losses.imbalance.rare import Given, Rare, path
from losses.imbalance.views import instead

WEIGHTS = np.unique(np.round(np.geomspace(1, 100, 31), 1))
GAMMAS = np.linspace(0, 5, 26)


@dataclass(frozen=True, eq=False)
class Trade:
    """Outcomes while one knob runs over its stops `(k,)`.

    `knob` is "weight" or "gamma". `steady` are those of the model that stays as it is, while its
    threshold moves as the weight would move it, γ included; as γ runs there is none.
    """

    knob: str
    stops: Array
    outcomes: Sequence[Outcome]
    steady: Sequence[Outcome] = ()

    @property
    def letter(self) -> str:
        """The knob's letter."""
        return "w" if self.knob == "weight" else "γ"

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

    def _of(self, steady: bool) -> Sequence[Outcome]:
        return self.steady if steady else self.outcomes


@dataclass(frozen=True, eq=False)
class Run:
    """The logits `(k, n)` while a knob runs, and of weights those of the plain model `(n,)`.

    `gamma` is focal's while a weight runs.
    """

    knob: str
    stops: Array
    target: Array
    weight: Array | None
    logits: Sequence[Array]
    plain: Array | None = None
    gamma: float = 0.0

    def at(self, threshold: float = 0.5) -> Trade:
        """The outcomes at a threshold, which moves the counts and leaves calibration alone."""
        counted = [
            replace(one, counts=confusion(self.target, z, threshold, self.weight))
            for one, z in zip(self._outcomes, self.logits, strict=True)
        ]
        if self.plain is None:
            return Trade(self.knob, self.stops, counted)
        moved = [instead(threshold, float(w), self.gamma) for w in self.stops]
        steady = [
            replace(self._steady, counts=confusion(self.target, self.plain, t, self.weight))
            for t in moved
        ]
        return Trade(self.knob, self.stops, counted, steady)

    @cached_property
    def _outcomes(self) -> list[Outcome]:
        return [outcome(self.target, z, weight=self.weight) for z in self.logits]

    @cached_property
    def _steady(self) -> Outcome:
        assert self.plain is not None
        return outcome(self.target, self.plain, weight=self.weight)


def by_weight(case: Rare | Given, gamma: float = 0.0, stops: ArrayLike = WEIGHTS) -> Run:
    """As the weight of class 1 runs: refits, or given probabilities with their logits moved."""
    at = np.asarray(stops, dtype=float)
    if isinstance(case, Given):
        logits = [case.at(float(w)) for w in at]
        return Run("weight", at, case.target, case.chances.weight, logits, case.at())
    logits = [one.logits for one in path(case, at, [gamma] * len(at))]
    return Run("weight", at, case.target, case.data.weight, logits, case.at().logits, gamma)


def by_gamma(rare: Rare, weight: float = 1.0, stops: ArrayLike = GAMMAS) -> Run:
    """As focal's γ runs, with class 1 weighted."""
    at = np.asarray(stops, dtype=float)
    logits = [one.logits for one in path(rare, [weight] * len(at), at)]
    return Run("gamma", at, rare.target, rare.data.weight, logits)
