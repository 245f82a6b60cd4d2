"""Landscapes with several minima: where a walk ends depends on its start and its steps."""

from itertools import product
from typing import Any

import numpy as np

from losses.arrays import Array
from losses.descent.landscape import SURVEY, Landscape, polished, troughs
from losses.spec import NON_NEGATIVE, POSITIVE, catalogued, param

TURN = 2 * np.pi


@catalogued
class TwoWells(Landscape):
    """A bowl with two pits: the deeper one is the goal, and the other one a trap."""

    name = "Two wells"
    latex = (
        r"x^2 + y^2 - a e^{-\frac{(x - 1)^2 + y^2}{c}}"
        r" - b e^{-\frac{(x + 1)^2 + y^2}{d}}"
    )
    expression = (
        "x ** 2 + y ** 2 - a * exp(-((x - 1) ** 2 + y ** 2) / c)"
        " - b * exp(-((x + 1) ** 2 + y ** 2) / d)"
    )
    reference = (
        "[Dupont 2018](https://emiliendupont.github.io/2018/01/24/optimization-visualization/)"
    )
    window = ((-2.0, 2.0), (-2.0, 2.0))
    start = (0.5, 1.5)
    a: float = param(2.0, 0.0, 5.0, "a", "How deep the right pit is", domain=NON_NEGATIVE)
    b: float = param(3.0, 0.0, 5.0, "b", "How deep the left pit is", domain=NON_NEGATIVE)
    c: float = param(0.2, 0.05, 1.0, "c", "How wide the right pit is", domain=POSITIVE)
    d: float = param(0.2, 0.05, 1.0, "d", "How wide the left pit is", domain=POSITIVE)

    def height(self, x: Any, y: Any) -> Any:
        right, left = self._pits(x, y)
        return x**2 + y**2 - right - left

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        right, left = self._pits(x, y)
        right, left = 2 / self.c * right, 2 / self.d * left
        return 2 * x + right * (x - 1) + left * (x + 1), y * (2 + right + left)

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        right, left = self._pits(x, y)
        u, v = 2 / self.c, 2 / self.d
        right, left = u * right, v * left
        xx = 2 + right * (1 - u * (x - 1) ** 2) + left * (1 - v * (x + 1) ** 2)
        yy = 2 + right * (1 - u * y**2) + left * (1 - v * y**2)
        return xx, -y * (u * right * (x - 1) + v * left * (x + 1)), yy

    def lowest(self) -> Array:
        # off the axis y = 0 the slope in y is never 0, and beyond ±1 that in x is not
        x = troughs(lambda x: self.slope(x, np.zeros_like(x))[0], -1.0, 1.0)
        return np.column_stack([x, np.zeros_like(x)])

    def _pits(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The depth of the right pit and of the left one."""
        right = self.a * np.exp(-((x - 1) ** 2 + y**2) / self.c)
        return right, self.b * np.exp(-((x + 1) ** 2 + y**2) / self.d)


@catalogued
class ThreeHumpCamel(Landscape):
    """Three pits in a row, of which the middle one is the deepest."""

    name = "Three-hump camel"
    latex = r"2 x^2 - 1.05 x^4 + \frac{x^6}{6} + x y + y^2"
    expression = "2 * x ** 2 - 1.05 * x ** 4 + x ** 6 / 6 + x * y + y ** 2"
    reference = f"[Jamil & Yang 2013]({SURVEY})"
    window = ((-2.5, 2.5), (-2.0, 2.0))
    start = (-2.0, 1.5)

    def height(self, x: Any, y: Any) -> Any:
        s = x**2
        return s * (2 - 1.05 * s + s**2 / 6) + x * y + y**2

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        s = x**2
        return x * (4 - 4.2 * s + s**2) + y, x + 2 * y

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        s = x**2
        return 4 - 12.6 * s + 5 * s**2, 1.0, 2.0

    def lowest(self) -> Array:
        # there y = -x/2, which leaves x (3.5 - 4.2 x^2 + x^4) = 0
        x = np.array([0.0, 1.0, -1.0]) * np.sqrt(2.1 + np.sqrt(0.91))
        return np.column_stack([x, -x / 2])


@catalogued
class Himmelblau(Landscape):
    """Four minima of the same depth."""

    name = "Himmelblau"
    latex = r"(x^2 + y - 11)^2 + (x + y^2 - 7)^2"
    expression = "(x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2"
    reference = f"[Himmelblau 1972; Jamil & Yang 2013]({SURVEY})"
    window = ((-5.0, 5.0), (-5.0, 5.0))
    start = (0.0, -1.0)

    def height(self, x: Any, y: Any) -> Any:
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        p, q = x**2 + y - 11, x + y**2 - 7
        return 4 * x * p + 2 * q, 2 * p + 4 * y * q

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        p, q = x**2 + y - 11, x + y**2 - 7
        return 4 * p + 8 * x**2 + 2, 4 * (x + y), 4 * q + 8 * y**2 + 2

    def lowest(self) -> Array:
        return polished(self, np.array([[3.0, 2.0], [-2.8, 3.1], [-3.8, -3.3], [3.6, -1.8]]))


@catalogued
class StyblinskiTang(Landscape):
    """Four minima at different depths: the valley of each weight has two."""

    name = "Styblinski–Tang"
    latex = r"\frac{1}{2} (x^4 - 16 x^2 + 5 x + y^4 - 16 y^2 + 5 y)"
    expression = "(x ** 4 - 16 * x ** 2 + 5 * x + y ** 4 - 16 * y ** 2 + 5 * y) / 2"
    reference = f"[Styblinski & Tang 1990; Jamil & Yang 2013, no. 144]({SURVEY})"
    window = ((-5.0, 5.0), (-5.0, 5.0))
    start = (0.5, -0.5)

    def height(self, x: Any, y: Any) -> Any:
        s, t = x**2, y**2
        return 0.5 * (s**2 - 16 * s + 5 * x + t**2 - 16 * t + 5 * y)

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        return self._one_slope(x), self._one_slope(y)

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        return 6 * x**2 - 16, 0.0, 6 * y**2 - 16

    def lowest(self) -> Array:
        return np.array(list(product(troughs(self._one_slope, -5.0, 5.0), repeat=2)))

    def _one_slope(self, x: Any) -> Any:
        return x * (2 * x**2 - 16) + 2.5


@catalogued
class Rastrigin(Landscape):
    """A bowl covered with a grid of dents: every one of them is a minimum."""

    name = "Rastrigin"
    latex = r"2 A + x^2 - A \cos(2 \pi x) + y^2 - A \cos(2 \pi y)"
    expression = (
        "2 * amplitude + x ** 2 - amplitude * cos(2 * pi * x)"
        " + y ** 2 - amplitude * cos(2 * pi * y)"
    )
    reference = "[Rastrigin 1974; Wikipedia](https://en.wikipedia.org/wiki/Rastrigin_function)"
    window = ((-5.12, 5.12), (-5.12, 5.12))
    start = (3.2, -2.3)
    amplitude: float = param(10.0, 0.0, 20.0, "A", "How deep the dents are", domain=NON_NEGATIVE)

    def height(self, x: Any, y: Any) -> Any:
        waves = np.cos(TURN * x) + np.cos(TURN * y)
        return 2 * self.amplitude + x**2 + y**2 - self.amplitude * waves

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        return self._one_slope(x), self._one_slope(y)

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        wave = self.amplitude * TURN**2
        return 2 + wave * np.cos(TURN * x), 0.0, 2 + wave * np.cos(TURN * y)

    def lowest(self) -> Array:
        return np.array(list(product(troughs(self._one_slope, *self.window[0]), repeat=2)))

    def _one_slope(self, x: Any) -> Any:
        return 2 * x + self.amplitude * TURN * np.sin(TURN * x)
