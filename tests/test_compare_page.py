"""The Compare page: predictions in, a verdict out, and a sentence wherever there can be none."""

import csv
import io
import re

import numpy as np
import pytest
from sklearn import metrics

from charts.compare import relative_figure
from charts.numbers import apart, percent, readable
from losses import Loss
from losses.data import Dataset
from losses.data.bundled import Sample
from losses.verdict import matrix, row_losses
from pages.shared import carried, export, verdicts
from tests.visits import drawn, labelled, visit

SAMPLES = {
    slug: Sample.catalogue[slug] for slug in ("regression_predictions", "binary_predictions")
}
EACH_SAMPLE = pytest.mark.parametrize("slug", SAMPLES)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<b>bold</b>",
    "a`tick",
    "![x](http://evil.example/x.png)",
    "$x$%{y}",
)


def opened(slug, **settings):
    """The page with a bundled sample, asked which rows carry the cost."""
    asked = {"ask": "Which rows carry the cost?"} | settings
    return sound(visit("compare", predictions=SAMPLES[slug].name, **asked))


def uploaded(text, **settings):
    """The page for a visitor who brought a file."""
    brought = ("brought.csv", text.encode())
    asked = {"ask": "Which rows carry the cost?"} | settings
    return visit("compare", upload=brought, predictions_source="Upload", **asked)


def sound(app):
    """The page, once sure that nothing on it stopped or was refused."""
    assert not app.exception, app.exception[0].stack_trace
    assert not app.error, app.error[0].value
    return app


def table(app):
    """The matrix as shown, by its columns."""
    return app.table[0].value.to_dict("list")


def lines(text):
    """The records of a CSV file."""
    return list(csv.reader(io.StringIO(text)))


def models(data):
    """The predictions of each model."""
    return {name: data.column(name) for name in data.columns}


def binary(**columns):
    """A file with a target of two classes, 20 rows, and these predictions."""
    columns = {"label": [0, 1] * 10} | columns
    rows = zip(*columns.values(), strict=True)
    return "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)])


def kind(name):
    """A class of losses by its name."""
    return next(loss for loss in Loss.catalogue.values() if loss.name == name)


@EACH_SAMPLE
def test_the_page_says_who_wins_under_which_loss(slug):
    data, app = SAMPLES[slug]().load(), opened(slug)
    shown = [name for name in verdicts.SHOWN if kind(name).family == verdicts.FAMILY[data.task]]
    found = matrix(data.target, models(data), [kind(name)() for name in shown])
    assert app.info[0].value == found.verdict(lambda name: f"`{name}`")
    assert app.info[0].value.startswith("The winner depends on the loss")
    assert list(table(app)) == ["Model", *map(str, found.losses)]


def test_the_matrix_shows_costs_ranks_winners_and_the_best_constant():
    data, shown = (
        SAMPLES["regression_predictions"]().load(),
        table(opened("regression_predictions")),
    )
    assert shown["Model"] == [*(f"`{name}`" for name in data.columns), "*best constant*"]
    squared = [metrics.mean_squared_error(data.target, p) for p in models(data).values()]
    assert squared[1] < squared[0] < squared[2]
    assert shown["Squared error"] == [
        f"{squared[0]:.4g} (2)",
        f"**★\N{NO-BREAK SPACE}{squared[1]:.4g} (1)**",
        f"{squared[2]:.4g} (3)",
        f"*{data.target.var():.4g}0*",
    ]
    assert shown["Absolute error"][0].endswith(
        "(3)\N{NO-BREAK SPACE}▽"
    )  # the median beats this model


@EACH_SAMPLE
def test_every_loss_of_the_task_is_offered_and_judges(slug):
    task = SAMPLES[slug].task
    family = verdicts.FAMILY[task]
    offered = [loss.name for loss in Loss.catalogue.values() if loss.family == family]
    app = opened(slug, **{family: offered})
    assert labelled(app, "Losses").options == offered
    assert len(table(app)) == 1 + len(offered)
    figure = drawn(app)["relative"]
    assert len(figure["layout"]["yaxis"]["ticktext"]) == len(offered)
    for name in offered:
        assert drawn(opened(slug, row_loss=name, **{family: offered}))["rows"]["alt"].startswith(
            name
        )


