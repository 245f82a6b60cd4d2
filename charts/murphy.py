"""The Murphy diagram: elementary scores against the threshold, and which of two is lower where."""

from typing import Any

import numpy as np

from charts.figure import Figure
from charts.models import look, shown, stroke
from charts.numbers import readable, unused
from charts.style import LEGEND, Layout, Trace, axis, line, window
from losses.arrays import Array
from losses.verdict import Dominance, Murphy

HEIGHT = 480
BLEND = 0.16  # opacity of a band


def murphy_figure(found: Murphy, gap: Dominance | None, unit: str = "") -> Figure:
    """Every model's mean elementary score; below, the difference of two, banded by the cheaper."""
    data: list[Trace] = []
    for model, name in enumerate(found.models):
        hover = f"{shown(name)}<br>%{{y:.5g}} at θ = %{{x:.5g}}<extra></extra>"
        x, y = found.outline(model)
        data.append(line(x, y, shown(name), stroke(model), hovertemplate=hover))
    table: dict[str, Array] = {"threshold": found.thetas}
    for name, score in zip(found.models, found.score, strict=True):
        table[unused(name, table)] = score
    layout, narrow = _layout(found, unit), {}
    if gap is not None:
        x, y = _difference(found, gap)
        reach = 1.06 * float(np.abs(y).max(initial=0.0)) or 1.0
        look = {"color": "$ink", "dash": "solid", "width": 1.5}
        hover = "difference %{y:.4g} at θ = %{x:.5g}<extra></extra>"
        drawn = line(x, y, "difference", look, panel=2, hovertemplate=hover)
        data += [*_bands(found, gap, reach), drawn | {"showlegend": False}]
        layout["xaxis"] |= {"anchor": "y2"}
        layout["yaxis"] |= {"domain": [0.45, 1]}
        layout |= _below(gap, reach)
        narrow = {"annotations": [_words(gap, "<br>")]}
        table[unused(f"{gap.first} − {gap.second}", table)] = y[1::2]
    return Figure(data, layout, _alt(found, gap), HEIGHT, table, narrow=narrow)


def _difference(found: Murphy, gap: Dominance) -> tuple[Array, Array]:
    """The first of two outlines less the second: below 0 the first model is cheaper."""
    x, first = found.outline(found.models.index(gap.first))
    return x, first - found.outline(found.models.index(gap.second))[1]


def _bands(found: Murphy, gap: Dominance, reach: float) -> list[Trace]:
    """For each of two models one trace of rectangles, over the thresholds where it is cheaper."""
    traces: list[Trace] = []
    for name in (gap.first, gap.second):
        spans = np.array(gap.spans(name)).reshape(-1, 2)
        if not len(spans):
            continue
        gaps = np.full(len(spans), np.nan)
        left, right = spans.T
        x = np.column_stack([left, left, right, right, left, gaps]).ravel()
        ends = [-reach, reach, reach, -reach, -reach, np.nan]
        color, _, _ = look(found.models.index(name))
        traces.append({
            "type": "scatter", "mode": "lines", "x": x, "y": np.tile(ends, len(spans)),
            "xaxis": "x", "yaxis": "y2", "fill": "toself", "fillcolor": f"{color}/{BLEND}",
            "line": {"width": 0, "color": color}, "name": f"{shown(name)} is cheaper",
            "showlegend": False, "hoverinfo": "skip",
        })  # fmt: skip
    return traces


def _layout(found: Murphy, unit: str) -> Layout:
    title = f"threshold θ, {unit}" if unit else "threshold θ"
    ends = found.thetas if found.thetas.size else np.array([0.0, 1.0])
    return {
        **LEGEND,
        "xaxis": axis(title, window(ends)),
        "yaxis": axis("mean elementary score", window(np.append(found.score, found.before))),
    }


def _below(gap: Dominance, reach: float) -> Layout:
    """The second panel, with a word above it on what either side of zero means."""
    panel = axis("difference", [-reach, reach])
    return {
        "yaxis2": panel | {"domain": [0, 0.35], "zeroline": True, "nticks": 5},
        "annotations": [_words(gap, " · ")],
    }


def _words(gap: Dominance, between: str) -> dict[str, Any]:
    sides = (f"above 0, {shown(gap.second)} is cheaper", f"below 0, {shown(gap.first)} is cheaper")
    return {
        "xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": 0.355, "align": "left",
        "yanchor": "bottom", "text": between.join(sides), "showarrow": False,
    }  # fmt: skip


def _alt(found: Murphy, gap: Dominance | None) -> str:
    areas = zip(found.models, found.area.tolist(), strict=True)
    said = ", ".join(f"{readable(area, 5)} under {name}" for name, area in areas)
    opening = (
        f"Mean elementary scores of losses that ask for {found.wanted}, at {len(found.thetas):,} "
        f"thresholds. Areas: {said}."
    )
    return f"{opening} {gap.sentence()}" if gap else opening
