"""Flips of the winner, against brute force: a fine grid, exact fractions and sums without error."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq

from losses import Loss
from losses.data.bundled import Sample
from losses.verdict import matrix
from losses.verdict.crossings import crossings, flips
from losses.verdict.polynomials import FORMS, STRAIGHT, running
from losses.verdict.proxies import BOUNDS, ERROR, NODES, RHO, STRIP, TRANSFORM, cells, proxies
from losses.verdict.question import question
from losses.verdict.roots import root

VISITS = Sample.catalogue["regression_predictions"]().load()
TUMORS = Sample.catalogue["binary_predictions"]().load()
RANGES = {
    ("huber", "delta"): (0.05, 6.0),
    ("smooth_l1", "beta"): (0.05, 6.0),
    ("reverse_huber", "c"): (0.05, 6.0),
    ("tukey_biweight", "c"): (0.5, 20.0),
    ("epsilon_insensitive", "epsilon"): (0.0, 5.0),
    ("squared_epsilon_insensitive", "epsilon"): (0.0, 5.0),
    ("quantile", "tau"): (0.01, 0.99),
    ("expectile", "tau"): (0.01, 0.99),
    ("cross_entropy", "positive_weight"): (0.1, 20.0),
    ("cross_entropy", "smoothing"): (0.0, 1.0),
    ("focal", "alpha"): (0.0, 1.0),
    ("focal", "gamma"): (0.0, 5.0),
    ("power", "q"): (1.0, 4.0),
    ("linex", "a"): (-1.0, 1.0),
    ("tweedie", "power"): (1.0, 3.0),
    ("pseudo_huber", "delta"): (0.05, 6.0),
    ("cauchy", "c"): (0.1, 10.0),
    ("geman_mcclure", "c"): (0.1, 10.0),
    ("welsch", "c"): (0.1, 10.0),
    ("barron", "c"): (0.1, 5.0),
}
EXACT = [key for key in RANGES if key in FORMS or key in STRAIGHT]
SMOOTH = [key for key in RANGES if key in BOUNDS]
MANY = [("huber", "delta"), ("quantile", "tau"), ("cross_entropy", "positive_weight")]
CASES = dict.fromkeys(MANY, 200)
EACH = pytest.mark.parametrize("key", RANGES, ids=" ".join)


def family(key):
    return Loss.catalogue[key[0]].family


def case(key, seed):
    """Targets, two models and weights of 3 to 30 rows: often whole numbers, ties and zeros."""
    rng = np.random.default_rng([seed, len(key[0]), len(key[1])])
    n = int(rng.integers(3, 31))
    weight = None if seed % 3 else rng.uniform(0.1, 3, n)
    if family(key) == "binary":
        y = rng.integers(0, 2, n).astype(float)
        sure, mild = rng.beta(0.4, 1.0, n), 0.2 + 0.4 * rng.random(n)
        p = np.abs(y - [np.clip(sure, 0.01, 0.99), mild])
        return y, *(np.round(p, 1).clip(0.1, 0.9) if seed % 2 else p), weight
    wide = rng.choice([0.2, 1.0, 3.0], (2, n))
    y = rng.integers(-3, 4, n).astype(float) if seed % 2 else rng.normal(size=n)
    apart = rng.normal(size=(2, n)) * wide
    apart[0] *= np.where(rng.random(n) < 0.15, 5, 0.7)  # a sharp model that blunders
    apart[1] *= np.mean(np.abs(apart[0]) ** 1.5) / np.mean(np.abs(apart[1]) ** 1.5)
    apart = np.round(apart) if seed % 2 else np.where(rng.random((2, n)) < 0.1, 0, apart)
    if family(key) == "positive":
        return np.exp(y / 3), *np.exp((y + apart) / 3), weight
    return y, *(y + apart), weight


def difference(key, y, first, second, weight, value):
    """Σ w (L_first − L_second) without an error of the sum, and the sum of the sizes."""
    loss = Loss.catalogue[key[0]](**{key[1]: value})
    w = np.ones(len(y)) if weight is None else weight
    rows = [w * loss.value(loss.encode(y), loss.link.score(p)) for p in (first, second)]
    return math.fsum([*rows[0], *-rows[1]]), math.fsum([*rows[0], *rows[1]])


def signs(key, data, values):
    """The sign at each value; 0 where rounding of the rows decides it."""
    found = []
    for value in values:
        apart, size = difference(key, *data, float(value))
        found.append(0 if abs(apart) <= 1e-13 * size else math.copysign(1, apart))
    return np.array(found)


def changes(signs_there):
    """The places between which a sequence of signs turns, zeros left out."""
    strict = np.flatnonzero(signs_there)
    turned = signs_there[strict[:-1]] != signs_there[strict[1:]]
    return list(zip(strict[:-1][turned], strict[1:][turned], strict=True))


@EACH
def test_flips_are_where_a_fine_grid_has_them(key):
    """One missed, and a page would say that a model wins where it loses."""
    low, high = RANGES[key]
    count = CASES.get(key, 60 if key in EXACT else 16)
    met = 0
    for seed in range(count):
        y, first, second, weight = data = case(key, seed)
        found = flips(y, first, second, *key, low, high, weight=weight)
        met += len(found)
        assert (np.diff(found) > 0).all()
        assert ((found >= low) & (found <= high)).all()
        # the grid, and a place between each two flips: so the signs must alternate there
        ends = np.concatenate([[low], found, [high]])
        grid = np.union1d(np.linspace(low, high, 41), (ends[:-1] + ends[1:]) / 2)
        there = signs(key, data, grid)
        strict = [there[(grid > a) & (grid < b)] for a, b in itertools.pairwise(ends)]
        of_bands = [set(band[band != 0]) for band in strict]
        assert all(len(band) <= 1 for band in of_bands), (seed, found)
        told = [band.pop() for band in of_bands if band]
        assert all(a != b for a, b in itertools.pairwise(told)), (seed, found)
        assert len(told) >= len(found), (seed, found)
    assert met > count / 12, "the cases flip so rarely that they show nothing"


@EACH
def test_the_winner_changes_at_a_flip_to_its_last_digits(key):
    """A flip is read off, typed in, and checked: it must hold as far as numbers go."""
    low, high = RANGES[key]
    for seed in range(5):
        y, first, second, weight = data = case(key, seed)
        for flip in flips(y, first, second, *key, low, high, weight=weight):
            for step in 10.0 ** np.arange(-13, -4):
                before, after = (
                    difference(key, *data, float(np.clip(flip + side, low, high)))
                    for side in (-step, step)
                )
                if min(abs(d) / size for d, size in (before, after)) > 1e-13:
                    break
            assert before[0] * after[0] < 0, (seed, flip, step)
            assert step < 1e-10 or level(key, data, flip), (seed, flip, step)


def level(key, data, flip):
    """Whether the difference hardly leaves zero about a flip, so that it is not sharp."""
    apart, size = difference(key, *data, flip + 1e-9)
    return abs(apart) < 1e-11 * size


@EACH
def test_a_flip_that_is_planted_is_found(key):
    """A row is weighed so that the models tie at a value drawn at random."""
    low, high = RANGES[key]
    planted = 0
    for seed in range(40 if key in EXACT else 25):
        y, first, second, _ = case(key, seed)
        value = np.random.default_rng(seed).uniform(low + 0.02 * (high - low), high)
        rows = [
            difference(key, y[i:][:1], first[i:][:1], second[i:][:1], None, value)[0]
            for i in range(len(y))
        ]
        rest = math.fsum(rows[1:])
        if rows[0] * rest >= 0 or not 1e-3 < -rest / rows[0] < 1e3:
            continue
        weight = np.append(-rest / rows[0], np.ones(len(y) - 1))
        data = y, first, second, weight
        there = signs(key, data, [value - 1e-6, value + 1e-6])
        if there[0] * there[1] >= 0:
            continue
        planted += 1
        found = flips(y, first, second, *key, low, high, weight=weight)
        assert np.abs(found - value).min(initial=np.inf) < 1e-9 * max(1, value), (seed, value)
    assert planted >= 4


# --- Known answers

RNG = np.random.default_rng(7)
TRUE = RNG.normal(size=200)
SHARP = TRUE + 0.25 * RNG.normal(size=200) + 6.0 * (np.arange(200) < 4)  # but for four blunders
EVEN = TRUE + 0.75 * RNG.normal(size=200)  # and never far off


def test_delta_decides_between_a_sharp_model_with_blunders_and_an_even_one():
    """The page's first example; both bounds of Huber's loss name another winner."""
    (flip,) = flips(TRUE, SHARP, EVEN, "huber", "delta", 0.05, 6.0)
    expected = brentq(
        lambda d: difference(("huber", "delta"), TRUE, SHARP, EVEN, None, d)[0], 0.05, 6, xtol=1e-15
    )
    assert flip == pytest.approx(expected, rel=1e-14)
    assert 1.5 < flip < 3.5
    smooth = flips(TRUE, SHARP, EVEN, "smooth_l1", "beta", 0.05, 6.0)
    assert smooth == pytest.approx([flip], rel=1e-15), "it is Huber's loss divided by beta"


def test_tau_flips_in_closed_form():
    """Linear in tau: the flip is a quotient of two sums."""
    first, second = TRUE + 0.5 + 0.3 * RNG.normal(size=200), EVEN - 0.2
    (flip,) = flips(TRUE, first, second, "quantile", "tau", 0.01, 0.99)
    over = [math.fsum(np.maximum(p - TRUE, 0)) for p in (first, second)]
    total = [math.fsum(p - TRUE) for p in (first, second)]
    assert flip == pytest.approx((over[0] - over[1]) / (total[0] - total[1]), rel=1e-14)


def test_two_flips_of_delta_a_thousandth_apart_are_found():
    """D = −½ (δ − 2) (δ − 2.001) on a piece: every usual grid steps over both."""
    zero = np.zeros(3)
    models = [3.0, 0.0, 0.0], [0.0, 3.9995, 1.0]
    found = flips(zero, *models, "huber", "delta", 1.5, 2.9, weight=[2.0, 1.0, 4.002])
    assert found == pytest.approx([2.0, 2.001], abs=1e-11)


@pytest.mark.parametrize("apart", [1e-2, 1e-3, 1e-4, 1e-5])
def test_two_flips_of_a_smooth_parameter_are_found_however_close(apart):
    """D = (2^q − x) (2^q − x (1 + apart)): what a grid with bisection cannot see."""
    x = 2**2.5
    weight = [1.0, x * x * (1 + apart), x * (2 + apart)]
    found = flips(np.zeros(3), [4, 1, 0], [0, 0, 2], "power", "q", 1.0, 4.0, weight=weight)
    assert found == pytest.approx(np.log2([x, x * (1 + apart)]), abs=1e-13 / apart)


def test_flips_closer_than_rounding_are_told_to_be_in_doubt():
    """A page must not call certain what no arithmetic at hand can decide."""
    x = 2**2.5
    models = {"A": [4, 1, 0], "B": [0, 0, 2]}
    found = crossings(np.zeros(3), models, "power", "q", 1, 4, [1.0, x * x, 2 * x])
    assert not found.certain
    assert "2.5" in found.sentence
    found = crossings(np.zeros(3), models, "power", "q", 1, 4, [1.0, x * x * 1.0001, 2 * x])
    assert found.certain
    assert found.winners == (("B",),)


# --- Ties


def test_touching_is_no_flip():
    """D = ½ (δ − 2)² on a piece."""
    models = [0.0, 3.0, 1.0], [2.5, 0.0, 0.0]
    touching = flips(np.zeros(3), *models, "huber", "delta", 1.5, 2.4, weight=[2.0, 1.0, 4.0])
    assert not len(touching)


def test_a_tie_between_two_winners_is_one_flip_in_its_middle():
    """From ε = ½ to 2 both models have two rows beyond ε, whose sizes sum to 6."""
    models = {"A": [3.0, 3.0, 0.5], "B": [4.0, 2.0, 0.0]}
    asked = "epsilon_insensitive", "epsilon", 0.0, 5.0
    assert flips(np.zeros(3), *models.values(), *asked) == pytest.approx([1.25], rel=1e-15)
    found = crossings(np.zeros(3), models, *asked)
    assert list(found.at) == [0.5, 2.0, 4.0]
    assert found.winners == (("B",), ("A", "B"), ("A",), ("A", "B"))


def test_a_tie_up_to_an_end_is_no_flip():
    """Beyond the largest residual nothing costs anything: nobody has overtaken anybody."""
    asked = "squared_epsilon_insensitive", "epsilon", 0.0, 5.0
    assert not len(flips(np.zeros(2), [2.0, 1.0], [1.0, 1.0], *asked))
    assert not len(flips(np.zeros(2), [2.0, 1.0], [1.0, 2.0], *asked)), "the same sizes, reordered"


@EACH
def test_a_model_does_not_beat_itself(key):
    """Equal predictions tie, whatever the parameter."""
    y, first, _, weight = case(key, 3)
    assert not len(flips(y, first, first, *key, *RANGES[key], weight=weight))
    found = crossings(y, {"A": first, "B": first}, *key, *RANGES[key], weight)
    assert found.winners == (("A", "B"),)


@pytest.mark.parametrize("key", EXACT[:8], ids=" ".join)
def test_ties_that_rounding_hides_are_no_flips(key):
    """0.1 + 0.2 is not 0.3: else every delta where nobody wins would be a flip."""
    rng = np.random.default_rng(3)
    size, turned = rng.uniform(0.1, 4, 60), rng.random(60) < 0.5
    split = np.stack([size, size, 0 * size], axis=1)
    whole = np.stack([0 * size, 0 * size, size], axis=1)
    first, second = (np.where(turned[:, None] == side, split, whole) for side in (True, False))
    weight = np.tile([0.1, 0.2, 0.3], 60)
    asked = np.zeros(180), first.ravel(), second.ravel(), *key, *RANGES[key]
    assert not len(flips(*asked, weight=weight))


@pytest.mark.parametrize("low", [-1.0, -0.9, -0.77, -0.5, -0.31, -0.1])
def test_linex_flips_near_zero_are_not_lost_in_the_zero_of_all_costs(low):
    """At a = 0 every model costs nothing, which is no flip and must not hide one beside it."""
    value, key = 0.004, ("linex", "a")
    rows = [difference(key, *np.array([[0.0], [a], [b]]), None, value)[0] for a, b in PAIRS]
    weight = [1.0, -rows[0] / rows[1]]
    first, second = zip(*PAIRS, strict=True)
    found = flips(np.zeros(2), first, second, *key, low, 1.0, weight=weight)
    assert found == pytest.approx([value], abs=1e-10)


PAIRS = [(2.0, 0.5), (-0.5, -2.0)]

# --- Rows


@EACH
def test_a_weight_of_two_is_a_row_twice_and_of_zero_none(key):
    """Class weights and importance weights count as rows do."""
    y, first, second, _ = case(key, 5)
    times = np.arange(len(y)) % 3
    long = [np.repeat(column, times) for column in (y, first, second)]
    weighed = flips(y, first, second, *key, *RANGES[key], weight=times)
    assert weighed == pytest.approx(flips(*long, *key, *RANGES[key]), rel=1e-9)


@EACH
def test_exchanging_the_models_leaves_the_flips(key):
    """Who is first is not a matter of the data."""
    for seed in range(2):
        y, first, second, weight = case(key, seed)
        one = flips(y, first, second, *key, *RANGES[key], weight=weight)
        other = flips(y, second, first, *key, *RANGES[key], weight=weight)
        assert one == pytest.approx(other, rel=1e-12), seed


CERTAIN = [("cross_entropy", "positive_weight"), ("focal", "gamma"), ("focal", "alpha")]


@pytest.mark.parametrize("key", CERTAIN, ids=" ".join)
def test_a_certain_mistake_loses_throughout(key):
    """A probability of 0 for what happened costs infinitely much, under every weight and gamma."""
    y, honest = np.array([1.0, 0.0, 1.0]), np.array([0.3, 0.6, 0.4])
    wrong, right = np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 1.0])
    low, high = RANGES[key]
    for first, second in ((honest, wrong), (wrong, right), (wrong, wrong), (honest, right)):
        assert not len(flips(y, first, second, *key, low, high))
    found = crossings(y, {"honest": honest, "wrong": wrong}, *key, low, high)
    assert found.winners == (("honest",),)
    assert np.isinf(found.costs([low, high])[1]).all()
    assert crossings(y, {"wrong": wrong}, *key, low, high).winners == ((),)


WRONG = {
    "no loss is called": dict(loss="hubber"),
    "has no parameter 'tau'; it has delta": dict(parameter="tau"),
    "low to a higher high, found 2 and 1": dict(low=2.0, high=1.0),
    "out of range": dict(low=0.0),
    "two finite numbers, found inf": dict(high=math.inf),
    "3 targets, but 2 numbers for second": dict(second=[1.0, 2.0]),
    "first: row 2 is nan, not a finite number": dict(first=[1.0, math.nan, 2.0]),
    "target: row 1 is inf": dict(target=[math.inf, 1.0, 2.0]),
    "weights are ≥ 0": dict(weight=[1.0, -1.0, 1.0]),
    "one is above 0": dict(weight=[0.0, 0.0, 0.0]),
    "second needs real numbers": dict(second=["a", "b", "c"]),
    "first needs one number for each row": dict(first=1.0),
    "no rows": dict(target=[], first=[], second=[]),
    "not probabilities": dict(loss="focal", parameter="gamma", first=[0.1, 1.2, 0.4]),
    "needs 0 or 1": dict(loss="focal", parameter="gamma"),
    "exceeds the largest number": dict(loss="linex", parameter="a", first=[900.0, 1.0, 1.0]),
    "is not a number": dict(loss="tweedie", parameter="power", high=1.5, first=[-1.0, 1.0, 1.0]),
}


@pytest.mark.parametrize("sentence", WRONG)
def test_what_cannot_be_answered_is_refused_with_a_sentence(sentence):
    """What was found and what is needed, instead of an answer to another question."""
    asked = {
        "target": [1.0, 2.0, 0.5],
        "first": [0.1, 0.2, 0.3],
        "second": [0.2, 0.3, 0.4],
        "loss": "huber",
        "parameter": "delta",
        "low": 1.0,
        "high": 2.0,
    }
    with pytest.raises(ValueError, match=sentence):
        flips(**asked | WRONG[sentence])


# --- Many models

BUNDLED = [(VISITS, "huber", "delta", 0.05, 30.0), (VISITS, "power", "q", 1.0, 4.0)]
BUNDLED += [(VISITS, "quantile", "tau", 0.01, 0.99), (VISITS, "barron", "alpha", -4.0, 4.0)]
BUNDLED += [(TUMORS, "focal", "gamma", 0.0, 5.0)]
BUNDLED += [(TUMORS, "cross_entropy", "positive_weight", 0.1, 20.0)]


@pytest.mark.parametrize("asked", BUNDLED, ids=lambda asked: f"{asked[1]} {asked[2]}")
def test_the_winners_between_crossings_are_those_of_the_matrix(asked):
    """Two views of one verdict must agree."""
    data, slug, parameter, low, high = asked
    models = {name: data.column(name) for name in data.columns}
    found = crossings(data.target, models, slug, parameter, low, high)
    assert len(found.winners) == len(found.at) + 1
    assert all(a != b for a, b in itertools.pairwise(found.winners))
    ends = np.concatenate([[low], found.at, [high]])
    inside = ends[:-1, None] + np.diff(ends)[:, None] * [0.001, 0.3, 0.5, 0.999]
    for winners, values in zip(found.winners, inside, strict=True):
        judges = [Loss.catalogue[slug](**{parameter: value}) for value in values]
        judged = matrix(data.target, models, judges)
        assert {judged.winners(column) for column in range(len(values))} == {winners}
        assert found.costs(values) == pytest.approx(judged.cost, rel=1e-13)


@pytest.mark.parametrize("key", EXACT + SMOOTH, ids=" ".join)
def test_winners_of_random_models_are_those_of_the_matrix(key):
    """Crossings of losers with each other are not crossings of the winner."""
    low, high = RANGES[key]
    for seed in range(2):
        y, first, second, weight = case(key, seed)
        mixed = {"A": first, "B": second, "C": (first + second) / 2, "D": np.full_like(y, y.mean())}
        mixed["D"] = mixed["D"].clip(0.05, 0.95) if family(key) == "binary" else mixed["D"]
        found = crossings(y, mixed, *key, low, high, weight)
        grid = np.linspace(low, high, 40)[1:-1]  # without a = 0, where linex costs nothing
        judges = [Loss.catalogue[key[0]](**{key[1]: float(value)}) for value in grid]
        judged = matrix(y, mixed, judges, weight)
        assert found.costs(grid) == pytest.approx(judged.cost, rel=1e-12, abs=1e-14)
        for column, value in enumerate(grid):
            band = found.winners[int(np.searchsorted(found.at, value))]
            near = np.abs(found.at - value).min(initial=np.inf) < 1e-9
            assert near or judged.winners(column) == band, (seed, value)


def test_only_a_parameter_without_a_bound_is_uncertain():
    """The sentence is for the page: it says how far the search went."""
    models = {"A": SHARP, "B": EVEN}
    found = crossings(TRUE, models, "barron", "alpha", -4.0, 4.0)
    assert not found.certain
    assert "257 values of α" in found.sentence
    for key in [*EXACT, *SMOOTH]:
        y, first, second, weight = case(key, 2)
        found = crossings(y, {"A": first, "B": second}, *key, *RANGES[key], weight)
        assert found.certain, (key, found.sentence)


def test_costs_are_asked_for_within_the_range():
    found = crossings(TRUE, {"A": SHARP, "B": EVEN}, "huber", "delta", 1.0, 2.0)
    with pytest.raises(ValueError, match="from 1 to 2"):
        found.costs([0.5])


# --- The parts


@pytest.mark.parametrize("key", SMOOTH, ids=" ".join)
def test_the_proven_error_holds(key):
    """Certainty rests on it: the polynomials are never farther from the costs than they say."""
    y, first, second, weight = case(key, 2)
    asked = question(y, {"A": first, "B": second}, *key, *RANGES[key], weight)
    found = proxies(asked)
    values = np.random.default_rng(0).uniform(*RANGES[key], 300)
    values = values[np.abs(values) > 0.05]  # linex is divided by a²
    t = np.log(values) if found.logarithmic else values
    piece = np.clip(np.searchsorted(found.edges, t) - 1, 0, len(found.edges) - 2)
    scale = values**2 if key[0] == "linex" else 1.0
    for model in range(2):
        exact = np.array([asked.mean(model, value) for value in values])
        apart = np.abs(found.costs(values)[model] - exact) / scale
        assert (apart <= found.errors[model, piece]).all()
        assert (found.errors[model, piece] < 1e-12 * exact / scale).all()


COMPLEX = {  # of the residual and of a complex parameter, as their references write them
    ("power", "q"): lambda r, v: np.abs(r) ** v,
    ("linex", "a"): lambda r, v: (np.exp(v * r) - v * r - 1) / v**2,
    ("pseudo_huber", "delta"): lambda r, v: v**2 * (np.sqrt(1 + (r / v) ** 2) - 1),
    ("cauchy", "c"): lambda r, v: v**2 / 2 * np.log(1 + (r / v) ** 2),
    ("geman_mcclure", "c"): lambda r, v: r**2 / 2 / (1 + (r / v) ** 2),
    ("welsch", "c"): lambda r, v: v**2 / 2 * (1 - np.exp(-((r / v) ** 2))),
    ("barron", "c"): lambda r, v: np.sqrt((r / v) ** 2 + 1) - 1,
    ("focal", "gamma"): lambda p, v: -((1 - p) ** v) * np.log(p),
}


@pytest.mark.parametrize("key", COMPLEX, ids=" ".join)
def test_no_cost_is_larger_on_its_ellipse_than_its_bound(key):
    """The theorem behind the error asks for it; the places and sizes are random."""
    logarithmic, bound = BOUNDS[key]
    rng = np.random.default_rng(1)
    for seed in range(12):
        y, first, second, weight = case(key, 2 * seed)
        asked = question(y, {"A": first, "B": second}, *key, *RANGES[key], weight)
        ends = np.log(RANGES[key]) if logarithmic else np.array(RANGES[key])
        low, half = rng.uniform(*(ends - [0, STRIP])), rng.uniform(0.05, STRIP / 2)
        around = np.exp(1j * np.linspace(0, 2 * np.pi, 200))
        t = low + half + half * (RHO * around + 1 / (RHO * around)) / 2
        v, pair = (
            (np.exp(t), np.exp([low, low + 2 * half]))
            if logarithmic
            else (t, [low, low + 2 * half])
        )
        p = np.where(y == 1, first, 1 - first)
        x = (p if family(key) == "binary" else first - y)[:, None]
        with np.errstate(all="ignore"):
            rows = np.where(x == 0, 0, COMPLEX[key](x, v))
        largest = np.abs(np.average(rows, axis=0, weights=weight)).max()
        assert largest <= bound(asked, 0, *map(float, pair)) * (1 + 1e-9)


def test_the_theorem_bounds_the_error_of_an_interpolant():
    """Of exp(12 x), so steep that the error is far above rounding."""
    x = np.linspace(-1, 1, 1001)
    error = np.abs(
        np.polynomial.chebyshev.chebval(x, TRANSFORM @ np.exp(12 * NODES)) - np.exp(12 * x)
    )
    assert 1e-9 < error.max() <= ERROR * np.exp(24)


def test_cells_part_all_roots_of_a_series():
    """Nine roots, two of them a hair apart."""
    roots = np.array([-0.9, -0.5, -0.2, 0.0, 0.1, 0.3, 0.3001, 0.7, 0.95])
    c = np.polynomial.chebyshev.chebfromroots(roots)
    points, unsure = cells(c, 1e-15)
    assert not unsure
    heights = np.polynomial.chebyshev.chebval(points, c)
    assert len(changes(np.where(np.abs(heights) < 1e-15, 0, np.sign(heights)))) == 9
    assert not cells(np.array([0.5, 0.0, 0.5 + 1e-9]), 1e-15)[1]
    assert cells(np.array([0.5, 0.0, 0.5]), 1e-15)[1], "x² touches zero"


def test_running_sums_keep_their_digits():
    """A million rows whose large terms cancel: plain running sums would leave few digits."""
    rng = np.random.default_rng(0)
    terms = rng.normal(size=2000) * 10.0 ** rng.integers(-8, 9, 2000)
    terms = np.concatenate([terms, -terms[::-1], [1e-5]])
    exact = [Fraction(0), *itertools.accumulate(map(Fraction, terms))]
    error = [abs(float(Fraction(s) - e)) for s, e in zip(running(terms), exact, strict=True)]
    largest = max(abs(float(e)) for e in exact)
    assert max(error) <= 2e-16 * largest
    assert running(terms)[-1] == pytest.approx(1e-5, rel=1e-6)


def test_a_root_is_found_to_its_last_digit():
    """A steep and a flat function, and one with a kink."""
    for function, at in (
        (lambda x: x**3 - 2, 2 ** (1 / 3)),
        (lambda x: math.expm1(50 * (x - 1.25)), 1.25),
        (lambda x: (x - 0.7) * (1e-9 if x < 0.7 else 1e9), 0.7),
    ):
        assert root(function, 0.0, 2.0) == pytest.approx(at, rel=3e-16)


def test_a_search_tells_that_it_goes_on_and_can_be_ended():
    class Enough(Exception):
        pass

    def end():
        raise Enough

    y = np.linspace(-2.0, 3.0, 40)
    models = {"a": y + 0.5, "b": y * 1.2}
    passes = []
    told = crossings(y, models, "linex", "a", -1.0, 1.0, told=lambda: passes.append(1))
    assert len(passes) > 10
    assert told.at.tolist() == crossings(y, models, "linex", "a", -1.0, 1.0).at.tolist()
    with pytest.raises(Enough):
        crossings(y, models, "linex", "a", -1.0, 1.0, told=end)
