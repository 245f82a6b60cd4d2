"""The walk of an optimizer down an objective, kept step by step."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer

FLAT = 1e-9  # a slope below this times the first one counts as arrived


@dataclass(frozen=True)
class Outcome:
    """How a walk ended: "arrived", "descending", "diverged", and the sentence that says so."""

    kind: str
    sentence: str


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Weights `(steps + 1, size)`, costs and slopes `(steps + 1,)`, from the start on.

    The walk ends early at the first step whose weights or cost are no longer finite numbers; that
    step is not in the arrays, but in the outcome.
    """

    weights: Array
    costs: Array
    slopes: Array
    outcome: Outcome

    def __len__(self) -> int:
        return len(self.costs)


def descend(
    objective: Objective,
    optimizer: Optimizer,
    start: Array,
    *,
    steps: int,
    batch: int | None = None,
    seed: int = 0,
) -> Trajectory:
    """Walks from start for a number of steps, on all rows or on shuffled batches of them."""
    w = np.array(start, dtype=float)
    state, weights = optimizer.init(w), [w]
    batches = _batches(len(objective.data), batch, np.random.default_rng(seed))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for t in range(1, steps + 1):
            slope = objective.gradient(optimizer.probe(w, state), next(batches))
            w, state = optimizer.step(w, slope, state, t)
            weights.append(w)
        return _judged(objective, optimizer, np.array(weights))


def _batches(rows: int, batch: int | None, rng: np.random.Generator) -> Iterator[Indices | None]:
    """None for all rows, else batches without end: each pass over the data is shuffled anew."""
    while batch is None or batch >= rows:
        yield None
    while True:
        order = rng.permutation(rows)
        yield from (order[first : first + batch] for first in range(0, rows, batch))


def _judged(objective: Objective, optimizer: Optimizer, weights: Array) -> Trajectory:
    costs = objective.values(weights)
    slopes = np.array([np.linalg.norm(objective.gradient(w)) for w in weights])
    finite = np.isfinite(weights).all(axis=1) & np.isfinite(costs) & np.isfinite(slopes)
    steps = len(costs) if finite.all() else int(np.argmin(finite))
    outcome = _outcome(objective, optimizer, weights, costs, slopes, steps)
    return Trajectory(weights[:steps], costs[:steps], slopes[:steps], outcome)


def _outcome(
    objective: Objective,
    optimizer: Optimizer,
    weights: Array,
    costs: Array,
    slopes: Array,
    steps: int,
) -> Outcome:
    last = steps - 1
    if steps < len(costs):
        grown = f"Diverged: from step {steps} on the cost is no finite number."
        return Outcome("diverged", f"{grown} {_reason(objective, optimizer, weights[0])}")
    if costs[last] > costs[0]:
        grown = (
            f"Diverging: the cost rose from {costs[0]:.4g} to {costs[last]:.4g} in {last} steps."
        )
        return Outcome("diverged", f"{grown} {_reason(objective, optimizer, weights[0])}")
    if slopes[last] <= FLAT * max(slopes[0], 1.0):
        arrived = int(np.argmax(slopes <= FLAT * max(slopes[0], 1.0)))
        return Outcome(
            "arrived", f"Arrived at step {arrived}: the slope there is {slopes[arrived]:.1e}."
        )
    return Outcome(
        "descending", f"Still on its way after {last} steps: the slope is {slopes[last]:.2g}."
    )


def _reason(objective: Objective, optimizer: Optimizer, start: Array) -> str:
    limit = objective.stability_limit(start)
    if not np.isfinite(limit):
        return f"The learning rate {optimizer.eta:g} throws each step past the valley."
    share = optimizer.eta / limit
    bound = f"the limit 2/λ_max = {limit:.4g} at the start"
    return f"The learning rate {optimizer.eta:g} is {share:.3g} × {bound}."
