"""Cross-entropy: what a surprise costs, where that bottoms, and what one confident mistake does."""

import streamlit as st

from pages.shared import floors, margins, mistake, surprises, triangle

QUESTIONS = {
    "What does a surprise cost?": surprises.one,
    "Where is its floor?": floors.answer,
    "And of three classes?": triangle.answer,
    "Two, or many?": surprises.many,
    "Why not count mistakes?": margins.answer,
    "One mistake?": mistake.answer,
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
