"""A formula's tree as LaTeX: fractions, roots, powers, bars, cases, and no needless brackets."""

import re
from collections.abc import Callable

from losses.formula.tree import Node
from losses.notation import number
from losses.spec import GREEK

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly a piece holds together
RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
LOGIC = {"and": r"\land", "or": r"\lor"}
PRINTED = {"lam": "lambda"}  # which Python keeps for itself
Piece = tuple[str, int]


def symbol(name: str) -> str:
    """A letter or the name of a parameter: Greek where it is spelled out, `w_1` for w1."""
    name = PRINTED.get(name, name)
    if name in GREEK:
        return "\\" + name
    if len(name) == 1:
        return name
    match = re.fullmatch(r"([A-Za-z]+?)_?([0-9])", name)
    if match and (len(match[1]) == 1 or match[1] in GREEK):
        return f"{symbol(match[1])}_{match[2]}"
    return rf"\text{{{name.replace('_', ' ')}}}"


def typeset(node: Node) -> str:
    """The whole formula."""
    return _piece(node)[0]


def _piece(node: Node) -> Piece:
    if node.head == "number":
        text = {"pi": r"\pi", "e": "e"}.get(node.word) or number(node.value, 12)
        if text.startswith(r"1 \cdot "):
            return text.removeprefix(r"1 \cdot "), POWER
        return text, PRODUCT if r"\cdot" in text else ATOM
    if node.head == "name":
        return symbol(node.word), ATOM
    return MAKERS[node.head](*node.parts)


def _in(node: Node, least: int) -> str:
    """A part, in parentheses if it holds together less tightly than it must."""
    text, level = _piece(node)
    return text if level >= least else _bracketed(text)


def _bracketed(text: str) -> str:
    """In parentheses, as high as what they hold."""
    return rf"\left({text}\right)" if r"\begin" in text or r"\frac" in text else f"({text})"


def _unsigned(node: Node) -> tuple[Node, bool]:
    """A product without the minus signs of its factors, and whether one is left over."""
    if node.head == "neg":
        inner, minus = _unsigned(node.parts[0])
        return inner, not minus
    if node.head != "*":
        return node, False
    (one, first), (other, second) = map(_unsigned, node.parts)
    return Node("*", (one, other)), first != second


def _sum(sign: str, a: Node, b: Node) -> Piece:
    left, right = _in(a, SUM), _in(b, SUM if sign == "+" else PRODUCT)
    return f"{left} {sign} {f'({right})' if right.startswith('-') else right}", SUM


def _product(a: Node, b: Node) -> Piece:
    (a, first), (b, second) = _unsigned(a), _unsigned(b)
    left, right = _in(a, PRODUCT), _in(b, PRODUCT)
    close = re.match(r"[0-9]", right) or (left.endswith("|") and right.startswith("|"))
    dot = r" \cdot " if close else " "
    product = f"{left}{dot}{right}"
    return (f"-{product}", SUM) if first != second else (product, PRODUCT)


def _fraction(a: Node, b: Node) -> Piece:
    return rf"\frac{{{_piece(a)[0]}}}{{{_piece(b)[0]}}}", POWER


def _power(a: Node, b: Node) -> Piece:
    return f"{_in(a, ATOM)}^{{{_piece(b)[0]}}}", POWER


def _negative(a: Node) -> Piece:
    return f"-{_in(a, PRODUCT)}", SUM


def _relation(head: str, a: Node, b: Node) -> Piece:
    return f"{_in(a, SUM)} {RELATIONS[head]} {_in(b, SUM)}", SUM


def _logic(head: str, a: Node, b: Node) -> Piece:
    if head == "and" and a.parts and b.parts and a.parts[-1] == b.parts[0] and b.head in RELATIONS:
        return f"{_piece(a)[0]} {RELATIONS[b.head]} {_in(b.parts[1], SUM)}", SUM  # 0 < r < 1
    parts = (f"({_piece(x)[0]})" if x.head in LOGIC else _piece(x)[0] for x in (a, b))
    return f" {LOGIC[head]} ".join(parts), SUM


def _cases(condition: Node, a: Node, b: Node) -> Piece:
    rows = [f"{_piece(a)[0]} & {_piece(condition)[0]}"]
    while b.head == "where":
        holds, one, b = b.parts
        rows.append(rf"{_piece(one)[0]} & \text{{else if }} {_piece(holds)[0]}")
    rows.append(rf"{_piece(b)[0]} & \text{{otherwise}}")
    said = r" \\ ".join(rows)
    return rf"\begin{{cases}} {said} \end{{cases}}", SUM


def _named(name: str, *parts: Node) -> Piece:
    return rf"{name} ({', '.join(_piece(part)[0] for part in parts)})", POWER


def _exponential(a: Node) -> Piece:
    return f"e^{{{_piece(a)[0]}}}", POWER


def _sigmoid(a: Node) -> Piece:
    return rf"\frac{{1}}{{1 + e^{{{_piece(Node('neg', (a,)))[0]}}}}}", POWER


MAKERS: dict[str, Callable[..., Piece]] = {
    "+": lambda a, b: _sum("+", a, b),
    "-": lambda a, b: _sum("-", a, b),
    "*": _product,
    "/": _fraction,
    "^": _power,
    "neg": _negative,
    "not": lambda a: (rf"\lnot ({_piece(a)[0]})", POWER),
    "indicator": lambda a: (f"[{_piece(a)[0]}]", ATOM),
    "where": _cases,
    "abs": lambda a: (f"|{_piece(a)[0]}|", ATOM),
    "sqrt": lambda a: (rf"\sqrt{{{_piece(a)[0]}}}", ATOM),
    "exp": _exponential,
    "expm1": lambda a: (f"{_exponential(a)[0]} - 1", SUM),
    "log1p": lambda a: (rf"\log (1 + {_in(a, PRODUCT)})", POWER),
    "softplus": lambda a: (rf"\log (1 + {_exponential(a)[0]})", POWER),
    "logcosh": lambda a: (rf"\log (\cosh ({_piece(a)[0]}))", POWER),
    "sigmoid": _sigmoid,
    "sign": lambda a: _named(r"\operatorname{sign}", a),
    **{name: lambda a, name=name: _named("\\" + name, a) for name in ("log", "sinh", "cosh")},
    **{name: lambda a, name=name: _named("\\" + name, a) for name in ("tanh", "arctan")},
    **{name: lambda a, b, name=name: _named("\\" + name, a, b) for name in ("min", "max")},
    **{head: lambda a, b, head=head: _relation(head, a, b) for head in RELATIONS},
    **{head: lambda a, b, head=head: _logic(head, a, b) for head in LOGIC},
}
