"""How sure the verdict is: what becomes of it when the rows are drawn anew."""

from collections.abc import Sequence

import streamlit as st

from charts.numbers import percent, readable
from charts.sureness import differences_figure, spread_figure
from losses import Loss
from losses.verdict import Uncertainty
from pages.shared import controls, resamples
from pages.shared.case import Case
from pages.shared.figure import show

LEVELS = {f"{share} %": share / 100 for share in (80, 90, 95, 99)}
COUNTS = {f"{count:,}": count for count in (500, 1_000, 2_000, 5_000, 10_000)}
USUAL, FEW = "2,000", "500"


def answer(case: Case) -> None:
    """The draw; every model against the winner; two models against each other; the numbers."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        loss = case.judge("sure")
        draw = _draw(len(case.data))
        every = len(case.losses) > 1 and _every_asked(len(case.data))
    costs, names = case.costs(loss), resamples.finite(case, loss)
    with stage:
        _left_out([name for name in case.models if name not in names], loss)
        if len(names) < 2:
            st.info("There are not two models of finite cost to tell apart.")
            return
        try:
            found = resamples.against_winner(case, loss, draw)
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
    if every:
        _every(case, draw)
    _pair(case, loss, [name for name in costs if name in names], draw)


def _draw(rows: int) -> resamples.Draw:
    """The knobs of the bootstrap."""
    help = "How often, over many samples, the interval would hold the true difference, about"
    level = controls.one_of("Interval", list(LEVELS), "sure_level", help, index=2)
    many = rows > resamples.MANY
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
            f"Above {resamples.MANY:,} rows the resamples are {FEW}, not {USUAL}, unless you pick "
            f"more: each of them draws {rows:,} rows."
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
    return resamples.Draw(LEVELS[level], COUNTS[count], int(seed + 0.5))


def _left_out(names: list[str], loss: Loss) -> None:
    for name in names:
        st.warning(
            f"{controls.quoted(name)} costs ∞ under {loss} and is left out: "
            "an infinite cost has no difference to resample."
        )


def _every_asked(rows: int) -> bool:
    """Whether all losses are answered: of many rows only if one says so."""
    help = "The winner against the runner-up under every loss shown; of many rows it takes longer"
    return rows <= resamples.MANY or controls.switch("Every loss", False, "sure_every", help)


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


def _every(case: Case, draw: resamples.Draw) -> None:
    """Under every loss shown: by how much the runner-up costs more than the winner, and how sure
    that is."""
    lines = [_against(case, loss, draw) for loss in case.losses]
    level = f"{percent(draw.level, 0)} interval"
    names = ("Winner", "Runner-up", level, "P(winner better)")
    st.markdown("Under every loss shown: how much more than the winner the runner-up costs")
    columns = dict(zip(names, map(list, zip(*lines, strict=True)), strict=True))
    st.table({"Loss": list(map(str, case.losses)), **columns}, hide_index=True)


def _against(case: Case, loss: Loss, draw: resamples.Draw) -> tuple[str, str, str, str]:
    """The winner, the runner-up, the interval between them and how often the winner is better."""
    best, other = list(case.costs(loss))[:2]
    names = controls.quoted(best), controls.quoted(other)
    found = resamples.every(case, loss, draw)
    if found is None or other not in found.models:
        return *names, "—", "—"
    model = found.models.index(other)
    between = f"{readable(found.low[model])} to {readable(found.high[model])}"
    return *names, between, percent(found.above(model))


def _between(found: Uncertainty, model: int) -> str:
    if model == found.winner:
        return "the winner"
    return f"{readable(found.low[model])} to {readable(found.high[model])}"


def _pair(case: Case, loss: Loss, names: list[str], draw: resamples.Draw) -> None:
    """Any two models: how sure it is which of them is cheaper."""
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        help = "Whose cost comes first in the difference: below 0 it is the cheaper one"
        first = case.model("Model", "the winner", names, "sure_first", help)
        others = [name for name in names if name != first]
        help = "Whose cost is taken off"
        second = case.model("Against", "the cheapest other", others, "sure_second", help)
        found = resamples.two(case, loss, first, second, draw)
        one, other = controls.quoted(first), controls.quoted(second)
        st.markdown(
            f"{one} is better than {other} in **{percent(found.probability)}** of the resamples, "
            "those where both cost the same counted half."
        )
    places = case.models.index(first), case.models.index(second)
    with stage:
        show(spread_figure(found, case.models, places), "spread")
