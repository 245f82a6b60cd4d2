"""A column of text as numbers: every cell is a number, missing, or bad with its reason."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.data.choices import Decimal
from losses.data.conventions import CONVENTIONS, Convention
from losses.data.dataset import Array

Indices = NDArray[np.int64]

MISSING = frozenset("|na|n/a|#n/a|<na>|nan|null|none|nil|missing|.|-|--|?".split("|"))
BLANKS = " \t\r\n\xa0\u2009\u202f"
FEW = 1 / 20  # of the cells may differ from the others and be set aside; more are a question

PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?0*[0-9]{1,5})?")
AMOUNT = re.compile(r"([+-]?)([$€£¥]?)[ \xa0]?([0-9.,][^%$€£¥]*?)[ \xa0\u202f]?([%$€£¥]?)")


class Problem(NamedTuple):
    """A cell that is no number: its position in the column, and what it is instead."""

    at: int
    said: str
    missing: bool = False


class Column(NamedTuple):
    """Numbers, nan where there is a problem; a question is one that only the reader can answer.

    `decimal` is the mark before decimals, where the cells are not all as Python writes numbers.
    """

    values: Array
    problems: list[Problem]
    notes: tuple[str, ...] = ()
    question: str = ""
    decimal: str = ""

    def at(self, rows: Indices) -> "Column":
        """The same for some rows, which must be in order."""
        if len(rows) == len(self.values):
            return self
        new = dict(zip(rows.tolist(), range(len(rows)), strict=True)) if self.problems else {}
        problems = [Problem(new[at], said, gap) for at, said, gap in self.problems if at in new]
        return self._replace(values=self.values[rows], problems=problems)


@dataclass(frozen=True)
class Cells:
    """A column as numbers, and as the text behind them, which is made only if it is asked for."""

    read: Column
    text: Callable[[], Sequence[str]]

    @classmethod
    def of(cls, text: Sequence[str]) -> "Cells":
        """A column of text."""
        return cls(numbers(text), lambda: text)

    def at(self, rows: Indices) -> "Cells":
        """The same for some rows, which must be in order."""
        return Cells(self.read.at(rows), lambda: _taken(self.text(), rows))


class Amount(NamedTuple):
    """A cell taken apart: '-$1,234' is a minus, the digits '1,234' and a dollar sign.

    `times` is how many cells of the column are this one.
    """

    cell: str
    times: int
    minus: bool
    digits: str
    sign: str


class Found(NamedTuple):
    """Cells and the same numbers as Python writes them, those that are none, and how all are."""

    literals: dict[str, str]
    bad: dict[str, str]
    notes: tuple[str, ...] = ()
    question: str = ""
    decimal: str = ""


def numbers(cells: Sequence[str], decimal: Decimal | None = None) -> Column:
    """The column as float64 (n,): numbers + missing + bad cells are always n.

    With a decimal mark, only the ways of writing numbers that have this mark are tried. Equal cells
    are looked at once.
    """
    counts = Counter(cells)
    tidy = {cell: cell.strip(BLANKS).replace("\u2212", "-") for cell in counts}
    gone = {cell: missing(text) for cell, text in tidy.items() if is_missing(text)}
    present = Counter[str]()
    for cell, count in counts.items():
        if cell not in gone:
            present[tidy[cell]] += count
    found = _plain(present) if decimal != "," else None
    found = found or _interpreted(present, decimal)
    value, bad = _values(found)
    said = {cell: bad[text] for cell, text in tidy.items() if text in bad} | gone
    number = {cell: value.get(text, math.nan) for cell, text in tidy.items()}
    values = np.fromiter(map(number.__getitem__, cells), np.float64, len(cells))
    places = enumerate(cells) if said else ()
    problems = [Problem(at, said[cell], cell in gone) for at, cell in places if cell in said]
    return Column(values, problems, found.notes, found.question, found.decimal)


def _plain(present: Mapping[str, int]) -> Found | None:
    """All that is a number at all as Python writes it; None if some are written otherwise."""
    odd = [cell for cell in present if not PLAIN.fullmatch(cell)]
    if any(_taken_apart(cell, 1) for cell in odd):
        return None
    bad = {cell: f"is {shown(cell)}, not a number" for cell in odd}
    return Found({cell: cell for cell in present if cell not in bad}, bad)


def _values(found: Found) -> tuple[dict[str, float], dict[str, str]]:
    """The numbers of the cells that keep theirs, and why each of the others is none."""
    value = {cell: float(literal) for cell, literal in found.literals.items()}
    why = {cell: lost(value[cell], literal) for cell, literal in found.literals.items()}
    bad = {cell: f"is {shown(cell)}, {reason}" for cell, reason in why.items() if reason}
    return {cell: v for cell, v in value.items() if cell not in bad}, found.bad | bad


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no value."""
    return cell.strip(BLANKS).lower() in MISSING


def missing(cell: str) -> str:
    """How the cell says it."""
    return f"is {cell.strip(BLANKS)!r}, a missing value" if cell.strip(BLANKS) else "is empty"


