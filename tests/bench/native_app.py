"""The same app with every live figure drawn by st.plotly_chart: what the bench compares with.

Served by `uvicorn tests.bench.native_app:app`; pages, computations and settings are the app's own.
"""

import re

import streamlit as st

import pages.shared.figure as live
from app import app

__all__ = ["app"]

INKS = {
    "ink": "#31333F",
    "muted": "#777777",
    "grid": "#E0E0E0",
    "paper": "#FFFFFF",
    "accent": "#0050B3",
}
PALETTE = ("#03032E", "#4006FD", "#3AAA04", "#BF6DE9", "#ED598A", "#521E09")
ROLES = INKS | {str(number): color for number, color in enumerate(PALETTE)}


def painted(value):
    """The value with color roles replaced by fixed colors, as a chart element needs them."""
    match value:
        case dict():
            return {key: painted(item) for key, item in value.items()}
        case list() | tuple():
            return [painted(item) for item in value]
        case str() if role := re.fullmatch(r"\$(\w+)(?:/[\d.]+)?", value):
            return ROLES.get(role[1], value)
    return value


def show(figure, key):
    """Draws a figure as Streamlit does, with the same settings and the same numbers below it."""
    layout = {"showlegend": False, "uirevision": "kept", "height": figure.height, **figure.layout}
    chart = {"data": painted(figure.data), "layout": painted(layout)}
    box = st.container(key=key)
    box.plotly_chart(
        chart, key=f"{key}_native", theme=None, alt=figure.alt, config={"displayModeBar": False}
    )
    live.table(figure, key)


live.show = show
