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
    figure = weighing_figure(found, copies, seen.data.rows, seen.data.columns, "copies")
    click = show(figure, "weighing")
    _table(seen, found, copies)
    if click and click["subplot"] == "xy":
        controls.move(CLICKED, (click["x"], click["y"]))


def _row(seen: Seen) -> int:
    """The place of the row of a number; of an empty field, of the row that costs most."""
    clicked = st.session_state.pop(CLICKED, None)
    numbers = seen.data.rows.tolist()
    if clicked is not None:
        st.session_state["row"] = float(min(numbers, key=lambda one: abs(one - clicked[0])))
    number = st.number_input(
        _numbered(seen),
        1.0,
        controls.FARTHEST,
        None,
        1.0,
        "%.0f",
        key="row",
        placeholder="dearest",
        bind="query-params",
        help="Its number, or click on it in the figure; empty: the row that costs most",
    )
    if number is None:
        fitted = seen.path.fits[seen.place]
        return dearest(seen.loss, seen.data.features, seen.target, fitted)
    if number not in numbers:
        raise DataError(
            f"no {seen.data.numbered} has the number {number:.0f}; "
            f"they go from {min(numbers)} to {max(numbers)}"
        )
    return numbers.index(number)


def _numbered(seen: Seen) -> str:
    """Whether rows bear their own numbers, or those of the lines of a file."""
    return seen.data.numbered.capitalize()


def _sentence(seen: Seen, found: Weighed, copies: int) -> str:
    """Loss, cost and objective, and what the row's weight does to them."""
    n, fit = len(seen.data), found.fits[1]
    own = float(found.losses[1, found.row])
    name = f"{_numbered(seen)} {seen.data.rows[found.row]}"
    said = (
        f"{name} has the loss **{readable(own)}**. The cost, "
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
        f"{said} Counted {copies} times, its loss is **{readable(now)}**; of the weights, that of "
        f"{quoted(name)} moves most, by {readable(most, 3)}."
    )


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
            "the row counts": ["once", f"{copies} times"],
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
