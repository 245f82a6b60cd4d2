"""Every page as visitors open it: at its defaults, from good and bad links, with good and bad files."""

import re
from urllib.parse import parse_qs

import numpy as np
import pytest

from losses import Loss, Optimizer
from losses.axes import AXES
from losses.data.bundled import Sample
from losses.data.generators import Generator
from tests.conftest import ROOT
from tests.visits import (
    another,
    decode,
    drawn,
    labelled,
    link,
    menu,
    sent,
    tasks,
    visit,
    widgets,
)

MENU = menu()
BENCHED = [page for page in MENU if labelled(visit(page), "Source")]
EACH_PAGE = pytest.mark.parametrize("page", MENU, ids=lambda page: page or "home")
EACH_BENCH = pytest.mark.parametrize("page", BENCHED)
NUMBERED = [page for page in BENCHED if "regression" in tasks(page)]
EACH_BENCH_OF_NUMBERS = pytest.mark.parametrize("page", NUMBERED)
OF_CLASSES = [page for page in BENCHED if page not in NUMBERED]  # these refuse a number in words
ROWS = 40
X = np.linspace(0.0, 10.0, ROWS)
RAMP = b"size,price\n" + b"".join(b"%g,%g\n" % (x, 3 * x + 1 + (i % 5)) for i, x in enumerate(X))
TIMES = b"day,time\n" + b"".join(b"%g,%g\n" % (x, 9 - x / 2 + (i % 3)) for i, x in enumerate(X))
MODELS = b"y_true,model_a,model_b\n" + b"".join(
    b"%d,%.2f,%.2f\n" % (i % 2, 0.2 + 0.5 * (i % 2), 0.4) for i in range(ROWS)
)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10\x00\x00\x00\x10\x08\x06\x1f\xf3\xffa"
UNUSABLE = {
    "a PNG renamed": PNG * 20,
    "empty": b"",
    "only a header": b"x,y\n",
    "text where numbers belong": b"x,y\n"
    + b"".join(b"word%d,text%d\n" % (i, i) for i in range(ROWS)),
    "one column": b"y\n" + b"".join(b"%g\n" % x for x in X),
}
# Each line and cell here that cannot be used is to be named, wherever it is said.
PARTLY_USABLE = {
    "ragged": (RAMP + b"1,2,3,4\n5\n", "line 42"),
    "one word in a numeric column": (RAMP + b"7,seven\n", "line 42"),
}
TAMPERED = {
    "nan": "nan",
    "infinite": "-inf",
    "beyond float": "1e309",
    "negative": "-1",
    "beyond its square": "1e200",
    "far away": "999999999",
    "four thousand digits": "9" * 4000,
    "HTML": "<img src=x onerror=alert(1)>",
    "unknown": "No such thing",
    "empty": "",
    "null byte": "1\x00",
}
POSSIBLE = ("-1", "999999999")  # of these a number field without bounds of its own may hold one


def text(app):
    """Everything that the page says outside its figures."""
    kinds = ("title", "header", "markdown", "text", "metric", "error", "info", "warning")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


def sound(app):
    """The page, once sure that nothing on it stopped and that it refused nothing."""
    unbroken(app)
    assert not app.error, [error.value for error in app.error]
    return app


def unbroken(app):
    """The page, once sure that nothing on it stopped."""
    stopped = ["\n".join([error.message, *error.stack_trace]) for error in app.exception]
    assert not stopped, stopped[0]
    return app


def formulas(app):
    """The formulas on the page."""
    return [formula.value.strip("$\n") for formula in app.latex]


def names(message):
    """How often each name stands among the traces of a figure."""
    traces = [trace.get("name") for trace in message["data"]]
    return {name: traces.count(name) for name in traces}


def choices(page, label, **settings):
    """The options of a menu on a page."""
    found = labelled(visit(page, **settings), label)
    return found.options if found else []


def offered(page, way):
    """Every data set that the bench of a page has from one source: its name, and the link to it."""
    source = labelled(visit(page), "Source")
    if way in source.options:
        base = {source.key: way}
        kinds = labelled(visit(page, **base), "Generator" if way == "Generate" else way)
        for option in kinds.options:
            yield option, base | {kinds.key: option}


@EACH_PAGE
def test_page_opens_at_its_defaults_with_one_title_and_a_sentence(page):
    app = sound(visit(page))
    assert len(app.title) == 1
    assert any(re.search(r"\w+ \w+ .*\.$", said.value) for said in app.main.markdown)


