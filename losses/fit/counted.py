"""Fits in which a row counts as often as one says: the same features, weights after weights.

Counting a row w times, weighting its loss by w, and having it w times among the rows are one
objective, so class weights and resampled rows are fitted here alike.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.fit.frame import Frame
from losses.fit.newton import SILENT, imbalance
from losses.fit.result import EPS, FLAT, LEAST, PROVEN, Fit, Optimum, Separable
from losses.fit.rows import Rows
from losses.fit.separation import overlap_is_proven, separating
from losses.probabilistic import CrossEntropy, Focal

FLOOR, SHORTEST, STEPS, DOWN = 1e-6, 2.0**-40, 80, 1e-4
NOTE = "a minimum below the fit of cross-entropy; the loss is not convex, so a lower one may exist"


@dataclass(frozen=True, eq=False)
class Counted:
    """Features `(n, d)` and classes 0 and 1 `(n,)`, to be fitted with counts `(n,)` of the rows.

    What does not depend on the counts is found once. The penalty λ Σ w² is of the mean over all
    that is counted.
    """

    features: Array
    target: Array
    lam: float = 0.0

    @cached_property
    def frame(self) -> Frame:
        """The coordinates of all fits."""
        return Frame.of(self.features, self.target, self.lam, leveled=False)

    def fit(
        self, loss: CrossEntropy | Focal, count: Array, start: Array | None = None
    ) -> tuple[Fit, Array]:
        """The fit, and its coordinates, from which another may start.

        Raises Separable where no finite weights are best. A focal loss starts from a fit of
        cross-entropy, divided by 1 + γ, as large logits of the two are.
        """
        kept = count > 0
        frame, counts = self._of(kept, np.sqrt(count.mean())), count[kept]
        rows = _scaled(Rows.of(loss, frame.y), counts)
        if start is None and not loss.convex:
            start = self.fit(CrossEntropy(), count)[1] / (1 + getattr(loss, "gamma", 0.0))
        z = np.zeros(frame.A.shape[1]) if start is None else start
        z, steps = _descended(rows, frame, z)
        _refuse_separable(rows, frame, z)
        share = imbalance(rows, frame, z, frame.A @ z)
        return _fitted(loss, frame, counts, Optimum(z, share, steps)), z

    def _of(self, kept: NDArray[np.bool_], heavier: float) -> Frame:
        """The coordinates, with the rows that count; the penalty as heavy as what is counted."""
        whole = self.frame
        ridge = whole.ridge * heavier
        y, grain = whole.y[kept], whole.grain[kept]
        return replace(whole, A=whole.A[kept], y=y, grain=grain, ridge=ridge)


def _fitted(loss: Loss, frame: Frame, count: Array, found: Optimum) -> Fit:
    z, share, steps, *_ = found
    total = count.sum()
    paid = float(count @ loss.value(frame.y, frame.A @ z) / total)
    penalty = float(0.5 * ((frame.ridge @ z) ** 2).sum() / total)
    certain = bool(loss.convex) and share <= PROVEN
    note = "" if loss.convex else NOTE
    if share > PROVEN:
        note = f"stopped after {steps} steps, with {share:.1g} of the pulls not canceled"
    return Fit(frame.weights(z), paid, share, steps, penalty, certain, note)


def _refuse_separable(rows: Rows, frame: Frame, z: Array) -> None:
    """Raises Separable where the rows are, unless a penalty holds the weights."""
    if frame.penalized:
        return
    sign = 2 * frame.y - 1
    if np.ptp(sign) == 0:
        raise Separable(frame.weights(frame.flat * sign[0]), True)
    signed = frame.A * sign[:, None]
    if overlap_is_proven(signed, np.abs(rows.slope(frame.A @ z))):
        return
    apart = _told_apart(signed)
    found = separating(signed @ apart)
    if found is not None:
        raise Separable(frame.weights(apart @ found[0]), found[1])


def _told_apart(rows: Array) -> Array:
    """Directions `(k, rank)` that rows `(N, k)` tell apart: few of all rows may not tell all."""
    _, size, turn = np.linalg.svd(np.asarray(np.linalg.qr(rows, mode="r")))
    return np.asarray(turn[: int((size > EPS * max(rows.shape) * size[0]).sum())].T)


def _scaled(rows: Rows, count: Array) -> Rows:
    """The rows, each as often as it counts."""
    return replace(
        rows,
        value=lambda u: count * rows.value(u),
        slope=lambda u: count * rows.slope(u),
        bend=lambda u: count * rows.bend(u),
    )


@SILENT
def _descended(rows: Rows, frame: Frame, z: Array) -> tuple[Array, int]:
    """A minimum below a start, by Newton's steps with the signs of all curvatures turned up."""
    A, ridge = frame.A, frame.ridge

    def total(z: Array) -> float:
        return float(rows.value(A @ z).sum() + 0.5 * ((ridge @ z) ** 2).sum())

    paid = total(z)
    for step in range(1, STEPS + 1):
        h, fall = _step(rows, frame, z)
        if abs(fall) <= FLAT * paid:
            return z + h, step  # the cost can hardly show it; its square is what then remains
        length, new = 1.0, total(z + h)
        while not new <= paid + DOWN * length * fall and length > SHORTEST:
            length /= 2
            new = total(z + length * h)
        if not new < paid:
            return z, step
        z, paid = z + length * h, new
    return z, STEPS


def _step(rows: Rows, frame: Frame, z: Array) -> tuple[Array, float]:
    """A step downhill, and the fall that its slope promises."""
    A, ridge = frame.A, frame.ridge
    u = A @ z
    slope = rows.slope(u) @ A + ridge.T @ (ridge @ z)
    H = (A.T * rows.bend(u)) @ A + ridge.T @ ridge
    unit = np.sqrt(np.maximum(np.abs(np.diag(H)), LEAST))
    bends, axes = np.linalg.eigh(H / unit / unit[:, None])
    bends = np.maximum(np.abs(bends), FLOOR * np.abs(bends).max() + LEAST)
    h: Array = -(axes @ ((slope / unit) @ axes / bends)) / unit
    return h, float(h @ slope)
