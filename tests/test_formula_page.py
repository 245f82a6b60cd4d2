"""The page of one's own loss says what the core finds, restores links, and draws no hostile text."""

import html

import numpy as np
import pytest

from charts.gallery import card
from charts.witness import seen, witness
from losses import Loss
from losses.axes import LOG_MEAN, PROBABILITY
from losses.curve import sample
from losses.data.bundled import Sample
from losses.formula import Finding, Formula, Picture, lint
from losses.formula.builder import READINGS, by_sign, joined, mixture
from losses.verdict import matrix
from pages.shared.ahead import PATH, answered
from tests.visits import decode, drawn, visit, widgets

LITERAL = READINGS[0].text
BUILD, DATA = "Build one without typing", "On your data"
FAMILIES = {
    "residual": "abs(r)^q",
    "margin": "log(1 + exp(-m))",
    "binary": "-y*log(p) - (1 - y)*log(1 - p)",
    "positive": "(log(1 + s) - log(1 + y))^2",
    "mean": "y*log(y/mu) - y + mu",
}
HOSTILE = {
    "HTML": "<img src=x onerror=alert(1)>",
    "Markdown": "[r](https://example.org) **r** `r`",
    "LaTeX": r"\href{https://example.org}{r} $r$",
    "Python": "__import__('os').system('true')",
    "an attribute": "r.__class__",
    "null byte": "r\x00",
    "a novel": "r + " * 20_000 + "r",
    "a tower": "(" * 5_000 + "r" + ")" * 5_000,
    "another script's letter": "а*r",
    "empty": "",
}


def opened(**settings):
    app = visit("formula", **settings)
    assert not app.exception, app.exception[0].message
    return app


def said(app):
    kinds = ("markdown", "info", "warning", "error", "code")
    return "\n".join(str(one.value) for kind in kinds for one in app.main.get(kind))


def traces(app):
    return {trace["name"]: trace for trace in reversed(drawn(app)["typed"]["data"])}


def typed(app, text):
    app.text_input(key="formula").set_value(text).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("text", FAMILIES.values(), ids=FAMILIES.keys())
def test_every_family_is_set_drawn_and_reported(text):
    app = opened(formula=text)
    loss = Formula(text, **({"q": 1.5} if "q" in text else {}))
    assert loss.latex in app.latex[0].value
    curve = traces(app)["Your loss"]
    assert np.isfinite(curve["y"]).mean() > 0.9
    for finding in lint(loss):
        assert f"**{finding.question}**" in said(app)
        assert finding.sentence in said(app)


def test_link_restores_the_formula_its_sliders_and_what_is_compared():
    settings = {"formula": LITERAL, "first_c": "2", "own_c": "3", "beside_residual": "Huber"}
    app = opened(**settings)
    assert app.text_input(key="formula").value == LITERAL
    assert widgets(app)["own_c"].value == 3
    assert {"Your loss", "Huber"} <= set(traces(app))
    jumps = next(one for one in lint(Formula(LITERAL, c=3.0)) if one.slug == "jumps")
    assert "jump of 6 at ±3" in jumps.sentence
    assert jumps.sentence in said(app)
    assert traces(app)["not smooth"]["x"].tolist() == [-3, 0, 3]
    assert {key: np.ravel(value)[0] for key, value in app.query_params.items()} == settings


