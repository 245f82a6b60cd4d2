"""Which weights survive: the whole path over λ, with exact zeros."""

import streamlit as st

from charts.coefficients import coefficients_figure
from charts.numbers import counted, readable
from losses.data.dataset import beyond_rounding
from losses.shrink import Path
from pages.shared.controls import quoted
from pages.shared.figure import show
from pages.shared.penalties.seen import Seen

NAMED = 6


def view(seen: Seen) -> None:
    """The path in a sentence, a figure, and tables of knots and weights."""
    path = seen.path
    seen.tell(path)
    st.info(_sentence(seen, path))
    columns = seen.data.columns
    show(coefficients_figure(path, seen.stops, seen.place, columns, seen.slider), "coefficients")
    weights, events = st.columns(2, gap="medium")
    with weights:
        _weights(seen, path)
    with events:
        _events(seen, path)


def _sentence(seen: Seen, path: Path) -> str:
    """How many are left, who they are, and who is next."""
    columns, here = seen.data.columns, path.weights[seen.place]
    alive = [name for name, w in zip(columns, here, strict=False) if w != 0]
    free = f"{path.freedom[seen.place]:.4g}"
    every, are = counted(len(columns), "weight"), "is" if len(columns) == 1 else "are"
    worth = f"worth **{free}** degree{'' if free == '1' else 's'} of freedom besides the bias"
    if not seen.sparse:
        return (
            f"Squares leave no weight exactly zero: **{len(alive)} of {len(columns)}** {are} left "
            f"at any λ, here {worth}."
        )
    if not alive:
        return f"**0 of {every}** {are} left: λ is at or above λ₀. Turn it down."
    names = ", ".join(map(quoted, alive[:NAMED])) + (" and others" if len(alive) > NAMED else "")
    zero = len(columns) - len(alive)
    rest = f"; {zero} {'is' if zero == 1 else 'are'} exactly zero" if zero else ""
    said = f"**{len(alive)} of {every}** {are} left, {names}{rest}, {worth}."
    for grows, others in seen.trades(path)[:1]:
        said += (
            f" They are not the only best ones: {grows} can take weight from {others} at no cost."
        )
    return said + _next(seen, path)


def _next(seen: Seen, path: Path) -> str:
    """The next knot below λ."""
    if path.knots is None:
        return ""
    here = float(path.lams[seen.place])
    coming = [one for one in path.knots.events if one.lam < here]
    if not coming:
        return ""
    one = coming[0]
    name = quoted(seen.data.columns[one.column])
    return f" Next, {name} {'enters' if one.enters else 'leaves'} at λ = {readable(one.lam)}."


def _weights(seen: Seen, path: Path) -> None:
    """The weights at λ, in digits."""
    st.markdown("The weights here, for one standard deviation of each column:")
    names = [*seen.data.columns, "(bias, pays nothing)"]
    here = path.weights[seen.place]
    free = bool(beyond_rounding(abs(here[-1]), abs(seen.target).max()))  # of a centered target: 0
    bias = here[-1] if free else 0.0
    values = [readable(float(w) + 0.0, 6) for w in (*here[:-1], bias)]
    st.dataframe({"column": names, "weight": values}, hide_index=True)


def _events(seen: Seen, path: Path) -> None:
    """Every knot of the path, or why it has none."""
    if path.knots is None:
        st.markdown(
            "Only squared error with L1 alone has a path of straight lines, whose knots are known "
            "exactly; any other bends."
        )
        return
    events = path.knots.events
    st.markdown(
        f"Where a weight enters or leaves, from strong to weak: {counted(len(events), 'knot')}."
    )
    st.dataframe(
        {
            "λ": [readable(one.lam, 6) for one in events],
            "column": [seen.data.columns[one.column] for one in events],
            "": ["enters" if one.enters else "leaves" for one in events],
        },
        hide_index=True,
    )
