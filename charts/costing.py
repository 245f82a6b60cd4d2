"""The cost by step of a network in training, across the changes of its run."""

from typing import Any

import numpy as np

from charts.ground import dot
from charts.progress import LAST, READABLE, steady
from charts.style import Trace, window
from losses.base import Loss
from losses.descent.lesson import Lesson


def trace(x: np.ndarray, y: np.ndarray, name: str, **look: Any) -> Trace:
    """A scatter trace with its name, which the legend leaves out unless it is asked for."""
    return {"type": "scatter", "x": x, "y": y, "name": name, "showlegend": False, **look}


def logarithmic(one: Lesson) -> bool:
    """Whether the costs span so much that only a log axis shows them."""
    positive = one.walk.costs[one.walk.costs > 0]
    return bool(positive.size and positive.max() / positive.min() > READABLE)


def changes(one: Lesson, log: bool) -> list[Trace]:
    """A line across the costs where another leg took over."""
    if not one.changes:
        return []
    low, high = reach(one, log)
    if log:
        low, high = 10.0**low, 10.0**high
    at = np.array(one.changes, dtype=float) + 0.5
    x = np.stack([at, at, np.full(len(at), np.nan)], axis=1).ravel()
    y = np.tile([low, high, np.nan], len(at))
    line = {"color": "$ink", "width": 1.5, "dash": "dash"}
    own: Trace = {"xaxis": "x2", "yaxis": "y2", "showlegend": True, "hoverinfo": "skip"}
    name = "change" if len(at) == 1 else "changes"
    return [trace(x, y, name, mode="lines", line=line, **own)]


def progress(one: Lesson, costs: np.ndarray, line: Trace) -> list[Trace]:
    """The costs of all steps, broken where another loss took over, and a dot at the step shown."""
    cuts = [k + 1 for k in one.changes if loss(one, k) != loss(one, k + 1)]
    steps = np.arange(len(costs), dtype=float)
    x, y = np.insert(steps, cuts, np.nan), np.insert(costs, cuts, np.nan)
    own: Trace = {"xaxis": "x2", "yaxis": "y2"}
    told = "step %{x}: %{y:.6g}<extra></extra>"
    return [
        trace(x, y, "cost by step", mode="lines", line=line, hovertemplate=told, **own),
        trace(steps[-1:], costs[-1:], "now", mode="markers",
               marker=dot(line["color"], "$paper"), **own),
    ]  # fmt: skip


def costs_drawn(one: Lesson, log: bool) -> np.ndarray:
    """The costs as they can be drawn."""
    return np.where(one.walk.costs > 0, one.walk.costs, np.nan) if log else one.walk.costs


def loss(one: Lesson, step: int) -> Loss:
    """The loss whose cost a step has."""
    return one.objective_at(step).loss


def reach(one: Lesson, log: bool) -> list[float]:
    """The range of the axis of costs, in powers of ten if it is logarithmic.

    It is as steady as can be, and begins at 0 where no cost is below: what moves no axis needs no
    drawing anew.
    """
    costs = one.walk.costs[one.walk.costs > 0] if log else one.walk.costs
    if not costs.size:
        return [-1.0, 1.0]
    if log:
        low, high = window(np.log10(costs))
        return steady([max(low, -LAST), min(high, LAST)])
    least = min(0.0, float(costs.min()))
    return steady(window(np.array([least, float(costs.max())])))
