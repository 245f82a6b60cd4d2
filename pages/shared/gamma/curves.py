"""What γ does: the loss against p_t as in the paper's Figure 1, and against the logit."""

import streamlit as st

from charts.focal import logit_figure, probability_figure
from charts.numbers import readable
from losses.emphasis import discounts
from losses.probabilistic import Focal
from pages.shared import sentences
from pages.shared.figure import show
from pages.shared.gamma.seen import Seen

QUOTED = (0.5, 0.9, 0.968)  # Lin et al. 2017, section 3.2


def view(seen: Seen, rail: st.delta_generator.DeltaGenerator) -> None:
    """Both figures, what is left of cross-entropy, and where it pulls harder."""
    with rail:
        sentences.focal(seen.focal)
    _sentence(seen)
    by_probability, by_logit = st.columns(2, gap="medium")
    with by_probability:
        show(probability_figure(seen.focal), "focal_probability")
    with by_logit:
        show(logit_figure(seen.focal), "focal_logit")
    sentences.focal_table(seen.focal)


def _sentence(seen: Seen) -> None:
    """How many times less an easy row costs than under cross-entropy; α may silence a class."""
    focal = seen.focal
    if focal.gamma == 0 and focal.alpha is None:
        st.info("With γ = 0 this is cross-entropy itself: turn γ up, and easy rows go quiet.")
        return
    if focal.gamma == 0:
        st.info(
            f"With γ = 0, α only weighs the classes: at every pₜ a row of class y = 1 costs "
            f"{focal.alpha:g} times what it does under cross-entropy, one of class y = 0 "
            f"{1 - focal.alpha:g} times."
        )
        return
    silent = {0.0: 1, 1.0: 0}.get(focal.alpha)  # the class without weight
    told = Focal(gamma=focal.gamma) if focal.alpha == 0 else focal
    times = [
        f"**{_times(row.entropy, row.focal)}×** at pₜ = {row.p:g}"
        for row in discounts(told, QUOTED)
    ]
    which = "" if focal.alpha is None else f" of class y = {int(silent != 1)}"
    said = f"A row{which} costs less than under cross-entropy: {', '.join(times)}."
    if silent is not None:
        said = f"With α = {focal.alpha:g} a row of class y = {silent} costs nothing. {said}"
    if focal.gamma == 2 and focal.alpha is None:
        said += " The paper says 4×, 100× and, rounded, 1000×."
    st.info(said)


def _times(entropy: float, focal: float) -> str:
    if not focal:
        return "∞"
    times = entropy / focal
    return f"{times:.3g}" if times < 100 else readable(times, 3)
