"""The NumPy core of Losscope: losses, penalties and optimizers, each declared once."""

# isort: off
# The order in which families are imported is the order of every menu.
from losses.base import Loss
from losses import regression, asymmetric, shaped, redescending, deviance
from losses import margin, probabilistic, multiclass
from losses.penalties import Penalty
from losses.descent.optimizers import Optimizer

__all__ = [
    "Loss",
    "Optimizer",
    "Penalty",
    "asymmetric",
    "deviance",
    "margin",
    "multiclass",
    "probabilistic",
    "redescending",
    "regression",
    "shaped",
]
