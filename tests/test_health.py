"""What is said of a network's insides is what its units do; its bands and pictures are its walks."""

from dataclasses import replace

import numpy as np
import pytest

from losses import Loss, Optimizer
from losses.data import Dataset
from losses.data.bundled import Sample
from losses.descent import MLP, Linear, Objective, Run, descend, descend_together, reach
from losses.descent.bands import banded, bands
from losses.descent.health import Health, levels
from losses.descent.planes import weight_plane
from losses.descent.portrait import pictured_units, predicted
from losses.descent.reach import reachable
from losses.descent.shadow import shadow
from losses.fit import fit
from tests.test_network import objective_of, weights_of, written_out

CROSS, BRIER, SQUARED, SOFTMAX = (
    Loss.catalogue[slug]()
    for slug in ("cross_entropy", "brier", "squared_error", "softmax_cross_entropy")
)
PLAIN, ADAM = (Optimizer.catalogue[slug] for slug in ("gradient_descent", "adam"))
RNG = np.random.default_rng(0)
CORNERS = RNG.normal(size=(80, 2))
XOR = Dataset(
    "xor", ("a", "b"), CORNERS, (CORNERS.prod(axis=1) > 0).astype(float), "y", task="binary",
    classes=("apart", "alike"),
)  # fmt: skip

AND = replace(XOR, name="and", target=(CORNERS.sum(axis=1) + RNG.normal(size=80) > 1).astype(float))


def of_kind(signs, kind):
    return [sign for sign in signs if sign.kind == kind]


# --- Health


def test_a_net_that_learns_xor_well_shows_no_sign():
    objective = Objective(MLP(2, (8,)), CROSS, XOR)
    walk = descend(objective, ADAM(eta=0.03), objective.model.init(0), steps=150)
    assert walk.costs[-1] < 0.2 * walk.costs[0]
    assert Health(objective, walk).signs == ()


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_shares_of_rows_are_counted_from_the_units(activation):
    objective = objective_of(CROSS, (4, 3), activation)
    walk = descend(objective, ADAM(eta=0.5), weights_of(objective.model), steps=30)
    health, counted = Health(objective, walk), 0
    for t, w in enumerate(walk.weights):
        for layer, a in enumerate(objective.model.units(w, objective.data.features)):
            ends = {"tanh": (-1, 1), "sigmoid": (0, 1), "relu": (-np.inf, np.inf)}[activation]
            middle = 0.0 if activation == "relu" else sum(ends) / 2
            far = np.abs(a - middle) > 0.99 * (ends[1] - middle)
            np.testing.assert_array_equal(health.saturated[layer][t], far.mean(axis=1))
            np.testing.assert_array_equal(health.silent[layer][t], (a == 0).mean(axis=1))
            counted += far.sum() + (a == 0).sum()
    assert counted


def test_a_unit_that_dies_is_named_with_the_step_the_layer_and_the_unit():
    objective = Objective(MLP(2, (2, 2), "relu"), CROSS, XOR)
    w = np.abs(objective.model.init(1)) + 0.1
    w[11] = -50.0  # the bias of the second unit of the second layer
    walk = descend(objective, PLAIN(eta=0.05), w, steps=30)
    (sign,) = of_kind(Health(objective, walk).signs, "dead")
    assert (sign.step, sign.until, sign.layer, sign.unit) == (0, None, 1, 1)
    assert "Unit 2 of layer 2 is 0 on all 80 rows from step 0 to the end" in sign.sentence
    own = objective.gradient(walk.weights[-1])
    assert (own[9:12] == 0).all()
    assert (own[6:9] != 0).any()


