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

    An exact zero has no place on such an axis: it is drawn on its floor, which says so.
    """
    walks = {"subgradient": found.subgradient, "proximal": found.proximal}
    steps = np.arange(len(found.proximal.totals), dtype=float)
    sizes = [walk.smallest for walk in walks.values()]
    gaps = [walk.totals - best for walk in walks.values()]
    low, down = _floor(sizes), _floor(gaps)
    data: list[Trace] = []
    for (name, look), size in zip(LOOKS.items(), sizes, strict=True):
        data += [_way(steps, size, low, name, look)]
    for (name, look), gap in zip(LOOKS.items(), gaps, strict=True):
        right = {"xaxis": "x2", "yaxis": "y2", "showlegend": False}
        data += [_way(steps, gap, down, name, look) | right]
    data += [_zeros(steps, sizes[1], low)]
    table = {"step": steps}
    for name, walk in walks.items():
        table |= {f"{name}: smallest weight": walk.smallest, f"{name}: zeros": walk.zeros}
        table |= {f"{name}: objective": walk.totals}
    zero, none = "exactly 0", "0, or<br>rounding"
    layout = _layout(steps, _scale(sizes, low, zero), _scale(gaps, down, none))
    return Figure(data, layout, _alt(found, best), HEIGHT, table, narrow=_narrow())


def _way(
    steps: np.ndarray, values: np.ndarray, floor: float, name: str, look: dict[str, Any]
) -> Trace:
    """One way on an axis of digits; hovering says the number itself."""
    said = f"{name}: %{{customdata:.3g}} at step %{{x}}<extra></extra>"
    return line(steps, _digits(values, floor), name, look, customdata=values, hovertemplate=said)


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


def _scale(parts: list[np.ndarray], floor: float, none: str) -> Layout:
    """An axis of powers of ten over all values, and its floor, which is none of them."""
    top = max(float(_digits(part, floor).max()) for part in parts) + 0.5
    gap = max(1, int(np.ceil((top - floor) / TICKS)))
    first = gap * int(np.floor(top / gap))  # from 1 down
    powers = np.arange(first, floor + 0.75 * gap, -gap)[::-1]
    said = [none, *(_power(int(power)) for power in powers)]
    return {
        "range": [floor - 0.4, top],
        "tickvals": [floor, *powers.tolist()],
        "ticktext": said,
        "zeroline": False,
    }


def _power(power: int) -> str:
    """A power of ten as one writes it; the usual ones in digits."""
    if -3 < power < 3:
        return f"{10.0**power:g}"
    return f"10<sup>{power}</sup>".replace("-", "−")


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
    first, second = "smallest |w|", "objective − least"
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
