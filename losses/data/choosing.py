"""From a table to a Dataset: roles guessed from its first rows, and the columns that are chosen."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import numpy as np

from losses.data import roles
from losses.data.cells import Cells, Column, Indices, numbers
from losses.data.choices import Choices
from losses.data.columns import Plan, assembled
from losses.data.dataset import DataError, Dataset
from losses.data.layout import Rejected
from losses.data.roles import Roles

FIRST = 500  # rows that roles are guessed from


class Readable(Protocol):
    """A table as it is needed here: see `losses.data.tables.Table`."""

    @property
    def name(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def lines(self) -> range | Indices: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def rejected(self) -> tuple[Rejected, ...]: ...
    @property
    def choices(self) -> Choices: ...
    def text(self, name: str, most: int | None = None) -> Sequence[str]: ...
    def column(self, name: str) -> Column: ...


def guess_roles(table: Readable, *, only_classes: bool = False, two_classes: bool = False) -> Roles:
    """The target and what stands beside it, guessed from names and from the first rows."""
    text = {name: table.text(name, FIRST) for name in table.names}
    decimal = table.choices.decimal
    read = {name: numbers(cells, decimal) for name, cells in text.items()}
    return roles.guess(text, read, only_classes=only_classes, two_classes=two_classes)


def chosen(table: Readable, plan: Plan) -> Dataset:
    """The columns of a plan as numbers; the notes say which rows and columns are left out."""
    besides = [name for name in (plan.weight, plan.group) if name is not None]
    names = [*plan.columns, *besides, plan.target]
    for name in names:
        if name not in table.names:
            there = ", ".join(map(repr, table.names))
            raise DataError(f"no column is called {name!r}; there is {there}")
        if names.count(name) > 1:
            raise DataError(f"column {name!r} is chosen twice; choose it once")
    cells = {name: Cells(table.column(name), partial(table.text, name)) for name in names}
    notes = (*_set_aside(table.rejected), *table.notes, *_unused(table, names))
    return assembled(table.name, cells, np.asarray(table.lines), plan, notes)


def _set_aside(rejected: tuple[Rejected, ...]) -> tuple[str, ...]:
    some = "; ".join(f"line {line} {reason}" for line, reason in rejected[:3])
    more = "; ..." * (len(rejected) > 3)
    lines = f"{len(rejected)} line{'s' * (len(rejected) > 1)}"
    return (f"{lines} set aside: {some}{more}",) if rejected else ()


def _unused(table: Readable, used: Sequence[str]) -> tuple[str, ...]:
    """A word on the columns that no one chose."""
    others = [name for name in table.names if name not in used]
    some = ", ".join(map(repr, others[:5])) + ", ..." * (len(others) > 5)
    return (f"not used: column{'s' * (len(others) > 1)} {some}",) if others else ()
