"""Work of some seconds: it shows how far it is, may be stopped, and is done once for all."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from pages.shared.findings import Told

Made = TypeVar("Made")


def seldom(show: Told) -> Told:
    """Shows how far it is ten times a second at most: each time, a visitor may have stopped it."""
    last = 0.0

    def told(done: float, what: str) -> None:
        nonlocal last
        if time.monotonic() - last > 0.1:
            show(done, what)
            last = time.monotonic()

    return told


def worked(key: str, what: str, make: Callable[[Callable[[float], None]], Made]) -> Made:
    """What `make` makes beneath a bar, which the key tells from all else: nobody may change it.

    The bar is drawn outside of the cache, which would draw it again with what is known already.
    """
    cell, place = _cell(key), st.empty()  # drawn always, so that what follows keeps its place
    if not cell:
        show = seldom(place.progress(0.0, what).progress)
        cell.append(make(lambda done: show(min(done, 1.0), what)))
        place.empty()
    found: Made = cell[0]
    return found


@st.cache_resource(max_entries=24, show_spinner=False)
def _cell(key: str) -> list[Any]:
    """Where it is kept once it is made; a work that was stopped leaves it empty."""
    return []
