"""A basin is where walks really end: in a minimum, or said to be in none."""

import time
from dataclasses import dataclass

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.descent import Linear, Objective, Schedule, descend
from losses.descent.basins import basins, ends
from losses.descent.function import Function
from losses.descent.landscapes import Himmelblau, Landscape, Ravine, Rosenbrock, Saddle, TwoWells
from losses.descent.planes import weight_plane

KINDS = Optimizer.catalogue
SGD = KINDS["gradient_descent"]
RNG = np.random.default_rng(31)
X = RNG.normal(size=(40, 2))
PLANE = X @ [1.5, -0.7] + 0.4
NUMBERS = Dataset("numbers", ("a", "b"), X, PLANE + 0.3 * RNG.normal(size=40), "y")
LINE = Dataset("line", ("a",), X[:, :1], 2 * X[:, 0] + 1 + 0.3 * RNG.normal(size=40), "y")
GRID = np.linspace(-3, 3, 9)


def lattice(landscape, count):
    return [np.linspace(*span, count) for span in landscape.window]


# --- The ends


@pytest.mark.parametrize("slug", KINDS)
@pytest.mark.parametrize("batch", [None, 7])
@pytest.mark.parametrize("decay", list(Schedule.catalogue))
def test_the_ends_are_those_of_the_walks_bit_for_bit(slug, batch, decay):
    function = Objective(Linear(1), Loss.catalogue["huber"](), LINE)
    starts, rates = RNG.normal(size=(4, 2)), np.array([0.01, 0.02, 0.1, 0.2])
    course = {"steps": 20, "batch": batch, "seed": 3, "schedule": Schedule.catalogue[decay]()}
    last = ends(function, KINDS[slug](), starts, rates=rates, **course)
    for end, start, rate in zip(last, starts, rates, strict=True):
        walk = descend(function, KINDS[slug](eta=rate), start, **course)
        np.testing.assert_array_equal(end, walk.weights[-1])


def test_without_rates_the_optimizer_has_its_own():
    starts = RNG.normal(size=(3, 2))
    own = ends(TwoWells(), SGD(eta=0.03), starts, steps=9)
    np.testing.assert_array_equal(
        own, ends(TwoWells(), SGD(), starts, rates=np.full(3, 0.03), steps=9)
    )


# --- The basins of a landscape


@pytest.mark.parametrize("slug", Landscape.catalogue)
def test_each_start_is_labelled_by_the_minimum_at_its_end(slug):
    landscape = Landscape.catalogue[slug]()
    first, second = lattice(landscape, 5)
    found = basins(landscape, SGD(eta=1e-3), first, second[1:4], steps=400)
    assert found.ends.shape == (3, 5, 2)
    assert found.labels.shape == (3, 5)
    np.testing.assert_array_equal(found.minima, landscape.minima)
    reach = 0.02 * np.linalg.norm(np.diff(landscape.window))
    for row, column in np.ndindex(3, 5):
        walk = descend(
            landscape, SGD(eta=1e-3), np.array([first[column], second[1 + row]]), steps=400
        )
        label = found.labels[row, column]
        if len(walk) < 401:
            assert label == -1, "it left the finite numbers"
            continue
        np.testing.assert_array_equal(found.ends[row, column], walk.weights[-1])
        away = np.linalg.norm(landscape.minima - walk.weights[-1], axis=1)
        assert label == (away.argmin() if (away <= reach).any() else -1)
    assert found.counts.sum() + found.lost == 15
    assert found.counts.tolist() == [(found.labels == k).sum() for k in range(len(found.minima))]


def test_small_steps_of_gradient_descent_stay_on_their_side():
    """The two wells are mirrored in y, and a walk down the slope cannot cross the axis."""
    landscape = TwoWells()
    x, y = np.linspace(-2, 2, 20), np.linspace(-2, 2, 20)
    found = basins(landscape, SGD(eta=0.01), x, y, steps=1000)
    assert found.lost == 0
    np.testing.assert_array_equal(found.labels, found.labels[::-1])
    assert (found.labels[:, x < -0.5] == 0).all()
    assert (found.labels[:, x > 0.5] == 1).all()
    assert found.counts.min() > 150


def test_a_walk_that_has_not_arrived_has_no_basin():
    assert basins(Rosenbrock(), SGD(eta=1e-4), GRID, GRID, steps=1).lost == 81
    assert basins(Saddle(), SGD(eta=0.1), GRID, GRID, steps=50).lost == 81


def test_a_walk_that_diverges_has_no_basin():
    found = basins(Ravine(kappa=25.0), SGD(eta=0.09), GRID, GRID, steps=5000)
    assert not np.isfinite(found.ends[0]).all()
    on_the_axis = GRID == 0  # there the steep way is not felt, until rounding wakes it
    assert (found.labels[~on_the_axis] == -1).all()
    assert (found.labels[on_the_axis] == 0).all()


def test_a_plane_through_two_weights_is_the_grid_of_both():
    plane = weight_plane(2, 1, 0, np.zeros(2), ("y", "x"))
    first, second = lattice(Himmelblau(), 6)
    turned = basins(Himmelblau(), SGD(eta=0.01), second, first, plane=plane, steps=300)
    plain = basins(Himmelblau(), SGD(eta=0.01), first, second, steps=300)
    np.testing.assert_array_equal(turned.labels, plain.labels.T)


def test_forty_by_forty_starts_take_no_time():
    """0.05 s on four slow cores; a second would be felt."""
    began = time.perf_counter()
    basins(TwoWells(), KINDS["adam"](), np.linspace(-2, 2, 40), np.linspace(-2, 2, 40), steps=300)
    assert time.perf_counter() - began < 2


