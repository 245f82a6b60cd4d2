"""What the cross-entropy page computes: floors, calibrated margins, the triangle, one mistake."""

import mpmath
import numpy as np
import pytest

from losses import Loss, simplex
from losses.arrays import floats
from losses.chances import Chances, learned, predicted
from losses.cost import cost
from losses.data.bundled import Sample
from losses.jet import variable
from losses.links import SIGMOID, SOFTMAX, sigmoid
from losses.multiclass import SoftmaxCrossEntropy
from losses.probabilistic import Brier, CrossEntropy, Focal
from losses.verdict.certainty import fading
from losses.verdict.floor import bottom, entropy, expected, expected_at, off, searched
from losses.verdict.margins import calibrated, lowest, risk
from losses.verdict.mistake import LOGITS, Sureness, conventions, ten_rows
from losses.verdict.surprise import UNITS, apart, priced

ETAS = (0.05, 0.3, 0.5, 0.8, 0.99)
BINARY = [
    CrossEntropy(), CrossEntropy(5.0), CrossEntropy(1.0, 0.2), CrossEntropy(0.3, 0.5),
    Focal(0.0), Focal(), Focal(5.0, 0.25), Focal(0.0, 0.7), Brier(),
]  # fmt: skip
MARGIN = {slug: kind() for slug, kind in Loss.catalogue.items() if kind.family == "margin"}
BEST = {  # score of each margin loss at a true rate, in closed form
    "hinge": np.vectorize(lambda eta: np.sign(eta - 0.5)),
    "squared_hinge": lambda eta: 2 * eta - 1,
    "modified_huber": lambda eta: 2 * eta - 1,
    "smooth_hinge": lambda eta: 1 - (1 - eta) / eta if eta > 0.5 else eta / (1 - eta) - 1,
    "logistic": lambda eta: np.log(eta / (1 - eta)),
    "exponential": lambda eta: np.log(eta / (1 - eta)) / 2,
    "savage": lambda eta: np.log(eta / (1 - eta)),
    "tangent": lambda eta: np.tan(eta - 0.5),
    "perceptron": lambda eta: 0.0,
}
EACH = pytest.mark.parametrize("loss", BINARY, ids=str)


def sample(slug):
    return Sample.catalogue[slug]().load()


# --- The floor


@EACH
@pytest.mark.parametrize("eta", ETAS)
def test_the_bottom_is_where_a_fine_grid_has_it_and_where_the_search_ends(loss, eta):
    """The closed forms, the search and brute force are three ways to one number."""
    p = np.linspace(0, 1, 200_001)[1:-1]
    grid = expected(loss, p, eta)
    found = bottom(loss, eta)
    assert found.formula
    assert found.p == pytest.approx(p[grid.argmin()], abs=6e-6)
    assert found.floor <= grid.min() * (1 + 1e-14)
    assert found.floor == pytest.approx(grid.min(), rel=1e-6)
    other = searched(loss, eta)
    assert not other.formula
    assert found.p == pytest.approx(other.p, abs=1e-7)
    assert found.floor == pytest.approx(other.floor, rel=1e-13)


@pytest.mark.parametrize("eta", ETAS)
def test_cross_entropy_at_the_truth_costs_the_entropy_and_not_zero(eta):
    """S1, S20: at true rate .8 the best p is .8, and it costs .5004 nats."""
    exact = float(-eta * mpmath.log(eta) - (1 - eta) * mpmath.log(1 - eta))
    found = bottom(CrossEntropy(), eta)
    assert found.p == pytest.approx(eta, rel=1e-14)
    assert found.floor == pytest.approx(exact, rel=1e-14)
    assert entropy(np.array([eta, 1 - eta])) == pytest.approx(exact, rel=1e-14)
    assert bottom(Brier(), eta).floor == pytest.approx(eta * (1 - eta), rel=1e-13)


@EACH
def test_proper_is_whoever_asks_for_the_truth_at_every_rate(loss):
    """S20, V5: focal at γ = 2 asks for .627 where the rate is .8; at ½ alone it would look proper."""
    far, at = off(loss)
    proper = loss in (CrossEntropy(), Focal(0.0), Brier())
    assert (far == 0) == proper
    if not proper:
        assert far == pytest.approx(abs(bottom(loss, at).p - at))


def test_a_loss_that_no_formula_is_known_for_is_searched():
    assert bottom(Focal(2.0, 1.0), 0.3).formula == ""
    assert bottom(Focal(), 0.8).p == pytest.approx(0.6266, abs=5e-5)


