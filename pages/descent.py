"""Descent: a loss trains a model on your data, step by step."""

import streamlit as st

from pages.shared import course, dataset, pace


@st.fragment
def descent() -> None:
    """Everything but the bench, which need not run again when a choice changes."""
    pace.run(course.chosen(dataset.current()))


descent()
