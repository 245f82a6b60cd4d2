"""Records to a table: its width, its header, its body, and the records that do not fit."""

import re
from collections import Counter
from typing import NamedTuple

from losses.data.cells import is_missing
from losses.data.dataset import DataError
from losses.data.dialect import Record, is_typed
from losses.data.writing import FORMULA

MOST_REJECTED = 0.2
TITLES = 10  # lines among which the names must come, below a title
LONGEST_NAME = 200
TRIMMED = "lines end in a delimiter; the empty last column is left out"
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Rejected(NamedTuple):
    """A line of the file that is not in the table, and why."""

    line: int
    reason: str


class Layout(NamedTuple):
    """Unique names, a body of records that have a cell for each, and what is not in it."""

    names: list[str]
    body: list[Record]
    rejected: list[Rejected]
    notes: list[str]
    header: bool
    trimmed: bool


def lay_out(records: list[Record], header: bool | None = None) -> Layout:
    """Every record is in the body, is the header, is rejected with a reason, or is in the notes.

    Whether the first record is a header is guessed where it is not said.
    """
    records, notes = _unguarded(records)
    records, trimmed = _trimmed(records)
    notes += [TRIMMED] * trimmed
    width = _usual_width(records)
    if width < 2:
        raise DataError("the file has one column only; at least two are needed")
    above, records = _split(records, width)
    notes += _noted(above, "above the table and not part of it")
    if header is not False:
        _check_first(records, width)
    fits = [record for record in records if not _misfit(record, width)]
    rejected = [Rejected(record.line, why) for record in records if (why := _misfit(record, width))]
    _check_share(rejected, sum(r.lines for r in records if _misfit(r, width)), len(fits))
    names = [f"column {at}" for at in range(1, width + 1)]
    headed = _has_header(fits) if header is None else header
    if headed:
        names, renamed = unique([_clean(cell) for cell in fits.pop(0).cells])
        notes += renamed
    else:
        found = "no header was found" if header is None else "no line is the header"
        notes.append(f"{found}, so the columns are numbered")
    if not fits:
        raise DataError("the file has a header and no rows; at least one row is needed")
    return Layout(names, fits, rejected, notes, headed, trimmed)


def _unguarded(records: list[Record]) -> tuple[list[Record], list[str]]:
    """Without the apostrophes that keep spreadsheets from executing text: see Dataset.as_csv."""
    count = 0
    for record in records:
        for at, cell in enumerate(record.cells):
            if cell[:1] == "'" and FORMULA.match(cell):
                record.cells[at] = cell[1:]
                count += 1
    said = f"{count} cells lost the apostrophe that kept them from being formulas"
    return records, [said] if count else []


def _trimmed(records: list[Record]) -> tuple[list[Record], bool]:
    """Without the empty last cell of lines that end in a delimiter, if all of the usual ones do."""
    width = _usual_width(records)
    usual = [record for record in records if len(record.cells) == width]
    if width < 3 or any(record.cells[-1].strip() for record in usual):
        return records, False
    cut = [r._replace(cells=r.cells[:-1]) if len(r.cells) == width else r for r in records]
    return cut, True


def _usual_width(records: list[Record]) -> int:
    return Counter(len(record.cells) for record in records).most_common(1)[0][0]


def _split(records: list[Record], width: int) -> tuple[list[Record], list[Record]]:
    """Titles and comments above the table, and the records from there on."""
    start = 0
    while start < len(records) and (
        _is_title(records[start], width) or _is_padded(records[start : start + TITLES])
    ):
        start += 1
    return records[:start], records[start:]


def _is_title(record: Record, width: int) -> bool:
    if len(record.cells) == width:
        return False
    return record.cells[0].startswith("#") or sum(bool(c.strip()) for c in record.cells) == 1


def _is_padded(records: list[Record]) -> bool:
    """Whether the first is a title that a spreadsheet filled up with empty cells: names follow."""
    width, filled = (
        len(records[0].cells),
        [sum(map(bool, map(str.strip, r.cells))) for r in records],
    )
    below = next((r for r, count in zip(records, filled, strict=True) if count > 1), None)
    if filled[0] != 1 or below is None or len(below.cells) != width:
        return False
    return all(cell.strip() and not is_typed(cell) for cell in below.cells)


def _noted(records: list[Record], what: str) -> list[str]:
    lines = ", ".join(str(record.line) for record in records[:5]) + ", ..." * (len(records) > 5)
    return [f"line{'s' * (len(records) > 1)} {lines}: {what}"] if records else []


def _misfit(record: Record, width: int) -> str:
    if record.fault:
        return record.fault
    count = len(record.cells)
    return "" if count == width else f"has {count} cell{'s' * (count != 1)}, not {width}"


def _check_first(records: list[Record], width: int) -> None:
    """A header of another width would put every cell under a wrong name."""
    line, cells, fault, _ = records[0]
    if not fault and len(cells) != width and not any(map(is_typed, cells)):
        raise DataError(
            f"line {line} has {len(cells)} names and most lines below have {width} cells; "
            "each column needs one name (or are decimal commas taken for delimiters?)"
        )


def _check_share(rejected: list[Rejected], count: int, fitting: int) -> None:
    """Too many misfits mean that the table was not understood."""
    if rejected and (count > MOST_REJECTED * (count + fitting) or not fitting):
        line, reason = rejected[0]
        raise DataError(
            f"{count} of {count + fitting} lines do not fit the table: line {line} {reason}; "
            "all lines need the same number of cells"
        )


def _has_header(records: list[Record]) -> bool:
    """Whether the first record is unlike the others: text above numbers, or text throughout."""
    first, rest = records[0].cells, records[1:201]
    if not any(map(is_typed, first)):
        return not all(map(is_missing, first))
    for at, cell in enumerate(first):
        below = [record.cells[at] for record in rest if not is_missing(record.cells[at])]
        numeric = sum(map(is_typed, below)) > 0.9 * len(below) if below else False
        if numeric and not is_typed(cell) and not is_missing(cell):
            return True
    return False


def _clean(name: str) -> str:
    return INVISIBLE.sub("", name).removeprefix("#").strip()[:LONGEST_NAME]


def unique(names: list[str]) -> tuple[list[str], list[str]]:
    """Names that differ, and a note on each that had to change."""
    taken, notes = list[str](), list[str]()
    for at, name in enumerate(names, 1):
        new, copy = name or f"column {at}", 1
        while new in taken or (new != name and new in names):
            copy += 1
            new = f"{name or f'column {at}'} ({copy})"
        if new != name:
            why = f"a second {name!r}" if name else "without a name"
            notes.append(f"column {at}, {why}, is called {new!r}")
        taken.append(new)
    return taken, notes
