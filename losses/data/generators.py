"""Generators: rows drawn from laws whose every knob can be turned, equal for equal seeds."""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from losses.data.dataset import Array
from losses.data.generator import Draw, Generator
from losses.spec import Domain, catalogued, choice, param

__all__ = [
    "Generator",
    "HousePrices",
    "LineWithOutliers",
    "Moons",
    "RareEvent",
    "ThreeBlobs",
    "TwoBlobs",
    "VisitTimes",
]

Rows = NDArray[np.integer]

ROWS = Domain(2, 1_000_000)
FINITE = Domain(-1e9, 1e9)


@catalogued
class LineWithOutliers(Generator):
    """A noisy line, with rows thrown off it and points far to the right that turn the fit."""

    name = "Line with outliers"
    columns = ("x",)
    target_name = "y"

    n: int = param(60, 10, 2000, "n", "How many rows lie along the line", domain=ROWS)
    slope: float = param(2.0, -5.0, 5.0, r"\beta_1", "How far the true line rises per unit of x")
    intercept: float = param(1.0, -20.0, 20.0, r"\beta_0", "Where the true line starts, at x = 0")
    scale: float = param(1.0, 0.0, 5.0, r"\sigma", "How wide the noise is; 0 leaves the bare line")
    share: float = param(0.1, 0.0, 0.5, r"\varepsilon", "The share of rows thrown off the line")
    size: float = param(
        15.0, -50.0, 50.0, r"\Delta", "How far up they are thrown, in units of y", domain=FINITE
    )
    leverage: int = param(
        0, 0, 10, "k", "Points added far to the right, as high as the line's start"
    )
    noise: str = choice(
        "normal",
        ("normal", "laplace", "student_t"),
        "The law of the noise; Student's t, with 2 degrees of freedom, has the heaviest tails",
    )

    def draw(self, rng: np.random.Generator) -> Draw:
        places, noises, order, far = rng.spawn(4)  # so that one knob leaves the other draws alone
        x = np.concatenate(
            [places.uniform(0.0, 10.0, self.n), far.uniform(28.0, 32.0, self.leverage)]
        )
        y = self.intercept + self.slope * x + self.scale * self._noise(noises, len(x))
        y[self.n :] -= self.slope * x[self.n :]
        thrown = np.sort(np.argsort(order.random(self.n))[: round(self.share * self.n)])
        y[thrown] += self.size
        return Draw(x[:, None], y, self._notes(thrown + 1))

    def _noise(self, rng: np.random.Generator, count: int) -> Array:
        if self.noise == "normal":
            return rng.standard_normal(count)
        return (
            rng.laplace(size=count) if self.noise == "laplace" else rng.standard_t(2.0, size=count)
        )

    def _notes(self, thrown: Rows) -> tuple[str, ...]:
        notes = []
        if len(thrown) and self.size:
            notes.append(
                f"{len(thrown)} of {self.n} rows thrown off by {self.size:g}: {_listed(thrown)}"
            )
        if self.leverage:
            notes.append(f"{self.leverage} points added far to the right: rows from {self.n + 1}")
        return tuple(notes)


@catalogued
class HousePrices(Generator):
    """Prices in dollars that fan out with size: a delta made for small numbers is lost here."""

    name = "House prices"
    columns = ("size in square feet",)
    target_name = "price"
    unit = "$"

    n: int = param(80, 10, 2000, "n", "How many houses are sold", domain=ROWS)
    rate: float = param(160.0, 50.0, 500.0, "p", "What a square foot costs, in dollars")
    spread: float = param(
        0.22, 0.0, 1.0, r"\sigma", "How far apart equal houses sell: 0.22 is some 22 % up or down"
    )
    luxury: float = param(
        0.04, 0.0, 0.3, r"\varepsilon", "The share of houses at three times the price"
    )

    def draw(self, rng: np.random.Generator) -> Draw:
        sizes, prices, order = rng.spawn(3)
        size = np.round(1750.0 * np.exp(0.35 * sizes.standard_normal(self.n)), -1)
        price = self.rate * size * np.exp(self.spread * prices.standard_normal(self.n))
        dear = np.sort(np.argsort(order.random(self.n))[: round(self.luxury * self.n)])
        price[dear] *= 3.0
        said = f"{len(dear)} of {self.n} houses cost three times as much: {_listed(dear + 1)}"
        return Draw(size[:, None], np.round(price, -2), (said,) if len(dear) else ())


