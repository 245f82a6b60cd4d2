"""Imbalance: a rare class, and what weight, threshold, prior and resampling do about it."""

import streamlit as st

from pages.shared import dataset, imbalanced


@st.fragment
def imbalance() -> None:
    """Everything but the bench, which need not run again when a slider moves."""
    imbalanced.asked(dataset.current())


imbalance()
