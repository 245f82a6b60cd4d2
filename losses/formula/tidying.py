"""A tree with its sums of plain numbers done and its factors of one gone, where that is shorter."""

import operator

from losses.formula.tree import Node, number

SHORT = 6  # characters of a number that may stand for a sum
DOES = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
DOES["^"] = operator.pow


def tidied(node: Node) -> Node:
    """The same loss, as one would write it by hand."""
    if not node.parts:
        return node
    parts = tuple(map(tidied, node.parts))
    known = [_number(part) for part in parts]
    if node.head in DOES:
        a, b = known
        if a is not None and b is not None:
            return _done(node.head, a, b) or Node(node.head, parts)
        if b == 1 and node.head in "*/^":
            return parts[0]
        if a == 1 and node.head == "*":
            return parts[1]
    return Node(node.head, parts, node.value, node.word)


def signed(value: float) -> Node:
    """A number, with its sign before it."""
    return number(value) if value >= 0 else Node("neg", (number(-value),))


def _number(node: Node) -> float | None:
    if node.head == "number" and not node.word:
        return node.value
    if node.head == "neg" and node.parts[0].head == "number" and not node.parts[0].word:
        return -node.parts[0].value
    return None


def _done(head: str, a: float, b: float) -> Node | None:
    """The number that it comes to, if that is a short one but for rounding; else None."""
    try:
        value = DOES[head](a, b)
    except (ZeroDivisionError, OverflowError):
        return None
    if isinstance(value, complex):
        return None
    short = float(f"{value:.12g}")
    near = abs(short - value) <= 1e-15 * max(abs(a), abs(b), abs(value))
    return signed(short) if near and len(f"{short:.12g}") <= SHORT else None
