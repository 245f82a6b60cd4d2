"""The lines of a ledger in words and numbers, as a player says them and a table lists them."""

import re
from typing import NamedTuple

import numpy as np

from charts.numbers import readable
from losses.descent.activations import Activation
from losses.descent.ledger import Entry, Ledger

WAYS = {"forward": "forwards", "loss": "at the loss", "back": "backwards"}
BACK = ("product back", "sum back", "slope")  # what goes before the δ of a unit
BRIEF = {
    ", times what comes from there": "",
    ": its products and its bias": "",
    ": weight times slope": "",
    "slope of the loss in": "slope in",
}
AROUND = 2  # lines before the present one, and after it
OFF = "\N{EM SPACE}\N{NO-BREAK SPACE}"  # as wide as the mark of the present line


class Line(NamedTuple):
    """What is computed, from which numbers, and what comes out, with its finite difference."""

    way: str
    what: str
    computed: str
    value: float
    difference: float | None

    @property
    def said(self) -> str:
        """The line as an equation; a number that is only taken over stands once."""
        value = readable(self.value)
        return f"{self.what} = " + " = ".join(dict.fromkeys((self.computed, value)))


def lines(book: Ledger, act: Activation) -> list[Line]:
    """A line for each entry of a network with one activation; names in them are a user's text."""
    found: list[Line] = []
    came: list[Entry] = []  # back to the unit at hand, whose entries stand together
    for entry in book.entries:
        came.append(entry)
        computed = _computed(entry, act, came)
        what = f"δ, the {entry.words}" if entry.kind in ("pull", "delta") else entry.words
        found.append(Line(WAYS[entry.way], what, computed, entry.value, entry.difference))
        if entry.kind not in BACK:
            came.clear()
    return found


def captions(found: list[Line]) -> list[str]:
    """One sentence a line, with its place and, where there is one, the finite difference."""
    return [
        f"Line {k} of {len(found)}, {line.way}: {line.said}{_checked(line)}"
        for k, line in enumerate(found, 1)
    ]


def details(found: list[Line]) -> list[list[str]]:
    """For each line the ledger around it: the lines before and after it, and itself marked →."""
    rows = [f"{k}. {line.what} = {readable(line.value)}" for k, line in enumerate(found, 1)]
    padded = [""] * AROUND + rows + [""] * AROUND
    return [
        [f"{'→ ' if i == AROUND else OFF}{row}" if row else "" for i, row in enumerate(shown)]
        for shown in (padded[k : k + 2 * AROUND + 1] for k in range(len(rows)))
    ]


def table(found: list[Line]) -> dict[str, np.ndarray]:
    """The whole ledger in columns; NaN where there is no finite difference.

    Its texts have the minus of a keyboard, as its numbers have in a table that sorts them.
    """
    differences = [np.nan if line.difference is None else line.difference for line in found]
    return {
        "line": np.arange(1, len(found) + 1),
        "what": np.array([_brief(line.what) for line in found]),
        "computation in numbers": np.array([line.computed.replace("−", "-") for line in found]),
        "value": np.array([line.value for line in found]),
        "finite difference": np.array(differences),
    }


def _brief(what: str) -> str:
    """Without what the numbers beside it say, unit 3 of layer 2 as 2.3: a table has room for so
    much."""
    for said, short in BRIEF.items():
        what = what.replace(said, short)
    return re.sub(r"\bunit (\d+) of layer (\d+)", r"unit \2.\1", what)


def _computed(entry: Entry, act: Activation, came: list[Entry]) -> str:
    """The numbers that the value is made of; those of a δ from all that `came` to its unit."""
    match entry.kind:
        case "sum" | "sum back":
            return " + ".join(_terms(entry.parts))
        case "output":
            return f"{act.name}({readable(entry.parts[0])})"
        case "slope":
            return _filled(act.slope_formula, entry.parts[0])
        case "loss" | "pull":
            y, *scores = map(readable, entry.parts)
            sign = "L" if entry.kind == "loss" else "L′"
            return f"{sign}(y = {y}, score = {', '.join(scores)})"
        case "delta":
            return _chain(act, came)
    return " × ".join(_terms(entry.parts))


def _chain(act: Activation, came: list[Entry]) -> str:
    """The whole chain rule of a unit: weights times the δ of where they lead, times the slope."""
    shares = [" × ".join(_terms(one.parts)) for one in came if one.kind == "product back"]
    slope = next(one for one in came if one.kind == "slope")
    rule = _filled(act.slope_formula, slope.parts[0])
    back = f"({' + '.join(shares)})" if len(shares) > 1 else shares[0]
    return f"{back} × ({rule})" if rule[0] != "[" and rule != "1" else f"{back} × {rule}"


def _terms(parts: tuple[float, ...]) -> list[str]:
    """Numbers to be added or multiplied, those below 0 in brackets unless they come first."""
    first, *others = map(readable, parts)
    return [first, *(f"({text})" if text.startswith("−") else text for text in others)]


def _filled(formula: str, a: float) -> str:
    """The formula of a slope with a number for its a."""
    text = readable(a)
    number = f"({text})" if text.startswith("−") else text
    return re.sub(r"\ba", number, formula)


def _checked(line: Line) -> str:
    if line.difference is None:
        return ""
    apart = abs(line.value - line.difference)
    return f"; by finite difference {readable(line.difference)}, {readable(apart, 2)} away"
