"""How sure the verdict is: what becomes of it when the rows are drawn anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from charts.numbers import percent, readable
from charts.sureness import differences_figure, spread_figure
from losses import Loss
from losses.verdict import Bootstrap, Uncertainty, bootstrap, uncertainty
from pages.shared import cached, controls
from pages.shared.case import Case
from pages.shared.figure import show

LEVELS = {f"{share} %": share / 100 for share in (80, 90, 95, 99)}
COUNTS = {f"{count:,}": count for count in (500, 1_000, 2_000, 5_000, 10_000)}
MANY = 100_000  # rows: above it fewer resamples are drawn unless more are asked for
USUAL, FEW = "2,000", "500"


@dataclass(frozen=True)
class Draw:
    """How rows are drawn anew, and between which shares the interval is taken."""

    level: float
    resamples: int
    seed: int


def answer(case: Case) -> None:
    """The draw; every model against the winner; two models against each other; the numbers."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        loss = case.judge("sure")
        draw = _draw(len(case.data))
    costs = case.costs(loss)
    names = [name for name in case.models if costs[name] < float("inf")]
    with stage:
        _left_out([name for name in case.models if name not in names], loss)
        if len(names) < 2:
            st.info("There are not two models of finite cost to tell apart.")
            return
        try:
            found = _against_winner(case, loss, names, draw)
        except ValueError as error:
            st.error(
                f"{controls.quoted(str(error))}: at least two rows or groups are needed, "
                "with losses that can be added up."
            )
            return
        winners = case.matrix.winners(case.losses.index(loss))
        st.info(f"Under {loss}, {_first(found, winners, case.counted)} {_near(found)}")
        places = [case.models.index(name) for name in names]
        show(differences_figure(found, loss, places), "differences")
    _numbers(found, costs)
    _pair(case, loss, [name for name in costs if name in names], draw)


def _draw(rows: int) -> Draw:
    """The knobs of the bootstrap."""
    help = "How often, over many samples, the interval would hold the true difference, about"
    level = controls.one_of("Interval", list(LEVELS), "sure_level", help, index=2)
    many = rows > MANY
    # Two keys: who comes from few rows to many has not asked for so many resamples.
    count = controls.one_of(
        "Resamples",
        list(COUNTS),
        "resamples_of_many" if many else "resamples",
        "How often as many rows are drawn as there are, with replacement; more are smoother",
        index=list(COUNTS).index(FEW if many else USUAL),
    )
    if many:
        st.markdown(
            f"Above {MANY:,} rows the resamples are {FEW}, not {USUAL}, unless you pick more: "
            f"each of them draws {rows:,} rows."
        )
    # A float, because Streamlit stops at an infinite whole number in a link.
    seed = st.number_input(
        "Seed of the draw",
        0.0,
        999_999.0,
        0.0,
        1.0,
        "%.0f",
        key="sure_seed",
        bind="query-params",
        help="Another seed, other resamples: what changes much with it needs more of them",
    )
    return Draw(LEVELS[level], COUNTS[count], int(seed + 0.5))


def _left_out(names: list[str], loss: Loss) -> None:
    for name in names:
        st.warning(
            f"{controls.quoted(name)} costs ∞ under {loss} and is left out: "
            "an infinite cost has no difference to resample."
        )


def _against_winner(case: Case, loss: Loss, names: list[str], draw: Draw) -> Uncertainty:
    """Every model against the winner; ValueError where nothing can be resampled."""
    predictions = {name: case.data.column(name) for name in names}
    places = [case.models.index(name) for name in names]
    return cached.resampled(
        f"sureness {case.data.digest} {loss!r} {places} {draw!r}",
        lambda: uncertainty(case.data.target, predictions, loss, **_asked(case, draw)),
    )


def _two(case: Case, loss: Loss, first: str, second: str, draw: Draw) -> Bootstrap:
    """Two models against each other, over the same resamples."""
    places = case.models.index(first), case.models.index(second)
    one, other = case.data.column(first), case.data.column(second)
    return cached.resampled(
        f"two {case.data.digest} {loss!r} {places} {draw!r}",
        lambda: bootstrap(case.data.target, one, other, loss, **_asked(case, draw)),
    )


def _asked(case: Case, draw: Draw) -> dict[str, Any]:
    return {
        "resamples": draw.resamples,
        "seed": draw.seed,
        "level": draw.level,
        "weight": case.weight,
        "group": case.group,
    }


def _first(found: Uncertainty, winners: Sequence[str], rows: int) -> str:
    """Who costs the least, and how often still does."""
    best = controls.quoted(found.models[found.winner])
    units = f"{rows:,} rows" if found.groups is None else f"{found.groups:,} groups"
    often = f"{percent(found.cheapest[found.winner])} of {found.resamples:,} resamples of {units}"
    if len(winners) > 1:
        tied = " and ".join(map(controls.quoted, winners))
        return f"{tied} tie, and {best} costs the least in {often}, ties shared equally."
    return f"{best} costs the least, and still does in {often}."


def _near(found: Uncertainty) -> str:
    """Whether the rows tell the winner from the others."""
    level, best = f"{percent(found.level, 0)}", controls.quoted(found.models[found.winner])
    near = [
        controls.quoted(name)
        for place, name in enumerate(found.models)
        if place != found.winner and found.low[place] <= 0 <= found.high[place]
    ]
    if near:
        them = "it" if len(near) == 1 else "them"
        return (
            f"The {level} interval holds 0 for {' and '.join(near)}: "
            f"these rows do not tell {them} from {best}."
        )
    return f"No other model's {level} interval holds 0: these rows tell {best} from the rest."


def _numbers(found: Uncertainty, costs: dict[str, float]) -> None:
    """Cost, difference, interval and chance of each model, the cheapest first."""
    order = [found.models.index(name) for name in costs if name in found.models]
    level = f"{percent(found.level, 0)} interval"
    st.table(
        {
            "Model": [controls.quoted(found.models[model]) for model in order],
            "Cost": [readable(costs[found.models[model]]) for model in order],
            "Above the winner": [readable(found.difference[model]) for model in order],
            level: [_between(found, model) for model in order],
            "P(cheapest)": [percent(found.cheapest[model]) for model in order],
        },
        hide_index=True,
    )


def _between(found: Uncertainty, model: int) -> str:
    if model == found.winner:
        return "the winner"
    return f"{readable(found.low[model])} to {readable(found.high[model])}"


def _pair(case: Case, loss: Loss, names: list[str], draw: Draw) -> None:
    """Any two models: how sure it is which of them is cheaper."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        help = "Whose cost comes first in the difference: below 0 it is the cheaper one"
        first = case.model("Model", "the winner", names, "sure_first", help)
        others = [name for name in names if name != first]
        help = "Whose cost is taken off"
        second = case.model("Against", "the cheapest other", others, "sure_second", help)
        found = _two(case, loss, first, second, draw)
        one, other = controls.quoted(first), controls.quoted(second)
        st.markdown(
            f"{one} is better than {other} in **{percent(found.probability)}** of the resamples, "
            "those where both cost the same counted half."
        )
    places = case.models.index(first), case.models.index(second)
    with stage:
        show(spread_figure(found, case.models, places), "spread")