def test_a_unit_that_comes_back_is_said_to_have_been_dead():
    """Made by hand: its bias is down for five steps."""
    objective = Objective(MLP(2, (2,), "relu"), CROSS, XOR)
    walk = descend(objective, PLAIN(eta=1e-6), np.array([1.0, 1, 1, 1, 1, 1, 1, -1, 0]), steps=20)
    weights = walk.weights.copy()
    weights[4:9, 5] = -50.0
    shown = type(walk)(weights, walk.costs, walk.slopes, walk.outcome)
    (sign,) = of_kind(Health(objective, shown).signs, "dead")
    assert (sign.step, sign.until, sign.layer, sign.unit) == (4, 8, 0, 1)
    assert "from step 4 to step 8" in sign.sentence


def test_a_smooth_net_has_no_dead_units():
    objective = Objective(MLP(2, (2,), "linear"), CROSS, XOR)
    walk = descend(objective, PLAIN(), np.zeros(objective.size), steps=5)
    assert (Health(objective, walk).silent[0] == 1).all()
    assert not of_kind(Health(objective, walk).signs, "dead")


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_saturated_unit_is_named_with_its_share_of_rows(activation):
    objective = Objective(MLP(2, (2,), activation), CROSS, XOR)
    w = objective.model.init(0)
    w[:2] = 3e3, -2e3
    walk = descend(objective, PLAIN(eta=0.01), w, steps=10)
    (sign,) = of_kind(Health(objective, walk).signs, "saturated")
    assert (sign.step, sign.until, sign.layer, sign.unit) == (0, None, 0, 0)
    share = Health(objective, walk).saturated[0][0, 0]
    assert share >= 0.9
    assert f"on {share:.0%} of the rows" in sign.sentence


def test_s34_a_plateau_is_named_where_the_cost_stands_and_falls_later():
    """S34: keeping at it does not always help; squared error through a sigmoid stands for long."""
    objective = Objective(MLP(1, (1,), "linear"), BRIER, data_ones())
    start = np.array([1.0, 0.0, -8.0, 0.0])
    walk = descend(objective, PLAIN(eta=0.05), start, steps=400)
    (sign,) = of_kind(Health(objective, walk).signs, "plateau")
    level = walk.costs[sign.step]
    assert sign.until - sign.step >= 20
    assert np.abs(walk.costs[sign.step : sign.until + 1] - level).max() <= 0.01 * level
    assert walk.costs[-1] < 0.5 * level
    assert f"{level:.4g}" in sign.sentence
    quick = descend(
        Objective(objective.model, CROSS, objective.data), PLAIN(eta=0.05), start, steps=400
    )
    assert not of_kind(
        Health(Objective(objective.model, CROSS, objective.data), quick).signs, "plateau"
    )


def data_ones():
    rows = np.ones((4, 1))
    return Dataset("ones", ("x",), rows, np.ones(4), "y", task="binary", classes=("no", "yes"))


def test_a_net_without_a_slope_far_from_a_straight_fit_is_stuck_with_its_reason():
    """Sure and wrong on all rows, squared error through a sigmoid has no slope to learn from."""
    objective = Objective(MLP(1, (1,), "linear"), BRIER, data_ones())
    walk = descend(objective, PLAIN(), np.array([1.0, 0.0, -16.0, 0.0]), steps=100)
    (sign,) = of_kind(Health(objective, walk).signs, "stuck")
    assert (sign.step, sign.until) == (0, None)
    assert "stays within 1 % of 1, where the best weighted sum of the features" in sign.sentence
    assert "Brier has hardly a slope in these scores" in sign.sentence


def test_a_slow_descent_is_not_stuck():
    """The same net with a slope left: a larger rate would move it, so nothing holds it."""
    objective = Objective(MLP(1, (1,), "linear"), BRIER, data_ones())
    walk = descend(objective, PLAIN(eta=1e-3), np.array([1.0, 0.0, -2.0, 0.0]), steps=100)
    assert list(levels(walk.costs, 20))
    assert not of_kind(Health(objective, walk).signs, "stuck")


def test_a_net_whose_layer_is_dead_is_stuck_there():
    """Only the bias of the score is left, which is at its best: the features are cut off."""
    objective = Objective(MLP(2, (3, 2), "relu"), CROSS, AND)
    w = objective.model.init(0)
    w[objective.model.layers[1][2]] = -5.0
    walk = descend(objective, ADAM(), w, steps=200)
    (sign,) = of_kind(Health(objective, walk).signs, "stuck")
    assert "all units of layer 2 are dead" in sign.sentence


