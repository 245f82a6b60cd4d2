"""Penalized fits: exact, for every convex loss with an exact solver, and zeros that are zeros."""

import numpy as np
import pytest
from scipy.optimize import linprog
from sklearn import linear_model

from losses import Loss
from losses.asymmetric import Quantile
from losses.data.bundled import Diabetes
from losses.fit import Separable, exact, fit
from losses.hinges import Hinge
from losses.multiclass import SoftmaxCrossEntropy
from losses.penalties import L1, L2, ElasticNet
from losses.probabilistic import CrossEntropy
from losses.redescending import Cauchy
from losses.regression import AbsoluteError, Huber, SquaredError
from losses.shaped import EpsilonInsensitive, Power, ReverseHuber
from losses.shrink import penalized, strongest

DATA = Diabetes().load().standardized()
X, Y = DATA.features, DATA.target
KINDS = [
    kind
    for kind in Loss.catalogue.values()
    if exact(kind) and kind().convex and kind.family != "multiclass" and kind.slug != "perceptron"
]
PENALTIES = [L1(lam=0.03), ElasticNet(lam=0.05, mix=0.6), L2(lam=0.05)]
CORNERED = (AbsoluteError, Quantile, EpsilonInsensitive, Hinge, ReverseHuber)
SMOOTH = [kind for kind in KINDS if kind not in CORNERED]
losses = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
penalties = pytest.mark.parametrize("penalty", PENALTIES, ids=lambda penalty: penalty.slug)


def wide(seed=1):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(15, 20))
    return A, 2 * A[:, 0] - A[:, 5] + 0.3 * rng.normal(size=15)


def dependent(seed=2):
    """A column twice, one that is a difference of two others, and one of a single value."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(60, 8))
    A[:, 3], A[:, 5], A[:, 7] = A[:, 2], A[:, 0] - A[:, 1], 4.0
    return A, A[:, 0] + A[:, 2] + rng.normal(size=60)


def tied(seed=3):
    rng = np.random.default_rng(seed)
    A = rng.integers(0, 4, size=(50, 4)).astype(float)
    return A, A[:, 0] + rng.integers(-2, 3, size=50)


SETS = {"diabetes": (X, Y), "wide": wide(), "dependent": dependent(), "tied": tied()}
sets = pytest.mark.parametrize("name", SETS)


def target_of(loss, y):
    return y if loss.family == "residual" else loss.encode((y > np.median(y)).astype(float))


def objective(loss, A, y, penalty, w):
    return loss.value(y, A @ w[:-1] + w[-1]).mean() + float(penalty.value(w[:-1]))


def theirs(penalty, n):
    """scikit-learn's estimator for mean squared error plus this penalty, as the claims say."""
    if isinstance(penalty, L2):
        return linear_model.Ridge(alpha=penalty.lam * n, solver="svd")
    if isinstance(penalty, L1):
        return linear_model.Lasso(alpha=penalty.lam / 2, tol=1e-15, max_iter=200_000)
    alpha, ratio = penalty.lam * (1 - penalty.mix / 2), penalty.mix / (2 - penalty.mix)
    return linear_model.ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-15, max_iter=200_000)


@penalties
@pytest.mark.parametrize("scale", [0.01, 1.0, 10.0])
def test_least_squares_are_those_of_scikit_learn_under_the_translated_names(penalty, scale):
    penalty = type(penalty)(**(penalty.values() | {"lam": penalty.lam * scale}))
    ours, other = penalized(SquaredError(), X, Y, penalty), theirs(penalty, len(Y)).fit(X, Y)
    np.testing.assert_allclose(ours.weights, np.append(other.coef_, other.intercept_), atol=1e-8)
    assert ours.certificate <= 1e-12
    assert ((ours.weights[:-1] == 0) == (other.coef_ == 0)).all()


@penalties
@sets
@losses
def test_every_loss_is_fitted_with_a_proof(kind, name, penalty):
    """Awkward data included: fewer rows than columns, columns that depend on others, ties."""
    A, y = SETS[name]
    loss = kind()
    found = penalized(loss, A, target_of(loss, y), penalty)
    assert found.certain
    assert found.certificate <= 1e-8
    assert found.penalty == pytest.approx(float(penalty.value(found.weights[:-1])), rel=1e-12)


@penalties
@pytest.mark.parametrize("kind", SMOOTH, ids=lambda kind: kind.slug)
def test_the_slopes_of_a_smooth_cost_are_minus_a_subgradient(kind, penalty):
    """The proof of Karush, Kuhn and Tucker, from the raw columns, without the frame of the fit."""
    loss = kind()
    y = target_of(loss, Y)
    w = penalized(loss, X, y, penalty).weights
    pull = loss.gradient(y, X @ w[:-1] + w[-1]) / len(y)
    size = np.abs(pull).sum()
    smooth = pull @ X + penalty.gradient(w[:-1])
    smooth, slopes = np.append(smooth, pull.sum()), np.append(w[:-1], 1.0)
    price = penalty.lam * {"l1": 1.0, "l2": 0.0}.get(penalty.slug, getattr(penalty, "mix", 0.0))
    left = np.where(slopes == 0, np.maximum(np.abs(smooth) - price, 0.0), np.abs(smooth))
    rough = kind is Power  # |r|^1.5 bends without end: of a tiny residual, √r keeps half the digits
    assert left.max() <= (1e-6 if rough else 1e-8) * size


