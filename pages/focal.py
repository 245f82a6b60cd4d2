"""Focal γ: how a loss turns its back on easy rows, and where it pulls harder than cross-entropy."""

import streamlit as st

from charts.focal import logit_figure, probability_figure
from losses.probabilistic import Focal
from pages.shared import controls, sentences
from pages.shared.figure import show

rail, by_probability, by_logit = st.columns([1.1, 2, 2], gap="medium")
with rail:
    focal = controls.tuned(Focal, alpha=0.25)
    st.latex(Focal.latex)
    sentences.focal(focal)
with by_probability:
    show(probability_figure(focal), "focal_probability")
with by_logit:
    show(logit_figure(focal), "focal_logit")
sentences.focal_table(focal)
