"""An album: what a network in training says over its features, at some steps or at all of them."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.contour import contours
from losses.descent.lesson import Lesson
from losses.descent.objective import Objective
from losses.descent.portrait import pictured_units, predicted

PICTURES = 100  # surfaces in a film, at most
SIDE, POINTS, SMALL = 40, 121, 20  # places along each axis of a surface, a curve, a unit's picture
ROOM = 0.06  # of the range of a feature, beyond both of its ends


@dataclass(frozen=True, eq=False)
class Album:
    """Pictures of a network at `steps` `(pictures,)`, over `first` and, of two features, `second`.

    `values` are `(pictures, first)` or `(pictures, second, first)`: the predicted number, or the
    chance of class 1; of several classes the winner's number plus how far it is ahead of all being
    alike, from 0 to 1. `border` holds the lines `(pictures, points)` between two classes, x and y;
    None where there are none. `at` `(steps + 1,)` is the picture to be seen at each step of the
    walk: the last one taken.
    """

    first: Array
    second: Array | None
    steps: Indices
    values: Array
    border: tuple[Array, Array] | None
    at: Indices


def album(one: Lesson) -> Album:
    """The album of a lesson on data of one feature or two.

    Raises ValueError for more features, and for several classes over one.
    """
    columns = len(one.objective.data.columns)
    if columns == 1 and one.objective.data.task == "multiclass":
        raise ValueError("several classes are drawn over two features, and there is one")
    first, second = places(one.objective, POINTS if columns == 1 else SIDE)
    steps = np.arange(len(one.walk)) if second is None else spread(one.last, PICTURES)
    values = np.concatenate(
        [
            said(objective, predicted(objective, one.walk.weights[some], first, second))
            for objective, some in _by_leg(one, steps)
        ]
    )
    border = None
    if second is not None and one.objective.data.task == "binary":
        border = contours(values, first, second, 0.5)
    at = np.searchsorted(steps, np.arange(len(one.walk)), side="right") - 1
    return Album(first, second, steps, values, border, at)


def units(one: Lesson, step: int) -> tuple[Array, Array | None, list[Array]]:
    """Places along the axes, and what the units of each hidden layer say there at a step:
    `(units, first)` or `(units, second, first)`."""
    columns = len(one.objective.data.columns)
    first, second = places(one.objective, POINTS if columns == 1 else SMALL)
    found = pictured_units(one.objective, one.walk.weights[step][None], first, second)
    return first, second, [layer[0] for layer in found]


def places(objective: Objective, count: int) -> tuple[Array, Array | None]:
    """So many places along one feature or two, a little beyond the rows."""
    X = objective.data.features
    if X.shape[1] > 2:
        raise ValueError(f"a picture has one feature or two, and there are {X.shape[1]}")
    low, high = X.min(axis=0), X.max(axis=0)
    room = np.where(high > low, ROOM * (high - low), 1.0)
    axes = np.linspace(low - room, high + room, count).T
    return axes[0], axes[1] if len(axes) > 1 else None


def said(objective: Objective, values: Array) -> Array:
    """Predictions as one number each: numbers and chances as they are; of a margin ½ + ½ score,
    which is 1 and 0 where the margin is ±1; of several classes the winner and its lead."""
    if objective.loss.family == "margin":
        return 0.5 + 0.5 * values
    if objective.loss.family != "multiclass":
        return values
    classes = values.shape[-1]
    lead = (values.max(axis=-1) - 1 / classes) / (1 - 1 / classes)
    return values.argmax(axis=-1) + np.clip(lead, 0.0, 1 - 1e-6)  # rounding may lead out of 0 … 1


def spread(last: int, most: int) -> Indices:
    """All steps up to the last, or so many of them, evenly spread, with both ends."""
    return np.unique(np.linspace(0, last, min(last + 1, most)).round().astype(int))


def _by_leg(one: Lesson, steps: Indices) -> list[tuple[Objective, Indices]]:
    """The steps of each leg with its objective, in order."""
    objectives = [one.objective_at(int(step)) for step in steps]
    cuts = [k for k in range(1, len(steps)) if objectives[k] is not objectives[k - 1]]
    parts = np.split(steps, cuts)
    return [(objectives[start], part) for start, part in zip([0, *cuts], parts, strict=True)]
