"""The cross-entropy page says what the core computes, for every question and every kind of data."""

import math
import re

import numpy as np
import pytest

from charts.numbers import percent
from charts.style import color
from losses import Loss
from losses.chances import learned, predicted
from losses.data.bundled import Sample
from losses.hinges import Hinge
from losses.probabilistic import CrossEntropy, Focal
from losses.simplex import Answer
from losses.verdict.floor import bottom
from losses.verdict.margins import calibrated
from losses.verdict.mistake import Sureness, conventions
from tests.visits import drawn, labelled, visit, widgets

FLOOR, THREE, MANY, COUNT, MISTAKE = (
    "Where is its floor?", "And of three classes?", "Two, or many?", "Why not count mistakes?",
    "One mistake?",
)  # fmt: skip
PREDICTED = {"sample": "Malignant or not, predicted"}
PROBABILITIES = b"y_true,cat,dog,eel\n" + b"".join(
    b"%s,%.2f,%.2f,%.2f\n" % (name, *p)
    for name, *p in [
        (b"cat", 0.7, 0.2, 0.1), (b"dog", 0.1, 0.8, 0.1), (b"eel", 0.3, 0.3, 0.4),
        (b"dog", 0.5, 0.25, 0.25), (b"eel", 0.05, 0.05, 0.9), (b"cat", 0.6, 0.3, 0.1),
    ]
)  # fmt: skip


def at(question="What does a surprise cost?", **settings):
    """The page at a question, once sure that nothing on it stopped or was refused."""
    app = visit("cross_entropy", surprise=question, **settings)
    assert not app.exception, app.exception[0].message
    assert not app.error, app.error[0].value
    return app


def said(app):
    return app.info[0].value


def numbers(text):
    """Every number in a text; a minus in front of a digit belongs to it."""
    plain = text.replace("−", "-").replace(",", "")
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", plain)]


def table(app, column):
    """The first table with a column, as lists of words by column."""
    frames = [one.value for one in app.table]
    return next(frame for frame in frames if column in frame.columns)


@pytest.mark.parametrize(("unit", "cost"), [("nats", 2.303), ("bits", 3.322)])
def test_a_tenth_for_what_happened_is_said_in_nats_and_in_bits(unit, cost):
    """S14."""
    app = at(said="0.1", unit_of_surprise=unit)
    assert f"**{cost} {unit}**" in said(app)
    both = table(app, "Bits")
    assert both["Nats"][0] == "2.30259"
    assert both["Bits"][0] == "3.32193"
    assert "−0.900000" in both.iloc[0].tolist()
    marks = [one for one in drawn(app)["surprise_curves"]["data"] if "read" in one["name"]]
    assert marks[0]["y"][0] == pytest.approx(cost, abs=1e-3)


def test_weights_and_smoothing_move_the_curve_the_sentence_and_the_floor():
    settings = {"cross_entropy_positive_weight": "5", "cross_entropy_smoothing": "0.1"}
    loss = CrossEntropy(5.0, 0.1)
    value = float(loss.value(np.ones(1), np.array([math.log(0.1 / 0.9)]))[0])
    assert value in [pytest.approx(one, rel=1e-3) for one in numbers(said(at(**settings)))]
    app = at(FLOOR, eta="0.3", **settings)
    found = bottom(loss, 0.3)
    for number in (found.p, found.floor, found.at_truth):
        assert number in [pytest.approx(one, rel=1e-3) for one in numbers(said(app))]
    assert table(app, "Proper?")["Proper?"][0].startswith("no")


@pytest.mark.parametrize("eta", [0.2, 0.8])
def test_every_loss_of_a_probability_stands_in_the_table_with_its_bottom(eta):
    """S20: at η = .8 cross-entropy asks for .8, focal for .627."""
    app = at(FLOOR, eta=str(eta))
    found = table(app, "Floor")
    kinds = [kind() for kind in Loss.catalogue.values() if kind.family == "binary"]
    assert found["Loss"].tolist() == list(map(str, kinds))
    for row, loss in enumerate(kinds):
        one = bottom(loss, eta)
        assert float(found["Bottoms at p*"][row]) == pytest.approx(one.p, rel=1e-5)
        assert float(found["Found by search"][row]) == pytest.approx(one.p, rel=1e-5)
        assert float(found["Floor"][row]) == pytest.approx(one.floor, rel=1e-5)
        assert (found["Proper?"][row] == "yes") == (not isinstance(loss, Focal))


