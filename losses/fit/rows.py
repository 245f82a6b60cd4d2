"""The losses of rows as functions of one number each: what the solvers see of a loss."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.families import ResidualLoss

Curve = Callable[[Array], Array]


@dataclass(frozen=True, eq=False)
class Rows:
    """Value, slope and bend of each row at u = A z − level: the residual, or else the score.

    A residual may be far smaller than its score, and keeps its digits only if it is the variable.
    `center` is the u from which iterated reweighting counts.
    """

    level: Array
    center: Array
    value: Curve
    slope: Curve
    bend: Curve

    @classmethod
    def of(cls, loss: Loss, target: Array) -> "Rows":
        """The rows of a loss with its targets `(n,)`."""
        nothing = np.zeros_like(target)
        if isinstance(loss, ResidualLoss):
            return cls(target, nothing, loss.phi, loss.dphi, loss.d2phi)
        each = (partial(f, target) for f in (loss.value, loss.gradient, loss.curvature))
        return cls(nothing, target, *each)
