"""An objective as code: its data, its value and its gradient, for a program of its own."""

import ast
import json
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, replace

from losses.base import Loss
from losses.data import Dataset
from losses.data.writing import written
from losses.descent.derivative import derivative, names, plus, times
from losses.descent.models import Softmax
from losses.descent.objective import Objective
from losses.descent.step_code import price_of
from losses.dialects import DIALECTS, Dialect
from losses.snippets import LETTERS
from losses.spec import Spec

INLINE = 50  # rows; more are read from a file
FILE = "data.csv"
WIDTH = 84  # of an expression
SHORT = re.compile(r"\([^()]{1,30}\)")

# What a recipe spells otherwise than a snippet of one line.
OWN = {
    "NumPy": {
        "column": "({0})[:, None]",
        "one_hot": "np.eye({1})[{0}]",
        "sigmoid": "sigmoid({0})",
        "strongest": "np.eye(K)[({0}).argmax(axis=-1)]",
    },
    # of several largest, only the first gets the gradient
    "PyTorch": {"max": "({0}).max(dim=-1).values"},
}
# The derivatives of the letters of an expression in the score, where they are not 1.
INNER = {
    "margin": {"m": "y"},
    "binary": {"m": "2 * y - 1", "p": "p * (1 - p)"},
    "multiclass": {"surprise": "p - hot"},
}


@dataclass(frozen=True)
class ObjectiveCode:
    """The objective in the words of a library; raises ValueError for a model that is not linear."""

    objective: Objective
    library: str
    path: str | None

    def __post_init__(self) -> None:
        if not self.objective.model.linear:
            raise ValueError(
                f"there is code for linear models, and none for {self.objective.model}"
            )

    @property
    def goal(self) -> str:
        """What goes down."""
        return "cost" if self.objective.penalty is None else "objective"

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        priced = "" if self.objective.penalty is None else f" + {self.objective.penalty}"
        return f"{self.objective.loss}{priced}"

    def call(self, name: str, weights: str, rows: str = "X, y") -> str:
        """The call of one of its definitions."""
        return f"{name}({weights}, {rows})"

    @property
    def dialect(self) -> Dialect:
        plain = DIALECTS[self.library]
        return replace(plain, functions={**plain.functions, **OWN[self.library]})

    @property
    def many(self) -> bool:
        """Whether a row has several logits."""
        return isinstance(self.objective.model, Softmax)

    def data(self) -> list[str]:
        """The lines that make X and y."""
        data = self.objective.data
        own = "torch.tensor" if self.library == "PyTorch" else "np.array"
        if self.path is None and len(data) <= INLINE:
            rows = zip(data.features.tolist(), data.target.tolist(), strict=True)
            lines = [f"data = {own}([", *(f"    {[*x, y]}," for x, y in rows), "])"]
        else:
            read = f"np.loadtxt({self._file()})"
            lines = [f"data = {own}({read})" if self.library == "PyTorch" else f"data = {read}"]
        whole = "data[:, -1].long()" if self.library == "PyTorch" else "data[:, -1].astype(int)"
        target = {"margin": "2 * data[:, -1] - 1", "multiclass": whole}
        columns = ", ".join(map(_printable, data.columns))
        return [
            f"# X: {columns}",
            f"# y: {_printable(data.target_name)}{_meaning(data, self.objective.loss)}",
            *lines,
            f"X, y = data[:, :-1], {target.get(self.objective.loss.family, 'data[:, -1]')}",
        ]

    def _file(self) -> str:
        """The arguments that read the file."""
        data = self.objective.data
        path = json.dumps(FILE if self.path is None else self.path, ensure_ascii=False)
        found = [path, 'delimiter=","', "skiprows=1"]
        found += ["ndmin=2"] if len(data) == 1 else []
        found += (
            [] if "".join((*data.columns, data.target_name)).isascii() else ['encoding="utf-8"']
        )
        return ", ".join(found)

    def parameters(self) -> list[str]:
        """The parameters of the loss and of the penalty."""
        loss, penalty = self.objective.loss, self.objective.penalty
        used = names(loss.expression) | names(slope_of(loss))
        lines = settings(loss, used, alone=True)
        return lines + (settings(penalty, names(price_of(penalty)), alone=True) if penalty else [])

    def value(self) -> list[str]:
        """The definition of the cost, or of the objective."""
        body, price = self.objective.loss.expression, price_of(self.objective.penalty)
        price = f" + ({self._weighed(price)}).sum()" if price else ""
        lines = [*self._scores(body), *broken("loss = ", self.dialect.spell(body))]
        if self.library == "PyTorch" and " < 0, " in slope_of(self.objective.loss):
            lines.append("# where r = 0, autograd takes the slope of one side; NumPy's recipe, 0")
        lines.append(f"return loss.mean(){price}")
        return [f"def {self.goal}(w, X, y):", *indented(lines)]

    def gradient(self) -> list[str]:
        """The definition of its gradient, by the slopes of each row's loss in its score."""
        body, price = slope_of(self.objective.loss), price_of(self.objective.penalty)
        lines = [*self._scores(body), *broken("slope = ", self.dialect.spell(body))]
        lines += (
            ["g = np.column_stack([slope.T @ X, slope.sum(axis=0)]) / len(y)"]
            if self.many
            else ["g = np.append(slope @ X, slope.sum()) / len(y)"]
        )
        weights = "g[:, :-1]" if self.many else "g[:-1]"
        lines += [f"{weights} += {self._weighed(derivative(price, 'u'))}"] if price else []
        lines += ["return g.ravel()" if self.many else "return g"]
        head = '"""The slope of each row\'s loss in its score, carried back to the weights."""'
        return ["def gradient(w, X, y):", *indented([head, *lines])]

    def _scores(self, body: str) -> list[str]:
        """The lines from weights to the letters that the body uses."""
        loss = self.objective.loss
        scores = ["s = X @ w[:-1] + w[-1]"]
        if self.many:
            classes = len(self.objective.data.classes)
            scores = [f"W = w.reshape({classes}, -1)", "s = X @ W[:, :-1].T + W[:, -1]"]
        letters, used = LETTERS[loss.family], names(body)
        for letter in reversed(letters):
            used |= names(letters[letter]) if letter in used else set()
        needed = {letter: text for letter, text in letters.items() if letter in used}
        return scores + [
            f"{letter} = {self.dialect.spell(text)}" for letter, text in needed.items()
        ]

    def _weighed(self, price: str) -> str:
        """A price of u as one of all weights but the biases."""
        weights = "W[:, :-1]" if self.many else "w[:-1]"
        return re.sub(r"\bu\b", weights, self.dialect.spell(price))


