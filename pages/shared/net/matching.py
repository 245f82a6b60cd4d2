"""Why match loss and output: where a model is sure and wrong, one loss pulls and one does not."""

import streamlit as st

from charts.matching import STOPS, matching_figure
from charts.numbers import readable
from losses.matching import Matched, matched
from pages.shared.figure import show

KEY = "matched_z"


@st.fragment
def demonstration() -> None:
    """A slider of the logit, and the gradients of both losses there."""
    st.subheader("Why match loss and output?", anchor=False)
    z = st.slider(
        "Logit z, where y = 1", float(STOPS[0]), float(STOPS[-1]), float(STOPS[0]), 0.1,
        format="%.1f", key=KEY, bind="query-params",
        help="−8: the model is sure of class 0, and wrong; 8: sure of class 1, and right",
    )  # fmt: skip
    _sentence(matched(z))
    show(matching_figure(z, KEY), "matching")
    st.latex(r"\frac{d}{dz} (p - 1)^2 = 2\,(p - 1)\, p\, (1 - p)")
    st.latex(r"\frac{d}{dz} (-\log p) = p - 1")
    st.markdown(
        "The sigmoid's slope p (1 − p) is nearly 0 at both ends. Squared error keeps it as a "
        "factor, so that a confident mistake lies on a plateau: hardly any gradient, however "
        "wrong. Training there does not go on until it is good; it stands still. Cross-entropy "
        "is the loss that matches a sigmoid: its 1 ÷ (p (1 − p)) cancels the slope."
    )


def _sentence(found: Matched) -> None:
    """Both gradients, and how many times as hard cross-entropy pulls."""
    st.info(
        f"At z = {readable(found.z, 2)} the model gives the true class a probability of "
        f"{readable(found.p, 3)}. Squared error through a sigmoid costs "
        f"{readable(found.squared.loss)} and has a gradient of "
        f"**{readable(found.squared.gradient)}**; cross-entropy costs "
        f"{readable(found.entropy.loss)} and has **{readable(found.entropy.gradient)}**: "
        f"{readable(found.times)} times as much."
    )
