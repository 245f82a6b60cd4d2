"""Rewrites that change no value, only how many digits of it survive.

`log(1 + exp(-m))` as typed has no correct digit left where m is 40; `softplus(-m)` has them all.
"""

from losses.formula.tree import Node, call, number
from losses.formula.words import Word

ONE = number(1.0)

REWRITES = (  # what a page shows; `stable` below does it
    Word("log(1 + x), log(1 - x)", "log1p(x), log1p(-x)"),
    Word("exp(x) - 1", "expm1(x)"),
    Word("log1p(exp(x))", "softplus(x)"),
    Word("1/(1 + exp(x))", "sigmoid(-x)"),
    Word("1 - sigmoid(x), and so 1 - p", "sigmoid(-x)"),
    Word("log(sigmoid(x)), and so log(p)", "-softplus(-x)"),
    Word("log(cosh(x))", "logcosh(x)"),
    Word("log(exp(x)), and so log(mu)", "x"),
    Word("sqrt(1 + x) - 1", "x/(1 + sqrt(1 + x))"),
)


def stable(node: Node) -> Node:
    """The tree with each part in the form that keeps its digits."""
    if not node.parts:
        return node
    parts = tuple(stable(part) for part in node.parts)
    node = Node(node.head, parts, node.value, node.word, node.place)
    rule = {"log": _log, "log1p": _log1p, "-": _minus, "/": _over, "neg": _neg}.get(node.head)
    return (rule(node) if rule else None) or node


def _log(node: Node) -> Node | None:
    (x,) = node.parts
    if x.head == "exp":
        return x.parts[0]
    if x.head == "cosh":
        return call("logcosh", *x.parts)
    if x.head == "sigmoid":
        return _neg_of(call("softplus", _neg_of(x.parts[0])))
    rest = _less_one(x)
    if rest is None:
        return None
    return _log1p(call("log1p", rest)) or call("log1p", rest)


def _log1p(node: Node) -> Node | None:
    (x,) = node.parts
    if x.head == "exp":
        return call("softplus", *x.parts)
    if x.head == "neg" and x.parts[0].head == "sigmoid":
        return _neg_of(call("softplus", *x.parts[0].parts))
    return None


def _minus(node: Node) -> Node | None:
    a, b = node.parts
    if a == ONE and b.head == "sigmoid":
        return call("sigmoid", _neg_of(b.parts[0]))
    if b != ONE:
        return None
    if a.head == "exp":
        return call("expm1", *a.parts)
    rest = _less_one(a.parts[0]) if a.head == "sqrt" else None
    return None if rest is None else call("sqrt1pm1", rest)


def _over(node: Node) -> Node | None:
    a, b = node.parts
    rest = _less_one(b)
    if a == ONE and rest is not None and rest.head == "exp":
        return call("sigmoid", _neg_of(rest.parts[0]))
    return None


def _neg(node: Node) -> Node | None:
    return node.parts[0].parts[0] if node.parts[0].head == "neg" else None


def _neg_of(x: Node) -> Node:
    return x.parts[0] if x.head == "neg" else call("neg", x)


def _less_one(x: Node) -> Node | None:
    """What is added to one in `1 + a`, `a + 1` or `1 - a`."""
    if x.head == "+" and x.parts[0] == ONE:
        return x.parts[1]
    if x.head == "+" and x.parts[1] == ONE:
        return x.parts[0]
    if x.head == "-" and x.parts[0] == ONE:
        return _neg_of(x.parts[1])
    return None
