"""Weight, threshold and prior are one decision; resampling is a weight; recall costs calibration."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    balanced_accuracy_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
)

from losses.chances import EASED, predicted
from losses.data import DataError
from losses.data.bundled import Sample
from losses.data.generators import Moons, RareEvent, ThreeBlobs, TwoBlobs
from losses.fit import Separable, fit
from losses.fit.counted import Counted
from losses.imbalance import (
    Given,
    Rare,
    by_gamma,
    by_weight,
    confusion,
    instead,
    moved,
    outcome,
    oversampled,
    rarest,
    scatter,
    telling,
    threshold_of,
    undersampled,
    views,
    weight_of,
)
from losses.links import sigmoid
from losses.probabilistic import CrossEntropy, Focal
from losses.verdict import focal
from losses.verdict.reliability import bins


def rare(lam=0.0, **knobs):
    data = RareEvent(**{"n": 600} | knobs).seeded(0)
    return Rare.of(data, 1, data.columns, lam)


@pytest.mark.parametrize("weight", [5.0, 19.0, 0.3])
def test_class_weight_decides_as_threshold_and_prior_do(weight):
    """V12: on any probabilities at all; that the weight were more than a threshold is folklore."""
    logits = np.random.default_rng(0).normal(-3, 3, 20_000)
    assert views(logits, weight).disagreements == 0


def test_a_row_on_the_very_border_is_on_it_in_all_three_views():
    """Forests say .25 and .08 exactly: rounding must not tear the three views apart there."""
    for weight in np.arange(1, 100.5, 0.5).tolist():  # all stops of the slider
        p = np.append(np.arange(1, 100) / 100, 1 / (1 + weight))
        logits = np.log(p) - np.log1p(-p)
        found = views(logits, weight)
        assert found.disagreements == 0, weight
        assert all(called[-1] for called in found.called.values()), weight


@pytest.mark.parametrize("threshold", [0.01, 0.1, 0.3, 0.5, 0.75, 0.99])
def test_a_moved_logit_reaches_the_threshold_that_it_is_moved_to(threshold):
    """The mark of the slider and the line of a moved threshold call the same rows."""
    for weight in np.arange(1, 100.5, 0.5).tolist():
        p = np.array([threshold_of(weight, threshold)])
        moved_logit = np.log(p) - np.log1p(-p) + np.log(weight)
        one = np.ones(1)
        assert confusion(one, moved_logit, threshold).true_positive == 1, weight
        assert confusion(one, moved_logit - 1e-9, threshold).true_positive == 0, weight


def test_a_refit_decides_more_rows_otherwise_and_a_smaller_share_of_them():
    """The page says so: where a line is right, both estimate it, but the rows beside it grow."""
    found = []
    for n in (500, 8000):
        cases = [Rare.of(d := RareEvent(n=n).seeded(seed), 1, d.columns) for seed in range(5)]
        seen = [views(case.at().logits, 19.0, case.at(19.0).logits) for case in cases]
        found.append(np.mean([len(one.differing("weight", "refit")) for one in seen]))
    few, many = found
    assert few < many < few * 8000 / 500 / 2


def test_weighted_cross_entropy_asks_for_the_moved_rate():
    """.05 becomes .21 at w = 5 and one half at w = 19: where the weighted loss is least."""
    np.testing.assert_allclose(moved(0.05, 5.0), 0.05 * 5 / (0.05 * 5 + 0.95))
    assert moved(0.05, 5.0) == pytest.approx(0.208333, abs=1e-6)
    assert moved(0.05, 19.0) == pytest.approx(0.5, abs=1e-15)
    for weight in (5.0, 19.0):
        loss, grid = CrossEntropy(positive_weight=weight), np.linspace(-6, 6, 240_001)
        paid = 0.05 * loss.value(np.ones_like(grid), grid) + 0.95 * loss.value(0 * grid, grid)
        assert sigmoid(grid[paid.argmin()]) == pytest.approx(moved(0.05, weight), abs=1e-5)


def test_moving_the_logit_by_log_w_is_the_moved_rate():
    eta = np.linspace(0.001, 0.999, 999)
    logit = np.log(eta) - np.log1p(-eta)
    np.testing.assert_allclose(sigmoid(logit + np.log(7.0)), moved(eta, 7.0), rtol=1e-13)
    assert weight_of(1 / 8.0) == pytest.approx(7.0)


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("weighted", [False, True])
def test_counts_and_ratios_are_those_of_scikit_learn(threshold, weighted):
    rng = np.random.default_rng(1)
    y, z = (rng.random(500) < 0.2).astype(float), rng.normal(-1, 2, 500)
    w = rng.integers(0, 4, 500).astype(float) if weighted else None
    found = outcome(y, z, threshold, w)
    p, said = sigmoid(z), (sigmoid(z) >= threshold).astype(float)
    (tn, fp), (fn, tp) = confusion_matrix(y, said, sample_weight=w)
    counts = found.counts
    assert (counts.true_positive, counts.false_positive) == (tp, fp)
    assert (counts.false_negative, counts.true_negative) == (fn, tn)
    assert counts.recall == pytest.approx(recall_score(y, said, sample_weight=w))
    assert counts.precision == pytest.approx(precision_score(y, said, sample_weight=w))
    assert counts.f1 == pytest.approx(f1_score(y, said, sample_weight=w))
    assert counts.balanced == pytest.approx(balanced_accuracy_score(y, said, sample_weight=w))
    assert counts.specificity == pytest.approx(tn / (tn + fp))
    assert counts.accuracy == pytest.approx((tp + tn) / (tn + fp + fn + tp))
    assert found.brier == pytest.approx(brier_score_loss(y, p, sample_weight=w))
    assert found.log_loss == pytest.approx(log_loss(y, p, sample_weight=w))
    assert found.mean == pytest.approx(np.average(p, weights=w))
    assert found.error == pytest.approx(bins(y, p, 10, w).error, rel=1e-12)


def test_a_ratio_of_nothing_is_no_number():
    """Nobody called 1 has no precision: neither 0 nor 1 would be true."""
    none = confusion(np.array([0.0, 1.0]), np.array([-5.0, -5.0]))
    assert np.isnan(none.precision)
    assert none.recall == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        confusion(np.zeros(1), np.zeros(1), 1.0)


def test_certainty_that_fails_costs_without_end():
    found = outcome(np.array([1.0, 0.0]), np.array([-np.inf, 0.0]))
    assert found.log_loss == np.inf
    assert found.brier == pytest.approx(0.625)


@pytest.mark.parametrize("weight", [1.0, 5.0, 19.0])
@pytest.mark.parametrize("lam", [0.0, 0.01])
def test_fits_at_a_weight_are_those_of_the_weighted_loss(weight, lam):
    """Two solvers and scikit-learn's third find the same optimum."""
    case = rare(lam)
    X, y = case.features, case.target
    found, mean = case.at(weight).fit, np.where(y == 1, weight, 1.0).mean()
    other = fit(CrossEntropy(positive_weight=weight), X, y, lam * mean)
    assert found.certain
    np.testing.assert_allclose(found.weights, other.weights, atol=1e-9)
    strength = 1 / (2 * lam * mean * len(y)) if lam else np.inf
    third = LogisticRegression(C=strength, class_weight={0: 1, 1: weight}, tol=1e-10, max_iter=999)
    third.fit(X, y)
    np.testing.assert_allclose(found.weights, [*third.coef_[0], *third.intercept_], atol=1e-4)


