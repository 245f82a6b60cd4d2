"""Where the rows of a data set lie on the axis of a loss."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.axes import PROBABILITY, RESIDUAL, Axis
from losses.data import Dataset
from losses.data.dataset import beyond_rounding, spread
from losses.fit import fit
from losses.links import SIGMOID
from losses.regression import SquaredError

NORMAL = (
    1.4826  # times the median absolute deviation, this is the standard deviation of normal noise
)


@dataclass(frozen=True, eq=False)
class Placed:
    """Rows as points of an axis, or none, and the sentence that says how or why not."""

    values: Array | None
    sentence: str


def place(
    data: Dataset, axis: Axis, *, positive: bool = True, shown: Callable[[str], str] = str
) -> Placed:
    """The rows of a data set as residuals, margins, logits or probabilities.

    `shown` writes a name of the data, or of a column, in the sentence.
    """
    if axis == RESIDUAL and data.task == "regression":
        return _residuals(data, shown)
    if data.task == "binary" and data.role == "predictions" and axis != RESIDUAL:
        return _scores(data, axis, positive, shown)
    if axis.family == "positive":
        why = "has no place on this axis: it is drawn for the one true value y = 1."
        return Placed(None, f"{shown(data.name)} {why}")
    why = f"has no place on this axis, which needs {_needed(axis)}."
    return Placed(None, f"{shown(data.name)} {why}")


def robust_scale(residual: Array, size: float | None = None) -> float:
    """1.4826 times the median absolute deviation; the standard deviation where that is zero.

    Neither counts if rounding could have left it of numbers of that size, as of the target.
    """
    largest = float(np.abs(residual).max()) if size is None else size
    deviation = np.median(np.abs(residual - np.median(residual)))
    robust = float(beyond_rounding(NORMAL * deviation, largest))
    return robust or float(spread(residual, largest)) or 1.0


def target_size(data: Dataset) -> float:
    """The largest target: residuals of 1e-16 of it are rounding."""
    return float(np.abs(data.target).max())


def residuals(data: Dataset, shown: Callable[[str], str] = str) -> tuple[Array, str]:
    """s − y and whose they are: the first model's, or those of a least-squares fit."""
    if data.role == "predictions":
        return data.features[:, 0] - data.target, f"of {shown(data.columns[0])}"
    w = fit(SquaredError(), data.features, data.target).weights
    return data.features @ w[:-1] + w[-1] - data.target, "of the least-squares fit"


def _residuals(data: Dataset, shown: Callable[[str], str]) -> Placed:
    r, whose = residuals(data, shown)
    scale = robust_scale(r, target_size(data))
    unit = f" {data.unit}" if data.unit else ""
    outside = int((np.abs(r / scale) > RESIDUAL.high).sum())
    beyond = f"; {outside} lie beyond the axis" if outside else ""
    measure = f"robust standard deviations (1.4826 MAD = {scale:.4g}{unit})"
    said = f"The rug: {len(r)} residuals {whose}, in {measure}{beyond}."
    return Placed(r / scale, said)


def _scores(data: Dataset, axis: Axis, positive: bool, shown: Callable[[str], str]) -> Placed:
    p, y = data.features[:, 0], data.target
    rows = np.full(len(y), True) if axis.slug == "margin" else y == float(positive)
    values = p if axis == PROBABILITY else SIGMOID.score(p)
    if axis.slug == "margin":
        values = (2 * y - 1) * values
    kept = rows & np.isfinite(values)
    infinite = (
        f"; {int((rows & ~kept).sum())} at p = 0 or 1 have no finite place"
        if (rows & ~kept).any()
        else ""
    )
    which = "all rows" if axis.slug == "margin" else f"the rows with y = {int(positive)}"
    counted = f"{int(kept.sum())} of {len(y)}{infinite}"
    said = f"The rug: what {shown(data.columns[0])} says of {which}, {counted}."
    return Placed(values[kept], said)


def _needed(axis: Axis) -> str:
    if axis == RESIDUAL:
        return "a target that is a number"
    return (
        "predicted probabilities of two classes" if axis.slug != "class_logit" else "K logits a row"
    )
