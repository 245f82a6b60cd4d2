"""Which column may be classes, judged by its values alone: for those who take only classes."""

from collections.abc import Mapping

from losses.data.cells import Cells, is_missing
from losses.data.report import describe
from losses.data.target import MOST_CLASSES, distinct_values, likely_task


def likeliest(columns: Mapping[str, Cells]) -> str | None:
    """The column that is likeliest to be classes, the last of equals; None if none can be.

    Targets mostly come last. Words that recur and two whole numbers come before a few whole
    numbers, which may be counts, and these before words that hardly recur, which may be names.
    """
    ranks = {name: _rank(name, columns[name]) for name in reversed(list(columns))}
    known = {name: rank for name, rank in ranks.items() if rank is not None}
    return min(known, key=known.__getitem__, default=None)


def is_measured(cells: Cells) -> bool:
    """Whether the numbers of a column vary too much to be classes."""
    distinct = distinct_values(cells)
    return distinct.size > 1 and likely_task(cells.read, distinct, "features") == "regression"


def _rank(name: str, cells: Cells) -> int | None:
    """0 where a column is like a column of classes, more where less so, None where it is none."""
    kind, (size, _) = describe(name, cells.read, cells.text).kind, distinct_values(cells)
    if is_measured(cells) or size > MOST_CLASSES:
        return None
    if kind in ("text", "truth value"):
        present = sum(not is_missing(cell) for cell in cells.text())
        return 0 if size == 2 or 1 < size <= present / 2 else 2
    if kind == "whole number" and size > 1:
        return 0 if size == 2 else 1
    return None
