"""Rewrites of powers and exponentials that change no value: see `stable`."""

import math

from losses.formula.tree import Node, call, number

ONE, TWO, HALF = number(1.0), number(2.0), number(0.5)
POSITIVE = ("exp", "sigmoid", "softplus", "cosh")  # heads of what is above zero


def neg_of(x: Node) -> Node:
    """−x, without two signs in a row."""
    return x.parts[0] if x.head == "neg" else call("neg", x)


def negated(node: Node) -> Node | None:
    """−(−x) as x."""
    return node.parts[0].parts[0] if node.parts[0].head == "neg" else None


def absolute(node: Node) -> Node | None:
    """|−x| as |x|; the size of what is positive as itself."""
    (x,) = node.parts
    if x.head == "neg":
        return absolute(call("abs", *x.parts)) or call("abs", *x.parts)
    return x if x.head in POSITIVE else None


def summed(node: Node) -> Node | None:
    """exp(x) + exp(−x) as 2 cosh x; softplus(−x) + x as softplus(x)."""
    a, b = node.parts
    for one, other in ((a, b), (b, a)):
        if one.head == "softplus" and neg_of(one.parts[0]) == other:
            return call("softplus", other)
    if a.head == b.head == "exp" and neg_of(a.parts[0]) == b.parts[0]:
        x = a.parts[0]
        return call("*", TWO, call("cosh", x.parts[0] if x.head == "neg" else x))
    return None


def root(node: Node) -> Node | None:
    """√x, where x is a power."""
    return _powered(node.parts[0], HALF)


def power(node: Node) -> Node | None:
    """x to a power, where x is a power itself, an exponential, or one more than one."""
    a, b = node.parts
    below = _growth(a)
    if below is not None and b.head == "neg" and b.parts[0].head == "number":
        return _logistic(below, b.parts[0])
    if a.head == "sigmoid" and not (b.head == "number" and b.value % 1 == 0):
        return call("exp", call("neg", _product(b, call("softplus", neg_of(a.parts[0])))))
    return _powered(a, b)


def _powered(base: Node, exponent: Node) -> Node | None:
    if base.head == "exp":
        return call("exp", _product(exponent, base.parts[0]))
    if base.head == "*" and base.parts[0] == base.parts[1]:
        base = Node("^", (base.parts[0], TWO), place=base.place)
    if base.head == "abs" and _even(exponent):
        return Node("^", (base.parts[0], exponent), place=base.place)
    if base.head != "^" or not _even(base.parts[1]):
        return None
    x, total = base.parts[0], _product(exponent, base.parts[1])
    if total == ONE:
        return absolute(call("abs", x)) or call("abs", x)
    size = x if _even(total) else absolute(call("abs", x)) or call("abs", x)
    return Node("^", (size, total), place=base.place)


def _even(node: Node) -> bool:
    return node.head == "number" and node.value > 0 and node.value % 2 == 0


def _product(a: Node, b: Node) -> Node:
    """a·b, done where both are numbers."""
    for one, other in ((a, b), (b, a)):
        if one.head == "/" and one.parts[1] == other and other.head == "number":
            return one.parts[0]  # (a/2)·2
    if a.head == b.head == "number":
        return number(a.value * b.value, a.place)
    if a.head == "/" and b.head == "number" and all(x.head == "number" for x in a.parts):
        return number(a.parts[0].value / a.parts[1].value * b.value, a.place)
    return call("*", a, b)


def divided(node: Node) -> Node | None:
    """A quotient of exponentials and sigmoids as a product, which overflows later or never."""
    a, b = node.parts
    if a == b and a.head in POSITIVE:
        return ONE
    if a.head == "*" and TWO in a.parts and b == TWO:
        return a.parts[1] if a.parts[0] == TWO else a.parts[0]
    if b.head == "exp":
        return _times(a, call("exp", neg_of(b.parts[0])))
    if b.head == "sigmoid":
        return _over_sigmoid(a, b.parts[0])
    base, exponent = b.parts if b.head == "^" else (b, ONE)
    below = _growth(base)
    if below is None or exponent.head not in ("number", "name"):
        return None
    if exponent == ONE and a.head == "exp" and a.parts[0] == below:
        return call("sigmoid", below)
    return _times(a, _logistic(below, exponent))


def _over_sigmoid(a: Node, x: Node) -> Node | None:
    if a.head == "sigmoid" and neg_of(a.parts[0]) == x:
        return call("exp", neg_of(x))
    if a.head == "sigmoid" and a.parts[0] == neg_of(x):
        return call("exp", neg_of(x))
    return call("+", ONE, call("exp", neg_of(x))) if a == ONE else None


def _growth(x: Node) -> Node | None:
    """The exponent in `1 + exp(x)` or `exp(x) + 1`."""
    if x.head != "+":
        return None
    for one, other in (x.parts, x.parts[::-1]):
        if one == ONE and other.head == "exp":
            return other.parts[0]
    return None


def _logistic(x: Node, exponent: Node) -> Node:
    """1/(1 + exp(x)) to a power."""
    base = call("sigmoid", neg_of(x))
    return base if exponent == ONE else Node("^", (base, exponent), place=x.place)


def _times(a: Node, b: Node) -> Node:
    return b if a == ONE else call("*", a, b)


def compared(node: Node) -> Node | None:
    """sigmoid(x) beside a number as x beside its logit: the places that round to it are many."""
    a, b = node.parts
    if a.head == "sigmoid" and b.head == "number" and 0 < b.value < 1:
        return Node(node.head, (a.parts[0], number(_logit(b.value))), place=node.place)
    if b.head == "sigmoid" and a.head == "number" and 0 < a.value < 1:
        return Node(node.head, (number(_logit(a.value)), b.parts[0]), place=node.place)
    return None


def _logit(p: float) -> float:
    return math.log(p) - math.log1p(-p)