def test_a_net_that_learned_nothing_where_nothing_is_to_be_learned_is_not_stuck():
    constant = replace(AND, features=np.zeros((80, 2)))
    objective = Objective(MLP(2, (4,)), CROSS, constant)
    walk = descend(objective, ADAM(), objective.model.init(0), steps=400)
    assert walk.slopes[-1] < 1e-3
    assert not of_kind(Health(objective, walk).signs, "stuck")


def test_a_bottleneck_is_measured_by_what_it_can_say():
    """One unit cannot tell three classes apart as a straight fit does."""
    narrow, wide = (objective_of(SOFTMAX, (units,)) for units in (1, 2))
    assert reachable(narrow)[0] > reachable(wide)[0]
    assert "the same for all rows" in reachable(narrow)[1]
    best = fit(SOFTMAX, wide.data.features, wide.target)
    assert reachable(wide)[0] == best.cost


def test_classes_that_can_be_separated_have_a_finite_reach():
    far = replace(AND, features=AND.target[:, None] * np.ones(2))
    assert 0 < reachable(Objective(MLP(2, (2,)), CROSS, far))[0] < 0.1


def test_of_many_rows_the_reach_is_that_of_a_fit_to_some_on_all(monkeypatch):
    objective = Objective(MLP(2, (4,)), CROSS, AND)
    whole, _ = reachable(objective)
    monkeypatch.setattr(reach, "ROWS", 40)
    some, whose = reachable(objective)
    assert whole < some < objective.stake
    assert "fitted to 40 rows" in whose
    rare = replace(AND, target=(np.arange(80) == 1).astype(float))  # none of those rows has it
    objective = Objective(MLP(2, (4,)), CROSS, rare)
    assert reachable(objective)[0] == objective.stake


def test_a_net_that_has_arrived_is_not_called_stuck():
    objective = Objective(MLP(2, (8,)), CROSS, XOR)
    walk = descend(objective, ADAM(eta=0.1), objective.model.init(0), steps=2000)
    assert not {sign.kind for sign in Health(objective, walk).signs} & {"stuck", "plateau"}


