"""The verdict: costs as scikit-learn has them, ranks by brute force, rows that carry the cost."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sklearn import metrics

from losses import Loss
from losses.cost import cost as cost_of
from losses.data.bundled import Sample
from losses.families import ResidualLoss
from losses.verdict import best_constant, improbable, matrix, ranked, row_losses

EXACT = {"rel": 1e-12}
VISITS = Sample.catalogue["regression_predictions"]().load()
TUMORS = Sample.catalogue["binary_predictions"]().load()
RESIDUAL = [kind() for kind in Loss.catalogue.values() if kind.family == "residual"]
BINARY = [kind() for kind in Loss.catalogue.values() if kind.family == "binary"]
JUDGED = [(VISITS, loss) for loss in RESIDUAL] + [(TUMORS, loss) for loss in BINARY]
EACH_JUDGED = pytest.mark.parametrize(
    ("data", "loss"), JUDGED, ids=[f"{data.task} {loss.slug}" for data, loss in JUDGED]
)


def the(slug, **tuned):
    """A loss by its slug."""
    return Loss.catalogue[slug](**tuned)


def predictions(data):
    """The predictions of each model."""
    return {name: data.column(name) for name in data.columns}


def judged(data, *losses, weight=None):
    """The matrix of a bundled sample."""
    return matrix(data.target, predictions(data), losses, weight)


def huber(y, p, delta, weight):
    """Huber's cost, written as in the paper."""
    r = np.abs(p - y)
    value = np.where(r <= delta, r**2 / 2, delta * (r - delta / 2))
    return np.average(value, weights=weight)


REFEREES = [
    (VISITS, the("squared_error"), metrics.mean_squared_error),
    (VISITS, the("absolute_error"), metrics.mean_absolute_error),
    *(
        (
            VISITS,
            the("quantile", tau=tau),
            lambda y, p, tau=tau, **w: metrics.mean_pinball_loss(y, p, alpha=tau, **w),
        )
        for tau in (0.05, 0.5, 0.9)
    ),
    *(
        (
            VISITS,
            the("huber", delta=d),
            lambda y, p, sample_weight=None, d=d: huber(y, p, d, sample_weight),
        )
        for d in (0.3, 1, 4)
    ),
    (TUMORS, the("cross_entropy"), metrics.log_loss),
    (TUMORS, the("brier"), metrics.brier_score_loss),
]


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize(
    ("data", "judge", "referee"), REFEREES, ids=[str(judge) for _, judge, _ in REFEREES]
)
def test_costs_are_those_of_scikit_learn(data, judge, referee, weighted):
    weight = np.random.default_rng(1).uniform(0.1, 3, len(data)) if weighted else None
    found = judged(data, judge, weight=weight)
    for name, cost in zip(found.models, found.cost[:, 0], strict=True):
        expected = referee(data.target, data.column(name), sample_weight=weight)
        assert cost == pytest.approx(float(expected), **EXACT), name


def test_the_bundled_predictions_disagree_about_the_winner():
    found = judged(VISITS, the("squared_error"), the("absolute_error"))
    assert found.winners(0) == ("trees_squared",)
    assert found.winners(1) == ("trees_absolute",)


def test_ranks_are_one_more_than_the_number_of_cheaper_models():
    rng = np.random.default_rng(2)
    for _ in range(200):
        costs = rng.integers(0, 4, (rng.integers(1, 7), rng.integers(1, 5))) / 3
        costs[rng.random(costs.shape) < 0.1] = np.inf
        expected = [
            [1 + sum(other < cost for other in costs[:, column]) for column, cost in enumerate(row)]
            for row in costs
        ]
        assert ranked(costs).tolist() == expected


def test_what_rounding_alone_tells_apart_shares_a_rank():
    costs = np.array([[0.3], [0.1 + 0.2], [0.3 * (1 + 1e-11)]])
    assert costs[0] != costs[1]
    assert ranked(costs)[:, 0].tolist() == [1, 1, 3]


