"""The live figure: drawn in place by the browser, scrubbed there while one of its sliders moves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from charts.figure import Figure, pack, reel
from pages.shared.assets import PLOTLY_PATH

HERE = Path(__file__).parent
SCRIPTS = ("message", "theme", "paint", "stage", "player", "figure")

_mount = st.components.v2.component(
    "losscope.figure",
    js="".join((HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS),
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
    captions: Sequence[str] = (),
    details: Sequence[Sequence[str]] = (),
    start: int | None = None,
) -> dict[str, Any] | None:
    """Send the figure, its films, which travel only when they have changed, and its table.

    With a `start` it gets the player's bar.
    """
    version, films = reel(figure.films, key=key, captions=list(captions), details=list(details))
    message = pack(
        figure,
        key=key,
        reel=version if figure.films else None,
        start=start,
        plotly=PLOTLY_PATH,
        projector=bool(st.session_state.get("projector")),
    )
    with st.container(gap=None):
        result = _mount(key=key, data=message, height=height, on_click_change=_noted)
        if figure.films:
            _mount(key=f"{key}_films", data=films, height=1)
    table(figure, key)
    return result.click


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