@catalogued
class VisitTimes(Generator):
    """Visits in minutes, most of them short and a few endless: the mean is not the usual visit."""

    name = "Visit times"
    columns = ("age",)
    target_name = "minutes"
    unit = "minutes"
    reference = "[Fisk 1961](https://doi.org/10.2307/1909287)"

    n: int = param(100, 10, 2000, "n", "How many visits are timed", domain=ROWS)
    start: float = param(8.0, 1.0, 30.0, "m", "The median visit at the age of 18, in minutes")
    growth: float = param(0.25, 0.0, 1.0, "g", "What a year of age adds to the median, in minutes")
    tail: float = param(
        2.5,
        1.1,
        10.0,
        r"\alpha",
        "How fast long visits get rare; at 2 or below their variance is infinite",
    )

    def draw(self, rng: np.random.Generator) -> Draw:
        ages, times = rng.spawn(2)
        age = ages.integers(18, 91, self.n).astype(np.float64)
        u = np.clip(times.random(self.n), 2.0**-53, None)
        # log-logistic, with median 1 and tail index alpha
        minutes = (self.start + self.growth * (age - 18.0)) * (u / (1.0 - u)) ** (1.0 / self.tail)
        return Draw(age[:, None], minutes)


@catalogued
class TwoBlobs(Generator):
    """Two round clouds, one often rare: how far they overlap decides what any line can achieve."""

    name = "Two blobs"
    columns = ("x1", "x2")
    target_name = "class"
    task = "binary"
    classes = ("0", "1")

    n: int = param(200, 10, 2000, "n", "How many rows there are in both clouds", domain=ROWS)
    share: float = param(
        0.5, 0.01, 0.99, r"\pi", "The share of class 1; near 0 it is a rare event", step=0.01
    )
    overlap: float = param(
        0.1, 0.005, 0.5, r"\varepsilon", "What the best line gets wrong if both are as common"
    )

    def draw(self, rng: np.random.Generator) -> Draw:
        order, clouds = rng.spawn(2)
        ones = min(max(round(self.share * self.n), 1), self.n - 1)
        y = (np.argsort(np.argsort(order.random(self.n))) < ones).astype(np.float64)
        # the best line errs with probability Phi(-distance / 2)
        half = -NormalDist().inv_cdf(self.overlap) / np.sqrt(2.0)
        return Draw(clouds.standard_normal((self.n, 2)) + half * (2.0 * y - 1.0)[:, None], y)


@catalogued
class RareEvent(TwoBlobs):
    """Two round clouds, one of them rare: called 0, every row is right but for the few sought."""

    name = "Rare event"

    n: int = param(2000, 10, 2000, "n", "How many rows there are in both clouds", domain=ROWS)
    share: float = param(0.05, 0.01, 0.5, r"\pi", "The share of class 1, the rare one", step=0.01)
    overlap: float = param(
        0.15, 0.005, 0.5, r"\varepsilon", "What the best line gets wrong if both are as common"
    )


@catalogued
class ThreeBlobs(Generator):
    """Three round clouds around one middle: how far they overlap, and how rare the last one is."""

    name = "Three blobs"
    columns = ("x1", "x2")
    target_name = "class"
    task = "multiclass"
    classes = ("0", "1", "2")

    n: int = param(300, 10, 2000, "n", "How many rows there are in all clouds", domain=ROWS)
    share: float = param(
        0.1, 0.01, 0.98, r"\pi", "The share of class 2; the others divide the rest", step=0.01
    )
    overlap: float = param(
        0.1, 0.005, 0.5, r"\varepsilon", "What the best line between two gets wrong, as common"
    )

    def draw(self, rng: np.random.Generator) -> Draw:
        order, clouds = rng.spawn(2)
        rare = min(max(round(self.share * self.n), 1), self.n - 2)
        place = np.argsort(np.argsort(order.random(self.n)))
        y = np.where(place < rare, 2, place % 2).astype(np.float64)
        # corners of a triangle with sides of the distance at which two clouds overlap so far
        radius = -2 * NormalDist().inv_cdf(self.overlap) / np.sqrt(3.0)
        angle = np.pi * (7 / 6 + 2 / 3 * y)
        middle = radius * np.column_stack([np.cos(angle), np.sin(angle)])
        return Draw(clouds.standard_normal((self.n, 2)) + middle, y)


@catalogued
class Moons(Generator):
    """Two crescents, each reaching into the other: no straight line parts them, a bent one can."""

    name = "Moons"
    columns = ("x1", "x2")
    target_name = "class"
    task = "binary"
    classes = ("0", "1")

    n: int = param(200, 10, 2000, "n", "How many rows there are in both crescents", domain=ROWS)
    noise: float = param(
        0.15, 0.0, 0.5, r"\sigma", "How blurred they are; from 0.3 they run together"
    )

    def draw(self, rng: np.random.Generator) -> Draw:
        angles, blur = rng.spawn(2)
        y = (np.arange(self.n) % 2).astype(np.float64)
        angle, side = angles.uniform(0.0, np.pi, self.n), 1.0 - 2.0 * y
        x1, x2 = y + side * np.cos(angle), 0.5 * y + side * np.sin(angle)
        return Draw(np.column_stack([x1, x2]) + self.noise * blur.standard_normal((self.n, 2)), y)


def _listed(rows: Rows, most: int = 8) -> str:
    """The first few row numbers, and whether there are more."""
    shown = ", ".join(str(row) for row in rows[:most])
    return f"rows {shown}, ..." if len(rows) > most else f"row{'s' * (len(rows) > 1)} {shown}"
