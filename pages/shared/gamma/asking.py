"""What focal asks for: not the true rate but one nearer to one half, and the way back."""

import streamlit as st

from charts.numbers import percent, readable
from charts.shrinking import shrinking_figure
from losses.probabilistic import Focal
from losses.verdict.focal import asked, recovered
from losses.verdict.readings import base_rate
from losses.verdict.shrinking import FAR, Shrinking, shrunk
from pages.shared.controls import quoted
from pages.shared.figure import show
from pages.shared.gamma.seen import Seen

RATES = (0.6, 0.8, 0.9, 0.99)
BACK = (
    r"\eta = \frac{(1 - \alpha) \, g(1 - p)}{\alpha \, g(p) + (1 - \alpha) \, g(1 - p)}",
    r"g(v) = (1 - v)^{\gamma - 1} \left( \frac{1 - v}{v} - \gamma \log v \right)",
)


def view(seen: Seen, rail: st.delta_generator.DeltaGenerator) -> None:
    """The curve of what is asked for, what it would make of the rows, and the way back."""
    focal = seen.focal
    if focal.alpha in (0.0, 1.0):
        _certain(seen)
        return
    found = shrunk(seen.rows, focal.gamma, focal.alpha)
    with rail:
        st.markdown(
            "At a true rate η the expected loss is least at the curve, not at the dashed "
            "diagonal. Log loss asks for η itself."
        )
        st.metric(f"Rows moved by over {FAR:g}", f"{found.far:,} of {found.rows:,}")
    st.info(f"{_asks(seen)} {_moves(seen, found)}")
    show(shrinking_figure(found, focal), "shrinking")
    _back(focal, found)


def _certain(seen: Seen) -> None:
    """What is asked for where one class weighs nothing: certainty of the other, whatever η is."""
    alpha = seen.focal.alpha
    silent, heard = (0, 1) if alpha else (1, 0)
    ones = base_rate(seen.rows)
    st.info(
        f"With α = {alpha:g} rows of class {seen.name(silent)} weigh nothing, so calling them "
        f"{seen.name(heard)} costs nothing. Whatever the true rate, the expected loss is least at "
        f"certainty: it asks for a probability of **{heard}** of class {seen.name(1)} for every "
        f"row, though {percent(1 - ones if alpha else ones)} of them are of class "
        f"{seen.name(silent)}. No way leads back from there to the rate: move α to a value between "
        "0 and 1 to see the curve of what it asks for."
    )


def _asks(seen: Seen) -> str:
    """What is asked for at two rates."""
    focal = seen.focal
    eight, nine = (float(asked(rate, focal.gamma, focal.alpha)) for rate in (0.8, 0.9))
    return (
        f"Where 9 of 10 rows are of class {seen.name(1)}, {focal} asks for **{nine:.4f}**; where "
        f"8 of 10 are, for **{eight:.4f}**."
    )


def _moves(seen: Seen, found: Shrinking) -> str:
    """What becomes of the rows, were their probabilities the true rates."""
    return (
        f"Were the probabilities of {quoted(seen.rows.model)} the true rates, focal would move "
        f"{found.far:,} of {found.rows:,} by more than {FAR:g}, by {readable(found.mean, 3)} in "
        f"the mean and {readable(found.most, 3)} at most; {found.crossed:,} would cross ½."
    )


def _back(focal: Focal, found: Shrinking) -> None:
    """The closed form of the way back, and both ways in digits."""
    st.markdown(
        "A model trained with focal says p; this gives the rate back "
        "([Charoenphakdee et al. 2021](https://arxiv.org/abs/2011.09172)"
        + ("; without α, both its factors are 1):" if focal.alpha is None else "):")
    )
    for formula in BACK:
        st.latex(formula)
    said = [float(asked(rate, focal.gamma, focal.alpha)) for rate in RATES]
    st.table(
        {
            "True rate η": [f"{rate:g}" for rate in RATES],
            "Asked for": [f"{p:.4f}" for p in said],
            "Back again": [f"{float(recovered(p, focal.gamma, focal.alpha)):.6g}" for p in said],
        },
        hide_index=True,
    )
    st.markdown(f"It returns every row to within {readable(found.back, 2)} of what it was.")
    if focal.alpha is not None:
        _threshold(focal.gamma, focal.alpha)


def _threshold(gamma: float, alpha: float) -> None:
    """What α does to the decision: no more than another threshold would."""
    where, weight = float(recovered(0.5, gamma, alpha)), alpha / (1 - alpha)
    st.markdown(
        f"Deciding at ½ on what is asked for is deciding at a rate of 1 − α = {readable(where)}, "
        f"whatever γ: a weight of α ÷ (1 − α) = {readable(weight)} on class 1, and without it the "
        "threshold 1 ÷ (1 + weight), are the same decision."
    )
