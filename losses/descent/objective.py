"""The objective: the cost of a model on data under a loss, plus a penalty on its weights."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.cost import cost
from losses.data import Dataset
from losses.descent.models import Model
from losses.penalties import Penalty

SCORES_AT_ONCE = 500_000


@dataclass(frozen=True, eq=False)
class Objective:
    """A function of flat weights: the mean loss over the rows, plus a penalty if there is one."""

    model: Model
    loss: Loss
    data: Dataset
    penalty: Penalty | None = None

    @cached_property
    def target(self) -> Array:
        """The data's target as the loss wants it: classes become -1 and +1 for a margin."""
        return self.loss.encode(self.data.target)

    def value(self, w: Array) -> float:
        """Cost plus penalty at w `(size,)`."""
        score, _ = self.model.forward(w, self.data.features)
        return cost(self.loss, self.target, score) + self._penalty(w)

    def values(self, W: Array) -> Array:
        """The objective at many weight vectors `(m, size)`, in chunks of bounded memory."""
        chunk = max(1, SCORES_AT_ONCE // len(self.target))
        parts = [self._chunk(W[start : start + chunk]) for start in range(0, len(W), chunk)]
        return np.concatenate(parts)

    def gradient(self, w: Array, rows: Indices | None = None) -> Array:
        """The derivative at w, `(size,)`, from all rows or from a batch of them."""
        X, y = self.data.features, self.target
        if rows is not None:
            X, y = X[rows], y[rows]
        score, pullback = self.model.forward(w, X)
        slope = pullback(self.loss.gradient(y, score) / len(y))
        if self.penalty is not None:
            part = self.model.penalized(w)
            slope[: part.size] += self.penalty.gradient(part)
        return slope

    def hessian(self, w: Array) -> Array:
        """The second derivative of a linear or logistic model's objective at w, `(size, size)`."""
        X = np.column_stack([self.data.features, np.ones(len(self.target))])
        score, _ = self.model.forward(w, self.data.features)
        bend = self.loss.curvature(self.target, score)
        hessian = (X.T * bend) @ X / len(self.target)
        if self.penalty is not None:
            part = self.model.penalized(w)
            hessian[np.diag_indices(part.size)] += self.penalty.curvature(part)
        return hessian

    def stability_limit(self, w: Array) -> float:
        """The rate 2 / λ_max beyond which plain descent overshoots at w; infinite if flat."""
        steepest = float(np.linalg.eigvalsh(self.hessian(w))[-1])
        return 2 / steepest if steepest > 0 else np.inf

    def _chunk(self, W: Array) -> Array:
        value = self.loss.value(self.target, self.model.scores(W, self.data.features))
        return value.mean(axis=-1) + np.array(
            [self._penalty(w) for w in W] if self.penalty else 0.0
        )

    def _penalty(self, w: Array) -> float:
        return self.penalty.value(self.model.penalized(w)) if self.penalty else 0.0
