"""Fair races, published ones, and basins: what the pages of descent show below the player."""

from typing import Any

import streamlit as st

from charts.basins import basins_figure
from charts.race import sweep_figure
from losses.descent.basins import Basins
from losses.descent.published import PublishedRace
from losses.descent.race import Race
from losses.descent.study import Study
from pages.shared.figure import show


def verdict(race: Race, asked: int) -> None:
    """Who wins how surely, what the tuning cost, and from how many starts, if not as asked."""
    ranked = sorted(
        zip(race.entries, race.mean_ranks, race.errors, strict=True), key=lambda e: e[1]
    )
    best, rank, error = ranked[0]
    first = [entry.optimizer.name for entry, other, _ in ranked if other == rank]
    who = f"**{' and '.join(first)}** {'has' if len(first) == 1 else 'share'}"
    starts = race.ranks.shape[1]
    spread = f" ± {error:.2g}" if error == error else ""
    close = [
        entry.optimizer.name
        for entry, other, own in ranked
        if rank < other <= rank + 2 * (error**2 + own**2) ** 0.5
    ]
    near = (
        f" {' and '.join(close)} {'lies' if len(close) == 1 else 'lie'} within twice the error."
        if close
        else ""
    )
    st.markdown(
        f"{who} the lowest mean rank, {rank:.3g}{spread}, over {starts} "
        f"starts.{near} Each optimizer was tuned on {best.budget:,} gradients: "
        f"{len(best.rates)} rates × {starts} starts × {best.steps} steps. "
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
            "In the deeper well": [f"{share:.1%}" for share in study.published],
            f"Best of {len(study.rates)} rates": [f"{rate:.3g}" for rate in study.best],
            f"In the deeper well, {study.steps} steps": [f"{share:.1%}" for share in study.fair],
        },
        hide_index=True,
    )
    st.markdown(
        f"Shares of {study.starts} starts, the same for all; each has a standard error of up to "
        f"{study.error:.1%}."
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
    first = shares.argmax()
    margin = 2 * 2**0.5 * study.error
    near = [
        name
        for name, share in zip(names, shares, strict=True)
        if name != names[first] and share > shares[first] - margin
    ]
    close = f", with {' and '.join(near)} within twice the error" if near else ""
    return f"{names[first]} gets there from {shares[first]:.1%} of the starts{close}"
