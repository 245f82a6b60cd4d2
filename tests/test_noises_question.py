"""What noise does the data believe in? Densities, how far they are behind, and who has none."""

import numpy as np
import pytest

from charts.numbers import readable
from losses import Loss
from losses.data.bundled import Sample
from losses.verdict import belief
from tests.visits import drawn, labelled, visit

ASK = "What noise does the data believe in?"
BLUNDERS, VISITS, TUMORS = (
    Sample.catalogue[slug] for slug in ("blunders", "regression_predictions", "binary_predictions")
)
KINDS = [kind for kind in Loss.catalogue.values() if kind.family == "residual"]


def opened(sample, **settings):
    app = visit("compare", predictions=sample.name, ask=ASK, **settings)
    assert not app.exception, app.exception[0].stack_trace
    assert not app.error, app.error[0].value
    return app


def text(app):
    return "\n".join(one.value for one in app.markdown)


@pytest.mark.parametrize("sample", [BLUNDERS, VISITS])
def test_every_density_is_listed_with_its_likelihood_and_its_scale(sample):
    data = sample().load()
    for name in data.columns:
        app = opened(sample, noise_model=name)
        found = belief(data.column(name) - data.target, [kind() for kind in KINDS])
        assert app.info[1].value == found.sentence(name, lambda name: f"`{name}`")
        listed = app.dataframe[0].value
        assert listed["Loss"].tolist() == [str(one.loss) for one in found.noises]
        assert listed["Scale s"].tolist() == [readable(one.scale, 5) for one in found.noises]
        gaps = [found.noises[0].likelihood - one.likelihood for one in found.noises]
        behind = [float(text) for text in listed["Behind the likeliest"]]
        assert behind == pytest.approx(gaps, rel=0.01, abs=1e-10)
        assert behind == sorted(behind)
        bars = drawn(app)["likelihoods"]["data"][0]
        assert bars["x"].tolist() == pytest.approx(gaps, abs=1e-4)


def test_the_best_three_densities_lie_over_bars_of_area_one():
    data, figure = BLUNDERS().load(), drawn(opened(BLUNDERS))["noise"]
    bars = figure["data"][0]
    assert (bars["y"] * bars["width"]).sum() == pytest.approx(1, rel=1e-4)
    best = belief(data.column("sharp") - data.target, [kind() for kind in KINDS]).leading(3)
    curves = [trace for trace in figure["data"] if trace["type"] == "scatter"]
    assert [curve["name"] for curve in curves[::2]] == [one.loss.name for one in best]
    for curve, one in zip(curves[::2], best, strict=True):
        np.testing.assert_allclose(curve["y"], one.pdf(curve["x"]), atol=1e-3)


def test_losses_without_a_density_are_named_with_the_reason():
    said = text(opened(BLUNDERS))
    for slug in ("geman_mcclure", "welsch", "tukey_biweight"):
        assert f"- {Loss.catalogue[slug]()}: its cost levels off" in said


def test_the_losses_above_keep_their_parameters():
    app = opened(BLUNDERS, noise_losses="those above", residual=["Huber"], huber_delta="2.5")
    assert app.dataframe[0].value["Loss"].tolist() == ["Huber (δ = 2.5)"]
    app = opened(BLUNDERS, residual=["Huber"], huber_delta="2.5")
    assert "Huber (δ = 2.5)" in app.dataframe[0].value["Loss"].tolist()


def test_only_bounded_losses_leave_nothing_to_draw_and_say_so():
    app = opened(BLUNDERS, noise_losses="those above", residual=["Welsch"])
    assert app.info[1].value.startswith("No loss shown stands for a noise")
    assert "noise" not in drawn(app)


def test_a_perfect_model_has_no_noise_to_believe_in():
    rows = "\n".join(f"{k}.5,{k}.5,{k + 1}.5" for k in range(30))
    file = ("brought.csv", f"y_true,perfect,other\n{rows}".encode())
    app = visit("compare", upload=file, predictions_source="Upload", ask=ASK)
    assert not app.exception
    assert app.info[1].value.startswith("No loss shown stands for a noise")
    assert "no residual costs anything" in text(app)
    labelled(app, "Model").set_value("other").run()
    assert not app.exception
    assert "residuals of `other`" in app.info[1].value


def test_residuals_too_small_for_a_scale_are_said_to_be_so():
    rows = "\n".join(f"{k}e-200,{1.1 * k:g}e-200" for k in range(1, 30))
    file = ("brought.csv", f"y_true,small\n{rows}".encode())
    app = visit("compare", upload=file, predictions_source="Upload", ask=ASK)
    assert not app.exception
    assert "- Log-cosh: " in text(app)


def test_classes_have_no_residuals_so_that_the_question_is_not_asked():
    app = opened(TUMORS)
    assert ASK not in labelled(app, "Question").options
    assert labelled(app, "Question").value == "Where does the winner change?"
