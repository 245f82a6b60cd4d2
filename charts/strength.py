"""What figures over the strength of a penalty share: their axis, their film and where λ stands."""

from typing import Any

import numpy as np

from charts.figure import Film, Move
from charts.style import AID, FOCUS, Layout, Trace

NAMES = ("Data cost", "Penalty", "Objective")
SHARE = "log₁₀ (λ ÷ λ₀)"  # in a table of numbers
LOOKS: tuple[dict[str, Any], ...] = (
    {"color": "$1", "width": FOCUS, "dash": "solid"},
    {"color": "$4", "width": FOCUS - 1, "dash": "dash"},
    {"color": "$ink", "width": FOCUS - 1, "dash": "dot"},
)


def axis(stops: np.ndarray) -> Layout:
    """The strength, from the weakest to the strongest."""
    room = 0.02 * (stops.max() - stops.min())
    title = {"text": "log₁₀ (λ ÷ λ₀): weak to strong"}
    return {"range": [stops.min() - room, stops.max() + room], "title": title}


def cursor(at: float, span: tuple[float, float], **more: Any) -> Trace:
    """An upright line where λ stands."""
    return {
        "type": "scatter", "mode": "lines", "x": np.array([at, at]), "y": np.array(span),
        "line": {"color": "$ink", "width": AID, "dash": "dot"}, "name": "λ", "hoverinfo": "skip",
        "showlegend": False, **more,
    }  # fmt: skip


def cursors(trace: int, stops: np.ndarray) -> Move:
    """The same line at every stop."""
    return Move(trace, np.repeat(stops[:, None], 2, axis=1))


def dot(x: float, y: float, color: str, name: str, **more: Any) -> Trace:
    """A large mark on a curve."""
    marker = {"color": color, "size": 10, "line": {"color": "$paper", "width": 1.5}}
    return {
        "type": "scatter", "mode": "markers", "x": np.array([x]), "y": np.array([y]),
        "marker": marker, "name": name, "showlegend": False, "hoverinfo": "skip", **more,
    }  # fmt: skip


def dots(trace: int, stops: np.ndarray, values: np.ndarray) -> Move:
    """The same mark at every stop."""
    return Move(trace, stops[:, None], values[:, None])


def film(moves: list[Move], stops: np.ndarray, place: int, key: str) -> dict[str, Film]:
    """Frames at every stop, for the slider of that key."""
    return {key: Film(tuple(moves), stops, float(stops[place]))}
