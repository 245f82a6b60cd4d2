"""Questions in a row, of which one is answered at a time: the link says which."""

from collections.abc import Iterable

import streamlit as st


def question(words: Iterable[str], key: str) -> str:
    """The words of the question that is picked; at first, of the first one."""
    return st.radio(
        "Question",
        list(words),
        horizontal=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        help="What is looked at; all settings stay as they are",
    )
