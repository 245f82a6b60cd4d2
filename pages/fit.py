"""Fit: the same table for training: each loss fits exactly, and is judged on rows held out."""

import streamlit as st

from pages.shared import dataset, edits, pulling, training
from pages.shared.figure import show

whole = dataset.current()
data = edits.applied(whole)
rail, stage = st.columns([1.15, 3.2], gap="large")
with rail:
    asked = training.asked(data)
with stage:
    found = training.judged(asked)
    training.sentence(found)
    edits.note(whole)
    if found.losses:
        training.table(found)
        show(training.picture(found), "fitted")
        training.doubts(found)
training.conventions(found)
pulling.answer(whole, found, asked.factor)
edits.table(whole)
