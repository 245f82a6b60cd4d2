"""And under every other loss? The Murphy diagram, its sentence, its pairs and its check."""

from itertools import combinations

import numpy as np
import pytest

from charts.numbers import percent, readable
from losses import Loss
from losses.data.bundled import Sample
from losses.verdict import matrix, murphy
from tests.visits import drawn, labelled, visit

ASK = "And under every other loss?"
ASKED = {"the mean": "mean", "a quantile": "quantile", "an expectile": "expectile"}
NAMED = {slug: Sample.catalogue[slug] for slug in ("regression_predictions", "blunders")}
TUMORS = Sample.catalogue["binary_predictions"]


def opened(sample, **settings):
    """The page with a sample, asked this question; sure that nothing stopped or was refused."""
    return sound(visit("compare", predictions=sample.name, ask=ASK, **settings))


def sound(app):
    assert not app.exception, app.exception[0].stack_trace
    assert not app.error, app.error[0].value
    return app


def uploaded(text, **settings):
    file = ("brought.csv", text.encode())
    return visit("compare", upload=file, predictions_source="Upload", ask=ASK, **settings)


def models(data):
    return {name: data.column(name) for name in data.columns}


def quoted(name):
    return f"`{name}`"


def ranked(data, loss):
    """The models, the cheapest under a loss first."""
    cost = matrix(data.target, models(data), [loss]).cost[:, 0]
    return [data.columns[place] for place in np.argsort(cost)]


def check(app):
    """The table that checks the areas, by its columns."""
    return app.table[1].value.to_dict("list")


CASES = [
    (NAMED["regression_predictions"], "the mean", "squared_error", 0.5),
    (NAMED["blunders"], "the mean", "squared_error", 0.5),
    (NAMED["regression_predictions"], "a quantile", "quantile", 0.9),
    (NAMED["blunders"], "an expectile", "expectile", 0.2),
]


@pytest.mark.parametrize(("sample", "words", "slug", "level"), CASES)
def test_the_page_opens_with_what_the_core_says_of_the_winner_and_its_closest_rival(
    sample, words, slug, level
):
    data, asks = sample().load(), ASKED[words]
    app = opened(sample, every=words, **{f"every_{asks}": str(level)})
    found = murphy(data.target, models(data), asks, level)
    knobs = {} if asks == "mean" else {"tau": level}
    nearest = ranked(data, Loss.catalogue[slug](**knobs))[:2]
    assert app.info[1].value == found.sentence(*nearest, quoted)
    figure = drawn(app)["murphy"]
    for model, trace in enumerate(figure["data"][: len(data.columns)]):
        x, y = found.outline(model)
        np.testing.assert_allclose(trace["x"], x, atol=1e-3 * np.ptp(x))
        np.testing.assert_allclose(trace["y"], y, atol=1e-3 * np.ptp(y))


@pytest.mark.parametrize(("sample", "words", "slug", "level"), CASES)
def test_the_areas_stand_beside_the_cost_that_they_measure(sample, words, slug, level):
    data, asks = sample().load(), ASKED[words]
    shown = check(opened(sample, every=words, **{f"every_{asks}": str(level)}))
    knobs = {} if asks == "mean" else {"tau": level}
    cost = matrix(data.target, models(data), [Loss.catalogue[slug](**knobs)]).cost[:, 0]
    expected = [readable(one, 6) for one in cost]
    assert shown["Cost"] == expected
    assert shown["Area" if asks == "quantile" else "2 × area"] == expected


def test_probabilities_are_asked_for_the_probability_alone():
    data, app = TUMORS().load(), opened(TUMORS)
    assert labelled(app, "Losses that ask for") is None
    found = murphy(data.target, models(data), "probability")
    assert app.info[1].value == found.sentence(*ranked(data, Loss.catalogue["brier"]())[:2], quoted)
    cost = matrix(data.target, models(data), [Loss.catalogue["brier"]()]).cost[:, 0]
    assert check(app)["2 × area"] == check(app)["Cost"] == [readable(one, 6) for one in cost]


def test_every_pair_has_its_line_and_the_menu_picks_the_one_that_is_drawn():
    sample = NAMED["regression_predictions"]
    data = sample().load()
    pairs = list(combinations(ranked(data, Loss.catalogue["squared_error"]()), 2))
    app = opened(sample, every_pair="linear and trees_absolute")
    listed = app.dataframe[0].value
    assert list(zip(listed["First"], listed["Second"], strict=True)) == pairs
    found = murphy(data.target, models(data))
    shares = [percent(found.dominance(*pair).share(pair[0])) for pair in pairs]
    assert listed["First cheaper at"].tolist() == shares
    assert app.info[1].value == found.sentence("linear", "trees_absolute", quoted)
    words = drawn(app)["murphy"]["layout"]["annotations"][0]["text"]
    assert "above 0, trees_absolute is cheaper" in words


def test_a_model_that_is_nearer_everywhere_beats_the_other_for_every_such_loss():
    rows = "\n".join(f"{k}.5,{k + 1}.5,{k + 3}.5" for k in range(30))
    app = sound(uploaded(f"y_true,near,far\n{rows}"))
    said = "`near` beats `far` for every loss that asks for the mean."
    assert app.info[1].value == said
    assert app.dataframe[0].value["Wins under all"].tolist() == ["near"]


def test_one_model_has_nobody_to_be_compared_with():
    rows = "\n".join(f"{k}.5,{k + 1}.5" for k in range(30))
    app = sound(uploaded(f"y_true,lone\n{rows}"))
    assert app.info[1].value == "`lone` is the only model: there is none to compare it with."
    assert "yaxis2" not in drawn(app)["murphy"]["layout"]
    assert [float(check(app)[column][0]) for column in ("2 × area", "Cost")] == [1, 1]


def test_names_from_a_file_stay_text_and_out_of_the_link():
    names = ["<b>bold</b>", "$x$%{y}", "a`tick"]
    rows = "\n".join(f"{k}.5,{k + 1}.5,{k - 2}.5,{k}.75" for k in range(30))
    app = sound(uploaded(f"y_true,{','.join(names)}\n{rows}"))
    labelled(app, "Models").set_value("<b>bold</b> and a`tick").run()
    assert "`<b>bold</b>`" in sound(app).info[1].value
    figure = drawn(app)["murphy"]
    shown = [*(t["name"] for t in figure["data"]), figure["layout"]["annotations"][0]["text"]]
    assert not any("<b>" in text or "$x" in text or "%{" in text for text in shown)
    assert not any("bold" in str(value) for value in app.query_params.values())


def test_another_sample_after_a_pair_was_picked_has_pairs_of_its_own():
    app = opened(NAMED["regression_predictions"], every_pair="linear and trees_absolute")
    labelled(app, "Sample").set_value(TUMORS.name).run()
    assert labelled(sound(app), "Models").value == "the two cheapest"


def test_what_no_elementary_score_can_hold_is_refused_in_a_sentence():
    rows = "\n".join(f"{k}e307,{-k}e307,1" for k in range(1, 18))
    app = uploaded(f"y_true,huge,small\n{rows}")
    assert not app.exception
