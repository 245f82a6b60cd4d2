"""What is drawn of walks: surfaces, windows, planes and pictures say what the numbers say."""

from dataclasses import replace

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.data.generators import Generator
from losses.descent.framing import SIDE
from losses.descent.landscapes import Landscape
from losses.descent.lineup import (
    by_loss,
    by_optimizer,
    by_start,
    objective,
    rates,
    scattered,
    start_at,
)
from losses.descent.picture import kind_of, pictured, shown_rows
from losses.descent.published import DUPONT
from losses.descent.scene import BENDS, PLANES, VARIES, scene, weight_names
from losses.descent.study import study
from losses.descent.walk import descend

RNG = np.random.default_rng(5)
LINE = Generator.catalogue["line_with_outliers"](n=40).seeded(1).standardized()
BLOBS = Generator.catalogue["two_blobs"](n=60).seeded(2).standardized()
WIDE = Dataset("wide", tuple("abcd"), RNG.normal(size=(50, 4)), RNG.normal(size=50), "y")
KINDS = np.arange(60.0) % 3
THREE = Dataset(
    "three",
    ("a", "b"),
    np.column_stack([KINDS, np.cos(2 * KINDS)]) + 0.4 * RNG.normal(size=(60, 2)),
    KINDS,
    "kind",
    "multiclass",
    ("x", "y", "z"),
)
LOSSES = {slug: kind() for slug, kind in Loss.catalogue.items()}
PLAIN = Optimizer.catalogue["gradient_descent"]()
START = (-1.0, 0.5)
HUBER = objective(LINE, LOSSES["huber"])


def one(data, slug, *, optimizer=PLAIN, penalty=None, steps=40, start=START, **more):
    return scene(by_loss(data, [LOSSES[slug]], penalty, optimizer, start), steps=steps, **more)


# --- Surfaces and paths


@pytest.mark.parametrize("slug", ["squared_error", "huber", "absolute_error", "log_cosh", "cauchy"])
@pytest.mark.parametrize("penalty", [None, Penalty.catalogue["l2"](), Penalty.catalogue["l1"]()])
@pytest.mark.parametrize("wide", [False, True])
def test_a_path_of_two_weights_lies_on_the_surface_that_is_drawn(slug, penalty, wide):
    """The surface at the grid is the objective there, and so is the cost along the path."""
    found = one(LINE, slug, penalty=penalty, wide=wide)
    ground, walk = found.grounds[0], found.walks[0]
    np.testing.assert_allclose(ground.values(walk.places), walk.trajectory.costs, rtol=1e-12)
    assert not walk.off.any()
    first, second = found.window.grids()
    for row, column in RNG.integers(0, SIDE, (20, 2)):
        there = ground.value(np.array([first[column], second[row]]))
        assert found.costs[0][row, column] == pytest.approx(there, rel=1e-10)


def test_the_penalty_is_in_the_surface_and_in_the_path():
    bound = one(LINE, "squared_error", penalty=Penalty.catalogue["l2"](lam=2.0))
    free = one(LINE, "squared_error")
    slopes = bound.window.grids()[0]
    np.testing.assert_allclose(bound.costs[0] - free.costs[0], np.tile(2 * slopes**2, (SIDE, 1)))
    assert bound.walks[0].trajectory.costs[0] == free.walks[0].trajectory.costs[0] + 2.0


PAIRS = [(0, 1), (2, 4), (3, 0)]


@pytest.mark.parametrize("plane", [*PLANES, *PAIRS])
def test_on_a_plane_the_drawn_cost_and_the_true_one_differ_by_what_is_said(plane):
    found = one(WIDE, "squared_error", plane=plane)
    ground, walk = found.grounds[0], found.walks[0]
    drawn = ground.values(found.plane.weights(*walk.places.T))
    np.testing.assert_allclose(walk.trajectory.costs - drawn, walk.off, rtol=1e-12, atol=1e-15)
    assert abs(walk.off[-1]) < 1e-12  # every plane goes through where the walk arrived


def test_the_plane_of_the_path_shows_more_of_it_than_any_two_weights():
    best = one(WIDE, "squared_error", plane=VARIES)
    off = np.linalg.norm(best.plane.residue(best.walks[0].trajectory.weights))
    for plane in (BENDS, *PAIRS):
        other = one(WIDE, "squared_error", plane=plane)
        assert np.linalg.norm(other.plane.residue(other.walks[0].trajectory.weights)) > off
    assert 0.5 < best.plane.held < 1
    other = one(WIDE, "squared_error", plane=BENDS)
    assert 0 < other.plane.held < best.plane.held


def test_a_walk_that_diverges_counts_in_what_the_plane_holds():
    """Its plane is laid through its start, and holds next to nothing of where it went."""
    away = one(WIDE, "squared_error", optimizer=PLAIN.at(1.9), steps=60)
    assert away.walks[0].trajectory.outcome.kind == "diverged"
    path = away.walks[0].trajectory.weights - away.plane.origin
    inside = np.linalg.norm(path, axis=1) ** 2 - away.plane.residue(path + away.plane.origin) ** 2
    assert away.plane.held == pytest.approx(inside.sum() / (path**2).sum(), rel=1e-6)
    assert away.plane.held < 0.9


