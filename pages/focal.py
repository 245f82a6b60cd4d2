"""Focal γ: how a loss turns its back on easy rows, whose loss is left, and what it asks for."""

import streamlit as st

from pages.shared.gamma import views


@st.fragment
def focal() -> None:
    """Everything but the bench, which need not run again when γ moves."""
    views.shown()


focal()
