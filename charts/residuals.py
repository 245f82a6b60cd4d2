"""Why a model costs what it costs: residuals over predictions, and in bins under each loss."""

from typing import Any

import numpy as np

from charts.figure import Figure
from charts.models import look, shown
from charts.numbers import readable
from charts.style import (
    AID,
    APART,
    DASHES,
    LEGEND,
    Layout,
    Trace,
    axis,
    line,
    spread,
    stroke,
    window,
)
from losses.arrays import Array
from losses.curve import sample
from losses.verdict import Residuals

HEIGHT = 500
SIDE = 0.2  # of the longer side of zero: what the shorter one gets at least
PALETTE = tuple(f"${entry}" for entry in APART)
Pen = dict[str, Any]
DRAWN = 2000  # rows in the cloud
LEFT, RIGHT, UPPER, LOWER = [0, 0.4], [0.5, 0.94], [0.49, 1], [0, 0.38]


def residuals_figure(found: Residuals, place: int, unit: str = "") -> Figure:
    """The cloud of a model, whose look its place gives; beside it how many residuals there are of
    each size with the curve of each loss, and how much of its cost lies below each residual."""
    reach = window(np.append(found.residual, 0.0))
    counted = 100 * found.bins.density * found.bins.width
    pens, wide = _pens(found), _both_sides(reach)
    curves, highest = _curves(found, pens, wide)
    data = [_cloud(found, place), _bars(found, place, counted), *curves]
    below, carried = 100 * found.below(), 100 * found.carried
    data += [_rising(found, "the rows", below, {"color": "$ink/0.6", "width": AID})]
    table: dict[str, Array] = {"residual r": found.bins.edges, "rows below r, %": below}
    for rows, share, drawn in zip(found.losses, carried, pens, strict=True):
        if np.isfinite(share).all():
            data.append(_rising(found, rows.loss.name, share, drawn))
        table[f"{rows.loss}: share of the cost below r, %"] = share
    layout = _layout(found, unit, (reach, wide), counted)
    layout["yaxis4"] |= {"range": [0, 1.06 * highest]}
    return Figure(data, layout, _alt(found), HEIGHT, table, narrow=_narrow())


def _cloud(found: Residuals, place: int) -> Trace:
    """The rows, or so many of them, evenly spread over the file."""
    rows = spread(len(found.residual), DRAWN)
    color, symbol, _ = look(place)
    return {
        "type": "scatter", "mode": "markers",
        "x": found.prediction[rows], "y": found.residual[rows],
        "marker": {"color": f"{color}/0.6", "symbol": symbol, "size": 5},
        "name": shown(found.model), "showlegend": False,
        "hovertemplate": "predicted %{x:.4g}<br>residual %{y:.4g}<extra></extra>",
    }  # fmt: skip


def _bars(found: Residuals, place: int, counted: Array) -> Trace:
    color, _, _ = look(place)
    return {
        "type": "bar", "x": found.bins.centers, "y": counted, "xaxis": "x2", "yaxis": "y2",
        "width": found.bins.width, "showlegend": False, "name": shown(found.model),
        "marker": {"color": f"{color}/0.35", "line": {"width": 1, "color": color}},
        "hovertemplate": "%{y:.3g} % of the rows near r = %{x:.4g}<extra></extra>",
    }  # fmt: skip


def _curves(found: Residuals, pens: list[Pen], reach: list[float]) -> tuple[list[Trace], float]:
    """Each loss over the residuals, divided by the model's mean loss, and the highest of all.

    So each has a scale of its own that compares: where a curve stands at 10, a row costs as much as
    ten average ones. There is none where the mean is 0 or infinite.
    """
    traces, highest = [], 0.0
    for rows, cost, pen in zip(found.losses, found.cost.tolist(), pens, strict=True):
        if not 0 < cost < np.inf:
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            curve = sample(rows.loss, *reach)  # beyond the largest number it is not drawn
            times = curve.value / cost
        highest = max(highest, float(times[np.isfinite(times)].max(initial=0.0)))
        name = rows.loss.name
        hover = f"{name}: %{{text}} at r = %{{x:.4g}}, %{{y:.3g}} × the mean<extra></extra>"
        drawn = line(curve.x, times, name, pen, hovertemplate=hover)
        text = [readable(value) for value in curve.value.tolist()]
        traces.append(drawn | {"xaxis": "x2", "yaxis": "y4", "text": text})
    return traces, highest or 1.0


