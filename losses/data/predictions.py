"""What predictions mean: probabilities, logits, margins, labels, or one probability a class."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.data.cells import Cells, shown
from losses.data.dataset import Array, DataError, Scale
from losses.data.target import Target, labels_of
from losses.links import sigmoid

Mask = NDArray[np.bool_]
Mend = Literal["keep", "divide", "leave out"]

SUM_TOLERANCE = 1e-3  # what rounding to three decimals leaves of a sum of one
SEPARATORS = " _-.:="


class Judged(NamedTuple):
    """Predictions (n, d) as they will be used, which rows stay, and what is said of them."""

    values: Array
    keep: Mask
    target: Target
    scale: Scale
    notes: list[str]
    columns: tuple[str, ...]
    by_class: bool = False


def of_two_classes(
    columns: tuple[str, ...],
    values: Array,
    goal: Target,
    scale: Scale | None,
    mend: Mend,
    convert: bool,
) -> Judged:
    """Scores for the second class; what they are is guessed from their range if it is not said."""
    outside = np.asarray((values < 0.0) | (values > 1.0))
    margins = goal.classes == ("-1", "1")
    guessed: Scale = ("margin" if margins else "logit") if outside.any() else "probability"
    meant = scale or guessed
    keep: Mask = np.ones(len(values), dtype=bool)
    notes = list[str]()
    if scale in (None, "probability"):
        notes = _outside(columns, outside, "margins" if margins else "logits")
        if notes and mend == "leave out":
            keep = np.asarray(~outside.any(axis=1))
            notes.append(
                f"{_rows(int((~keep).sum()))} with values outside 0 ... 1 left out, as chosen"
            )
    if convert and meant in ("logit", "margin"):
        values, said = _converted(columns, values, meant)
        return Judged(values, keep, goal, "probability", [*notes, *said], columns)
    return Judged(values, keep, goal, meant, notes, columns)


def _outside(columns: Sequence[str], outside: Mask, may_be: str) -> list[str]:
    """What is said of columns with values (n, d) that cannot be probabilities."""
    return [
        f"column {name!r}: {count} of {len(outside)} values lie outside 0 ... 1, "
        f"so they are no probabilities; are they {may_be}?"
        for name, count in zip(columns, outside.sum(axis=0).tolist(), strict=True)
        if count
    ]


def _converted(columns: Sequence[str], values: Array, scale: Scale) -> tuple[Array, list[str]]:
    """Probabilities of logits, and a word on those that rounding makes certain."""
    found = np.asarray(sigmoid(values), dtype=np.float64)
    named = ", ".join(map(repr, columns))
    doubt = " as if they were logits, which no margin promises" if scale == "margin" else ""
    notes = [f"{named}: {scale}s, turned into probabilities by 1 / (1 + exp(-z)){doubt}"]
    certain = int(((found == 0.0) | (found == 1.0)).sum())
    if certain:
        notes.append(f"{certain} of them are so large that the probability rounds to 0 or 1")
    return found, notes


def as_labels(cells: Mapping[str, Cells], goal: Target, mend: Mend) -> Judged:
    """Predicted labels (n, d) as class indices; those never seen in the target become classes."""
    found = {name: labels_of(column) for name, column in cells.items()}
    every = {label for labels in found.values() for label in labels}
    new = sorted(every.difference(goal.classes) - {""})
    order = {label: float(at) for at, label in enumerate((*goal.classes, *new))}
    values = np.array([[order[label] for label in labels] for labels in found.values()]).T
    keep: Mask = np.ones(len(values), dtype=bool)
    notes = list[str]()
    if new:
        unseen = values >= len(goal.classes)
        some = ", ".join(map(shown, new[:4])) + ", ..." * (len(new) > 4)
        notes = [f"{int(unseen.sum())} predicted labels are never in the target: {some}"]
        if mend == "leave out":
            keep = np.asarray(~unseen.any(axis=1))
            notes.append(f"{_rows(int((~keep).sum()))} with such labels left out, as chosen")
        else:
            task = "multiclass" if len(order) > 2 else goal.task
            goal = goal._replace(classes=tuple(order), task=task)
    return Judged(values, keep, goal, "label", notes, tuple(cells))


def one_a_class(columns: tuple[str, ...], values: Array, goal: Target, mend: Mend) -> Judged:
    """One model's probabilities, a column for each class, brought into the order of the classes."""
    pairs = classes_of(columns, goal.classes)
    order = {label: name for name, label in pairs.items()}
    none = [label for label in goal.classes if label not in order]
    unseen = np.isin(goal.column.values, [goal.classes.index(label) for label in none])
    notes = ["; ".join(f"{c!r} is the probability of {label!r}" for c, label in pairs.items())]
    if none:
        some = ", ".join(map(shown, none[:4])) + ", ..." * (len(none) > 4)
        said = f"{_rows(int(unseen.sum()))} of a class that no column is the probability of: {some}"
        if mend != "leave out":
            raise DataError(f"{said}; choose the column, or leave these rows out")
        notes.append(f"{said}; left out, as chosen")
    classes = (*(label for label in goal.classes if label in order),)
    classes += tuple(label for label in order if label not in classes)
    names = tuple(order[label] for label in classes)
    values = values[:, [columns.index(name) for name in names]]
    place = np.array([classes.index(c) if c in classes else np.nan for c in goal.classes])
    goal = goal._replace(
        column=goal.column._replace(values=place[goal.column.values.astype(np.int64)]),
        classes=classes,
        task="multiclass",
    )
    values, keep, said_of_sums = _summing_to_one(values, mend)
    keep &= ~unseen
    return Judged(values, keep, goal, "probability", notes + said_of_sums, names, by_class=True)


