"""Weight, threshold or prior: three views of one decision, the refit beside them, who differs."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from charts.figure import Figure
from charts.imbalance import Panel, decision_figure
from losses.imbalance import Given, Views, moved, threshold_of, views
from losses.imbalance.views import PRIOR, REFIT, THRESHOLD, WEIGHT
from losses.links import sigmoid
from pages.shared import scouted, tally
from pages.shared.rare import Case, Rail

LISTED = 12
CHANCES = (0.01, 0.05, 0.1, 0.25, 0.5)


def answer(case: Case, rail: Rail) -> None:
    """One slider, the views side by side, and the rows on which they disagree."""
    weight = rail.weight(case)
    found, plain, refitted = _views(case, weight)
    st.info(_sentence(found, weight, len(plain)))
    scouted.show("views", partial(_figure, case), {"weight": weight}, rail.ends)
    _chances(rail, weight)
    if case.fitted:
        tally.fitted(rail, case.at(weight))
        _differing(case, found, plain, refitted)


def _views(case: Case, weight: float) -> tuple[Views, Any, Any]:
    """The decisions, the logits of the plain model, and those of the refit, if there is one."""
    if isinstance(case.model, Given):
        plain, refitted = case.model.at(), None
    else:
        plain, refitted = case.at().logits, case.at(weight).logits
    return views(plain, weight, refitted), plain, refitted


def _figure(case: Case, at: Mapping[str, float]) -> Figure:
    """The views, two of them in a row where there is a plane."""
    weight = at["weight"]
    if isinstance(case.model, Given):
        weights = [case.model.shift(w) for w in (1.0, weight)]
    else:
        plain = case.at()
        weights = [plain.favoring(w) for w in (1.0, weight)]
        weights.append(case.at(weight).fit.weights)
    tilts = [case.plane.tilt(one) for one in weights]
    panels = _panels(_views(case, weight)[0], tilts, weight)
    return decision_figure(case.seen, panels, 1 if len(panels) == 3 else 2)


def _panels(found: Views, tilts: list[Any], weight: float) -> list[Panel]:
    """The same decision by three ways, and the refit, which may turn the line."""
    plain, favored, *refit = tilts
    border = threshold_of(weight)
    panels = [
        Panel("Weight: the weighted loss's best p ≥ ½", favored, 0.5, found.called[WEIGHT]),
        Panel("Threshold: p ≥ 1/(1 + w)", plain, border, found.called[THRESHOLD]),
        Panel("Prior: logit + log w ≥ 0", favored, 0.5, found.called[PRIOR]),
    ]
    if refit:
        differing = found.differing(WEIGHT, REFIT)
        called = found.called[REFIT]
        panels.append(Panel("Refit with the weight", refit[0], 0.5, called, differing))
    return panels


def _sentence(found: Views, weight: float, rows: int) -> str:
    """How many rows the views disagree on."""
    said = (
        f"At w = {weight:g}, weighting the loss, the threshold {threshold_of(weight):.3g} "
        f"and shifting the prior disagree on **{found.disagreements} of {rows:,} rows**"
    )
    said += ": they are one decision." if not found.disagreements else "."
    if REFIT not in found.called:
        return said
    if weight == 1:
        return f"{said} Nothing is favored yet, and the refit is the plain fit: move w."
    differing = len(found.differing(WEIGHT, REFIT))
    return (
        f"{said} Training with the weight finds another line: **{differing}** of the rows it "
        "decides otherwise; where the true log-odds are linear in the columns, the share of them "
        "falls as rows come in."
    )


def _chances(rail: Rail, weight: float) -> None:
    """What the weighted loss makes of some chances."""
    with rail.said:
        st.table(
            {
                "Chance η": [f"{eta:g}" for eta in CHANCES],
                "best p": [f"{p:.3g}" for p in moved(CHANCES, weight)],
            },
            hide_index=True,
        )
        st.latex(r"p = \frac{w \eta}{w \eta + 1 - \eta}")


def _differing(case: Case, found: Views, plain: Any, refitted: Any) -> None:
    """The rows that the refit decides otherwise."""
    places = found.differing(THRESHOLD, REFIT)
    data = case.model.data
    listed = ", ".join(str(row) for row in data.rows[places[:LISTED]])
    more = " …" if len(places) > LISTED else ""
    st.markdown(f"**Rows that the refit decides otherwise:** {listed or 'none'}{more}")
    told = st.expander("How sure both are of these rows", key="differing", on_change="rerun")
    if told.open and len(places):
        table = {
            "row": data.rows[places],
            "class": [data.classes[int(y)] for y in data.target[places]],
            "p, unweighted": sigmoid(plain[places]),
            "p, refitted": sigmoid(refitted[places]),
            "called 1 by threshold": found.called[THRESHOLD][places],
            "called 1 by refit": found.called[REFIT][places],
        }
        told.dataframe(table, hide_index=True)