def test_what_is_no_formula_yet_says_why_and_where_and_leaves_the_last_curve():
    """Half of all keys leave a formula unfinished: the curve must not vanish with each of them."""
    app = typed(opened(), "r^2/3")
    before = traces(app)["Your loss"]
    app = typed(app, "r^2/(3")
    assert not app.error
    assert "A closing parenthesis is missing here" in said(app)
    assert app.main.code[0].value == "r^2/(3\n      ^"
    assert "Drawn is still `r^2/3`" in said(app)
    assert np.array_equal(traces(app)["Your loss"]["y"], before["y"], equal_nan=True)
    assert "Drawn is still" not in said(typed(app, "r^2/(3)"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_link_gets_a_sentence_and_is_never_markup(text):
    app = opened(formula=text)
    assert ":material/error: " in said(app)
    assert READINGS[-1].text in said(app), "what is drawn instead is said"
    plain = "\n".join(
        str(one.value) for kind in ("markdown", "latex") for one in app.main.get(kind)
    )
    assert "<img" not in plain
    assert "example.org" not in plain
    assert len(app.main.code[0].value) < 200


@pytest.mark.parametrize("value", ["nan", "1e309", "-1e-12", "<b>", "9" * 4000])
def test_tampered_sliders_fall_back_and_break_nothing(value):
    app = opened(formula="c*r^2", first_c=value, own_c=value)
    slider = widgets(app)["own_c"]
    assert slider.min <= slider.value <= slider.max


def test_first_value_decides_what_a_slider_runs_over():
    """c may be 20 minutes as well as 0.3 hours: a name alone cannot tell."""
    app = opened(formula=LITERAL, first_c="20")
    assert widgets(app)["own_c"].value == 20
    assert widgets(app)["own_c"].max == 50
    app = opened(formula=LITERAL, first_c="-0.3")
    assert widgets(app)["own_c"].max < 0
    app = opened(formula=LITERAL, first_c="0.0000001")
    assert "too fine for a slider: it begins at 1" in said(app)


@pytest.mark.parametrize(
    "firsts", [(20, 3, -2), (-1, 0, 20, 1e6), (20, 3, 0, -2), (-2, 3), (3, 1e-9), (0.3, 1e9, 5)]
)
def test_a_slider_begins_anew_wherever_it_is_told_to(firsts):
    """Its old value lies beyond its new ends, which Streamlit answers with an exception."""
    app = opened(formula="a*abs(r)")
    for first in firsts:
        app.number_input(key="first_a").set_value(float(first)).run()
        assert not app.exception
        begins = first if abs(first) >= 1e-6 or first == 0 else 1
        assert widgets(app)["own_a"].value == begins
        assert widgets(app)["own_a"].min <= begins <= widgets(app)["own_a"].max


@pytest.mark.parametrize(("first", "own"), [("1", "99"), ("2", "-4"), ("-3", "1")])
def test_a_value_in_a_link_beyond_the_ends_of_its_slider_is_said_to_be(first, own):
    """It would otherwise become another one in silence."""
    app = opened(formula="a*abs(r)", own_a=own, first_a=first)
    assert widgets(app)["own_a"].value == float(first)
    assert f"The link's {own} for `a` lies beyond the ends".replace("-", "−") in said(app)
    assert "lies beyond" not in said(opened(formula="a*abs(r)", own_a="3"))


def test_three_readings_tell_the_jump_and_are_taken_over():
    app = opened(view=BUILD, build_c="2")
    assert "**“MSE for big mistakes, MAE for small ones”**" in said(app)
    for preset in READINGS:
        assert preset.means in said(app)
    assert "At c = 2, free of jumps? No: jump of 2 at ±2." in said(app)
    assert said(app).count("At c = 2, free of jumps? Yes") == 2
    app.button(key="take_Reverse Huber").click().run()
    assert not app.exception
    assert app.text_input(key="formula").value == READINGS[1].text
    assert widgets(app)["own_c"].value == 2
    assert np.ravel(app.query_params["formula"])[0] == READINGS[1].text


def test_builders_write_what_the_core_builds():
    absolute, squared = (Loss.catalogue[slug]() for slug in ("absolute_error", "squared_error"))
    texts = {
        "two losses, joined": joined(absolute, squared, 2.0, "value and slope"),
        "weights by sign": by_sign(squared, 3.0, 1.0),
        "a mixture of two": mixture([(0.5, squared), (0.5, absolute)]),
        "a catalogued loss, as text": "r^2",
    }
    for way, text in texts.items():
        app = opened(view=BUILD, build=way, match="value and slope")
        assert text in [one.value for one in app.main.code]
        app.button(key="take_built").click().run()
        assert app.text_input(key="formula").value == text


def test_what_cannot_be_built_is_a_sentence():
    ways = {"build": "two losses, joined", "build_above": "Epsilon-insensitive"}
    app = opened(view=BUILD, match="value and slope", join_at="0.2", **ways)
    assert "Epsilon-insensitive has no slope at 0.2" in app.main.warning[0].value


@pytest.mark.parametrize("text", ["9^9^9^9^9*r", "1/0*r", "log(-1 - r^2)"])
def test_a_loss_that_is_nowhere_finite_is_reported_and_not_stopped_at(text):
    app = opened(formula=text)
    assert "no finite number from -6 to 6" in drawn(app)["typed"]["alt"]
    assert "nowhere a finite number" in app.main.warning[0].value
    assert "smooth" not in said(app)
    assert "Is it always a finite number?** No" in said(app).replace("\n", " ")


def test_formula_judges_predictions_beside_catalogued_losses():
    app = opened(view=DATA, source="Sample", sample="Doctor visits, predicted", first_c="2")
    data = next(
        kind for kind in Sample.catalogue.values() if kind.name.startswith("Doctor visits, p")
    )
    rows = data().load()
    loss = Formula(READINGS[-1].text, c=2.0)
    found = matrix(
        rows.target, {name: rows.column(name) for name in rows.columns}, [loss], rows.weight
    )
    column = app.main.table[0].value["Your loss (c = 2)"]
    for cell, cost in zip(column, found.cost[:, 0], strict=False):
        assert f"{cost:.4g}"[:5] in cell


def test_formula_trains_a_line_beside_squared_error():
    app = opened(view=DATA, formula="r^2")
    walks = drawn(app)["tried_descent"]
    assert "Your loss" in walks["alt"]
    ends = [line for line in said(app).splitlines() if line.startswith("- **")]
    assert len(ends) == 2
    assert ends[0].split(":", 1)[1] == ends[1].split(":", 1)[1], "r^2 is squared error"


def test_a_start_without_a_gradient_is_a_sentence():
    """The cost there is 1, its slope 0 times the logarithm of 0."""
    app = opened(view=DATA, formula="(0*r)^(0*r)")
    assert "gradient at the start (-1, -1) is no finite number" in app.main.error[0].value


def test_formula_of_both_numbers_trains_too_or_says_which_row_it_cannot_take():
    app = opened(view=DATA, formula="(s - y)^2/(1 + y^2)", generator="Line with outliers")
    assert "Your loss" in drawn(app)["tried_descent"]["alt"]
    assert not app.main.error
    for text, says in (("mu - y*log(mu)", "target[2]"), ("y*log(y/s) - y + s", "scores above 0")):
        app = opened(view=DATA, formula=text, generator="Line with outliers")
        assert says in app.main.error[0].value
        assert "pick other data" in said(app)
        assert "tried_descent" not in drawn(app)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("where(abs(r) < 2, abs(r), r^2)", "Not smooth: jump at −2, 2; corner at 0."),
        ("where(abs(r) <= 1, r^2/2, abs(r) - 1/2)", "Not smooth: break of the curvature at −1, 1."),
        ("abs(s - y)/y", "Not smooth, where y = 1: corner at 1."),
        ("r^2", "No place was found where it is not smooth."),
    ],
)
def test_jumps_corners_and_breaks_of_the_curvature_are_told_apart(text, says):
    """A ring at a place that the report calls free of corners would contradict it."""
    app = opened(formula=text)
    assert says in said(app)
    for found in lint(Formula(text)):
        if found.slug in ("jumps", "corners"):
            assert (found.verdict == "no") == (
                {"jumps": "jump", "corners": "corner"}[found.slug] in says
            )


