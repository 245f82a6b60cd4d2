"""Margin losses beside the count of mistakes, and what a score costs on average at a true rate."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move
from charts.numbers import readable
from charts.style import AID, COLORS, LEGEND, Layout, Trace, axis, line, stroke
from losses.arrays import Array
from losses.axes import MARGIN
from losses.curve import sample
from losses.families import MarginLoss
from losses.verdict.margins import BESIDE, RATES, Lowest, lowest, risk

HEIGHT = 500
S = np.linspace(MARGIN.low, MARGIN.high, 121)  # with 0, where the count of mistakes jumps
SYMBOLS = ("circle", "diamond", "square", "cross", "x", "triangle-up")
NONE = np.array([np.nan])


def margins_figure(losses: Sequence[MarginLoss], eta: float, key: str) -> Figure:
    """Left the losses over the margin, right their conditional risks over the score.

    A mark stands where a risk is at its lowest; a bar where it is at all scores of an interval.
    """
    here = int(np.abs(RATES - eta).argmin())
    data: list[Trace] = []
    moves = []
    for place, (loss, look) in enumerate(zip(losses, looks(losses), strict=True)):
        symbol = SYMBOLS[place % len(SYMBOLS)]
        curve = sample(loss)
        data.append(line(curve.x, curve.value, loss.name, look))
        risks, flat, level = _swept(loss)
        moves.append(Move(len(data), None, risks))
        data.append(line(S, risks[here], loss.name, look, panel=2) | {"xaxis": "x2"})
        moves.append(Move(len(data), flat, level))
        data.append(_mark(loss, look["color"], symbol, flat[here], level[here]))
    table = {"score": S} | {f"{loss}: risk": _swept(loss)[0][here] for loss in losses}
    film = Film(tuple(moves), RATES, eta)
    return Figure(data, _layout(eta), _alt(losses, eta), HEIGHT, table, {key: film}, _narrow())


def where(one: Lowest) -> str:
    """The best scores in words."""
    low, high = (readable(0.0 if abs(end) <= BESIDE else end) for end in (one.low, one.high))
    match one.low == -np.inf, one.high == np.inf:
        case True, True:
            return "every score but 0"
        case False, True:
            return f"above {low}"
        case True, False:
            return f"below {high}"
    return low if one.low == one.high else f"{low} to {high}"


def looks(losses: Sequence[MarginLoss]) -> list[dict[str, Any]]:
    """The stroke of each loss, its own but where another one has its color: then a free one.

    There are more losses than colors, so of seven or more some share one.
    """
    found = [stroke(loss, focus=place == 0) for place, loss in enumerate(losses)]
    owned = {look["color"] for look in found}
    free = [f"${k}" for k in range(COLORS) if f"${k}" not in owned]
    taken: set[str] = set()
    for look in found:
        if look["color"] in taken and free:
            look["color"] = free.pop(0)
        taken.add(look["color"])
    return found


@lru_cache(maxsize=32)
def _swept(loss: MarginLoss) -> tuple[Array, Array, Array]:
    """Risks `(rates, points)`, and the two ends of what is lowest as x and y `(rates, 2)`."""
    risks = np.array([risk(loss, S, eta) for eta in RATES.tolist()])
    found = [lowest(loss, eta) for eta in RATES.tolist()]
    ends = np.array([(one.low, one.high) for one in found]).clip(MARGIN.low, MARGIN.high)
    level = np.array([(one.risk, one.risk) for one in found])
    beside = np.array([-1e-9, 0.0, 1e-9])
    if np.ptp(loss.phi(beside)) > 0.5:  # it jumps at 0: no line may lead across
        risks[:, len(S) // 2] = np.nan
    return risks, ends, level


def _mark(loss: MarginLoss, color: str, symbol: str, x: Array, y: Array) -> Trace:
    outline = {"color": "$paper", "width": 1}
    return {
        "type": "scatter", "mode": "lines+markers", "x": x, "y": y,
        "line": {"color": color, "width": 5},
        "marker": {"color": color, "symbol": symbol, "size": 11, "line": outline},
        "name": f"{loss.name}: lowest", "showlegend": False, "xaxis": "x2", "yaxis": "y2",
        "hovertemplate": f"{loss.name}: lowest %{{y:.4g}} at %{{x:.4g}}<extra></extra>",
    }  # fmt: skip


def _layout(eta: float) -> Layout:
    upright = {
        "type": "line", "xref": "x2", "yref": "y2 domain", "x0": 0, "x1": 0, "y0": 0, "y1": 1,
        "line": {"color": "$muted", "width": AID, "dash": "dot"},
    }  # fmt: skip
    span = [MARGIN.low, MARGIN.high]
    return {
        **LEGEND,
        "xaxis": axis("margin m = y s", span) | {"domain": [0, 0.46], "anchor": "y"},
        "yaxis": axis("loss", [-0.1, 4.1]) | {"anchor": "x"},
        "xaxis2": axis("score s, given to all", span) | {"domain": [0.55, 1], "anchor": "y2"},
        "yaxis2": axis("average loss", [-0.06, 2.4]) | {"anchor": "x2"},
        "shapes": [upright],
    }


def _narrow() -> Layout:
    return {
        "height": 720,
        "xaxis": {"domain": [0, 1]},
        "yaxis": {"domain": [0.58, 1]},
        "xaxis2": {"domain": [0, 1]},
        "yaxis2": {"domain": [0, 0.44]},
    }


def _alt(losses: Sequence[MarginLoss], eta: float) -> str:
    found = [(loss, lowest(loss, eta)) for loss in losses]
    said = "; ".join(
        f"{loss} {readable(one.risk)}, at a score: {where(one)}" for loss, one in found
    )
    return (
        f"Margin losses, and their average loss over one score for all rows where {eta:g} of them "
        f"are of class +1. Lowest: {said}."
    )