@pytest.mark.parametrize("gamma", [0.5, 2.0, 5.0])
@pytest.mark.parametrize("weight", [1.0, 19.0])
def test_focal_fits_are_the_best_that_twelve_starts_find(gamma, weight):
    """It is not convex: the descent from cross-entropy's fit is judged by the search of `fit`."""
    case = rare()
    found = case.at(weight, gamma).fit
    best = fit(Focal(gamma=gamma, alpha=weight / (1 + weight)), case.features, case.target)
    np.testing.assert_allclose(found.weights, best.weights, atol=1e-9)
    assert found.certificate <= 1e-8
    assert not found.certain
    assert "not convex" in found.note


def test_counting_a_row_twice_is_having_it_twice():
    case = rare()
    count = np.random.default_rng(0).integers(0, 4, len(case.target)).astype(float)
    rows = np.repeat(np.arange(len(count)), count.astype(int))
    other = fit(CrossEntropy(), case.features[rows], case.target[rows])
    np.testing.assert_allclose(case.counted(count).fit.weights, other.weights, atol=1e-9)


def test_rows_of_a_data_set_with_weights_count_by_them():
    data = RareEvent(n=300).seeded(3)
    weight = np.random.default_rng(0).integers(0, 3, 300).astype(float)
    case = Rare.of(replace(data, weight=weight, weight_name="w"), 1, data.columns)
    again = fit(CrossEntropy(), case.features[np.repeat(np.arange(300), weight.astype(int))],
                np.repeat(data.target, weight.astype(int)))  # fmt: skip
    np.testing.assert_allclose(case.at().fit.weights, again.weights, atol=1e-9)
    assert case.judged(case.at()).rate == pytest.approx(np.average(data.target, weights=weight))


