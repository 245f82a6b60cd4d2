"""Resampling instead of weighting: both ways beside the weighted fit, over seeds."""

from typing import Any

import streamlit as st

from charts.numbers import percent
from charts.resampled import scatter_figure, strips_figure
from losses.imbalance import Scatter, scatter
from losses.imbalance.resampled import SEEDS, WAYS
from pages.shared import cached, tally
from pages.shared.figure import show
from pages.shared.rare import Case, Rail


def answer(case: Case, rail: Rail) -> None:
    """The weight and the seed, the lines of all seeds, and what they come to."""
    weight, threshold = rail.weight(case), rail.threshold()
    with rail.sliders:
        seed = st.slider(
            "Seed", 0, SEEDS - 1, 0, 1, key="resample_seed", bind="query-params",
            help=f"Which of {SEEDS} resamplings is drawn thick; another seed takes other rows",
        )  # fmt: skip
    weighted = case.at(weight)
    ways = [_scatter(case, way, weight, threshold) for way in WAYS]
    here = case.model.judged(weighted, threshold)
    plain = case.model.judged(case.at(), threshold)
    st.info(_sentence(ways, here, weight, len(case.model.target)))
    fits = [weighted, *(one for way in ways for one in way.fits)]
    lines, strips = st.columns([1.25, 1], gap="medium")
    with lines:
        border = case.plane.borders([one.fit.weights for one in fits], threshold)
        show(scatter_figure(case.seen, ways, border, seed), "resampled")
    with strips:
        show(strips_figure(ways, here, plain, seed), "strips")
    outcomes = {f"{one.way}, seed {seed}": one.outcomes[seed] for one in ways}
    tally.ratios({"plain": plain, "weighted": here} | outcomes)
    st.markdown(f"All at t = {threshold:.3g}. *Plain* is the model with w = 1.")
    tally.fitted(rail, weighted)
    _separable(ways)


def _scatter(case: Case, way: str, weight: float, threshold: float) -> Scatter:
    """The fits of all seeds, made once for a weight."""
    key = f"scatter {case.key} {way} {weight!r}"
    return cached.shown(key, lambda: scatter(case.model, way, weight)).at(case.model, threshold)


def _sentence(ways: list[Scatter], here: Any, weight: float, rows: int) -> str:
    """How many rows each way takes, and how its recall and its probabilities scatter."""
    parts = []
    for one in ways:
        taken, different = one.rows(0)
        low, high = one.band("recall")
        down, up = one.band("mean")
        parts.append(
            f"**{one.way.capitalize()}** fits {taken:,} rows, {different:,} different ones: recall "
            f"{percent(low)} to {percent(high)}, mean p {down:.3g} to {up:.3g} by seed."
        )
    return (
        f"Weighted by {weight:g}, the fit on {rows:,} rows has recall "
        f"{percent(here.counts.recall)} and mean p {here.mean:.3g}, whatever the seed. "
        + " ".join(parts)
    )


def _separable(ways: list[Scatter]) -> None:
    """The seeds whose rows have no finite fit."""
    for one in ways:
        if one.separable:
            st.markdown(
                f"{one.way.capitalize()} makes the rows separable for {one.separable} of "
                f"{len(one.fits)} seeds: there a small penalty keeps the weights finite."
            )
