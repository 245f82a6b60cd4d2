"""Text to records: which delimiter, which lines are records, and what does not fit."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from losses.data.cells import is_missing
from losses.data.dataset import DataError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLE = 400  # lines that decide on the delimiter
MOST_COLUMNS = 2000
MOST_CELLS = 3_000_000
LONGEST = 50  # lines of one record; a quote that is never closed makes more
TYPED = re.compile(r"[-+]?[$€£¥]?[-+]?[0-9][0-9.,'\u2019 \xa0]*(?:[eE][-+]?[0-9]+)?[%$€£¥]?")


class Record(NamedTuple):
    """The cells that start at a line of the file, and why they cannot be trusted, if so."""

    line: int
    cells: list[str]
    fault: str = ""
    lines: int = 1


def is_typed(cell: str) -> bool:
    """Whether the cell looks like a number, in whatever convention."""
    return TYPED.fullmatch(cell.strip()) is not None


def said_delimiter(text: str) -> str:
    """The delimiter of a first line 'sep=;', which Excel writes."""
    said = re.match(r'"?sep=(.)"?[\r\n]', text, re.IGNORECASE)
    return said[1] if said and said[1] in DELIMITERS else ""


def delimiter_of(text: str) -> str:
    """The delimiter that cuts the lines into equally many cells, most of which look like values."""
    lines = list(islice(_lines(text), SAMPLE))
    if any(line.count(mark) >= MOST_COLUMNS for line in lines for mark in DELIMITERS):
        raise DataError(f"a line has more than {MOST_COLUMNS} cells; that is more than can be read")
    scores = {mark: _score(lines, mark) for mark in DELIMITERS}
    best = max(scores, key=scores.__getitem__)
    if scores[best] == 0.0:
        marks = ", ".join(DELIMITERS.values())
        raise DataError(f"the file has one column only; between cells, one of {marks} is needed")
    return best


def _score(lines: list[str], mark: str) -> float:
    records = [record.cells for record in _parsed(lines, mark) if any(record.cells)]
    width, count = Counter(map(len, records)).most_common(1)[0] if records else (1, 0)
    if width < 2:
        return 0.0
    cells = [cell for record in records if len(record) == width for cell in record]
    typed = sum(is_typed(cell) or is_missing(cell) for cell in cells) / len(cells)
    return count / len(records) * (0.1 + typed)


def records(text: str, delimiter: str) -> list[Record]:
    """Every record that is not blank and not a comment, with the line on which it starts."""
    found, cells = [], 0
    for record in _parsed(_lines(text), delimiter):
        cells += len(record.cells)
        if len(record.cells) > MOST_COLUMNS or cells > MOST_CELLS:
            limits = f"{MOST_COLUMNS} columns and {MOST_CELLS:,} cells"
            raise DataError(f"line {record.line}: the table is too large; {limits} can be read")
        if any(cell.strip() for cell in record.cells):
            found.append(record)
    if not found:
        raise DataError("the file is empty; a header and rows of numbers are needed")
    return found


def _lines(text: str) -> Iterator[str]:
    return (line[0] for line in re.finditer(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text))


def _parsed(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """What csv makes of the lines, with a fault where the raw text is not what a writer writes."""
    taken, grammar = list[str](), _well_quoted(delimiter)

    def remembered() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(remembered(), delimiter=delimiter, skipinitialspace=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise DataError(f"line {line}: {error}; is a quote not closed?") from None
        if cells is None:
            return
        raw, count = "".join(taken), len(taken)
        taken.clear()
        yield Record(line, cells, _fault(raw, count, grammar), count)
        line += count


def _well_quoted(delimiter: str) -> re.Pattern[str]:
    """A record in which every quote opens, closes or doubles; csv itself accepts any of them."""
    quoted = r'"[^"]*+(?:""[^"]*+)*+" *+'
    cell = rf' *+(?:{quoted}|[^"{re.escape(delimiter)}\r\n]*+)'
    return re.compile(rf"{cell}(?:{re.escape(delimiter)}{cell})*+[\r\n]*")


def _fault(raw: str, lines: int, grammar: re.Pattern[str]) -> str:
    """Why a record with quotes cannot be trusted."""
    if '"' not in raw or (lines <= LONGEST and grammar.fullmatch(raw)):
        return ""
    return "has a stray quote" if lines == 1 else f"opens a quote that runs over {lines} lines"
