"""How few rows carry the loss: sorted by loss, class by class, as in the paper's Figure 4."""

import streamlit as st

from charts.cumulative import at, cumulative_figure
from charts.numbers import percent
from losses.verdict.cumulative import Cumulative, by_class
from pages.shared.figure import show
from pages.shared.gamma.seen import Seen


def view(seen: Seen, rail: st.delta_generator.DeltaGenerator) -> None:
    """The curves of both classes, and where half of the loss lies."""
    found = seen.made("cumulative", lambda: by_class(seen.rows, seen.gammas))
    gamma = seen.focal.gamma
    with rail:
        st.markdown(
            "Rows run from the cheapest to the dearest. The later a curve rises, the fewer rows "
            "carry the loss. α weighs all rows of a class alike: here it changes nothing."
        )
    _left_out(seen, found)
    if not found:
        return
    halves = [_half(seen, place, one, gamma) for place, one in found.items()]
    st.info(f"Half of the loss lies in {'; '.join(halves)}.")
    names = {seen.rows.classes[place]: one for place, one in found.items()}
    show(cumulative_figure(names, gamma), "cumulative")


def _half(seen: Seen, place: int, one: Cumulative, gamma: float) -> str:
    """The share of a class's rows that carries half of its loss."""
    plain, here = (percent(float(one.half[at(one, value)])) for value in (0.0, gamma))
    return (
        f"the dearest {plain} of the {one.counted:,} rows of class {seen.name(place)} under "
        f"cross-entropy, and in **{here}** of them with γ = {gamma:g}"
    )


def _left_out(seen: Seen, found: dict[int, Cumulative]) -> None:
    """The classes without a curve, and the rows without a share."""
    if endless := seen.rows.endless:
        st.warning(
            f"Rows that cost ∞: {endless:,}. The model gave their class the probability 0, and "
            "beside them no other row has a share. They are left out here."
        )
    for place in {0, 1} - set(found):
        st.markdown(f"No row of class {seen.name(place)} has a weight and a finite loss.")
