"""The sliders of a descent, beside its figure, and the run that answers them."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from losses import Optimizer
from losses.descent.landscapes import Landscape
from losses.descent.lineup import rates
from pages.shared import controls, takeaway, walks
from pages.shared.ahead import offer, settled
from pages.shared.course import Chosen
from pages.shared.figure import Ahead
from pages.shared.player import answer_of
from pages.shared.told import Told
from pages.shared.walks import OPTIMIZERS, RACE, STARTS, Asked

QUICK = 2_000_000  # numbers that a walk looks at: a tenth of a second of work, at most
PLAIN = (bool, int, float, str)


@st.fragment
def run(chosen: Chosen) -> None:
    """Rail, player and what follows from them: all that runs again when a slider moves."""
    settled("descent")
    rail, stage = st.columns([1, 3.4], gap="large")
    with rail:
        asked = _asked(chosen, controls)
    try:
        with stage, st.spinner("Walking …"):
            shown = asked.shown()
    except ValueError as error:
        stage.error(controls.quoted(str(error)))
        return
    with stage:
        if asked.ground is not None:
            st.markdown(f"$f(x, y) = {asked.ground.latex}$")
        walks.played(asked, shown, _ahead(chosen, asked))
    walks.ruled(asked, shown.scene)
    with stage:
        takeaway.panel(asked, shown)
    walks.studied(asked, shown.scene)


def _ahead(chosen: Chosen, asked: Asked) -> Ahead | None:
    """The sliders' values, and what answers while one of them moves: walks that take no time."""
    if asked.mode == RACE or asked.effort > QUICK:
        return None
    known = {key: value for key, value in st.session_state.items() if isinstance(value, PLAIN)}
    told, projector = Told(known), bool(st.session_state.get("projector"))
    if _asked(chosen, told).key != asked.key:
        return None  # a widget shows a default that no state has yet

    def answer(values: Mapping[str, float], ground: str) -> bytes:
        moved = Told(known | {key: values[key] for key in values if key in told.sliders})
        asked = _asked(chosen, moved)
        if asked.effort > QUICK:
            raise ValueError("this walk takes its time: the script will show its progress")
        shown = asked.shown()
        place = "descent", moved.sliders, ground
        return answer_of(shown.figure, *place, projector=projector, **shown.told)

    return Ahead(offer("descent", answer).address, told.sliders)


def _asked(chosen: Chosen, ask: Any) -> Asked:
    """Asks for the sliders of everything that was chosen, the steps and the start.

    Who is asked is `controls`, which draws the rail, or `Told`, which knows.
    """
    drawn = {name: getattr(chosen, name) for name in ("plane", "wide", "log", "apart", "map")}
    found = Asked(chosen.mode, chosen.data, **drawn)
    if chosen.ground is not None:
        found.ground = ask.tuned(chosen.ground, f"{chosen.ground.slug}_")
    found.losses = [ask.tuned(loss, f"{loss.slug}_") for loss in chosen.losses]
    found.optimizers = _optimizers(chosen, found.ground, ask)
    found.span, found.ruler = _span(found.optimizers[0], found.ground), ask.room()
    if chosen.penalty is not None:
        found.penalty = ask.tuned(chosen.penalty, f"{chosen.penalty.slug}_")
    found.plan = {
        "batch": chosen.batch,
        "schedule": ask.tuned(chosen.schedule, f"{chosen.schedule.slug}_"),
        "seed": chosen.seed,
        "steps": ask.count("Steps", 10, 1000, 100, "steps", "How long the walk lasts"),
    }
    if found.ground is None:
        found.start = ask.point(found.place, "w", "b", (-1.0, -1.0))
    else:
        found.start = ask.point(found.place, *found.ground.axes, found.ground.start)
    found.count = _count(chosen.mode, ask)
    return found


def _optimizers(chosen: Chosen, ground: Landscape | None, ask: Any) -> list[Optimizer]:
    """The optimizers as their sliders stand; those of several are folded away."""
    if chosen.mode not in (OPTIMIZERS, RACE):
        return [_tuned(kind, ground, ask) for kind in chosen.optimizers]
    with ask.folded("Their parameters"):
        return [_tuned(kind, ground, ask) for kind in chosen.optimizers]


def _tuned(kind: type[Optimizer], ground: Landscape | None, ask: Any) -> Optimizer:
    """An optimizer as its sliders stand: those of each landscape begin at a rate that it bears."""
    if ground is None:
        return ask.tuned(kind, f"{kind.slug}_")
    return ask.tuned(kind, f"{ground.slug}_{kind.slug}_", rate=rates(ground, kind()))


def _span(optimizer: Optimizer, ground: Landscape | None) -> tuple[float, float]:
    """The ends of the slider of the rate."""
    own = next(one for one in optimizer.parameters() if one.name == "eta")
    eta = own if ground is None else rates(ground, type(optimizer)())
    return eta.low, eta.high


def _count(mode: str, ask: Any) -> int:
    """How many starts there are."""
    if mode not in (STARTS, RACE):
        return 1
    help = "The first is the one above; the others are scattered around, as the seed says"
    most, usual = (12, 6) if mode == STARTS else (30, 10)
    key = f"{mode.split()[-1]}_count"
    return ask.count("Starts", 2, most, usual, key, help, 1)
