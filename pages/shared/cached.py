"""What is computed once for many visitors; keys are frozen specs and digests, never big arrays."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from losses import robust
from losses.data import Dataset
from losses.data.generators import Generator
from losses.regression import Huber
from losses.robust import DeltaStudy

Made = TypeVar("Made")
DIGEST = {Dataset: lambda data: data.digest}


@st.cache_data(max_entries=64, show_spinner=False)
def generated(generator: Generator, seed: int) -> Dataset:
    """The rows of a generator for a seed."""
    return generator.seeded(seed)


@st.cache_data(max_entries=32, show_spinner="Fitting the line at every δ …", hash_funcs=DIGEST)
def delta_study(data: Dataset) -> DeltaStudy:
    """Huber's fit at every stop of its slider."""
    delta = Huber.parameters()[0]
    return robust.delta_study(data, delta.grid())


@st.cache_resource(max_entries=24, show_spinner=False)
def made(key: str, _make: Callable[[], Made]) -> Made:
    """What `_make` makes, which the key tells from all else: nobody may change it.

    Also for who answers ahead of the script, and cannot show a spinner.
    """
    return _make()


@st.cache_resource(max_entries=24, show_spinner=False)
def shown(key: str, _make: Callable[[], Made]) -> Made:
    """The same for walks, of which a dragged slider makes many: they push nothing else out."""
    return _make()


@st.cache_resource(max_entries=64, show_spinner=False)
def surveyed(key: str, _make: Callable[[], Made]) -> Made:
    """The same for surfaces, which outlast the walks over them."""
    return _make()


@st.cache_resource(max_entries=24, show_spinner="Racing …")
def raced(key: str, _make: Callable[[], Made]) -> Made:
    """The same for what takes seconds: no dragged slider may push it out."""
    return _make()


@st.cache_resource(max_entries=40, show_spinner=False)
def kept(key: str, _make: Callable[[], Made]) -> Made:
    """The same for parts of what takes long, between which a page shows how far it is."""
    return _make()


@st.cache_resource(max_entries=24, show_spinner="Resampling the rows …")
def resampled(key: str, _make: Callable[[], Made]) -> Made:
    """The same for what is drawn again and again from many rows."""
    return _make()


@st.cache_resource(max_entries=48, show_spinner="Finding the best weights at every λ …")
def traced(key: str, _make: Callable[[], Made]) -> Made:
    """The same for paths of a penalty, from milliseconds to seconds."""
    return _make()
