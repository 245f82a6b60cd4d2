"""Fits in which a row counts as often as one says: the same features, weights after weights.

Counting a row w times, weighting its loss by w, and having it w times among the rows are one
objective, so class weights and resampled rows are fitted here alike.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.fit.frame import Frame
from losses.fit.newton import SILENT, imbalance
from losses.fit.result import FLAT, LEAST, PROVEN, Fit, Optimum, Separable
from losses.fit.rows import Rows
from losses.fit.separation import overlap_is_proven, separating
from losses.probabilistic import CrossEntropy, Focal

FLOOR, HALVINGS, STEPS, DOWN = 1e-6, 40, 80, 1e-4
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

    @cached_property
    def signed(self) -> Array:
        """Rows times the signs of their classes: their products with weights are margins."""
        return self.frame.A * (2 * self.target - 1)[:, None]

    def fit(
        self, loss: CrossEntropy | Focal, count: Array, start: Array | None = None
    ) -> tuple[Fit, Array]:
        """The fit, and its coordinates, from which another may start.

        Raises Separable where no finite weights are best. A focal loss starts from a fit of
        cross-entropy, divided by 1 + γ, as large logits of the two are.
        """
        frame = replace(self.frame, ridge=self.frame.ridge * np.sqrt(count.mean()))
        rows = _scaled(Rows.of(loss, self.target), count)
        if start is None and not loss.convex:
            start = self.fit(CrossEntropy(), count)[1] / (1 + getattr(loss, "gamma", 0.0))
        z = np.zeros(frame.A.shape[1]) if start is None else start
        z, steps = _descended(rows, frame, z)
        self._separated(rows, frame, z, count)
        share = imbalance(rows, frame, z, frame.A @ z)
        return self._fitted(loss, frame, count, Optimum(z, share, steps)), z

    def _fitted(self, loss: Loss, frame: Frame, count: Array, found: Optimum) -> Fit:
        z, share, steps, *_ = found
        total = count.sum()
        paid = float(count @ loss.value(self.target, frame.A @ z) / total)
        penalty = float(0.5 * ((frame.ridge @ z) ** 2).sum() / total)
        certain = bool(loss.convex) and share <= PROVEN
        note = "" if loss.convex else NOTE
        if share > PROVEN:
            note = f"stopped after {steps} steps, with {share:.1g} of the pulls not canceled"
        return Fit(frame.weights(z), paid, share, steps, penalty, certain, note)

    def _separated(self, rows: Rows, frame: Frame, z: Array, count: Array) -> None:
        """Raises Separable where the counted rows are, unless a penalty holds the weights."""
        if frame.penalized:
            return
        counted = count > 0
        signed = self.signed[counted]
        if np.ptp(self.target[counted]) == 0:
            raise Separable(frame.weights(frame.flat * (2 * self.target[counted][0] - 1)), True)
        if overlap_is_proven(signed, np.abs(rows.slope(frame.A @ z))[counted]):
            return
        found = separating(signed)
        if found is not None:
            raise Separable(frame.weights(found[0]), found[1])


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
    for step in range(STEPS):
        h, fall = _step(rows, frame, z)
        length, tried = 1.0, z + h
        new = total(tried)
        while not new <= paid + DOWN * length * fall and length > 2.0**-HALVINGS:
            length /= 2
            tried = z + length * h
            new = total(tried)
        if abs(fall) <= FLAT * FLAT * paid or not new < paid:
            # the cost can show no more: a whole step still gains digits of the weights
            last = z + h if abs(fall) <= FLAT * paid else z
            return last, step + 1
        z, paid = tried, new
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
