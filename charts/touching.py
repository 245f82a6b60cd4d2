"""Where the data cost and a penalty touch, in the plane of two weights, and what each costs."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure, Move
from charts.models import shown
from charts.numbers import readable
from charts.strength import LOOKS, NAMES, SHARE, axis, cursor, cursors, dot, dots, film
from charts.style import LEGEND, Layout, Trace, line
from losses.shrink import Plane

HEIGHT = 500
LEFT, RIGHT = [0.0, 0.52], [0.62, 1.0]


def touching_figure(
    plane: Plane, at: Sequence[float], place: int, names: tuple[str, str], key: str
) -> Figure:
    """Contours of the data cost with the penalty's curve through the best weights, touching.

    Beside them data cost, penalty and objective over λ. `at` are the stops of the slider `key`,
    which stands at one of them.
    """
    stops = np.array(at)
    path, data = plane.path, _ground(plane)
    curves = np.array([one.curve for one in plane.touchings])
    places = path.weights[:, :2]
    moves = [
        Move(len(data), plane.touched[:, :, 0], plane.touched[:, :, 1]),
        Move(len(data) + 1, curves[:, :, 0], curves[:, :, 1]),
        Move(len(data) + 2, places[:, :1], places[:, 1:]),
    ]
    data += _touching(plane.touched[place], curves[place], places[place])
    traces, moved = _costs(plane, stops, place, len(data))
    data, moves = data + traces, moves + moved
    table = {SHARE: stops, "λ": path.lams}
    table |= {f"weight of {name}": w for name, w in zip(names, places.T, strict=True)}
    table |= dict(zip(NAMES, _parts(plane), strict=True))
    layout = _layout(plane, stops, names)
    reel = film(moves, stops, place, key)
    return Figure(data, layout, _alt(plane, place, names), HEIGHT, table, reel, _narrow())


def _ground(plane: Plane) -> list[Trace]:
    """Contours of the data cost, the axes, the path, and the best weights without a penalty."""
    thin = {"color": "$muted", "width": 0.8}
    rings = [np.vstack([curve, [[np.nan, np.nan]]]) for curve in plane.levels()]
    x, y = np.concatenate(rings).T
    quiet: dict[str, Any] = {"hoverinfo": "skip"}
    data = [line(x, y, "equal data cost", thin, **quiet)]
    (across, up), none = plane.window, np.zeros(2)
    for x, y in ((across, none), (none, up)):
        data += [line(x, y, "zero", {"color": "$grid", "width": 1.5}, **quiet, showlegend=False)]
    way = plane.path.weights
    data += [line(way[:, 0], way[:, 1], "best at each λ", {"color": "$ink", "width": 2})]
    if plane.free is not None:
        mark = {"symbol": "x", "size": 10, "color": "$1"}
        data += [_mark(plane.free, "no penalty", mark)]
    return data


def _touching(touched: np.ndarray, curve: np.ndarray, place: np.ndarray) -> list[Trace]:
    cost, penalty = LOOKS[0]["color"], LOOKS[1]["color"]
    mark = {"size": 12, "color": "$paper", "line": {"color": "$ink", "width": 3}}
    return [
        line(
            touched[:, 0],
            touched[:, 1],
            "the same data cost",
            {"color": cost, "width": 2.5},
            hoverinfo="skip",
            showlegend=False,
        ),
        line(
            curve[:, 0],
            curve[:, 1],
            "the same penalty",
            {"color": penalty, "width": 2.5, "dash": "dash"},
            fill="toself",
            fillcolor=f"{penalty}/0.12",
            hoverinfo="skip",
            showlegend=False,
        ),
        _mark(place, "best here", mark),
    ]


def _parts(plane: Plane) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Data cost, penalty and objective at every λ."""
    return plane.path.costs, plane.path.penalties, plane.path.totals


def _top(plane: Plane) -> float:
    """The upper end of their axis."""
    return 1.08 * float(plane.path.totals.max())


def _costs(
    plane: Plane, stops: np.ndarray, place: int, first: int
) -> tuple[list[Trace], list[Move]]:
    """The three of them over λ, marked where λ stands; numbered from `first`."""
    data, moves, right = list[Trace](), list[Move](), {"xaxis": "x2", "yaxis": "y2"}
    here = float(stops[place])
    for values, name, look in zip(_parts(plane), NAMES, LOOKS, strict=True):
        data += [line(stops, values, name, look, panel=2) | right | {"showlegend": True}]
        moves += [dots(first + len(data), stops, values)]
        data += [dot(here, float(values[place]), look["color"], name, **right)]
    moves += [cursors(first + len(data), stops)]
    data += [cursor(here, (0.0, _top(plane)), **right)]
    return data, moves


def _mark(place: np.ndarray, name: str, marker: dict[str, Any]) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": place[:1], "y": place[1:], "name": name,
        "marker": marker, "hovertemplate": f"{name}: %{{x:.4g}}, %{{y:.4g}}<extra></extra>",
    }  # fmt: skip


def _layout(plane: Plane, stops: np.ndarray, names: tuple[str, str]) -> Layout:
    across, up = plane.window.tolist()
    first, second = ({"text": f"weight of {shown(name)}"} for name in names)
    return {
        "xaxis": {"range": across, "title": first, "domain": LEFT, "constrain": "domain"},
        "yaxis": {"range": up, "title": second, "scaleanchor": "x", "constrain": "domain"},
        "xaxis2": axis(stops) | {"domain": RIGHT, "anchor": "y2"},
        "yaxis2": {
            "range": [0, _top(plane)],
            "anchor": "x2",
            "title": {"text": "in units of the loss"},
        },
        **LEGEND,
    }


def _narrow() -> Layout:
    """On a phone the costs stand below the plane."""
    return {
        "height": 780,
        "xaxis": {"domain": [0, 1]},
        "yaxis": {"domain": [0.42, 1]},
        "xaxis2": {"domain": [0, 1]},
        "yaxis2": {"domain": [0, 0.3]},
    }


def _alt(plane: Plane, place: int, names: tuple[str, str]) -> str:
    path, one = plane.path, plane.touchings[place]
    first, second = (readable(float(w)) for w in one.place)
    where = "a corner" if one.corner else "a smooth stretch"
    return (
        f"At λ = {readable(float(path.lams[place]))} the best weights are {first} for {names[0]} "
        f"and {second} for {names[1]}: there the curve of equal data cost, "
        f"{readable(one.cost)}, touches {where} of the curve of equal penalty, "
        f"{readable(one.level)}; together {readable(one.cost + one.level)}."
    )
