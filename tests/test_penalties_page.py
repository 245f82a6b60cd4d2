"""The Penalties page: what it says of a visitor's rows is what scikit-learn finds with its numbers."""

import re

import numpy as np
import pytest
from sklearn import linear_model

from losses import Loss
from losses.data.bundled import BreastCancer, Diabetes
from losses.penalties import L1, L2, ElasticNet
from losses.regression import SquaredError
from losses.shrink import dialed, knots, penalized, tuned, weighed, with_products
from tests.visits import another, drawn, labelled, link, sent, visit, widgets

TOUCH, SURVIVE, ENOUGH, ZERO, ELSEWHERE, ROW = VIEWS = (
    "Where do they touch?", "Which weights survive?", "How much is just right?",
    "Does descent find the zero?", "λ elsewhere?", "And one row?",
)  # fmt: skip
DATA = Diabetes().load().standardized()
X, Y = DATA.features, DATA.target
PENALTIES = {"L1": L1, "L2": L2, "Elastic net": ElasticNet}
OWN = b"y,left & right,<b>bold</b>,$x$\n" + b"".join(
    b"%d,%d,%d,%d\n" % (3 * a + b % 4, a, b % 5, (a * b) % 7)
    for a, b in zip(range(40), range(3, 163, 4), strict=True)
)


def opened(view, **settings):
    app = visit("penalties", view=view, **settings)
    assert not app.exception, app.exception[0].message
    return app


def said(app):
    """The sentence of the view, without its stars."""
    assert not app.error, app.error[0].value
    return app.info[0].value.replace("**", "")


def number(text):
    return float(text.replace(",", "").replace("−", "-"))


def strength(app):
    """λ as the rail prints it."""
    told = next(one.value for one in app.markdown if "λ₀ =" in one.value)
    return number(re.search(r"λ = ([\d.,]+)", told)[1])


def parts(app):
    """Data cost, penalty and objective as the rail prints them."""
    return [number(text) for text in app.table[0].value["here"]]


def weights(app):
    """The printed weights, slopes then bias."""
    frame = next(one.value for one in app.dataframe if "weight" in one.value)
    return np.array([number(text) for text in frame["weight"]])


def script(app):
    """What the code on the page prints, run as it stands."""
    names = {"X": X.copy(), "y": Y.copy(), "print": lambda *_: None}
    exec(app.code[0].value, names)
    return names["model"]


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("stop", ["-0.3", "-1.5"])
def test_code_of_the_page_finds_the_weights_of_the_page(penalty, stop):
    """The translation is printed with its digits, and is the one that scikit-learn means."""
    key = "ridge_strength" if penalty == "L2" else "strength"
    settings = {"penalty": penalty, key: stop}
    model = script(opened(ELSEWHERE, **settings))
    shown = weights(opened(SURVIVE, **settings))
    np.testing.assert_allclose(shown[:-1], model.coef_, rtol=1e-4, atol=2e-6)
    assert shown[-1] == pytest.approx(model.intercept_, abs=1e-6)
    assert np.count_nonzero(shown[:-1]) == np.count_nonzero(model.coef_)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_conventions_hold_for_the_printed_strength(penalty):
    app, n = opened(ELSEWHERE, penalty=penalty), 442
    lam = strength(app)
    calls = "\n".join(app.table[1].value["What it must be given"])
    said(app)
    if penalty == "L1":
        alpha = number(re.search(r"Lasso\(alpha=([\d.]+)", calls)[1])
        assert alpha == pytest.approx(lam / 2, rel=1e-3)
    if penalty == "L2":
        assert number(re.search(r"Ridge\(alpha=([\d.]+)", calls)[1]) == pytest.approx(
            lam * n, rel=1e-3
        )
        decay = number(re.search(r"weight_decay=([\d.]+)", calls)[1])
        assert decay == pytest.approx(2 * lam, rel=1e-3)
    if penalty == "Elastic net":
        assert "l1_ratio=0.333333" in calls
    rows = dict(app.table[2].value.to_numpy().tolist())
    (summed,) = (number(text) for call, text in rows.items() if call.startswith("sum of losses + λ "
                 + {"L1": "Σ|w|", "L2": "Σw²", "Elastic net": "("}[penalty]))  # fmt: skip
    assert summed == pytest.approx(lam * n, rel=1e-3)


