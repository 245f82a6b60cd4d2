"""The Imbalance page says what the core computes, for features and for given probabilities."""

import re

import numpy as np
import pytest

from charts.numbers import percent
from losses.chances import predicted
from losses.data.bundled import Sample
from losses.data.generators import RareEvent, ThreeBlobs
from losses.imbalance import Given, Rare, instead, moved, outcome, scatter, views
from losses.verdict import focal
from pages.shared.ahead import PATH, answered
from tests.visits import drawn, visit, widgets

FOUND, VIEWS, COST, RESAMPLED = (
    "Who is found?",
    "Weight, threshold or prior?",
    "What does recall cost?",
    "And resampling?",
)
PREDICTED = {"source": "Sample", "sample": "Malignant or not, predicted"}
DATA = RareEvent().seeded(0)
CASE = Rare.of(DATA, 1, DATA.columns)


def asked(question, **settings):
    app = visit("imbalance", question=question, **settings)
    assert not app.exception
    assert not app.error
    return app


def table(app, place):
    return app.table[place].value


def joined(heading):
    """As a table has it, whose headings break at commas alone."""
    return heading.replace(" = ", "\u00a0=\u00a0")


def told(app):
    return app.info[0].value


def test_counts_are_those_of_the_exact_fit_at_the_sliders():
    app = asked(FOUND, weight="5", gamma="1", threshold="0.3")
    here = CASE.judged(CASE.at(5.0, 1.0), 0.3)
    counts = table(app, 0)
    assert counts["called 1"].tolist() == [
        f"{here.counts.true_positive:,.0f}",
        f"{here.counts.false_positive:,.0f}",
    ]
    assert counts["called 0"].tolist() == [
        f"{here.counts.false_negative:,.0f}",
        f"{here.counts.true_negative:,.0f}",
    ]
    ratios = table(app, 1).set_index("")["here"]
    assert ratios["Recall"] == percent(here.counts.recall)
    assert ratios["Precision"] == percent(here.counts.precision)
    assert ratios["Brier score"] == f"{here.brier:.3g}"
    assert ratios["Mean p"] == f"{here.mean:.3g}"
    assert f"p = {float(focal.asked(moved(0.05, 5.0), 1.0)):.3g}" in told(app)


def test_calling_nobody_beats_a_weighted_fit_in_accuracy():
    """The trap that the page opens with: accuracy praises who looks for nobody."""
    said = told(asked(FOUND, weight="5"))
    accuracy, nobody = (float(share) for share in re.findall(r"([\d.]+)\s%[;.]", said)[:2])
    assert accuracy < nobody == 95.0


@pytest.mark.parametrize("weight", [5.0, 19.0])
def test_three_views_disagree_on_no_row_and_the_refit_is_counted(weight):
    app = asked(VIEWS, weight=str(weight))
    found = views(CASE.at().logits, weight, CASE.at(weight).logits)
    assert "**0 of 2,000 rows**: they are one decision" in told(app)
    places = found.differing("threshold", "refit")
    assert f"**{len(places)}** of the rows" in told(app)
    listed = next(said.value for said in app.markdown if "decides otherwise" in said.value)
    assert re.findall(r"\d+", listed.split(":**")[1])[:12] == [
        str(row) for row in DATA.rows[places[:12]]
    ]
    best = table(app, 0)
    assert best["best p"][1] == f"{moved(0.05, weight):.3g}"


def test_a_threshold_buys_the_recall_that_a_weight_pays_for():
    app = asked(COST, weight="19")
    plain, here = CASE.judged(CASE.at()), CASE.judged(CASE.at(19.0))
    steady = outcome(CASE.target, CASE.at().logits, 1 / 20)
    ratios = table(app, 0).set_index("")
    assert ratios[joined("w = 19, γ = 0, t = 0.5")]["Recall"] == percent(here.counts.recall)
    assert ratios[joined("plain, moved to t = 0.05")]["Recall"] == percent(steady.counts.recall)
    assert ratios[joined("plain, moved to t = 0.05")]["Brier score"] == f"{plain.brier:.3g}"
    assert f"**{here.mean:.3g}**" in told(app)
    film = drawn(app)["trade_films"]["films"]["weight"]
    assert {1.0, 100.0} <= set(film["stops"].tolist())


