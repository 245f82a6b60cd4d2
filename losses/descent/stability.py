"""How long a step of plain descent may be, read off the curvature of an objective."""

import math
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.descent.function import Function
from losses.descent.objective import Objective
from losses.penalties import Penalty

EPS = float(np.finfo(float).eps)
NEAREST = 1e-300  # to a corner: what still bends between −this and this is one
SIZES = 10.0 ** np.array([-3, 0, 3, 6, 30, 150])


@dataclass(frozen=True)
class Ruler:
    """The eigenvalues of an objective's Hessian at some weights, and the rates that follow.

    `largest` is λ_max and `smallest` λ_min, which is exactly 0 where rounding alone tells it from
    0; where the Hessian is not finite they are infinite and nan. `certain` says that the Hessian is
    the same at all weights, so that `limit` and `best` hold for a whole walk and not only near
    these weights. `safe` is the rate below which every step goes down, from any weights; None
    where there is none [Nesterov 2004, 1.2.2 and 1.2.3].
    """

    largest: float
    smallest: float
    certain: bool
    safe: float | None

    @property
    def condition(self) -> float:
        """λ_max / λ_min: how much longer the valley is than wide, squared; infinite if it is flat
        or falls away in some direction."""
        return self.largest / self.smallest if self.smallest > 0 else math.inf

    @property
    def limit(self) -> float:
        """2 / λ_max, beyond which each step lands higher on the other side; infinite if flat."""
        return _rate(self.largest)

    @property
    def best(self) -> float | None:
        """2 / (λ_max + λ_min), at which the slowest direction is fastest; None without a floor.

        Each step then leaves (κ − 1) / (κ + 1) of the distance, κ the condition [Goh 2017,
        https://distill.pub/2017/momentum/].
        """
        return 2 / (self.largest + self.smallest) if self.smallest > 0 else None


def ruler(function: Function, w: Array) -> Ruler:
    """The ruler of an objective, or of any other function, at weights w `(size,)`."""
    if isinstance(function, Objective):
        return _of_objective(function, w)
    smallest, largest = _eigenvalues(function.hessian(w))
    return Ruler(largest, smallest, False, None)


def _of_objective(objective: Objective, w: Array) -> Ruler:
    loss, penalty = objective.loss, objective.penalty
    cornered = penalty is not None and _has_corner(penalty, w)
    linear = objective.model.linear
    certain = linear and _bends_alike(loss, objective.target) and not cornered
    safe = None
    if linear and math.isfinite(loss.steepest) and not cornered:
        safe = _rate(_eigenvalues(_steepest_hessian(objective, w))[1])
    with np.errstate(all="ignore"):  # at a curvature that is infinite
        hessian = objective.hessian(w)
    smallest, largest = _eigenvalues(hessian)
    return Ruler(largest, smallest, certain, safe)


def _rate(steepest: float) -> float:
    return 2 / steepest if steepest > 0 else math.inf


def _eigenvalues(hessian: Array) -> tuple[float, float]:
    """The smallest and the largest eigenvalue of a `(size, size)`."""
    if not np.isfinite(hessian).all():
        return math.nan, math.inf
    values = np.linalg.eigvalsh(hessian)
    rounding = len(values) * EPS * np.abs(values).max()
    smallest = 0.0 if abs(values[0]) <= rounding else float(values[0])
    return smallest, float(values[-1])


def _steepest_hessian(objective: Objective, w: Array) -> Array:
    """A `(size, size)` that exceeds the Hessian at every w, in every direction and in size.

    Scores are linear in the weights, so the Hessian of the cost is the design's, weighed by each
    row's curvature: none is larger than the loss's steepest.
    """
    X, model = objective.data.features, objective.model
    score = model.scores(w, X)
    each = objective.loss.steepest / len(X)
    bend = np.full(len(X), each)
    if score.ndim > 1:
        bend = bend[:, None, None] * np.eye(score.shape[-1])
    hessian = model.hessian(w, X, bend)
    if objective.penalty is not None:  # whose curvature is the same everywhere
        own = np.where(model.slopes, objective.penalty.curvature(w), 0.0)
        hessian[np.diag_indices(len(w))] += own
    return hessian


def _has_corner(penalty: Penalty, w: Array) -> bool:
    """Whether the slope jumps where a weight is zero: no rate is small enough beside a corner."""
    near = np.full_like(w, NEAREST)
    change = penalty.gradient(near) - penalty.gradient(-near)
    return bool((change > 4 * penalty.curvature(near) * NEAREST).any())


def _bends_alike(loss: Loss, target: Array) -> bool:
    """Whether the curvature of a loss is the same at scores of all sizes: those of a parabola."""
    if not math.isfinite(loss.steepest) or loss.family == "multiclass":
        return False
    apart = np.concatenate([-SIZES, SIZES])
    with np.errstate(all="ignore"):  # the squares of the largest, in losses that are no parabola
        curvatures = [loss.curvature(np.full_like(apart, y), y + apart) for y in _ends(target)]
    return bool((np.array(curvatures) == loss.steepest).all())


def _ends(target: Array) -> tuple[float, float]:
    return float(target.min()), float(target.max())
