"""Where the winner changes: every value of a parameter of a loss at which another model wins."""

import streamlit as st

from charts.changes import changes_figure
from charts.numbers import apart, readable
from losses import Loss
from losses.spec import Parameter
from losses.verdict import Crossings, crossings
from losses.verdict.reach import grid, reach, span
from pages.shared import cached, controls
from pages.shared.case import Case
from pages.shared.figure import show
from pages.shared.findings import tunable

DIGITS = 6  # of a flip in a sentence
NARROW = 1e-9  # of its ends: a narrower range has no places for a slider
FIRST = (("huber", "delta"), ("cross_entropy", "positive_weight"), ("softmax_focal", "gamma"))


def answer(case: Case) -> None:
    """The parameter, its range and a slider; the figure; the flips in words and digits."""
    if len(case.models) < 2:
        st.info("There is one model only: no other could win.")
        return
    rail, stage = st.columns([1, 3.2], gap="large")
    with rail:
        loss, parameter = _picked(case)
        key = f"flip_{loss.slug}_{parameter.name}"
        low, high = _range(case, loss, parameter, key)
    try:
        found = _found(case, loss, parameter, low, high)
    except ValueError as error:
        stage.error(controls.quoted(str(error)))
        return
    stops = grid(low, high)
    with rail:
        at = _slider(parameter, loss, key, stops.tolist())
    with stage:
        _sentence(found, parameter)
        show(changes_figure(found, parameter.letter, at, key, stops), "changes")
    with rail:
        _costs(found, at)
    _flips(found, parameter)


def _picked(case: Case) -> tuple[Loss, Parameter]:
    """The parameter that runs; the usual one first."""
    offered = sorted(tunable(case), key=lambda pair: (pair[0].slug, pair[1].name) not in FIRST)
    names = {f"{loss.name} {parameter.letter}": (loss, parameter) for loss, parameter in offered}
    help = "The knob that is turned; the others of its loss stay as they stand above"
    return names[controls.one_of("Parameter", list(names), "flip", help)]


def _range(case: Case, loss: Loss, parameter: Parameter, key: str) -> tuple[float, float]:
    """From where to where it runs: what can matter on these rows, unless it is said."""
    usual = reach(case.data.target, case.predictions, type(loss), parameter)
    least, most = span(parameter)
    help = "The range in which flips are looked for; empty is where it can matter on these rows"
    said = [
        column.number_input(
            label,
            least,
            most,
            None,
            format="%.6g",
            key=f"{key}_{label.lower()}",
            bind="query-params",
            help=help,
            placeholder=readable(end),
        )
        for column, label, end in zip(st.columns(2), ("From", "To"), usual, strict=True)
    ]
    low, high = (end if one is None else one for one, end in zip(said, usual, strict=True))
    if high - low > NARROW * max(abs(low), abs(high)):
        return low, high
    st.markdown(f"From must lie below To: here is {readable(usual[0])} to {readable(usual[1])}.")
    return usual


def _slider(parameter: Parameter, loss: Loss, key: str, stops: list[float]) -> float:
    """Where the figure is read: the slider begins where the loss stands above."""
    now = getattr(loss, parameter.name)
    start = min(stops, key=lambda stop: abs(stop - (stops[0] if now is None else now)))
    return st.slider(
        f"{loss.name} {parameter.letter}",
        stops[0],
        stops[-1],
        start,
        stops[1] - stops[0],
        format="%.4g",
        key=key,
        help="Drag it across a flip, and another model wins; the arrow keys go stop by stop",
        bind="query-params",
    )


def _found(case: Case, loss: Loss, parameter: Parameter, low: float, high: float) -> Crossings:
    """Every flip on the range; ValueError where the range or the rows are none."""
    key = f"{case.data.digest} {loss!r}"
    return cached.raced(
        f"flips {key} {parameter.name} {low!r} {high!r}",
        lambda: crossings(
            case.data.target, case.predictions, loss, parameter.name, low, high, case.data.weight
        ),
    )


def _sentence(found: Crossings, parameter: Parameter) -> None:
    """Who wins where; the table below has every digit of every flip."""
    letter = parameter.letter
    if not len(found.at):
        low, high = readable(found.low), readable(found.high)
        said = f"{_who(found.winners[0])} for every {letter} from {low} to {high}: no flip."
    else:
        bands = enumerate(found.winners)
        parts = [f"{_who(winners)} {_where(found, place, letter)}" for place, winners in bands]
        said = f"{'; '.join(parts)}."
    st.info(f"Under {found.loss.name}, {said}")
    if not found.certain:
        st.warning(found.sentence)


def _who(winners: tuple[str, ...]) -> str:
    if not winners:
        return "nobody wins (all costs are ∞)"
    names = " and ".join(map(controls.quoted, winners))
    return f"{names} {'wins' if len(winners) == 1 else 'tie'}"


def _where(found: Crossings, place: int, letter: str) -> str:
    """The band of one winner, in words."""
    edges = [f"{letter} = {at}" for at in apart(found.at.tolist(), DIGITS)]
    if place == 0:
        return f"below {edges[0]}"
    if place == len(edges):
        return f"above {edges[-1]}"
    return f"from there to {edges[place]}" if place == 1 else f"then to {edges[place]}"


def _costs(found: Crossings, at: float) -> None:
    """Who wins where the slider stands, and what each model costs there."""
    st.markdown(f"**Here** {_who(found.winners_at(at))}")
    st.table(
        {
            "Model": list(map(controls.quoted, found.models)),
            "Cost": [readable(cost, 6) for cost in found.costs([at])[:, 0].tolist()],
        },
        hide_index=True,
    )


def _flips(found: Crossings, parameter: Parameter) -> None:
    """The flips as a list, in full digits."""
    if not len(found.at):
        return
    pairs = zip(found.winners, found.winners[1:], strict=False)
    changes = [f"{_names(before)} → {_names(after)}" for before, after in pairs]
    places = list(map(repr, found.at.tolist()))
    st.dataframe({parameter.letter: places, "Winner": changes}, hide_index=True)


def _names(winners: tuple[str, ...]) -> str:
    return " and ".join(winners) or "none"
