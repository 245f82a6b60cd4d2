"""The ledger of a row on its page: what it shows is what the core says, line by line."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from charts.ledger_lines import details, lines, table
from charts.network_graph import LINE, NOTHING, ledger_figure
from charts.network_places import Graph
from charts.numbers import readable
from losses import Loss
from losses.data import Dataset
from losses.descent import Objective, descend
from losses.descent.adaptive import Adam
from losses.descent.agreement import agreement
from losses.descent.ledger import ledger
from losses.matching import ENTROPY, SQUARED, matched, slopes
from tests.test_network import LOSSES, objective_of, weights_of
from tests.visits import decode

RUDE = "<b>`$x$`</b> %{y}"
LINK = {"ledger_row": "3", "ledger_step": "4"}


def case(slug="cross_entropy", hidden=(3, 2), activation="tanh", row=2):
    objective = objective_of(Loss.catalogue[slug](), hidden, activation)
    w = weights_of(objective.model, 1)
    book = ledger(objective, w, row)
    return objective, w, row, book


def walked(slug="cross_entropy", rude=False, hidden=(3, 2)):
    """An objective and a walk of a few steps; with names that would be markup."""
    objective = objective_of(Loss.catalogue[slug](), hidden)
    if rude:
        data = objective.data
        names = tuple(f"{RUDE} {name}" for name in data.classes)
        data = Dataset(
            "rows", (RUDE, "b"), data.features, data.target, "y `$", task=data.task, classes=names
        )
        objective = Objective(objective.model, objective.loss, data)
    return objective, descend(objective, Adam(eta=0.1), objective.model.init(0), steps=6)


def page(slug="cross_entropy", rude=False, hidden=(3, 2)):
    """The view alone, as a page calls it."""
    import streamlit as st

    from pages.shared.net import ledger
    from tests.test_network_ledger_page import walked

    objective, walk = walked(slug, rude, hidden)
    rail, stage = st.columns([1, 3])
    with stage:
        ledger.view(objective, walk, f"test {slug} {rude} {hidden}", rail)


def visit(link=LINK, **given):
    app = AppTest.from_function(page, kwargs=given, default_timeout=60)
    app.query_params.update(link)
    app.run()
    assert not app.exception
    return app


def sent(app):
    return {figure.key: decode(figure.proto.bytes) for figure in app.get("bidi_component")}


def said(app):
    return app.info[0].value


@pytest.mark.parametrize("slug", ["cross_entropy", "squared_error", "softmax_cross_entropy"])
def test_every_line_on_the_page_is_an_entry_of_the_core_s_ledger(slug):
    objective, walk = walked(slug)
    book = ledger(objective, walk.weights[4], 2)
    app = visit(slug=slug)
    table = app.dataframe[0].value
    assert table["value"].tolist() == [entry.value for entry in book.entries]
    gradients = [e for e in book.entries if e.kind == "gradient"]
    differences = table["finite difference"].dropna()
    assert differences.tolist() == [e.difference for e in gradients]
    own = dict(zip([e.weight for e in gradients], table["value"][differences.index], strict=True))
    np.testing.assert_allclose(
        [own[k] for k in range(len(own))],
        objective.gradient(walk.weights[4], np.array([2])),
        rtol=1e-12,
        atol=1e-15,
    )
    told = sent(app)["ledger_films"]["captions"]
    assert len(told) == len(book.entries)
    for caption, entry in zip(told, book.entries, strict=True):
        assert entry.words in caption
        assert f"= {readable(entry.value)}" in caption


def test_the_sentence_states_loss_largest_gradient_and_largest_disagreement():
    objective, walk = walked()
    book = ledger(objective, walk.weights[4], 2)
    worst = np.abs(book.gradient - book.differences).max()
    assert f"loss **{readable(book.loss)}**" in said(visit())
    assert f"**{readable(worst, 2)}** away" in said(visit())
    steepest = book.gradient[np.abs(book.gradient).argmax()]
    assert f"**{readable(steepest)}**" in said(visit())
    assert "after step 4 of 6" in said(visit())


def test_row_and_step_are_where_the_rail_says():
    app = visit({})
    assert "Row 1," in said(app)
    assert "after step 6 of 6" in said(app)
    before = said(app)
    app.slider(key="ledger_step").set_value(0).run()
    assert "after step 0 of 6" in said(app)
    assert said(app) != before
    app.number_input(key="ledger_row").set_value(30.0).run()
    objective, walk = walked()
    assert f"**{readable(ledger(objective, walk.weights[0], 29).loss)}**" in said(app)


@pytest.mark.parametrize(
    "link", [{"ledger_row": "31"}, {"ledger_step": "7"}, {"ledger_row": "inf"}]
)
def test_a_link_to_a_row_or_step_that_is_not_there_ends_at_one_that_is(link):
    app = visit(link)
    assert "Row 1," in said(app)
    assert "after step 6 of 6" in said(app)


def test_a_walk_without_steps_has_the_weights_of_its_start(monkeypatch):
    import tests.test_network_ledger_page as module

    objective, _ = walked()
    short = descend(objective, Adam(eta=0.1), objective.model.init(0), steps=0)
    assert len(short) == 1
    monkeypatch.setattr(module, "walked", lambda *_: (objective, short))
    app = visit({}, hidden=(3, 3))
    assert "after step 0 of 0" in said(app)
    assert "ledger_step" not in [slider.key for slider in app.slider]


def test_names_of_a_user_are_text_everywhere():
    app = visit(slug="softmax_cross_entropy", rude=True)
    assert f"`` {RUDE}" in said(app)  # as a code span
    figure = sent(app)["ledger"]
    for trace in figure["data"]:
        for part in ("text", "hovertext"):
            words = trace.get(part, [])
            assert not [word for word in words if "<b>" in word or "%{" in word or "$x" in word]
    assert any("&lt;b&gt;" in word for trace in figure["data"] for word in trace.get("text", []))


def test_v9_s34_the_page_says_how_little_a_confident_mistake_moves_squared_error():
    app = visit({})
    text = app.info[1].value
    assert "**−0.0006703**" in text
    assert "**−0.9997**" in text
    assert "probability of 0.000335" in text
    assert f"{readable(1 / (2 * matched(-8.0).p * (1 - matched(-8.0).p)))} times" in text
    app.slider(key="matched_z").set_value(0.0).run()
    assert "**−0.2500**" in app.info[1].value
    assert "**−0.5000**" in app.info[1].value


def test_v9_gradients_are_those_of_the_formulas_beside_them():
    z = np.linspace(-8, 8, 41)
    p = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(slopes(SQUARED, z), 2 * (p - 1) * p * (1 - p), rtol=1e-11)
    np.testing.assert_allclose(slopes(ENTROPY, z), p - 1, rtol=1e-11)
    here = matched(-8.0)
    assert here.squared.gradient == pytest.approx(-0.0006702504975196976, rel=1e-14)
    assert here.entropy.gradient == pytest.approx(-0.9996646498695335, rel=1e-14)
    assert here.times == pytest.approx(1 / (2 * here.p * (1 - here.p)), rel=1e-12)
    assert here.squared.loss == pytest.approx((here.p - 1) ** 2, rel=1e-14)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "linear"])
def test_the_numbers_of_a_line_come_to_its_value(activation):
    """Whoever reads the line and calculates gets the number at its end, but for rounding."""
    objective, _, _, book = case(activation=activation)
    act = objective.model.act
    names = {"Tanh": np.tanh, "ReLU": lambda z: max(z, 0.0), "Linear": float}
    names["Sigmoid"] = lambda z: 1 / (1 + np.exp(-z))
    for entry, line in zip(book.entries, lines(book, act), strict=True):
        if entry.kind in ("loss", "pull"):
            continue
        text = line.computed.replace("−", "-").replace(" × ", " * ").replace("²", "**2")
        text = text.replace("[", "float(").replace("]", ")").replace(",", "")
        text = text.replace(" (1 - ", " * (1 - ").replace("* * ", "* ").replace("+ * ", "+ ")
        size = max(1.0, *map(abs, entry.parts))
        assert eval(text, names) == pytest.approx(entry.value, abs=6e-3 * size), line


def test_a_delta_is_written_as_the_whole_chain_rule():
    objective, _, _, book = case(hidden=(2,))
    found = lines(book, objective.model.act)
    delta, output = (
        next(k for k, e in enumerate(book.entries) if e.kind == kind and e.unit == 1)
        for kind in ("delta", "output")
    )
    back = next(e for e in book.entries if e.kind == "product back" and e.unit == 1)
    w, pull = (readable(part) for part in back.parts)
    a = readable(book.entries[output].value)
    a, pull = (f"({text})" if text.startswith("−") else text for text in (a, pull))
    assert found[delta].said == (
        "δ, the slope of the loss in the sum of unit 2 of layer 1 = "
        f"{w} × {pull} × (1 − {a}²) = {readable(book.entries[delta].value)}"
    )


def test_around_each_line_stand_its_neighbors_and_it_alone_is_marked():
    objective, _, _, book = case()
    found = lines(book, objective.model.act)
    for k, shown in enumerate(details(found)):
        assert [row.startswith("→") for row in shown] == [False, False, True, False, False]
        assert shown[2].startswith(f"→ {k + 1}. {found[k].what}")
    assert details(found)[0][:2] == ["", ""]
    assert details(found)[1][1].strip().startswith("1. ")


def test_a_unit_shows_its_numbers_from_the_line_on_that_computes_them():
    objective, w, row, book = case()
    figure = ledger_figure(objective, w, row, book)
    graph = Graph(objective, book)
    nodes = list(graph.at)
    for name, kinds in {"outputs": ("output", "loss"), "δ": ("pull", "delta")}.items():
        place = next(k for k, trace in enumerate(figure.data) if trace["name"] == name)
        move = next(m for m in figure.films["clock"].moves if m.trace == place)
        for k, entry in enumerate(book.entries):
            if entry.kind in kinds:
                x, y = graph.at[graph.node(entry)]
                own = [
                    i for i, (a, b) in enumerate(zip(figure.data[place]["x"], figure.data[place]["y"], strict=True))
                    if a == x and abs(b - y) < 0.2
                ]  # fmt: skip
                before, after = move.text[k - 1][own[0]], move.text[k][own[0]]
                assert before == NOTHING
                assert float(after.removeprefix("δ ").replace("−", "-")) == pytest.approx(
                    entry.value, rel=6e-2
                )
    assert len(nodes) == 2 + 1 + 3 + 1 + 2 + 1 + 1 + 1


def test_every_line_runs_along_the_weights_that_it_speaks_of():
    objective, _, _, book = case("softmax_cross_entropy")
    graph = Graph(objective, book)
    for entry in book.entries:
        edges = graph.edges(entry)
        assert all(end == graph.node(entry) for _, end in edges)
        if entry.weight is not None:
            assert set(edges[0]) == set(graph.weights[entry.weight])
        if entry.kind.startswith("sum"):
            assert len(edges) == len(entry.parts)
    for part in (graph.fans(), graph.beside(), graph.focus()):
        assert np.isfinite(part).all()


def test_thickness_and_dash_tell_size_and_sign_of_every_weight():
    objective, w, row, book = case()
    figure, graph = ledger_figure(objective, w, row, book), Graph(objective, book)
    drawn = {}
    for trace in figure.data:
        if trace["name"].startswith("weight "):
            x, y = trace["x"], trace["y"]
            for k in np.flatnonzero(np.isfinite(x))[::2]:
                drawn[x[k], y[k], x[k + 1], y[k + 1]] = trace["line"]
    assert len(drawn) == w.size
    looks = [drawn[(*graph.at[a], *graph.at[b])] for a, b in graph.weights]
    assert [look["dash"] == "dash" for look in looks] == (w < 0).tolist()
    by_size = np.argsort(np.abs(w))
    widths = [looks[k]["width"] for k in by_size]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


@pytest.mark.parametrize("loss", LOSSES)
def test_agreement_names_the_entry_that_is_farthest_from_its_difference(loss):
    objective = objective_of(loss)
    book = ledger(objective, weights_of(objective.model, 1), 4)
    found = agreement(book)
    assert found.distance == np.abs(book.gradient - book.differences).max()
    assert abs(found.furthest.value - found.furthest.difference) == found.distance
    assert abs(found.steepest.value) == np.abs(book.gradient).max()


def test_agreement_does_not_pass_over_a_difference_that_is_no_number():
    *_, book = case()
    object.__setattr__(book, "differences", book.differences.copy())
    book.differences[3] = np.nan
    assert np.isnan(agreement(book).distance)
    assert agreement(book).furthest.weight == 3


def test_the_table_says_each_line_in_words_that_a_column_has_room_for():
    """What the numbers beside them say is left out, and their minus is that of the numbers."""
    *_, book = case()
    objective = case()[0]
    made = table(lines(book, objective.model.act))
    assert max(map(len, made["what"])) <= 50
    assert not [text for text in made["computation in numbers"] if "−" in text]
    assert np.isnan(made["finite difference"]).sum() == len(book.entries) - book.gradient.size


@pytest.mark.parametrize("hidden", [(3, 2), (8,), (8, 8, 8)])
def test_every_number_fits_its_unit(hidden):
    """A character is 0.44 times as wide as its letters are high; a circle is narrower at its δ."""
    objective, w, row, _ = case(hidden=hidden)
    w = w * 1e-3  # long numbers
    figure = ledger_figure(objective, w, row, ledger(objective, w, row))
    units = next(trace for trace in figure.data if trace["name"] == "units")
    deltas = next(trace for trace in figure.data if trace["name"] == "δ")
    letter = deltas["textfont"]["size"]
    radius, span = max(units["marker"]["size"]) / 2, np.ptp(figure.layout["yaxis"]["range"])
    below = LINE * (figure.height - 60) / span + letter / 3
    room = 2 * np.sqrt(radius**2 - below**2)
    assert max(map(len, deltas["text"])) * 0.44 * letter < room
