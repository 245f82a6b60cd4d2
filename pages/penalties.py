"""Penalties: what large weights cost, which of them survive, and how strong is just right."""

import streamlit as st

from pages.shared.penalties import views


@st.fragment
def penalties() -> None:
    """Everything but the bench, which need not run again when λ moves."""
    views.shown()


penalties()
