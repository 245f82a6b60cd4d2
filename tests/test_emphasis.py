"""Where focal pulls harder than cross-entropy, over the whole grid of its sliders."""

import mpmath
import numpy as np
import pytest

from losses.emphasis import emphasis, log_ratio, marks
from losses.links import sigmoid
from losses.probabilistic import CrossEntropy, Focal

M = np.linspace(-12, 12, 4801)
ALPHAS = (None, 0.0, 0.25, 0.5, 0.9, 1.0)
GAMMAS = (0.0, 0.05, 0.1, 0.3, 0.5, 1.0, 2.0, 5.0)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_the_ratio_is_that_of_the_gradients(gamma):
    focal, target = Focal(gamma=gamma), np.ones_like(M)
    ratio = focal.gradient(target, M) / CrossEntropy().gradient(target, M)
    np.testing.assert_allclose(np.exp(log_ratio(focal, M)), ratio, rtol=1e-12)


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("gamma", GAMMAS)
def test_focal_is_louder_exactly_inside_the_intervals(gamma, alpha, positive):
    """A threshold against rounding once made a crossing at p_t = 4e-13 out of nothing."""
    focal = Focal(gamma=gamma, alpha=alpha)
    found, p = emphasis(focal, positive=positive), sigmoid(M)
    inside = np.zeros(M.size, dtype=bool)
    for low, high in found.louder:
        inside |= (p > low) & (p < high)
    np.testing.assert_array_equal(inside, log_ratio(focal, M, positive=positive) > 0)
    assert found.peak >= np.exp(log_ratio(focal, M, positive=positive)).max() - 1e-12


def test_the_crossings_are_those_of_the_paper_s_gammas():
    """V5: 1/e for gamma 1; the other two from an independent bisection."""
    expected = {1.0: np.exp(-1), 2.0: 0.2976365549817014, 5.0: 0.19680273893699773}
    for gamma, crossing in expected.items():
        ((low, high),) = emphasis(Focal(gamma=gamma)).louder
        assert low == 0
        assert high == pytest.approx(crossing, abs=1e-12)


def test_without_gamma_the_ratio_is_the_weight_everywhere():
    assert emphasis(Focal(gamma=0.0)).constant
    assert emphasis(Focal(gamma=0.0)).louder == ()
    assert emphasis(Focal(gamma=0.0, alpha=0.9)).peak == pytest.approx(0.9)


def test_the_ratio_of_very_sure_rows_is_exact_and_warns_of_nothing():
    """A probability of 1e-300 is finite: the form of the unsure rows must not be taken there."""
    for m in (-700.0, -40.0, 37.0, 50.0, 700.0):
        with mpmath.workdps(700):
            p, q = 1 / (1 + mpmath.exp(-m)), 1 / (1 + mpmath.exp(m))
            exact = float(mpmath.log(q * (q - 2 * p * mpmath.log(p))))
        assert float(log_ratio(Focal(gamma=2.0), np.array([m]))[0]) == pytest.approx(
            exact, rel=1e-12
        )


@pytest.mark.parametrize(("alpha", "positive"), [(0.0, True), (1.0, False)])
def test_a_class_without_weight_pulls_nowhere_and_has_no_peak(alpha, positive):
    """A peak of 0 at pₜ = 0 was an artifact of searching a curve that is 0 everywhere."""
    found = emphasis(Focal(gamma=2.0, alpha=alpha), positive=positive)
    assert (found.peak, found.louder, found.constant) == (0.0, (), True)
    assert np.isnan(found.peak_at)
    assert np.isnan(marks([0.5, 2.0], 0.0)[1]).all()
