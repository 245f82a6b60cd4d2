"""The ground that is walked on: the cost over a plane of weights, with the paths on it."""

from typing import Any

import numpy as np

from charts.figure import Move, Shades, Trail, literal
from charts.style import Layout, Trace, axis, runner, stroke
from losses.descent import Objective
from losses.descent.framing import Window
from losses.descent.landscapes import Landscape
from losses.descent.scene import Scene, Walk

FAR = 1e4  # window widths; a point farther out would overflow the picture's own arithmetic
BUSY = 150  # steps; beyond it dots on the path are a thick line that takes time to draw
SIDES = 3  # labels of a logarithmic axis on each side of its middle
Frames = list[Move | Trail | Shades]


def axes(ground: int) -> tuple[str, str]:
    """The names of a ground's axes in traces; those of data and cost are x2, y2 and x3, y3."""
    number = "" if ground == 0 else str(ground + 3)
    return f"x{number}", f"y{number}"


def look(scene: Scene, walk: Walk) -> Trace:
    """The line of a walk: that of its loss where losses are told apart, else one of its own."""
    function = scene.grounds[walk.ground]
    if isinstance(function, Objective) and (len(scene.grounds) > 1 or len(scene.walks) == 1):
        return stroke(function.loss)
    return runner(scene.walks.index(walk))


def surface(scene: Scene, ground: int) -> Trace:
    """The cost over the window: shades that differ alike on a parabola, or by its digits."""
    costs = scene.costs[ground]
    first, second = (scene.window.drawn(_both(part))[:, k] for k, part in enumerate(_grids(scene)))
    x, y = axes(ground)
    return {
        "type": "contour", "x": first, "y": second, "z": _shades(costs, scene.window),
        "customdata": np.where(np.isfinite(costs), costs, np.nan), "xaxis": x, "yaxis": y,
        "ncontours": 22, "showscale": False, "contours": {"coloring": "heatmap"},
        "colorscale": [[0, "$accent/0.55"], [1, "$accent/0"]],
        "line": {"width": 0.7, "color": "$muted"}, "name": "cost", "showlegend": False,
        "hovertemplate": "%{x:.4g}, %{y:.4g}<br>cost %{customdata:.6g}<extra></extra>",
    }  # fmt: skip


def minima(scene: Scene) -> list[Trace]:
    """The minima of a landscape, which are known."""
    ground = scene.grounds[0]
    if not isinstance(ground, Landscape):
        return []
    x, y = scene.window.drawn(ground.minima).T
    mark = {"symbol": "x-thin", "size": 9, "line": {"color": "$ink", "width": 1.5}}
    return [_quiet(x, y, "minima", mode="markers", marker=mark)]


def path(scene: Scene, walk: Walk, first: int) -> tuple[list[Trace], Frames]:
    """The whole way, faint; the way so far; the start; where the walk is; numbered from `first`."""
    x, y = near(scene, walk)
    line, (xaxis, yaxis) = look(scene, walk), axes(walk.ground)
    color, where = line["color"], {"xaxis": xaxis, "yaxis": yaxis}
    faint = {"line": {"color": color, "width": 1, "dash": "dot"}, "opacity": 0.6}
    busy = len(walk) > BUSY or len(scene.walks) > 3
    dash = line["dash"] if len(scene.walks) > len(scene.grounds) else "solid"
    steps: Trace = {"mode": "lines", "line": {"color": color, "width": 2.5, "dash": dash}}
    if not busy:
        steps |= {"mode": "lines+markers", "marker": {"size": 3.5, "color": color}}
    start, now = dot("$paper", color, "square"), dot(color, "$paper")
    traces = [
        _quiet(x, y, "whole path", mode="lines", **faint, **where),
        _quiet(x, y, "path", **steps, **where),
        _quiet(x[:1], y[:1], "start", mode="markers", marker=start, **where),
        _quiet(x[-1:], y[-1:], "now", mode="markers", marker=now, **where),
    ]
    held = held_to(scene, np.stack([x, y], axis=1))
    frames: Frames = [
        Trail(first + 1, held[:, 0], held[:, 1]),
        Move(first + 3, held[:, :1], held[:, 1:]),
    ]
    return traces, frames


def near(scene: Scene, walk: Walk) -> tuple[np.ndarray, np.ndarray]:
    """The path as far as a picture can hold it; the costs and the captions tell the rest."""
    off = np.abs(walk.places - scene.window.center) / scene.window.half
    with np.errstate(all="ignore"):
        lost = (off < (np.inf if scene.window.wide else FAR)).sum(axis=1) < 2
        drawn = np.where(lost[:, None], np.nan, scene.window.drawn(walk.places))
    return drawn[:, 0], drawn[:, 1]


def held_to(scene: Scene, values: np.ndarray) -> np.ndarray:
    """The values `(steps, …)` of a walk, of which the last stays until the longest walk ends."""
    missing = scene.steps + 1 - len(values)
    return np.concatenate([values, np.repeat(values[-1:], missing, axis=0)])


def layout(scene: Scene, ground: int) -> tuple[Layout, Layout]:
    """The two axes of a ground, without their places on the page."""
    columns, rows = scene.window.grids()
    ends = np.stack([columns[[0, -1]], rows[[0, -1]]], axis=1)
    spans = scene.window.drawn(ends).T
    titles = [literal(name) for name in scene.plane.names]
    both = []
    for k, (title, span) in enumerate(zip(titles, spans, strict=True)):
        ticks = _ticks(scene.window, k) if scene.window.wide else {}
        both.append(axis(title, span) | ticks)
    return both[0], both[1]


def dot(fill: str, edge: str, symbol: str = "circle") -> Trace:
    """A large mark with an edge."""
    return {"size": 12, "color": fill, "symbol": symbol, "line": {"color": edge, "width": 2.5}}


def _quiet(x: np.ndarray, y: np.ndarray, name: str, **more: Any) -> Trace:
    """A trace over the surface that leaves hovering to it: there the cost is read."""
    base = {"type": "scatter", "x": x, "y": y, "name": name, "showlegend": False}
    return {**base, "hoverinfo": "skip", **more}


def _grids(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    return scene.window.grids()


def _both(part: np.ndarray) -> np.ndarray:
    return np.stack([part, part], axis=1)


def _shades(costs: np.ndarray, window: Window) -> np.ndarray:
    finite = np.isfinite(costs)
    low = costs[finite].min(initial=np.inf) if finite.any() else 0.0
    above = np.where(finite, np.maximum(costs - low, 0.0), np.nan)
    if window.wide is None:
        return np.sqrt(above)
    small = float(np.nanquantile(above, 0.05)) or 1.0
    return np.log10(above / small + 1.0)


def _ticks(window: Window, k: int) -> Layout:
    """Labels at the middle and at signed powers of ten, as few as the axis bears."""
    center, half = float(window.center[k]), float(window.half[k])
    low = int(np.ceil(np.log10(half)))
    high = int(np.log10(half * (window.wide or 1.0)))
    powers = range(high, low - 1, -max(1, -(-(high - low) // SIDES)))
    places = [sign * 10.0**power for power in powers for sign in (-1, 1)]
    names = [f"{sign}10<sup>{power}</sup>" for power in powers for sign in ("−", "")]
    middle = f"{center:.3g}" if abs(center) > 1e-9 * half else "0"
    return {
        "tickmode": "array",
        "tickvals": np.arcsinh([0.0, *((place - center) / half for place in places)]),
        "ticktext": [middle, *names],
    }
