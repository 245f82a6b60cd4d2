"""Where do they touch: the data cost of two weights, and the diamond or circle of their penalty."""

import streamlit as st

from charts.numbers import readable
from charts.touching import touching_figure
from losses.shrink import Plane, knots, plane, repeated
from pages.shared import cached, controls
from pages.shared.controls import quoted
from pages.shared.figure import show
from pages.shared.penalties.seen import Seen


def view(seen: Seen) -> None:
    """The plane of two weights, in a sentence and a figure that both follow λ."""
    if len(seen.data.columns) == 1:
        st.markdown("One column has one weight: its square is taken as the second column.")
        seen = seen.widened()
    with seen.rail:
        pair = seen.on(*_two(seen))
    rows = pair.data.features, pair.target
    found = pair.made("plane", lambda: plane(pair.loss, *rows, pair.kind, pair.stops))
    pair.tell(found.path)
    st.info(_sentence(pair, found))
    first, second = pair.data.columns
    show(touching_figure(found, pair.stops, pair.place, (first, second), pair.slider), "touching")
    _why(pair)


def _two(seen: Seen) -> tuple[int, int]:
    """The two columns: at first the one that a lasso takes first, and the one it takes last."""
    columns = seen.data.columns
    order = cached.made(f"order {seen.data.digest}", lambda: _order(seen))
    first = _column(seen, "First weight", "first", list(columns), columns[order[0]])
    rest = [name for name in columns if name != first]
    usual = next(columns[place] for place in (order[-1], order[0]) if columns[place] != first)
    second = _column(seen, "Second weight", "second", rest, usual)
    return columns.index(first), columns.index(second)


def _column(seen: Seen, label: str, key: str, names: list[str], usual: str) -> str:
    """One column; names of a visitor's file stay out of the link."""
    help = "The model has these two columns alone, so that all of its slopes are in the picture"
    index = names.index(usual)
    if st.session_state[controls.OWN]:
        own = f"{key}_{hash(tuple(names))}"
        return st.selectbox(label, names, index, key=own, help=help)
    return controls.one_of(label, names, key, help, index=index)


def _order(seen: Seen) -> list[int]:
    """Columns in the order in which they enter the lasso's path, then those that never do; without
    those that say what another says already, or nothing."""
    entered = [one.column for one in knots(seen.data.features, seen.data.target).events]
    every = list(dict.fromkeys([*entered, *range(len(seen.data.columns))]))
    copies = repeated(seen.data.features)
    telling = [column for column in every if column not in copies]
    return telling if len(telling) > 1 else every


def _sentence(seen: Seen, found: Plane) -> str:
    """Where they touch, and what it costs."""
    one, path, place = found.touchings[seen.place], found.path, seen.place
    if not one.level:
        return (
            f"The penalty is so strong that both weights are **exactly 0**: data cost "
            f"{readable(one.cost)}, penalty 0. Turn λ down."
        )
    least = float(path.costs[-1])
    parts = (
        f"Data cost **{readable(one.cost)}** + penalty **{readable(one.level)}** = objective "
        f"**{readable(float(path.totals[place]))}**; at the weakest λ the data cost is "
        f"{readable(least)}."
    )
    if trades := seen.trades(path):
        (grows, other), *_ = trades
        return (
            f"**No single place is best:** {grows} and {other} say the same, so the data cost is "
            f"level along a whole edge of the shaded {_shape(seen)}, and all of its places are "
            f"equally good, from {other} alone to {grows} alone. The one marked is a choice among "
            f"them. {parts}"
        )
    zeros = [quoted(name) for name, w in zip(seen.data.columns, one.place, strict=True) if w == 0]
    where = "at a corner" if one.corner else "away from any corner"
    left = f", so the weight of {' and '.join(zeros)} is **exactly 0**"
    if not zeros:
        left = f", with weights of {' and '.join(map(readable, one.place.tolist()))}, neither 0"
    return (
        f"No place inside the shaded {_shape(seen)} costs the data less than where they touch: "
        f"{where}{left}. {parts}"
    )


def _shape(seen: Seen) -> str:
    return {"l1": "diamond", "l2": "circle"}.get(seen.kind.slug, "curve")


def _why(seen: Seen) -> None:
    """What a corner does that a circle does not."""
    st.markdown(
        "Both curves pass through the best weights: along the solid one the data cost is the same, "
        "along the dashed one the penalty is. They only touch: if they crossed, some place would "
        "cost less and pay less. A diamond has corners on the axes, where one weight is exactly "
        "zero, and they are easily touched; a circle has none, so weights shrink and stay. "
        "Drag λ: the best weights walk along the black line."
    )
    if seen.loss.family != "residual":
        st.markdown("The data cost of two weights is that with the bias at its best for them.")
