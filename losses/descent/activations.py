"""Activations: what a unit of a network makes of its sum, with its first two derivatives."""

from typing import ClassVar

import numpy as np

from losses.arrays import Array
from losses.spec import Catalogue, Spec, catalogued


class Activation(Spec):
    """A function of a unit's sum z; its derivatives are functions of its own output a.

    Of arrays of any shape; where it has a corner the derivative is 0 there, as PyTorch has it.
    """

    catalogue: ClassVar[Catalogue] = Catalogue("activation")
    latex: ClassVar[str]
    slope_formula: ClassVar[str]  # of the output a, in plain text
    rectified: ClassVar[bool] = False  # whether a unit may be exactly 0 on every row

    def value(self, z: Array, out: Array | None = None) -> Array:
        """a, written into `out` if that is given."""
        raise NotImplementedError

    def slope(self, a: Array) -> Array:
        """da/dz."""
        raise NotImplementedError

    def bend(self, a: Array) -> Array:
        """d²a/dz²."""
        raise NotImplementedError

    def fullness(self, a: Array) -> Array:
        """How far the output is on its way from its middle, 0, to one of its ends, 1.

        0 everywhere for a function without ends.
        """
        return np.zeros_like(a)


@catalogued
class Tanh(Activation):
    """An S from −1 to 1: steep in the middle, flat at both ends."""

    name = "Tanh"
    latex = r"\tanh z"
    slope_formula = "1 − a²"
    reference = (
        "[LeCun et al. 1998, section 4.4](http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf)"
    )

    def value(self, z: Array, out: Array | None = None) -> Array:
        return np.tanh(z, out=out)

    def slope(self, a: Array) -> Array:
        """1 − a²: exactly 0 from |z| = 19.1 on, where the true slope is below 1e-16."""
        slope = a * a
        return np.subtract(1.0, slope, out=slope)

    def bend(self, a: Array) -> Array:
        return -2 * a * self.slope(a)

    def fullness(self, a: Array) -> Array:
        return np.abs(a)


@catalogued
class Relu(Activation):
    """The sum where it is above zero, else nothing: a unit can fall silent for good."""

    name = "ReLU"
    latex = r"\max(0, z)"
    slope_formula = "[a > 0]"
    rectified = True
    reference = "[Nair & Hinton 2010](https://www.cs.toronto.edu/~fritz/absps/reluICML.pdf)"

    def value(self, z: Array, out: Array | None = None) -> Array:
        return np.maximum(z, 0.0, out=out)

    def slope(self, a: Array) -> Array:
        return (a > 0).astype(a.dtype)

    def bend(self, a: Array) -> Array:
        return np.zeros_like(a)


@catalogued
class Sigmoid(Activation):
    """An S from 0 to 1: no slope is above a quarter, and both ends are flat."""

    name = "Sigmoid"
    latex = r"\frac{1}{1 + e^{-z}}"
    slope_formula = "a (1 − a)"
    reference = "[Rumelhart, Hinton & Williams 1986, eq. 2](https://doi.org/10.1038/323533a0)"

    def value(self, z: Array, out: Array | None = None) -> Array:
        """½ + ½ tanh ½z: to 1e-16 of 1, which of small outputs is not every digit."""
        a = np.tanh(np.multiply(z, 0.5, out=out), out=out)
        a *= 0.5
        a += 0.5
        return a

    def slope(self, a: Array) -> Array:
        return a * (1 - a)

    def bend(self, a: Array) -> Array:
        return self.slope(a) * (1 - 2 * a)

    def fullness(self, a: Array) -> Array:
        return np.abs(2 * a - 1)


@catalogued
class Linear(Activation):
    """The sum as it is: however many layers, the net stays one weighted sum."""

    name = "Linear"
    latex = "z"
    slope_formula = "1"

    def value(self, z: Array, out: Array | None = None) -> Array:
        if out is None:
            return z.copy()
        out[...] = z
        return out

    def slope(self, a: Array) -> Array:
        return np.ones_like(a)

    def bend(self, a: Array) -> Array:
        return np.zeros_like(a)
