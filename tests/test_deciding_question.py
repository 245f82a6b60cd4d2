"""How many rows decide it: the page says what the core finds, lists the rows, and gives the file."""

import csv
import io
import re

import numpy as np
import pytest

from charts.deciding import POINTS, decided_figure, path_figure
from charts.numbers import percent
from losses import Loss
from losses.data import Dataset
from losses.data.bundled import Sample
from losses.verdict import decision, row_losses
from pages.shared import deciding
from tests.visits import drawn, visit

ASK = "How many rows decide it?"
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


def between(data, first, second, loss):
    return decision(data.target, data.column(first), data.column(second), loss)


def quoted(name):
    return f"`{name}`"


def described(app):
    """What the page says in words below the verdict."""
    return " ".join(text.value for text in app.markdown)


@pytest.mark.parametrize(("loss", "rows"), [(SQUARED, 2), (ABSOLUTE, 44)])
def test_blunders_are_decided_by_two_rows_or_by_44(loss, rows):
    data = BLUNDERS().load()
    app = opened(BLUNDERS, decide_loss=loss.name)
    winner, other = ("mediocre", "sharp") if loss is SQUARED else ("sharp", "mediocre")
    found = between(data, winner, other, loss)
    assert app.info[1].value == found.sentence(quoted(winner), quoted(other))
    assert f"without {rows} of 200 rows" in app.info[1].value
    listed = app.dataframe[0].value
    assert listed["line"].tolist() == data.rows[found.rows].tolist()
    assert len(listed) == rows


def test_without_the_listed_rows_the_other_model_wins_and_with_one_of_them_back_it_does_not():
    data, app = VISITS().load(), opened(VISITS)
    listed = app.dataframe[0].value
    gaps = listed["linear: loss"] - listed["trees_squared: loss"]
    assert gaps.is_monotonic_decreasing
    losses = row_losses(
        data.target, {name: data.column(name) for name in ("trees_squared", "linear")}, SQUARED
    ).value
    left = ~np.isin(data.rows, listed["line"])
    assert losses[1, left].mean() < losses[0, left].mean()
    left |= data.rows == listed["line"].iloc[-1]
    assert losses[1, left].mean() > losses[0, left].mean()
    cells = VISITS.file().read_text().splitlines()[listed["line"].iloc[0] - 1].split(",")
    assert float(cells[0]) == listed["y_true"].iloc[0]


def test_the_winner_may_be_set_against_any_other_model():
    data = VISITS().load()
    app = opened(VISITS, decide_against="trees_absolute")
    found = between(data, "trees_squared", "trees_absolute", SQUARED)
    assert app.info[1].value == found.sentence("`trees_squared`", "`trees_absolute`")
    assert app.selectbox(key="decide_against").options == [
        "the runner-up", "linear", "trees_absolute",
    ]  # fmt: skip
    # Under another loss the model that was picked wins: it cannot run against itself.
    app.selectbox(key="decide_loss").set_value("Absolute error").run()
    assert sound(app).selectbox(key="decide_against").value == "the runner-up"
    assert app.info[1].value.startswith("`trees_absolute` wins under Absolute error")


def test_costs_are_told_with_all_rows_and_without_those_that_decide():
    data, app = TUMORS().load(), opened(TUMORS)
    found = between(data, "logistic_regression", "random_forest", ENTROPY)
    said = next(text.value for text in app.markdown if text.value.startswith("- All 569 rows"))
    numbers = [float(number) for number in re.findall(r"\d\.\d+", said)]
    assert numbers == pytest.approx([*found.before, *found.after], abs=6e-5)


