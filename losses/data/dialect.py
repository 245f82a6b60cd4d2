"""Text to records: which delimiter, which lines are records, and what does not fit."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from losses.data.cells import is_missing
from losses.data.choices import DELIMITERS
from losses.data.dataset import DataError

GUESSED = tuple(mark for mark in DELIMITERS if mark != " ")
CLOSE = 0.75  # of the best score: a delimiter that does so well may be meant as well
DOUBTFUL = 0.35  # a score at which half of the cells look like no value, or torn
DECIMAL = 0.5  # a score up to which commas may be decimal ones, where many cells are torn
TORN = 0.25  # of the lines have another delimiter, which may be the one
SAMPLE = 400  # lines that decide on the delimiter
MOST_COLUMNS = 2000
MOST_CELLS = 3_000_000
LONGEST = 50  # lines of one record; a quote that is never closed makes more
LONGEST_LINE = 1_000_000  # characters: 2000 columns of 500
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


def delimiter(text: str, chosen: str | None = None) -> tuple[str, str, list[str]]:
    """What stands between cells, the text without a line that says so, and what to say of it."""
    said = re.match(r'"?sep=(.)"?[\r\n]', text, re.IGNORECASE)
    if said and said[1] in DELIMITERS:
        text = re.sub(r"\A[^\r\n]*", "", text)
        if chosen is None:
            return said[1], text, [f"the first line says that {said[1]!r} stands between cells"]
    mark = chosen or _delimiter_of(text)
    told = chosen is not None or mark == ","
    return mark, text, [] if told else [f"a {DELIMITERS[mark]} stands between cells"]


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts the lines into equally many cells, most of which look like values."""
    lines = list(islice(_lines(text), SAMPLE))
    if any(line.count(mark) >= MOST_COLUMNS for line in lines for mark in GUESSED):
        raise DataError(f"a line has more than {MOST_COLUMNS} cells; that is more than can be read")
    scores = {mark: _score(lines, mark) for mark in GUESSED}
    best, second = sorted(GUESSED, key=scores.__getitem__, reverse=True)[:2]
    if scores[best] == 0.0:
        if _is_spaced(lines):
            return " "
        marks = ", ".join(DELIMITERS[mark] for mark in GUESSED)
        raise DataError(f"the file has one column only; between cells, one of {marks} is needed")
    doubtful = scores[best] <= DOUBTFUL
    if best == "," and scores[best] <= DECIMAL:
        others = [mark for mark in GUESSED if mark != best]
        other = max(others, key=lambda mark: sum(mark in line for line in lines))
        cut = [line for line in lines if best in line]
        if sum(other in line for line in cut) > TORN * len(cut):
            second, scores[other] = other, scores[best]
    if scores[second] > (CLOSE / 2 if doubtful else CLOSE) * scores[best]:
        raise DataError(
            f"a {DELIMITERS[best]} or a {DELIMITERS[second]} may stand between cells; choose one"
        )
    return best


def _is_spaced(lines: list[str]) -> bool:
    """Whether spaces stand between cells: one width throughout, and numbers below the first line.

    Words have spaces between them too, so nothing less will do.
    """
    cut = [line.split() for line in lines if line.strip()]
    below = [cell for cells in cut[1:] for cell in cells]
    same = len({len(cells) for cells in cut}) == 1 and len(cut[0]) > 1
    return same and bool(below) and all(is_typed(cell) or is_missing(cell) for cell in below)


def _score(lines: list[str], mark: str) -> float:
    if not any(mark in line for line in lines):
        return 0.0
    found = list(_parsed(lines, mark))
    if any(record.fault and record.lines > 1 for record in found):
        # a quote that is not closed hides the lines below it: each is looked at alone
        found = [record for line in lines for record in _parsed([line], mark)]
    records = [record.cells for record in found if any(record.cells)]
    width, count = Counter(map(len, records)).most_common(1)[0] if records else (1, 0)
    if width < 2:
        return 0.0
    cells = [cell for record in records if len(record) == width for cell in record]
    words = [cell for cell in cells if not is_typed(cell) and not is_missing(cell)]
    typed = 1.0 - len(words) / len(cells)
    # '5;2' is a cell only where a comma has cut '1,5;2,5'
    torn = sum(any(other in word for other in GUESSED if other != mark) for word in words)
    return count / len(records) * (0.1 + typed) * (1.0 - 0.9 * min(1.0, torn / count))


def records(text: str, delimiter: str) -> list[Record]:
    """Every record that is not blank and not a comment, with the line on which it starts."""
    found = []
    if delimiter == " ":
        text = re.sub(r"(?<! ) ++(?=[\r\n]|\Z)", "", text)  # they would be an empty last cell
    about = text.count(delimiter) + text.count("\n") + text.count("\r") - text.count("\r\n")
    if about > MOST_CELLS:
        raise DataError(
            f"the file has some {about:,} cells; at most {MOST_CELLS:,} can be looked at one by "
            "one, and more only in a file without quotes and with as many cells in each line"
        )
    for record in _parsed(_lines(text), delimiter):
        if len(record.cells) > MOST_COLUMNS:
            limits = f"{MOST_COLUMNS} columns can be read"
            raise DataError(f"line {record.line} has {len(record.cells)} cells; {limits}")
        if any(cell.strip() for cell in record.cells):
            found.append(record)
    if not found:
        raise DataError("the file is empty; a header and rows of numbers are needed")
    return found


def _lines(text: str) -> Iterator[str]:
    for at, line in enumerate(re.finditer(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text), 1):
        if line.end() - line.start() > LONGEST_LINE:
            most = f"{LONGEST_LINE:,} characters"
            raise DataError(f"line {at} is longer than {most}; a table has shorter lines")
        yield line[0]


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
