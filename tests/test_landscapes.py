"""Each landscape is its formula, its derivatives are exact, and its minima are all there are."""

import math
from dataclasses import replace

import numpy as np
import pytest

from losses import Optimizer
from losses.descent import Run, descend, descend_together
from losses.descent.landscape import troughs
from losses.descent.landscapes import Landscape, Rastrigin, Ravine, TwoWells
from losses.jet import Jet, lift
from tests.latex import evaluate, symbols

RNG = np.random.default_rng(21)
TYPES = Landscape.catalogue


def everywhere():
    """Each landscape as it comes, and with each parameter at either end of its slider."""
    for slug, kind in TYPES.items():
        yield pytest.param(kind(), id=slug)
        for parameter in kind.parameters():
            for end in (parameter.low, parameter.high):
                tuned = replace(kind(), **{parameter.name: end})
                yield pytest.param(tuned, id=f"{slug}-{parameter.name}={end:g}")


EACH = pytest.mark.parametrize("landscape", list(everywhere()))


def places(landscape, count=40):
    low, high = np.transpose(landscape.window)
    return RNG.uniform(low, high, (count, 2))


def lattice(landscape, count=41):
    x, y = (np.linspace(*span, count) for span in landscape.window)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def inside(landscape, points):
    low, high = np.transpose(landscape.window)
    return ((points >= low) & (points <= high)).all(axis=-1)


def test_the_catalogue_holds_what_a_menu_shows():
    assert list(TYPES) == [
        "ravine", "saddle", "rosenbrock", "beale", "booth",
        "two_wells", "three_hump_camel", "himmelblau", "styblinski_tang", "rastrigin",
    ]  # fmt: skip
    for kind in TYPES.values():
        assert "](https://" in kind.reference, "every definition says where it comes from"
        assert kind.sentence().endswith(".")
        assert len(kind.sentence()) < 100


# --- The function and its derivatives


@EACH
def test_the_printed_formula_is_the_function(landscape):
    x, y = places(landscape).T
    tuned = {p.symbol: getattr(landscape, p.name) for p in landscape.parameters()}
    assert symbols(landscape.latex) - {"e", r"\pi"} == {"x", "y", *tuned}
    expected = evaluate(landscape.latex, {"x": x, "y": y} | tuned)
    # the terms are at most some 1e5 in the windows, and cancel: 1e-16 of them is 1e-11
    np.testing.assert_allclose(landscape.height(x, y), expected, rtol=1e-12, atol=1e-11)
    assert np.ptp(expected) > 1


@EACH
def test_gradient_and_hessian_are_those_of_jets_along_every_direction(landscape):
    for w, way in zip(places(landscape), RNG.normal(size=(40, 2)), strict=True):
        jet = lift(landscape.height(Jet(w[0], way[0]), Jet(w[1], way[1])))
        scale = 1e-11 * max(1, np.abs(landscape.hessian(w)).max())  # what cancels in the sums
        assert landscape.value(w) == pytest.approx(float(jet.value), rel=1e-12, abs=scale)
        assert landscape.gradient(w) @ way == pytest.approx(float(jet.first), rel=1e-11, abs=scale)
        bend = way @ landscape.hessian(w) @ way
        assert bend == pytest.approx(float(jet.second), rel=1e-11, abs=scale)


@EACH
def test_many_points_at_once_are_each_alone_bit_for_bit(landscape):
    """A race of many starts must be the race of each; exp and cos round alone as among others."""
    W = places(landscape, 60).reshape(5, 12, 2)
    values, gradients = landscape.values(W), landscape.gradient(W)
    assert values.shape == (5, 12)
    assert gradients.shape == (5, 12, 2)
    for place in np.ndindex(5, 12):
        assert values[place] == landscape.value(W[place])
        np.testing.assert_array_equal(gradients[place], landscape.gradient(W[place]))


@pytest.mark.parametrize("slug", TYPES)
def test_walks_together_are_the_walks_alone(slug):
    landscape = TYPES[slug]()
    runs = [Run(Optimizer.catalogue["momentum"](eta=1e-3), w) for w in places(landscape, 5)]
    together = descend_together(landscape, runs, steps=30)
    for run, walk in zip(runs, together, strict=True):
        alone = descend(landscape, *run, steps=30)
        np.testing.assert_array_equal(walk.weights, alone.weights)
        np.testing.assert_array_equal(walk.costs, alone.costs)


# --- The minima


@EACH
def test_at_each_minimum_there_is_no_slope_and_it_curves_up_all_around(landscape):
    for w in landscape.minima:
        largest = landscape.steepest(w)
        assert np.abs(landscape.gradient(w)).max() <= 1e-14 * largest  # a few roundings of w
        assert np.linalg.eigvalsh(landscape.hessian(w))[0] > 0
        assert inside(landscape, w)


