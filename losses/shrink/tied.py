"""Columns that say the same: where the best weights are not the only best ones."""

import numpy as np

from losses.arrays import Array, Indices
from losses.penalties import Penalty
from losses.shrink.problem import shares

DEPENDENT = 1e-9  # of a column: what is left of it beside the others
EVEN = 1e-9  # of a price: what a trade of weights may change it by


def repeated(features: Array) -> tuple[int, ...]:
    """The columns that have one value, or that are an earlier one in another unit."""
    unit = _unit(np.asarray(features, float))
    alike = np.abs(unit.T @ unit) > 1 - DEPENDENT
    return tuple(k for k in range(unit.shape[1]) if not alike[k, k] or alike[k, :k].any())


def tied(features: Array, weights: Array, penalty: Penalty) -> tuple[tuple[int, ...], ...]:
    """Columns of features `(n, d)` whose best weights `(d + 1,)` can be traded at no cost.

    A column that depends on others moves no score if they make up for it; under L1 alone the trade
    may be free, too, and then there are infinitely many best weights. Each group begins with the
    column that may grow. An L2 part of the penalty makes the best weights unique.
    """
    X, slopes = np.asarray(features, float), np.asarray(weights, float)[:-1]
    size = np.linalg.norm(X - X.mean(axis=0), axis=0)
    if shares(penalty)[1] or not slopes.any():
        return ()
    unit, held = np.linalg.qr(_unit(X)).R, np.flatnonzero(slopes)
    bends = np.linalg.svd(unit, compute_uv=False)
    if len(bends) == len(slopes) and bends[-1] > DEPENDENT:
        return ()
    found = []
    for column in np.flatnonzero(unit.any(axis=0)):
        others = held[held != column]
        share = _share(unit, int(column), others)
        if share is None:
            continue
        made_of = share * size[column] / size[others]  # in weights
        saved = abs(float(made_of @ np.sign(slopes[others])))
        if slopes[column] or saved >= 1 - EVEN:
            found.append((int(column), *others[np.abs(share) > DEPENDENT].tolist()))
    return _once(found)


def _unit(X: Array) -> Array:
    """Columns around zero, of length one; zero where one has a single value."""
    centered = X - X.mean(axis=0)
    size = np.linalg.norm(centered, axis=0)
    still = size <= DEPENDENT * np.linalg.norm(X, axis=0)
    unit: Array = np.where(still, 0.0, centered) / np.where(still, 1.0, size)
    return unit


def _share(unit: Array, column: int, others: Indices) -> Array | None:
    """How much of each of the others makes the column, or None where they do not."""
    if not others.size:
        return None
    share: Array = np.linalg.lstsq(unit[:, others], unit[:, column])[0]
    left = np.linalg.norm(unit[:, column] - unit[:, others] @ share)
    return share if left <= DEPENDENT else None


def _once(groups: list[tuple[int, ...]]) -> tuple[tuple[int, ...], ...]:
    """Each set of columns once."""
    known = {frozenset(group): group for group in reversed(groups)}
    return tuple(sorted(known.values()))
