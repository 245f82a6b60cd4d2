"""The Focal γ page: what it says and draws of a visitor's rows are the numbers of the core."""

import re
from urllib.parse import parse_qs

import numpy as np
import pytest

from charts.numbers import percent
from losses.chances import learned, predicted
from losses.data.bundled import Sample
from losses.emphasis import emphasis
from losses.probabilistic import Focal
from losses.verdict.cumulative import by_class
from losses.verdict.focal import asked
from losses.verdict.ownership import owned, raised
from losses.verdict.readings import LITERAL, read
from losses.verdict.shrinking import shrunk
from tests.visits import drawn, labelled, visit, widgets

CURVES, PULL, ROWS, OWNERS, ASKS, READINGS = (
    "What does γ do?", "Who pulls harder?", "How few rows carry it?", "Who owns it?",
    "What does it ask for?", "Is y missing?",
)  # fmt: skip
VIEWS = (CURVES, PULL, ROWS, OWNERS, ASKS, READINGS)
CERTAIN = b"y_true,sure\n" + b"0,0.2\n1,0.8\n0,1\n1,0\n1,0.6\n0,0.4\n" * 5
WRONG = b"y_true,sure\n" + b"0,1\n1,0\n" * 2
HALF_WRONG = b"y_true,sure\n" + b"0,.1\n1,0\n" * 2
LABELS = b"y_true,y_pred\n" + b"yes,no\nyes,yes\nno,no\nno,yes\n" * 8
THREE = b"y_true,a,b,c\n" + b"a,.7,.2,.1\nb,.1,.8,.1\nc,.3,.3,.4\nb,.5,.4,.1\n" * 8
FRAUDS = b"y_true,m\n" + b"fraud,.4\n" * 6 + b"ok,.9\nok,.7\nok,.8\n" * 18


def rows(slug="binary_predictions", model="logistic_regression"):
    return predicted(Sample.catalogue[slug]().load(), model)


def opened(view, **settings):
    app = visit("focal", view=view, **settings)
    assert not app.exception
    return app


def said(app):
    """The sentence of the view, without its stars."""
    assert not app.error, app.error[0].value
    return app.info[0].value.replace("**", "")


