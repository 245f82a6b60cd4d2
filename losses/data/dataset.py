"""Rows with a target: what every page draws, fits and judges."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any, Literal, NoReturn, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from losses.data.writing import written

Array = NDArray[np.float64]
Task = Literal["regression", "binary", "multiclass"]
Role = Literal["features", "predictions"]
Scale = Literal["", "probability", "logit", "margin", "label"]


ROUNDING = 8 * float(np.finfo(float).eps)  # of a number's size: what arithmetic may leave of zero


class DataError(ValueError):
    """Data that cannot be used: a sentence that says what was found, where, and what is needed."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows with their targets: features to learn from, or the predictions of models to judge.

    The target of a class is its index in `classes`; `rows` are numbers from 1 on, of the lines of
    a file or else of the rows: `numbered` says which.
    A row may have a `weight`, at least 0, and a `group`, an index in `groups`. `scale` says what
    the predictions of classes are: probabilities of the second class, its logits or margins, or
    indices of predicted classes. With `by_class`, the columns are one model's probabilities of
    the classes, in their order.
    """

    name: str
    columns: tuple[str, ...]
    features: Array
    target: Array
    target_name: str
    task: Task = "regression"
    classes: tuple[str, ...] = ()
    role: Role = "features"
    unit: str = ""
    notes: tuple[str, ...] = ()
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    weight: Array | None = None
    weight_name: str = ""
    group: NDArray[np.int64] | None = None
    groups: tuple[str, ...] = ()
    group_name: str = ""
    scale: Scale = ""
    by_class: bool = False
    numbered: Literal["row", "line"] = "row"

    def __post_init__(self) -> None:
        rows = self.rows if len(self.rows) else np.arange(1, len(self.target) + 1)
        self._keep("features", self.features, np.float64)
        self._keep("target", self.target, np.float64)
        self._keep("rows", rows, np.int64)
        if self.weight is not None:
            self._keep("weight", self.weight, np.float64)
        if self.group is not None:
            self._keep("group", self.group, np.int64)
        for name in ("columns", "classes", "notes", "groups"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        self._check_shapes()
        self._check_names()
        self._check_finite()
        self._check_classes()
        self._check_besides()

    def __len__(self) -> int:
        return len(self.target)

    @cached_property
    def digest(self) -> str:
        """A fingerprint of every number and name: equal for equal data, made for cache keys."""
        names = (self.name, self.columns, self.target_name, self.task, self.classes)
        said = repr((names, self.role, self.unit, self.notes, self.features.shape))
        more = (self.weight_name, self.group_name, self.groups, self.scale, self.by_class)
        said += repr((*more, self.numbered, self.weight is None, self.group is None))
        arrays = (self.features, self.target, self.rows, self.weight, self.group)
        parts = (said.encode(), *(array.tobytes() for array in arrays if array is not None))
        return blake2b(b"\0".join(parts), digest_size=16).hexdigest()

    @cached_property
    def constant(self) -> tuple[str, ...]:
        """The columns that have one value in all rows."""
        still = spread(self.features) == 0
        return tuple(name for name, flat in zip(self.columns, still, strict=True) if flat)

    def column(self, name: str) -> Array:
        """The numbers of one column, or of the target."""
        if name == self.target_name:
            return self.target
        if name not in self.columns:
            there = ", ".join(map(repr, (*self.columns, self.target_name)))
            raise DataError(f"no column is called {name!r}; there is {there}")
        return self.features[:, self.columns.index(name)]

    def only(self, *names: str) -> Self:
        """The same rows with one column, or with some in this order."""
        features = np.column_stack([self.column(name) for name in names])
        return replace(self, columns=names, features=features, by_class=False)

    def part(self, rows: NDArray[np.integer]) -> Self:
        """Some of the rows, by their places; each keeps its number in the file."""
        names = ("features", "target", "rows", "weight", "group")
        parts = {name: getattr(self, name) for name in names}
        return replace(self, **{name: p[rows] for name, p in parts.items() if p is not None})

    def edited(self, cells: Mapping[tuple[int, str], float]) -> Self:
        """The same rows with other numbers in some cells: by the place of the row, and column."""
        features, target = self.features.copy(), self.target.copy()
        for (row, column), value in cells.items():
            if column == self.target_name:
                target[row] = value
            else:
                features[row, self.columns.index(column)] = value
        return replace(self, features=features, target=target)

    def standardized(self) -> Self:
        """Columns, and a target that is a number, in standard deviations from their means."""
        features = _standard(self.features)
        if self.task != "regression":
            return replace(self, features=features)
        target = _standard(self.target)
        return replace(self, features=features, target=target, unit="standard deviations")

    def rescaled(self, factor: float, unit: str) -> Self:
        """The same rows with the target, and whatever predicts it, in other units."""
        if self.task != "regression":
            raise DataError(
                f"{self.target_name!r} holds classes, and classes have no unit to change"
            )
        if not np.isfinite(factor) or factor == 0:
            raise DataError(f"{factor!r} cannot change a unit; the factor must be finite and not 0")
        predicted = self.role == "predictions"
        features = self.features * factor if predicted else self.features
        return replace(self, features=features, target=self.target * factor, unit=unit)

    def as_csv(self) -> str:
        """The data as a file that reads back to the same bits and that no spreadsheet executes."""
        target = (
            [self.classes[int(y)] for y in self.target] if self.classes else self.target.tolist()
        )
        beside = self.features.T.tolist()
        if self.scale == "label":
            beside = [[self.classes[int(label)] for label in labels] for labels in beside]
        columns = [*zip(self.columns, beside, strict=True)]
        # y_true comes first in a file of predictions, last in one of features
        place = 0 if self.role == "predictions" else len(columns)
        columns.insert(place, (self.target_name, target))
        if self.weight is not None:
            columns.append((self.weight_name, self.weight.tolist()))
        if self.group is not None:
            columns.append((self.group_name, [self.groups[at] for at in self.group]))
        return written(columns)

    def _keep(self, name: str, values: object, dtype: type[np.generic]) -> None:
        """Our own copy, read-only, so that the digest stays true."""
        try:
            own = np.array(values, dtype=dtype, order="C")
        except (TypeError, ValueError) as error:
            raise DataError(f"{self.name}: the {name} must be numbers; {error}") from None
        own.setflags(write=False)
        object.__setattr__(self, name, own)

    def _check_shapes(self) -> None:
        n = self.target.size
        if self.target.ndim != 1 or self.features.shape != (n, len(self.columns)):
            found = f"features {self.features.shape} and target {self.target.shape}"
            needed = f"features (rows, {len(self.columns)}) and target (rows,)"
            raise DataError(
                f"{self.name}: found {found}, needed {needed} for columns {self.columns}"
            )
        if self.rows.shape != (n,):
            raise DataError(f"{self.name}: {self.rows.size} row numbers for {n} rows")
        if n == 0:
            raise DataError(f"{self.name}: no row is left; at least one is needed")

    def _check_names(self) -> None:
        besides = (name for name in (self.weight_name, self.group_name) if name)
        names = (*self.columns, self.target_name, *besides)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise DataError(f"{self.name}: two columns are called {twice[0]!r}; names must differ")

    def _check_finite(self) -> None:
        for name in (*self.columns, self.target_name):
            bad = np.flatnonzero(~np.isfinite(self.column(name)))
            if bad.size:
                self._refuse(name, int(bad[0]), "is not a finite number")

    def _check_classes(self) -> None:
        k = len(self.classes)
        fits = {"regression": k == 0, "binary": k == 2, "multiclass": k >= 2}
        if not fits.get(self.task, False) or self.role not in ("features", "predictions"):
            raise DataError(
                f"{self.name}: task {self.task!r} and role {self.role!r} do not go with {k} classes"
            )
        if self.task != "regression":
            bad = np.flatnonzero(~np.isin(self.target, np.arange(k)))
            if bad.size:
                self._refuse(self.target_name, int(bad[0]), f"is not a class index 0 ... {k - 1}")

    def _check_besides(self) -> None:
        """Weights and groups, where there are any, and a column for each class."""
        n = len(self.target)
        if self.weight is not None and (self.weight.shape != (n,) or not self.weight_name):
            raise DataError(f"{self.name}: a weight for each of {n} rows, and its name, are needed")
        if self.weight is not None and not (
            np.isfinite(self.weight).all() and self.weight.min() >= 0 < self.weight.max()
        ):
            raise DataError(
                f"{self.weight_name!r}: weights must be 0 or more, and not all of them 0"
            )
        if self.group is not None and (self.group.shape != (n,) or not self.group_name):
            raise DataError(f"{self.name}: a group for each of {n} rows, and its name, are needed")
        if self.group is not None and not np.isin(self.group, np.arange(len(self.groups))).all():
            raise DataError(f"{self.group_name!r} is not an index of {len(self.groups)} groups")
        if self.by_class and len(self.columns) != len(self.classes):
            found = f"{len(self.columns)} columns for {len(self.classes)} classes"
            raise DataError(f"{self.name}: {found}; one for each is needed")

    def _refuse(self, column: str, at: int, why: str) -> NoReturn:
        value = float(self.column(column)[at])
        raise DataError(f"column {column!r}, row {self.rows[at]}: {value:g} {why}")


def spread(values: NDArray[np.floating[Any]], size: float | None = None) -> Array:
    """The standard deviation of each column; 0 where it is only rounding, as `beyond_rounding`."""
    largest = np.abs(values).max(axis=0) if size is None else size
    return beyond_rounding(values.std(axis=0), largest)


def beyond_rounding(found: ArrayLike, size: ArrayLike) -> Array:
    """A measure of spread, or 0 where rounding numbers of that size could have made it."""
    return np.where(np.asarray(found) > ROUNDING * np.asarray(size), found, 0.0)


def _standard(values: Array) -> Array:
    scale = spread(values)
    return np.where(scale > 0, values - values.mean(axis=0), 0.0) / np.where(scale > 0, scale, 1.0)