def test_what_it_asks_for_is_counted_among_no_yeses():
    report = [one for one in lint(Formula("r^2")) if one.slug != "asks"]
    assert f"Of {len(report)} questions to say yes or no to" in said(opened(formula="r^2"))


def test_a_name_beside_what_is_left_of_one_is_a_share():
    app = opened(formula="alpha*abs(r) + (1 - alpha)*r^2")
    slider = widgets(app)["own_alpha"]
    assert (slider.min, slider.value, slider.max) == (0.01, 0.5, 0.99)
    assert widgets(opened(formula="alpha*abs(r)"))["own_alpha"].value == 1


def test_an_error_is_text_whatever_it_quotes():
    app = opened(formula="where(*_r_*(r), `r`")
    line = next(one.value for one in app.main.markdown if ":material/error:" in one.value)
    assert "*_" not in line.replace("\\*", "")
    assert "`" not in line


@pytest.mark.parametrize(
    ("text", "inside"),
    [("r^2", 1.0), ("-r^2", 1.0), ("abs(r) + r^2", 1.0), ("abs(r)", 1.0), ("exp(r^2)", 0.0)],
)
def test_windows_show_at_least_most_of_a_curve_that_can_be_shown(text, inside):
    figure = drawn(opened(formula=text))["typed"]
    for trace in figure["data"]:
        if trace["name"] == "Your loss":
            low, high = figure["layout"][trace["yaxis"].replace("y", "yaxis")]["range"]
            y = np.asarray(trace["y"])[np.isfinite(trace["y"])]
            assert np.mean((low <= y) & (y <= high)) >= 0.6 * inside


