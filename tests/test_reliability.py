"""Calibration against scikit-learn and brute force, and the way back from focal's probabilities."""

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss

from losses import Loss
from losses.data.bundled import Sample
from losses.verdict.focal import asked, asked_logit, recovered, recovered_logit
from losses.verdict.reliability import bins, isotonic, reliability

TUMORS = Sample.catalogue["binary_predictions"]().load()
FOCAL = Loss.catalogue["focal"]
SCORES = {"brier": brier_score_loss, "cross_entropy": log_loss}


def made(kind, n=400):
    """Classes, predictions and weights; ties if rounded."""
    rng = np.random.default_rng(len(kind))
    p = rng.random(n)
    y = (rng.random(n) < p**2).astype(float)
    if kind == "rounded":
        p = np.round(p, 1)
    if kind == "sorted wrong":
        p = 1 - p
    return y, np.clip(p, 0.001, 0.999), rng.integers(0, 4, n).astype(float)


KINDS = pytest.mark.parametrize("kind", ["plain", "rounded", "sorted wrong"])
WEIGHTED = pytest.mark.parametrize("weighted", [False, True])


# --- Calibration


@KINDS
@WEIGHTED
def test_recalibrated_probabilities_are_scikit_learns_isotonic_ones(kind, weighted):
    y, p, w = made(kind)
    weight = w if weighted else np.ones_like(w)
    found = reliability(y, p, weight)
    referee = IsotonicRegression().fit(p, y, sample_weight=weight)
    np.testing.assert_allclose(found.recalibrated, referee.predict(found.prediction), atol=1e-14)
    assert len(np.unique(found.recalibrated)) >= (1 if kind == "sorted wrong" else 5)


def test_isotonic_means_are_those_of_the_definition():
    """max over starts of min over ends of the mean between them; runs, cascades and ties alike."""
    rng = np.random.default_rng(0)
    cases = [rng.integers(0, 5, n).astype(float) for n in range(1, 40)]
    cases += [np.append(np.arange(30.0), -100.0), -np.arange(30.0), np.ones(9)]
    for y in cases:
        w = rng.integers(1, 4, len(y)).astype(float)
        sums, size = np.cumsum(np.append(0, w * y)), np.cumsum(np.append(0, w))
        means = np.array(
            [
                [
                    (sums[b + 1] - sums[a]) / (size[b + 1] - size[a]) if b >= a else np.inf
                    for b in range(len(y))
                ]
                for a in range(len(y))
            ]
        )
        expected = [max(means[a, i:].min() for a in range(i + 1)) for i in range(len(y))]
        np.testing.assert_allclose(isotonic(w * y, w), expected, atol=1e-13)


@KINDS
@WEIGHTED
@pytest.mark.parametrize("score", SCORES)
def test_a_score_is_miscalibration_less_discrimination_plus_uncertainty(kind, weighted, score):
    y, p, w = made(kind)
    parts = reliability(y, p, w if weighted else None).parts(score)
    own = SCORES[score](y, p, sample_weight=w if weighted else None)
    base = np.full_like(p, np.average(y, weights=w if weighted else None))
    assert parts.score == pytest.approx(own, rel=1e-13)
    assert parts.uncertainty == pytest.approx(
        SCORES[score](y, base, sample_weight=w if weighted else None), rel=1e-13
    )
    rebuilt = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert rebuilt == pytest.approx(parts.score, rel=1e-15)
    assert parts.miscalibration > 0.01
    assert parts.discrimination >= (-1e-15 if kind == "sorted wrong" else 0.01)


def test_a_recalibrated_model_has_no_miscalibration_left():
    y, p, _ = made("plain")
    first = reliability(y, p)
    again = reliability(y, first.recalibrated[np.searchsorted(first.prediction, p)])
    assert again.parts().miscalibration == pytest.approx(0, abs=1e-15)
    assert again.parts().discrimination == pytest.approx(first.parts().discrimination, rel=1e-12)


def test_certain_and_wrong_is_infinite_miscalibration_and_certain_and_right_costs_nothing():
    wrong = reliability([0, 1, 1], [0.0, 0.0, 1.0]).parts("cross_entropy")
    assert wrong.score == wrong.miscalibration == np.inf
    assert np.isfinite([wrong.discrimination, wrong.uncertainty]).all()
    right = reliability([0, 1, 1], [0.0, 1.0, 1.0]).parts("cross_entropy")
    assert right.score == right.miscalibration == 0


@WEIGHTED
def test_the_calibration_error_is_that_of_its_bins(weighted):
    y, p, w = made("plain")
    weight = w if weighted else np.ones_like(w)
    for count in (1, 4, 10):
        found = bins(y, p, count, weight)
        order = np.argsort(p)
        middle = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
        own = np.minimum((middle * count).astype(int), count - 1)
        error = 0.0
        for k in range(count):
            rows = order[own == k]
            gap = np.average(p[rows], weights=weight[rows]) - np.average(
                y[rows], weights=weight[rows]
            )
            error += abs(gap) * weight[rows].sum() / weight.sum()
        assert found.error == pytest.approx(error, rel=1e-12)
        assert f"Over {count} bin" in found.sentence()
        # equal count, up to the one row that stands across the border
        assert np.abs(found.weight - weight.sum() / count).max() <= weight.max()


def test_rows_of_one_prediction_stay_in_one_bin_whatever_their_order():
    y, p, _ = made("rounded")
    found, shuffled = bins(y, p, 20), bins(y[::-1], p[::-1], 20)
    assert len(found.weight) < 20
    np.testing.assert_allclose(found.observed, shuffled.observed, rtol=1e-14)
    assert found.weight.sum() == len(y)


