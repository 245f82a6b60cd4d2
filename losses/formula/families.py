"""The families of typed formulas: what their letters are of a target and a score."""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array, precision
from losses.families import (
    BinaryLoss,
    Deviance,
    MarginLoss,
    PositiveLoss,
    ResidualLoss,
    UnivariateLoss,
    signs,
)
from losses.formula.corners import Corner, corners, looked_at
from losses.formula.folding import labeled
from losses.formula.tape import Tape
from losses.formula.tree import Node
from losses.formula.typed import KINDS, Formula
from losses.jet import Jet
from losses.sums import sum_of


class _OneLetter(Formula, UnivariateLoss):
    """A formula of one number; at its corners the subgradients are settled beforehand."""

    def phi(self, x: Array) -> Array:
        if isinstance(x, Jet):
            value, slope, bend = self.tape.run({self.along: x.value}, self.along, 2)
            moved = Jet(value, slope * x.first, bend * x.first**2 + slope * x.second)
            return cast(Array, moved)
        return self._run({self.along: x}, 0)

    def dphi(self, x: Array) -> Array:
        value, slope = self.tape.run({self.along: x}, self.along, 1)
        return self._settle(x, value, slope, 0).astype(precision(x), copy=False)

    def d2phi(self, x: Array) -> Array:
        value, _, bend = self.tape.run({self.along: x}, self.along, 2)
        return self._settle(x, value, bend, 1).astype(precision(x), copy=False)

    def sum_and_slopes(self, x: Array, out: Array) -> float:
        value, slope = self.tape.run({self.along: x}, self.along, 1)
        total = sum_of(value)
        out[...] = self._settle(x, value, slope, 0)
        return total

    @cached_property
    def _settled(self) -> tuple[tuple[float, float, float], ...]:
        """Each corner with the slope and the bend to give there."""
        return tuple((one.at, _slope(one), _bend(one)) for one in self.places)

    def _settle(self, x: Array, value: Array, slopes: Array, which: int) -> Array:
        """The slopes or bends with those at corners put in, where there is a value."""
        for at, *parts in self._settled:
            slopes[(x == at) & ~np.isnan(value)] = parts[which]
        return slopes


def _slope(corner: Corner) -> float:
    below, here, above = (float(side[1]) for side in corner[1:4])
    if math.isnan(corner.here[0]):
        return math.nan
    if corner.heals(1):
        return above
    return 0.0 if not corner.jumps and below <= 0 <= above else here


def _bend(corner: Corner) -> float:
    below, here, above = (float(side[2]) for side in corner[1:4])
    if not corner.jumps and not corner.turns and corner.heals(2):
        return above
    if math.isnan(corner.here[0]) or not math.isnan(here):
        return here
    steeper = max(below, above, key=abs)
    return steeper


class ResidualFormula(_OneLetter, ResidualLoss):
    """A loss of the residual that you wrote yourself."""

    along = "r"

    @property
    def symmetric(self) -> bool:  # type: ignore[override]
        x = np.linspace(0.01, 30.0, 300)
        return bool(np.allclose(self.phi(x), self.phi(-x), rtol=1e-12, atol=1e-12))


class MarginFormula(_OneLetter, MarginLoss):
    """A loss of the margin that you wrote yourself."""

    along = "m"
    kinks = Formula.kinks


