"""The target as numbers, or as indices of its classes: guessed from what stands in it, and said."""

from typing import NamedTuple

import numpy as np

from losses.data.cells import BLANKS, Cells, Column, Problem, is_missing, missing, shown
from losses.data.dataset import DataError, Role, Task

MOST_CLASSES = 100
FEW_VALUES = 10  # so many whole numbers may be classes, if each is there several times


class Target(NamedTuple):
    """A target as numbers, with what the numbers stand for."""

    column: Column
    task: Task
    classes: tuple[str, ...] = ()


class Distinct(NamedTuple):
    """How many different values there are, and the first of them, in order.

    Numbers are ordered by size, text by alphabet.
    """

    size: int
    labels: list[str]


def as_target(name: str, cells: Cells, task: Task | None, role: Role) -> Target:
    """The target as numbers, or as indices of its classes in order."""
    read = cells.read
    if _present(read) == 0:
        return Target(read, "regression")
    distinct = distinct_values(cells)
    task = task or likely_task(read, distinct, role)
    if task == "regression":
        return Target(read, task)
    count, labels = distinct
    if count == 1:
        raise DataError(one_value(name, labels[0]))
    if (task == "binary" and count != 2) or not 2 <= count <= MOST_CLASSES:
        needed = "exactly 2" if task == "binary" else f"2 ... {MOST_CLASSES}"
        some = ", ".join(shown(label) for label in labels[:4]) + ", ..." * (count > 4)
        found = f"{count} different values ({some})" if count else "no value"
        raise DataError(f"column {name!r} has {found}; {task} classes need {needed}")
    return Target(indices(cells, labels), task, tuple(labels))


def told(name: str, goal: Target) -> str:
    """What the target was taken for."""
    if goal.task == "regression":
        return f"{name!r} is taken as a number: regression"
    shown_classes = ", ".join(f"{i} = {label!r}" for i, label in enumerate(goal.classes[:5]))
    more = ", ..." if len(goal.classes) > 5 else ""
    return f"{name!r} is taken as {len(goal.classes)} classes: {shown_classes}{more}"


def one_value(name: str, value: str | float) -> str:
    """Why a column of which each cell says the same is no target of classes."""
    label = value if isinstance(value, str) else _label(value)
    return f"column {name!r} has one value only ({shown(label)}); a class task needs two or more"


def distinct_values(cells: Cells, most: int = MOST_CLASSES + 1) -> Distinct:
    """The different values of a column, missing ones aside."""
    if _all_numbers(cells.read):
        values = np.unique(cells.read.values[np.isfinite(cells.read.values)])
        return Distinct(len(values), list(map(_label, values[:most].tolist())))
    found = {cell.strip(BLANKS) for cell in cells.text() if not is_missing(cell)}
    return Distinct(len(found), sorted(found, key=lambda label: (label.casefold(), label)))


def likely_task(read: Column, distinct: Distinct, role: Role) -> Task:
    """Binary for two values, multiclass for a few whole numbers or labels, else regression."""
    if distinct.size == 2:
        return "binary"
    values = read.values[np.isfinite(read.values)]
    if read.question or 2 * len(values) > _present(read):
        whole = bool(np.all(np.mod(values, 1.0) == 0.0))
        few = 2 < distinct.size <= min(FEW_VALUES, len(values) / 5)
        classes = whole and few and role == "features" and not read.question
        return "multiclass" if classes and _all_numbers(read) else "regression"
    return "multiclass"


def labels_of(cells: Cells) -> list[str]:
    """Every cell as a label: equal numbers are one however they are written; '' where missing."""
    if _all_numbers(cells.read):
        return [_label(v) if v == v else "" for v in cells.read.values.tolist()]
    return ["" if is_missing(cell) else cell.strip(BLANKS) for cell in cells.text()]


def indices(cells: Cells, labels: list[str]) -> Column:
    """The place of each cell's label; nan where it is missing, or is none of the labels."""
    if _all_numbers(cells.read):
        known = np.array([float(label) for label in labels])
        at = np.searchsorted(known, cells.read.values).clip(max=len(known) - 1)
        values = np.where(known[at] == cells.read.values, at.astype(np.float64), np.nan)
        return Column(values, cells.read.problems, cells.read.notes)
    order = {label: float(index) for index, label in enumerate(labels)} | {"": np.nan}
    values = np.array([order.get(label, np.nan) for label in labels_of(cells)])
    text = cells.text()
    gone = [Problem(at, missing(cell), True) for at, cell in enumerate(text) if is_missing(cell)]
    return Column(values, gone, cells.read.notes)


def _present(read: Column) -> int:
    return len(read.values) - sum(problem.missing for problem in read.problems)


def _all_numbers(read: Column) -> bool:
    return not read.question and all(problem.missing for problem in read.problems)


def _label(value: float) -> str:
    return repr(value + 0.0).removesuffix(".0")  # -0.0 + 0.0 = 0.0