def test_the_link_tunes_the_losses():
    app = opened(
        "regression_predictions",
        residual=["Huber", "Quantile"],
        huber_delta="2.5",
        quantile_tau="0.9",
    )
    assert list(table(app)) == ["Model", "Huber (δ = 2.5)", "Quantile (τ = 0.9)"]


def test_without_a_loss_the_first_one_judges():
    app = opened("regression_predictions")
    app.multiselect(key="residual").set_value([]).run()
    assert list(table(sound(app))) == ["Model", "Squared error"]


@EACH_SAMPLE
def test_the_worst_rows_are_listed_with_their_numbers_in_the_file(slug):
    data, app = SAMPLES[slug]().load(), opened(slug, worst="5")
    loss = kind(labelled(app, "Judged by").value)()
    rows = row_losses(data.target, models(data), loss)
    listed = app.dataframe[0].value
    worst = rows.worst(5)
    assert listed["line"].tolist() == data.rows[worst].tolist()
    for model, name in enumerate(data.columns):
        assert listed[name].tolist() == data.column(name)[worst].tolist()
        assert listed[f"{name}: loss"].tolist() == rows.value[model, worst].tolist()
    cells = SAMPLES[slug].file().read_text().splitlines()[data.rows[worst[0]] - 1].split(",")
    assert float(cells[1]) == listed[data.columns[0]][0]


def test_the_worst_rows_of_one_model_are_its_own():
    data, app = SAMPLES["regression_predictions"]().load(), opened("regression_predictions")
    labelled_menu = next(menu for menu in app.selectbox if menu.label.startswith("The rows"))
    labelled_menu.set_value(2).run()
    worst = row_losses(data.target, models(data), kind("Squared error")()).worst(10, 2)
    assert sound(app).dataframe[0].value["line"].tolist() == data.rows[worst].tolist()


def test_a_column_that_is_called_like_one_of_ours_is_not_lost():
    rows = "\n".join(f"{k}.5,{k}.25,{k}.75" for k in range(30))
    app = uploaded(f"y_true,a,a: loss\n{rows}")
    listed = list(sound(app).dataframe[0].value)
    assert listed == ["line", "y_true", "a", "a: loss", "a: loss ′", "a: loss: loss"]


@EACH_SAMPLE
def test_the_files_to_take_away_hold_every_digit(slug):
    data = SAMPLES[slug]().load()
    losses = [
        loss() for loss in Loss.catalogue.values() if loss.family == verdicts.FAMILY[data.task]
    ]
    found = matrix(data.target, models(data), losses)
    header, *body = lines(export.matrix_csv(found))
    assert [row[0] for row in body] == [*data.columns, "(best constant)", "(what it predicts)"]
    costs = [[float(row[header.index(f"{loss}: cost")]) for loss in losses] for row in body]
    assert costs == [*found.cost.tolist(), found.baseline.tolist(), found.constant.tolist()]
    ranks = [[int(row[header.index(f"{loss}: rank")]) for loss in losses] for row in body[:-2]]
    assert ranks == found.rank.tolist()
    header, *body = lines(export.rows_csv(data, [carried.rows(data, loss) for loss in losses]))
    assert [int(row[0]) for row in body] == data.rows.tolist()
    for model, name in enumerate(data.columns):
        for column, loss in enumerate(losses):
            cells = np.array([float(row[header.index(f"{name}: {loss}")]) for row in body])
            assert cells.mean() == pytest.approx(found.cost[model, column], rel=1e-12)


def test_no_cell_of_the_files_starts_a_formula():
    y = np.array([0.0, 1.0, 1.0])
    names = ("=1+1", "+1", "-1", "@sum", "\ttab", "'=quoted")
    data = Dataset(
        "d", names, np.full((3, 6), 0.5), y, "=target", "binary", ("=no", "yes"), "predictions"
    )
    losses = [kind("Brier")()]
    files = (
        export.matrix_csv(matrix(y, models(data), losses)),
        export.rows_csv(data, [carried.rows(data, loss) for loss in losses]),
    )
    for cell in (cell for file in files for line in lines(file) for cell in line):
        number = re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell)
        assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
    assert [row[1] for row in lines(files[1])[1:]] == ["'=no", "yes", "yes"]


