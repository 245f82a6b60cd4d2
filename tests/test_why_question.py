"""Why? Residuals under each loss, or probabilities that come true, or do not; and groups."""

from dataclasses import replace

import numpy as np
import pytest

from charts.numbers import percent, readable
from losses import Loss
from losses.data.bundled import Sample
from losses.verdict import belief, calibrations, matrix, reliability, residuals, row_losses, shares
from losses.verdict.focal import asked, asked_logit, recovered, recovered_logit
from pages.shared.verdicts import SHOWN
from tests.visits import drawn, visit

VISITS, TUMORS = (
    Sample.catalogue[slug] for slug in ("regression_predictions", "binary_predictions")
)
WAYS = {
    "as focal leaves them": (asked, asked_logit),
    "recovered from focal": (recovered, recovered_logit),
}


def opened(sample, **settings):
    return sound(visit("compare", predictions=sample.name, ask="Why?", **settings))


def sound(app):
    assert not app.exception, app.exception[0].stack_trace
    assert not app.error, app.error[0].value
    return app


def models(data):
    return {name: data.column(name) for name in data.columns}


def shown(app, model, line):
    """A cell of the table: one line for what is told, one column for each model."""
    listed = app.dataframe[0].value.to_dict("list")
    lines = [one.replace("\N{NO-BREAK SPACE}", " ") for one in listed["Of each model"]]
    return listed[model][lines.index(line)]


def judges(family):
    return [
        kind() for kind in Loss.catalogue.values() if kind.name in SHOWN and kind.family == family
    ]


# --- Numbers


def test_the_worst_hundredth_is_what_the_rows_say():
    data, losses = VISITS().load(), judges("residual")
    app = opened(VISITS)
    for loss in losses:
        rows = row_losses(data.target, models(data), loss)
        for model, name in enumerate(data.columns):
            assert shown(app, name, f"Worst 1 %: {loss}") == percent(rows.carried(model)[4])
    worst = {
        str(loss): row_losses(data.target, models(data), loss).carried(0)[4] for loss in losses
    }
    assert app.info[1].value == (
        f"Of the cost of `linear`, the 5 worst rows carry {percent(worst['Squared error'])} under "
        f"Squared error, {percent(worst['Absolute error'])} under Absolute error."
    )


def test_the_figure_holds_the_residuals_of_the_model_that_is_picked():
    data = VISITS().load()
    app = opened(VISITS, why_model="trees_absolute")
    cloud = drawn(app)["residuals"]["data"][0]
    residual = data.column("trees_absolute") - data.target
    np.testing.assert_allclose(cloud["x"], data.column("trees_absolute"), atol=1e-3)
    np.testing.assert_allclose(cloud["y"], residual, atol=1e-3)
    said = f"- mean {readable(residual.mean())} visits a year"
    assert any(said in one.value for one in app.markdown)


def test_each_loss_is_drawn_over_the_residuals_and_carries_its_cost():
    data, losses = VISITS().load(), judges("residual")
    traces = drawn(opened(VISITS))["residuals"]["data"]
    found = residuals(data.target, models(data), losses)[0]
    for place, loss in enumerate(losses):
        curve, rising = (trace for trace in traces if trace["name"] == loss.name)
        value = loss.value(np.zeros(len(curve["x"])), curve["x"].astype(float))
        assert curve["y"] == pytest.approx(value / found.cost[place], rel=1e-4, abs=1e-4)
        np.testing.assert_allclose(rising["y"], 100 * found.carried[place], atol=1e-2)


def test_models_without_a_cost_or_without_a_limit_are_said_to_be_so():
    rows = "\n".join(f"{k}.5,{k}.5" for k in range(30))
    file = ("brought.csv", f"y_true,perfect\n{rows}".encode())
    app = sound(visit("compare", upload=file, predictions_source="Upload", ask="Why?"))
    assert app.info[1].value == "`perfect` costs nothing, or ∞, under every loss shown."


def test_a_far_row_that_a_loss_cannot_hold_is_left_to_the_others():
    rows = "\n".join(f"{k}.5,{k + (1e6 if k == 3 else 1)}" for k in range(30))
    file = ("brought.csv", f"y_true,far\n{rows}".encode())
    settings = {
        "predictions_source": "Upload",
        "ask": "Why?",
        "residual": ["Linex", "Squared error"],
    }
    app = sound(visit("compare", upload=file, **settings))
    assert shown(app, "far", "Worst 1 %: Linex (a = 1)") == "—"
    names = [trace["name"] for trace in drawn(app)["residuals"]["data"]]
    assert names.count("Linex") == 0  # an infinite cost has no shares and is no measure
    assert names.count("Squared error") == 2
    said = "Not drawn, as the mean loss is 0 or ∞: Linex (a = 1)."
    assert said in [one.value for one in app.markdown]


