"""Huber's delta: the hand-over from parabola to line, and the fitted line that moves with it."""

from functools import lru_cache

import numpy as np

from charts.figure import Figure, Film, Move, literal
from charts.numbers import percent, unused
from charts.style import (
    AID,
    FOCUS,
    LEGEND,
    WINDOWS,
    Layout,
    Trace,
    axis,
    line,
    panels,
    spread,
    stroke,
    window,
)
from losses import Loss
from losses.axes import RESIDUAL
from losses.curve import Curve, sample, scaled
from losses.data import Dataset
from losses.regression import AbsoluteError, Huber, SquaredError
from losses.robust import DeltaStudy

HEIGHT = 600
RUG_ROWS, DRAWN_ROWS = 400, 1000  # more strokes merge into a bar, more dots into a cloud


def handover_figure(huber: Huber, study: DeltaStudy, *, divided: bool) -> Figure:
    """Value, gradient and curvature of Huber between ½ squared and absolute, with the zones shaded.

    `divided` draws Huber / delta, which becomes the absolute error as delta falls to zero.
    """
    curves = _swept(tuple(study.deltas.tolist()), divided)
    here = study.at(huber.delta)
    zones = np.array([_zone(delta) for delta in study.deltas])
    seams = np.array([_seams(delta, divided) for delta in study.deltas])
    rugs = study.residuals(spread(len(study.data), RUG_ROWS))
    data = [*_zone_traces(zones[here]), *_compared(), *_huber_traces(curves[here])]
    data += [_seam_trace(seams[here]), _rug_trace(rugs[here])]
    film = Film(_moves(zones, curves, seams, rugs), study.deltas, huber.delta)
    return Figure(
        data,
        panels(RESIDUAL) | LEGEND,
        _alt(huber, study),
        HEIGHT,
        _table(curves[here]),
        {"delta": film},
    )


def fit_figure(huber: Huber, study: DeltaStudy) -> Figure:
    """The rows, those beyond ±delta hollow, with the lines of all three losses."""
    data, here = study.data, study.at(huber.delta)
    shown = spread(len(data), DRAWN_ROWS)
    x, y, residuals = data.features[shown, 0], data.target[shown], study.residuals(shown)
    ends = np.array([x.min(), x.max()])
    lines = study.weights[:, :1] * ends + study.weights[:, 1:]
    inside = np.where(np.abs(residuals) <= study.deltas[:, None], y, np.nan)
    outside = np.where(np.isnan(inside), y, np.nan)
    traces = [
        _rows(x, inside[here], "$ink/0.65", "circle", "rows within ±δ"),
        _rows(x, outside[here], "$4", "circle-open", "rows beyond"),
        _fit(ends, study.least_squares, SquaredError(), "Least squares"),
        _fit(ends, study.least_absolute, AbsoluteError(), "Least absolute"),
        line(ends, lines[here], "Huber", stroke(Huber(), focus=True)),
    ]
    moves = (Move(0, None, inside), Move(1, None, outside), Move(4, None, lines))
    table = {data.columns[0]: x, data.target_name: y}
    table[unused("residual", table)] = residuals[here]
    return Figure(
        traces,
        _fit_layout(data),
        _fit_alt(study, here, data),
        HEIGHT,
        table,
        {"delta": Film(moves, study.deltas, huber.delta)},
    )


@lru_cache(maxsize=4)
def _swept(deltas: tuple[float, ...], divided: bool) -> tuple[Curve, ...]:
    """Huber's curve at every delta; kept, for every run asks for them again."""
    return tuple(
        scaled(sample(Huber(delta=delta)), 1 / delta if divided else 1.0) for delta in deltas
    )


def _zone(delta: float) -> np.ndarray:
    return np.array([-delta, -delta, delta, delta])


def _seams(delta: float, divided: bool) -> np.ndarray:
    """x and y of the two hand-over points, where the value is ½δ²."""
    height = delta / 2 if divided else delta**2 / 2
    return np.array([[-delta, delta], [height, height]])


