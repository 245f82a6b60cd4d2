"""A live figure that the browser may ask for ahead of the script, while a slider of its moves."""

from collections.abc import Callable, Mapping

import streamlit as st

from charts.figure import Figure
from pages.shared.ahead import Values, offer, settled
from pages.shared.figure import Ahead, draw, packed

Ranges = Mapping[str, tuple[float, float]]


def show(key: str, drawn: Callable[[Values], Figure], at: Values, ends: Ranges) -> None:
    """Draws the figure where its sliders are, and offers it wherever they can be.

    What stands in `at` without `ends` is the text of a field; ends of other sliders do not matter.
    `drawn` needs nothing of the session: it is called outside of the script as well.
    """
    settled(key)
    ends = {name: ends[name] for name in at if name in ends}
    projector = bool(st.session_state.get("projector"))

    def answer(values: Values, _ground: str) -> bytes:
        moved = {name: values.get(name, value) for name, value in at.items()}
        for name, (low, high) in ends.items():
            if not low <= moved[name] <= high:
                raise ValueError(f"{name} = {moved[name]} is not between {low} and {high}")
        where = Ahead("", moved)
        parts = packed(drawn(moved), key, told=None, start=None, ahead=where, projector=projector)
        return b"".join(len(part).to_bytes(4, "little") + part for part in parts)

    figure = drawn(at)
    fields = at.keys() - ends.keys()
    draw(figure, key, figure.height, ahead=Ahead(offer(key, answer, fields).address, at))
