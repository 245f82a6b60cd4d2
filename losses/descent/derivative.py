"""The derivative of an expression, as an expression to be read: what a printed gradient says.

Expressions are those of `Loss.expression` and `Landscape.expression`. A derivative is a sum of
products; products are kept as powers of their factors, so that c² / 2 · 2 r / c² comes out as r.
"""

import ast
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

MATRICES = {"z", "p", "hot"}  # of several logits: (n, K); what is summed over classes is (n,)
CHAIN = {  # the derivative of a function of x in x
    "abs": "sign(x)",
    "exp": "exp(x)",
    "expm1": "exp(x)",
    "log": "1 / (x)",
    "log1p": "1 / (1 + x)",
    "sqrt": "1 / (2 * sqrt(x))",
    "arctan": "1 / (1 + (x) ** 2)",
    "sin": "cos(x)",
    "cos": "-sin(x)",
    "softplus": "sigmoid(x)",
    "sigmoid": "sigmoid(x) * sigmoid(-(x))",
    "sum": "1",  # of each summand
    "max": "strongest(x)",  # 1 for the first of the largest
}


def derivative(expression: str, letter: str) -> str:
    """The derivative of an expression in one of its letters, all others held.

    At a corner it is zero where that is a subgradient. Of several logits, the derivative in a
    letter `(n, K)` is that of each row's value in each entry, and rows become columns beside it.
    Raises ValueError for a function whose derivative is not known.
    """
    return _tidy(_slope(_parsed(expression), letter))


def times(*factors: str) -> str:
    """The product of expressions."""
    return _tidy(_product(*factors))


def plus(*terms: str) -> str:
    """The sum of expressions."""
    return _tidy(_sum(*terms))


