"""How a walk ended: a kind, and a sentence with the numbers that explain it."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.descent.function import Function
from losses.descent.optimizers import Optimizer

VISIBLE = 0.01  # of the way down
LONG = 5  # steps; fewer without progress are no sign
FLAT = 1e-9  # a slope below this times the steepest one counts as arrived


@dataclass(frozen=True)
class Outcome:
    """How a walk ended: "arrived", "descending", "hovering", "diverged", and a sentence on it."""

    kind: str
    sentence: str


def judged(
    function: Function, optimizer: Optimizer, weights: Array, costs: Array, slopes: Array
) -> tuple[int, Outcome]:
    """How many of the points of a walk are finite numbers, and how it ended."""
    finite = np.isfinite(weights).all(axis=1) & np.isfinite(costs) & np.isfinite(slopes)
    points = len(costs) if finite.all() else int(np.argmin(finite))
    whole = points == len(costs)
    outcome = _outcome(
        function, optimizer, weights[:points], costs[:points], slopes[:points], whole
    )
    return points, outcome


def _outcome(
    function: Function,
    optimizer: Optimizer,
    weights: Array,
    costs: Array,
    slopes: Array,
    whole: bool,
) -> Outcome:
    last = len(costs) - 1
    moved = f"from {costs[0]:.4g} to {costs[last]:.4g} in {last} steps."
    if not whole or _grows(costs):
        said = f"Diverging: the cost rose {moved}"
        if not whole:
            said = f"Diverged: from step {last + 1} on the cost is no finite number."
        reason = _reason(function, optimizer, weights[0])
        return Outcome("diverged", f"{said}{_pace(costs)} {reason}")
    flat = max(FLAT * slopes.max(), function.rounding(weights[last]))
    if slopes[last] <= flat:
        step = int(np.argmax(slopes <= flat))
        said = f"Arrived at step {step}: the gradient there is {slopes[step]:.1e}."
        return Outcome("arrived", said)
    if costs[last] > costs[0]:
        return Outcome("hovering", f"Hovering: the cost went {moved} Smaller steps settle lower.")
    still = _still(costs)
    if still:
        said = f"Hovering: no cost of the last {still} steps is below those before."
        there = _share(function, optimizer, weights[int(np.argmin(costs))])
        return Outcome("hovering", f"{said}{there} Smaller steps settle lower.")
    said = f"Still on its way after {last} steps: the gradient is {slopes[last]:.2g}."
    return Outcome("descending", said)


def _grows(costs: Array) -> bool:
    """Whether every cost of the last quarter is twice any of the first: growth, not noise.

    Of a function that may be negative, twice its size and above zero."""
    quarter = max(1, len(costs) // 4)
    return bool(costs[-quarter:].min() > 2 * abs(costs[:quarter].max()))


def _still(costs: Array) -> int:
    """For how many steps, of at least a quarter of the walk, no cost was the lowest so far, if they
    rise visibly above it."""
    quarter, lowest = len(costs) // 4, float(costs.min())
    since = len(costs) - 1 - int(np.argmin(costs))
    rises = costs[-quarter:].max() - lowest > VISIBLE * (costs[0] - lowest) if quarter else False
    return since if rises and quarter >= LONG and since >= quarter else 0


def _share(function: Function, optimizer: Optimizer, w: Array) -> str:
    """How the rate compares with what a place bears, where that is exceeded."""
    limit = optimizer.limit(function.steepest(w))
    if not optimizer.eta > limit:
        return ""
    share = optimizer.eta / limit
    return f" The learning rate {optimizer.eta:g} is {share:.3g} × the limit at its lowest."


def _pace(costs: Array) -> str:
    """By how much the cost grew a step, over the second half of the walk."""
    half, steps = costs[len(costs) // 2], len(costs) - 1 - len(costs) // 2
    if steps < 1 or half <= 0 or costs[-1] <= half:
        return ""
    return f" It grew {(costs[-1] / half) ** (1 / steps):.4g} × a step."


def _reason(function: Function, optimizer: Optimizer, start: Array) -> str:
    limit = optimizer.limit(function.steepest(start))
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
