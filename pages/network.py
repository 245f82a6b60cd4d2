"""Network: a small net learns your data, step by step, and shows how it comes to what it says."""

import streamlit as st

from pages.shared import dataset
from pages.shared.net import views


@st.fragment
def network() -> None:
    """Everything but the bench, which need not run again when a choice changes."""
    views.shown(dataset.current())


network()
