"""The Fit page: its matrix is the core's, its rows can be moved, and one of them pulls the lines."""

import re

import numpy as np
import pytest

from charts.pulls import middles
from losses import Loss
from losses.data.bundled import Sample
from losses.data.generators import Generator
from losses.verdict.letting_go import let_go
from losses.verdict.leverage import end_row, middle_row
from losses.verdict.training import trained
from pages.shared.edits import EDITS, Edits
from tests.visits import drawn, visit, widgets

LINE = Generator.catalogue["line_with_outliers"]().seeded(0)
SLUGS = ("squared_error", "absolute_error", "huber", "tukey_biweight")
LOSSES = [Loss.catalogue[slug]() for slug in SLUGS]
HOSTILE = b"`<b>x</b>`,$y$\n" + b"".join(b"%g,%g\n" % (x, 2 * x + x % 3) for x in range(30))


def matrix(app):
    """The numbers of the matrix, rank in brackets apart, and where the stars are."""
    frame = app.table[0].value
    cells = frame.iloc[:, 1:].to_numpy().astype(str)
    number = np.vectorize(lambda cell: float(re.search(r"[\d.,e+]+", cell)[0].replace(",", "")))
    rank = np.vectorize(lambda cell: int(re.search(r"\((\d+)\)", cell)[1]))
    return number(cells), rank(cells), np.char.find(cells, "★") >= 0


def said(app):
    return "\n".join(str(one.value) for kind in ("markdown", "info", "warning", "error")
                     for one in app.main.get(kind))  # fmt: skip


def sound(app):
    assert not app.exception, app.exception[0].message
    return app


def edited(cells, **settings):
    """The page for a visitor who changed these cells of the line by hand."""
    app = visit("fit", **settings)
    kept = Edits(LINE.digest)
    kept.redraw(cells)
    app.session_state[EDITS] = {LINE.digest: kept}
    return sound(app.run())


@pytest.mark.parametrize(
    ("settings", "plan"),
    [
        ({}, {}),
        ({"share": "0.4", "split_seed": "3"}, {"share": 0.4, "seed": 3}),
        ({"ridge_on": "true", "ridge": "0.5"}, {"lam": 0.5}),
    ],
)
def test_matrix_is_that_of_the_core_with_its_winners_starred(settings, plan):
    found = trained(LINE, LOSSES, LOSSES, **plan)
    app = sound(visit("fit", **settings))
    cost, rank, star = matrix(app)
    assert cost == pytest.approx(found.cost, rel=1e-3)
    assert (rank == found.rank).all()
    assert (star == (found.rank == 1)).all()
    assert app.info[0].value == found.sentence
    figure = drawn(app)["fitted"]
    assert f"{len(found.train)} rows trained on and {len(found.held)} held out" in figure["alt"]
    lines = {trace["name"]: trace for trace in figure["data"] if trace["mode"] == "lines"}
    for loss, fit in zip(found.losses, found.fits, strict=True):
        line = lines[str(loss)]
        assert line["y"] == pytest.approx(fit.weights[0] * line["x"] + fit.weights[1], rel=1e-4)


def test_other_judges_are_columns_and_keep_the_parameters_of_those_trained_with():
    app = visit("fit", other_judges="true", judge_regression=["Huber", "Linex"], huber_delta="2",
                judge_linex_a="0.5")  # fmt: skip
    losses = [*LOSSES[:2], Loss.catalogue["huber"](delta=2.0), LOSSES[3]]
    judges = [losses[2], Loss.catalogue["linex"](a=0.5)]
    cost, _, _ = matrix(sound(app))
    assert cost == pytest.approx(trained(LINE, losses, judges).cost, rel=1e-3)
    assert list(app.table[0].value.columns[1:]) == [str(judge) for judge in judges]


@pytest.mark.parametrize(
    ("settings", "figure"),
    [
        ({"generator": "Two blobs"}, "The probability of 1 over x1"),
        ({"generator": "Two blobs", "feature": "all 2 columns"}, "Probability of the true class"),
        ({"source": "Sample", "sample": "Palmer penguins"}, "Probability of the true class"),
    ],
)
def test_classes_are_fitted_and_judged_but_no_row_pulls_a_line(settings, figure):
    app = sound(visit("fit", **settings))
    assert drawn(app)["fitted"]["alt"].startswith(figure)
    assert "pulled" not in drawn(app)
    assert (matrix(app)[2].sum() > 0) == ("sample" not in settings)  # alone, nobody wins
    assert "takes a target that is a number and one feature" in said(app)
    assert "rows held out" in said(app)
    assert ("only Softmax cross-entropy is fitted exactly" in said(app)) == ("sample" in settings)


