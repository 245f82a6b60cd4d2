"""The cost by group of rows: where it comes from, and where another model wins."""

from dataclasses import replace
from typing import Any

import streamlit as st

from charts.numbers import percent, readable
from losses.verdict import Shares, shares
from pages.shared import controls
from pages.shared.case import Case


def answer(case: Case) -> None:
    """The costs of every model in every group, under one loss, and what follows in words."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        loss = case.judge("group")
    y, models = case.data.target, case.predictions
    found = shares(y, models, loss, case.group, case.weight)
    with stage:
        # Names of groups are a visitor's text, too.
        told = replace(found, groups=tuple(map(controls.quoted, found.groups)))
        st.info(told.sentence(controls.quoted))
        _table(found)


def _table(found: Shares) -> None:
    """One line a group: its rows, the winner, and each model's cost there with its share."""
    columns: dict[str, list[Any]] = {
        "Group": list(found.groups),
        "Rows": found.count.tolist(),
        "Wins": [" and ".join(found.winners(g)) or "nobody" for g in range(len(found.groups))],
    }
    for name, costs, parts in zip(found.models, found.cost, found.share, strict=True):
        columns[f"{name}: cost"] = list(map(readable, costs.tolist()))
        columns[f"{name}: share of its cost"] = list(map(percent, parts.tolist()))
    st.dataframe(columns, hide_index=True)
