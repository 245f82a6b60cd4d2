"""What the Penalties page looks at: λ on a dial, two weights in a plane, both bad ends, one row."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, Ridge
from sklearn.preprocessing import PolynomialFeatures

from losses.cost import cost
from losses.data import DataError, Dataset
from losses.data.bundled import BreastCancer, Diabetes
from losses.fit import fit
from losses.hinges import Hinge
from losses.penalties import L1, L2, ElasticNet
from losses.probabilistic import CrossEntropy
from losses.regression import AbsoluteError, Huber, SquaredError
from losses.shrink import (
    beginning,
    dearest,
    dialed,
    folded,
    lowest,
    path,
    penalized,
    plane,
    tuned,
    weighed,
    with_products,
)  # fmt: skip
from losses.shrink.plane import least_over_bias

RAW = Diabetes().load()
DATA = RAW.standardized()
X, Y = DATA.features, DATA.target
STOPS = [round(-0.1 * k, 6) for k in range(41)]
LOW = [round(-0.2 * k, 6) for k in range(31)]
FEW = STOPS[::2]
KINDS = [L1(), L2(), ElasticNet(mix=0.3)]
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
PAIRS = {"bmi and age": (2, 0), "s1 and s2, nearly one": (4, 5)}
LOSSES = [SquaredError(), Huber(), AbsoluteError()]


@kinds
def test_a_dial_begins_where_the_path_does_and_goes_as_far(kind):
    """The slider of λ has no stop at which nothing happens, and misses none of the path."""
    found, whole = dialed(SquaredError(), X, Y, kind, STOPS), path(SquaredError(), X, Y, kind)
    assert found.lams[0] == whole.lams[0] == beginning(SquaredError(), X, Y, kind)
    np.testing.assert_allclose(found.lams, whole.lams[0] * 10.0 ** np.array(STOPS), rtol=1e-14)
    assert 10 ** lowest(kind) == pytest.approx(whole.lams[-1] / whole.lams[0])


def test_a_dial_without_a_beginning_says_why():
    with pytest.raises(ValueError, match="no slope lowers the cost"):
        dialed(SquaredError(), np.zeros((9, 2)), np.arange(9.0), L1(), STOPS)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.slug)
def test_a_contour_of_the_valley_costs_what_it_says(loss, pair):
    """Drawn curves are interpolated: every place on them is checked against the cost itself.

    Exact on a parabola, and less than a pixel off where the cost has corners.
    """
    near = {"squared_error": 1e-12, "huber": 1e-4, "absolute_error": 2e-3}[loss.slug]
    A = X[:, pair]
    found = plane(loss, A, Y, L1(), STOPS)
    for place in (5, 15, 25):
        curve, level = found.touched[place], found.touchings[place].cost
        assert np.isfinite(curve).all()
        costs = least_over_bias(loss, Y, curve @ A.T)
        depth = found.path.costs[0] - found.path.costs[-1]
        assert np.abs(costs - level).max() <= near * depth


@kinds
def test_touching_curves_have_no_place_in_common_but_the_best_weights(kind):
    """Inside the penalty's curve nothing costs less; inside the cost's contour nothing pays less."""
    found = plane(SquaredError(), X[:, [2, 0]], Y, kind, STOPS)
    for place in range(1, 30):
        one, contour = found.touchings[place], found.touched[place]
        assert one.untouched < 1e-9
        penalty = found.path.penalty
        pays = type(penalty)(**{**penalty.values(), "lam": float(found.path.lams[place])})
        assert (pays.value(contour) >= one.level * (1 - 1e-9)).all()
        inside = least_over_bias(SquaredError(), Y, one.curve @ X[:, [2, 0]].T)
        assert (inside >= one.cost * (1 - 1e-9)).all()
        assert np.abs(one.curve).max() <= found.reach


def test_the_bias_of_every_place_is_its_best():
    """Else the contours of a margin or a logit would not be those of the data cost."""
    data = BreastCancer().load().standardized()
    A, rng = data.features[:, [0, 1]], np.random.default_rng(0)
    for loss in (CrossEntropy(), Hinge()):
        y = loss.encode(data.target)
        for w in rng.normal(size=(4, 2)):
            scores = A @ w
            found = least_over_bias(loss, y, scores[None])[0]
            tried = [cost(loss, y, scores + b) for b in np.linspace(-6, 6, 2001)]
            assert found <= min(tried) + 1e-8
            assert found == pytest.approx(min(tried), abs=1e-4)


def test_classes_that_separate_have_no_free_weights_and_yet_a_plane():
    data = Dataset("two", ("a", "b"), np.eye(2)[[0, 1] * 6] + 0.0, np.array([0.0, 1.0] * 6), "y",
                   task="binary", classes=("n", "p"))  # fmt: skip
    found = plane(CrossEntropy(), data.features, data.target, L2(), LOW)
    assert found.free is None
    assert found.path.certain


def test_products_are_those_of_a_polynomial_of_degree_two():
    wide, theirs = with_products(RAW), PolynomialFeatures(2, include_bias=False).fit_transform(X)
    assert wide.features.shape == (442, 65)
    ours = with_products(RAW).features[:, 10:]
    for column in theirs.T[10:]:
        assert np.abs(ours - column[:, None]).max(axis=0).min() < 1e-9
    assert wide.columns[10:12] == ("age²", "sex²")
    assert wide.columns[-1] == "s5 × s6"


def test_products_keep_names_apart_and_refuse_too_many_columns():
    A = np.arange(12.0).reshape(6, 2) ** 1.5
    data = Dataset("odd", ("a", "a²"), A, np.arange(6.0), "y")
    assert with_products(data).columns == ("a", "a²", "a² ′", "a²²", "a × a²")
    many = Dataset("many", tuple("abcdefghijklm"), np.ones((3, 13)), np.arange(3.0), "y")
    with pytest.raises(DataError, match="at most 12 columns"):
        with_products(many)


@kinds
@pytest.mark.parametrize("loss", [SquaredError(), Huber()], ids=lambda loss: loss.slug)
def test_training_cost_only_rises_with_lambda_and_both_ends_are_bad_on_unseen_rows(loss, kind):
    """The claim of the page: memorizing at one end, learning nothing at the other."""
    found = tuned(loss, with_products(RAW), kind, LOW if kind.slug == "l2" else FEW)
    assert (np.diff(found.training) <= 1e-12).all()  # λ falls along it
    assert found.held_out.inside
    assert found.folds.inside
    assert found.simplest <= found.best
    assert found.folds.costs[found.best] < found.folds.costs[[0, -1]].min()
    assert found.training[-1] < 0.7 * found.held_out.costs[-1]


def test_held_out_rows_have_no_part_in_fits_or_in_standard_deviations():
    """Rows that are judged and also scale the columns would be a leak."""
    before = tuned(SquaredError(), RAW, L1(), STOPS, rows=300, seed=3)
    moved = RAW.target.copy()
    moved[before.held] *= 5
    again = Dataset("moved", RAW.columns, RAW.features, moved, "progression")
    after = tuned(SquaredError(), again, L1(), STOPS, rows=300, seed=3)
    np.testing.assert_array_equal(before.path.weights, after.path.weights)
    np.testing.assert_array_equal(before.folds.costs, after.folds.costs)
    assert not np.array_equal(before.held_out.costs, after.held_out.costs)
    assert len(np.intersect1d(before.train, before.held)) == 0
    assert len(before.train) + len(before.held) == 442


def test_a_tuned_path_is_that_of_scikit_learn_on_the_training_rows():
    found = tuned(SquaredError(), RAW, L1(), STOPS, rows=200, seed=1)
    A, y = RAW.features[found.train], RAW.target[found.train]
    A, y = (A - A.mean(0)) / A.std(0), (y - y.mean()) / y.std()
    for place in (5, 15):
        theirs = Lasso(alpha=found.path.lams[place] / 2, tol=1e-12, max_iter=10**6).fit(A, y)
        np.testing.assert_allclose(found.path.weights[place, :-1], theirs.coef_, atol=1e-8)


def test_too_few_rows_on_either_side_are_refused():
    for rows in (4, 438):
        with pytest.raises(DataError, match="held out"):
            tuned(SquaredError(), RAW, L1(), STOPS, rows=rows)


def test_folds_at_given_strengths_are_those_of_the_path():
    own = path(SquaredError(), X, Y, L1())
    np.testing.assert_array_equal(
        folded(SquaredError(), X, Y, L1()).costs,
        folded(SquaredError(), X, Y, L1(), lams=own.lams[::-1]).costs,
    )


def test_a_row_with_copies_is_a_row_with_a_sample_weight():
    """Scikit-learn takes weights: Ridge with a sum of n + k − 1 rows."""
    lam, row = 0.1, 17
    found = weighed(SquaredError(), X, Y, L2(lam=lam), row, most=4)
    for copies, each in enumerate(found.fits):
        weight = np.ones(442)
        weight[row] = copies
        theirs = Ridge(alpha=lam * weight.sum()).fit(X, Y, sample_weight=weight)
        np.testing.assert_allclose(each.weights[:-1], theirs.coef_, atol=1e-10)
        assert each.weights[-1] == pytest.approx(theirs.intercept_, abs=1e-10)


def test_a_row_adds_its_loss_over_n_to_the_mean():
    found = weighed(Huber(), X, Y, L1(lam=0.05), 3)
    once = found.fits[1]
    assert once.weights.tolist() == penalized(Huber(), X, Y, L1(lam=0.05)).weights.tolist()
    assert found.losses[1].mean() == pytest.approx(once.cost, rel=1e-12)
    rest = np.delete(found.losses[1], 3).sum() / 442
    assert found.share == pytest.approx(once.cost - rest, rel=1e-9)
    assert (np.diff(found.losses[:, 3]) <= 1e-12).all()  # the more it counts, the better it fits


def test_the_dearest_row_is_the_one_with_the_largest_loss():
    best = fit(SquaredError(), X, Y)
    off = X @ best.weights[:-1] + best.weights[-1] - Y
    assert dearest(SquaredError(), X, Y, best) == int(np.abs(off).argmax())
