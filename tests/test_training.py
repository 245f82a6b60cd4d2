"""Trained with one loss and judged by another, and rows that losses follow or let go."""

import numpy as np
import pytest

from charts.pulls import middles
from losses import Loss
from losses.cost import cost
from losses.data import DataError, Dataset
from losses.data.bundled import Sample
from losses.data.generators import Generator
from losses.fit import exact, fit
from losses.fit.moving import Moves
from losses.verdict.fitted import certainties, curves, predictions
from losses.verdict.letting_go import let_go
from losses.verdict.training import split, trained


def the(slug, **tuned):
    """A loss by its slug."""
    return Loss.catalogue[slug](**tuned)


def line(n=120, seed=0, share=0.0, size=15.0):
    """The line 1 + 2x with noise of one, and a share of rows that are too high."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 10, n)
    y = 1 + 2 * x + rng.normal(size=n) + size * (rng.random(n) < share)
    return Dataset("line", ("x",), x[:, None], y, "y")


def two_classes(n=150, seed=0, rare=0.5):
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < rare).astype(float)
    X = rng.normal(size=(n, 2)) + y[:, None]
    return Dataset("clouds", ("a", "b"), X, y, "y", task="binary", classes=("no", "yes"))


REGRESSION = [the("squared_error"), the("absolute_error"), the("huber"), the("cauchy")]
BINARY = [the("cross_entropy"), the("brier"), the("hinge"), the("squared_hinge")]


# --- Trained with, judged by


def test_every_fit_is_that_of_the_training_rows_and_every_cost_that_of_the_others():
    for data, losses in ((line(), REGRESSION), (two_classes(), BINARY)):
        found = trained(data, losses, losses)
        X, y = data.features, data.target
        for i, loss in enumerate(losses):
            own = fit(loss, X[found.train], loss.encode(y[found.train]))
            assert np.array_equal(found.fits[i].weights, own.weights)
            score = X[found.held] @ own.weights[:-1] + own.weights[-1]
            for j, judge in enumerate(losses):
                assert found.cost[i, j] == pytest.approx(
                    cost(judge, judge.encode(y[found.held]), score), rel=1e-12
                )


def test_ranks_run_down_each_column_from_the_cheapest():
    found = trained(line(share=0.2), REGRESSION, REGRESSION)
    for j in range(len(REGRESSION)):
        order = np.argsort(found.cost[:, j])
        assert found.rank[order, j].tolist() == [1, 2, 3, 4]
    assert found.wins.sum() == len(REGRESSION)


def test_each_loss_wins_on_the_rows_that_it_was_trained_on():
    """Judged where it learned, no other fit can be cheaper: that is what exact means."""
    data, losses = line(share=0.2), [the("squared_error"), the("absolute_error"), the("huber")]
    found = trained(data, losses, losses)
    X, y = data.features[found.train], data.target[found.train]
    scores = [X @ each.weights[:-1] + each.weights[-1] for each in found.fits]
    costs = np.array([[cost(judge, y, score) for judge in losses] for score in scores])
    assert costs.argmin(axis=0).tolist() == [0, 1, 2]


def test_with_many_rows_the_judge_is_the_best_teacher_where_losses_ask_for_different_things():
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, 4000)
    y = x + rng.exponential(size=4000)  # mean, median and quantiles differ
    losses = [the("squared_error"), the("absolute_error"), the("quantile", tau=0.9)]
    found = trained(Dataset("skewed", ("x",), x[:, None], y, "y"), losses, losses)
    assert found.rank.argmin(axis=0).tolist() == [0, 1, 2]
    assert all(gain > 0.02 for _, gain in found.matched())
    assert "best for 3 of 3 judges" in found.sentence
    assert "each win under 1 of 3 judges" in found.sentence


def test_matching_pays_what_the_best_other_fit_costs_beyond_its_own():
    found = trained(line(share=0.2), REGRESSION, [*REGRESSION, the("log_cosh")])
    gains = dict(found.matched())
    assert list(gains) == REGRESSION
    for i, loss in enumerate(REGRESSION):
        others = min(found.cost[k, i] for k in range(4) if k != i)
        assert gains[loss] == pytest.approx(others / found.cost[i, i] - 1, rel=1e-12)


def test_the_sentence_counts_what_the_ranks_say():
    found = trained(line(share=0.2), REGRESSION, REGRESSION)
    best = int(found.wins.argmax())
    assert (
        f"The fit trained with {REGRESSION[best]} wins under {found.wins[best]} of 4"
        in found.sentence
    )
    won = sum(gain > 0 for _, gain in found.matched())
    assert f"best for {won} of 4 judges" in found.sentence


@pytest.mark.parametrize("share", [0.1, 0.5, 0.7, 0.95])
def test_rows_are_parted_once_by_share_and_seed(share):
    data = two_classes(rare=0.2)
    train, held = split(data, share, 3)
    assert np.array_equal(np.sort(np.concatenate([train, held])), np.arange(150))
    assert (np.diff(train) > 0).all()
    assert np.array_equal(train, split(data, share, 3)[0])
    assert not np.array_equal(train, split(data, share, 4)[0])
    for label in (0, 1):  # of both classes alike, to a row
        count = (data.target == label).sum()
        assert (data.target[train] == label).sum() == pytest.approx(share * count, abs=0.5)


def test_a_rare_class_is_in_both_parts():
    rare = two_classes()
    y = np.zeros(150)
    y[[3, 70]] = 1
    data = Dataset("rare", rare.columns, rare.features, y, "y", task="binary", classes=("a", "b"))
    for seed in range(20):
        train, held = split(data, 0.9, seed)
        assert data.target[train].sum() == data.target[held].sum() == 1


def test_losses_that_cannot_be_fitted_are_left_out_with_the_reason():
    x = np.linspace(-1, 1, 40)
    data = Dataset(
        "parted", ("x",), x[:, None], x > 0, "y", task="binary", classes=("left", "right")
    )
    found = trained(data, [*BINARY, the("zero_one")], BINARY)
    assert [str(loss) for loss in found.losses] == ["Hinge", "Squared hinge"]
    assert [loss.slug for loss, _ in found.left_out] == ["cross_entropy", "brier", "zero_one"]
    assert "separated" in found.left_out[0][1]
    assert "Cross-entropy and Brier (the classes can be separated" in found.sentence
    kept = trained(data, BINARY, BINARY, lam=0.1)
    assert kept.losses == tuple(BINARY)
    nothing = trained(data, [the("zero_one")], BINARY)
    assert nothing.sentence.startswith("No loss could be fitted: Zero-one (")


def test_many_classes_are_trained_and_judged_as_well():
    data = Sample.catalogue["penguins"]().load()
    judges = [c() for c in Loss.catalogue.values() if c.family == "multiclass"]
    found = trained(data, judges, judges, lam=1e-4)
    assert [loss.slug for loss in found.losses] == ["softmax_cross_entropy"]
    assert np.isfinite(found.cost).all()


@pytest.mark.parametrize(
    ("data", "losses", "share", "words"),
    [
        (line(), BINARY, 0.7, "Cross-entropy is not for regression"),
        (two_classes(), REGRESSION, 0.7, "Squared error is not for binary"),
        (line(), REGRESSION, 1.0, "share"),
        (line(n=1), REGRESSION, 0.5, "too few"),
        (Sample.catalogue["regression_predictions"]().load(), REGRESSION, 0.7, "predictions"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_a_sentence(data, losses, share, words):
    with pytest.raises(DataError, match=words):
        trained(data, losses, losses, share=share)


# --- Letting go

FOLLOWED = [
    the("squared_error"),
    the("absolute_error"),
    the("huber"),
    the("log_cosh"),
    the("cauchy"),
    the("tukey_biweight"),
]


@pytest.mark.parametrize("sideways", [False, True])
@pytest.mark.parametrize("loss", FOLLOWED, ids=str)
def test_every_fit_along_the_way_is_the_fit_of_the_data_there(loss, sideways):
    """To the cost at least: of a loss that is not convex, another search may end elsewhere."""
    data, d = line(40), np.array([0.0, 0.3, 2.0, 9.0, 1e3])
    x, y = np.tile(data.features[5], (5, 1)), np.full(5, data.target[5])
    x, y = (x + d[:, None], y) if sideways else (x, y + d)
    moves = Moves(data.features, data.target, 5, x, y)
    weights, certain = moves.fits(loss, moves.starts(loss))
    assert certain == loss.convex
    for place in range(5):
        X, t = moves.at(place)
        best = fit(loss, X, t)
        here = cost(loss, t, X @ weights[place, :1] + weights[place, 1])
        assert here == pytest.approx(best.cost, rel=1e-9)
        if loss.convex:
            assert weights[place] == pytest.approx(best.weights, abs=1e-6)


def test_squared_error_never_lets_go_and_its_line_follows_in_proportion():
    found = let_go(line(), [the("squared_error")], row=7)
    assert found.ends == ("never",)
    assert np.isinf(found.critical[0])
    assert np.isinf(found.limit[0])
    pulled = np.diff(found.displacement[0]) / np.diff(found.distances)
    assert pulled == pytest.approx(pulled[0], rel=1e-6)
    assert "never lets go" in middles(found)[0][1]


def test_huber_stops_exactly_where_the_row_leaves_the_parabola():
    """From there on the row pulls with delta, however far it is: r = δ at the fit so pulled."""
    data = line()
    far = data.target.copy()
    far[7] += 1e6
    w = fit(the("huber"), data.features, far).weights
    edge = w[0] * data.features[7, 0] + w[1] - data.target[7] + 1.0  # δ = 1
    d = np.array([edge - 0.2, edge * (1 + 1e-9), edge + 1, edge + 10, edge + 1e4])
    found = let_go(data, [the("huber")], row=7, distances=d)
    shown = found.displacement[0]
    assert shown[1:] == pytest.approx(found.limit[0], rel=1e-6)
    assert abs(shown[0] / found.limit[0] - 1) > 0.05
    assert found.ends == ("settles",)
    assert edge - 0.2 < found.critical[0] <= edge  # within 1 % of the limit a little sooner


def test_absolute_error_does_not_care_how_far_above_the_line_a_row_is():
    data = line()
    w = fit(the("absolute_error"), data.features, data.target).weights
    above = int((data.target - data.features[:, 0] * w[0] - w[1]).argmax())
    found = let_go(data, [the("absolute_error")], row=above)
    assert np.ptp(found.displacement[0]) < 1e-12
    assert found.critical[0] == 0
    assert not found.follows(0)
    assert "does not follow" in middles(found)[0][1]


@pytest.mark.parametrize(
    "loss",
    [the("cauchy"), the("welsch"), the("tukey_biweight"), the("geman_mcclure")],
    ids=str,
)
def test_a_redescending_loss_follows_and_comes_back(loss):
    data = line()
    found = let_go(data, [loss])
    assert found.ends == ("comes back",)
    assert found.certain == (False,)
    at, shown = found.critical[0], np.abs(found.displacement[0])
    assert 0 < at < found.distances[-1]
    # no distance of a fine grid moves the line farther than the critical one
    there = let_go(data, [loss], distances=[at, 1e7]).displacement[0]
    assert abs(there[0]) >= shown.max() * (1 - 1e-4)
    assert abs(there[1]) < 0.01 * abs(there[0])


@pytest.mark.parametrize("slug", ["cauchy", "welsch", "tukey_biweight"])
def test_a_row_from_below_is_let_go_above_the_line_however_far_it_drew_it_down(slug):
    """The row begins under the line, where it draws it down; that is not where the line lets go."""
    data = line()
    w = fit(the("absolute_error"), data.features, data.target).weights
    off = data.features[:, 0] * w[0] + w[1] - data.target
    found = let_go(data, [the(slug)], row=int(np.argsort(-off)[20]))
    shown = found.displacement[0]
    assert shown[0] < 0 < shown.max()
    assert found.critical[0] == pytest.approx(found.distances[shown.argmax()], abs=0.3)


def test_tukey_gives_back_exactly_the_fit_without_the_row():
    data, loss = line(), the("tukey_biweight")
    found = let_go(data, [loss])
    beyond = found.distances > 10
    assert beyond.any()
    assert np.abs(found.displacement[0][beyond]).max() < 1e-9


@pytest.mark.parametrize("slug", [s for s, c in Loss.catalogue.items() if c.family == "residual"])
def test_a_line_ends_as_the_influence_of_its_loss_declares(slug):
    """Of Linex, too low is a straight line: its influence is unbounded on the other side only."""
    loss = the(slug)
    found = let_go(line(40), [loss])
    ends = {"unbounded": {"never"}, "redescending": {"comes back"}}
    expected = ends.get(loss.influence, {"settles", "comes back"})
    assert found.ends[0] in ({"settles"} if slug == "linex" else expected)


def test_a_row_that_moves_sideways_is_let_go_only_by_redescending_losses():
    """Leverage: far to the right a row turns the line of every convex loss."""
    found = let_go(line(), FOLLOWED, sideways=True)
    for loss, end in zip(FOLLOWED, found.ends, strict=True):
        assert end == ("comes back" if loss.influence == "redescending" else "settles")


@pytest.mark.parametrize("times", [1e-3, 1e3])
def test_the_way_of_a_row_scales_with_the_target(times):
    data = line()
    for loss in (the("huber"), the("tukey_biweight")):
        width = next(iter(loss.values()))
        scaled = type(loss)(**{width: loss.values()[width] * times})
        plain = let_go(data, [loss], row=7)
        other = let_go(
            data.rescaled(times, "u"), [scaled], row=7, distances=plain.distances * times
        )
        assert other.critical / times == pytest.approx(plain.critical, rel=1e-3)
        assert other.displacement / times == pytest.approx(plain.displacement, abs=1e-7)


def test_losses_are_named_in_the_order_in_which_they_let_go():
    found = let_go(line(), FOLLOWED)
    order = [FOLLOWED[i] for i in np.argsort(found.critical, kind="stable")]
    assert [name for name, _ in middles(found)] == list(map(str, order))
    assert found.displacement.shape == (6, 61)


def test_a_line_that_is_drawn_off_most_by_the_row_in_its_own_place_lets_go_at_once():
    """A row just below the line moves up through it: the line comes back, and that is following."""
    data = Generator.catalogue["line_with_outliers"](n=20).seeded(0)
    part = data.part(split(data, 0.7, 0)[0])
    found = let_go(part, [the("squared_error"), the("absolute_error")])
    assert (found.ends[1], found.critical[1]) == ("comes back", 0)
    assert np.ptp(found.displacement[1]) > 0.1
    name, said = middles(found)[0]
    assert name == "Absolute error"
    assert "the most from its own place; as it moves, the line comes back" in said


def test_lines_stand_beside_their_displacement_at_round_distances():
    data = line()
    found, n = let_go(data, FOLLOWED), len(FOLLOWED)
    assert found.place == data.features[found.row, 0]
    heights = found.weights[:, :, 0] * found.place + found.weights[:, :, 1]
    apart = heights - found.displacement
    assert apart == pytest.approx(np.repeat(apart[:, :1], 61, axis=1), abs=1e-9)
    assert found.weights.shape == (n, 61, 2)
    moved = data.edited({(found.row, "y"): data.target[found.row] + found.distances[7]})
    own = fit(the("huber"), moved.features, moved.target).weights
    assert found.weights[FOLLOWED.index(the("huber")), 7] == pytest.approx(own, abs=1e-6)
    steps = np.diff(found.distances)
    assert found.distances == pytest.approx(np.round(found.distances, 6))
    assert steps == pytest.approx(steps[0])


def test_what_is_drawn_of_fits_is_what_they_predict():
    data = line()
    found = trained(data, REGRESSION, REGRESSION)
    w = found.fits[2].weights
    assert curves(found, np.array([0.0, 1.0]))[2] == pytest.approx([w[1], w[0] + w[1]])
    held = predictions(found)
    assert held[2] == pytest.approx(data.features[found.held, 0] * w[0] + w[1])
    assert np.square(held[0] - data.target[found.held]).mean() == pytest.approx(found.cost[0, 0])


def test_the_certainty_of_the_true_class_is_what_cross_entropy_judges():
    three = Dataset("three", ("x",), np.sin(np.arange(60.0))[:, None], np.arange(60.0) % 3, "y",
                    task="multiclass", classes=("a", "b", "c"))  # fmt: skip
    for data, losses in ((two_classes(), BINARY), (three, [the("softmax_cross_entropy")])):
        found = trained(data, losses, losses[:1])
        sure = certainties(found)
        assert sure.shape == (len(losses), len(found.held))
        assert -np.log(sure).mean(axis=1) == pytest.approx(found.cost[:, 0])
    one = two_classes().only("a")
    found = trained(one, BINARY, BINARY)
    p = curves(found, one.features[found.held, 0])
    assert np.where(one.target[found.held] == 1, p, 1 - p) == pytest.approx(certainties(found))


def test_only_a_loss_with_an_exact_solver_says_so():
    for kind in Loss.catalogue.values():
        if kind.family in ("residual", "margin", "binary", "multiclass"):
            solved = kind.slug not in (
                "zero_one", "softmax_focal", "multiclass_hinge", "multiclass_brier"
            )  # fmt: skip
            assert exact(kind) == solved, kind.slug


def test_edited_rows_keep_their_numbers_and_all_other_cells():
    data = line()
    changed = data.edited({(3, "x"): 50.0, (5, "y"): -1.0})
    assert changed.features[3, 0] == 50.0
    assert changed.target[5] == -1.0
    assert (changed.features != data.features).sum() == (changed.target != data.target).sum() == 1
    assert changed.digest != data.digest
    assert data.edited({}).digest == data.digest
    assert data.part(np.array([4, 2])).rows.tolist() == [5, 3]
    with pytest.raises(DataError, match="not a finite number"):
        data.edited({(0, "y"): np.inf})


@pytest.mark.parametrize(
    ("data", "distances", "words"),
    [
        (two_classes(), None, "one feature"),
        (line(2), None, "3 or more"),
        (line(), [], "rise"),
        (line(), [3.0, 1.0], "rise"),
        (line(), [-1.0, 1.0], "rise"),
    ],
)
def test_what_cannot_move_is_refused_in_a_sentence(data, distances, words):
    with pytest.raises(DataError, match=words):
        let_go(data, [the("squared_error")], distances=distances)
