"""Losses made of straight lines, as rows with one corner each."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.asymmetric import Quantile
from losses.base import Loss
from losses.fit.result import EPS, LEAST
from losses.hinges import Hinge
from losses.regression import AbsoluteError
from losses.shaped import EpsilonInsensitive, Power


@dataclass(frozen=True, eq=False)
class Corners:
    """Rows that cost max(low r, high r), with r = A z − y and slopes low ≤ 0 ≤ high, `(n,)`."""

    A: Array
    y: Array
    grain: Array
    low: Array
    high: Array

    @classmethod
    def of(cls, loss: Loss, A: Array, y: Array, grain: Array) -> "Corners | None":
        """The rows of a loss that is made of straight lines, or None for one that is not."""
        one, none = np.ones_like(y), np.zeros_like(y)
        if isinstance(loss, AbsoluteError) or (isinstance(loss, Power) and loss.q == 1):
            return cls(A, y, grain, -one, one)
        if isinstance(loss, Quantile):
            return cls(A, y, grain, -loss.tau * one, (1 - loss.tau) * one)
        if isinstance(loss, Hinge):
            return cls(A, y, grain, -one * (y > 0), one * (y < 0))
        if isinstance(loss, EpsilonInsensitive):  # one corner for too high, one for too low
            y, A, grain = (
                np.append(y + loss.epsilon, y - loss.epsilon),
                np.tile(A, (2, 1)),
                np.tile(grain, 2),
            )
            return cls(A, y, grain, np.append(none, -one), np.append(one, none))
        return None

    def values(self, r: Array) -> Array:
        """What each row costs at its residual."""
        return np.maximum(self.low * r, self.high * r)

    def residuals(self, z: Array) -> Array:
        """A z − y, with 0 for what is only rounding."""
        r = self.A @ z - self.y
        r[np.abs(r) <= self.grain + 4 * EPS * (np.abs(self.A) @ np.abs(z))] = 0
        return r

    def gap(self, pull: Array, z: Array) -> float:
        """Pulls that cancel, between low and high, bound every cost from below by pull @ r."""
        r, size = self.residuals(z), np.abs(self.A)
        value = self.values(r)
        unbalanced = np.abs(pull @ self.A) / np.maximum(np.abs(pull) @ size, LEAST)
        share = (value - pull * r).sum() / (value.sum() or 1.0)
        return float(max(share, unbalanced.max(initial=0.0)))