@pytest.mark.parametrize("stop", ["-0.2", "-0.5", "-1.2", "-3"])
def test_rail_prints_data_cost_penalty_and_objective_apart(stop):
    app = opened(SURVIVE, strength=stop)
    lam, (cost, penalty, total) = strength(app), parts(app)
    model = linear_model.Lasso(alpha=lam / 2, tol=1e-12, max_iter=10**6).fit(X, Y)
    assert cost == pytest.approx(np.mean((model.predict(X) - Y) ** 2), rel=1e-3)
    assert penalty == pytest.approx(lam * np.abs(model.coef_).sum(), rel=1e-3)
    assert total == pytest.approx(cost + penalty, rel=1e-3)


def test_survivors_are_told_with_their_number_and_the_next_knot():
    app, found = opened(SURVIVE, strength="-0.5"), knots(X, Y)
    lam = strength(app)
    model = linear_model.Lasso(alpha=lam / 2, tol=1e-12).fit(X, Y)
    left = np.count_nonzero(model.coef_)
    assert said(app).startswith(f"{left} of 10 weights are left")
    assert f"{10 - left} are exactly zero, worth {left} degrees" in said(app)
    coming = next(one for one in found.events if one.lam < lam)
    assert f"Next, `{DATA.columns[coming.column]}` enters" in said(app)
    events = app.dataframe[-1].value
    assert [number(text) for text in events["λ"]] == pytest.approx(
        [one.lam for one in found.events], rel=1e-5
    )
    assert events["column"].tolist() == [DATA.columns[one.column] for one in found.events]


def test_squares_leave_no_weight_at_zero_and_the_page_says_so():
    app = opened(SURVIVE, penalty="L2")
    assert "Squares leave no weight exactly zero: 10 of 10" in said(app)
    lam = strength(app)
    values = np.linalg.eigvalsh(X.T @ X)
    free = (values / (values + 442 * lam)).sum()
    assert number(re.search(r"worth ([\d.]+) degrees", said(app))[1]) == pytest.approx(
        free, rel=1e-3
    )


@pytest.mark.parametrize("stop", ["0", "-0.3", "-0.8", "-2.5"])
def test_touching_place_is_the_fit_of_the_two_columns(stop):
    app = opened(TOUCH, first="bmi", second="age", strength=stop)
    lam, (cost, _, total) = strength(app), parts(app)
    best = penalized(SquaredError(), X[:, [2, 0]], Y, L1(lam=lam))
    assert cost == pytest.approx(best.cost, rel=1e-3)
    assert total == pytest.approx(best.objective, rel=1e-3)
    zero = "`age` is exactly 0" in said(app) or "both weights are exactly 0" in said(app)
    assert zero == (abs(best.weights[1]) < 1e-3)
    figure = drawn(app)["touching"]
    (place,) = (one for one in figure["data"] if one["name"] == "best here")
    assert [place["x"][0], place["y"][0]] == pytest.approx(best.weights[:2].tolist(), abs=1e-4)


def test_one_column_is_joined_by_its_square():
    app = opened(TOUCH, source="Generate", generator="Line with outliers")
    assert any("its square is taken" in one.value for one in app.markdown)
    assert "²" in drawn(app)["touching"]["layout"]["yaxis"]["title"]["text"]