@EACH_JUDGED
def test_the_losses_of_the_rows_average_to_the_cost(data, loss):
    found, rows = judged(data, loss), row_losses(data.target, predictions(data), loss)
    assert rows.value.shape == (len(data.columns), len(data))
    for row, cost in zip(rows.value, found.cost[:, 0], strict=True):
        # the cost may add up in another order than the rows do
        assert row.sum() / len(row) == pytest.approx(cost, rel=1e-14)


@EACH_JUDGED
def test_the_worst_rows_are_the_worst(data, loss):
    rows = row_losses(data.target, predictions(data), loss)
    for model in (None, *range(len(rows.models))):
        total = rows.value.sum(axis=0) if model is None else rows.value[model]
        worst = rows.worst(20, model)
        others = np.delete(total, worst)
        assert len(set(worst.tolist())) == 20
        assert np.all(np.diff(total[worst]) <= 0)
        assert others.max() <= total[worst].min()


@EACH_JUDGED
def test_the_share_of_the_cost_that_the_worst_rows_carry(data, loss):
    rows = row_losses(data.target, predictions(data), loss)
    for model in range(len(rows.models)):
        value, carried = rows.value[model], rows.carried(model)
        k = rows.hundredth
        assert carried[-1] == 1
        assert np.all(np.diff(carried) >= 0)
        assert carried[k - 1] == pytest.approx(value[rows.worst(k, model)].sum() / value.sum())


def test_the_worst_hundredth_is_a_row_at_least():
    for n, worst in ((1, 1), (99, 1), (100, 1), (101, 2), (500, 5)):
        rows = row_losses(np.zeros(n), {"a": np.ones(n)}, the("squared_error"))
        assert rows.hundredth == worst


def weights(n):
    """No weights, and weights."""
    return (None, np.random.default_rng(3).uniform(0.1, 3, n))


@EACH_JUDGED
def test_no_constant_beats_the_best_constant(data, loss):
    low, high = (1e-3, 1 - 1e-3) if data.task == "binary" else (-1.0, 40.0)
    for weight in weights(len(data)):
        constant, least = best_constant(loss, data.target, weight)

        def cost(p, weight=weight):
            tried = {"constant": np.full(len(data), p)}
            return float(matrix(data.target, tried, [loss], weight).cost[0, 0])

        assert cost(constant) == pytest.approx(least, **EXACT)
        grid = np.linspace(low, high, 200)
        assert min(map(cost, grid)) >= least * (1 - 1e-14)
        best = grid[int(np.argmin([cost(p) for p in grid]))]
        step = grid[1] - grid[0]
        near = minimize_scalar(
            cost, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-10}
        )
        assert near.fun == pytest.approx(least, rel=1e-9)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("loss", RESIDUAL, ids=str)
def test_the_best_constant_of_many_values_is_found_from_groups_of_them(loss, weighted):
    """Where to look is told by groups, but the last digits by every row: no neighbor costs less."""
    rng = np.random.default_rng(11)
    y = np.concatenate([rng.normal(3.0, 1.0, 9_000), rng.exponential(5.0, 3_000)])
    weight = rng.uniform(0, 2, len(y)) if weighted else None
    constant, least = best_constant(loss, y, weight)

    def costs(constants):
        return [cost_of(loss, y, np.full_like(y, c), weight, "weighted mean") for c in constants]

    assert least == pytest.approx(costs([constant])[0], rel=1e-13)
    near = constant + np.array([-1e-3, -1e-5, -1e-7, 1e-7, 1e-5, 1e-3])
    assert min(costs(near)) >= least * (1 - 1e-14)
    if loss.convex:
        assert min(costs(np.quantile(y, np.linspace(0, 1, 41)))) >= least


