"""The objective: the cost of a model on data under a loss, plus a penalty on its weights."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.cost import blocks, cost
from losses.data import Dataset
from losses.descent.models import Model
from losses.penalties import Penalty

ROWS, CELLS = 2_048, 32_768  # of one block of scores: its temporaries stay in cache
EPS = float(np.finfo(float).eps)


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
        return cost(self.loss, self.target, score, infinite=True) + self._penalty(w)

    def values(self, W: Array) -> Array:
        """The objective at many weight vectors `(m, size)`, in blocks that stay in cache."""
        total = np.zeros(len(W))
        for rows in blocks(len(self.target), ROWS):
            X, y = self.data.features[rows], self.target[rows]
            for some in blocks(len(W), max(1, CELLS // len(y))):
                total[some] += self.loss.value(y, self.model.scores(W[some], X)).sum(axis=-1)
        return total / len(self.target) + np.array([self._penalty(w) for w in W])

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
        """The second derivative at w, `(size, size)`."""
        X = self.data.features
        bend = self.loss.curvature(self.target, self.model.forward(w, X)[0])
        hessian = self.model.hessian(w, X, bend / len(X))
        if self.penalty is not None:
            part = self.model.penalized(w)
            hessian[np.diag_indices(part.size)] += self.penalty.curvature(part)
        return hessian

    def steepest(self, w: Array) -> float:
        """The largest curvature at w, λ_max of the Hessian."""
        return float(np.linalg.eigvalsh(self.hessian(w))[-1])

    def stability_limit(self, w: Array) -> float:
        """The rate 2 / λ_max beyond which plain descent overshoots at w; infinite if flat."""
        steepest = self.steepest(w)
        return 2 / steepest if steepest > 0 else np.inf

    def rounding(self, w: Array) -> float:
        """The size of a slope that rounding alone explains at w."""
        X, y = self.data.features, self.target
        pull = np.abs(self.loss.gradient(y, self.model.forward(w, X)[0]))
        return float(4 * EPS * (pull.mean() + np.linalg.norm(pull @ np.abs(X)) / len(y)))

    def _penalty(self, w: Array) -> float:
        return self.penalty.value(self.model.penalized(w)) if self.penalty else 0.0
