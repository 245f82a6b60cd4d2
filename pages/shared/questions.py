"""What may be asked of a verdict: one question is answered at a time, each by its own module."""

import streamlit as st

from pages.shared import carried, changes, report
from pages.shared.case import Case

QUESTIONS = {
    "Where does the winner change?": changes.answer,
    "Which rows carry the cost?": carried.answer,
    "Take it away": report.answer,
}


def asked(case: Case) -> None:
    """The questions in a row, and the answer to the one that is picked."""
    st.subheader("Ask further", anchor=False)
    question = st.radio(
        "Question",
        list(QUESTIONS),
        horizontal=True,
        key="ask",
        bind="query-params",
        label_visibility="collapsed",
    )
    QUESTIONS[question](case)
