"""The cost: what it sums, what it divides by, and what it refuses."""

import math

import numpy as np
import pytest
from sklearn import metrics

from losses import Loss
from losses.cost import BLOCK, blocks, cost, cost_gradient
from losses.links import sigmoid
from losses.sums import MEAN, log1p_sum
from tests.test_contract import DEFAULTS, rows

HUBER = Loss.catalogue["huber"]()
SIZES = [1, BLOCK - 1, BLOCK, 3 * BLOCK + 7]
# Sums of n terms in another order differ by some roundings of 1e-16, far below this.
CLOSE = {"rel": 1e-12}


def drawn(n, seed=1):
    """Targets, scores and weights, all varied."""
    rng = np.random.default_rng(seed)
    target, score, weight = rng.normal(size=n), rng.normal(size=n) * 2, rng.uniform(0.1, 3, n)
    assert n == 1 or min(np.ptp(target), np.ptp(score), np.ptp(weight)) > 0.5
    return target, score, weight


def test_reductions_are_mean_sum_and_weighted_mean():
    target, score = np.zeros(3), np.array([1.0, 2.0, 3.0])
    squared, weight = Loss.catalogue["squared_error"](), np.array([1.0, 0.0, 2.0])
    assert cost(squared, target, score) == pytest.approx(14 / 3, **CLOSE)
    assert cost(squared, target, score, reduction="sum") == 14
    assert cost(squared, target, score, reduction="weighted mean") == pytest.approx(14 / 3, **CLOSE)
    assert cost(squared, target, score, weight) == pytest.approx(19 / 3, **CLOSE)
    assert cost(squared, target, score, weight, "sum") == 19
    assert cost(squared, target, score, weight, "weighted mean") == pytest.approx(19 / 3, **CLOSE)
    doubled = cost(squared, target, score, 2 * weight, "weighted mean")
    assert doubled == pytest.approx(19 / 3, **CLOSE)


@pytest.mark.parametrize("loss", DEFAULTS)
def test_whole_weights_are_repeated_rows(loss):
    target, score = rows(loss)
    weight = np.arange(len(target)) % 4
    many = np.repeat(np.arange(len(target)), weight)
    repeated = cost(loss, target[many], score[many])
    assert cost(loss, target, score, weight, "weighted mean") == pytest.approx(repeated, **CLOSE)


@pytest.mark.parametrize("n", SIZES)
def test_blocks_add_up_to_one_shot(n):
    target, score, weight = drawn(n)
    value = HUBER.value(target, score)
    assert cost(HUBER, target, score) == pytest.approx(value.mean(), **CLOSE)
    assert cost(HUBER, target, score, reduction="sum") == pytest.approx(value.sum(), **CLOSE)
    weighted = np.average(value, weights=weight)
    assert cost(HUBER, target, score, weight, "weighted mean") == pytest.approx(weighted, **CLOSE)


@pytest.mark.parametrize("size", [1e-300, 1e-17, 1e-8, 0.9 * MEAN, 1.2 * MEAN, 1.0, 1e17, 1e300])
@pytest.mark.parametrize("n", [1, 2047, 2048, 10_007])
def test_a_sum_of_logarithms_keeps_its_digits_whatever_their_size(n, size):
    """Factors 1 + x are multiplied: they must not round off a small x, and not overflow."""
    x = size * np.random.default_rng(3).uniform(0.9, 1.1, n)
    exact = math.fsum(math.log1p(one) for one in x)
    assert log1p_sum(x) == pytest.approx(exact, rel=4e-15)
    x[-1] = np.inf
    assert log1p_sum(x) == np.inf


@pytest.mark.parametrize("n", SIZES)
def test_the_gradient_in_blocks_is_the_gradient_of_each_row(n):
    target, score, weight = drawn(n)
    gradient = HUBER.gradient(target, score)
    np.testing.assert_allclose(cost_gradient(HUBER, target, score), gradient / n, rtol=4e-16)
    summed = cost_gradient(HUBER, target, score, weight, "sum")
    np.testing.assert_array_equal(summed, gradient * weight)
    mean = cost_gradient(HUBER, target, score, weight, "weighted mean")
    np.testing.assert_allclose(mean, gradient * weight / weight.sum(), rtol=1e-14)


@pytest.mark.parametrize("n", SIZES)
def test_blocks_cover_each_row_once_and_none_is_larger_than_the_cache(n):
    covered = [np.arange(n)[part] for part in blocks(n)]
    np.testing.assert_array_equal(np.concatenate(covered), np.arange(n))
    assert max(len(part) for part in covered) <= BLOCK


@pytest.mark.parametrize("loss", DEFAULTS)
@pytest.mark.parametrize("reduction", ["mean", "sum", "weighted mean"])
def test_the_gradient_of_the_cost_is_its_derivative(loss, reduction):
    target, score = (part[:5] for part in rows(loss))
    score = score / 4  # where third derivatives are moderate
    weight, h = np.array([1.0, 0.5, 2.0, 0.0, 3.0]), 1e-6
    gradient = cost_gradient(loss, target, score, weight, reduction)
    for index in np.ndindex(score.shape):
        ends = []
        for step in (h, -h):
            moved = score.copy()
            moved[index] += step
            ends.append(cost(loss, target, moved, weight, reduction))
        # a central difference: h² from the third derivative, 1e-16 / h from rounding
        assert gradient[index] == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-7, abs=1e-8)


