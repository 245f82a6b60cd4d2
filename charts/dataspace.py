"""Data space: the rows, and what the models of the walks look like among them."""

import numpy as np

from charts.data import SYMBOLS
from charts.figure import Move, literal
from charts.ground import Frames, held_to, look
from charts.style import APART, Layout, Trace, axis, spread, window
from losses.descent import Objective
from losses.descent.picture import kind_of, shown_rows
from losses.descent.scene import Scene, Walk

DRAWN = 3000  # rows
HUGE = 1e30  # a float32 bears it


def rows(objective: Objective) -> list[Trace]:
    """The rows as marks; of two features by class, against predictions a line where they agree."""
    kind = kind_of(objective)
    if kind == "boundary":
        return _classes(objective)
    if kind == "predictions":
        ends = np.array(window(objective.data.target))
        if objective.data.task != "regression":
            return []
        line = {"color": "$muted", "width": 1, "dash": "dot"}
        return [_trace(ends, ends, "prediction = truth", mode="lines", line=line)]
    shown = spread(len(objective.data), DRAWN)
    marker = {"color": "$ink/0.5", "size": 5}
    x, y = objective.data.features[shown, 0], objective.target[shown]
    return [_trace(x, y, "rows", mode="markers", marker=marker)]


def fit(scene: Scene, walk: Walk, first: int) -> tuple[list[Trace], Frames]:
    """What the model of a walk looks like at each step; the trace has the number `first`."""
    picture, objective = walk.picture, scene.objective
    if picture is None or objective is None:
        return [], []
    line = look(scene, walk)
    if len(scene.walks) == 1:
        line = {**line, "dash": "solid"}
    y = _drawable(held_to(scene, picture.y))
    still = picture.x.ndim == 1
    x = picture.x if still else _drawable(held_to(scene, picture.x))
    style = {"mode": "lines", "line": {**line, "width": 3}}
    if picture.kind == "predictions":
        marker = {"color": line["color"], "size": 5, "opacity": 0.7}
        style = {"mode": "markers", "marker": marker}
        x = x + _jitter(objective)
    trace = _trace(x if still else x[-1], y[-1], "fit", **style)
    return [trace], [Move(first, None if still else x, y)]


def layout(objective: Objective) -> tuple[Layout, Layout]:
    """The two axes, titled by what they hold."""
    data, kind = objective.data, kind_of(objective)
    names = [literal(name) for name in data.columns]
    if kind == "boundary":
        spans = [window(part) for part in data.features.T]
        return axis(names[0], spans[0]), axis(names[1], spans[1])
    if kind == "curve":
        return (
            axis(names[0], window(data.features)),
            axis(_target(objective), window(objective.target)),
        )
    target = literal(data.target_name)
    if data.task == "regression":
        span = window(data.target)
        return axis(f"{target}, true", span), axis(f"{target}, predicted", span)
    labels = {"tickvals": list(range(len(data.classes))), "ticktext": [*map(literal, data.classes)]}
    up = [-0.05, 1.05]
    word = "probability of the true class" if data.task == "multiclass" else _target(objective)
    if objective.loss.family == "margin":
        up = [-4.0, 4.0]
    return axis(target, [-0.6, len(data.classes) - 0.4]) | labels, axis(word, up)


def _classes(objective: Objective) -> list[Trace]:
    data = objective.data
    shown = spread(len(data), DRAWN)
    x, y = data.features[shown].T
    target = data.target[shown]
    return [
        _trace(
            x[target == k],
            y[target == k],
            literal(name),
            mode="markers",
            marker={"color": f"${APART[k % 6]}/0.6", "size": 5, "symbol": SYMBOLS[k % 6]},
        )
        for k, name in enumerate(data.classes)
    ]


def _target(objective: Objective) -> str:
    """What the fit shows: a number, the probability of a class, or a score."""
    data, name = objective.data, literal(objective.data.target_name)
    if data.task == "regression":
        return f"{name} ({literal(data.unit)})" if data.unit else name
    yes = literal(data.classes[1])
    return f"score of {yes}" if objective.loss.family == "margin" else f"probability of {yes}"


def _jitter(objective: Objective) -> np.ndarray:
    """Rows of one class apart from each other, always alike."""
    if objective.data.task == "regression":
        return np.zeros(1)
    return (shown_rows(objective) * 0.618034 % 1.0 - 0.5) * 0.8


def _drawable(lines: np.ndarray) -> np.ndarray:
    return np.where(np.abs(lines) < HUGE, lines, np.nan)


def _trace(x: np.ndarray, y: np.ndarray, name: str, **look: object) -> Trace:
    place = {"type": "scatter", "xaxis": "x2", "yaxis": "y2", "showlegend": False}
    return {**place, "x": x, "y": y, "name": name, **look}
