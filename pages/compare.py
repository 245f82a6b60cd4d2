"""Compare: predictions in, a verdict out: which model wins under which loss."""

import streamlit as st

from charts.compare import relative_figure, rows_figure
from pages.shared import dataset, verdicts
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
verdicts.conventions(found, data)

st.subheader("Which rows carry the cost?", anchor=False)
rail, figure = st.columns([1, 3.2], gap="large")
with rail:
    rows = verdicts.rows(data, verdicts.one_of(losses))
    verdicts.shares(rows)
    verdicts.downloads(found, data)
with figure:
    show(rows_figure(rows), "rows")
verdicts.worst(rows, data)