def test_best_constants_with_a_closed_form():
    y, share = VISITS.target, TUMORS.target.mean()
    mean, cost = best_constant(the("squared_error"), y)
    assert (mean, cost) == pytest.approx((y.mean(), y.var()), **EXACT)
    assert best_constant(the("absolute_error"), y)[1] == pytest.approx(
        np.abs(y - np.median(y)).mean(), **EXACT
    )
    tau = np.quantile(y, 0.9, method="inverted_cdf")
    assert best_constant(the("quantile", tau=0.9), y)[1] == pytest.approx(
        metrics.mean_pinball_loss(y, np.full_like(y, tau), alpha=0.9), **EXACT
    )
    entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
    p, cost = best_constant(the("cross_entropy"), TUMORS.target)
    assert p == pytest.approx(share, rel=1e-7)
    assert cost == pytest.approx(entropy, **EXACT)
    assert best_constant(the("brier"), TUMORS.target)[1] == pytest.approx(
        share * (1 - share), **EXACT
    )


@pytest.mark.parametrize("judge", [*RESIDUAL, *BINARY], ids=str)
def test_the_best_constant_of_equal_targets_costs_nothing(judge):
    target = np.ones(7)
    assert best_constant(judge, target)[1] == pytest.approx(0, abs=1e-300)


def test_skill_is_what_is_saved_of_the_best_constants_cost():
    found = judged(VISITS, the("squared_error"))
    expected = [metrics.r2_score(VISITS.target, VISITS.column(name)) for name in found.models]
    assert found.skill[:, 0] == pytest.approx(expected, **EXACT)


class Cauchy(ResidualLoss):
    """A loss with a valley at each cluster of targets."""

    name, slug, convex = "Cauchy", "cauchy_here", False

    def __init__(self, c):
        self.c = c

    def phi(self, r):
        return self.c**2 / 2 * np.log1p((r / self.c) ** 2)

    def dphi(self, r):
        return r / (1 + (r / self.c) ** 2)


class Tukey(Cauchy):
    """A loss that is flat, with a slope of exactly zero, beyond c."""

    def phi(self, r):
        return self.c**2 / 6 * (1 - np.maximum(1 - (r / self.c) ** 2, 0) ** 3)

    def dphi(self, r):
        return r * np.maximum(1 - (r / self.c) ** 2, 0) ** 2


RNG = np.random.default_rng(8)
CLUSTERED = {
    "visits": VISITS.target,
    "two": np.array([0.0, 7.0]),
    "two and one": np.array([0.0, 7.0, 7.0]),
    "one": np.full(4, 3.25),
    "clusters": np.concatenate([RNG.normal(0, 0.4, 60), RNG.normal(9, 0.5, 61), [30.0]]),
    "heavy": RNG.standard_t(1, 200),
    "many": np.concatenate([RNG.normal(0, 1, 700), RNG.normal(12, 0.7, 700)]),
}


@pytest.mark.parametrize("c", [0.1, 1.0, 4.0])
@pytest.mark.parametrize("kind", [Cauchy, Tukey])
@pytest.mark.parametrize("target", CLUSTERED.values(), ids=CLUSTERED.keys())
def test_the_best_constant_lies_in_the_deepest_of_many_valleys(target, kind, c):
    judge = kind(c)
    for weight in weights(len(target)):
        constant, least = best_constant(judge, target, weight)
        w = np.ones(len(target)) if weight is None else weight
        grid = np.linspace(target.min() - 1, target.max() + 1, 1_001)
        cost = [judge.phi(p - target) @ w / w.sum() for p in (*target, *grid)]
        assert least <= min(cost) * (1 + 1e-12)
        assert judge.phi(constant - target) @ w / w.sum() == pytest.approx(least, **EXACT)


def test_a_loss_with_several_valleys_has_skill_as_others_have():
    found = judged(VISITS, Cauchy(1.0), Cauchy(0.2))
    assert np.isfinite([found.constant, found.baseline]).all()
    assert found.skill[:, 0] == pytest.approx(1 - found.cost[:, 0] / found.baseline[0], **EXACT)


