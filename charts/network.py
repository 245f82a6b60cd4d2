"""A network in training: what it says over its features, and its cost, on a clock of steps."""

from typing import Any

import numpy as np

from charts.costing import changes, costs_drawn, logarithmic, loss, progress, reach, trace
from charts.data import SYMBOLS
from charts.dataspace import DRAWN
from charts.figure import Figure, Film, Move, Shades, literal
from charts.ground import Frames
from charts.style import APART, LEGEND, Layout, Trace, axis, spread, stroke, window
from losses.descent.album import Album
from losses.descent.lesson import Lesson

HEIGHT = 400
LEFT, RIGHT = [0.0, 0.52], [0.61, 1.0]
CHANCE = (-0.05, 1.05)  # of an axis of chances
DEEP, PALE = 0.4, 0.03  # of the color of a class: where it is certain, and where nobody leads
FULL = 0.8  # of the color of a number at the ends of its range
HUGE = 1e30  # a float32 bears it


def network_figure(one: Lesson, album: Album, *, log: bool | None = None) -> Figure:
    """The surface or curve among the rows, and the cost by step; the costs choose `log` if it is
    left open."""
    log = logarithmic(one) if log is None else log
    data, frames = _said(one, album)
    for part in (_rows(one, album), changes(one, log)):
        data += part
    steps, costs = np.arange(len(one.walk), dtype=float), costs_drawn(one, log)
    line = {**stroke(one.objective.loss), "dash": "solid", "width": 2}
    data += progress(one, costs, line)
    frames.append(Move(len(data) - 1, steps[:, None], costs[:, None]))
    clock = {"clock": Film(tuple(frames))}
    return Figure(data, _layout(one, album, log), _alt(one), HEIGHT, _table(one), clock, NARROW)


def captions(one: Lesson, album: Album) -> list[str]:
    """The numbers of each step, and of which step the picture is if it is of another."""
    found = []
    for k, (cost, slope) in enumerate(zip(one.walk.costs, one.walk.slopes, strict=True)):
        seen = int(album.steps[album.at[k]])
        said = f"step {k} of {one.last}: cost {cost:.6g}, gradient {slope:.3g}"
        found.append(said if seen == k else f"{said}; picture of step {seen}")
    return found


def colors(classes: int) -> list[list[Any]]:
    """The scale of a surface of chances: from one class to the other, or a band for each."""
    if classes <= 2:
        first, second = (f"${APART[k]}/{DEEP if classes else FULL}" for k in (0, 1))
        return [[0, first], [0.5, "$paper/0"], [1, second]]
    bands = []
    for k in range(classes):
        own = f"${APART[k % 6]}"
        bands += [[k / classes, f"{own}/{PALE}"], [(k + 1) / classes, f"{own}/{DEEP}"]]
    return bands


def _said(one: Lesson, album: Album) -> tuple[list[Trace], Frames]:
    """What the network says: a curve, or a surface with the line between two classes."""
    values = np.where(np.abs(album.values) < HUGE, album.values, np.nan)
    if album.second is None:
        line = {**stroke(one.objective.loss), "dash": "solid", "width": 3}
        curve = trace(album.first, values[-1], "the network", mode="lines", line=line)
        return [curve], [Move(0, None, values)]
    low, high = _span(one)
    surface: Trace = {
        "type": "heatmap", "x": album.first, "y": album.second, "zmin": low, "zmax": high,
        "colorscale": colors(len(one.objective.data.classes)), "zsmooth": "fast",
        "name": "the network", "showlegend": False, "hovertemplate": _hover(one),
        "showscale": one.objective.data.task == "regression", "colorbar": BAR,
    }  # fmt: skip
    frames: Frames = [Shades(0, values.reshape(len(values), -1), album.at.astype(float))]
    if album.border is None:
        return [surface], frames
    x, y = album.border
    line = {"color": "$ink", "width": 2}
    border = trace(x[-1], y[-1], "chance of ½", mode="lines", line=line, hoverinfo="skip")
    return [surface, border], [*frames, Move(1, x, y, at=album.at.astype(float))]


BAR = {"orientation": "h", "x": 0.26, "len": 0.52, "thickness": 9}
BAR |= {"y": 1, "yref": "container", "yanchor": "top"}


def _span(one: Lesson) -> tuple[float, float]:
    """What the ends of the colors stand for: chances, winners, or the range of the target."""
    data = one.objective.data
    if data.task == "regression":
        low, high = window(data.target)
        return low, high
    return 0.0, float(len(data.classes)) if data.task == "multiclass" else 1.0