# --- The basins of other functions, whose minima are looked for


@dataclass(frozen=True)
class Unknown(Function):
    """A landscape that does not tell its minima."""

    landscape: Landscape

    @property
    def size(self):
        return 2

    def values(self, W):
        return self.landscape.values(W)

    def gradient(self, W, rows=None):
        return self.landscape.gradient(W)

    def hessian(self, w):
        return self.landscape.hessian(w)


@pytest.mark.parametrize(
    ("slug", "optimizer", "steps"),
    [
        ("two_wells", SGD(eta=0.02), 1000),
        ("two_wells", KINDS["rmsprop"](eta=0.01), 1000),  # hovers: never closer than its rate
        ("himmelblau", SGD(eta=0.005), 500),
        ("styblinski_tang", KINDS["momentum"](eta=0.003), 500),
        ("three_hump_camel", KINDS["adam"](), 500),
        ("booth", SGD(eta=0.05), 500),
    ],
)
def test_minima_that_are_not_declared_are_found_to_the_last_digits(slug, optimizer, steps):
    landscape = Landscape.catalogue[slug]()
    grid = lattice(landscape, 12)
    told = basins(landscape, optimizer, *grid, steps=steps)
    found = basins(Unknown(landscape), optimizer, *grid, steps=steps)
    assert len(found.minima) == len(told.minima)
    for label, minimum in enumerate(found.minima):
        away = np.linalg.norm(told.minima - minimum, axis=1)
        assert away.min() < 1e-12
        np.testing.assert_array_equal(found.labels == label, told.labels == away.argmin())
    assert (np.diff(found.values) >= -1e-12).all()


def test_ends_along_a_valley_are_no_minima():
    """Walks that crawl would otherwise make a minimum of each place where time ran out."""
    for x, y in ((-2.0, 0.5), (0.1, -0.5)):  # where Newton's method fails, and where it flies far
        grid = np.linspace(x, x + 0.6, 9), np.linspace(y, y + 1.0, 9)
        found = basins(Unknown(Rosenbrock()), SGD(eta=1e-4), *grid, steps=300)
        in_the_valley = np.abs(found.ends[..., 1] - found.ends[..., 0] ** 2) < 0.1
        assert in_the_valley.mean() > 0.8
        assert len(found.minima) == 0
        assert found.lost == 81


class Gutter(Function):
    """|x − y| + |x + y − 4| / 10: a gutter with a sharp bottom, which falls towards (2, 2)."""

    size = 2

    def values(self, W):
        x, y = W[..., 0], W[..., 1]
        return np.abs(x - y) + np.abs(x + y - 4) / 10

    def gradient(self, W, rows=None):
        x, y = W[..., 0], W[..., 1]
        across, along = np.sign(x - y), np.sign(x + y - 4) / 10
        return np.stack([along + across, along - across], axis=-1)

    def hessian(self, w):
        return np.zeros((2, 2))


def test_a_place_along_a_gutter_is_no_minimum_but_its_lowest_corner_is():
    """Each axis leads up from there: only down the slope is it lower."""
    diagonal = weight_plane(2, 0, 1, np.zeros(2), ("x", "y"))
    assert (
        basins(Gutter(), SGD(eta=0.01), [0.0, 4.0], [0.0, 4.0], plane=diagonal, steps=9).lost == 4
    )
    found = basins(Gutter(), SGD(eta=0.01), [0.0, 4.0], [0.0, 4.0], steps=3000)
    assert found.counts.tolist() == [4]
    np.testing.assert_allclose(found.minima, [[2, 2]], atol=0.02)


def test_a_ridge_is_no_minimum():
    found = basins(Unknown(Saddle()), SGD(eta=0.1), GRID, np.zeros(1), steps=500)
    assert np.abs(found.ends).max() < 1e-9, "they end at the saddle, where there is no slope"
    assert found.lost == 9


@pytest.mark.parametrize("slug", ["squared_error", "huber", "absolute_error", "log_cosh"])
def test_a_convex_objective_has_one_basin_even_with_corners(slug):
    function = Objective(Linear(1), Loss.catalogue[slug](), LINE)
    found = basins(function, SGD(eta=0.05), GRID, GRID, steps=600)
    assert found.counts.tolist() == [81]
    around = found.minima[0] + 0.05 * RNG.normal(size=(200, 2))
    assert (function.values(around) > found.values[0] - 1e-3).all()


def test_three_weights_are_walked_from_a_plane():
    function = Objective(
        Linear(2), Loss.catalogue["squared_error"](), NUMBERS, Penalty.catalogue["l2"]()
    )
    plane = weight_plane(3, 0, 2, np.array([9.0, -2.0, 9.0]), ("a", "bias"))
    found = basins(function, SGD(eta=0.2), GRID, GRID[:4], plane=plane, steps=200)
    assert found.ends.shape == (4, 9, 3)
    walk = descend(function, SGD(eta=0.2), np.array([GRID[7], -2.0, GRID[1]]), steps=200)
    np.testing.assert_array_equal(found.ends[1, 7], walk.weights[-1])
    assert found.counts.tolist() == [36]
    assert np.abs(function.gradient(found.minima[0])).max() < 1e-12


def test_three_weights_without_a_plane_are_refused():
    function = Objective(Linear(2), Loss.catalogue["squared_error"](), NUMBERS)
    with pytest.raises(ValueError, match="3 weights need a plane"):
        basins(function, SGD(), GRID, GRID, steps=1)


def test_batches_follow_their_seed():
    function = Objective(Linear(1), Loss.catalogue["squared_error"](), LINE)
    one, same, other = (
        basins(function, SGD(eta=0.05), GRID, GRID, steps=30, batch=5, seed=seed).ends
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
