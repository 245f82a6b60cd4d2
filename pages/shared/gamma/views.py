"""What may be asked of focal loss: one view at a time, each by its own module."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from losses.chances import Chances
from losses.data import DataError
from losses.probabilistic import Focal
from pages.shared import ask, controls, dataset
from pages.shared.chances import asked, one_class
from pages.shared.gamma import asking, curves, owners, reading, sorting, surprise
from pages.shared.gamma.seen import USUAL, Seen
from pages.shared.menu import IMBALANCE


class View(NamedTuple):
    """Who answers, whether it looks at rows, and whether it can do without them."""

    show: Callable[[Seen, Any], None]
    rows: bool = True
    needed: bool = True


VIEWS = {
    "What does γ do?": View(curves.view, rows=False, needed=False),
    "Who pulls harder?": View(surprise.view, needed=False),
    "How few rows carry it?": View(sorting.view),
    "Who owns it?": View(owners.view),
    "What does it ask for?": View(asking.view),
    "Is y missing?": View(reading.view),
}


def shown() -> None:
    """The questions in a row; the sliders beside the answer to the one that is picked."""
    view = VIEWS[ask.question(VIEWS, "view")]
    rail, stage = st.columns([1.1, 4], gap="medium")
    with rail:
        focal = controls.tuned(Focal, alpha=USUAL)
        st.latex(Focal.latex)
        picked = st.container()
    with stage:
        try:
            with picked:
                chances = _chances() if view.rows else None
        except DataError as error:
            st.error(controls.quoted(str(error)))
            return
        if view.needed and chances is None:
            st.info("This question is about rows: the sidebar says what data it needs.")
            return
        view.show(Seen(focal, chances, _key(chances)), rail)
    with rail:
        _onward(focal)


def _onward(focal: Focal) -> None:
    """Here probabilities stay as they are; the page that trains with focal is one step away.

    A link as one sends it, for the bench keeps its rows from page to page, and these may be none
    that can be fitted.
    """
    query = urlencode({
        "source": "Generate",
        "question": "What does recall cost?",
        "along": "focal γ",
        "gamma": f"{focal.gamma:g}",
    })  # fmt: skip
    st.markdown(
        "Here γ trains nothing. What it does in training, to the recall of a rare class and to "
        f"the probabilities: [{IMBALANCE.title} at γ = {focal.gamma:g}]({IMBALANCE.path}?{query})."
    )


def _chances() -> Chances | None:
    """The rows of the bench as two classes; None while it is empty."""
    if dataset.DATA not in st.session_state:
        return None
    return one_class(asked(dataset.current()))


def _key(chances: Chances | None) -> str:
    """What tells these chances from all others."""
    if chances is None:
        return ""
    return f"{dataset.current().digest} {chances.model} {chances.classes}"
