"""A typed formula as a loss: its class is made from its text, and then is like any other."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import FrozenInstanceError
from functools import cached_property, lru_cache
from numbers import Real
from typing import Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array, precision
from losses.base import Influence, Loss
from losses.families import (
    BinaryLoss,
    Deviance,
    MarginLoss,
    PositiveLoss,
    ResidualLoss,
    UnivariateLoss,
    signs,
)
from losses.formula.corners import HUGE, Corner, corners
from losses.formula.errors import FormulaError
from losses.formula.kinds import family, in_log_means, in_logits
from losses.formula.measured import influence
from losses.formula.minimizers import asked
from losses.formula.parsing import parse
from losses.formula.shapes import convexity
from losses.formula.sliders import described
from losses.formula.stable import stable
from losses.formula.tape import Tape
from losses.formula.tree import Node, walk
from losses.formula.typeset import typeset
from losses.formula.words import LARGEST_NUMBER, LETTERS, MOST_PARAMETERS
from losses.formula.writing import written
from losses.jet import Jet
from losses.spec import Parameter
from losses.sums import sum_of


class Formula(Loss):
    """A loss that you wrote yourself.

    `Formula("where(abs(r) < d, r^2/2, d*(abs(r) - d/2))", d=1.0)`: the letters that occur decide
    the family, every other name is a parameter. Each text has a class of its own, so that
    `type(loss)(d=2.0)` is the same formula tuned otherwise. Derivatives are exact; at a corner the
    gradient is zero where that is a subgradient, else that of the branch taken. Nothing of the text
    is ever executed. Raises FormulaError, which points at the character.
    """

    name = "Your loss"
    slug = "formula"
    latex = ""
    asks_for = "what its lint measures"
    text: ClassVar[str] = ""
    tree: ClassVar[Node]
    exact: ClassVar[Node]  # the tree that is computed: rewritten to keep its digits
    declared: ClassVar[tuple[Parameter, ...]] = ()
    along: ClassVar[str] = "s"  # the letter that derivatives are in

    def __new__(cls, text: str = "", /, **own: float) -> "Formula":
        kind = cls if cls.text else made(text, _numbers(text, own))
        return cast(Formula, object.__new__(kind))

    def __init__(self, text: str = "", /, **own: float) -> None:
        values = {p.name: p.default for p in self.declared} | _numbers(self.text, own)
        for name, value in values.items():
            if name not in {p.name for p in self.declared}:
                raise FormulaError(f"The formula has no parameter {name}.", self.text)
            object.__setattr__(self, name, value)
        self.__post_init__()

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        return cls.declared

    @classmethod
    def choices(cls) -> tuple[Any, ...]:
        return ()

    def __setattr__(self, name: str, value: Any) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Formula) and self.text == other.text
        return same and self.values() == cast(Formula, other).values()

    def __hash__(self) -> int:
        return hash((self.text, *self.values().items()))

    def __repr__(self) -> str:
        own = "".join(f", {name}={value!r}" for name, value in self.values().items())
        return f"Formula({self.text!r}{own})"

    def __reduce__(self) -> tuple[Any, ...]:
        first = tuple((p.name, p.default) for p in self.declared)
        return _again, (self.text, first, tuple(self.values().items()))

    @cached_property
    def tape(self) -> Tape:
        """What is computed, with the parameters as they are."""
        return Tape(self.exact, self.values())

    @cached_property
    def corners(self) -> tuple[Corner, ...]:
        """Where it jumps, turns or bends along the score, for the usual target of a curve."""
        return corners(self.exact, self.values(), self.along, self.usual)

    @property
    def usual(self) -> Mapping[str, float]:
        """The other letters, where corners are looked for."""
        return {}

    @cached_property
    def convex(self) -> bool:  # type: ignore[override]
        """Whether no counterexample was found."""
        return convexity(self).found

    @cached_property
    def influence(self) -> Influence:  # type: ignore[override]
        return influence(self).overall

    @cached_property
    def _asks(self) -> str:
        return asked(self).name

    def asks(self) -> str:
        return self._asks

    @property
    def expression(self) -> str:
        return written(self.exact, self.values(), self.along)

    def kinks(self) -> tuple[float, ...]:
        return tuple(one.at for one in self.corners)

    def _run(self, letters: Mapping[str, Array], order: int) -> Array:
        """The value or a derivative, in the precision of the letters."""
        given = np.result_type(*(precision(one) for one in letters.values()))
        return self.tape.run(letters, self.along, order)[order].astype(given, copy=False)


class _OneLetter(Formula, UnivariateLoss):
    """A formula of one number; at its corners the subgradients are settled beforehand."""

    def phi(self, x: Array) -> Array:
        if isinstance(x, Jet):
            value, slope, bend = self.tape.run({self.along: x.value}, self.along, 2)
            moved = Jet(value, slope * x.first, bend * x.first**2 + slope * x.second)
            return cast(Array, moved)
        return self._run({self.along: x}, 0)

    def dphi(self, x: Array) -> Array:
        return self._settle(x, self._run({self.along: x}, 1), 0)

    def d2phi(self, x: Array) -> Array:
        return self._settle(x, self._run({self.along: x}, 2), 1)

    def sum_and_slopes(self, x: Array, out: Array) -> float:
        value, slope = self.tape.run({self.along: x}, self.along, 1)
        total = sum_of(value)
        out[...] = self._settle(x, slope, 0)
        return total

    @cached_property
    def _settled(self) -> tuple[tuple[float, float, float], ...]:
        """Each corner with the slope and the bend to give there."""
        return tuple((one.at, _slope(one), _bend(one)) for one in self.corners)

    def _settle(self, x: Array, slope: Array, which: int) -> Array:
        for at, *parts in self._settled:
            slope[x == at] = parts[which]
        return slope


def _slope(corner: Corner) -> float:
    below, here, above = (float(side[1]) for side in corner[1:])
    return 0.0 if not corner.jumps and below <= 0 <= above else here


def _bend(corner: Corner) -> float:
    below, here, above = (float(side[2]) for side in corner[1:])
    if not math.isnan(here):
        return here
    steeper = max(below, above, key=abs)
    return math.copysign(math.inf, steeper) if abs(steeper) > HUGE else steeper


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

    @cached_property
    def corners(self) -> tuple[Corner, ...]:  # type: ignore[override]
        both = (
            corners(self.exact, self.values(), "z", {"y": label}) for label in (1.0, 0.0)
        )
        return tuple({one.at: one for side in both for one in side}.values())

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

    def value(self, target: Array, score: Array) -> Array:
        return self._run({"y": target, "s": score}, 0)

    def gradient(self, target: Array, score: Array) -> Array:
        return self._run({"y": target, "s": score}, 1)

    def curvature(self, target: Array, score: Array) -> Array:
        return self._run({"y": target, "s": score}, 2)


class RegressionFormula(_OfTargets, PositiveLoss):
    """A loss of a prediction and a true value that you wrote yourself."""


class MeanFormula(_OfTargets, Deviance):
    """A loss of a positive mean that you wrote yourself."""

    needs = "zero or more"

    def kinks(self) -> tuple[float, ...]:
        return tuple(math.exp(one.at) for one in self.corners if one.at < 700)

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return ~((target >= 0) & (target < np.inf))


KINDS: dict[str, type[Formula]] = {
    "residual": ResidualFormula,
    "margin": MarginFormula,
    "binary": BinaryFormula,
    "positive": RegressionFormula,
    "mean": MeanFormula,
}


def parameter_names(text: str) -> tuple[str, ...]:
    """The parameters that a formula names, in the order of the text. Raises FormulaError."""
    return tuple(_own(parse(text)))


def made(text: str, own: Mapping[str, float]) -> type[Formula]:
    """The class of a formula, whose parameters begin at these values. Raises FormulaError."""
    return _made(text, tuple(own.items()))


@lru_cache(maxsize=256)
def _made(text: str, own: tuple[tuple[str, float], ...]) -> type[Formula]:
    tree = parse(text)
    places, given = _own(tree), dict(own)
    if len(places) > MOST_PARAMETERS:
        last = list(places.values())[MOST_PARAMETERS]
        raise FormulaError(
            f"A formula may have {MOST_PARAMETERS} parameters of its own.", text, last
        )
    for name, place in places.items():
        if hasattr(Formula, name) or hasattr(UnivariateLoss, name) or name in RESERVED:
            raise FormulaError(f"No parameter can be called {name}; take another.", text, place)
        if name not in given:
            raise FormulaError(f"{name} has no value: a parameter needs one.", text, place)
    for name in given:
        if name not in places:
            raise FormulaError(f"The formula has no parameter {name}.", text)
    kind, tree = family(tree, text)
    changed = {"binary": in_logits, "mean": in_log_means}.get(kind, lambda node: node)
    declared = tuple(described(name, given[name]) for name in places)
    return _class(KINDS[kind], text, tree, stable(changed(tree)), declared)


RESERVED = frozenset({"symmetric", "corners", "usual", "tape", "exact", "tree", "along"})


def _class(
    kind: type[Formula], text: str, tree: Node, exact: Node, declared: tuple[Parameter, ...]
) -> type[Formula]:
    own = {"text": text, "tree": tree, "exact": exact, "declared": declared}
    made = type(kind.__name__, (kind,), own | {"latex": typeset(tree), "__doc__": kind.__doc__})
    return cast(type[Formula], made)


def _own(tree: Node) -> dict[str, int]:
    """Each parameter with the place where it first stands."""
    found: dict[str, int] = {}
    for one in walk(tree):
        if one.head == "name" and one.word not in LETTERS:
            found[one.word] = min(one.place, found.get(one.word, one.place))
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _numbers(text: str, own: Mapping[str, Any]) -> dict[str, float]:
    """The values as finite floats. Raises FormulaError."""
    for name, value in own.items():
        if not isinstance(value, Real) or not abs(value) <= LARGEST_NUMBER:
            raise FormulaError(f"{name} needs a finite number.", text)
    return {name: float(value) for name, value in own.items()}


def _again(
    text: str, first: Iterable[tuple[str, float]], own: Iterable[tuple[str, float]]
) -> Formula:
    return made(text, dict(first))(**dict(own))
