"""Huber δ: where the parabola hands over to the line, and what that does to a fit."""

import streamlit as st

from charts.huber import fit_figure, handover_figure
from losses.regression import Huber
from pages.shared import cached, controls, dataset, sentences
from pages.shared.figure import show

rail, curves, fits = st.columns([1.1, 2, 2], gap="medium")
with rail:
    huber = controls.tuned(Huber)
    data = dataset.in_units(dataset.one_feature(dataset.current()))
    divided = controls.switch(
        "Divide by δ", False, "divided", "Huber ÷ δ becomes the absolute error as δ falls"
    )
    st.latex(Huber.latex)
study = cached.delta_study(data)
with rail:
    sentences.huber(huber, study)
with curves:
    show(handover_figure(huber, study, divided=divided), "huber_curves")
with fits:
    show(fit_figure(huber, study), "huber_fit")
sentences.huber_limits(huber, study)