def test_both_ends_are_bad_and_the_choice_of_the_folds_is_told():
    app = opened(ENOUGH)
    stops = [round(-0.05 * k, 6) for k in range(81)]
    found = tuned(SquaredError(), with_products(Diabetes().load()), L1(), stops, rows=199)
    assert "both ends are bad" in said(app)
    table = app.table[-1].value
    at = [80, found.best, found.simplest, 0, 10]
    for name, costs in {
        "training rows": found.training, "folds": found.folds.costs,
        "held out": found.held_out.costs,
    }.items():  # fmt: skip
        shown = [number(text) for text in table[name]]
        np.testing.assert_allclose(shown, costs[at], rtol=1e-3)
    assert f"λ = {found.path.lams[found.best]:.4f}" in said(app)
    few, many = found.path.nonzero[[found.simplest, found.best]]
    assert f"with {few} weights instead of {many}" in said(app)


def test_a_judged_path_is_made_beneath_a_bar_that_is_gone_when_it_is_done():
    """The bar is outside of the cache: a second visit finds the costs, and draws no bar again."""
    first, second = (opened(ENOUGH, split_seed="7") for _ in range(2))
    assert said(first) == said(second)
    assert not first.get("progress")


@pytest.mark.parametrize("page", ["penalties", "network"])
def test_a_column_of_row_weights_is_not_left_out_in_silence(page):
    lines = b"y,x,z,sample_weight\n" + b"".join(
        b"%d,%d,%d,%d\n" % (k * k % 7, k, k % 5, 1 + k % 3) for k in range(30)
    )
    app = visit(page, source="Upload", upload=("weighed.csv", lines))
    assert not app.exception
    told = [one.value for one in app.markdown if "each row counts once" in one.value]
    assert len(told) == 1
    assert "sample_weight" in told[0]


def test_few_rows_to_divide_are_refused_in_words():
    lines = b"y,x\n" + b"".join(b"%d,%d\n" % (k * k % 7, k) for k in range(12))
    app = opened(ENOUGH, source="Upload", share="0.1", upload=("few.csv", lines))
    assert "at least 5 must be trained on" in app.error[0].value


def test_only_proximal_steps_find_the_zeros_of_the_optimum():
    app = opened(ZERO, strength="-0.5")
    best = penalized(SquaredError(), X, Y, L1(lam=strength(app)))
    zeros = int((best.weights[:-1] == 0).sum())
    assert f"At the optimum {zeros} of 10 weights are exactly zero." in said(app)
    table = app.table[1].value
    assert table["weights exactly zero"].tolist() == [f"0 of {zeros}", f"{zeros} of {zeros}"]
    assert number(table["smallest |w|"][0]) > 0
    assert number(table["smallest |w|"][1]) == 0
    assert "no kink at zero" in said(opened(ZERO, penalty="L2"))
    assert "turn λ up" in said(opened(ZERO, strength="-4"))


def test_loss_without_a_largest_curvature_asks_for_a_rate():
    app = opened(ZERO, loss="Absolute error", eta="0.01")
    assert widgets(app)["eta"].value == 0.01
    assert any("η = 0.01" in one.value for one in app.markdown)
    assert "eta" not in widgets(opened(ZERO))


@pytest.mark.parametrize("copies", ["0", "1", "10"])
def test_row_adds_its_loss_over_n_and_pulls_the_fit(copies):
    app = opened(ROW, row="18", copies=copies)
    found = weighed(SquaredError(), X, Y, L1(lam=strength(app)), 17)
    own = float(found.losses[1, 17])
    assert re.search(r"Row 18 has the loss ([\d.]+)\.", said(app))[1][:5] == f"{own:.4g}"[:5]
    share = number(re.search(r"÷ 442 = ([\d.]+)\.", said(app))[1])
    assert share == pytest.approx(own / 442, rel=2e-3)
    table = app.table[1].value
    assert [number(text) for text in table["objective"]] == pytest.approx(
        [found.fits[1].objective, found.fits[int(copies)].objective], rel=1e-3
    )


