"""Where a typed loss is not smooth, by what happens there, on the first of its axes."""

import math

import numpy as np

from losses.axes import Axis
from losses.curve import sample
from losses.formula.corners import Corner
from losses.formula.families import MeanFormula
from losses.formula.typed import Formula

JUMP, CORNER, BEND = "jump", "corner", "break of the curvature"


def breaks(loss: Formula) -> dict[float, str]:
    """What it does at each of its kinks, in their order."""
    mean = isinstance(loss, MeanFormula)  # whose seams are places of the log-mean
    kinds = {_on_axis(one.at, mean): _kind(one) for one in loss.seams}
    return {at: kinds[at] for at in sorted(loss.kinks()) if at in kinds}


def _on_axis(at: float, mean: bool) -> float:
    return math.exp(min(at, 709.0)) if mean else at


def _kind(one: Corner) -> str:
    return JUMP if one.jumps else CORNER if one.turns else BEND


def somewhere_finite(loss: Formula, axis: Axis, *, positive: bool) -> bool:
    """Whether a curve over the axis has any point."""
    with np.errstate(all="ignore"):
        return bool(np.isfinite(sample(loss, axis=axis, positive=positive).value).any())