@pytest.mark.parametrize("kind", [list, np.int64, np.bool_])
def test_whole_numbers_and_lists_are_judged_as_floats(kind):
    def made(values):
        return values if kind is list else np.array(values, dtype=kind)

    y, p, w = made([0, 1, 1, 0, 1]), {"a": made([0, 1, 0, 1, 1])}, made([1, 1, 0, 1, 1])
    floats = [np.array(part, dtype=float) for part in (y, p["a"], w)]
    losses = [the("squared_error"), the("absolute_error"), the("huber"), the("brier")]
    assert best_constant(losses[0], y) == pytest.approx((0.6, 0.24), **EXACT)
    found, expected = (
        matrix(y, p, losses, w),
        matrix(floats[0], {"a": floats[1]}, losses, floats[2]),
    )
    assert found.cost.tolist() == expected.cost.tolist()
    assert found.baseline.tolist() == expected.baseline.tolist()
    for loss in losses:
        rows = row_losses(y, p, loss).value
        assert rows.tolist() == row_losses(floats[0], {"a": floats[1]}, loss).value.tolist()


def test_a_certain_and_wrong_prediction_costs_without_limit():
    y = np.array([0.0, 1.0, 1.0, 0.0])
    models = {"safe": np.full(4, 0.5), "sure": np.array([0.0, 1.0, 0.0, 1.0])}
    found = matrix(y, models, [the("cross_entropy"), the("focal"), the("brier")])
    rows = row_losses(y, models, the("cross_entropy"))
    assert found.cost[1].tolist() == [np.inf, np.inf, 0.5]
    assert found.rank.T.tolist() == [[1, 2], [1, 2], [1, 2]]
    assert found.relative[1].tolist() == [np.inf, np.inf, 2.0]
    assert found.skill[1, 0] == -np.inf
    assert rows.infinite(1).tolist() == [2, 3]
    assert rows.infinite(0).tolist() == []
    assert np.isnan(rows.carried(1)).all()
    assert rows.worst(2).tolist() == [2, 3]


def test_a_row_of_weight_zero_does_not_count():
    y = np.array([0.0, 1.0, 1.0])
    p = {"sure": np.array([0.25, 0.5, 0.0])}
    found = matrix(y, p, [the("cross_entropy")], np.array([1.0, 3.0, 0.0]))
    assert found.cost[0, 0] == pytest.approx((-np.log(0.75) + 3 * np.log(2)) / 4, **EXACT)
    assert found.baseline[0] == pytest.approx(-0.25 * np.log(0.25) - 0.75 * np.log(0.75), **EXACT)


def test_beyond_the_largest_number_is_infinite_and_without_a_warning():
    y, models = np.array([-1.7e308, 1.0]), {"wild": np.array([1.7e308, 1.0]), "tame": np.zeros(2)}
    found = matrix(y, models, [the("squared_error"), the("absolute_error"), the("huber")])
    assert found.cost.tolist() == [[np.inf] * 3, [np.inf, 8.5e307, 8.5e307]]
    assert found.relative.tolist() == [[1, np.inf, np.inf], [1, 1, 1]]
    assert row_losses(y, models, the("absolute_error")).worst(1).tolist() == [0]


def test_a_cost_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="wild: its cost under Squared error is not a number"):
        matrix(np.zeros(2), {"wild": np.array([np.nan, 1.0])}, [the("squared_error")])


def test_predictions_that_are_no_probabilities_are_named_with_their_row():
    y, p = np.array([0.0, 1.0, 1.0]), np.array([0.5, 1.5, -2.0])
    assert improbable(p).tolist() == [1, 2]
    assert improbable(np.array([0.0, 1.0, np.nan])).tolist() == [2]
    said = "m: 2 of 3 predictions are not probabilities, the first in row {}: 1.5; Brier needs"
    with pytest.raises(ValueError, match=said.format(2)):
        matrix(y, {"m": p}, [the("brier")])
    with pytest.raises(ValueError, match=said.format(12)):
        matrix(y, {"m": p}, [the("brier")], rows=np.array([10, 12, 15]))


