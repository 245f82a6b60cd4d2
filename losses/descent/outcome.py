"""How a walk ended: a kind, and a sentence with the numbers that explain it."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.descent.function import Function
from losses.descent.optimizers import Optimizer

NEAR = 0.1  # of a small slope: one below it counts as arrived, too
LONG = 5  # steps; fewer without progress are no sign
FLAT = 1e-9  # a slope below this times the steepest one counts as arrived


@dataclass(frozen=True)
class Outcome:
    """How a walk ended: "arrived", "descending", "hovering", "diverged", and a sentence on it."""

    kind: str
    sentence: str


@dataclass(frozen=True, eq=False)
class _Walked:
    """The finite part of a walk, and whether that is all of it."""

    function: Function
    optimizer: Optimizer
    weights: Array
    costs: Array
    slopes: Array
    whole: bool

    @property
    def last(self) -> int:
        return len(self.costs) - 1

    @property
    def noun(self) -> str:
        return self.function.noun

    @property
    def moved(self) -> str:
        steps = "1 step" if self.last == 1 else f"{self.last} steps"
        return f"from {self.costs[0]:.4g} to {self.costs[-1]:.4g} in {steps}."


def judged(
    function: Function, optimizer: Optimizer, weights: Array, costs: Array, slopes: Array
) -> tuple[int, Outcome]:
    """How many of the points of a walk are finite numbers, and how it ended.

    Raises ValueError where the first is none: the cost at the start may have no finite gradient.
    """
    finite = np.isfinite(weights).all(axis=1) & np.isfinite(costs) & np.isfinite(slopes)
    points = len(costs) if finite.all() else int(np.argmin(finite))
    if not points:
        at = ", ".join(f"{weight:g}" for weight in weights[0])
        raise ValueError(f"the gradient at the start ({at}) is no finite number: start elsewhere")
    parts = weights[:points], costs[:points], slopes[:points]
    walk = _Walked(function, optimizer, *parts, points == len(costs))
    return points, _diverged(walk) or _arrived(walk) or _hovering(walk) or _descending(walk)


def _diverged(walk: _Walked) -> Outcome | None:
    limit = walk.optimizer.limit(walk.function.steepest(walk.weights[0]))
    slowly = walk.optimizer.eta > limit and _rises(walk.costs)
    if walk.whole and not _grows(walk.costs) and not slowly:
        return None
    said = f"Diverging: the {walk.noun} rose {walk.moved}"
    if not walk.whole:
        said = f"Diverged: from step {walk.last + 1} on the {walk.noun} is no finite number."
    return Outcome("diverged", f"{said}{_pace(walk)} {_reason(walk.optimizer, limit)}")


def _arrived(walk: _Walked) -> Outcome | None:
    slopes, end = walk.slopes, walk.weights[-1]
    small = _small(walk.function, end)
    flat = max(min(FLAT * slopes.max(), small), walk.function.rounding(end))
    near = NEAR * small if np.isfinite(small) else 0.0
    if slopes[-1] > max(flat, near):
        return None
    step = int(np.argmax(slopes <= max(flat, slopes[-1])))
    return Outcome("arrived", f"Arrived at step {step}: the gradient there is {slopes[step]:.1e}.")


def _hovering(walk: _Walked) -> Outcome | None:
    if walk.costs[-1] > walk.costs[0]:
        said = f"Hovering: the {walk.noun} went {walk.moved} Smaller steps settle lower."
        return Outcome("hovering", said)
    still = _still(walk.costs)
    if not still:
        return None
    lowest = walk.weights[int(np.argmin(walk.costs))]
    share = _share(walk.function, walk.optimizer, lowest)
    said = (
        f"Hovering: no {walk.noun} of the last {still} steps is below those before, and the "
        f"gradient is {walk.slopes[-1]:.2g}.{share} Smaller steps settle lower."
    )
    return Outcome("hovering", said)


def _descending(walk: _Walked) -> Outcome:
    slope = f"{walk.slopes[-1]:.2g}"
    steps = "1 step" if walk.last == 1 else f"{walk.last} steps"
    said = f"Still on its way after {steps}: the gradient is {slope}."
    return Outcome("descending", said)


def _small(function: Function, w: Array) -> float:
    """A slope that promises less than a trillionth of what is at stake: g² / 2λ is what Newton's
    step would gain."""
    steepest = function.steepest(w)
    worth = 1e-12 * function.stake
    return float(np.sqrt(2 * steepest * worth)) if 0 < steepest < np.inf and worth > 0 else np.inf


def _grows(costs: Array) -> bool:
    """Whether every cost of the last quarter is twice any of the first: growth, not noise.

    Of a function that may be negative, twice its size and above zero."""
    quarter = max(1, len(costs) // 4)
    return bool(costs[-quarter:].min() > 2 * abs(costs[:quarter].max()))


def _still(costs: Array) -> int:
    """For how many steps, of at least a quarter of the walk, the cost has not got lower."""
    quarter = len(costs) // 4
    gain = 1e-9 * max(abs(float(costs[len(costs) // 2])), abs(float(costs.min())))
    since = len(costs) - 1 - int(np.argmax(costs <= costs.min() + gain))
    return since if quarter >= LONG and since >= quarter else 0


def _share(function: Function, optimizer: Optimizer, w: Array) -> str:
    """How the rate compares with what a place bears, where that is exceeded."""
    limit = optimizer.limit(function.steepest(w))
    if not optimizer.eta > limit:
        return ""
    share = optimizer.eta / limit
    return f" The learning rate {optimizer.eta:g} is {share:.4g} × the limit at its lowest."


def _rises(costs: Array) -> bool:
    """Whether the cost is higher than ever, and was rising over the second half."""
    half = len(costs) // 2
    return bool(len(costs) > 2 and costs[-1] >= costs.max() > costs[0] and costs[-1] > costs[half])


def _pace(walk: _Walked) -> str:
    """By how much the cost grew a step, over the second half of the walk."""
    costs = walk.costs
    half, steps = costs[len(costs) // 2], len(costs) - 1 - len(costs) // 2
    if steps < 1 or half <= 0 or costs[-1] <= half:
        return ""
    return f" The {walk.noun} grew {(costs[-1] / half) ** (1 / steps):.4g} × a step."


def _reason(optimizer: Optimizer, limit: float) -> str:
    if not np.isfinite(limit):
        return f"The learning rate {optimizer.eta:g} throws each step past the valley."
    share = optimizer.eta / limit
    if share <= 1:
        return f"The learning rate {optimizer.eta:g} is too large further out: try a smaller one."
    bound = f"the limit {optimizer.bound} = {limit:.4g} at the start"
    return (
        f"The learning rate {optimizer.eta:g} is {share:.4g} × {bound}: each step lands higher "
        "on the other side."
    )