@EACH_PAGE
def test_every_figure_of_a_page_says_what_it_shows(page):
    for key, message in drawn(visit(page)).items():
        if not key.endswith("_films"):
            assert re.search(r"\d", message["alt"]), key
            assert message["height"] > 100


def test_the_pages_that_draw_do_draw():
    """A guard for the tests above: they would pass over pages without figures."""
    assert set(MENU) == {"", *(file.stem for file in (ROOT / "pages").glob("*.py"))} - {
        "frame",
        "home",
    }
    assert set(BENCHED) >= {"curves", "huber", "descent", "compare"}
    assert all(drawn(visit(page)) for page in MENU if page)


@pytest.mark.parametrize(
    ("axis", "loss"),
    [
        (axis, loss)
        for axis in AXES.values()
        for loss in Loss.catalogue.values()
        if axis in loss.axes
    ],
    ids=lambda value: value.slug,
)
def test_every_loss_is_drawn_on_curves_over_each_of_its_axes(axis, loss):
    app = sound(visit("curves", axis=axis.name, **{axis.slug: loss.name}))
    figure = drawn(app)["curves"]
    assert names(figure)[loss.name] == 3
    for trace in figure["data"]:
        if trace["name"] == loss.name:
            assert np.isfinite(trace["y"]).mean() > 0.9
    assert loss().formula in formulas(app)
    assert loss.sentence() in text(app)
    sliders = {
        f"{loss.slug}_{parameter.name}" for parameter in loss.parameters() if not parameter.optional
    }
    assert sliders <= set(drawn(app)["curves_films"]["films"])


@EACH_BENCH
@pytest.mark.parametrize("way", ["Generate", "Sample"])
def test_page_takes_every_data_set_that_its_bench_offers(page, way):
    for name, settings in offered(page, way):
        app = sound(visit(page, **settings))
        assert drawn(app)["data_picture"]["alt"].split(" rows of ")[1].startswith(name)
        assert re.search(r"\*\*[\d,]+ rows\*\*", text(app))
        assert len(drawn(app)) > 1, name


@pytest.mark.parametrize(("kind", "way"), [(Generator, "Generate"), (Sample, "Sample")])
def test_every_data_set_with_a_number_or_two_classes_is_offered_somewhere(kind, way):
    """A generator or sample that no page takes would be dead."""
    seen = {name for page in BENCHED for name, _ in offered(page, way)}
    assert seen >= {one.name for one in kind.catalogue.values() if one.task != "multiclass"}


@pytest.mark.parametrize("optimizer", Optimizer.catalogue.values(), ids=lambda kind: kind.slug)
@pytest.mark.parametrize("data", ["Line with outliers", "Two blobs"])
def test_every_loss_descends_with_every_optimizer(optimizer, data):
    settings = {"generator": data, "optimizer": optimizer.name, "steps": "20"}
    for loss in choices("descent", "Loss", **settings):
        app = sound(visit("descent", loss=loss, **settings))
        figure, reel = drawn(app)["descent"], drawn(app)["descent_films"]
        assert figure["alt"].startswith(loss)
        assert len(reel["captions"]) == reel["films"]["clock"]["frames"] == 21
        assert reel["captions"][-1].startswith("step 20 of 20: cost ")


def test_descent_offers_every_loss_of_one_score_that_has_a_slope_to_follow():
    offers = {
        loss
        for data in ("Line with outliers", "Two blobs")
        for loss in choices("descent", "Loss", generator=data)
    }
    one_score = ("residual", "margin", "binary")  # of any target: a positive one is another task
    trainable = {loss.name for loss in Loss.catalogue.values() if loss.family in one_score}
    assert offers == trainable - {"Zero-one"}


@pytest.mark.parametrize(
    ("generator", "loss"),
    [
        pytest.param(generator, loss, id=f"{loss.slug}-{task}")
        for task, generator in (("regression", "Line with outliers"), ("binary", "Two blobs"))
        for loss in Loss.catalogue.values()
        if loss.trains(task)
    ],
)
def test_descent_walks_under_every_loss_that_it_offers(generator, loss):
    app = sound(visit("descent", generator=generator, loss=loss.name))
    said = " ".join(note.value for note in (*app.info, *app.warning))
    assert "gradient" in said or "Diverged" in said


