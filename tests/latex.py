"""Evaluates the LaTeX that the app prints, so that tests can hold it against the function.

The subset: fractions, roots, powers, subscripts, bars, cases whose conditions must cover every
point once, sums and maxima over an index, functions, Iverson brackets `[r > 0]`, implicit products.
What a reader could take in two ways (`a / b c`, `\\log p q`, `x^10`) is an error: it should not be
printed either.

The numbers are NumPy's, or any others that an `Arithmetic` describes: with those of mpmath, the
text of a formula is its own reference to hundreds of digits.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import mpmath
import numpy as np

Names = dict[str, Any]
Node = Callable[[Names], Any]

TOKEN = re.compile(
    r"\s+|(?P<text>\\text\{[^}]*\})|(?P<cases>\\(?:begin|end)\{cases\})|(?P<row>\\\\)"
    r"|(?P<space>\\[,;:! ]|\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z]))|(?P<command>\\[a-zA-Z]+)"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<mark>[a-zA-Z(){}\[\]|^_&=<>+\-/,])|(?P<unknown>.)"
)
RELATIONS = {"=", r"\ne", r"\neq", "<", ">", r"\le", r"\leq", r"\ge", r"\geq"}
FUNCTIONS = {r"\log", r"\ln", r"\exp", r"\cosh", r"\sinh", r"\tanh", r"\arctan", r"\sin", r"\cos"}
EXTREMES = {r"\max", r"\min"}
FRACTIONS = {r"\frac", r"\tfrac", r"\dfrac"}
CLOSING = {"(": ")", "[": "]", "{": "}", "|": "|"}
GREEK = set(
    r"\alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \kappa \lambda \mu \nu \xi"
    r" \rho \sigma \tau \phi \varphi \chi \psi \omega \pi \infty".split()
)


class LatexError(ValueError):
    """A formula that cannot be read, or that can be read in two ways."""


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """What numbers are, and what each sign, function and constant of a formula does with them.

    `number` takes a numeral of the text, or what a name stands for.
    """

    number: Callable[[Any], Any]
    does: Mapping[str, Callable[..., Any]]
    constants: Mapping[str, Any]
    where: Callable[[Any, Any, Any], Any]


NUMPY = Arithmetic(
    number=lambda given: float(given) if isinstance(given, str) else given,
    does={
        "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power,
        "|": np.absolute, r"\sqrt": np.sqrt, r"\log": np.log, r"\ln": np.log, r"\exp": np.exp,
        r"\cosh": np.cosh, r"\sinh": np.sinh, r"\tanh": np.tanh, r"\arctan": np.arctan,
        r"\sin": np.sin, r"\cos": np.cos, r"\max": np.maximum, r"\min": np.minimum,
        "=": np.equal, r"\ne": np.not_equal, r"\neq": np.not_equal, "<": np.less, ">": np.greater,
        r"\le": np.less_equal, r"\leq": np.less_equal,
        r"\ge": np.greater_equal, r"\geq": np.greater_equal,
    },
    constants={"e": np.e, r"\pi": np.pi, r"\infty": np.inf},
    where=np.where,
)  # fmt: skip

# One row at a time, to as many digits as `mpmath.workdps` says where the formula is evaluated.
MPMATH = Arithmetic(
    number=lambda given: given if isinstance(given, np.ndarray) else mpmath.mpmathify(given),
    does={
        "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
        "^": operator.pow, "|": abs, r"\sqrt": mpmath.sqrt, r"\log": mpmath.log,
        r"\ln": mpmath.log, r"\exp": mpmath.exp, r"\cosh": mpmath.cosh, r"\sinh": mpmath.sinh,
        r"\tanh": mpmath.tanh, r"\arctan": mpmath.atan, r"\sin": mpmath.sin, r"\cos": mpmath.cos,
        r"\max": max, r"\min": min,
        "=": operator.eq, r"\ne": operator.ne, r"\neq": operator.ne, "<": operator.lt,
        ">": operator.gt, r"\le": operator.le, r"\leq": operator.le,
        r"\ge": operator.ge, r"\geq": operator.ge,
    },
    constants={"e": mpmath.e, r"\pi": mpmath.pi, r"\infty": mpmath.inf},
    where=lambda condition, one, other: one if condition else other,
)  # fmt: skip


def evaluate(latex: str, names: Names, arithmetic: Arithmetic = NUMPY) -> Any:
    """The value of a formula; names are spelled as in it: `r`, `\\delta`, `w_1`, `\\hat{y}`."""
    with np.errstate(all="ignore"):  # a case that does not apply may well be undefined
        return _read(latex, arithmetic)(names)


@cache
def _read(latex: str, arithmetic: Arithmetic) -> Node:
    parser = Parser(latex, arithmetic)
    node = parser.expression()
    parser.expect_end()
    return node


def definitions(latex: str, arithmetic: Arithmetic = NUMPY) -> Iterator[tuple[str, Node, set[str]]]:
    """Each `symbol = formula` of a where line: symbol, value, and the symbols it is made of."""
    parser = Parser(latex, arithmetic)
    while parser.peek():
        symbol, _ = parser.name()
        parser.expect("=")
        parser.used = set()
        yield symbol, parser.expression(), parser.used
        while parser.accept(r"\quad", r"\qquad", ","):
            pass


def symbols(latex: str) -> set[str]:
    """Every symbol that a formula mentions."""
    parser = Parser(latex)
    parser.expression()
    return parser.used


class Parser:
    """Recursive descent; each rule returns a function from names to a value."""

    def __init__(self, latex: str, arithmetic: Arithmetic = NUMPY) -> None:
        found = [match for match in TOKEN.finditer(latex) if match.lastgroup not in (None, "space")]
        self.latex, self.at = latex, 0
        self.arithmetic, self.does = arithmetic, arithmetic.does
        self.tokens = [match.group() for match in found]
        self.inside: list[str] = []
        self.used: set[str] = set()
        self.indexed: list[tuple[str, str]] = []
        if any(match.lastgroup == "unknown" for match in found):
            raise self.error("a character that means nothing here")

    def error(self, what: str) -> LatexError:
        here, rest = " ".join(self.tokens[: self.at]), " ".join(self.tokens[self.at :])
        return LatexError(f"{what}: {here} <here> {rest}")

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def accept(self, *tokens: str) -> str:
        if self.peek() and self.peek() in tokens:
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def expect(self, token: str) -> None:
        if not self.accept(token):
            raise self.error(f"{token!r} is missing")

    def expect_end(self) -> None:
        if self.peek():
            raise self.error("there is more than a formula")

    def within(self, opening: str, rule: Callable[[], Any]) -> Any:
        self.expect(opening)
        self.inside.append(opening)
        result = rule()
        self.inside.pop()
        self.expect(CLOSING[opening])
        return result

    def expression(self) -> Node:
        negative = self.accept("+", "-") == "-"
        first = self.term()
        total: Node = (lambda names: -first(names)) if negative else first
        while sign := self.accept("+", "-"):
            total = _combined(self.does[sign], total, self.term())
        return total

    def term(self) -> Node:
        product = self.factor()
        while True:
            if self.accept("/"):
                product = _combined(self.does["/"], product, self.factor())
                if self.starts_factor():
                    raise self.error("a / b c can be read in two ways")
            elif self.accept(r"\cdot", r"\times") or self.starts_factor():
                product = _combined(self.does["*"], product, self.factor())
            else:
                return product

    def starts_factor(self) -> bool:
        token = self.peek()
        if token == "|":
            return not self.inside or self.inside[-1] != "|"
        known = {
            *FUNCTIONS,
            *EXTREMES,
            *FRACTIONS,
            *GREEK,
            r"\sqrt",
            r"\sum",
            r"\hat",
            "(",
            "[",
            "{",
        }
        return token in known or token == r"\begin{cases}" or token[:1].isalnum()

    def factor(self) -> Node:
        natural = self.tokens[self.at : self.at + 2] == ["e", "^"]
        base = self.primary()
        if not self.accept("^"):
            return base
        raised = _combined(self.does["^"], base, script := self.script())
        if not natural:
            return raised
        exp = self.does[r"\exp"]  # a rounded e would lose the digits of its power
        return lambda names: raised(names) if "e" in names else exp(script(names))

    def script(self) -> Node:
        if self.peek() == "{":
            return self.within("{", self.expression)
        if len(self.peek()) > 1 and not self.peek().startswith("\\"):
            raise self.error("only the first digit is raised without braces")
        return self.primary()

    def primary(self) -> Node:
        token = self.peek()
        if token in FRACTIONS:
            self.at += 1
            return _combined(self.does["/"], self.script(), self.script())
        if token == r"\sqrt":
            self.at += 1
            root, act = self.script(), self.does[token]
            return lambda names: act(root(names))
        if token in FUNCTIONS:
            return self.function()
        if token in EXTREMES or token == r"\sum":
            return self.gathered()
        if token == r"\begin{cases}":
            return self.cases()
        if token == "|":
            bars = self.within("|", self.expression)
            return lambda names: self.does["|"](bars(names))
        if token == "[":
            iverson = self.within("[", self.condition)
            made = self.arithmetic
            return lambda names: made.where(iverson(names), made.number("1"), made.number("0"))
        if token in ("(", "{"):
            return self.within(token, self.expression)
        if token[:1].isdigit():
            self.at += 1
            return lambda names: self.arithmetic.number(token)
        return self.symbol()

    def function(self) -> Node:
        act = self.does[self.accept(*FUNCTIONS)]
        bare = self.peek() != "("
        argument = self.factor() if bare else self.primary()
        if (bare and self.starts_factor()) or self.peek() == "^":
            raise self.error("where the argument of the function ends can be read in two ways")
        return lambda names: act(argument(names))

    def gathered(self) -> Node:
        """A sum or an extreme over an index, or the extreme of a list in parentheses."""
        gathers = self.accept(r"\sum", *EXTREMES)
        act = self.does[gathers if gathers in EXTREMES else "+"]
        if self.accept("_"):
            return self.over_index(act)
        parts = self.within("(", self.listed)
        return lambda names: reduce(act, (part(names) for part in parts))

    def listed(self) -> list[Node]:
        parts = [self.expression()]
        while self.accept(","):
            parts.append(self.expression())
        return parts

    def over_index(self, act: Callable[[Any, Any], Any]) -> Node:
        braced, index = self.accept("{"), self.peek()
        self.at += 1
        excluded = self.symbol() if braced and self.accept(r"\ne", r"\neq") else None
        if braced:
            self.expect("}")
        self.indexed = []
        body = self.term()
        base = next((name for name, script in self.indexed if script == index), None)
        if base is None:
            raise self.error(f"nothing depends on the index {index}")
        self.used.discard(index)
        made = self.arithmetic
        endless = made.constants[r"\infty"]
        # what is left out adds nothing and loses every comparison
        nothing = {self.does[r"\max"]: -endless, self.does[r"\min"]: endless}.get(act, 0)

        def gather(names: Names) -> Any:
            parts = []
            for k in range(names[base].shape[-1]):
                part = body({**names, index: k})
                if excluded is not None:
                    part = made.where(excluded(names) == k, made.number(nothing), part)
                parts.append(part)
            return reduce(act, parts)

        return gather

    def cases(self) -> Node:
        self.expect(r"\begin{cases}")
        self.inside.append("cases")
        rows: list[tuple[Node, Node | None]] = []
        while not self.accept(r"\end{cases}"):
            value = self.expression()
            self.expect("&")
            rows.append((value, None if self.accept(r"\text{otherwise}") else self.row(rows)))
            self.accept("\\\\")
        self.inside.pop()

        def choose(names: Names) -> Any:
            stated = [condition(names) for _, condition in rows if condition is not None]
            holds = [
                condition(names) if condition else ~sum(stated).astype(bool)
                for _, condition in rows
            ]
            if np.any(sum(np.asarray(hold, dtype=int) for hold in holds) != 1):
                raise LatexError(f"the cases overlap or leave a hole: {self.latex}")
            if all(np.ndim(hold) == 0 for hold in holds):  # no need for cases that do not apply
                return next(value for (value, _), hold in zip(rows, holds, strict=True) if hold)(
                    names
                )
            chosen: Any = np.nan
            for (value, _), hold in zip(rows, holds, strict=True):
                chosen = np.where(hold, value(names), chosen)
            return chosen

        return choose

    def row(self, above: Sequence[tuple[Node, Node | None]]) -> Node:
        """A condition; one that says so holds only where none above it does."""
        if not self.accept(r"\text{else if }"):
            return self.condition()
        own, others = self.condition(), [holds for _, holds in above if holds]
        return lambda names: own(names) & ~sum(one(names) for one in others).astype(bool)

    def condition(self) -> Node:
        self.accept(r"\text{if }", r"\text{if}")
        left, parts = self.expression(), []
        while relation := self.accept(*RELATIONS):
            right = self.expression()
            parts.append(_combined(self.does[relation], left, right))
            left = right
        if not parts:
            raise self.error("a comparison is missing")
        return lambda names: reduce(operator.and_, (np.asarray(part(names)) for part in parts))

    def symbol(self) -> Node:
        spelled, (base, script) = self.name()
        self.used.add(spelled)

        def look_up(names: Names) -> Any:
            if spelled in names:
                return self.arithmetic.number(names[spelled])
            if script and base in names and script in names:
                return self.arithmetic.number(_component(names[base], names[script]))
            if spelled in self.arithmetic.constants:
                return self.arithmetic.constants[spelled]
            raise LatexError(f"{spelled} is not defined; defined are {', '.join(sorted(names))}")

        return look_up

    def name(self) -> tuple[str, tuple[str, str]]:
        """A letter with its hat and its subscript: as spelled, and in its two parts."""
        base = self.peek()
        if not (base.isalpha() or base in GREEK or base == r"\hat"):
            raise self.error("a symbol is missing")
        self.at += 1
        if base == r"\hat":
            base = rf"\hat{{{self.braced()}}}"
        if not self.accept("_"):
            return base, (base, "")
        script = self.braced()
        self.indexed.append((base, script))
        return f"{base}_{script}", (base, script)

    def braced(self) -> str:
        if not self.accept("{"):
            self.at += 1
            return self.tokens[self.at - 1]
        start = self.at
        while not self.accept("}"):
            self.at += 1
        return "".join(self.tokens[start : self.at - 1])


def _combined(act: Callable[[Any, Any], Any], left: Node, right: Node) -> Node:
    return lambda names: act(left(names), right(names))


def _component(array: Any, index: Any) -> Any:
    """One component for all rows, or each row's own."""
    if np.ndim(index) == 0:
        return array[int(index)] if len(array.shape) == 1 else array[..., int(index)]
    return np.take_along_axis(array, np.asarray(index, dtype=np.intp)[:, None], axis=-1)[:, 0]
