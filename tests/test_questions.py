"""Every question of the Compare page: offered where it fits, sound from any link, and in the link."""

import re

import pytest

from losses import Loss
from losses.data.bundled import Sample
from pages.shared.questions import QUESTIONS
from pages.shared.verdicts import FAMILY
from tests.visits import another, drawn, labelled, link, sent, visit, widgets

SAMPLES = [kind for kind in Sample.catalogue.values() if kind.role == "predictions"]
ASKED = [
    (question, sample)
    for question, one in QUESTIONS.items()
    for sample in SAMPLES
    if sample.task in one.tasks
]
EACH = pytest.mark.parametrize(("question", "sample"), ASKED)
# The first one is what the tests of every page open; they look at its settings.
FURTHER = pytest.mark.parametrize(
    ("question", "sample"), [pair for pair in ASKED if pair[0] != next(iter(QUESTIONS))]
)
TAMPERED = ("nan", "-inf", "1e309", "-1", "9" * 4000, "<img src=x onerror=alert(1)>", "", "1\x00")


def sound(app):
    """The page, once sure that nothing on it stopped and that it refused nothing."""
    assert not app.exception, ["\n".join([one.message, *one.stack_trace]) for one in app.exception]
    assert not app.error, [error.value for error in app.error]
    return app


def text(app):
    kinds = ("title", "header", "markdown", "text", "error", "info", "warning")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_question_is_offered_where_it_fits(sample):
    fitting = [words for words, one in QUESTIONS.items() if sample.task in one.tasks]
    assert labelled(visit("compare", predictions=sample.name), "Question").options == fitting


@EACH
def test_a_question_is_answered_in_a_sentence_and_a_figure_with_an_alternative(question, sample):
    app = sound(visit("compare", predictions=sample.name, ask=question))
    assert labelled(app, "Question").value == question
    figures = [one for key, one in drawn(app).items() if not key.endswith("_films")]
    files = question == "Take it away"  # whose figures are in the files
    assert len(figures) >= 3 - files  # the thumbnail, the verdict, the answer
    assert all(re.search(r"\d", figure["alt"]) for figure in figures)


@EACH
def test_every_setting_says_what_it_does(question, sample):
    app = visit("compare", predictions=sample.name, ask=question)
    rail = [one for key, one in widgets(app).items() if key != "ask"]
    assert not [one.label for one in rail if not one.help]


@FURTHER
@pytest.mark.parametrize("tampered", TAMPERED, ids=range(len(TAMPERED)))
def test_a_tampered_link_asks_with_settings_that_there_are(question, sample, tampered):
    settings = {"predictions": sample.name, "ask": question}
    usual = widgets(visit("compare", **settings))
    app = sound(visit("compare", **(dict.fromkeys(usual, tampered) | settings)))
    if tampered:  # an empty list of losses is one that a link may hold
        assert {key: one.value for key, one in widgets(app).items()} == {
            key: one.value for key, one in usual.items()
        }
    assert "<img" not in text(app)


@FURTHER
def test_a_link_reproduces_the_answer(question, sample):
    app = visit("compare", predictions=sample.name, ask=question)
    for key in list(widgets(app)):
        if key in widgets(app) and key not in ("ask", "predictions", "predictions_source"):
            widget = widgets(app)[key]
            app = sound(widget.set_value(another(widget)).run())
    settings = {key: widget.value for key, widget in widgets(app).items()}
    again = sound(visit("compare", **link(settings)))
    assert {key: widget.value for key, widget in widgets(again).items()} == settings
    assert text(again) == text(app)
    assert sent(again) == sent(app)


@EACH
def test_every_loss_of_the_task_can_judge_here(question, sample):
    family = FAMILY[sample.task]
    every = [kind.name for kind in Loss.catalogue.values() if kind.family == family]
    sound(visit("compare", predictions=sample.name, ask=question, **{family: every}))
