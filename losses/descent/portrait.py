"""What a network says over a grid of its features, and each of its units, at many steps at once."""

from collections.abc import Iterator

import numpy as np

from losses.arrays import Array
from losses.cost import blocks
from losses.descent.models import Model
from losses.descent.network import MLP
from losses.descent.objective import CELLS, Objective


def grid(first: Array, second: Array | None = None) -> Array:
    """The features `(n, 1)` of places on a line, or `(n, 2)` of those of a grid, row by row."""
    if second is None:
        return np.asarray(first, dtype=float)[:, None]
    across, up = np.meshgrid(first, second)
    return np.column_stack([across.ravel(), up.ravel()])


def predicted(
    objective: Objective, weights: Array, first: Array, second: Array | None = None
) -> Array:
    """The predictions at weights `(steps, size)`: `(steps, first)`, `(steps, second, first)`.

    Of one feature they are a curve, of two a surface; of K classes the probabilities are in a last
    axis. Each step is to the last bit what it is alone. Raises ValueError where the data have
    another number of features than the grid.
    """
    weights = np.asarray(weights, dtype=float)
    X, places = _places(objective, first, second)
    outputs = getattr(objective.model, "outputs", 1)
    many = objective.loss.family == "multiclass"
    found = np.empty((len(weights), len(X), *((outputs,) if many else ())))
    with np.errstate(all="ignore"):
        for some, part in _tiles(objective.model, len(weights), len(X)):
            score = objective.model.scores(weights[some], X[part])
            found[some, part] = objective.loss.link.prediction(score)
    return found.reshape(len(weights), *places, *found.shape[2:])


def pictured_units(
    objective: Objective, weights: Array, first: Array, second: Array | None = None
) -> list[Array]:
    """The outputs of each hidden layer: `(steps, units, first)`, `(steps, units, second, first)`.

    In double precision: 16 units at 200 steps on 60 × 60 places are 92 MB, on 20 × 20 they are 10.
    """
    model = objective.model
    if not isinstance(model, MLP):
        raise TypeError(f"only a network has units to look at, not {model}")
    weights = np.asarray(weights, dtype=float)
    X, places = _places(objective, first, second)
    found = [np.empty((len(weights), units, len(X))) for units in model.hidden]
    with np.errstate(all="ignore"):
        for some, part in _tiles(model, len(weights), len(X)):
            for layer, a in enumerate(model.units(weights[some], X[part])):
                found[layer][some, :, part] = a
    return [a.reshape(*a.shape[:2], *places) for a in found]


def _places(
    objective: Objective, first: Array, second: Array | None
) -> tuple[Array, tuple[int, ...]]:
    X = grid(first, second)
    features = len(objective.data.columns)
    if X.shape[1] != features:
        raise ValueError(f"the data have {features} features, and the grid {X.shape[1]}")
    return X, (len(first),) if second is None else (len(second), len(first))


def _tiles(model: Model, models: int, rows: int) -> Iterator[tuple[slice, slice]]:
    """Parts of steps and of places, so that what the layers hold of them stays in cache.

    How places are parted depends on their number alone, so that a batch of steps changes no bit.
    """
    most = max(1, CELLS // model.held)
    for part in blocks(rows, most):
        for some in blocks(models, max(1, most // min(rows, most))):
            yield some, part
