"""The one array type of the core, and how numbers of other kinds become it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Indices = NDArray[np.integer[Any]]


def precision(numbers: NDArray[Any]) -> np.dtype[Any]:
    """Single precision stays single; half would not bear sums, and whole numbers wrap around."""
    if numbers.dtype.kind != "f":
        return np.dtype(float)
    return np.promote_types(numbers.dtype, np.float32)


def floats(numbers: NDArray[Any]) -> Array:
    """The numbers as floats, of the precision that they have."""
    return numbers.astype(precision(numbers), copy=False)
