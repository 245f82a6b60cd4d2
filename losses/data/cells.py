"""A column of text as numbers: every cell is a number, missing, or bad with its reason."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from losses.data.conventions import CONVENTIONS, Convention
from losses.data.dataset import Array

MISSING = frozenset("|na|n/a|#n/a|<na>|nan|null|none|nil|missing|.|-|--|?".split("|"))
BLANKS = " \t\r\n\xa0\u2009\u202f"
FEW = 1 / 20  # of the cells may differ from the others and be set aside; more are a question

PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
AMOUNT = re.compile(r"([+-]?)([$€£¥]?)[ \xa0]?([0-9.,][^%$€£¥]*?)[ \xa0\u202f]?([%$€£¥]?)")


class Problem(NamedTuple):
    """A cell that is no number: its position in the column, and what it is instead."""

    at: int
    said: str
    missing: bool = False


class Column(NamedTuple):
    """Numbers, nan where there is a problem; a question is one that only the reader can answer."""

    values: Array
    problems: list[Problem]
    notes: tuple[str, ...] = ()
    question: str = ""


class Amount(NamedTuple):
    """A cell taken apart: '-$1,234' is a minus, the digits '1,234' and a dollar sign."""

    at: int
    cell: str
    minus: bool
    digits: str
    sign: str


def numbers(cells: Sequence[str]) -> Column:
    """The column as float64 (n,): numbers + missing + bad cells are always n."""
    tidy = [cell.strip(BLANKS).replace("\u2212", "-") for cell in cells]
    problems = [
        Problem(at, missing(cell), True) for at, cell in enumerate(tidy) if is_missing(cell)
    ]
    empty = {problem.at for problem in problems}
    present = [(at, cell) for at, cell in enumerate(tidy) if at not in empty]
    values = np.full(len(tidy), np.nan)
    notes: tuple[str, ...] = ()
    question = ""
    if all(PLAIN.fullmatch(cell) for _, cell in present):
        read = [(at, cell, cell) for at, cell in present]
    else:
        read, bad, notes, question = _interpreted(present)
        problems += bad
    for at, cell, literal in read:
        values[at] = float(literal)
        if why := _lost(values[at], literal):
            problems.append(Problem(at, f"is {shown(cell)}, {why}"))
            values[at] = np.nan
    return Column(values, sorted(problems), notes, question)


def is_missing(cell: str) -> bool:
    """Whether the cell says that there is no value."""
    return cell.strip(BLANKS).lower() in MISSING


def missing(cell: str) -> str:
    """How the cell says it."""
    return f"is {cell.strip(BLANKS)!r}, a missing value" if cell.strip(BLANKS) else "is empty"


def shown(cell: str, most: int = 40) -> str:
    """The cell in quotes, cut to a length that fits a sentence."""
    return repr(cell if len(cell) <= most else cell[:most] + "...")


Literals = list[tuple[int, str, str]]


def _interpreted(
    present: list[tuple[int, str]],
) -> tuple[Literals, list[Problem], tuple[str, ...], str]:
    """Python literals of the cells, once the column's own way of writing numbers is known."""
    found = [(at, cell, _taken_apart(at, cell)) for at, cell in present]
    amounts, question = _one_sign([amount for _, _, amount in found if amount])
    convention, fitting, unclear = _one_convention([amount.digits for amount in amounts])
    question = question or unclear
    good = [amount for amount in amounts if amount.digits in fitting and not question]
    read = [(amount.at, amount.cell, _literal(amount, convention)) for amount in good]
    known = {at for at, *_ in read}
    usual = f"not a number like {shown(good[0].cell)}" if good else "not a number"
    why = "unclear" if question else usual
    bad = [
        Problem(at, f"is {shown(cell)}, {why if amount else 'not a number'}")
        for at, cell, amount in found
        if at not in known
    ]
    return read, bad, _notes(read), question


def _taken_apart(at: int, cell: str) -> Amount | None:
    parts = AMOUNT.fullmatch(cell)
    if parts is None or (parts[2] and parts[4]) or (parts[4] == "%" and "e" in parts[3].lower()):
        return None
    return Amount(at, cell, parts[1] == "-", parts[3], parts[2] or parts[4])


def _one_sign(amounts: list[Amount]) -> tuple[list[Amount], str]:
    """The amounts that carry the column's usual sign, % or $ or none; a question if many do not."""
    count = Counter(amount.sign for amount in amounts).most_common()
    if len(count) < 2:
        return amounts, ""
    usual = [amount for amount in amounts if amount.sign == count[0][0]]
    other = next(amount for amount in amounts if amount.sign != count[0][0])
    if len(amounts) - len(usual) <= FEW * len(amounts):
        return usual, ""
    return usual, (
        f"some cells are like {shown(usual[0].cell)} ({len(usual)} of them) and some like "
        f"{shown(other.cell)} ({len(amounts) - len(usual)}); write all of them in one way"
    )


def _one_convention(digits: list[str]) -> tuple[Convention, set[str], str]:
    """The convention that fits most cells; a question if another fits as many in another sense."""
    distinct = Counter(digits)
    fits = {c: {one for one in distinct if c.fits(one)} for c in CONVENTIONS}
    count = {c: sum(distinct[one] for one in fits[c]) for c in CONVENTIONS}
    first, *others = [c for c in CONVENTIONS if count[c] == max(count.values())]
    for other in others:
        if fits[first] != fits[other]:
            one, two = min(fits[first] - fits[other]), min(fits[other] - fits[first])
            asked = f"{one!r} has {first.name} and {two!r} {other.name}; write one of them"
            return first, fits[first], asked
        unlike = [d for d in fits[first] if float(first.plain(d)) != float(other.plain(d))]
        if unlike and first is not CONVENTIONS[0]:
            one = min(unlike)
            may = f"{float(first.plain(one)):.15g} or {float(other.plain(one)):.15g}"
            return first, fits[first], f"{one!r} may be {may}; write it with a decimal point only"
    return first, fits[first], ""


def _literal(amount: Amount, convention: Convention) -> str:
    percent = "e-2" if amount.sign == "%" else ""
    return "-" * amount.minus + convention.plain(amount.digits) + percent


def _notes(read: Literals) -> tuple[str, ...]:
    """How the first cell that is no plain number was read."""
    odd = next(((cell, literal) for _, cell, literal in read if cell.lstrip("+") != literal), None)
    return (f"{odd[0]!r} is read as {float(odd[1]):.15g}",) if odd else ()


def _lost(value: float, literal: str) -> str:
    """Why a number cannot be kept as it is written."""
    mantissa = re.split("[eE]", literal)[0]
    if math.isinf(value):
        return "too large for a number"
    if value == 0.0 and mantissa.strip("+-0."):
        return "too small for a number"
    if len(mantissa) > 15 and literal.lstrip("+-").isdigit() and int(value) != int(literal):
        return "which has more digits than a number keeps"
    return ""
