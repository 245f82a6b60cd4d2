"""Who walks beside whom: one data set under several losses, one loss by several ways or starts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.data import Dataset
from losses.descent.framing import window
from losses.descent.function import Function
from losses.descent.landscape import Landscape
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer
from losses.descent.planes import weight_plane
from losses.descent.scene import Entrant, model_for
from losses.penalties import Penalty
from losses.spec import Parameter

NEAR = 2.0  # how far from 0 scattered weights lie where no window says it


def objective(data: Dataset, loss: Loss, penalty: Penalty | None = None) -> Objective:
    """The cost of a weighted sum of all columns under a loss, plus a penalty if there is one."""
    return Objective(model_for(data), loss, data, penalty)


def by_loss(
    data: Dataset,
    losses: Sequence[Loss],
    penalty: Penalty | None,
    optimizer: Optimizer,
    start: tuple[float, float],
) -> list[Entrant]:
    """One walk for each loss, on the same data, from the same start."""
    grounds = [objective(data, loss, penalty) for loss in losses]
    return [
        Entrant(str(ground.loss), ground, optimizer, start_at(ground, start)) for ground in grounds
    ]


def by_optimizer(
    function: Function, optimizers: Sequence[Optimizer], start: tuple[float, float]
) -> list[Entrant]:
    """One walk for each optimizer, from the same start."""
    return [
        Entrant(optimizer.name, function, optimizer, start_at(function, start))
        for optimizer in optimizers
    ]


def by_start(
    function: Function, optimizer: Optimizer, start: tuple[float, float], count: int, seed: int
) -> list[Entrant]:
    """One walk from the start, and others from places scattered over the window around it."""
    starts = scattered(function, start, count, seed)
    return [Entrant(f"start {k}", function, optimizer, place) for k, place in enumerate(starts, 1)]


def scattered(function: Function, start: tuple[float, float], count: int, seed: int) -> Array:
    """Starts `(count, size)`: the given one, then others that follow from the seed alone."""
    first = start_at(function, start)[None]
    rng = np.random.default_rng(seed)
    drawn = rng.uniform(-1.0, 1.0, (count - 1, function.size))
    if function.size > 2:
        return np.concatenate([first, NEAR * drawn])
    plane = weight_plane(2, 0, 1, np.zeros(2), ("", ""))
    look = window(function, plane, first, first)
    return np.concatenate([first, look.center + look.half * drawn])


def start_at(function: Function, start: tuple[float, float]) -> Array:
    """Weights `(size,)`: of two the given ones; of more, slopes alike and biases alike."""
    if isinstance(function, Objective):
        return np.where(function.model.slopes, start[0], start[1])
    return np.array(start, dtype=float)


def rates(landscape: Landscape, optimizer: Optimizer) -> Parameter:
    """The rate of an optimizer as a slider for one landscape: over what its minima and start bear.

    It begins at half of their limit and reaches beyond it, in 200 steps; where no limit is known it
    is the optimizer's own.
    """
    own = next(one for one in optimizer.parameters() if one.name == "eta")
    places = np.concatenate([[landscape.start], landscape.minima])
    limit = optimizer.limit(max(landscape.steepest(place) for place in places))
    if not np.isfinite(limit) or limit > own.high:
        return own
    power = 10.0 ** np.floor(np.log10(1.5 * limit))
    high = float(next(times * power for times in (2, 3, 5, 10) if times * power >= 1.5 * limit))
    step = high / 200
    usual = min(own.default or high, round(limit / 2 / step) * step)
    return replace(own, default=float(f"{usual:.6g}"), low=step, high=high, step=step)
