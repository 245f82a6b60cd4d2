"""Lessons: a network through all legs of its run, and the pictures of what it says on the way."""

import numpy as np
import pytest

from losses import Loss, Optimizer
from losses.data.generators import Generator
from losses.descent.album import PICTURES, SIDE, album, spread, units
from losses.descent.contour import contours
from losses.descent.lesson import lesson, network_objective, shadowed
from losses.descent.relay import Leg
from losses.descent.scene import PLANES
from losses.descent.shadow import shadow
from losses.descent.walk import descend

MOONS = Generator.catalogue["moons"](n=60).seeded(0).standardized()
THREE = Generator.catalogue["three_blobs"](n=60).seeded(0).standardized()
LINE = Generator.catalogue["line_with_outliers"](n=30).seeded(0).standardized()
ADAM = Optimizer.catalogue["adam"](eta=0.1)


def ground(data=MOONS, loss="cross_entropy", hidden=(4,)):
    return network_objective(data, Loss.catalogue[loss](), hidden, "tanh")


def run(*legs, seed=0):
    return lesson([Leg(one, ADAM, steps) for one, steps in legs], seed)


def test_a_lesson_of_one_leg_is_the_walk_from_the_seed():
    """The page trains as the core descends: to the last bit, and again to the last bit."""
    one = ground()
    plain = descend(one, ADAM, one.model.init(3), steps=40)
    for _ in range(2):
        np.testing.assert_array_equal(run((one, 40), seed=3).walk.costs, plain.costs)


def test_a_change_to_the_same_rules_changes_nothing():
    one = ground()
    np.testing.assert_array_equal(
        run((one, 15), (one, 25)).walk.weights, run((one, 40)).walk.weights
    )


def test_costs_before_a_change_are_those_of_the_loss_before_it():
    first, second = ground(), ground(loss="brier")
    found = run((first, 10), (second, 10))
    assert found.changes == (10,)
    assert not found.one_unit
    for step, objective in ((10, first), (11, second), (20, second)):
        assert found.objective_at(step) is objective
        assert found.walk.costs[step] == pytest.approx(
            objective.value(found.walk.weights[step]), rel=1e-12
        )
    np.testing.assert_allclose(found.recosted.costs, second.values(found.walk.weights), rtol=1e-12)


def test_costs_of_several_losses_show_no_plateau():
    """Their units differ: a level across the change would be an accident."""
    flat = ground(loss="brier", hidden=(1,))
    slow = Optimizer.catalogue["gradient_descent"](eta=0.001)
    other = ground(hidden=(1,))
    alone = lesson([Leg(flat, slow, 60)], 0)
    both = lesson([Leg(flat, slow, 60), Leg(other, slow, 60)], 0)
    assert {sign.kind for sign in both.signs} <= {"dead", "saturated", "diverged"}
    assert {sign.kind for sign in both.health.signs} >= {sign.kind for sign in alone.signs}


def test_a_lesson_of_two_shapes_is_refused():
    with pytest.raises(ValueError, match="shape cannot change"):
        run((ground(), 5), (ground(hidden=(2, 2)), 5))
    with pytest.raises(ValueError, match="needs legs"):
        lesson([], 0)


@pytest.mark.parametrize("word", PLANES)
def test_the_plane_of_a_lesson_holds_what_its_shadow_says(word):
    one = run((ground(), 30))
    found, scene = shadowed(one, word)
    again = shadow(one.objective, one.walk, scene.plane)
    assert found.held == again.held == scene.plane.held
    np.testing.assert_array_equal(found.off, again.off)
    assert abs(found.off[-1]) < 1e-12  # the plane goes through the end
    assert found.worst == int(np.abs(found.off).argmax())


def test_an_album_has_both_ends_and_shows_each_step_the_last_picture_taken():
    found = album(run((ground(), 200)))
    assert len(found.steps) == PICTURES
    assert (found.steps[0], found.steps[-1]) == (0, 200)
    shown = found.steps[found.at]
    assert (shown <= np.arange(201)).all()
    assert (np.arange(201) - shown).max() <= 2
    assert found.values.shape == (PICTURES, SIDE, SIDE)


def test_few_steps_have_a_picture_each():
    assert spread(50, PICTURES).tolist() == list(range(51))


def test_pictures_are_the_chances_of_the_net_at_that_step():
    one = run((ground(), 20))
    found = album(one)
    place = np.array([[found.first[7], found.second[31]]])
    score = one.objective.model.scores(one.walk.weights[20], place)
    assert found.values[-1, 31, 7] == pytest.approx(1 / (1 + np.exp(-score[0])), rel=1e-12)


