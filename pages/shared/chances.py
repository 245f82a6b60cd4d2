"""Whose probabilities a page is about: a model's in the data, or those of an exact fit."""

from collections.abc import Sequence

import streamlit as st

from charts.numbers import readable
from losses.chances import EASED, Chances, Learned, learned, predicted
from losses.data import Dataset
from losses.imbalance import rarest
from pages.shared import cached, controls

TELLING = {  # pairs of names of which the second says that something is so
    ("0", "1"), ("-1", "1"), ("no", "yes"), ("n", "y"), ("false", "true"), ("f", "t"),
    ("negative", "positive"), ("neg", "pos"), ("absent", "present"),
}  # fmt: skip


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
    """Two classes: class 1, which the rail picks, and all others together as class 0.

    It begins as the rarest, but where the names say which class is meant: of 0 and 1 it is 1.
    """
    places = rarest(chances.target, len(chances.classes))
    if tuple(name.casefold() for name in chances.classes) in TELLING:
        places.sort(reverse=True)
    return chances.against_the_rest(class_one(chances.classes, places, key))


def class_one(classes: Sequence[str], places: list[int], key: str = "class") -> int:
    """The place of the class that is 1: the first of the places, unless another is picked."""
    names = [classes[place] for place in places]
    help = "This one is class 1; all the others together are class 0"
    return places[names.index(picked("Class 1", names, key, help))]


def picked(label: str, names: Sequence[str], key: str, help: str) -> str:
    """One of some names; those of a file of the visitor's stay out of the link."""
    if not st.session_state[controls.OWN]:
        return controls.one_of(label, names, key, help)
    return str(st.selectbox(label, names, key=f"{key}_{hash(tuple(names))}", help=help))


def _model(data: Dataset) -> str:
    """The column of the model."""
    if len(data.columns) == 1:
        return data.columns[0]
    return picked("Model", data.columns, "model", "The column whose probabilities are judged")


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