def test_the_losses_keep_their_own_scale_and_their_sides_and_no_two_share_a_color():
    """Each divided by its largest value looked alike, and so did two that share a color."""
    data, losses = VISITS().load(), judges("residual")
    figure = drawn(opened(VISITS, quantile_tau="0.9"))["residuals"]
    curves = {t["name"]: t for t in figure["data"] if t.get("yaxis") == "y4"}
    assert set(curves) == {loss.name for loss in losses}
    for part in ("color", "dash"):
        assert len({curve["line"][part] for curve in curves.values()}) == len(curves)
    cost = np.mean(losses[0].value(data.target, data.column("linear")))
    squared, quantile = curves["Squared error"], curves["Quantile"]
    assert squared["y"][0] == pytest.approx(squared["x"][0] ** 2 / cost, rel=1e-4)
    assert squared["y"].max() > 2 * quantile["y"].max()
    right, left = (np.interp(r, quantile["x"], quantile["y"]) for r in (6, -6))
    assert left == pytest.approx(9 * right, rel=1e-2)  # where it predicts too little it pays more
    low, high = figure["layout"]["yaxis4"]["range"]
    assert low <= 0 < max(curve["y"].max() for curve in curves.values()) < high


# --- Probabilities


def test_scores_are_taken_apart_for_every_model():
    data, app = TUMORS().load(), opened(TUMORS)
    for table, score in zip(app.table[1:], ("brier", "cross_entropy"), strict=True):
        told = table.value.to_dict("list")
        assert told["Model"] == [f"`{name}`" for name in data.columns]
        parts = [reliability(data.target, p).parts(score) for p in models(data).values()]
        for column, place in (("Score", 0), ("Off", 1), ("Apart", 2)):
            assert told[column] == [readable(part[place]) for part in parts]
    own = reliability(data.target, data.column("logistic_regression")).sentence("brier", readable)
    assert own in app.info[1].value
    assert app.info[1].value.startswith("`logistic_regression` has the least Brier score.")
    assert app.info[1].value.endswith("the best calibrated, and the best at telling rows apart.")


def test_who_is_calibrated_and_who_tells_apart_may_be_different_models():
    rows = "\n".join(f"{k % 2},{0.5},{0.99 if k % 2 else 0.6}" for k in range(40))
    file = ("brought.csv", f"y_true,flat,sharp\n{rows}".encode())
    app = sound(visit("compare", upload=file, predictions_source="Upload", ask="Why?"))
    said = "Best calibrated is `flat`; best at telling rows apart is `sharp`."
    assert app.info[1].value.endswith(said)


def test_curves_are_the_isotonic_ones_and_marks_the_bins():
    data, figure = TUMORS().load(), drawn(opened(TUMORS))["reliability"]
    for model, one in enumerate(calibrations(data.target, models(data))):
        curve, marks = figure["data"][1 + 2 * model : 3 + 2 * model]
        there = np.interp(curve["x"], one.curve.prediction, one.curve.recalibrated)
        assert np.median(abs(there - curve["y"])) < 1e-3
        steps = np.unique(one.curve.recalibrated)
        np.testing.assert_allclose(np.unique(curve["y"]), steps, atol=1e-4)
        np.testing.assert_allclose(marks["x"], one.bins.predicted, atol=1e-4)
        np.testing.assert_allclose(marks["y"], one.bins.observed, atol=1e-4)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("gamma", ["0", "2", "4.5"])
def test_what_focal_does_is_shown_beside_what_was_given(way, gamma):
    data = TUMORS().load()
    app = opened(TUMORS, why_focal=way, why_gamma=gamma)
    there, moved = WAYS[way]
    before = calibrations(data.target, models(data))
    after = calibrations(data.target, models(data), move=lambda z: moved(z, float(gamma)))
    for name, one, other in zip(data.columns, before, after, strict=True):
        said = f"`{name}` from {readable(one.cross_entropy)} to {readable(other.cross_entropy)}"
        assert said in app.info[1].value
        if gamma == "0":
            assert one.cross_entropy == pytest.approx(other.cross_entropy, rel=1e-9)
    figure = drawn(app)["reliability"]
    marks = [t for t in figure["data"] if t["mode"] == "markers" and t["xaxis"] == "x2"]
    for trace, name in zip(marks, data.columns, strict=True):
        p = there(data.column(name), float(gamma))
        assert p.min() - 1e-4 <= trace["x"].min()
        assert trace["x"].max() <= p.max() + 1e-4
    scores = app.table[2].value.to_dict("list")
    assert scores["Apart"][:3] == scores["Apart"][3:]  # their order stays
    assert scores["Score"][3:] == [readable(one.cross_entropy) for one in after]


