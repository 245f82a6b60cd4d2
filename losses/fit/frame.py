"""The coordinates in which a linear model is fitted: they lose no digits of any row."""

import math
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.cost import cost
from losses.fit.result import EPS, PROVEN, Fit, Optimum

TINY = 64 * EPS  # of the largest coordinate


@dataclass(frozen=True, eq=False)
class Frame:
    """A linear model as scores A z for y, in coordinates that lose no digits of any row.

    Features and a target that is a number count from their medians, features in powers of two;
    dependent columns of A are turned away, unless a penalty tells them apart. `grain` is the
    rounding of y, back @ z the weights but for the height of y. The penalty is ½ |ridge z|² / n.
    """

    A: Array
    y: Array
    grain: Array
    back: Array
    height: float
    ridge: Array

    @classmethod
    def of(
        cls, features: Array, target: Array, lam: float = 0.0, *, leveled: bool = True
    ) -> "Frame":
        """The frame of features `(n, d)` and a target `(n,)`; that of classes is not leveled."""
        X, y = _checked(features, target, lam)
        middle, height = np.median(X, axis=0), float(np.median(y)) if leveled else 0.0
        scale = np.exp2(np.frexp(np.abs(X - middle).max(axis=0))[1])
        A = np.column_stack([(X - middle) / scale, np.ones(len(y))])
        back = np.diag(1 / np.append(scale, 1.0))
        back[-1, :-1] = -middle / scale
        _, size, turn = np.linalg.svd(np.asarray(np.linalg.qr(A, mode="r")))
        rank = int((size > EPS * max(A.shape) * size[0]).sum())
        if rank < A.shape[1] and not lam:
            A, back = A @ turn[:rank].T, back @ turn[:rank].T
        grain = 2 * EPS * (np.abs(y) + np.abs(y - height)) if leveled else np.zeros_like(y)
        ridge = math.sqrt(2 * lam * len(y)) * back[: -1 if lam else 0]
        return cls(A, y - height, grain, back, height, ridge)

    @property
    def penalized(self) -> bool:
        """Whether large slopes cost anything."""
        return bool(self.ridge.size)

    @property
    def flat(self) -> Array:
        """The z whose scores are all one."""
        return np.asarray(np.linalg.lstsq(self.A, np.ones(len(self.y)), rcond=None)[0])

    @property
    def squares(self) -> Array:
        """The z of least squares, plus the penalty."""
        A = np.vstack([self.A, self.ridge / math.sqrt(2)])
        right = np.concatenate([self.y, np.zeros(len(self.ridge))])
        return np.asarray(np.linalg.lstsq(A, right, rcond=None)[0])

    def drawn(self, z: Array) -> tuple[Array, Array, Array]:
        """What the penalty pulls at each z, the sizes that it sums, and how far they are rounded.

        Beside the largest z, one of the size of its rounding moves no score: it counts as zero.
        """
        size, far = np.abs(self.ridge), np.abs(z)
        rounded = np.where(far <= TINY * far.max(initial=0.0), far, 4 * EPS * far)
        pull: Array = self.ridge.T @ (self.ridge @ z)
        return pull, size.T @ (size @ far), size.T @ (size @ rounded)

    def weights(self, z: Array) -> Array:
        """The weights `(d + 1,)`, or of K classes `(K (d + 1),)`, behind coordinates."""
        w = self.back @ z
        w[-1] += self.height
        return np.ascontiguousarray(w.T).reshape(-1)

    def fit(self, loss: Loss, optimum: Optimum) -> Fit:
        """An optimum in this frame as a fit."""
        z, certificate, steps, certain, note = optimum
        penalty = float(0.5 * ((self.ridge @ z) ** 2).sum() / len(self.y))
        if certificate > PROVEN and not note:
            note = f"stopped after {steps} steps, with {certificate:.1g} of the pulls not canceled"
        paid, certain = cost(loss, self.y, self.A @ z), certain and certificate <= PROVEN
        return Fit(self.weights(z), paid, certificate, steps, penalty, certain, note)


def _checked(features: Array, target: Array, lam: float) -> tuple[Array, Array]:
    X, y = np.asarray(features, dtype=float), np.asarray(target, dtype=float)
    if X.ndim != 2 or y.shape != X.shape[:1] or not y.size:
        raise ValueError(f"features {X.shape} and target {y.shape} must be (n, d) and (n,), n > 0")
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("a fit needs finite numbers: leave out rows with gaps or infinities")
    if not 0 <= lam < math.inf:
        raise ValueError(f"lam = {lam!r} must be a finite number, zero or more")
    return X, y