def test_a_threshold_buys_the_same_recall_with_gamma_too():
    """At γ = 2 the threshold that decides alike is 0.338, not the 0.109 of cross-entropy."""
    app = asked(COST, weight="19", gamma="2", threshold="0.7")
    there = instead(0.7, 19.0, 2.0)
    steady = outcome(CASE.target, CASE.at().logits, there)
    assert (
        f"threshold {there:.3g} on the plain model finds {percent(steady.counts.recall)}"
        in told(app)
    )
    here = CASE.judged(CASE.at(19.0, 2.0), 0.7)
    assert abs(steady.counts.recall - here.counts.recall) < 0.05


def test_gamma_runs_along_the_axis_and_moves_recall_little():
    app = asked(COST, along="focal γ", weight="1", gamma="2", measure="Brier score")
    here, plain = CASE.judged(CASE.at(1.0, 2.0)), CASE.judged(CASE.at())
    assert f"from {plain.brier:.3g} to {here.brier:.3g}" in told(app)
    assert abs(here.counts.recall - plain.counts.recall) < 0.02
    assert "gamma" in drawn(app)["trade_films"]["films"]


def test_resampling_is_told_with_its_rows_and_its_scatter():
    app = asked(RESAMPLED, weight="19", resample_seed="3")
    for way, taken in (("oversampling", "3,800"), ("undersampling", "200")):
        found = scatter(CASE, way, 19.0)
        low, high = found.band("recall")
        assert f"**{way.capitalize()}** fits {taken} rows" in told(app)
        assert f"{percent(low)} to {percent(high)}" in told(app)
        column = table(app, 0).set_index("")[f"{way}, seed 3"]
        assert column["Recall"] == percent(found.outcomes[3].counts.recall)


def test_given_probabilities_are_shifted_and_nothing_is_refitted():
    app = asked(FOUND, **PREDICTED, model="random_forest", weight="4", threshold="0.4")
    chances = predicted(Sample.catalogue["binary_predictions"]().load(), "random_forest")
    here = Given(chances).judged(4.0, 0.4)
    assert table(app, 0)["called 1"].tolist() == [
        f"{here.counts.true_positive:.0f}",
        f"{here.counts.false_positive:.0f}",
    ]
    assert "gamma" not in widgets(app)
    said = "".join(said.value for said in app.markdown)
    assert "Nothing is refitted" in said
    assert "γ has no slider here: it needs features" in said
    for question in (VIEWS, COST):
        asked(question, **PREDICTED, model="random_forest", weight="4")


def test_resampling_of_given_probabilities_is_answered_by_what_it_needs():
    """A link to the question must not open another one without a word."""
    app = asked(RESAMPLED, **PREDICTED)
    assert app.radio(key="question").value == RESAMPLED
    assert "trained already: bring its features" in told(app)
    assert not drawn(app).keys() & {"resampled", "strips"}


@pytest.mark.parametrize("question", [FOUND, VIEWS, COST, RESAMPLED])
def test_one_class_of_three_stands_against_the_rest(question):
    app = asked(question, generator="Three blobs", **{"class": "1"}, weight="2")
    data = ThreeBlobs().seeded(0)
    case = Rare.of(data, 1, data.columns)
    if question == FOUND:
        here = case.judged(case.at(2.0))
        assert table(app, 0)["called 1"][0] == f"{here.counts.true_positive:.0f}"
    assert app.selectbox(key="class").options[0] == "2", "the rarest comes first"


@pytest.mark.parametrize("every", [False, True])
def test_of_many_columns_two_are_drawn_and_the_fit_is_on_them_or_on_all(every):
    data = Sample.catalogue["breast_cancer"]().load()
    settings = {
        "source": "Sample",
        "sample": "Breast cancer Wisconsin",
        "across": "mean texture",
        "up": "mean area",
    }
    app = asked(FOUND, **settings, every=str(every).lower())
    columns = data.columns if every else ("mean texture", "mean area")
    rarer = int(np.bincount(data.target.astype(int)).argmin())
    case = Rare.of(data, rarer, columns)
    here = case.judged(case.at())
    assert table(app, 1).set_index("")["here"]["Log loss"] == f"{here.log_loss:.3g}"
    axes = drawn(app)["decision"]["layout"]
    assert axes["xaxis"]["title"]["text"] == "mean texture"
    assert axes["yaxis"]["title"]["text"] == "mean area"