def test_a_sure_mistake_is_infinite_and_breaks_nothing():
    rows = "\n".join(f"{k % 2},{k % 2 if k else 1},0.4" for k in range(40))
    file = ("brought.csv", f"y_true,sure,safe\n{rows}".encode())
    settings = {"predictions_source": "Upload", "ask": "Why?", "why_focal": "recovered from focal"}
    app = sound(visit("compare", upload=file, **settings))
    assert "`sure` from ∞ to ∞" in app.info[1].value
    assert app.table[2].value["Off"].tolist()[0] == "∞"


# --- Groups


def brought(monkeypatch, sample, **more):
    """The sample as if its file had more columns."""
    data = replace(sample().load(), **more)
    monkeypatch.setattr(sample, "load", lambda self: data)
    return data


@pytest.mark.parametrize("sample", [VISITS, TUMORS])
def test_groups_are_compared_when_the_data_have_them(sample, monkeypatch):
    names = ("<b>x</b>", "b`c", "$y$")
    at = np.arange(len(sample().load())) % 3
    data = brought(monkeypatch, sample, group=at, groups=names, group_name="place")
    app = opened(sample)
    loss = judges("residual" if sample is VISITS else "binary")[0]
    found = shares(data.target, models(data), loss, np.array(names)[at])
    listed = app.dataframe[-1].value
    assert listed["Group"].tolist() == list(found.groups)
    assert listed["Rows"].tolist() == found.count.tolist()
    for model, name in enumerate(data.columns):
        assert listed[f"{name}: cost"].tolist() == list(map(readable, found.cost[model]))
    said = app.info[2].value
    assert said.startswith("Over all rows, ")
    assert "<b>x</b>" not in said.replace("`<b>x</b>`", "")


def test_no_groups_no_table_of_groups():
    assert len(opened(VISITS).info) == 2


def test_weights_count_where_the_data_have_them(monkeypatch):
    weight = (np.arange(len(VISITS().load())) % 3).astype(float)
    data = brought(monkeypatch, VISITS, weight=weight, weight_name="how often")
    app = opened(VISITS)
    expected = np.average(data.column("linear") - data.target, weights=weight)
    assert shown(app, "linear", "Mean residual") == readable(expected)
    assert any("weighted by `how often`" in one.value for one in app.markdown)
    ask = {"predictions": VISITS.name}
    app = sound(visit("compare", ask="And under every other loss?", **ask))
    cost = matrix(data.target, models(data), [Loss.catalogue["squared_error"]()], weight).cost
    assert app.table[1].value["Cost"].tolist() == [readable(one, 6) for one in cost[:, 0]]
    app = sound(visit("compare", ask="What noise does the data believe in?", **ask))
    kinds = [kind() for kind in Loss.catalogue.values() if kind.family == "residual"]
    found = belief(data.column("linear") - data.target, kinds, weight)
    assert app.info[1].value == found.sentence("linear", lambda name: f"`{name}`")


def test_why_and_which_rows_name_one_share_of_the_worst_rows_where_rows_are_weighted(monkeypatch):
    weight = np.where(np.arange(len(VISITS().load())) % 3 == 0, 10.0, 1.0)
    data = brought(monkeypatch, VISITS, weight=weight, weight_name="how often")
    why = opened(VISITS)
    app = sound(visit("compare", predictions=VISITS.name, ask="Which rows carry the cost?"))
    lines = next(one.value for one in app.markdown if one.value.startswith("Of 500 rows"))
    for name in data.columns:
        share = shown(why, name, "Worst 1 %: Squared error")
        assert f"- {share} of the cost of `{name}`" in lines


def test_weights_count_in_probabilities_too(monkeypatch):
    weight = (np.arange(len(TUMORS().load())) % 3).astype(float)
    data = brought(monkeypatch, TUMORS, weight=weight, weight_name="how often")
    told = opened(TUMORS).table[1].value["Score"].tolist()
    found = [reliability(data.target, p, weight).parts().score for p in models(data).values()]
    assert told == list(map(readable, found))
