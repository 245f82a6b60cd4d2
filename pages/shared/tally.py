"""Who is found: the decision among the rows, the four counts, their ratios, and calibration."""

from collections.abc import Mapping
from functools import partial
from math import isfinite

import streamlit as st

from charts.figure import Figure
from charts.imbalance import Panel, decision_figure
from charts.numbers import percent, readable
from losses.imbalance import Given, Learned, Outcome, moved
from losses.imbalance.outcome import at_least, logit_of
from losses.verdict import focal
from pages.shared import controls, scouted
from pages.shared.rare import Case, Rail

PLAIN = {"weight": 1.0, "gamma": 0.0, "threshold": 0.5}
RATIOS = {
    "Recall": "recall",
    "Precision": "precision",
    "Specificity": "specificity",
    "Accuracy": "accuracy",
    "F1": "f1",
    "Balanced accuracy": "balanced",
}
MEASURES = {"Brier score": "brier", "Log loss": "log_loss", "Calibration error": "error"}


def answer(case: Case, rail: Rail) -> None:
    """The sliders, the figure, and the numbers beside it."""
    at = {"weight": rail.weight(case, plain=True)}
    if case.fitted:
        at["gamma"] = rail.gamma()
    at["threshold"] = rail.threshold()
    here, found = judged(case, at)
    plain, _ = judged(case, at | PLAIN)
    st.info(_sentence(case, here, at["weight"], at.get("gamma", 0.0)))
    figure, numbers = st.columns([2.15, 1], gap="medium")
    with figure:
        scouted.show("decision", partial(_figure, case), at, rail.ends)
    with numbers:
        counts(here)
        ratios({"here": here, "plain, t = 0.5": plain})
    if found is None:
        _beyond(case)
    else:
        fitted(rail, found)
        conventions(case, here, found, at["weight"])


def judged(case: Case, at: Mapping[str, float]) -> tuple[Outcome, Learned | None]:
    """The outcome where the sliders are, and the fit if there is one."""
    if isinstance(case.model, Given):
        return case.model.judged(at["weight"], at["threshold"]), None
    found = case.at(at["weight"], at["gamma"])
    return case.model.judged(found, at["threshold"]), found


def _figure(case: Case, at: Mapping[str, float]) -> Figure:
    """The decision among the rows."""
    if isinstance(case.model, Given):
        logits, weights = case.model.at(at["weight"]), case.model.shift(at["weight"])
    else:
        found = case.at(at["weight"], at["gamma"])
        logits, weights = found.logits, found.fit.weights
    called = at_least(logits, logit_of(at["threshold"]))
    tilt = case.plane.tilt(weights)
    return decision_figure(case.seen, [Panel("this decision", tilt, at["threshold"], called)])


def counts(here: Outcome) -> None:
    """The four counts."""
    four = here.counts
    st.table(
        {
            "": ["is 1", "is 0"],
            "called 1": [readable_count(four.true_positive), readable_count(four.false_positive)],
            "called 0": [readable_count(four.false_negative), readable_count(four.true_negative)],
        },
        hide_index=True,
    )


def ratios(outcomes: dict[str, Outcome]) -> None:
    """Ratios of the counts and measures of calibration, a column for each outcome."""
    rows = {"": [*RATIOS, *MEASURES, "Mean p", "Share of class 1"]}
    for name, one in outcomes.items():
        found = [percent(getattr(one.counts, ratio)) for ratio in RATIOS.values()]
        found += [brief(getattr(one, measure)) for measure in MEASURES.values()]
        rows[_joined(name)] = [*found, f"{one.mean:.3g}", f"{one.rate:.3g}"]
    st.table(rows, hide_index=True)


def _joined(name: str) -> str:
    """A heading that breaks after a comma, never around a sign of equality."""
    return name.replace(" = ", "\u00a0=\u00a0")


def brief(value: float) -> str:
    """A number in three digits at most."""
    return f"{value:.3g}" if isfinite(value) else readable(value)


def readable_count(rows: float) -> str:
    """Rows, or their weight."""
    return f"{rows:,.0f}" if rows == int(rows) else readable(rows)


def fitted(rail: Rail, found: Learned) -> None:
    """What is to be said of a fit: that it is exact, or that nothing finite would be."""
    with rail.said:
        if found.direction is not None:
            along = ", ".join(readable(float(part), 3) for part in found.direction)
            st.warning(
                "The classes can be separated: ‖w‖ grows without bound, along the direction "
                f"({along}) of slopes, per standard deviation, and bias. A penalty of "
                f"{found.eased:g} · Σ w² keeps it finite; set your own λ."
            )
        elif found.fit.note:
            st.markdown(f"Fit: {found.fit.note}.")


def plainly(case: Case) -> str:
    """What "plain" means at the head of a column."""
    if case.fitted is None:
        return "*Plain* are the probabilities as given, decided at the t beside the word."
    return "*Plain* is the fit with w = 1 and γ = 0, decided at the t beside the word."


def conventions(case: Case, here: Outcome, found: Learned, weight: float) -> None:
    """What is divided by what."""
    assert case.fitted is not None
    mean = float(case.fitted.counts(weight).mean())
    st.markdown(
        f"**Conventions.** {plainly(case)} Both classes weigh alike at w = "
        f"{brief((1 - here.rate) / here.rate)}. Weighted cost: "
        f"{readable(found.fit.cost)} divided by Σw, as scikit-learn and PyTorch do; "
        f"{readable(found.fit.cost * mean)} divided by N. The penalty λ Σ w² is added to the "
        "first, of slopes per standard deviation. Calibration error: mean distance of probability "
        "and share, over ten bins of equal count. All counts are of the rows that were fitted."
    )


def _sentence(case: Case, here: Outcome, weight: float, gamma: float) -> str:
    """Who is found, at what price, and what a weight makes of a chance."""
    four, one = here.counts, controls.quoted(case.classes[1])
    rare = four.true_positive + four.false_negative
    called = four.true_positive + four.false_positive
    said = (
        f"{one} is {percent(here.rate)} of the rows. Of {readable_count(rare)}, "
        f"**{_are(four.true_positive)} found**; of {readable_count(called)} called "
        f"{one}, {_alarms(four.false_positive)}. Accuracy is "
        f"{percent(four.accuracy)}; calling nobody {one} has {percent(1 - here.rate)}."
    )
    if weight == 1 and not gamma:
        return said
    told = float(focal.asked(moved(here.rate, weight), gamma))
    return (
        f"{said} A chance of {here.rate:.3g} is now best answered by "
        f"p = {told:.3g}: what the model says is no longer the share of class 1 among rows alike."
    )


def _are(rows: float) -> str:
    return f"{readable_count(rows)} {'is' if rows == 1 else 'are'}"


def _alarms(rows: float) -> str:
    return f"{_are(rows)} {'a false alarm' if rows == 1 else 'false alarms'}"


def _beyond(case: Case) -> None:
    """Rows of which the model is certain."""
    if case.plane.beyond:
        st.markdown(
            f"{case.plane.beyond} rows have a probability of exactly 0 or 1, whose logit no weight "
            "moves; they are drawn at the edge."
        )
    said = (
        "Nothing is refitted: w adds log w to the logit of each probability. Focal's γ has no "
        f"slider here: it needs features to train on. {plainly(case)}"
    )
    weighed = isinstance(case.model, Given) and case.model.chances.weight is not None
    st.markdown(said + " Rows count by their weights." * weighed)
