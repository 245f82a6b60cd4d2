"""Two ways down to a weight of zero: only one of them arrives."""

from typing import Any

import numpy as np

from charts.figure import Figure
from charts.numbers import readable
from charts.style import LEGEND, Layout, Trace, line
from losses.shrink import TwoWays, Walk

HEIGHT = 480
LOOKS = {
    "subgradient": {"color": "$4", "width": 2.2, "dash": "dot"},
    "proximal": {"color": "$1", "width": 3, "dash": "solid"},
}
LEFT, RIGHT = [0.0, 0.46], [0.56, 1.0]
FLOOR = 1e-17  # of an axis of powers of ten: below it is zero or rounding


def two_ways_figure(found: TwoWays, best: float) -> Figure:
    """The smallest weight by step on an axis of digits, and how far the objective is from the best.

    An exact zero has no place on such an axis: it is marked on its floor.
    """
    walks = {"subgradient": found.subgradient, "proximal": found.proximal}
    steps = np.arange(len(found.proximal.totals), dtype=float)
    sizes = {name: walk.smallest for name, walk in walks.items()}
    gaps = {name: walk.totals - best for name, walk in walks.items()}
    floors = _floor(sizes), _floor(gaps)
    data: list[Trace] = []
    for name, look in LOOKS.items():
        data += [line(steps, _digits(sizes[name]), name, look)]
    for name, look in LOOKS.items():
        data += [line(steps, _digits(gaps[name]), name, look, **_right())]
    data += [_zeros(steps, sizes, floors[0])]
    table = {"step": steps}
    for name, walk in walks.items():
        table |= {f"{name}: smallest weight": walk.smallest, f"{name}: zeros": walk.zeros}
        table |= {f"{name}: objective": walk.totals}
    layout = _layout(steps, floors, sizes, gaps)
    return Figure(data, layout, _alt(found, best), HEIGHT, table, narrow=_narrow())


def _digits(values: np.ndarray) -> np.ndarray:
    """log₁₀, broken where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: np.ndarray = np.where(values > FLOOR, np.log10(values), np.nan)
    return found


def _floor(parts: dict[str, np.ndarray]) -> float:
    """One digit below the least that is drawn."""
    known = np.concatenate([_digits(values) for values in parts.values()])
    known = known[np.isfinite(known)]
    return float(np.floor(known.min())) - 1 if known.size else -1.0


def _zeros(steps: np.ndarray, sizes: dict[str, np.ndarray], floor: float) -> Trace:
    """Marks on the floor wherever the smallest weight is exactly zero."""
    zero = np.flatnonzero(sizes["proximal"] == 0)
    at = zero[:: max(1, len(zero) // 12)] if zero.size else np.array([0])
    y = np.full(len(at), floor + 0.35 if zero.size else np.nan)
    marker = {"symbol": "square", "size": 9, "color": LOOKS["proximal"]["color"]}
    return {
        "type": "scatter", "mode": "markers", "x": steps[at], "y": y, "marker": marker,
        "name": "proximal: exactly 0", "cliponaxis": False,
        "hovertemplate": "step %{x}: exactly 0<extra></extra>",
    }  # fmt: skip


def _right() -> dict[str, Any]:
    return {"xaxis": "x2", "yaxis": "y2", "showlegend": False}


def _layout(
    steps: np.ndarray,
    floors: tuple[float, float],
    sizes: dict[str, np.ndarray],
    gaps: dict[str, np.ndarray],
) -> Layout:
    tops = [
        float(np.nanmax(np.concatenate([[floor + 2], *map(_digits, part.values())]))) + 0.5
        for floor, part in zip(floors, (sizes, gaps), strict=True)
    ]
    across = {"range": [0, steps[-1]], "title": {"text": "step"}}
    titles = ("log₁₀ of the smallest |w|", "log₁₀ (objective − least)")
    return {
        "xaxis": across | {"domain": LEFT},
        "yaxis": {"range": [floors[0], tops[0]], "title": {"text": titles[0]}},
        "xaxis2": across | {"domain": RIGHT, "anchor": "y2"},
        "yaxis2": {
            "range": [floors[1], tops[1]], "anchor": "x2", "title": {"text": titles[1]},
        },
        **LEGEND,
    }  # fmt: skip


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
