"""Compare: predictions in, a verdict out: which model wins under which loss."""

import streamlit as st

from charts.compare import relative_figure
from pages.shared import dataset, questions, standings, verdicts
from pages.shared.case import Case
from pages.shared.controls import quoted
from pages.shared.figure import show

data = dataset.current()
rail, verdict = st.columns([1, 3.2], gap="large")
with rail:
    losses = verdicts.judges(data)
with verdict:
    found = verdicts.judged(data, losses)
    verdicts.sentence(found, data)
    standings.table(found)
    show(relative_figure(found), "relative")
st.markdown(verdicts.conventions(found, data, quoted))
questions.asked(Case(data, losses, found))
