"""Cost surfaces by short cuts, against the plain sum over all rows."""

import importlib
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losses import Loss, Penalty
from losses.data import Dataset
from losses.descent import Linear, Logistic, Objective, surface
from losses.descent.surfaces import cells

module = importlib.import_module("losses.descent.surface")
CATALOGUE = Loss.catalogue
PROMISED = 1e-10  # relative to the plain sum
N = 1_500
SLOPES, INTERCEPTS = np.linspace(-1.5, 3.1, 12), np.linspace(-2.0, 2.5, 13)
TASK = {"residual": "regression", "margin": "binary", "binary": "binary"}
LOSSES = [pytest.param(c(), id=s) for s, c in CATALOGUE.items() if c.family in TASK and c.trainable]
SETTINGS = [
    pytest.param(CATALOGUE[slug](**settings), id=f"{slug} {settings}")
    for slug, settings in [
        ("quantile", {"tau": 0.9}),
        ("expectile", {"tau": 0.1}),
        ("huber", {"delta": 0.05}),
        ("huber", {"delta": 1e6}),
        ("huber", {"delta": 4.5 / 12}),  # the distance of two intercepts
        ("smooth_l1", {"beta": 0.05}),
        ("power", {"q": 1.0}),
        ("power", {"q": 2.0}),
        ("power", {"q": 3.0}),
        ("power", {"q": 4.0}),
        ("barron", {"alpha": 2.0}),
        ("barron", {"alpha": -np.inf}),
        ("cauchy", {"c": 0.1}),
        ("linex", {"a": 0.0}),
        ("tukey_biweight", {"c": 0.5}),
        ("cross_entropy", {"positive_weight": 7.0, "smoothing": 0.2}),
        ("focal", {"gamma": 0.0}),
        ("focal", {"gamma": 5.0, "alpha": 0.25}),
    ]
]
FAST = ["squared_error", "absolute_error", "quantile", "huber", "hinge", "cross_entropy", "focal"]
FAST = [CATALOGUE[slug]() for slug in [*FAST, "log_cosh", "logistic", "smooth_hinge"]]


def drawn(kind, features=1, n=N):
    """Features `(n, features)` and a noisy target, or nastier ones."""
    rng = np.random.default_rng(5)
    X = rng.normal(size=(n, features))
    y = X @ np.linspace(1.2, -0.7, features) + 0.3 + rng.normal(size=n)
    if kind == "outliers":
        X[::301], y[::401] = 1e6, -1e6
    elif kind == "integers":  # whose residuals are kinks of many places
        X, y = np.rint(2 * X), np.rint(2 * y)
    elif kind == "constant":
        X[:] = 1.25
    elif kind == "one row":
        X, y = X[:1], y[:1]
    elif kind == "far":
        X, y = X + 1e4, y - 1e4
    elif kind in ("tiny", "huge"):
        X, y = X * {"tiny": 1e-9, "huge": 1e9}[kind], y * {"tiny": 1e-9, "huge": 1e9}[kind]
    elif kind == "perfect":
        y = 0.5 * X[:, 0] + 0.25
    return X, y


KINDS = ["plain", "outliers", "integers", "constant", "one row", "far", "tiny", "huge", "perfect"]


def objective_of(loss, kind="plain", features=1, penalty=None, n=N, kept=Linear):
    X, y = drawn(kind, features, n)
    names = tuple("abcdefgh"[:features])
    if TASK[loss.family] == "binary":
        classes = (y + np.random.default_rng(6).normal(size=len(y)) > np.median(y)).astype(float)
        data = Dataset("classes", names, X, classes, "y", task="binary", classes=("no", "yes"))
        return Objective(Logistic(features), loss, data, penalty)
    return Objective(kept(features), loss, Dataset("numbers", names, X, y, "y"), penalty)


def plainly(objective, first, second, plane):
    """The plain sum at each place."""
    a, b = np.meshgrid(first, second)
    W = plane.origin + a[..., None] * plane.first + b[..., None] * plane.second
    with np.errstate(all="ignore"):
        return objective.values(W.reshape(a.size, -1)).reshape(a.shape)


def axes_of(size, axes=(0, 1), through=None):
    unit = np.eye(size)
    origin = np.zeros(size) if through is None else through.copy()
    origin[list(axes)] = 0
    return SimpleNamespace(origin=origin, first=unit[axes[0]], second=unit[axes[1]])


