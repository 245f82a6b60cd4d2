"""Cross-entropy: what a surprise costs, where that bottoms, and what one confident mistake does."""

import streamlit as st

from pages.shared import floors, margins, mistake, surprises, triangle

QUESTIONS = {
    "What does a surprise cost?": surprises.one,
    "Where does it bottom?": floors.answer,
    "And with three classes?": triangle.answer,
    "Two classes, or many?": surprises.many,
    "Why not count mistakes?": margins.answer,
    "What does one mistake cost?": mistake.answer,
}

question = st.radio(
    "Question",
    list(QUESTIONS),
    horizontal=True,
    key="surprise",
    bind="query-params",
    label_visibility="collapsed",
)
QUESTIONS[question]()
