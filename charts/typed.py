"""A typed loss over its axis, its kinks marked: axes that suit a scale nobody knew before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from charts.curves import curve_figure
from charts.figure import Figure
from charts.style import PANELS, WINDOWS, Layout, Trace
from losses import Loss
from losses.arrays import Array
from losses.axes import Axis
from losses.curve import along, sample
from losses.formula import Formula, breaks

HEIGHT = 520
DWARFED = 30.0  # times the median in size: more leaves the window, as beside exp(r²)
WITHIN = 0.6  # of a curve, if its usual window is to be kept
SAID = 6  # places that are named in words


def typed_figure(
    loss: Formula,
    beside: Sequence[Loss],
    axis: Axis,
    *,
    positive: bool = True,
    at: float | None = None,
    stops: Sequence[float] | None = None,
    rug: Array | None = None,
) -> Figure:
    """The typed loss in focus, others beside it; the ruler follows the text, not the sliders."""
    losses = [loss, *beside]
    drawn = curve_figure(losses, axis, positive=positive, at=at, stops=stops, rug=rug)
    kinks = {at: kind for at, kind in breaks(loss).items() if axis.low <= at <= axis.high}
    on_axis = axis is loss.axes[0]  # kinks are places on it
    first = type(loss)()  # its parameters where they began: a moved slider moves the curve alone
    layout = _fitted(drawn.layout, first, axis, positive)
    rings = _kinks(loss, axis, kinks, positive) if on_axis else []
    return replace(
        drawn,
        data=[*(_upright(trace, layout) for trace in drawn.data), *rings],
        layout=layout,
        alt=f"{drawn.alt} {_said(kinks)}" if on_axis else drawn.alt,
        height=HEIGHT,
    )


def _kinks(loss: Loss, axis: Axis, kinks: Mapping[float, str], positive: bool) -> list[Trace]:
    """A ring at each kink, where the loss has a value there, and of which kind it is."""
    if not kinks:
        return []
    x = np.array(list(kinks))
    with np.errstate(all="ignore"):
        value, _, _ = along(loss, axis, x, positive=positive)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": x,
            "y": np.where(np.isfinite(value), value, np.nan),
            "name": "not smooth",
            "text": list(kinks.values()),
            "marker": {
                "symbol": "circle-open",
                "size": 11,
                "color": "$ink",
                "line": {"width": 2, "color": "$ink"},
            },
            "hovertemplate": "%{text} at %{x:.4g}: %{y:.4g}<extra></extra>",
        }
    ]


def _upright(trace: Trace, layout: Layout) -> Trace:
    """The line at which the curves are read, as high as its panel; any other trace as it is."""
    if trace["name"] != "reading":
        return trace
    return trace | {"y": np.array(layout[trace["yaxis"].replace("y", "yaxis")]["range"])}


def _said(kinks: Mapping[float, str]) -> str:
    if not kinks:
        return "It is smooth there, as far as was found."
    named = [f"{kind} at {at:.4g}" for at, kind in kinks.items()]
    more = f" and {len(named) - SAID} more" if len(named) > SAID else ""
    return f"Not smooth: {', '.join(named[:SAID])}{more}."


def _fitted(layout: Layout, loss: Loss, axis: Axis, positive: bool) -> Layout:
    """The layout with the usual windows of the axis, but for panels that they do not suit."""
    with np.errstate(all="ignore"):
        curve = sample(loss, axis=axis, positive=positive)
    fitted = dict(layout)
    for place, (panel, usual) in enumerate(zip(PANELS, WINDOWS[axis.slug], strict=True), 1):
        name = f"yaxis{place}" if place > 1 else "yaxis"
        fitted[name] = {**layout[name], "range": _window(getattr(curve, panel), usual)}
    return fitted


def _window(heights: Array, usual: tuple[float, float]) -> list[float]:
    """The usual range unless the curve would leave it for long, or lie flat in it."""
    low, high = extent(heights)
    size, finite = max(abs(low), abs(high)), heights[np.isfinite(heights)]
    inside = np.mean((usual[0] <= finite) & (finite <= usual[1])) if finite.size else 1.0
    if not size or (size >= max(map(abs, usual)) / 10 and inside >= WITHIN):
        return list(usual)
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.08 * (high - low)
    return [low - room, high + room]


def extent(heights: Array) -> tuple[float, float]:
    """From where to where a curve goes, but for what would dwarf all the rest; 0, 0 of none."""
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return 0.0, 0.0
    typical = float(np.median(np.abs(finite)))
    if typical:
        finite = finite[np.abs(finite) <= DWARFED * typical]
    low, high = np.quantile(finite, [0.02, 0.98]).tolist()
    return low, high