def test_a_margin_is_drawn_between_its_margins():
    one = run((ground(loss="hinge"), 20))
    found = album(one)
    place = np.array([[found.first[7], found.second[31]]])
    score = one.objective.model.scores(one.walk.weights[20], place)[0]
    assert found.values[-1, 31, 7] == pytest.approx((1 + score) / 2, rel=1e-12)


def test_of_several_classes_the_winner_is_drawn_with_its_lead():
    one = run((ground(THREE, "softmax_cross_entropy"), 20))
    found = album(one)
    place = np.array([[found.first[7], found.second[31]]])
    score = one.objective.model.scores(one.walk.weights[20], place)[0]
    p = np.exp(score) / np.exp(score).sum()
    expected = p.argmax() + (p.max() - 1 / 3) / (2 / 3)
    assert found.values[-1, 31, 7] == pytest.approx(expected, rel=1e-9)
    assert found.border is None


def test_over_one_feature_every_step_has_its_curve():
    one = run((ground(LINE, "squared_error"), 30))
    found = album(one)
    assert found.values.shape == (31, len(found.first))
    assert found.second is None
    expected = one.objective.model.scores(one.walk.weights[4], found.first[:, None])
    np.testing.assert_allclose(found.values[4], expected, rtol=1e-12)


def test_three_features_and_several_classes_over_one_are_refused():
    with pytest.raises(ValueError, match="one feature or two"):
        album(run((ground(_wide()), 2)))
    with pytest.raises(ValueError, match="two features, and there is one"):
        album(run((ground(THREE.only("x1"), "softmax_cross_entropy"), 2)))


def _wide():
    from dataclasses import replace

    features = np.column_stack([MOONS.features, MOONS.features[:, 0]])
    return replace(MOONS, columns=("a", "b", "c"), features=features)


def test_units_are_those_of_the_step():
    one = run((ground(hidden=(3, 2)), 20))
    first, second, layers = units(one, 5)
    assert [layer.shape for layer in layers] == [(3, 20, 20), (2, 20, 20)]
    place = np.array([[first[2], second[9]]])
    for layer, own in zip(
        layers, one.objective.model.units(one.walk.weights[5], place), strict=True
    ):
        np.testing.assert_allclose(layer[:, 9, 2], own[:, 0], rtol=1e-12)


def test_the_border_lies_where_the_chance_is_one_half():
    """Linear between places of the grid, so it is off by what the surface bends within a cell."""
    one = run((ground(), 20))
    x, y = (part[-1] for part in album(one).border)
    there = np.isfinite(x)
    score = one.objective.model.scores(one.walk.weights[20], np.column_stack([x, y])[there])
    assert there.sum() > 20
    assert np.abs(score).max() < 0.1


def test_contours_of_a_circle_have_its_length():
    """Straight pieces of 2 π r, each two points and a nan; a second picture without any is nan."""
    even = np.linspace(-1.0, 1.0, 101)
    heights = even[:, None] ** 2 + even**2
    x, y = contours(np.array([heights, heights + 9]), even, even, 0.25)
    pieces = np.stack([x[0], y[0]]).reshape(2, -1, 3)
    length = np.nansum(np.hypot(*(pieces[:, :, 1] - pieces[:, :, 0])))
    assert length == pytest.approx(np.pi, rel=1e-3)
    assert np.isnan(pieces[:, :, 2]).all()
    assert np.isnan(x[1]).all()


@pytest.mark.parametrize(("middle", "joined"), [(0.4, True), (-0.4, False)])
def test_contours_part_a_saddle_by_its_middle(middle, joined):
    """Two high corners are joined over a high middle, and apart over a low one."""
    values = np.array([[[1.0, -1.0 + middle], [-1.0 + middle, 1.0]]])
    even = np.array([0.0, 1.0])
    x, y = contours(values, even, even, 0.0)
    pieces = np.stack([x[0], y[0]], axis=-1).reshape(-1, 3, 2)[:, :2]
    assert len(pieces) == 2
    sums = np.sort(pieces.sum(axis=2).mean(axis=1))  # of a piece that cuts a low corner it is 1
    assert np.allclose(sums, 1.0) == joined


def test_contours_leave_out_cells_that_are_no_numbers():
    values = np.array([[[np.nan, 1.0], [-1.0, 1.0]]])
    x, _ = contours(values, np.arange(2.0), np.arange(2.0), 0.0)
    assert np.isnan(x).all()
