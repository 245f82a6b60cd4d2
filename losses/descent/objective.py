"""The objective: the cost of a model on data under a loss, plus a penalty on its weights."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.cost import blocks, cost
from losses.data import Dataset
from losses.descent.function import Function
from losses.descent.models import Model
from losses.jet import Jet, lift
from losses.penalties import Penalty

ROWS, CELLS = 2_048, 32_768  # of one block of scores: its temporaries stay in cache
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Objective(Function):
    """A function of flat weights: the mean loss over the rows, plus a penalty if there is one."""

    model: Model
    loss: Loss
    data: Dataset
    penalty: Penalty | None = None

    @property
    def noun(self) -> str:
        return "cost"

    @property
    def size(self) -> int:
        return self.model.size

    @property
    def rows(self) -> int:
        return len(self.data)

    @cached_property
    def stake(self) -> float:
        """The cost of weights that are all 0: of a model that has learned nothing."""
        with np.errstate(all="ignore"):
            return self.value(np.zeros(self.size))

    @property
    def shares_work(self) -> bool:
        return not self.model.linear or self._one_by_one(self.rows)

    @cached_property
    def target(self) -> Array:
        """The data's target as the loss wants it: classes become -1 and +1 for a margin."""
        return self.loss.encode(self.data.target)

    @cached_property
    def design(self) -> Array:
        """What the model multiplies with weights."""
        return self.model.design(self.data.features)

    @cached_property
    def facing(self) -> Array:
        """The same with each row on the side of its class: the scores of a model that is linear
        are margins then."""
        sides = self.loss.sides(self.target) if self.model.linear else None
        return self.design if sides is None else self.design * sides

    def scores(self, w: Array) -> Array:
        """The score of each row at weights `(…, size)`."""
        return self.model.through(w, self.design)[0]

    def value(self, w: Array) -> float:
        """Cost plus penalty at w `(size,)`."""
        score = self.scores(w)
        return float(cost(self.loss, self.target, score, infinite=True) + self.penalties(w))

    def values(self, W: Array) -> Array:
        flat = W.reshape(-1, self.size)
        total = np.zeros(len(flat))
        for rows in blocks(self.rows, ROWS):
            design, y = self.design[:, rows], self.target[rows]
            for some in self._together(len(flat), len(y)):
                score, _ = self.model.through(flat[some], design)
                total[some] += self._values(y, score).sum(axis=-1)
        return (total / self.rows).reshape(W.shape[:-1]) + self.penalties(W)

    def gradient(self, W: Array, rows: Indices | None = None) -> Array:
        return self._costs_and_gradients(W, rows)[1]

    def sloping(self, runs: int) -> Callable[[Array], Array]:
        if self.penalty is not None or self._one_by_one(self.rows) or self._many(runs, self.rows):
            return self.gradient
        through, slope = self.model.through, self.loss.gradient
        design, y, rows = self.design, self.target, self.rows

        def mean_slopes(W: Array) -> Array:
            score, pullback = through(W, design)
            return pullback(slope(y, score)) / rows

        return mean_slopes

    def values_and_gradients(self, W: Array) -> tuple[Array, Array]:
        costs, gradients = self._costs_and_gradients(W, costs=True)
        return costs + self.penalties(W), gradients

    def hessian(self, w: Array) -> Array:
        X, score = self.data.features, self.scores(w)
        pull = None if self.model.linear else self.loss.gradient(self.target, score) / len(X)
        hessian = self.model.hessian(w, X, self._bend(score) / len(X), pull)
        if self.penalty is not None:
            bend = np.where(self.model.slopes, self.penalty.curvature(w), 0.0)
            hessian[np.diag_indices(self.size)] += bend
        return hessian

    def rounding(self, w: Array) -> float:
        X, y = self.data.features, self.target
        pull = np.abs(self.loss.gradient(y, self.scores(w)))
        pull = pull.reshape(len(y), -1).sum(axis=1)
        return 4 * EPS * self.model.bulk(w, X, pull)

    def penalties(self, W: Array) -> Any:
        """What the weights `(…, size)` pay beside the cost, `(…)`."""
        return 0.0 if self.penalty is None else self.penalty.value(self._penalized(W))

    def _penalized(self, W: Array) -> Array:
        """The weights with 0 for the biases, which cost nothing."""
        return np.where(self.model.slopes, W, 0.0)

    def _costs_and_gradients(
        self, W: Array, rows: Indices | None = None, *, costs: bool = False
    ) -> tuple[Array, Array]:
        """Many rows are summed and sloped at once, model by model; few, for all models together.

        Which of both it is depends on the rows alone, so that a batch of models changes no bit.
        """
        y = self.target if rows is None else self.target[rows]
        alone = self._one_by_one(len(y))
        design = self.facing if alone else self.design
        if rows is not None:
            design = design[:, rows]
        if alone:
            total, slopes = self._each(W, design, y)
        elif not self._many(W.size // self.size, len(y)):
            total, slopes = self._all(W, design, y, costs)
        else:
            flat = W.reshape(-1, self.size)
            total, slopes = np.empty(len(flat)), np.empty_like(flat)
            for some in self._together(len(flat), len(y)):
                total[some], slopes[some] = self._all(flat[some], design, y, costs)
        slopes = slopes.reshape(W.shape)
        if self.penalty is not None:
            slopes += self.penalty.gradient(self._penalized(W))
        return (total / len(y)).reshape(W.shape[:-1]) if costs else total, slopes

    def _all(self, W: Array, design: Array, y: Array, costs: bool) -> tuple[Any, Array]:
        """Sums of losses, if they are asked for, and mean slopes of some models at once."""
        score, pullback = self.model.through(W, design)
        slopes = pullback(self.loss.gradient(y, score)) / len(y)
        return self.loss.value(y, score).sum(axis=-1) if costs else np.nan, slopes

    def _each(self, W: Array, design: Array, y: Array) -> tuple[Array, Array]:
        """Sums of losses and mean slopes, one model after the other, of a design that faces y."""
        flat = W.reshape(-1, self.size)
        if not self.model.linear:
            return self._in_blocks(flat, design, y)
        total, slopes = np.empty(len(flat)), np.empty_like(flat)
        for k, w in enumerate(flat):
            score, pullback = self.model.through(w, design)
            slope = np.empty_like(score)
            total[k] = self.loss.total_and_slopes(y, score, slope)
            slopes[k] = pullback(slope) / len(y)
        return total, slopes

    def _in_blocks(self, flat: Array, design: Array, y: Array) -> tuple[Array, Array]:
        """The same of models that are not linear, on so many rows at a time that what they remember
        stays in cache."""
        total, slopes = np.zeros(len(flat)), np.zeros_like(flat)
        for rows in blocks(len(y), max(1, CELLS // self.model.held)):
            for k, w in enumerate(flat):
                score, pullback = self.model.through(w, design[:, rows])
                slope = np.empty_like(score)
                total[k] += self.loss.total_and_gradient(y[rows], score, slope)
                slopes[k] += pullback(slope)
        slopes /= len(y)
        return total, slopes

    def _one_by_one(self, rows: int) -> bool:
        return rows >= ROWS or self.loss.family == "multiclass"

    def _many(self, models: int, rows: int) -> bool:
        """Whether the scores of so many models would leave the cache."""
        return models > max(1, CELLS // (rows * self.model.held))

    def _together(self, models: int, rows: int) -> Any:
        """So many models at a time that their scores stay in cache."""
        return blocks(models, max(1, CELLS // (rows * self.model.held)))

    def _values(self, y: Array, scores: Array) -> Array:
        """The losses `(m, n)` at scores `(m, n)` or `(m, n, K)`."""
        if self.loss.family == "multiclass":
            return np.array([self.loss.value(y, score) for score in scores])
        return self.loss.value(y, scores)

    def _bend(self, score: Array) -> Array:
        """The second derivative of the loss in the scores of each row: `(n,)` or `(n, K, K)`."""
        if self.loss.family != "multiclass":
            return self.loss.curvature(self.target, score)
        along = np.eye(score.shape[-1])[:, None, :] * np.ones_like(score)
        jets: list[Any] = [Jet(score, way) for way in along]
        columns = [lift(self.loss.gradient(self.target, jet)).first for jet in jets]
        return np.stack(columns, axis=-1)
