"""Descent: a loss trains a model on your data, step by step."""

import streamlit as st

from pages.shared import controls, course, dataset, takeaway, walks

rail, stage = st.columns([1, 3.4], gap="large")
with rail:
    asked = course.asked(dataset.some_features(dataset.current()))
try:
    scene = asked.scene()
except ValueError as error:
    stage.error(controls.quoted(str(error)))
    st.stop()
walks.ruled(asked, scene)
with stage:
    played = walks.played(asked, scene)
    takeaway.panel(asked, scene, *played)
walks.studied(asked, scene)