def one_a_side(columns: tuple[str, ...], values: Array, goal: Target, mend: Mend) -> Judged:
    """One model's probabilities of both of two classes: what is judged is that of the second."""
    pairs = classes_of(columns, goal.classes)
    order = {label: name for name, label in pairs.items()}
    if set(order) != set(goal.classes):
        raise DataError(f"columns {', '.join(map(repr, columns))} are not one for each class")
    values, keep, said = _summing_to_one(values, mend)
    first, second = (order[label] for label in goal.classes)
    notes = [
        f"{first!r} and {second!r} are read as one model's probabilities of "
        f"{goal.classes[0]!r} and {goal.classes[1]!r}; judged is {second!r}",
        *said,
    ]
    chosen = values[:, [columns.index(second)]]
    return Judged(chosen, keep, goal, "probability", notes, (second,))


def _summing_to_one(values: Array, mend: Mend) -> tuple[Array, Mask, list[str]]:
    """What is said of rows that are no probabilities of classes, and what was chosen for them."""
    n = len(values)
    outside = ((values < 0.0) | (values > 1.0)).any(axis=1)
    sums = values.sum(axis=1)
    off = (np.abs(sums - 1.0) > SUM_TOLERANCE) & ~outside
    notes, keep = list[str](), np.ones(n, dtype=bool)
    if outside.any():
        notes.append(f"{_rows(int(outside.sum()))} of {n} with probabilities outside 0 ... 1")
    if off.any():
        farthest = float(np.abs(sums - 1.0)[off].max())
        notes.append(f"{_rows(int(off.sum()))} of {n} do not sum to one, by up to {farthest:.3g}")
    if mend == "leave out" and notes:
        keep = ~(outside | off)
        notes.append("these rows are left out, as chosen")
    if mend == "divide" and off.any():
        fixed = off & (sums > 0.0)
        values = np.where(fixed[:, None], values / np.where(fixed, sums, 1.0)[:, None], values)
        notes.append(f"{_rows(int(fixed.sum()))} divided by their sum, as chosen")
    return values, keep, notes


def classes_of(columns: Sequence[str], labels: Sequence[str]) -> dict[str, str]:
    """Column to class: by the end of its name, or one by one where no name says anything."""
    named = {name: _label_in(name, labels) for name in columns}
    found = [label for label in named.values() if label]
    if not found and len(columns) == len(labels):
        return dict(zip(columns, labels, strict=True))
    if len(set(found)) < len(found) or not found:
        raise DataError(
            f"columns {', '.join(map(repr, columns))} are not one for each class of "
            f"{', '.join(map(repr, labels))}; name each after its class"
        )
    return {name: label or name for name, label in named.items()}


def _label_in(name: str, labels: Sequence[str]) -> str:
    key = name.strip().casefold()
    fits = [
        label
        for label in labels
        if key == label.casefold() or key.endswith(tuple(s + label.casefold() for s in SEPARATORS))
    ]
    return max(fits, key=len, default="")


def _rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)}"
