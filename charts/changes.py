"""Where the winner changes: costs against a parameter, the winner's bands, and the flips."""

from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move
from charts.models import look, shown, stroke
from charts.numbers import readable
from charts.style import AID, LEGEND, Layout, Trace, axis, line, window
from losses.arrays import Array
from losses.verdict import Crossings

HEIGHT = 470
POINTS = 401
BLEND = 0.13  # opacity of a band
MOST = 12  # flips that get a label each


def changes_figure(found: Crossings, letter: str, at: float, key: str, stops: Array) -> Figure:
    """Costs, and below them how far each is above the winner's; the slider moves a mark."""
    x = _places(found)
    costs = found.costs(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        above = 100 * (costs / costs.min(axis=0) - 1)
    data: list[Trace] = []
    for model, name in enumerate(found.models):
        for panel, y, unit in ((1, costs[model], ""), (2, above[model], " %")):
            hover = f"{shown(name)}<br>%{{y:.5g}}{unit} at {letter} = %{{x:.5g}}<extra></extra>"
            data.append(line(x, y, shown(name), stroke(model), panel=panel, hovertemplate=hover))
    film = _mark(data, _span(costs), _span(above), at, stops)
    layout = _layout(found, letter, costs, above)
    named = zip(found.models, costs, strict=True)
    table = {letter: x} | {f"{name}: cost": cost for name, cost in named}
    return Figure(data, layout, _alt(found, letter, at), HEIGHT, table, {key: film})


def _places(found: Crossings) -> Array:
    """An even grid with every flip in it, so that lines meet where they are drawn to meet."""
    return np.union1d(np.linspace(found.low, found.high, POINTS), found.at)


def _span(values: Array) -> list[float]:
    finite = values[np.isfinite(values)]
    return window(finite) if finite.size else [0.0, 1.0]


def _mark(data: list[Trace], *about: Any) -> Film:
    """Upright lines through both panels where the slider stands, and the film that moves them."""
    first, second, at, stops = about
    moves = []
    for panel, (low, high) in ((1, first), (2, second)):
        look = {"color": "$ink", "width": AID + 0.5}
        moves.append(Move(len(data), np.repeat(stops[:, None], 2, axis=1), None))
        data.append(
            line(np.array([at, at]), np.array([low, high]), "", look, panel=panel, hoverinfo="skip")
            | {"showlegend": False}
        )
    return Film(tuple(moves), stops, at)


def _layout(found: Crossings, letter: str, costs: Array, above: Array) -> Layout:
    edges = [found.low, *found.at.tolist(), found.high]
    bands = [
        _band(found, winners, low, high)
        for winners, low, high in zip(found.winners, edges[:-1], edges[1:], strict=True)
        if len(winners) == 1
    ]
    return {
        **LEGEND,
        "xaxis": axis(f"{found.loss.name} {letter}", [found.low, found.high]) | {"anchor": "y2"},
        "yaxis": axis("cost", _span(costs)) | {"domain": [0.46, 1]},
        "yaxis2": axis("above the winner, %", _span(above)) | {"domain": [0, 0.38]},
        "shapes": bands + [_flip(float(at)) for at in found.at],
        "annotations": [_label(letter, float(at)) for at in found.at[:MOST]],
    }


def _band(found: Crossings, winners: tuple[str, ...], low: float, high: float) -> dict[str, Any]:
    color, _, _ = look(found.models.index(winners[0]))
    return {
        "type": "rect", "x0": low, "x1": high, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
        "fillcolor": f"{color}/{BLEND}", "line": {"width": 0},
    }  # fmt: skip


def _flip(at: float) -> dict[str, Any]:
    return {
        "type": "line", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": "$muted", "width": AID, "dash": "dot"},
    }  # fmt: skip


def _label(letter: str, at: float) -> dict[str, Any]:
    return {
        "x": at, "yref": "paper", "y": 0.42, "yanchor": "middle", "xanchor": "left", "xshift": 3,
        "text": f"{letter} = {readable(at, 6)}", "showarrow": False,
    }  # fmt: skip


def _alt(found: Crossings, letter: str, at: float) -> str:
    edges = [found.low, *found.at.tolist(), found.high]
    parts = [
        f"{' and '.join(winners) or 'nobody'} from {readable(low, 6)} to {readable(high, 6)}"
        for winners, low, high in zip(found.winners, edges[:-1], edges[1:], strict=True)
    ]
    costs = zip(found.models, found.costs([at])[:, 0], strict=True)
    here = ", ".join(f"{name} {readable(cost, 5)}" for name, cost in costs)
    return (
        f"The winner under {found.loss.name} as {letter} runs: {', '.join(parts)}. "
        f"Costs at {letter} = {readable(at)}: {here}."
    )