@EACH
def test_the_average_loss_is_flat_where_it_bottoms_by_its_jet(loss):
    """The derivative of the very expression that is drawn, not of a formula beside it."""
    for eta in (0.05, 0.3, 0.8, 0.99):  # at ½ some bottom at z = 0, where the code's |z| has no jet
        z = variable(np.array([float(SIGMOID.score(np.array(bottom(loss, eta).p)))]))
        total = eta * loss.phi(z, np.ones(1)) + (1 - eta) * loss.phi(-z, np.zeros(1))
        assert abs(total.first[0]) < 1e-10
        assert total.second[0] > 0
        assert total.value[0] == pytest.approx(float(expected_at(loss, z.value, eta)[0]), rel=1e-14)


def test_a_class_that_never_comes_costs_nothing_even_at_certainty():
    assert expected(CrossEntropy(), np.array([0.0]), 0.0) == 0
    assert expected(CrossEntropy(), np.array([0.0]), 0.1) == np.inf


def test_training_runs_to_certainty_only_where_classes_can_be_separated():
    """S20: penguins can be, so ‖w‖ grows by each penalty; tumors overlap, so it comes to rest."""
    penguins, tumors = fading(sample("penguins")), fading(sample("breast_cancer"))
    assert penguins[-1].norm == np.inf
    assert tumors[-1].norm == pytest.approx(16.197, abs=1e-3)
    for found in (penguins, tumors):
        norms, costs = [one.norm for one in found], [one.cost for one in found]
        assert norms == sorted(norms)
        assert costs == sorted(costs, reverse=True)
    assert tumors[-1].cost > 0.12


# --- A surprise


def test_ninety_percent_sure_and_wrong_is_2_303_nats_or_3_32_bits():
    """S14, F4."""
    price = priced(CrossEntropy(), 0.1, positive=True)
    assert price.value == pytest.approx(float(-mpmath.log("0.1")), rel=1e-15)
    assert price.value * UNITS["bits"] == pytest.approx(float(mpmath.log(10, 2)), rel=1e-15)
    assert price.gradient == pytest.approx(0.1 - 1, rel=1e-15)
    assert priced(CrossEntropy(), 0.1, positive=False).gradient == pytest.approx(0.1, rel=1e-15)


def test_cross_entropy_over_two_classes_less_the_binary_one_is_exactly_zero():
    """V15, F5, S15; from logits two stable forms differ by roundings of values up to 30."""
    found = apart()
    assert found.formulas == 0
    assert found.gradients == 0
    assert found.values < 2 * np.spacing(30.0)


# --- Margins


@pytest.mark.parametrize("slug", MARGIN)
def test_calibrated_is_all_but_the_perceptron_and_the_grid_agrees_with_the_theorem(slug):
    """Convex ones are decided by φ'(0), others on a grid; for all, the grid says the same."""
    found = calibrated(MARGIN[slug])
    assert found.yes == (slug != "perceptron")
    assert found.by_theorem == (slug not in ("zero_one", "savage", "tangent"))
    assert (found.gap > 1e-12) == found.yes
    if slug in ("perceptron", "zero_one"):
        assert np.isnan(found.slope)
    else:
        jet = MARGIN[slug].phi(variable(np.array([1e-13])))  # at 0 the code's |m| has none
        assert found.slope == pytest.approx(float(jet.first[0]), rel=1e-12)


@pytest.mark.parametrize("slug", BEST)
@pytest.mark.parametrize("eta", [0.05, 0.3, 0.7, 0.8, 0.99])
def test_the_best_score_is_the_closed_form_and_no_other_score_costs_less(slug, eta):
    loss = MARGIN[slug]
    found = lowest(loss, eta)
    assert found.low == found.high
    assert found.low == pytest.approx(float(BEST[slug](eta)), abs=1e-7)
    everywhere = risk(loss, np.linspace(-20, 20, 400_001), eta)
    assert found.risk <= everywhere.min() + 1e-12
    assert found.sign == (0 if slug == "perceptron" else int(np.sign(eta - 0.5)))


@pytest.mark.parametrize("eta", [0.2, 0.7])
def test_the_count_of_mistakes_is_least_on_a_whole_side(eta):
    found = lowest(MARGIN["zero_one"], eta)
    assert found.risk == pytest.approx(min(eta, 1 - eta), rel=1e-15)
    assert found.sign == int(np.sign(eta - 0.5))
    assert np.isinf(found.high if eta > 0.5 else found.low)


def test_at_one_half_nobody_has_a_side():
    for slug, loss in MARGIN.items():
        found = lowest(loss, 0.5)
        assert found.sign == 0, slug
        assert found.low <= 0 <= found.high, slug
    hinge = lowest(MARGIN["hinge"], 0.5)
    assert (hinge.low, hinge.high) == (-1, 1)


# --- The triangle


