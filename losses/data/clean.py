"""The fast way: a file whose bytes show that there is nothing to decide is split by a parser of C.

The head of the file goes the careful way, so that delimiter, header and names are what they would
be anyway. Below it each line must hold as many cells, without quotes and without space that the
careful way would take away; all else is refused here with a reason, and read there.
"""

import re
from itertools import islice
from typing import NamedTuple

import numpy as np

from losses.data import dialect, engines
from losses.data.cells import MISSING, PLAIN
from losses.data.choices import Choices
from losses.data.dataset import DataError
from losses.data.decoding import decode
from losses.data.dialect import SAMPLE
from losses.data.engines import Parsed, Unclean
from losses.data.layout import Layout, lay_out

MOST_CELLS = 20_000_000  # each takes 8 bytes as a number and some 30 as text
MOST_HEAD = 4_000_000  # bytes of the lines that decide
TITLES = 100  # lines above the table: with more, the head would show too little of it
STRIDE = 1 << 16  # bytes without the end of a line: a cell may be too long for the careful way
LONG = 100_000  # bytes of a cell: the careful way ends a little later
NULLS = tuple(sorted({way for s in MISSING for way in (s, s.upper(), s.title())} | {"NaN"}))
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


class Clean(NamedTuple):
    """What the head says of the table, the columns below it, and where in the file they are."""

    layout: Layout
    parsed: Parsed
    notes: list[str]
    mark: str
    start: int
    stop: int
    lines: range


class Head(NamedTuple):
    """The first lines: what they say, and where the body begins."""

    layout: Layout
    notes: list[str]
    mark: str
    start: int


def read(data: bytes, choices: Choices) -> Clean:
    """The table, if the bytes certify it; raises Unclean, which says what is not clean, if not."""
    if choices.encoding not in (None, "utf-8"):
        raise Unclean(f"the encoding is to be {choices.encoding}")
    head = _head(data, choices)
    stop = _stop(data)
    width, names = len(head.layout.names), head.layout.names
    _check_lines(data, head.start, stop, width)
    body = memoryview(data)[head.start : stop]
    plain = _plain_columns(head.layout) if choices.decimal != "," else set[str]()
    parsed = engines.split(body, names, head.mark, plain, NULLS)
    _check_count(parsed.rows, width)
    if parsed.text:
        _check_text(data, head, stop, parsed)
    _check_blank_rows(parsed)
    first = head.layout.body[0].line
    lines = range(first, first + parsed.rows)
    return Clean(head.layout, parsed, head.notes, head.mark, head.start, stop, lines)


def _head(data: bytes, choices: Choices) -> Head:
    bom = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    ends = [line.end() for line in islice(LINE.finditer(data, bom, MOST_HEAD), SAMPLE)]
    if not ends or (ends[-1] == MOST_HEAD < len(data)):
        raise Unclean("its first lines are very long")
    top = data[: ends[-1]]
    try:
        text, _, notes = decode(top, choices.encoding or _only_utf8(top))
        mark, text, said = dialect.delimiter(text, choices.delimiter)
        records = dialect.records(text, mark)
        faulty = next((r.line for r in records if r.fault or r.lines > 1), 0)
        layout = lay_out(records, choices.header)
    except DataError as error:
        raise Unclean(str(error)) from None
    first = layout.body[0].line
    below = [record.line for record in layout.body]
    if mark == " " or faulty or layout.rejected or first > TITLES or layout.trimmed:
        raise Unclean("its first lines need a closer look")
    if below != list(range(first, first + len(below))):
        raise Unclean("a blank line stands between its first lines")
    return Head(layout, notes + said, mark, ends[first - 2] if first > 1 else bom)


def _only_utf8(top: bytes) -> str:
    """utf-8, if the first lines are."""
    try:
        top.decode("utf-8")
    except UnicodeDecodeError:
        raise Unclean("its text is not utf-8") from None
    return "utf-8"


def _stop(data: bytes) -> int:
    """Where the last line ends that is not empty."""
    stop = len(data)
    while stop and data[stop - 1] in b"\r\n":
        stop -= 1
    return stop