def _pens(found: Residuals) -> list[Pen]:
    """The line of each loss; of two with one color, or one dash, the later takes a free one."""
    pens = [stroke(rows.loss) for rows in found.losses]
    for part, every in (("color", PALETTE), ("dash", DASHES)):
        free = [one for one in every if one not in {pen[part] for pen in pens}]
        taken = set[str]()
        for pen in pens:
            if pen[part] in taken and free:
                pen[part] = free.pop(0)
            taken.add(pen[part])
    return pens


def _both_sides(reach: list[float]) -> list[float]:
    """The range with room for either side of a loss, where residuals lie on one side only."""
    low, high = reach
    return [min(low, -SIDE * high), max(high, -SIDE * low)]


def _rising(found: Residuals, name: str, share: Array, pen: Pen) -> Trace:
    """How much of the cost of a loss, or of the rows, lies below each residual."""
    hover = f"%{{y:.3g}} % of {name} below r = %{{x:.4g}}<extra></extra>"
    drawn = line(found.bins.edges, share, name, pen, panel=3, hovertemplate=hover)
    return drawn | {"xaxis": "x2", "showlegend": name == "the rows"}


def _layout(
    found: Residuals, unit: str, reach: tuple[list[float], list[float]], counted: Array
) -> Layout:
    of = f", {unit}" if unit else ""
    return {
        **LEGEND,
        "bargap": 0,
        "xaxis": axis(f"prediction{of}", window(found.prediction)) | {"domain": LEFT},
        "yaxis": axis(f"residual r = s − y{of}", reach[0]) | {"zeroline": True},
        "xaxis2": axis(f"residual r{of}", reach[1]) | {"domain": RIGHT, "anchor": "y3"},
        "yaxis2": axis(_share_of_rows(found), [0.0, 1.06 * float(counted.max())])
        | {"domain": UPPER, "anchor": "x2"},
        "yaxis3": axis("below r, % of the cost", [-2, 104]) | {"domain": LOWER, "anchor": "x2"},
        "yaxis4": axis("loss ÷ its mean", [0, 1])
        | {"overlaying": "y2", "side": "right", "anchor": "x2", "showgrid": False}
        | {"tickmode": "auto", "nticks": 5},
    }


def _share_of_rows(found: Residuals) -> str:
    weighted = np.ptp(found.bins.weight) > 0
    return "rows by weight, %" if weighted else "rows, %"


def _narrow() -> dict[str, Any]:
    """One panel below the other."""
    return {
        "height": 820,
        "xaxis": {"domain": [0, 1], "anchor": "y"},
        "yaxis": {"domain": [0.7, 1]},
        "xaxis2": {"domain": [0, 0.86], "anchor": "y3"},
        "yaxis2": {"domain": [0.3, 0.58]},
        "yaxis3": {"domain": [0, 0.25]},
    }


def _alt(found: Residuals) -> str:
    shares = zip(found.losses, found.hundredth.tolist(), strict=True)
    said = ", ".join(f"{100 * share:.3g} % under {rows.loss}" for rows, share in shares)
    low, high = float(found.residual.min()), float(found.residual.max())
    return (
        f"Residuals of {found.model} over its predictions, from {readable(low)} to "
        f"{readable(high)}, mean {readable(found.mean)}. The worst 1 % of the rows carry of the "
        f"cost: {said}."
    )