def test_separable_classes_are_warned_of_with_a_direction_and_lambda_helps():
    easy = {"generator": "Two blobs", "two_blobs_n": "40", "two_blobs_overlap": "0.005"}
    app = asked(FOUND, **easy)
    assert "‖w‖ grows without bound" in app.warning[0].value
    assert re.search(r"\(-?[\d.e-]+, -?[\d.e-]+, -?[\d.e-]+\)", app.warning[0].value)
    assert not asked(FOUND, **easy, ridge_on="true").warning
    for question in (VIEWS, COST, RESAMPLED):
        assert "‖w‖ grows without bound" in asked(question, **easy, weight="3").warning[0].value


def test_names_of_an_uploaded_file_stay_out_of_the_link_and_are_text():
    rows = [
        f"{k * 7 % 13},{k * 5 % 11},{k},{'<b>yes' if k * k % 5 == 1 else 'no'}" for k in range(60)
    ]
    content = "\n".join(["$secret,other,third,target", *rows]).encode()
    for question in (FOUND, VIEWS, COST, RESAMPLED):
        app = visit(
            "imbalance",
            question=question,
            source="Upload",
            upload=("mine.csv", content),
            weight="3",
        )
        assert not app.exception
        assert not app.error
        assert "secret" not in str(app.query_params)
        assert "yes" not in str(app.query_params)


def test_one_column_is_enough():
    content = "\n".join(
        ["x,target", *(f"{k * 7 % 31},{'rare' if k * k % 7 == 1 else 'usual'}" for k in range(70))]
    )
    for question in (FOUND, VIEWS, COST, RESAMPLED):
        app = visit(
            "imbalance", question=question, source="Upload", upload=("mine.csv", content.encode())
        )
        assert not app.exception
        assert not app.error


def test_numbers_that_are_no_probabilities_are_refused_with_their_row():
    content = b"y_true,model\n" + b"".join(b"%d,%d\n" % (k % 3 == 0, k - 30) for k in range(60))
    app = visit("imbalance", source="Upload", upload=("mine.csv", content))
    assert not app.exception
    assert "58 of 60 predictions are not probabilities, the first in row 2" in app.error[0].value


def test_plain_means_one_model_on_every_question_and_its_threshold_is_said():
    """Otherwise two tables would show two recalls of the same plain model and nobody sees why."""
    plain = CASE.at()
    for question, threshold in ((FOUND, 0.5), (COST, 0.01)):
        app = asked(question, threshold="0.01", weight="5")
        place = 1 if question == FOUND else 0
        column = table(app, place).set_index("")[joined(f"plain, t = {threshold:g}")]
        recall = CASE.judged(plain, threshold).counts.recall
        assert column["Recall"] == percent(recall)
        said = "".join(one.value for one in app.markdown)
        assert "*Plain* is the fit with w = 1 and γ = 0, decided at the t beside" in said


def test_given_probabilities_whose_mean_is_not_the_share_are_said_to_be_off():
    """Only a fit's bias makes both equal; of given ones the gap is the first thing to know."""
    app = asked(COST, **PREDICTED, model="random_forest", weight="1")
    here = Given(
        predicted(Sample.catalogue["binary_predictions"]().load(), "random_forest")
    ).judged()
    side = "above" if here.mean > here.rate else "below"
    assert f"{here.mean:.3g}, is {abs(here.mean - here.rate):.2g} {side} the share" in told(app)
    assert "is the share of class 1" in told(asked(COST, weight="1"))


def test_separable_rows_are_warned_of_by_the_question_of_recall_too():
    easy = {"generator": "Two blobs", "two_blobs_n": "40", "two_blobs_overlap": "0.005"}
    assert "can be separated" in asked(COST, **easy).warning[0].value


def test_a_weight_of_one_is_not_said_to_find_another_line():
    said = told(asked(VIEWS, weight="1"))
    assert "another line" not in said
    assert "the refit is the plain fit" in said
    assert "another line" in told(asked(VIEWS, weight="19"))


def test_one_row_that_is_found_is_found_in_the_singular():
    assert "**1 is found**" in told(asked(FOUND, threshold="0.98"))
    assert "1 is a false alarm" in told(asked(FOUND, threshold="0.9"))


def brought(question, rows, head):
    content = "\n".join([head, *rows]).encode()
    return visit("imbalance", question=question, source="Upload", upload=("mine.csv", content))


