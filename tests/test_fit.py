"""The exact fits: optimal by brute force, linear programs, other libraries and theorems."""

import itertools

import numpy as np
import pytest

from losses.asymmetric import Expectile, Linex, Quantile
from losses.cost import cost, cost_gradient
from losses.fit import fit, huber_path
from losses.hinges import ZeroOne
from losses.redescending import Barron, Cauchy, GemanMcclure, TukeyBiweight, Welsch
from losses.regression import AbsoluteError, Huber, LogCosh, PseudoHuber, SmoothL1, SquaredError
from losses.shaped import EpsilonInsensitive, Power, ReverseHuber, SquaredEpsilonInsensitive

SMOOTH = [
    SquaredError(),
    *(Huber(delta) for delta in (0.001, 0.05, 1.0, 5.0, 1e6)),
    *(PseudoHuber(delta) for delta in (0.05, 1.0, 5.0)),
    LogCosh(),
    *(SmoothL1(beta) for beta in (0.05, 5.0)),
    *(Expectile(tau) for tau in (0.05, 0.5, 0.9)),
    *(Power(q) for q in (2.0, 3.0, 4.0)),
    *(Barron(alpha) for alpha in (1.0, 1.5, 4.0)),
]
FREE = [SquaredEpsilonInsensitive(0.5), SquaredEpsilonInsensitive(3.0), Linex(1.0), Linex(-3.0)]
SHARP = [Power(1.05), Power(1.5), *(ReverseHuber(c) for c in (0.05, 1.0, 5.0))]
STRAIGHT = [EpsilonInsensitive(0.5), EpsilonInsensitive(3.0)]
CONVEX = [*SMOOTH, *FREE, *SHARP, *STRAIGHT]
HOLLOW = [Cauchy(), GemanMcclure(), Welsch(), TukeyBiweight(), Barron(-2.0), Barron(0.5)]
KINKED = [AbsoluteError(), Power(1.0), *(Quantile(tau) for tau in (0.05, 0.5, 0.9))]
KINDS = ("normal", "outlier", "leverage", "integers", "on a line", "repeated", "dollars")
# a last digit of the raw weights moves a residual by 1e-9, which is 1e-6 of the smallest delta
COARSE = ("leverage", "dollars")


def rows(kind, n, d, seed):
    rng = np.random.default_rng(seed)
    X = rng.uniform(0, 10, (n, d))
    y = 1 + 2 * X.sum(axis=1) + rng.normal(0, 1, n)
    if kind == "outlier":
        y[rng.integers(n)] += 1e6
    if kind == "leverage":
        X[rng.integers(n)] = 1e4
    if kind == "integers":
        X, y = np.floor(X / 2), np.floor(y / 5)
    if kind == "on a line":
        y = 1 + 2 * X.sum(axis=1) + 3 * (rng.random(n) < 0.3)
    if kind == "repeated":
        X = X[rng.integers(n, size=n)]
    if kind == "dollars":
        X, y = np.round(1950 + 7 * X), np.round(rng.lognormal(12, 1, n))
    return X, y


def score(w, X):
    return X @ w[:-1] + w[-1]


def slope(loss, X, y, w):
    """The largest derivative of the cost in a weight, as a share of the pulls that it sums."""
    pull = cost_gradient(loss, y, score(w, X))
    A = np.column_stack([X, np.ones(len(y))])
    return np.max(np.abs(pull @ A) / (np.abs(pull) @ np.abs(A)))


def outlier_line(seed=0, n=30, noise=0.5):
    """The line of the figures V3: y = 1 + 2x and noise."""
    x = np.linspace(0, 10, n)
    return x[:, None], 1 + 2 * x + np.random.default_rng(seed).normal(0, noise, n)


def contaminated_line():
    """The data of the figures V4 and V13: every eighth of forty rows is 25 too high."""
    X, y = outlier_line(n=40, noise=1.0)
    y[::8] += 25
    return X, y


def test_the_data_vary():
    drawn = [rows(kind, 20, 2, seed) for kind in KINDS for seed in range(5)]
    for (X, y), (Z, t) in itertools.combinations(drawn, 2):
        assert not (np.array_equal(X, Z) and np.array_equal(y, t))


