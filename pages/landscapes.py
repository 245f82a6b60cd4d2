"""Landscapes: the classic test functions, where every minimum is known."""

import streamlit as st

from losses.descent.landscapes import Landscape
from losses.descent.published import PUBLISHED
from losses.descent.study import study
from pages.shared import cached, controls, course, races, takeaway, walks

rail, stage = st.columns([1, 3.4], gap="large")
with rail:
    ground = controls.tuned_choice(Landscape, "landscape", "The function that is walked down")
    asked = course.asked(None, ground)
try:
    scene = asked.scene()
except ValueError as error:
    stage.error(controls.quoted(str(error)))
    st.stop()
walks.ruled(asked, scene)
with stage:
    st.markdown(f"$f(x, y) = {ground.latex}$")
    played = walks.played(asked, scene)
    takeaway.panel(asked, scene, *played)
walks.studied(asked, scene)
st.subheader("Was a published race fair?", anchor=False)
for slug, race in PUBLISHED.items():
    if controls.switch(race.name, False, slug, "Runs it as published, and with one budget for all"):
        races.published(race, cached.raced(slug, lambda race=race: study(race)))