def test_separable_classes_are_eased_and_said_with_their_direction():
    data = TwoBlobs(n=60, overlap=0.005).seeded(2)
    case = Rare.of(data, 1, data.columns)
    found = case.at()
    assert found.eased == EASED
    margins = (2 * case.target - 1) * (case.features @ found.direction[:-1] + found.direction[-1])
    assert margins.min() > 0, "the direction puts every row on its side"
    assert Rare.of(data, 1, data.columns, 0.1).at().direction is None


def test_a_class_against_the_rest_keeps_its_rows_and_its_name():
    data = Sample.catalogue["penguins"]().load()
    case = Rare.of(data, 1, data.columns[:2])
    assert case.data.classes == (f"not {data.classes[1]}", data.classes[1])
    assert case.target.sum() == (data.target == 1).sum()
    assert rarest(data.target, 3)[0] == np.bincount(data.target.astype(int)).argmin()
    one = data.part(np.flatnonzero(data.target == 0))
    with pytest.raises(DataError, match="one class"):
        Rare.of(one, 0, data.columns)


def test_weight_raises_recall_and_spoils_calibration_a_threshold_only_the_first():
    trade = by_weight(rare(n=2000)).at()
    recall, error = trade.ratio("recall"), trade.measure("error")
    assert recall[-1] > recall[0] + 0.3
    assert error[-1] > 10 * error[0]
    assert trade.measure("mean")[0] == pytest.approx(trade.rate, rel=1e-9), (
        "the fit's bias sees to it"
    )
    assert np.ptp(trade.measure("brier", steady=True)) == 0
    np.testing.assert_allclose(trade.ratio("recall", steady=True), recall, atol=0.05)


def test_focal_draws_probabilities_to_one_half_and_moves_hardly_anybody_across_it():
    trade = by_gamma(rare(n=2000)).at()
    assert np.ptp(trade.ratio("recall")) < 0.03
    assert (np.diff(trade.measure("mean")) > 0).all()
    assert trade.measure("brier")[-1] > trade.measure("brier")[0]
    asked = focal.asked(0.05, 5.0)
    assert 0.05 < asked < 0.5


def test_path_of_fits_is_the_fits_one_by_one():
    case, stops = rare(), [1.0, 3.0, 50.0]
    trade = by_weight(case, gamma=1.0, stops=stops).at(0.4)
    alone = [case.judged(case.at(weight, 1.0), 0.4) for weight in stops]
    np.testing.assert_allclose(trade.measure("brier"), [one.brier for one in alone], rtol=1e-9)
    assert trade.ratio("recall").tolist() == [one.counts.recall for one in alone]


