"""A file of any origin as a table of text, and its columns as a Dataset."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

import pandas as pd

from losses.data import cells, dialect, roles
from losses.data.columns import assemble
from losses.data.dataset import Array, DataError, Dataset, Role, Task
from losses.data.decoding import decode
from losses.data.layout import Rejected, lay_out
from losses.data.roles import Roles

__all__ = ["Rejected", "Roles", "Table", "Unusable", "dataset", "guess_roles", "numbers", "read"]

LIMIT = 10_000_000  # bytes


class Unusable(NamedTuple):
    """A cell that is no number: its line, what it is instead, and whether it is only missing."""

    line: int
    said: str
    missing: bool


@dataclass(frozen=True, eq=False)
class Table:
    """Cells as they were written, indexed by their line in the file; what was done and left out."""

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    name: str = "table"


def read(data: bytes, filename: str = "", *, limit: int = LIMIT) -> Table:
    """The table in a file: every cell stays text, every guess is noted; raises DataError only."""
    text, notes = decode(data, limit)
    mark = dialect.said_delimiter(text)
    if mark:
        notes.append(f"the first line says that {mark!r} stands between cells")
        text = re.sub(r"\A[^\r\n]*", "", text)
    else:
        mark = dialect.delimiter_of(text)
        if mark != ",":
            notes.append(f"a {dialect.DELIMITERS[mark]} stands between cells")
    names, body, rejected, said = lay_out(dialect.records(text, mark))
    frame = pd.DataFrame(
        [record.cells for record in body],
        index=pd.Index([record.line for record in body], name="line"),
        columns=pd.Index(names),
        dtype="str",
    )
    name = PurePath(filename).stem or "table"
    return Table(frame, (*notes, *said), tuple(rejected), name)


def numbers(frame: pd.DataFrame, column: str) -> tuple[Array, list[Unusable]]:
    """A column as float64 (n,), nan at each of the problems: numbers + missing + bad are n."""
    read = cells.numbers(frame[column].tolist())
    why = f": {read.question}" if read.question else ""
    return read.values, [
        Unusable(int(frame.index[at]), said if missing else said + why, missing)
        for at, said, missing in read.problems
    ]


def dataset(
    table: Table,
    target: str,
    columns: Sequence[str],
    task: Task | None = None,
    role: Role = "features",
    unit: str = "",
) -> Dataset:
    """The chosen columns as numbers; the notes say which rows were left out, and why."""
    chosen = [*columns, target]
    for name in chosen:
        if name not in table.frame.columns:
            there = ", ".join(map(repr, table.frame.columns))
            raise DataError(f"no column is called {name!r}; there is {there}")
        if chosen.count(name) > 1:
            raise DataError(f"column {name!r} is chosen twice; choose it once")
    text = {name: table.frame[name].tolist() for name in chosen}
    notes = (*table.notes, *_set_aside(table.rejected))
    return assemble(
        table.name, text, table.frame.index, target, task=task, role=role, unit=unit, notes=notes
    )


def guess_roles(frame: pd.DataFrame) -> Roles:
    """The target and what stands beside it, guessed from names and from the first rows."""
    first = frame.head(500)
    return roles.guess({str(name): first[name].tolist() for name in first.columns})


def _set_aside(rejected: tuple[Rejected, ...]) -> tuple[str, ...]:
    some = "; ".join(f"line {line} {reason}" for line, reason in rejected[:3])
    more = "; ..." * (len(rejected) > 3)
    lines = f"{len(rejected)} line{'s' * (len(rejected) > 1)}"
    return (f"{lines} set aside: {some}{more}",) if rejected else ()
