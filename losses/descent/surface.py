"""The objective over a grid of two weights."""

import numpy as np

from losses.arrays import Array
from losses.descent.objective import Objective


def surface(
    objective: Objective,
    first: Array,
    second: Array,
    *,
    through: Array | None = None,
    axes: tuple[int, int] = (0, 1),
) -> Array:
    """The objective `(len(second), len(first))` over two weights; the others are `through`'s."""
    base = np.zeros(objective.model.size) if through is None else np.asarray(through, dtype=float)
    grid = np.tile(base, (first.size * second.size, 1))
    grid[:, axes[0]] = np.tile(first, second.size)
    grid[:, axes[1]] = np.repeat(second, first.size)
    return objective.values(grid).reshape(second.size, first.size)
