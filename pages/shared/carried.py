"""Which rows carry the cost: the loss of each row, and the rows that cost the most."""

import streamlit as st

from charts.compare import rows_figure
from charts.numbers import percent
from losses import Loss
from losses.data import Dataset
from losses.verdict import RowLosses, row_losses
from pages.shared import controls, export
from pages.shared.case import Case, predictions
from pages.shared.figure import show


def answer(case: Case) -> None:
    """The rows by what they cost: a figure, the share of the worst, and a list of them."""
    rail, figure = st.columns([1, 3.2], gap="large")
    with rail:
        found = rows(case.data, case.judge("row"))
        _shares(found)
    with figure:
        show(rows_figure(found), "rows")
    _worst(found, case.data)


def rows(data: Dataset, loss: Loss) -> RowLosses:
    """The loss of each row of each model."""
    return row_losses(data.target, predictions(data), loss, data.weight)


def _shares(found: RowLosses) -> None:
    """How much of each model's cost its worst rows carry."""
    worst = found.hundredth
    which = f"the {worst:,} worst carry" if worst > 1 else "the worst one carries"
    lines = [
        f"- {_share(found, model)} of the cost of {controls.quoted(name)}"
        for model, name in enumerate(found.models)
    ]
    st.markdown("\n".join([f"Of {found.value.shape[1]:,} rows, {which}", "", *lines]))


def _worst(found: RowLosses, data: Dataset) -> None:
    """The rows that cost the most: their numbers, targets, predictions and losses."""
    left, right = st.columns(2, gap="large")
    # Names of uploaded columns do not belong into the link, so this choice is not bound to it.
    model = left.selectbox(
        "The rows that cost the most to",
        [None, *range(len(found.models))],
        format_func=lambda model: "all models together" if model is None else found.models[model],
        help="Together: by the sum of the models' losses, each times the weight of the row",
    )
    count = right.slider(
        "Rows", 5, 50, 10, 5, key="worst", bind="query-params", help="How many of them to list"
    )
    chosen = found.worst(count, model)
    listed = export.picked(export.listing(data, [found], "loss"), chosen.tolist())
    st.dataframe(export.shown(listed), hide_index=True)


def _share(found: RowLosses, model: int) -> str:
    if len(found.infinite(model)):
        return "an infinite part"
    share = found.carried(model)[found.hundredth - 1]
    return percent(share) if share > 0 else "nothing"
