"""Resampled fits by seed beside the weighted one: their decisions, and what they come to."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure
from charts.numbers import readable
from charts.plane import Seen, plane_axes, row_marks
from charts.style import APART, FOCUS, Layout, Trace, axis
from losses.arrays import Array
from losses.imbalance import Outcome, Scatter

HEIGHT = 500
LOOKS = (("solid", f"${APART[2]}", "cross"), ("dot", f"${APART[3]}", "square"))
BELOW: Layout = {
    "showlegend": True, "legend": {"orientation": "h", "x": 0, "y": -0.12, "yanchor": "top"},
}  # fmt: skip
STRIPS = {"recall": "recall", "precision": "precision", "brier": "Brier", "mean": "mean p"}


def scatter_figure(seen: Seen, ways: Sequence[Scatter], border: Array, seed: int) -> Figure:
    """The rows, where each resampled fit decides, by seed, and where the weighted fit does.

    `border` holds the tilt of the weighted fit, then for each way those of all seeds: (1 + ways ·
    seeds, 3) in all. The seed at the place `seed` is thicker.
    """
    data = row_marks(seen)
    level = np.zeros(1)
    tilts = iter(border[1:])
    for (dash, color, _), one in zip(LOOKS, ways, strict=True):
        ends = np.stack([seen.plane.lines(next(tilts), level)[0] for _ in one.fits])
        gaps = np.full((len(ends), 1, 2), np.nan)
        joined = np.concatenate([ends, gaps], axis=1).reshape(-1, 2)
        look = {"color": f"{color}/0.45", "width": 1.2, "dash": dash}
        data.append(_line(joined, f"{one.way}, {len(one.fits)} seeds", look))
        thick = {"color": color, "width": FOCUS - 1, "dash": dash}
        data.append(_line(ends[seed], f"{one.way}, this seed", thick))
    weighted = seen.plane.lines(border[0], level)[0]
    data.append(_line(weighted, "weighted", {"color": "$ink", "width": FOCUS, "dash": "dash"}))
    table = {"a": border[:, 0], "b": border[:, 1], "c": border[:, 2]}
    return Figure(data, plane_axes(seen.plane) | BELOW, _alt(seen, ways), HEIGHT, table)


def strips_figure(ways: Sequence[Scatter], weighted: Outcome, plain: Outcome, seed: int) -> Figure:
    """Recall, precision, Brier score and mean p of every seed, in a strip for each."""
    lines: list[tuple[str, str, str, Sequence[Outcome]]] = [
        ("plain", "$muted", "line-ns", [plain]),
        ("weighted", "$ink", "diamond", [weighted]),
    ]
    for (_, color, symbol), way in zip(LOOKS, ways, strict=True):
        lines.append((way.way, color, symbol, way.outcomes))
    data: list[Trace] = []
    layout: Layout = {"showlegend": False}
    for place, name in enumerate(STRIPS):
        end = "" if place == 0 else str(place + 1)
        for height, (said, color, symbol, outcomes) in enumerate(lines):
            values = np.array([one.value(name) for one in outcomes])
            data.append(_dots(values, height, said, color, symbol, end, seed))
        drawn = np.concatenate([trace["x"] for trace in data[-len(lines) :]])
        layout |= _strip(place, STRIPS[name], [line[0] for line in lines], drawn)
    table = {"way": np.repeat([one.way for one in ways], [len(one.outcomes) for one in ways])}
    every = [outcome for one in ways for outcome in one.outcomes]
    table |= {said: np.array([one.value(name) for one in every]) for name, said in STRIPS.items()}
    return Figure(data, layout, _strips_alt(ways, weighted), HEIGHT, table)


def _strip(place: int, title: str, lines: list[str], values: Array) -> Layout:
    """The axes of one strip, from 0 to the next tenth: a range that seldom moves."""
    end = "" if place == 0 else str(place + 1)
    low = 1 - (place + 1) / len(STRIPS)
    most = np.ceil(10 * float(np.max(values[np.isfinite(values)], initial=0.01))) / 10
    x = axis(title, [-0.03 * most, 1.03 * most]) | {"anchor": f"y{end}", "nticks": 6}
    y = {
        "domain": [low + 0.1, low + 0.25], "range": [-0.7, len(lines) - 0.3],
        "tickvals": list(range(len(lines))), "ticktext": lines, "anchor": f"x{end}",
        "zeroline": False,
    }  # fmt: skip
    return {f"xaxis{end}": x, f"yaxis{end}": y}


def _dots(
    values: Array, height: int, name: str, color: str, symbol: str, end: str, seed: int
) -> Trace:
    sizes = np.where(np.arange(len(values)) == seed, 11, 5) if len(values) > 1 else np.array([11])
    marker = {"color": f"{color}/0.6" if len(values) > 1 else color, "symbol": symbol,
              "size": sizes, "line": {"width": 1, "color": color}}  # fmt: skip
    return {
        "type": "scatter", "mode": "markers", "x": values, "y": np.full(len(values), float(height)),
        "xaxis": f"x{end}", "yaxis": f"y{end}", "name": name, "marker": marker,
        "hovertemplate": f"{name}: %{{x:.4g}}<extra></extra>", "cliponaxis": False,
    }  # fmt: skip


def _line(points: Array, name: str, look: dict[str, Any]) -> Trace:
    return {
        "type": "scatter", "mode": "lines", "x": points[:, 0], "y": points[:, 1], "name": name,
        "line": look, "hoverinfo": "skip", "showlegend": True,
    }  # fmt: skip


def _alt(seen: Seen, ways: Sequence[Scatter]) -> str:
    parts = [f"{one.way} takes {one.rows(0)[0]} rows, {one.rows(0)[1]} of them different"
             for one in ways]  # fmt: skip
    return (
        f"{len(seen.target)} rows, and the decisions of fits on resampled rows beside that of the "
        f"weighted fit, over {len(ways[0].fits)} seeds: {'; '.join(parts)}."
    )


def _strips_alt(ways: Sequence[Scatter], weighted: Outcome) -> str:
    parts = []
    for name, said in STRIPS.items():
        bands = [
            f"{one.way} from {readable(one.band(name)[0])} to {readable(one.band(name)[1])}"
            for one in ways
        ]
        parts.append(f"{said}: weighted {readable(weighted.value(name))}, {', '.join(bands)}")
    return f"What the fits come to, over seeds. {'; '.join(parts)}."