def test_empty_field_is_the_dearest_row_and_an_unknown_number_is_refused():
    app = opened(ROW)
    lam = strength(app)
    model = linear_model.Lasso(alpha=lam / 2, tol=1e-12).fit(X, Y)
    dearest = np.abs(model.predict(X) - Y).argmax() + 1
    assert said(app).startswith(f"Row {dearest} has the loss")
    assert "no row 443; they go from 1 to 442" in opened(ROW, row="443").error[0].value


def test_a_row_of_a_file_is_told_with_its_line():
    """A line that is left out moves all below it: a number alone would name another row."""
    lines = OWN.replace(b"\n6,", b"\n?,", 1)
    app = opened(ROW, source="Upload", upload=("mine.csv", lines), row="20")
    data = app.session_state["data"]
    assert said(app).startswith(f"Row 20 (line {data.rows[19]} of the file) has the loss")
    assert data.rows[19] != 21
    assert "Counted once" not in said(app)
    assert "counts" in app.table[1].value.columns[0]
    assert "1 times" not in str([one.value for one in app.table])


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("sample", ["Diabetes: ten measures", "Breast cancer Wisconsin"])
def test_every_view_answers_for_numbers_and_classes_under_every_penalty(view, penalty, sample):
    settings = {"memorizing": "false"} if view == ENOUGH else {}
    assert said(opened(view, sample=sample, penalty=penalty, **settings))


@pytest.mark.parametrize(
    "loss", [kind.name for kind in Loss.catalogue.values() if kind.family in ("residual", "margin")]
)
def test_every_loss_that_is_offered_has_a_path_and_touches(loss):
    margin = any(kind.name == loss and kind.family == "margin" for kind in Loss.catalogue.values())
    sample = "Breast cancer Wisconsin" if margin else "Diabetes: ten measures"
    for view in (TOUCH, SURVIVE):
        app = opened(view, sample=sample, loss=loss)
        if loss == "Perceptron":  # no row costs it anything without a slope
            assert "no slope lowers the cost" in app.error[0].value
            return
        assert said(app)
        assert widgets(app)["loss"].value in (loss, "Squared error", "Cross-entropy")


def test_binary_weights_are_those_of_logistic_regression():
    app = opened(SURVIVE, sample="Breast cancer Wisconsin", strength="-0.6")
    data = BreastCancer().load().standardized()
    lam = strength(app)
    model = linear_model.LogisticRegression(
        l1_ratio=1, solver="saga", C=1 / (lam * len(data)), tol=1e-8, max_iter=20_000
    ).fit(data.features, data.target)
    np.testing.assert_allclose(weights(app)[:-1], model.coef_[0], atol=2e-3)
    calls = opened(ELSEWHERE, sample="Breast cancer Wisconsin").table[1].value
    assert "LogisticRegression(" in "".join(calls["What it must be given"])


@pytest.mark.parametrize("view", [TOUCH, SURVIVE, ENOUGH])
def test_strength_between_two_stops_is_the_one_that_is_shown(view):
    """A link may hold any number; the nearest stop would be another λ."""
    settings = {"memorizing": "false", "first": "bmi", "second": "age"}
    app = opened(view, strength="-0.512", **settings)
    columns = X[:, [2, 0]] if view == TOUCH else X
    if view != ENOUGH:
        top = dialed(SquaredError(), columns, Y, L1(), [0.0]).lams[0]
        assert strength(app) == pytest.approx(top * 10**-0.512, rel=1e-3)
    figures = [one for key, one in drawn(app).items() if not key.endswith("films")]
    assert {one["at"]["strength"] for one in figures if one["at"]} == {-0.512}


@pytest.mark.parametrize("view", VIEWS)
def test_names_of_a_visitors_file_are_text_and_stay_out_of_the_link(view):
    app = opened(view, source="Upload", upload=("mine.csv", OWN))
    assert said(app)
    assert not {"first", "second", "feature"} & set(app.query_params)
    assert "bold" not in str(app.query_params)
    figures = [one for key, one in drawn(app).items() if "layout" in one]
    assert "<b>bold" not in str([one["layout"] for one in figures])


