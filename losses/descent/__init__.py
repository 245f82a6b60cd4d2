"""Descent: a model, a loss and data make an objective; an optimizer walks down it."""

from losses.descent.function import Function
from losses.descent.models import Linear, Logistic, Model, Softmax
from losses.descent.network import MLP
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer
from losses.descent.outcome import Outcome
from losses.descent.schedules import Schedule
from losses.descent.surface import surface
from losses.descent.walk import Run, Trajectory, descend, descend_together

__all__ = [
    "MLP",
    "Function",
    "Linear",
    "Logistic",
    "Model",
    "Objective",
    "Optimizer",
    "Outcome",
    "Run",
    "Schedule",
    "Softmax",
    "Trajectory",
    "descend",
    "descend_together",
    "surface",
]
