"""Instead of counting mistakes: margin losses, and whether they find the likelier class."""

import streamlit as st

from charts.margins import margins_figure, where
from charts.numbers import readable
from losses import Loss
from losses.families import MarginLoss
from losses.verdict.margins import RATES, STEPS, Calibrated, calibrated, lowest
from pages.shared import controls
from pages.shared.figure import show

FIRST = ("Zero-one", "Perceptron", "Hinge", "Logistic", "Savage")


@st.fragment
def answer() -> None:
    """The true rate and the losses; curves and average losses; who is calibrated."""
    rail, stage = st.columns([1, 3.2], gap="large")
    kinds = [kind for kind in Loss.catalogue.values() if kind.family == "margin"]
    with rail:
        eta = st.slider(
            "True rate η of class +1", 0.01, 0.99, 0.7, 0.01, key="margin_eta", bind="query-params",
            help="The share of like rows that are of class +1; the best score should have its sign",
        )  # fmt: skip
        help = "Which losses are drawn; the table below has all of them"
        losses = [
            kind() for kind in controls.several("Losses", kinds, "margin_losses", help, FIRST)
        ]
    every: list[MarginLoss] = [kind() for kind in kinds]
    with stage:
        _sentence(every, eta)
        show(margins_figure(losses, eta, "margin_eta"), "margins")
    _table(every, eta)


def _sentence(losses: list[MarginLoss], eta: float) -> None:
    """Who goes the right way at this rate."""
    wanted = (eta > 0.5) - (eta < 0.5)
    if not wanted:
        st.info("At η = 0.5 neither class is likelier: every score makes half of the mistakes.")
        return
    right = [loss.name for loss in losses if lowest(loss, eta).sign == wanted]
    wrong = [loss.name for loss in losses if loss.name not in right]
    said = f"{', '.join(wrong)} {'does' if len(wrong) == 1 else 'do'} not." if wrong else ""
    st.info(
        f"At η = {eta:g} class {'+1' if wanted > 0 else '−1'} is likelier. {len(right)} of "
        f"{len(losses)} losses cost the least at a score of its sign alone. {said}"
    )


def _table(losses: list[MarginLoss], eta: float) -> None:
    """Loss, where its average bottoms, its sign, and whether and why it is calibrated."""
    lows = [lowest(loss, eta) for loss in losses]
    found = [calibrated(loss) for loss in losses]
    st.table(
        {
            "Loss": [loss.name for loss in losses],
            f"Lowest at η = {eta:g}": list(map(where, lows)),
            "Sign": [{1: "positive", -1: "negative", 0: "neither"}[one.sign] for one in lows],
            "Average there": [readable(one.risk) for one in lows],
            "φ′(0)": ["none" if one.slope != one.slope else f"{one.slope:g}" for one in found],
            "Calibrated?": ["yes" if one.yes else "no" for one in found],
            "How it is known": [_why(loss, one) for loss, one in zip(losses, found, strict=True)],
            "A wrong sign costs at least": [
                f"{one.gap:.2g} more, at η = {one.gap_at:.2g}" for one in found
            ],
        },
        hide_index=True,
    )
    st.latex(r"C_\eta(s) = \eta \, \varphi(s) + (1 - \eta) \, \varphi(-s)")
    st.markdown(
        "Classification-calibrated: for no η but ½ does a score of the wrong sign, or 0, cost as "
        "little as can be; the last column says how much more it costs, where that is least. A "
        "convex φ is, if and only if it has a slope at 0 and that is negative: "
        "[Bartlett, Jordan & McAuliffe 2006](https://doi.org/10.1198/016214505000000907). "
        f"Others are tried on a grid of {len(RATES) - 1} rates and {STEPS:,} scores, which is no "
        "proof."
    )


def _why(loss: MarginLoss, found: Calibrated) -> str:
    if not found.by_theorem:
        return "found on a grid"
    if found.yes:
        return "convex, φ′(0) < 0"
    return "convex, no slope at 0" if found.slope != found.slope else "convex, φ′(0) ≥ 0"
