"""A file of any origin as a table: its cells as text, its columns as numbers, and what was done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import PurePath
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from losses.data import cells, choosing, clean, dialect, engines, parquet, parsed, roles, workbooks
from losses.data.cells import Column, Indices
from losses.data.choices import GUESS, Choices
from losses.data.choosing import chosen
from losses.data.columns import Plan
from losses.data.dataset import Array, DataError, Dataset, Role, Scale, Task
from losses.data.decoding import (
    MEGABYTE,
    decode,
    is_parquet,
    is_workbook,
    refuse_other_kinds,
    unpacked,
)
from losses.data.engines import Unclean
from losses.data.layout import Layout, Rejected, lay_out
from losses.data.predictions import Mend
from losses.data.report import Report, describe
from losses.data.roles import Roles

__all__ = [
    *("Choices", "Rejected", "Report", "Roles", "Table", "Unusable"),
    *("dataset", "guess_roles", "numbers", "read"),
]

LIMIT = 100_000_000  # bytes, packed or not
CAREFUL = 20_000_000  # bytes of a file that needs to be read cell by cell


class Unusable(NamedTuple):
    """A cell that is no number: its line, what it is instead, and whether it is only missing."""

    line: int
    said: str
    missing: bool


@dataclass(frozen=True, eq=False)
class Table:
    """Cells as they were written, indexed by their line in the file; what was done and left out.

    `encoding` and `delimiter` are empty where a file has none, as a workbook; `header` says whether
    the names are in the file.
    """

    made: Callable[[], pd.DataFrame]
    names: tuple[str, ...]
    lines: range | Indices
    notes: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    name: str = "table"
    encoding: str = ""
    delimiter: str = ""
    header: bool = True
    choices: Choices = GUESS
    values: Mapping[str, Array] = field(default_factory=dict)
    read_already: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """All cells as text (str), made when it is first asked for."""
        return self.made()

    def text(self, name: str, most: int | None = None) -> list[str]:
        """The cells of a column as they were written, or the first so many of them."""
        return list(self.frame[name].iloc[:most].tolist())

    def column(self, name: str) -> Column:
        """A column as numbers, read once."""
        if name not in self.read_already:
            values = self.values.get(name)
            found = None if values is None else parsed.certified(values, partial(self._at, name))
            self.read_already[name] = found or cells.numbers(self.text(name), self.choices.decimal)
        return self.read_already[name]

    @cached_property
    def report(self) -> Report:
        """How the file was read, and what is in each column."""
        told = [describe(n, self.column(n), partial(self.text, n)) for n in self.names]
        return Report(
            encoding=self.encoding,
            delimiter=self.delimiter,
            decimal=tuple(sorted({column.decimal for column in told if column.decimal})),
            header=self.header,
            rows=len(self),
            left_out=len(self.rejected),
            reasons=tuple(f"line {line} {reason}" for line, reason in self.rejected[:5]),
            columns=tuple(told),
        )

    def _at(self, name: str, places: Indices) -> list[str]:
        return list(self.frame[name].take(places.tolist()).tolist())


def read(data: bytes, filename: str = "", *, limit: int = LIMIT, choices: Choices = GUESS) -> Table:
    """The table in a file: every cell stays text, every guess is noted; raises DataError only."""
    data, notes = unpacked(data, limit)
    if is_workbook(data):
        found = _workbook(data, limit, choices)
    elif is_parquet(data):
        found = _parquet(data)
    else:
        refuse_other_kinds(data)
        found = _text(data, choices)
    name = PurePath(filename).stem or "table"
    return replace(found, notes=(*notes, *found.notes), name=name, choices=choices)


def _text(data: bytes, choices: Choices) -> Table:
    """The fast way if the bytes allow it, or else the careful one; both give the same table."""
    try:
        return _clean(data, choices)
    except Unclean as refusal:
        why = str(refusal)
    return _careful(data, choices, why)


def _clean(data: bytes, choices: Choices) -> Table:
    """The fast way; raises Unclean where the bytes do not certify the file."""
    found = clean.read(data, choices)
    return Table(
        partial(_split_text, found, data),
        tuple(found.layout.names),
        found.lines,
        (*found.notes, *found.layout.notes),
        encoding=choices.encoding or "utf-8",
        delimiter=found.mark,
        header=found.layout.header,
        values=found.parsed.numbers,
    )


def _split_text(found: clean.Clean, data: bytes) -> pd.DataFrame:
    body = memoryview(data)[found.start : found.stop]
    return _framed(engines.as_text(body, found.layout.names, found.mark), found.lines)


def _careful(data: bytes, choices: Choices, why: str) -> Table:
    """The text-first way, which looks at every cell and is bounded for it."""
    if len(data) > CAREFUL:
        size, most = len(data) / MEGABYTE, CAREFUL // MEGABYTE
        raise DataError(
            f"the file has {size:.1f} MB, and files of more than {most} MB must be plain: numbers, "
            f"or words without quotes, with as many cells in each line; {why}"
        )
    text, encoding, notes = decode(data, choices.encoding)
    mark, text, said = dialect.delimiter(text, choices.delimiter)
    layout = lay_out(dialect.records(text, mark), choices.header)
    return replace(_laid_out(layout, [*notes, *said]), encoding=encoding, delimiter=mark)


def _workbook(data: bytes, limit: int, choices: Choices) -> Table:
    records, said = workbooks.read(data, limit, choices.sheet)
    return _laid_out(lay_out(records, choices.header), said)


def _laid_out(layout: Layout, notes: list[str]) -> Table:
    lines = np.array([record.line for record in layout.body], dtype=np.int64)
    frame = pd.DataFrame(
        [record.cells for record in layout.body],
        index=pd.Index(lines, name="line"),
        columns=pd.Index(layout.names),
        dtype="str",
    )
    return Table(
        partial(_same, frame),
        tuple(layout.names),
        lines,
        (*notes, *layout.notes),
        tuple(layout.rejected),
        header=layout.header,
    )


def _parquet(data: bytes) -> Table:
    names, values, text, notes = parquet.read(data)
    lines = range(1, text.num_rows + 1)
    made = partial(_framed, text, lines)
    return Table(made, tuple(names), lines, tuple(notes), values=values)


def _framed(text: Any, lines: range) -> pd.DataFrame:
    """An arrow table of text as a frame; the cells stay where they are."""
    frame: pd.DataFrame = text.to_pandas()
    frame.index = pd.RangeIndex(lines.start, lines.stop, name="line")
    return frame.astype("str")


def _same(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


def numbers(table: Table | pd.DataFrame, column: str) -> tuple[Array, list[Unusable]]:
    """A column as float64 (n,), nan at each of the problems: numbers + missing + bad are n."""
    if isinstance(table, Table):
        found, lines = table.column(column), np.asarray(table.lines)
    else:
        found, lines = cells.numbers(table[column].tolist()), table.index.to_numpy()
    why = f": {found.question}" if found.question else ""
    return found.values, [
        Unusable(int(lines[at]), said if missing else said + why, missing)
        for at, said, missing in found.problems
    ]


def guess_roles(
    table: Table | pd.DataFrame, *, only_classes: bool = False, two_classes: bool = False
) -> Roles:
    """The target and what stands beside it, guessed from names and first rows: see roles.guess."""
    if isinstance(table, Table):
        return choosing.guess_roles(table, only_classes=only_classes, two_classes=two_classes)
    first = table.head(choosing.FIRST)
    text = {str(name): first[name].tolist() for name in first.columns}
    return roles.guess(text, only_classes=only_classes, two_classes=two_classes)


def dataset(
    table: Table,
    target: str,
    columns: Sequence[str],
    task: Task | None = None,
    role: Role = "features",
    unit: str = "",
    *,
    weight: str | None = None,
    group: str | None = None,
    scale: Scale | None = None,
    convert: bool = False,
    by_class: bool = False,
    mend: Mend = "keep",
) -> Dataset:
    """The chosen columns as numbers; the notes say which rows were left out, and why: see Plan."""
    besides = (weight, group, scale, convert, by_class, mend)
    return chosen(table, Plan(target, tuple(columns), task, role, unit, *besides))
