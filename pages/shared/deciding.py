"""How many rows decide it: the fewest without which another model would win, and which they are."""

from dataclasses import replace

import streamlit as st

from charts.deciding import decided_figure, path_figure
from charts.numbers import apart, percent
from losses import Loss
from losses.data import Dataset
from losses.data.writing import written
from losses.verdict import Decision, decision, row_losses
from pages.shared import cached, controls, export
from pages.shared.case import Case
from pages.shared.figure import show

LISTED = 200  # rows of the list; the file holds all of them


def answer(case: Case) -> None:
    """The loss and the pair; the sentence, the path, the rows in the data, and a list of them."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        loss = case.judge("decide")
        winner, *others = case.costs(loss)
        if not others:
            stage.info(f"{controls.quoted(winner)} is the only model: no row decides anything.")
            return
        help = "Which model would win instead of the winner, if some rows were left out"
        other = case.model("Winner against", "the runner-up", others, "decide_against", help)
    try:
        found = _found(case, loss, winner, other)
    except ValueError as error:
        stage.error(controls.quoted(str(error)))
        return
    with rail:
        _costs(found, winner, other)
    with stage:
        st.info(found.sentence(controls.quoted(winner), controls.quoted(other)))
        if len(found.rows):
            _figures(case, found, (winner, other))
    if len(case.losses) > 1:
        _every(case)
    if len(found.rows):
        _list(case, found, (winner, other))


def _every(case: Case) -> None:
    """The same under every loss shown: the winner against the runner-up."""
    pairs = [list(case.costs(loss))[:2] for loss in case.losses]
    told = [_told(case, loss, *pair) for loss, pair in zip(case.losses, pairs, strict=True)]
    st.markdown("Under every loss shown, the winner against the runner-up:")
    st.table(
        {
            "Loss": list(map(str, case.losses)),
            "Winner": [controls.quoted(winner) for winner, _ in pairs],
            "Runner-up": [controls.quoted(other) for _, other in pairs],
            "Rows that decide": [rows for rows, _ in told],
            "Share of the rows": [share for _, share in told],
        },
        hide_index=True,
    )


def _told(case: Case, loss: Loss, winner: str, other: str) -> tuple[str, str]:
    """How many rows decide under a loss, and their share; or why there is no such number."""
    try:
        found = _found(case, loss, winner, other)
    except ValueError:
        return "a row has no loss", "—"
    if found.winner is None:
        return ("both cost ∞" if float("inf") in found.before else "none: a tie"), "—"
    if found.settled:
        return "none: no row favors the runner-up", "—"
    return f"{len(found.rows):,}", percent(len(found.rows) / found.total)


def _found(case: Case, loss: Loss, winner: str, other: str) -> Decision:
    """The decision; ValueError where the rows have no cost."""
    places = case.models.index(winner), case.models.index(other)
    first, second = case.data.column(winner), case.data.column(other)
    return cached.raced(
        f"deciding {case.data.digest} {loss!r} {places}",
        lambda: decision(case.data.target, first, second, loss, case.weight),
    )


def _costs(found: Decision, winner: str, other: str) -> None:
    """What both cost with all rows, and without those that decide."""
    one, two = controls.quoted(winner), controls.quoted(other)
    lines = [_cost(f"All {found.total:,} rows", one, two, found.before)]
    if rows := len(found.rows):
        lines.append(_cost(f"Without {rows:,} of them", one, two, found.after))
    st.markdown("\n".join(lines))


def _cost(which: str, winner: str, other: str, costs: tuple[float, float]) -> str:
    first, second = apart(costs)
    return f"- {which}: {winner} costs {first}, {other} {second}"


def _figures(case: Case, found: Decision, pair: tuple[str, str]) -> None:
    """How the difference falls away, and where the rows lie that make it."""
    places = case.models.index(pair[0]), case.models.index(pair[1])
    show(path_figure(found, case.models, places), "deciding_path")
    show(decided_figure(case.data, found, pair), "deciding_rows")


def columns(data: Dataset, found: Decision, pair: tuple[str, str]) -> export.Columns:
    """Row numbers, targets, and the predictions and losses of the two, of all rows of the file."""
    places = [data.columns.index(name) for name in pair]
    both = replace(data, columns=pair, features=data.features[:, places])
    predictions = {name: both.column(name) for name in pair}
    return export.listing(both, [row_losses(both.target, predictions, found.loss)], "loss")


def rows_csv(listing: export.Columns, found: Decision) -> str:
    """One line a deciding row, the most extreme first."""
    return written(export.picked(listing, found.rows.tolist()).items())


def _list(case: Case, found: Decision, pair: tuple[str, str]) -> None:
    """The deciding rows, the most extreme first, and the file of them."""
    listing = columns(case.data, found, pair)
    st.markdown(_said(len(found.rows)))
    shown = export.shown(export.picked(listing, found.rows[:LISTED].tolist()))
    st.dataframe(shown, hide_index=True)
    st.download_button(
        "Deciding rows as CSV",
        lambda: rows_csv(listing, found),
        "deciding_rows.csv",
        "text/csv",
        on_click="ignore",
        help="Where it stands in the file, target, weight, and both predictions and losses",
    )


def _said(rows: int) -> str:
    count = "The row that decides" if rows == 1 else f"The {rows:,} rows that decide"
    order = "" if rows == 1 else ", the one that favors the winner most first"
    cut = f"; the first {LISTED:,} are listed, the file holds all" if rows > LISTED else ""
    return f"{count}{order}{cut}."
