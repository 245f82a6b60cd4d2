"""A fair race: the final cost of each optimizer against its learning rate, its best rate marked."""

import numpy as np

from charts.figure import Figure
from charts.style import LEGEND, Layout, Trace, axis, runner, window
from losses.descent.race import Entry, Race

HEIGHT = 360
FAR = 1e3  # times what the axis shows; a point beyond would overflow the picture's arithmetic
READABLE = 1e4  # costs that span more than this are drawn on a log axis


def sweep_figure(race: Race, word: str) -> Figure:
    """Mean final costs over the rates, one line an optimizer; a rate that diverged has no point."""
    shown = _shown(race)
    far = FAR * float(np.abs(shown).max(initial=0.0))
    traces = [
        trace for place, entry in enumerate(race.entries) for trace in _lines(entry, place, far)
    ]
    table = {
        "optimizer": np.concatenate([[e.optimizer.name] * len(e.rates) for e in race.entries]),
        "rate": np.concatenate([entry.rates for entry in race.entries]),
        f"mean final {word}": np.concatenate([entry.means for entry in race.entries]),
    }
    return Figure(traces, _layout(race, word), _alt(race, word), HEIGHT, table)


def _shown(race: Race) -> np.ndarray:
    """The costs that the axis shows: of rates that end no more than three times above the start."""
    costs = np.concatenate([entry.means for entry in race.entries])
    costs = costs[np.isfinite(costs)]
    begun = float(np.mean([walk.costs[0] for walk in race.entries[0].trajectories]))
    return costs[costs <= max(3 * begun, costs.min(initial=np.inf))]


def _lines(entry: Entry, place: int, far: float) -> list[Trace]:
    look = runner(place)
    costs = np.where(entry.means <= far, entry.means, np.nan)
    name = entry.optimizer.name
    star = {"size": 12, "symbol": "star", "color": look["color"]}
    hover = f"{name}: %{{y:.5g}} at η = %{{x:.4g}}<extra></extra>"
    base = {"type": "scatter", "name": name, "hovertemplate": hover}
    here = slice(entry.best, entry.best + 1)
    return [
        {**base, "mode": "lines+markers", "x": entry.rates, "y": costs,
         "line": {**look, "width": 2}, "marker": {"size": 4, "color": look["color"]}},
        {**base, "mode": "markers", "x": entry.rates[here], "y": costs[here], "marker": star,
         "showlegend": False},
    ]  # fmt: skip


def _layout(race: Race, word: str) -> Layout:
    shown = _shown(race)
    log = bool(shown.size and shown.min() > 0 and shown.max() / shown.min() > READABLE)
    heights = np.log10(shown) if log else shown
    rates = race.entries[0].rates
    return {
        **LEGEND,
        "xaxis": axis("learning rate η", window(np.log10(rates)))
        | {"type": "log", "exponentformat": "power", "dtick": 1},
        "yaxis": axis(f"mean final {word}", window(heights) if heights.size else [0, 1])
        | {"type": "log" if log else "linear", "exponentformat": "power"},
    }


def _alt(race: Race, word: str) -> str:
    told = [
        f"{entry.optimizer.name} is best at η = {entry.rate:.3g} with {entry.means[entry.best]:.4g}"
        for entry in race.entries
    ]
    return f"Mean final {word} against the learning rate: {', '.join(told)}."
