"""Training cost and cost on unseen rows over λ: both ends are bad."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure, Move
from charts.numbers import readable
from charts.strength import SHARE, axis, cursor, cursors, dot, dots, film
from charts.style import FOCUS, LEGEND, Trace, line, window
from losses.shrink import Tuned

HEIGHT = 500
LOOKS: dict[str, dict[str, Any]] = {
    "training rows": {"color": "$1", "width": 2.2, "dash": "dash"},
    "folds, unseen": {"color": "$4", "width": FOCUS, "dash": "solid"},
    "held out, unseen": {"color": "$2", "width": 2.2, "dash": "dot"},
}


def tuning_figure(found: Tuned, at: Sequence[float], place: int, key: str) -> Figure:
    """The costs, the folds' with a band of one standard error, and the two λ they choose."""
    stops = np.array(at)
    folds = found.folds
    parts = (found.training, folds.costs, found.held_out.costs)
    span = window(np.concatenate([*parts, _low(found), _high(found)]))
    data, moves = [_band(found, stops)], list[Move]()
    for values, (name, look) in zip(parts, LOOKS.items(), strict=True):
        data += [line(stops, values, name, look)]
        moves += [dots(len(data), stops, values)]
        data += [dot(float(stops[place]), float(values[place]), look["color"], name)]
    data += [
        _choice(stops, folds.costs, found.best, "least by folds", "star"),
        _choice(stops, folds.costs, found.simplest, "strongest within one error", "diamond"),
    ]
    moves += [cursors(len(data), stops)]
    data += [cursor(float(stops[place]), (span[0], span[1]))]
    table = {SHARE: stops, "λ": found.path.lams}
    table |= dict(zip(LOOKS, parts, strict=True)) | {"standard error": folds.errors}
    layout = {"xaxis": axis(stops), "yaxis": {"range": span, "title": {"text": "mean loss"}}}
    reel = film(moves, stops, place, key)
    return Figure(data, layout | LEGEND, _alt(found, stops), HEIGHT, table, reel)


def _low(found: Tuned) -> np.ndarray:
    low: np.ndarray = found.folds.costs - found.folds.errors
    return low


def _high(found: Tuned) -> np.ndarray:
    high: np.ndarray = found.folds.costs + found.folds.errors
    return high


def _band(found: Tuned, stops: np.ndarray) -> Trace:
    x, y = np.append(stops, stops[::-1]), np.append(_low(found), _high(found)[::-1])
    color = LOOKS["folds, unseen"]["color"]
    return line(
        x, y, "± one standard error", {"width": 0, "color": color},
        fill="toself", fillcolor=f"{color}/0.16", hoverinfo="skip",
    )  # fmt: skip


def _choice(stops: np.ndarray, costs: np.ndarray, place: int, name: str, symbol: str) -> Trace:
    edge = {"color": "$ink", "width": 2}
    marker = {"symbol": symbol, "size": 15, "color": "$paper", "line": edge}
    return {
        "type": "scatter", "mode": "markers", "x": stops[[place]], "y": costs[[place]],
        "marker": marker, "name": name,
        "hovertemplate": f"{name}: %{{y:.4g}} at %{{x:.4g}}<extra></extra>",
    }  # fmt: skip


def _alt(found: Tuned, stops: np.ndarray) -> str:
    def told(costs: np.ndarray) -> str:
        weak, best, strong = (readable(float(costs[k])) for k in (-1, found.best, 0))
        return f"{weak} at the weakest λ, {best} at the folds' best and {strong} at the strongest"

    return (
        f"Mean loss over {len(stops)} strengths. On the {len(found.train)} training rows it is "
        f"{told(found.training)}; on the {len(found.held)} held out it is "
        f"{told(found.held_out.costs)}."
    )
