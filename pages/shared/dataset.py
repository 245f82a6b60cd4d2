"""The data bench: one sidebar for generated, bundled and uploaded data, the same on every page."""

import streamlit as st

from charts.data import data_picture
from charts.numbers import counted
from losses.axes import Axis
from losses.data import DataError, Dataset
from losses.data.bundled import Sample
from losses.data.generators import Generator
from losses.placing import Placed, place, residuals, robust_scale, target_size
from pages.shared import cached, controls, uploads
from pages.shared.figure import show
from pages.shared.menu import Bench

DATA = "data"  # what is on the bench, if anything is
OWN = controls.OWN


def bench(wanted: Bench) -> bool:
    """Draws the sidebar and puts its data set on the bench; False while there is none."""
    st.session_state.pop(DATA, None)  # of an earlier choice, if this one fails
    with st.sidebar:
        st.header("Data", anchor=False)
        try:
            data = _source(wanted)
        except DataError as error:
            st.error(controls.quoted(str(error)))
            return False
        if data is None:
            return False
        st.session_state[DATA] = data
        _summary(data)
    return True


def current() -> Dataset:
    """The data set on the bench."""
    data: Dataset = st.session_state[DATA]
    return data


def one_feature(data: Dataset) -> Dataset:
    """The data with one column: the only one, or the one that the rail picks."""
    if len(data.columns) == 1:
        return data
    label, help = "Feature", "The column on the horizontal axis"
    if st.session_state[OWN]:
        key = f"feature_{hash(data.columns)}"
        return data.only(st.selectbox(label, data.columns, key=key, help=help))
    return data.only(controls.one_of(label, data.columns, "feature", help))


def some_features(data: Dataset) -> Dataset:
    """The data with the one column that the rail picks, or with all of them."""
    if len(data.columns) == 1:
        return data
    every = f"all {len(data.columns)} columns"
    offered = [*data.columns, every]
    label, help = "Feature", "One column is drawn as a line; all, as a plane through the weights"
    if st.session_state[OWN]:
        key, last = f"feature_{hash(data.columns)}", len(offered) - 1  # all: they were picked
        picked = st.selectbox(label, offered, last, key=key, help=help)
    else:
        picked = controls.one_of(label, offered, "feature", help)
    return data if picked == every else data.only(picked)


def in_units(data: Dataset) -> Dataset:
    """The data with its target in the unit that the rail picks: a δ of 1 means another in each."""
    factor, name = unit(data)
    return data if factor == 1 else data.rescaled(factor, name)


def unit(data: Dataset) -> tuple[float, str]:
    """The unit that the rail picks: what makes it of the one at hand, and its name."""
    scale = robust_scale(residuals(data)[0], target_size(data))
    own = data.unit or "as given"
    units = {
        own: (1.0, data.unit),
        f"thousands ({own})": (1e-3, f"thousand {data.unit}".strip()),
        "robust deviations": (1 / scale, f"× {scale:.4g} {data.unit}".strip()),
    }
    help = "δ is in this unit, so another unit is another fit; a robust deviation is 1.4826 MAD"
    return units[controls.one_of("Unit of the target", list(units), "unit", help)]


def placed(axis: Axis, *, positive: bool = True) -> Placed:
    """The bench's rows on the axis of a loss; none while the bench is empty."""
    if DATA not in st.session_state:
        return Placed(None, "There are no rows to draw: the data bench is empty.")
    return place(current(), axis, positive=positive, shown=controls.quoted)


def _source(wanted: Bench) -> Dataset | None:
    generators = [kind for kind in Generator.catalogue.values() if kind.task in wanted.tasks]
    ways = ["Generate", "Sample", "Upload"] if "features" in wanted.roles else ["Sample", "Upload"]
    way = st.radio(
        "Source",
        ways,
        ways.index("Sample") if wanted.sample else 0,
        key="source" if "features" in wanted.roles else "predictions_source",
        horizontal=True,
        bind="query-params",
        persist_state="session",
        help="Rows drawn from a law, a bundled real data set, or your own CSV file",
    )
    st.session_state[OWN] = way == "Upload"
    if way == "Generate":
        return _generated(generators, wanted.generator)
    return _bundled(wanted) if way == "Sample" else uploads.brought(wanted)


def _generated(kinds: list[type[Generator]], first: str) -> Dataset:
    kinds = sorted(kinds, key=lambda kind: kind.slug != first)
    kind = controls.spec_menu("Generator", kinds, "generator", "The law that rows are drawn from")
    st.markdown(kind.sentence())
    with st.expander("Knobs"):
        drawn = controls.tuned(kind, f"{kind.slug}_")
    help = "Another seed, other rows; the same seed, the same rows"
    # A float, because Streamlit stops at an infinite whole number in a link: ?seed=1e309.
    seed = st.number_input(
        "Seed", 0.0, 999_999.0, 0.0, 1.0, "%.0f", key="seed", bind="query-params", help=help
    )
    return cached.generated(drawn, int(seed + 0.5))


def _bundled(wanted: Bench) -> Dataset:
    kinds = [
        kind
        for kind in Sample.catalogue.values()
        if kind.task in wanted.tasks and kind.role in wanted.roles
    ]
    kinds = sorted(kinds, key=lambda kind: kind.slug != wanted.sample)
    key = "sample" if "features" in wanted.roles else "predictions"
    kind = controls.spec_menu("Sample", kinds, key, "Real data that comes with Losscope")
    st.markdown(f"{kind.sentence()} Source: {kind.source}. Licence: {kind.licence}.")
    return kind().load()


def _summary(data: Dataset) -> None:
    show(data_picture(data), "data_picture")
    rows, columns = counted(len(data), "row"), counted(len(data.columns), "column")
    st.markdown(f"**{rows}**, {columns}, target {controls.quoted(data.target_name)}")
    for note in data.notes:
        st.text(note)
    file = f"{data.name.lower().replace(' ', '_')}.csv"
    st.download_button("Download the rows", data.as_csv, file, "text/csv", on_click="ignore")