def test_predictions_are_moved_and_never_refitted():
    chances = predicted(Sample.catalogue["binary_predictions"]().load(), "random_forest")
    case = Given(chances)
    weighed, plain = case.judged(9.0), case.judged(1.0, 0.1)
    assert weighed.counts == plain.counts
    assert plain.brier == case.judged().brier
    assert weighed.mean > plain.mean
    trade = by_weight(case, stops=[1.0, 9.0]).at()
    assert trade.ratio("recall").tolist() == trade.ratio("recall", steady=True).tolist()


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_curves_over_a_weight_are_the_outcomes_of_rows_that_count_by_their_weights(gamma):
    data = RareEvent(n=300, share=0.2).seeded(0)
    data = replace(data, weight=np.arange(300) % 4 + 0.5, weight_name="w")
    case = Rare.of(data, 1, data.columns)
    trade = by_weight(case, gamma, stops=[1.0, 6.0]).at(0.3)
    for w, one in zip((1.0, 6.0), trade.outcomes, strict=True):
        alone = case.judged(case.at(w, gamma), 0.3)
        assert one.counts == alone.counts
        assert one.brier == pytest.approx(alone.brier, rel=1e-9)
    moved = [case.judged(case.at(), instead(0.3, w, gamma)) for w in (1.0, 6.0)]
    assert trade.steady == moved


def test_curves_over_a_weight_of_given_rows_count_by_their_weights():
    chances = predicted(Sample.catalogue["binary_predictions"]().load(), "random_forest")
    case = Given(replace(chances, weight=np.arange(len(chances.target)) % 4 + 0.5))
    trade = by_weight(case, stops=[1.0, 6.0]).at(0.3)
    assert list(trade.outcomes) == [case.judged(w, 0.3) for w in (1.0, 6.0)]
    assert list(trade.steady) == [case.judged(1.0, threshold_of(w, 0.3)) for w in (1.0, 6.0)]


def test_curves_over_gamma_keep_the_weight_of_the_class():
    case = rare()
    trade = by_gamma(case, 6.0, stops=[0.0, 2.0]).at()
    for gamma, one in zip((0.0, 2.0), trade.outcomes, strict=True):
        assert one.mean == pytest.approx(case.judged(case.at(6.0, gamma)).mean, rel=1e-9)


def test_a_counted_fit_tells_its_penalty_and_whether_it_is_certain():
    """λ Σ w² of the mean over all that is counted; of focal no proof holds, and the note says so."""
    case = rare(0.01)
    plain, focal_fit = case.at(5.0).fit, case.at(5.0, 2.0).fit
    assert plain.penalty == pytest.approx(0.01 * (plain.weights[:-1] ** 2).sum(), rel=1e-12)
    loss = CrossEntropy().value(case.target, case.features @ plain.weights[:-1] + plain.weights[-1])
    assert plain.cost == pytest.approx(np.average(loss, weights=case.counts(5.0)), rel=1e-12)
    assert (plain.certain, plain.note) == (True, "")
    assert not focal_fit.certain
    assert "not convex" in focal_fit.note


def test_a_fit_that_is_stopped_says_so(monkeypatch):
    monkeypatch.setattr("losses.fit.counted.STEPS", 2)
    found = rare().at(5.0).fit
    assert not found.certain
    assert found.note.startswith("stopped after 2 steps")


