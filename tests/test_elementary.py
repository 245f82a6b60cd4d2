"""The Murphy diagram: exact curves, areas that are costs, dominance against brute force."""

import numpy as np
import pytest

from losses import Loss
from losses.cost import cost
from losses.verdict.elementary import murphy
from losses.verdict.pieces import running

RNG = np.random.default_rng(5)
ASKED = [("mean", 0.5), ("quantile", 0.5), ("quantile", 0.9), ("expectile", 0.2)]
EACH = pytest.mark.parametrize(("asks", "level"), ASKED)


def the(slug, **tuned):
    """A loss by its slug."""
    return Loss.catalogue[slug](**tuned)


def pair():
    """V1's demonstration: A is sharp with four blunders, B is mediocre everywhere."""
    rng = np.random.default_rng(7)
    y = rng.normal(size=200)
    a, b = y + 0.3 * rng.normal(size=200), y + 0.75 * rng.normal(size=200)
    a[:4] += [6, -5, 5.5, 7]
    return y, {"A": a, "B": b}


def random_data(kind, n=60):
    """Targets, two predictions and weights: without ties, whole numbers with many, or offset."""
    rng = np.random.default_rng(len(kind))
    y, a, b = rng.normal(size=(3, n))
    if kind == "whole":
        y, a, b = np.round(2 * y), np.round(2 * a), np.round(2 * b)
    if kind == "offset":  # where a sum of c·θ and of c·y would cancel to nothing
        y, a, b = (1e9 + x for x in (y, a, b))
    return y, {"A": a, "B": b}, rng.uniform(0, 3, n)


KINDS = pytest.mark.parametrize("kind", ["plain", "whole", "offset"])


def brute(y, s, theta, asks, level, weight):
    """The mean elementary score, straight from its definition, `(thetas,)`."""
    t = np.asarray(theta)[:, None]
    apart = (np.minimum(y, s) <= t) & (t < np.maximum(y, s))
    row = np.ones_like(t + y) if asks == "quantile" else np.abs(t - y)
    if asks in ("quantile", "expectile"):
        row = row * np.where(s > y, 1 - level, level)
    return (apart * row) @ weight / weight.sum()


MEASURED = {
    "mean": lambda level: the("squared_error"),
    "quantile": lambda level: the("quantile", tau=level),
    "expectile": lambda level: the("expectile", tau=level),
}


def test_the_demonstration_of_v14_has_its_published_score_and_its_area_is_the_squared_error():
    """V14: model-diagnostics gives the same score at θ = 0.3; twice the exact area is V1's MSE."""
    y, models = pair()
    found = murphy(y, models, thetas=[0.3])
    assert found.score[0, 0] == pytest.approx(0.025232762983947915, rel=1e-14)
    assert found.cost == pytest.approx([0.7776685582013091, 0.49120230771911166], rel=1e-14)


@KINDS
@EACH
@pytest.mark.parametrize("weighted", [False, True])
def test_a_score_at_any_threshold_is_that_of_the_definition(kind, asks, level, weighted):
    y, models, w = random_data(kind)
    weight = w if weighted else None
    knots = murphy(y, models, asks, level, weight=weight).thetas
    between = RNG.uniform(knots[0] - 1, knots[-1] + 1, 500)
    thetas = np.sort(np.concatenate([knots, between]))
    found = murphy(y, models, asks, level, thetas, weight)
    for row, s in zip(found.score, models.values(), strict=True):
        expected = brute(y, s, thetas, asks, level, w if weighted else np.ones_like(y))
        np.testing.assert_allclose(row, expected, atol=1e-14)


@KINDS
@EACH
@pytest.mark.parametrize("weighted", [False, True])
def test_the_area_under_a_curve_is_the_cost(kind, asks, level, weighted):
    y, models, w = random_data(kind)
    weight = w if weighted else None
    found = murphy(y, models, asks, level, weight=weight)
    loss = MEASURED[asks](level)
    expected = [cost(loss, y, s, weight, "weighted mean") for s in models.values()]
    assert found.cost == pytest.approx(expected, rel=1e-13)


