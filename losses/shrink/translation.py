"""λ under other names: what a library must be given, in numbers, to find the same weights."""

import ast
from dataclasses import dataclass

from losses.base import Loss
from losses.conventions import HAND, Convention, conventions
from losses.margin import Logistic
from losses.penalties import L2, Penalty
from losses.probabilistic import CrossEntropy
from losses.regression import SquaredError

HALVES = {"": 1.0, "½ ": 0.5}


@dataclass(frozen=True)
class Translation:
    """A call or a formula with numbers in it, and the numbers by name."""

    library: str
    call: str
    numbers: dict[str, float]
    note: str = ""


def translated(penalty: Penalty, rows: int, loss: Loss | None = None) -> tuple[Translation, ...]:
    """What other conventions call this penalty beside a mean loss over so many rows.

    Those of libraries are rows of the conventions whose minimizer is ours: for the squared error,
    which is meant without a `loss`, and for the log loss. Those by hand hold for every loss: as a
    mean or a sum, with a half before it or before the squares.
    """
    loss = SquaredError() if loss is None else loss
    known = penalty.values() | {"n": rows}
    found = [_filled(row, known) for row in conventions(penalty) if _fits(row, loss)]
    return (*found, *by_hand(penalty, rows))


def by_hand(penalty: Penalty, rows: int) -> tuple[Translation, ...]:
    """λ where the data cost is a mean or a sum, with a half before it or none, and the same for
    the squares of the weights."""
    lam, found = float(penalty.values()["lam"]), list[Translation]()
    paid = {"": 1.0} if not isinstance(penalty, L2) else HALVES
    names = {"l1": "Σ|w|", "l2": "Σw²"}
    paying = names.get(penalty.slug, "(ρ Σ|w| + (1 − ρ) Σw²)")
    for kind, count in (("mean", 1.0), ("sum", float(rows))):
        for half, share in HALVES.items():
            for before, of_squares in paid.items():
                written = f"{half}{kind} of losses + λ {before}{paying}"
                number = lam * count * share / of_squares
                found.append(Translation(HAND, written, {"λ": number}))
    return tuple(found)


def _fits(row: Convention, loss: Loss) -> bool:
    """Whether a row fits a model, under this loss."""
    if row.times:
        return False
    if row.call.startswith("LogisticRegression"):
        return isinstance(loss, Logistic | CrossEntropy)
    return isinstance(loss, SquaredError)


def _filled(row: Convention, known: dict[str, float]) -> Translation:
    """The call with the arithmetic done."""
    called = "(" in row.call.partition("=")[0]
    tree = ast.parse(row.call if called else f"_({row.call})", mode="eval")
    numbers = dict[str, float]()
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword):
            node.value = _number(node.value, known)
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float):
                numbers[str(node.arg)] = float(node.value.value)
        elif isinstance(node, ast.Call):
            node.args = [_number(each, known) for each in node.args]
    text = ast.unparse(tree)
    return Translation(row.library, text if called else text[2:-1], numbers, row.note)


def _number(node: ast.expr, known: dict[str, float]) -> ast.expr:
    """The number that an expression of known letters is, or the expression."""
    letters = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    if isinstance(node, ast.Constant) or not letters or not letters <= set(known):
        return node
    text = ast.unparse(node)
    return ast.Constant(float(eval(text, {"__builtins__": {}}, dict(known))))