@pytest.mark.parametrize("loss", KINKED, ids=str)
def test_no_line_through_two_rows_costs_less(loss):
    """Some optimal line passes through two rows, so that all pairs are all candidates."""
    for case in range(200):
        kind, n = KINDS[case % len(KINDS)], 2 + case % 39
        X, y = rows(kind, n, 1, case)
        x = X[:, 0] - np.median(X)
        i, j = np.triu_indices(n, 1)
        i, j = i[x[i] != x[j]], j[x[i] != x[j]]
        slopes = np.append((y[i] - y[j]) / (x[i] - x[j]), np.zeros(n))
        biases = np.append(y[i], y) - slopes * np.append(x[i], x)
        best = loss.phi(np.outer(slopes, x) + biases[:, None] - y).mean(axis=1).min()
        found = fit(loss, X, y)
        assert found.cost == pytest.approx(best, rel=1e-12, abs=1e-13 * np.abs(y).max())
        assert cost(loss, y, score(found.weights, X)) == pytest.approx(
            found.cost, rel=1e-9, abs=1e-11 * np.abs(y).max()
        )
        assert found.certificate < 1e-12


@pytest.mark.parametrize("kind", ["normal", "outlier", "integers", "repeated", "dollars"])
@pytest.mark.parametrize(("d", "tau"), [(2, 0.5), (3, 0.5), (2, 0.9), (3, 0.2)])
def test_the_quantile_fit_is_the_linear_program(kind, d, tau):
    linprog = pytest.importorskip("scipy.optimize").linprog
    X, y = rows(kind, 200, d, 1)
    A, middle = np.column_stack([X - X.mean(axis=0), np.ones(200)]), np.median(y)
    program = linprog(
        np.concatenate([np.zeros(2 * d + 2), np.full(200, tau), np.full(200, 1 - tau)]),
        A_eq=np.hstack([A, -A, np.eye(200), -np.eye(200)]),
        b_eq=y - middle,
        method="highs",
    )
    assert fit(Quantile(tau), X, y).cost == pytest.approx(program.fun / 200, rel=1e-9)


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.75])
def test_the_quantile_fit_costs_no_more_than_that_of_statsmodels(tau):
    model = pytest.importorskip("statsmodels.regression.quantile_regression")
    X, y = rows("normal", 120, 2, 4)
    theirs = model.QuantReg(y, np.column_stack([X, np.ones(120)])).fit(q=tau, max_iter=5000).params
    least = cost(Quantile(tau), y, score(theirs, X))
    assert fit(Quantile(tau), X, y).cost == pytest.approx(least, rel=1e-5)
    assert fit(Quantile(tau), X, y).cost <= least * (1 + 1e-12)


def test_absolute_error_is_the_median_and_quantile_the_quantile_of_a_constant_model():
    y = np.array([3.0, 9.0, 1.0, 7.0, 100.0])
    nothing = np.empty((5, 0))
    assert fit(AbsoluteError(), nothing, y).weights == pytest.approx([7.0])
    assert fit(Quantile(0.3), nothing, y).weights == pytest.approx([3.0])
    assert fit(SquaredError(), nothing, y).weights == pytest.approx([24.0])


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.8])
def test_a_share_tau_of_the_rows_lies_below_the_quantile_fit(tau):
    X, y = rows("normal", 500, 2, 3)
    r = score(fit(Quantile(tau), X, y).weights, X) - y
    met = np.abs(r) < 1e-9
    assert met.sum() == 3
    assert (r[~met] > 0).sum() <= tau * 500 <= (r[~met] > 0).sum() + 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", SMOOTH, ids=str)
def test_the_slope_is_zero_at_a_smooth_fit(loss, kind):
    for seed, (n, d) in enumerate(itertools.product((12, 40, 300), (1, 2, 3))):
        X, y = rows(kind, n, d, seed)
        found = fit(loss, X, y)
        assert found.certificate <= 1e-12
        assert slope(loss, X, y, found.weights) < (1e-5 if kind in COARSE else 1e-10)


@pytest.mark.parametrize("loss", [*SMOOTH, *KINKED], ids=str)
def test_no_random_change_of_the_weights_costs_less(loss):
    X, y = rows("outlier", 60, 2, 8)
    found, rng = fit(loss, X, y), np.random.default_rng(0)
    for size in (1e-6, 1e-3, 1.0):
        for _ in range(50):
            moved = score(found.weights + size * rng.normal(size=3), X)
            assert cost(loss, y, moved) >= found.cost * (1 - 1e-12)