@EACH
def test_the_drawn_line_is_the_curve_if_every_knot_is_drawn(asks, level):
    """Between knots nothing is missing: the area under the drawn line is the cost, too."""
    y, models, w = random_data("plain")
    found = murphy(y, models, asks, level, weight=w)
    assert found.every
    for model, area in enumerate(found.area):
        x, height = found.outline(model)
        assert np.trapezoid(height, x) == pytest.approx(area, rel=1e-13)


def test_many_knots_are_drawn_by_few_with_each_blunder_among_them():
    y, models = pair()
    found = murphy(y, models, drawn=100)
    assert not found.every
    assert len(found.thetas) <= 100
    assert np.isin(models["A"][[0, 2, 3]], found.thetas).all()
    assert found.cost == pytest.approx(murphy(y, models).cost, rel=1e-14)
    for row, s in zip(found.score, models.values(), strict=True):
        expected = brute(y, s, found.thetas, "mean", 0.5, np.ones(200))
        np.testing.assert_allclose(row, expected, atol=1e-14)


def test_probabilities_are_judged_by_brier_and_by_classes_alone():
    y = (RNG.random(50) < 0.4).astype(float)
    p = np.append(RNG.random(48), [0.0, 1.0])
    found = murphy(y, {"p": p}, "probability")
    assert found.cost == pytest.approx([np.mean((p - y) ** 2)], rel=1e-13)
    assert found.wanted == "the probability"
    with pytest.raises(ValueError, match="p: a value is not a probability"):
        murphy(y, {"p": p * 1.01}, "probability")
    with pytest.raises(ValueError, match="classes 0 and 1"):
        murphy(p, {"p": p}, "probability")


@KINDS
@EACH
@pytest.mark.parametrize("weighted", [False, True])
def test_dominance_is_what_a_fine_grid_says(kind, asks, level, weighted):
    y, models, w = random_data(kind)
    weight = w if weighted else np.ones_like(y)
    found = murphy(y, models, asks, level, weight=weight).dominance("A", "B")
    assert np.all(np.diff(found.edges) > 0)
    assert np.all(np.diff(found.sign) != 0)
    grid = np.linspace(found.edges[0] - 1, found.edges[-1] + 1, 20_001)
    gap = np.subtract(*(brute(y, s, grid, asks, level, weight) for s in models.values()))
    place = np.searchsorted(found.edges, grid, side="right")
    said = np.concatenate([[0], found.sign, [0]])[place]
    clear = np.abs(gap) > 1e-6  # of grid points beside an edge only the rounding is in doubt
    assert clear.sum() > 1000
    np.testing.assert_array_equal(said[clear], np.sign(gap[clear]))
    assert np.abs(gap[said == 0]).max(initial=0) <= found.rounding + 1e-14


def test_edges_lie_where_the_curves_cross_or_jump():
    y, models = pair()
    found = murphy(y, models).dominance("A", "B")
    inner = found.edges[1:-1]
    at = murphy(y, models, thetas=inner)
    jumps = np.isin(inner, np.concatenate(list(models.values())))
    before, after = at.before[0] - at.before[1], at.score[0] - at.score[1]
    assert 0 < jumps.sum() < len(inner)
    np.testing.assert_allclose(after[~jumps], 0, atol=1e-15)
    assert np.all(before[jumps] * after[jumps] < 0)
    assert found.sign.tolist() == [1, -1, 1, -1, 1]


@EACH
def test_the_better_of_two_at_every_threshold_beats_the_other_under_every_loss(asks, level):
    y = RNG.normal(size=300)
    error = RNG.normal(size=300)
    models = {"near": y + 0.5 * error, "far": y + error}
    found = murphy(y, models, asks, level)
    assert found.dominance("near", "far").winner == "near"
    assert found.dominance("far", "near").winner == "near"
    assert np.all(found.score[0] <= found.score[1] + 1e-15)


