"""How far a parameter of a loss can matter on some predictions."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.spec import Parameter
from losses.verdict.scoring import floats

FARTHEST = 1e12  # a range need not end farther out, nor nearer to an open end than its inverse
LENGTHS = ("delta", "beta", "epsilon", "c")  # parameters that count in the units of the target


def reach(
    target: ArrayLike, predictions: Mapping[str, ArrayLike], loss: type[Loss], parameter: Parameter
) -> tuple[float, float]:
    """The range of a parameter worth looking at: its slider's, or for a length the residuals'.

    Beyond the largest residual Huber is a squared error for every δ: no winner changes there.
    """
    if loss.family != "residual" or parameter.name not in LENGTHS:
        return float(parameter.low), float(parameter.high)
    y = floats(target)
    largest = max(float(np.abs(floats(p) - y).max()) for p in predictions.values())
    if not 0 < largest < np.inf:
        return float(parameter.low), float(parameter.high)
    digit = 10.0 ** np.floor(np.log10(largest))
    high = min(float(np.ceil(largest / digit * 2) / 2 * digit), FARTHEST / 2)
    return (0.0 if parameter.name == "epsilon" else high / 1000), high


def span(parameter: Parameter) -> tuple[float, float]:
    """The least and the largest value that a range of the parameter may end at."""
    low, high = parameter.domain.low, parameter.domain.high
    if not parameter.domain.closed_low:
        low = max(low, -FARTHEST) + 1 / FARTHEST
    if not parameter.domain.closed_high:
        high = min(high, FARTHEST) - 1 / FARTHEST
    return float(max(low, -FARTHEST)), float(min(high, FARTHEST))


def grid(low: float, high: float, stops: int = 200) -> Array:
    """Round places of a slider over a range, about so many: all multiples of a 1, 2 or 5."""
    rough = (high - low) / stops
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * min((1, 2, 5, 10), key=lambda digit: abs(digit * power - rough))
    places = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    places = np.round(places, max(0, -int(np.floor(np.log10(step)))))  # of 0.30000000000000004
    inside = places[(places >= low) & (places <= high)]
    return inside if len(inside) > 1 else np.array([low, high])
