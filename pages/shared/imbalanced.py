"""What may be asked of a rare class: one question at a time, each answered by its own module."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from losses.data import DataError, Dataset
from pages.shared import controls, favored, redrawn, tally, traded
from pages.shared.rare import Case, Rail, case


class Question(NamedTuple):
    """Who answers, and whether given probabilities will do."""

    answer: Callable[[Case, Rail], None]
    given: bool = True


QUESTIONS = {
    "Who is found?": Question(tally.answer),
    "Weight, threshold or prior?": Question(favored.answer),
    "What does recall cost?": Question(traded.answer),
    "And resampling?": Question(redrawn.answer, given=False),
}


def asked(data: Dataset) -> None:
    """The questions in a row, and the answer to the one that is picked."""
    given = data.role == "predictions"
    words = st.radio(
        "Question",
        [words for words, question in QUESTIONS.items() if question.given or not given],
        horizontal=True,
        key="question",
        bind="query-params",
        label_visibility="collapsed",
    )
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        places = Rail(st.container(), st.container())
        try:
            found = case(data)
        except DataError as error:
            stage.error(controls.quoted(str(error)))
            return
    with stage:
        QUESTIONS[words].answer(found, places)