def test_a_huge_delta_gives_least_squares_and_a_tiny_one_least_absolute_deviations():
    X, y = rows("normal", 50, 2, 2)
    squares = np.linalg.lstsq(np.column_stack([X, np.ones(50)]), y, rcond=None)[0]
    assert fit(SquaredError(), X, y).weights == pytest.approx(squares, rel=1e-12)
    assert np.array_equal(fit(Huber(1e9), X, y).weights, fit(SquaredError(), X, y).weights)
    vertex = fit(AbsoluteError(), X, y).weights
    for delta in (1e-6, 1e-9, 1e-15, 1e-100):
        assert fit(Huber(delta), X, y).weights == pytest.approx(vertex, rel=1e-13, abs=9 * delta)


def test_huber_path_holds_the_fit_of_every_delta_in_the_order_given():
    X, y = contaminated_line()
    deltas = np.random.default_rng(0).permutation(np.geomspace(0.01, 100, 50))
    path = huber_path(X, y, [*deltas, deltas[0]])
    assert len(path) == 51
    for delta, along in zip(deltas, path, strict=False):
        alone = fit(Huber(delta), X, y)
        assert along.weights == pytest.approx(alone.weights, rel=1e-12)
        assert along.cost == pytest.approx(alone.cost, rel=1e-13)


@pytest.mark.parametrize("loss", [Huber(0.7), PseudoHuber(0.7), Quantile(0.3), AbsoluteError()])
@pytest.mark.parametrize("times", [1e-3, 1e3, 1e9])
def test_the_fit_of_a_scaled_target_is_the_scaled_fit(loss, times):
    X, y = rows("normal", 80, 2, 5)
    scaled = type(loss)(delta=0.7 * times) if "Huber" in type(loss).__name__ else loss
    expected = fit(loss, X, y).weights * times
    assert fit(scaled, X, y * times).weights == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(
    "loss", [SquaredError(), Huber(2e4), AbsoluteError(), Quantile(0.9)], ids=str
)
def test_moving_and_stretching_raw_features_does_not_change_the_line(loss):
    X, y = rows("dollars", 90, 2, 6)
    Z = (X - 1985) / 20
    raw, neat = fit(loss, X, y).weights, fit(loss, Z, y).weights
    assert score(raw, X) == pytest.approx(score(neat, Z), rel=1e-9)
    assert raw[:-1] * 20 == pytest.approx(neat[:-1], rel=1e-9)


@pytest.mark.parametrize("loss", [*SMOOTH, *KINKED], ids=str)
def test_a_fit_is_deterministic_and_leaves_its_data_alone(loss):
    X, y = rows("integers", 30, 1, 7)
    before = X.copy(), y.copy()
    assert np.array_equal(fit(loss, X, y).weights, fit(loss, X, y).weights)
    assert np.array_equal(X, before[0])
    assert np.array_equal(y, before[1])


@pytest.mark.parametrize("loss", [*SMOOTH, *KINKED], ids=str)
def test_rows_on_a_plane_are_met_whether_few_or_many_or_with_dependent_columns(loss):
    for n, d in ((1, 1), (1, 3), (2, 1), (3, 5), (40, 2)):
        X, _ = rows("normal", n, d, n)
        X = np.column_stack([X, X[:, 0] - 3, np.full(n, 7.0)])
        y = X.sum(axis=1)
        found = fit(loss, X, y)
        assert np.isfinite(found.weights).all()
        assert score(found.weights, X) == pytest.approx(y, rel=1e-12)
        assert found.certificate <= 1e-12


@pytest.mark.parametrize("loss", [*SMOOTH, *KINKED], ids=str)
def test_a_dependent_column_leaves_the_line_and_its_cost(loss):
    X, y = rows("normal", 50, 1, 9)
    wide = np.column_stack([X, 2 * X - 1])
    assert fit(loss, wide, y).cost == pytest.approx(fit(loss, X, y).cost, rel=1e-12)


