"""What noise the data believe in: the density that each loss stands for, fitted to residuals."""

from typing import Any

import streamlit as st

from charts.noise import density_figure, likelihood_figure
from charts.numbers import readable
from losses import Loss
from losses.verdict import Belief, Histogram, belief, residuals
from pages.shared import cached, controls
from pages.shared.case import Case
from pages.shared.figure import show

DRAWN = 3  # densities over the histogram
EVERY, ABOVE = "all of them", "those above"


def answer(case: Case) -> None:
    """A model's residuals under the likeliest densities; then all of them, and who has none."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        place = case.one("noise", "Whose residuals are taken for the noise")
        help = "Losses that judge above keep their parameters; all others stand as declared"
        losses = _losses(case, controls.one_of("Losses", [EVERY, ABOVE], "noise_losses", help))
        _explained()
    found, bins = _found(case, place, losses)
    with stage:
        st.info(found.sentence(case.models[place], controls.quoted))
        if found.noises:
            best = found.leading(DRAWN)
            unit = case.data.unit
            show(density_figure(best, bins, case.models[place], place, unit), "noise")
            show(likelihood_figure(found), "likelihoods")
    _table(found)
    _without(found)


def _losses(case: Case, which: str) -> list[Loss]:
    """The losses that may stand for a noise, tuned as above where they are picked there."""
    if which == ABOVE:
        return list(case.losses)
    above = {loss.slug: loss for loss in case.losses}
    family = case.losses[0].family
    kinds = [kind for kind in Loss.catalogue.values() if kind.family == family]
    return [above.get(kind.slug) or kind() for kind in kinds]


def _explained() -> None:
    st.markdown(
        "Least cost is greatest likelihood if residuals follow p(r) = exp(−L(r) / s) / Z. Only the "
        "scale s is fitted: neither the center, r = 0, nor what the loss is tuned to. What counts "
        "is the mean log-likelihood of a row, in nats."
    )


def _found(case: Case, place: int, losses: list[Loss]) -> tuple[Belief, Histogram]:
    """The densities of all losses, and the residuals that they are fitted to in bins."""
    name = case.models[place]

    def make() -> tuple[Belief, Histogram]:
        given = {name: case.predictions[name]}
        (one,) = residuals(case.data.target, given, [], case.weight)
        return belief(one.residual, losses, case.weight), one.bins

    return cached.made(f"noise {case.data.digest} {place} {losses!r}", make)


def _table(found: Belief) -> None:
    """Every density in digits, the likeliest first."""
    if not found.noises:
        return
    pairs = list(zip(found.noises, found.behind().tolist(), strict=True))
    columns: dict[str, list[Any]] = {
        "Loss": [str(one.loss) for one, _ in pairs],
        "Stands for": [one.name for one, _ in pairs],
        "Nats per row": [readable(one.likelihood, 6) for one, _ in pairs],
        "Behind the likeliest": [readable(gap, 3) for _, gap in pairs],
        "Over all rows": [readable(gap * one.rows) for one, gap in pairs],
        "Scale s": [readable(one.scale, 5) for one, _ in pairs],
    }
    st.dataframe(columns, hide_index=True)


def _without(found: Belief) -> None:
    """The losses that stand for no density, with the reason."""
    if found.without:
        lines = [f"- {loss}: {reason}" for loss, reason in found.without]
        st.markdown("\n".join(["No density stands behind", "", *lines]))
