"""Two ways down the same objective with L1: along a subgradient, and by proximal steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.descent import Objective, Trajectory, descend
from losses.descent.optimizers import GradientDescent


@dataclass(frozen=True, eq=False)
class Walk:
    """Weights `(steps + 1, size)` and objectives `(steps + 1,)`, from the start on."""

    weights: Array
    totals: Array
    slopes: NDArray[np.bool_]  # which of the weights a penalty sees

    @property
    def smallest(self) -> Array:
        """The size of the smallest slope after each step, `(steps + 1,)`."""
        sizes: Array = np.abs(self.weights[:, self.slopes]).min(axis=1)
        return sizes

    @property
    def zeros(self) -> NDArray[np.int64]:
        """How many slopes are exactly zero after each step, `(steps + 1,)`."""
        return np.count_nonzero(self.weights[:, self.slopes] == 0, axis=1)


@dataclass(frozen=True, eq=False)
class TwoWays:
    """Both walks, at one rate from one start."""

    eta: float
    subgradient: Walk
    proximal: Walk


def two_ways(
    objective: Objective, start: Array, *, steps: int, eta: float | None = None
) -> TwoWays:
    """Gradient descent with the penalty's subgradient, and w ← prox(w − η ∇cost), at rate η.

    Without an eta it is 1 ÷ the largest curvature of the cost, at which proximal steps never climb
    [Beck & Teboulle 2009, SIAM J. Imaging Sciences 2, p. 183, ISTA]. A subgradient hops over zero,
    by up to 2ηλ: only a proximal step lands on it. Raises ValueError where no curvature bounds it.
    """
    eta = safe_rate(objective) if eta is None else eta
    down = descend(objective, GradientDescent(eta=eta), start, steps=steps)
    return TwoWays(eta, _walk(objective, down), proximal(objective, start, steps=steps, eta=eta))


def proximal(objective: Objective, start: Array, *, steps: int, eta: float) -> Walk:
    """Proximal gradient steps; the biases, which pay nothing, take plain ones."""
    penalty, seen = objective.penalty, objective.model.slopes
    cost = Objective(objective.model, objective.loss, objective.data)
    weights = np.empty((steps + 1, objective.size))
    weights[0] = start
    for t in range(steps):
        moved = weights[t] - eta * cost.gradient(weights[t])
        if penalty is not None:
            moved[seen] = penalty.prox(moved[seen], eta)
        weights[t + 1] = moved
    return Walk(weights, objective.values(weights), seen)


def safe_rate(objective: Objective) -> float:
    """1 ÷ the largest curvature of the cost, if the loss has a bound of its own."""
    bound = objective.loss.steepest
    if not 0 < bound < np.inf:
        raise ValueError(f"{objective.loss.name} has no largest curvature: choose a rate eta")
    return float(objective.rows / (bound * np.linalg.norm(objective.design, 2) ** 2))


def _walk(objective: Objective, found: Trajectory) -> Walk:
    return Walk(found.weights, found.costs, objective.model.slopes)
