"""Under every other loss: models compared by all the losses that ask for one thing at once."""

from itertools import combinations
from typing import Any, NamedTuple

import streamlit as st

from charts.murphy import murphy_figure
from charts.numbers import percent, readable
from losses import Loss
from losses.asymmetric import Expectile, Quantile
from losses.probabilistic import Brier
from losses.regression import SquaredError
from losses.verdict import Dominance, Murphy, matrix, murphy
from pages.shared import cached, controls
from pages.shared.case import Case
from pages.shared.figure import show

ASKED = {"the mean": "mean", "a quantile": "quantile", "an expectile": "expectile"}
BETWEEN = "|θ − y| at the thresholds θ between its target y and its prediction"
CHARGED = {
    "mean": BETWEEN,
    "probability": BETWEEN,
    "quantile": (
        "1 − τ at the thresholds between its target and a prediction above it, τ at those between "
        "its target and a prediction below it"
    ),
    "expectile": f"{BETWEEN}, times 1 − τ if that is above y, τ if it is below",
}


class Every(NamedTuple):
    """The diagram, each pair of models in it, and the cost that its areas measure.

    Of a pair the model of the lower cost comes first; the pairs of the cheapest come first.
    """

    diagram: Murphy
    pairs: dict[tuple[str, str], Dominance]
    loss: Loss
    cost: list[float]


def answer(case: Case) -> None:
    """What is asked for; the diagram; every pair; the areas beside the cost that they measure."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        asks, level = _asked(case)
    try:
        found = _found(case, asks, level)
    except ValueError as error:
        stage.error(controls.quoted(str(error)))
        return
    with rail:
        gap = _gap(case, found) if found.pairs else None
    with stage:
        _sentence(found.diagram, gap)
        show(murphy_figure(found.diagram, gap, case.data.unit), "murphy")
    left, right = st.columns([3, 2], gap="large")
    with left:
        _pairs(found)
    with right:
        _checked(found)
    _explained(found.diagram)


def _asked(case: Case) -> tuple[Any, float]:
    """What the losses ask for, and at which level."""
    if case.data.task == "binary":
        st.markdown("Losses that ask for **the probability**")
        return "probability", 0.5
    help = "All losses that ask a model for this are compared at once"
    asks = ASKED[controls.one_of("Losses that ask for", list(ASKED), "every", help)]
    if asks == "mean":
        return asks, 0.5
    return asks, controls.slider(Quantile.parameters()[0], f"every_{asks}", "Level τ")


def _gap(case: Case, found: Every) -> Dominance:
    """The pair that is drawn: at first the winner by the cost below, and who comes nearest."""
    ranked = list(dict.fromkeys(name for pair in found.pairs for name in pair))
    help = f"The two whose difference is drawn; at first the cheapest two under {found.loss}"
    return found.pairs[case.pair("the two cheapest", ranked, "every", help)]


def _found(case: Case, asks: Any, level: float) -> Every:
    """The diagram with all that is said of it; ValueError where the rows allow none."""

    def make() -> Every:
        y, models, weight = case.data.target, case.predictions, case.weight
        diagram = murphy(y, models, asks, level, weight=weight)
        loss = _measured(asks, level)
        cost = matrix(y, models, [loss], weight).cost[:, 0].tolist()
        costs = dict(zip(models, cost, strict=True))
        ranked = sorted(models, key=costs.__getitem__)
        pairs = {pair: diagram.dominance(*pair) for pair in combinations(ranked, 2)}
        return Every(diagram, pairs, loss, cost)

    return cached.made(f"murphy {case.data.digest} {asks} {level!r}", make)


def _measured(asks: str, level: float) -> Loss:
    """The loss whose cost the areas of the diagram measure."""
    kinds = {"quantile": Quantile, "expectile": Expectile}
    if asks in kinds:
        return kinds[asks](tau=level)
    return Brier() if asks == "probability" else SquaredError()


def _sentence(diagram: Murphy, gap: Dominance | None) -> None:
    if gap is None:
        only = controls.quoted(diagram.models[0])
        st.info(f"{only} is the only model: there is none to compare it with.")
    else:
        st.info(gap.sentence(controls.quoted))


def _checked(found: Every) -> None:
    """The area under each curve beside the cost that it measures, computed apart."""
    times = "Area" if found.diagram.asks == "quantile" else "2 × area"
    st.markdown(f"**A check.** {times} is the mean of {found.loss}:")
    st.table(
        {
            "Model": list(map(controls.quoted, found.diagram.models)),
            times: [readable(area, 6) for area in found.diagram.cost.tolist()],
            "Cost": [readable(cost, 6) for cost in found.cost],
        },
        hide_index=True,
    )


def _pairs(found: Every) -> None:
    """Who wins in each pair, and at how many of the thresholds."""
    gaps = list(found.pairs.values())
    if not gaps:
        return
    st.markdown(f"**Every pair**, under all losses that ask for {found.diagram.wanted}")
    st.dataframe(
        {
            "First": [gap.first for gap in gaps],
            "Second": [gap.second for gap in gaps],
            "Wins under all": [_winner(gap) for gap in gaps],
            "First cheaper at": [percent(gap.share(gap.first)) for gap in gaps],
            "Second cheaper at": [percent(gap.share(gap.second)) for gap in gaps],
        },
        hide_index=True,
    )


def _winner(gap: Dominance) -> str:
    return gap.winner or ("neither" if gap.sign.any() else "both: they tie")


def _explained(diagram: Murphy) -> None:
    """What an elementary score is, and why it speaks for all these losses."""
    every, drawn = len(diagram.thetas), ""
    if not diagram.every:
        drawn = f" The figure shows {every:,} thresholds; the sentence and the areas take in all."
    st.markdown(
        f"Every loss that asks for {diagram.wanted} is a mixture of elementary scores, one for "
        f"each threshold. They charge a row {CHARGED[diagram.asks]}, and nothing at others. A "
        "model that is cheaper at some thresholds and dearer at none is at least as good under "
        "every one of these losses; where the curves cross, the loss decides "
        f"([Ehm and others 2016](https://doi.org/10.1111/rssb.12154)).{drawn}"
    )
