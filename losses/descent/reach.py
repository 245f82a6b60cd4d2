"""How far a network may be expected to get down, and how far its weights have gone out."""

import numpy as np

from losses.arrays import Array
from losses.chances import EASED
from losses.descent.network import MLP
from losses.descent.objective import Objective
from losses.fit import Separable, exact, fit


def reachable(objective: Objective) -> tuple[float, str]:
    """A cost that a network can come as near to as it likes, and whose cost it is, in words.

    That of a weighted sum of the features; of no features where a hidden layer is too narrow for
    the scores of K classes, which need K - 1 numbers; of scores that are all 0 for a loss without
    an exact fit. Where the classes can be separated the fit is eased by a small penalty.
    """
    if not exact(type(objective.loss)):
        return objective.stake, "a net whose weights are all 0"
    X = objective.data.features
    model = objective.model
    if isinstance(model, MLP) and min(model.hidden) < model.outputs - 1:
        return _cost(objective, np.zeros_like(X)), "the best score that is the same for all rows"
    return _cost(objective, X), "the best weighted sum of the features"


def _cost(objective: Objective, X: Array) -> float:
    """Where all rows are of one class, scores without bound cost nothing."""
    for lam in (0.0, EASED):
        try:
            return fit(objective.loss, X, objective.target, lam).cost
        except Separable:
            continue
    return 0.0


def lengths(weights: Array) -> Array:
    """The lengths `(steps + 1,)` of weights `(steps + 1, n)`, which may be too large to square."""
    largest = np.abs(weights).max(axis=1)
    scaled = weights / np.where(largest > 0, largest, 1.0)[:, None]
    length: Array = largest * np.linalg.norm(scaled, axis=1)
    return length
