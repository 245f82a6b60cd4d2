"""What can be walked down: any smooth or cornered function of a flat vector of weights."""

import math
from collections.abc import Callable

import numpy as np

from losses.arrays import Array, Indices


class Function:
    """A function of weights `(size,)` with its derivatives; of many weights at once, `(…, size)`.

    `rows` is how many rows of data it is a mean over, of which a walk may take batches: 0 for none.
    """

    @property
    def noun(self) -> str:
        """What one of its values is called."""
        return "value"

    @property
    def size(self) -> int:
        raise NotImplementedError

    @property
    def rows(self) -> int:
        return 0

    @property
    def stake(self) -> float:
        """A value beside which differences in value are large or small; infinite if unknown."""
        return math.inf

    @property
    def shares_work(self) -> bool:
        """Whether the values come nearly free with the gradients."""
        return False

    def value(self, w: Array) -> float:
        """The value at w `(size,)`."""
        return float(self.values(w[None])[0])

    def values(self, W: Array) -> Array:
        """The values `(…)` at weights `(…, size)`."""
        raise NotImplementedError

    def gradient(self, W: Array, rows: Indices | None = None) -> Array:
        """The derivatives `(…, size)` at weights `(…, size)`, of all rows or of a batch of them."""
        raise NotImplementedError

    def sloping(self, runs: int) -> Callable[[Array], Array]:
        """The gradient on all rows of so many weights at once, made ready for many calls."""
        return self.gradient

    def values_and_gradients(self, W: Array) -> tuple[Array, Array]:
        """Both, of all rows, where the work can be shared."""
        return self.values(W), self.gradient(W)

    def hessian(self, w: Array) -> Array:
        """The second derivative at w, `(size, size)`."""
        raise NotImplementedError

    def rounding(self, w: Array) -> float:
        """The size of a slope that rounding alone explains at w."""
        return 0.0

    def steepest(self, w: Array) -> float:
        """The largest curvature at w, λ_max of the Hessian; infinite where that is not finite."""
        hessian = self.hessian(w)
        return float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else math.inf

    def stability_limit(self, w: Array) -> float:
        """The rate 2 / λ_max beyond which plain descent overshoots at w; infinite if flat."""
        steepest = self.steepest(w)
        return 2 / steepest if steepest > 0 else np.inf