def test_names_from_a_file_stay_text():
    rows = [
        ",".join([str(k % 2), *("0.3" if k % 2 else "0.4" for _ in HOSTILE)]) for k in range(20)
    ]
    text = io.StringIO()
    csv.writer(text).writerow(["y_true", *HOSTILE])
    app = sound(uploaded(text.getvalue() + "\n".join(rows)))
    for name, shown in zip(HOSTILE, table(app)["Model"], strict=False):
        fence = "``" if "`" in name else "`"
        assert shown.startswith(fence)
        assert shown.strip("` ") == name
    names = {trace["name"] for trace in drawn(app)["relative"]["data"]}
    assert "&lt;b&gt;bold&lt;/b&gt;" in names
    assert not any("<" in name or "$" in name or "%{" in name for name in names)


def test_an_infinite_cost_is_shown_and_said():
    app = sound(uploaded(binary(safe=[0.4, 0.6] * 10, sure=[0, 1] * 9 + [1, 0])))
    assert app.info[0].value.endswith(
        "`safe` wins under Cross-entropy and Focal (γ = 2); `sure` wins under Brier."
    )
    said = app.warning[0].value
    assert said.startswith("`sure` costs ∞ under Cross-entropy and Focal (γ = 2): in 2 rows")
    assert said.endswith("first in line 20.")
    assert table(app)["Cross-entropy"][1] == "∞ (2)\N{NO-BREAK SPACE}▽"
    assert app.dataframe[0].value["sure: loss"].tolist()[:3] == ["∞", "∞", "0"]
    for figure in drawn(app).values():
        for trace in figure.get("data", []):
            assert not np.isinf(np.array(trace.get("y", []), dtype=float)).any()
            assert not np.isinf(np.array(trace.get("x", []), dtype=float)).any()


def test_ties_share_the_first_rank():
    rows = "\n".join(f"{k}.5,{k + 1}.5,{k - 1}.5,{k + 9}" for k in range(1, 30))
    app = sound(uploaded(f"y_true,a,b,c\n{rows}"))
    assert app.info[0].value == "`a` and `b` tie under every loss shown (4)."
    assert all("★" in cell and "(1)" in cell for cell in table(app)["Squared error"][:2])
    assert "(3)" in table(app)["Squared error"][2]


