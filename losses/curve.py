"""A loss sampled for drawing: value, gradient and curvature over the axis of its family."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.axes import CLASSES, PREDICTION, PROBABILITY, Axis
from losses.base import Loss
from losses.links import with_respect_to_prediction

POINTS = 401
READ_BY_LINK = (PROBABILITY, PREDICTION)  # what people read: the score through the link


@dataclass(frozen=True, eq=False)
class Curve:
    """Value, gradient and curvature over x, all `(points,)`; NaN where the curve jumps."""

    x: Array
    value: Array
    gradient: Array
    curvature: Array
    kinks: tuple[float, ...]


def sample(
    loss: Loss,
    low: float | None = None,
    high: float | None = None,
    *,
    axis: Axis | None = None,
    positive: bool = True,
    classes: int = CLASSES,
    points: int = POINTS,
) -> Curve:
    """The curve of a loss over one of its axes; derivatives are with respect to that axis.

    `positive` is the class of the row for binary losses; multiclass losses are drawn against the
    logit of the true class with the other logits at zero. The number of points depends only on the
    class of the loss, so that curves of different parameters are frames of one film.
    """
    axis = axis or loss.axes[0]
    kinks = _on(axis, loss)
    low = axis.low if low is None else low
    high = axis.high if high is None else high
    x = _with_both_sides(np.linspace(low, high, points), kinks)
    value, gradient, curvature = along(loss, axis, x, positive=positive, classes=classes)
    value, gradient, curvature = (
        _broken_at_jumps(x, part, kinks) for part in (value, gradient, curvature)
    )
    return Curve(x, value, gradient, curvature, kinks)


def scaled(curve: Curve, factor: float) -> Curve:
    """The curve of the loss times a factor: another convention, such as ½ r² for r²."""
    value, gradient, curvature = (
        factor * part for part in (curve.value, curve.gradient, curve.curvature)
    )
    return Curve(curve.x, value, gradient, curvature, curve.kinks)


@dataclass(frozen=True)
class Reading:
    """One point of a curve, and what each letter of the formula stands for there."""

    value: float
    gradient: float
    curvature: float
    symbols: dict[str, float]


def read_at(loss: Loss, axis: Axis, at: float, *, positive: bool = True) -> Reading:
    """The loss at one point of an axis."""
    value, gradient, curvature = (
        float(part[0]) for part in along(loss, axis, np.array([at]), positive=positive)
    )
    score = float(loss.link.score(np.asarray(at))) if axis in READ_BY_LINK else at
    return Reading(value, gradient, curvature, loss.symbols(_usual_target(loss, positive), score))


def along(
    loss: Loss, axis: Axis, x: Array, *, positive: bool = True, classes: int = CLASSES
) -> tuple[Array, Array, Array]:
    """Value, gradient and curvature at the points x of an axis."""
    if axis in READ_BY_LINK:
        return _along_prediction(loss, x, _usual_target(loss, positive))
    if loss.family == "multiclass":
        return _along_true_class(loss, x, classes)
    target = np.full_like(x, _usual_target(loss, positive))
    return loss.value(target, x), loss.gradient(target, x), loss.curvature(target, x)


def _usual_target(loss: Loss, positive: bool) -> float:
    """The target of the row behind a curve: the score is then the axis, or log ŷ is; or a class."""
    usual = {"residual": 0.0, "margin": 1.0, "positive": 1.0}
    return usual.get(loss.family, float(positive))


def _along_prediction(loss: Loss, x: Array, usual: float) -> tuple[Array, Array, Array]:
    score, target = loss.link.score(x), np.full_like(x, usual)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        slopes = loss.gradient(target, score), loss.curvature(target, score)
        gradient, curvature = with_respect_to_prediction(loss.link, *slopes, score)
        return loss.value(target, score), gradient, curvature


def _along_true_class(loss: Loss, x: Array, classes: int) -> tuple[Array, Array, Array]:
    score = np.zeros((x.size, classes))
    score[:, 0] = x
    target = np.zeros(x.size)
    slope, bend = loss.gradient(target, score)[:, 0], loss.curvature(target, score)[:, 0]
    return loss.value(target, score), slope, bend


def _on(axis: Axis, loss: Loss) -> tuple[float, ...]:
    """The kinks of a loss as places on one of its axes; they are declared on the first."""
    declared = tuple(loss.kinks())
    if axis == loss.axes[0] or not declared:
        return declared
    turned = loss.link.prediction if axis in READ_BY_LINK else loss.link.score
    places = turned(np.array(declared))
    inside = np.isfinite(places) & (axis != PROBABILITY) | (0 < places) & (places < 1)
    return tuple(places[inside].tolist())


def _with_both_sides(x: Array, kinks: tuple[float, ...]) -> Array:
    """Every kink with its nearest neighbor on either side, merged into the grid."""
    sides = [
        side
        for kink in kinks
        for side in (np.nextafter(kink, -np.inf), kink, np.nextafter(kink, np.inf))
    ]
    return np.sort(np.concatenate([x, np.array(sides)]), kind="stable")


def _broken_at_jumps(x: Array, y: Array, kinks: tuple[float, ...]) -> Array:
    """NaN at a kink where the two sides differ, so that a jump is never drawn as a slope."""
    broken = y.copy()
    for kink in kinks:
        at = (x == kink).nonzero()[0]
        left, right = y[at[0] - 1] if at[0] else y[at[0]], y[min(at[-1] + 1, y.size - 1)]
        with np.errstate(invalid="ignore"):  # both may be infinite, as beside a pole
            apart = abs(right - left) > 1e-9 * (1 + abs(left))
        if apart:
            broken[at] = np.nan
    return broken
