"""The page of a typed loss: field and formula, sliders and curve, and a view that is picked."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from charts.figure import Figure
from charts.typed import typed_figure
from losses import Loss
from losses.axes import Axis
from losses.formula import Formula, breaks, somewhere_finite
from losses.notation import worded
from pages.shared import building, controls, dataset, field, proven, reading, scouted, tried
from pages.shared.field import Typed


class Drawn(NamedTuple):
    """Over which axis, for which class, and where it is read."""

    axis: Axis
    positive: bool
    at: float


NOTHING = "nothing"
VIEWS = {
    "What is true of it?": proven.answer,
    "Build one without typing": building.answer,
    "On your data": tried.answer,
}


def shown() -> None:
    """All of it; what changes with each key comes first."""
    left, right = st.columns(2, gap="large")
    with left:
        found = field.typed()
        kind = st.container()
    book = right.container(height=150, border=False)
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        loss = field.tuned(found)
    with book:
        field.told(found, loss)
    with rail:
        axis = _axis(loss)
        positive = axis.family != "binary" or controls.switch(
            "The true class is 1", True, "positive", "Off: the loss of a row with y = 0"
        )
        beside = _beside(axis)
        drawn = Drawn(axis, positive, reading.probe(axis))
    drawable = somewhere_finite(loss, axis, positive=positive)
    kind.markdown(_character(loss, drawable) if found.error is None else field.still(found))
    with stage:
        if not drawable:
            _nowhere(axis)
        _draw(found, loss, beside, drawn)
    views = list(VIEWS)
    view = st.radio("View", views, horizontal=True, key="view", bind="query-params",
        label_visibility="collapsed", help="What to look at below")  # fmt: skip
    VIEWS[view](loss, beside)
    reading.table([loss, *beside], axis, drawn.at, positive=positive, half=False)


def _character(loss: Formula, drawable: bool) -> str:
    """Which kind of loss the letters make it, and where it is not smooth."""
    return f"{loss.sentence()} {_breaks(loss) if drawable else ''}"


def _breaks(loss: Formula) -> str:
    kinds: dict[str, list[float]] = {}
    for at, kind in breaks(loss).items():
        kinds.setdefault(kind, []).append(at)
    if not kinds:
        return "No place was found where it is not smooth."
    said = [f"{kind} at {_places(places)}" for kind, places in kinds.items()]
    where = {"positive": ", where y = 1", "binary": ", for y = 1 or y = 0"}.get(loss.family, "")
    return f"Not smooth{where}: {'; '.join(said)}."


def _places(places: Sequence[float]) -> str:
    more = f" and {len(places) - 6} more" if len(places) > 6 else ""
    return ", ".join(worded(one) for one in places[:6]) + more


def _nowhere(axis: Axis) -> None:
    """Says that the curve has no point at all, and what may have made it so."""
    low, high = worded(axis.low), worded(axis.high)
    st.warning(
        f"There is nothing to draw: from {axis.letter} = {low} to {high} it is nowhere a finite"
        " number. A division by 0, a root or logarithm of less than 0, or a power too large "
        "makes it so."
    )


def _axis(loss: Formula) -> Axis:
    """The axis of its family, where there are several."""
    if len(loss.axes) == 1:
        return loss.axes[0]
    axes = {axis.name: axis for axis in loss.axes}
    help = "The number that the curve is drawn over"
    return axes[controls.one_of("Axis", list(axes), f"axis_{loss.axes[0].slug}", help)]


def _beside(axis: Axis) -> list[Loss]:
    """One catalogued loss to compare with, or none."""
    kinds = {kind.name: kind for kind in Loss.catalogue.values() if axis in kind.axes}
    help = "A catalogued loss over the same axis, drawn beside yours"
    name = controls.one_of("Compare with", [NOTHING, *kinds], f"beside_{axis.slug}", help)
    return [controls.tuned(kinds[name], f"{kinds[name].slug}_")] if name in kinds else []


def _draw(found: Typed, loss: Formula, beside: list[Loss], on: Drawn) -> None:
    """The curve, for which the browser also asks while one types, or moves a slider of the loss."""
    rows = dataset.placed(on.axis, positive=on.positive)
    reader = {"at": on.at, "stops": reading.stops(on.axis)}
    own = loss.parameters()

    def drawn(at: Mapping[str, Any]) -> Figure:
        moved = _at(found, loss, at)
        if on.axis not in moved.axes:
            raise ValueError(f"{moved.sentence()} It has no {on.axis.label}")
        return typed_figure(moved, beside, on.axis, positive=on.positive, rug=rows.values, **reader)

    at = {field.KEY: found.field} | {field.slider(one.name): getattr(loss, one.name) for one in own}
    scouted.show("typed", drawn, at, {field.slider(one.name): (one.low, one.high) for one in own})
    st.markdown(rows.sentence)


def _at(found: Typed, loss: Formula, at: Mapping[str, Any]) -> Formula:
    """The loss for what stands in the field and at the sliders. Raises FormulaError."""
    if at[field.KEY] != found.field:
        firsts = {one.name: one.default or 0.0 for one in loss.parameters()}
        loss = field.anew(at[field.KEY], firsts)
    values = loss.values()
    return type(loss)(**{name: at.get(field.slider(name), values[name]) for name in values})
