"""Rows edited by hand, in a table or by a click: kept for the visit, never in the link."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from charts.numbers import unused
from losses.data import Dataset
from pages.shared import controls

EDITS = "edits"  # digest of the data as it came → its edits
MOST = 200  # rows that a table of cells can bear
Cells = dict[tuple[int, str], float]  # by the place of the row, and column


@dataclass
class Edits:
    """The cells changed so far, and those that the table was drawn with, in its version."""

    digest: str
    cells: Cells = field(default_factory=dict)
    drawn: Cells = field(default_factory=dict)
    version: int = 0

    @property
    def key(self) -> str:
        """The key of the table: another version is another table."""
        return f"rows_{self.digest}_{self.version}"

    def redraw(self, cells: Cells) -> None:
        """Takes cells that the table did not see, and begins another one."""
        self.cells = self.drawn = cells
        self.version += 1


def applied(data: Dataset) -> Dataset:
    """The data with every edit made so far."""
    kept = _kept(data)
    table = st.session_state.get(kept.key)
    if table is None:  # the visitor comes back from another page
        kept.drawn = kept.cells
    else:
        kept.cells = kept.drawn | _typed(table["edited_rows"], data)
    kept.cells = {at: value for at, value in kept.cells.items() if value != _at(data, at)}
    return data.edited(kept.cells) if kept.cells else data


def put(data: Dataset, row: int, where: Mapping[str, float]) -> None:
    """Puts some numbers of a row elsewhere, in six digits: no click is finer."""
    kept = _kept(data)
    kept.redraw(kept.cells | {(row, name): float(f"{x:.6g}") for name, x in where.items()})


def note(data: Dataset) -> None:
    """How many cells are changed, where, and the way back."""
    kept = _kept(data)
    if not kept.cells:
        return
    count = len(kept.cells)
    rows = sorted({int(data.rows[row]) for row, _ in kept.cells})
    listed = ", ".join(map(str, rows[:8])) + (" …" if len(rows) > 8 else "")
    said, back = st.columns([4, 1], vertical_alignment="center")
    said.markdown(
        f"**{count:,} {'cell is' if count == 1 else 'cells are'} changed by hand**, in "
        f"{'row' if len(rows) == 1 else 'rows'} {listed}. Changes do not go into the link: it "
        "opens the rows as they were."
    )
    back.button(
        "Undo all edits",
        key="undo_edits",
        on_click=kept.redraw,
        args=({},),
        help="Every cell as it came",
        width="stretch",
    )


def table(data: Dataset) -> None:
    """The rows as a table of cells that can be edited, and as a file."""
    kept = _kept(data)
    with st.expander("Edit the rows"):
        if len(data) > MOST:
            st.markdown(f"A table can be edited up to {MOST} rows; these are {len(data):,}.")
            return
        drawn = data.edited(kept.drawn)
        st.data_editor(
            _columns(drawn),
            key=kept.key,
            hide_index=True,
            num_rows="fixed",
            disabled=[_row_name(data)],
            column_config=_config(data),
        )
        file = f"{data.name.lower().replace(' ', '_')}_edited.csv"
        rows = data.edited(kept.cells)
        st.download_button(
            "Download the rows as edited", rows.as_csv, file, "text/csv", on_click="ignore",
            help="The rows of the table, every digit",
        )  # fmt: skip


def _kept(data: Dataset) -> Edits:
    """The edits of these rows; of other rows, only those that hold any are kept."""
    every: dict[str, Edits] = st.session_state.setdefault(EDITS, {})
    for digest in [one for one, kept in every.items() if not kept.cells and one != data.digest]:
        del every[digest]
    return every.setdefault(data.digest, Edits(data.digest))


def _typed(rows: Mapping[Any, Mapping[str, Any]], data: Dataset) -> Cells:
    """What was typed into the table; a cell without a number stays as it is."""
    cells: Cells = {}
    for row, typed in rows.items():
        for name, value in typed.items():
            if value is not None:
                known = name == data.target_name and data.classes
                cells[int(row), name] = float(data.classes.index(value) if known else value)
    return cells


def _at(data: Dataset, at: tuple[int, str]) -> float:
    row, name = at
    return float(data.column(name)[row])


def _row_name(data: Dataset) -> str:
    return unused("row", (*data.columns, data.target_name))


def _columns(data: Dataset) -> dict[str, list[Any]]:
    """The row numbers, columns and target, classes by their names."""
    target: list[Any] = data.target.tolist()
    if data.classes:
        target = [data.classes[int(label)] for label in target]
    columns = {name: data.column(name).tolist() for name in data.columns}
    return {_row_name(data): data.rows.tolist(), **columns, data.target_name: target}


def _config(data: Dataset) -> dict[str, Any]:
    """Numbers within the reach of every field; classes from a menu."""
    far = controls.FARTHEST
    numbers = st.column_config.NumberColumn(required=True, min_value=-far, max_value=far)
    config: dict[str, Any] = dict.fromkeys((*data.columns, data.target_name), numbers)
    if data.classes:
        names = list(data.classes)
        config[data.target_name] = st.column_config.SelectboxColumn(options=names, required=True)
    return config