def shown(cell: str, most: int = 40) -> str:
    """The cell in quotes, cut to a length that fits a sentence."""
    return repr(cell if len(cell) <= most else cell[:most] + "...")


def _taken(text: Sequence[str], rows: Indices) -> Sequence[str]:
    return text if len(rows) == len(text) else [text[at] for at in rows.tolist()]


def _interpreted(present: Mapping[str, int], decimal: Decimal | None) -> Found:
    """Python literals of the cells, once the column's own way of writing numbers is known."""
    taken = {cell: _taken_apart(cell, times) for cell, times in present.items()}
    amounts, question = _one_sign([amount for amount in taken.values() if amount])
    ways = [c for c in CONVENTIONS if decimal in (None, c.decimal)]
    convention, fitting, unclear = _one_convention(amounts, ways)
    question = question or unclear
    good = [amount for amount in amounts if amount.digits in fitting and not question]
    literals = {amount.cell: _literal(amount, convention) for amount in good}
    usual = f"not a number like {shown(good[0].cell)}" if good else "not a number"
    why = "unclear" if question else usual
    bad = {
        cell: f"is {shown(cell)}, {why if amount else 'not a number'}"
        for cell, amount in taken.items()
        if cell not in literals
    }
    marked = any(convention.decimal in amount.digits for amount in good)
    return Found(literals, bad, _notes(literals), question, convention.decimal if marked else "")


def _taken_apart(cell: str, times: int) -> Amount | None:
    parts = AMOUNT.fullmatch(cell)
    if parts is None or (parts[2] and parts[4]) or (parts[4] == "%" and "e" in parts[3].lower()):
        return None
    return Amount(cell, times, parts[1] == "-", parts[3], parts[2] or parts[4])


def _one_sign(amounts: list[Amount]) -> tuple[list[Amount], str]:
    """The amounts that carry the column's usual sign, % or $ or none; a question if many do not."""
    count = Counter[str]()
    for amount in amounts:
        count[amount.sign] += amount.times
    if len(count) < 2:
        return amounts, ""
    sign, most = count.most_common(1)[0]
    usual = [amount for amount in amounts if amount.sign == sign]
    other = next(amount for amount in amounts if amount.sign != sign)
    if count.total() - most <= FEW * count.total():
        return usual, ""
    return usual, (
        f"some cells are like {shown(usual[0].cell)} ({most} of them) and some like "
        f"{shown(other.cell)} ({count.total() - most}); write all of them in one way"
    )


def _one_convention(
    amounts: list[Amount], ways: Sequence[Convention]
) -> tuple[Convention, set[str], str]:
    """The convention that fits most cells; a question if another fits as many in another sense."""
    distinct = Counter[str]()
    for amount in amounts:
        distinct[amount.digits] += amount.times
    fits = {c: set(filter(c.pattern.fullmatch, distinct)) for c in ways}
    count = {c: sum(distinct[one] for one in fits[c]) for c in ways}
    first, *others = [c for c in ways if count[c] == max(count.values())]
    for other in others:
        if fits[first] != fits[other]:
            one, two = min(fits[first] - fits[other]), min(fits[other] - fits[first])
            asked = f"{one!r} has {first.name} and {two!r} {other.name}; write one of them"
            return first, fits[first], asked
        if first.decimal == other.decimal:
            continue  # what fits both has no mark that they take for different things
        unlike = [d for d in fits[first] if float(first.plain(d)) != float(other.plain(d))]
        if unlike and first is not CONVENTIONS[0]:
            one = min(unlike)
            may = f"{float(first.plain(one)):.15g} or {float(other.plain(one)):.15g}"
            asked = "write it with a decimal point only, or say which mark is the decimal one"
            return first, fits[first], f"{one!r} may be {may}; {asked}"
    return first, fits[first], ""


def _literal(amount: Amount, convention: Convention) -> str:
    percent = "e-2" if amount.sign == "%" else ""
    return "-" * amount.minus + convention.plain(amount.digits) + percent


def _notes(literals: Mapping[str, str]) -> tuple[str, ...]:
    """How the first cell that is no plain number was read."""
    odd = next((cell for cell, text in literals.items() if cell.lstrip("+") != text), None)
    return (f"{odd!r} is read as {float(literals[odd]):.15g}",) if odd is not None else ()


def lost(value: float, literal: str) -> str:
    """Why a number cannot be kept as it is written."""
    if value != 0.0 and math.isfinite(value) and (len(literal) <= 15 or "." in literal):
        return ""
    mantissa = re.split("[eE]", literal)[0]
    if math.isinf(value):
        return "too large for a number"
    if value == 0.0 and mantissa.strip("+-0."):
        return "too small for a number"
    digits = literal.lstrip("+-").lstrip("0")
    if len(digits) > 15 and digits.isdigit() and abs(int(value)) != int(digits):
        return "which has more digits than a number keeps"
    return ""
