"""Trained with one loss, judged by another: what is asked, the matrix, and what to doubt in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from charts.figure import Figure
from charts.fitted import certainty_figure, line_figure, predicted_figure
from charts.numbers import apart, readable
from losses import Loss, Penalty
from losses.axes import TASKS
from losses.data import Dataset
from losses.fit import exact
from losses.hinges import Hinge, ZeroOne
from losses.multiclass import SoftmaxCrossEntropy
from losses.probabilistic import Brier, CrossEntropy
from losses.redescending import TukeyBiweight
from losses.regression import AbsoluteError, Huber, SquaredError
from losses.verdict.training import Trained, trained
from pages.shared import cached, controls, dataset

FIRST = (SquaredError, AbsoluteError, Huber, TukeyBiweight, CrossEntropy, Brier, Hinge)
SHOWN = (*(loss.name for loss in FIRST), SoftmaxCrossEntropy.name)  # to a newcomer
JUDGES = (*SHOWN, ZeroOne.name, "Multiclass Brier", "Multiclass hinge")


@dataclass(frozen=True)
class Asked:
    """The settings of the rail."""

    data: Dataset
    losses: Sequence[Loss]
    judges: Sequence[Loss]
    share: float
    seed: int
    lam: float
    factor: float = 1.0  # of the target's own unit


def asked(data: Dataset) -> Asked:
    """The losses to train with and to judge by, the column, and how the rows are divided."""
    suited = [kind for kind in Loss.catalogue.values() if TASKS.get(kind.family) == data.task]
    kinds = [kind for kind in suited if exact(kind)]
    help = "Each of them fits a model of its own: no other weights cost it less"
    losses = controls.tuned_losses(kinds, f"train_{data.task}", help, SHOWN)
    judges = _judges(suited, losses, data.task)
    share = st.slider(
        "Share of the rows to train on",
        0.1,
        0.9,
        0.7,
        0.05,
        format="percent",
        key="share",
        bind="query-params",
        help="The others are held out, and judge; more rows to train on leave fewer to judge",
    )
    help = "Another seed draws other rows to train on"
    # A float, because Streamlit stops at an infinite whole number in a link.
    seed = st.number_input(
        "Seed of the split", 0.0, 999_999.0, 0.0, 1.0, "%.0f", key="split_seed",
        bind="query-params", help=help,
    )  # fmt: skip
    ridge = Penalty.catalogue["l2"].parameters()[0]
    lam = controls.optional(ridge, "ridge", "Penalty λ Σ w²", ridge.default or 0.1)
    column = dataset.some_features(data)
    plan = losses, judges, share, int(seed + 0.5), lam or 0.0
    if data.task != "regression":
        return Asked(column, *plan)
    factor, unit = dataset.unit(column)
    return Asked(column if factor == 1 else column.rescaled(factor, unit), *plan, factor)


def judged(case: Asked) -> Trained:
    """The matrix; where the rows cannot be divided, a sentence says so and the page ends."""
    plan = {"share": case.share, "seed": case.seed, "lam": case.lam}
    key = f"trained {case.data.digest} {case.losses!r} {case.judges!r} {plan!r}"
    try:
        return cached.raced(key, lambda: trained(case.data, case.losses, case.judges, **plan))
    except ValueError as error:
        st.error(controls.quoted(str(error)))
        st.stop()


def sentence(found: Trained) -> None:
    """Who wins how often, and whether it pays to train with the judge itself."""
    (st.info if found.losses else st.warning)(found.sentence)


def table(found: Trained) -> None:
    """Cost and rank of each fit by each judge, the winner starred."""
    columns = {"Trained ↓ judged →": list(map(str, found.losses))}
    for column, judge in enumerate(found.judges):
        costs = apart(found.cost[:, column].tolist())
        cells = [_cell(found, cost, (row, column)) for row, cost in enumerate(costs)]
        columns[str(judge)] = cells
    st.table(columns, hide_index=True)
    held = len(found.held)
    st.markdown(
        f"Mean loss over the {held:,} rows held out (rank) · ★ least of its column "
        "· *judged by its own loss*"
    )


def picture(found: Trained) -> Figure:
    """The fits over one column; over several, what they predict of the rows held out."""
    if len(found.data.columns) == 1 and found.data.task != "multiclass":
        return line_figure(found)
    return predicted_figure(found) if found.data.task == "regression" else certainty_figure(found)


def doubts(found: Trained) -> None:
    """What is not certain of a fit, or strange about it."""
    notes: dict[str, list[str]] = {}
    for loss, each in zip(found.losses, found.fits, strict=True):
        if each.note:
            notes.setdefault(each.note, []).append(str(loss))
    for note, names in notes.items():
        st.markdown(f"{' and '.join(names)}: {note}.")


def conventions(found: Trained) -> None:
    """How the rows are divided, what a fit is, and its weights."""
    data = found.data
    least = "mean loss" + (" and penalty" if any(each.penalty for each in found.fits) else "")
    said = (
        f"Trained on {len(found.train):,} of {len(data):,} rows, judged on {len(found.held):,}. "
        f"Each fit is the least {least} that a linear model can have on the rows it is trained on."
    )
    kinds = [kind for kind in Loss.catalogue.values() if TASKS.get(kind.family) == data.task]
    if len(fitted := [kind.name for kind in kinds if exact(kind)]) == 1:
        said += f" Of the {len(kinds)} losses for such a target only {fitted[0]} is fitted exactly."
    if data.task == "binary":
        second = controls.quoted(data.classes[1])
        said += f" Every score is read as the logit of {second}, or as a margin, as its judge asks."
    st.markdown(said)
    if not found.losses:
        return
    with st.expander("The fitted weights"):
        st.dataframe(_weights(found), hide_index=True)


def _judges(suited: Sequence[type[Loss]], losses: Sequence[Loss], task: str) -> list[Loss]:
    """The losses of the rows of the matrix, unless others are picked to judge."""
    help = "Off: the losses that are trained with judge as well"
    if not controls.switch("Other judges", task == "multiclass", "other_judges", help):
        return list(losses)
    help = "Each of them judges every fit; one that is trained with keeps its parameters"
    kinds = controls.several("Judged by", suited, f"judge_{task}", help, JUDGES)
    above = {type(loss): loss for loss in losses}
    return [above.get(kind) or controls.tuned(kind, f"judge_{kind.slug}_") for kind in kinds]


def _cell(found: Trained, cost: str, at: tuple[int, int]) -> str:
    said = f"{cost} ({found.rank[at]})"
    if found.losses[at[0]] == found.judges[at[1]]:
        said = f"*{said}*"
    won = len(found.losses) > 1 and found.rank[at] == 1 and found.cost[at] < float("inf")
    return f"**★\N{NO-BREAK SPACE}{said}**" if won else said


def _weights(found: Trained) -> dict[str, list[str]]:
    """Names and numbers of all weights, a line each, a column a loss."""
    data = found.data
    names = [*data.columns, "(bias)"]
    if data.task == "multiclass":
        names = [f"{kind}: {name}" for kind in data.classes for name in names]
    columns = {"weight": names}
    for loss, each in zip(found.losses, found.fits, strict=True):
        columns[str(loss)] = [readable(weight, 6) for weight in each.weights.tolist()]
    return columns
