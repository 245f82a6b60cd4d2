"""Where an average loss bottoms: at the truth or beside it, and never at 0 while chance is left."""

import streamlit as st

from charts.floor import floor_figure
from charts.numbers import readable
from losses import Loss
from losses.probabilistic import CrossEntropy
from losses.verdict.certainty import fading
from losses.verdict.floor import RATES, Bottom, bottom, off, searched
from pages.shared import cached, controls, dataset
from pages.shared.figure import show


@st.fragment
def answer() -> None:
    """The true rate and the losses' own sliders; curves, bottoms and a table of them."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        eta = st.slider(
            "True rate η", 0.01, 0.99, 0.8, 0.01, key="eta", bind="query-params",
            help="The share of class 1 among like rows: of one of them, nothing more is known",
        )  # fmt: skip
        kinds = [kind for kind in Loss.catalogue.values() if kind.family == "binary"]
        losses = [controls.tuned(kind, f"{kind.slug}_") for kind in kinds]
    found = {loss: bottom(loss, eta) for loss in losses}
    with stage:
        _sentence(found, eta)
        show(floor_figure(losses, eta, "eta"), "floor")
    _table(found, eta)
    _certainty()


def _sentence(found: dict[Loss, Bottom], eta: float) -> None:
    """Where cross-entropy bottoms, and that this is not 0."""
    loss = next(iter(found))
    one = found[loss]
    if loss == CrossEntropy():
        st.info(
            f"Where {eta:g} of the rows are of class 1, cross-entropy asks for p = "
            f"**{readable(one.p)}**, not for certainty, and even there it costs "
            f"**{readable(one.floor)}** nats: the entropy H(η). It is strictly proper."
        )
        return
    st.info(
        f"{loss} is no longer proper: at η = {eta:g} it bottoms at p = "
        f"**{readable(one.p)}** with {readable(one.floor)}; answering η itself costs "
        f"{readable(one.at_truth)}."
    )


def _table(found: dict[Loss, Bottom], eta: float) -> None:
    """Loss, bottom, whether it is proper, floor, and how that was found."""
    far = {loss: _off(loss) for loss in found}
    tried = [searched(loss, eta).p for loss in found]
    proper = [
        "yes" if not gap else f"no: off by up to {readable(gap, 3)}, at η = {at:.2g}"
        for gap, at in far.values()
    ]
    st.table(
        {
            "Loss": list(map(str, found)),
            "Bottoms at p*": [readable(one.p, 6) for one in found.values()],
            "Proper?": proper,
            "Floor": [readable(one.floor, 6) for one in found.values()],
            "At p = η": [readable(one.at_truth, 6) for one in found.values()],
            "Closed form": [one.formula or "none is known" for one in found.values()],
            "Found by search": [readable(p, 6) for p in tried],
        },
        hide_index=True,
    )
    st.markdown(
        f"Proper: p* = η at all of {len(RATES)} rates from {RATES[0]:g} to {RATES[-1]:g}. In "
        "focal's closed form z = logit p* and a(z) = log (1 + γ log (1 + eᶻ) ÷ eᶻ); an α adds "
        "log ((1 − α) ÷ α)."
    )


def _certainty() -> None:
    """What training runs to as its penalty fades, on the rows of the bench."""
    if dataset.DATA not in st.session_state or dataset.current().role != "features":
        return
    data = dataset.current()
    box = st.expander("Does training run to certainty?", key="certainty", on_change="rerun")
    if not box.open:
        return
    found = cached.raced(f"fading {data.digest}", lambda: fading(data))
    norm = found[-1].norm
    box.markdown(
        "Exact fits of cross-entropy on standardized columns. "
        + (
            "These classes can be separated: ‖w‖ grows without bound as the penalty fades."
            if norm == float("inf")
            else f"These classes overlap: without a penalty ‖w‖ stops at {readable(norm)}."
        )
    )
    box.table(
        {
            "Penalty λ Σ w²": [f"λ = {one.penalty:g}" for one in found],
            "‖w‖": [readable(one.norm) for one in found],
            "Mean cross-entropy, nats": [readable(one.cost) for one in found],
            "Mean probability of the own class": [readable(one.sure) for one in found],
        },
        hide_index=True,
    )


def _off(loss: Loss) -> tuple[float, float]:
    """How far from proper; kept, for it takes a search at every rate."""
    return cached.made(f"off {loss!r}", lambda: off(loss))