def test_points_of_the_triangle_are_answers_and_back():
    rng = np.random.default_rng(0)
    for z in rng.normal(0, 2, (20, 3)):
        x, y = simplex.place(SOFTMAX.prediction(z))
        np.testing.assert_allclose(simplex.logits_at(x, y), z - z.mean(), rtol=1e-9, atol=1e-12)
    assert simplex.logits_at(-0.1, 0.5) is None
    assert simplex.logits_at(0.5, 0.0) is None, "on the border a logit is infinite"


@pytest.mark.parametrize("parts", [(12, 6, 2), (1, 1, 1), (1, 0, 0), (0, 0, 1), (20, 1, 1)])
@pytest.mark.parametrize("above", [0.1, 1.0, 3.0])
def test_an_outline_costs_what_it_says_or_is_the_border(parts, above):
    answer = simplex.Answer((0.0, 0.0, 0.0), parts)
    outline = simplex.outline(answer.q, answer.floor + above)
    costs = simplex.surprise(answer.q, outline)
    border = outline.min(axis=1) < 1e-12
    np.testing.assert_allclose(costs[~border], answer.floor + above, rtol=1e-9)
    assert (costs <= answer.floor + above + 1e-9).all()
    np.testing.assert_allclose(outline.sum(axis=1), 1, rtol=1e-14)
    assert (outline >= -1e-15).all()


def test_the_cost_of_an_answer_is_softmax_cross_entropy_and_its_gradient_p_minus_q():
    """F5: drawn as arrows; checked against the loss of the catalogue, and by differences."""
    answer = simplex.Answer((1.3, -0.4, 0.2), (5, 3, 2))
    z = np.tile(answer.logits, (3, 1))
    loss = SoftmaxCrossEntropy()
    assert answer.cost == pytest.approx(loss.value(np.arange(3), z) @ answer.q, rel=1e-14)
    np.testing.assert_allclose(
        answer.gradient, answer.q @ loss.gradient(np.arange(3), z), rtol=1e-13
    )
    assert abs(answer.gradient.sum()) < 1e-15
    for k in range(3):
        step = 1e-5 * (np.arange(3) == k)
        ends = [
            simplex.Answer(tuple(np.array(answer.logits) + side * step), answer.parts).cost
            for side in (-1, 1)
        ]
        assert (ends[1] - ends[0]) / 2e-5 == pytest.approx(answer.gradient[k], rel=1e-8)
    assert answer.floor == pytest.approx(entropy(answer.q))
    np.testing.assert_allclose(answer.along(1, np.array([-0.4]))[0], answer.p, rtol=1e-15)


# --- One mistake


def test_ten_rows_of_which_the_more_accurate_model_costs_more():
    """V7, S3: accuracy .9 with .93 nats, .8 with .45."""
    sure, modest = ten_rows()
    assert (sure.accuracy, modest.accuracy) == (0.9, 0.8)
    assert sure.cost == pytest.approx(0.9300793394657807, rel=1e-13)
    assert modest.cost == pytest.approx(0.4450414943945403, rel=1e-13)


@pytest.mark.parametrize("slug", ["penguins", "binary_predictions"])
def test_a_row_made_wrong_costs_what_it_does_in_the_data(slug):
    """Recomputed from probabilities changed row by row: cost and accuracy alike."""
    data = sample(slug)
    rows = learned(data).chances if slug == "penguins" else predicted(data, "random_forest")
    found, row = Sureness(rows), Sureness(rows).surest()
    own = int(rows.target[row])
    for logit in (-40.0, -3.0, 0.0, 0.5, 10.0):
        p = rows.probabilities.copy()
        others = np.where(np.arange(p.shape[1]) == own, 0.0, p[row])
        others = others if others.any() else 1.0 - (np.arange(2) == own)
        p[row] = others * float(sigmoid(np.array(-logit))) / others.sum()
        p[row, own] = float(sigmoid(np.array(logit)))
        true = np.take_along_axis(p, rows.target.astype(int)[:, None], axis=1)[:, 0]
        others = np.where(np.arange(p.shape[1]) == rows.target[:, None], -1, p).max(axis=1)
        cost, accuracy = found.one(row, logit)
        assert cost == pytest.approx(-np.log(true).mean(), rel=1e-9)
        assert accuracy == pytest.approx((true > others).mean(), rel=1e-12)
    costs, right = found.with_row(row, LOGITS)
    assert (np.diff(costs) < 0).all(), "the surer of the truth, the cheaper"
    assert np.ptp(right) == pytest.approx(1 / len(data)), "accuracy loses one row and no more"


