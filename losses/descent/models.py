"""Models: from flat weights and features to scores, and from a score's gradient back.

Weights may have leading axes, `(…, size)`: many models at once, each to the last bit what it is
alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.links import IDENTITY, SIGMOID, SOFTMAX, Link

Pullback = Callable[[Array], Array]


class Model(Protocol):
    """Flat weights `(…, size)` and features `(n, d)` in, scores `(…, n)` or `(…, n, K)` out."""

    @property
    def size(self) -> int: ...

    @property
    def slopes(self) -> NDArray[np.bool_]:
        """Which of the weights `(size,)` a penalty sees: all but the biases."""
        ...

    def scores(self, w: Array, X: Array) -> Array:
        """The score of each row."""
        ...

    def forward(self, w: Array, X: Array) -> tuple[Array, Pullback]:
        """The scores, and the map from their gradient to the weights' `(…, size)`."""
        ...

    def hessian(self, w: Array, X: Array, bend: Array) -> Array:
        """The second derivative `(size, size)` at w `(size,)`, from that of the scores.

        `bend` is `(n,)`, or `(n, K, K)` where a row has K scores.
        """
        ...


@dataclass(frozen=True)
class Linear:
    """A weighted sum of d features plus a bias; w holds the d slopes, then the bias."""

    features: int = 1
    link: Link = IDENTITY

    @property
    def size(self) -> int:
        return self.features + 1

    @property
    def slopes(self) -> NDArray[np.bool_]:
        return np.arange(self.size) < self.features

    def scores(self, w: Array, X: Array) -> Array:
        if self.features == 1:  # a product of matrices takes four times as long
            return X[:, 0] * w[..., :1] + w[..., 1:]
        return np.matvec(X, w[..., :-1]) + w[..., -1:]

    def forward(self, w: Array, X: Array) -> tuple[Array, Pullback]:
        def pullback(slope: Array) -> Array:
            bias = slope.sum(axis=-1, keepdims=True)
            return np.concatenate([np.vecmat(slope, X), bias], axis=-1)

        return self.scores(w, X), pullback

    def hessian(self, w: Array, X: Array, bend: Array) -> Array:
        design = np.column_stack([X, np.ones(len(X))])
        return (design.T * bend) @ design


@dataclass(frozen=True)
class Logistic(Linear):
    """The same weighted sum read as a logit: its sigmoid is the probability of class 1."""

    link: Link = SIGMOID


@dataclass(frozen=True)
class Softmax:
    """A weighted sum plus a bias for each of K classes; w holds d slopes and a bias, K times."""

    features: int
    classes: int
    link: Link = SOFTMAX

    @property
    def size(self) -> int:
        return (self.features + 1) * self.classes

    @property
    def slopes(self) -> NDArray[np.bool_]:
        return np.arange(self.size) % (self.features + 1) < self.features

    def scores(self, w: Array, X: Array) -> Array:
        own = w.reshape(*w.shape[:-1], self.classes, self.features + 1)
        scores = np.matvec(X, own[..., :-1]) + own[..., -1:]
        return np.ascontiguousarray(scores.swapaxes(-1, -2))

    def forward(self, w: Array, X: Array) -> tuple[Array, Pullback]:
        def pullback(slope: Array) -> Array:
            each = np.ascontiguousarray(slope.swapaxes(-1, -2))
            bias = each.sum(axis=-1, keepdims=True)
            return np.concatenate([np.vecmat(each, X), bias], axis=-1).reshape(w.shape)

        return self.scores(w, X), pullback

    def hessian(self, w: Array, X: Array, bend: Array) -> Array:
        design = np.column_stack([X, np.ones(len(X))])
        blocks = np.einsum("ni,nkl,nj->kilj", design, bend, design, optimize=True)
        return blocks.reshape(self.size, self.size)
