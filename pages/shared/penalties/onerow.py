"""What one row does: its loss, what it adds to the mean, and the fit when it counts more."""

import streamlit as st

from charts.numbers import readable
from charts.weighing import weighing_figure
from losses.data import DataError
from losses.shrink import Weighed, dearest, weighed
from losses.shrink.weighing import MOST
from pages.shared import controls
from pages.shared.controls import quoted
from pages.shared.figure import show
from pages.shared.penalties.seen import Seen

CLICKED = "row_clicked"  # where the figure was, until the field of the row takes it


def view(seen: Seen) -> None:
    """Losses of all rows and weights, as one row counts from none to ten times."""
    path = seen.path
    seen.tell(path)
    with seen.rail:
        copies = controls.count(
            "How often the row counts", 0, MOST, 1, "copies", "0 leaves it out", 1
        )
        row = _row(seen)
    penalty, rows = seen.penalty(path), (seen.data.features, seen.target)
    found = seen.made_here(f"weighed {row}", lambda: weighed(seen.loss, *rows, penalty, row))
    st.info(_sentence(seen, found, copies))
    lines = seen.data.rows if _in_file(seen) else None
    figure = weighing_figure(found, copies, lines, seen.data.columns, "copies")
    click = show(figure, "weighing")
    _table(seen, found, copies)
    if click and click["subplot"] == "xy":
        controls.move(CLICKED, (click["x"], click["y"]))


def _row(seen: Seen) -> int:
    """The place of a row, counted from 1; of an empty field, of the row that costs most."""
    clicked = st.session_state.pop(CLICKED, None)
    last = len(seen.data)
    if clicked is not None:
        st.session_state["row"] = float(min(max(round(clicked[0]), 1), last))
    number = st.number_input(
        "Row",
        1.0,
        controls.FARTHEST,
        None,
        1.0,
        "%.0f",
        key="row",
        placeholder="dearest",
        bind="query-params",
        help="Counted from 1, or click on it in the figure; empty: the row that costs most",
    )
    if number is None:
        fitted = seen.path.fits[seen.place]
        return dearest(seen.loss, seen.data.features, seen.target, fitted)
    row = int(number + 0.5)
    if row > last:
        raise DataError(f"there is no row {row}; they go from 1 to {last}")
    return row - 1


def _in_file(seen: Seen) -> bool:
    """Whether rows stand on the lines of a visitor's file."""
    return bool(st.session_state[controls.OWN]) and seen.data.numbered == "line"


def _called(seen: Seen, row: int) -> str:
    """A row by its number, and where it stands in a file."""
    line = f" (line {seen.data.rows[row]} of the file)" if _in_file(seen) else ""
    return f"Row {row + 1}{line}"


def _sentence(seen: Seen, found: Weighed, copies: int) -> str:
    """Loss, cost and objective, and what the row's weight does to them."""
    n, fit = len(seen.data), found.fits[1]
    own = float(found.losses[1, found.row])
    said = (
        f"{_called(seen, found.row)} has the loss **{readable(own)}**. The cost, "
        f"{readable(fit.cost)}, is the mean of {n:,} losses, and this one adds {readable(own)} ÷ "
        f"{n:,} = **{readable(found.share)}**. With the penalty, {readable(fit.penalty)}, the "
        f"objective is {readable(fit.objective)}."
    )
    if copies == 1:
        return said + " Let it count more or less, and see who follows."
    now = float(found.losses[copies, found.row])
    moved = [(abs(a - b), name) for a, b, name in _pairs(seen, found, copies)]
    most, name = max(moved)
    return (
        f"{said} Counted {_times(copies)}, its loss is **{readable(now)}**; of the weights, that "
        f"of {quoted(name)} moves most, by {readable(most, 3)}."
    )


def _times(copies: int) -> str:
    return "once" if copies == 1 else f"{copies} times"


def _pairs(seen: Seen, found: Weighed, copies: int) -> list[tuple[float, float, str]]:
    """Each slope as the row counts now, as it counts once, and its name."""
    now, once = found.weights[copies].tolist(), found.weights[1].tolist()
    return list(zip(now, once, seen.data.columns, strict=False))


def _table(seen: Seen, found: Weighed, copies: int) -> None:
    """Cost, penalty and objective, and the row's own part, for both counts."""
    both = [found.fits[1], found.fits[copies]]
    own = [float(found.losses[k, found.row]) for k in (1, copies)]
    st.table(
        {
            "the row counts": ["once", _times(copies)],
            "its loss": list(map(readable, own)),
            "cost (mean of losses)": [readable(one.cost) for one in both],
            "penalty": [readable(one.penalty) for one in both],
            "objective": [readable(one.objective) for one in both],
        },
        hide_index=True,
    )
    st.markdown(
        "A weight of k is the row k times among the data: the mean is over all rows with the "
        "copies. λ stays as it is."
    )
