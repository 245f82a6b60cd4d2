"""Models: from flat weights and features to scores, and from a score's gradient back.

Weights may have leading axes, `(…, size)`: many models at once, each to the last bit what it is
alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.links import IDENTITY, SIGMOID, SOFTMAX, Link

Pullback = Callable[[Array], Array]


class Model:
    """Flat weights `(…, size)` and features `(n, d)` in, scores `(…, n)` or `(…, n, K)` out.

    What of the features it multiplies with weights is made once, by `design`, for many weights.
    """

    link: Link
    linear: ClassVar[bool] = True  # in its weights and in its design: both turn a score over

    @property
    def size(self) -> int:
        raise NotImplementedError

    @property
    def held(self) -> int:
        """How many numbers of a row it has to remember for the way back, beside its classes."""
        return 1

    @property
    def slopes(self) -> NDArray[np.bool_]:
        """Which of the weights `(size,)` a penalty sees: all but the biases."""
        raise NotImplementedError

    def design(self, X: Array) -> Array:
        """A line for each feature, and a last one of ones for the bias: `(d + 1, n)`."""
        return np.vstack([X.T, np.ones(len(X))])

    def scores(self, w: Array, X: Array) -> Array:
        """The score of each row."""
        return self.forward(w, X)[0]

    def forward(self, w: Array, X: Array) -> tuple[Array, Pullback]:
        """The scores, and the map from their gradient to the weights' `(…, size)`."""
        return self.through(w, self.design(X))

    def through(self, w: Array, design: Array) -> tuple[Array, Pullback]:
        """The same from a design."""
        raise NotImplementedError

    def hessian(self, w: Array, X: Array, bend: Array, pull: Array | None = None) -> Array:
        """The second derivative `(size, size)` at w `(size,)`, from those in the scores.

        `bend`, the second one, is `(n,)`, or `(n, K, K)` where a row has K scores; `pull`, the
        first, is shaped like the scores, and nothing to a linear model.
        """
        raise NotImplementedError

    def bulk(self, w: Array, X: Array, pull: Array) -> float:
        """How large the terms of a mean slope are, before they cancel, if those in the scores of
        a row have the size `pull` `(n,)`."""
        return float(pull.mean() + np.linalg.norm(pull @ np.abs(X)) / len(X))


@dataclass(frozen=True)
class Linear(Model):
    """A weighted sum of d features plus a bias; w holds the d slopes, then the bias."""

    features: int = 1
    link: Link = IDENTITY

    @property
    def size(self) -> int:
        return self.features + 1

    @property
    def slopes(self) -> NDArray[np.bool_]:
        return np.arange(self.size) < self.features

    def through(self, w: Array, design: Array) -> tuple[Array, Pullback]:
        return np.vecmat(w, design), partial(np.matvec, design)

    def hessian(self, w: Array, X: Array, bend: Array, pull: Array | None = None) -> Array:
        design = self.design(X)
        return (design * bend) @ design.T


@dataclass(frozen=True)
class Logistic(Linear):
    """The same weighted sum read as a logit: its sigmoid is the probability of class 1."""

    link: Link = SIGMOID


@dataclass(frozen=True)
class Softmax(Model):
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

    def through(self, w: Array, design: Array) -> tuple[Array, Pullback]:
        own = w.reshape(*w.shape[:-1], self.classes, self.features + 1)

        def pullback(slope: Array) -> Array:
            each = np.ascontiguousarray(slope.swapaxes(-1, -2))
            return np.matvec(design, each).reshape(w.shape)

        scores = np.vecmat(own, design)
        return np.ascontiguousarray(scores.swapaxes(-1, -2)), pullback

    def hessian(self, w: Array, X: Array, bend: Array, pull: Array | None = None) -> Array:
        design = self.design(X)
        blocks = np.einsum("in,nkl,jn->kilj", design, bend, design, optimize=True)
        return blocks.reshape(self.size, self.size)