@EACH_PAGE
@pytest.mark.parametrize("tampered", TAMPERED.values(), ids=TAMPERED.keys())
def test_tampered_link_opens_the_page_with_settings_that_it_could_have(page, tampered):
    """Links are public and get mangled; Streamlit validates, and this holds it to that."""
    usual = widgets(visit(page))
    app = sound(visit(page, nobody=tampered, **dict.fromkeys(usual, tampered)))
    for key, widget in widgets(app).items():
        if widget.type in ("selectbox", "multiselect", "radio"):
            chosen = widget.value if isinstance(widget.value, list) else [widget.value]
            assert set(chosen) <= set(widget.options), key
        elif widget.value is not None and getattr(widget, "min", None) is not None:
            assert widget.min <= widget.value <= widget.max, key
        elif tampered not in POSSIBLE:
            assert widget.value == usual[key].value, key
    if tampered and tampered not in POSSIBLE:
        assert not [key for key in usual if tampered in app.query_params.get(key, "")]
    assert "<img" not in text(app)


@EACH_PAGE
def test_link_reproduces_the_page(page):
    """The third promise: the address bar holds every setting, so another visitor sees the same."""
    app = visit(page)
    for key in list(widgets(app)):
        if key in widgets(app):  # another source or optimizer takes settings away
            widget = widgets(app)[key]
            app = sound(widget.set_value(another(widget)).run())
    settings = {key: widget.value for key, widget in widgets(app).items()}
    again = sound(visit(page, **link(settings)))
    assert {key: widget.value for key, widget in widgets(again).items()} == settings
    assert text(again) == text(app)
    assert sent(again) == sent(app)


@EACH_BENCH
@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_unusable_file_gives_one_sentence_and_no_exception(page, content):
    app = uploaded(page, content)
    assert len(app.error) == 1
    assert re.search(r"\w+ \w+ \w+", app.error[0].value)
    assert "data_picture" not in drawn(app)


@EACH_BENCH_OF_NUMBERS
@pytest.mark.parametrize(("content", "place"), PARTLY_USABLE.values(), ids=PARTLY_USABLE.keys())
def test_rows_that_cannot_be_used_are_named_with_their_line(page, content, place):
    """The second promise: nothing is dropped silently."""
    app = uploaded(page, content)
    assert place in text(app)
    assert f"**{ROWS} rows**" in text(app)


@pytest.mark.parametrize("page", OF_CLASSES)
def test_a_page_for_classes_says_so_of_a_target_that_is_a_number(page):
    app = uploaded(page, RAMP)
    assert "regression" in app.error[0].value
    assert "data_picture" not in drawn(app)


@EACH_BENCH_OF_NUMBERS
def test_numbers_that_somebody_brings_reach_the_figures(page):
    app = sound(uploaded(page, RAMP))
    assert f"**{ROWS} rows**, 1 column, target `price`" in text(app)
    assert drawn(app)["data_picture"]["alt"] == f"{ROWS} rows of mine: price over size."
    assert len(drawn(app)) > 1


def test_page_of_classes_refuses_a_target_of_numbers_in_words():
    classed = [page for page in BENCHED if page not in NUMBERED]
    assert "focal" in classed
    for page in classed:
        assert "makes this a regression task" in uploaded(page, RAMP).error[0].value


def uploaded(page, content, **settings):
    """The page for a visitor who brought this file."""
    settings[labelled(visit(page), "Source").key] = "Upload"
    return unbroken(visit(page, upload=("mine.csv", content), **settings))


def test_file_given_to_the_uploader_stays_through_reruns_and_page_changes_but_not_in_the_link():
    app = visit("huber", source="Upload")
    assert "Bring one column" in app.info[0].value
    app.file_uploader[0].upload("mine.csv", RAMP, "text/csv").run()
    assert f"**{ROWS} rows**" in text(sound(app))
    app.switch_page("descent.py").run()
    assert f"**{ROWS} rows**" in text(sound(app))
    assert "mine" not in str(app.query_params)


def test_next_file_is_taken_whatever_the_last_one_was():
    """Column choices belong to a file: a choice made for one must not empty the next."""
    app = visit("huber", source="Upload")
    for content, said in (
        (b"a,b\nx,y\nz,w\n", "no column"),
        (RAMP, "target `price`"),
        (TIMES, "target `time`"),
    ):
        app.file_uploader[0].set_value(("mine.csv", content, "text/csv")).run()
        assert said in text(unbroken(app))


