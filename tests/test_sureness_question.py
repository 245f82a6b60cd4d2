"""How sure is it: the page says what the paired bootstrap finds, for every model and for any two."""

import re
from dataclasses import replace

import numpy as np
import pytest

from charts.numbers import SPACE, percent, readable
from charts.sureness import spread_figure
from losses import Loss
from losses.data.bundled import Sample
from losses.verdict import bootstrap, matrix, resampling, uncertainty
from pages.shared import resamples, sureness
from pages.shared.case import Case
from tests.visits import drawn, visit

ASK = "How sure is it?"
SQUARED, ABSOLUTE, ENTROPY = (
    Loss.catalogue[slug]() for slug in ("squared_error", "absolute_error", "cross_entropy")
)
BLUNDERS = Sample.catalogue["blunders"]
VISITS = Sample.catalogue["regression_predictions"]
TUMORS = Sample.catalogue["binary_predictions"]


def opened(sample, **settings):
    """The question about a bundled sample, as a link asks it."""
    return sound(visit("compare", predictions=sample.name, ask=ASK, **settings))


def uploaded(text, **settings):
    """The question about a visitor's own file."""
    brought = ("brought.csv", text.encode())
    return visit("compare", upload=brought, predictions_source="Upload", ask=ASK, **settings)


def sound(app):
    assert not app.exception, app.exception[0].stack_trace
    assert not app.error, app.error[0].value
    return app


def against_winner(data, loss, **more):
    return uncertainty(data.target, {n: data.column(n) for n in data.columns}, loss, **more)


def numbers(app):
    """The table of the question: cost, difference, interval and chance by model."""
    shown = next(t.value for t in app.table if "P(cheapest)" in t.value).to_dict("list")
    return {name.strip("`"): place for place, name in enumerate(shown["Model"])}, shown


@pytest.mark.parametrize(("sample", "loss"), [(VISITS, SQUARED), (TUMORS, ENTROPY)])
def test_every_model_stands_against_the_winner_with_its_interval(sample, loss):
    data, app = sample().load(), opened(sample)
    found = against_winner(data, loss)
    places, shown = numbers(app)
    for model, name in enumerate(found.models):
        row = places[name]
        assert shown["Above the winner"][row] == readable(found.difference[model])
        assert shown["P(cheapest)"][row] == percent(found.cheapest[model])
        ends = f"{readable(found.low[model])} to {readable(found.high[model])}"
        assert shown[f"95{SPACE}% interval"][row] == (
            "the winner" if model == found.winner else ends
        )
    assert places[found.models[found.winner]] == 0
    said = app.info[1].value
    assert said.startswith(f"Under {loss}, `{found.models[found.winner]}` costs the least")
    assert f"{percent(found.cheapest[found.winner])} of 2,000 resamples of {len(data)} rows" in said


def test_the_sentence_names_those_that_the_rows_do_not_tell_from_the_winner():
    assert (
        opened(VISITS)
        .info[1]
        .value.endswith(
            f"No other model's 95{SPACE}% interval holds 0: these rows tell `trees_squared` from the rest."
        )
    )
    assert (
        opened(TUMORS)
        .info[1]
        .value.endswith(
            f"The 95{SPACE}% interval holds 0 for `random_forest`: "
            "these rows do not tell it from `logistic_regression`."
        )
    )
    assert "interval holds 0 for" in opened(VISITS, sure_level="99 %").info[1].value


def test_the_dots_and_bars_are_the_differences_and_their_intervals():
    data, app = TUMORS().load(), opened(TUMORS, sure_level="90 %")
    found = against_winner(data, ENTROPY, level=0.9)
    figure = drawn(app)["differences"]
    for model, name in enumerate(found.models):
        traces = [trace for trace in figure["data"] if trace["name"] == name]
        assert traces[-1]["x"] == pytest.approx([found.difference[model]], rel=1e-6, abs=1e-12)
        if model != found.winner:
            assert traces[0]["x"] == pytest.approx([found.low[model], found.high[model]], rel=1e-6)
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < found.low.min()
    assert high > found.high.max()
    said = {one["text"] for one in figure["layout"]["annotations"]}
    assert f"<b>logistic_regression</b> · cheapest in {percent(found.cheapest[0])}" in said


