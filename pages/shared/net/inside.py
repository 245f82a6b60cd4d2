"""Inside the units: small pictures of what each hidden unit says over the features."""

from typing import Any

import streamlit as st

from charts.figure import Figure
from charts.numbers import percent
from charts.units import Rows, units_figure
from losses.descent.album import units
from losses.descent.health import FULL
from losses.descent.lesson import Lesson
from pages.shared import cached, controls
from pages.shared.figure import show
from pages.shared.net.asking import Asked, Chosen


def view(chosen: Chosen, asked: Asked, rail: Any) -> None:
    """The pictures at a step, and how many units say nothing there."""
    one = asked.lesson()
    at = one.last
    if one.last:
        help = "The pictures are of this step"
        at = controls.count("Step", 0, one.last, one.last, f"unit_step_{one.last}", help, 1)
    st.info(_said(one, at))
    show(cached.shown(f"units {asked.key} {at}", lambda: _figure(one, at)), "units")
    st.markdown(
        "Each layer has its own range of colors, about 0, over the same features as in “Train”, "
        "with the rows that the net learns from. A unit that is 0 on all of them is dead."
        if len(asked.data.columns) > 1
        else "Each line is what a unit says, over the same feature as in “Train”."
    )


def _figure(one: Lesson, at: int) -> Figure:
    data = one.objective.data
    rows = Rows(data.features, data.target if data.classes else None)
    dead = one.health.dead(at)
    return units_figure(*units(one, at), data.columns, at, rows=rows, dead=dead)


def _said(one: Lesson, at: int) -> str:
    """The step, its cost, and the units that are dead or full there."""
    health, act = one.health, one.health.model.act
    full = [float(share) for layer in health.saturated for share in layer[at]]
    said = f"At step {at} the cost is **{one.walk.costs[at]:.6g}**. "
    units = f"{len(full)}** hidden unit{'' if len(full) == 1 else 's'}"
    if act.rectified:
        silent = sum(int(layer.sum()) for layer in health.dead(at))
        return said + f"**{silent} of {units} {_verb(silent)} 0 on every row: dead there."
    if act.slug == "linear":
        return said + "Linear units only add up: however many, the surface is a plane."
    share, many = sum(full) / len(full), sum(one >= FULL for one in full)
    return said + (
        f"**{many} of {units} {_verb(many)} saturated, within 1 % of an end of {act.name} on "
        f"{FULL:.0%} of the rows or more; in the mean, a unit is there on {percent(share)} of them."
    )


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"