@pytest.mark.parametrize("weight", [None, np.ones(3)], ids=["plain", "weighted"])
def test_another_number_of_predictions_is_refused(weight):
    with pytest.raises(ValueError, match=r"3 targets, but|3 targets but 2 scores"):
        matrix(np.zeros(3), {"short": np.zeros(2)}, [the("squared_error")], weight)


SENTENCES = {
    "a wins under Squared error.": ({"a": 1, "b": 2}, ["squared_error"]),
    "a wins under every loss shown (2).": (
        {"a": 1, "b": 2},
        ["squared_error", "absolute_error"],
    ),
    "a and b tie under Squared error.": ({"a": 1, "b": -1, "c": 2}, ["squared_error"]),
    "a, b and c tie under every loss shown (2).": (
        {"a": 1, "b": 1, "c": 1},
        ["squared_error", "absolute_error"],
    ),
    "The winner depends on the loss: a and b tie under Squared error; a wins under "
    "Quantile (τ = 0.2).": ({"a": -1, "b": 1}, ["squared_error", "quantile"]),
    "a is the only model: there is none to compare it with.": ({"a": 1}, ["squared_error"]),
}


@pytest.mark.parametrize("said", SENTENCES)
def test_the_verdict_in_words(said):
    constants, slugs = SENTENCES[said]
    losses = [the(slug, **({"tau": 0.2} if slug == "quantile" else {})) for slug in slugs]
    models = {name: np.full(3, float(value)) for name, value in constants.items()}
    assert matrix(np.zeros(3), models, losses).verdict() == said


def test_the_verdict_when_no_cost_is_finite():
    models = {"a": np.array([0.0, 0.5]), "b": np.array([0.0, 0.2])}
    found = matrix(np.array([1.0, 0.0]), models, [the("cross_entropy"), the("brier")])
    assert found.verdict(str.upper) == (
        "The winner depends on the loss: all models cost ∞ under Cross-entropy; B wins under Brier."
    )
    assert not found.wins[:, 0].any()


def test_a_winner_that_costs_nothing_leaves_the_others_infinitely_behind():
    models = {"a": np.zeros(2), "b": np.zeros(2), "c": np.ones(2)}
    found = matrix(np.zeros(2), models, [the("squared_error")])
    assert found.relative[:, 0].tolist() == [1, 1, np.inf]


def test_models_judged_side_by_side_cost_what_each_costs_alone():
    """Many rows are judged in threads: the same bits, whatever else is judged meanwhile."""
    rng = np.random.default_rng(3)
    target = rng.normal(size=300_000)
    given = {name: target + rng.standard_t(2, len(target)) for name in "abc"}
    given["far"] = np.full_like(target, 1e300)
    together = matrix(target, given, RESIDUAL)
    for place, (name, prediction) in enumerate(given.items()):
        alone = matrix(target, {name: prediction}, RESIDUAL)
        np.testing.assert_array_equal(together.cost[place], alone.cost[0])


def test_weighted_rows_can_be_asked_more_than_once():
    """An error state of NumPy's that is shared can be entered once: the second visitor met it."""
    weight = np.ones(len(VISITS))
    for _ in range(2):
        rows = row_losses(VISITS.target, predictions(VISITS), the("squared_error"), weight)
        np.testing.assert_array_equal(rows.paid, rows.value)


def test_rows_of_weight_zero_carry_nothing_not_even_infinity():
    target, given = np.array([0.0, 1.0, 1.0]), {"a": np.array([0.2, 0.0, 0.9])}
    found = row_losses(target, given, the("cross_entropy"), [2.0, 0.0, 1.0])
    assert not len(found.infinite(0))
    assert found.worst(3).tolist() == [0, 2, 1]
    paid = -np.log([0.8, 0.9]) * [2, 1]
    np.testing.assert_allclose(
        found.carried(0), np.append(np.cumsum(paid), paid.sum()) / paid.sum()
    )
