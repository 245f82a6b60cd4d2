"""The live figure: drawn in place by the browser, scrubbed there while one of its sliders moves."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import streamlit as st

from charts.figure import Figure, pack, reel, scenery
from pages.shared.assets import FIGURE_PATH, HERE, PLOTLY_PATH

# A component's script travels with each of its messages, so it only fetches the real one.
SCRIPT = f"""const figure = import(new URL("{FIGURE_PATH}", location.origin));
export default (message) => void figure.then((script) => script.default(message));
"""


class Ahead(NamedTuple):
    """Where the browser may ask for a figure at other values of sliders, and what they are now.

    Of a field, the value is its text.
    """

    address: str
    values: Mapping[str, Any]


_mount = st.components.v2.component(
    "losscope.figure",
    js=SCRIPT,
    css=(HERE / "player.css").read_text("utf-8"),
    isolate_styles=False,
)


def show(figure: Figure, key: str) -> dict[str, Any] | None:
    """Draw the figure, and below it the numbers behind it.

    A film under the key of a slider is shown while that slider moves. Returns where the figure was
    clicked, as {x, y, subplot}, in the run that the click caused; its layout asks for clicks by
    `clickanywhere`.
    """
    return draw(figure, key, figure.height)


def draw(
    figure: Figure,
    key: str,
    height: int,
    *,
    told: Mapping[str, Any] | None = None,
    start: int | None = None,
    ahead: Ahead | None = None,
) -> dict[str, Any] | None:
    """Send the figure, its films and surfaces, which travel only when they change, and its table.

    With a `start` it gets the player's bar, whose captions and details are `told`.
    """
    projector = bool(st.session_state.get("projector"))
    message, films, arrays = packed(
        figure, key, told=told, start=start, ahead=ahead, projector=projector
    )
    with st.container(gap=None):
        result = _mount(key=key, data=message, height=height, on_click_change=_noted)
        if figure.films:
            _mount(key=f"{key}_films", data=films, height=1)
        if arrays:
            _mount(key=f"{key}_ground_films", data=arrays, height=1)
    table(figure, key)
    return result.click


def packed(
    figure: Figure,
    key: str,
    *,
    told: Mapping[str, Any] | None,
    start: int | None,
    ahead: Ahead | None,
    projector: bool,
) -> tuple[bytes, bytes, bytes]:
    """The figure as messages: itself, its films with what is told of them, and its surfaces."""
    version, films = reel(figure.films, key=key, **(told or {"captions": [], "details": []}))
    ground, arrays = scenery(figure, key=key)
    message = pack(
        figure,
        bare=True,
        key=key,
        scenery_version=ground,
        reel=version if figure.films else None,
        start=start,
        plotly=PLOTLY_PATH,
        projector=projector,
        ahead=ahead and {"address": ahead.address, "values": dict(ahead.values)},
    )
    return message, films, arrays


def table(figure: Figure, key: str) -> None:
    """The numbers behind a figure, sent only once somebody opens them."""
    if not figure.table:
        return
    numbers = st.expander("The numbers behind this figure", key=f"{key}_table", on_change="rerun")
    if numbers.open:
        numbers.dataframe(figure.table, hide_index=True)
        name = f"{key}.csv"
        numbers.download_button(
            "Download as CSV", figure.csv, name, "text/csv", key=f"{key}_csv", on_click="ignore"
        )


def _noted() -> None:
    """Streamlit reports a click only if something listens; the value is read from the result."""
