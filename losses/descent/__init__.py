"""Descent: a model, a loss and data make an objective; an optimizer walks down it."""

from losses.descent.models import Linear, Logistic, Model
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer
from losses.descent.surface import surface
from losses.descent.walk import Outcome, Trajectory, descend

__all__ = [
    "Linear",
    "Logistic",
    "Model",
    "Objective",
    "Optimizer",
    "Outcome",
    "Trajectory",
    "descend",
    "surface",
]
