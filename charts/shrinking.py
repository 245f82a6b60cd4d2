"""The probability that focal loss asks for against the true rate, and a model's own rows on it."""

from functools import lru_cache
from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move
from charts.numbers import readable
from charts.style import AID, LEGEND, Layout, Trace, axis, line, spread, stroke
from losses.arrays import Array
from losses.links import sigmoid
from losses.probabilistic import Focal
from losses.verdict.focal import asked, recovered
from losses.verdict.shrinking import Shrinking

HEIGHT = 470
RUG_ROWS = 200
RATES = np.array([0.6, 0.8, 0.9])
P = sigmoid(np.linspace(-10, 10, 301))  # what is asked; the rates follow from it in closed form
WINDOW = [-0.05, 1.03]
GAMMA = Focal.parameters()[0]
STOPS = tuple(GAMMA.grid())
OUTSIDE = -0.03  # where the rugs stand


def shrinking_figure(found: Shrinking, focal: Focal) -> Figure:
    """The curve beside the diagonal; the rows below as given, and left as focal leaves them."""
    gamma, alpha = focal.gamma, focal.alpha
    rows = found.given[spread(len(found.given), RUG_ROWS)]
    (rates,), (left,) = _rates((gamma,), alpha), _swept((gamma,), rows.tobytes(), alpha)
    ends = np.array([0.0, 1.0])
    data = [
        line(ends, ends, "cross-entropy: the rate itself",
             {"color": "$muted", "width": AID + 0.5, "dash": "dash"}),
        line(rates, P, "Focal", stroke(Focal(), focus=True),
             hovertemplate="Focal asks for %{y:.4f} where the rate is %{x:.4f}<extra></extra>"),
        _marks(asked(RATES, gamma, alpha)),
        _rug(rows, np.full(len(rows), OUTSIDE), "your rows, as given", "line-ns-open"),
        _rug(np.full(len(rows), OUTSIDE), left, "as focal would leave them", "line-ew-open"),
    ]  # fmt: skip
    moves = (
        Move(1, _rates(STOPS, alpha)),
        Move(2, None, _swept(STOPS, RATES.tobytes(), alpha)),
        Move(4, None, _swept(STOPS, rows.tobytes(), alpha)),
    )
    table = {"true rate η": rates, "asked for": P}
    film = Film(moves, np.array(STOPS), gamma)
    return Figure(data, _layout(), _alt(found, focal), HEIGHT, table, {GAMMA.name: film})


@lru_cache(maxsize=16)
def _rates(gammas: tuple[float, ...], alpha: float | None) -> Array:
    """The true rates at which P is asked for, for each gamma."""
    return np.array([recovered(P, gamma, alpha) for gamma in gammas])


@lru_cache(maxsize=32)
def _swept(gammas: tuple[float, ...], rates: bytes, alpha: float | None) -> Array:
    """What is asked for at some rates, for each gamma; kept, for every run asks again."""
    given = np.frombuffer(rates)
    return np.array([asked(given, gamma, alpha) for gamma in gammas])


def _marks(heights: Array) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": RATES, "y": heights, "name": "η = .6, .8, .9",
        "marker": {
            "color": "$accent", "symbol": "diamond", "size": 12,
            "line": {"color": "$paper", "width": 1},
        },
        "hovertemplate": "where the rate is %{x:.2g}, focal asks for %{y:.4f}<extra></extra>",
    }  # fmt: skip


def _rug(x: Array, y: Array, name: str, symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "name": name, "hoverinfo": "skip",
        "marker": {"symbol": symbol, "size": 11, "color": "$ink/0.45", "line": {"width": 1}},
    }  # fmt: skip


def _layout() -> Layout:
    return {
        "xaxis": axis("true rate η, or a probability as given", WINDOW) | {"zeroline": False},
        "yaxis": axis("what focal asks for", WINDOW) | {"zeroline": False},
        **LEGEND,
    }


def _alt(found: Shrinking, focal: Focal) -> str:
    wanted = asked(RATES, focal.gamma, focal.alpha).tolist()
    said = ", ".join(f"{p:.4f} at {rate:g}" for p, rate in zip(wanted, RATES, strict=True))
    return (
        f"The probability that {focal} asks for against the true rate: {said}. It would move "
        f"{found.far} of {found.rows} rows by more than 0.05, by {readable(found.mean, 3)} in the "
        "mean."
    )
