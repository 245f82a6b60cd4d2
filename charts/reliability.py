"""Reliability: how often what a model gave a probability came true, before and after a change."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure, literal
from charts.models import look, shown, stroke
from charts.numbers import readable
from charts.style import AID, LEGEND, Layout, Trace, axis, line
from losses.arrays import Array
from losses.verdict import Calibration

HEIGHT = 470
WINDOW = [-0.02, 1.02]
HALVES = ([0, 0.46], [0.54, 1])
Panels = dict[str, Sequence[Calibration]]  # by what the probabilities are


def reliability_figure(panels: Panels, happens: str) -> Figure:
    """One panel, or two side by side: each model's isotonic curve, and its bins of equal count.

    `happens` says in words what the probabilities are of.
    """
    data: list[Trace] = []
    for panel, found in enumerate(panels.values(), 1):
        data.append(_diagonal(panel))
        for model, one in enumerate(found):
            data += _traces(one, model, panel)
    layout, narrow = _layout(list(panels), literal(happens))
    return Figure(data, layout, _alt(panels), HEIGHT, _table(panels), narrow=narrow)


def _diagonal(panel: int) -> Trace:
    ends = np.array([0.0, 1.0])
    drawn = line(ends, ends, "", {"color": "$muted", "width": AID, "dash": "dot"}, hoverinfo="skip")
    return drawn | _axes(panel) | {"showlegend": False}


def _traces(one: Calibration, model: int, panel: int) -> list[Trace]:
    """The curve of a model, and its bins as marks on top."""
    name, (color, symbol, _) = shown(one.model), look(model)
    x, y = _corners(one)
    hover = f"{name}<br>of those given %{{x:.3g}}<br>%{{y:.3g}} came true<extra></extra>"
    curve = line(x, y, name, stroke(model), hovertemplate=hover) | _axes(panel)
    marks = {
        "type": "scatter", "mode": "markers", "x": one.bins.predicted, "y": one.bins.observed,
        "marker": {
            "color": color, "symbol": symbol, "size": 9, "line": {"color": "$paper", "width": 1},
        },
        "name": name, "legendgroup": name, "showlegend": False, **_axes(panel),
        "hovertemplate": f"{name}, a bin<br>given %{{x:.3g}}, came true %{{y:.3g}}<extra></extra>",
    }  # fmt: skip
    return [curve | {"showlegend": panel == 1}, marks]


def _corners(one: Calibration) -> tuple[Array, Array]:
    """Where the recalibrated probability begins and ends to be the same: the line needs no more."""
    y = one.curve.recalibrated
    changes = np.diff(y) != 0
    kept = np.append(True, changes) | np.append(changes, True)
    return one.curve.prediction[kept], y[kept]


def _axes(panel: int) -> dict[str, str]:
    return {"xaxis": "x" if panel == 1 else "x2", "yaxis": "y" if panel == 1 else "y2"}


def _layout(words: list[str], happens: str) -> tuple[Layout, dict[str, Any]]:
    """The axes side by side, and for a narrow screen one below the other."""
    layout: Layout = {**LEGEND, "annotations": []}
    narrow: dict[str, Any] = {"height": HEIGHT * len(words), "annotations": []}
    for panel, said in enumerate(words, 1):
        end = "" if panel == 1 else "2"
        wide, tall = ([0, 1], [0, 1]) if len(words) == 1 else (HALVES[panel - 1], [0, 1])
        low, high = ([0, 1], [0, 1]) if len(words) == 1 else ([0, 1], HALVES[2 - panel])
        x = axis(f"probability of {happens}, {said}", WINDOW)
        layout[f"xaxis{end}"] = x | {"domain": wide, "anchor": f"y{end}"}
        layout[f"yaxis{end}"] = axis("came true", WINDOW) | {"domain": tall, "anchor": f"x{end}"}
        narrow |= {f"xaxis{end}": {"domain": low}, f"yaxis{end}": {"domain": high}}
    return layout, narrow


def _table(panels: Panels) -> dict[str, Array]:
    """The bins of all models: one line a bin."""
    all_bins = [(words, one) for words, found in panels.items() for one in found]
    counts = [len(one.bins.weight) for _, one in all_bins]
    return {
        "probabilities": np.repeat(np.array([words for words, _ in all_bins]), counts),
        "model": np.repeat(np.array([one.model for _, one in all_bins]), counts),
        "weight of the bin": np.concatenate([one.bins.weight for _, one in all_bins]),
        "mean probability": np.concatenate([one.bins.predicted for _, one in all_bins]),
        "came true": np.concatenate([one.bins.observed for _, one in all_bins]),
    }


def _alt(panels: Panels) -> str:
    parts = []
    for words, found in panels.items():
        said = ", ".join(f"{one.model} {readable(one.bins.error, 3)}" for one in found)
        parts.append(f"{words}: {said}")
    return (
        "How often what was given a probability came true, over that probability. Mean distance "
        f"from the diagonal over ten bins of equal count, {'; '.join(parts)}."
    )
