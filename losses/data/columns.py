"""Columns to a Dataset; no row is left out without a word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from losses.data import predictions
from losses.data.cells import Cells, Column, Indices, Problem, is_missing, missing
from losses.data.dataset import Array, DataError, Dataset, Role, Scale, Task
from losses.data.predictions import Judged, Mend
from losses.data.target import Target, as_target, distinct_values, indices, told

TOLD = 3  # columns in the note on how cells were read


@dataclass(frozen=True)
class Plan:
    """Which column is what, and what was chosen where there is a choice; None is to be guessed.

    `scale` says what predictions are; `convert` turns logits and margins into probabilities;
    `by_class` says that the columns are one model's probabilities, one for each class: of two, that
    of the second class is judged; `mend` says
    what becomes of rows whose predictions are no probabilities or no known label.
    """

    target: str
    columns: tuple[str, ...]
    task: Task | None = None
    role: Role = "features"
    unit: str = ""
    weight: str | None = None
    group: str | None = None
    scale: Scale | None = None
    convert: bool = False
    by_class: bool = False
    mend: Mend = "keep"


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
    """The rows of columns of text whose cells can all be used."""
    cells = {column: Cells.of(text[column]) for column in text}
    columns = tuple(column for column in text if column != target)
    numbered = np.fromiter(lines, dtype=np.int64)
    return assembled(name, cells, numbered, Plan(target, columns, task, role, unit), notes)


def assembled(
    name: str,
    cells: Mapping[str, Cells],
    lines: Indices,
    plan: Plan,
    notes: tuple[str, ...] = (),
) -> Dataset:
    """The rows whose cells can all be used; the notes say which were left out and why."""
    if not plan.columns:
        raise DataError(f"{plan.target!r} is the only column; choose at least one more")
    beside = _beside(cells, plan)
    _check_questions(beside)
    stacked = np.column_stack([column.values for column in beside.values()])
    usable = np.flatnonzero(np.isfinite(stacked).all(axis=1))
    # a class that only rows without features have is none: the target is judged by the others
    mine = cells[plan.target].at(usable)
    goal = as_target(plan.target, mine, _task(plan, mine), plan.role)
    _check_questions({plan.target: goal.column})
    found = np.isfinite(goal.column.values)
    gone = _reasons({plan.target: goal.column}, lines[usable]) | _reasons(beside, lines)
    said = _left_out(gone, int(found.sum()))
    kept = usable[found]
    goal = goal._replace(column=goal.column._replace(values=goal.column.values[found]))
    judged = _judged(plan, cells, kept, stacked[kept, : len(plan.columns)], goal)
    if not judged.keep.any():
        raise DataError(f"no row is left: {'; '.join(judged.notes)}")
    how = _told(beside, plan, goal) + judged.notes
    stay = kept[judged.keep]
    return _dataset(name, plan, judged, cells, stay, lines[stay], (*said, *notes, *how))


def _task(plan: Plan, target: Cells) -> Task | None:
    """The task that a column for each class makes, if none is said: with two of two, binary."""
    if not plan.by_class or plan.task is not None:
        return plan.task
    pair = len(plan.columns) == 2 and distinct_values(target).size == 2
    return "binary" if pair else "multiclass"


def _dataset(
    name: str,
    plan: Plan,
    judged: Judged,
    cells: Mapping[str, Cells],
    stay: Indices,
    row_numbers: Indices,
    notes: tuple[str, ...],
) -> Dataset:
    group, groups = (None, ()) if plan.group is None else _grouped(cells[plan.group].at(stay))
    return Dataset(
        name=name,
        columns=judged.columns,
        features=judged.values[judged.keep],
        target=judged.target.column.values[judged.keep],
        target_name=plan.target,
        task=judged.target.task,
        classes=judged.target.classes,
        role=plan.role,
        unit=plan.unit if judged.target.task == "regression" else "",
        notes=notes,
        rows=row_numbers,
        weight=None if plan.weight is None else cells[plan.weight].read.values[stay],
        weight_name=plan.weight or "",
        group=group,
        groups=groups,
        group_name=plan.group or "",
        scale=judged.scale,
        by_class=judged.by_class,
        numbered="line",
    )


def _beside(cells: Mapping[str, Cells], plan: Plan) -> dict[str, Column]:
    """Every column but the target as numbers, which are finite where a row can be used."""
    read = _presence if plan.scale == "label" else _numbers
    found = {name: read(cells[name]) for name in plan.columns}
    if plan.weight is not None:
        found[plan.weight] = _weighed(cells[plan.weight].read)
    if plan.group is not None:
        found[plan.group] = _presence(cells[plan.group])
    return found


def _numbers(cells: Cells) -> Column:
    return cells.read


def _presence(cells: Cells) -> Column:
    """Zeros for cells that hold anything: what they hold is read later, as labels."""
    text = cells.text()
    gone = [Problem(at, missing(cell), True) for at, cell in enumerate(text) if is_missing(cell)]
    values = np.zeros(len(text))
    values[[problem.at for problem in gone]] = np.nan
    return Column(values, gone)


def _weighed(read: Column) -> Column:
    """Weights, of which none may be negative."""
    below = np.flatnonzero(read.values < 0.0)
    bad = [Problem(int(at), f"is {read.values[at]:g}, a negative weight") for at in below]
    return read._replace(
        values=np.where(read.values < 0.0, np.nan, read.values),
        problems=sorted(read.problems + bad),
    )


def _grouped(cells: Cells) -> tuple[Indices, tuple[str, ...]]:
    """Each row's group as an index, and the labels of the groups."""
    labels = distinct_values(cells, most=len(cells.read.values)).labels
    return indices(cells, labels).values.astype(np.int64), tuple(labels)


def _judged(
    plan: Plan, cells: Mapping[str, Cells], kept: Indices, values: Array, goal: Target
) -> Judged:
    """What the predictions mean; features mean what they are."""
    if plan.role == "predictions" and plan.scale == "label" and goal.task != "regression":
        mine = {name: cells[name].at(kept) for name in plan.columns}
        return predictions.as_labels(mine, goal, plan.mend)
    if plan.role == "predictions" and plan.by_class and goal.task == "binary":
        return predictions.one_a_side(plan.columns, values, goal, plan.mend)
    if plan.role == "predictions" and plan.by_class:
        return predictions.one_a_class(plan.columns, values, goal, plan.mend)
    if plan.role == "predictions" and goal.task == "binary":
        choices = (plan.scale, plan.mend, plan.convert)
        return predictions.of_two_classes(plan.columns, values, goal, *choices)
    return Judged(values, np.ones(len(values), dtype=bool), goal, "", [], plan.columns)


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


def _told(beside: Mapping[str, Column], plan: Plan, goal: Target) -> list[str]:
    """How the target and the cells were taken."""
    read = {**beside, plan.target: goal.column}
    guessed = [told(plan.target, goal)] if plan.task is None else []
    notes = [f"{name!r}: {note}" for name, column in read.items() for note in column.notes]
    if not notes:
        return guessed
    more = f"; and {len(notes) - TOLD} more such" if len(notes) > TOLD else ""
    return [*guessed, f"column{'s' * (len(notes) > 1)} {'; '.join(notes[:TOLD])}{more}"]
