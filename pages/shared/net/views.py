"""What may be seen of a network in training: one view at a time, each by its own module."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from losses.data import Dataset
from losses.descent import Objective
from pages.shared import controls
from pages.shared.ahead import settled
from pages.shared.net import inside, ledger, legs, training, tries, weights
from pages.shared.net import seeds as many
from pages.shared.net.asking import Asked, Chosen, asked, chosen

View = Callable[[Chosen, Asked, Any], None]


def _one_row(_: Chosen, asked: Asked, rail: Any) -> None:
    """The ledger of the run that was asked for, under the loss that it ends with."""
    run = asked.lesson()
    objective = run.legs[-1].function
    assert isinstance(objective, Objective)
    ledger.view(objective, run.walk, asked.key, rail)


VIEWS: dict[str, View] = {
    "Train": training.view,
    "One row, both ways": _one_row,
    "Inside the units": inside.view,
    "Through weight space": weights.view,
    "Many seeds": many.view,
}


def shown(data: Dataset) -> None:
    """The views in a row, the menus of the network, and below them all that sliders move."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    with left:
        name = st.radio(
            "View",
            list(VIEWS),
            horizontal=True,
            key="net_view",
            bind="query-params",
            label_visibility="collapsed",
            help="What is looked at; the network and its run stay as they are",
        )
    with right:
        tries.menu()
    if data.constant:
        names = ", ".join(map(controls.quoted, data.constant))
        st.warning(f"{names}: one value in all rows, from which no slope can be learned.")
    try:
        picked = chosen(data)
    except ValueError as error:
        st.error(controls.quoted(str(error)))
        return
    _run(VIEWS[name], picked)


@st.fragment
def _run(view: View, picked: Chosen) -> None:
    """Rail, figure and what follows from them: all that runs again when a slider moves."""
    if st.session_state.pop(legs.AGAIN, False):
        st.rerun()
    settled("network")
    rail, stage = st.columns([1, 3.4], gap="large")
    with rail:
        sliders = st.container()
        changes = st.expander("Change it on the way", expanded=legs.some())
    with changes:
        listed = st.container()
        word = legs.known()  # below them, but known before
    try:
        earlier = legs.read(word, picked.data.task)
        with sliders:
            found = asked(picked, earlier, controls)
        with listed:
            legs.panel(found.earlier, found.rules, found.steps)
        with stage, st.spinner("Training …"):
            found.lesson()
        with stage:
            view(picked, found, sliders)
    except ValueError as error:
        stage.error(controls.quoted(str(error)))