def test_one_bin_of_all_rows_hides_what_many_show():
    """Why an error is worth nothing without its bins: too low here and too high there cancel."""
    y, p = np.repeat([0.0, 1.0], 50), np.repeat([0.4, 0.6], 50)
    assert bins(y, p, 1).error == pytest.approx(0, abs=1e-15)
    assert bins(y, p, 2).error == pytest.approx(0.4, rel=1e-14)


def test_the_bundled_naive_bayes_is_overconfident_and_the_regression_is_not():
    off = {
        name: reliability(TUMORS.target, TUMORS.column(name)).parts().miscalibration
        for name in ("logistic_regression", "naive_bayes")
    }
    assert off["naive_bayes"] > 2 * off["logistic_regression"]


def test_the_parts_in_words():
    said = reliability([0, 0, 1, 1], [0.25, 0.25, 0.75, 0.75]).sentence()
    assert said == (
        "Its Brier score of 0.0625 is 0.25 for not knowing, less 0.25 for telling rows apart, "
        "plus 0.0625 for probabilities that do not come true."
    )


@pytest.mark.parametrize(
    ("y", "p", "w", "said"),
    [
        ([0, 2], [0.1, 0.2], None, "neither 0 nor 1"),
        ([0, 1], [0.1, 1.2], None, "1.2 in row 2 is no probability"),
        ([0, 1], [0.1], None, "predictions"),
        ([0, 1], [0.1, 0.2], [0, 0], "one above 0"),
    ],
)
def test_what_cannot_be_judged_is_refused(y, p, w, said):
    with pytest.raises(ValueError, match=said):
        reliability(y, p, w)
    with pytest.raises(ValueError, match=said):
        bins(y, p, 10, w)


# --- Focal loss


@pytest.mark.parametrize(
    ("gamma", "published"),
    [
        (0, [0.6, 0.8, 0.9, 0.99]),
        (1, [0.557, 0.6858, 0.7744, 0.927]),
        (2, [0.5378, 0.6266, 0.6942, 0.8464]),
        (5, [0.5182, 0.5619, 0.5974, 0.6953]),
    ],
)
def test_focal_asks_for_the_probabilities_of_v5_and_the_rates_come_back(gamma, published):
    eta = np.array([0.6, 0.8, 0.9, 0.99])
    p = asked(eta, gamma)
    np.testing.assert_allclose(p, published, atol=5e-5)
    np.testing.assert_allclose(recovered(p, gamma), eta, rtol=1e-14)


@pytest.mark.parametrize("gamma", [0.0, 0.3, 2.0, 7.0])
@pytest.mark.parametrize("alpha", [None, 0.25, 0.9])
@pytest.mark.parametrize("eta", [0.02, 0.3, 0.5, 0.97])
def test_what_focal_asks_for_is_where_its_expected_loss_is_least(gamma, alpha, eta):
    loss = FOCAL(gamma=gamma, alpha=alpha)

    def expected(z):
        ones, zeros = loss.value(np.array([1.0, 0.0]), np.array([z, z]))
        return eta * ones + (1 - eta) * zeros

    best = minimize_scalar(expected, bounds=(-20, 20), method="bounded", options={"xatol": 1e-9})
    z = float(asked_logit(np.log(eta / (1 - eta)), gamma, alpha))
    assert z == pytest.approx(best.x, abs=1e-5)  # a minimum is known to half the digits
    slopes = loss.gradient(np.array([1.0, 0.0]), np.array([z, z]))
    assert eta * slopes[0] + (1 - eta) * slopes[1] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("gamma", [0.5, 2.0, 5.0])
@pytest.mark.parametrize("p", [1e-300, 1e-12, 0.3, 0.999999])
def test_the_recovered_rate_has_all_its_digits_at_both_ends(gamma, p):
    with mpmath.workdps(2000):
        at, g = mpmath.mpf(p), mpmath.mpf(gamma)

        def pull(x):
            return (1 - x) ** g / x - g * (1 - x) ** (g - 1) * mpmath.log(x)

        eta = pull(1 - at) / (pull(1 - at) + pull(at))
        logit = mpmath.log(eta) - mpmath.log(1 - eta)
        assert float(recovered_logit(np.log(p) - np.log1p(-p), gamma)) == pytest.approx(
            float(logit), rel=1e-14
        )
        if eta > 1e-300:
            # log p carries an error of |log p| roundings into the exponential
            assert float(recovered(p, gamma)) == pytest.approx(float(eta), rel=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 0.1, 1.0, 5.0, 100.0])
@pytest.mark.parametrize("alpha", [None, 0.1])
def test_asking_and_recovering_undo_each_other(gamma, alpha):
    z = np.concatenate([np.linspace(-600, 600, 2001), np.linspace(-1, 1, 201)])
    back = asked_logit(recovered_logit(z, gamma, alpha), gamma, alpha)
    np.testing.assert_allclose(back, z, rtol=1e-13, atol=1e-14)
    assert np.all(np.diff(recovered_logit(np.sort(z), gamma, alpha)) > -1e-12)


def test_focal_leaves_certainty_and_one_half_where_they_are():
    np.testing.assert_array_equal(asked([0, 0.5, 1], 2), [0, 0.5, 1])
    np.testing.assert_array_equal(recovered([0, 0.5, 1], 2), [0, 0.5, 1])


def test_what_focal_cannot_be_asked_is_refused():
    for bad in (
        {"p": 1.1, "gamma": 2},
        {"p": 0.5, "gamma": -1},
        {"p": 0.5, "gamma": 1, "alpha": 0},
    ):
        with pytest.raises(ValueError, match=r"must be|not a probability|without both classes"):
            recovered(**bad)