def assert_as_promised(objective, first=SLOPES, second=INTERCEPTS, plane=None):
    plane = plane or axes_of(objective.model.size)
    with np.errstate(all="ignore"):
        found = surface(objective, first, second, plane=plane)
        expected = plainly(objective, first, second, plane)
    np.testing.assert_allclose(found, expected, rtol=PROMISED, atol=0)
    return found


@pytest.fixture(autouse=True)
def short_cuts_at_any_size(monkeypatch):
    """Small data would be added up plainly, and prove nothing."""
    monkeypatch.setattr(module, "QUICK", 0)
    monkeypatch.setattr(module, "QUICK_SMOOTH", 0)


@pytest.fixture
def asked(monkeypatch):
    """At how many places the rows were added up one by one."""
    counted = []
    plain = Objective.values

    def counting(self, W):
        counted.append(len(W))
        return plain(self, W)

    monkeypatch.setattr(Objective, "values", counting)
    return counted


# --- The promise: what the plain sum says


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_surface_over_slope_and_intercept_is_the_plain_sum(loss, kind):
    """Whatever the data: a short cut that is wrong for some would draw a wrong landscape."""
    scale = {"tiny": 1e-9, "huge": 1e9}.get(kind, 1.0)
    places = INTERCEPTS * scale if loss.family == "residual" else INTERCEPTS
    assert_as_promised(objective_of(loss, kind), SLOPES, places)


@pytest.mark.parametrize("loss", SETTINGS)
def test_every_setting_of_a_loss_keeps_the_promise(loss):
    assert_as_promised(objective_of(loss))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("turned", [False, True])
def test_a_plane_of_two_slopes_is_the_plain_sum(loss, turned):
    axes = (1, 0) if turned else (0, 1)
    objective = objective_of(loss, features=2, n=400)
    assert_as_promised(objective, plane=axes_of(3, axes, np.array([9.0, 9.0, 0.3])))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_plane_of_intercept_and_slope_is_the_turned_one(loss):
    objective = objective_of(loss, features=2, n=400)
    through = np.array([9.0, -0.6, 9.0])
    one = assert_as_promised(objective, plane=axes_of(3, (0, 2), through))
    turned = surface(objective, INTERCEPTS, SLOPES, plane=axes_of(3, (2, 0), through))
    np.testing.assert_allclose(turned.T, one, rtol=1e-12)


@pytest.mark.parametrize("kind", ["plain", "outliers", "integers"])
@pytest.mark.parametrize("loss", LOSSES)
def test_a_slanted_plane_is_the_plain_sum(loss, kind):
    objective = objective_of(loss, kind, features=2, n=400)
    plane = SimpleNamespace(
        origin=np.array([0.4, -0.2, 0.1]),
        first=np.array([0.6, 0.3, -0.5]),
        second=np.array([-0.2, 0.9, 0.4]),
    )
    assert_as_promised(objective, plane=plane)


GRIDS = {
    "arcsinh": np.sinh(np.linspace(-3, 3, 14)),
    "twice": np.repeat(np.linspace(-1, 1, 5), 2),
    "descending": np.linspace(2, -1, 9),
    "shuffled": np.random.default_rng(1).permutation(np.linspace(-2, 2, 15)),
    "one": np.array([0.7]),
    "zero": np.array([0.0]),
    "two": np.array([-1.0, 0.5]),
    "steep": np.linspace(-1e8, 1e8, 9),
}


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("loss", FAST, ids=lambda loss: loss.slug)
def test_any_grid_is_served(loss, grid):
    objective = objective_of(loss)
    assert_as_promised(objective, GRIDS[grid], INTERCEPTS)
    assert_as_promised(objective, SLOPES, GRIDS[grid])


@pytest.mark.parametrize("slug", ["log_cosh", "cauchy", "welsch", "tukey_biweight", "barron"])
@pytest.mark.parametrize("reach", [1e2, 1e4, 1e8])
def test_a_bend_much_narrower_than_a_step_is_not_overlooked(slug, reach):
    """Far from zero such losses are flat or straight: cells as wide as a step would look exact."""
    assert_as_promised(objective_of(CATALOGUE[slug]()), SLOPES, np.linspace(-reach, reach, 9))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FAST),
    st.lists(st.tuples(st.integers(-8, 8), st.integers(-8, 8)), min_size=2, max_size=40),
    st.sampled_from([0.1, 0.25, 1.0, 3.0]),
    st.sampled_from([1e-3, 1.0, 1e3]),
)
def test_rows_on_the_kinks_of_a_grid_keep_the_promise(loss, rows, step, unit):
    """Whole numbers and steps: rows lie on cells' ends, where rounding decides which they fall in."""
    x, y = unit * np.array(rows, dtype=float).T
    if TASK[loss.family] == "binary":
        y = (y > np.median(y)).astype(float)
        data = Dataset("c", ("x",), x[:, None], y, "y", task="binary", classes=("no", "yes"))
    else:
        data = Dataset("n", ("x",), x[:, None], y, "y")
    grid = step * np.arange(-5.0, 6.0)
    assert_as_promised(Objective(Linear(1), loss, data), grid, unit * grid)


