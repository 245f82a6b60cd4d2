"""Your own loss: a typed formula, drawn as one types, and all that a loss can be asked."""

import streamlit as st

from pages.shared import language, typed


@st.fragment
def own() -> None:
    """Everything but the bench, which need not run again when a letter is typed."""
    typed.shown()


own()
language.tables()