def test_base_rates_cost_their_entropy_and_a_weight_of_zero_counts_nothing():
    y, z = np.array([0.0, 0, 0, 1, 1]), np.array([-2.0, -1, 1, 2, -np.inf])
    w = np.array([1.0, 2, 3, 4, 0])
    found = Sureness(Chances("m", ("a", "b"), y, z, np.arange(5), w))
    np.testing.assert_allclose(found.base_rates, [0.6, 0.4], rtol=1e-15)
    assert found.base == pytest.approx(-0.6 * np.log(0.6) - 0.4 * np.log(0.4), rel=1e-15)
    assert found.cost == pytest.approx(
        cost(CrossEntropy(), y[:4], floats(z[:4]), w[:4], "weighted mean"), rel=1e-14
    )
    assert found.accuracy == pytest.approx(0.7, rel=1e-15)
    certain = Sureness(Chances("m", ("a", "b"), y, z, np.arange(5)))
    assert (found.chances.endless, certain.chances.endless) == (0, 1)
    assert certain.cost == np.inf, "a probability of 0 for what happened is not clipped"


def test_a_weight_is_divided_by_rows_or_by_weights():
    """F6: Σ w L ÷ N and Σ w L ÷ Σ w, which differ by the mean weight."""
    y, z = np.array([0.0, 0, 0, 1]), np.array([-1.0, 0.3, -2, 0.4])
    two = Chances("m", ("a", "b"), y, z, np.arange(4))
    losses, w = CrossEntropy().value(y, z), np.array([1.0, 1, 1, 5])
    by_rows, by_weights = conventions(two, 5.0).values()
    assert by_rows == pytest.approx((w * losses).sum() / 4, rel=1e-14)
    assert by_weights == pytest.approx(np.average(losses, weights=w), rel=1e-14)


def test_row_weights_multiply_those_of_the_classes():
    y, z, mine = np.array([0.0, 0, 0, 1]), np.array([-1.0, 0.3, -2, 0.4]), np.array([1.0, 2, 0, 3])
    two = Chances("m", ("a", "b"), y, z, np.arange(4), mine)
    losses, w = CrossEntropy().value(y, z), mine * [1, 1, 1, 5]
    by_rows, by_weights = conventions(two, 5.0).values()
    assert by_rows == pytest.approx((w * losses).sum() / 4, rel=1e-14)
    assert by_weights == pytest.approx(np.average(losses, weights=w), rel=1e-14)


def test_the_surest_row_is_one_that_counts():
    y, z = np.array([1.0, 1, 0]), np.array([1.0, 9.0, -2.0])
    rows = Chances("m", ("a", "b"), y, z, np.arange(3), np.array([1.0, 0, 1]))
    assert Sureness(rows).surest() == 2


def test_a_row_that_was_certain_leaves_its_rivals_even():
    """Nothing says how the others share what is left: at p = .38 of three, no rival has more."""
    z = SOFTMAX.score(np.array([[0.0, 1.0, 0.0], [0.2, 0.3, 0.5]]))
    found = Sureness(Chances("m", ("a", "b", "c"), np.array([1.0, 2.0]), z, np.arange(2)))
    assert [found.one(0, logit)[1] for logit in (-0.5, -0.8)] == [1.0, 0.5]


def test_scikit_learn_divides_by_the_weights():
    """F6: what the page says of it, by running it."""
    metrics = pytest.importorskip("sklearn.metrics")
    y, z = np.array([0.0, 0, 0, 1]), np.array([-1.0, 0.3, -2, 0.4])
    by_rows, by_weights = conventions(Chances("m", ("a", "b"), y, z, np.arange(4)), 5.0).values()
    weighed = metrics.log_loss(y, sigmoid(z), sample_weight=[1, 1, 1, 5])
    assert by_weights == pytest.approx(weighed, rel=1e-12)
    assert by_rows == pytest.approx(2 * by_weights, rel=1e-12)


@pytest.mark.parametrize("parts", [1, 7, 20])
@pytest.mark.parametrize("logit", [0.0, 0.7, -4.9])
def test_an_answer_that_is_the_truth_diverges_from_it_by_exactly_nothing(parts, logit):
    """Cost less entropy left 2e-16: two roundings of one number."""
    assert simplex.Answer((logit,) * 3, (parts,) * 3).divergence == 0


@pytest.mark.parametrize("parts", [(1, 0, 0), (0, 3, 1), (12, 6, 2)])
def test_the_divergence_is_what_the_answer_costs_above_the_floor(parts):
    for logits in np.random.default_rng(0).uniform(-5, 5, (50, 3)):
        answer = simplex.Answer(tuple(logits), parts)
        assert answer.divergence == pytest.approx(answer.cost - answer.floor, rel=1e-12, abs=1e-14)
        assert answer.divergence >= 0


def test_a_divergence_of_a_hair_keeps_its_digits():
    """Near the truth it is ½ Σ (p − q)² ÷ q, far below the rounding of the cost."""
    answer = simplex.Answer((1e-9, 0.0, 0.0), (1, 1, 1))
    expected = 0.5 * float(((answer.p - answer.q) ** 2 / answer.q).sum())
    assert answer.divergence == pytest.approx(expected, rel=1e-5)
