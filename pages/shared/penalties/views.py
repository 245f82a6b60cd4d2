"""What may be asked of a penalty: one view at a time, each by its own module."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from losses import Loss, Penalty
from losses.axes import TASKS
from losses.data import Dataset
from losses.fit import exact
from losses.penalties import ElasticNet
from losses.shrink import lowest, sparse
from losses.shrink.widened import MOST
from pages.shared import controls, dataset
from pages.shared.penalties import elsewhere, enough, onerow, survivors, touch, zero
from pages.shared.penalties.seen import GRID, Seen

TUNED = "How much is just right?"
VIEWS: dict[str, Callable[[Seen], None]] = {
    "Where do they touch?": touch.view,
    "Which weights survive?": survivors.view,
    TUNED: enough.view,
    "Does descent find the zero?": zero.view,
    "λ elsewhere?": elsewhere.view,
    "And one row?": onerow.view,
}
ADDS = {
    "l1": r"\frac{1}{n} \sum_i L_i + \lambda \sum_j |w_j|",
    "l2": r"\frac{1}{n} \sum_i L_i + \lambda \sum_j w_j^2",
    "elastic_net": (
        r"\begin{gathered} \frac{1}{n} \sum_i L_i + {} \\ "
        r"\lambda \sum_j \big( \rho |w_j| + {} \\ (1 - \rho) w_j^2 \big) \end{gathered}"
    ),
}


def shown() -> None:
    """The questions in a row; λ and the other settings beside the answer to the one picked."""
    question = st.radio(
        "Question",
        list(VIEWS),
        horizontal=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
        help="What is looked at; λ and the other settings stay as they are",
    )
    if still := dataset.current().constant:
        names = ", ".join(map(controls.quoted, still))
        st.warning(f"{names}: one value in all rows, from which no slope can be learned.")
    rail, stage = st.columns([1.1, 4], gap="medium")
    with rail:
        slider, numbers = st.container(), st.container()
        seen = _seen(question, slider, numbers)
    with stage:
        try:
            VIEWS[question](seen)
        except ValueError as error:
            st.error(controls.quoted(str(error)))


def _seen(question: str, slider: Any, numbers: Any) -> Seen:
    """Asks for the penalty, λ, the loss and the columns."""
    kind = controls.spec_menu(
        "Penalty", list(Penalty.catalogue.values()), "penalty", "What a weight pays for its size"
    )
    penalty, data = kind(), dataset.current()
    if kind is ElasticNet:
        mix = next(one for one in kind.parameters() if one.name == "mix")
        penalty = kind(mix=controls.slider(mix, "mix", f"Share of L1, {mix.letter}"))
    with slider:
        stop, low, key = _strength(penalty)
    loss = _loss(data)
    own = st.container()
    st.latex(ADDS[penalty.slug])
    widen = _widen(data, question)
    _told(data)
    seen = Seen(data.standardized(), loss, penalty, stop, low, key, numbers, own)
    return seen.widened() if widen else seen


def _strength(penalty: Penalty) -> tuple[float, float, str]:
    """Where the slider of λ stands, its low end, and its key: a ridge goes farther down."""
    low = round(lowest(penalty), 6)
    key = "strength" if sparse(penalty) else "ridge_strength"
    stop = st.slider(
        "Strength, log₁₀ (λ ÷ λ₀)",
        low,
        0.0,
        -0.5 if sparse(penalty) else -3.0,
        GRID,
        format="%.2f",
        key=key,
        bind="query-params",
        help="How strong the penalty is: 0 is the strongest that matters, −1 a tenth of it",
    )
    return round(stop, 6) + 0.0, low, key


def _loss(data: Dataset) -> Loss:
    """A loss whose penalized fits can be found exactly."""
    kinds = [
        kind
        for kind in Loss.catalogue.values()
        if TASKS.get(kind.family) == data.task and exact(kind) and kind().convex
    ]
    kinds.sort(key=lambda kind: kind.slug not in controls.USUAL)
    kind = controls.spec_menu("Loss", kinds, "loss", "What each row's error costs")
    return controls.tuned(kind, f"{kind.slug}_")


def _widen(data: Dataset, question: str) -> bool:
    """Whether squares and products of the columns join them: so many can memorize rows."""
    if len(data.columns) > MOST:
        st.markdown(f"Squares and products are offered for up to {MOST} columns.")
        return False
    help = "The square of each column and the product of each two: enough to memorize rows"
    if question == TUNED:
        return controls.switch("Squares, products", True, "memorizing", help)
    return controls.switch("Squares, products", False, "products", help)


def _told(data: Dataset) -> None:
    """What is done to the data, and to the bias."""
    scaled = "Columns and target are" if data.task == "regression" else "Columns are"
    weights = "" if data.weight is None else " Row weights of the data are not used here."
    st.markdown(
        f"{scaled} in standard deviations, so that all weights pay in one coin. "
        f"The bias pays nothing.{weights}"
    )
