"""Many fits at once: the same features, other targets or other starts, one descent for all."""

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.fit.newton import SILENT
from losses.fit.result import EPS, FLAT, LEAST

FLOOR = 1e-6  # of the largest eigenvalue: the least bend that is believed
HALVINGS, DOWN = 30, 1e-4  # of a step; the share of the promised fall that must come
ROUNDS = 60


@SILENT
def descend(
    loss: Loss, A: Array, Y: Array, Z: Array, ridge: Array | None = None
) -> tuple[Array, int]:
    """Local minima `(m, k)` of m objectives, from starts `(m, k)`, and how many steps led there.

    A is `(n, k)` or `(m, n, k)`, targets `(n,)` or `(m, n)`, the penalty ½ |ridge z|². Each step
    is Newton's with the signs of all curvatures turned up, halved until it pays: none ends above
    its start.
    """
    ridge = np.zeros((0, A.shape[-1])) if ridge is None else ridge
    Z, target, design = Z.copy(), np.broadcast_to(Y, (len(Z), Y.shape[-1])), A
    active, rounds = np.arange(len(Z)), 0
    while active.size and rounds < ROUNDS:
        z, y = Z[active], target[active]
        A = design if design.ndim == 2 else design[active]
        step, fall = _steps(loss, A, y, z, ridge)
        before = costs(loss, A, y, z, ridge)
        done = np.abs(fall) <= 4 * EPS * before  # no cost can show what this step still adds
        moved = np.where(done[:, None], z + step, z)
        left = np.flatnonzero(~done)
        some = A if A.ndim == 2 else A[left]
        moved[left] = _halved(
            loss, some, y[left], z[left], before[left], step[left], fall[left], ridge
        )
        Z[active] = moved
        far = np.abs(moved - z).max(axis=1) > FLAT * np.abs(moved).max(axis=1)
        active, rounds = active[far & ~done], rounds + 1
    return Z, rounds


def costs(loss: Loss, A: Array, Y: Array, Z: Array, ridge: Array) -> Array:
    """The sums of losses plus penalties of many weights, `(m,)`."""
    paid: Array = loss.value(Y, np.matvec(A, Z)).sum(axis=-1)
    return paid + 0.5 * (np.matvec(ridge, Z) ** 2).sum(axis=-1)


def unbalanced(loss: Loss, A: Array, Y: Array, Z: Array) -> Array:
    """The share of the pulls that does not cancel, `(m,)`, of fits without a penalty."""
    pull = loss.gradient(Y, np.matvec(A, Z))
    whole = np.maximum(np.vecmat(np.abs(pull), np.abs(A)), LEAST)
    share: Array = (np.abs(np.vecmat(pull, A)) / whole).max(axis=-1)
    return share


def _steps(loss: Loss, A: Array, Y: Array, Z: Array, ridge: Array) -> tuple[Array, Array]:
    """A step downhill from each z, `(m, k)`, and the fall that its slope promises, `(m,)`."""
    score = np.matvec(A, Z)
    slope = np.vecmat(loss.gradient(Y, score), A) + np.vecmat(np.matvec(ridge, Z), ridge)
    bend = loss.curvature(Y, score)
    H = (np.swapaxes(A, -1, -2) * bend[:, None, :]) @ A + ridge.T @ ridge
    size = (np.swapaxes(A, -1, -2) ** 2).sum(axis=-1) + (ridge**2).sum(axis=0)
    unit = np.broadcast_to(np.sqrt(np.maximum(size, LEAST)), slope.shape)
    H = np.where(np.isfinite(H), H, 0.0) / unit[:, :, None] / unit[:, None, :]
    bends, axes = np.linalg.eigh(H)
    bends = np.abs(bends)
    bends = np.maximum(bends, FLOOR * bends.max(axis=1, keepdims=True) + LEAST)
    along = np.vecmat(slope / unit, axes) / bends
    step = -np.matvec(axes, along) / unit
    return step, np.vecdot(step, slope)


def _halved(
    loss: Loss, A: Array, Y: Array, Z: Array, before: Array, step: Array, fall: Array, ridge: Array
) -> Array:
    """Each z after the longest of its step, half of it, a quarter, … that pays; or where it was."""
    moved, t = Z.copy(), 1.0
    left = np.arange(len(Z))
    for _ in range(HALVINGS if len(Z) else 0):
        some = A if A.ndim == 2 else A[left]
        tried = Z[left] + t * step[left]
        after = costs(loss, some, Y[left], tried, ridge)
        pays = after <= before[left] + DOWN * t * fall[left]
        moved[left[pays]] = tried[pays]
        left, t = left[~pays], t / 2
        if not left.size:
            break
    return moved
