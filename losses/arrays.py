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
    if numbers.dtype == np.float64:  # the usual case, in a fifth of the time
        return numbers
    return numbers.astype(precision(numbers), copy=False)
