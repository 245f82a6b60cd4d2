"""Which column is the target, and whether the others are features or predictions of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from losses.data.cells import Column, numbers
from losses.data.dataset import Role

TRUTH = re.compile(r"(y[ _]?true|true[ _]?y|actuals?|observed|truth|ground[ _]?truth)")
TARGET = re.compile(r"(y|targets?|labels?|class|outcome|response|diagnosis|species|price)")
PREDICTION = re.compile(
    r"(y[ _]?(hat|pred).*|pred(ict(ed|ions?)?)?([ _].*)?|.*[ _](hat|pred|prediction|proba?|score)"
    r"|p|p[ _].*|proba?(bility)?([ _].*)?|scores?([ _].*)?|forecasts?([ _].*)?|models?([ _]?\w+)?)"
)
LABEL = re.compile(r"(id|index|row|no|nr|#|unnamed.*|column 1)")


@dataclass(frozen=True)
class Roles:
    """A guess that a reader may correct: the target, the columns beside it, and what they are."""

    target: str | None
    columns: tuple[str, ...]
    role: Role


def guess(text: Mapping[str, Sequence[str]]) -> Roles:
    """By name first (y_true, target, label, ...), by values where names say nothing."""
    read = {name: numbers(cells) for name, cells in text.items()}
    numeric = [name for name, column in read.items() if _mostly_numbers(column)]
    target = _named(text, TRUTH) or _named(text, TARGET) or _left_over(text, numeric)
    others = tuple(name for name in numeric if name != target and not _counts(name, read[name]))
    predicted = tuple(name for name in others if PREDICTION.fullmatch(_key(name)))
    if target is None:
        return Roles(None, others, "features")
    if _named(text, TRUTH) == target or _are_probabilities(read, target, others):
        return Roles(target, others, "predictions")
    return Roles(target, predicted or others, "predictions" if predicted else "features")


def _key(name: str) -> str:
    return name.strip().lower().replace("-", "_")


def _named(text: Mapping[str, object], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in text if pattern.fullmatch(_key(name))), None)


def _left_over(text: Mapping[str, object], numeric: Sequence[str]) -> str | None:
    """The last column that is no prediction, as targets mostly come last."""
    free = [name for name in text if name in numeric and not PREDICTION.fullmatch(_key(name))]
    return free[-1] if free else None


def _mostly_numbers(column: Column) -> bool:
    bad = sum(not problem.missing for problem in column.problems)
    return bool(np.isfinite(column.values).sum() > 9 * bad)


def _counts(name: str, column: Column) -> bool:
    """Whether the column only numbers the rows."""
    steps = np.diff(column.values)
    return bool(LABEL.fullmatch(_key(name)) and len(steps) and np.all(steps == 1.0))


def _are_probabilities(read: Mapping[str, Column], target: str, others: tuple[str, ...]) -> bool:
    """Two values in the target, and only fractions of one beside it."""
    goal = read[target].values
    if len(np.unique(goal[np.isfinite(goal)])) != 2 or not others:
        return False
    beside = np.concatenate([read[name].values for name in others])
    beside = beside[np.isfinite(beside)]
    inside = bool(np.all((beside >= 0.0) & (beside <= 1.0)))
    return inside and bool(np.any(np.mod(beside, 1.0)))
