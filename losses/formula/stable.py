"""Rewrites that change no value, only how many digits of it survive.

`log(1 + exp(-m))` as typed has no correct digit left where m is 40; `softplus(-m)` has them all.
Those of powers and exponentials keep a value from overflowing on its way, where it would take the
derivative with it.
"""

from collections.abc import Callable
from functools import reduce

from losses.formula.exponentials import (
    ONE,
    absolute,
    compared,
    divided,
    neg_of,
    negated,
    power,
    root,
    summed,
)
from losses.formula.tree import Node, call, names
from losses.formula.words import LETTERS, Word

REWRITES = (  # what a page shows; `stable` below does it
    Word("log(1 + x), log(1 - x)", "log1p(x), log1p(-x)"),
    Word("exp(x) - 1", "expm1(x)"),
    Word("log1p(exp(x))", "softplus(x)"),
    Word("softplus(x) - x", "softplus(-x)"),
    Word("log(exp(x) + exp(y))", "y + softplus(x - y)"),
    Word("1/(1 + exp(x)), 1/(1 + exp(x))^2", "sigmoid(-x), sigmoid(-x)^2"),
    Word("1 - sigmoid(x), and so 1 - p", "sigmoid(-x)"),
    Word("log(sigmoid(x)), and so log(p)", "-softplus(-x)"),
    Word("p/(1 - p)", "exp(z)"),
    Word("log(cosh(x))", "logcosh(x)"),
    Word("log(exp(x)), and so log(mu)", "x"),
    Word("sqrt(1 + x) - 1", "x/(1 + sqrt(1 + x))"),
    Word("sqrt(x^2), (x^2)^n", "abs(x), abs(x)^(2*n)"),
    Word("0*log(0)", "0"),
)
LOGARITHMS = ("log", "log1p", "softplus", "logaddexp")


def stable(node: Node) -> Node:
    """The tree with each part in the form that keeps its digits."""
    if not node.parts:
        return node
    parts = tuple(stable(part) for part in node.parts)
    node = Node(node.head, parts, node.value, node.word, node.place)
    rule = RULES.get(node.head)
    return (rule(node) if rule else None) or node


def _log(node: Node) -> Node | None:
    (x,) = node.parts
    if x.head == "exp":
        return x.parts[0]
    if x.head == "cosh":
        return call("logcosh", *x.parts)
    if x.head == "sigmoid":
        return neg_of(call("softplus", neg_of(x.parts[0])))
    rest = _less_one(x)
    if rest is not None:
        return _log1p(call("log1p", rest)) or call("log1p", rest)
    return _of_exponentials(x) or _of_product(x)


def _of_product(x: Node) -> Node | None:
    """log(a·exp(b)) as log(a) + b, and the like: also where the product would overflow."""
    if x.head not in ("*", "/"):
        return None
    a, b = x.parts
    known = ("exp", "cosh") if x.head == "*" else ("exp",)
    positive = (b.head == "number" and b.value > 0) or b.head in known
    if positive and (b.head != "number" or _grows(a)):
        return call("+" if x.head == "*" else "-", _logarithm(a), _logarithm(b))
    if x.head == "*" and (a.head in known or (a.head == "number" and a.value > 0 and _grows(b))):
        return call("+", _logarithm(a), _logarithm(b))
    return None


def _grows(node: Node) -> bool:
    """Whether a number that is multiplied with it may be taken out of its logarithm."""
    return node.head in ("exp", "cosh") or _of_exponentials(node) is not None


def _logarithm(x: Node) -> Node:
    node = call("log", x)
    return _log(node) or node


def _of_exponentials(x: Node) -> Node | None:
    """The logarithm of a sum of exponentials and positive numbers, one added to another."""
    terms = _terms(x)
    if len(terms) < 2 or not any(_has_exponential(term) for term in terms):
        return None
    if not all(_above(term) or _has_exponential(term) for term in terms):
        return None
    return reduce(lambda a, b: call("logaddexp", a, b), map(_logarithm, terms))


def _has_exponential(x: Node) -> bool:
    """Whether it is exp(a), times or over a positive number or not."""
    if x.head == "*":
        return any(_above(a) and b.head == "exp" for a, b in (x.parts, x.parts[::-1]))
    return x.head == "exp" or (x.head == "/" and x.parts[0].head == "exp" and _above(x.parts[1]))


def _above(x: Node) -> bool:
    return x.head == "number" and x.value > 0


def _terms(x: Node) -> list[Node]:
    return [one for part in x.parts for one in _terms(part)] if x.head == "+" else [x]


def _log1p(node: Node) -> Node | None:
    (x,) = node.parts
    if x.head == "exp":
        return call("softplus", *x.parts)
    if x.head == "neg" and x.parts[0].head == "sigmoid":
        return neg_of(call("softplus", *x.parts[0].parts))
    return None


def _minus(node: Node) -> Node | None:
    a, b = node.parts
    if a == ONE and b.head == "sigmoid":
        return call("sigmoid", neg_of(b.parts[0]))
    if a.head == "softplus" and a.parts[0] == b:
        return call("softplus", neg_of(b))
    if b != ONE:
        return None
    if a.head == "exp":
        return call("expm1", *a.parts)
    if a.head == "sigmoid":
        return neg_of(call("sigmoid", neg_of(a.parts[0])))
    rest = _less_one(a.parts[0]) if a.head == "sqrt" else None
    return None if rest is None else call("sqrt1pm1", rest)


def _times(node: Node) -> Node | None:
    """A product with a logarithm, which is 0 where the other factor is."""
    a, b = node.parts
    for one, other in ((a, b), (b, a)):
        if _logarithmic(other) and names(one) & set(LETTERS):
            return call("timeslog", one, other)
    return None


def _logarithmic(node: Node) -> bool:
    """Whether it is a logarithm, or a sum with one."""
    if node.head in ("+", "-", "neg"):
        return any(_logarithmic(part) for part in node.parts)
    return node.head in LOGARITHMS and bool(names(node))


def _less_one(x: Node) -> Node | None:
    """What is added to one in `1 + a`, `a + 1` or `1 - a`."""
    if x.head == "+" and x.parts[0] == ONE:
        return x.parts[1]
    if x.head == "+" and x.parts[1] == ONE:
        return x.parts[0]
    if x.head == "-" and x.parts[0] == ONE:
        return neg_of(x.parts[1])
    return None


RULES: dict[str, Callable[[Node], Node | None]] = {
    "log": _log,
    "log1p": _log1p,
    "+": summed,
    "-": _minus,
    "*": _times,
    "/": divided,
    "^": power,
    "sqrt": root,
    "abs": absolute,
    "neg": negated,
    **dict.fromkeys(("<", "<=", ">", ">="), compared),
}
