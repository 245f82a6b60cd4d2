"""Three readings of focal's formula: what it costs to predict one number for every row."""

from functools import lru_cache
from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move
from charts.numbers import readable
from charts.style import AID, COMPARED, FOCUS, LEGEND, Layout, Trace, axis, line, stroke
from losses.arrays import Array
from losses.probabilistic import Focal
from losses.verdict.readings import READINGS, SURE, Readings, constants

HEIGHT = 480
P = np.linspace(0, 1, 401)[1:-1]
LOW, HIGH = 1e-4, 10.0
GAMMA = Focal.parameters()[0]
STOPS = tuple(GAMMA.grid())
LOOKS = (
    {"color": "$4", "dash": "dash", "width": FOCUS},
    stroke(Focal(), focus=True),
    {"color": "$1", "dash": "dot", "width": COMPARED + 0.5},
)


def readings_figure(found: Readings) -> Figure:
    """The cost of every constant under each reading, and where it is least."""
    gamma, alpha = found.focal.gamma, found.focal.alpha
    assert alpha is not None
    swept = _swept(STOPS, found.base, alpha)
    here = _swept((gamma,), found.base, alpha)
    pairs = zip(READINGS, LOOKS, strict=True)
    data: list[Trace] = [
        line(P, curve, name, look) for (name, look), curve in zip(pairs, here[0], strict=True)
    ]
    (place,), (height,) = _least(here)
    data.append(_dots(place, height))
    places, heights = _least(swept)
    moves = [Move(reading, None, swept[:, reading]) for reading in range(3)]
    film = Film((*moves, Move(3, places, heights)), np.array(STOPS), gamma)
    table = {"ŷ": P} | dict(zip(READINGS, here[0], strict=True))
    return Figure(data, _layout(found.base), _alt(found), HEIGHT, table, {GAMMA.name: film})


@lru_cache(maxsize=16)
def _swept(gammas: tuple[float, ...], base: float, alpha: float) -> Array:
    """The cost of every constant under each reading, `(gammas, 3, points)`."""
    return np.array([constants(P, base, gamma, alpha) for gamma in gammas])


def _least(swept: Array) -> tuple[Array, Array]:
    """Where the curves of the two readings that know y are lowest on the grid."""
    lowest = swept[:, 1:].argmin(axis=2)
    return P[lowest], np.take_along_axis(swept[:, 1:], lowest[:, :, None], axis=2)[:, :, 0]


def _layout(base: float) -> Layout:
    """The axes, with the base rate and the sure prediction marked."""
    return {
        "xaxis": axis("one prediction ŷ for every row", [0, 1]),
        "yaxis": axis("cost, logarithmic", np.log10([LOW, HIGH]).tolist())
        | {"type": "log", "exponentformat": "power", "dtick": 1},
        "shapes": [_upright(base), _upright(SURE)],
        "annotations": [
            _word(base, f"base rate {readable(base, 3)}", base > 0.6),
            _word(SURE, f"always {SURE:g}", True),
        ],
        **LEGEND,
    }


def _dots(x: Array, y: Array) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "name": "cheapest",
        "marker": {
            "color": "$accent", "symbol": "diamond", "size": 12,
            "line": {"color": "$paper", "width": 1},
        },
        "hovertemplate": "cheapest near ŷ = %{x:.3g}: %{y:.4g}<extra></extra>",
    }  # fmt: skip


def _upright(at: float) -> dict[str, Any]:
    return {
        "type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
        "line": {"color": "$muted", "width": AID + 0.5, "dash": "dot"},
    }  # fmt: skip


def _word(at: float, text: str, left: bool) -> Layout:
    return {
        "x": at, "yref": "paper", "y": 0.99, "yanchor": "top", "showarrow": False, "text": text,
        "xanchor": "right" if left else "left", "xshift": -4 if left else 4,
    }  # fmt: skip


def _alt(found: Readings) -> str:
    parts = [
        f"{name}: {readable(float(found.cost[place, 1]))} for always {SURE:g}, "
        f"{readable(float(found.cost[place, 2]))} for the base rate, least at "
        f"{readable(float(found.best[place]), 3)}"
        for place, name in enumerate(READINGS)
    ]
    return (
        f"What one prediction for every row costs under three readings of focal, gamma "
        f"{found.focal.gamma:g}, alpha {found.focal.alpha:g}, where "
        f"{readable(found.base, 3)} of the rows are of class 1. {'; '.join(parts)}."
    )