def test_weights_are_called_by_their_columns_and_classes():
    assert weight_names(HUBER) == ["slope w", "intercept b"]
    assert weight_names(objective(WIDE, LOSSES["huber"]))[2] == "slope of c"
    three = weight_names(objective(THREE, LOSSES["multiclass_brier"]))
    assert three[4] == "slope of b, y"
    assert len(three) == len(set(three)) == 9


# --- Windows


@pytest.mark.parametrize("eta", [0.01, 0.5, 3.0])
def test_the_ruler_stays_while_the_rate_moves(eta):
    usual = one(LINE, "huber", wide=False).window
    other = one(LINE, "huber", optimizer=PLAIN.at(eta), wide=False).window
    np.testing.assert_array_equal(usual.center, other.center)
    np.testing.assert_array_equal(usual.half, other.half)


@pytest.mark.parametrize("start", [(-1.0, 0.5), (40.0, -3.0), (0.0, 1e6)])
def test_the_start_lies_in_the_window(start):
    found = one(LINE, "huber", start=start, wide=False)
    assert found.window.holds(np.array(start))
    assert found.left_at(found.walks[0]) is None or found.left_at(found.walks[0]) > 0


def test_a_walk_that_leaves_is_followed_on_a_wide_window_by_itself():
    away = one(LINE, "squared_error", optimizer=PLAIN.at(1.5))
    home = one(LINE, "squared_error")
    assert away.window.wide
    assert not home.window.wide
    assert away.left_at(away.walks[0]) == 1
    assert home.left_at(home.walks[0]) is None
    drawn = away.window.drawn(away.walks[0].places)
    reach = np.arcsinh(away.window.wide)
    assert (np.abs(drawn) < reach).all()
    np.testing.assert_allclose(away.window.read(drawn), away.walks[0].places, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("far", [0.0, 12345.0, -2e6])
@pytest.mark.parametrize("wide", [False, True])
def test_a_click_is_read_where_it_was_made_however_far_the_window_lies(far, wide):
    """Years and prices: an intercept of 12345.6 that is read as 12300 would be out of sight."""
    rows = replace(LINE, target=LINE.target + far)
    found = one(rows, "huber", start=(0.0, far), wide=wide).window
    spot = found.drawn(found.center + 0.3 * found.half)
    read = np.array(found.clicked(*spot.tolist()))
    assert (np.abs(read - (found.center + 0.3 * found.half)) < 2e-3 * found.half).all()


def test_the_wide_window_is_the_plain_one_in_its_middle():
    away = one(LINE, "squared_error", optimizer=PLAIN.at(1.5)).window
    inside = away.center + 1e-3 * away.half
    np.testing.assert_allclose(away.drawn(inside), 1e-3, rtol=1e-5)


@pytest.mark.parametrize("slug", Landscape.catalogue)
def test_a_landscape_is_looked_at_where_it_says(slug):
    ground = Landscape.catalogue[slug]()
    rate = PLAIN.at(rates(ground, PLAIN).default)
    found = scene(by_optimizer(ground, [rate], ground.start), steps=30, wide=False)
    first, second = found.window.grids()
    low, high = np.array(ground.window).T
    assert (first[0] <= low[0], second[0] <= low[1]) == (True, True)
    assert (first[-1] >= high[0], second[-1] >= high[1]) == (True, True)
    there = ground.values(np.stack(np.meshgrid(first, second), axis=-1))
    np.testing.assert_array_equal(found.costs[0], there)


@pytest.mark.parametrize("slug", Landscape.catalogue)
def test_a_landscape_begins_with_a_rate_that_it_bears(slug):
    """A newcomer's first picture is a descent, not an explosion."""
    ground = Landscape.catalogue[slug]()
    for kind in Optimizer.catalogue.values():
        slider = rates(ground, kind())
        assert slider.low <= slider.default <= slider.high
        walk = descend(ground, kind(eta=slider.default), np.array(ground.start), steps=100)
        assert walk.outcome.kind != "diverged" or slug == "saddle"


# --- Who walks beside whom


def test_losses_side_by_side_have_their_own_grounds_and_one_start():
    kinds = [LOSSES[slug] for slug in ("squared_error", "huber", "absolute_error")]
    found = scene(by_loss(LINE, kinds, None, PLAIN, START), steps=20)
    assert [walk.name for walk in found.walks] == [str(loss) for loss in kinds]
    assert [walk.ground for walk in found.walks] == [0, 1, 2]
    for walk, loss in zip(found.walks, kinds, strict=True):
        alone = descend(objective(LINE, loss), PLAIN, np.array(START), steps=20)
        np.testing.assert_array_equal(walk.trajectory.weights, alone.weights)
    ends = [tuple(walk.trajectory.weights[-1]) for walk in found.walks]
    assert len(set(ends)) == 3  # S18: what is minimized decides what is learned


def test_optimizers_side_by_side_share_ground_and_start():
    rivals = [Optimizer.catalogue[slug]() for slug in ("momentum", "adam")]
    found = scene(by_optimizer(HUBER, rivals, START), steps=20)
    assert len(found.grounds) == len(found.costs) == 1
    for walk, rival in zip(found.walks, rivals, strict=True):
        alone = descend(HUBER, rival, np.array(START), steps=20)
        np.testing.assert_array_equal(walk.trajectory.weights, alone.weights)


def test_scattered_starts_follow_their_seed_and_lie_in_the_window():
    some, same, other = (scattered(HUBER, START, 6, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(some, same)
    assert not np.array_equal(some[1:], other[1:])
    np.testing.assert_array_equal(some[0], START)
    found = scene(by_start(HUBER, PLAIN, START, 6, 1), steps=5, wide=False)
    assert all(found.window.holds(walk.places[0]) for walk in found.walks)


def test_a_start_of_many_weights_has_slopes_alike_and_biases_alike():
    assert start_at(objective(WIDE, LOSSES["huber"]), (2.0, 3.0)).tolist() == [2, 2, 2, 2, 3]
    nine = start_at(objective(THREE, LOSSES["multiclass_brier"]), (2.0, 3.0))
    assert nine.tolist() == [2, 2, 3] * 3


# --- Data space


@pytest.mark.parametrize(
    ("data", "slug", "kind"),
    [
        (LINE, "huber", "curve"),
        (BLOBS, "cross_entropy", "boundary"),
        (BLOBS.only(BLOBS.columns[0]), "cross_entropy", "curve"),
        (WIDE, "huber", "predictions"),
        (THREE, "softmax_cross_entropy", "boundary"),
        (THREE.only("a"), "softmax_cross_entropy", "predictions"),
    ],
)
def test_every_data_set_has_its_picture(data, slug, kind):
    ground = objective(data, LOSSES[slug])
    assert kind_of(ground) == kind
    walk = descend(ground, PLAIN, start_at(ground, START), steps=7)
    found = pictured(ground, walk.weights)
    assert found.y.shape[0] == 8
    assert np.isfinite(found.y).mean() > 0.2


def test_a_curve_is_what_the_model_predicts():
    walk = descend(HUBER, PLAIN, np.array(START), steps=3)
    found = pictured(HUBER, walk.weights)
    for (w, b), line in zip(walk.weights, found.y, strict=True):
        np.testing.assert_allclose(line, w * found.x + b, rtol=1e-14, atol=1e-14)


def test_predictions_are_those_of_the_rows_shown():
    ground = objective(WIDE, LOSSES["huber"])
    walk = descend(ground, PLAIN, start_at(ground, START), steps=3)
    rows = shown_rows(ground)
    for w, predicted in zip(walk.weights, pictured(ground, walk.weights).y, strict=True):
        np.testing.assert_allclose(predicted, WIDE.features[rows] @ w[:-1] + w[-1], rtol=1e-12)


def test_a_boundary_of_two_classes_is_where_the_score_is_zero():
    ground = objective(BLOBS, LOSSES["cross_entropy"])
    walk = descend(ground, PLAIN, start_at(ground, START), steps=9)
    found = pictured(ground, walk.weights)
    for (p, q, b), x, y in zip(walk.weights, found.x, found.y, strict=True):
        there = np.isfinite(x) & np.isfinite(y)
        assert there.sum() == 5
        np.testing.assert_allclose(p * x[there] + q * y[there] + b, 0, atol=1e-12)


def test_boundaries_of_three_classes_are_where_the_two_best_are_equal():
    ground = objective(THREE, LOSSES["softmax_cross_entropy"])
    walk = descend(ground, PLAIN, start_at(ground, START), steps=60)
    found = pictured(ground, walk.weights)
    x, y = found.x[-1], found.y[-1]
    there = np.isfinite(x) & np.isfinite(y)
    scores = np.sort(ground.model.scores(walk.weights[-1], np.column_stack([x, y])[there]))
    assert len(scores) > 50
    np.testing.assert_allclose(scores[:, 2], scores[:, 1], atol=1e-10)


# --- A published race beside a fair one


def test_the_study_of_a_published_race_is_the_two_races():
    """V10: as published Adam comes first; with one budget for all, it does not."""
    found = study(DUPONT)
    assert found.published == pytest.approx([0.5783, 0.6217, 0.6917, 0.7117], abs=2e-3)
    assert found.fair == pytest.approx([0.5783, 0.74, 0.7333, 0.7117], abs=2e-3)
    assert np.argsort(found.published).tolist() != np.argsort(found.fair).tolist()
    assert found.steps == 500
    assert len(found.rates) == 22
    assert found.error == pytest.approx(0.5 / 600**0.5)
    assert found.leaders(found.published) == (3, [2])  # 2.0 % apart, within 5.8 %
    assert found.leaders(found.fair) == (1, [2, 3])
    assert found.leaders(np.array([0.9, 0.1, 0.1, 0.1])) == (0, [])