def _check_lines(data: bytes, start: int, stop: int, width: int) -> None:
    """No space that the careful way takes away, no line without an end, and not too many."""
    if data.find(b" ", start, stop) >= 0:
        places = np.flatnonzero(np.frombuffer(data, np.uint8, stop - start, start) == ord(" "))
        before = np.frombuffer(data, np.uint8)[places + start - 1] if start else b""
        if not start or np.isin(before, np.frombuffer(b",;\t|\r\n", np.uint8)).any():
            raise Unclean("a cell starts with a space")
    for at in range(start, stop - STRIDE, STRIDE):
        if data.find(b"\n", at, at + STRIDE) < 0 and data.find(b"\r", at, at + STRIDE) < 0:
            raise Unclean("a line is very long")
    if _some_rows(data, start, stop) * width > MOST_CELLS:
        ends = data.count(b"\n", start, stop) or data.count(b"\r", start, stop)
        _check_count(ends + 1, width)  # the last line has none


def _some_rows(data: bytes, start: int, stop: int) -> int:
    """How many rows there may be, by every sixteenth stretch of the file."""
    ends, looked = 0, 0
    for at in range(start, stop, 16 * STRIDE):
        block = np.frombuffer(data, np.uint8, min(STRIDE, stop - at), at)
        ends += int(np.count_nonzero(block == ord("\n")) or np.count_nonzero(block == ord("\r")))
        looked += len(block)
    return ends * (stop - start) // max(1, looked)


def _check_count(rows: int, width: int) -> None:
    if rows * width > MOST_CELLS:
        found = f"the table has {rows:,} rows of {width} cells"
        raise DataError(f"{found}; at most {MOST_CELLS:,} cells can be read")


def _plain_columns(layout: Layout) -> set[str]:
    """The columns whose first cells are numbers as Python writes them, or missing."""
    columns = zip(*(record.cells for record in layout.body), strict=True)
    return {
        name
        for name, cells in zip(layout.names, columns, strict=True)
        if all(PLAIN.fullmatch(cell) or cell in NULLS for cell in cells)
        and any(map(PLAIN.fullmatch, cells))
    }


def _check_text(data: bytes, head: Head, stop: int, parsed: Parsed) -> None:
    """Text may hold quotes, apostrophes before formulas, control characters: decisions, all."""
    for mark, said in ((b'"', "a quote"), (b"'", "an apostrophe")):
        if (at := data.find(mark, head.start, stop)) >= 0:
            line = data.count(b"\n", 0, at) + 1
            raise Unclean(f"line {line} holds {said}")
    body = np.frombuffer(data, np.uint8, stop - head.start, head.start)
    for at in range(0, len(body), STRIDE):
        block = body[at : at + STRIDE]
        ends = np.count_nonzero(block == 10) + np.count_nonzero(block == 13)
        tabs = np.count_nonzero(block == 9) if head.mark == "\t" else 0
        if np.count_nonzero(block < 32) != ends + tabs:
            raise Unclean("its text holds control characters")
    if max(map(engines.longest, parsed.text.values())) > LONG:
        raise Unclean("a cell is very long")
    if parsed.rows * len(parsed.text) > dialect.MOST_CELLS:
        some = ", ".join(map(repr, list(parsed.text)[:3])) + ", ..." * (len(parsed.text) > 3)
        most = f"at most {dialect.MOST_CELLS:,} cells of such columns can be read"
        raise DataError(f"not all cells of {some} are plain numbers; {most}")


def _check_blank_rows(parsed: Parsed) -> None:
    """A row of nothing but missing cells may be a blank line, which is no row."""
    blank = np.ones(parsed.rows, dtype=bool)
    for values in parsed.numbers.values():
        if not np.isnan(values.min(initial=0.0)):
            return
        blank &= np.isnan(values)
    for text in parsed.text.values():
        if not blank.any():
            return
        blank &= engines.blank(text)
    if blank.any():
        raise Unclean("a line may be blank")
