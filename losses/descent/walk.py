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
    """How a walk ended: "arrived", "descending", "hovering", "diverged", and a sentence on it."""

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
    if batch is not None and batch < 1:
        raise ValueError(f"batch = {batch}, but a batch needs at least one row")
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
    last, flat = steps - 1, FLAT * max(slopes[0], 1.0)
    moved = f"from {costs[0]:.4g} to {costs[last]:.4g} in {last} steps."
    if steps < len(costs):
        said = f"Diverged: from step {steps} on the cost is no finite number."
        return Outcome("diverged", f"{said} {_reason(objective, optimizer, weights[0])}")
    if _grows(costs):
        said = f"Diverging: the cost rose {moved}"
        return Outcome("diverged", f"{said} {_reason(objective, optimizer, weights[0])}")
    if slopes[last] <= flat:
        step = int(np.argmax(slopes <= flat))
        said = f"Arrived at step {step}: the slope there is {slopes[step]:.1e}."
        return Outcome("arrived", said)
    if costs[last] > costs[0]:
        return Outcome("hovering", f"Hovering: the cost went {moved} Smaller steps settle lower.")
    said = f"Still on its way after {last} steps: the slope is {slopes[last]:.2g}."
    return Outcome("descending", said)


def _grows(costs: Array) -> bool:
    """Whether every cost of the last quarter is above all of the first: growth, not noise."""
    quarter = max(1, len(costs) // 4)
    return bool(costs[-quarter:].min() > costs[:quarter].max())


def _reason(objective: Objective, optimizer: Optimizer, start: Array) -> str:
    limit = objective.stability_limit(start)
    if not np.isfinite(limit):
        return f"The learning rate {optimizer.eta:g} throws each step past the valley."
    share = optimizer.eta / limit
    bound = f"the limit 2/λ_max = {limit:.4g} at the start"
    return f"The learning rate {optimizer.eta:g} is {share:.3g} × {bound}."
