"""Surfaces of many rows, most of which are put together, against exact sums."""

import importlib
import math

import numpy as np
import pytest

from losses import Loss
from losses.data import Dataset
from losses.descent import Linear, Objective, surface
from losses.descent.surfaces import cells, taylor

module = importlib.import_module("losses.descent.surface")
gathering = importlib.import_module("losses.descent.surfaces.gathered")
CATALOGUE = Loss.catalogue
SLOPES, INTERCEPTS = np.linspace(-1.0, 5.0, 16), np.linspace(-2.0, 4.0, 60)
LIMIT = 1e-11  # relative to the exact sum
N = 8_000
SMOOTH = [
    pytest.param(CATALOGUE[slug](**settings), id=f"{slug} {settings}")
    for slug, settings in [
        ("log_cosh", {}),
        ("pseudo_huber", {"delta": 1.0}),
        ("pseudo_huber", {"delta": 1e-3}),
        ("pseudo_huber", {"delta": 1e4}),
        ("cauchy", {}),
        ("welsch", {}),
    ]
]
KINKED = [
    pytest.param(CATALOGUE[slug](**settings), id=f"{slug} {settings}")
    for slug, settings in [
        ("huber", {"delta": 1.0}),
        ("huber", {"delta": 1.234}),
        ("huber", {"delta": 1e-6}),
        ("huber", {"delta": 1e6}),
        ("absolute_error", {}),
        ("quantile", {"tau": 0.9}),
    ]
]


