"""How sure a verdict is: differences to the winner with intervals, and how one of them scatters."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure, literal
from charts.models import look, shown
from charts.numbers import SPACE, percent, readable
from charts.style import AID, FOCUS, Layout, Trace, axis, line, window
from losses import Loss
from losses.arrays import Array
from losses.verdict import Bootstrap, Uncertainty

BAND = 50  # px for one model: its bar, with its name above
SPREAD_HEIGHT = 320
BINS = 40
BELOW = 0.07  # of the highest bar: where the interval is drawn
Pair = tuple[int, int]


def differences_figure(found: Uncertainty, loss: Loss, places: Sequence[int]) -> Figure:
    """Each model's cost minus the winner's with its interval; `places` keep the models' looks."""
    order = np.argsort(found.difference, kind="stable").tolist()
    data: list[Trace] = []
    labels: list[Layout] = []
    for row, model in enumerate(order):
        data += _interval(found, model, places[model], -row)
        labels.append(_label(found, model, -row))
    ends = np.concatenate([found.low, found.high, found.difference, [0.0]])
    layout: Layout = {
        "xaxis": axis(f"cost above the winner's, {literal(str(loss))}", window(ends))
        | {"zeroline": False},
        "yaxis": {
            "range": [0.6 - len(order), 0.75], "showticklabels": False, "showgrid": False,
            "zeroline": False,
        },
        "shapes": [_zero()],
        "annotations": labels,
    }  # fmt: skip
    table = {
        "model": np.array(found.models)[order],
        "cost above the winner's": found.difference[order],
        f"{percent(found.level, 0)} from": found.low[order],
        f"{percent(found.level, 0)} to": found.high[order],
        "share of resamples in which it is cheapest": found.cheapest[order],
    }
    return Figure(data, layout, _alt(found, loss, order), 76 + BAND * len(order), table)


def spread_figure(found: Bootstrap, models: Sequence[str], pair: Pair) -> Figure:
    """How the difference of two costs scatters over the resamples, and its interval."""
    edges = _edges(found.differences)
    counts = np.histogram(found.differences[found.differences != 0], edges)[0]
    ties = int(np.sum(found.differences == 0))
    top = float(max(counts.max(), ties, 1))
    first, second = (models[place] for place in pair)
    data = [
        *_bars(edges, counts, models, pair),
        *([_tied(ties, edges)] if ties else []),
        *_below(found, top),
    ]
    caption = _caption(found, -2 * BELOW * top)
    layout: Layout = {
        "bargap": 0, "barmode": "overlay",
        "xaxis": axis("difference of the costs", window(np.append(edges, 0.0)))
        | {"zeroline": False},
        "yaxis": axis("resamples", [-3 * BELOW * top, 1.22 * top]) | {"nticks": 6},
        "shapes": [_zero()],
        "annotations": [*_sides(found, first, second, 0), caption],
    }  # fmt: skip
    narrow = {
        "yaxis": {"range": [-3 * BELOW * top, 1.4 * top]},
        "annotations": [*_sides(found, first, second, -18), caption],
    }
    table = {"from": edges[:-1], "to": edges[1:], "resamples": counts}
    alt = _spread_alt(found, first, second)
    return Figure(data, layout, alt, SPREAD_HEIGHT, table, narrow=narrow)


def _interval(found: Uncertainty, model: int, place: int, height: int) -> list[Trace]:
    """A bar from end to end, and a dot where the difference is; the winner has the dot alone."""
    name = found.models[model]
    color, symbol, _ = look(place)  # no dashes: the ends of a bar are what it says
    low, high = float(found.low[model]), float(found.high[model])
    hover = (
        f"<b>{literal(name)}</b><br>{readable(found.difference[model])} above the winner's<br>"
        f"{percent(found.level, 0)} from {readable(low)} to {readable(high)}<extra></extra>"
    )
    dot = {
        "type": "scatter", "mode": "markers", "x": found.difference[model : model + 1],
        "y": np.array([height]), "name": shown(name), "hovertemplate": hover, "cliponaxis": False,
        "showlegend": False,
        "marker": {
            "color": color, "symbol": symbol, "size": 15 if model == found.winner else 12,
            "line": {"color": "$paper", "width": 1}, "opacity": 1,
        },
    }  # fmt: skip
    if model == found.winner:
        return [dot]
    ends, stroke = np.array([low, high]), {"color": color, "width": FOCUS}
    bar = line(ends, np.full(2, float(height)), shown(name), stroke, hovertemplate=hover)
    return [bar | {"showlegend": False}, dot]


def _label(found: Uncertainty, model: int, height: int) -> Layout:
    name = shown(found.models[model])
    return {
        "xref": "paper", "x": 1, "xanchor": "right", "y": height, "yshift": 19, "showarrow": False,
        "text": f"{f'<b>{name}</b>' if model == found.winner else name}"
        f" · cheapest in {percent(found.cheapest[model])}",
    }  # fmt: skip


