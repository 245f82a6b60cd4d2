"""Numbers that a parser of bytes has read: which stand as they are, by looking at few cells.

A parser reads more than we do (inf, nan) and says less (1e400, 1e-400, the nineteenth digit of an
id). All of these end at nan, zero, infinity or beyond 2^53: the text of those cells is looked at,
and where one is no plain number the whole column is read from its text instead.
"""

from collections.abc import Callable, Sequence

import numpy as np

from losses.data.cells import (
    BLANKS,
    PLAIN,
    Column,
    Indices,
    Problem,
    is_missing,
    lost,
    missing,
)
from losses.data.dataset import Array

EXACT = 2.0**53  # beyond it a whole number may have lost digits

TextAt = Callable[[Indices], Sequence[str]]


def certified(values: Array, text: TextAt) -> Column | None:
    """The column of the values; None where only its text can say what it holds.

    `text` gives the cells at some places, as they are written.
    """
    low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
    ordinary = -EXACT < low <= high < EXACT  # nan makes this false as well
    gone = np.flatnonzero(np.isnan(values)) if not ordinary else np.empty(0, dtype=np.int64)
    cells = text(gone) if len(gone) else []
    if not all(map(is_missing, cells)):
        return None
    far = np.False_ if ordinary else np.abs(values) >= EXACT
    odd = np.flatnonzero((values == 0.0) | far)
    for cell in set(text(odd)) if len(odd) else ():
        literal = cell.strip(BLANKS)
        if not PLAIN.fullmatch(literal) or lost(float(literal), literal):
            return None
    problems = [Problem(at, missing(c), True) for at, c in zip(gone.tolist(), cells, strict=True)]
    return Column(values, problems)
