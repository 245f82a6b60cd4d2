"""One row, forwards and backwards: every product on the way there, every factor on the way back."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from charts.figure import Figure
from charts.ledger_lines import captions, details, lines, table
from charts.network_graph import ledger_figure
from charts.numbers import readable
from losses.data import Dataset
from losses.descent import MLP, Objective, Trajectory
from losses.descent.agreement import agreement
from losses.descent.ledger import STEP, Ledger, ledger
from pages.shared import cached
from pages.shared.ahead import offer, settled
from pages.shared.controls import quoted
from pages.shared.figure import Ahead
from pages.shared.net import matching
from pages.shared.player import answer_of, play

FIGURE, STEPPED = "ledger", "ledger_step"  # keys of the figure, and of the slider that it follows
PROJECTED = 1.4  # how much larger units and numbers are in a room
DIGITS = st.column_config.NumberColumn(format="%.6g", width=98)
COLUMNS = {  # narrow enough to show value and finite difference side by side without scrolling
    "line": {"width": 42},
    "what": {"width": 290},
    "computation in numbers": {"width": 152},
    "value": DIGITS,
    "finite difference": DIGITS,
}


class Kept(NamedTuple):
    """The ledger of a row, its figure, what is said at each line, and all lines in a table."""

    book: Ledger
    figure: Figure
    told: dict[str, Any]
    table: dict[str, Any]


def view(objective: Objective, walk: Trajectory, key: str, rail: Any) -> None:
    """The network with the numbers of one row, line by line; and why loss and output match.

    `key` tells objective and walk from all others. Row and step are picked in the rail.
    """
    settled(FIGURE)
    with rail:
        row, step = _row(objective.data), _step(len(walk) - 1)
    zoom = PROJECTED if st.session_state.get("projector") else 1.0

    def kept_at(step: int) -> Kept:
        made = f"ledger {key} {row} {step} {zoom}"
        return cached.shown(made, lambda: _kept(objective, walk, row, step, zoom))

    kept, last = kept_at(step), len(walk) - 1
    _sentence(objective, kept.book, row, f"after step {step} of {last}")
    play(kept.figure, FIGURE, **kept.told, ahead=_ahead(kept_at, step, last))
    _whole(kept)
    matching.demonstration()


def _kept(objective: Objective, walk: Trajectory, row: int, step: int, zoom: float) -> Kept:
    w = walk.weights[step]
    book = ledger(objective, w, row)
    assert isinstance(objective.model, MLP)
    found = lines(book, objective.model.act)
    told = {"captions": captions(found), "details": details(found)}
    return Kept(book, ledger_figure(objective, w, row, book, zoom=zoom), told, table(found))


def _ahead(kept_at: Callable[[int], Kept], step: int, last: int) -> Ahead | None:
    """Where the slider of the step stands, and what answers while it moves."""
    if last == 0:
        return None
    projector = bool(st.session_state.get("projector"))

    def answer(values: Mapping[str, float], ground: str) -> bytes:
        there = values.get(STEPPED, step)
        if not 0 <= there <= last:
            raise ValueError(f"the walk has no step {there}")
        moved = kept_at(int(there))
        at = {STEPPED: there}
        return answer_of(moved.figure, FIGURE, at, ground, projector=projector, **moved.told)

    return Ahead(offer(FIGURE, answer).address, {STEPPED: step})


def _row(data: Dataset) -> int:
    """The place of the row that is picked by its number, from 1 on."""
    last = len(data)
    if (st.session_state.get("ledger_row") or 0) > last:  # a row of other data
        st.session_state["ledger_row"] = 1.0
    # A float, because Streamlit stops at an infinite whole number in a link.
    picked = st.number_input(
        "Row", 1.0, float(last), 1.0, 1.0, "%.0f", key="ledger_row", bind="query-params",
        help=f"Which of the {last:,} rows goes through the network and back",
    )  # fmt: skip
    return int(picked + 0.5) - 1


def _step(last: int) -> int:
    """The step of the walk whose weights are used; the last, as long as nobody picks another."""
    if last == 0:
        st.markdown("The walk took no step: the weights are those of the start.")
        return 0
    if (st.session_state.get(STEPPED) or 0) > last:  # of a longer walk
        st.session_state[STEPPED] = last
    return st.slider(
        "Weights after step", 0, last, last, key=STEPPED, bind="query-params",
        help="Whose weights the network has: at 0 those of the start, untrained",
    )  # fmt: skip


def _sentence(objective: Objective, book: Ledger, row: int, when: str) -> None:
    """What the row costs, what its loss pulls on most, and how well two ways of knowing agree."""
    data, found = objective.data, agreement(book)
    number = int(data.rows[row])
    line = "" if number == row + 1 else f" (number {number} in the file)"
    scores = "score " if book.scores.size == 1 else "scores "
    scores += ", ".join(readable(score) for score in book.scores.tolist())
    st.info(
        f"Row {row + 1}{line}, whose {quoted(data.target_name)} is {_target(data, row)}, {when}: "
        f"{scores}, loss **{readable(book.loss)}**. The way back finds the gradient of this "
        f"loss in all {book.gradient.size} weights; the largest, "
        f"**{readable(found.steepest.value)}**, is the {quoted(found.steepest.words)}. Finite "
        f"differences of the loss are at most **{readable(found.distance, 2)}** away."
    )


def _target(data: Dataset, row: int) -> str:
    """The true value, or the true class."""
    y = float(data.target[row])
    return quoted(data.classes[int(y)]) if data.classes else readable(y)


def _whole(kept: Kept) -> None:
    """All lines, in a table that can be sorted and searched."""
    st.markdown(
        "Backpropagation is the chain rule, from the loss to the features: δ of a unit is what the "
        "loss gains for each bit of its sum, and the gradient of a weight is that δ times what "
        "came through the weight. Step with the buttons, the slider or ← and →. The gradient of a "
        "training step is the mean of those of its rows, plus that of a penalty if there is one."
    )
    st.markdown(
        "**The whole ledger.** The line that the figure stands at is marked → above. A slope is "
        "that of the loss; unit 2.3 is unit 3 of layer 2."
    )
    st.dataframe(
        kept.table, hide_index=True, column_config=COLUMNS, key="ledger_lines", placeholder="–"
    )
    st.markdown(
        "A finite difference moves one weight a little up and a little down and divides what the "
        "loss gains by the way: two runs of the network for each weight, where the way back is one "
        "for all. It knows nothing of the chain rule, and checks it. Where the loss or an "
        f"activation has a corner within its step of {readable(STEP, 1)}, or of that share of a "
        "weight above 1, both may differ."
    )