def test_resampling_takes_the_rows_that_it_promises():
    y = RareEvent(n=400, share=0.05).seeded(0).target
    more = oversampled(y, 19.0, np.random.default_rng(0))
    fewer = undersampled(y, 19.0, np.random.default_rng(0))
    assert (more[y == 0] == 1).all()
    assert (more[y == 1] >= 1).all()
    assert more[y == 1].sum() == 19 * 20
    assert (fewer[y == 1] == 1).all()
    assert fewer[y == 0].sum() == 380 / 19
    assert set(fewer) == {0.0, 1.0}
    with pytest.raises(ValueError, match="1 or more"):
        oversampled(y, 0.5, np.random.default_rng(0))


@pytest.mark.parametrize("way", ["oversampling", "undersampling"])
def test_resampled_fits_repeat_for_a_seed_and_scatter_around_the_weighted_fit(way):
    case = rare(n=2000)
    found, again = (scatter(case, way, 9.0) for _ in range(2))
    every = np.array([one.fit.weights for one in found.fits])
    assert (every == [one.fit.weights for one in again.fits]).all()
    weighted = case.at(9.0).fit.weights
    spread = every.std(axis=0)
    assert (spread > 0).all()
    assert (np.abs(every.mean(axis=0) - weighted) < spread).all()
    low, high = found.band("recall")
    assert low <= case.judged(case.at(9.0)).counts.recall <= high
    total, different = found.rows(0)
    assert (total, different <= 2000) == ((2800, True) if way == "oversampling" else (311, True))


def test_undersampling_scatters_more_than_oversampling():
    """It throws rows away: what it forgets differs from seed to seed."""
    case = rare(n=2000)
    spreads = [
        np.std([one.fit.weights for one in scatter(case, way, 9.0).fits], axis=0)
        for way in ("undersampling", "oversampling")
    ]
    assert (spreads[0] > spreads[1]).all()


def test_rows_that_resampling_makes_separable_are_counted():
    data = TwoBlobs(n=60, share=0.1, overlap=0.08).seeded(1)
    case = Rare.of(data, 1, data.columns)
    found = scatter(case, "undersampling", 9.0)
    assert found.separable == sum(one.eased == EASED for one in found.fits) > 0
    assert all(np.isfinite(one.fit.weights).all() for one in found.fits)


def test_few_rows_that_do_not_tell_all_columns_apart_are_separated_all_the_same():
    """Undersampling may leave two rows of three, or one value of a column: no fit may break."""
    X, y = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]]), np.array([0.0, 1.0, 0.0])
    with pytest.raises(Separable) as found:
        Counted(X, y).fit(CrossEntropy(), np.array([1.0, 1.0, 0.0]))
    margins = (2 * y - 1) * (X @ found.value.direction[:-1] + found.value.direction[-1])
    assert (margins[:2] > 0).all()


def test_a_column_that_stands_still_in_the_rows_that_count_changes_no_score():
    rng = np.random.default_rng(0)
    x, flag = rng.normal(size=60), (np.arange(60) > 50) * 1.0
    y = (rng.random(60) < sigmoid(x)) * 1.0
    kept = flag == 0
    w = Counted(np.column_stack([x, flag]), y).fit(CrossEntropy(), kept * 2.0)[0].weights
    alone = fit(CrossEntropy(), x[kept, None], y[kept]).weights
    np.testing.assert_allclose(w[[0, 2]], alone, rtol=1e-8)


def test_rows_of_weight_0_are_neither_a_class_nor_drawn_again():
    rng = np.random.default_rng(0)
    data = replace(RareEvent(n=300, share=0.1).seeded(0), weight_name="w")
    none = replace(data, weight=1.0 - data.target)
    with pytest.raises(DataError, match="weigh more than 0 are of one class"):
        Rare.of(none, 1, data.columns)
    few = np.where((data.target == 1) | (rng.random(300) < 0.1), 1.0, 0.0)
    case = Rare.of(replace(data, weight=few), 1, data.columns)
    for way in ("oversampling", "undersampling"):
        for taken in scatter(case, way, 5.0, seeds=4).taken:
            assert taken[few == 0].max() == 0
            assert taken[data.target == 0].sum() > 0


