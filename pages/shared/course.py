"""The choices of a descent, above its figure: who walks beside whom, over what, drawn how."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.descent import Function, Schedule
from losses.descent.landscapes import Landscape
from losses.descent.lineup import objective
from losses.descent.scene import PLANES, PlaneWord, weight_names
from pages.shared import controls, dataset
from pages.shared.walks import LOSSES, ONE, OPTIMIZERS, RACE, STARTS

FIRST = ("Squared error", "Huber", "Absolute error", "Cross-entropy", "Hinge", "Logistic")
TWO = "two weights"
RIVALS = ("Gradient descent", "Momentum", "Adam")
BATCHES = {"all rows": None, "64 rows": 64, "16 rows": 16, "4 rows": 4, "1 row": 1}
WINDOWS = {"automatic": None, "plain": False, "wide": True}


@dataclass
class Chosen:
    """What a descent is made of, before any slider tunes it; of data, or of a landscape."""

    data: Dataset | None = None
    ground: type[Landscape] | None = None
    mode: str = ONE
    losses: Sequence[type[Loss]] = ()
    optimizers: Sequence[type[Optimizer]] = ()
    penalty: type[Penalty] | None = None
    schedule: type[Schedule] | None = None
    batch: int | None = None
    seed: int = 0
    plane: PlaneWord = PLANES[0]
    wide: bool | None = None
    log: bool | None = None
    apart: bool = False
    map: bool = False

    @property
    def function(self) -> Function:
        """What is walked down, untuned."""
        if self.data is None:
            assert self.ground is not None
            return self.ground()
        return objective(self.data, self.losses[0]())


def chosen(data: Dataset | None = None) -> Chosen:
    """Draws the menus of a descent on data, or without data on a landscape, and says what is on."""
    if data is not None and data.constant:
        names = ", ".join(map(controls.quoted, data.constant))
        st.warning(f"{names}: one value in all rows, from which no slope can be learned.")
    many = data is not None and len(data.columns) > 1
    widths = [1.0, *[1.0] * many, 1.6, 1.6, 1.1]
    side, *feature, first, second, more = st.columns(widths, vertical_alignment="bottom")
    found = Chosen(data)
    with side:
        found.mode = _mode(data is not None)
    for place in feature:
        with place:
            found.data = dataset.some_features(data)
    with first:
        if found.data is None:
            help = "The function that is walked down"
            found.ground = controls.chosen(Landscape, "landscape", help)
        else:
            found.losses = _losses(found.mode, found.data.task)
    with second:
        found.optimizers = _optimizers(found.mode)
    with more.popover("More settings", width="stretch"):
        _more(found)
    return found


def _more(found: Chosen) -> None:
    """What seldom changes: data, penalty, batches, schedule, and how it is drawn."""
    if found.data is not None:
        if controls.switch("Standardize", True, "standardize", "Columns in standard deviations"):
            found.data = found.data.standardized()
        found.penalty = _penalty()
        help = "How many rows each step looks at; the cost shown is always that of all rows"
        found.batch = BATCHES[controls.one_of("Batch", list(BATCHES), "batch", help)]
    help = "How the learning rate changes on the way"
    found.schedule = controls.chosen(Schedule, "schedule", help)
    found.seed = _seed()
    found.plane = _plane(found.function)
    help = "Wide follows a path that leaves, on signed logarithmic axes"
    found.wide = WINDOWS[controls.one_of("Window", list(WINDOWS), "window", help)]
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


def _losses(mode: str, task: str) -> list[type[Loss]]:
    """One loss, or some of them where losses are compared."""
    if mode != LOSSES:
        return [controls.loss_menu(task)]
    kinds = [loss for loss in Loss.catalogue.values() if loss.trains(task)]
    help = "Each trains the same model on the same rows from the same start"
    return controls.several("Losses", kinds, f"{task}_losses", help, FIRST, most=4)


def _optimizers(mode: str) -> list[type[Optimizer]]:
    """One optimizer, or some of them where optimizers are compared."""
    if mode not in (OPTIMIZERS, RACE):
        return [controls.chosen(Optimizer, "optimizer", "How a slope becomes a step")]
    kinds = list(Optimizer.catalogue.values())
    help = "Each starts at the same place"
    return controls.several("Optimizers", kinds, "optimizers", help, RIVALS)


def _penalty() -> type[Penalty] | None:
    """A penalty on the slopes, or none."""
    kinds: dict[str, type[Penalty]] = {kind.name: kind for kind in Penalty.catalogue.values()}
    help = "What large slopes cost beside the rows; the cost drawn then has it in it"
    return kinds.get(controls.one_of("Penalty", ["none", *kinds], "penalty", help))


def _seed() -> int:
    """The seed of the walk: a float field, as for the data's seed."""
    help = "Of the shuffling of rows and of scattered starts: the same seed, the same walk"
    label, key, link = "Seed of the walk", "walk_seed", "query-params"
    seed = st.number_input(label, 0.0, 999_999.0, 0.0, 1.0, "%.0f", key=key, help=help, bind=link)
    return int(seed + 0.5)


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
