"""What was found in a file, column by column, in words that a reader can check and change."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from losses.data.cells import BLANKS, Column, is_missing

Kind = Literal["number", "whole number", "truth value", "date", "text", "empty"]

MOSTLY = 0.9  # of the cells that are there must be of a kind
TRUTHS = frozenset("true false yes no t f y n wahr falsch ja nein vrai faux oui non".split())
DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z| ?[+-]\d{2}:?\d{2})?)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( \d{1,2}:\d{2}(:\d{2})?)?"
    r"|\d{1,2}[- .]+[^\W\d_]{3,9}\.?([- ]+\d{2,4})?|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
)


@dataclass(frozen=True)
class ColumnReport:
    """A column: what most of its cells are, how many are missing, and how many are of no such kind.

    `decimal` is the mark before decimals, empty where there are none; `question` is what only the
    reader can answer before the column can be used as numbers.
    """

    name: str
    kind: Kind
    missing: int = 0
    bad: int = 0
    decimal: str = ""
    question: str = ""


@dataclass(frozen=True)
class Report:
    """How a file was read: all that was guessed can be said in Choices instead."""

    encoding: str
    delimiter: str
    decimal: tuple[str, ...]
    header: bool
    rows: int
    left_out: int
    reasons: tuple[str, ...]
    columns: tuple[ColumnReport, ...]

    def kind(self, name: str) -> Kind:
        """The kind of a column."""
        return next(column.kind for column in self.columns if column.name == name)


def describe(name: str, read: Column, text: Callable[[], Sequence[str]]) -> ColumnReport:
    """What a column holds; its text is asked for only where numbers do not say it."""
    values = read.values[np.isfinite(read.values)]
    gone = sum(problem.missing for problem in read.problems)
    present = len(read.values) - gone
    if not present:
        return ColumnReport(name, "empty", gone)
    bad = len(read.problems) - gone
    if read.question or len(values) >= MOSTLY * present:
        whole = not read.question and bool(np.all(values == np.floor(values)))
        decimal = read.decimal or ("" if whole or read.question else ".")
        kind: Kind = "whole number" if whole else "number"
        return ColumnReport(name, kind, gone, bad, decimal, read.question)
    kind, bad = _worded(text())
    return ColumnReport(name, kind, gone, bad)


def _worded(cells: Sequence[str]) -> tuple[Kind, int]:
    """What words are, and how many of them are not."""
    distinct = Counter(cell.strip(BLANKS) for cell in cells if not is_missing(cell))
    present = distinct.total()
    truths = sum(distinct[word] for word in distinct if word.lower() in TRUTHS)
    if truths >= MOSTLY * present:
        return "truth value", present - truths
    dates = sum(distinct[word] for word in distinct if DATE.fullmatch(word))
    if dates >= MOSTLY * present:
        return "date", present - dates
    return "text", 0
