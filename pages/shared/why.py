"""Why a model costs what it costs: its residuals, or how its probabilities come true; by group."""

from typing import Any

import streamlit as st

from charts.numbers import SPACE, percent, readable, unused
from charts.residuals import residuals_figure
from losses.verdict import Residuals, residuals
from pages.shared import bygroup, cached, calibration, controls
from pages.shared.case import Case
from pages.shared.figure import show


def answer(case: Case) -> None:
    """What the task lets one look into; below, the groups of rows if there are any."""
    if case.data.task == "binary":
        calibration.answer(case)
    else:
        _errors(case)
    if case.group is not None:
        bygroup.answer(case)


def _errors(case: Case) -> None:
    """One model's residuals in a figure, all models' in a table."""
    rail, stage = st.columns([1, 3.2], gap="large")
    found = _found(case)
    with rail:
        place = case.one("why", "Whose residuals are drawn")
        one = found[place]
        _center(one, case.data.unit)
    with stage:
        _sentence(one)
        show(residuals_figure(one, place, case.data.unit), "residuals")
        _undrawn(one)
    _table(found)
    if case.weight is not None:
        weighed = controls.quoted(case.data.weight_name)
        st.markdown(
            f"Everything here is weighted by {weighed}: the worst 1{SPACE}% are a hundredth of the "
            "rows, those of the largest weight times loss."
        )


def _found(case: Case) -> tuple[Residuals, ...]:
    """The residuals of every model."""
    y, models, losses, weight = case.data.target, case.predictions, case.losses, case.weight
    return cached.made(f"residuals {case.key}", lambda: residuals(y, models, losses, weight))


def _center(one: Residuals, unit: str) -> None:
    """Where the residuals lie, in the unit of the target."""
    of = f" {unit}" if unit else ""
    st.markdown(
        "\n".join(
            [
                "Residual r = s − y, prediction less target",
                "",
                f"- mean {readable(one.mean)}{of}",
                f"- median {readable(one.median)}{of}",
                f"- farthest {readable(one.farthest)}{of}",
            ]
        )
    )


def _sentence(one: Residuals) -> None:
    """How much the worst rows carry under the loss that minds them the most, and the least."""
    shares = {str(rows.loss): share for rows, share in _shares(one)}
    worst = one.losses[0].hundredth
    who = f"the {worst:,} worst rows" if worst > 1 else "the worst row"
    verb = "carry" if worst > 1 else "carries"
    if not shares:
        st.info(f"{controls.quoted(one.model)} costs nothing, or ∞, under every loss shown.")
        return
    most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    name = controls.quoted(one.model)
    said = f"Of the cost of {name}, {who} {verb} {percent(shares[most])} under {most}"
    if shares[least] < shares[most]:
        said += f", {percent(shares[least])} under {least}"
    st.info(f"{said}.")


def _shares(one: Residuals) -> list[tuple[Any, float]]:
    """The losses under which the cost is finite and not 0, with what the worst 1 % carry."""
    pairs = zip(one.losses, one.hundredth.tolist(), strict=True)
    return [(rows, share) for rows, share in pairs if share == share]


def _table(found: tuple[Residuals, ...]) -> None:
    """Center, farthest residual and what the worst 1 % of the rows carry: a column a model."""
    losses = found[0].losses
    centers = ("Mean residual", "Median residual", "Farthest residual")
    names = [one.model for one in found]
    lines = [*centers, *(f"Worst 1{SPACE}%: {rows.loss}" for rows in losses)]
    columns: dict[str, list[str]] = {unused("Of each model", names): lines}
    for one in found:
        center = map(readable, (one.mean, one.median, one.farthest))
        columns[one.model] = [*center, *map(percent, one.hundredth.tolist())]
    st.markdown(
        f"Every model: where its residuals lie, and what the worst 1{SPACE}% of its rows carry"
    )
    st.dataframe(columns, hide_index=True)


def _undrawn(one: Residuals) -> None:
    """Which losses have no curve: their mean is no measure."""
    pairs = zip(one.losses, one.cost.tolist(), strict=True)
    names = [str(rows.loss) for rows, cost in pairs if not 0 < cost < float("inf")]
    if names:
        st.markdown(f"Not drawn, as the mean loss is 0 or ∞: {' and '.join(names)}.")
