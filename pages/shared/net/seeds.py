"""Many seeds: the same network from many initial weights, by several optimizers, as bands."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from charts.bands import bands_figure
from charts.numbers import counted, readable
from losses import Optimizer
from losses.descent.bands import Band, banded, bands
from losses.descent.walk import Trajectory
from pages.shared import cached, controls
from pages.shared.figure import show
from pages.shared.net.asking import Asked, Chosen

FIRST = ("Adam", "Gradient descent", "Momentum")
MOST = 4  # optimizers
PARTS = 5  # of the seeds, where they take long
LONG = 30_000_000  # numbers that the walks look at: a second or more


def view(chosen: Chosen, asked: Asked, rail: Any) -> None:
    """Who ends lowest in the middle, how many diverge, and the bands."""
    kinds = list(Optimizer.catalogue.values())
    help = "Each trains the network from the same seeds, on the same batches"
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        picked = controls.several("Optimizers", kinds, "net_optimizers", help, FIRST, most=MOST)
    with right:
        help = "Seeds 0, 1, 2 … of the initial weights"
        count = controls.count("Seeds", 2, 30, 10, "net_seeds", help, 1)
    with st.expander("Their parameters"):
        own = asked.rules.optimizer
        tuned = [
            own if kind is type(own) else controls.tuned(kind, f"net_{kind.slug}_")
            for kind in picked
        ]
    if asked.earlier:
        st.markdown("Changes on the way are left out here: each run keeps the present settings.")
    found = _found(asked, tuned, count)
    st.info(_told(found, count))
    show(bands_figure(found, "cost", log=asked.log), "bands")
    st.table(
        {
            "Optimizer": [str(band.optimizer) for band in found],
            "Seeds": [len(band.walks) for band in found],
            "Diverged": [len(band.diverged) for band in found],
            "Least final cost": [readable(float(band.spread[0, -1])) for band in found],
            "Median": [readable(float(band.median[-1])) for band in found],
            "Largest": [readable(float(band.spread[-1, -1])) for band in found],
        },
        hide_index=True,
    )
    st.markdown(
        "A line is the median over the seeds, the darker band the middle half of them, the paler "
        "one all; seeds that diverged are counted, and are in no band."
    )


def _found(asked: Asked, tuned: Sequence[Optimizer], count: int) -> tuple[Band, ...]:
    """The bands, and how far it is while they are trained: of many rows a few seeds at a time."""
    plan = {"steps": asked.steps, "batch": asked.rules.batch}
    objective = asked.objective(asked.rules.loss)
    few = count if count * asked.effort < LONG else -(-count // PARTS)
    runs = f"{count} runs of {counted(asked.steps, 'step')} over {counted(len(asked.data), 'row')}"
    bar, found = st.progress(0.0, "Training …"), []
    for k, optimizer in enumerate(tuned):
        walks: list[Trajectory] = []
        for first in range(0, count, few):
            said = f"{optimizer.name}, {k + 1} of {len(tuned)}: {runs} …"
            bar.progress((k + first / count) / len(tuned), said)
            seeds = range(first, min(first + few, count))
            key = f"bands {asked.key} {optimizer!r} {seeds}"
            own = partial(bands, objective, [optimizer], seeds, **plan)
            walks += cached.kept(key, own)[0].walks
        found.append(banded(optimizer, walks, asked.steps))
    bar.empty()
    return tuple(found)


def _told(found: Sequence[Band], count: int) -> str:
    """The lowest median, and who diverged."""
    sound = [band for band in found if len(band.diverged) < count]
    diverged = [
        f"{len(band.diverged)} of {count} seeds of {band.optimizer.name}"
        for band in found
        if band.diverged
    ]
    said = "No seed diverged." if not diverged else f"Diverged: {', '.join(diverged)}."
    if not sound:
        return said
    best = min(sound, key=lambda band: band.median[-1])
    steps = counted(len(best.median) - 1, "step")
    return (
        f"After {steps} {best.optimizer.name} has the lowest median cost, "
        f"**{readable(float(best.median[-1]))}**; its seeds end between "
        f"{readable(float(best.spread[0, -1]))} and {readable(float(best.spread[-1, -1]))}. {said}"
    )
