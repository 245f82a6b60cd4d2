"""Is y missing? Three readings of one formula, and which prediction each of them rewards."""

import streamlit as st

from charts.numbers import percent, readable
from charts.readings import readings_figure
from losses.verdict.readings import (
    ALWAYS,
    BASE,
    LITERAL,
    MODEL,
    RARE,
    READINGS,
    Readings,
    rare,
    read,
)
from pages.shared.figure import show
from pages.shared.gamma.seen import USUAL, Seen

FORMULAS = (
    r"$-(1 - \hat{y})^\gamma \log \hat{y}$",
    r"$-(1 - p_t)^\gamma \log p_t$",
    r"$-\alpha_t (1 - p_t)^\gamma \log p_t$",
)


def view(seen: Seen, rail: st.delta_generator.DeltaGenerator) -> None:
    """What each candidate costs under each reading."""
    gamma, alpha = seen.focal.gamma, seen.focal.alpha
    alpha = USUAL if alpha is None else alpha
    found = read(seen.rows, gamma, alpha)
    weighed = "" if seen.rows.weight is None else ", each counted as often as its weight says"
    with rail:
        st.markdown(
            f"ŷ is the probability of class {seen.name(1)}; pₜ is that of a row's own class. "
            f"Here α = {alpha:g}. Costs are means over the rows{weighed}."
        )
    _sentence(seen, found)
    show(readings_figure(found), "readings")
    _costs(found)
    _rare(gamma, alpha)


def _sentence(seen: Seen, found: Readings) -> None:
    """What the formula rewards as it is written."""
    model, always, base = found.cost[READINGS.index(LITERAL)].tolist()
    true, balanced = map(found.preferred, READINGS[1:])
    corrected = f"With pₜ in place of ŷ it rewards {true} most, "
    corrected += "with or without αₜ." if true == balanced else f"and with αₜ as well, {balanced}."
    st.info(
        f"As the formula is often written, there is no y in it: to say class {seen.name(1)} with "
        f"probability .999, always, costs **{readable(always)}**, and to say its base rate, "
        f"{readable(found.base, 3)}, costs **{readable(base)}**; the predictions cost "
        f"**{readable(model)}**. So it rewards **{found.preferred(LITERAL)}** most. {corrected}"
    )


def _costs(found: Readings) -> None:
    """All costs, who is preferred, and the best constant."""
    columns = {
        name: [readable(cost) for cost in found.cost[:, place].tolist()]
        for place, name in enumerate((MODEL, ALWAYS, BASE))
    }
    st.table(
        {
            "Reading": [
                f"{said}: {formula}" for said, formula in zip(READINGS, FORMULAS, strict=True)
            ],
            **{name.capitalize(): costs for name, costs in columns.items()},
            "Prefers": list(map(found.preferred, READINGS)),
            "Best constant": [readable(p) for p in found.best.tolist()],
        },
        hide_index=True,
    )


def _rare(gamma: float, alpha: float) -> None:
    """The same where class 1 is rare."""
    st.markdown(f"The same where class 1 is rare, with a base rate of {percent(RARE)}:")
    costs = rare(gamma, alpha).tolist()
    st.table(
        {
            "Reading": list(READINGS),
            ALWAYS.capitalize(): [readable(always) for always, _ in costs],
            BASE.capitalize(): [readable(base) for _, base in costs],
            "Prefers": [ALWAYS if always < base else BASE for always, base in costs],
        },
        hide_index=True,
    )