def _hover(one: Lesson) -> str:
    data = one.objective.data
    if data.task == "multiclass":
        return "%{x:.4g}, %{y:.4g}<extra></extra>"
    word = literal(data.target_name) if data.task == "regression" else _chance(one)
    return "%{x:.4g}, %{y:.4g}<br>" + word + " %{z:.4g}<extra></extra>"


def _chance(one: Lesson) -> str:
    """What a number between two classes is."""
    yes = literal(one.objective.data.classes[1])
    if one.objective.loss.family == "margin":
        return f"½ + ½ score of {yes}"
    return f"probability of {yes}"


def _rows(one: Lesson, album: Album) -> list[Trace]:
    """The rows: over one feature as the target says, over two by class or by the target's color."""
    data = one.objective.data
    shown = spread(len(data), DRAWN)
    X, y = data.features[shown], data.target[shown]
    if album.second is None:
        marker: Trace = {"color": "$ink/0.5", "size": 5}
        return [trace(X[:, 0], y, "rows", mode="markers", marker=marker)]
    if data.task == "regression":
        low, high = _span(one)
        edge = {"color": "$ink", "width": 1}
        marker = {
            "color": y,
            "cmin": low,
            "cmax": high,
            "colorscale": SOLID,
            "size": 7,
            "line": edge,
        }
        return [trace(X[:, 0], X[:, 1], "rows", mode="markers", marker=marker, hoverinfo="skip")]
    found = []
    for k, name in enumerate(data.classes):
        marker = {"color": f"${APART[k % 6]}", "size": 6, "symbol": SYMBOLS[k % 6]}
        marker["line"] = {"color": "$paper", "width": 0.8}
        style: Trace = {"mode": "markers", "marker": marker, "hoverinfo": "skip"}
        own = X[y == k]
        found.append(trace(own[:, 0], own[:, 1], literal(name), **style | {"showlegend": True}))
    return found


SOLID = [[0, f"${APART[0]}"], [0.5, "$paper"], [1, f"${APART[1]}"]]


def _layout(one: Lesson, album: Album, log: bool) -> Layout:
    data = one.objective.data
    names = [literal(name) for name in data.columns]
    across = axis(names[0], [float(album.first[0]), float(album.first[-1])])
    if album.second is not None:
        up = axis(names[1], [float(album.second[0]), float(album.second[-1])])
    elif data.task == "regression":
        up = axis(literal(data.target_name), window(data.target))
    else:
        up = axis(_chance(one), list(CHANCE))
    scale = {"type": "log" if log else "linear", "exponentformat": "power"}
    word = "cost" if one.one_unit else "cost, in each loss's own unit"
    bar = album.second is not None and data.task == "regression"
    return {
        **LEGEND,
        **({"margin": {"t": 58}} if bar else {}),
        "showlegend": bool(one.changes) or (album.second is not None and bool(data.classes)),
        "xaxis": {"domain": LEFT, "anchor": "y", **across},
        "yaxis": {"anchor": "x", **up},
        "xaxis2": {"domain": RIGHT, "anchor": "y2", **axis("step", _steps(one))},
        "yaxis2": {"anchor": "x2", **axis(word, reach(one, log)), **scale},
    }


def _steps(one: Lesson) -> list[float]:
    return window(np.array([0.0, max(one.last, 1)]))


NARROW: Layout = {
    "height": 690,
    "xaxis": {"domain": [0.0, 1.0]},
    "yaxis": {"domain": [0.46, 1.0]},
    "xaxis2": {"domain": [0.0, 1.0]},
    "yaxis2": {"domain": [0.0, 0.34]},
}


def _table(one: Lesson) -> dict[str, np.ndarray]:
    """One line a step."""
    steps = np.arange(len(one.walk))
    return {
        "step": steps,
        "loss": np.array([str(loss(one, int(k))) for k in steps]),
        "cost": one.walk.costs,
        "gradient": one.walk.slopes,
    }


def _alt(one: Lesson) -> str:
    walk, data = one.walk, one.objective.data
    shape = "–".join(map(str, one.health.model.hidden))
    return (
        f"A network of {shape} hidden units among {len(data)} rows of {literal(data.name)}, and "
        f"its cost: from {walk.costs[0]:.4g} to {walk.costs[-1]:.4g} in {one.last} steps. "
        f"{one.verdict.sentence}"
    )
