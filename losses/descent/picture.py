"""What a model looks like in data space: a curve, a boundary, or predictions against the truth."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from losses.arrays import Array
from losses.descent.objective import Objective
from losses.links import IDENTITY

CURVED, STRAIGHT = 101, 5  # points of a curve, and of a line: more than two, as far ones are cut
CLASSES = 6  # of more, the lines between each two would be a tangle
ROWS = 200  # rows whose predictions are followed from step to step
Kind = Literal["curve", "boundary", "predictions"]


@dataclass(frozen=True, eq=False)
class Picture:
    """Lines of a model at every step, `(steps + 1, points)`; x may be the same `(points,)`.

    A "curve" is the prediction over the one feature; a "boundary" is where two features leave two
    classes equally likely; "predictions" are those of some rows over their true values.
    """

    kind: Kind
    x: Array
    y: Array


def kind_of(objective: Objective) -> Kind:
    """How a model on this data can be drawn."""
    if not objective.model.linear and len(objective.data.columns) > 1:
        return "predictions"  # no line parts its classes
    if objective.data.task == "multiclass":
        few = len(objective.data.columns) == 2 and len(objective.data.classes) <= CLASSES
        return "boundary" if few else "predictions"
    if len(objective.data.columns) == 1:
        return "curve"
    flat = objective.data.task == "binary" and len(objective.data.columns) == 2
    return "boundary" if flat else "predictions"


def pictured(objective: Objective, weights: Array) -> Picture:
    """The model at weights `(steps + 1, size)` in data space."""
    kind = kind_of(objective)
    with np.errstate(all="ignore"):
        return Picture(kind, *DRAWN[kind](objective, weights))


def shown_rows(objective: Objective) -> np.ndarray:
    """The rows whose predictions are followed: all, or as many as can be, evenly over the file."""
    rows = len(objective.data)
    return np.linspace(0, rows - 1, min(rows, ROWS)).astype(int)


def _curve(objective: Objective, weights: Array) -> tuple[Array, Array]:
    features, link = objective.data.features, objective.loss.link
    points = STRAIGHT if link is IDENTITY else CURVED
    x = np.linspace(features.min(), features.max(), points)
    return x, link.prediction(objective.model.scores(weights, x[:, None]))


def _predictions(objective: Objective, weights: Array) -> tuple[Array, Array]:
    """Of several classes, the probability of the true one."""
    rows = shown_rows(objective)
    scores = objective.model.scores(weights, objective.data.features[rows])
    found = objective.loss.link.prediction(scores)
    if objective.data.task == "multiclass":
        own = objective.data.target[rows].astype(int)
        found = found[:, np.arange(len(rows)), own]
    return objective.data.target[rows], found


def _boundary(objective: Objective, weights: Array) -> tuple[Array, Array]:
    """For each pair of classes the line of equal scores, as far as no third class is above it."""
    low, high = objective.data.features.min(axis=0), objective.data.features.max(axis=0)
    room = 0.5 * (high - low)
    lines = [
        _equal(line, low - room, high + room, rivals)
        for line, rivals in _contests(objective, weights)
    ]
    x, y = (np.concatenate(parts, axis=1) for parts in zip(*lines, strict=True))
    return x, y


def _contests(objective: Objective, weights: Array) -> list[tuple[Array, list[Array]]]:
    """Pairs: the plane `(steps + 1, 3)` of a score that is 0 on the boundary, and of what must not
    be above 0 there."""
    if objective.data.task == "binary":
        return [(weights, [])]
    classes = weights.reshape(len(weights), -1, 3).swapaxes(0, 1)
    return [
        (one - other, [rest - one for k, rest in enumerate(classes) if k not in (i, j)])
        for i, one in enumerate(classes)
        for j, other in enumerate(classes[:i])
    ]


def _equal(line: Array, low: Array, high: Array, rivals: list[Array]) -> tuple[Array, Array]:
    """Points `(steps + 1, points)` where the line is 0, the last one missing, to part lines."""
    steep = np.abs(line[:, 1]) * (high[1] - low[1]) < np.abs(line[:, 0]) * (high[0] - low[0])
    share = np.linspace(0.0, 1.0, CURVED if rivals else STRAIGHT)
    along = [low[k] + (high[k] - low[k]) * share for k in (0, 1)]
    a, b, c = line.T[:, :, None]
    x = np.where(steep[:, None], -(b * along[1] + c) / a, along[0])
    y = np.where(steep[:, None], along[1], -(a * along[0] + c) / b)
    hidden = np.zeros(x.shape, dtype=bool)
    for rival in rivals:
        p, q, r = rival.T[:, :, None]
        hidden |= p * x + q * y + r > 0
    gap = np.full((len(x), 1), np.nan)
    x, y = (np.where(hidden, np.nan, part) for part in (x, y))
    return np.concatenate([x, gap], axis=1), np.concatenate([y, gap], axis=1)


DRAWN = {"curve": _curve, "boundary": _boundary, "predictions": _predictions}
