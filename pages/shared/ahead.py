"""Answers ahead of the script: the browser asks for a figure while its slider is still moving.

A run of the script takes Streamlit and the browser a tenth of a second beside what it computes. So
a figure may come with an offer: an address that answers with the figure at other values of sliders,
by the functions that the script itself will call a moment later.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

PATH = "/losscope/ahead/"
GROUND = "ground"  # as scout.js says it

Values = Mapping[str, Any]  # numbers of sliders, and texts of fields
Answer = Callable[[Values, str], bytes]  # of these, and of surfaces known


class Offer:
    """What a visitor's figure would be at other values of its sliders, behind a secret address."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(16)
        self.answer: Answer | None = None
        self.fields: Collection[str] = ()  # keys whose values are texts
        self.busy = Lock()  # while it answers

    @property
    def address(self) -> str:
        """Where the browser asks."""
        return PATH + self.token


_offers: WeakValueDictionary[str, Offer] = WeakValueDictionary()  # each lives in its own session


def offer(key: str, answer: Answer, fields: Collection[str] = ()) -> Offer:
    """The session's offer for the figure of that key, which answers from now on like this.

    The values of `fields` are texts; all others are numbers.
    """
    found: Offer = st.session_state.setdefault(f"{key}_offer", Offer())
    found.answer, found.fields = answer, fields
    _offers[found.token] = found
    return found


def settled(key: str) -> None:
    """Waits for an answer that is under way: both at once would take twice as long."""
    found: Offer | None = st.session_state.get(f"{key}_offer")
    if found is not None:
        with found.busy:
            return


def answered(token: str, asked: Mapping[str, str]) -> bytes | None:
    """The figure at the values of sliders asked for; None where the script itself must answer.

    Under GROUND stands the version of the surfaces that the browser has: they are not sent again.
    """
    found: Any = _offers.get(token)
    if found is None or found.answer is None or not found.busy.acquire(blocking=False):
        return None  # one at a time
    try:
        values = {
            key: value if key in found.fields else float(value)
            for key, value in asked.items()
            if key != GROUND
        }
        return found.answer(values, asked.get(GROUND, ""))
    except ValueError:  # a sentence on the page will say why
        return None
    finally:
        found.busy.release()
