"""Do the probabilities come true? Reliability, what a score is made of, and what focal does."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from charts.numbers import readable
from charts.reliability import reliability_figure
from losses.probabilistic import Focal
from losses.verdict import Calibration, calibrations
from losses.verdict.focal import asked_logit, recovered_logit
from losses.verdict.reliability import SCORES, Score
from pages.shared import cached, controls
from pages.shared.case import Case
from pages.shared.figure import show

GIVEN = "as given"
Found = tuple[Calibration, ...]
WAYS: dict[str, Callable[..., Any] | None] = {
    GIVEN: None,
    "as focal leaves them": asked_logit,
    "recovered from focal": recovered_logit,
}
HELP = (
    "Focal loss asks for a probability nearer to one half than the rate is. See what it would make "
    "of these, were they the rates; or take them for its own, and go the way back to the rates"
)


def answer(case: Case) -> None:
    """The curves, as given and as changed; the parts of two scores."""
    rail, stage = st.columns([1, 3.2], gap="large")
    given = _found(case, GIVEN, 0.0)
    panels = {GIVEN: given}
    with rail:
        way = controls.one_of("Probabilities", list(WAYS), "why_focal", HELP)
        if way != GIVEN:
            gamma = controls.slider(Focal.parameters()[0], "why_gamma", "Focal γ")
            panels[way] = _found(case, way, gamma)
        _read()
    with stage:
        if way == GIVEN:
            _sentence(given)
        else:
            _moved(given, panels[way], way, gamma)
        show(reliability_figure(panels, case.data.classes[1]), "reliability")
    for score, column in zip(SCORES, st.columns(2, gap="large"), strict=True):
        with column:
            _parts(panels, score)


def _found(case: Case, way: str, gamma: float) -> Found:
    """Curves and bins of every model, of its probabilities as they are or as focal moves them."""
    move = WAYS[way]

    def make() -> Found:
        y, models, weight = case.data.target, case.predictions, case.weight
        return calibrations(y, models, weight, move and (lambda logit: move(logit, gamma)))

    return cached.made(f"calibration {case.data.digest} {way} {gamma!r}", make)


def _read() -> None:
    """How to read the figure."""
    st.markdown(
        "On the dotted diagonal a probability comes true as often as it says; below it, less "
        "often. Lines: the best monotone map of the predictions (isotonic). Marks: ten bins of "
        "equal count."
    )


def _sentence(given: Found) -> None:
    """Who is nearest to what happens, who tells rows apart, and what the best score is made of."""
    best = min(given, key=lambda one: one.parts().score)
    true = min(given, key=lambda one: one.parts().miscalibration)
    sharp = max(given, key=lambda one: one.parts().discrimination)
    own = best.curve.sentence("brier", readable)
    said = f"{controls.quoted(best.model)} has the least Brier score. {own}"
    if true is sharp is best and len(given) > 1:
        said += " It is also the best calibrated, and the best at telling rows apart."
    elif len(given) > 1:
        said += (
            f" Best calibrated is {controls.quoted(true.model)}; best at telling rows apart is "
            f"{controls.quoted(sharp.model)}."
        )
    st.info(said)


def _moved(given: Found, after: Found, way: str, gamma: float) -> None:
    """What the change does to the cross-entropy of each model."""
    costs = [
        f"{controls.quoted(one.model)} from {_entropy(one)} to {_entropy(other)}"
        for one, other in zip(given, after, strict=True)
    ]
    st.info(
        f"Probabilities {way}, with γ = {gamma:g}, take cross-entropy of {', '.join(costs)}. "
        "Their order stays, and so does discrimination: only calibration moves."
    )


def _entropy(one: Calibration) -> str:
    return readable(one.cross_entropy)


def _parts(panels: dict[str, Found], score: Score) -> None:
    """A score of every model, and what it is made of."""
    columns: dict[str, list[str]] = {"Model": [], "Score": [], "Off": [], "Apart": []}
    base = ""
    for way, found in panels.items():
        for one in found:
            name = controls.quoted(one.model)
            *parts, uncertainty = one.parts(score)
            base = readable(uncertainty)
            columns["Model"].append(name if way == GIVEN else f"{name} {way}")
            for column, part in zip(("Score", "Off", "Apart"), parts, strict=True):
                columns[column].append(readable(part))
    st.markdown(
        f"**{SCORES[score].capitalize()}** = {base} for not knowing (the base rate alone) + what "
        "probabilities are *off* (miscalibration) − what tells rows *apart* (discrimination)"
    )
    st.table(columns, hide_index=True)
