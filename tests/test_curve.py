"""A curve as drawn: broken exactly where something jumps, and equal to the loss everywhere else."""

import numpy as np
import pytest

from losses import Loss
from losses.axes import LOGIT, PROBABILITY
from losses.curve import along, read_at, sample
from losses.jet import Jet
from losses.links import sigmoid
from tests.test_contract import LOSSES

BINARY = [p for p in LOSSES if p.values[0].family == "binary"]
PARTS = ("value", "gradient", "curvature")


def breaks(curve, part):
    return set(curve.x[np.isnan(getattr(curve, part))])


@pytest.mark.parametrize("loss", LOSSES)
def test_a_curve_breaks_exactly_where_its_two_sides_differ(loss):
    curve = sample(loss)
    for index, part in enumerate(PARTS):
        jumps = set()
        for kink in loss.kinks():
            sides = np.nextafter(kink, [-np.inf, np.inf])
            left, right = along(loss, loss.axes[0], sides)[index]
            if abs(right - left) > 1e-6:  # neighbors of a continuous curve differ by 1e-16
                jumps.add(kink)
        assert breaks(curve, part) == jumps
    assert curve.kinks == loss.kinks()


@pytest.mark.parametrize("delta", [0.05, 1.0, 5.0])
def test_hubers_curvature_breaks_at_plus_and_minus_delta_and_nothing_else_does(delta):
    curve = sample(Loss.catalogue["huber"](delta=delta))
    assert breaks(curve, "curvature") == {-delta, delta}
    assert not np.isnan([curve.value, curve.gradient]).any()
    at = np.isin(curve.x, [-delta, delta])
    assert at.sum() >= 2
    np.testing.assert_allclose(curve.value[at], delta**2 / 2, rtol=1e-15)


def test_the_step_of_zero_one_breaks_and_its_flat_sides_do_not():
    curve = sample(Loss.catalogue["zero_one"]())
    assert breaks(curve, "value") == {0.0}
    assert set(curve.value[curve.x < 0]) == {1.0}
    assert set(curve.value[curve.x > 0]) == {0.0}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_curve_is_the_loss_along_its_axis(loss):
    curve, axis = sample(loss), loss.axes[0]
    assert (np.diff(curve.x) >= 0).all()
    assert min(curve.x) == axis.low
    assert max(curve.x) == axis.high
    for part, exact in zip(PARTS, along(loss, axis, curve.x), strict=True):
        drawn = getattr(curve, part)
        np.testing.assert_array_equal(drawn[~np.isnan(drawn)], exact[~np.isnan(drawn)])


@pytest.mark.parametrize("cls", Loss.catalogue.values())
def test_all_parameters_of_a_class_have_equally_many_points(cls):
    mine = [p.values[0] for p in LOSSES if type(p.values[0]) is cls]
    for axis in cls.axes:
        assert len({sample(loss, axis=axis).x.size for loss in mine}) == 1
    assert sample(mine[0], points=50).x.size < sample(mine[0]).x.size


@pytest.mark.parametrize("classes", [3, 5])
def test_a_multiclass_curve_runs_along_the_logit_of_the_true_class(classes):
    loss = Loss.catalogue["softmax_cross_entropy"]()
    curve = sample(loss, classes=classes)
    p = np.exp(curve.x) / (np.exp(curve.x) + classes - 1)
    np.testing.assert_allclose(curve.value, -np.log(p), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(curve.gradient, p - 1, rtol=1e-12)
    np.testing.assert_allclose(curve.curvature, p * (1 - p), rtol=1e-12)


P = np.concatenate([np.linspace(0.01, 0.49, 25), np.linspace(0.51, 0.99, 25)])


@pytest.mark.parametrize("loss", BINARY)
@pytest.mark.parametrize("positive", [True, False])
def test_derivatives_over_the_probability_are_with_respect_to_the_probability(loss, positive):
    """Against jets through the logit log(p / (1 − p)): the chain rule, done by the oracle."""
    p = Jet(P, 1.0)
    jet = loss.value(np.full_like(P, float(positive)), np.log(p) - np.log1p(-p))
    value, gradient, curvature = along(loss, PROBABILITY, P, positive=positive)
    # the curvature divides by p²(1 − p)², up to 1e4, what cancels in the bracket
    np.testing.assert_allclose(value, jet.value, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(gradient, jet.first, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(curvature, jet.second, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("positive", "sign"), [(True, 1), (False, -1)])
def test_over_the_probability_cross_entropy_is_minus_log_and_brier_a_parabola(positive, sign):
    own = P if positive else 1 - P
    cross_entropy = along(Loss.catalogue["cross_entropy"](), PROBABILITY, P, positive=positive)
    brier = along(Loss.catalogue["brier"](), PROBABILITY, P, positive=positive)
    for found, exact in [
        *zip(cross_entropy, (-np.log(own), -sign / own, 1 / own**2), strict=True),
        *zip(brier, ((1 - own) ** 2, -2 * sign * (1 - own), np.full_like(P, 2.0)), strict=True),
    ]:
        np.testing.assert_allclose(found, exact, rtol=1e-10)


@pytest.mark.parametrize("loss", BINARY)
@pytest.mark.parametrize("positive", [True, False])
def test_the_value_is_defined_up_to_probabilities_of_zero_and_one(loss, positive):
    value = sample(loss, axis=PROBABILITY, positive=positive).value
    assert not np.isnan(value[1:-1]).any()
    right, wrong = (value[-1], value[0]) if positive else (value[0], value[-1])
    if loss.values().get("smoothing", 0) == 0:  # smoothed labels make certainty infinitely wrong
        assert right == 0
    if value[1:-1].any():  # a class that alpha gives no weight has nothing to say at infinity
        assert wrong == (1 if loss.slug == "brier" else np.inf)


@pytest.mark.parametrize("y", [True, False])
def test_one_point_reads_as_on_the_curve_with_the_letters_of_its_formula(y):
    loss = Loss.catalogue["focal"](gamma=2.0, alpha=0.25)
    reading = read_at(loss, PROBABILITY, 0.2, positive=y)
    exact = along(loss, PROBABILITY, np.array([0.2]), positive=y)
    assert (reading.value, reading.gradient, reading.curvature) == tuple(float(e[0]) for e in exact)
    assert reading.symbols["p"] == pytest.approx(0.2, rel=1e-15)
    assert reading.symbols["p_t"] == pytest.approx(0.2 if y else 0.8, rel=1e-15)
    z = np.log(0.25)
    assert reading.value == pytest.approx(read_at(loss, LOGIT, z, positive=y).value, rel=1e-14)
    assert sigmoid(np.array([z])) == pytest.approx(0.2, rel=1e-15)
