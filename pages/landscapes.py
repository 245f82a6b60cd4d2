"""Landscapes: the classic test functions, where every minimum is known."""

import streamlit as st

from losses.descent.published import PUBLISHED
from losses.descent.study import study
from pages.shared import cached, controls, course, pace, races

pace.run(course.chosen())
st.subheader("Was a published race fair?", anchor=False)
for slug, race in PUBLISHED.items():
    if controls.switch(race.name, False, slug, "Runs it as published, and with one budget for all"):
        races.published(race, cached.raced(slug, lambda race=race: study(race)))
