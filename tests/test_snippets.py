"""Code that gives this number: what we print runs, and prints the cost that we show."""

import ast
import itertools

import numpy as np
import pytest

from losses import Loss
from losses.cost import cost
from losses.snippets import LIBRARIES, code, offered
from tests.libraries import CLOSE, HERE, data, needs, printed, tuned

TUNED = list(tuned())


def pairs(wanted):
    """Each tuned loss with each library that has code for it."""
    for case in TUNED:
        for library in offered(case.values[0]):
            if library in wanted:
                yield pytest.param(case.values[0], library, id=f"{case.id}-{library}")


def check(loss, library, dtype):
    needs(library)
    y, s = data(loss, dtype)
    exact = cost(loss, y.astype(float), s.astype(float))
    assert printed(code(loss, library), y, s) == pytest.approx(exact, rel=CLOSE[dtype])


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("loss", "library"), list(pairs(HERE)))
def test_the_code_prints_the_cost(loss, library, dtype):
    check(loss, library, dtype)


@pytest.mark.parametrize(("loss", "library"), list(pairs(HERE)))
def test_the_code_keeps_its_digits_where_rows_are_hopeless(loss, library):
    """Scores of ±80: a library that clips probabilities would print another number in silence."""
    needs(library)
    y, s = data(loss, np.float64)
    s = s * 11 if loss.family in ("margin", "binary", "multiclass") else s
    if loss.slug != "exponential":
        assert printed(code(loss, library), y, s) == pytest.approx(cost(loss, y, s), rel=1e-12)


def check_labels(loss, wanted):
    """Labels are often small integers, which wrap around or compute in half precision."""
    kinds = [np.uint8, np.int8, np.int32, np.int64] + [bool] * (loss.family == "binary")
    if loss.family in ("residual", "margin"):
        return
    for kind, library in itertools.product(kinds, set(offered(loss)) & set(wanted)):
        y, s = data(loss, np.float64)
        y = (np.ceil(y) if loss.family == "positive" else y > 0).astype(kind)
        assert printed(code(loss, library), y, s) == pytest.approx(cost(loss, y, s), rel=1e-12)


@pytest.mark.parametrize("loss", TUNED)
def test_labels_may_be_whole_numbers(loss):
    check_labels(loss, ("NumPy",))


@pytest.mark.parametrize("loss", TUNED)
def test_there_is_code_for_every_loss_and_every_library_that_can(loss):
    assert set(offered(loss)) >= set(LIBRARIES) - {"SciPy"}
    for library in offered(loss):
        program = code(loss, library)
        ast.parse(program)
        assert program.splitlines()[-1] == "print(float(cost))"


def test_a_library_goes_by_the_names_that_people_write():
    huber = Loss.catalogue["huber"]()
    assert code(huber, "torch") == code(huber, "PyTorch") == code(huber, "pytorch")
    assert code(huber, "sklearn") == code(huber, "Scikit-Learn")
    assert code(huber, "np") == code(huber, "NumPy")
    assert code(huber, "optax") == code(huber, "JAX/optax") == code(huber, "jax")


def test_an_unknown_library_and_one_without_the_loss_are_refused_by_name():
    with pytest.raises(ValueError, match="library 'R' is none of NumPy"):
        code(Loss.catalogue["huber"](), "R")
    with pytest.raises(ValueError, match="SciPy has no barron"):
        code(Loss.catalogue["barron"](alpha=2.0), "SciPy")