@pytest.mark.parametrize("slug", Penalty.catalogue)
@pytest.mark.parametrize("axes", [(0, 1), (0, 2), (2, 1)])
def test_the_penalty_is_part_of_the_objective(slug, axes):
    penalty = Penalty.catalogue[slug](lam=3.0)
    for loss in FAST[:2]:
        objective = objective_of(loss, features=2, penalty=penalty)
        assert_as_promised(objective, plane=axes_of(3, axes, np.array([0.5, -0.7, 0.2])))


# --- The bound: what the choice rests on


@pytest.mark.parametrize("kind", ["plain", "outliers", "integers", "far", "perfect"])
@pytest.mark.parametrize("loss", LOSSES)
def test_the_bound_bounds_the_error(loss, kind):
    """A bound that is too small would let a wrong sum pass; the plain sum has an error, too."""
    objective, plane = objective_of(loss, kind), axes_of(2)
    with np.errstate(all="ignore"):
        found = module._shortened(objective, plane, SLOPES, INTERCEPTS)
        expected = plainly(objective, SLOPES, INTERCEPTS, plane)
        if found is None:  # then the plain sum is all there is
            drawn = surface(objective, SLOPES, INTERCEPTS)
            np.testing.assert_array_equal(drawn, expected)
            return
    total, bound = found
    known = np.isfinite(bound) & np.isfinite(total) & np.isfinite(expected)
    error = np.abs(total[known] - expected[known])
    assert (error <= bound[known] + 1e-13 * expected[known]).all()


SHORT = (
    "squared_error absolute_error huber smooth_l1 quantile expectile epsilon_insensitive".split()
)
SHORT += "squared_epsilon_insensitive reverse_huber log_cosh pseudo_huber perceptron hinge".split()
SHORT += "squared_hinge smooth_hinge modified_huber logistic exponential savage tangent".split()
SHORT += "cross_entropy focal brier".split()


@pytest.mark.parametrize("slug", SHORT)
def test_plain_data_need_no_plain_sum(slug, asked):
    """Else the short cut would be there in vain; near a cost of zero, some places may need it."""
    surface(objective_of(CATALOGUE[slug]()), np.linspace(-1, 3, 20), np.linspace(-2, 2, 20))
    assert sum(asked) <= 4  # of 400


@pytest.mark.parametrize("slug", ["squared_error", "absolute_error", "huber", "log_cosh"])
def test_a_perfect_fit_is_added_up_row_by_row(slug, asked):
    """Its cost of zero is all rounding, which no moments can tell: only that place is asked for."""
    objective = objective_of(CATALOGUE[slug](), "perfect")
    slopes, intercepts = np.arange(-4.0, 5) / 4, np.arange(-8.0, 9) / 8
    found = surface(objective, slopes, intercepts)
    assert found[10, 6] == objective.values(np.array([[0.5, 0.25]]))[0]
    assert 1 <= sum(asked) - 1 <= 3


@pytest.mark.parametrize("slug", ["absolute_error", "huber", "log_cosh", "hinge", "cross_entropy"])
def test_few_far_rows_do_not_spoil_the_short_cut(slug, asked):
    """One typing error in a file must not make the page a hundred times slower."""
    X, y = drawn("plain", n=8_000)
    X[17], y[4711] = 1e5, -1e6
    objective = objective_of(CATALOGUE[slug](), n=8_000)
    data = replace(objective.data, features=X)
    if TASK[CATALOGUE[slug].family] == "regression":
        data = replace(data, target=y)
    far = Objective(Linear(1), CATALOGUE[slug](), data)
    slopes, intercepts = np.linspace(-1, 3, 11), np.linspace(-2, 2, 41)
    found = surface(far, slopes, intercepts)
    assert sum(asked) <= 4  # of 451
    expected = plainly(far, slopes, intercepts, axes_of(2))
    np.testing.assert_allclose(found, expected, rtol=PROMISED)


