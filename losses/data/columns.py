"""Columns of text to a Dataset; no row is left out without a word."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.data.cells import BLANKS, Column, Problem, is_missing, missing, numbers, shown
from losses.data.dataset import DataError, Dataset, Role, Task

Indices = NDArray[np.int64]

MOST_CLASSES = 100
FEW_VALUES = 10  # so many whole numbers may be classes, if each is there several times


class Target(NamedTuple):
    """A target as numbers, with what the numbers stand for."""

    column: Column
    task: Task
    classes: tuple[str, ...] = ()


def assemble(
    name: str,
    text: Mapping[str, Sequence[str]],
    lines: Iterable[int],
    target: str,
    *,
    task: Task | None = None,
    role: Role = "features",
    unit: str = "",
    notes: tuple[str, ...] = (),
) -> Dataset:
    """The rows whose cells can all be used; the notes say which were left out and why."""
    columns = {column: numbers(text[column]) for column in text if column != target}
    if not columns:
        raise DataError(f"{target!r} is the only column; choose at least one more")
    _check_questions(columns)
    numbered = np.fromiter(lines, dtype=np.int64)
    features = np.column_stack([column.values for column in columns.values()])
    usable = np.flatnonzero(np.isfinite(features).all(axis=1))
    # a class that only rows without features have is none: the target is judged by the others
    goal = as_target(target, [text[target][at] for at in usable.tolist()], task, role)
    _check_questions({target: goal.column})
    gone = _reasons({target: goal.column}, numbered[usable]) | _reasons(columns, numbered)
    found = np.isfinite(goal.column.values)
    kept = usable[found]
    said = _left_out(gone, len(kept))
    return Dataset(
        name=name,
        columns=tuple(columns),
        features=features[kept],
        target=goal.column.values[found],
        target_name=target,
        task=goal.task,
        classes=goal.classes,
        role=role,
        unit=unit if goal.task == "regression" else "",
        notes=(*notes, *_told(columns, target, goal, role, task is None), *said),
        rows=numbered[kept],
    )


def _check_questions(columns: Mapping[str, Column]) -> None:
    for name, column in columns.items():
        if column.question:
            raise DataError(f"column {name!r}: {column.question}")


def _reasons(columns: Mapping[str, Column], lines: Indices) -> dict[int, str]:
    """Line to the first reason why it cannot be used."""
    first: dict[int, str] = {}
    for name, column in columns.items():
        for at, said, _ in column.problems:
            first.setdefault(int(lines[at]), f"{name!r} {said}")
    return first


def _left_out(reasons: Mapping[int, str], kept: int) -> list[str]:
    """The sentence about the rows that are left out."""
    first = [f"line {line} {reasons[line]}" for line in sorted(reasons)[:3]]
    some = "; ".join(first) + "; ..." * (len(reasons) > 3)
    if not kept:
        raise DataError(f"no row is left, because each has a cell that cannot be used: {some}")
    return [f"{len(reasons)} row{'s' * (len(reasons) > 1)} left out: {some}"] if reasons else []


def _told(
    columns: Mapping[str, Column], target: str, goal: Target, role: Role, guessed: bool
) -> list[str]:
    """How the target and the cells were taken, and what looks wrong."""
    read = {**columns, target: goal.column}
    told = [_guessed(target, goal)] if guessed else []
    told += [f"column {name!r}: {note}" for name, column in read.items() for note in column.notes]
    if goal.task == "binary" and role == "predictions":
        told += _outside(columns)
    return told


def as_target(name: str, cells: Sequence[str], task: Task | None, role: Role) -> Target:
    """The target as numbers, or as indices of its classes in order."""
    read = numbers(cells)
    labels = _labels(cells, read)
    if not any(not is_missing(cell) for cell in cells):
        return Target(read, "regression")
    task = task or _guess(cells, read, labels, role)
    if task == "regression":
        return Target(read, task)
    if (task == "binary" and len(labels) != 2) or not 2 <= len(labels) <= MOST_CLASSES:
        needed = "exactly 2" if task == "binary" else f"2 ... {MOST_CLASSES}"
        some = ", ".join(shown(label) for label in labels[:4]) + ", ..." * (len(labels) > 4)
        found = f"{len(labels)} different values ({some})" if labels else "no value"
        raise DataError(f"column {name!r} has {found}; {task} classes need {needed}")
    return Target(_indices(cells, read, labels), task, tuple(labels))


def _labels(cells: Sequence[str], read: Column) -> list[str]:
    """The different labels in order: numbers by size, text by alphabet."""
    if _all_numbers(read):
        values = np.unique(read.values[np.isfinite(read.values)]).tolist()
        return list(map(_label, values))
    distinct = {cell.strip(BLANKS) for cell in cells if not is_missing(cell)}
    return sorted(distinct, key=lambda label: (label.casefold(), label))


def _all_numbers(read: Column) -> bool:
    return not read.question and all(problem.missing for problem in read.problems)


def _indices(cells: Sequence[str], read: Column, labels: list[str]) -> Column:
    order = {label: float(index) for index, label in enumerate(labels)}
    if _all_numbers(read):
        keys = [_label(value) for value in read.values.tolist()]
    else:
        keys = [cell.strip(BLANKS) for cell in cells]
    gone = [at for at, cell in enumerate(cells) if is_missing(cell)]
    values = np.array([order.get(key, np.nan) for key in keys])
    values[gone] = np.nan
    return Column(values, [Problem(at, missing(cells[at]), True) for at in gone], read.notes)


def _label(value: float) -> str:
    return repr(value + 0.0).removesuffix(".0")  # -0.0 + 0.0 = 0.0


def _guess(cells: Sequence[str], read: Column, labels: list[str], role: Role) -> Task:
    """Binary for two values, multiclass for a few whole numbers or labels, else regression."""
    if len(labels) == 2:
        return "binary"
    count = int(np.isfinite(read.values).sum())
    if read.question or 2 * count > sum(not is_missing(cell) for cell in cells):
        whole = bool(np.all(np.mod(read.values[np.isfinite(read.values)], 1.0) == 0.0))
        few = 2 < len(labels) <= min(FEW_VALUES, count / 5)
        classes = whole and few and role == "features" and not read.question
        return "multiclass" if classes and _all_numbers(read) else "regression"
    return "multiclass"


def _guessed(name: str, goal: Target) -> str:
    if goal.task == "regression":
        return f"{name!r} is taken as a number: regression"
    shown_classes = ", ".join(f"{i} = {label!r}" for i, label in enumerate(goal.classes[:5]))
    more = ", ..." if len(goal.classes) > 5 else ""
    return f"{name!r} is taken as {len(goal.classes)} classes: {shown_classes}{more}"


def _outside(columns: Mapping[str, Column]) -> list[str]:
    """What is said of predictions that cannot be probabilities."""
    counts = {
        name: int(np.sum((column.values < 0.0) | (column.values > 1.0)))
        for name, column in columns.items()
    }
    return [
        f"column {name!r}: {count} of {len(columns[name].values)} values lie outside 0 ... 1, "
        "so they are no probabilities; are they logits?"
        for name, count in counts.items()
        if count
    ]
