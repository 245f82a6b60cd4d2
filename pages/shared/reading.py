"""Reading a point off the curves: what each loss costs there, with the numbers in its formula."""

from collections.abc import Sequence

import streamlit as st

from losses import Loss
from losses.axes import Axis
from losses.curve import read_at
from losses.notation import number, substitute
from pages.shared import elsewhere

FAR = {
    "unbounded": "a far row pulls without bound (influence unbounded)",
    "bounded": "a far row pulls no harder than a limit (influence bounded)",
    "redescending": "a far row hardly pulls (influence redescending)",
}


def stops(axis: Axis) -> list[float]:
    """Where the reading slider can stand: places that keep clear of p = 0 and p = 1."""
    step = (axis.high - axis.low) / 120
    places = range(121) if axis.low < 0 else range(1, 120)
    return [round(axis.low + place * step, 6) for place in places]


def probe(axis: Axis) -> float:
    """The slider that says where to read."""
    places = stops(axis)
    return st.slider(
        f"Read at {axis.letter}",
        places[0],
        places[-1],
        places[90],
        round(places[1] - places[0], 6),
        format="%.3g",
        key=f"at_{axis.slug}",
        help="Where the curves are read; the numbers stand below the figure",
        bind="query-params",
    )


def table(losses: Sequence[Loss], axis: Axis, at: float, *, positive: bool, half: bool) -> None:
    """One line a loss: what it is, its formula with the numbers, and what it costs and pulls."""
    st.subheader(f"Read at ${axis.symbol} = {number(at)}$", anchor=False)
    for loss in losses:
        with st.container(border=True):
            _row(loss, axis, at, positive, 0.5 if half and loss.slug == "squared_error" else 1.0)
            elsewhere.panel(loss, half=half and loss.slug == "squared_error")


def _character(loss: Loss) -> str:
    """What it asks for, its shape and its pull, in two sentences."""
    pulls = FAR[loss.influence] if loss.trainable else "no row pulls"
    shape = "convex" if loss.convex else "not convex"
    return f"Asks for {loss.asks()}. In {loss.variable} it is {shape}, and {pulls}."


def _row(loss: Loss, axis: Axis, at: float, positive: bool, scale: float) -> None:
    read = read_at(loss, axis, at, positive=positive)
    latex = loss.formula if scale == 1 else rf"\frac{{1}}{{2}} {loss.formula}"
    name, numbers = st.columns([2.4, 1])
    name.markdown(f"**{loss.name}.** {loss.sentence()} {_character(loss)} {loss.reference}")
    name.latex(latex)
    name.latex(f"{substitute(latex, read.symbols)} = {number(scale * read.value)}")
    if loss.where:
        name.latex(loss.where)
    numbers.table(
        {
            "of the curve": ["value", "gradient", "curvature"],
            f"at {axis.letter} = {at:g}": [
                f"{scale * part + 0.0:.6g}" for part in (read.value, read.gradient, read.curvature)
            ],
        },
        hide_index=True,
        hide_header=True,
    )
