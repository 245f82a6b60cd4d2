"""Paths of penalties: their knots, their ends, and what they cost on rows they have not seen."""

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.model_selection import KFold

from losses.asymmetric import Quantile
from losses.data.bundled import Diabetes
from losses.hinges import Perceptron
from losses.penalties import L1, L2, ElasticNet
from losses.probabilistic import CrossEntropy
from losses.regression import AbsoluteError, Huber, SquaredError
from losses.shaped import EpsilonInsensitive, Power, ReverseHuber
from losses.shrink import at_strength, folded, held_out, knots, path, penalized, with_products
from losses.shrink.problem import Problem

DATA = Diabetes().load().standardized()
X, Y = DATA.features, DATA.target
LOSSES = [SquaredError(), AbsoluteError(), Huber(), ReverseHuber()]
losses = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.slug)
penalties = pytest.mark.parametrize(
    "penalty", [L1(), ElasticNet(), L2()], ids=lambda penalty: penalty.slug
)


def noisy(n=40, d=30, seed=5):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(n, d))
    return A, A[:, 0] - A[:, 1] + 2 * rng.normal(size=n)


def test_the_knots_of_the_diabetes_data_are_those_of_lars():
    """Twelve steps, with one weight that leaves and comes back (Efron and others 2004, figure 1)."""
    found = knots(X, Y)
    alphas, _, weights = linear_model.lars_path(X, Y, method="lasso")
    np.testing.assert_allclose(found.lams, 2 * alphas, atol=1e-12)
    np.testing.assert_allclose(found.weights[:, :-1], weights.T, atol=1e-10)
    leaves = [DATA.columns[event.column] for event in found.events if not event.enters]
    assert len(found.events) == 12
    assert leaves == ["s3"]


