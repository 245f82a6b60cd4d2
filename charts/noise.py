"""The noise that losses stand for: densities over residuals, and how far each is behind."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure, literal
from charts.models import look, shown
from charts.numbers import readable
from charts.style import LEGEND, Layout, Trace, axis, color, line, stroke, window
from losses.arrays import Array
from losses.verdict import Belief, Histogram, Noise

HEIGHT = 480
POINTS = 401
BAND = 26  # px for one loss


def density_figure(
    found: Sequence[Noise], bins: Histogram, model: str, place: int, unit: str = ""
) -> Figure:
    """Residuals of a model, whose look its place gives, under densities; below, by powers of ten,
    which shows the tails."""
    reach = window(np.append(bins.edges, 0.0))
    x = np.union1d(np.linspace(reach[0], reach[1], POINTS), 0.0)
    curves = [(one, one.pdf(x)) for one in found]
    tops = [bins.density.max(), *(curve.max() for _, curve in curves)]
    top = float(max(tops))
    low = _lowest(found[0], bins)
    data = [_bars(bins, model, place, panel) for panel in (1, 2)]
    table: dict[str, Array] = {"residual": x}
    for one, curve in curves:
        name = one.loss.name
        for panel in (1, 2):
            hover = f"{literal(one.name)}: %{{y:.4g}} at r = %{{x:.4g}}<extra></extra>"
            look = stroke(one.loss) | {"width": 2.5}
            drawn = np.where(curve > 0, curve, np.nan) if panel == 2 else curve
            data.append(line(x, drawn, name, look, panel=panel, hovertemplate=hover))
        table[f"{one.loss}: density"] = curve
    return Figure(data, _layout(reach, top, low, unit), _alt(found, bins, model), HEIGHT, table)


def likelihood_figure(found: Belief) -> Figure:
    """How many nats per row each density is behind the likeliest, the best on top."""
    behind = found.behind()
    names = [literal(str(one.loss)) for one in found.noises]
    reach = float(behind.max()) or 1.0
    bars: Trace = {
        "type": "bar", "orientation": "h", "x": behind, "y": -np.arange(len(behind)),
        "width": 0.6, "name": "behind the likeliest",
        "marker": {"color": [f"{color(one.loss)}/0.7" for one in found.noises]},
        "text": [readable(value, 3) for value in behind.tolist()], "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{x:.4g} nats per row behind the likeliest<extra></extra>",
    }  # fmt: skip
    layout: Layout = {
        "showlegend": False,
        "xaxis": axis("nats per row behind the likeliest", [0, 1.14 * reach]),
        "yaxis": {
            "range": [0.6 - len(names), 0.6], "tickvals": -np.arange(len(names)),
            "ticktext": names, "showgrid": False, "zeroline": False,
        },
    }  # fmt: skip
    table = {
        "loss": np.array([str(one.loss) for one in found.noises]),
        "noise": np.array([one.name for one in found.noises]),
        "nats per row": np.array([one.likelihood for one in found.noises]),
        "behind the likeliest": behind,
    }
    return Figure([bars], layout, _behind_alt(found), 70 + BAND * len(names), table)


def _bars(bins: Histogram, model: str, place: int, panel: int) -> Trace:
    shade, _, _ = look(place)
    return {
        "type": "bar", "x": bins.centers, "y": bins.density, "width": bins.width,
        "yaxis": "y" if panel == 1 else "y2", "name": shown(model), "showlegend": False,
        "marker": {"color": f"{shade}/0.3", "line": {"width": 1, "color": f"{shade}/0.7"}},
        "hovertemplate": "residuals near %{x:.4g}: %{y:.4g}<extra></extra>",
    }  # fmt: skip


def _lowest(best: Noise, bins: Histogram) -> float:
    """So low that the lowest bar is seen, and the likeliest density over the whole histogram."""
    ends = best.pdf(bins.edges)
    return float(min(bins.density[bins.density > 0].min(), ends[ends > 0].min(initial=np.inf))) / 3


def _layout(reach: list[float], top: float, low: float, unit: str) -> Layout:
    ends = [float(np.log10(low)), float(np.log10(2 * top))]
    apart = int(np.ceil((ends[1] - ends[0]) / 5))
    decades: dict[str, Any] = {"type": "log", "dtick": apart, "exponentformat": "power"}
    return {
        **LEGEND,
        "bargap": 0,
        "xaxis": axis(f"residual r = s − y{f', {unit}' if unit else ''}", reach) | {"anchor": "y2"},
        "yaxis": axis("density", [0, 1.06 * top]) | {"domain": [0.5, 1]},
        "yaxis2": axis("by powers of ten", ends) | decades | {"domain": [0, 0.42]},
    }


def _alt(found: Sequence[Noise], bins: Histogram, model: str) -> str:
    said = ", ".join(f"{one.described()} {readable(one.likelihood)} nats per row" for one in found)
    low, high = map(readable, (float(bins.edges[0]), float(bins.edges[-1])))
    return f"Residuals of {model} from {low} to {high} under the likeliest densities: {said}."


def _behind_alt(found: Belief) -> str:
    pairs = zip(found.noises[1:], found.behind()[1:].tolist(), strict=True)
    said = ", ".join(f"{one.loss} {readable(gap, 3)}" for one, gap in pairs)
    opening = f"The likeliest of {len(found.noises)} densities is that of {found.noises[0].loss}"
    return f"{opening}; nats per row behind it: {said}." if said else f"{opening}."
