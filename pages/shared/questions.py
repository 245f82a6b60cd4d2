"""What may be asked of a verdict: one question is answered at a time, each by its own module."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from pages.shared import (
    ask,
    carried,
    changes,
    deciding,
    everyloss,
    noises,
    report,
    sureness,
    why,
)
from pages.shared.case import Case

EVERY = ("regression", "binary", "multiclass")


class Question(NamedTuple):
    """Who answers, and the tasks in which there is something to answer."""

    answer: Callable[[Case], None]
    tasks: tuple[str, ...] = ("regression", "binary")
    margins: bool = True

    def fits(self, case: Case) -> bool:
        """Whether it makes sense on these rows."""
        margins = case.data.scale == "margin"
        return case.data.task in self.tasks and (self.margins or not margins)


QUESTIONS = {
    "Where does the winner change?": Question(changes.answer, EVERY, margins=False),
    "How many rows decide it?": Question(deciding.answer),
    "How sure is it?": Question(sureness.answer),
    "And under every other loss?": Question(everyloss.answer, margins=False),
    "Which rows carry the cost?": Question(carried.answer, EVERY),
    "Why?": Question(why.answer, margins=False),
    "What noise does the data believe in?": Question(noises.answer, ("regression",)),
    "Take it away": Question(report.answer, margins=False),
}


def asked(case: Case) -> None:
    """The questions in a row, and the answer to the one that is picked."""
    st.subheader("Ask further", anchor=False)
    fitting = [words for words, question in QUESTIONS.items() if question.fits(case)]
    QUESTIONS[ask.question(fitting, "ask")].answer(case)
