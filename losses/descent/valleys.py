"""Landscapes with one valley, or none: what is hard about them is its shape."""

from typing import Any

import numpy as np

from losses.arrays import Array
from losses.descent.landscape import SURVEY, Landscape
from losses.spec import POSITIVE, Domain, catalogued, param


@catalogued
class Ravine(Landscape):
    """A bowl κ times as steep across as along: a rate that suits one axis fails the other."""

    name = "Ravine"
    latex = r"\frac{1}{2} (x^2 + \kappa y^2)"
    expression = "(x ** 2 + kappa * y ** 2) / 2"
    reference = "[Goh 2017, Why momentum really works](https://distill.pub/2017/momentum/)"
    window = ((-4.0, 4.0), (-2.0, 2.0))
    start = (-3.5, 1.0)
    kappa: float = param(
        25.0,
        1.0,
        100.0,
        r"\kappa",
        "The condition number: the largest curvature over the smallest",
        domain=Domain(1.0, closed_high=False),
    )

    def height(self, x: Any, y: Any) -> Any:
        return 0.5 * (x**2 + self.kappa * y**2)

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        return x, self.kappa * y

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        return 1.0, 0.0, self.kappa

    def lowest(self) -> Array:
        return np.zeros((1, 2))


@catalogued
class Saddle(Landscape):
    """Up along one axis, down along the other: no minimum, and hardly a slope in the middle."""

    name = "Saddle"
    latex = r"\frac{1}{2} (x^2 - y^2)"
    expression = "(x ** 2 - y ** 2) / 2"
    reference = "[Dauphin et al. 2014](https://arxiv.org/abs/1406.2572)"
    window = ((-2.0, 2.0), (-2.0, 2.0))
    start = (-1.5, 0.01)

    def height(self, x: Any, y: Any) -> Any:
        return 0.5 * (x**2 - y**2)

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        return x, -y

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        return 1.0, 0.0, -1.0

    def lowest(self) -> Array:
        return np.zeros((0, 2))


@catalogued
class Rosenbrock(Landscape):
    """A narrow, bent valley: it is easy to find, and slow to follow to its lowest point."""

    name = "Rosenbrock"
    latex = r"(a - x)^2 + b (y - x^2)^2"
    expression = "(a - x) ** 2 + b * (y - x ** 2) ** 2"
    reference = (
        "[Rosenbrock 1960](https://doi.org/10.1093/comjnl/3.3.175); "
        f"[Jamil & Yang 2013, no. 105]({SURVEY})"
    )
    window = ((-2.0, 2.0), (-1.0, 3.0))
    start = (-1.2, 1.0)
    a: float = param(1.0, 0.0, 1.5, "a", "Where along the valley the minimum lies")
    b: float = param(
        100.0, 1.0, 200.0, "b", "How steep the walls of the valley are", domain=POSITIVE
    )

    def height(self, x: Any, y: Any) -> Any:
        return (self.a - x) ** 2 + self.b * (y - x**2) ** 2

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        off = y - x**2
        return -2 * (self.a - x) - 4 * self.b * x * off, 2 * self.b * off

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        b = self.b
        return 2 - 4 * b * (y - x**2) + 8 * b * x**2, -4 * b * x, 2 * b

    def lowest(self) -> Array:
        return np.array([[self.a, self.a**2]])


@catalogued
class Beale(Landscape):
    """A minimum beside an almost flat plain between steep corners."""

    name = "Beale"
    latex = r"(1.5 - x + x y)^2 + (2.25 - x + x y^2)^2 + (2.625 - x + x y^3)^2"
    expression = (
        "(1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2"
    )
    reference = f"[Beale 1958; Jamil & Yang 2013, no. 10]({SURVEY})"
    window = ((-4.5, 4.5), (-4.5, 4.5))
    start = (1.0, 1.0)

    def height(self, x: Any, y: Any) -> Any:
        p, q, r = self._misses(x, y)
        return p**2 + q**2 + r**2

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        p, q, r = self._misses(x, y)
        along_x = p * (y - 1) + q * (y**2 - 1) + r * (y * y**2 - 1)
        return 2 * along_x, 2 * x * (p + 2 * y * q + 3 * y**2 * r)

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        p, q, r = self._misses(x, y)
        u, v, w = y - 1, y**2 - 1, y * y**2 - 1
        mixed = p + 2 * y * q + 3 * y**2 * r + x * (u + 2 * y * v + 3 * y**2 * w)
        twice = x**2 * (1 + 4 * y**2 + 9 * y**2 * y**2) + 2 * x * q + 6 * x * y * r
        return 2 * (u**2 + v**2 + w**2), 2 * mixed, 2 * twice

    def lowest(self) -> Array:
        return np.array([[3.0, 0.5]])

    def _misses(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """What Beale's three equations leave over; all are 0 at the minimum."""
        return 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * (y * y**2)


@catalogued
class Booth(Landscape):
    """A tilted bowl: the axes of the ellipses are not those of the weights."""

    name = "Booth"
    latex = r"(x + 2 y - 7)^2 + (2 x + y - 5)^2"
    expression = "(x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2"
    reference = f"[Jamil & Yang 2013]({SURVEY})"
    window = ((-10.0, 10.0), (-10.0, 10.0))
    start = (-6.0, -4.0)

    def height(self, x: Any, y: Any) -> Any:
        return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2

    def slope(self, x: Any, y: Any) -> tuple[Any, Any]:
        return 10 * x + 8 * y - 34, 8 * x + 10 * y - 38

    def bend(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        return 10.0, 8.0, 10.0

    def lowest(self) -> Array:
        return np.array([[1.0, 3.0]])
