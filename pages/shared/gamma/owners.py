"""Who owns the loss: by class and by difficulty, as γ and α move."""

import streamlit as st

from charts.numbers import percent
from charts.ownership import ownership_figure
from losses.verdict.ownership import Shares, owned
from pages.shared.figure import show
from pages.shared.gamma.seen import Seen


def view(seen: Seen, rail: st.delta_generator.DeltaGenerator) -> None:
    """The shares of loss and pull in columns, in a sentence, and in sums by class."""
    found = seen.made("owned", lambda: owned(seen.rows, seen.gammas))
    focal = seen.focal
    here, plain = found.shares(focal.gamma, focal.alpha), found.shares(0.0)
    with rail:
        st.markdown(
            "**Focal knows pₜ, not the class**: two rows of equal pₜ cost the same, whatever "
            "their class. Only α tells the classes apart. Columns: focal; ▬ cross-entropy; "
            "○ the share of the rows."
        )
    _sentence(seen, here, plain)
    if endless := seen.rows.endless:
        st.warning(
            f"Rows that cost ∞: {endless:,}. The model gave their class the probability 0. "
            "They count among the rows and in the pull, and not in the loss."
        )
    show(ownership_figure(found, focal), "ownership")
    _sums(seen, here, plain)


def _sentence(seen: Seen, here: Shares, plain: Shares) -> None:
    """What the hard rows carry, and what class 1 does, before and after."""
    rows, before, _ = plain.hard
    size, loss, pull = plain.of(1)
    _, loss_now, pull_now = here.of(1)
    st.info(
        f"The rows with pₜ below ½ are {percent(rows)} of all. They carry {percent(before)} of the "
        f"loss under cross-entropy, and **{percent(here.hard[1])}** under {seen.focal}. Class "
        f"{seen.name(1)} has {percent(size)} of the rows; its share of the loss goes from "
        f"{percent(loss)} to **{percent(loss_now)}**, of the pull from {percent(pull)} to "
        f"**{percent(pull_now)}**."
    )


def _sums(seen: Seen, here: Shares, plain: Shares) -> None:
    """All shares, class by class."""
    pairs = [(plain.of(place), here.of(place)) for place in (0, 1)]
    pairs.append((plain.hard, here.hard))
    st.table(
        {
            "": [f"class {seen.name(0)}", f"class {seen.name(1)}", "pₜ below ½"],
            "Rows": [percent(before[0]) for before, _ in pairs],
            "Loss: cross-entropy": [percent(before[1]) for before, _ in pairs],
            "Loss: focal": [percent(after[1]) for _, after in pairs],
            "Pull: cross-entropy": [percent(before[2]) for before, _ in pairs],
            "Pull: focal": [percent(after[2]) for _, after in pairs],
        },
        hide_index=True,
    )
