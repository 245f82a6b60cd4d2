"""How far a parameter matters: beyond that range the winner is the same for ever."""

import numpy as np
import pytest

from losses import Loss
from losses.verdict.crossings import crossings
from losses.verdict.reach import grid, reach, span

RNG = np.random.default_rng(5)
Y = RNG.normal(size=50) * 1000
MODELS = {"a": Y + RNG.standard_t(2, 50) * 300, "b": Y + RNG.normal(size=50) * 500}


@pytest.mark.parametrize(
    ("slug", "name"),
    [("huber", "delta"), ("smooth_l1", "beta"), ("epsilon_insensitive", "epsilon")],
)
def test_a_length_reaches_as_far_as_the_residuals_do(slug, name):
    """In thousands of dollars, a δ of 5 is nothing: the range must know the units."""
    kind = Loss.catalogue[slug]
    (parameter,) = kind.parameters()
    low, high = reach(Y, MODELS, kind, parameter)
    largest = max(np.abs(p - Y).max() for p in MODELS.values())
    assert largest <= high <= 2 * largest
    parameter.check(slug, low)
    beyond = crossings(Y, MODELS, kind(), name, high, 100 * high)
    assert not len(beyond.at)


def test_other_parameters_keep_the_range_of_their_slider():
    (tau,) = Loss.catalogue["quantile"].parameters()
    assert reach(Y, MODELS, Loss.catalogue["quantile"], tau) == (tau.low, tau.high)


def test_perfect_models_leave_the_slider_as_it_is():
    (delta,) = Loss.catalogue["huber"].parameters()
    assert reach(Y, {"a": Y}, Loss.catalogue["huber"], delta) == (delta.low, delta.high)


@pytest.mark.parametrize(
    ("low", "high"), [(0.0075, 7.5), (0.1, 0.7), (-3.0, 11.0), (1e-12, 1e12), (0.01, 0.99)]
)
def test_a_slider_stands_at_round_places_inside_the_range(low, high):
    """Whoever moves an end of the range keeps the place of the slider: the places stay multiples."""
    stops = grid(low, high)
    assert 70 <= len(stops) <= 400
    assert low - 1e-9 * abs(low) <= stops[0]
    assert stops[-1] <= high * (1 + 1e-9)
    step = stops[1] - stops[0]
    assert stops[0] - low <= step
    assert high - stops[-1] <= step
    assert round(float(f"{step:.3g}") / 10 ** np.floor(np.log10(step * 1.0001)), 6) in (1, 2, 5, 10)
    np.testing.assert_allclose(np.diff(stops), step, rtol=1e-6)


@pytest.mark.parametrize(
    "parameter",
    [one for kind in Loss.catalogue.values() for one in kind.parameters()],
    ids=lambda one: f"{one.name} in {one.domain}",
)
def test_the_ends_that_a_range_may_have_are_values_of_the_parameter(parameter):
    low, high = span(parameter)
    assert low < high
    assert low in parameter.domain
    assert high in parameter.domain
    assert parameter.low >= low or parameter.low not in parameter.domain
    assert parameter.high <= high


def test_a_range_without_round_places_has_its_ends():
    low, high = 1.0, 1.0000000000000002
    assert grid(low, high).tolist() == [low, high]