@pytest.mark.parametrize(("sample", "loss"), [(VISITS, SQUARED), (TUMORS, ENTROPY)])
def test_the_figures_show_the_path_and_mark_the_deciding_rows(sample, loss):
    data, app = sample().load(), opened(sample)
    winner, other = re.match(r"`(\w+)` wins .* but `(\w+)`", app.info[1].value).groups()
    found = between(data, winner, other, loss)
    path = drawn(app)["deciding_path"]
    assert path["data"][0]["y"] == pytest.approx(found.path, rel=1e-6)
    sides = {one["text"] for one in path["layout"]["annotations"]}
    assert sides >= {f"{winner} is cheaper", f"{other} is cheaper"}
    low, high = path["layout"]["yaxis"]["range"]
    assert low < found.path.min() <= found.path.max() < high
    rows = drawn(app)["deciding_rows"]
    marked = [t for t in rows["data"] if t["name"] == f"deciding rows ({len(found.rows)})"]
    assert [trace["xaxis"] for trace in marked] == ["x", "x2"]
    for trace, name in zip(marked, (winner, other), strict=True):
        assert trace["x"] == pytest.approx(data.column(name)[found.rows], rel=1e-6)
        label = np.round(trace["y"]) if data.classes else trace["y"]
        assert label == pytest.approx(data.target[found.rows], rel=1e-6)


def test_the_file_holds_every_deciding_row_with_every_digit():
    data = BLUNDERS().load()
    found = between(data, "sharp", "mediocre", ABSOLUTE)
    losses = row_losses(data.target, {n: data.column(n) for n in data.columns}, ABSOLUTE)
    file = deciding.rows_csv(deciding.columns(data, found, ("sharp", "mediocre")), found)
    header, *body = csv.reader(io.StringIO(file))
    assert header == ["line", "y_true", "sharp", "mediocre", "sharp: loss", "mediocre: loss"]
    cells = np.array(body, dtype=float)
    assert cells[:, 0].tolist() == data.rows[found.rows].tolist()
    assert cells[:, 1].tolist() == data.target[found.rows].tolist()
    assert cells[:, 4:].T.tolist() == losses.value[:, found.rows].tolist()
    buttons = [one.label for one in opened(BLUNDERS).get("download_button")]
    assert "Deciding rows as CSV" in buttons


def test_no_cell_of_the_file_starts_a_formula():
    y, names = np.array([0.0, 1.0, 1.0]), ("=1+1", "@sum")
    predictions = np.array([[0.1, 0.2], [0.9, 0.8], [0.4, 0.9]])
    data = Dataset("d", names, predictions, y, "=target", "binary", ("=no", "-yes"), "predictions")
    found = between(data, *names, ENTROPY)
    header, *body = csv.reader(
        io.StringIO(deciding.rows_csv(deciding.columns(data, found, names), found))
    )
    assert header == ["row", "'=target", "'=1+1", "'@sum", "'=1+1: loss", "'@sum: loss"]
    assert {row[1] for row in body} == {"'-yes"}


def test_a_winner_on_every_row_is_said_to_win_whatever_is_left_out():
    rows = "\n".join(f"{k}.5,{k}.25,{k}.0" for k in range(30))
    app = sound(uploaded(f"y_true,near,far\n{rows}"))
    assert app.info[1].value == (
        "`near` wins under Squared error, whichever rows are left out: no row favors `far`."
    )
    assert not app.main.dataframe
    assert "deciding_path" not in drawn(app)


def test_a_tie_has_no_winner_to_change():
    rows = "\n".join(f"{k}.5,{k}.25,{k}.75" for k in range(30))
    app = sound(uploaded(f"y_true,under,over\n{rows}"))
    assert app.info[1].value.endswith("tie under Squared error: there is no winner to change.")


def test_one_model_alone_gets_a_sentence():
    rows = "\n".join(f"{k}.5,{k}.25" for k in range(30))
    app = sound(uploaded(f"y_true,only\n{rows}"))
    assert app.info[1].value == "`only` is the only model: no row decides anything."


def test_an_infinite_loss_decides_first_and_breaks_the_path():
    label, sure = [0, 1] * 10, [0.1, 0.9] * 9 + [1, 0.9]
    rows = "\n".join(f"{y},{p},{0.45 + 0.1 * y}" for y, p in zip(label, sure, strict=True))
    app = sound(uploaded(f"y_true,sure,unsure\n{rows}"))
    assert (
        app.info[1].value
        == "`unsure` wins under Cross-entropy, but `sure` would without 1 of 20 rows."
    )
    listed = app.dataframe[0].value
    assert listed["line"].tolist() == [20]
    assert listed["sure: loss"].tolist() == ["∞"]
    path = drawn(app)["deciding_path"]["data"][0]
    assert np.isnan(path["y"][0])
    assert path["y"][1] > 0


