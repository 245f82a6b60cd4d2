"""A loss elsewhere: what other libraries call it and how they scale it, and code for its cost."""

from typing import Any

import streamlit as st

from losses import Loss
from losses.conventions import Convention, conventions, lookalikes
from losses.snippets import code, offered
from pages.shared.controls import quoted


def panel(loss: Loss) -> None:
    """Both, sent only once somebody opens them; the label says what is in there."""
    rows, libraries = conventions(loss), offered(loss)
    told = f"named by {len({row.library for row in rows})} libraries, " if rows else ""
    label = f"{loss} elsewhere: {told}code for {len(libraries)}"
    box = st.expander(label, key=f"elsewhere_{loss.slug}", on_change="rerun")
    if not box.open:
        return
    with box:
        _code(loss, libraries)
        if rows:
            _conventions(loss, rows)
        for one in lookalikes(loss):
            st.markdown(f"Another loss, {one.library}: {quoted(one.call)} ({one.why}).")


def _code(loss: Loss, libraries: tuple[str, ...]) -> None:
    st.markdown("Code that prints the mean cost of two arrays, `y` and `s`:")
    for tab, library in zip(st.tabs(libraries), libraries, strict=True):
        tab.code(code(loss, library), language="python", wrap_lines=True)


def _conventions(loss: Loss, rows: tuple[Convention, ...]) -> None:
    table: dict[str, list[Any]] = {
        "Library": [row.library for row in rows],
        "Its name": [quoted(row.call) for row in rows],
        "Ours is theirs times": [_times(row, loss) for row in rows],
        "Mind": [". ".join(filter(None, (row.note, row.inexact))) for row in rows],
    }
    st.table(table, hide_index=True)


def _times(row: Convention, loss: Loss) -> str:
    """The factor as it stands in the parameters, and what it is just now."""
    factor = row.factor(loss.values())
    if factor is None:
        return "a fit, the same line"
    number = f"{factor:.4g}"
    return number if row.times == number else f"{row.times} = {number}"
