"""Descent: a loss trains a model on your data, step by step."""

import streamlit as st

from pages.shared import controls, course, dataset, takeaway, walks


@st.fragment
def descent() -> None:
    """Everything but the bench, which need not run again when a slider moves."""
    rail, stage = st.columns([1, 3.4], gap="large")
    with rail:
        asked = course.asked(dataset.some_features(dataset.current()))
    try:
        scene = asked.scene()
    except ValueError as error:
        stage.error(controls.quoted(str(error)))
        return
    walks.ruled(asked, scene)
    with stage:
        played = walks.played(asked, scene)
        takeaway.panel(asked, scene, *played)
    walks.studied(asked, scene)


descent()
