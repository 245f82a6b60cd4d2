"""A live figure that the browser may ask for ahead of the script, while a slider of its moves."""

from collections.abc import Callable, Mapping

import streamlit as st

from charts.figure import Figure
from pages.shared.ahead import offer, settled
from pages.shared.figure import Ahead, draw, packed

Ranges = Mapping[str, tuple[float, float]]


def show(
    key: str, drawn: Callable[[Mapping[str, float]], Figure], at: Mapping[str, float], ends: Ranges
) -> None:
    """Draws the figure where its sliders are, and offers it wherever they can be.

    `drawn` needs nothing of the session: it is called outside of the script as well.
    """
    settled(key)
    projector = bool(st.session_state.get("projector"))

    def answer(values: Mapping[str, float], _ground: str) -> bytes:
        moved = {name: values.get(name, value) for name, value in at.items()}
        for name, value in moved.items():
            low, high = ends[name]
            if not low <= value <= high:
                raise ValueError(f"{name} = {value} is not between {low} and {high}")
        where = Ahead("", moved)
        parts = packed(drawn(moved), key, told=None, start=None, ahead=where, projector=projector)
        return b"".join(len(part).to_bytes(4, "little") + part for part in parts)

    figure = drawn(at)
    draw(figure, key, figure.height, ahead=Ahead(offer(key, answer).address, at))