def test_classes_that_can_be_separated_are_refused_in_words_until_a_penalty_holds_the_weights():
    settings = {"source": "Sample", "sample": "Palmer penguins", "feature": "all 4 columns"}
    app = sound(visit("fit", **settings))
    assert "classes can be separated" in app.warning[0].value
    assert not app.table
    assert "fitted" not in drawn(app)
    held = sound(visit("fit", **settings, ridge_on="true"))
    assert not held.warning
    assert "fitted" in drawn(held)
    assert "the least mean loss and penalty" in said(held)


def test_fits_that_are_not_certain_say_so():
    assert "Tukey biweight (c = 4.685): best of 12 starts" in said(visit("fit"))
    plain = visit("fit", train_regression=["Squared error", "Huber"])
    assert "starts" not in said(plain)


@pytest.mark.parametrize("way", ["up", "sideways"])
def test_a_row_pulls_as_the_core_says(way):
    app = sound(visit("fit", pull_way=way, pull_row="row 3"))
    part = LINE.part(trained(LINE, LOSSES, LOSSES).train)
    row = part.rows.tolist().index(3)
    found = let_go(part, LOSSES, row=row, sideways=way == "sideways")
    assert app.info[1].value.startswith(f"Row 3 moves {way} from its place at `x` = ")
    told = re.findall(r"^- \*\*(.+)\*\*: (.+)\.$", app.info[1].value, re.M)
    assert told == middles(found)
    films = drawn(app)["displacement_films"]["films"], drawn(app)["pulled_films"]["films"]
    for film in films:
        assert film[f"pull_{way}"]["stops"] == pytest.approx(found.distances)
    line = next(
        one for one in drawn(app)["displacement"]["data"] if one["name"].startswith("Huber")
    )
    assert line["y"] == pytest.approx(found.displacement[2], rel=1e-4, abs=1e-6)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"generator": "House prices"},
        {"source": "Sample", "sample": "Engel: income and food"},
        {"source": "Sample", "sample": "Belgian telephone calls"},
    ],
)
def test_first_picture_of_a_pulled_row_tells_the_losses_apart(settings):
    """A newcomer touches nothing: some lines have let go there, and others have been drawn on."""
    app = sound(visit("fit", **settings))
    at = app.slider(key="pull_up").value
    figure = drawn(app)["displacement"]
    lines = [one for one in figure["data"] if one["mode"] == "lines" and one["name"]]
    marks = [one["x"][0] for one in figure["data"] if one["mode"] == "markers"]
    heights = [float(np.interp(at, one["x"], one["y"])) for one in lines]
    low, high = figure["layout"]["yaxis"]["range"]
    assert marks
    assert max(marks) < at
    assert np.ptp([*heights, 0]) > 0.2 * (high - low)
    assert at > lines[0]["x"][-1] / 4


def test_row_at_the_end_turns_the_line_more_than_one_in_the_middle():
    part = LINE.part(trained(LINE, LOSSES, LOSSES).train)
    row, middle = end_row(part), middle_row(part)
    x = part.features[:, 0]
    assert (x > x[row]).mean() < 0.1
    assert abs((x < x[middle]).mean() - 0.5) < 0.2
    squared = [let_go(part, LOSSES[:1], row=one, distances=[5.0, 10.0]) for one in (row, middle)]
    pulled = [float(np.diff(found.displacement[0])[0]) for found in squared]
    assert pulled[0] > 1.5 * pulled[1] > 0
    first, other = (visit("fit", pull_row=name) for name in ("", "one in the middle"))
    assert f"Row {part.rows[row]} moves" in first.info[1].value
    assert f"Row {part.rows[middle]} moves" in other.info[1].value


def test_distance_that_nobody_chose_is_that_of_the_link_without_one():
    """The link names no distance then, so whoever opens it must see the same one."""
    app = visit("fit")
    fresh = visit("fit", pull_row="one in the middle").slider(key="pull_up").value
    assert app.slider(key="pull_up").value != fresh
    app.selectbox(key="pull_row").set_value("one in the middle").run()
    assert sound(app).slider(key="pull_up").value == fresh
    app.slider(key="pull_up").set_value(6.0).run()
    app.selectbox(key="pull_row").set_value("one at the right end").run()
    assert sound(app).slider(key="pull_up").value == 6
    assert not app.warning


def test_percentages_and_signs_are_set_as_in_print():
    for settings in ({}, {"generator": "Two blobs"}, {"generator": "House prices"}):
        words = said(visit("fit", **settings))
        assert re.search("[0-9]\N{NO-BREAK SPACE}%", words)
        assert not re.search(r"[0-9] ?%", words)
        assert not re.search(r"(?<![\w.])-[0-9]", words)


