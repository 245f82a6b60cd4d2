"""The ruler of learning rates: what it promises, walks keep, and what it warns of, happens."""

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.descent import Linear, Objective, Softmax, descend
from losses.descent.stability import Ruler, ruler
from losses.fit import fit

RNG = np.random.default_rng(23)
X = RNG.normal(size=(60, 2)) * [1.0, 1.7] + [0.4, -0.3]
TRUE = X @ [1.5, -0.7] + 0.4 + RNG.normal(size=60)
NUMBERS = Dataset("numbers", ("a", "b"), X, TRUE, "y")
LABEL = (TRUE > np.median(TRUE)).astype(float)
CLASSES = Dataset("classes", ("a", "b"), X, LABEL, "y", task="binary", classes=("no", "yes"))
KIND = np.digitize(TRUE, np.quantile(TRUE, [1 / 3, 2 / 3])).astype(float)
KINDS = Dataset("kinds", ("a", "b"), X, KIND, "y", task="multiclass", classes=("p", "q", "r"))
DATA = {"residual": NUMBERS, "margin": CLASSES, "binary": CLASSES, "multiclass": KINDS}
LOSSES, L1, L2 = Loss.catalogue, Penalty.catalogue["l1"], Penalty.catalogue["l2"]
ELASTIC = Penalty.catalogue["elastic_net"]
PENALTIES = [pytest.param(None, id="free"), pytest.param(L2(lam=0.4), id="l2")]
PARABOLAS = [("squared_error", {}), ("power", {"q": 2.0}), ("barron", {"alpha": 2.0, "c": 0.7})]
PARABOLAS += [("expectile", {"tau": 0.5}), ("linex", {"a": 0.0})]
SMOOTH = [
    pytest.param(cls(), id=slug)
    for slug, cls in LOSSES.items()
    if cls.family in DATA and np.isfinite(cls().steepest)
]


def objective_of(loss, penalty=None, data=None):
    model = Softmax(2, 3) if loss.family == "multiclass" else Linear(2)
    return Objective(model, loss, data or DATA[loss.family], penalty)


def walk(objective, eta, start, steps):
    return descend(objective, Optimizer.catalogue["gradient_descent"](eta=eta), start, steps=steps)


def valley(penalty):
    """Squared error with its ruler, its lowest point, and the directions of its Hessian."""
    objective = objective_of(LOSSES["squared_error"](), penalty)
    hessian = objective.hessian(np.zeros(3))
    floor = -np.linalg.solve(hessian, objective.gradient(np.zeros(3)))
    assert np.linalg.norm(objective.gradient(floor)) < 1e-14
    return objective, ruler(objective, floor), floor, np.linalg.eigh(hessian)[1]


def starts(size, count=8):
    """Weights near and far, to walk from."""
    return RNG.normal(size=(count, size)) * np.logspace(-1, 2, count)[:, None]


# --- A parabola: the rates of Goh 2017, and Nesterov 2004, 1.2.3


def test_the_valley_is_longer_than_wide():
    assert valley(None)[1].condition > 3


@pytest.mark.parametrize("penalty", PENALTIES)
def test_just_below_the_limit_descent_converges_and_just_above_it_does_not(penalty):
    objective, rule, floor, directions = valley(penalty)
    for start in starts(3, 4):
        below = walk(objective, 0.99 * rule.limit, start, 1500).weights - floor
        # 0.98 of the widest direction is left after a step, or more of the longest
        assert np.linalg.norm(below[-1]) < 1e-10 * np.linalg.norm(below[0])
        above = (walk(objective, 1.01 * rule.limit, start, 300).weights - floor) @ directions
        np.testing.assert_allclose(above[300, 2], 1.02**300 * above[0, 2], rtol=1e-9)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_at_the_best_rate_each_step_leaves_as_much_as_goh_says(penalty):
    objective, rule, floor, directions = valley(penalty)
    left = (rule.condition - 1) / (rule.condition + 1)
    for start in [floor + directions[:, 0], floor + directions[:, 2], *starts(3, 4)]:
        apart = np.linalg.norm(walk(objective, rule.best, start, 8).weights - floor, axis=1)
        assert (apart[1:] <= left * apart[:-1] * (1 + 1e-9)).all()
    for worst in (0, 2):  # along the valley and across it, nothing is better than the bound
        way = walk(objective, rule.best, floor + directions[:, worst], 8).weights - floor
        apart = np.linalg.norm(way, axis=1)
        np.testing.assert_allclose(apart[1:] / apart[:-1], left, rtol=1e-9)


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("share", [0.95, 1.05])
def test_no_other_rate_is_faster_in_its_slowest_direction_than_the_best(penalty, share):
    objective, rule, floor, directions = valley(penalty)

    def slowest(eta):
        ends = [walk(objective, eta, floor + directions[:, k], 1).weights[1] for k in range(3)]
        return np.linalg.norm(np.array(ends) - floor, axis=1).max()

    assert slowest(share * rule.best) > slowest(rule.best) * 1.001


@pytest.mark.parametrize("penalty", PENALTIES)
def test_of_a_parabola_the_safe_rate_is_the_limit_and_holds_everywhere(penalty):
    objective, rule, _, _ = valley(penalty)
    assert rule.certain
    assert rule.safe == pytest.approx(rule.limit, rel=1e-14)
    assert rule == ruler(objective, RNG.normal(size=3))


# --- Any loss without corners: the descent lemma, Nesterov 2004, 1.2.3