UNUSABLE = {
    "not probabilities": (
        binary(good=[0.4, 0.6] * 10, logit=[-1.5, 0.5] * 10),
        "`logit`: 10 of 20 predictions are not probabilities, the first in line 2: −1.5.",
    ),
    "three classes of text": ("y_true,a\n" + "red,1\ngreen,2\nblue,3\n" * 10, "multiclass"),
    "a header alone": ("y_true,a\n", "no rows"),
    "nothing": ("", ""),
    "one column": ("y_true\n1\n2\n3\n", ""),
    "words for predictions": ("y_true,a\n" + "".join(f"{k}.5,word{k}\n" for k in range(9)), ""),
    "bytes": ("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_file_that_cannot_be_judged_gets_a_sentence(case):
    content, said = UNUSABLE[case]
    app = uploaded(content)
    assert not app.exception
    assert len(app.error) == 1
    assert said in app.error[0].value
    assert len(app.error[0].value) > 20
    assert not app.info
    assert "Traceback" not in app.error[0].value


def test_numbers_are_written_in_sensible_digits():
    written = {
        0.0: "0", 12.3456: "12.35", 0.0123456: "0.01235", 1234567.0: "1,234,567",
        1.5e12: "1.500e+12", 3e-7: "3.000e−07", float("inf"): "∞", -2.5: "−2.500",
    }  # fmt: skip
    assert {value: readable(value) for value in written} == written
    assert readable(float("nan")) == "—"
    assert readable(-3e-7) == "−3.000e−07"
    assert percent(0.63333) == "63.3\N{NO-BREAK SPACE}%"
    assert apart([1.23456, 1.23457, 2.0]) == ["1.23456", "1.23457", "2.00000"]
    assert apart([0.3, 0.1 + 0.2]) == ["0.3000", "0.3000"]


@pytest.mark.parametrize(
    "highest", [1, 1 + 1e-9, 1.06, 3.99, 4.1, 10, 101, 4e5, 1e100, 9e307, np.inf]
)
def test_the_ruler_reaches_every_model_with_few_ticks(highest):
    models = {"a": np.ones(1), "b": np.full(1, highest)}
    axis = relative_figure(matrix(np.zeros(1), models, [kind("Absolute error")()])).layout["xaxis"]
    assert 2 <= len(axis["tickvals"]) <= 9
    assert axis["tickvals"] == sorted(set(axis["tickvals"]))
    assert len(set(axis["ticktext"])) == len(axis["ticktext"])
    low, high = axis["range"]
    assert low < 0 < high
    assert high >= np.log10(highest if highest < np.inf else 1)


def test_where_nothing_flips_the_page_says_so():
    app = sound(visit("compare", predictions=SAMPLES["binary_predictions"].name))
    assert app.info[1].value == (
        "Under Cross-entropy, `logistic_regression` wins for every w₁ from 0.1000 to 20.00: no flip."
    )


def test_flips_are_said_in_six_digits_and_listed_in_all():
    """More digits than a reader can say, yet those that a computation needs are there."""
    app = sound(visit("compare", predictions=Sample.catalogue["blunders"].name))
    (place,) = next(t.value for t in app.main.dataframe if "δ" in t.value)["δ"]
    assert float(place) == pytest.approx(2.1457764888058417, rel=1e-15)
    assert app.info[1].value == (
        "Under Huber, `sharp` wins below δ = 2.14578; `mediocre` wins above δ = 2.14578."
    )


def test_the_menus_say_what_is_chosen_and_a_refusal_names_the_one_that_helps():
    app = uploaded(binary(good=[0.4, 0.6] * 10, logit=[-1.5, 0.5] * 10))
    menus = {menu.label for menu in app.sidebar.selectbox}
    assert {"The predictions are", "Rows that cannot be probabilities"} <= menus
    assert "“The predictions are” in the sidebar says so" in app.error[0].value
    labelled(app, "The predictions are").set_value("logits").run()
    sound(app)


def test_a_pair_of_one_predict_proba_is_one_model_until_the_visitor_says_otherwise():
    rows = "".join(f"{k % 2},{0.3 + 0.1 * (k % 4)},{0.7 - 0.1 * (k % 4)}\n" for k in range(40))
    app = sound(uploaded(f"y_true,proba_0,proba_1\n{rows}"))
    assert table(app)["Model"][0] == "`proba_1`"
    assert len(table(app)["Model"]) == 2  # and the best constant
    assert any("are read as one model's probabilities" in one.value for one in app.sidebar.text)
    labelled(app, "One column for each class").set_value(False).run()
    assert table(sound(app))["Model"][:2] == ["`proba_0`", "`proba_1`"]


def test_margins_are_judged_by_margin_losses_and_every_question_that_is_offered_answers():
    rows = "".join(f"{2 * (k % 2) - 1},{(k % 2) * 2 - 0.7},{(k % 7) - 3}\n" for k in range(40))
    app = sound(
        visit(
            "compare", upload=("m.csv", f"y_true,a,b\n{rows}".encode()), predictions_source="Upload"
        )
    )
    assert "Hinge" in table(app)
    offered = labelled(app, "Question").options
    for question in offered:
        sound(labelled(app, "Question").set_value(question).run())


def test_a_column_for_each_class_is_one_model_judged_by_the_losses_of_many_classes():
    rows = "".join(
        f"{'abc'[k % 3]},{0.0 if k == 3 else 0.2},0.3,{0.7 if k == 3 else 0.5}\n" for k in range(30)
    )
    text = f"y_true,p_a,p_b,p_c\n{rows}"
    app = sound(visit("compare", upload=("c.csv", text.encode()), predictions_source="Upload"))
    assert table(app)["Model"][0] == "`the model`"
    assert "costs ∞ under" in app.warning[0].value
    for question in labelled(app, "Question").options:
        sound(labelled(app, "Question").set_value(question).run())
