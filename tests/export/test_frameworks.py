"""The code that we print, and the conventions that we state, in the frameworks themselves.

What is not installed here is reported as skipped, not checked.
"""

import numpy as np
import pytest

from losses.snippets import LIBRARIES
from tests import test_conventions, test_snippets
from tests.libraries import HERE, PACKAGES, needs

FRAMEWORKS = tuple(library for library in PACKAGES if library not in HERE)

pytestmark = [pytest.mark.export, pytest.mark.filterwarnings("default")]


def test_each_library_with_code_is_checked_somewhere():
    assert set(LIBRARIES) <= {*HERE, *FRAMEWORKS}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("loss", "library"), list(test_snippets.pairs(FRAMEWORKS)))
def test_the_code_prints_the_cost(loss, library, dtype):
    test_snippets.check(loss, library, dtype)


@pytest.mark.parametrize(
    ("loss", "row"), test_conventions.rows_of(test_conventions.TUNED, FRAMEWORKS)
)
def test_our_number_is_theirs_times_the_factor(loss, row):
    test_conventions.check(loss, row)


@pytest.mark.parametrize("library", FRAMEWORKS)
def test_what_is_said_to_be_another_loss_is_another(library):
    test_conventions.check_lookalikes((library,))


@pytest.mark.parametrize(
    ("penalty", "row"), test_conventions.rows_of(test_conventions.PENALTIES, FRAMEWORKS)
)
def test_our_penalty_is_theirs_times_the_factor(penalty, row):
    test_conventions.check_penalty(penalty, row)


@pytest.mark.parametrize("library", FRAMEWORKS)
@pytest.mark.parametrize("loss", test_snippets.TUNED)
def test_labels_may_be_whole_numbers(loss, library):
    needs(library)
    test_snippets.check_labels(loss, (library,))