@EACH
def test_the_minima_are_all_that_newton_finds_from_everywhere_in_the_window(landscape):
    """A minimum that is missing would make its basin look like nowhere."""
    x, y = lattice(landscape).T
    with np.errstate(all="ignore"):
        for _ in range(100):
            (gx, gy), (xx, xy, yy) = landscape.slope(x, y), landscape.bend(x, y)
            area = xx * yy - xy**2
            x, y = x - (yy * gx - xy * gy) / area, y - (xx * gy - xy * gx) / area
        points, slopes = np.column_stack([x, y]), landscape.gradient(np.column_stack([x, y]))
        arrived = np.abs(slopes).max(axis=1) < 1e-8
    seen = []
    for point in points[arrived & inside(landscape, points)]:
        curves_up = np.linalg.eigvalsh(landscape.hessian(point))[0] > 0
        if curves_up and all(np.linalg.norm(point - other) > 1e-5 for other in seen):
            seen.append(point)
    assert len(seen) == len(landscape.minima)
    for point in seen:
        assert np.linalg.norm(landscape.minima - point, axis=1).min() < 1e-6


@EACH
def test_nothing_in_the_window_lies_deeper_than_the_deepest_minimum(landscape):
    values = landscape.values(landscape.minima)
    assert (np.diff(values) >= -1e-9).all(), "they come from the deepest on"
    if len(values):
        assert landscape.values(lattice(landscape, 201)).min() >= values[0] - 1e-12


@pytest.mark.parametrize(
    ("slug", "minima", "value"),
    [
        ("rosenbrock", [(1, 1)], 0),
        ("beale", [(3, 0.5)], 0),
        ("booth", [(1, 3)], 0),
        ("three_hump_camel", [(0, 0)], 0),
        (
            "himmelblau",
            [(3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)],
            0,
        ),
        ("styblinski_tang", [(-2.903534, -2.903534)], -78.332331),
        ("rastrigin", [(0, 0)], 0),
    ],
)
def test_the_deepest_minima_are_those_of_the_literature(slug, minima, value):
    """To the six digits that are printed there."""
    landscape = TYPES[slug]()
    deepest = landscape.minima[: len(minima)]
    np.testing.assert_allclose(landscape.values(deepest), value, rtol=1e-8, atol=1e-12)
    for minimum in minima:
        assert np.abs(deepest - minimum).max(axis=1).min() < 1e-6


def test_how_many_minima_there_are():
    counts = {slug: len(kind().minima) for slug, kind in TYPES.items()}
    assert counts == {
        "ravine": 1, "saddle": 0, "rosenbrock": 1, "beale": 1, "booth": 1, "two_wells": 2,
        "three_hump_camel": 3, "himmelblau": 4, "styblinski_tang": 4, "rastrigin": 121,
    }  # fmt: skip
    assert len(Rastrigin(amplitude=0.0).minima) == 1, "without dents it is a bowl"
    assert len(TwoWells(a=0.0).minima) == 1, "without its right pit it has one minimum"


def test_troughs_are_found_to_the_last_digit():
    found = troughs(np.sin, -10.0, 10.0)
    np.testing.assert_allclose(found, [-2 * np.pi, 0, 2 * np.pi], rtol=2e-16, atol=1e-300)


@pytest.mark.parametrize("slug", TYPES)
def test_the_start_lies_in_the_window_on_a_slope(slug):
    landscape = TYPES[slug]()
    start = np.array(landscape.start)
    assert inside(landscape, start)
    assert np.linalg.norm(landscape.gradient(start)) > 0.1
    if len(landscape.minima):
        assert np.linalg.norm(landscape.minima - start, axis=1).min() > 0.3


# --- Single landscapes


def test_two_wells_are_those_of_the_page():
    """The literals of its source, f at (0.3, −0.7): computed here with the math module."""
    x, y = 0.3, -0.7
    right = -2 * math.exp(-((x - 1) * (x - 1) + y * y) / 0.2)
    left = -3 * math.exp(-((x + 1) * (x + 1) + y * y) / 0.2)
    found = TwoWells().value(np.array([x, y]))
    assert found == pytest.approx(right + left + x * x + y * y, rel=1e-15)
    deep, shallow = TwoWells().minima
    assert deep == pytest.approx([-1, 0], abs=0.1)
    assert shallow == pytest.approx([1, 0], abs=0.1)


@pytest.mark.parametrize("kappa", [1.0, 25.0, 100.0])
def test_kappa_is_the_condition_number_of_the_ravine(kappa):
    assert np.linalg.cond(Ravine(kappa=kappa).hessian(np.ones(2))) == pytest.approx(kappa)


@pytest.mark.parametrize("kappa", [0.5, math.inf, math.nan])
def test_a_ravine_is_not_steeper_along_than_across(kappa):
    with pytest.raises(ValueError, match="kappa"):
        Ravine(kappa=kappa)


def test_a_landscape_is_a_value():
    assert Ravine(kappa=9.0) == Ravine(kappa=9.0) != Ravine()
    assert len({Ravine(), Ravine(), TwoWells()}) == 2
