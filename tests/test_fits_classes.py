"""The fits of classes: against scikit-learn, by brute force, and where no fit is finite."""

import itertools

import numpy as np
import pytest

from losses import Loss
from losses.cost import cost
from losses.fit import Separable, fit
from losses.hinges import Hinge, Perceptron, SquaredHinge
from losses.multiclass import MulticlassBrier, SoftmaxCrossEntropy
from losses.probabilistic import CrossEntropy, Focal

BINARY = [kind() for kind in Loss.catalogue.values() if kind.family in ("binary", "margin")]
FITTED = [loss for loss in BINARY if loss.slug != "zero_one"]
CONVEX = [loss for loss in FITTED if loss.convex and not isinstance(loss, Perceptron)]
FADING = [
    loss
    for loss in FITTED
    if loss.slug in ("logistic", "exponential", "savage", "cross_entropy", "focal", "brier")
]
EACH_CONVEX = pytest.mark.parametrize("loss", CONVEX, ids=str)
EACH_FADING = pytest.mark.parametrize("loss", FADING, ids=str)


def classes(n=200, d=2, K=2, seed=0, apart=1.0):
    """Clouds that overlap, far from the origin and of different widths in each feature."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, K, n).astype(float)
    X = rng.normal(size=(n, d)) + apart * np.eye(K, d)[y.astype(int)]
    return X * np.geomspace(1, 3, d) + 7, y


def score(w, X):
    return X @ w[:-1] + w[-1]


def objective(loss, X, y, w, lam):
    if loss.family != "multiclass":
        return cost(loss, y, score(w, X)) + lam * (w[:-1] ** 2).sum()
    W = w.reshape(-1, X.shape[1] + 1)
    return cost(loss, y, X @ W[:, :-1].T + W[:, -1]) + lam * (W[:, :-1] ** 2).sum()


def nothing_near_costs_less(loss, X, y, found, lam):
    rng = np.random.default_rng(1)
    for size, _ in itertools.product((1e-5, 1e-2, 1.0), range(60)):
        w = found.weights + size * rng.normal(size=found.weights.shape)
        assert objective(loss, X, y, w, lam) >= found.objective * (1 - 1e-12)


def test_the_data_vary_and_overlap():
    X, y = classes()
    assert 60 < y.sum() < 140
    assert np.ptp(X, axis=0).min() > 3
    assert (X[y == 1].min(axis=0) < X[y == 0].max(axis=0)).all()


# --- Two classes


@pytest.mark.parametrize("lam", [0.0, 0.05])
@pytest.mark.parametrize("loss", FITTED, ids=str)
def test_no_random_change_of_the_weights_costs_less(loss, lam):
    for seed, (n, d) in enumerate([(40, 1), (200, 2), (150, 4)]):
        X, y = classes(n, d, seed=seed)
        target = loss.encode(y)
        found = fit(loss, X, target, lam)
        assert found.certificate <= 1e-8
        assert found.certain == loss.convex
        assert found.objective == pytest.approx(
            objective(loss, X, target, found.weights, lam), rel=1e-10
        )
        nothing_near_costs_less(loss, X, target, found, lam)


@pytest.mark.parametrize("lam", [0.0, 0.02, 0.5])
def test_cross_entropy_is_the_logistic_regression_of_scikit_learn(lam):
    """Their C weighs the sum of the losses beside ½ |w|²: C = 1 / (2 n λ)."""
    model = pytest.importorskip("sklearn.linear_model").LogisticRegression
    X, y = classes(300, 3)
    C = 1 / (2 * 300 * lam) if lam else np.inf
    theirs = model(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(X, y)
    ours = fit(CrossEntropy(), X, y, lam).weights
    assert ours == pytest.approx([*theirs.coef_[0], theirs.intercept_[0]], rel=1e-8)


def test_the_weight_of_positives_is_that_of_scikit_learn():
    model = pytest.importorskip("sklearn.linear_model").LogisticRegression
    X, y = classes(300, 2)
    theirs = model(C=np.inf, class_weight={1: 3.0}, solver="newton-cholesky", tol=1e-12)
    theirs.fit(X, y)
    ours = fit(CrossEntropy(positive_weight=3.0), X, y).weights
    assert ours == pytest.approx([*theirs.coef_[0], theirs.intercept_[0]], rel=1e-8)


def test_the_logistic_fit_is_that_of_statsmodels():
    models = pytest.importorskip("statsmodels.discrete.discrete_model")
    X, y = classes(250, 2, seed=4)
    theirs = models.Logit(y, np.column_stack([X, np.ones(250)])).fit(disp=0, tol=1e-13).params
    assert fit(CrossEntropy(), X, y).weights == pytest.approx(theirs, rel=1e-8)


def test_the_squared_hinge_is_the_linear_classifier_of_scikit_learn():
    """Their intercept is penalized, too, unless its column is scaled beyond notice."""
    svm = pytest.importorskip("sklearn.svm")
    X, y = classes(150, 2)
    X, lam = X - X.mean(axis=0), 0.05
    theirs = svm.LinearSVC(
        C=1 / (2 * 150 * lam), dual=False, tol=1e-13, max_iter=100_000, intercept_scaling=1e4
    ).fit(X, y)
    ours = fit(SquaredHinge(), X, 2 * y - 1, lam).weights
    assert ours == pytest.approx([*theirs.coef_[0], theirs.intercept_[0]], rel=1e-6)


@pytest.mark.parametrize("lam", [0.01, 0.2])
def test_the_penalized_hinge_is_the_support_vector_machine_of_scikit_learn(lam):
    svm = pytest.importorskip("sklearn.svm")
    X, y = classes(120, 2)
    theirs = svm.SVC(kernel="linear", C=1 / (2 * 120 * lam), tol=1e-11).fit(X, y)
    least = objective(Hinge(), X, 2 * y - 1, np.append(theirs.coef_[0], theirs.intercept_[0]), lam)
    found = fit(Hinge(), X, 2 * y - 1, lam)
    assert found.objective <= least * (1 + 1e-12)
    assert found.objective == pytest.approx(least, rel=1e-6)


def test_the_hinge_fit_is_the_linear_program():
    linprog = pytest.importorskip("scipy.optimize").linprog
    for seed, n in ((0, 30), (1, 120)):
        X, y = classes(n, 2, seed=seed)
        A = np.column_stack([X, np.ones(n)]) * (2 * y - 1)[:, None]
        program = linprog(
            np.append(np.zeros(3), np.ones(n)),
            A_ub=np.hstack([-A, -np.eye(n)]),
            b_ub=-np.ones(n),
            bounds=[(None, None)] * 3 + [(0, None)] * n,
            method="highs",
        )
        assert fit(Hinge(), X, 2 * y - 1).cost == pytest.approx(program.fun / n, rel=1e-9)


def test_a_margin_and_its_logit_ask_for_the_same_weights():
    X, y = classes()
    entropy = fit(CrossEntropy(), X, y)
    logistic = fit(Loss.catalogue["logistic"](), X, 2 * y - 1)
    assert logistic.weights == pytest.approx(entropy.weights, rel=1e-12)
    assert fit(Focal(gamma=0.0), X, y).weights == pytest.approx(entropy.weights, rel=1e-12)


def test_a_cross_entropy_fit_has_as_many_expected_as_observed_positives():
    """The pull of the bias is the sum of p − y: it is zero at the optimum."""
    X, y = classes(seed=2)
    z = score(fit(CrossEntropy(), X, y).weights, X)
    assert (1 / (1 + np.exp(-z))).sum() == pytest.approx(y.sum(), rel=1e-12)


def test_the_perceptron_asks_for_nothing():
    X, y = classes()
    found = fit(Perceptron(), X, 2 * y - 1)
    assert found.cost == 0
    assert not found.weights.any()
    assert "nothing" in found.note


@EACH_CONVEX
@pytest.mark.parametrize("times", [1e-3, 1e4])
def test_features_in_other_units_give_the_same_scores(loss, times):
    X, y = classes()
    target = loss.encode(y)
    plain, other = fit(loss, X, target), fit(loss, X * times - 3, target)
    assert other.weights[:-1] * times == pytest.approx(plain.weights[:-1], rel=1e-8)
    assert score(other.weights, X * times - 3) == pytest.approx(
        score(plain.weights, X), rel=1e-8, abs=1e-8
    )


@EACH_CONVEX
def test_swapping_the_classes_turns_the_weights_around(loss):
    X, y = classes()
    one, other = (fit(loss, X, loss.encode(label)).weights for label in (y, 1 - y))
    assert one == pytest.approx(-other, rel=1e-8)


@pytest.mark.parametrize("loss", [Hinge(), SquaredHinge()], ids=str)
def test_a_single_class_costs_nothing_beyond_its_bias(loss):
    X, _ = classes(12)
    found = fit(loss, X, np.ones(12), 0.1)
    assert found.certain
    assert found.objective == pytest.approx(0, abs=1e-12)


def test_a_class_without_weight_pulls_at_nothing():
    """Of rows that cost nothing whatever is said of them, none can be on the wrong side."""
    X, y = classes(40)
    with pytest.raises(Separable):
        fit(Focal(alpha=1.0), X, y)
    found = fit(Focal(alpha=1.0), X, np.zeros(40))
    assert found.cost == 0
    assert "weight of zero" in found.note


def test_a_single_class_of_many_is_certain():
    found = fit(SoftmaxCrossEntropy(), np.ones((3, 1)), np.zeros(3))
    assert found.cost == 0
    assert found.weights == pytest.approx([0, 0])


def test_a_target_that_a_loss_does_not_take_is_refused():
    X, y = classes()
    with pytest.raises(ValueError, match=r"target\[\d+\] = 0, but hinge needs -1 or \+1"):
        fit(Hinge(), X, y)


# --- Where no finite weights are best


def separable(kind):
    """Classes that a line can part: clearly, but for rows on it, or as there is only one."""
    x = np.linspace(-1, 1, 24)
    y = (x > 0).astype(float)
    if kind == "clear":
        return x[:, None], y
    if kind == "touching":  # two rows of both classes in one place, on the border
        return np.append(x, [0.0, 0.0])[:, None], np.append(y, [0, 1])
    if kind == "column":  # all rows of one group are of one class
        group, other = np.arange(24) % 2, np.random.default_rng(0).normal(size=24)
        return np.column_stack([group, other]), np.where(group == 1, 1.0, np.arange(24) % 4 == 0)
    return x[:, None], np.ones(24)


@EACH_FADING
@pytest.mark.parametrize("kind", ["clear", "touching", "column", "single"])
def test_separated_classes_are_refused_with_a_direction_that_proves_it(loss, kind):
    X, y = separable(kind)
    with pytest.raises(Separable, match="without bound") as caught:
        fit(loss, X, loss.encode(y))
    margin = (2 * y - 1) * score(caught.value.direction, X)
    assert margin.min() >= -1e-12
    assert margin.max() > 1e-3
    assert caught.value.strict == (kind in ("clear", "single"))
    assert (margin.min() > 0) == caught.value.strict
    # along it the cost falls, from any weights
    rng = np.random.default_rng(0)
    for w in rng.normal(size=(10, X.shape[1] + 1)):
        near, far = (
            cost(loss, loss.encode(y), score(w + t * caught.value.direction, X)) for t in (0, 1)
        )
        assert far < near


@EACH_FADING
@pytest.mark.parametrize("kind", ["clear", "touching", "column"])
def test_a_penalty_makes_separated_classes_finite(loss, kind):
    X, y = separable(kind)
    found = fit(loss, X, loss.encode(y), 0.1)
    assert found.certificate <= 1e-8
    nothing_near_costs_less(loss, X, loss.encode(y), found, 0.1)


@EACH_FADING
def test_a_penalty_on_slopes_does_not_hold_the_bias_of_a_single_class(loss):
    X, y = separable("single")
    with pytest.raises(Separable):
        fit(loss, X, loss.encode(y), 0.1)


@pytest.mark.parametrize("loss", [CrossEntropy(), *(k for k in FADING if not k.convex)], ids=str)
def test_one_row_on_the_wrong_side_is_enough_to_be_finite(loss):
    """Far from the border or next to it: an overlap of one row is told from none."""
    for place in (0, 10):
        X, y = separable("clear")
        y[place] = 1.0
        assert np.isfinite(fit(loss, X, loss.encode(y)).weights).all()
    X, y = separable("clear")
    y[11] = 1.0  # the border moves, and no row is on the wrong side of it
    with pytest.raises(Separable):
        fit(loss, X, loss.encode(y))


def test_separation_is_found_wherever_a_linear_program_finds_it():
    """Few rows in many dimensions: half of the draws can be separated. [Cover 1965]"""
    linprog = pytest.importorskip("scipy.optimize").linprog
    seen = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n, d = 12, 5
        X, y = rng.integers(-2, 3, (n, d)).astype(float), rng.integers(0, 2, n).astype(float)
        A = np.column_stack([X, np.ones(n)]) * (2 * y - 1)[:, None]
        # the largest sum of margins in [0, 1]: above zero only where a plane separates
        most = -linprog(
            -A.sum(axis=0),
            A_ub=np.vstack([-A, A]),
            b_ub=np.append(np.zeros(n), np.ones(n)),
            bounds=[(None, None)] * (d + 1),
            method="highs",
        ).fun
        try:
            fit(CrossEntropy(), X, y)
            seen.append(False)
        except Separable:
            seen.append(True)
        assert seen[-1] == (most > 1e-7), seed
    assert 10 < sum(seen) < 50


@pytest.mark.parametrize("loss", [SquaredHinge(), Hinge()], ids=str)
def test_losses_that_stop_at_a_margin_cost_nothing_on_separated_classes(loss):
    X, y = separable("clear")
    found = fit(loss, X, 2 * y - 1)
    assert found.cost == pytest.approx(0, abs=1e-20)
    assert ((2 * y - 1) * score(found.weights, X)).min() == pytest.approx(1, rel=1e-9)


# --- Many classes


@pytest.mark.parametrize("lam", [0.0, 0.03])
@pytest.mark.parametrize(("K", "d"), [(3, 2), (4, 1), (5, 4)])
def test_the_softmax_fit_is_that_of_scikit_learn(K, d, lam):
    model = pytest.importorskip("sklearn.linear_model").LogisticRegression
    X, y = classes(400, d, K)
    C = 1 / (2 * 400 * lam) if lam else np.inf
    theirs = model(C=C, tol=1e-10, max_iter=10_000, solver="newton-cg").fit(X, y)
    found = fit(SoftmaxCrossEntropy(), X, y, lam)
    W = found.weights.reshape(K, d + 1)
    bias = theirs.intercept_ - theirs.intercept_.mean()
    slopes = theirs.coef_ - theirs.coef_.mean(axis=0)
    assert W[:, :-1] == pytest.approx(slopes, rel=1e-5, abs=1e-6)
    assert W[:, -1] == pytest.approx(bias, rel=1e-5, abs=1e-5)
    least = objective(SoftmaxCrossEntropy(), X, y, np.column_stack([slopes, bias]).ravel(), lam)
    assert found.objective <= least + 1e-15
    assert found.objective == pytest.approx(least, rel=1e-9)
    assert found.certificate < 1e-10


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("lam", [0.0, 0.1])
def test_no_random_change_of_softmax_weights_costs_less(lam, smoothing):
    loss = SoftmaxCrossEntropy(smoothing)
    X, y = classes(150, 2, 3)
    found = fit(loss, X, y, lam)
    assert found.certificate < 1e-10
    nothing_near_costs_less(loss, X, y, found, lam)


@pytest.mark.parametrize("lam", [0.0, 0.1])
def test_of_all_weights_with_the_same_scores_the_shortest_are_found(lam):
    """Adding one plane to all classes changes no probability: the mean of the classes is zero."""
    X, y = classes(150, 2, 3)
    W = fit(SoftmaxCrossEntropy(), X, y, lam).weights.reshape(3, 3)
    assert W.sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-10)


def test_two_softmax_classes_are_a_logit_halved():
    X, y = classes()
    W = fit(SoftmaxCrossEntropy(), X, y).weights.reshape(2, 3)
    assert W[1] - W[0] == pytest.approx(fit(CrossEntropy(), X, y).weights, rel=1e-9)


@pytest.mark.parametrize("times", [1e-3, 1e4])
def test_softmax_scores_do_not_depend_on_the_units_of_the_features(times):
    X, y = classes(150, 2, 3)
    plain, other = (fit(SoftmaxCrossEntropy(), Z, y).weights for Z in (X, X * times))
    assert other.reshape(3, 3)[:, :2] * times == pytest.approx(plain.reshape(3, 3)[:, :2], rel=1e-7)


@pytest.mark.parametrize("kind", ["clear", "partly", "absent"])
def test_softmax_refuses_classes_that_can_be_separated(kind):
    rng = np.random.default_rng(0)
    x = np.linspace(0, 3, 60, endpoint=False)
    y = np.floor(x)
    if kind == "partly":  # two classes overlap, the third lies apart
        y[x < 2] = rng.integers(0, 2, 40)
    if kind == "absent":
        y = rng.integers(0, 2, 60) * 2.0
    with pytest.raises(Separable) as caught:
        fit(SoftmaxCrossEntropy(), x[:, None], y)
    W = caught.value.direction.reshape(3, 2)
    S = x[:, None] * W[:, 0] + W[:, 1]
    lead = np.take_along_axis(S, y.astype(int)[:, None], axis=1) - S
    assert lead.min() >= -1e-10
    assert lead.max() > 1e-3
    assert caught.value.strict == (kind == "clear")
    if kind != "absent":
        assert fit(SoftmaxCrossEntropy(), x[:, None], y, 0.1).certain


def test_the_other_losses_of_many_classes_have_no_exact_fit():
    X, y = classes(30, 2, 3)
    with pytest.raises(ValueError, match="no exact linear fit"):
        fit(MulticlassBrier(), X, y)
