"""Descent: a loss trains a line on your data, step by step."""

import streamlit as st

from charts.descent import captions, descent_figure
from losses import Optimizer
from pages.shared import cached, controls, dataset, sentences
from pages.shared.player import play

rail, stage = st.columns([1, 3.4], gap="large")
with rail:
    data = dataset.one_feature(dataset.current())
    loss = controls.tuned_loss(data.task)
    optimizer = controls.tuned_choice(Optimizer, "optimizer", "How a slope becomes a step")
    if controls.switch("Standardize", True, "standardize", "Columns in standard deviations"):
        data = data.standardized()
    steps = controls.count("Steps", 10, 1000, 100, "steps", "How long the walk lasts")
    start = controls.point("start", "w", "b", (-1.0, -1.0))
    log = controls.cost_axis()
try:
    scene = cached.scene(data, loss, optimizer, start, steps)
except ValueError as error:
    stage.error(controls.quoted(str(error)))
    st.stop()
with rail:
    sentences.descent(scene, optimizer)
with stage:
    sentences.descent_outcome(scene)
    click = play(descent_figure(scene, log=log), "descent", captions=captions(scene))
    controls.move("start", click)