def test_counted_rows_of_one_class_are_separable():
    X = np.arange(4.0)[:, None]
    with pytest.raises(Separable):
        Counted(X, np.array([0.0, 0.0, 1.0, 1.0])).fit(CrossEntropy(), np.array([1.0, 1, 0, 0]))


def test_moons_of_one_feature_are_fitted_as_well():
    data = Moons().seeded(0)
    case = Rare.of(data, 1, data.columns[1:])
    assert case.at().fit.weights.shape == (2,)


def test_three_blobs_have_the_shares_and_the_overlap_that_they_promise():
    data = ThreeBlobs(n=100_000, share=0.2, overlap=0.1).sample(np.random.default_rng(0))
    shares = np.bincount(data.target.astype(int)) / len(data)
    np.testing.assert_allclose(shares, [0.4, 0.4, 0.2], atol=1e-5)
    middles = [data.features[data.target == k].mean(axis=0) for k in range(3)]
    for k in range(3):
        apart = middles[k] - middles[k - 1]
        mine = (data.features[data.target == k] - (middles[k] + middles[k - 1]) / 2) @ apart
        assert (mine < 0).mean() == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("threshold", [0.01, 0.3, 0.5, 0.7, 0.99])
def test_a_threshold_moved_instead_decides_as_weight_and_gamma_do(threshold, gamma):
    """γ bends probabilities, so a threshold away from ½ moves with it: t / (t + w (1 − t)) would not do.

    Against the chance at which brute force finds that the weighted focal loss asks for t.
    """
    for weight in (1.0, 19.0):
        there = instead(threshold, weight, gamma)
        loss = Focal(gamma=gamma, alpha=weight / (1 + weight))
        z = np.array([np.log(threshold) - np.log1p(-threshold)])
        rise, fall = loss.gradient(np.ones(1), z)[0], loss.gradient(np.zeros(1), z)[0]
        assert there == pytest.approx(fall / (fall - rise), rel=1e-9), "where the mean slope is 0"
    if gamma == 0:
        assert there == pytest.approx(threshold / (threshold + 19 * (1 - threshold)), rel=1e-12)


def test_the_curve_of_the_moved_threshold_knows_gamma():
    case = rare(n=2000)
    trade = by_weight(case, gamma=2.0, stops=[1.0, 19.0]).at(0.7)
    logits = case.at().logits
    expected = [confusion(case.target, logits, instead(0.7, w, 2.0)).recall for w in (1.0, 19.0)]
    assert trade.ratio("recall", steady=True).tolist() == expected
    assert abs(expected[1] - trade.ratio("recall")[1]) < 0.05


def test_columns_that_tell_the_class_come_first_and_constant_ones_not_at_all():
    """In any unit: a column of large numbers tells no more for that."""
    rng = np.random.default_rng(0)
    y = (np.arange(400) % 8 == 0).astype(float)
    X = np.column_stack(
        [1e6 * rng.normal(size=400), y + rng.normal(size=400), 0 * y, 9 * y + rng.normal(size=400)]
    )
    data = replace(
        rare(n=400).data, columns=("loud", "soft", "still", "clear"), features=X, target=y
    )
    assert telling(data, 1) == telling(data, 0) == ("clear", "soft", "loud")


def test_balance_is_the_weight_at_which_both_classes_weigh_alike():
    """By the weights of the rows, too; a class that weighs nothing is none to be told from."""
    data = rare(n=600).data
    assert rare(n=600).balance == 19.0
    halved = replace(data, weight=np.where(data.target == 1, 1.0, 0.5), weight_name="w")
    case = Rare.of(halved, 1, data.columns)
    assert case.balance == 9.5
    assert case.counts(9.5) @ case.target == pytest.approx(case.counts(9.5) @ (1 - case.target))
    nothing = replace(data, weight=1 - data.target, weight_name="w")
    with pytest.raises(DataError, match="one class"):
        Rare.of(nothing, 1, data.columns)
