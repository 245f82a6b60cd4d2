"""What losses of a probability cost on average at a true rate, and where they bottom."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from charts.figure import Figure, Film, Move
from charts.style import AID, LEGEND, Layout, Trace, axis, line, stroke
from losses import Loss
from losses.arrays import Array
from losses.verdict.floor import RATES, bottom, expected

HEIGHT = 500
P = np.linspace(0, 1, 121)[1:-1]
SYMBOLS = ("circle", "square", "diamond", "cross", "x")
HIGH = 2.0  # nats


def floor_figure(losses: Sequence[Loss], eta: float, key: str) -> Figure:
    """Left the average loss over p at a true rate, right each loss's best p and floor by rate.

    The first loss is in focus; a dotted line stands at the truth.
    """
    here = int(np.abs(RATES - eta).argmin())
    data = [_upright(eta)]
    moves = [Move(0, np.repeat(RATES[:, None], 2, axis=1))]
    for place, loss in enumerate(losses):
        found = _swept(loss)
        look, symbol = stroke(loss, focus=place == 0), SYMBOLS[place % len(SYMBOLS)]
        moves.append(Move(len(data), None, found[0]))
        data.append(line(P, found[0][here], loss.name, look))
        for panel, y in ((2, found[1]), (3, found[2])):
            data.append(line(RATES, y, loss.name, look, panel=panel) | {"xaxis": "x2"})
        for panel, x, y in ((1, found[1], found[2]), (2, RATES, found[1]), (3, RATES, found[2])):
            moves.append(Move(len(data), x[:, None], y[:, None]))
            data.append(_mark(loss, symbol, x[here : here + 1], y[here : here + 1], panel))
    ends = np.array([0.0, 1.0])
    dotted = {"color": "$muted", "width": AID, "dash": "dot"}
    data.append(line(ends, ends, "p* = η", dotted, panel=2, hoverinfo="skip") | {"xaxis": "x2"})
    table = {"p": P} | {str(loss): _swept(loss)[0][here] for loss in losses}
    film = Film(tuple(moves), RATES, eta)
    return Figure(data, _layout(), _alt(losses, eta), HEIGHT, table, {key: film}, _narrow())


@lru_cache(maxsize=32)
def _swept(loss: Loss) -> tuple[Array, Array, Array]:
    """Average losses `(rates, points)`, best p and floor `(rates,)` at every stop of η; kept."""
    found = [bottom(loss, eta) for eta in RATES.tolist()]
    costs = np.array([expected(loss, P, eta) for eta in RATES.tolist()])
    return costs, np.array([one.p for one in found]), np.array([one.floor for one in found])


def _upright(eta: float) -> Trace:
    look = {"color": "$muted", "width": AID + 0.5, "dash": "dot"}
    ends = np.array([-1.0, 9.0])
    return line(np.full(2, eta), ends, "the truth: p = η", look, hoverinfo="skip")


def _mark(loss: Loss, symbol: str, x: Array, y: Array, panel: int) -> Trace:
    outline = {"color": "$paper", "width": 1}
    marker = {"color": stroke(loss)["color"], "symbol": symbol, "size": 12, "line": outline}
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker,
        "name": f"{loss.name}: bottom", "showlegend": False,
        "xaxis": "x" if panel == 1 else "x2", "yaxis": "y" if panel == 1 else f"y{panel}",
        "hovertemplate": f"{loss.name}: %{{y:.4g}} at %{{x:.4g}}<extra></extra>",
    }  # fmt: skip


def _layout() -> Layout:
    return {
        **LEGEND,
        "xaxis": axis("answer p", [0, 1]) | {"domain": [0, 0.52], "anchor": "y"},
        "yaxis": axis("average loss in nats", [-0.05, HIGH]) | {"domain": [0, 1]},
        "xaxis2": axis("true rate η", [0, 1]) | {"domain": [0.62, 1], "anchor": "y3"},
        "yaxis2": axis("best p", [-0.03, 1.03]) | {"domain": [0.54, 1], "anchor": "x2"},
        "yaxis3": axis("floor", [-0.03, 0.9]) | {"domain": [0, 0.44], "anchor": "x2"},
    }


def _narrow() -> Layout:
    return {
        "height": 780,
        "xaxis": {"domain": [0, 1]},
        "yaxis": {"domain": [0.64, 1]},
        "xaxis2": {"domain": [0, 1]},
        "yaxis2": {"domain": [0.3, 0.54]},
        "yaxis3": {"domain": [0, 0.24]},
    }


def _alt(losses: Sequence[Loss], eta: float) -> str:
    found = [(loss, bottom(loss, eta)) for loss in losses]
    said = "; ".join(
        f"{loss} at p = {one.p:.4g}, where it is {one.floor:.4g}" for loss, one in found
    )
    return f"Average loss over p where {eta:g} of the rows are of class 1. It bottoms: {said}."
