"""The matrix of the Compare page: a line a model, in an order and in a measure that one picks."""

import streamlit as st

from charts.numbers import apart
from losses.verdict import Matrix
from pages.shared import controls

GIVEN = "as given"
SPACE = "\N{NO-BREAK SPACE}"
CELLS = {
    "cost and rank": "Mean loss (rank)",
    "skill": "Saved of the best constant's cost",
    "relative to the winner": "Cost in units of the winner's",
}


def table(found: Matrix) -> None:
    """The matrix, the winner starred, the best constant below; and how it is read."""
    above, below = st.container(), st.columns([1.4, 1.1, 1], vertical_alignment="bottom")
    with below[1]:
        order = _ordered(found)
    with below[2]:
        cells = controls.one_of(
            "Cells show",
            list(CELLS),
            "cells",
            "Skill is 1 − cost ÷ the best constant's cost: 100 % is perfect, below 0 % is worse",
        )
    names = [controls.quoted(found.models[model]) for model in order]
    columns = {"Model": [*names, "*best constant*"]}
    for column, loss in enumerate(found.losses):
        *texts, constant = measured(found, column, cells)
        shown = [_cell(found, texts[model], (model, column), cells) for model in order]
        columns[str(loss)] = [*shown, f"*{constant}*"]
    above.table(columns, hide_index=True)
    below[0].markdown(f"{CELLS[cells]} · ★ wins · ▽ worse than the best constant prediction")


def measured(found: Matrix, column: int, cells: str) -> list[str]:
    """One loss in the measure that the cells show: each model's, and last the best constant's."""
    costs = found.cost[:, column].tolist()
    constant, best = float(found.baseline[column]), min(costs)
    if cells == "skill":
        saved = [*found.skill[:, column].tolist(), 0.0 if constant > 0 else float("nan")]
        return [_percent(text) for text in apart([100 * share for share in saved])]
    if cells == "relative to the winner":
        last = constant / best if best else 1.0 if constant == 0 else float("inf")
        return [f"{text}×" for text in apart([*found.relative[:, column].tolist(), last])]
    return apart([*costs, constant])


def _ordered(found: Matrix) -> list[int]:
    """The places of the models, as given or the cheapest under one loss first."""
    offered = {f"by {loss.name}": place for place, loss in enumerate(found.losses)}
    help = "As the columns are given, or by cost under one loss: the cheapest first"
    picked = controls.one_of("Models in the order", [GIVEN, *offered], "order", help)
    given = list(range(len(found.models)))
    if picked == GIVEN:
        return given
    return sorted(given, key=found.cost[:, offered[picked]].tolist().__getitem__)


def _percent(text: str) -> str:
    return text if text == "—" else f"{text}{SPACE}%"


def _cell(found: Matrix, text: str, at: tuple[int, int], cells: str) -> str:
    said = f"{text} ({found.rank[at]})" if cells == "cost and rank" else text
    if found.wins[at]:
        said = f"**★{SPACE}{said}**"
    return f"{said}{SPACE}▽" if found.skill[at] < 0 else said
