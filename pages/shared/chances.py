"""Whose probabilities a page is about: a model's in the data, or those of an exact fit."""

import streamlit as st

from charts.numbers import readable
from losses.chances import EASED, Chances, Learned, learned, predicted
from losses.data import Dataset
from pages.shared import cached, controls


def asked(data: Dataset) -> Chances:
    """The chances that the rail picks. Raises DataError where the data have none.

    Of predictions one model is picked; features are fitted by cross-entropy, and it is said how.
    """
    if data.role == "features":
        found = fitted(data)
        st.markdown(_told(found, data))
        return found.chances
    model = "the model" if data.by_class else _model(data)
    return cached.made(f"predicted {data.digest} {model}", lambda: predicted(data, model))


def fitted(data: Dataset) -> Learned:
    """The exact fit of cross-entropy."""
    return cached.made(f"learned {data.digest}", lambda: learned(data))


def one_class(chances: Chances, key: str = "class") -> Chances:
    """Two classes: those that there are, or the one that the rail picks and all others."""
    if chances.binary:
        return chances
    label, help = "Class", "This one is class 1; all the others together are class 0"
    if st.session_state[controls.OWN]:
        kept = f"{key}_{hash(chances.classes)}"
        name = st.selectbox(label, chances.classes, key=kept, help=help)
    else:
        name = controls.one_of(label, list(chances.classes), key, help)
    return chances.against_the_rest(chances.classes.index(name))


def _model(data: Dataset) -> str:
    """The column of the model."""
    if len(data.columns) == 1:
        return data.columns[0]
    label, help = "Model", "The column whose probabilities are judged"
    if st.session_state[controls.OWN]:
        return st.selectbox(label, data.columns, key=f"model_{hash(data.columns)}", help=help)
    return controls.one_of(label, list(data.columns), "model", help)


def _told(found: Learned, data: Dataset) -> str:
    """How the probabilities came about."""
    columns = "1 column" if len(data.columns) == 1 else f"all {len(data.columns)} columns"
    said = (
        f"Probabilities of cross-entropy's exact fit on {columns}: cost {readable(found.fit.cost)}."
    )
    if found.eased:
        said += (
            f" The classes can be separated, so ‖w‖ would grow without bound; a penalty of "
            f"{EASED:g} · Σ w² keeps it finite."
        )
    return said
