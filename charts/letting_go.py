"""One row that moves away: the lines that follow it, and how far each of them is drawn."""

from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move, literal
from charts.numbers import readable, unused
from charts.pulls import beginning, middles
from charts.style import AID, LEGEND, Layout, Trace, axis, line, spread, stroke, window
from losses.arrays import Array
from losses.data import Dataset
from losses.verdict.letting_go import LettingGo

HEIGHT = 420
DRAWN = 1000
ABOVE = 2.0  # times as far as the lines that let go, one that never does is followed
ENDS = {"settles": "stops at", "comes back": "lets go at"}


def pulled_figure(found: LettingGo, at: float, key: str) -> Figure:
    """The rows, the one that moves at a distance from its place, and the lines fitted to them."""
    data, here = found.data, _nearest(found, at)
    x, y = _way(found)
    ends = np.array(window(np.append(data.features[:, 0], x)))
    lines = found.weights[:, :, :1] * ends + found.weights[:, :, 1:]
    rest = np.delete(np.arange(len(data)), found.row)
    rest = rest[spread(len(rest), DRAWN)]
    traces = [
        _dots(data.features[rest, 0], data.target[rest], {"color": "$ink/0.55", "size": 7}, "rows")
        | {"showlegend": False},
        _dots(x[:1], y[:1], _ring(), "its own place") | {"showlegend": False},
    ]
    moves = []
    for loss, heights in zip(found.losses, lines, strict=True):
        moves.append(Move(len(traces), None, heights))
        traces.append(line(ends, heights[here], literal(loss.name), stroke(loss)))
    moves.append(Move(len(traces), x[:, None], y[:, None]))
    name = f"row {data.rows[found.row]}"
    mover = _dots(x[here : here + 1], y[here : here + 1], _mover(), name)
    traces.append(mover | {"showlegend": False})
    table: dict[str, Array] = {"distance": found.distances}
    for loss, weights in zip(found.losses, found.weights, strict=True):
        table |= {f"{loss}: slope": weights[:, 0], f"{loss}: intercept": weights[:, 1]}
    film = Film(tuple(moves), found.distances, at)
    layout = _layout(data, ends, window(np.append(data.target, y)))
    return Figure(traces, layout, _pulled_alt(found, here), HEIGHT, table, {key: film})


def displacement_figure(found: LettingGo, at: float, key: str) -> Figure:
    """How far each line is drawn off, over the distance; where it lets go is marked."""
    far, d = found.displacement, found.distances
    low, high = _height(found)
    unit = f" ({literal(found.data.unit)})" if found.data.unit else ""
    traces = []
    for i, loss in enumerate(found.losses):
        name = _marked_name(found, i)
        said = f"{literal(loss.name)}: %{{y:.4g}} at distance %{{x:.4g}}<extra></extra>"
        traces.append(line(d, far[i], name, stroke(loss), hovertemplate=said))
    traces += [_let_go(found, i) for i in _marked(found)]
    mark = Move(len(traces), np.repeat(d[:, None], 2, axis=1), None)
    edge, upright = np.array([at, at]), np.array([low, high])
    ink = {"color": "$ink", "width": AID + 0.5}
    traces.append(line(edge, upright, "", ink, hoverinfo="skip") | {"showlegend": False})
    layout: Layout = {
        **LEGEND,
        "xaxis": axis(_across(found), [0.0, 1.02 * float(d[-1])]),
        "yaxis": axis(f"line drawn up by{unit}", [low, high]),
    }
    table = {"distance": d}
    for loss, drawn in zip(found.losses, far, strict=True):
        table[unused(str(loss), table)] = drawn
    film = Film((mark,), d, at)
    return Figure(traces, layout, _displaced_alt(found, at), HEIGHT, table, {key: film})


def _nearest(found: LettingGo, at: float) -> int:
    return int(np.abs(found.distances - at).argmin())