def numbers(text):
    return [
        float(one.replace(",", ""))
        for one in re.findall(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?", text.replace("−", "-"))
    ]


def percents(text):
    return [float(one) for one in re.findall(r"([\d.]+)\s%", text)]


def table(app, place=-1):
    return app.table[place].value


def test_curves_quote_the_ratios_of_the_paper():
    assert "4× at pₜ = 0.5, 100× at pₜ = 0.9, 977× at pₜ = 0.968" in said(opened(CURVES))
    half = said(opened(CURVES, gamma="1"))
    assert "2× at pₜ = 0.5, 10× at pₜ = 0.9, 31.2× at pₜ = 0.968" in half
    assert "cross-entropy itself" in said(opened(CURVES, gamma="0"))
    assert "class y = 1 costs less" in said(opened(CURVES, alpha_on="true"))


@pytest.mark.parametrize("gamma", [0.5, 1.0, 2.0, 5.0])
def test_pull_says_where_focal_is_louder_and_on_how_many_rows(gamma):
    app, found = opened(PULL, gamma=f"{gamma:g}"), emphasis(Focal(gamma=gamma))
    assert f"below pₜ = {found.louder[0][1]:.4f}: up to {found.peak:.4f}×" in said(app)
    p = rows().true_probability
    assert f"It pulls harder on {(p < found.louder[0][1]).sum()} of 569 rows." in said(app)
    figure = drawn(app)["ratio"]["data"]
    spots = {one["name"]: one for one in figure if one.get("mode") == "markers"}
    assert spots["the peak"]["y"][0] == pytest.approx(found.peak, abs=1e-4)
    assert spots["as hard as cross-entropy"]["x"][0] == pytest.approx(found.louder[0][1], abs=1e-4)


def test_pull_without_gamma_is_cross_entropys_and_with_alpha_both_classes_are_told():
    plain = said(opened(PULL, gamma="0"))
    assert plain == "With γ = 0 this is cross-entropy itself: every row pulls as hard as under it."
    app = opened(PULL, alpha_on="true", alpha="0.25")
    assert "Its pull is nowhere larger: at most 0.3062×" in said(app)
    assert any("weighted 0.75, it is at most 0.9185×" in one.value for one in app.markdown)


@pytest.mark.parametrize("view", [CURVES, PULL])
@pytest.mark.parametrize("gamma", ["0", "2"])
@pytest.mark.parametrize("alpha", ["0", "1"])
def test_a_class_without_weight_is_said_to_cost_nothing_and_no_number_breaks(view, gamma, alpha):
    """Dividing by its loss gave ∞ times three times over, and a peak of 0 at pₜ = 0."""
    app = opened(view, gamma=gamma, alpha_on="true", alpha=alpha)
    text = said(app)
    assert "∞" not in text
    assert "0.0000" not in text
    if view == CURVES and gamma == "2":
        assert f"a row of class y = {1 - int(alpha)} costs nothing" in text
        assert f"class y = {alpha} costs less than under cross-entropy: 4× at" in text
    if view == PULL and alpha == "0":
        many = raised(rows(), Focal(gamma=float(gamma), alpha=0.0))
        assert "neither cost nor pull" in text
        assert f"It pulls harder on {many or 'none'} of 569 rows, of either class." in text
    if view == PULL and (gamma, alpha) == ("0", "1"):
        assert "lowers" not in text, "class 1 costs what it did"


@pytest.mark.parametrize("gamma", ["0.5", "2"])
@pytest.mark.parametrize("model", ["random_forest", "naive_bayes"])
def test_sorted_rows_say_where_half_of_the_loss_lies(gamma, model):
    app = opened(ROWS, gamma=gamma, model=model)
    found = by_class(rows(model=model), [0.0, float(gamma)])
    expected = [100 * one.half[k] for one in found.values() for k in (0, 1)]
    assert percents(said(app)) == pytest.approx(expected, abs=0.051)
    focal = [one for one in drawn(app)["cumulative"]["data"] if one["name"] == "Focal"]
    for trace, one in zip(focal, found.values(), strict=True):
        np.testing.assert_allclose(trace["y"], one.loss[1], atol=1e-4)


@pytest.mark.parametrize("alpha", [None, 0.75])
def test_owners_are_told_by_class_and_by_difficulty(alpha):
    settings = {} if alpha is None else {"alpha_on": "true", "alpha": f"{alpha:g}"}
    app, found = opened(OWNERS, **settings), owned(rows(), [0.0, 2.0])
    here, plain = found.shares(2.0, alpha), found.shares(0.0)
    expected = [*plain.hard[:2], here.hard[1], plain.of(1)[0]]
    expected += [plain.of(1)[1], here.of(1)[1], plain.of(1)[2], here.of(1)[2]]
    assert percents(said(app)) == pytest.approx([100 * one for one in expected], abs=0.051)
    shown = table(app)["Loss: focal"].str.rstrip("\N{NO-BREAK SPACE}%").astype(float).tolist()
    everything = [here.of(0)[1], here.of(1)[1], here.hard[1]]
    assert shown == pytest.approx([100 * one for one in everything], abs=0.051)
    assert any("Focal knows pₜ, not the class" in one.value for one in app.markdown)


def test_asking_says_0694_and_0627_and_how_far_the_rows_move():
    app, found = opened(ASKS), shrunk(rows(), 2.0)
    assert "asks for 0.6942; where 8 of 10 are, for 0.6266" in said(app)
    assert f"would move {found.far} of 569 by more than 0.05" in said(app)
    assert table(app)["Asked for"].astype(float).tolist() == pytest.approx(
        asked([0.6, 0.8, 0.9, 0.99], 2.0).tolist(), abs=5.1e-5
    )
    assert table(app)["Back again"].astype(float).tolist() == [0.6, 0.8, 0.9, 0.99]


def test_asking_with_alpha_is_another_threshold_and_of_one_class_alone_certainty():
    app = opened(ASKS, alpha_on="true", alpha="0.8")
    assert any("a rate of 1 − α = 0.2000" in one.value for one in app.markdown)
    for alpha, others in (("0", 212 / 569), ("1", 357 / 569)):
        text = said(opened(ASKS, alpha_on="true", alpha=alpha))
        assert f"asks for a probability of {alpha} of class `1` for every row" in text
        assert f"{percent(others)} of them are of class `{1 - int(alpha)}`" in text


@pytest.mark.parametrize("gamma", [0.0, 2.0, 5.0])
def test_readings_cost_what_the_core_says_and_prefer_what_is_cheapest(gamma):
    app, found = opened(READINGS, gamma=f"{gamma:g}"), read(rows(), gamma, 0.25)
    costs = table(app, 0)[["The predictions", "Always .999", "The base rate"]]
    costs = costs.map(lambda text: numbers(text)[0])
    np.testing.assert_allclose(costs.to_numpy(), found.cost, rtol=6e-4)
    cheapest = costs.columns[costs.to_numpy().argmin(axis=1)].str.lower().tolist()
    assert table(app, 0)["Prefers"].tolist() == cheapest
    assert cheapest[0] == "always .999"


def test_readings_show_the_rare_class_of_f7():
    app = opened(READINGS)
    first = table(app, 1).iloc[0]
    assert numbers(first["Always .999"]) == [pytest.approx(1.0005003335835363e-09, rel=6e-4)]
    assert numbers(first["The base rate"]) == [pytest.approx(2.7036483768824766, rel=6e-4)]
    assert table(app, 1)["Prefers"].tolist() == ["always .999", "the base rate", "the base rate"]


@pytest.mark.parametrize("view", VIEWS[1:])
def test_every_view_takes_features_and_many_classes(view):
    app = opened(view, sample="Palmer penguins", **{"class": "Gentoo"})
    assert said(app)
    assert widgets(app)["class"].value == "Gentoo"
    assert any("keeps it finite" in one.value for one in app.markdown)
    assert said(opened(view, source="Generate", generator="Moons"))


def test_class_that_is_picked_is_the_one_that_is_told():
    app = opened(OWNERS, sample="Palmer penguins", **{"class": "Chinstrap"})
    chances = learned(Sample.catalogue["penguins"]().load()).chances
    share = chances.against_the_rest(chances.classes.index("Chinstrap")).target.mean()
    assert "Class `Chinstrap` has" in said(app)
    assert percents(said(app))[3] == pytest.approx(100 * share, abs=0.051)


@pytest.mark.parametrize("view", VIEWS)
def test_gamma_between_two_stops_of_the_slider_is_the_one_that_is_shown(view):
    """A link may hold any number; the nearest stop would be another loss."""
    app = opened(view, gamma="2.033", alpha_on="true", alpha="0.333")
    assert said(app)
    figures = [one for key, one in drawn(app).items() if key.endswith("films") is False]
    assert {one["at"]["gamma"] for one in figures if one["at"]} == {2.033}
    if view == ROWS:
        found = by_class(rows(), [0.0, 2.033])
        focal = [one for one in drawn(app)["cumulative"]["data"] if one["name"] == "Focal"]
        np.testing.assert_allclose(focal[0]["y"], found[0].loss[1], atol=1e-4)
    if view == OWNERS:
        share = owned(rows(), [2.033]).shares(2.033, 0.333).hard[1]
        assert percents(said(app))[2] == pytest.approx(100 * share, abs=0.051)


@pytest.mark.parametrize("view", VIEWS)
def test_page_without_data_says_what_it_waits_for(view):
    app = opened(view, source="Upload")
    assert app.main.info
    assert ("sidebar" in app.main.info[0].value) == (view not in (CURVES, PULL))


@pytest.mark.parametrize("view", VIEWS)
def test_certain_mistakes_are_counted_and_stop_no_view(view):
    app = opened(view, source="Upload", upload=("mine.csv", CERTAIN))
    assert not app.error
    warned = [one.value for one in app.warning]
    if view in (ROWS, OWNERS):
        assert warned[0].startswith("Rows that cost ∞: 10.")
    if view == READINGS:
        assert table(app, 0)["The predictions"].tolist()[1] == "∞"


@pytest.mark.parametrize(("content", "endless"), [(WRONG, 4), (HALF_WRONG, 2)])
def test_classes_without_a_finite_loss_are_told_and_not_drawn(content, endless):
    """A model that is certain and wrong about all of a class leaves no row to be sorted by."""
    app = opened(ROWS, source="Upload", upload=("mine.csv", content))
    assert app.warning[0].value.startswith(f"Rows that cost ∞: {endless}.")
    shown = content == HALF_WRONG
    assert (len(app.main.info), "cumulative" in drawn(app)) == (shown, shown)


@pytest.mark.parametrize("view", VIEWS[1:])
def test_predicted_labels_are_refused_in_words(view):
    app = opened(view, source="Upload", upload=("mine.csv", LABELS))
    assert len(app.error) == 1
    assert "how sure it is" in app.error[0].value


@pytest.mark.parametrize("view", VIEWS)
def test_names_of_a_visitors_file_stay_out_of_the_link(view):
    app = opened(view, source="Upload", upload=("mine.csv", THREE))
    assert not app.error, app.error[0].value
    assert "mine" not in str(app.query_params)
    assert not {"model", "class"} & set(app.query_params)


def test_of_two_classes_by_name_the_rarer_is_class_1_and_the_other_can_be_picked():
    """Not whichever the alphabet puts last: with ok and fraud, frauds are what is looked for."""
    app = opened(OWNERS, source="Upload", upload=("mine.csv", FRAUDS))
    assert "Class `fraud` has 10.0" in said(app)
    menu = labelled(app, "Class 1")
    assert menu.options == ["fraud", "ok"]
    menu.set_value("ok").run()
    assert "Class `ok` has 90.0" in said(app)
    assert not any("fraud" in str(value) for value in app.query_params.values())


@pytest.mark.parametrize("names", [(b"0", b"1"), (b"No", b"Yes"), (b"negative", b"positive")])
def test_a_class_whose_name_says_that_it_is_so_is_class_1_even_where_it_is_common(names):
    common = b"y_true,m\n" + b"".join(
        b"%s,%s\n" % (names[k], p) for k, p in [(0, b".3"), (1, b".6"), (1, b".8")] * 12
    )
    app = opened(OWNERS, source="Upload", upload=("mine.csv", common))
    assert f"Class `{names[1].decode()}` has 66.7" in said(app)


def test_turned_around_each_row_keeps_the_loss_that_it_has():
    """What is called class 1 is a name: without α nobody's loss may change by it."""
    one, other = (opened(ROWS, **{"class": name}) for name in "10")
    assert sorted(percents(said(one))) == sorted(percents(said(other)))
    assert said(one) != said(other)


def test_a_link_leads_to_where_gamma_trains_something_at_the_same_gamma():
    """The sample that the page begins with is predictions: no γ changes them."""
    app = opened(CURVES, gamma="3")
    told = next(one.value for one in app.markdown if "Here γ trains nothing" in one.value)
    query = re.search(r"\(imbalance\?(.*)\)", told).group(1)
    there = visit("imbalance", **{key: value for key, (value,) in parse_qs(query).items()})
    assert not there.exception
    assert "γ = 3" in there.info[0].value
    assert widgets(there)["gamma"].value == 3


@pytest.mark.parametrize("gamma", [0.0, 2.0])
def test_readings_are_told_one_by_one_with_the_cost_of_every_candidate(gamma):
    text, found = said(opened(READINGS, gamma=f"{gamma:g}")), read(rows(), gamma, 0.25)
    for cost in found.cost[0]:
        assert any(one == pytest.approx(cost, rel=6e-4) for one in numbers(text))
    assert f"rewards {found.preferred(LITERAL)} most. With pₜ in place of ŷ it rewards" in text
    assert "by weight" not in "".join(one.value for one in opened(READINGS).markdown)


def test_a_fit_is_named_as_one_says_it():
    text = said(opened(ASKS, sample="Breast cancer Wisconsin"))
    assert "the probabilities of `Cross-entropy's fit`" in text
