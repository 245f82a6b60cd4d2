"""What focal loss leaves of a model's rows: against closed forms, jets, the paper and brute force."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from charts.cumulative import cumulative_figure
from charts.emphasis import RAISED, ratio_figure
from charts.focal import GAMMA, PAPER, M, P, logit_figure, probability_figure
from losses.chances import Chances, predicted
from losses.data.bundled import Sample
from losses.emphasis import discounts, emphasis, marks
from losses.jet import Jet
from losses.links import SIGMOID, sigmoid
from losses.probabilistic import CrossEntropy, Focal
from losses.verdict.cumulative import PLACES, by_class, cumulative
from losses.verdict.focal import asked, asked_logit, recovered
from losses.verdict.ownership import EDGES, HARD, owned, raised
from losses.verdict.readings import LITERAL, READINGS, base_rate, constants, rare, read
from losses.verdict.shrinking import shrunk

GAMMAS = (0.0, 0.5, 1.0, 2.0, 5.0)
V5 = {  # gamma: the largest ratio of gradients, its p_t, and where the ratio is 1
    0.5: (1.0764784591802652, 0.1612909798195964, 0.4214574615258172),
    1.0: (1.1353352832361083, 0.13533565271305426, 0.36787944117144233),
    2.0: (1.2246347263116453, 0.10406128322566452, 0.2976365549817014),
    5.0: (1.3935839657963767, 0.06387851757035141, 0.19680273893699973),
}


@cache
def rows(model="logistic_regression"):
    return predicted(Sample.catalogue["binary_predictions"]().load(), model)


def made(logits, target, weight=None):
    """Chances of two classes by hand."""
    target = np.asarray(target, dtype=float)
    logits = np.asarray(logits, dtype=float)
    return Chances("mine", ("no", "yes"), target, logits, np.arange(len(target)), weight)


def weighted(seed=0):
    """Rows with whole weights, and the same rows written out as often as they count."""
    rng = np.random.default_rng(seed)
    logits, target = 2 * rng.normal(size=60), rng.integers(2, size=60)
    count = rng.integers(4, size=60)
    once = made(logits, target, count.astype(float))
    return once, made(np.repeat(logits, count), np.repeat(target, count))


# --- Figure 1 and the pull


@pytest.mark.parametrize("gamma", PAPER)
def test_figure_1_of_the_paper_is_drawn_from_its_equation(gamma):
    """Lin et al. 2017, equation 4; every other picture of the page rests on this loss."""
    table = probability_figure(Focal()).table
    p = table["pₜ"]
    drawn = table[f"γ = {gamma:g}"]
    np.testing.assert_allclose(drawn, -((1 - p) ** gamma) * np.log(p), rtol=1e-12)


def test_easy_rows_cost_4_100_and_977_times_less_at_gamma_2():
    """The ratios that the paper quotes in its section 3.2, the last of them rounded to 1000."""
    ratios = [one.entropy / one.focal for one in discounts(Focal(), (0.5, 0.9, 0.968))]
    assert ratios == pytest.approx([4, 100, 976.5625], rel=1e-12)


def slope(gamma, m, share=1.0):
    """The derivative of equation 5 in the logit of the true class, by a jet through exp and log.

    Not through the code of the loss, whose |m| has a kink at 0 that only its sum does not have.
    """
    z = Jet(m, np.ones_like(m))
    return (share * (1 / (1 + np.exp(z))) ** gamma * np.log1p(np.exp(-z))).first


@pytest.mark.parametrize("gamma", [0.0, 0.35, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("alpha", [None, 0.3])
def test_gradients_drawn_are_the_derivatives_of_the_values_drawn(gamma, alpha):
    focal = Focal(gamma=gamma, alpha=alpha)
    table = logit_figure(focal).table
    np.testing.assert_allclose(
        table["focal gradient"], np.abs(slope(gamma, M, alpha or 1)), rtol=1e-9, atol=1e-15
    )
    np.testing.assert_allclose(table["cross-entropy gradient"], np.abs(slope(0, M)), rtol=1e-9)
    drawn = list(ratio_figure(focal).table.values())[1 + len(RAISED)]
    at = SIGMOID.score(P)
    ratio = slope(gamma, at, alpha or 1) / slope(0, at)
    np.testing.assert_allclose(drawn, ratio, rtol=1e-9)


@pytest.mark.parametrize("gamma", V5)
def test_peaks_and_crossings_are_those_of_v5(gamma):
    """Focal lowers every loss and yet raises gradients: by how much, where, and up to where."""
    peak, at, crossing = V5[gamma]
    found = emphasis(Focal(gamma=gamma))
    assert found.peak == pytest.approx(peak, rel=1e-9)
    assert found.peak_at == pytest.approx(at, abs=1e-5)
    assert found.louder == ((0.0, pytest.approx(crossing, abs=1e-12)),)
    if gamma == 1:
        assert found.louder[0][1] == pytest.approx(np.exp(-1), abs=1e-12)
        assert found.peak_at == pytest.approx(np.exp(-2), abs=1e-6)
    peaks, crossings = marks([gamma])
    assert peaks[0] == pytest.approx(found.peak_at, abs=5e-6)
    assert crossings[0, 0] == pytest.approx(crossing, abs=1e-8)
    assert np.isnan(crossings[0, 1])


@pytest.mark.parametrize("alpha", [0.85, 0.95])
def test_marks_of_a_weighted_class_are_its_two_crossings(alpha):
    """With α below 1 a hopeless row is quieter again, so the ratio is above 1 between two places."""
    gammas = (0.0, 2.0, 5.0)
    _, crossings = marks(gammas, alpha)
    for gamma, found in zip(gammas, crossings, strict=True):
        louder = emphasis(Focal(gamma=gamma, alpha=alpha)).louder
        bounds = [end for pair in louder for end in pair]
        assert found[~np.isnan(found)].tolist() == pytest.approx(bounds, abs=1e-7)


# --- Figure 4: how few rows carry the loss


def uniform(gamma, x):
    """The curve where p_t is uniform: ∫ −u^γ log(1 − u) from 0 to x, over the same to 1."""
    e = np.log(np.maximum(1 - x, 1e-300)) * (1 - x)
    if gamma == 0:
        return x + e
    return (0.5 * (1 + x) * e + x**2 / 4 + x / 2) / 0.75  # for γ = 1


@pytest.mark.parametrize("gamma", [0.0, 1.0])
def test_figure_4_of_the_paper_has_its_closed_form_where_p_t_is_uniform(gamma):
    p = (np.arange(200_000) + 0.5) / 200_000
    found = cumulative(SIGMOID.score(p), [gamma])
    np.testing.assert_allclose(found.loss[0], uniform(gamma, PLACES), atol=2e-5)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_figure_4_is_the_running_sum_of_the_sorted_losses(gamma):
    for place, found in by_class(rows(), [gamma]).items():
        mine = rows().target == place
        losses = np.sort(Focal(gamma=gamma).value(rows().target[mine], rows().logits[mine]))
        sums = np.append(0, np.cumsum(losses)) / losses.sum()
        expected = np.interp(PLACES, np.linspace(0, 1, len(sums)), sums)
        np.testing.assert_allclose(found.loss[0], expected, rtol=1e-9, atol=1e-13)
        assert found.loss[0, 0] == 0
        assert found.loss[0, -1] == pytest.approx(1)
        assert np.interp(1 - found.half[0], np.linspace(0, 1, len(sums)), sums) == pytest.approx(
            0.5
        )


def test_higher_gamma_leaves_the_loss_to_fewer_rows():
    """S27: γ controls the focus, on every class of every model."""
    for model in ("logistic_regression", "random_forest", "naive_bayes"):
        for found in by_class(rows(model), GAMMAS).values():
            assert (np.diff(found.loss, axis=0) <= 1e-12).all()
            assert (np.diff(found.half) < 0).all()


def test_weights_count_as_rows_written_out():
    once, often = weighted()
    for place, found in by_class(once, GAMMAS).items():
        other = by_class(often, GAMMAS)[place]
        np.testing.assert_allclose(found.loss, other.loss, rtol=1e-9, atol=1e-12)
    shares, others = (owned(each, GAMMAS).shares(2.0, 0.3) for each in (once, often))
    for part in ("rows", "loss", "pull"):
        np.testing.assert_allclose(getattr(shares, part), getattr(others, part), rtol=1e-9)
    costs, likewise = (read(each, 2.0, 0.3).cost for each in (once, often))
    np.testing.assert_allclose(costs, likewise, rtol=1e-9)
    moved, same = (shrunk(each, 2.0) for each in (once, often))
    assert moved.mean == pytest.approx(same.mean, rel=1e-12)
    assert moved.most == same.most


def test_rows_of_infinite_loss_are_left_out_and_counted():
    """A certain mistake owns everything: without a word it would make every share NaN."""
    found = made([-np.inf, 1.0, -1.0, np.inf, 3.0], [1, 1, 0, 0, 0])
    curves = by_class(found, GAMMAS)
    assert found.endless == 2
    assert [curves[k].counted for k in (0, 1)] == [2, 1]
    assert np.isfinite(curves[0].loss).all()
    shares = owned(found, GAMMAS)
    for gamma in GAMMAS:
        one = shares.shares(gamma)
        assert one.loss.sum() == pytest.approx(1)
        assert one.pull.sum() == pytest.approx(1)
    assert (shares.pull.max(axis=(1, 2)) >= 1).all(), "a certain mistake pulls with 1"


def test_class_without_a_finite_loss_has_no_curve():
    assert set(by_class(made([1.0, 2.0], [1, 1]), GAMMAS)) == {1}
    wrong = made([-np.inf, 1.0], [1, 0])
    assert (set(by_class(wrong, GAMMAS)), wrong.endless) == ({0}, 1), "it counts without a curve"
    with pytest.raises(ValueError, match="no row of weight"):
        cumulative(np.array([-np.inf]), GAMMAS)


# --- Who owns the loss


@pytest.mark.parametrize("alpha", [None, 0.25, 0.9])
@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_shares_are_sums_over_rows_of_the_loss_and_of_a_jets_slope(gamma, alpha):
    found, focal = rows(), Focal(gamma=gamma, alpha=alpha)
    shares = owned(found, GAMMAS).shares(gamma, alpha)
    score = Jet(found.logits, np.ones_like(found.logits))
    jet = focal.value(found.target, score)
    pull, p = np.abs(jet.first), sigmoid(found.true_logit)
    for place in (0, 1):
        for k, (low, high) in enumerate(pairwise(EDGES)):
            mine = (found.target == place) & (p >= low) & (p < high + (high == 1))
            assert shares.loss[place, k] == pytest.approx(jet.value[mine].sum() / jet.value.sum())
            assert shares.pull[place, k] == pytest.approx(pull[mine].sum() / pull.sum())
            assert shares.rows[place, k] == pytest.approx(mine.mean())
    assert shares.of(0)[1] + shares.of(1)[1] == pytest.approx(1)
    assert shares.hard[1] == pytest.approx(shares.loss[:, :HARD].sum())


def test_focal_knows_p_t_and_not_the_class():
    """S25: exchange the classes of all rows, keep their p_t, and every share changes sides."""
    found = rows()
    other = made(-found.logits, 1 - found.target)
    mine, theirs = (owned(each, GAMMAS).shares(2.0) for each in (found, other))
    for part in ("rows", "loss", "pull"):
        np.testing.assert_allclose(getattr(mine, part), getattr(theirs, part)[::-1], rtol=1e-12)


def test_raised_rows_are_those_below_the_crossing():
    found = rows()
    assert raised(found, Focal()) == (sigmoid(found.true_logit) < V5[2.0][2]).sum() == 15
    assert raised(found, Focal(gamma=0.0)) == 0
    assert raised(replace(found, weight=np.zeros_like(found.target)), Focal()) == 0


@pytest.mark.parametrize("alpha", [0.1, 0.9])
def test_raised_rows_of_each_class_are_weighed_by_its_own_alpha(alpha):
    found, focal, plain = rows(), Focal(gamma=2.0, alpha=alpha), CrossEntropy()
    pulls = [np.abs(one.gradient(found.target, found.logits)) for one in (focal, plain)]
    assert raised(found, focal) == (pulls[0] > pulls[1]).sum() > 0


def test_rows_of_weight_0_are_neither_moved_nor_crossed_nor_the_farthest():
    kept, gone = [0.1, 0.2, -0.1], [3.0, 0.5]
    alone = shrunk(made(kept, [1, 0, 1]), 2.0, 0.3)
    weighed = made(kept + gone, [1, 0, 1, 1, 0], np.array([1.0, 1, 1, 0, 0]))
    found = shrunk(weighed, 2.0, 0.3)
    for part in ("rows", "far", "crossed", "mean", "most"):
        assert getattr(found, part) == pytest.approx(getattr(alone, part), rel=1e-14)
    assert found.most < np.abs(found.asked - found.given).max()


# --- Three readings


def test_formula_without_y_rewards_always_positive():
    """F7 and V5: a model that ignores the 95 negatives costs nothing, and the base rate 2.70."""
    always, base = rare(2.0, 0.25)[READINGS.index(LITERAL)]
    assert always == pytest.approx(1.0005003335835363e-09, rel=1e-9)
    assert base == pytest.approx(2.7036483768824766, rel=1e-12)
    for honest in rare(2.0, 0.25)[1:]:
        assert honest[0] > honest[1], "with y in it, the base rate is cheaper"


@pytest.mark.parametrize("gamma", GAMMAS)
def test_costs_of_the_readings_are_means_over_the_rows(gamma):
    found, alpha = rows(), 0.25
    p, y, base = sigmoid(found.logits), found.target, base_rate(found)
    candidates = [p, np.full_like(p, 0.999), np.full_like(p, base)]
    for place, q in enumerate(candidates):
        own = np.where(y == 1, q, 1 - q)
        share = np.where(y == 1, alpha, 1 - alpha)
        expected = [
            np.mean(-((1 - q) ** gamma) * np.log(q)),
            np.mean(-((1 - own) ** gamma) * np.log(own)),
            np.mean(-share * (1 - own) ** gamma * np.log(own)),
        ]
        assert read(found, gamma, alpha).cost[:, place] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("gamma", GAMMAS)
def test_best_constants_are_the_lowest_of_all_constants(gamma):
    found = read(rows(), gamma, 0.25)
    p = np.linspace(0.001, 0.999, 999)
    lowest = constants(p, found.base, gamma, 0.25).argmin(axis=1)
    assert found.best[1:] == pytest.approx(p[lowest[1:]], abs=1e-3)
    assert found.best[0] == 1
    assert lowest[0] == 998, "as written the cost falls all the way"


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_readings_of_a_single_class_have_costs(label):
    found = read(made([0.3, -0.2], [label, label]), 2.0, 0.25)
    assert np.isfinite(found.cost[:, :2]).all()
    assert found.best.tolist() == [1.0, label, label]


# --- What it asks for


def test_focal_asks_for_0627_at_08_and_for_0694_at_09():
    """S20 and S28: not the rate."""
    assert [round(float(asked(rate, 2.0)), 4) for rate in (0.8, 0.9)] == [0.6266, 0.6942]


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("alpha", [None, 0.3])
def test_expected_loss_is_flat_where_focal_asks_by_jets(gamma, alpha):
    focal = Focal(gamma=gamma, alpha=alpha)
    for rate in (0.05, 0.4, 0.9):  # at ½ the code takes an absolute value at its kink
        z = Jet(asked_logit(SIGMOID.score(np.array([rate])), gamma, alpha), 1.0)
        expected = rate * focal.value(np.ones(1), z) + (1 - rate) * focal.value(np.zeros(1), z)
        assert expected.first[0] == pytest.approx(0, abs=1e-12)
        assert expected.second[0] > 0


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("alpha", [None, 0.3])
def test_printed_way_back_is_the_computed_one(gamma, alpha):
    """The page shows this formula; the numbers beside it come from another form of it."""
    p = np.linspace(0.01, 0.99, 99)

    def g(v):
        return (1 - v) ** (gamma - 1) * ((1 - v) / v - gamma * np.log(v))

    own, other = (1.0, 1.0) if alpha is None else (alpha, 1 - alpha)
    back = other * g(1 - p) / (own * g(p) + other * g(1 - p))
    np.testing.assert_allclose(recovered(p, gamma, alpha), back, rtol=1e-10)


def test_shrinking_counts_the_rows_it_moves():
    found = shrunk(rows(), 2.0)
    p = sigmoid(rows().logits)
    gap = np.abs(asked(p, 2.0) - p)
    assert found.far == (gap > 0.05).sum()
    assert found.mean == pytest.approx(gap.mean())
    assert found.most == gap.max()
    assert found.crossed == 0, "without α, one half stays where it is"
    assert found.back < 1e-14
    assert shrunk(rows(), 0.0).far == 0


@pytest.mark.parametrize("gamma", [0.0, 2.0])
@pytest.mark.parametrize("weight", [5.0, 19.0, 0.2])
def test_weight_of_a_class_is_another_threshold(gamma, weight):
    """V12: 0 disagreements between ½ with weight w and 1 / (1 + w) without."""
    alpha = weight / (1 + weight)
    moved = shrunk(rows(), gamma, alpha)
    given = sigmoid(rows().logits)
    assert ((moved.asked > 0.5) != (given > 1 / (1 + weight))).sum() == 0
    assert float(recovered(0.5, gamma, alpha)) == pytest.approx(1 - alpha)
    assert moved.crossed == ((given > 0.5) != (given > 1 / (1 + weight))).sum()


def test_alpha_without_one_of_the_classes_is_refused():
    with pytest.raises(ValueError, match="without both classes"):
        shrunk(rows(), 2.0, 1.0)


def test_a_gamma_of_the_paper_looks_alike_in_every_figure():
    """Who has learned in one figure that dashes are γ = 1 must not read γ = 0.5 in the next."""
    sorted_rows = cumulative_figure({"1": by_class(rows(), GAMMA.grid())[1]}, 2.0)
    dashes = {}
    for figure in (probability_figure(Focal()), ratio_figure(Focal()), sorted_rows):
        for trace in figure.data:
            if trace["name"].startswith("γ = "):
                dashes.setdefault(trace["name"], set()).add(trace["line"]["dash"])
    assert len(dashes) == len(PAPER)
    assert all(len(looks) == 1 for looks in dashes.values()), dashes
    assert len(set.union(*dashes.values())) == len(PAPER)
    assert "longdash" not in set.union(*dashes.values()), "a legend's swatch holds one, a stray"
