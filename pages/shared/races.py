"""Fair races, published ones, and basins: what the pages of descent show below the player."""

import streamlit as st

from charts.basins import basins_figure
from charts.race import sweep_figure
from losses.descent.basins import Basins
from losses.descent.published import PublishedRace
from losses.descent.race import Race
from losses.descent.study import Study
from pages.shared.figure import show


def verdict(race: Race) -> None:
    """Who wins how surely, and what the tuning cost."""
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
    st.subheader(race.name, anchor=False)
    st.markdown(f"{race.sentence} Source: {race.reference}.")
    st.table(
        {
            "Optimizer": [runner.optimizer.name for runner in race.runners],
            "Published rate": [f"{runner.optimizer.eta:g}" for runner in race.runners],
            "Published steps": [f"{runner.steps}" for runner in race.runners],
            "In the deepest basin, as published": [f"{share:.1%}" for share in study.published],
            f"Best of {len(study.rates)} rates": [f"{rate:.3g}" for rate in study.best],
            f"In the deepest basin, {study.steps} steps each": [f"{s:.1%}" for s in study.fair],
        },
        hide_index=True,
    )
    st.markdown(
        f"From {study.starts} shared starts; a share has a standard error of up to "
        f"{study.error:.1%}. {_judgement(race, study)}"
    )


def _judgement(race: PublishedRace, study: Study) -> str:
    names = [runner.optimizer.name for runner in race.runners]
    first, fair = names[study.published.argmax()], names[study.fair.argmax()]
    if not study.reordered:
        return "With one budget for all the order stays."
    return (
        f"As published {first} comes first; with one budget for all the order changes: {fair} does."
    )
