"""Fair races, published ones, and basins: what the pages of descent show below the player."""

from typing import Any

import streamlit as st

from charts.basins import basins_figure
from charts.numbers import percent
from charts.race import sweep_figure
from losses.descent.basins import Basins
from losses.descent.published import PublishedRace
from losses.descent.race import Race
from losses.descent.study import Study
from pages.shared.figure import show


def verdict(race: Race, asked: int) -> None:
    """Who wins how surely, what the tuning cost, and from how many starts, if not as asked."""
    names = [entry.optimizer.name for entry in race.entries]
    first, near = ([names[k] for k in places] for places in race.leaders)
    best = race.leaders[0][0]
    entry, rank, error = race.entries[best], race.mean_ranks[best], race.errors[best]
    starts, spread = race.ranks.shape[1], f" ± {error:.2g}" if error == error else ""
    who = f"**{' and '.join(first)}** {'has' if len(first) == 1 else 'share'}"
    verb = "lies" if len(near) == 1 else "lie"
    close = f" {' and '.join(near)} {verb} within twice the error." if near else ""
    st.markdown(
        f"{who} the lowest mean rank, {rank:.3g}{spread}, over {starts} "
        f"starts.{close} Each optimizer was tuned on {entry.budget:,} gradients: "
        f"{len(entry.rates)} rates × {starts} starts × {entry.steps} steps. "
        "The player shows each at its best rate."
    )
    if starts < asked:
        st.markdown(
            f"{asked} starts would take long, on so many rows and steps: these are {starts}."
        )


def ranks(race: Race, word: str) -> None:
    """The sweep behind a race, and its ranks."""
    st.subheader("The sweep", anchor=False)
    show(sweep_figure(race, word), "sweep")
    rows = list(zip(race.entries, race.mean_ranks, race.errors, strict=True))
    st.table(
        {
            "Optimizer": [entry.optimizer.name for entry, _, _ in rows],
            "Best rate": [_rate(entry.rate, entry.on_edge) for entry, _, _ in rows],
            f"Mean final {word}": [f"{entry.means[entry.best]:.8g}" for entry, _, _ in rows],
            "Mean rank ± standard error": [
                f"{rank:.3g} ± {error:.2g}" if error == error else f"{rank:.3g}"
                for _, rank, error in rows
            ],
            "Gradients": [f"{entry.budget:,}" for entry, _, _ in rows],
        },
        hide_index=True,
    )


def _rate(rate: float, on_edge: bool) -> str:
    return (
        f"{rate:.4g} (edge of the sweep: a better one may lie beyond)" if on_edge else f"{rate:.4g}"
    )


def basins(found: Basins, names: tuple[str, str]) -> None:
    """Where starts end, as a map."""
    st.subheader("Basins: which minimum each start ends in", anchor=False)
    figure = basins_figure(found, names)
    left, right = st.columns([3, 2], gap="large")
    with left:
        show(figure, "basin_map")
    right.markdown(figure.alt)


def published(race: PublishedRace, study: Study) -> None:
    """A published race beside what a fair budget makes of it."""
    st.markdown(f"{race.sentence} Source: {race.reference}.")
    st.markdown(_judgement(race, study))
    st.table(
        {
            "Optimizer": [runner.optimizer.name for runner in race.runners],
            "Rate, as published": [f"{runner.optimizer.eta:g}" for runner in race.runners],
            "Steps": [f"{runner.steps}" for runner in race.runners],
            "In the deeper well": [percent(share) for share in study.published],
            f"Best of {len(study.rates)} rates": [f"{rate:.3g}" for rate in study.best],
            f"In the deeper well, {study.steps} steps": [percent(share) for share in study.fair],
        },
        hide_index=True,
    )
    st.markdown(
        f"Shares of {study.starts} starts, the same for all; each has a standard error of up to "
        f"{percent(study.error)}."
    )


def _judgement(race: PublishedRace, study: Study) -> str:
    """Whether it was fair, who won, and how far apart they are."""
    steps = sorted({runner.steps for runner in race.runners})
    uneven = f"**It was not: they had from {steps[0]} to {steps[-1]} steps.** " if steps[1:] else ""
    return (
        f"{uneven}As published, {_leaders(race, study, study.published)}. With {study.steps} "
        f"steps and the best of {len(study.rates)} rates for each, "
        f"{_leaders(race, study, study.fair)}."
    )


def _leaders(race: PublishedRace, study: Study, shares: Any) -> str:
    """Who reaches the deeper well from most starts, and who is as good within the error."""
    names = [runner.optimizer.name for runner in race.runners]
    first, close_by = study.leaders(shares)
    near = [names[k] for k in close_by]
    close = f", with {' and '.join(near)} within twice the error" if near else ""
    return f"{names[first]} gets there from {percent(shares[first])} of the starts{close}"
