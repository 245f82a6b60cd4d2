"""The one hand that draws: how a loss looks, how panels stack, what an axis shows."""

from typing import Any

import numpy as np

from losses import Loss
from losses.axes import Axis

Trace = dict[str, Any]
Layout = dict[str, Any]

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
COLORS = 6
APART = (1, 4, 2, 5, 3, 0)  # of the palette: neighbors in this order are the farthest apart
FOCUS, COMPARED, AID = 3.5, 2.0, 1.0  # widths of the loss in focus, of the others, of helping lines

# What an axis shows of value, gradient and curvature: fixed, so the curve moves, not the ruler.
WINDOWS = {
    "residual": ((-0.25, 8.0), (-4.2, 4.2), (-0.9, 2.4)),
    "prediction": ((-0.2, 6.0), (-4.2, 4.2), (-0.5, 4.5)),
    "log_mean": ((-0.25, 8.0), (-4.2, 4.2), (-0.25, 4.5)),
    "margin": ((-0.12, 4.1), (-2.6, 0.9), (-0.4, 2.3)),
    "logit": ((-0.18, 6.1), (-1.45, 1.45), (-0.25, 0.55)),
    "probability": ((-0.15, 5.0), (-12.0, 12.0), (-2.0, 40.0)),
    "class_logit": ((-0.2, 7.0), (-1.15, 0.25), (-0.12, 0.6)),
}
LEGEND: Layout = {
    "showlegend": True,
    "legend": {"orientation": "h", "x": 0, "y": 1.01, "yanchor": "bottom"},
}
PANELS = ("value", "gradient", "curvature")


def color(loss: Loss | type[Loss]) -> str:
    """The palette entry that a loss keeps on every page; the accent where no catalogue has it."""
    return f"${_place(loss) % COLORS}" if loss.slug in Loss.catalogue else "$accent"


def stroke(loss: Loss, *, focus: bool = False) -> dict[str, Any]:
    """The line of a loss: its own color and dash, solid and thick when it is the one looked at."""
    place = _place(loss)
    dash = "solid" if focus else DASHES[1 + (place + place // COLORS) % (len(DASHES) - 1)]
    return {"color": color(loss), "dash": dash, "width": FOCUS if focus else COMPARED}


def runner(place: int) -> dict[str, Any]:
    """The color and dash of one of several that walk or race over one ground."""
    return {
        "color": f"${place % COLORS}",
        "dash": DASHES[(place + place // COLORS) % len(DASHES)],
    }


def _place(loss: Loss | type[Loss]) -> int:
    """Its place in its family: only losses of one family share a figure."""
    mates = [s for s, kind in Loss.catalogue.items() if kind.family == loss.family]  # type: ignore[attr-defined]
    return mates.index(loss.slug) if loss.slug in mates else len(mates)


def panels(
    axis: Axis,
    heights: tuple[float, ...] = (0.5, 0.25, 0.25),
    gap: float = 0.055,
    *,
    zoom: float = 1.0,
) -> Layout:
    """Value, gradient and curvature stacked over one axis; the figure's first three y axes.

    A zoom of 4 shows a quarter of the usual values and gradients: a loss that never grows large
    needs it. Its curvature is no smaller than that of others.
    """
    layout: Layout = {
        "xaxis": {"range": [axis.low, axis.high], "title": {"text": axis.label}, "anchor": "y3"}
    }
    top = 1.0
    for place, (name, share, window) in enumerate(
        zip(PANELS, heights, WINDOWS[axis.slug], strict=True), 1
    ):
        room = share * (1 - 2 * gap)
        layout[f"yaxis{place}" if place > 1 else "yaxis"] = {
            "domain": [max(0.0, top - room), top],
            "range": [end / (1 if name == "curvature" else zoom) for end in window],
            "title": {"text": name},
            "zeroline": True,
            "nticks": 5,
        }
        top -= room + gap
    return layout


def spread(rows: int, most: int) -> np.ndarray:
    """The places of all rows, or of as many as a picture bears, evenly spread over the file."""
    return np.linspace(0, rows - 1, min(rows, most)).astype(int)


def axis(title: str, span: Any) -> Layout:
    """An axis with its title and a fixed range: a free one would cost a redraw at every answer."""
    return {"range": span, "title": {"text": title}}


def window(values: np.ndarray) -> list[float]:
    """The range of an axis that shows all values with some room at both ends."""
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low) or 1.0
    return [low - room, high + room]


def drawable(y: Any) -> Any:
    """A curve with a break where it is infinite: no infinity reaches a chart's arithmetic."""
    return np.where(np.isfinite(y), y, np.nan)


def line(x: Any, y: Any, name: str, look: dict[str, Any], *, panel: int = 1, **more: Any) -> Trace:
    """A line on one of the stacked panels; only the first panel's enters the legend."""
    if "hoverinfo" not in more:
        more = {"hovertemplate": f"{name}: %{{y:.4g}} at %{{x:.4g}}<extra></extra>"} | more
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": drawable(y),
        "yaxis": "y" if panel == 1 else f"y{panel}",
        "name": name,
        "line": look,
        "legendgroup": name,
        "showlegend": panel == 1,
        **more,
    }
