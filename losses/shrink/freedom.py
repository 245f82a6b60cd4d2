"""How many free numbers a fit is worth: its degrees of freedom, besides the bias."""

import numpy as np

from losses.arrays import Array
from losses.fit.result import LEAST
from losses.fit.rows import Rows
from losses.fit.solving import reversed_huber
from losses.shaped import ReverseHuber
from losses.shrink.problem import Problem

INDEPENDENT = 1e-10  # of the largest: a direction that is none beside the others


def freedom(problem: Problem, z: Array, l2: float) -> float:
    """How much scores follow their own targets, Σ ∂s/∂y, less one for the bias.

    Slopes at zero stay there, and rows met at a corner stay met: each independent one counts whole.
    The rest is the trace of (X'BX + 2 l2 n)⁻¹ X'BX where those leave the weights free, with the
    bends B of the rows. For least squares it is Stein's number: the slopes that are not zero under
    L1, and the trace of the hat matrix under L2. [Zou, Hastie & Tibshirani 2007, Annals of
    Statistics 35, p. 2173; Li & Zhu 2008 for corners; Hoerl & Kennard 1970]
    """
    frame, held = problem.frame, np.append(np.flatnonzero(z[:-1]), len(z) - 1)
    rows = Rows.of(problem.loss, frame.y)
    with np.errstate(divide="ignore", over="ignore"):
        bend = rows.bend(frame.A @ z - rows.level)
    endless = np.isinf(bend)
    met = np.vstack([_met(problem, z), frame.A[endless]])[:, held]
    bent = frame.A[:, held] * np.sqrt(np.where(endless, 0.0, np.maximum(bend, 0.0)))[:, None]
    ridge = np.sqrt(l2) * problem.bends[:, held]
    counted, free = _left_free(met)
    bends, held_back = bent @ free, ridge @ free
    return max(counted + _trace(bends, held_back) - 1.0, 0.0)


def _met(problem: Problem, z: Array) -> Array:
    """The rows `(m, k)` with a corner at these coordinates."""
    corners = problem.corners
    if isinstance(problem.loss, ReverseHuber):
        corners = reversed_huber(problem.loss, problem.frame).corners
    if corners is None:
        return problem.frame.A[:0]
    return corners.A[corners.residuals(z) == 0]


def _left_free(met: Array) -> tuple[int, Array]:
    """How many of the rows met are independent, and the directions `(k, f)` that leave all met."""
    k = met.shape[1]
    _, size, axes = np.linalg.svd(np.vstack([met, np.zeros((k, k))]), full_matrices=False)
    rank = int((size > INDEPENDENT * max(float(size[0]), LEAST)).sum())
    return rank, axes[rank:].T


def _trace(bent: Array, ridge: Array) -> float:
    """tr (B'B + R'R)⁻¹ B'B, over the directions in which either bends."""
    if not bent.shape[1]:
        return 0.0
    whole = np.vstack([bent, ridge])
    unit = np.maximum(np.linalg.norm(whole, axis=0), LEAST)
    left, size, _ = np.linalg.svd(whole / unit, full_matrices=False)
    top = left[: len(bent), size > INDEPENDENT * max(float(size[0]), LEAST)]
    return float((top * top).sum())