def slope_of(loss: Loss) -> str:
    """The derivative of a loss in the score, in the notation of its expression and its letters."""
    text, inner = loss.expression, INNER.get(loss.family, {})
    letters = [name for name in ("r", "s", "m", "z", "p", "surprise") if name in names(text)]
    parts = [(letter, derivative(text, letter)) for letter in letters]
    terms = []
    for letter, outer in parts:
        if (loss.family, letter) == ("multiclass", "p"):  # each probability moves all others
            outer = f"{outer} - column(sum({times('p', outer)}))"
            terms.append(times("p", outer))
        else:
            terms.append(times(f"({inner.get(letter, '1')})", outer))
    return plus(*terms)


def data_csv(data: Dataset) -> str:
    """The file that a recipe reads: the columns, then the target as a number, classes as 0, 1, …"""
    columns = [*zip(map(_printable, data.columns), data.features.T.tolist(), strict=True)]
    return written([*columns, (_printable(data.target_name), data.target.tolist())])


def settings(spec: Spec, used: set[str], *, alone: bool = False) -> list[str]:
    """The numbers of a spec that are used: a line each, or one line for all."""
    values = {name: value for name, value in vars(spec).items() if name in used}
    lines = [f"{name} = {float(value)!r}" for name, value in values.items()]
    if alone or len(lines) < 2:
        return lines
    return [f"{', '.join(values)} = {', '.join(repr(float(v)) for v in values.values())}"]


def _meaning(data: Dataset, loss: Loss) -> str:
    """Which number stands for which class."""
    if not data.classes:
        return ""
    first = (-1, 1) if loss.family == "margin" else range(len(data.classes))
    pairs = zip(first, data.classes, strict=True)
    return ", " + ", ".join(f"{number}: {_printable(name)}" for number, name in pairs)


def broken(head: str, text: str) -> list[str]:
    """An expression behind its head, a long one on several lines: its terms, if that is enough.

    Short pairs of parentheses stay whole.
    """
    if len(text) < WIDTH:
        return [head + text]
    parts = _terms(ast.parse(text, mode="eval").body)
    if max(map(len, parts)) > WIDTH:
        held = SHORT.sub(lambda match: match.group().replace(" ", "\xa0"), text)
        parts = textwrap.wrap(held, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [f"{head}(", *indented(part.replace("\xa0", " ") for part in parts), ")"]


def _terms(node: ast.expr) -> list[str]:
    """The terms of a sum, all but the first with their sign."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as sign, right=right):
            whole = ast.unparse(ast.BinOp(ast.Name("_"), sign, right))
            return [*_terms(left), whole.removeprefix("_ ")]
    return [ast.unparse(node)]


def indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _printable(text: str) -> str:
    """A name that stays on its line."""
    return "".join(c if c.isprintable() else " " for c in text).strip()