def _ending_in(*words):
    """A file of two columns of numbers, and a last one of words."""
    rows = "".join(f"{i % 7}.5,{i * i % 11}.5,{words[i * i % len(words)]}\n" for i in range(60))
    return "words.csv", f"temp,w5,sick\n{rows}".encode()


def test_two_words_that_come_last_are_predicted_and_three_are_said_to_be_too_many():
    """The last column of numbers was predicted in silence."""
    app = opened(SURVIVE, source="Upload", upload=_ending_in("no", "yes"))
    assert labelled(app, "Target").value == "sick"
    assert app.session_state["data"].task == "binary"
    assert not any("seems to hold" in one.value for one in app.markdown)
    app = opened(SURVIVE, source="Upload", upload=_ending_in("a", "b", "c", "d", "e"))
    assert labelled(app, "Target").value == "w5"
    words = "`sick` seems to hold classes: more than two, which this page does not take"
    assert any(words in one.value for one in app.markdown)


TWINS = b"y,temp,size,const,dup\n" + b"".join(
    b"%d,%d,%d,7,%d\n" % (3 * (i * i % 13) + i % 5, i * i % 13, i % 5, i * i % 13)
    for i in range(40)
)


def test_two_columns_that_say_the_same_leave_no_single_best_place():
    """A corner was called the place where they touch, though a whole edge costs the same."""
    twins = {"source": "Upload", "upload": ("twins.csv", TWINS)}
    app = opened(TOUCH, **twins)
    assert labelled(app, "Second weight").value == "size"  # neither the twin nor what stands still
    assert "at a corner" in said(app) or "neither 0" in said(app)
    app = labelled(app, "Second weight").set_value("dup").run()
    assert "No single place is best: `dup` and `temp` say the same" in said(app)
    assert "`dup` can take weight from `temp` at no cost" in said(opened(SURVIVE, **twins))
    told = said(opened(ZERO, strength="-0.3", **twins))
    assert "that optimum is not the only one: `dup` can take weight from `temp`" in told
    assert "only one" not in said(opened(ZERO, strength="-0.3"))


def test_a_column_that_stands_still_is_named():
    app = opened(TOUCH, source="Upload", upload=("twins.csv", TWINS))
    assert app.warning[0].value.startswith("`const`: one value in all rows")
    assert not opened(TOUCH).warning


def test_data_without_any_slope_is_refused_in_words():
    still = b"y,x,z\n" + b"1,1,2\n2,1,2\n3,1,2\n4,1,2\n5,1,2\n6,1,2\n" * 3
    app = opened(SURVIVE, source="Upload", upload=("still.csv", still))
    assert len(app.error) == 1
    assert "no slope lowers the cost" in app.error[0].value or "one value" in app.error[0].value


@pytest.mark.parametrize("view", VIEWS[1:])
def test_link_reproduces_every_view(view):
    """The first one is what the tests of all pages open."""
    app = opened(view, loss="Huber", penalty="Elastic net", memorizing="false")
    for key in [key for key in widgets(app) if key not in ("view", "source", "sample", "loss")]:
        widget = widgets(app).get(key)
        if widget is not None:
            value = 4.0 if key == "row" else another(widget)
            app = widget.set_value(value).run()
            assert not app.exception
    settings = {key: widget.value for key, widget in widgets(app).items()}
    again = visit("penalties", **link(settings))
    assert {key: widget.value for key, widget in widgets(again).items()} == settings
    assert [one.value for one in again.info] == [one.value for one in app.info] != []
    assert sent(again) == sent(app)


@pytest.mark.parametrize("view", VIEWS[1:])
@pytest.mark.parametrize("tampered", ["nan", "-inf", "1e309", "-1", "9" * 400, "<b>x</b>", ""])
def test_tampered_link_stops_no_view(view, tampered):
    usual = [key for key in widgets(opened(view, memorizing="false")) if key != "view"]
    app = opened(view, **(dict.fromkeys(usual, tampered) | {"memorizing": "false"}))
    assert app.info or app.error
    assert len(app.error) <= 1


