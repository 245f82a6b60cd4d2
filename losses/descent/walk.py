"""The walk of an optimizer down an objective, kept step by step."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer

FLAT = 1e-9  # a slope below this times the steepest one counts as arrived


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
    norms: list[float] = []  # of the slope at each step, where the walk takes it anyway
    batches = _batches(len(objective.data), batch, np.random.default_rng(seed))
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        _check_start(objective, w)
        for t in range(1, steps + 1):
            probe, rows = optimizer.probe(w, state), next(batches)
            slope = objective.gradient(probe, rows)
            whole = probe is w and rows is None
            norms.append(_norm(slope if whole else objective.gradient(w)))
            w, state = optimizer.step(w, slope, state, t)
            weights.append(w)
        norms.append(_norm(objective.gradient(w)))
        return _judged(objective, optimizer, np.array(weights), np.array(norms))


def _check_start(objective: Objective, start: Array) -> None:
    cost = objective.value(start) if np.isfinite(start).all() else np.nan
    if not np.isfinite(cost):
        at = ", ".join(f"{weight:g}" for weight in start)
        raise ValueError(
            f"the cost at the start ({at}) is no finite number: start nearer to 0, or standardize"
        )


def _norm(slope: Array) -> float:
    return float(np.linalg.norm(slope))


def _batches(rows: int, batch: int | None, rng: np.random.Generator) -> Iterator[Indices | None]:
    """None for all rows, else batches without end: each pass over the data is shuffled anew."""
    while batch is None or batch >= rows:
        yield None
    while True:
        order = rng.permutation(rows)
        yield from (order[first : first + batch] for first in range(0, rows, batch))


def _judged(
    objective: Objective, optimizer: Optimizer, weights: Array, slopes: Array
) -> Trajectory:
    costs = objective.values(weights)
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
    moved = f"from {costs[0]:.4g} to {costs[last]:.4g} in {last} steps."
    if steps < len(costs):
        said = f"Diverged: from step {steps} on the cost is no finite number."
        return Outcome("diverged", f"{said} {_reason(objective, optimizer, weights[0])}")
    if _grows(costs):
        said = f"Diverging: the cost rose {moved}"
        return Outcome("diverged", f"{said} {_reason(objective, optimizer, weights[0])}")
    flat = max(FLAT * slopes.max(), objective.rounding(weights[last]))
    if slopes[last] <= flat:
        step = int(np.argmax(slopes <= flat))
        said = f"Arrived at step {step}: the gradient there is {slopes[step]:.1e}."
        return Outcome("arrived", said)
    if costs[last] > costs[0]:
        return Outcome("hovering", f"Hovering: the cost went {moved} Smaller steps settle lower.")
    said = f"Still on its way after {last} steps: the gradient is {slopes[last]:.2g}."
    return Outcome("descending", said)


def _grows(costs: Array) -> bool:
    """Whether every cost of the last quarter is twice any of the first: growth, not noise."""
    quarter = max(1, len(costs) // 4)
    return bool(costs[-quarter:].min() > 2 * costs[:quarter].max())


def _reason(objective: Objective, optimizer: Optimizer, start: Array) -> str:
    limit = optimizer.limit(objective.steepest(start))
    if not np.isfinite(limit):
        return f"The learning rate {optimizer.eta:g} throws each step past the valley."
    share = optimizer.eta / limit
    if share <= 1:
        return f"The learning rate {optimizer.eta:g} is too large further out: try a smaller one."
    bound = f"the limit {optimizer.bound} = {limit:.4g} at the start"
    return (
        f"The learning rate {optimizer.eta:g} is {share:.3g} × {bound}: each step lands higher "
        "on the other side."
    )
