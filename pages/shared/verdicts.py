"""What the Compare page says: who judges, the verdict in words, and what its numbers are."""

from collections.abc import Callable, Sequence

import streamlit as st

from losses import Loss
from losses.asymmetric import Quantile
from losses.data import Dataset
from losses.notation import worded
from losses.probabilistic import Brier, CrossEntropy, Focal
from losses.regression import AbsoluteError, Huber, SquaredError
from losses.verdict import Matrix, improbable, matrix, row_losses
from pages.shared import cached, controls, uploads
from pages.shared.case import predictions

FAMILY = {"regression": "residual", "binary": "binary", "multiclass": "multiclass"}
FIRST = (SquaredError, AbsoluteError, Huber, Quantile, CrossEntropy, Focal, Brier)
SHOWN = tuple(loss.name for loss in FIRST)  # to a newcomer


def judges(data: Dataset) -> list[Loss]:
    """The losses that judge predictions of this task, as they are picked and tuned; never none."""
    family = "margin" if data.scale == "margin" else FAMILY[data.task]
    kinds = [loss for loss in Loss.catalogue.values() if loss.family == family]
    return controls.tuned_losses(kinds, family, "Each of them judges every model", SHOWN)


def judged(data: Dataset, losses: Sequence[Loss]) -> Matrix:
    """The matrix; where a prediction cannot be one, a sentence says so and the page ends."""
    if data.task == "multiclass" and not data.by_class and data.scale != "label":
        st.error(
            f"{controls.quoted(data.target_name)} makes this a multiclass task, which needs one "
            f"column of probabilities for each of its {len(data.classes)} classes."
        )
        st.stop()
    if data.scale == "label":
        st.error(
            "Predicted labels are right or wrong, and no loss can say how wrong: bring the "
            "probabilities, logits or margins behind them."
        )
        st.stop()
    if data.task == "binary" and data.scale != "margin":
        _refuse_improbable(data)
    try:
        return _judged(data, repr(losses), losses)
    except ValueError as error:
        st.error(controls.quoted(str(error)))
        st.stop()


def sentence(found: Matrix, data: Dataset) -> None:
    """Who wins under which loss, and who pays without limit."""
    st.info(found.verdict(controls.quoted))
    for said in warnings(found, data, controls.quoted):
        st.warning(said)


def warnings(found: Matrix, data: Dataset, shown: Callable[[str], str]) -> list[str]:
    """What should make one doubt a column; `shown` writes the name of a model."""
    said = []
    for model, name in enumerate(found.models):
        costs = zip(found.losses, found.cost[model].tolist(), strict=True)
        under = [loss for loss, cost in costs if cost == float("inf")]
        if under:
            where = " and ".join(map(str, under))
            said.append(f"{shown(name)} costs ∞ under {where}: {_why(data, name, under[0])}.")
    if (found.skill <= 0).all():
        said.append(
            "Every model costs as much as the best constant or more, under every loss shown: is "
            f"{shown(data.target_name)} the target, and are these its predictions?"
        )
    return said


def conventions(found: Matrix, data: Dataset, shown: Callable[[str], str]) -> str:
    """What the numbers are, and what each loss asks a model for."""
    asks = "; ".join(f"{loss} asks for {loss.asks()}" for loss in found.losses)
    weighed = f", weighted by {shown(data.weight_name)}" if data.weight_name else ""
    said = f"Each cost is the mean loss of {len(data):,} rows{weighed}. {asks}."
    if data.scale == "margin":
        said += f" Predictions are margins: above 0 speaks for {shown(data.classes[1])}."
    elif data.task == "binary":
        said += (
            f" Predictions are read as the probability of {shown(data.classes[1])}; "
            "logarithms are natural."
        )
    elif data.unit:
        said += f" Targets and predictions are in {data.unit}."
    return said


@st.cache_data(max_entries=32, show_spinner="Judging …", hash_funcs=cached.DIGEST)
def _judged(data: Dataset, key: str, _losses: Sequence[Loss]) -> Matrix:
    """The key is the losses written out: Streamlit would not tell two classes of loss apart."""
    return matrix(data.target, predictions(data), _losses, data.weight, rows=data.rows)


def _refuse_improbable(data: Dataset) -> None:
    """Ends the page with a sentence for each model whose predictions are not probabilities."""
    said = []
    for name, prediction in predictions(data).items():
        if len(bad := improbable(prediction)):
            said.append(
                f"{controls.quoted(name)}: {len(bad):,} of {len(data):,} predictions are not "
                f"probabilities, the first in {data.numbered} {data.rows[bad[0]]}: "
                f"{worded(prediction[bad[0]], 6)}."
            )
    if said:
        needed = "A target of two classes needs numbers from 0 to 1: bring those, or pick others."
        if st.session_state[controls.OWN]:
            needed += (
                f" Logits and margins are taken once “{uploads.SCALE}” in the sidebar says so."
            )
        st.error(f"{' '.join(said)} {needed}")
        st.stop()


def _why(data: Dataset, name: str, loss: Loss) -> str:
    """Where a cost without limit comes from."""
    bad = row_losses(data.target, {name: predictions(data)[name]}, loss, data.weight).infinite(0)
    if not len(bad):
        return "the sum exceeds the largest number"
    count = "1 row" if len(bad) == 1 else f"{len(bad):,} rows"
    certain = f"it gave a probability of exactly 0{' or 1' * (data.task == 'binary')}"
    why = "it exceeds the largest number" if data.task == "regression" else certain
    first = f"{'first in ' * (len(bad) > 1)}{data.numbered} {data.rows[bad[0]]}"
    return f"in {count} {why}, {first}"