def test_training_on_penguins_is_said_to_run_to_certainty():
    """S20."""
    app = at(FLOOR)
    assert not [one for one in app.table if "‖w‖" in one.value.columns], "folded away at first"
    app.session_state["certainty"] = True
    app.run()
    assert table(app, "‖w‖")["‖w‖"].tolist()[-1] == "∞"


def test_the_triangle_says_what_the_answer_costs_and_its_gradient():
    app = at(THREE, z1="2", z2="-1", z3="0.5", parts_first="3", parts_second="4", parts_third="5")
    answer = Answer((2.0, -1.0, 0.5), (3.0, 4.0, 5.0))
    for number in (answer.cost, answer.floor, *answer.gradient):
        assert number in [pytest.approx(one, rel=6e-3) for one in numbers(said(app))]
    names = [one["name"] for one in drawn(app)["simplex"]["data"]]
    assert {"Adelie", "Chinstrap", "Gentoo"} <= set(names)


def test_adding_the_same_to_all_logits_changes_nothing():
    one, other = (said(at(THREE, z1=a, z2=b, z3=c)) for a, b, c in ("210", "321"))
    assert one == other


def test_a_certain_truth_costs_the_surprise_of_its_class():
    app = at(THREE, truth="the second class", z1="0", z2="0", z3="0")
    assert math.log(3) in [pytest.approx(one, rel=1e-3) for one in numbers(said(app))]
    assert not labelled(app, "Parts of the first")


def test_rows_of_two_classes_are_not_drawn_in_a_triangle_and_it_is_said():
    app = at(THREE, **PREDICTED)
    assert any("2 classes" in one.value for one in app.markdown)


def test_at_two_classes_the_difference_is_shown_to_be_exactly_zero():
    """V15."""
    app = at(MANY, classes="2")
    assert "**exactly 0**" in said(app)
    softmax, _, binary, _ = drawn(app)["classes_figure"]["data"]
    np.testing.assert_allclose(softmax["y"], binary["y"], atol=1e-6)
    other = drawn(at(MANY, classes="9"))["classes_figure"]["data"]
    assert other[0]["y"][60] == pytest.approx(math.log(9), rel=1e-6)


def test_every_margin_loss_stands_in_the_table_and_only_the_perceptron_is_not_calibrated():
    app = at(COUNT, margin_eta="0.8")
    found = table(app, "Calibrated?")
    kinds = [kind() for kind in Loss.catalogue.values() if kind.family == "margin"]
    assert found["Loss"].tolist() == [loss.name for loss in kinds]
    for row, loss in enumerate(kinds):
        known = calibrated(loss)
        assert found["Calibrated?"][row] == ("yes" if known.yes else "no")
        assert (found["How it is known"][row] == "found on a grid") != known.by_theorem
    assert found["Calibrated?"].tolist().count("no") == 1
    logistic = found["Loss"].tolist().index("Logistic")
    assert float(found["Lowest at η = 0.8"][logistic]) == pytest.approx(math.log(4), rel=1e-3)
    assert found["Lowest at η = 0.8"][0] == "above 0"
    assert found["Sign"].tolist().count("positive") == 9


def test_at_one_half_no_margin_loss_is_called_wrong():
    assert "neither class is likelier" in said(at(COUNT, margin_eta="0.5"))


@pytest.mark.parametrize("unit", ["nats", "bits"])
def test_one_mistake_raises_the_cost_and_costs_accuracy_one_row(unit):
    """S3."""
    app = at(MISTAKE, mistake="-20", model="random_forest", unit_of_surprise=unit, **PREDICTED)
    found = Sureness(predicted(Sample.catalogue["binary_predictions"]().load(), "random_forest"))
    cost, accuracy = found.one(found.surest(), -20.0)
    factor = 1 if unit == "nats" else 1 / math.log(2)
    for number in (factor * found.cost, factor * cost):
        assert number in [pytest.approx(one, rel=1e-3) for one in numbers(said(app))]
    assert f"**{percent(accuracy)}**" in said(app)
    assert percent(found.accuracy) in said(app)
    plain = table(app, "Accuracy").iloc[:, 0].tolist()
    assert plain[0] == "Mean cross-entropy"


