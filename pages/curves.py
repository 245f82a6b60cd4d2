"""Curves: losses over the axis of their family, with their gradients and curvatures."""

import streamlit as st

from charts.curves import curve_figure
from losses import Loss
from pages.shared import controls, dataset, reading
from pages.shared.figure import show

FIRST = ("Zero-one", "Hinge", "Logistic")  # of margins, what a newcomer has heard of

rail, figures = st.columns([1, 3], gap="large")
with rail:
    axis = controls.axis()
    kinds = [loss for loss in Loss.catalogue.values() if axis in loss.axes]
    focus = "The first one is in focus; the others are drawn beside it"
    losses = controls.tuned_losses(kinds, axis.slug, focus, FIRST)
    positive = axis.family != "binary" or controls.switch(
        "The true class is 1", True, "positive", "Off: the loss of a row with y = 0"
    )
    half = any(loss.slug == "squared_error" for loss in losses) and controls.switch(
        "½ r²", False, "half", "Draw squared error as ½ r², as many texts do"
    )
    zoom = controls.zoom()
    at = reading.probe(axis)
rows = dataset.placed(axis, positive=positive)
figure = curve_figure(
    losses,
    axis,
    positive=positive,
    half=half,
    zoom=zoom,
    at=at,
    stops=reading.stops(axis),
    rug=rows.values,
    films=controls.sliders(losses),
)
with figures:
    show(figure, "curves")
    st.markdown(rows.sentence)
reading.table(losses, axis, at, positive=positive, half=half)
