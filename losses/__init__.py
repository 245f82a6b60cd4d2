"""The NumPy core of Losscope: losses, penalties and optimizers, each declared once."""

# isort: off
# The order in which families are imported is the order of every menu.
from losses.base import Loss
from losses import regression, asymmetric, shaped, redescending, deviance  # noqa: F401
from losses import hinges, margin, probabilistic, multiclass  # noqa: F401
from losses.penalties import Penalty
from losses.descent.optimizers import Optimizer
from losses.descent import adaptive  # noqa: F401

__all__ = ["Loss", "Optimizer", "Penalty"]
