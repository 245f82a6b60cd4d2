"""Residuals in bins, and probabilities with their logits moved: the numbers behind Why."""

import numpy as np
import pytest
from sklearn.metrics import log_loss

from losses import Loss
from losses.links import SIGMOID, sigmoid
from losses.verdict.belief import belief
from losses.verdict.calibration import calibrations
from losses.verdict.focal import asked, asked_logit, recovered, recovered_logit
from losses.verdict.histogram import MOST, histogram
from losses.verdict.reliability import reliability
from losses.verdict.residuals import residuals

RNG = np.random.default_rng(3)
R = np.append(RNG.normal(size=400), [7.0, -9.0])
W = RNG.integers(0, 4, R.size).astype(float)
SQUARED, ABSOLUTE = (Loss.catalogue[slug]() for slug in ("squared_error", "absolute_error"))
Y = (RNG.random(300) < 0.4).astype(float)
P = np.clip(0.3 + 0.4 * Y + 0.25 * RNG.normal(size=300), 0.01, 0.99)


@pytest.mark.parametrize("weight", [None, W])
def test_bars_are_numpys_histogram_of_area_one(weight):
    found = histogram(R, weight)
    expected, _ = np.histogram(R, found.edges, weights=weight, density=True)
    np.testing.assert_allclose(found.density, expected, rtol=1e-12)
    assert found.density.sum() * found.width == pytest.approx(1, rel=1e-12)
    assert found.edges[0] == R.min()
    assert found.edges[-1] == R.max()


@pytest.mark.parametrize(
    ("values", "bins"),
    [([2.0], 1), ([3.0] * 9, 1), ([0.0, 1.0], 2), ([0.0] * 50 + [1.0], MOST), (R * 1e-300, None)],
)
def test_odd_values_get_bins_too(values, bins):
    found = histogram(values)
    assert len(found.edges) == (bins or len(histogram(R).edges) - 1) + 1
    assert found.density.sum() * found.width == pytest.approx(1)


def test_far_values_do_not_make_more_bins_than_can_be_drawn():
    assert len(histogram(np.append(R, 1e9)).centers) == MOST


def test_bins_share_out_what_their_rows_cost():
    found = histogram(R, W)
    shares = found.shares(R**2)
    for k in (0, len(shares) // 2, len(shares) - 1):
        rows = found.place == k
        assert shares[k] == pytest.approx((W * R**2)[rows].sum() / (W * R**2).sum())
    assert np.isnan(found.shares(0 * R)).all()
    assert np.isnan(found.shares(np.full(R.size, np.inf))).all()


@pytest.mark.parametrize("weight", [None, W])
def test_center_of_residuals_is_that_of_the_rows(weight):
    (one,) = residuals(np.zeros(R.size), {"a": R}, [SQUARED], weight)
    repeated = R if weight is None else np.repeat(R, weight.astype(int))
    assert one.mean == pytest.approx(repeated.mean(), rel=1e-12)
    assert one.median == pytest.approx(np.median(repeated), rel=1e-12)
    assert one.farthest == -9.0


def test_the_cost_below_an_edge_is_that_of_the_rows_below_it():
    (one,) = residuals(np.zeros(R.size), {"a": R}, [SQUARED, ABSOLUTE])
    for k in (1, 5, len(one.bins.edges) - 2):
        rows = one.bins.edges[k] > R
        assert one.below()[k] == pytest.approx(rows.mean())
        expected = [(R**2)[rows].sum() / (R**2).sum(), abs(R)[rows].sum() / abs(R).sum()]
        assert one.carried[:, k] == pytest.approx(expected)
    worst = np.sort(R**2)[-5:].sum() / (R**2).sum()  # 1 % of 402 rows, rounded up
    assert one.hundredth[0] == pytest.approx(worst)


def test_the_worst_rows_are_those_of_the_largest_weight_times_loss():
    """A row that stands for many carries what the many do; one of weight 0 carries nothing."""
    weight = np.where(R == -9.0, 0.0, np.where(R == 7.0, 0.5, 1.0 + W))
    (one,) = residuals(np.zeros(R.size), {"a": R}, [SQUARED, ABSOLUTE], weight)
    paid = [weight * R**2, weight * abs(R)]
    expected = [np.sort(part)[-5:].sum() / part.sum() for part in paid]
    assert one.hundredth == pytest.approx(expected, rel=1e-12)
    assert one.farthest == 7.0
    plain = residuals(np.zeros(R.size), {"a": R}, [SQUARED])[0].hundredth
    assert abs(one.hundredth[0] - plain[0]) > 0.05


def test_twins_count_once_among_the_leading_and_keep_their_order():
    kinds = ("quantile", "absolute_error", "squared_error", "expectile", "huber", "welsch")
    found = belief(R, [Loss.catalogue[slug]() for slug in kinds])
    slugs = [one.loss.slug for one in found.noises]
    assert slugs.index("quantile") < slugs.index("absolute_error")
    assert slugs.index("squared_error") < slugs.index("expectile")
    leading = [one.loss.slug for one in found.leading(9)]
    assert leading == [slug for slug in slugs if slug not in ("absolute_error", "expectile")]
    assert found.leading(1) == list(found.noises[:1])
    best = max(one.likelihood for one in found.noises)
    gaps = [best - one.likelihood for one in found.noises]
    np.testing.assert_allclose(found.behind(), gaps, atol=1e-12)
    assert found.behind()[0] == 0


# --- Probabilities with their logits moved


def test_unmoved_probabilities_are_those_of_reliability():
    (one,) = calibrations(Y, {"a": P})
    for score in ("brier", "cross_entropy"):
        assert one.parts(score) == pytest.approx(reliability(Y, P).parts(score), abs=1e-14)
    assert one.cross_entropy == pytest.approx(log_loss(Y, P), rel=1e-12)


@pytest.mark.parametrize(("moved", "there"), [(asked_logit, asked), (recovered_logit, recovered)])
def test_focal_moves_calibration_and_leaves_discrimination(moved, there):
    (given,) = calibrations(Y, {"a": P})
    (after,) = calibrations(Y, {"a": P}, move=lambda z: moved(z, 2.0))
    assert after.cross_entropy == pytest.approx(log_loss(Y, there(P, 2.0)), rel=1e-10)
    assert after.parts().score == pytest.approx(np.mean((there(P, 2.0) - Y) ** 2), rel=1e-12)
    for score in ("brier", "cross_entropy"):
        here, before = after.parts(score), given.parts(score)
        assert here.discrimination == before.discrimination
        assert here.uncertainty == before.uncertainty
        assert abs(here.miscalibration - before.miscalibration) > 1e-3
        left = here.miscalibration - here.discrimination + here.uncertainty
        assert left == pytest.approx(here.score, rel=1e-12)


def test_a_probability_that_rounds_to_one_costs_what_its_logit_does():
    p = sigmoid(np.array([30.0, -1.0, 2.0]))
    (after,) = calibrations([0, 0, 1], {"a": p}, move=lambda z: 3 * z)
    z = 3 * SIGMOID.score(p)
    expected = np.mean([np.logaddexp(0, z[0]), np.logaddexp(0, z[1]), np.logaddexp(0, -z[2])])
    assert after.cross_entropy == pytest.approx(expected, rel=1e-14)
    assert np.isfinite(after.cross_entropy)


def test_a_row_of_weight_zero_costs_nothing_even_if_it_would_cost_without_limit():
    (one,) = calibrations([0, 1, 0], {"a": [1.0, 0.5, 0.5]}, [0, 1, 1])
    assert one.cross_entropy == pytest.approx(np.log(2))