@pytest.mark.parametrize("slug", ["absolute_error", "quantile", "huber", "hinge", "cross_entropy"])
def test_a_grid_that_is_not_even_has_a_short_cut_too(slug, asked):
    """Landscapes are drawn over arcsinh-spaced weights where they reach far."""
    surface(objective_of(CATALOGUE[slug](), n=6_000), GRIDS["arcsinh"], GRIDS["arcsinh"])
    assert sum(asked) <= 49  # of 196: its cells are wide, and that costs digits


@pytest.mark.parametrize(
    "slug", ["absolute_error", "quantile", "expectile", "hinge", "squared_hinge"]
)
def test_two_slopes_have_a_short_cut_for_a_loss_without_a_scale(slug, asked):
    plane = axes_of(3, (0, 1), np.array([0.0, 0.0, 0.3]))
    surface(objective_of(CATALOGUE[slug](), features=2), SLOPES, INTERCEPTS, plane=plane)
    assert sum(asked) <= 3  # of 156


@pytest.mark.parametrize("rows", [1, 64, 500])
@pytest.mark.parametrize("slug", ["absolute_error", "huber", "log_cosh"])
def test_blocks_of_rows_change_nothing(slug, rows, monkeypatch):
    objective = objective_of(CATALOGUE[slug](), n=501)
    whole = surface(objective, SLOPES, INTERCEPTS)
    monkeypatch.setattr(cells, "ROWS", rows)
    np.testing.assert_allclose(surface(objective, SLOPES, INTERCEPTS), whole, rtol=1e-12)


def test_what_cannot_be_certified_is_added_up_row_by_row(asked):
    """A power of 1.5 bends infinitely at zero: no polynomial is near it there."""
    assert_as_promised(objective_of(CATALOGUE["power"]()))
    assert sum(asked) == 2 * SLOPES.size * INTERCEPTS.size  # ours, and what it is compared with


def test_a_stricter_promise_is_kept_by_the_plain_sum(asked, monkeypatch):
    monkeypatch.setattr(module, "CERTAIN", 0.0)
    objective = objective_of(FAST[1])
    found = surface(objective, SLOPES, INTERCEPTS)
    assert sum(asked) == found.size
    np.testing.assert_array_equal(found, plainly(objective, SLOPES, INTERCEPTS, axes_of(2)))


@pytest.mark.parametrize("slug", ["absolute_error", "log_cosh", "hinge", "cross_entropy"])
def test_few_rows_are_added_up_one_by_one(slug, monkeypatch):
    """A short cut takes longer there."""
    monkeypatch.undo()
    objective = objective_of(CATALOGUE[slug](), n=50)
    found = surface(objective, SLOPES, INTERCEPTS)
    np.testing.assert_array_equal(found, plainly(objective, SLOPES, INTERCEPTS, axes_of(2)))


def test_a_value_that_jumps_is_added_up_row_by_row(asked):
    """Zero-one counts: a row that rounding puts on the other side would be a whole mistake."""
    assert_as_promised(objective_of(CATALOGUE["zero_one"](), "integers"))
    assert sum(asked) == 2 * SLOPES.size * INTERCEPTS.size


def test_any_function_of_weights_has_a_surface():
    bowl = SimpleNamespace(values=lambda W: (W * W).sum(axis=1))
    found = surface(bowl, SLOPES, INTERCEPTS)
    np.testing.assert_array_equal(found, SLOPES**2 + INTERCEPTS[:, None] ** 2)


def test_the_weights_beside_the_two_are_zero_unless_told():
    bowl = SimpleNamespace(values=lambda W: (W * W) @ [1.0, 2.0, 4.0], size=3)
    expected = SLOPES**2 + 2 * INTERCEPTS[:, None] ** 2
    np.testing.assert_allclose(surface(bowl, SLOPES, INTERCEPTS), expected, rtol=1e-15)
    through = surface(bowl, SLOPES, INTERCEPTS, through=np.array([9.0, 9.0, 0.5]))
    np.testing.assert_allclose(through, expected + 1, rtol=1e-15)


def test_a_cost_beyond_all_numbers_is_infinite_as_in_the_plain_sum():
    data = Dataset("n", ("x",), np.array([[1e200], [2.0]]), np.array([1.0, 2.0]), "y")
    with np.errstate(over="ignore"):
        found = surface(Objective(Linear(1), FAST[0], data), np.array([1e200, 1.0]), INTERCEPTS)
    assert np.isinf(found).all()
