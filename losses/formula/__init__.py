"""A typed formula as a loss: the language, the loss, how to build one, and what is true of it."""

from losses.formula import families  # noqa: F401
from losses.formula.breaks import breaks, somewhere_finite
from losses.formula.errors import FormulaError
from losses.formula.findings import Finding, Picture
from losses.formula.lint import lint
from losses.formula.sliders import first_value
from losses.formula.typed import Formula, first_values, parameter_names

__all__ = [
    "Finding",
    "Formula",
    "FormulaError",
    "Picture",
    "breaks",
    "first_value",
    "first_values",
    "lint",
    "parameter_names",
    "somewhere_finite",
]