class BinaryFormula(Formula, BinaryLoss):
    """A loss of a probability that you wrote yourself."""

    along = "z"

    def value(self, target: Array, score: Array) -> Array:
        return self._run({"z": score, "y": target}, 0)

    def gradient(self, target: Array, score: Array) -> Array:
        return self._run({"z": score, "y": target}, 1)

    def curvature(self, target: Array, score: Array) -> Array:
        return self._run({"z": score, "y": target}, 2)

    @cached_property
    def sided(self) -> tuple[tuple[float, Node], ...]:
        """Each class with the formula of its rows."""
        return tuple((label, labeled(self.raw, label)) for label in (1.0, 0.0))

    @cached_property
    def by_label(self) -> Mapping[float, tuple[Corner, ...]]:
        """The places of the rows of each class."""
        return {label: corners(tree, self.values(), "z", {}) for label, tree in self.sided}

    @cached_property
    def places(self) -> tuple[Corner, ...]:
        found = {one.at: one for side in self.by_label.values() for one in side}
        return tuple(found[at] for at in sorted(found))

    def seams_of(self, target: float) -> tuple[Corner, ...]:
        return tuple(one for one in self.by_label[target] if one.broken)

    @cached_property
    def tapes(self) -> tuple[tuple[float, Tape], ...]:
        """Each class with what is computed for its rows."""
        return tuple((label, Tape(tree, self.values())) for label, tree in self.sided)

    def _run(self, letters: Mapping[str, Array], order: int) -> Array:
        """Each class by its own formula; a target between the two by that of both."""
        z, y = np.broadcast_arrays(letters["z"], letters["y"])
        given = np.result_type(precision(z), precision(y))
        for label, tape in self.tapes:
            if (y == label).all():
                return tape.run({"z": z}, "z", order)[order].astype(given, copy=False)
        found = np.empty(z.shape)
        rest = np.ones(z.shape, bool)
        for label, tape in self.tapes:
            rows = y == label
            found[rows] = tape.run({"z": z[rows]}, "z", order)[order]
            rest &= ~rows
        if rest.any():
            found[rest] = super()._run({"z": z[rest], "y": y[rest]}, order)
        return found.astype(given, copy=False)

    def phi(self, m: Array, y: Array) -> Array:
        return self._run(self._letters(m, y), 0)

    def dphi(self, m: Array, y: Array) -> Array:
        return signs(y) * self._run(self._letters(m, y), 1)

    def d2phi(self, m: Array, y: Array) -> Array:
        return self._run(self._letters(m, y), 2)

    def _letters(self, m: Array, y: Array) -> dict[str, Array]:
        return {"z": signs(y) * m, "y": y}


class _OfTargets(Formula):
    """A formula of the true value and the prediction."""

    @property
    def usual(self) -> Mapping[str, float]:
        return {"y": 1.0}

    @classmethod
    def trains(cls, task: str) -> bool:
        """On any number: where a target or a score is not allowed, the descent says so."""
        return task == "regression"

    @cached_property
    def _by_target(self) -> dict[float, tuple[Corner, ...]]:
        return {}

    def seams_of(self, target: float) -> tuple[Corner, ...]:
        if target == self.usual["y"]:
            return self.seams
        if target not in self._by_target:
            found = corners(self.exact, self.values(), self.along, {"y": target})
            self._by_target[target] = tuple(one for one in found if one.broken)
        return self._by_target[target]

    def value(self, target: Array, score: Array) -> Array:
        return self._run({"y": target, "s": score}, 0)

    def gradient(self, target: Array, score: Array) -> Array:
        return self._run({"y": target, "s": score}, 1)

    def curvature(self, target: Array, score: Array) -> Array:
        return self._run({"y": target, "s": score}, 2)


class RegressionFormula(_OfTargets, PositiveLoss):
    """A loss of a prediction and a true value that you wrote yourself.

    Where it is no number for any prediction up to a bound, every score must lie above that, as is
    so for losses of the catalogue: below zero where it has the logarithm of the prediction.
    """

    @cached_property
    def lowest(self) -> float:  # type: ignore[override]
        x = looked_at(self.values())
        y = np.array([[1.0], [0.3], [5.0]])
        wrong = np.isnan(self.tape.run({"y": y, "s": x[None, :]}, "s", 0)[0])
        first = np.argmin(wrong, axis=1)
        if wrong.all() or not wrong[:, 0].all() or np.ptp(first):
            return -math.inf
        low, high = float(x[first[0] - 1]), float(x[first[0]])
        while low < (middle := 0.5 * (low + high)) < high:
            value = self.tape.run({"y": y[:, 0], "s": np.full(3, middle)}, "s", 0)[0]
            low, high = (middle, high) if np.isnan(value).all() else (low, middle)
        return round(high, 12) + 0.0


class MeanFormula(_OfTargets, Deviance):
    """A loss of a positive mean that you wrote yourself."""

    needs = "zero or more"

    def kinks(self) -> tuple[float, ...]:
        return tuple(math.exp(one.at) for one in self.seams if abs(one.at) < 700)

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return ~((target >= 0) & (target < np.inf))


KINDS |= {
    "residual": ResidualFormula,
    "margin": MarginFormula,
    "binary": BinaryFormula,
    "positive": RegressionFormula,
    "mean": MeanFormula,
}
