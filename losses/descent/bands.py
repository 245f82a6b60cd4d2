"""Bands: how the cost of an optimizer spreads over seeds, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.descent.network import MLP
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer
from losses.descent.schedules import Schedule
from losses.descent.walk import STEADY, Run, Trajectory, descend_together

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, eq=False)
class Band:
    """The walks of one optimizer from K seeds, and the spread of their costs.

    `spread` `(5, steps + 1)` holds the least, the quartiles with the median between them, and the
    largest cost at each step, of the walks that did not diverge; nan where all did. `diverged` are
    the places, among the seeds, of those that did: they are in no quantile.
    """

    optimizer: Optimizer
    walks: tuple[Trajectory, ...]
    spread: Array
    diverged: tuple[int, ...]

    @property
    def median(self) -> Array:
        """The median cost at each step, `(steps + 1,)`."""
        return self.spread[2]


def bands(
    objective: Objective,
    optimizers: Sequence[Optimizer],
    seeds: Sequence[int],
    *,
    steps: int,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
) -> tuple[Band, ...]:
    """Trains a network from the initial weights of each seed with each optimizer, all at once.

    All see the same batches, those of `seed`. Raises TypeError for a model that is no network, and
    ValueError without seeds or optimizers.
    """
    if not isinstance(objective.model, MLP):
        raise TypeError(f"only a network starts from seeds, not {objective.model}")
    if not seeds or not optimizers:
        raise ValueError("bands need an optimizer and a seed")
    starts = [objective.model.init(one) for one in seeds]
    runs = [Run(optimizer, start) for optimizer in optimizers for start in starts]
    walks = descend_together(
        objective, runs, steps=steps, batch=batch, seed=seed, schedule=schedule
    )
    parts = [walks[k * len(seeds) : (k + 1) * len(seeds)] for k in range(len(optimizers))]
    return tuple(
        banded(optimizer, own, steps) for optimizer, own in zip(optimizers, parts, strict=True)
    )


def banded(optimizer: Optimizer, walks: Sequence[Trajectory], steps: int) -> Band:
    """The band of walks of so many steps; those that diverged, by their outcome, are apart."""
    diverged = tuple(k for k, walk in enumerate(walks) if walk.outcome.kind == "diverged")
    costs = [walk.costs for k, walk in enumerate(walks) if k not in diverged]
    spread = np.full((len(SHARES), steps + 1), np.nan)
    if costs:
        spread[:] = np.quantile(np.array(costs), SHARES, axis=0)
    return Band(optimizer, tuple(walks), spread, diverged)
