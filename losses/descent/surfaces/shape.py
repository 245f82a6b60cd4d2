"""A loss as a function of one number, for all the rows that share it."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.families import MarginLoss, ResidualLoss

BESIDE = 1e-6  # of a kink's surroundings: on which side of it a slope is read


@dataclass(frozen=True, eq=False)
class Shape:
    """The loss of a score r for one target: of the class, or of 0 for a loss of residuals."""

    loss: Loss
    target: float

    def value(self, r: Array) -> Array:
        """The loss, shaped like r."""
        return self.loss.value(np.asarray(self.target), r)

    def slope(self, r: Array) -> Array:
        """Its derivative."""
        return self.loss.gradient(np.asarray(self.target), r)

    def bend(self, r: Array) -> Array:
        """Its second derivative."""
        return self.loss.curvature(np.asarray(self.target), r)

    @property
    def kinks(self) -> Array:
        """Where value, slope or bend may jump, in ascending order."""
        if isinstance(self.loss, ResidualLoss):
            return np.array(sorted(self.loss.kinks()))
        sign = self.target if isinstance(self.loss, MarginLoss) else 2 * self.target - 1
        return np.array(sorted(sign * kink for kink in self.loss.kinks()))

    @property
    def bent(self) -> bool:
        """Whether the slope itself is continuous: then a bound of the bend bounds it."""
        kinks = self.kinks
        step = BESIDE * (1 + np.abs(kinks))
        left, right = self.slope(kinks - step), self.slope(kinks + step)
        # continuous slopes differ by the bend times a small step, at most
        most = np.maximum(np.abs(self.bend(kinks - step)), np.abs(self.bend(kinks + step)))
        return bool((np.abs(right - left) <= 4 * step * most).all())

    @property
    def power(self) -> int:
        """1 or 2 if it is homogeneous of this degree around its only kink, else 0."""
        if self.kinks.size != 1:
            return 0
        kink, away = self.kinks[0], np.array([-4.0, -1.0, -0.25, 0.25, 1.0, 4.0])
        near, far = self.value(kink + away), self.value(kink + 2 * away)
        for power in (1, 2):
            if np.allclose(far, 2**power * near, rtol=1e-14, atol=0.0):
                return power
        return 0
