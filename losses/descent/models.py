"""Models: from flat weights and features to scores, and from a score's gradient back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from losses.arrays import Array
from losses.links import IDENTITY, SIGMOID, Link

Pullback = Callable[[Array], Array]


class Model(Protocol):
    """One flat vector of weights `(size,)` in, one score for each row of features `(n, d)` out."""

    @property
    def size(self) -> int: ...

    def forward(self, w: Array, X: Array) -> tuple[Array, Pullback]:
        """The scores `(n,)`, and the map from their gradient `(n,)` to the weights' `(size,)`."""
        ...

    def scores(self, W: Array, X: Array) -> Array:
        """The scores of many weight vectors `(m, size)` at once, `(m, n)`."""
        ...

    def hessian(self, w: Array, X: Array, bend: Array) -> Array:
        """The weights' second derivative `(size, size)`, from the scores' `(n,)`."""
        ...

    def penalized(self, w: Array) -> Array:
        """The part of w that a penalty sees: everything but the bias."""
        ...


@dataclass(frozen=True)
class Linear:
    """A weighted sum of d features plus a bias; w holds the d slopes, then the bias."""

    features: int = 1
    link: Link = IDENTITY

    @property
    def size(self) -> int:
        return self.features + 1

    def forward(self, w: Array, X: Array) -> tuple[Array, Pullback]:
        return X @ w[:-1] + w[-1], lambda slope: np.append(slope @ X, slope.sum())

    def scores(self, W: Array, X: Array) -> Array:
        return W[:, :-1] @ X.T + W[:, -1:]

    def hessian(self, w: Array, X: Array, bend: Array) -> Array:
        design = np.column_stack([X, np.ones(len(X))])
        return (design.T * bend) @ design

    def penalized(self, w: Array) -> Array:
        return w[:-1]

    def predict(self, w: Array, X: Array) -> Array:
        """What people read: the score through the link."""
        return self.link.prediction(self.forward(w, X)[0])


@dataclass(frozen=True)
class Logistic(Linear):
    """The same weighted sum read as a logit: its sigmoid is the probability of class 1."""

    link: Link = SIGMOID
