"""The strength of a penalty from which on no weight earns its price, and where a path begins."""

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.fit.corners import Corners
from losses.fit.result import EPS, LEAST
from losses.fit.rows import Rows
from losses.fit.vertex import vertex
from losses.shaped import ReverseHuber
from losses.shrink.cornering import with_prices
from losses.shrink.problem import Problem

FITS = 100  # more than are needed
FINER, FINEST = 1e-3, 1e-15  # starts of λ: below the one that is looked for
KEPT = 0.01  # of every direction, at most, by the strongest ridge of a path


def strongest(loss: Loss, features: Array, target: Array) -> float:
    """The least λ of L1 at which all slopes are zero: the steepest slope of the cost without any.

    Of an elastic net it is λ times its mix, as the square costs nothing at zero.
    """
    return strongest_of(Problem.of(loss, features, target))


def strongest_of(problem: Problem) -> float:
    """The same of a problem."""
    frame, units = problem.frame, problem.units[:-1]
    pull, A = _pull(problem), frame.A[:, :-1] / units
    corners = _corners(problem)
    if corners is not None and (corners.residuals(problem.nothing) == 0).any():
        return _fall(problem, corners)
    slopes, noise = np.abs(pull @ A), 8 * EPS * (np.abs(pull) @ np.abs(A))
    return float(np.where(slopes > noise, slopes, 0.0).max(initial=0.0) / len(frame.y))


def strongest_ridge(problem: Problem) -> float:
    """The λ of L2 at which no direction keeps more than a hundredth of what it would have,
    were the cost a parabola with the mean pull and the mean residual of the model without slopes.
    """
    frame, rows = problem.frame, Rows.of(problem.loss, problem.frame.y)
    off = np.abs(frame.A @ problem.nothing - rows.level - rows.center).mean()
    X = frame.A[:, :-1] / problem.units[:-1]
    spread = np.linalg.norm(X - X.mean(axis=0), 2) ** 2 / len(X) if X.size else 0.0
    bend = np.abs(_pull(problem)).mean() / max(float(off), LEAST)
    return float(bend * spread / 2 * (1 / KEPT - 1)) or 1.0


def _pull(problem: Problem) -> Array:
    rows = Rows.of(problem.loss, problem.frame.y)
    pull: Array = rows.slope(problem.frame.A @ problem.nothing - rows.level)
    return pull


def _corners(problem: Problem) -> Corners | None:
    """Rows with corners whose slopes, at the model without any, are those of the loss."""
    frame = problem.frame
    if isinstance(problem.loss, ReverseHuber):
        pull = np.maximum(np.abs(_pull(problem)), 1.0)
        return Corners(frame.A, frame.y, frame.grain, -pull, pull)
    return problem.corners


def _fall(problem: Problem, corners: Corners) -> float:
    """At a corner the slope is a set: λ is the largest fall of the cost for a unit of weights.

    Each fit at the λ of the last one falls more per unit, until none pays: finitely often for a
    linear program (Dinkelbach 1967, Management Science 13, p. 492).
    """
    n, units = len(problem.frame.y), problem.units
    before = float(corners.values(corners.residuals(problem.nothing)).sum())
    pull = np.maximum(corners.high, -corners.low)
    least = most = float((pull @ np.abs(corners.A)[:, :-1] / units[:-1]).max(initial=0.0))
    basis, found = None, 0.0
    for _ in range(FITS):
        least = found or FINER * least
        best = vertex(with_prices(corners, least * units), basis)
        basis, size = best.basis, float(np.abs(best.z) @ units)
        met = basis[basis >= len(corners.y)]
        if len(met) < np.count_nonzero(units) and size > 0:
            fall = before - float(corners.values(corners.residuals(best.z)).sum())
            if fall <= found * size * (1 + 64 * EPS):
                break
            found = fall / size
        elif found or least <= FINEST * most:
            break
    return found / n
