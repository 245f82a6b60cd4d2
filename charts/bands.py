"""Bands: how the cost by step spreads over seeds, one band for each optimizer."""

from collections.abc import Sequence

import numpy as np

from charts.figure import Figure
from charts.progress import LAST, READABLE
from charts.style import LEGEND, Layout, Trace, axis, runner, window
from losses.descent.bands import Band

HEIGHT = 430
POINTS = 301  # steps of a band that are drawn, at most: of more, some are left out


def bands_figure(bands: Sequence[Band], word: str, *, log: bool | None = None) -> Figure:
    """Of each optimizer the median, the middle half and all; `word` is what a cost is."""
    spreads = [band.spread for band in bands]
    finite = np.concatenate([spread[np.isfinite(spread)] for spread in spreads])
    positive = finite[finite > 0]
    if log is None:
        log = bool(positive.size and positive.max() / positive.min() > READABLE)
    shown = (np.log10(positive) if log else finite) if positive.size else np.array([0.0, 1.0])
    span = window(shown)
    span = [max(span[0], -LAST), min(span[1], LAST)] if log else span
    data = [trace for k, band in enumerate(bands) for trace in _band(band, k, log)]
    layout: Layout = {
        **LEGEND,
        "xaxis": axis("step", window(np.array([0, spreads[0].shape[1] - 1]))),
        "yaxis": axis(word, span) | {"type": "log" if log else "linear", "exponentformat": "power"},
    }
    return Figure(data, layout, _alt(bands), HEIGHT, _table(bands))


def _band(band: Band, place: int, log: bool) -> list[Trace]:
    """Two areas and the median between them; the first of the areas is all."""
    steps = band.spread.shape[1]
    at = np.unique(np.linspace(0, steps - 1, min(steps, POINTS)).round().astype(int))
    low, lower, middle, upper, high = (_shown(line[at], log) for line in band.spread)
    look, name = runner(place), band.optimizer.name
    found = []
    for floor, ceiling, opacity, what in ((low, high, 0.12, "all"), (lower, upper, 0.3, "half")):
        x, y = np.concatenate([at, at[::-1]]), np.concatenate([ceiling, floor[::-1]])
        there = np.isfinite(y)
        found.append({
            "type": "scatter", "mode": "lines", "x": np.where(there, x, np.nan).astype(float),
            "y": y, "fill": "toself", "fillcolor": f"{look['color']}/{opacity}",
            "line": {"width": 0, "color": look["color"]}, "name": f"{name}, {what}",
            "showlegend": False, "hoverinfo": "skip",
        })  # fmt: skip
    found.append({
        "type": "scatter", "mode": "lines", "x": at.astype(float), "y": middle,
        "line": {**look, "width": 2.5}, "name": name,
        "hovertemplate": f"{name}, median at step %{{x}}: %{{y:.6g}}<extra></extra>",
    })  # fmt: skip
    return found


def _shown(costs: np.ndarray, log: bool) -> np.ndarray:
    there = np.isfinite(costs) & ((costs > 0) | (not log))
    return np.where(there, costs, np.nan)


def _table(bands: Sequence[Band]) -> dict[str, np.ndarray]:
    """One line a step of each optimizer."""
    steps = bands[0].spread.shape[1]
    columns = {
        "optimizer": np.concatenate([[band.optimizer.name] * steps for band in bands]),
        "step": np.tile(np.arange(steps), len(bands)),
    }
    names = ("least", "lower quartile", "median", "upper quartile", "largest")
    lines = np.concatenate([band.spread for band in bands], axis=1)
    return columns | dict(zip(names, lines, strict=True))


def _alt(bands: Sequence[Band]) -> str:
    told = [
        f"{band.optimizer.name}: {len(band.walks)} seeds, {len(band.diverged)} diverged, the "
        f"median cost goes from {band.median[0]:.4g} to {band.median[-1]:.4g}."
        for band in bands
    ]
    return " ".join(told)
