"""Penalties on the weights; the bias is never among them."""

from typing import Any, ClassVar

import numpy as np

from losses.arrays import Array
from losses.spec import NON_NEGATIVE, UNIT, Catalogue, Spec, catalogued, param


class Penalty(Spec):
    """What large weights cost: a value, a subgradient and a proximal step on weights `(…, d)`."""

    catalogue: ClassVar[Catalogue] = Catalogue("penalty")
    latex: ClassVar[str]

    def value(self, w: Array) -> Any:
        """The penalty of weights `(…, d)`, `(…)`."""
        raise NotImplementedError

    def gradient(self, w: Array) -> Array:
        raise NotImplementedError

    def curvature(self, w: Array) -> Array:
        """The second derivative in each weight; zero at a kink."""
        raise NotImplementedError

    def prox(self, w: Array, step: float) -> Array:
        """The v that minimises penalty(v) + |v - w|² / (2 step)."""
        raise NotImplementedError


@catalogued
class L1(Penalty):
    """Each weight pays its size, so weights that earn too little become exactly zero."""

    name = "L1"
    latex = r"\lambda \sum_j |w_j|"
    reference = "[Tibshirani 1996](https://doi.org/10.1111/j.2517-6161.1996.tb02080.x)"
    lam: float = param(
        0.1, 0.0, 2.0, r"\lambda", "What one unit of weight costs", domain=NON_NEGATIVE
    )

    def value(self, w: Array) -> Any:
        return self.lam * np.abs(w).sum(axis=-1)

    def gradient(self, w: Array) -> Array:
        return self.lam * np.sign(w)

    def curvature(self, w: Array) -> Array:
        return np.zeros_like(w)

    def prox(self, w: Array, step: float) -> Array:
        return np.sign(w) * np.maximum(np.abs(w) - step * self.lam, 0.0)


@catalogued
class L2(Penalty):
    """Each weight pays its square, so all shrink towards zero and none quite gets there."""

    name = "L2"
    latex = r"\lambda \sum_j w_j^2"
    reference = "[Hoerl & Kennard 1970](https://doi.org/10.1080/00401706.1970.10488634)"
    lam: float = param(
        0.1, 0.0, 2.0, r"\lambda", "What one squared unit of weight costs", domain=NON_NEGATIVE
    )

    def value(self, w: Array) -> Any:
        return self.lam * np.vecdot(w, w)

    def gradient(self, w: Array) -> Array:
        return 2 * self.lam * w

    def curvature(self, w: Array) -> Array:
        return np.full_like(w, 2 * self.lam)

    def prox(self, w: Array, step: float) -> Array:
        return w / (1 + 2 * step * self.lam)


@catalogued
class ElasticNet(Penalty):
    """L1 and L2 mixed: some weights become exactly zero, and the others shrink."""

    name = "Elastic net"
    latex = r"\lambda (\rho \sum_j |w_j| + (1 - \rho) \sum_j w_j^2)"
    reference = "[Zou & Hastie 2005, the naive elastic net, mix = 1 − α](https://doi.org/10.1111/j.1467-9868.2005.00503.x)"
    lam: float = param(
        0.1, 0.0, 2.0, r"\lambda", "What large weights cost, taken together", domain=NON_NEGATIVE
    )
    mix: float = param(
        0.5, 0.0, 1.0, r"\rho", "The share of L1: 1 is L1 alone, 0 is L2 alone", domain=UNIT
    )

    def value(self, w: Array) -> Any:
        return self.lam * (self.mix * np.abs(w).sum(axis=-1) + (1 - self.mix) * np.vecdot(w, w))

    def gradient(self, w: Array) -> Array:
        return self.lam * (self.mix * np.sign(w) + 2 * (1 - self.mix) * w)

    def curvature(self, w: Array) -> Array:
        return np.full_like(w, 2 * self.lam * (1 - self.mix))

    def prox(self, w: Array, step: float) -> Array:
        shrunk = np.sign(w) * np.maximum(np.abs(w) - step * self.lam * self.mix, 0.0)
        return shrunk / (1 + 2 * step * self.lam * (1 - self.mix))