def test_slider_of_the_distance_moves_the_row_and_only_the_lines_that_follow():
    near, far = (visit("fit", pull_row="row 33", pull_up=at) for at in ("6", "15"))
    shift = {}
    for one, other in zip(*(drawn(app)["pulled"]["data"] for app in (near, far)), strict=True):
        shift[one["name"]] = float(np.abs(one["y"] - other["y"]).max())
    assert shift["row 33"] == pytest.approx(9)
    assert shift["Huber"] == shift["Absolute error"] == 0
    assert shift["Tukey biweight"] < 1e-6
    assert shift["Squared error"] > 0.1


def test_edited_cells_reach_the_fits_and_are_counted_but_not_in_the_link():
    app = edited({(4, "y"): 500.0, (7, "x"): -3.0})
    data = LINE.edited({(4, "y"): 500.0, (7, "x"): -3.0})
    cost, _, _ = matrix(app)
    assert cost == pytest.approx(trained(data, LOSSES, LOSSES).cost, rel=1e-3)
    assert "**2 cells are changed by hand**, in rows 5, 8." in said(app)
    assert "do not go into the link" in said(app)
    assert "500" not in str(app.query_params)
    undone = sound(app.button(key="undo_edits").click().run())
    assert "changed by hand" not in said(undone)
    assert matrix(undone)[0] == pytest.approx(matrix(visit("fit"))[0])


def test_a_cell_that_is_given_its_own_number_is_not_changed():
    assert "changed by hand" not in said(edited({(4, "y"): float(LINE.target[4])}))


def test_edits_stay_while_the_visitor_looks_at_another_page():
    app = edited({(4, "y"): 500.0})
    app.switch_page("huber.py").run()
    app.switch_page("fit.py").run()
    assert "1 cell is changed by hand" in said(sound(app))
    assert matrix(app)[0] == pytest.approx(matrix(edited({(4, "y"): 500.0}))[0])


def test_edits_belong_to_the_rows_that_they_were_made_in():
    app = edited({(4, "y"): 500.0})
    app.number_input(key="seed").set_value(1.0).run()
    assert "changed by hand" not in said(sound(app))
    app.number_input(key="seed").set_value(0.0).run()
    assert "1 cell is changed by hand" in said(sound(app))


def test_a_row_that_a_click_moved_is_the_one_that_pulls_from_there():
    app = visit("fit", pull_up="10")
    kept = Edits(LINE.digest)
    kept.redraw({(11, "x"): 5.0, (11, "y"): 2.0})
    app.session_state[EDITS] = {LINE.digest: kept}
    app.session_state["pull_moved"] = "row 12"
    app = sound(app.run())
    settings = {key: widget.value for key, widget in widgets(app).items()}
    assert settings["pull_row"] == "row 12"
    assert settings["pull_up"] == 0
    row = drawn(app)["pulled"]["data"][-1]
    assert "row 12" in drawn(app)["pulled"]["alt"]
    assert (row["name"], row["x"].tolist(), row["y"].tolist()) == ("row 12", [5.0], [2.0])


def test_up_to_two_hundred_rows_can_be_edited_and_of_more_it_is_said():
    assert "edited up to" not in said(visit("fit"))
    many = visit("fit", line_with_outliers_n="300")
    assert "A table can be edited up to 200 rows; these are 300." in said(many)


def test_another_unit_of_the_target_is_another_fit():
    settings = {"generator": "House prices"}
    cost = [matrix(visit("fit", **settings, unit=unit))[0] for unit in ("$", "robust deviations")]
    assert cost[0][0, 0] / cost[1][0, 0] > 1e6  # squared dollars
    assert cost[0][3, 3] == pytest.approx(4.685**2 / 6, rel=1e-3)  # beyond c, all rows are alike
    assert cost[1][3, 3] < 3


def test_uploaded_names_are_shown_as_text_and_stay_out_of_the_link():
    app = visit("fit", source="Upload", upload=("mine.csv", HOSTILE))
    sound(app)
    assert "<b>" not in str([figure.get("layout") for figure in drawn(app).values()])
    assert "<b>" not in str(app.query_params)
    assert "pulled" in drawn(app)


def test_breast_cancer_with_all_columns_is_fitted():
    data = next(kind for kind in Sample.catalogue.values() if kind.task == "binary" and
                kind.role == "features")  # fmt: skip
    app = sound(visit("fit", source="Sample", sample=data.name, feature="all 10 columns"))
    losses = [Loss.catalogue[slug]() for slug in ("cross_entropy", "brier", "hinge")]
    found = trained(data().load(), losses, losses)
    order = [str(loss) for loss in losses]
    assert list(app.table[0].value.iloc[:, 0]) == order
    assert matrix(app)[0] == pytest.approx(found.cost, rel=1e-3)