@pytest.mark.parametrize("penalty", PENALTIES)
def test_printed_steps_are_those_of_the_chosen_penalty(penalty):
    """The step of L1 stood under all three."""
    formula = opened(ZERO, penalty=penalty).latex[-1].value
    landing = formula.rpartition(r"\leftarrow")[2]
    assert (r"\max(" in landing) == (penalty != "L2")
    assert (r"\frac{" in landing) == (penalty != "L1")
    assert (r"\mathrm{sign}\,w" in formula) == (penalty != "L2")


def test_counts_are_whole_and_change_where_a_weight_enters_or_leaves():
    """They were sloping lines between two stops: 3.5 weights."""
    found = knots(X, Y)
    figure = drawn(opened(SURVIVE))["coefficients"]
    (many,) = (one for one in figure["data"] if one["name"].startswith("nonzero"))
    assert many["name"] == "nonzero, and degrees of freedom"
    assert set(many["y"]) == set(range(11))
    turns = [
        x for x, y, then in zip(many["x"], many["y"], many["y"][1:], strict=False) if y != then
    ]
    events = [np.log10(one.lam / found.lams[0]) for one in found.events if one.lam > 1e-4]
    np.testing.assert_allclose(turns, events[: len(turns)], atol=1e-4)
    free = drawn(opened(SURVIVE, penalty="Elastic net"))["coefficients"]["data"]
    assert {"nonzero", "degrees of freedom"} <= {one["name"] for one in free}


def test_bias_of_a_centered_target_is_zero_without_rounding():
    frames = [one.value for one in opened(SURVIVE).dataframe]
    (shown,) = (frame for frame in frames if "weight" in frame)
    assert shown["weight"].tolist()[-1] == "0"


def test_one_is_said_in_the_singular():
    app = opened(SURVIVE, source="Generate", generator="Line with outliers")
    told = said(app) + " ".join(one.value for one in app.markdown)
    assert "1 of 1 weight is left" in told
    assert "1 degree of freedom" in told
    assert "1 knot." in told


def test_lambda_of_the_training_rows_says_that_it_is_another():
    app = opened(ENOUGH)
    (told,) = (one.value for one in app.markdown if "λ₀ =" in one.value)
    assert "199 rows** trained on, of 442, and of **65 columns**, squares and products" in told
    app = opened(ENOUGH, memorizing="false")
    assert any("of **10 columns**, so it is another" in one.value for one in app.markdown)


@pytest.mark.parametrize("penalty", ["L1", "L2"])
def test_code_for_two_classes_finds_the_weights_of_the_page(penalty):
    """Only regression had code that can be run."""
    key = "ridge_strength" if penalty == "L2" else "strength"
    settings = {"sample": "Breast cancer Wisconsin", "penalty": penalty, key: "-0.6"}
    app, data = opened(ELSEWHERE, **settings), BreastCancer().load()
    names = {"X": data.features.copy(), "y": data.target.astype(int), "print": lambda *_: None}
    exec(app.code[0].value, names)
    shown = weights(opened(SURVIVE, **settings))
    np.testing.assert_allclose(shown[:-1], names["model"].coef_[0], rtol=1e-3, atol=1e-4)
    assert names["cost"] == pytest.approx(parts(app)[0], rel=1e-3)


def test_the_curve_that_touches_is_whole_in_the_window():
    """Its right end was cut where the page begins."""
    figure = drawn(opened(TOUCH))["touching"]
    (curve,) = (one for one in figure["data"] if one["name"] == "the same data cost")
    for axis, part in (("xaxis", "x"), ("yaxis", "y")):
        low, high = figure["layout"][axis]["range"]
        assert low < min(curve[part])
        assert max(curve[part]) < high