def _zero() -> dict[str, Any]:
    return {
        "type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
        "line": {"color": "$ink", "width": AID + 0.5, "dash": "dash"},
    }  # fmt: skip


def _alt(found: Uncertainty, loss: Loss, order: Sequence[int]) -> str:
    parts = [
        f"{found.models[model]} {readable(found.difference[model])}, from "
        f"{readable(found.low[model])} to {readable(found.high[model])}"
        for model in order
        if model != found.winner
    ]
    shares = [f"{found.models[model]} in {percent(found.cheapest[model])}" for model in order]
    return (
        f"Cost above that of {found.models[found.winner]} under {loss}, with "
        f"{percent(found.level, 0)} intervals: {'; '.join(parts)}. "
        f"Cheapest of {found.resamples:,} resamples: "
        f"{', '.join(shares)}."
    )


def _edges(differences: Array) -> Array:
    """Even bins with zero between two of them, so that no bar stands on both sides of a tie."""
    low, high = float(differences.min()), float(differences.max())
    width = (high - low) / BINS or abs(low) / BINS or 1.0
    first, last = int(np.floor(low / width)), int(np.floor(high / width)) + 1
    return width * np.arange(first, last + 1)


def _bars(edges: Array, counts: Array, models: Sequence[str], pair: Pair) -> list[Trace]:
    """The bars of the resamples in which one is cheaper, and of those in which the other is."""
    middle, width = (edges[:-1] + edges[1:]) / 2, float(edges[1] - edges[0])
    traces = []
    for place, side in zip(pair, (middle < 0, middle > 0), strict=True):
        if side.any():
            name = shown(models[place])
            traces.append(_bar(middle[side], counts[side], width, f"{look(place)[0]}/0.6", name))
    return traces


def _bar(x: Array, y: Array, width: float, color: str, name: str) -> Trace:
    return {
        "type": "bar", "x": x, "y": y, "width": width, "name": name, "showlegend": False,
        "marker": {"color": color, "line": {"color": "$paper", "width": 0.5}},
        "hovertemplate": f"{name} cheaper by about %{{x:.3g}}: %{{y:,}} resamples<extra></extra>",
    }  # fmt: skip


def _tied(ties: int, edges: Array) -> Trace:
    """The resamples in which both cost the same."""
    width = float(edges[1] - edges[0]) / 4
    bar = _bar(np.array([0.0]), np.array([ties]), width, "$muted", "tie")
    return bar | {"hovertemplate": "tie: %{y:,} resamples<extra></extra>"}


def _below(found: Bootstrap, top: float) -> list[Trace]:
    """The interval as a bar under the histogram, and the difference on the rows as they are."""
    height = -BELOW * top
    said = f"{percent(found.level, 0)} from {readable(found.low)} to {readable(found.high)}"
    bar = line(
        np.array([found.low, found.high]), np.full(2, height), "interval",
        {"color": "$ink", "width": FOCUS}, hovertemplate=f"{said}<extra></extra>",
    )  # fmt: skip
    observed = f"on the rows as they are: {readable(found.difference)}<extra></extra>"
    dot = {
        "type": "scatter", "mode": "markers", "x": np.array([found.difference]),
        "y": np.array([height]), "name": "difference", "hovertemplate": observed,
        "marker": {
            "color": "$accent", "symbol": "diamond", "size": 11, "opacity": 1,
            "line": {"color": "$paper", "width": 1},
        },
    }  # fmt: skip
    return [bar, dot]


def _sides(found: Bootstrap, first: str, second: str, lower: float) -> list[Layout]:
    """How often each of two is cheaper, on its side; the second one may stand lower."""
    share = percent(found.probability)
    rest = percent(1 - float(share.split(SPACE)[0]) / 100)  # so that what is written adds up
    said = ((first, share, 0, "left", 6, 0.0), (second, rest, 1, "right", 0, lower))
    return [
        {
            "xref": "paper", "x": x, "xanchor": anchor, "yref": "paper", "y": 1, "yanchor": "top",
            "xshift": right, "yshift": up, "text": f"{shown(name)} cheaper: {part}",
            "showarrow": False, "bgcolor": "$paper/0.8",
        }
        for name, part, x, anchor, right, up in said
    ]  # fmt: skip


def _caption(found: Bootstrap, height: float) -> Layout:
    """What the bar under the histogram is, below its middle."""
    return {
        "x": (found.low + found.high) / 2, "y": height, "yanchor": "middle", "showarrow": False,
        "text": f"{percent(found.level, 0)} interval", "font": {"color": "$muted"},
    }  # fmt: skip


def _spread_alt(found: Bootstrap, first: str, second: str) -> str:
    return (
        f"The cost of {first} minus that of {second} in {found.resamples:,} resamples: "
        f"{percent(found.level, 0)} of them from {readable(found.low)} to {readable(found.high)}, "
        f"{readable(found.difference)} on the rows as they are; {first} is cheaper in "
        f"{percent(found.probability)}."
    )
