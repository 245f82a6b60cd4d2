"""One confident mistake: what it does to the cross-entropy of your rows, and to their accuracy."""

import streamlit as st

from charts.mistake import mistake_figure
from charts.numbers import percent, readable
from losses.data import DataError
from losses.probabilistic import CrossEntropy
from losses.verdict.mistake import LOGITS, Sureness, conventions, ten_rows
from losses.verdict.surprise import UNITS
from pages.shared import cached, chances, controls, dataset, surprises
from pages.shared.figure import show

SURE = 7.0  # of log-odds: beyond it three digits of a probability are all 9, or round to 1
TIE = 1e-12  # far below what one row changes, and above what rounding does
WEIGHT = next(one for one in CrossEntropy.parameters() if one.name == "positive_weight")


@st.fragment
def answer() -> None:
    """The rows, the one that is made wrong, and both conventions of a weighted cross-entropy."""
    if dataset.DATA not in st.session_state:
        st.info("The data bench is empty: the sidebar says what it needs.")
        _ten("nats")
        return
    rail, stage = st.columns([1, 3.2], gap="large")
    data = dataset.current()
    try:
        with rail:
            rows = chances.asked(data)
    except DataError as error:
        stage.error(controls.quoted(str(error)))
        return
    found = cached.made(f"sureness {data.digest} {rows.model!r}", lambda: Sureness(rows))
    with rail:
        unit = surprises.unit()
        row = _row(found)
        logit = st.slider(
            "Log-odds of its own class", float(LOGITS[0]), float(LOGITS[-1]), -10.0, 0.5,
            key="mistake", bind="query-params",
            help="0: even odds; −10: odds of 1 to 22,026 for what happened, by the model",
        )  # fmt: skip
    with stage:
        _sentence(found, row, logit, unit)
        show(mistake_figure(found, row, logit, unit, "mistake"), "mistake_figure")
    _numbers(found, unit)
    _conventions(found, unit)
    _ten(unit)


def _row(found: Sureness) -> int:
    """The place of the row that is made wrong: at first, the one that the model is surest of."""
    last, usual = len(found.losses), found.surest() + 1
    if (st.session_state.get("mistaken") or 0) > last:  # a row of other data
        st.session_state["mistaken"] = None
    picked = st.number_input(
        "Row", 1.0, float(last), None, 1.0, "%.0f", key="mistaken", bind="query-params",
        help=f"Which of the {last:,} rows is made wrong; empty is the one that is surest and right",
        placeholder=str(usual),
    )  # fmt: skip
    return usual - 1 if picked is None else int(picked + 0.5) - 1


def _sentence(found: Sureness, row: int, logit: float, unit: str) -> None:
    """Cost and accuracy before and after."""
    if endless := found.chances.endless:
        rows = "1 row" if endless == 1 else f"{endless:,} rows"
        st.warning(
            f"{rows} got a probability of 0 for what happened: that costs ∞, and so does the mean, "
            "whatever the others say. Nothing is clipped here; many libraries do clip."
        )
    factor = UNITS[unit]
    cost, accuracy = found.one(row, logit)
    number, said = found.chances.rows[row], _said(found, logit)
    line = "" if number == row + 1 else f" (number {number} in the file)"
    now = f"goes from {percent(found.accuracy)} to **{percent(accuracy)}** and no further"
    if abs(accuracy - found.accuracy) < TIE:
        now = f"stays at **{percent(accuracy)}**"
    st.info(
        f"Give row {row + 1}{line} a probability of {said} for what it was, and the mean "
        f"cross-entropy goes from {readable(factor * found.cost)} to "
        f"**{readable(factor * cost)} {unit}**; accuracy {now}. "
        "At a probability of 0 the cost is infinite."
    )


def _said(found: Sureness, logit: float) -> str:
    """The probability of a logit; close to 1, by what it leaves."""
    if logit > SURE:
        return f"1 − {readable(found.said(-logit), 3)}"
    return readable(found.said(logit), 3)


def _numbers(found: Sureness, unit: str) -> None:
    """The model as it is: cost in both units, what knowing nothing costs, and accuracy."""
    shares = ", ".join(
        f"{controls.quoted(name)} {percent(share)}"
        for name, share in zip(found.chances.classes, found.base_rates.tolist(), strict=True)
    )
    st.markdown(f"**As it is**: {len(found.losses):,} rows, {shares}.")
    columns = {"": ["Mean cross-entropy", "Entropy of the base rates: knowing no row"]}
    for name, factor in UNITS.items():
        columns[name.capitalize()] = [readable(factor * part) for part in (found.cost, found.base)]
    columns["Accuracy"] = [percent(found.accuracy), percent(max(found.base_rates.tolist()))]
    st.table(columns, hide_index=True)
    if found.chances.weight is not None:
        st.markdown("Every mean is weighted with the rows' own weights: Σ w·L ÷ Σ w.")


def _conventions(found: Sureness, unit: str) -> None:
    """One weight on class 1, and the two numbers that are both called weighted cross-entropy."""
    left, right = st.columns([1, 3.2], gap="large")
    with left:
        two = chances.one_class(found.chances, "weighted_class")
        help = "How many rows of class 0 one row of class 1 weighs as much as"
        weight = st.slider(
            "Weight of class 1", WEIGHT.low, WEIGHT.high, 5.0, WEIGHT.step, key="class_weight",
            bind="query-params", help=help,
        )  # fmt: skip
    both = conventions(two, weight)
    right.table(
        {
            "Weighted cross-entropy": list(both),
            unit.capitalize(): [readable(UNITS[unit] * value, 6) for value in both.values()],
            "Who divides so": [
                "formulas with 1 ÷ N in front",
                "scikit-learn's log_loss(sample_weight), PyTorch's CrossEntropyLoss(weight)",
            ],
        },
        hide_index=True,
    )


def _ten(unit: str) -> None:
    """Two models on ten rows: the more accurate one costs more."""
    st.markdown(
        "**More accurate, and costlier**: ten rows of class 1. One model gives nine of them 0.99 "
        "and one 0.0001; the other gives eight 0.7 and two 0.45."
    )
    two = ten_rows()
    st.table(
        {
            "Model": [one.chances.model for one in two],
            "Accuracy": [percent(one.accuracy) for one in two],
            f"Mean cross-entropy, {unit}": [readable(UNITS[unit] * one.cost) for one in two],
        },
        hide_index=True,
    )
