"""What holds for any rows: of every size, precision and memory layout, weighted or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losses.cost import BLOCK, cost, cost_and_gradient, cost_gradient
from tests.test_contract import DEFAULTS, LOSSES, OVERFLOWING, rows

LAYOUTS = {
    "contiguous": np.ascontiguousarray,
    "strided": lambda a: np.repeat(a, 2, axis=0)[::2],
    "reversed": lambda a: a[::-1].copy()[::-1],
    "Fortran": np.asfortranarray,
    "broadcast": lambda a: np.broadcast_to(a[:1], a.shape) if len(a) == 1 else a,
    "read-only": lambda a: _locked(a.copy()),
}
FEW = settings(max_examples=12, deadline=None, derandomize=True)
EACH = pytest.mark.parametrize("loss", DEFAULTS)
SIZES = st.integers(1, 90)
SEEDS = st.integers(0, 2**32 - 1)
DTYPES = st.sampled_from([np.float64, np.float32])
EPS = {np.float64: 1e-13, np.float32: 2e-5}  # sums of a hundred rows in another order


def _locked(array):
    array.flags.writeable = False
    return array


def drawn(loss, size, seed, dtype=np.float64):
    """Some of the rows of the contract, in the precision asked for."""
    target, score = rows(loss, seed=seed)
    return target[:size].astype(dtype), score[:size].astype(dtype)


def laid_out(layouts, arrays):
    return [LAYOUTS[layout](array) for layout, array in zip(layouts, arrays, strict=True)]


@EACH
@FEW
@given(SIZES, SEEDS, DTYPES, st.tuples(*[st.sampled_from(sorted(LAYOUTS))] * 2))
def test_the_memory_layout_changes_nothing(loss, size, seed, dtype, layouts):
    """A column of a table is strided, a memory map is read-only: the numbers are the same."""
    y, s = drawn(loss, size, seed, dtype)
    kept = y.copy(), s.copy()
    laid_y, laid_s = laid_out(layouts, (y, s))
    for part in (loss.value, loss.gradient, loss.curvature):
        # a vector unit may round a function otherwise than the loop for strided numbers does
        np.testing.assert_allclose(part(laid_y, laid_s), part(y, s), rtol=EPS[dtype], atol=1e-12)
    close = EPS[dtype]
    assert cost(loss, laid_y, laid_s) == pytest.approx(cost(loss, y, s), rel=close, abs=1e-300)
    np.testing.assert_allclose(
        cost_gradient(loss, laid_y, laid_s), cost_gradient(loss, y, s), rtol=close
    )
    np.testing.assert_array_equal(y, kept[0])
    np.testing.assert_array_equal(s, kept[1])


@EACH
@FEW
@given(SIZES, SEEDS)
def test_single_precision_in_is_single_precision_out(loss, size, seed):
    y, s = drawn(loss, size, seed, np.float32)
    for part in (loss.value(y, s), loss.gradient(y, s), loss.curvature(y, s)):
        assert part.dtype == np.float32
    assert cost_gradient(loss, y, s).dtype == np.float32
    total, gradient = cost_and_gradient(loss, y, s)
    assert gradient.dtype == np.float32
    exact = cost(loss, y.astype(float), s.astype(float))
    assert total == pytest.approx(exact, rel=2e-5, abs=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
@FEW
@given(SIZES, SEEDS, DTYPES, st.sampled_from([0.01, 1.0, 9.0]), st.sampled_from([0, 1, -1]))
def test_the_sums_are_those_of_the_parts(loss, size, seed, dtype, stretch, side):
    """A loss may add up without an array of losses: to the same sum, and the same gradient."""
    y, s = drawn(loss, size, seed, dtype)
    s *= dtype(1.0 if loss.slug in OVERFLOWING else stretch)
    if side and loss.lowest == -np.inf:  # all rows are far off on one side
        s = np.abs(s) * dtype(side)
    exact = loss.value(y.astype(float), s.astype(float)).sum()
    close = {"rel": EPS[dtype], "abs": 1e-12 if dtype == np.float64 else 1e-5}
    assert loss.total(y, s) == pytest.approx(exact, **close)
    out = np.full_like(s, np.nan)
    assert loss.total_and_gradient(y, s, out) == pytest.approx(exact, **close)
    slack = {"rtol": 1e-13, "atol": 1e-15} if dtype == np.float64 else {"rtol": 2e-5, "atol": 1e-6}
    np.testing.assert_allclose(out, loss.gradient(y, s), **slack)


@EACH
@FEW
@given(SIZES, SEEDS, SEEDS)
def test_the_order_of_the_rows_does_not_matter(loss, size, seed, other):
    y, s = drawn(loss, size, seed)
    turned = np.random.default_rng(other).permutation(len(y))
    assert cost(loss, y[turned], s[turned]) == pytest.approx(cost(loss, y, s), rel=1e-12, abs=1e-14)


@EACH
@FEW
@given(SIZES, SEEDS, st.floats(1e-3, 1e3), st.integers(0, 5))
def test_weights_weigh(loss, size, seed, factor, left_out):
    """Doubled weights double the sum and leave the weighted mean; a weight of 0 leaves a row out."""
    y, s = drawn(loss, size, seed)
    w = np.random.default_rng(seed).uniform(0.1, 3, len(y))
    close = {"rel": 1e-11, "abs": 1e-13}
    summed, mean = (cost(loss, y, s, w, how) for how in ("sum", "weighted mean"))
    assert cost(loss, y, s, factor * w, "sum") == pytest.approx(factor * summed, **close)
    assert cost(loss, y, s, factor * w, "weighted mean") == pytest.approx(mean, **close)
    assert cost(loss, y, s, np.ones(len(y))) == pytest.approx(cost(loss, y, s), **close)
    w[:left_out] = 0
    if w.any():
        without = cost(loss, y[left_out:], s[left_out:], w[left_out:], "sum")
        assert cost(loss, y, s, w, "sum") == pytest.approx(without, **close)
        assert not cost_gradient(loss, y, s, w)[:left_out].any()


@EACH
def test_one_row_costs_its_own_loss(loss):
    y, s = drawn(loss, 1, seed=1)
    assert cost(loss, y, s) == pytest.approx(loss.value(y, s)[0], rel=1e-14)
    np.testing.assert_allclose(cost_gradient(loss, y, s), loss.gradient(y, s), rtol=1e-15)


@EACH
def test_no_rows_have_no_losses_and_no_cost(loss):
    y, s = (part[:0] for part in drawn(loss, 1, seed=1))
    for part in (loss.value, loss.gradient, loss.curvature):
        assert part(y, s).shape == (s.shape if part != loss.value else (0,))
    with pytest.raises(ValueError, match="there are no rows"):
        cost(loss, y, s)


@EACH
def test_a_cost_over_many_blocks_is_that_of_its_rows(loss):
    y, s = rows(loss, n=BLOCK + 1001)
    value, gradient = loss.value(y, s), loss.gradient(y, s)
    total, slopes = cost_and_gradient(loss, y, s)
    assert total == pytest.approx(value.mean(), rel=1e-12)
    assert total == pytest.approx(cost(loss, y, s), rel=1e-15)
    np.testing.assert_allclose(slopes, gradient / len(y), rtol=1e-12, atol=1e-20)
    np.testing.assert_allclose(slopes, cost_gradient(loss, y, s), rtol=1e-12, atol=1e-20)


WRONG = [np.nan, np.inf, -np.inf]


@EACH
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("function", [cost, cost_gradient, cost_and_gradient])
def test_a_score_or_target_that_is_no_number_is_named(loss, wrong, function):
    refuses(function, loss, wrong, 7, 9)


@EACH
def test_a_wrong_number_in_a_later_block_is_named_by_its_place_among_all(loss):
    refuses(cost, loss, np.nan, BLOCK + 5, BLOCK + 9)


def refuses(function, loss, wrong, place, size):
    """The function names a wrong score, and a wrong target, at that place among so many rows."""
    y, s = (part.astype(float) for part in rows(loss, n=size))
    index = (place,) if s.ndim == 1 else (place, 1)
    named = ", ".join(map(str, index))
    bad = s.copy()
    bad[index] = wrong
    with pytest.raises(ValueError, match=rf"score\[{named}\] = {wrong:g}, but {loss.slug} takes"):
        function(loss, y, bad)
    bad = y.copy()
    bad[place] = wrong
    with pytest.raises(ValueError, match=rf"target\[{place}\] = {wrong:g}, but {loss.slug} needs"):
        function(loss, bad, s)
