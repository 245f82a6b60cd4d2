"""λ on a dial: a path at stops that are shares of the strength from which it begins."""

from collections.abc import Iterable

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.penalties import Penalty
from losses.shrink.path import DOWN, DOWN_RIDGE, Path, Told, path
from losses.shrink.problem import Problem, at_strength, shares
from losses.shrink.strongest import strongest_of, strongest_ridge


def beginning(loss: Loss, features: Array, target: Array, penalty: Penalty) -> float:
    """The λ from which a path goes down: all slopes are zero there, or nearly so under L2 alone.

    Raises ValueError for a loss without an exact solver, and where no slope ever pays.
    """
    problem, share = Problem.of(loss, features, target), sparse(penalty)
    top = strongest_of(problem) / share if share else strongest_ridge(problem)
    if not top:
        raise ValueError(f"{loss.name}: no slope lowers the cost of this data")
    return top


def sparse(penalty: Penalty) -> float:
    """What λ = 1 of this kind charges for a unit of weight: zero where no weight becomes zero."""
    return shares(at_strength(penalty, 1.0))[0]


def lowest(penalty: Penalty) -> float:
    """The log₁₀ of the least share of the beginning that a path of this kind goes down to."""
    return float(np.log10(DOWN if sparse(penalty) else DOWN_RIDGE))


def dialed(
    loss: Loss,
    features: Array,
    target: Array,
    penalty: Penalty,
    stops: Iterable[float],
    *,
    told: Told | None = None,
) -> Path:
    """The path at λ = beginning · 10^stop, for stops `(m,)` that fall from 0."""
    top = beginning(loss, features, target, penalty)
    lams = [top * 10.0**stop for stop in stops]
    return path(loss, features, target, penalty, lams, told=told)
