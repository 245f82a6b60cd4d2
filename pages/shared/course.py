"""The rail of a descent: who walks beside whom, how, from where, and how it is drawn."""

from typing import Any

import streamlit as st

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.descent import Function, Schedule
from losses.descent.landscapes import Landscape
from losses.descent.lineup import rates
from losses.descent.scene import PLANES, PlaneWord, weight_names
from losses.spec import Spec
from pages.shared import controls, dataset
from pages.shared.walks import LOSSES, ONE, OPTIMIZERS, RACE, STARTS, Asked

FIRST = ("Squared error", "Huber", "Absolute error", "Cross-entropy", "Hinge", "Logistic")
TWO = "two weights"
RIVALS = ("Gradient descent", "Momentum", "Adam")
BATCHES = {"all rows": None, "64 rows": 64, "16 rows": 16, "4 rows": 4, "1 row": 1}
WINDOWS = {"automatic": None, "plain": False, "wide": True}


def asked(data: Dataset | None, ground: Landscape | None = None) -> Asked:
    """Draws the rail of a descent on data, or on a landscape, and says what was asked."""
    if data is not None and data.constant:
        names = ", ".join(map(controls.quoted, data.constant))
        st.warning(f"{names}: one value in all rows, from which no slope can be learned.")
    side = _mode(data is not None)
    found = Asked(side, data, ground)
    if data is not None:
        found.losses = _losses(side, data.task)
    found.optimizers = _optimizers(side, ground)
    found.span, found.ruler = _span(found.optimizers[0], ground), st.container()
    found.plan["steps"] = controls.count("Steps", 10, 1000, 100, "steps", "How long the walk lasts")
    if ground is None:
        found.start = controls.point(found.place, "w", "b", (-1.0, -1.0))
    else:
        found.start = controls.point(found.place, *ground.axes, ground.start)
    found.count = _count(side)
    with st.expander("More settings"):
        _more(found)
    return found


def _more(found: Asked) -> None:
    """What seldom changes: data, penalty, batches, schedule, and how it is drawn."""
    if found.data is not None:
        if controls.switch("Standardize", True, "standardize", "Columns in standard deviations"):
            found.data = found.data.standardized()
        found.penalty = _penalty()
    found.plan |= _plan(found.data is not None)
    found.plane = _plane(found.function)
    found.wide = _wide()
    found.log = controls.cost_axis()
    if found.mode == STARTS:
        help = "Which minimum each start of a grid ends in"
        found.map = controls.switch("Basins as a map", False, "basins", help)
    if found.mode == ONE:
        help = "Draws the parts of each step as arrows, and lists their numbers"
        found.apart = controls.switch("Take each step apart", False, "apart", help)


def _mode(data: bool) -> str:
    """What is drawn side by side."""
    offered = [ONE, LOSSES, OPTIMIZERS, STARTS, RACE]
    many = "Several losses, optimizers or starts" if data else "Several optimizers or starts"
    help = f"{many} on one clock; or optimizers that were all tuned on the same budget"
    words = offered if data else [word for word in offered if word != LOSSES]
    return controls.one_of("Side by side", words, "side", help)


def _losses(mode: str, task: str) -> list[Loss]:
    """One loss, or some of them where losses are compared."""
    if mode != LOSSES:
        return [controls.tuned_loss(task)]
    kinds = [loss for loss in Loss.catalogue.values() if loss.trains(task)]
    help = "Each trains the same model on the same rows from the same start"
    return controls.tuned_losses(kinds, f"{task}_losses", help, FIRST, most=4)


def _optimizers(mode: str, ground: Landscape | None) -> list[Optimizer]:
    """One optimizer, or some of them where optimizers are compared."""
    if mode not in (OPTIMIZERS, RACE):
        kind = controls.chosen(Optimizer, "optimizer", "How a slope becomes a step")
        return [_tuned(kind, ground)]
    names = {kind.name: kind for kind in Optimizer.catalogue.values()}
    help = "Each starts at the same place"
    picked = st.multiselect(
        "Optimizers",
        list(names),
        RIVALS,
        key="optimizers",
        help=help,
        bind="query-params",
        wrap=True,
    )
    if not picked:
        st.markdown(f"None is picked: here is {RIVALS[0].lower()}.")
    kinds = [names[name] for name in picked or RIVALS[:1]]
    with st.expander("Their parameters"):
        return [_tuned(kind, ground) for kind in kinds]