@pytest.mark.parametrize("loss", SMOOTH)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_below_the_safe_rate_every_step_goes_down_from_anywhere(loss, penalty):
    """By at least η (1 − η / safe) |g|²: also where the loss is not convex."""
    objective = objective_of(loss, penalty)
    safe = ruler(objective, np.zeros(objective.size)).safe
    went_down = 0
    for start in starts(objective.size):
        steps = walk(objective, 0.99 * safe, start, 25)
        least = 0.99 * safe * 0.01 * steps.slopes[:-1] ** 2
        rounding = 1e-14 * np.abs(steps.costs[:-1])
        assert (np.diff(steps.costs) <= -least + rounding).all()
        went_down += steps.costs[-1] < steps.costs[0]
    assert went_down >= 5  # the others may start where all is flat


@pytest.mark.parametrize("loss", SMOOTH)
def test_no_hessian_curves_more_than_the_safe_rate_allows(loss):
    objective = objective_of(loss, L2(lam=0.4))
    for w in starts(objective.size) / 4:
        rule = ruler(objective, w)
        assert rule.safe <= rule.limit * (1 + 1e-12)
        assert -rule.smallest <= 2 / rule.safe


@pytest.mark.parametrize("slug", ["huber", "cross_entropy"])
def test_the_safe_rate_is_the_largest_that_holds_from_anywhere(slug):
    """At the weights where all rows are at their steepest, the limit is no larger."""
    loss = LOSSES[slug]() if slug == "cross_entropy" else LOSSES[slug](delta=100.0)
    objective = objective_of(loss)
    rule = ruler(objective, np.zeros(3))
    assert rule.safe == pytest.approx(rule.limit, rel=1e-14)
    assert not rule.certain


# --- Where there is no such rate


@pytest.mark.parametrize("slug", ["absolute_error", "quantile", "hinge", "exponential", "linex"])
def test_a_corner_or_a_curvature_without_end_leaves_no_rate_that_is_safe(slug):
    rule = ruler(objective_of(LOSSES[slug]()), np.full(3, 0.1))
    assert rule.safe is None
    assert not rule.certain


@pytest.mark.parametrize("penalty", [L1(lam=0.1), ELASTIC(lam=1e-6), ELASTIC(mix=1.0)])
def test_a_penalty_with_a_corner_leaves_none_either(penalty):
    rule = ruler(objective_of(LOSSES["squared_error"](), penalty), np.ones(3))
    assert rule.safe is None
    assert not rule.certain


@pytest.mark.parametrize("penalty", [L1(lam=0.0), ELASTIC(lam=0.3, mix=0.0), L2(lam=0.3)])
def test_a_penalty_whose_corner_costs_nothing_has_none(penalty):
    rule = ruler(objective_of(LOSSES["squared_error"](), penalty), np.ones(3))
    assert rule.safe == pytest.approx(rule.limit, rel=1e-14)
    assert rule.certain


@pytest.mark.parametrize(("slug", "values"), PARABOLAS)
def test_every_parabola_is_known_for_one_whatever_it_is_called(slug, values):
    objective = objective_of(LOSSES[slug](**values))
    assert ruler(objective, np.zeros(3)).certain
    expected = objective.hessian(np.zeros(3))
    for w in starts(3):
        np.testing.assert_allclose(objective.hessian(w), expected, rtol=1e-12)


@pytest.mark.parametrize("loss", SMOOTH)
def test_what_is_certain_are_the_parabolas_alone(loss):
    """Elsewhere the limit is that of one place, which a sentence must not hide."""
    found = ruler(objective_of(loss), np.zeros(objective_of(loss).size)).certain
    assert found == (loss.slug in {"squared_error", "expectile"} and loss.values() != {"tau": 0.3})
    assert not ruler(objective_of(LOSSES["expectile"](tau=0.3)), np.zeros(3)).certain


def test_a_huber_loss_is_no_parabola_though_all_rows_are_on_its_parabola():
    assert not ruler(objective_of(LOSSES["huber"](delta=1e5)), np.zeros(3)).certain


# --- Hessians without a floor


def test_a_feature_that_repeats_another_leaves_a_direction_flat():
    data = Dataset("twins", ("a", "b"), X[:, [0, 0]], TRUE, "y")
    rule = ruler(objective_of(LOSSES["squared_error"](), data=data), np.zeros(3))
    assert rule.smallest == 0
    assert rule.condition == np.inf
    assert rule.best is None
    assert 0 < rule.limit == rule.safe


def test_where_a_loss_falls_away_there_is_no_best_rate():
    objective = objective_of(LOSSES["welsch"]())
    rule = ruler(objective, fit(LOSSES["squared_error"](), X, TRUE).weights + 2.0)
    assert rule.smallest < 0
    assert rule.best is None
    assert rule.condition == np.inf


def test_without_any_curvature_no_rate_is_too_large():
    rule = ruler(objective_of(LOSSES["linex"](a=0.0)), np.zeros(3))
    assert rule == Ruler(largest=0.0, smallest=0.0, certain=True, safe=np.inf)
    assert rule.limit == np.inf


def test_beside_an_infinite_curvature_every_rate_is_too_large():
    data = Dataset("line", ("a", "b"), X, X @ [1.0, 2.0], "y")
    rule = ruler(objective_of(LOSSES["power"](q=1.5), data=data), np.array([1.0, 2.0, 0.0]))
    assert rule.largest == np.inf
    assert np.isnan(rule.smallest)
    assert rule.limit == 0
    assert rule.best is None