def test_both_conventions_of_a_weight_stand_side_by_side():
    """F6."""
    app = at(MISTAKE, model="naive_bayes", class_weight="3", **PREDICTED)
    data = Sample.catalogue["binary_predictions"]().load()
    both = conventions(predicted(data, "naive_bayes"), 3.0)
    found = table(app, "Weighted cross-entropy")
    assert [float(one) for one in found["Nats"]] == pytest.approx(list(both.values()), rel=1e-5)


def test_the_class_that_is_weighted_can_be_picked_of_two_as_of_three():
    """Which class is called 1 is no property of the data, and its weight changes the cost."""
    app = at(MISTAKE, weighted_class="0", class_weight="3", model="naive_bayes", **PREDICTED)
    rows = predicted(Sample.catalogue["binary_predictions"]().load(), "naive_bayes")
    both = conventions(rows.against_the_rest(0), 3.0)
    found = table(app, "Weighted cross-entropy")
    assert [float(one) for one in found["Nats"]] == pytest.approx(list(both.values()), rel=1e-5)
    assert labelled(at(MISTAKE), "Class 1").options[0] == "Chinstrap", "the rarest penguin"


def test_ten_rows_show_the_more_accurate_model_to_cost_more():
    """V7."""
    frames = [one.value for one in at(MISTAKE).table]
    ten = next(frame for frame in frames if "Model" in frame.columns)
    assert ten["Accuracy"].tolist() == [percent(0.9), percent(0.8)]
    assert ten["Mean cross-entropy, nats"].tolist() == ["0.9301", "0.4450"]


def test_penguins_are_fitted_and_the_penalty_is_told():
    app = at(MISTAKE)
    found = Sureness(learned(Sample.catalogue["penguins"]().load()).chances)
    assert found.cost in [pytest.approx(one, rel=1e-3) for one in numbers(said(app))]
    assert any("penalty" in one.value for one in app.markdown)


def test_a_row_that_other_data_do_not_have_is_forgotten():
    app = at(MISTAKE, mistaken="500", **PREDICTED)
    assert "row 500" in said(app)
    labelled(app, "Sample").set_value("Palmer penguins").run()
    assert not app.exception
    assert "row 500" not in said(app)


@pytest.mark.parametrize("question", [THREE, MISTAKE])
def test_a_file_with_a_column_for_each_class_is_drawn_and_judged(question):
    app = at(question, source="Upload", upload=("three.csv", PROBABILITIES))
    if question == THREE:
        names = [one["name"] for one in drawn(app)["simplex"]["data"]]
        assert {"cat", "dog", "eel"} <= set(names)
    else:
        own = np.array([0.7, 0.8, 0.4, 0.25, 0.9, 0.6])
        cost = -np.log(own).mean()
        assert cost in [pytest.approx(one, rel=1e-3) for one in numbers(said(app))]
        assert percent(5 / 6) in said(app)
    assert not any("cat" in str(value) for value in app.query_params.values())


def test_a_model_that_excluded_what_happened_costs_infinity_and_it_is_said():
    """F4: undefined at 0 and 1 where the formula is in p; nothing is clipped."""
    rows = b"y_true,m\n" + b"1,0\n" + b"0,0.2\n1,0.7\n" * 10
    app = at(MISTAKE, source="Upload", upload=("m.csv", rows))
    assert app.warning[0].value.startswith("1 row got a probability of 0")
    assert "∞" in said(app)


def test_a_line_that_cannot_be_used_is_named():
    """The second promise, for a file of classes: nothing is dropped silently."""
    header, rows = PROBABILITIES.split(b"\n", 1)
    damaged = header + b"\n" + 10 * rows + b"dog,many,0.5,0.5\n"
    app = visit("cross_entropy", source="Upload", upload=("three.csv", damaged))
    assert any("line 62" in one.value for one in app.text)
    assert any("**60 rows**" in one.value for one in app.markdown)