def drawn(kind):
    """A feature and a noisy target, or nastier ones."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=N)
    y = 2 * x + 1 + rng.normal(size=N)
    if kind == "outliers":
        x[::997], y[::1009] = 1e6, -1e6
    elif kind == "ties":
        x, y = np.rint(2 * x) / 2, np.rint(2 * y) / 2
    elif kind == "constant":
        x[:] = 0.75
    elif kind == "three":
        x, y = x[:3], y[:3]
    elif kind == "clusters":
        x += 20 * rng.integers(0, 2, N)
        y += 40 * (x > 10)
    elif kind == "far":
        x, y = x + 1e4, y + 2e4
    return x, y


def objective_of(loss, kind):
    x, y = drawn(kind)
    return Objective(Linear(1), loss, Dataset("numbers", ("x",), x[:, None], y, "y"))


def exactly(objective, slope, intercept):
    """The mean loss, its sum free of rounding."""
    x, y = objective.data.features[:, 0], objective.target
    return math.fsum(objective.loss.value(y, intercept + slope * x)) / len(y)


def assert_exact(objective, slopes=SLOPES, intercepts=INTERCEPTS):
    """At some of the places: a few of each row and column."""
    with np.errstate(all="ignore"):
        found = surface(objective, slopes, intercepts)
        for i, b in enumerate(intercepts):
            for j in range(i % 7, len(slopes), 7):
                assert found[i, j] == pytest.approx(exactly(objective, slopes[j], b), rel=LIMIT)
    return found


@pytest.fixture(autouse=True)
def short_cuts_at_any_size(monkeypatch):
    """Small data would be added up plainly, and prove nothing."""
    monkeypatch.setattr(module, "QUICK", 0)
    monkeypatch.setattr(module, "QUICK_SMOOTH", 0)


@pytest.fixture
def visited(monkeypatch):
    """How many rows each slope visits."""
    counted = []
    plain = gathering.fine

    def counting(points, *rest):
        counted.append(len(points))
        return plain(points, *rest)

    monkeypatch.setattr(gathering, "fine", counting)
    return counted


KINDS = ["plain", "outliers", "ties", "constant", "three", "clusters", "far"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", SMOOTH + KINKED)
def test_hard_data_cost_what_the_exact_sum_says(loss, kind):
    """The plain sum rounds, too: here is one that does not."""
    assert_exact(objective_of(loss, kind))


@pytest.mark.parametrize("loss", SMOOTH + KINKED)
def test_steep_slopes_cost_what_the_exact_sum_says(loss):
    assert_exact(objective_of(loss, "plain"), np.linspace(-1e4, 1e4, 9))


GATHERED = [(slug, kind) for slug in ("log_cosh", "pseudo_huber") for kind in KINDS[:3]]


@pytest.mark.parametrize(("slug", "kind"), [*GATHERED, ("log_cosh", "clusters")])
def test_rows_near_each_other_are_visited_together(slug, kind, visited):
    """Else a slope would cost as much as there are rows, and this be here in vain."""
    objective = objective_of(CATALOGUE[slug](), kind)
    data = objective.data
    many = Dataset("many", ("x",), np.tile(data.features, (6, 1)), np.tile(data.target, 6), "y")
    surface(Objective(Linear(1), objective.loss, many), SLOPES, INTERCEPTS)
    assert len(visited) == 1
    assert visited[0] < 6 * N / 2


@pytest.mark.parametrize("slug", ["log_cosh", "pseudo_huber", "cauchy"])
def test_what_putting_rows_together_changes_is_within_the_bound(slug, monkeypatch):
    """Nodes with negative weights must not make the bound too small."""
    monkeypatch.setattr(gathering, "MANY", 20)  # even where most of the weights cancel
    objective = objective_of(CATALOGUE[slug](), "plain")
    plane = module._axes(objective, None, (0, 1))
    with np.errstate(all="ignore"):
        total, bound = module._shortened(objective, plane, SLOPES, INTERCEPTS)
    for i, j in np.ndindex(12, 4):
        expected = exactly(objective, SLOPES[4 * j], INTERCEPTS[5 * i])
        assert abs(total[5 * i, 4 * j] - expected) <= bound[5 * i, 4 * j]


@pytest.mark.parametrize("rows", [100, 5_000])
def test_runs_of_rows_change_nothing(rows, monkeypatch):
    objective = objective_of(CATALOGUE["log_cosh"](), "ties")
    whole = surface(objective, SLOPES, INTERCEPTS)
    monkeypatch.setattr(gathering, "RUN", rows)
    np.testing.assert_allclose(surface(objective, SLOPES, INTERCEPTS), whole, rtol=1e-12)


@pytest.mark.parametrize("base", [4.0, 64.0, 512.0])
def test_numbers_and_squares_in_one_sum_come_apart_again(base):
    """A base that too many rows of a cell outgrow must be found out, not miscounted."""
    rng = np.random.default_rng(3)
    resting, moving = 10 + rng.normal(size=(2, N))
    resting[: N // 8] = 10.49  # squares near their largest, which small bases do not hold
    moving[: N // 8] = 0.0
    grid, slopes = cells.Periodic(0.0, 1.0, (0.0, 0.3), 40), np.linspace(-0.5, 0.5, 5)
    with np.errstate(over="ignore"):
        apart = cells.moments(grid, (resting, moving, None), slopes, 2)
        together = cells.moments(grid, (resting, moving, None), slopes, 2, base)
    np.testing.assert_array_equal(together[0], apart[0])
    np.testing.assert_allclose(together[1:], apart[1:], rtol=0, atol=1e-13 * base * N)


@pytest.mark.parametrize("wide", [1.0, 30.0])
def test_the_bound_holds_whether_or_not_sums_share_digits(wide, monkeypatch):
    """On wide cells squares count more than their shared digits can tell: there each has its own."""
    used, plain = [], cells.moments
    monkeypatch.setattr(taylor, "moments", lambda *all: used.append(all[-1]) or plain(*all))
    objective = objective_of(CATALOGUE["huber"](), "plain")
    plane, places = module._axes(objective, None, (0, 1)), wide * INTERCEPTS
    with np.errstate(all="ignore"):
        total, bound = module._shortened(objective, plane, SLOPES, places)
    assert bool(max(used)) == (wide == 1.0)
    for i, j in np.ndindex(12, 4):
        expected = exactly(objective, SLOPES[4 * j], places[5 * i])
        assert abs(total[5 * i, 4 * j] - expected) <= bound[5 * i, 4 * j]
