"""Excel workbooks: counted and measured before they are opened, then a table as any other."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

from losses.data import engines
from losses.data.dataset import DataError
from losses.data.dialect import MOST_CELLS, MOST_COLUMNS, Record

MOST_PARTS = 2000
MEGABYTE = 1_000_000
COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})[0-9]""")
ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]{0,3}([0-9]{1,9})["']""")
VALUE = re.compile(rb"[:<]v[^<>]*>\s*([0-9]{1,9})\s*<")
ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
END = re.compile(rb"</(?:\w+:)?si>")
MOST_TEXT = 200 * MEGABYTE
DAMAGED = "the Excel workbook is damaged or locked; save it again without a password"


def read(data: bytes, limit: int, sheet: str | None) -> tuple[list[Record], list[str]]:
    """The rows of a sheet, the first one that holds any if none is named, and what to say of it."""
    broken = _check_inside(data, limit)
    try:
        names = engines.sheets(data)
        if sheet is not None and sheet not in names:
            there = ", ".join(map(repr, names))
            raise DataError(f"no sheet is called {sheet!r}; there is {there}")
        for name in [sheet] if sheet is not None else names:
            records = _records(*engines.sheet(data, name))
            if records:
                return records, [_said(name, names), *broken]
    except DataError:
        raise
    except ValueError:
        raise DataError(DAMAGED) from None
    raise DataError(
        "the Excel workbook has no cell with anything in it; rows of numbers are needed"
    )


def _said(name: str, names: list[str]) -> str:
    others = [other for other in names if other != name]
    left = f"; not read: {', '.join(map(repr, others[:5]))}" if others else ""
    return f"an Excel workbook, of which sheet {name!r} is read{left}"


def _records(first: int, rows: list[list[str]]) -> list[Record]:
    """Rows that hold anything; what stands above the table is cut to the cells that it has."""
    found = list[Record]()
    for line, cells in enumerate(rows, first):
        filled = [at for at, cell in enumerate(cells) if cell.strip()]
        if filled:
            title = len(filled) == 1 and not any(len(r.cells) > 1 for r in found)
            found.append(Record(line, cells[: filled[0] + 1] if title else cells))
    return found


def _check_inside(data: bytes, limit: int) -> list[str]:
    """Inflates all parts, so that nothing larger than the limit is ever opened, and looks in."""
    try:
        parts = _inflated(data, limit)
    except DataError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise DataError(DAMAGED) from None  # RuntimeError: it asks for a password
    tables = [part for part in parts if b"sheetData" in part]
    for table in tables:
        _check_extent(table)
    _check_words([part for part in parts if b"</sst>" in part[-99:]], tables)
    errors = sum(len(ERROR.findall(table)) for table in tables)
    cells = f"{errors} cell{'s' * (errors != 1)} of the workbook"
    return [f"{cells} with an error of a formula, as #DIV/0!, read as empty"] if errors else []


def _inflated(data: bytes, limit: int) -> list[bytes]:
    parts, left = list[bytes](), limit
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if len(archive.infolist()) > MOST_PARTS:
            raise DataError(f"the Excel workbook has more than {MOST_PARTS} parts")
        for part in archive.infolist():
            pieces = list[bytes]()
            for piece in _pieces(archive, part):
                pieces.append(piece)
                left -= len(piece)
                if left < 0:
                    most = limit // MEGABYTE
                    raise DataError(f"the Excel workbook unpacks to more than {most} MB")
            parts.append(b"".join(pieces))
    return parts


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(MEGABYTE):
            yield piece


def _check_extent(xml: bytes) -> None:
    """Two cells far apart span a rectangle, all of which would be filled."""
    if b"\x00" in xml:
        raise DataError("the Excel workbook is not in utf-8; save it again")
    columns = max((_number(name) for name in set(COLUMN.findall(xml))), default=1)
    rows = max(map(int, set(ROW.findall(xml))), default=1)
    if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        most = f"{MOST_COLUMNS} columns and {MOST_CELLS:,} cells"
        raise DataError(
            f"the sheet spans {columns:,} columns and {rows:,} rows; {most} can be read"
        )


def _check_words(words: list[bytes], tables: list[bytes]) -> None:
    """A long text that is stored once and stands in many cells unpacks once more for each."""
    sizes = np.array([len(word) for part in words for word in END.split(part)] or [0])
    for table in tables:
        places = np.array([int(number) for number in VALUE.findall(table)], dtype=np.int64)
        total = int(sizes[places[places < len(sizes)]].sum())
        if total > MOST_TEXT:
            most = MOST_TEXT // MEGABYTE
            raise DataError(f"the text in the Excel workbook unpacks to more than {most} MB")


def _number(column: bytes) -> int:
    """A = 1, Z = 26, AA = 27."""
    total = 0
    for letter in column.upper():
        total = 26 * total + letter - ord("A") + 1
    return total