@pytest.mark.parametrize(("n", "d"), [(20, 50), (30, 29), (200, 3)])
def test_between_knots_the_weights_are_straight_lines_and_the_best(n, d):
    A, y = noisy(n, d)
    found = knots(A, y, 1e-3)
    assert found.finished
    middles = (found.lams[1:] + found.lams[:-1]) / 2
    for place in range(0, len(middles), max(1, len(middles) // 12)):
        w, lam = found.at(middles[[place]])[0], middles[place]
        best = penalized(SquaredError(), A, y, L1(lam=lam))
        np.testing.assert_allclose(w, best.weights, atol=1e-9)


def test_a_weight_is_zero_on_one_side_of_its_knot_and_not_on_the_other():
    found = knots(X, Y)
    for event in found.events[:-2]:
        above, below = found.at(event.lam * np.array([1 + 1e-6, 1 - 1e-6]))[:, event.column]
        assert (above != 0, below != 0) == (not event.enters, event.enters)


def test_columns_that_say_the_same_share_no_knot():
    """Of a column that is there twice the first is taken, and the path ends as without the other."""
    A, y = noisy(60, 5)
    twice = knots(np.column_stack([A, A[:, 0], A[:, 1] - A[:, 2]]), y, 1e-3)
    assert twice.finished
    for lam in (0.5, 0.1, 0.01):
        w = twice.at(np.array([lam]))[0]
        both = np.column_stack([A, A[:, 0], A[:, 1] - A[:, 2]])
        cost = np.mean((both @ w[:-1] + w[-1] - y) ** 2) + lam * np.abs(w[:-1]).sum()
        assert cost == pytest.approx(
            penalized(SquaredError(), both, y, L1(lam=lam)).objective, rel=1e-12
        )


def test_the_path_is_that_of_scikit_learn():
    found = path(SquaredError(), X, Y, L1())
    _, weights, _ = linear_model.lasso_path(
        X, Y - Y.mean(), alphas=found.lams / 2, tol=1e-14, max_iter=100_000
    )
    np.testing.assert_allclose(found.weights[:, :-1], weights.T, atol=1e-8)


@penalties
@losses
def test_a_path_starts_at_nothing_and_each_of_its_fits_is_the_best(loss, penalty):
    """Warm starts change nothing: the fit of a λ alone costs as much."""
    found = path(loss, X, Y, penalty, count=20)
    assert found.certain
    assert max(each.certificate for each in found.fits) <= 1e-11
    if isinstance(penalty, L2):
        assert found.strongest == np.inf
        assert found.nonzero[0] == X.shape[1]
        slopes = found.weights[:, :-1]
        assert np.linalg.norm(slopes[0]) < 0.02 * np.linalg.norm(slopes[-1])
    else:
        assert found.lams[0] == found.strongest
        assert found.nonzero[0] == 0 < found.nonzero[1]
    for place in (3, 11, 19):
        alone = penalized(
            loss, X, Y, type(penalty)(**(penalty.values() | {"lam": found.lams[place]}))
        )
        assert found.totals[place] == pytest.approx(alone.objective, rel=1e-11)


@penalties
@losses
def test_as_the_penalty_weakens_the_cost_only_falls_and_the_penalized_size_only_grows(
    loss, penalty
):
    """What two best fits at different λ imply of each other (a theorem, whatever the data)."""
    found = path(loss, X, Y, penalty, count=20)
    assert (np.diff(found.costs) <= 1e-12).all()
    assert (np.diff(found.penalties / found.lams) >= -1e-12).all()
    assert (np.diff(found.totals) <= 1e-12).all()


def test_the_freedom_of_least_squares_is_the_trace_of_its_hat_matrix():
    found = path(SquaredError(), X, Y, L2(), [1e-4, 1e-2, 1.0, 100.0])
    for lam, freedom in zip(found.lams, found.freedom, strict=True):
        hat = X @ np.linalg.solve(X.T @ X + lam * len(Y) * np.eye(X.shape[1]), X.T)
        assert freedom == pytest.approx(np.trace(hat), rel=1e-9)
    lasso = path(SquaredError(), X, Y, L1())
    np.testing.assert_allclose(lasso.freedom, lasso.nonzero, atol=1e-9)


@pytest.mark.parametrize(
    "loss", [Huber(), AbsoluteError(), ReverseHuber()], ids=lambda loss: loss.slug
)
@pytest.mark.parametrize("penalty", [L1(lam=0.02), ElasticNet(lam=0.03)], ids=lambda p: p.slug)
def test_the_freedom_of_other_losses_is_how_much_scores_follow_their_targets(loss, penalty):
    """Σ ∂s/∂y by differences: each target is moved a little, and all is fitted again."""
    A, y = noisy(25, 4)
    here = path(loss, A, y, penalty, [penalty.lam])
    followed = 0.0
    for row in range(len(y)):
        scores = []
        for way in (1, -1):
            moved = y.copy()
            moved[row] += way * 1e-5
            w = penalized(loss, A, moved, penalty).weights
            scores.append(A[row] @ w[:-1] + w[-1])
        followed += (scores[0] - scores[1]) / 2e-5
    assert here.freedom[0] == pytest.approx(followed - 1, abs=1e-3)


def test_on_unseen_rows_both_ends_of_the_path_cost_more():
    """The curve that shows what a penalty is for: memorizing on one side, nothing on the other."""
    A, y = noisy(40, 30)
    B, z = noisy(400, 30, seed=6)
    for penalty in (L1(), L2(), ElasticNet()):
        judged = held_out(path(SquaredError(), A, y, penalty), B, z)
        assert judged.inside
        assert judged.costs[judged.best] < 0.9 * min(judged.costs[0], judged.costs[-1])
    assert judged.lam == judged.lams[judged.best]


def test_unseen_rows_are_judged_by_the_loss_that_is_asked_for():
    found = path(AbsoluteError(), X[:300], Y[:300], L1(), count=10)
    judged = held_out(found, X[300:], Y[300:], SquaredError())
    for w, cost in zip(found.weights, judged.costs, strict=True):
        off = X[300:] @ w[:-1] + w[-1] - Y[300:]
        assert cost == pytest.approx(np.mean(off**2), rel=1e-12)
    training = held_out(found, X[:300], Y[:300])
    np.testing.assert_allclose(training.costs, found.costs, rtol=1e-12)


def test_folds_are_judged_as_scikit_learn_judges_them():
    found = folded(SquaredError(), X, Y, L1(), folds=4, seed=1)
    order = np.random.default_rng(1).permutation(len(Y))
    total = np.zeros(len(found.lams))
    for kept, out in KFold(4).split(order):
        kept, out = order[kept], order[out]
        _, weights, _ = linear_model.lasso_path(
            X[kept] - X[kept].mean(axis=0), Y[kept] - Y[kept].mean(), alphas=found.lams / 2,
            tol=1e-12, max_iter=100_000,
        )  # fmt: skip
        scores = (X[out] - X[kept].mean(axis=0)) @ weights + Y[kept].mean()
        total += ((scores - Y[out][:, None]) ** 2).sum(axis=0)
    np.testing.assert_allclose(found.costs, total / len(Y), rtol=1e-9)
    assert found.lams[found.simplest] >= found.lam
    with pytest.raises(ValueError, match="1 folds of 442 rows"):
        folded(SquaredError(), X, Y, L1(), folds=1)


def test_classes_have_paths_too():
    found = path(CrossEntropy(), X, (Y > 0).astype(float), L1(), count=20)
    assert found.certain
    assert found.nonzero[0] == 0 < found.nonzero[-1]


def test_where_no_slope_ever_pays_there_is_no_path():
    with pytest.raises(ValueError, match="no slope lowers the cost"):
        path(Perceptron(), X, np.where(Y > 0, 1.0, -1.0), L1())
    with pytest.raises(ValueError, match="above zero"):
        path(SquaredError(), X, Y, L1(), [0.0, 1.0])


CORNERED = [AbsoluteError(), EpsilonInsensitive(0.3), ReverseHuber(), Quantile(0.9)]


@pytest.mark.parametrize("penalty", [ElasticNet(), L2()], ids=lambda penalty: penalty.slug)
@pytest.mark.parametrize("loss", CORNERED, ids=lambda loss: loss.slug)
def test_exchanging_rows_finds_what_a_start_from_nothing_finds(loss, penalty):
    """The quick way from the last λ and the slow way of rounding share no step: their fits agree."""
    A, y = noisy(61, 12)  # odd: one median is best
    found = path(loss, A, y, penalty, count=25)
    assert found.certain
    for place in (3, 12, 24):
        alone = penalized(loss, A, y, at_strength(penalty, float(found.lams[place])))
        assert found.totals[place] == pytest.approx(alone.objective, rel=1e-10)
        np.testing.assert_allclose(found.weights[place, :-1], alone.weights[:-1], atol=1e-6)
        assert ((found.weights[place] == 0) == (alone.weights == 0)).all()


def test_rows_near_their_places_are_exchanged_in_few_steps():
    """A path takes seconds and not a minute only because the last fit is nearly the next."""
    A, y = noisy(60, 12)
    problem = Problem.of(EpsilonInsensitive(0.3), A, y)
    first = problem.solved(0.02, 0.02)
    near = problem.solved(0.019, 0.019, first)
    assert near.optimum.certificate < 1e-12
    assert near.optimum.steps < first.optimum.steps


@pytest.mark.parametrize("copies", [1, 4])
def test_tied_rows_do_not_stop_a_path(copies):
    """Copies of a row are met together, more than there are weights: then corners are rounded."""
    A, y = noisy(8, 3)
    found = path(EpsilonInsensitive(0.3), A.repeat(copies, 0), y.repeat(copies), ElasticNet())
    once = path(EpsilonInsensitive(0.3), A, y, ElasticNet(), found.lams)
    assert found.certain
    np.testing.assert_allclose(found.totals, once.totals, rtol=1e-9)


@pytest.mark.parametrize("q", [1.1, 1.5, 1.9])
def test_a_path_of_a_power_begins_with_exact_zeros(q):
    """The page says that from λ₀ on all weights are zero: 1e-7 is not zero."""
    for A, y in (noisy(24, 3), (np.round(noisy(24, 3)[0]), np.round(noisy(24, 3)[1]))):
        found = path(Power(q), A, y, L1(), count=9)
        assert found.nonzero[0] == 0
        assert found.nonzero[1] > 0


def test_a_path_and_its_folds_tell_how_far_they_are_and_stop_where_they_are_told_to():
    A, y = noisy()
    shares = list[float]()
    folded(SquaredError(), A, y, L1(), folds=4, told=shares.append)
    assert shares == sorted(shares)
    assert len(shares) == 400
    assert shares[-1] == pytest.approx(1)

    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        folded(SquaredError(), A, y, L1(), told=stop)


def test_every_knot_is_an_optimum_though_a_column_repeats_another():
    """A column that left came back at once, because its repeated twin had been looked at between."""
    data = with_products(DATA).standardized()
    X, y = data.features, (data.target - data.target.mean()) / data.target.std()
    found = knots(X, y, 1e-3)
    assert found.finished
    for lam, w in zip(found.lams, found.weights, strict=True):
        pull = 2 / len(y) * X.T @ (y - X @ w[:-1] - w[-1])
        held = w[:-1] != 0
        assert np.abs(pull).max() <= lam + 1e-12
        np.testing.assert_allclose(pull[held], lam * np.sign(w[:-1][held]), atol=1e-12)
