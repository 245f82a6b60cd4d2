"""What is known of a formula beforehand is put in: parameters, or the class of a row."""

import math
from collections.abc import Callable, Mapping

from losses.formula.stable import LOGARITHMS, stable
from losses.formula.tape import Tape
from losses.formula.tree import (
    CONDITIONS,
    FALSE,
    TRUE,
    Node,
    call,
    names,
    number,
    substituted,
    walk,
)

# What is finite wherever its arguments are, in exact arithmetic.
FINITE = {"number", "name", "+", "-", "*", "neg", "abs", "sign", "exp", "sigmoid", "softplus"}
FINITE |= {"sinh", "cosh", "tanh", "arctan", "logcosh", "logaddexp", "expm1", "min", "max"}
FINITE |= {"where", "indicator", *CONDITIONS}
ABOVE = ("exp", "sigmoid", "cosh", "softplus")
ZERO, ONE = number(0.0), number(1.0)


def labeled(tree: Node, label: float) -> Node:
    """The tree of the rows of one class: without the terms of the other, and stable."""
    return _folded(stable(_folded(substituted(tree, {"y": number(label)}))))


def fixed(node: Node, values: Mapping[str, float]) -> bool:
    """Whether it has no letter, but numbers and these values."""
    return not names(node) - set(values)


def settled(node: Node, values: Mapping[str, float]) -> Node:
    """The tree with functions and conditions of parameters alone replaced by what they are."""
    if not node.parts:
        return node
    parts = tuple(settled(part, values) for part in node.parts)
    return _settled(Node(node.head, parts, node.value, node.word, node.place), values)


def _settled(node: Node, values: Mapping[str, float]) -> Node:
    """A part whose own parts are settled."""
    parts = node.parts
    if fixed(node, values):
        plain = node.head in "+-*/^" or node.head == "neg"
        if plain and names(node):
            return node
        known = Tape(node, values).steps[-1].constant
        if node.condition:
            return TRUE if known else FALSE
        return number(float(known), node.place)
    if node.head == "where" and parts[0] in (TRUE, FALSE):
        return parts[1 if parts[0] == TRUE else 2]
    if node.head in ("and", "or") and (TRUE in parts or FALSE in parts):
        done, open_ = sorted(parts, key=lambda part: part not in (TRUE, FALSE))
        return open_ if done == (TRUE if node.head == "and" else FALSE) else done
    return node


def _folded(node: Node) -> Node:
    """The tree without what is done already, from the inside out."""
    if not node.parts:
        return node
    parts = tuple(_folded(part) for part in node.parts)
    if node.head in ("*", "timeslog") and _ended(node.parts, parts):
        return ZERO
    node = _settled(Node(node.head, parts, node.value, node.word, node.place), {})
    rule = RULES.get(node.head)
    return (rule(*node.parts) if rule else None) or node


def _ended(before: tuple[Node, ...], parts: tuple[Node, ...]) -> bool:
    """Whether they are 0 and log 0, whose product is 0."""
    for (one, other), was in ((parts, before[1]), (parts[::-1], before[0])):
        infinite = other.head == "number" and math.isinf(other.value)
        if one == ZERO and infinite and any(part.head in LOGARITHMS for part in walk(was)):
            return True
    return False


def _added(a: Node, b: Node) -> Node | None:
    return b if a == ZERO else a if b == ZERO else None


def _subtracted(a: Node, b: Node) -> Node | None:
    return a if b == ZERO else call("neg", b) if a == ZERO else None


def _multiplied(a: Node, b: Node) -> Node | None:
    for one, other in ((a, b), (b, a)):
        if one == ONE:
            return other
        if one == number(-1.0):
            return call("neg", other)
        if one.head == "number" and one.value == 0 and _finite(other):
            return ZERO
    return None


def _divided(a: Node, b: Node) -> Node | None:
    if b == ONE:
        return a
    return ZERO if a == ZERO and b.head in ABOVE else None


def _raised(a: Node, b: Node) -> Node | None:
    if b == ONE:
        return a
    return ONE if b == ZERO and _finite(a) else None


def _finite(node: Node) -> bool:
    return all(one.head in FINITE or _whole_power(one) for one in walk(node))


def _whole_power(node: Node) -> bool:
    if node.head != "^":
        return False
    base, n = node.parts
    return n.head == "number" and n.value >= 0 and (n.value % 1 == 0 or base.head in ABOVE)


RULES: dict[str, Callable[..., Node | None]] = {
    "+": _added,
    "-": _subtracted,
    "*": _multiplied,
    "timeslog": _multiplied,
    "/": _divided,
    "^": _raised,
    "neg": lambda a: a.parts[0] if a.head == "neg" else None,
}