def test_all_columns_of_a_file_are_fitted_the_telling_ones_drawn_and_constant_ones_named():
    """A fit on the first two columns would throw away what a visitor brought, without a word."""
    rng = np.random.default_rng(0)
    y = np.arange(90) % 9 == 0
    X = rng.normal(size=(90, 3)) + np.outer(y, [0.0, 1.0, 2.0])
    rows = [
        f"{a:.3f},{b:.3f},7,{c:.3f},{'yes' if one else 'no'}"
        for (a, b, c), one in zip(X, y, strict=True)
    ]
    app = brought(FOUND, rows, "noise,hint,still,sign,target")
    assert widgets(app)["every"].label == "Fit on all 3 columns"
    assert widgets(app)["every"].value
    layout = drawn(app)["decision"]["layout"]
    assert layout["xaxis"]["title"]["text"] == "sign"
    assert layout["yaxis"]["title"]["text"] == "hint"
    assert "`still`: one value in all rows" in app.warning[0].value
    assert "the other column stands at the mean" in "".join(one.value for one in app.markdown)


def test_a_file_of_constant_columns_is_refused_in_a_sentence():
    app = brought(FOUND, [f"1,{'yes' if k % 5 else 'no'}" for k in range(40)], "x,target")
    assert not app.exception
    assert "every column has one value in all rows" in app.error[0].value


@pytest.mark.parametrize("question", [VIEWS, COST, RESAMPLED])
def test_questions_about_a_weight_open_at_the_one_that_balances_the_classes(question):
    """At w = 1 their columns and maps are all alike, and a newcomer sees nothing to ask about."""
    weight = widgets(asked(question))["weight"]
    assert weight.value == CASE.balance == 19.0
    assert widgets(asked(question, rare_event_share="0.1"))["weight"].value == 9.0


def test_a_weight_that_nobody_chose_goes_along_and_a_chosen_one_stays():
    app = asked(FOUND)
    assert widgets(app)["weight"].value == 1.0, "first the trap of accuracy, unweighted"
    app.radio(key="question").set_value(COST).run()
    assert widgets(app)["weight"].value == 19.0
    assert "w = 19" in told(app)
    app.radio(key="question").set_value(FOUND).run()
    assert widgets(app)["weight"].value == 1.0
    app.slider(key="weight").set_value(5.0).run()
    app.radio(key="question").set_value(COST).run()
    assert widgets(app)["weight"].value == 5.0
    assert widgets(asked(COST, weight="1"))["weight"].value == 1.0


def test_labels_of_lines_lie_above_all_rows_and_say_which_probability_was_given():
    """A line at p = 0.5 stands over 0.0455 on an axis of given ones: unsaid, it looks wrong."""
    traces = drawn(asked(FOUND, **PREDICTED, weight="21"))["decision"]["data"]
    kinds = [trace["mode"] for trace in traces]
    assert kinds[-2:] == ["text", "text"], "drawn last, so nothing covers them"
    assert [word.strip() for word in traces[-2]["text"]] == ["p = 0.5 (given as 0.0455)"]
    rows = max(
        max(trace["y"]) for trace in traces if trace["mode"] == "markers" and len(trace["y"])
    )
    assert min([*traces[-2]["y"], *traces[-1]["y"]]) > rows
    plain = drawn(asked(FOUND, **PREDICTED, threshold="0.3"))["decision"]["data"]
    assert plain[-2]["text"][0].strip() == "p = 0.3"


@pytest.mark.parametrize(("question", "weight"), [(FOUND, 7.5), (VIEWS, 8.5)])
def test_a_move_of_the_slider_fits_once(question, weight, monkeypatch):
    """Figure, sentence and tables show one fit: to make it for each of them is felt in the hand."""
    app = asked(question, weight="3", rare_event_n="700")
    made = []
    fitted = Rare.at
    monkeypatch.setattr(Rare, "at", lambda self, *at: made.append(at) or fitted(self, *at))
    app.slider(key="weight").set_value(weight).run()
    assert made == [(weight, 0.0)]


@pytest.mark.parametrize("settings", [{"question": FOUND}, {"question": VIEWS}, PREDICTED])
def test_the_browser_is_answered_ahead_of_the_script(settings):
    """It asks with the values of the sliders that this question has, and of no others."""
    app = visit("imbalance", **settings)
    ahead = next(one["ahead"] for one in drawn(app).values() if one.get("ahead"))
    body = answered(ahead["address"].removeprefix(PATH), {"weight": "12.5"})
    assert body
    app.slider(key="weight").set_value(12.5).run()
    moved = next(one for one in drawn(app).values() if one.get("ahead"))
    assert moved["alt"].encode()[:40] in body
