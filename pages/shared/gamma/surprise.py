"""Where it pulls harder: focal quiets a row's loss, and yet may raise its gradient."""

import streamlit as st

from charts.emphasis import RAISED, ratio_figure
from charts.numbers import readable
from losses.emphasis import discounts, emphasis
from losses.probabilistic import Focal
from losses.verdict.ownership import raised
from pages.shared.figure import show
from pages.shared.gamma.seen import Seen


def view(seen: Seen, rail: st.delta_generator.DeltaGenerator) -> None:
    """The ratio of the gradients, in a sentence, a figure and a table of the paper's gammas."""
    focal = seen.focal
    found = emphasis(focal)
    with rail:
        st.markdown(
            "Above the line at 1 a row pulls harder on its logit than under cross-entropy. "
            "◆ the peak, ● where both pull alike."
        )
    st.info(_sentence(seen))
    if focal.alpha is not None:
        negative = emphasis(focal, positive=False)
        st.markdown(
            f"These are for y = 1, weighted α = {focal.alpha:g}: at most {found.peak:.4g}×. For "
            f"y = 0, weighted {1 - focal.alpha:g}, it is at most {negative.peak:.4g}×."
        )
    rows = None if seen.chances is None else seen.chances.true_probability
    show(ratio_figure(focal, rows), "ratio")
    _table(focal)


def _sentence(seen: Seen) -> str:
    """What becomes of losses and pulls, and on how many rows the pull is larger."""
    focal = seen.focal
    if focal.gamma == 0 and focal.alpha is None:
        return "With γ = 0 this is cross-entropy itself: every row pulls as hard as under it."
    return f"{_value(focal)} {_slope(focal)}{_rows(seen)}"


def _value(focal: Focal) -> str:
    """What becomes of the loss of a hard row."""
    if focal.alpha == 0:
        return "With α = 0 rows of class y = 1 weigh nothing: they neither cost nor pull."
    if focal.gamma == 0:
        return "With γ = 0 only α tells this from cross-entropy."
    which = "" if focal.alpha is None else " of class y = 1"
    (hard,) = discounts(focal, (0.1,))
    return (
        f"Focal lowers every loss, that of a hard row{which} at pₜ = 0.1 from "
        f"{readable(hard.entropy)} to {readable(hard.focal)}."
    )


def _slope(focal: Focal) -> str:
    """Where the gradient is larger, and how much at most."""
    found = emphasis(focal)
    if focal.alpha == 0:
        other = emphasis(focal, positive=False)
        return f"Those of class y = 0 pull as without α: at most **{other.peak:.4f}×**."
    if found.constant:
        return f"At every pₜ a row of class y = 1 pulls {found.peak:.4g} times as hard as under it."
    if not found.louder:
        return f"Its pull is nowhere larger: at most {found.peak:.4f}× at pₜ = {found.peak_at:.3f}."
    where = " and ".join(_interval(low, high) for low, high in found.louder)
    return (
        f"Yet it pulls harder on the logit {where}: up to **{found.peak:.4f}×** at "
        f"pₜ = {found.peak_at:.3f}."
    )


def _interval(low: float, high: float) -> str:
    return f"from pₜ = {low:.4f} to {high:.4f}" if low else f"below pₜ = **{high:.4f}**"


def _rows(seen: Seen) -> str:
    if seen.chances is None:
        return ""
    many = raised(seen.chances, seen.focal)
    either = "" if seen.focal.alpha is None else ", of either class"
    louder = f"{many:,}" if many else "none"
    return f" It pulls harder on {louder} of {seen.chances.counted:,} rows{either}."


def _table(focal: Focal) -> None:
    """The peak and the crossing of every gamma that is drawn."""
    gammas = sorted({*RAISED, focal.gamma} - {0.0})
    found = [emphasis(Focal(gamma=gamma)) for gamma in gammas]
    st.table(
        {
            "γ, without α": [f"{gamma:g}" for gamma in gammas],
            "Largest ratio": [f"{one.peak:.4f}" for one in found],
            "at pₜ": [f"{one.peak_at:.4f}" for one in found],
            "Louder below pₜ": [f"{one.louder[-1][1]:.4f}" for one in found],
        },
        hide_index=True,
    )