def every(app):
    """The table of every loss, by its columns; none where it is not drawn."""
    found = [one.value for one in app.table if "P(winner better)" in one.value]
    return found[0].to_dict("list") if found else None


@pytest.mark.parametrize("sample", [VISITS, TUMORS])
def test_every_loss_says_how_sure_its_winner_is_of_the_runner_up(sample):
    data, shown = sample().load(), every(opened(sample))
    losses = {str(kind()): kind() for kind in Loss.catalogue.values()}
    assert len(shown["Loss"]) > 2
    for row, name in enumerate(shown["Loss"]):
        loss = losses[name]
        models = {n: data.column(n) for n in data.columns}
        cost = matrix(data.target, models, [loss]).cost[:, 0]
        best, other = (data.columns[place] for place in np.argsort(cost)[:2])
        assert (shown["Winner"][row], shown["Runner-up"][row]) == (f"`{best}`", f"`{other}`")
        found = bootstrap(data.target, models[other], models[best], loss)
        better = bootstrap(data.target, models[best], models[other], loss)
        ends = f"{readable(found.low)} to {readable(found.high)}"
        assert shown[f"95{SPACE}% interval"][row] == ends
        assert shown["P(winner better)"][row] == percent(better.probability)


def test_all_losses_are_answered_over_one_draw_in_the_time_of_a_few(monkeypatch):
    """Drawing is what takes long: at 10 000 rows each draw takes a tenth of a second."""
    drawn_blocks, counts = [], resampling._counts
    monkeypatch.setattr(
        resampling, "_counts", lambda *asked: drawn_blocks.append(asked) or counts(*asked)
    )
    rng = np.random.default_rng(5)
    target = rng.normal(size=400)
    models = {name: target + rng.normal(size=400) for name in "abc"}
    kinds = [kind() for kind in Loss.catalogue.values() if kind.family == "residual"][:4]
    found = resampling.uncertainties(target, [(loss, models) for loss in kinds])
    assert len(drawn_blocks) == 1
    for loss, one in zip(kinds, found, strict=True):
        alone = uncertainty(target, models, loss)
        assert one.differences == pytest.approx(alone.differences, rel=1e-9, abs=1e-12)
        assert one.cheapest.tolist() == alone.cheapest.tolist()


def test_a_loss_that_cannot_be_resampled_leaves_the_others_their_answers():
    rows = "".join(f"{k}.5,{k + (1e170 if k == 3 else 1)},{k}.25,{k % 5}.5\n" for k in range(30))
    app = sound(uploaded(f"y_true,far,near,odd\n{rows}"))
    shown = every(app)
    assert shown["Winner"][0] == "`near`"
    assert "—" not in shown["P(winner better)"]


def test_any_two_models_are_told_apart_by_the_same_resamples():
    data = VISITS().load()
    app = opened(VISITS, sure_first="linear", sure_second="trees_absolute")
    found = bootstrap(data.target, data.column("linear"), data.column("trees_absolute"), SQUARED)
    said = next(text.value for text in app.markdown if " is better than " in text.value)
    assert said.startswith("`linear` is better than `trees_absolute` in **")
    assert f"**{percent(found.probability)}**" in said
    bars = [trace for trace in drawn(app)["spread"]["data"] if trace["type"] == "bar"]
    assert sum(sum(bar["y"]) for bar in bars) == found.resamples
    cheaper = next(bar for bar in bars if bar["name"] == "linear")
    assert sum(cheaper["y"]) == np.sum(found.differences < 0)
    assert max(cheaper["x"]) < 0
    together = against_winner(data, SQUARED)
    places = [together.models.index(name) for name in ("linear", "trees_absolute")]
    one, other = together.differences[places]
    assert found.differences == pytest.approx(one - other, abs=1e-9)