@pytest.mark.parametrize("columns", [("age", "sex"), ("bmi", "s5")])
@pytest.mark.parametrize("steps", [300, 600])
def test_a_net_that_has_learned_what_two_columns_hold_is_not_stuck(columns, steps):
    """Much of a target may be left unexplained: a high cost alone is no failure."""
    data = Sample.catalogue["diabetes"]().load().only(*columns).standardized()
    objective = Objective(MLP(2, (8,)), SQUARED, data)
    walk = descend(objective, ADAM(), objective.model.init(0), steps=steps)
    assert list(levels(walk.costs, steps // 10))  # flat in the end
    assert not of_kind(Health(objective, walk).signs, "stuck")


def test_levels_are_stretches_within_one_percent():
    costs = np.concatenate([np.full(30, 2.0), np.linspace(2.0, 1.0, 11)[1:], np.full(25, 1.0)])
    assert list(levels(costs, 20)) == [(0, 29), (39, 64)]
    assert list(levels(costs, 29)) == [(0, 29)]
    assert list(levels(costs, 30)) == []
    assert list(levels(np.geomspace(1.0, 1e-3, 50), 5)) == []


def test_divergence_is_told_from_the_lowest_cost_on():
    objective = objective_of(SQUARED, (4,), "relu")
    walk = descend(objective, PLAIN(eta=0.7), weights_of(objective.model, 1), steps=100)
    assert walk.outcome.kind == "diverged"
    (sign,) = of_kind(Health(objective, walk).signs, "diverged")
    assert sign.step == walk.costs.argmin()
    assert walk.outcome.sentence in sign.sentence


def test_divergence_names_the_layer_whose_weights_grow_first():
    """Made by hand: the weights to the score double at step 6, those of the layer at step 8."""
    objective = objective_of(SQUARED, (4,), "relu")
    walk = descend(objective, PLAIN(eta=0.7), weights_of(objective.model, 1), steps=100)
    weights = np.repeat(walk.weights[:1], 12, axis=0)
    weights[6:, objective.model.layers[1][2]] *= 2.5
    weights[8:, objective.model.layers[0][2]] *= 1e200
    shown = type(walk)(weights, 2.0 ** np.arange(12), np.ones(12), walk.outcome)
    (sign,) = of_kind(Health(objective, shown).signs, "diverged")
    assert (sign.step, sign.layer, sign.unit) == (0, 1, None)
    assert "lead to the score grow first: at step 6 their length is 2.5 ×" in sign.sentence


def test_signs_come_in_the_order_of_their_steps():
    objective = Objective(MLP(2, (8, 8), "relu"), CROSS, XOR)
    walk = descend(objective, ADAM(eta=1.0), objective.model.init(1), steps=100)
    steps = [sign.step for sign in Health(objective, walk).signs]
    assert len(steps) > 2
    assert steps == sorted(steps)


def test_what_needs_a_network_refuses_other_models():
    linear = Objective(Linear(2), CROSS, XOR)
    walk = descend(linear, PLAIN(), np.zeros(3), steps=2)
    line = np.linspace(-1, 1, 3)
    for ask in (
        lambda: Health(linear, walk),
        lambda: bands(linear, [PLAIN()], [0], steps=1),
        lambda: pictured_units(linear, walk.weights, line, line),
    ):
        with pytest.raises(TypeError, match="network"):
            ask()


# --- Bands


def test_a_band_holds_the_quartiles_of_the_walks_from_its_seeds():
    objective = objective_of(CROSS, (4,))
    optimizers = [PLAIN(), ADAM(), ADAM(eta=0.3)]
    found = bands(objective, optimizers, range(7), steps=20, batch=8, seed=3)
    for optimizer, band in zip(optimizers, found, strict=True):
        walks = [
            descend(objective, optimizer, objective.model.init(k), steps=20, batch=8, seed=3)
            for k in range(7)
        ]
        costs = np.sort([walk.costs for walk in walks], axis=0)
        assert band.optimizer == optimizer
        assert band.diverged == ()
        # of seven, the quartiles lie half-way between the second and third, fifth and sixth
        expected = [
            costs[0],
            (costs[1] + costs[2]) / 2,
            costs[3],
            (costs[4] + costs[5]) / 2,
            costs[6],
        ]
        np.testing.assert_allclose(band.spread, expected, rtol=1e-14)
        np.testing.assert_array_equal(band.median, costs[3])
    assert np.ptp(found[0].spread[:, -1]) > 0.01


def test_runs_that_diverge_are_counted_apart_and_in_no_quantile():
    objective = objective_of(SQUARED, (4,), "relu")
    starts = [objective.model.init(seed) for seed in range(4)]
    calm, wild = PLAIN(eta=0.01), PLAIN(eta=50.0)
    walks = descend_together(
        objective, [Run(calm, starts[0]), Run(wild, starts[1]), Run(calm, starts[2])], steps=40
    )
    band = banded(calm, walks, 40)
    assert band.diverged == (1,)
    np.testing.assert_array_equal(
        band.spread[[0, 4]], np.sort([walks[0].costs, walks[2].costs], axis=0)
    )
    none = banded(wild, walks[1:2], 40)
    assert none.diverged == (0,)
    assert np.isnan(none.spread).all()
    assert none.spread.shape == (5, 41)


def test_bands_need_seeds_and_optimizers():
    for optimizers, seeds in (([], [0]), ([PLAIN()], [])):
        with pytest.raises(ValueError, match="an optimizer and a seed"):
            bands(objective_of(CROSS), optimizers, seeds, steps=2)


# --- Portraits


FIRST, SECOND = np.linspace(-2, 2, 7), np.linspace(-1, 3, 5)


@pytest.mark.parametrize("slug", ["cross_entropy", "squared_error", "softmax_cross_entropy"])
def test_a_portrait_holds_the_prediction_at_each_place_of_the_grid(slug):
    loss = Loss.catalogue[slug]()
    objective = objective_of(loss)
    W = np.array([weights_of(objective.model, seed) for seed in range(3)])
    found = predicted(objective, W, FIRST, SECOND)
    assert found.shape == (3, 5, 7, 3)[: 4 if loss.family == "multiclass" else 3]
    for t, w in enumerate(W):
        for row, b in enumerate(SECOND):
            for column, a in enumerate(FIRST):
                score = np.column_stack(written_out(objective.model, w, np.array([[a, b]])))
                score = score if loss.family == "multiclass" else score[:, 0]
                expected = loss.link.prediction(score)[0]
                np.testing.assert_allclose(found[t, row, column], expected, rtol=1e-12)


def test_of_one_feature_it_is_a_curve():
    objective = objective_of(SQUARED, features=1)
    W = np.array([weights_of(objective.model, seed) for seed in range(3)])
    found = predicted(objective, W, FIRST)
    assert found.shape == (3, 7)
    for w, curve in zip(W, found, strict=True):
        np.testing.assert_allclose(curve, objective.model.scores(w, FIRST[:, None]), rtol=1e-13)
    with pytest.raises(ValueError, match="the data have 1 features, and the grid 2"):
        predicted(objective, W, FIRST, SECOND)


def test_each_unit_has_a_picture_of_its_own():
    objective = objective_of(CROSS, (4, 3))
    W = np.array([weights_of(objective.model, seed) for seed in range(3)])
    found = pictured_units(objective, W, FIRST, SECOND)
    assert [part.shape for part in found] == [(3, 4, 5, 7), (3, 3, 5, 7)]
    for t, w in enumerate(W):
        for row, b in enumerate(SECOND):
            line = np.column_stack([FIRST, np.full(7, b)])
            for layer, a in enumerate(objective.model.units(w, line)):
                np.testing.assert_allclose(found[layer][t, :, row], a, rtol=1e-13)


def test_many_steps_drawn_at_once_are_each_drawn_alone_bit_for_bit():
    objective, grid = objective_of(CROSS, (8, 8)), np.linspace(-2, 2, 60)
    W = np.array([weights_of(objective.model, seed) for seed in range(9)])
    found, units = predicted(objective, W, grid, grid), pictured_units(objective, W, grid, grid)
    for t in range(9):
        np.testing.assert_array_equal(predicted(objective, W[t : t + 1], grid, grid)[0], found[t])
        alone = pictured_units(objective, W[t : t + 1], grid, grid)
        for one, many in zip(alone, units, strict=True):
            np.testing.assert_array_equal(one[0], many[t])


# --- The shadow on a plane


def test_a_shadow_says_how_much_of_the_walk_the_plane_holds_and_what_it_hides():
    objective = objective_of(CROSS, (4,))
    walk = descend(objective, ADAM(eta=0.1), objective.model.init(2), steps=80)
    found = shadow(objective, walk)
    plane = found.plane
    drawn = plane.weights(*found.places.T)
    np.testing.assert_allclose(found.off, walk.costs - objective.values(drawn), rtol=1e-12)
    apart = walk.weights - walk.weights[-1]
    left = ((walk.weights - drawn) ** 2).sum() / (apart**2).sum()
    assert found.held == pytest.approx(1 - left, rel=1e-10)
    assert 0.5 < found.held < 1
    np.testing.assert_allclose(
        found.distances, np.linalg.norm(walk.weights - drawn, axis=1), atol=1e-12
    )
    assert abs(found.off[-1]) < 1e-12  # the plane goes through the last step
    assert np.abs(found.off).max() > 1e-3
    other = shadow(objective, walk, weight_plane(objective.size, 0, 1, walk.weights[0], ("", "")))
    assert other.held < found.held
