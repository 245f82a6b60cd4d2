"""What recall costs: recall and calibration over the weight or γ, and a threshold that is free."""

import streamlit as st

from charts.numbers import percent
from charts.trade import MEASURES, trade_figure
from losses.imbalance import Given, Outcome, Trade, by_gamma, by_weight, instead
from losses.imbalance.outcome import outcome
from pages.shared import cached, controls, tally
from pages.shared.figure import show
from pages.shared.rare import Case, Rail

CLOSE = 1e-6  # of the share: a fit solved to the last digits
WORDS = {"weight of class 1": "weight", "focal γ": "gamma"}


def answer(case: Case, rail: Rail) -> None:
    """The knob and the measure, the curves, and what is bought at what price."""
    knob = "weight"
    with rail.sliders:
        if case.fitted:
            help = "What runs along the axis; the other one stays where its slider stands"
            knob = WORDS[controls.one_of("Along the axis", list(WORDS), "along", help)]
        named = {name.capitalize(): slug for slug, name in MEASURES.items()}
        help = "What the lower figure shows: how far the probabilities come true"
        measure = named[controls.one_of("Calibration by", list(named), "measure", help)]
    weight = rail.weight(case)
    gamma = rail.gamma() if case.fitted else 0.0
    threshold = rail.threshold()
    moved = instead(threshold, weight, gamma)
    here, plain, steady = _places(case, weight, gamma, threshold, moved)
    st.info(_sentence(case, here, plain, steady, (weight, gamma, threshold)))
    found = _trade(case, knob, weight, gamma, threshold)
    at, done = (
        weight if knob == "weight" else gamma,
        "trained with" if case.fitted else "shifted by",
    )
    show(trade_figure(found, measure, at, done), "trade")
    outcomes = {
        f"w = {weight:g}, γ = {gamma:g}, t = {threshold:.3g}": here,
        f"plain, t = {threshold:.3g}": plain,
        f"plain, moved to t = {_brief(moved)}": steady,
    }
    tally.ratios(outcomes)
    if case.fitted:
        tally.fitted(rail, case.at(weight, gamma))
    st.markdown(tally.plainly(case))


def _trade(case: Case, knob: str, weight: float, gamma: float, threshold: float) -> Trade:
    """The curves; their fits depend neither on where their own knob stands nor on a threshold."""
    held = weight if knob == "gamma" else gamma
    run = by_gamma if knob == "gamma" else by_weight
    key = f"run {case.key} {knob} {held!r}"
    return cached.shown(key, lambda: run(case.model, held)).at(threshold)


def _places(
    case: Case, weight: float, gamma: float, threshold: float, moved: float
) -> tuple[Outcome, Outcome, Outcome]:
    """The outcome here, that of the plain model, and that of its threshold moved instead."""
    if isinstance(case.model, Given):
        judged = case.model.judged
        return judged(weight, threshold), judged(1.0, threshold), judged(1.0, moved)
    plain, model = case.at(), case.model
    steady = outcome(model.target, plain.logits, moved, model.data.weight)
    here = model.judged(case.at(weight, gamma), threshold)
    return here, model.judged(plain, threshold), steady


def _sentence(
    case: Case, here: Outcome, plain: Outcome, steady: Outcome, at: tuple[float, float, float]
) -> str:
    """What the weight or γ buys and costs, and what the threshold does for nothing."""
    weight, gamma, threshold = at
    if weight == 1 and not gamma:
        return (
            f"{'At w = 1 and γ = 0' if case.fitted else 'At w = 1'}, "
            f"{percent(here.counts.recall)} of class 1 are found. {_calibrated(case, here)} "
            f"Move {'w or γ' if case.fitted else 'w'}, and see what pays for recall."
        )
    what = " and ".join([f"w = {weight:g}"] * (weight != 1) + [f"γ = {gamma:g}"] * bool(gamma))
    said = (
        f"At t = {threshold:.3g}, {what} {'take' if ' and ' in what else 'takes'} recall from "
        f"{percent(plain.counts.recall)} to "
        f"**{percent(here.counts.recall)}**, the mean probability from {plain.mean:.3g} "
        f"to **{here.mean:.3g}** (class 1 is {here.rate:.3g} of the rows) and "
        f"the Brier score from {plain.brier:.3g} to {here.brier:.3g}."
    )
    if weight == 1 and threshold == 0.5:
        return f"{said} γ draws probabilities to ½ and leaves most on their side of it."
    moved = _brief(instead(threshold, weight, gamma))
    return (
        f"{said} The threshold {moved} on the plain model finds "
        f"{percent(steady.counts.recall)}, and leaves every probability as it is."
    )


def _calibrated(case: Case, here: Outcome) -> str:
    """Whether the mean probability is the share of class 1: the bias of a fit sees to it."""
    off = here.mean - here.rate
    if abs(off) <= CLOSE * here.rate:
        return f"The mean probability, {here.mean:.3g}, is the share of class 1."
    said = (
        f"The mean probability, {here.mean:.3g}, is {abs(off):.2g} "
        f"{'above' if off > 0 else 'below'} the share of class 1, {here.rate:.3g}"
    )
    return said + ("." if case.fitted else ": so far off are the probabilities, as given.")


def _brief(threshold: float) -> str:
    """A threshold in three digits, counted from the nearer one of 0 and 1."""
    rest = 1 - threshold
    return f"{threshold:.3g}" if rest > 1e-3 else f"1 − {rest:.2g}"
