"""What a page about penalties draws and says: two ways down, where curves touch, other names."""

import numpy as np
import pytest
from sklearn import linear_model

from losses.data import Dataset
from losses.data.bundled import Diabetes
from losses.descent import Linear, Objective
from losses.penalties import L1, L2, ElasticNet
from losses.probabilistic import CrossEntropy
from losses.regression import AbsoluteError, Huber, LogCosh, SquaredError
from losses.shrink import level_set, penalized, repeated, tied, touching, translated, two_ways

DATA = Diabetes().load().standardized()
X, Y = DATA.features, DATA.target
PENALTIES = [L1(lam=0.2), L2(lam=0.2), ElasticNet(lam=0.2, mix=0.7)]
penalties = pytest.mark.parametrize("penalty", PENALTIES, ids=lambda penalty: penalty.slug)


def three(n=100, seed=0):
    """Three columns, of which the last has nothing to say."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(n, 3))
    y = A @ np.array([1.0, -2.0, 0.0]) + 0.3 * rng.normal(size=n)
    return Dataset("three", ("a", "b", "c"), A, y, "y")


def test_only_proximal_steps_land_on_zero():
    """Plain steps hop over it for ever, as wide as ηλ: the weight stays small, and never is zero."""
    data, lam, start = three(), 0.4, np.array([0.3, 0.3, 0.3, 0.0])
    best = penalized(SquaredError(), data.features, data.target, L1(lam=lam))
    assert best.weights[2] == 0.0
    walks = two_ways(Objective(Linear(3), SquaredError(), data, L1(lam=lam)), start, steps=2000)
    np.testing.assert_allclose(walks.proximal.weights[-1], best.weights, atol=1e-12)
    assert walks.proximal.zeros[-1] == 1
    assert not walks.subgradient.zeros.any()
    tail = walks.subgradient.smallest[1000:]
    assert (tail > 0).all()
    assert tail.max() == pytest.approx(walks.eta * lam, rel=1.0)
    np.testing.assert_allclose(walks.subgradient.weights[-1], best.weights, atol=walks.eta * lam)


def test_proximal_steps_never_climb_at_the_safe_rate():
    for loss in (SquaredError(), Huber(), LogCosh()):
        objective = Objective(Linear(10), loss, DATA, L1(lam=0.1))
        walks = two_ways(objective, np.full(11, 0.5), steps=300)
        assert (np.diff(walks.proximal.totals) <= 1e-15).all()
        best = penalized(loss, X, Y, L1(lam=0.1)).objective
        assert best <= walks.proximal.totals[-1] * (1 + 1e-12)
        assert walks.proximal.totals[-1] < walks.subgradient.totals[-1]


def test_the_subgradient_way_is_that_of_gradient_descent_on_the_objective():
    data = three()
    objective = Objective(Linear(3), SquaredError(), data, L1(lam=0.4))
    walks = two_ways(objective, np.ones(4), steps=3, eta=0.1)
    w = np.ones(4)
    for there in walks.subgradient.weights[1:]:
        off = data.features @ w[:3] + w[3] - data.target
        slope = 2 * np.append(off @ data.features, off.sum()) / len(off)
        w = w - 0.1 * (slope + 0.4 * np.append(np.sign(w[:3]), 0.0))
        np.testing.assert_allclose(there, w, rtol=1e-12)


def test_a_loss_without_a_largest_curvature_needs_a_rate():
    with pytest.raises(ValueError, match="choose a rate"):
        two_ways(Objective(Linear(3), AbsoluteError(), three(), L1()), np.ones(4), steps=1)


@penalties
def test_every_place_of_a_level_set_pays_the_same(penalty):
    curve = level_set(penalty, 0.7)
    np.testing.assert_allclose(penalty.value(curve), 0.7, rtol=1e-12)
    np.testing.assert_array_equal(curve[0], curve[-1])
    assert np.abs(np.diff(np.unwrap(np.arctan2(*curve.T[::-1])))).max() < 0.03
    axes = curve[(curve == 0).any(axis=1)]
    assert len(axes) == 5  # the corners of a diamond are places of it: four, the first twice


def test_a_diamond_has_straight_sides_and_a_circle_one_radius():
    diamond, circle = level_set(L1(lam=0.5), 1.0), level_set(L2(lam=0.5), 1.0)
    np.testing.assert_allclose(np.abs(diamond).sum(axis=1), 2.0, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(circle, axis=1), np.sqrt(2), rtol=1e-12)
    assert not level_set(L1(lam=0.5), 0.0).any()


@penalties
@pytest.mark.parametrize("loss", [SquaredError(), Huber(), LogCosh()], ids=lambda loss: loss.slug)
@pytest.mark.parametrize("axes", [(0, 1), (2, 8), (2, 3)])
def test_at_the_best_weights_the_cost_touches_the_penalty(loss, penalty, axes):
    """The gradient of the data cost is minus a subgradient of the penalty."""
    found = touching(loss, X, Y, penalty, penalized(loss, X, Y, penalty), axes)
    assert found.untouched <= 1e-9
    elsewhere = touching(loss, X, Y, penalty, penalized(loss, X, Y, L2(lam=0.01)), axes)
    assert elsewhere.untouched > 1e-3


@penalties
def test_inside_the_level_set_no_place_costs_less(penalty):
    """Two features: among all weights that pay as little, the best cost the least."""
    A = X[:, [2, 6]]
    best = penalized(SquaredError(), A, Y, penalty)
    found = touching(SquaredError(), A, Y, penalty, best)
    for share in (1.0, 0.9, 0.5):
        places = share * found.curve
        off = A @ places.T + best.weights[-1] - Y[:, None]
        assert (np.mean(off**2, axis=0) >= found.cost * (1 - 1e-12)).all()
    assert penalty.value(found.place) == pytest.approx(found.level, rel=1e-12)


def test_a_diamond_is_touched_at_a_corner_and_a_circle_is_not():
    A = X[:, [2, 0]]
    for penalty, corner in ((L1(lam=0.2), True), (L2(lam=0.2), False)):
        found = touching(SquaredError(), A, Y, penalty, penalized(SquaredError(), A, Y, penalty))
        assert found.corner is corner
    assert np.abs(level_set(L1(lam=0.2), 0.1)).max() == pytest.approx(0.5, rel=1e-12)


@penalties
def test_scikit_learn_finds_our_weights_with_the_translated_numbers(penalty):
    ours = penalized(SquaredError(), X, Y, penalty).weights
    told = [each for each in translated(penalty, len(Y)) if each.library == "scikit-learn"]
    tried = 0
    for each in told:
        kind = each.call.partition("(")[0]
        if kind not in ("Ridge", "Lasso") and (kind, penalty.slug) != ("ElasticNet", "elastic_net"):
            continue
        model = getattr(linear_model, kind)(**each.numbers, tol=1e-14, max_iter=100_000).fit(X, Y)
        np.testing.assert_allclose(np.append(model.coef_, model.intercept_), ours, atol=1e-8)
        tried += 1
    assert tried == 1


def test_the_claimed_numbers():
    """Lasso's alpha is λ / 2, Ridge's is λ n, and PyTorch decays by 2 λ."""
    lasso, ridge = translated(L1(lam=0.3), 50), translated(L2(lam=0.3), 50)
    calls = {each.call: each.numbers for each in (*lasso, *ridge)}
    assert calls["Lasso(alpha=0.15)"] == {"alpha": 0.15}
    assert calls["Ridge(alpha=15.0)"] == {"alpha": 15.0}
    assert calls["SGD(weight_decay=0.6)"] == {"weight_decay": 0.6}
    net = {each.call: each.numbers for each in translated(ElasticNet(lam=0.3, mix=0.5), 50)}
    numbers = next(numbers for call, numbers in net.items() if call.startswith("ElasticNet("))
    assert numbers == pytest.approx({"alpha": 0.225, "l1_ratio": 1 / 3})


@penalties
def test_each_way_of_writing_it_by_hand_is_least_at_our_weights(penalty):
    """A sum or a mean, a half or none: with its own λ each has the same minimizer, by its slope."""
    w = penalized(SquaredError(), X, Y, L2(lam=0.1)).weights
    off = X @ w[:-1] + w[-1] - Y
    ours = 2 * off @ X / len(Y) + penalty.gradient(w[:-1])
    told = [each for each in translated(penalty, len(Y)) if each.library == "by hand"]
    assert len(told) == (8 if isinstance(penalty, L2) else 4)
    for each in told:
        data, _, paid = each.call.partition(" + ")
        scale = (0.5 if data.startswith("½") else 1.0) * (len(Y) if "sum" in data else 1.0)
        other = type(penalty)(**(penalty.values() | {"lam": 1.0})).gradient(w[:-1])
        other = each.numbers["λ"] * (0.5 if "½" in paid else 1.0) * other
        theirs = scale * 2 * off @ X / len(Y) + other
        np.testing.assert_allclose(theirs, scale * ours, rtol=1e-12)


def test_a_classifier_is_told_the_numbers_of_classifiers():
    told = {each.call for each in translated(L2(lam=0.1), 50, CrossEntropy())}
    assert "LogisticRegression(C=0.1)" in told
    assert not any(call.startswith("Ridge") for call in told)
    y = (Y > 0).astype(float)
    numbers = next(
        each.numbers
        for each in translated(L2(lam=0.1), len(y), CrossEntropy())
        if each.call.startswith("LogisticRegression")
    )
    model = linear_model.LogisticRegression(**numbers, tol=1e-12, max_iter=10_000).fit(X, y)
    ours = penalized(CrossEntropy(), X, y, L2(lam=0.1)).weights
    np.testing.assert_allclose(np.append(model.coef_[0], model.intercept_), ours, atol=1e-5)


def dependent():
    """Diabetes with a copy of bmi, s5 turned around in another unit, a mean of two, and nothing."""
    mean = (X[:, 3] + X[:, 8]) / 2
    return np.column_stack([X, X[:, 2], 5 - 3 * X[:, 8], mean, np.full(len(Y), 7.0)])


@pytest.mark.parametrize(
    "loss", [SquaredError(), AbsoluteError(), LogCosh()], ids=lambda loss: loss.slug
)
def test_weights_that_are_said_to_be_tied_can_be_traded_at_no_cost(loss):
    """The best weights are then not the only best ones, and a page must not call them so."""
    A = dependent()
    A = (A - A.mean(axis=0)) / np.where(A.std(axis=0) > 1e-9, A.std(axis=0), 1.0)
    best = penalized(loss, A, Y, L1(lam=0.05))
    groups = tied(A, best.weights, L1(lam=0.05))
    assert {2, 10} <= {column for group in groups for column in group}
    for grows, *others in groups:
        share = np.linalg.lstsq(A[:, others], A[:, grows])[0]
        sign = np.sign(share @ np.sign(best.weights[others])) or 1.0
        moved = best.weights.copy()
        moved[grows] += 1e-3 * sign
        moved[others] -= 1e-3 * sign * share
        off = A @ moved[:-1] + moved[-1]
        total = loss.value(Y, off).mean() + 0.05 * np.abs(moved[:-1]).sum()
        assert total == pytest.approx(best.objective, rel=1e-9)


def test_no_weights_are_tied_without_a_cause():
    best = penalized(SquaredError(), X, Y, L1(lam=0.05))
    assert tied(X, best.weights, L1(lam=0.05)) == ()
    A = np.column_stack([X, X[:, 2]])
    for penalty in (L2(lam=0.05), ElasticNet(lam=0.05, mix=0.7)):  # their squares share it evenly
        assert tied(A, penalized(SquaredError(), A, Y, penalty).weights, penalty) == ()
    half = np.column_stack([X, X[:, 2] / 2])  # its weight would have to be twice as large
    best = penalized(SquaredError(), half, Y, L1(lam=0.05))
    assert best.weights[2] != 0
    assert tied(half, best.weights, L1(lam=0.05)) == ()


def test_columns_that_repeat_another_or_stand_still_are_found():
    assert repeated(dependent()) == (10, 11, 13)
    assert repeated(X) == ()
