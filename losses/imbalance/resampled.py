"""Resampling instead of weighting: the same fit in expectation, and its scatter over seeds.

Oversampling draws rows of class 1 again, undersampling leaves rows of class 0 out, both until
class 1 weighs w times as much beside class 0 as before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from losses.arrays import Array
from losses.imbalance.outcome import Outcome, confusion
from losses.imbalance.rare import Learned, Rare

SEEDS = 20  # resamplings for a band


def oversampled(target: Array, weight: float, rng: np.random.Generator) -> Array:
    """How often each row is taken `(n,)`: all once, and (w − 1) n₁ more of class 1, drawn again.

    Raises ValueError for w below 1.
    """
    ones = _ones(target, weight)
    more = rng.choice(ones, round((weight - 1) * len(ones)))
    taken: Array = 1.0 + np.bincount(more, minlength=len(target))
    return taken


def undersampled(target: Array, weight: float, rng: np.random.Generator) -> Array:
    """How often each row is taken `(n,)`: class 1 once, of class 0 only n₀ / w rows, at least one.

    Raises ValueError for w below 1.
    """
    _ones(target, weight)
    zeros = np.flatnonzero(target == 0)
    kept = rng.choice(zeros, max(1, round(len(zeros) / weight)), replace=False)
    taken = target.copy()
    taken[kept] = 1.0
    return taken


WAYS: dict[str, Callable[[Array, float, np.random.Generator], Array]] = {
    "oversampling": oversampled,
    "undersampling": undersampled,
}


@dataclass(frozen=True, eq=False)
class Scatter:
    """One way of resampling, by seed: how often rows are taken, the fits, and what they come to.

    `outcomes` are those on the rows as the data set has them.
    """

    way: str
    taken: Sequence[Array]
    fits: Sequence[Learned]
    outcomes: Sequence[Outcome]

    def band(self, name: str) -> tuple[float, float]:
        """The least and the greatest over the seeds of a ratio, or of a measure of calibration."""
        values = [one.value(name) for one in self.outcomes]
        return min(values), max(values)

    def rows(self, seed: int) -> tuple[int, int]:
        """How many rows the fit of a seed sees, and how many different ones."""
        taken = self.taken[seed]
        return int(taken.sum()), int((taken > 0).sum())

    @property
    def separable(self) -> int:
        """For how many seeds the rows taken can be separated: a penalty kept these fits finite."""
        return sum(one.direction is not None for one in self.fits)

    def at(self, rare: Rare, threshold: float) -> "Scatter":
        """The same fits at another threshold, which moves the counts alone."""
        moved = [
            replace(one, counts=confusion(rare.target, fit.logits, threshold, rare.data.weight))
            for one, fit in zip(self.outcomes, self.fits, strict=True)
        ]
        return replace(self, outcomes=moved)


def scatter(rare: Rare, way: str, weight: float, seeds: int = SEEDS) -> Scatter:
    """Cross-entropy's exact fits on rows resampled with the seeds 0, 1, 2, …

    Each starts from the fit with weights, which it has in expectation. Rows of weight 0 are not
    there to be drawn.
    """
    start = rare.at(weight)
    warm = None if start.direction is not None else start.z
    counts = rare.weight > 0
    taken, fits = [], []
    for seed in range(seeds):
        drawn = np.zeros_like(rare.target)
        drawn[counts] = WAYS[way](rare.target[counts], weight, np.random.default_rng(seed))
        taken.append(drawn)
        fits.append(rare.counted(drawn * rare.weight, start=warm))
    return Scatter(way, taken, fits, [rare.judged(one) for one in fits])


def _ones(target: Array, weight: float) -> np.ndarray:
    if weight < 1:
        raise ValueError(f"weight = {weight:g}: to resample the rare class, it must be 1 or more")
    return np.flatnonzero(target == 1)
