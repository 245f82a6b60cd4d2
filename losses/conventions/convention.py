"""What one library calls a loss or a penalty, and how it scales it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

SKLEARN, SCIPY, PYTORCH, KERAS = "scikit-learn", "SciPy", "PyTorch", "Keras"
JAX, STATSMODELS, XGBOOST = "JAX", "statsmodels", "XGBoost"
HAND = "by hand"  # in NumPy, as texts write it

ROUNDS = "Keras averages in 32 bits"  # Keras, whatever it is given
PACKAGES = ("sklearn", "scipy", "torch", "keras", "jax", "optax", "statsmodels", "numpy")


@dataclass(frozen=True)
class Convention:
    """Our number is `times` what a library calls `call`.

    A call that `runs` is Python with dotted names: it gives the mean cost from the library's own
    arrays y and s, the letters of the family and the loss's parameters by name; of a penalty, from
    the weights w. Any other call is the name of an estimator or an objective, whose scale is that
    of its gradient. `times` is arithmetic in the parameters; it is empty where a library fits a
    model whose minimizer is ours, and there is no number to scale.
    """

    library: str
    call: str
    times: str = "1"
    note: str = ""
    only: Mapping[str, float] = field(default_factory=dict)  # holds at these parameters
    private: bool = False  # the library's own core, which it may change
    inexact: str = ""  # why its number is not always ours to the last digits

    @property
    def runs(self) -> bool:
        """Whether the call is an expression."""
        return any(f"{package}." in self.call for package in PACKAGES)

    def factor(self, values: Mapping[str, float]) -> float | None:
        """`times` as a number, at these values of the parameters; None where there is none."""
        known = {"__builtins__": {}, "log": math.log}
        return float(eval(self.times, known, dict(values))) if self.times else None

    def holds(self, values: Mapping[str, float]) -> bool:
        """Whether it holds at these values of the parameters."""
        return all(values[name] == value for name, value in self.only.items())


@dataclass(frozen=True)
class Lookalike:
    """A call that one takes for the loss, and what makes it another."""

    library: str
    call: str
    why: str
