"""The cost by step of every walk, and where each of them is."""

import numpy as np

from charts.figure import Move
from charts.ground import Frames, dot, held_to, look
from charts.style import Layout, Trace, axis, window
from losses.descent import Objective
from losses.descent.scene import Scene, Walk

LAST = 307.0  # the largest power of ten whose multiples are still numbers
READABLE = 1e4  # costs that span more than this are drawn on a log axis unless asked otherwise


def compares(scene: Scene) -> bool:
    """Whether the walks go down several losses, whose costs have no common unit."""
    return len(scene.grounds) > 1


def heights(scene: Scene, walk: Walk) -> np.ndarray:
    """The costs of a walk; of several losses, as shares of where each began."""
    costs = walk.trajectory.costs
    return costs / (abs(costs[0]) or 1.0) if compares(scene) else costs


def progress(scene: Scene, walk: Walk, first: int, *, log: bool) -> tuple[list[Trace], Frames]:
    """The line of a walk, and a dot at the step shown; traces are numbered from `first`."""
    steps, costs = np.arange(len(walk), dtype=float), heights(scene, walk)
    if log:
        costs = np.where(costs > 0, costs, np.nan)
    line = {**look(scene, walk), "width": 2}
    if len(scene.walks) == 1:
        line["dash"] = "solid"
    several = len(scene.walks) > 1
    where = {"type": "scatter", "xaxis": "x3", "yaxis": "y3"}
    traces: list[Trace] = [
        {**where, "mode": "lines", "x": steps, "y": costs, "line": line,
         "name": walk.name if several else "cost by step", "showlegend": several,
         "hovertemplate": "step %{x}: %{y:.6g}<extra>" + walk.name + "</extra>"},
        {**where, "mode": "markers", "x": steps[-1:], "y": costs[-1:], "name": "now",
         "marker": dot(line["color"], "$paper"), "showlegend": False},
    ]  # fmt: skip
    held = held_to(scene, np.stack([steps, costs], axis=1))
    return traces, [Move(first + 1, held[:, :1], held[:, 1:])]


def logarithmic(scene: Scene) -> bool:
    """Whether the costs span so much that only a log axis shows them."""
    costs = np.concatenate([heights(scene, walk) for walk in scene.walks])
    positive = costs[costs > 0]
    return bool(positive.size and costs.max() / positive.min() > READABLE)


def layout(scene: Scene, *, log: bool) -> tuple[Layout, Layout]:
    """The axis of steps and the axis of costs, which says what is in them."""
    costs = np.concatenate([heights(scene, walk) for walk in scene.walks])
    shown = np.log10(costs[costs > 0]) if log else costs
    across = axis("step", window(np.array([0, max(scene.steps, 1)])))
    up = axis(title(scene), steady(_span(shown, log)) if shown.size else [-1, 1])
    return across, up | {"type": "log" if log else "linear", "exponentformat": "power"}


def _span(shown: np.ndarray, log: bool) -> list[float]:
    """The window of the costs: no closer than their rounding, no farther than numbers reach."""
    low, high = window(shown)
    if log:
        return [max(low, -LAST), min(high, LAST)]
    room = 1e-6 * float(np.abs(shown).max())
    return [low, high] if high - low > room else [low - room, high + room]


def steady(span: list[float]) -> list[float]:
    """The range with its ends on a grid of hundredths: what nobody sees must redraw nothing."""
    low, high = span
    grain = 10.0 ** np.floor(np.log10(high - low)) / 100
    return [float(np.floor(low / grain) * grain), float(np.ceil(high / grain) * grain)]


def title(scene: Scene) -> str:
    """What is plotted; of several losses as a share."""
    name = word(scene)
    return f"{name} ÷ first" if compares(scene) else name


def word(scene: Scene) -> str:
    """Of a function its value, of data the cost, which says whether the penalty is in it."""
    ground = scene.grounds[0]
    bound = isinstance(ground, Objective) and ground.penalty is not None
    return f"{ground.noun} + penalty" if bound else ground.noun