def test_the_winner_and_the_cheapest_other_come_first_and_no_model_meets_itself():
    app = opened(VISITS)
    said = next(text.value for text in app.markdown if " is better than " in text.value)
    assert said.startswith("`trees_squared` is better than `linear`")
    app.selectbox(key="sure_first").set_value("linear").run()
    assert sound(app).selectbox(key="sure_second").options == [
        "the cheapest other", "trees_squared", "trees_absolute",
    ]  # fmt: skip
    said = next(text.value for text in app.markdown if " is better than " in text.value)
    assert said.startswith("`linear` is better than `trees_squared`")


def test_the_link_sets_loss_level_resamples_and_seed():
    data = BLUNDERS().load()
    asked = {"sure_loss": "Absolute error", "sure_level": "80 %", "resamples": "500"}
    app = opened(BLUNDERS, **asked, sure_seed="7")
    found = against_winner(data, ABSOLUTE, level=0.8, resamples=500, seed=7)
    places, shown = numbers(app)
    ends = shown[f"80{SPACE}% interval"][places["mediocre"]]
    assert ends == f"{readable(found.low[1])} to {readable(found.high[1])}"
    other = numbers(opened(BLUNDERS, **asked, sure_seed="8"))[1]
    assert other[f"80{SPACE}% interval"] != shown[f"80{SPACE}% interval"]
    app.number_input(key="sure_seed").set_value(8.0).run()
    assert numbers(sound(app))[1] == other


def test_a_seed_that_is_no_number_is_not_a_seed():
    for seed in ("1e309", "nan", "-5", "blue"):
        assert sound(opened(BLUNDERS, sure_seed=seed)).number_input(key="sure_seed").value == 0


def test_a_tampered_link_opens_with_settings_that_it_could_have():
    tampered = {"sure_level": "100 %", "resamples": "1e99", "sure_first": "<b>", "sure_loss": "x"}
    app = opened(BLUNDERS, **tampered, sure_second="sharp'")
    assert app.info[1].value == opened(BLUNDERS).info[1].value


def test_of_many_rows_fewer_are_drawn_and_it_is_said(monkeypatch):
    assert resamples.MANY == 100_000
    monkeypatch.setattr(resamples, "MANY", 199)
    app = opened(BLUNDERS)
    assert "500 resamples of 200 rows" in app.info[1].value
    said = next(text.value for text in app.markdown if "unless you pick more" in text.value)
    assert said.startswith("Above 199 rows the resamples are 500, not 2,000")
    assert said.endswith("each of them draws 200 rows.")
    app.selectbox(key="resamples_of_many").set_value("1,000").run()
    assert "1,000 resamples of 200 rows" in sound(app).info[1].value
    assert every(app) is None
    app.toggle(key="sure_every").set_value(True).run()
    assert len(every(sound(app))["Loss"]) > 2


def test_a_model_of_infinite_cost_is_left_out_with_a_sentence():
    label = [0, 1] * 10
    rows = "\n".join(
        f"{y},{0 if k < 19 and y == 0 else 1},{0.3 + 0.3 * y + 0.01 * k},{0.4 + 0.2 * y}"
        for k, y in enumerate([*label[:-1], 0])
    )
    app = sound(uploaded(f"y_true,sure,wavy,flat\n{rows}"))
    assert app.warning[-1].value == (
        "`sure` costs ∞ under Cross-entropy and is left out: an infinite cost has no difference "
        "to resample."
    )
    assert set(numbers(app)[0]) == {"wavy", "flat"}
    assert "sure" not in {trace["name"] for trace in drawn(app)["differences"]["data"]}
    wavy = next(t for t in drawn(app)["differences"]["data"] if t["name"] == "wavy")
    relative = next(t for t in drawn(app)["relative"]["data"] if t["name"] == "wavy")
    looks = [trace.get("marker", {}).get("color", "") for trace in (wavy, relative)]
    assert looks[1] in (looks[0], wavy.get("line", {}).get("color"))