def test_labels_alone_are_refused_with_a_sentence_where_they_are_needed():
    labels = b"y_true,m\n" + b"".join(
        b"%s,%s\n" % pair for pair in [(b"a", b"b"), (b"b", b"b")] * 9
    )
    app = visit("cross_entropy", surprise=MISTAKE, source="Upload", upload=("labels.csv", labels))
    assert not app.exception
    assert any("how sure" in one.value for one in app.error)


def test_every_slider_has_a_word_of_help():
    for question in (FLOOR, THREE, MANY, COUNT, MISTAKE, "What does a surprise cost?"):
        for widget in widgets(at(question)).values():
            if widget.key not in ("surprise", "projector"):
                assert getattr(widget, "help", "-"), widget.key


def test_a_link_between_two_stops_is_drawn_and_told_where_it_is():
    """The sentence and the figure's description once named the same log-odds and two costs."""
    app = at(MISTAKE, mistake="-10.2", **PREDICTED)
    before, cost = numbers(said(app).split("mean cross-entropy")[1])[:2]
    assert before < cost
    figure = drawn(app)["mistake_figure"]
    assert f"at log-odds -10.2 of its own class {cost:.4f} nats" in figure["alt"]
    mark = next(trace for trace in figure["data"] if trace["name"] == "with the row here")
    assert mark["x"].tolist() == [-10.2]
    assert mark["y"][0] == pytest.approx(cost, abs=1e-4)


def test_the_best_scores_are_told_in_the_same_words_in_table_and_figure():
    """An open end at 0 is said as such, not as the tiny number that stands for it."""
    app = at(COUNT, margin_eta="0.7")
    lows = table(app, "Calibrated?")
    assert lows["Lowest at η = 0.7"][0] == "above 0"
    alt = drawn(app)["margins"]["alt"]
    assert "Zero-one 0.3000, at a score: above 0;" in alt
    assert not re.search(r"e-\d|inf", alt)


def test_no_two_of_the_margin_losses_drawn_at_first_share_a_color():
    """Hinge and Savage stood in one color, in dashes that look alike."""
    data = drawn(at(COUNT))["margins"]["data"]
    curves = [one for one in data if one.get("showlegend")]
    assert len({one["line"]["color"] for one in curves}) == len(curves) == 5
    by_name = {one["name"]: one["line"]["color"] for one in curves}
    assert by_name["Hinge"] == color(Hinge), "the first to have a color keeps it"
    marks = {one["name"]: one["marker"]["color"] for one in data if "lowest" in one["name"]}
    assert marks == {f"{name}: lowest": shade for name, shade in by_name.items()}


def test_an_answer_at_the_truth_is_said_to_diverge_by_0():
    app = at(THREE, z1="0", z2="0", z3="0", parts_first="4", parts_second="4", parts_third="4")
    assert "plus 0, the divergence" in said(app)


def test_a_row_that_stays_right_leaves_the_accuracy_and_it_is_said():
    """From 99.1 % to 99.1 % and no further said nothing."""
    sure = said(at(MISTAKE, mistake="10"))
    assert "accuracy stays at **" in sure
    assert "a probability of 1 − 4.54e−05 for" in sure, "which is not the 1.000 that it rounds to"
    assert "and no further" in said(at(MISTAKE, mistake="-10"))


def test_a_weighted_cross_entropy_is_in_the_unit_that_the_rail_picks():
    found = table(at(MISTAKE, unit_of_surprise="bits"), "Weighted cross-entropy")["Bits"]
    nats = table(at(MISTAKE), "Weighted cross-entropy")["Nats"]
    for bits, same in zip(found, nats, strict=True):
        assert float(bits) * math.log(2) == pytest.approx(float(same), rel=1e-5)


def test_the_last_column_of_the_margin_losses_says_what_a_wrong_sign_costs():
    found = table(at(COUNT), "A wrong sign costs at least")
    loss = Hinge()
    cell = found["A wrong sign costs at least"][found["Loss"].tolist().index(loss.name)]
    known = calibrated(loss)
    assert numbers(cell)[0] == pytest.approx(known.gap, rel=0.05)
    assert "more, at η = " in cell