TARGET, SCORE, WEIGHT = drawn(1000)
LABEL = (TARGET > 0.3).astype(float)
REFERENCES = {
    "squared_error": (TARGET, metrics.mean_squared_error),
    "absolute_error": (TARGET, metrics.mean_absolute_error),
    "quantile": (TARGET, metrics.mean_pinball_loss),
    "hinge": (2 * LABEL - 1, metrics.hinge_loss),
    "cross_entropy": (LABEL, lambda y, z, **w: metrics.log_loss(y, sigmoid(z), **w)),
    "brier": (LABEL, lambda y, z, **w: metrics.brier_score_loss(y, sigmoid(z), **w)),
}


@pytest.mark.parametrize("slug", REFERENCES)
def test_the_cost_is_that_of_scikit_learn(slug):
    target, metric = REFERENCES[slug]
    loss = Loss.catalogue[slug]()
    assert cost(loss, target, SCORE) == pytest.approx(metric(target, SCORE), **CLOSE)
    weighted = metric(target, SCORE, sample_weight=WEIGHT)
    assert cost(loss, target, SCORE, WEIGHT, "weighted mean") == pytest.approx(weighted, **CLOSE)


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.9])
def test_the_quantile_loss_is_scikit_learns_pinball_loss_with_alpha_tau(tau):
    ours = cost(Loss.catalogue["quantile"](tau=tau), TARGET, SCORE)
    assert ours == pytest.approx(metrics.mean_pinball_loss(TARGET, SCORE, alpha=tau), **CLOSE)


@pytest.mark.parametrize("classes", [3, 5])
def test_softmax_cross_entropy_is_scikit_learns_log_loss(classes):
    loss = Loss.catalogue["softmax_cross_entropy"]()
    target, score = rows(loss, classes=classes)
    reference = metrics.log_loss(target, loss.link.prediction(score), labels=range(classes))
    assert cost(loss, target, score) == pytest.approx(reference, **CLOSE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((np.empty(0), np.empty(0)), "there are no rows"),
        ((np.zeros(3), np.zeros(4)), "3 targets but 4 scores"),
        ((np.zeros(3), np.zeros(3), np.ones(2)), "weight needs 3 numbers"),
        (
            (np.zeros(3), np.zeros(3), np.array([1.0, -1.0, 1.0])),
            r"weight\[1\] = -1, but weights are ≥ 0",
        ),
        ((np.zeros(3), np.zeros(3), np.array([1.0, np.nan, 1.0])), r"weight\[1\] = nan, but"),
        ((np.zeros(3), np.zeros(3), np.zeros(3), "weighted mean"), "weight needs .* above zero"),
        ((np.zeros(3), np.zeros(3), None, "average"), "reduction.*'average'.*weighted mean"),
        ((np.zeros(3), np.zeros((3, 1))), r"score \(3, 1\), but huber takes \(n,\) and \(n,\)"),
        ((np.zeros((3, 1)), np.zeros(3)), r"target has shape \(3, 1\)"),
        ((np.zeros(3), np.zeros(3), np.ones((3, 1))), "weight needs 3 numbers"),
    ],
)
@pytest.mark.parametrize("function", [cost, cost_gradient])
def test_arrays_that_do_not_fit_are_refused_with_what_was_found(function, arguments, said):
    with pytest.raises(ValueError, match=said):
        function(HUBER, *arguments)


@pytest.mark.parametrize(
    ("slug", "value", "said"),
    [
        ("huber", np.nan, r"target\[1\] = nan, but huber needs a finite number"),
        ("huber", -np.inf, r"target\[1\] = -inf, but huber needs a finite number"),
        ("hinge", 0.0, r"target\[1\] = 0, but hinge needs -1 or \+1"),
        ("cross_entropy", -1.0, r"target\[1\] = -1, but cross_entropy needs 0 or 1"),
        ("brier", 0.5, r"target\[1\] = 0.5, but brier needs 0 or 1"),
        ("softmax_cross_entropy", 1.5, r"target\[1\] = 1.5, but .* needs a class index"),
        ("softmax_cross_entropy", -1.0, r"target\[1\] = -1, but .* needs a class index"),
        ("softmax_cross_entropy", np.nan, r"target\[1\] = nan, but .* needs a class index"),
    ],
)
def test_a_target_outside_the_domain_is_refused_with_its_index_and_value(slug, value, said):
    target = np.array([1.0, value, 1.0, value])
    score = np.zeros((4, 3) if slug.startswith("softmax") else 4)
    with pytest.raises(ValueError, match=said):
        cost(Loss.catalogue[slug](), target, score)


def test_a_class_beyond_the_scores_is_named_with_its_row():
    softmax = Loss.catalogue["softmax_cross_entropy"]()
    with pytest.raises(
        ValueError, match=r"target\[1\] = 3, but 3 scores a row are for the classes"
    ):
        cost(softmax, np.array([0, 3]), np.zeros((2, 3)))


def test_lists_are_as_good_as_arrays():
    huber = Loss.catalogue["huber"]()
    assert cost(huber, [0, 1], [2, 1.5], [1, 3]) == cost(
        huber, np.array([0.0, 1.0]), np.array([2, 1.5]), np.array([1.0, 3.0])
    )
