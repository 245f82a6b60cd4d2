"""Declare once, read everywhere: a spec is a frozen value whose parameters describe themselves."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from numbers import Real
from typing import Any, ClassVar, TypeVar, cast, dataclass_transform

S = TypeVar("S", bound="type[Spec]")

PLAIN = re.compile(r"\\[A-Za-z]+|_[0-9]")
GREEK = {
    "varepsilon": "ε",
    "epsilon": "ε",
    "eta": "η",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "sigma": "σ",
}
GREEK |= {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "Delta": "Δ",
    "tau": "τ",
    "pi": "π",
    "rho": "ρ",
    "theta": "θ",
    "zeta": "ζ",
    "xi": "ξ",
    "psi": "ψ",
    "omega": "ω",
}
LETTERS = {"_0": "₀", "_1": "₁", "_2": "₂"} | {f"\\{name}": one for name, one in GREEK.items()}


@dataclass(frozen=True)
class Domain:
    """The values for which a parameter has a meaning; wider than the range of its slider."""

    low: float = -math.inf
    high: float = math.inf
    closed_low: bool = True
    closed_high: bool = True

    def __contains__(self, value: float) -> bool:
        above = value >= self.low if self.closed_low else value > self.low
        below = value <= self.high if self.closed_high else value < self.high
        return above and below

    def __str__(self) -> str:
        left, right = "[" if self.closed_low else "(", "]" if self.closed_high else ")"
        return f"{left}{self.low:g}, {self.high:g}{right}"


POSITIVE = Domain(0.0, math.inf, closed_low=False, closed_high=False)
NON_NEGATIVE = Domain(0.0, math.inf, closed_high=False)
FINITE = Domain(closed_low=False, closed_high=False)
UNIT = Domain(0.0, 1.0)
OPEN_UNIT = Domain(0.0, 1.0, closed_low=False, closed_high=False)


@dataclass(frozen=True)
class Parameter:
    """What a slider, a link, a sentence and a check need to know about one parameter."""

    name: str
    default: float | None
    low: float
    high: float
    symbol: str
    help: str
    step: float
    domain: Domain
    quiet: bool

    @property
    def letter(self) -> str:
        """The symbol as plain text: δ for \\delta, w₁ for w_1."""
        return PLAIN.sub(lambda match: LETTERS.get(match.group(), match.group()), self.symbol)

    @property
    def optional(self) -> bool:
        """Whether None is a value: the parameter is then left out of the formula."""
        return self.default is None

    @property
    def whole(self) -> bool:
        """Whether the parameter counts something."""
        return isinstance(self.low, int)

    def grid(self) -> list[float]:
        """Every value that the slider can stop at, from low to high."""
        stops = round((self.high - self.low) / self.step)
        digits = max(0, -math.floor(math.log10(self.step))) + 1
        return [round(self.low + stop * self.step, digits) for stop in range(stops + 1)]

    def check(self, owner: str, value: float | None) -> None:
        """Raises ValueError with the name, the value and the range."""
        if value is None and self.optional:
            return
        number = isinstance(value, Real) and float(value) in self.domain
        if not number or (self.whole and not float(value or 0).is_integer()):
            needed = "a whole number" if self.whole else "a number"
            raise ValueError(
                f"{owner}: {self.name} = {value!r} is out of range; "
                f"it must be {needed} in {self.domain}"
            )


@dataclass(frozen=True)
class Choice:
    """A knob with named positions: the option's word is its value and its place in a link."""

    name: str
    default: str
    options: tuple[str, ...]
    help: str

    def check(self, owner: str, value: str) -> None:
        """Raises ValueError with the name, the value and the options."""
        if value not in self.options:
            there = ", ".join(self.options)
            raise ValueError(f"{owner}: {self.name} = {value!r} must be one of {there}")


def choice(default: str, options: tuple[str, ...], help: str) -> Any:
    """A field of a spec that holds one of a few words."""
    return field(default=default, metadata={"choice": {"options": options, "help": help}})


def param(
    default: float | None,
    low: float,
    high: float,
    symbol: str,
    help: str,
    *,
    step: float | None = None,
    domain: Domain | None = None,
    quiet: bool = False,
) -> Any:
    """A parameter of a spec: its slider runs from low to high, its values may fill the domain.

    A quiet parameter is mentioned only where it differs from its default.
    """
    described = {
        "low": low,
        "high": high,
        "symbol": symbol,
        "help": help,
        "step": step or _even_step(low, high),
        "domain": domain or Domain(low, high),
        "quiet": quiet,
    }
    return field(default=default, metadata={"parameter": described})


def _even_step(low: float, high: float) -> float:
    """The 1, 2 or 5 times a power of ten that cuts the range into about a hundred steps."""
    if isinstance(low, int):
        return 1
    rough = (high - low) / 100
    power = 10.0 ** math.floor(math.log10(rough))
    return float(min((1, 2, 5, 10), key=lambda digit: abs(digit * power - rough)) * power)


class Catalogue(dict[str, type]):
    """Slug to class, in order of declaration; an unknown slug says which ones are near."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def __missing__(self, slug: str) -> type:
        near = get_close_matches(str(slug), self) or list(self)
        raise KeyError(f"no {self.kind} is called {slug!r}; there is {', '.join(near)}")


class Spec:
    """A frozen, hashable, comparable value: its class declares parameters, its fields hold them."""

    catalogue: ClassVar[Catalogue]
    slug: ClassVar[str]
    name: ClassVar[str]
    reference: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in self.parameters():
            parameter.check(self.slug, getattr(self, parameter.name))
        for word in self.choices():
            word.check(self.slug, getattr(self, word.name))

    @classmethod
    def sentence(cls) -> str:
        """What it does, in the one sentence that is also its docstring."""
        return " ".join((cls.__doc__ or "").split("\n\n")[0].split())

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The declared parameters, in order."""
        return tuple(
            Parameter(field.name, field.default, **field.metadata["parameter"])  # type: ignore[arg-type]
            for field in fields(cls)  # type: ignore[arg-type]
            if "parameter" in field.metadata
        )

    @classmethod
    def choices(cls) -> tuple[Choice, ...]:
        """The declared knobs that hold a word, in order."""
        return tuple(
            Choice(field.name, field.default, **field.metadata["choice"])  # type: ignore[arg-type]
            for field in fields(cls)  # type: ignore[arg-type]
            if "choice" in field.metadata
        )

    def values(self) -> dict[str, Any]:
        """Parameter name to value."""
        return {parameter.name: getattr(self, parameter.name) for parameter in self.parameters()}

    def __str__(self) -> str:
        tuned = ", ".join(f"{p.letter} = {getattr(self, p.name):g}" for p in self._mentioned())
        return f"{self.name} ({tuned})" if tuned else self.name

    def _mentioned(self) -> Iterator[Parameter]:
        for parameter in self.parameters():
            value = getattr(self, parameter.name)
            if value is not None and not (parameter.quiet and value == parameter.default):
                yield parameter


@dataclass_transform(frozen_default=True)
def catalogued(cls: S) -> S:
    """Freezes the class and enters it, under its snake_case name, in the catalogue of its kind."""
    cls.slug = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
    spec = cast(S, dataclass(frozen=True)(cls))
    spec.catalogue[spec.slug] = spec
    return spec