def test_predictions_that_somebody_brings_reach_the_rug():
    app = sound(uploaded("curves", MODELS, axis="Logit"))
    assert re.search(f"model_a.* says .*, 20 of {ROWS}", text(app))


@pytest.mark.parametrize(("delta", "value"), [("0.5", "0.125"), ("1", "0.5"), ("3", "4.5")])
def test_huber_says_half_delta_squared_and_delta_at_the_hand_over(delta, value):
    app = visit("huber", delta=delta)
    metrics = {metric.label: metric.value for metric in app.metric}
    assert metrics["Value at ±δ"] == value
    assert metrics["Slope at ±δ"] == f"±{float(delta):g}"
    heard = re.findall(r"\d+(?:\.\d+)?", drawn(app)["huber_curves"]["alt"])
    assert {value, f"{float(delta):g}"} <= set(heard)


def test_same_delta_is_another_fit_when_the_target_is_counted_in_thousands():
    settings = {"generator": "House prices", "delta": "1"}
    dollars = visit("huber", **settings)
    thousands = visit(
        "huber", unit=choices("huber", "Unit of the target", **settings)[1], **settings
    )
    fits = [fit_table(app) for app in (dollars, thousands)]
    least = [1e3 * float(fits[1]["Least squares (δ → ∞)"]), float(fits[0]["Least squares (δ → ∞)"])]
    assert least[0] == pytest.approx(least[1], rel=1e-5)  # the printed digits
    assert 1e3 * float(fits[1]["Huber"]) != pytest.approx(float(fits[0]["Huber"]), rel=1e-3)


def fit_table(app):
    """The slope of each line in the table of fits."""
    frame = app.table[0].value
    return dict(zip(frame.iloc[:, 0], frame.iloc[:, 1], strict=True))


def test_alpha_makes_two_readings_of_focal():
    one, two = visit("focal"), visit("focal", alpha_on="true", alpha="0.75")
    for key in ("focal_probability", "focal_logit"):
        assert names(drawn(one)[key])["Focal"] >= 1
        assert {"Focal, y = 1 (α)", "Focal, y = 0 (1 − α)"} <= set(names(drawn(two)[key]))
    assert "weighted α = 0.75; for y = 0, weighted 0.25" in text(two)
    assert "for y = 0" not in text(one)


def test_half_is_the_convention_of_the_drawing_and_of_the_numbers():
    whole, half = (
        visit("curves", residual="Squared error", at_residual="3", half=on)
        for on in ("false", "true")
    )
    heights = [np.nanmax(drawn(app)["curves"]["data"][0]["y"]) for app in (whole, half)]
    assert heights == [36.0, 18.0]
    assert r"r^2" in formulas(whole)
    assert r"\frac{1}{2} r^2" in formulas(half)


def test_too_fast_descent_is_shown_as_divergence_with_its_reason():
    app = visit("descent", gradient_descent_eta="1.5", steps="50")
    assert re.match(r"Diverg.* is 1\.5 × the limit ", app.warning[0].value)
    assert [metric.value for metric in app.metric if metric.label.startswith("Rate ÷")] == ["1.5"]


def test_every_card_of_the_gallery_leads_to_its_loss():
    home = visit("")
    links = {link.label.strip("*"): link for link in home.get("page_link")}
    for loss in Loss.catalogue.values():
        settings = parse_qs(links[loss.name].query_string)
        assert settings == {"axis": [loss.axes[0].name], loss.axes[0].slug: [loss.name]}
    assert len(home.get("image")) == len(Loss.catalogue)


def test_messages_decode_to_the_arrays_that_were_packed():
    """A guard for this file: a decoder that reads garbage would check garbage."""
    app = visit("huber", delta="2")
    message = decode(
        next(f.proto.bytes for f in app.get("bidi_component") if f.key == "huber_curves")
    )
    zone = next(trace for trace in message["data"] if trace["name"] == "|r| ≤ δ")
    assert zone["x"].tolist() == [-2, -2, 2, 2]


def test_two_runs_of_a_page_share_nothing_that_remembers():
    """Streamlit's page runs once and remembers it: of two visitors who shared it, one met an error."""
    from pages.shared.menu import ENTRIES

    assert all(entry.page is not entry.page for entry in ENTRIES)
