"""More columns of the same rows: the square of each and the product of each two."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from losses.data import DataError, Dataset

MOST = 12  # columns, which make 90


def with_products(data: Dataset) -> Dataset:
    """The columns, their squares and the products of two, of columns in standard deviations.

    Ten columns become 65. Raises DataError for more than `MOST` columns.
    """
    d = len(data.columns)
    if d > MOST:
        raise DataError(
            f"{d} columns would become {d * (d + 3) // 2} with squares and products; "
            f"at most {MOST} columns are widened"
        )
    X, pairs = data.standardized().features, list(combinations(range(d), 2))
    made = [X**2] + [(X[:, i] * X[:, j])[:, None] for i, j in pairs]
    names = [f"{name}²" for name in data.columns]
    names += [f"{data.columns[i]} × {data.columns[j]}" for i, j in pairs]
    columns = _unlike((*data.columns, *names))
    return replace(data, columns=columns, features=np.hstack([data.features, *made]))


def _unlike(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, with marks behind those that another column bears already."""
    found: list[str] = []
    for name in names:
        while name in found:
            name += " ′"
        found.append(name)
    return tuple(found)