@EACH
def test_equal_models_tie_and_what_rounding_tells_apart_is_equal(asks, level):
    y, models, w = random_data("offset")
    same = {"A": models["A"], "B": models["A"].copy()}
    found = murphy(y, same, asks, level, weight=w).dominance("A", "B")
    assert not found.sign.any()
    assert found.sentence().startswith("A and B tie for every loss that asks for")
    swapped = {"A": models["A"][::-1], "B": models["A"]}
    again = murphy(np.full_like(y, y[0]), swapped, asks, level).dominance("A", "B")
    assert not again.sign.any()  # the same errors in other rows


SENTENCES = {
    "A beats B for every loss that asks for the mean.": ([0, 0], [0.5, -0.5], [1, -1], {}),
    "B beats A for every loss that asks for the median.": (
        [0, 0],
        [1, -1],
        [0.5, -0.5],
        {"asks": "quantile"},
    ),
    "B beats A for every loss that asks for the 0.9-quantile.": (
        [0, 0],
        [1, -1],
        [0.5, -0.5],
        {"asks": "quantile", "level": 0.9},
    ),
    "A and B tie for every loss that asks for the mean.": ([0, 0], [1, -1], [-1, 1], {}),
    "Neither A nor B wins for every loss that asks for the mean: A is cheaper at "
    "thresholds above 0, B below 0.": ([0, 0], [0, -1], [1, 0], {}),
    "Neither A nor B wins for every loss that asks for the mean: A is cheaper at "
    "thresholds below 0 and above 3, B from 0 to 2.": ([0, 0, 3], [0, 2, 3], [-1, 0, 5], {}),
}


@pytest.mark.parametrize("said", SENTENCES)
def test_the_verdict_in_words(said):
    y, a, b, asked = SENTENCES[said]
    assert murphy(y, {"A": a, "B": b}, **asked).sentence("A", "B") == said


def test_many_crossings_are_told_by_their_shares():
    y, models, _ = random_data("plain")
    found = murphy(y, models).dominance("A", "B")
    assert np.count_nonzero(found.sign) > 5
    one, other = (f"{100 * found.share(x):.0f}\N{NO-BREAK SPACE}%" for x in "AB")
    low, high = found.edges[[0, -1]]
    assert low < 0 < high  # with a minus sign and no hyphen
    assert found.sentence().endswith(
        f": A is cheaper at {one} of the thresholds from −{-low:.4g} to {high:.4g}, B at {other}."
    )


def test_running_sums_in_blocks_are_the_running_sums():
    for n in (0, 1, 2, 10, 99, 100, 101, 1000):
        whole = RNG.integers(-9, 9, n).astype(float)
        assert running(whole).tolist() == np.cumsum(whole).tolist()


def test_what_is_no_number_or_no_row_is_refused():
    y, p = np.zeros(3), np.ones(3)
    for wrong, said in [
        ({"predictions": {"A": [1, np.nan, 2]}}, "A: a value is not a finite number"),
        ({"predictions": {"A": [1, 2]}}, "A: "),
        ({"weight": [1, -1, 1]}, "weights must be 0 or more"),
        ({"weight": [0, 0, 0]}, "one above 0"),
        ({"asks": "quantile", "level": 1.0}, "level = 1 must lie between 0 and 1"),
    ]:
        with pytest.raises(ValueError, match=said):
            murphy(**({"target": y, "predictions": {"A": p}} | wrong))


def test_beyond_the_largest_number_is_said_and_not_drawn():
    assert murphy([0.0, 1.0], {"A": [1e200, 1.0]}).cost.tolist() == [np.inf]
    with pytest.raises(ValueError, match="beyond the largest number"):
        murphy([-1.7e308, 1.0], {"A": [1.7e308, 1.0]})
