"""The data bench: what it keeps, what it forgets, and what never leaves it."""

import re

import numpy as np
import pytest

from charts.huber import fit_figure
from charts.numbers import unused
from losses.axes import LOGIT, PROBABILITY, RESIDUAL
from losses.data import Dataset
from losses.placing import place
from losses.regression import Huber
from losses.robust import delta_study
from pages.shared import verdicts
from tests.visits import drawn, visit

X = np.linspace(0, 10, 40)
WIDE = b"secret_age,secret_size,price\n" + b"".join(
    b"%g,%g,%g\n" % (x, x * x, 3 * x + i % 5) for i, x in enumerate(X)
)
TWO_VALUES = b"age,price\n" + b"".join(b"%g,%d\n" % (x, 7 + i % 2) for i, x in enumerate(X))
HOSTILE = "a `tick` [x](http://evil.example) *b*"


def uploaded(page, content, name="mine.csv", **settings):
    """The page for a visitor who brought this file."""
    source = "predictions_source" if page == "compare" else "source"
    app = visit(page, upload=(name, content), **{source: "Upload"}, **settings)
    assert not app.exception, app.exception[0].stack_trace
    return app


def menu(app, label):
    """A menu by its label, keyed or not."""
    return next(box for box in app.selectbox if box.label == label)


def said(app):
    """Everything in Markdown on the page."""
    return "\n".join(element.value for element in app.markdown)


def rug(app):
    """The names of the traces of Curves."""
    return [trace.get("name") for trace in drawn(app)["curves"]["data"]]


@pytest.mark.parametrize("content", [b"", b"x,y\n", None], ids=["empty", "header", "none"])
def test_curves_are_drawn_without_rows_when_the_file_is_bad_or_missing(content):
    app = uploaded("curves", content) if content is not None else visit("curves", source="Upload")
    assert not app.exception
    assert set(drawn(app)) == {"curves", "curves_films"}
    assert "There are no rows" in said(app)


def test_rows_of_an_earlier_choice_are_not_shown_once_the_bench_is_empty():
    app = visit("curves")
    with_rug = rug(app)
    assert "There are no rows" not in said(app)
    app.radio(key="source").set_value("Upload").run()
    assert "There are no rows" in said(app)
    assert len(rug(app)) < len(with_rug)
    assert "data" not in app.session_state


def test_other_pages_wait_for_data():
    for page in ("huber", "descent"):
        assert not drawn(visit(page, source="Upload"))


def test_the_file_in_use_is_named_also_on_the_next_page_until_it_is_forgotten():
    app = visit("huber", source="Upload")
    app.file_uploader[0].upload("mine.csv", WIDE, "text/csv").run()
    assert "In use: `mine.csv`" in said(app)
    app.switch_page("descent.py").run()
    assert "In use: `mine.csv`" in said(app)
    assert "mine" not in str(app.query_params)
    next(button for button in app.button if button.label == "Forget this file").click().run()
    assert not app.exception
    assert "mine.csv" not in said(app)
    assert "upload" not in app.session_state
    assert "Bring one column" in app.info[0].value
    app.run()
    assert "mine.csv" not in said(app)


def test_a_forgotten_file_does_not_come_back_from_the_uploader():
    app = visit("huber", source="Upload")
    app.file_uploader[0].upload("mine.csv", WIDE, "text/csv").run()
    next(button for button in app.button if button.label == "Forget this file").click().run()
    app.run()
    assert "upload" not in app.session_state
    app.file_uploader[0].upload("next.csv", WIDE, "text/csv").run()
    assert "In use: `next.csv`" in said(app)


def test_a_file_that_cannot_be_read_can_be_forgotten():
    app = uploaded("huber", b"")
    assert len(app.error) == 1
    next(button for button in app.button if button.label == "Forget this file").click().run()
    assert not app.error


@pytest.mark.parametrize("page", ["huber", "descent"])
def test_names_of_uploaded_columns_never_enter_the_link(page):
    app = uploaded(page, WIDE)
    menu(app, "Feature").set_value("secret_size").run()
    assert not app.exception
    assert menu(app, "Feature").value == "secret_size"
    assert len(drawn(app)) > 1
    for box in (*app.selectbox, *app.multiselect):  # AppTest leaves the address to the browser
        bound = box.proto.query_param_key
        assert not bound or not any("secret" in option for option in box.options), box.label


def test_the_feature_of_a_sample_stays_in_the_link():
    app = visit("descent", source="Sample", sample="Breast cancer Wisconsin")
    assert menu(app, "Feature").proto.query_param_key == "feature"


def test_a_target_of_two_numbers_is_what_the_visitor_says():
    app = uploaded("huber", TWO_VALUES)
    assert "binary task" in app.error[0].value
    menu(app, "The target holds").set_value("a number").run()
    assert not app.error
    assert "huber_fit" in drawn(app)
    menu(app, "The target holds").set_value("classes").run()
    assert "binary task" in app.error[0].value
    assert not menu(app, "The target holds").proto.query_param_key


