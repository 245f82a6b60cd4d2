"""Formulas built from losses that exist: the text stays the truth, and can be edited on."""

from collections.abc import Sequence
from functools import reduce
from typing import Literal, NamedTuple

import numpy as np

from losses.base import Loss
from losses.families import ResidualLoss
from losses.formula.parsing import parse
from losses.formula.tidying import signed, tidied
from losses.formula.tree import Node, call, names, substituted
from losses.formula.typed import Formula
from losses.formula.writing import plainly

Match = Literal["nothing", "value", "value and slope"]


class Preset(NamedTuple):
    """A formula to start from: its name, text, parameters, and what it does in a sentence."""

    name: str
    text: str
    own: dict[str, float]
    means: str

    def loss(self) -> Formula:
        return Formula(self.text, **self.own)


# "MSE for big mistakes, MAE for small ones", as it may be meant. c is in units of y.
READINGS = (
    Preset(
        "Literal",
        "where(abs(r) < c, abs(r), r^2)",
        {"c": 2.0},
        "Word for word: unless c is 1, the loss jumps from c to c² where the two meet.",
    ),
    Preset(
        "Reverse Huber",
        "where(abs(r) <= c, abs(r), (r^2 + c^2)/(2*c))",
        {"c": 2.0},
        "The same without a jump or a corner at c: large mistakes count even more than in MAE.",
    ),
    Preset(
        "Huber",
        "where(abs(r) <= c, r^2/2, c*(abs(r) - c/2))",
        {"c": 2.0},
        "The other way round, squares for small mistakes: what one wants against outliers.",
    ),
)


class Built(NamedTuple):
    """The text of a formula, and the values of the parameters that it names."""

    text: str
    own: dict[str, float]


def as_text(loss: Loss) -> str:
    """A loss as the text of a formula, its parameters as numbers. Raises FormulaError."""
    return plainly(as_tree(loss))


def as_tree(loss: Loss) -> Node:
    """The same as a tree."""
    return tidied(substituted(_named(loss), {name: _leaf(one) for name, one in _own(loss).items()}))


def named(loss: Loss) -> Built:
    """A loss as the text of a formula that names its parameters. Raises FormulaError."""
    tree, own = _named(loss), _own(loss)
    return Built(plainly(tree), {name: own[name] for name in own if name in names(tree)})


def _named(loss: Loss) -> Node:
    tree = loss.tree if isinstance(loss, Formula) else parse(loss.expression)
    margin = {"m": parse("(2*y - 1)*z")}  # an expression has the logit of the true class
    return substituted(tree, margin) if loss.family == "binary" else tree


def _own(loss: Loss) -> dict[str, float]:
    return {name: value for name, value in loss.values().items() if value is not None}


def _leaf(value: float) -> Node:
    return signed(float(f"{value:.15g}"))


def joined(
    below: Loss,
    above: Loss,
    at: float,
    match: Match = "nothing",
    *,
    of: Literal["size", "sign"] = "size",
) -> str:
    """One loss of the residual for |r| < at and another from there on; or for r < at, by sign.

    To match the value, a constant is added to the second; to match the slope, it is multiplied
    first. Raises ValueError where the two have no slopes that can be matched, and for |r| where one
    of them is not symmetric.
    """
    for loss in (below, above):
        if not isinstance(loss, ResidualLoss):
            raise ValueError(f"{loss.name} is no loss of a residual")
        if of == "size" and not loss.symmetric:
            raise ValueError(f"{loss.name} is not symmetric: it has no one value at |r| = {at:g}")
    factor, shift = (float(f"{one:.15g}") for one in _matching(below, above, at, match))
    second = as_tree(above)
    if factor != 1:
        second = call("*", _leaf(factor), second)
    if shift:
        second = call("+" if shift > 0 else "-", second, _leaf(abs(shift)))
    left = parse("abs(r)" if of == "size" else "r")
    return plainly(call("where", call("<", left, _leaf(at)), as_tree(below), second))


def joined_at_c(below: Loss, above: Loss, at: float, match: Match = "nothing") -> Built:
    """Two losses joined where |r| is the parameter c; at the number itself to match slopes.

    Values that match do so at every c. Raises ValueError as `joined` does.
    """
    text = joined(below, above, at, match)
    if match == "value and slope":
        return Built(text, {})
    first, second = as_tree(below), as_tree(above)
    c = Node("name", word="c")
    if match == "value":
        ends = (substituted(tree, {"r": c}) for tree in (first, second))
        second = call("+", second, call("-", *ends))
    condition = call("<", parse("abs(r)"), c)
    return Built(plainly(tidied(call("where", condition, first, second))), {"c": at})


def _matching(below: Loss, above: Loss, at: float, match: Match) -> tuple[float, float]:
    zero, just_below, just_above = (
        np.zeros(1),
        *(np.array([np.nextafter(at, end)]) for end in (-np.inf, np.inf)),
    )
    factor = 1.0
    if match == "value and slope":
        slopes = (
            float(below.gradient(zero, just_below)[0]),
            float(above.gradient(zero, just_above)[0]),
        )
        if slopes[1] == 0 or slopes[0] / slopes[1] <= 0:
            raise ValueError(f"{above.name} has no slope at {at:g} that a factor could match")
        factor = slopes[0] / slopes[1]
    if match == "nothing":
        return factor, 0.0
    values = below.value(zero, just_below), above.value(zero, just_above)
    return factor, float((values[0] - factor * values[1])[0])


def by_sign(loss: Loss, too_low: float, too_high: float) -> str:
    """A loss of the residual that weighs too low and too high differently."""
    weight = call("where", parse("r < 0").parts[0], _leaf(too_low), _leaf(too_high))
    return plainly(call("*", weight, as_tree(loss)))


def mixture(parts: Sequence[tuple[float, Loss]]) -> str:
    """A weighted sum of losses of one family, such as 0.3 of the absolute and 0.7 of the square."""
    terms = [call("*", _leaf(weight), as_tree(loss)) for weight, loss in parts]
    return plainly(reduce(lambda one, other: call("+", one, other), terms))
