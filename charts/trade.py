"""Recall against calibration: both over the knob that moves them, and a mark where it stands."""

import numpy as np

from charts.figure import Figure, Film, Move
from charts.numbers import percent, readable
from charts.style import AID, APART, COMPARED, FOCUS, LEGEND, Layout, Trace, axis, line
from losses.arrays import Array
from losses.imbalance.trade import Trade

HEIGHT = 500
KNOBS = {"weight": "weight w of class 1 (logarithmic)", "gamma": "focal γ"}
MEASURES = {
    "mean": "mean p",
    "error": "calibration error",
    "brier": "Brier score",
    "log_loss": "log loss (nats)",
}
MODEL, STEADY, AIDE = (f"${APART[k]}" for k in (1, 0, 2))


def trade_figure(found: Trade, measure: str, at: float, done: str = "trained with") -> Figure:
    """Recall and precision above, one measure of calibration below; `at` is where the knob stands.

    `done` says what is done with the knob. Dashed is what a threshold does instead: it moves the
    decision and leaves the model alone.
    """
    x = found.stops
    model = f"{done} {found.letter}"
    data = [
        _curve(x, found.ratio("recall"), model, MODEL, "solid"),
        _curve(x, found.measure(measure), model, MODEL, "solid", panel=2),
        _curve(x, found.ratio("precision"), "its precision", AIDE, "dot"),
    ]
    if found.steady:
        name = "threshold moved instead"
        recall, steady = (found.ratio("recall", steady=True), found.measure(measure, steady=True))
        data.append(_curve(x, recall, name, STEADY, "dash"))
        data.append(_curve(x, steady, name, STEADY, "dash", panel=2))
    if measure == "mean":
        rate = np.full_like(x, found.rate)
        data.append(_curve(x, rate, "share of class 1", "$muted", "dot", panel=2, named=True))
    span = _span(data)
    film = _mark(data, found, span, at)
    return Figure(
        data, _layout(found, measure, span), _alt(found, measure, at), HEIGHT,
        _table(found, measure), {found.knob: film},
    )  # fmt: skip


def _curve(
    x: Array, y: Array, name: str, color: str, dash: str, *, panel: int = 1, named: bool = False
) -> Trace:
    """One curve; the legend names those of the upper panel, and those that are `named`."""
    look = {"color": color, "dash": dash, "width": FOCUS if dash == "solid" else COMPARED}
    return line(x, y, name, look, panel=panel) | {"showlegend": named or panel == 1}


def _span(data: list[Trace]) -> list[float]:
    """The heights of the lower panel: from 0 to beyond the largest that is finite."""
    every = np.concatenate([trace["y"] for trace in data if trace["yaxis"] == "y2"])
    return [0.0, 1.08 * float(np.nanmax(every, initial=0.01))]


def _mark(data: list[Trace], found: Trade, span: list[float], at: float) -> Film:
    """Upright lines where the knob stands, and the film that moves them with it."""
    stops = np.linspace(found.stops[0], found.stops[-1], 199)
    moves = []
    for panel, ends in ((1, [-0.1, 1.1]), (2, span)):
        moves.append(Move(len(data), np.repeat(stops[:, None], 2, axis=1), None))
        ink = {"color": "$ink", "width": AID + 0.5}
        here = line(np.array([at, at]), np.array(ends), "here", ink, panel=panel, hoverinfo="skip")
        data.append(here | {"showlegend": False})
    return Film(tuple(moves), stops, at)


def _layout(found: Trade, measure: str, span: list[float]) -> Layout:
    x = axis(KNOBS[found.knob], _range(found)) | {"anchor": "y2"}
    if found.knob == "weight":
        ticks = [1, 2, 5, 10, 20, 50, 100]
        x |= {"type": "log", "tickvals": ticks, "ticktext": [f"{tick}" for tick in ticks]}
    return {
        **LEGEND,
        "xaxis": x,
        "yaxis": axis("recall (precision)", [-0.03, 1.03]) | {"domain": [0.53, 1]},
        "yaxis2": axis(MEASURES[measure], span) | {"domain": [0, 0.46]},
    }


def _range(found: Trade) -> list[float]:
    """The range of the axis, with a little room; of a logarithmic one, in powers of ten."""
    low, high = float(found.stops[0]), float(found.stops[-1])
    if found.knob == "weight":
        low, high = float(np.log10(low)), float(np.log10(high))
    return [low - 0.02 * (high - low), high + 0.02 * (high - low)]


def _table(found: Trade, measure: str) -> dict[str, Array]:
    table = {found.knob: found.stops}
    table |= {name: found.ratio(name) for name in ("recall", "precision")}
    table |= {MEASURES[name]: found.measure(name) for name in MEASURES}
    if found.steady:
        table["recall, threshold moved"] = found.ratio("recall", steady=True)
        moved = found.measure(measure, steady=True)
        table[f"{MEASURES[measure]}, threshold moved"] = moved
    return table


def _alt(found: Trade, measure: str, at: float) -> str:
    recall, off = found.ratio("recall"), found.measure(measure)
    ends = [percent(float(recall[k])) for k in (0, -1)]
    costs = [readable(float(off[k])) for k in (0, -1)]
    low, high = readable(float(found.stops[0])), readable(float(found.stops[-1]))
    return (
        f"As {found.knob} runs from {low} to {high}, recall goes from {ends[0]} to {ends[1]} and "
        f"{MEASURES[measure]} from {costs[0]} to {costs[1]}; the mark stands at {readable(at)}."
    )