def test_many_numbers_said_to_be_classes_are_refused_with_a_sentence():
    app = uploaded("huber", WIDE)
    menu(app, "The target holds").set_value("classes").run()
    assert "multiclass task" in app.error[0].value


KINDS = b"height,width,kind\n" + b"".join(
    b"%g,%g,%s\n" % (x, 9 - x + i % 3, (b"cat", b"dog")[i * i % 5 == 1]) for i, x in enumerate(X)
)


@pytest.mark.parametrize("page", ["imbalance", "focal", "cross_entropy"])
def test_a_page_that_takes_only_classes_finds_the_column_of_words(page):
    """It used to guess the last number, and to refuse it."""
    app = uploaded(page, KINDS)
    assert not app.error
    assert menu(app, "Target").value == "kind"
    assert menu(uploaded("descent", KINDS), "Target").value == "width"


@pytest.mark.parametrize("page", ["imbalance", "focal", "cross_entropy"])
@pytest.mark.parametrize(("cell", "header"), [("1", "x,y"), ("cat", "x,kind")])
def test_a_target_of_one_value_is_not_called_a_regression(page, cell, header):
    """It hid what is wrong with the file: that there is one class only."""
    content = f"{header}\n" + "".join(f"{x},{cell}\n" for x in X)
    app = uploaded(page, content.encode())
    expected = (
        f"column '{header[2:]}' has one value only ('{cell}'); a class task needs two or more"
    )
    assert expected in app.error[0].value
    menu(app, "The target holds").set_value("classes").run()
    assert expected in app.error[0].value


def test_a_column_that_numbers_the_rows_is_taken_in_when_it_is_chosen():
    rows = "".join(f"{i},{('cat', 'dog')[i % 2]}\n" for i in range(40))
    app = uploaded("focal", f"id,label\n{rows}".encode())
    assert "'id' only numbers the rows and is skipped" in app.error[0].value
    app.multiselect[-1].set_value(["id"]).run()
    assert not app.exception
    assert not app.error
    assert app.session_state["data"].columns == ("id",)


def test_a_column_that_numbers_the_rows_is_named_beside_those_that_are_used():
    """It used to be missing from the choice without a word beside it."""
    rows = "".join(f"{i},{x:g},{3 * x + i % 5:g}\n" for i, x in enumerate(X))
    app = uploaded("descent", f"id,size,price\n{rows}".encode())
    skipped = "`id` only numbers the rows and is skipped; to take it in, choose it under Features."
    assert skipped in said(app)
    app.multiselect[-1].set_value(["size", "id"]).run()
    assert "is skipped" not in said(app)
    assert app.session_state["data"].columns == ("size", "id")


def test_names_from_a_file_are_code_in_the_sentence_of_curves():
    content = f"y_true,{HOSTILE}\n" + "".join(f"{i % 2},0.{2 + i % 5}\n" for i in range(40))
    app = uploaded("curves", content.encode(), axis="Logit")
    assert f"what `` {HOSTILE} `` says of" in said(app)
    app = uploaded("curves", WIDE, "a `tick` *b*.csv", axis="Logit")
    assert "`` a `tick` *b* `` has no place on this axis" in said(app)


@pytest.mark.parametrize(
    ("axis", "task"), [(RESIDUAL, "regression"), (LOGIT, "binary"), (PROBABILITY, "regression")]
)
def test_a_name_in_the_sentence_is_written_by_shown(axis, task):
    classes = ("0", "1") if task == "binary" else ()
    y = np.array([0.0, 1.0, 1.0])
    data = Dataset("d", ("m",), np.full((3, 1), 0.4), y, "y", task, classes, "predictions")
    name = "d" if axis is PROBABILITY else "m"
    assert name in re.findall(r"\w+", place(data, axis).sentence)
    assert f"<{name}>" in place(data, axis, shown=lambda name: f"<{name}>").sentence


@pytest.mark.parametrize(
    "names", [("residual", "y"), ("x", "residual"), ("residual", "residual ′")]
)
def test_a_column_called_residual_keeps_its_place_in_the_table(names):
    data = Dataset("d", names[:1], X[:, None], 2 * X + np.sin(X), names[1])
    table = fit_figure(Huber(), delta_study(data, np.array([0.5, 1.0]))).table
    assert list(table) == [*names, unused("residual", names)]
    assert table[names[0]].tolist() == X.tolist()
    assert table[names[1]].tolist() == data.target.tolist()


def test_an_infinite_cost_is_not_called_wrong():
    rows = "".join(f"{i % 2},{i % 2}\n" for i in range(20))  # each of them right
    app = uploaded(
        "compare",
        f"y_true,sure\n{rows}".encode(),
        binary=["Cross-entropy"],
        cross_entropy_smoothing="0.1",
    )
    assert "it gave a probability of exactly 0 or 1" in app.warning[0].value
    assert "wrong" not in app.warning[0].value


def test_a_newcomer_sees_the_losses_as_they_are_named():
    assert verdicts.SHOWN == tuple(loss.name for loss in verdicts.FIRST)
