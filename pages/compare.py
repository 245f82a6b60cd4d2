"""Compare: predictions in, a verdict out: which model wins under which loss."""

import streamlit as st

from charts.compare import relative_figure
from pages.shared import dataset, questions, verdicts
from pages.shared.case import Case
from pages.shared.figure import show

data = dataset.current()
rail, verdict = st.columns([1, 3.2], gap="large")
with rail:
    losses = verdicts.judges(data)
with verdict:
    found = verdicts.judged(data, losses)
    verdicts.sentence(found, data)
    verdicts.table(found)
    show(relative_figure(found), "relative")
with rail:
    verdicts.downloads(found, data)
verdicts.conventions(found, data)
questions.asked(Case(data, losses, found, st.session_state[dataset.OWN]))
