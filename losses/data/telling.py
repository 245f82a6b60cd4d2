"""Which columns tell most about the target, each by itself."""

import numpy as np

from losses.arrays import Array
from losses.data.dataset import Dataset, spread


def telling(data: Dataset) -> tuple[str, ...]:
    """All columns, first those that tell most about the target; equal ones in their own order."""
    order = np.argsort(-shares(data), kind="stable").tolist()
    return tuple(data.columns[k] for k in order)


def shares(data: Dataset) -> Array:
    """What each column by itself explains `(d,)`, from 0 to 1; 0 of a constant one.

    The square of its correlation with a numeric target; of classes, the share of its variance that
    lies between their means.
    """
    size = spread(data.features)
    X = (data.features - data.features.mean(axis=0)) / np.where(size > 0, size, 1.0)
    if data.task == "regression":
        height = float(spread(data.target)) or 1.0
        found: Array = (X.T @ (data.target - data.target.mean()) / (len(data) * height)) ** 2
    else:
        groups = [data.target == k for k in range(len(data.classes))]
        found = np.zeros(X.shape[1])
        for mine in (group for group in groups if group.any()):
            found += mine.mean() * X[mine].mean(axis=0) ** 2
    return np.where(size > 0, found, 0.0).round(12)
