"""What a model says of the class of each row: its logits, from predictions or from an exact fit."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from losses.arrays import Array, Indices
from losses.base import Loss
from losses.data import DataError, Dataset
from losses.fit import Fit, Separable, fit
from losses.links import SIGMOID, SOFTMAX
from losses.multiclass import SoftmaxCrossEntropy
from losses.probabilistic import CrossEntropy
from losses.verdict.scoring import improbable

EASED = 1e-3  # the penalty λ Σ w², in standardized features, that keeps separable classes finite


@dataclass(frozen=True, eq=False)
class Chances:
    """One model's logits: `(n,)` of the second of two classes, `(n, K)` of each of more.

    `target` `(n,)` holds class indices, `weight` `(n,)` how much each row counts, or None, and
    `rows` `(n,)` its number in the file. A probability of exactly 0 or 1 has an infinite logit.
    """

    model: str
    classes: tuple[str, ...]
    target: Array
    logits: Array
    rows: Indices
    weight: Array | None = None

    @property
    def binary(self) -> bool:
        """Whether there is one logit a row: that of the second class."""
        return self.logits.ndim == 1

    @cached_property
    def probabilities(self) -> Array:
        """Of each class, `(n, K)`; of two classes, too."""
        if self.binary:
            return np.stack([SIGMOID.prediction(-self.logits), SIGMOID.prediction(self.logits)], 1)
        return SOFTMAX.prediction(self.logits)

    @cached_property
    def true_logit(self) -> Array:
        """log(p_t / (1 − p_t)) `(n,)`, where p_t is the probability of the row's own class."""
        if self.binary:
            return np.where(self.target > 0, self.logits, -self.logits)
        return _odds(self.logits, self.target.astype(np.intp))

    @property
    def true_probability(self) -> Array:
        """p_t `(n,)`."""
        return SIGMOID.prediction(self.true_logit)

    @property
    def counted(self) -> int:
        """How many rows count: those of weight 0 do not."""
        return len(self.target) if self.weight is None else int((self.weight > 0).sum())

    @property
    def endless(self) -> int:
        """How many rows that count cost ∞: the model gave their class the probability 0."""
        excluded = np.isneginf(self.true_logit)
        return int((excluded if self.weight is None else excluded & (self.weight > 0)).sum())

    def against_the_rest(self, place: int) -> "Chances":
        """The same rows as two classes: the one at a place, and all others together."""
        if self.binary:
            flipped = place == 0
            logits = -self.logits if flipped else self.logits
            classes = self.classes[::-1] if flipped else self.classes
        else:
            logits = _odds(self.logits, np.full(len(self.target), place))
            classes = (f"not {self.classes[place]}", self.classes[place])
        target = (self.target == place).astype(float)
        return replace(self, classes=classes, target=target, logits=logits)


@dataclass(frozen=True, eq=False)
class Learned:
    """A loss's exact fit on standardized features, and the chances that it gives the rows.

    `eased` is the penalty that kept the weights finite where the classes can be separated, else 0.
    """

    fit: Fit
    chances: Chances
    eased: float = 0.0


def predicted(data: Dataset, model: str) -> Chances:
    """The chances that one column of predictions says, or all columns of a model by class.

    Raises DataError for features, predicted labels, and numbers that are no probabilities.
    """
    if data.role != "predictions" or data.task == "regression":
        raise DataError(f"{data.name} holds no predictions of classes")
    if data.scale == "label":
        raise DataError(
            f"{model!r} predicts labels alone; a loss of probabilities needs to know how sure it is"
        )
    found = data.features if data.by_class else data.column(model)
    bad = np.unique(improbable(found.ravel()) // (found.size // len(data)))
    if bad.size:
        raise DataError(
            f"{model!r}: {bad.size} of {len(data)} predictions are not probabilities, the first in "
            f"row {data.rows[bad[0]]}; needed are numbers from 0 to 1"
        )
    link = SOFTMAX if data.by_class else SIGMOID
    return _of(data, model, link.score(found))


def learned(data: Dataset, loss: Loss | None = None, lam: float = 0.0) -> Learned:
    """The exact fit of a loss, cross-entropy unless it is said, with the penalty λ Σ w².

    Where the classes can be separated and no penalty was asked for, a small one keeps the weights
    finite. Raises DataError for data without features or without classes.
    """
    if data.role != "features" or data.task == "regression":
        raise DataError(f"{data.name} holds no features to tell classes by")
    if loss is None:
        loss = CrossEntropy() if data.task == "binary" else SoftmaxCrossEntropy()
    X, y = data.standardized().features, loss.encode(data.target)
    eased = 0.0
    try:
        found = fit(loss, X, y, lam)
    except Separable:
        eased = EASED
        found = fit(loss, X, y, eased)
    w = found.weights.reshape(-1, X.shape[1] + 1)
    logits = X @ w[:, :-1].T + w[:, -1]
    chances = _of(data, f"{loss.name}'s fit", logits[:, 0] if len(w) == 1 else logits)
    return Learned(found, chances, eased)


def _of(data: Dataset, model: str, logits: Array) -> Chances:
    return Chances(model, data.classes, data.target, logits, data.rows, data.weight)


def _odds(logits: Array, place: Indices) -> Array:
    """The logit of one class against all others, from K of them: z_k − log Σ exp of the others."""
    own = np.take_along_axis(logits, place[:, None], axis=1)
    others = np.where(np.arange(logits.shape[1]) == place[:, None], -np.inf, logits)
    best = others.max(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = best + np.log(np.exp(others - best).sum(axis=1, keepdims=True))
        gap = own - np.where(best == -np.inf, -np.inf, rest)
    return np.where(np.isneginf(own) & np.isneginf(best), 0.0, gap)[:, 0]
