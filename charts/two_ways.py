"""Two ways down to a weight of zero: only one of them arrives."""

from typing import Any

import numpy as np

from charts.figure import Figure
from charts.numbers import readable
from charts.style import LEGEND, Layout, Trace, line
from losses.shrink import TwoWays, Walk

HEIGHT = 480
LOOKS: dict[str, dict[str, Any]] = {
    "subgradient": {"color": "$4", "width": 2.2, "dash": "dot"},
    "proximal": {"color": "$1", "width": 3, "dash": "solid"},
}
LEFT, RIGHT = [0.0, 0.45], [0.57, 1.0]
FLOOR = 1e-17  # what is less is rounding
MARKS, TICKS = 12, 6


def two_ways_figure(found: TwoWays, best: float) -> Figure:
    """The smallest weight by step on an axis of digits, and how far the objective is from the best.

    An exact zero has no place on such an axis: it is drawn on its floor, which says 0.
    """
    walks = {"subgradient": found.subgradient, "proximal": found.proximal}
    steps = np.arange(len(found.proximal.totals), dtype=float)
    sizes = [walk.smallest for walk in walks.values()]
    gaps = [walk.totals - best for walk in walks.values()]
    low, down = _floor(sizes), _floor(gaps)
    data: list[Trace] = []
    for (name, look), size in zip(LOOKS.items(), sizes, strict=True):
        data += [line(steps, _digits(size, low), name, look)]
    for (name, look), gap in zip(LOOKS.items(), gaps, strict=True):
        data += [line(steps, _digits(gap, down), name, look, xaxis="x2", showlegend=False)]
        data[-1]["yaxis"] = "y2"
    data += [_zeros(steps, sizes[1], low)]
    table = {"step": steps}
    for name, walk in walks.items():
        table |= {f"{name}: smallest weight": walk.smallest, f"{name}: zeros": walk.zeros}
        table |= {f"{name}: objective": walk.totals}
    layout = _layout(steps, _scale(sizes, low), _scale(gaps, down))
    return Figure(data, layout, _alt(found, best), HEIGHT, table, narrow=_narrow())


def _digits(values: np.ndarray, floor: float) -> np.ndarray:
    """log₁₀, or the floor where there is none."""
    found = np.full(len(values), floor)
    np.log10(values, out=found, where=values > FLOOR)
    return found


def _floor(parts: list[np.ndarray]) -> float:
    """One digit below the least that is drawn."""
    values = np.concatenate(parts)
    least = values[values > FLOOR].min(initial=1.0)
    return float(np.floor(np.log10(least))) - 1


def _scale(parts: list[np.ndarray], floor: float) -> Layout:
    """An axis of digits over all values, whose lowest mark is zero."""
    top = max(float(_digits(part, floor).max()) for part in parts) + 0.5
    gap = max(1, int(np.ceil((top - floor) / TICKS)))
    marks = [floor, *np.arange(floor + gap, top, gap).tolist()]
    said = ["0", *(f"{mark:.0f}".replace("-", "−") for mark in marks[1:])]
    return {"range": [floor - 0.4, top], "tickvals": marks, "ticktext": said}


def _zeros(steps: np.ndarray, sizes: np.ndarray, floor: float) -> Trace:
    """Marks on the floor where the smallest weight is exactly zero."""
    zero = np.flatnonzero(sizes == 0)
    at = zero[:: max(1, len(zero) // MARKS)] if zero.size else np.array([0])
    y = np.full(len(at), floor if zero.size else np.nan)
    marker = {"symbol": "square", "size": 9, "color": LOOKS["proximal"]["color"]}
    return {
        "type": "scatter", "mode": "markers", "x": steps[at], "y": y, "marker": marker,
        "name": "proximal: exactly 0", "hovertemplate": "step %{x}: exactly 0<extra></extra>",
    }  # fmt: skip


def _layout(steps: np.ndarray, sizes: Layout, gaps: Layout) -> Layout:
    across = {"range": [-0.01 * steps[-1], steps[-1]], "title": {"text": "step"}}
    first, second = "log₁₀ of the smallest |w|", "log₁₀ (objective − least)"
    return {
        "xaxis": across | {"domain": LEFT},
        "yaxis": sizes | {"title": {"text": first}},
        "xaxis2": across | {"domain": RIGHT, "anchor": "y2"},
        "yaxis2": gaps | {"title": {"text": second}, "anchor": "x2"},
        **LEGEND,
    }


def _narrow() -> Layout:
    return {
        "height": 760,
        "xaxis": {"domain": [0, 1]},
        "yaxis": {"domain": [0.57, 1]},
        "xaxis2": {"domain": [0, 1]},
        "yaxis2": {"domain": [0, 0.43]},
    }


def _alt(found: TwoWays, best: float) -> str:
    def ends(walk: Walk) -> str:
        zeros = int(walk.zeros[-1])
        return (
            f"a smallest weight of {readable(float(walk.smallest[-1]))}, {zeros} exactly zero, and "
            f"an objective {readable(float(walk.totals[-1]) - best, 2)} above the least"
        )

    steps = len(found.proximal.totals) - 1
    return (
        f"After {steps} steps the subgradient has {ends(found.subgradient)}; proximal steps have "
        f"{ends(found.proximal)}."
    )
