"""What may be asked of a rare class: one question at a time, each answered by its own module."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from charts.plane import DRAWN
from losses.data import DataError, Dataset
from pages.shared import ask, controls, favored, redrawn, tally, traded
from pages.shared.rare import Case, Rail, case


class Question(NamedTuple):
    """Who answers, what given probabilities lack if they will not do, and if rows are drawn."""

    answer: Callable[[Case, Rail], None]
    lacking: str = ""
    rows: bool = True


TRAINED = (
    "Resampling changes the rows that a model is trained on. These are the probabilities of a "
    "model that is trained already: bring its features, or pick rows with features under "
    "**Source**, to train on them here."
)
QUESTIONS = {
    "Who is found?": Question(tally.answer),
    "Weight, threshold or prior?": Question(favored.answer),
    "What does recall cost?": Question(traded.answer, rows=False),
    "And resampling?": Question(redrawn.answer, TRAINED),
}


def asked(data: Dataset) -> None:
    """The questions in a row, and the answer to the one that is picked."""
    question = QUESTIONS[ask.question(list(QUESTIONS), "question")]
    if question.lacking and data.role == "predictions":
        st.info(question.lacking)
        return
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        places = Rail(st.container(), st.container())
        try:
            found = case(data)
        except DataError as error:
            stage.error(controls.quoted(str(error)))
            return
    with stage:
        question.answer(found, places)
        if question.rows:
            _thinned(found)


def _thinned(case: Case) -> None:
    """What the figure cannot draw: all rows of a large class, and more than two columns."""
    for y, name in enumerate(case.classes):
        there = int((case.model.target == y).sum())
        if there > DRAWN[y]:
            st.markdown(
                f"The figure draws {DRAWN[y]} of the {there:,} rows of {controls.quoted(name)}, "
                "evenly spread over the file; all are counted."
            )
    hidden = 0 if case.fitted is None else len(case.fitted.data.columns) - len(case.plane.columns)
    if hidden:
        others = "the other column stands" if hidden == 1 else f"the other {hidden} columns stand"
        st.markdown(
            f"The line is where {others} at the mean; all of them decide who is called what, so "
            "rows may be found on its other side."
        )
