"""Which column is the target, the weight and the group, and what the others are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from losses.data.cells import Cells, Column, is_missing, numbers, shown
from losses.data.classed import is_measured, likeliest
from losses.data.dataset import DataError, Role, Scale
from losses.data.predictions import classes_of
from losses.data.target import MOST_CLASSES, distinct_values

TRUTH = re.compile(r"(y[ _]?true|true[ _]?y|actuals?|observed|truth|ground[ _]?truth)")
TARGET = re.compile(r"(y|targets?|labels?|class|outcome|response|diagnosis|species|price)")
PREDICTION = re.compile(
    r"(y[ _]?(hat|pred).*|pred(ict(ed|ions?)?)?([ _].*)?|.*[ _](hat|pred|prediction|proba?|score)"
    r"|p|p[ _].*|proba?(bility)?([ _].*)?|scores?([ _].*)?|forecasts?([ _].*)?|models?([ _]?\w+)?)"
)
LABEL = re.compile(r"(id|index|row|no|nr|#|unnamed.*|column 1)")
# A weight in kilograms is a feature: beside features, only names that can mean nothing else.
WEIGHT = re.compile(r"(sample|case|row|obs|observation|survey|class|frequency)[ _]?(weights?|wts?)")
LOOSE_WEIGHT = re.compile(r"w|wt|weights?|" + WEIGHT.pattern)
PAIRED = 0.9  # of the rows of a pair of columns sum to one, if they are of one model
GROUP = re.compile(r"(groups?|folds?|clusters?|cohorts?|segments?)([ _](id|no|nr))?")
NO_TARGET = (PREDICTION, LABEL, GROUP, WEIGHT)


@dataclass(frozen=True)
class Roles:
    """A guess that a reader may correct: the target, the columns beside it, and what they are.

    `unused` are the columns that are none of these; of them, `counters` only number the rows.
    `trouble` is the sentence to show where no column can be used as numbers.
    """

    target: str | None
    columns: tuple[str, ...]
    role: Role
    weight: str | None = None
    group: str | None = None
    scale: Scale | None = None
    by_class: bool = False
    unused: tuple[str, ...] = ()
    trouble: str = ""
    counters: tuple[str, ...] = ()


def guess(
    text: Mapping[str, Sequence[str]],
    read: Mapping[str, Column] | None = None,
    *,
    only_classes: bool = False,
    two_classes: bool = False,
) -> Roles:
    """By name first (y_true, target, label, ...), by values where names say nothing.

    With `only_classes`, a column that can be classes is the target before any that is measured;
    with `two_classes`, only one of two words that comes last, where targets mostly come.
    """
    read = read or {name: numbers(cells) for name, cells in text.items()}
    numeric = [name for name, column in read.items() if _mostly_numbers(column)]
    classed = _of_classes(text, read) if only_classes else None
    named = _named(text, TRUTH) or classed or _named(text, TARGET)
    ending = _last_of_two(text, read) if two_classes else None
    target = named or ending or _left_over(text, numeric, read)
    if target is None:
        return _without_target(text, numeric, read)
    counters = tuple(name for name in numeric if name != target and _counts(name, read[name]))
    others = tuple(name for name in numeric if name != target and name not in counters)
    predicted = tuple(name for name in others if PREDICTION.fullmatch(_key(name)))
    truth = _named(text, TRUTH) == target
    judged = truth or bool(predicted) or _are_probabilities(read, target, others)
    weight = _weight(others, read, LOOSE_WEIGHT if judged else WEIGHT)
    group = _group(text, target)
    beside = tuple(name for name in others if name not in (weight, group))
    labels = _label_columns(text, target, numeric) if truth else ()
    worded = bool(labels) and not beside
    chosen = labels if worded else beside if truth or not predicted else predicted
    by_class = judged and not worded and _one_a_class(text, read, target, chosen)
    unused = tuple(name for name in text if name not in (target, weight, group, *chosen))
    return Roles(
        target,
        chosen,
        "predictions" if judged else "features",
        weight,
        group,
        "label" if worded else None,
        by_class,
        unused,
        "" if chosen else _trouble(text, [n for n in text if n != target], counters),
        counters,
    )


def _without_target(
    text: Mapping[str, Sequence[str]], numeric: Sequence[str], read: Mapping[str, Column]
) -> Roles:
    counters = tuple(name for name in numeric if _counts(name, read[name]))
    columns = tuple(name for name in numeric if name not in counters)
    unused = tuple(name for name in text if name not in columns)
    trouble = _trouble(text, list(text), counters)
    return Roles(None, columns, "features", unused=unused, trouble=trouble, counters=counters)


def _trouble(
    text: Mapping[str, Sequence[str]], names: Sequence[str], counters: Sequence[str]
) -> str:
    """What is in columns of which none is a number, or only numbers the rows."""
    names = [name for name in names if name not in counters]
    first = {n: next((c for c in text[n] if not is_missing(c)), "") for n in names[:3]}
    some = ", ".join(f"{name!r} with {shown(cell)}" for name, cell in first.items())
    some = f" ({some}{', ...' if len(names) > 3 else ''})" if some else ""
    if not counters:
        return f"no column beside the target holds numbers{some}; at least one is needed"
    several = len(counters) > 1
    named = " and ".join(map(shown, counters[:3])) + " and others" * (len(counters) > 3)
    return (
        f"{named} only number{'' if several else 's'} the rows and "
        f"{'are' if several else 'is'} skipped, and no other column beside the target holds "
        f"numbers{some}; choose {'one of them' if several else 'it'} to take it in all the same"
    )


def _key(name: str) -> str:
    return name.strip().lower().replace("-", "_")


def _named(text: Mapping[str, object], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in text if pattern.fullmatch(_key(name))), None)


def _left_over(
    text: Mapping[str, object], numeric: Sequence[str], read: Mapping[str, Column]
) -> str | None:
    """The last column that is no prediction, as targets mostly come last; numbers of rows only if
    nothing else is left.
    """
    free = [name for name in text if name in numeric and not PREDICTION.fullmatch(_key(name))]
    told = [name for name in free if not _counts(name, read[name])]
    return next(reversed(told or free), None)


def _of_classes(text: Mapping[str, Sequence[str]], read: Mapping[str, Column]) -> str | None:
    """The first column named a target that is not measured, or else the likeliest to be classes."""
    cells = {name: Cells(read[name], partial(text.__getitem__, name)) for name in text}
    named = (name for name in text if TARGET.fullmatch(_key(name)))
    others = [n for n in text if not any(said.fullmatch(_key(n)) for said in NO_TARGET)]
    return next(
        (name for name in named if not is_measured(cells[name])),
        likeliest({name: cells[name] for name in others}),
    )


def _last_of_two(text: Mapping[str, Sequence[str]], read: Mapping[str, Column]) -> str | None:
    """The last column that can be a target, if it holds two words."""
    others = [n for n in text if not any(said.fullmatch(_key(n)) for said in NO_TARGET)]
    if not others or _mostly_numbers(read[others[-1]]):
        return None
    cells = Cells(read[others[-1]], partial(text.__getitem__, others[-1]))
    return others[-1] if distinct_values(cells).size == 2 else None


def _mostly_numbers(column: Column) -> bool:
    bad = sum(not problem.missing for problem in column.problems)
    return bool(np.isfinite(column.values).sum() > 9 * bad)


def _counts(name: str, column: Column) -> bool:
    """Whether the column only numbers the rows."""
    steps = np.diff(column.values)
    return bool(LABEL.fullmatch(_key(name)) and len(steps) and np.all(steps == 1.0))


def _weight(
    others: Sequence[str], read: Mapping[str, Column], pattern: re.Pattern[str]
) -> str | None:
    """A column named a weight that has no negative number, if it is not the only one."""
    for name in others if len(others) > 1 else ():
        values = read[name].values[np.isfinite(read[name].values)]
        if pattern.fullmatch(_key(name)) and len(values) and values.min() >= 0 < values.max():
            return name
    return None


def _group(text: Mapping[str, Sequence[str]], target: str) -> str | None:
    """A column named a group, some of whose labels come more than once."""
    for name, cells in text.items():
        if name != target and GROUP.fullmatch(_key(name)) and 1 < len(set(cells)) < len(cells):
            return name
    return None


def _are_probabilities(read: Mapping[str, Column], target: str, others: Sequence[str]) -> bool:
    """Two values in the target, and only fractions of one beside it."""
    goal = read[target].values
    if len(np.unique(goal[np.isfinite(goal)])) != 2 or not others:
        return False
    beside = np.concatenate([read[name].values for name in others])
    beside = beside[np.isfinite(beside)]
    inside = bool(np.all((beside >= 0.0) & (beside <= 1.0)))
    return inside and bool(np.any(np.mod(beside, 1.0)))


def _label_columns(
    text: Mapping[str, Sequence[str]], target: str, numeric: Sequence[str]
) -> tuple[str, ...]:
    """Columns of words, most of which are labels of the target."""
    known = {cell.strip() for cell in text[target]}
    return tuple(
        name
        for name, cells in text.items()
        if name not in (target, *numeric)
        and 2 * sum(cell.strip() in known for cell in cells) > len(cells)
    )


def _one_a_class(
    text: Mapping[str, Sequence[str]], read: Mapping[str, Column], target: str, names: Sequence[str]
) -> bool:
    """Whether names end as the labels of the target do, and most rows sum to one.

    Two columns beside two labels are what one predict_proba gives: of a pair nearly all must.
    """
    labels = distinct_values(Cells(read[target], lambda: text[target])).labels
    if not 2 <= len(labels) <= min(MOST_CLASSES, len(names)):
        return False
    share = PAIRED if len(names) == 2 else 0.5  # two models may agree by chance, three hardly
    try:
        named = classes_of(names, labels)
    except DataError:
        return False
    sums = np.sum([read[name].values for name in names], axis=0)
    sums = sums[np.isfinite(sums)]
    ends = all(name.casefold().endswith(label.casefold()) for name, label in named.items())
    return bool(ends and len(sums) and np.mean(np.abs(sums - 1.0) < 0.01) > share)
