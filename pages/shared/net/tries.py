"""Runs worth a look: links that set the page so that something happens, by its name."""

from urllib.parse import urlencode

import streamlit as st

Setting = dict[str, str]
MOONS: Setting = {"source": "Generate", "generator": "Moons"}
BLOBS: Setting = {"source": "Generate", "generator": "Two blobs"}

TRIES: dict[str, Setting] = {
    "Learns moons": MOONS,
}


def menu() -> None:
    """The links in a box that opens."""
    with st.popover("Try", width="stretch"):
        for name, settings in TRIES.items():
            st.markdown(f"[{name}]({address(settings)})")


def address(settings: Setting) -> str:
    """Where a try lives: this page, with all that makes it."""
    return f"/network?{urlencode(settings)}"
