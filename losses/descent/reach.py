"""How far a network may be expected to get down, and how far its weights have gone out."""

import numpy as np

from losses.arrays import Array
from losses.chances import EASED
from losses.descent.network import MLP
from losses.descent.objective import Objective
from losses.fit import Separable, exact, fit

ROWS = 2_000  # of a fit: of more, some losses would take minutes


def reachable(objective: Objective) -> tuple[float, str]:
    """A cost that a network can come as near to as it likes, and whose cost it is, in words.

    That of a weighted sum of the features; of no features where a hidden layer is too narrow for
    the scores of K classes, which need K - 1 numbers; of scores that are all 0 for a loss without
    an exact fit. Where the classes can be separated the fit is eased by a small penalty. Of many
    rows, the fit is one to some of them, and its cost that on all.
    """
    if not exact(type(objective.loss)):
        return objective.stake, "a net whose weights are all 0"
    X = objective.data.features
    model = objective.model
    if isinstance(model, MLP) and min(model.hidden) < model.outputs - 1:
        return _cost(objective, np.zeros_like(X)), "the best score that is the same for all rows"
    part = f", fitted to {ROWS:,} rows," if len(X) > ROWS else ""
    return _cost(objective, X), f"the best weighted sum of the features{part}"


def _cost(objective: Objective, X: Array) -> float:
    """Where all rows are of one class, scores without bound cost nothing; where only those that
    are fitted are, nothing is known but what a net of zeros costs."""
    y = objective.target
    some = np.unique(np.linspace(0, len(X) - 1, min(len(X), ROWS)).astype(int))
    for lam in (0.0, EASED):
        try:
            found = fit(objective.loss, X[some], y[some], lam)
        except Separable:
            continue
        if len(some) == len(X):
            return found.cost
        w = found.weights.reshape(-1, X.shape[1] + 1)
        scores = X @ w[:, :-1].T + w[:, -1]
        return float(objective.loss.value(y, scores if len(w) > 1 else scores[:, 0]).mean())
    return 0.0 if np.ptp(y) == 0 else objective.stake


def lengths(weights: Array) -> Array:
    """The lengths `(steps + 1,)` of weights `(steps + 1, n)`, which may be too large to square."""
    largest = np.abs(weights).max(axis=1)
    scaled = weights / np.where(largest > 0, largest, 1.0)[:, None]
    length: Array = largest * np.linalg.norm(scaled, axis=1)
    return length
