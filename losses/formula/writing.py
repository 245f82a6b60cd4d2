"""A formula's tree as Python of array functions, in the notation of a loss's `expression`."""

from collections.abc import Mapping

import numpy as np

from losses.formula.folding import fixed, settled
from losses.formula.tree import COMPARISONS, Node, call, names, number
from losses.formula.words import LETTERS

COMPARISON, LOGIC, SUM, PRODUCT, NEGATIVE, POWER, ATOM = range(7)  # as Python binds
LEVELS = {"+": (SUM, "+"), "-": (SUM, "-"), "*": (PRODUCT, "*"), "/": (PRODUCT, "/")}
LEVELS |= {"^": (POWER, "**"), "and": (LOGIC, "&"), "or": (LOGIC, "|")}
TIMES = {"max": 2, "min": 2, "logcosh": 2, "sqrt1pm1": 2, "softplus": 2, "timeslog": 2}
TIMES |= {"logaddexp": 3}  # how often a part is written, at most
LONGEST = 40_000  # characters of an expression
SIGN = {"neg": "-", "not": "~"}
LEVELS |= {sign: (COMPARISON, sign) for sign in COMPARISONS}


def written(node: Node, values: Mapping[str, float], letter: str) -> str:
    """The formula as an expression; what has no letter in it becomes a number where it must.

    Sums of numbers are done here: Python's whole numbers would have no end. Array libraries take
    their functions of arrays only: `sqrt(delta)` is written as its number, a condition on
    parameters is decided, and a choice between two numbers adds 0 times the letter.
    """
    known = settled(node, values)
    text = _of(known, letter, SUM)
    return f"{text} + 0 * {letter}" if fixed(known, values) else text


def unwieldy(node: Node) -> int | None:
    """Where a formula stands that would be written at too great a length; None where none is.

    What chooses writes its parts twice: one inside the other, thirty of them fill any memory.
    """
    return node.place if _length(node) > LONGEST else None


def _length(node: Node) -> int:
    """At most so many characters, about, in any library."""
    parts = [_length(part) for part in node.parts]
    times = 1 if number(0.0) in node.parts else TIMES.get(node.head, 1)
    return 12 + times * sum(parts)


def plainly(node: Node) -> str:
    """A tree as the text of a formula, which has the same tree."""
    return _plain(node)[0]


def _plain(node: Node) -> tuple[str, int]:
    if node.head == "number":
        return node.word or _number(node.value), ATOM
    if node.head == "name":
        return node.word, ATOM
    if node.head == "indicator":
        return f"({_plain(node.parts[0])[0]})", ATOM
    if node.head in LEVELS:
        level = LEVELS[node.head][0]
        bound = (level in (LOGIC, POWER), level in (LOGIC,))
        a, b = (
            _wrapped(part, ATOM if tight else level + (right or level == COMPARISON))
            for right, (part, tight) in enumerate(zip(node.parts, bound, strict=True))
        )
        return (
            f"{a}{node.head}{b}" if level in (PRODUCT, POWER) else f"{a} {node.head} {b}"
        ), level
    if node.head == "neg":
        return f"-{_wrapped(node.parts[0], POWER)}", NEGATIVE
    if node.head == "not":
        return f"not ({_plain(node.parts[0])[0]})", LOGIC
    return f"{node.head}({', '.join(_plain(part)[0] for part in node.parts)})", ATOM


def _wrapped(node: Node, least: int) -> str:
    text, level = _plain(node)
    return text if level >= least else f"({text})"


def _of(node: Node, letter: str, least: int = 0) -> str:
    """A part, in parentheses if it binds less tightly than it must."""
    text, level = _piece(node, letter)
    return text if level >= least else f"({text})"


def _piece(node: Node, letter: str) -> tuple[str, int]:
    if node.head == "number":
        text = _number(node.value)
        return text, NEGATIVE if text.startswith("-") else ATOM
    if node.head == "name":
        return node.word, ATOM
    if node.head in ("where", "indicator", "min", "max", "timeslog"):
        return _choice(node, letter), ATOM
    if node.head in LEVELS:
        level, sign = LEVELS[node.head]
        a, b = node.parts
        right = _of(b, letter, ATOM if level == LOGIC else level + 1)
        left = _of(a, letter, ATOM if level in (LOGIC, POWER) else level + (level == COMPARISON))
        return f"{left} {sign} {right}", level
    if node.head in ("neg", "not"):
        return f"{SIGN[node.head]}{_of(node.parts[0], letter, POWER)}", NEGATIVE
    if node.head == "logaddexp":
        one, other = (_of(part, letter, PRODUCT) for part in node.parts)
        return f"{other} + softplus({one} - {other})", SUM
    x = _of(node.parts[0], letter)
    if node.head == "logcosh":
        return f"abs({x}) + log1p(exp(-2 * abs({x}))) - log(2)", SUM
    if node.head == "sqrt1pm1":
        return f"({x}) / (1 + sqrt(1 + ({x})))", PRODUCT
    return f"{node.head}({x})", ATOM


def _choice(node: Node, letter: str) -> str:
    """A condition with what it chooses between."""
    if node.head == "where":
        return _where(node, letter)
    if node.head == "indicator":
        return _where(call("where", node.parts[0], number(1.0), number(0.0)), letter)
    a, b = node.parts
    if node.head == "timeslog":  # 0 log 0, which is 0
        return _where(
            call("where", Node("==", (a, number(0.0))), number(0.0), call("*", a, b)), letter
        )
    if node.head == "max" and number(0.0) in (a, b):  # the one maximum that all libraries have
        return f"maximum({_of(a if b == number(0.0) else b, letter)}, 0)"
    sign = ">" if node.head == "max" else "<"
    return _where(call("where", Node(sign, (a, b)), a, b), letter)


def _where(node: Node, letter: str) -> str:
    condition, one, other = node.parts
    yes, no = _of(one, letter), _of(other, letter)
    if not any(names(part) & set(LETTERS) for part in (one, other)):
        no = f"{_of(other, letter, SUM)} + 0 * {letter}"
    return f"where({_of(condition, letter)}, {yes}, {no})"


def _number(value: float) -> str:
    if np.isnan(value):
        return "(inf - inf)"
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
