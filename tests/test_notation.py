"""Formulas with numbers in them say what the curve says."""

import numpy as np
import pytest

from losses import Loss
from losses.axes import AXES
from losses.curve import read_at
from losses.notation import number, substitute
from tests.latex import evaluate

READABLE = [
    (kind, axis)
    for kind in Loss.catalogue.values()
    for axis in AXES.values()
    if axis in kind.axes and kind.family != "multiclass"
]


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize(("kind", "axis"), READABLE)
def test_the_formula_with_numbers_comes_to_the_value_that_is_read(kind, axis, positive):
    """The reader is invited to check the sum by hand, so it has to come out."""
    loss = kind()
    for at in (axis.low + 0.3 * (axis.high - axis.low), axis.low + 0.8 * (axis.high - axis.low)):
        read = read_at(loss, axis, at, positive=positive)
        exact = {symbol: value for symbol, value in read.symbols.items()}
        written = substitute(loss.latex, exact)
        found = float(np.asarray(evaluate(written, {})))
        # four digits are printed, and 1 - 0.9526 keeps three of them
        assert found == pytest.approx(read.value, rel=2e-2, abs=1e-4)


def test_numbers_side_by_side_are_multiplied_and_not_run_together():
    assert substitute(r"-w_1 y_\epsilon \log p", {"w_1": 2.0, r"y_\epsilon": 1.0, "p": 0.5}) == (
        r"-{2} \cdot {1} \log {0.5}"
    )
    assert substitute(r"\frac{1}{2} r^2", {"r": -3.0}) == r"\frac{1}{2} \cdot {(-3)}^2"


def test_a_command_is_never_taken_for_the_letters_in_it():
    assert substitute(r"\frac{1}{2} \sqrt{r}", {"r": 4.0}) == r"\frac{1}{2} \sqrt{{4}}"
    assert substitute(r"\begin{cases} r & s \end{cases}", {"s": 1.0, "c": 2.0}) == (
        r"\begin{cases} r & {1} \end{cases}"
    )


@pytest.mark.parametrize(
    ("value", "latex"),
    [(0.5, "0.5"), (-2.0, "(-2)"), (1234567.0, r"1.235 \cdot 10^{6}"), (float("inf"), r"\infty")],
)
def test_a_number_is_printed_as_a_reader_would_write_it(value, latex):
    assert number(value) == latex