def _zone_traces(x: np.ndarray) -> list[Trace]:
    windows = WINDOWS[RESIDUAL.slug]
    look = {"width": 0, "color": "$accent"}
    shade = {
        "fill": "toself",
        "fillcolor": "$accent/0.08",
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [
        line(x, _sides(low, high), "|r| ≤ δ", look, panel=place, **shade)
        for place, (low, high) in enumerate(windows, 1)
    ]  # fmt: skip


def _sides(low: float, high: float) -> np.ndarray:
    """The heights of a zone's corners, well outside of its window."""
    return np.array([low - 9, high + 9, high + 9, low - 9])


def _compared() -> list[Trace]:
    """The two limits: ½ squared error and absolute error."""
    traces = []
    for loss, scale, name in (
        (SquaredError(), 0.5, "½ squared error"),
        (AbsoluteError(), 1.0, "Absolute error"),
    ):
        curve = sample(loss)
        parts = (curve.value, curve.gradient, curve.curvature)
        traces += [
            line(curve.x, scale * part, name, stroke(loss), panel=place)
            for place, part in enumerate(parts, 1)
        ]
    return traces


def _huber_traces(curve: Curve) -> list[Trace]:
    parts = (curve.value, curve.gradient, curve.curvature)
    look = stroke(Huber(), focus=True)
    return [line(curve.x, part, "Huber", look, panel=place) for place, part in enumerate(parts, 1)]


def _seam_trace(points: np.ndarray) -> Trace:
    marker = {
        "color": "$paper",
        "size": 11,
        "line": {"color": stroke(Huber())["color"], "width": FOCUS - AID},
    }
    return {
        "type": "scatter", "mode": "markers", "x": points[0], "y": points[1], "marker": marker,
        "name": "hand-over",
        "hovertemplate": "hand-over: value ½δ² = %{y:.4g} at r = %{x:.4g}<extra></extra>",
    }  # fmt: skip


def _rug_trace(residuals: np.ndarray) -> Trace:
    marker = {"symbol": "line-ns-open", "size": 10, "color": "$ink/0.5", "line": {"width": 1}}
    low = WINDOWS[RESIDUAL.slug][0][0]
    return {
        "type": "scatter", "mode": "markers", "x": residuals, "y": np.full(len(residuals), low),
        "marker": marker, "name": "your rows", "hoverinfo": "skip", "cliponaxis": False,
    }  # fmt: skip


def _moves(
    zones: np.ndarray, curves: tuple[Curve, ...], seams: np.ndarray, rugs: np.ndarray
) -> tuple[Move, ...]:
    """In the order of the traces: three zones, two limits of three panels, Huber, seam, rug."""
    x = np.array([curve.x for curve in curves])
    parts = [
        np.array([getattr(curve, name) for curve in curves])
        for name in ("value", "gradient", "curvature")
    ]
    moved = [Move(place, zones) for place in range(3)]
    moved += [Move(9 + place, x, part) for place, part in enumerate(parts)]
    return (*moved, Move(12, seams[:, 0], seams[:, 1]), Move(13, rugs))


def _rows(x: np.ndarray, y: np.ndarray, color: str, symbol: str, name: str) -> Trace:
    marker = {"color": color, "symbol": symbol, "size": 7, "line": {"width": 1.6}}
    return {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "name": name}


def _fit(ends: np.ndarray, weights: np.ndarray, loss: Loss, name: str) -> Trace:
    return line(ends, weights[0] * ends + weights[1], name, stroke(loss))


def _fit_layout(data: Dataset) -> Layout:
    unit = f" ({literal(data.unit)})" if data.unit else ""
    return {
        "xaxis": axis(literal(data.columns[0]), window(data.features)),
        "yaxis": axis(literal(data.target_name) + unit, window(data.target)),
        **LEGEND,
    }


def _table(curve: Curve) -> dict[str, np.ndarray]:
    return {
        "r": curve.x,
        "value": curve.value,
        "gradient": curve.gradient,
        "curvature": curve.curvature,
    }


def _alt(huber: Huber, study: DeltaStudy) -> str:
    share = study.inside(huber.delta).mean()
    return (
        f"Huber with delta {huber.delta:g}: quadratic up to ±{huber.delta:g}, where its value is "
        f"{huber.delta**2 / 2:.4g} and its slope {huber.delta:g}, linear beyond. "
        f"{percent(share, 0)} of the rows lie in the quadratic zone."
    )


def _fit_alt(study: DeltaStudy, place: int, data: Dataset) -> str:
    named = (
        ("Huber", study.weights[place]),
        ("least squares", study.least_squares),
        ("least absolute", study.least_absolute),
    )
    slopes = ", ".join(f"{name} slope {w[0]:.4g} and intercept {w[1]:.4g}" for name, w in named)
    return (
        f"{data.target_name} over {data.columns[0]}, {len(data)} rows, with three lines: {slopes}."
    )