def test_one_row_cannot_be_drawn_anew():
    app = uploaded("y_true,a,b\n1.5,2.5,3.5\n")
    assert not app.exception
    assert app.error[0].value.startswith("`one row cannot be resampled`: at least two rows")


def test_one_model_alone_gets_a_sentence():
    rows = "\n".join(f"{k}.5,{k}.25" for k in range(30))
    app = sound(uploaded(f"y_true,only\n{rows}"))
    assert app.info[1].value == "There are not two models of finite cost to tell apart."


def test_models_that_tie_on_every_row_are_drawn_as_a_tie():
    rows = "\n".join(f"{k}.5,{k}.25,{k}.75" for k in range(30))
    app = sound(uploaded(f"y_true,under,over\n{rows}"))
    assert app.info[1].value.startswith(
        "Under Squared error, `under` and `over` tie, and `under` costs the least in 50.0\N{NO-BREAK SPACE}% of 2,000"
    )
    bars = [trace for trace in drawn(app)["spread"]["data"] if trace["type"] == "bar"]
    assert [(bar["name"], sum(bar["y"])) for bar in bars if sum(bar["y"])] == [("tie", 2000)]
    assert f"in **50.0{SPACE}%** of the resamples" in " ".join(text.value for text in app.markdown)


@pytest.mark.parametrize("shift", [0.0, 3.0, -3.0])
def test_no_bar_stands_on_both_sides_of_zero(shift):
    rng = np.random.default_rng(3)
    target, noise = np.zeros(50), rng.normal(size=50)
    found = bootstrap(target, noise + shift, rng.normal(size=50), SQUARED, resamples=300)
    figure = spread_figure(found, ("a", "b"), (0, 1))
    edges = np.append(figure.table["from"], figure.table["to"][-1])
    assert np.sum(figure.table["resamples"]) == 300
    assert not np.any((figure.table["from"] < -1e-15) & (figure.table["to"] > 1e-15))
    assert edges[0] <= found.differences.min() <= found.differences.max() <= edges[-1]


def test_names_from_a_file_stay_text_and_out_of_the_link():
    names = ("<b>bold</b>", "a`tick $x$%{y}", "the winner")
    rows = "\n".join(f"{k}.5,{k}.25,{k % 7}.9,{k % 9}.4" for k in range(30))
    app = sound(uploaded(f"y_true,{','.join(names)}\n{rows}"))
    for label in ("Model", "Against"):
        assert not next(m for m in app.selectbox if m.label == label).proto.query_param_key
    for key in ("differences", "spread"):
        figure = drawn(app)[key]
        assert not re.search(r"<b>bold|\$x\$|%\{y\}\B", str([figure["data"], figure["layout"]]))


def test_weights_and_groups_of_the_rows_reach_the_bootstrap():
    """A data set that has them hands them over; one that has none hands over nothing."""
    data = BLUNDERS().load()
    plain = Case(data, [SQUARED], matrix(data.target, {"sharp": data.column("sharp")}, [SQUARED]))
    assert plain.weight is None
    assert plain.group is None
    names = tuple(f"ward {k}" for k in range(12))
    weighted = replace(
        data,
        weight=np.arange(200.0),
        weight_name="w",
        group=np.arange(200) % 12,
        groups=names,
        group_name="ward",
    )
    case = replace(plain, data=weighted)
    asked = resamples.asked(case, resamples.Draw(0.95, 500, 0))
    assert asked["weight"] is weighted.weight
    assert asked["group"] == [names[k % 12] for k in range(200)]
    found = against_winner(weighted, SQUARED, **asked)
    assert found.groups == 12
    assert "500 resamples of 12 groups" in sureness._first(found, ("mediocre",), 200)
