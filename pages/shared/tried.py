"""A typed loss on the bench's data: it trains a model, or it judges predictions."""

from collections.abc import Sequence

import streamlit as st

from charts.compare import relative_figure
from losses import Loss, Optimizer
from losses.axes import TASKS
from losses.data import Dataset
from losses.descent.walk import STEADY
from losses.formula import Formula
from losses.hinges import Hinge
from losses.margin import Logistic
from losses.probabilistic import Brier, CrossEntropy
from losses.regression import AbsoluteError, SquaredError
from pages.shared import controls, dataset, sentences, standings, verdicts
from pages.shared.controls import quoted
from pages.shared.figure import show
from pages.shared.player import play
from pages.shared.walks import LOSSES, Asked, clicked

USUAL = {
    "residual": (SquaredError, AbsoluteError),
    "positive": (SquaredError, AbsoluteError),
    "binary": (CrossEntropy, Brier),
    "margin": (Logistic, Hinge),
}
START = "tried_start"
OUTSIDE = (
    "A loss of y and s, beyond their difference, need not be defined everywhere, and a line leaves "
    "where it is. Begin elsewhere, or pick other data in the sidebar."
)


def answer(loss: Formula, beside: Sequence[Loss]) -> None:
    """Trained or judged, whatever the rows are for; or why neither goes."""
    if dataset.DATA not in st.session_state:
        st.warning("There are no rows to try it on: the sidebar says what it needs.")
        return
    data = dataset.current()
    if data.role == "predictions":
        _judge(loss, beside, data)
    elif loss.trains(data.task):
        _train(loss, beside, data)
    else:
        st.warning(_unfit(loss, data))


def _unfit(loss: Formula, data: Dataset) -> str:
    """Why it trains nothing on these rows."""
    kind = "a number" if data.task == "regression" else f"{len(data.classes)} classes"
    needed = "two classes" if TASKS.get(loss.family) == "binary" else "a number"
    return (
        f"{loss.sentence()} It trains on a target of {needed}; {quoted(data.target_name)} is one "
        f"of {kind}: pick other data in the sidebar."
    )


def _train(loss: Formula, beside: Sequence[Loss], data: Dataset) -> None:
    """A descent beside the loss that is compared with."""
    rail, stage = st.columns([1, 3.4], gap="large")
    with rail:
        column = dataset.one_feature(data).standardized()
        optimizer = controls.tuned(
            controls.chosen(Optimizer, "optimizer", "How a slope becomes a step"), "tried_"
        )
        help = "How long both walk, from the same start"
        steps = controls.count("Steps", 10, 1000, 100, "tried_steps", help)
        start = controls.point(START, "w", "b", (-1.0, -1.0))
    rivals = [*beside, *(kind() for kind in USUAL[loss.family])]
    rival = next(one for one in rivals if one.trains(data.task))
    plan = {"batch": None, "schedule": STEADY, "seed": 0, "steps": steps}
    walkers = (loss, rival)
    asked = Asked(LOSSES, column, None, walkers, (optimizer,), None, start, 1, plan)
    try:
        with stage, st.spinner("Walking …"):
            found = asked.shown()
    except ValueError as error:
        stage.error(quoted(str(error)))
        if loss.family == "positive":
            stage.markdown(OUTSIDE)
        return
    with stage:
        click = play(found.figure, "tried_descent", **found.told)
        sentences.outcomes(found.scene)
    controls.move(START, clicked(found.scene, click))


def _judge(loss: Formula, beside: Sequence[Loss], data: Dataset) -> None:
    """The matrix of models and losses, yours the first column."""
    of_margins = loss.family == "margin"
    task = "binary" if loss.family in ("margin", "binary") else "regression"
    if data.task != task or (data.scale == "margin") != of_margins:
        st.warning(
            f"{loss.sentence()} The predictions on the bench are of another kind: pick others in "
            "the sidebar, or type another formula."
        )
        return
    usual = [kind() for kind in USUAL[loss.family]]
    found = verdicts.judged(data, list(dict.fromkeys([loss, *beside, *usual])))
    verdicts.sentence(found, data)
    standings.table(found)
    show(relative_figure(found), "tried_relative")
    st.markdown(verdicts.conventions(found, data, quoted))