@penalties
@losses
def test_no_weights_near_the_best_cost_less(kind, penalty):
    loss, rng = kind(), np.random.default_rng(4)
    y = target_of(loss, Y)
    w = penalized(loss, X, y, penalty).weights
    best = objective(loss, X, y, penalty, w)
    for reach in (1e-1, 1e-2, 1e-3, 1e-4):
        for _ in range(20):
            near = w + reach * rng.normal(size=len(w)) * (rng.random(len(w)) < 0.5)
            assert objective(loss, X, y, penalty, near) >= best * (1 - 1e-12)


@sets
@pytest.mark.parametrize("tau", [0.5, 0.2])
def test_quantiles_cost_what_a_linear_program_finds(name, tau):
    """As scikit-learn's QuantileRegressor: alpha is our λ."""
    A, y = SETS[name]
    ours = penalized(Quantile(tau=tau), A, y, L1(lam=0.02))
    other = linear_model.QuantileRegressor(quantile=tau, alpha=0.02, solver="highs").fit(A, y)
    cost = objective(
        Quantile(tau=tau), A, y, L1(lam=0.02), np.append(other.coef_, other.intercept_)
    )
    assert ours.objective == pytest.approx(cost, rel=1e-9)


def test_the_hinge_costs_what_a_linear_program_finds():
    """The support vector machine with L1 (Zhu, Rosset, Hastie & Tibshirani 2003)."""
    y, lam, (n, d) = np.where(Y > 0, 1.0, -1.0), 0.02, X.shape
    prices = np.concatenate([np.full(2 * d, lam), [0.0], np.full(n, 1 / n)])
    side = y[:, None] * X
    rows = -np.hstack([side, -side, y[:, None], np.eye(n)])
    free = [(0, None)] * (2 * d) + [(None, None)] + [(0, None)] * n
    program = linprog(prices, A_ub=rows, b_ub=-np.ones(n), bounds=free)
    assert penalized(Hinge(), X, y, L1(lam=lam)).objective == pytest.approx(program.fun, rel=1e-9)


def test_the_log_loss_costs_what_scikit_learn_finds():
    y, lam = (Y > 0).astype(float), 0.02
    other = linear_model.LogisticRegression(
        C=1 / (lam * len(y)), l1_ratio=1, solver="saga", tol=1e-10, max_iter=100_000
    ).fit(X, y)
    ours = penalized(CrossEntropy(), X, y, L1(lam=lam))
    np.testing.assert_allclose(ours.weights[:-1], other.coef_[0], atol=1e-6)
    assert ((ours.weights[:-1] == 0) == (other.coef_[0] == 0)).all()


@sets
@losses
def test_from_the_strongest_penalty_on_and_not_before_all_slopes_are_zero(kind, name):
    """λ_max is exact for losses with corners and ties, too: a millionth less lets a weight in."""
    A, y = SETS[name]
    loss = kind()
    target = target_of(loss, y)
    lam = strongest(loss, A, target)
    if lam == 0:  # the hinge, where no border does better than to say the commoner class
        assert not penalized(loss, A, target, L1(lam=1e-9)).weights[:-1].any()
        return
    above = penalized(loss, A, target, L1(lam=lam * (1 + 1e-7)))
    below = penalized(loss, A, target, L1(lam=lam * (1 - 1e-5)))
    assert not above.weights[:-1].any()
    assert below.weights[:-1].any()


def test_a_column_of_one_value_gets_no_weight():
    A, y = dependent()
    for loss in (SquaredError(), AbsoluteError(), Huber()):
        for penalty in (L1(lam=0.01), ElasticNet(lam=0.01)):
            assert penalized(loss, A, y, penalty).weights[7] == 0.0


def test_a_penalty_of_zero_is_the_plain_fit():
    for penalty in (L1(lam=0.0), L2(lam=0.0), ElasticNet(lam=0.0)):
        plain = fit(Huber(), X, Y)
        assert (penalized(Huber(), X, Y, penalty).weights == plain.weights).all()


def test_the_bias_pays_nothing():
    """Far from zero it stays where the data are, however strong the penalty."""
    found = penalized(SquaredError(), X, Y + 1000, L1(lam=100.0))
    assert found.penalty == 0
    assert found.weights[-1] == pytest.approx(1000 + Y.mean(), rel=1e-12)


@pytest.mark.parametrize("loss", [Cauchy(), SoftmaxCrossEntropy()], ids=lambda loss: loss.slug)
def test_what_has_no_exact_fit_is_refused(loss):
    with pytest.raises(ValueError, match="has no exact penalized fit"):
        penalized(loss, X, Y, L1())


def test_one_class_alone_has_no_best_bias():
    with pytest.raises(Separable):
        penalized(CrossEntropy(), X, np.ones(len(Y)), L1())