def test_names_from_a_file_stay_text_and_out_of_the_link():
    names = ("<b>bold</b>", "a`tick $x$%{y}", "the runner-up")
    rows = "\n".join(f"{k}.5,{k}.25,{k % 7}.9,{k % 9}.4" for k in range(30))
    app = sound(uploaded(f"y_true,{','.join(names)}\n{rows}"))
    menu = next(one for one in app.selectbox if one.label == "Winner against")
    assert menu.options == ["the runner-up ′", *[n for n in menu.options if n in names]]
    assert not menu.proto.query_param_key
    assert names[0] in app.dataframe[0].value
    for key in ("deciding_path", "deciding_rows"):
        figure = drawn(app)[key]
        figure.pop("alt")
        assert "<b>" not in str(figure)
        assert "%{y}" not in re.sub(r"<extra>|%\{[xy](:[^}]+|)\}: ?", "", str(figure["layout"]))


def test_many_rows_are_drawn_in_part_and_the_figure_says_so():
    rng = np.random.default_rng(0)
    target = rng.normal(size=9000)
    columns = target[:, None] + rng.normal(size=(9000, 2)) * [1.0, 1.8]
    data = Dataset("many", ("a", "b"), columns, target, "y", role="predictions")
    found = between(data, "a", "b", SQUARED)
    assert len(found.path) > POINTS
    figure = decided_figure(data, found, ("a", "b"))
    others = next(trace for trace in figure.data if trace["name"].startswith("other rows"))
    assert len(others["x"]) == POINTS
    assert others["name"] == f"other rows ({POINTS:,} of {9000 - len(found.rows):,})"
    path = path_figure(found, data.columns, (0, 1)).data[0]
    assert len(path["x"]) == POINTS
    assert path["y"][-1] == found.path[-1]


@pytest.mark.parametrize("sample", [BLUNDERS, VISITS, TUMORS])
def test_every_loss_says_how_many_rows_decide_between_its_two_cheapest(sample):
    data = sample().load()
    shown = next(t.value for t in opened(sample).table if "Rows that decide" in t.value)
    shown = shown.to_dict("list")
    losses = {str(kind()): kind() for kind in Loss.catalogue.values()}
    assert len(shown["Loss"]) > 2
    for row, name in enumerate(shown["Loss"]):
        best, other = (shown[which][row].strip("`") for which in ("Winner", "Runner-up"))
        found = between(data, best, other, losses[name])
        assert found.winner == 0
        assert shown["Rows that decide"][row] == str(len(found.rows))
        assert shown["Share of the rows"][row] == percent(len(found.rows) / len(data))
        for rival in set(data.columns) - {best, other}:
            assert between(data, other, rival, losses[name]).winner == 0


def test_rows_of_a_file_are_listed_by_line_and_with_the_weights_they_have():
    rows = "".join(f"{k}.5,{k + 3 * (k % 4)}.25,{k % 7}.9,{k % 3}.5\n" for k in range(30))
    app = sound(uploaded(f"title\ny_true,a,b,weight\n{rows}"))
    listed = app.main.dataframe[0].value
    assert list(listed) == ["line", "y_true", "a", "b", "weight", "a: loss", "b: loss"]
    lines = listed["line"].to_numpy()
    assert listed["y_true"].tolist() == (lines - 2.5).tolist()  # the title and the header first
    assert listed["weight"].tolist() == ((lines - 3) % 3 + 0.5).tolist()
    app.radio(key="ask").set_value("Which rows carry the cost?").run()
    assert list(sound(app).main.dataframe[0].value)[:5] == ["line", "y_true", "a", "b", "weight"]


def test_a_long_list_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(deciding, "LISTED", 10)
    app = opened(BLUNDERS, decide_loss="Absolute error")
    assert len(app.dataframe[0].value) == 10
    assert "the first 10 are listed, the file holds all" in described(app)