def _tuned(kind: type[Spec], ground: Landscape | None) -> Optimizer:
    """The optimizer as its sliders stand: those of each landscape begin at a rate that it bears."""
    if ground is None:
        return controls.tuned(kind, f"{kind.slug}_")
    return controls.tuned(kind, f"{ground.slug}_{kind.slug}_", rate=rates(ground, kind()))


def _span(optimizer: Optimizer, ground: Landscape | None) -> tuple[float, float]:
    """The ends of the slider of the rate."""
    own = next(one for one in optimizer.parameters() if one.name == "eta")
    eta = own if ground is None else rates(ground, type(optimizer)())
    return eta.low, eta.high


def _count(mode: str) -> int:
    """How many starts there are."""
    if mode not in (STARTS, RACE):
        return 1
    help = "The first is the one above; the others are scattered around, as the seed says"
    most, usual = (12, 6) if mode == STARTS else (30, 10)
    return st.slider(
        "Starts", 2, most, usual, key=f"{mode.split()[-1]}_count", help=help, bind="query-params"
    )


def _plan(rows: bool) -> dict[str, Any]:
    """Batches, their seed and the schedule; the steps are asked for elsewhere."""
    batch = None
    if rows:
        help = "How many rows each step looks at; the cost shown is always that of all rows"
        batch = BATCHES[controls.one_of("Batch", list(BATCHES), "batch", help)]
    help = "How the learning rate changes on the way"
    schedule = controls.tuned_choice(Schedule, "schedule", help)
    help = "Of the shuffling of rows and of scattered starts: the same seed, the same walk"
    seed = st.number_input(
        "Seed of the walk",
        0.0,
        999_999.0,
        0.0,
        1.0,
        "%.0f",
        key="walk_seed",
        help=help,
        bind="query-params",
    )  # a float, as for the data's seed
    return {"batch": batch, "schedule": schedule, "seed": int(seed + 0.5)}


def _penalty() -> Penalty | None:
    """A penalty on the slopes, or none."""
    kinds: dict[str, type[Penalty]] = {kind.name: kind for kind in Penalty.catalogue.values()}
    help = "What large slopes cost beside the rows; the cost drawn then has it in it"
    name = controls.one_of("Penalty", ["none", *kinds], "penalty", help)
    return controls.tuned(kinds[name], f"{kinds[name].slug}_") if name in kinds else None


def _plane(function: Function) -> PlaneWord:
    """Which plane of the weights is drawn, where there are more than two."""
    if function.size == 2:
        return PLANES[0]
    help = "The weights are more than two: a picture shows a plane through them"
    word = controls.one_of("Plane", [*PLANES, TWO], f"plane_{function.size}", help)
    if word != TWO:
        return word
    names = weight_names(function)
    first, second = (
        names.index(_weight(f"{place} weight", names, k))
        for k, place in enumerate(("Across", "Up"))
    )
    if first == second:
        second = (first + 1) % len(names)
        st.markdown(f"Two weights make a plane: up is {controls.quoted(names[second])}.")
    return first, second


def _weight(label: str, names: list[str], start: int) -> str:
    """A weight by its name; the names of a visitor's columns stay out of the link."""
    key, help = f"{label[:2].lower()}_{len(names)}", "An axis of the picture"
    link = None if st.session_state[dataset.OWN] else "query-params"
    return st.selectbox(label, names, start, key=key, help=help, bind=link)


def _wide() -> bool | None:
    """Whether paths are followed beyond the window; None where the walks decide."""
    help = "Wide follows a path that leaves, on signed logarithmic axes"
    return WINDOWS[controls.one_of("Window", list(WINDOWS), "window", help)]