@pytest.mark.parametrize("name", ["steps", "start_w", "eta", "descent", "typed", "c_on"])
def test_parameters_may_be_called_like_settings_of_the_page(name):
    app = opened(view=DATA, formula=f"{name}*r^2", **{f"own_{name}": "2"})
    assert widgets(app)[f"own_{name}"].value == 2
    assert "tried_descent" in drawn(app)


@pytest.mark.parametrize(
    ("text", "data", "needed"),
    [
        ("log(1 + exp(-m))", "Line with outliers", "a target of two classes"),
        ("r^2", "Two blobs", "a target of a number"),
        ("(s - y)^2/(1 + y^2)", "Two blobs", "a target of a number"),
    ],
)
def test_data_that_a_formula_cannot_use_are_told_so(text, data, needed):
    app = opened(view=DATA, formula=text, generator=data)
    assert needed in app.main.warning[0].value
    assert "tried_descent" not in drawn(app)


def test_the_browser_gets_ahead_what_the_script_says_a_moment_later():
    app = opened(formula="c*r^2")
    ahead = drawn(app)["typed"]["ahead"]
    token = ahead["address"].removeprefix(PATH)
    body = answered(token, {"formula": "c*abs(r)", "own_c": "2", "ground": ""})
    size = int.from_bytes(body[:4], "little")
    message = decode(body[4 : 4 + size])
    app = opened(formula="c*abs(r)", own_c="2")
    assert message["alt"] == drawn(app)["typed"]["alt"]
    for ours, theirs in zip(message["data"], drawn(app)["typed"]["data"], strict=True):
        assert np.array_equal(ours["y"], theirs["y"], equal_nan=True)


@pytest.mark.parametrize("text", ["c*r^", "log(1 + exp(-m))", "<img>", "(" * 9_000])
def test_nothing_is_answered_ahead_where_the_script_must_say_more(text):
    """An error, or another kind of loss, whose axis and menus are other ones."""
    app = opened(formula="c*r^2")
    token = drawn(app)["typed"]["ahead"]["address"].removeprefix(PATH)
    assert answered(token, {"formula": text, "ground": ""}) is None


def test_a_jump_is_a_gap_also_over_the_probability():
    """A kink is declared on the logit: 0 there is a probability of one half."""
    curve = sample(Formula("abs(y - (p > 0.5))"), axis=PROBABILITY)
    assert curve.kinks == (0.5,)
    near = np.abs(curve.x - 0.5) < 0.01
    assert np.isnan(curve.value[near]).any()
    assert curve.x.min() >= 0
    assert sample(Formula("abs(y - mu)"), axis=LOG_MEAN).kinks == (0.0,)


def test_a_card_of_a_loss_without_values_is_empty():
    assert card(Formula("log(-1 - r^2)")).startswith("<svg")


def test_small_picture_shows_a_jump_as_a_gap_and_marks_the_counterexample():
    x = np.linspace(-2, 2, 5)
    picture = Picture(x, np.where(x < 1, 0.0, 3.0), "the residual", "loss")
    finding = Finding("monotone", "Does it?", "no", "No.", witness=(1.0, 2.0), picture=picture)
    whole, broken = witness(finding), witness(finding, [1.0])
    pens = [one.count("M") for one in (whole, broken)]
    assert pens[1] == pens[0] + 1
    assert whole.count("<circle") == 2
    assert html.escape(whole) != whole
    assert "from 0 to 3" in seen(finding)