def names(text: str) -> set[str]:
    """The letters of an expression, and the functions that it calls."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _slope(node: ast.expr, letter: str) -> str:
    if letter not in names(_text(node)):
        return "0"
    match node:
        case ast.Name():
            return "1"
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _product("-1", _slope(inner, letter))
        case ast.BinOp():
            return _of_operation(node, letter)
        case ast.Call(func=ast.Name(id=name), args=parts):
            return _of_call(name, parts, letter)
    raise ValueError(f"the derivative of {_text(node)} is not known")


def _of_operation(node: ast.BinOp, letter: str) -> str:
    left, right = _text(node.left), _text(node.right)
    dleft, dright = _slope(node.left, letter), _slope(node.right, letter)
    match node.op:
        case ast.Add():
            return _sum(dleft, dright)
        case ast.Sub():
            return _sum(dleft, _product("-1", dright))
        case ast.Mult():
            return _sum(_product(dleft, right), _product(left, dright))
        case ast.Div():
            through = _product("-1", left, dright, f"1 / ({right}) ** 2")
            return _sum(_product(dleft, f"1 / ({right})"), through)
        case ast.Pow() if dright == "0":
            base = node.left
            if isinstance(base, ast.Call) and _text(base.func) == "maximum":
                dleft = _slope(base.args[0], letter)  # the power is zero where the step is
            return _product(right, f"({left}) ** ({right})", f"1 / ({left})", dleft)
    raise ValueError(f"the derivative of {_text(node)} is not known")


def _of_call(name: str, parts: list[ast.expr], letter: str) -> str:
    if name == "where":
        return _of_cases(parts, letter)
    if name == "max" and "where" in names(_text(parts[0])):  # of those that are not left out
        inner, x = _slope(parts[0].args[2], letter), _text(parts[0])  # type: ignore[attr-defined]
        return _product(f"strongest({x})", inner)
    inner, x = _slope(parts[0], letter), _text(parts[0])
    if name == "maximum":  # of a number and zero
        return _where(f"{x} > 0", inner, "0")
    if name not in CHAIN:
        raise ValueError(f"the derivative of {name} is not known")
    outer = _Put(x).visit(_parsed(CHAIN[name]))
    return _product(_text(outer), inner)


def _of_cases(parts: list[ast.expr], letter: str) -> str:
    test, yes, no = _text(parts[0]), _slope(parts[1], letter), _slope(parts[2], letter)
    two_lines = letter not in names(yes) | names(no) and yes != no
    if (
        two_lines and letter in names(test) and test.endswith(" > 0")
    ):  # a corner, where the derivative is zero
        no = _where(test.replace(" > 0", " < 0"), no, "0")
    return _where(test, yes, no)


def _where(test: str, yes: str, no: str) -> str:
    if yes == no:
        return yes
    both = f"({yes}, {no})"
    test = f"column({test})" if _is_matrix(both) and _is_row(test) else test
    return f"where({test}, {yes}, {no})"


@dataclass
class _Factors:
    """A product: a number times powers of factors, each under its own text."""

    number: Fraction = Fraction(1)
    powers: Counter[str] = field(default_factory=Counter)

    def take(self, node: ast.expr, power: int) -> None:
        """Multiplies by an expression to a power."""
        match node:
            case ast.Constant(value=int() | float() as value) if value or power > 0:
                self.number *= Fraction(repr(value)) ** power
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                self.number *= -1 if power % 2 else 1
                self.take(inner, power)
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
                self.take(left, power)
                self.take(right, power if isinstance(op, ast.Mult) else -power)
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(exponent))):
                self.take(left, power * exponent)
            case _:
                self.powers[_text(node)] += power

    def text(self) -> str:
        """Numbers, factors, and below a line those with negative powers."""
        self._merge()
        if not self.number:
            return "0"
        factors = dict(sorted(self._columns().items(), key=lambda item: not item[0].isidentifier()))
        above = [_power(text, power) for text, power in factors.items() if power > 0]
        below = [_power(text, -power) for text, power in factors.items() if power < 0]
        over, under = _ratio(abs(self.number))
        above = above if over == 1 and above else [str(over), *above]
        below = below if under == 1 else [str(under), *below]
        quotient = " * ".join(above) + (f" / ({' * '.join(below)})" if below else "")
        return f"-{quotient}" if self.number < 0 else quotient

    def _merge(self) -> None:
        """x ** q / x becomes x ** (q - 1), which is a number at zero."""
        for text in tuple(self.powers):
            match _parsed(text):
                case ast.BinOp(left=left, op=ast.Pow(), right=right):
                    opposite = isinstance(left, ast.UnaryOp)
                    bare = _text(left.operand if isinstance(left, ast.UnaryOp) else left)
                    less = -self.powers[bare]
                    if less > 0 and self.powers[text] == 1:
                        del self.powers[text], self.powers[bare]
                        self.powers[f"({_text(left)}) ** ({_text(right)} - {less})"] = 1
                        self.number *= -1 if opposite and less % 2 else 1

    def _columns(self) -> dict[str, int]:
        """The factors; what is one number a row becomes a column beside what is K numbers a row."""
        if not any(map(_is_matrix, self.powers)):
            return self.powers
        return {f"column({t})" if _is_row(t) else t: power for t, power in self.powers.items()}


def _ratio(number: Fraction) -> tuple[int | float, int]:
    """Above and below a line: 1 / 2 and 2 / 3 stay fractions, and 21 / 5 is 4.2."""
    decimal = float(number)
    if min(number.numerator, number.denominator) > 1 and Fraction(repr(decimal)) == number:
        return decimal, 1
    return number.numerator, number.denominator


def _power(text: str, power: int) -> str:
    return f"({text})" if power == 1 else f"({text}) ** {power}"


def _product(*factors: str) -> str:
    product = _Factors()
    for factor in factors:
        product.take(_parsed(factor), 1)
    return product.text()


def _sum(*terms: str) -> str:
    """Those that are not zero; one that is not negative comes first."""
    there = sorted((term for term in terms if term != "0"), key=lambda term: term.startswith("-"))
    return " + ".join(there).replace("+ -", "- ") or "0"


class _Put(ast.NodeTransformer):
    """Puts an expression in the place of x."""

    def __init__(self, text: str) -> None:
        self.text = text

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _parsed(self.text) if node.id == "x" else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        return _parsed(_product("-1", _text(self.visit(node.operand))))


def _is_matrix(text: str) -> bool:
    """Whether it is K numbers a row: its sums over the classes are none."""
    outside = _Reduced().visit(_parsed(text))
    return bool(MATRICES & names(_text(outside))) or "strongest" in text


def _is_row(text: str) -> bool:
    """Whether it is one number a row."""
    return bool({"surprise", "sum", "max"} & names(text)) and not _is_matrix(text)


class _Reduced(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        if _text(node.func) in ("sum", "max"):
            return ast.Name("one")
        return self.generic_visit(node)  # type: ignore[return-value]


def _tidy(text: str) -> str:
    """Without parentheses that say nothing."""
    return _text(_parsed(text))


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _text(node: ast.AST) -> str:
    return ast.unparse(node)
