"""A typed formula as a loss: its class is made from its text, and then is like any other."""

from collections.abc import Iterable, Mapping
from dataclasses import FrozenInstanceError
from functools import cached_property, lru_cache
from numbers import Real
from typing import Any, ClassVar, cast

import numpy as np

from losses.arrays import Array, precision
from losses.base import Influence, Loss
from losses.formula.corners import Corner, corners
from losses.formula.errors import FormulaError
from losses.formula.kinds import family, in_log_means, in_logits, in_predictions
from losses.formula.measured import influence
from losses.formula.minimizers import asked
from losses.formula.parsing import parse
from losses.formula.probing import gaps
from losses.formula.shapes import convexity
from losses.formula.sliders import described, first_value
from losses.formula.stable import stable
from losses.formula.tape import Tape
from losses.formula.tree import Node, walk
from losses.formula.typeset import typeset
from losses.formula.words import LARGEST_NUMBER, LETTERS, MOST_PARAMETERS
from losses.formula.writing import unwieldy, written
from losses.spec import Parameter


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
    raw: ClassVar[Node]  # the same before it was rewritten
    declared: ClassVar[tuple[Parameter, ...]] = ()
    along: ClassVar[str] = "s"  # the letter that derivatives are in

    def __new__(cls, text: str = "", /, **own: float) -> "Formula":
        kind = cls if cls.text else made(text, _numbers(text, own))
        return object.__new__(kind)

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
    def places(self) -> tuple[Corner, ...]:
        """Where it is looked at from both sides, for the usual target of a curve."""
        return corners(self.exact, self.values(), self.along, self.usual)

    @property
    def seams(self) -> tuple[Corner, ...]:
        """Where it jumps, turns or bends along the score."""
        return tuple(one for one in self.places if one.broken)

    def seams_of(self, target: float) -> tuple[Corner, ...]:
        """The same along the score of a row with that target."""
        return self.seams

    @property
    def usual(self) -> Mapping[str, float]:
        """The other letters, where corners are looked for."""
        return {}

    @cached_property
    def convex(self) -> bool:
        """Whether no counterexample was found."""
        with np.errstate(all="ignore"):
            found = convexity(self)
            return found.found and found.known and not gaps(self)

    @cached_property
    def influence(self) -> Influence:
        with np.errstate(all="ignore"):
            return influence(self).overall

    @cached_property
    def _asks(self) -> str:
        with np.errstate(all="ignore"):
            return asked(self).name

    def asks(self) -> str:
        return self._asks

    @property
    def expression(self) -> str:
        return written(self.exact, self.values(), self.along)

    def kinks(self) -> tuple[float, ...]:
        return tuple(one.at for one in self.seams)

    def _run(self, letters: Mapping[str, Array], order: int) -> Array:
        """The value or a derivative, in the precision of the letters."""
        given = np.result_type(*(precision(one) for one in letters.values()))
        return self.tape.run(letters, self.along, order)[order].astype(given, copy=False)


KINDS: dict[str, type[Formula]] = {}  # by family; the families enter themselves


def parameter_names(text: str) -> tuple[str, ...]:
    """The parameters that a formula names, in the order of the text. Raises FormulaError."""
    return tuple(_own(parse(text)))


def first_values(text: str) -> dict[str, float]:
    """What they may start at, as far as the formula tells. Raises FormulaError."""
    tree = parse(text)
    return {name: first_value(name, tree) for name in _own(tree)}


def made(text: str, own: Mapping[str, float]) -> type[Formula]:
    """The class of a formula, whose parameters begin at these values. Raises FormulaError."""
    if not isinstance(text, str):
        raise FormulaError(f"A formula is a text, not a {type(text).__name__}.")
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
        if any(hasattr(kind, name) for kind in KINDS.values()):
            raise FormulaError(f"No parameter can be called {name}; take another.", text, place)
        if name not in given:
            raise FormulaError(f"{name} has no value: a parameter needs one.", text, place)
    for name in given:
        if name not in places:
            raise FormulaError(f"The formula has no parameter {name}.", text)
    kind, tree = family(tree, text)
    declared = tuple(described(name, given[name], tree) for name in places)
    raw = _computed(kind, tree)
    exact = stable(raw)
    if (at := unwieldy(exact)) is not None:
        raise FormulaError("Here min, max and the like lie too deep in one another.", text, at)
    parts = {"text": text, "tree": tree, "raw": raw, "exact": exact, "declared": declared}
    return _class(KINDS[kind], parts)


def _computed(kind: str, tree: Node) -> Node:
    """The tree in the letter that derivatives are in."""
    if kind == "binary":
        return in_logits(tree)
    if kind == "positive":
        return in_predictions(tree)
    return in_log_means(tree) if kind == "mean" else tree


def _class(kind: type[Formula], own: Mapping[str, Any]) -> type[Formula]:
    more = {"latex": typeset(own["tree"]), "__doc__": kind.__doc__}
    return cast(type[Formula], type(kind.__name__, (kind,), {**own, **more}))


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
        if not isinstance(value, Real) or not abs(cast(float, value)) <= LARGEST_NUMBER:
            raise FormulaError(f"{name} needs a finite number.", text)
    return {name: float(value) for name, value in own.items()}


def _again(
    text: str, first: Iterable[tuple[str, float]], own: Iterable[tuple[str, float]]
) -> Formula:
    return made(text, dict(first))(**dict(own))
