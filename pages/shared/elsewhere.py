"""A loss elsewhere: what other libraries call it and how they scale it, and code for its cost."""

from typing import Any

import streamlit as st

from losses import Loss
from losses.conventions import HAND, Convention, conventions, lookalikes
from losses.snippets import code, offered
from pages.shared.controls import quoted


def panel(loss: Loss, *, half: bool = False) -> None:
    """Both, sent only once somebody opens them; the label says what is in there."""
    rows, libraries = conventions(loss), offered(loss)
    naming = len({row.library for row in rows} - {HAND})
    told = f"named by {naming} {'library' if naming == 1 else 'libraries'}, " if rows else ""
    label = f"{loss.name} elsewhere: {told}code for {len(libraries)}"
    box = st.expander(label, key=f"elsewhere_{loss.slug}", on_change="rerun")
    if not box.open:
        return
    with box:
        if half:
            st.markdown("Code and table are for r², without the ½.")
        _code(loss, libraries)
        if rows:
            _conventions(loss, rows)
        for one in lookalikes(loss):
            st.markdown(f"Looks like it, but is not: {one.library}, {quoted(one.call)}: {one.why}.")


def _code(loss: Loss, libraries: tuple[str, ...]) -> None:
    st.markdown("Code that prints the mean cost of two arrays, `y` and `s`:")
    for tab, library in zip(st.tabs(libraries), libraries, strict=True):
        tab.code(code(loss, library), language="python", wrap_lines=True)


def _conventions(loss: Loss, rows: tuple[Convention, ...]) -> None:
    table: dict[str, list[Any]] = {
        "Library": [row.library for row in rows],
        "Its name": [quoted(row.call) for row in rows],
        "Multiply theirs by": [_times(row, loss) for row in rows],
        "Mind": [_notes(row) for row in rows],
    }
    st.table(table, hide_index=True)


def _times(row: Convention, loss: Loss) -> str:
    """The factor as it stands in the parameters, and what it is just now."""
    factor = row.factor(loss.values())
    if factor is None:
        return "the same fit"
    number = f"{factor:.4g}"
    return number if row.times == number else f"{row.times} (here {number})"


def _notes(row: Convention) -> str:
    core = "its own core, which may change" if row.private else ""
    return "; ".join(filter(None, (row.note, row.inexact, core)))