@pytest.mark.parametrize("loss", [*SMOOTH, *KINKED], ids=str)
def test_equal_features_ask_for_a_constant(loss):
    y = np.random.default_rng(0).exponential(size=21)
    found = fit(loss, np.full((21, 1), 4.0), y)
    constant = fit(loss, np.empty((21, 0)), y).weights[0]
    assert score(found.weights, np.array([[4.0]])) == pytest.approx([constant], rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_rows_from_any_stream_of_numbers_are_fitted(seed):
    """The jitter that parts ties must not itself lie on a line."""
    x = np.random.default_rng(seed).uniform(-1, 1, 50)
    found = fit(AbsoluteError(), x[:, None], 1 + 2 * x + (np.arange(50) == 7))
    assert found.weights == pytest.approx([2.0, 1.0], rel=1e-13)
    assert found.certificate < 1e-12
    assert found.steps < 20


def test_a_loss_without_an_exact_solver_says_so():
    with pytest.raises(ValueError, match="Zero-one has no exact linear fit"):
        fit(ZeroOne(), np.ones((3, 1)), np.ones(3))


# --- Other shapes, penalties, and losses that are not convex


def moved_costs(loss, X, y, found, lam=0.0, sizes=(1e-6, 1e-3, 1.0), draws=40):
    """The objectives of weights near those of a fit."""
    rng = np.random.default_rng(0)
    for size, _ in itertools.product(sizes, range(draws)):
        w = found.weights + size * rng.normal(size=X.shape[1] + 1)
        yield cost(loss, y, score(w, X)) + lam * (w[:-1] ** 2).sum()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", [*FREE, *SHARP, *STRAIGHT], ids=str)
def test_every_convex_loss_proves_its_fit(loss, kind):
    """The certificate is the share of the pulls left, or of the cost that could still be saved."""
    for seed, (n, d) in enumerate(itertools.product((12, 60), (1, 3))):
        X, y = rows(kind, n, d, seed)
        found = fit(loss, X, y)
        assert found.certain
        assert found.certificate <= 1e-10


@pytest.mark.parametrize("lam", [1e-3, 0.3])
@pytest.mark.parametrize("loss", [*CONVEX, *KINKED], ids=str)
def test_no_random_change_of_penalized_weights_costs_less(loss, lam):
    X, y = rows("outlier", 60, 2, 8)
    found = fit(loss, X, y, lam)
    assert found.certificate <= 1e-8
    assert found.penalty == pytest.approx(lam * (found.weights[:-1] ** 2).sum(), rel=1e-9)
    least = min(moved_costs(loss, X, y, found, lam))
    assert least >= found.objective * (1 - 1e-11)


@pytest.mark.parametrize("epsilon", [0.1, 0.5, 2.0])
@pytest.mark.parametrize("kind", ["normal", "outlier", "integers", "repeated"])
def test_the_epsilon_insensitive_fit_is_the_linear_program(kind, epsilon):
    linprog = pytest.importorskip("scipy.optimize").linprog
    X, y = rows(kind, 80, 2, 1)
    A, one = np.column_stack([X, np.ones(80)]), np.eye(80)
    program = linprog(
        np.concatenate([np.zeros(3), np.ones(80)]),
        A_ub=np.block([[A, -one], [-A, -one]]),
        b_ub=np.concatenate([y + epsilon, epsilon - y]),
        bounds=[(None, None)] * 3 + [(0, None)] * 80,
        method="highs",
    )
    found = fit(EpsilonInsensitive(epsilon), X, y).cost
    assert found == pytest.approx(program.fun / 80, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("lam", [0.01, 0.5])
def test_a_penalized_square_is_ridge_regression_and_a_penalized_huber_that_of_scikit_learn(lam):
    """Their penalties are on the sum of the losses, ours beside the mean."""
    models = pytest.importorskip("sklearn.linear_model")
    X, y = rows("normal", 90, 3, 5)
    ridge = models.Ridge(alpha=90 * lam, tol=1e-12).fit(X, y)
    ours = fit(SquaredError(), X, y, lam).weights
    assert ours == pytest.approx([*ridge.coef_, ridge.intercept_], rel=1e-8)
    huber = models.HuberRegressor(epsilon=1.35, alpha=0.01, tol=1e-10, max_iter=5000).fit(X, y)
    # their objective is Σ σ + 2 σ Huber(r/σ; ε) + α |w|²: divided by 2 n σ^-1 it is ours
    same = 0.01 * huber.scale_ / (2 * 90) * 1.0
    ours = fit(Huber(1.35 * huber.scale_), X, y, same).weights
    assert ours == pytest.approx([*huber.coef_, huber.intercept_], abs=2e-4)


@pytest.mark.parametrize("tau", [0.25, 0.5])
def test_a_penalized_expectile_at_one_half_is_half_the_square(tau):
    X, y = rows("normal", 50, 2, 3)
    if tau == 0.5:
        assert fit(Expectile(tau), X, y, 0.1).weights == pytest.approx(
            fit(SquaredError(), X, y, 0.2).weights, rel=1e-11
        )
    asymmetric = fit(Expectile(tau), X, y)
    r = score(asymmetric.weights, X) - y
    weights = np.where(r > 0, 1 - tau, tau)
    assert weights @ r == pytest.approx(0, abs=1e-10)


def test_a_rare_power_tends_to_the_median_and_linex_to_the_square():
    X, y = rows("normal", 40, 1, 3)
    median = fit(AbsoluteError(), X, y).cost
    assert fit(Power(1.0001), X, y).cost == pytest.approx(median, rel=1e-3)
    square = fit(SquaredError(), X, y).weights
    assert fit(Linex(1e-6), X, y).weights == pytest.approx(square, rel=1e-5)


@pytest.mark.parametrize("loss", [Expectile(0.2), Power(1.5), EpsilonInsensitive(0.5), Cauchy(1.0)])
@pytest.mark.parametrize("times", [1e-3, 1e3])
def test_a_fit_in_other_units_is_the_fit(loss, times):
    X, y = rows("normal", 60, 2, 5)
    widths = {name: value * times for name, value in loss.values().items() if name in "epsilon c"}
    scaled = type(loss)(**(loss.values() | widths))
    expected = fit(loss, X, y).weights * times
    assert fit(scaled, X, y * times).weights == pytest.approx(expected, rel=1e-8)
    stretched = fit(loss, X * times, y).weights
    assert stretched[:-1] * times == pytest.approx(fit(loss, X, y).weights[:-1], rel=1e-8)


@pytest.mark.parametrize("loss", HOLLOW, ids=str)
def test_the_best_of_several_starts_is_the_best_below_every_line_through_two_rows(loss):
    """Not a proof, which is why such a fit says so; but of few rows all lines are tried."""
    for seed, kind in enumerate(["normal", "outlier", "leverage", "on a line"]):
        X, y = rows(kind, 24, 1, seed)
        found = fit(loss, X, y)
        assert not found.certain
        assert "not convex" in found.note
        assert found.certificate < 1e-8
        i, j = np.triu_indices(24, 1)
        slopes = (y[i] - y[j]) / (X[i, 0] - X[j, 0])
        lines = np.column_stack([slopes, y[i] - slopes * X[i, 0]])
        paid = loss.phi(lines[:, :1] * X[:, 0] + lines[:, 1:] - y).mean(axis=1)
        assert found.cost <= paid.min() * (1 + 1e-12)
        assert min(moved_costs(loss, X, y, found, sizes=(1e-5, 1e-2, 0.3, 3.0))) >= found.cost


@pytest.mark.parametrize("loss", HOLLOW, ids=str)
def test_an_outlier_far_away_does_not_move_a_redescending_fit(loss):
    X, y = rows("normal", 60, 2, 8)
    wild = y.copy()
    wild[3] += 1e9
    without = fit(loss, np.delete(X, 3, axis=0), np.delete(y, 3)).weights
    assert fit(loss, X, wild).weights == pytest.approx(without, abs=1e-3)


@pytest.mark.parametrize("lam", [-0.1, np.nan, np.inf])
def test_a_penalty_that_is_none_is_refused(lam):
    with pytest.raises(ValueError, match="lam"):
        fit(SquaredError(), np.ones((3, 1)), np.ones(3), lam)


def test_a_penalty_leaves_the_height_of_the_target_alone():
    """The bias costs nothing: a target that is higher asks for a bias that is higher, no more."""
    X, y = rows("normal", 40, 2, 2)
    for loss in (SquaredError(), AbsoluteError(), Huber(1.0), EpsilonInsensitive(0.5)):
        low, high = fit(loss, X, y, 0.3).weights, fit(loss, X, y + 1000, 0.3).weights
        assert high - low == pytest.approx([0, 0, 1000], abs=1e-8)


@pytest.mark.parametrize(
    ("features", "target", "words"),
    [
        (np.ones((3, 1)), np.ones(4), r"must be \(n, d\)"),
        (np.ones(3), np.ones(3), r"must be \(n, d\)"),
        (np.ones((0, 1)), np.ones(0), "n > 0"),
        (np.ones((3, 1)), np.array([1, np.nan, 2]), "finite"),
        (np.full((3, 1), np.inf), np.ones(3), "finite"),
    ],
)
def test_data_that_do_not_fit_are_refused(features, target, words):
    with pytest.raises(ValueError, match=words):
        fit(SquaredError(), features, target)


V3 = {  # bias and slope under squared error, absolute error, Huber(1)
    "clean": ((0.96328, 1.9952), (1.06287, 1.96979), (0.96871, 1.99484)),
    (5, 100): ((3.83621, 1.9952), (1.06287, 1.98157), (1.00376, 1.99473)),
    (5, 1e5): ((3226.41685, 1.9952), (1.06287, 1.98157), (1.00376, 1.99473)),
    (100, 0): ((11.00972, -0.05249), (10.5411, -0.10541), (10.83546, -0.10023)),
}


@pytest.mark.parametrize("extra", V3, ids=str)
def test_a_wild_target_moves_least_squares_only_and_a_wild_feature_moves_all(extra):
    """The figures V3, to their last printed digit."""
    X, y = outlier_line()
    if extra != "clean":
        X, y = np.vstack([X, [extra[:1]]]), np.append(y, extra[1])
    for loss, line in zip((SquaredError(), AbsoluteError(), Huber(1.0)), V3[extra], strict=True):
        assert fit(loss, X, y).weights[::-1] == pytest.approx(line, abs=1.1e-5)


def test_delta_is_in_units_of_the_target():
    """The figures V4: in thousands, delta = 1 is least squares; in thousandths, nearly LAD."""
    X, y = contaminated_line()
    lines = {times: fit(Huber(1.0), X, y * times).weights[::-1] / times for times in (1, 1e-3, 1e3)}
    assert lines[1] == pytest.approx([1.17293, 1.99205], abs=1e-5)
    assert lines[1e-3] == pytest.approx([5.51052, 1.71081], abs=1e-5)
    assert lines[1e-3] == pytest.approx(fit(SquaredError(), X, y).weights[::-1], rel=1e-12)
    assert lines[1e3] == pytest.approx([0.96004, 2.02911], abs=1e-5)


def test_delta_is_the_epsilon_of_scikit_learn_times_its_sigma():
    """The figures V13."""
    sklearn = pytest.importorskip("sklearn.linear_model")
    X, y = contaminated_line()
    theirs = sklearn.HuberRegressor(epsilon=1.35, alpha=0.0, tol=1e-9, max_iter=1000).fit(X, y)
    ours = fit(Huber(1.35 * theirs.scale_), X, y).weights
    assert ours == pytest.approx([*theirs.coef_, theirs.intercept_], abs=1e-4)
    assert ours[::-1] == pytest.approx([1.15802, 1.99271], abs=1e-5)
    assert fit(Huber(1.35), X, y).weights[::-1] == pytest.approx([1.19013, 1.99655], abs=1e-5)


@pytest.mark.parametrize("lam", [0.0, 0.1])
@pytest.mark.parametrize("loss", [*CONVEX, *KINKED], ids=str)
def test_few_rows_and_columns_that_say_nothing_are_fitted_with_a_proof(loss, lam):
    """One row, as many rows as weights, a constant column, a repeated one: nothing to divide by."""
    rng = np.random.default_rng(3)
    for n in (1, 2, 5):
        X = rng.normal(size=(n, 2))
        wide = np.column_stack([X, 2 * X[:, 0] - 1, np.full(n, 3.0)])
        found = fit(loss, wide, rng.normal(size=n), lam)
        assert found.certain, found.note
        assert np.isfinite(found.weights).all()
        assert not lam or found.weights[3] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("loss", HOLLOW, ids=str)
def test_a_loss_that_is_not_convex_takes_few_rows_as_well(loss):
    for n, lam in itertools.product((1, 2, 3), (0.0, 0.1)):
        X, y = rows("normal", n, 2, n)
        found = fit(loss, np.column_stack([X, X[:, 0]]), y, lam)
        assert np.isfinite(found.objective)
        assert not found.certain
