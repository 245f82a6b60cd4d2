"""Which column of a visitor's file a page predicts, guessed by what the page can take."""

import streamlit as st

from losses.data.roles import Roles
from losses.data.tables import Table, guess_roles
from pages.shared.controls import quoted
from pages.shared.menu import Bench


def guessed(table: Table, wanted: Bench) -> Roles:
    """The roles of the columns: classes come first where a page takes nothing else, and a last
    column of two words where it takes no more classes than two."""
    numbers, several = "regression" in wanted.tasks, "multiclass" in wanted.tasks
    two = numbers and "binary" in wanted.tasks and not several
    return guess_roles(table, only_classes=not numbers, two_classes=two)


def passed_over(table: Table, guess: Roles, wanted: Bench) -> None:
    """A word on a last column of classes that is not the target, where it could be meant."""
    if not {"regression", "binary"} <= {*wanted.tasks} or "features" not in wanted.roles:
        return
    classes = guess_roles(table, only_classes=True).target
    if classes != table.names[-1] or classes not in guess.unused or guess.target is None:
        return
    why = "choose it as target to predict them"
    if "multiclass" not in wanted.tasks:
        why = f"more than two, which this page does not take, so it predicts {quoted(guess.target)}"
    st.markdown(f"{quoted(classes)} seems to hold classes: {why}.")