def _height(found: LettingGo) -> list[float]:
    """The window: all of the lines that let go, and as much of the others as leaves them large."""
    never = np.array([end == "never" for end in found.ends])
    every = np.append(found.displacement.ravel(), 0.0)
    if never.all() or not never.any():
        return window(every)
    bounded = np.append(found.displacement[~never].ravel(), 0.0)
    room = ABOVE * float(np.ptp(bounded))
    if not room:
        return window(every)
    return window(np.clip(every, bounded.min() - room, bounded.max() + room))


def _way(found: LettingGo) -> tuple[Array, Array]:
    """Where the row is at each distance."""
    x, y = float(found.data.features[found.row, 0]), float(found.data.target[found.row])
    still = np.zeros_like(found.distances)
    if found.sideways:
        return x + found.distances, y + still
    return x + still, y + found.distances


def _ring() -> dict[str, Any]:
    return {"color": "$muted", "symbol": "circle-open", "size": 11, "line": {"width": 1.6}}


def _mover() -> dict[str, Any]:
    look = {"color": "$paper", "width": 1.5}
    return {"color": "$accent", "symbol": "diamond", "size": 14, "opacity": 1, "line": look}


def _dots(x: Array, y: Array, marker: dict[str, Any], name: str) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "name": name,
        "hovertemplate": f"{name}: %{{y:.5g}} at %{{x:.5g}}<extra></extra>",
    }  # fmt: skip


def _layout(data: Dataset, across: Array, up: list[float]) -> Layout:
    unit = f" ({literal(data.unit)})" if data.unit else ""
    return {
        **LEGEND,
        "clickanywhere": True,
        "xaxis": axis(literal(data.columns[0]), across.tolist()),
        "yaxis": axis(literal(data.target_name) + unit, up),
    }


def _across(found: LettingGo) -> str:
    name = literal(found.data.columns[0] if found.sideways else found.data.target_name)
    return f"distance {'sideways' if found.sideways else 'up'}, in units of {name}"


def _marked(found: LettingGo) -> list[int]:
    """The losses that let go within the picture, the soonest first."""
    order = np.argsort(found.critical, kind="stable")
    return [int(i) for i in order if 0 < found.critical[i] <= found.distances[-1]]


def _let_go(found: LettingGo, i: int) -> Trace:
    """A mark on the curve of a loss where it lets go."""
    loss, at = found.losses[i], found.critical[i : i + 1]
    height = np.interp(at, found.distances, found.displacement[i])
    color = stroke(loss)["color"]
    marker = {"color": color, "symbol": "x", "size": 10, "line": {"color": "$paper", "width": 1}}
    name = f"{literal(loss.name)} {ENDS[found.ends[i]]}"
    said = f"{name} distance %{{x:.4g}}<extra></extra>"
    return _dots(at, height, marker, name) | {"hovertemplate": said, "showlegend": False}


def _marked_name(found: LettingGo, i: int) -> str:
    """The name of a loss, with the distance of its mark, which has no room beside the others."""
    name = literal(found.losses[i].name)
    return f"{name} ✕ {readable(float(found.critical[i]), 3)}" if i in _marked(found) else name


def _pulled_alt(found: LettingGo, here: int) -> str:
    data, d = found.data, readable(float(found.distances[here]))
    lines = ", ".join(
        f"{loss} slope {readable(float(w[0]))} and intercept {readable(float(w[1]))}"
        for loss, w in zip(found.losses, found.weights[:, here], strict=True)
    )
    way = "sideways" if found.sideways else "up"
    return (
        f"{data.target_name} over {data.columns[0]}, {len(data)} rows, row "
        f"{data.rows[found.row]} moved {way} by {d}. Lines: {lines}."
    )


def _displaced_alt(found: LettingGo, at: float) -> str:
    here = found.displacement[:, _nearest(found, at)]
    pairs = zip(found.losses, here, strict=True)
    lines = ", ".join(f"{loss} {readable(float(far))}" for loss, far in pairs)
    said = " ".join(f"{name}: {what}." for name, what in middles(found))
    return f"{beginning(found)} {said} Heights at distance {readable(at)}: {lines}."
