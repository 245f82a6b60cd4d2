"""A descent on one clock: the path on the cost surface, the fit in data space, the cost by step."""

from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move, Trail, literal
from charts.style import Layout, Trace, axis, spread, stroke, window
from losses.descent.scene import Scene

HEIGHT = 500
LEFT, RIGHT = [0.0, 0.5], [0.59, 1.0]
FAR = 1e4  # window widths; a point farther out would overflow the picture's own arithmetic
READABLE = 1e4  # costs that span more than this are drawn on a log axis unless asked otherwise
DRAWN = 3000  # rows


def descent_figure(scene: Scene, *, log: bool | None = None) -> Figure:
    """Surface, fit and cost on a clock of steps; the costs choose `log` if it is left open."""
    costs = scene.trajectory.costs
    log = _spans(costs) if log is None else log
    data = [_surface(scene), *_path(scene), *_rows(scene), _fit(scene), *_cost(scene)]
    return Figure(
        data,
        _layout(scene, log),
        _alt(scene),
        HEIGHT,
        _table(scene),
        {"clock": _film(scene, len(data))},
        _narrow(scene),
    )


def captions(scene: Scene) -> list[str]:
    """One line of numbers a step."""
    walk = scene.trajectory
    last = len(walk) - 1
    return [
        f"step {step} of {last}: cost {cost:.6g}, gradient {slope:.3g}, w = {w:.4g}, b = {b:.4g}"
        for step, (cost, slope, (w, b)) in enumerate(
            zip(walk.costs, walk.slopes, walk.weights, strict=True)
        )
    ]


def _surface(scene: Scene) -> Trace:
    above = np.sqrt(
        np.maximum(scene.costs - scene.costs.min(), 0.0)
    )  # evenly spaced lines on a parabola
    return {
        "type": "contour", "x": scene.slopes, "y": scene.intercepts, "z": above,
        "customdata": scene.costs,
        "ncontours": 22, "showscale": False, "contours": {"coloring": "heatmap"},
        "colorscale": [[0, "$accent/0.55"], [1, "$accent/0"]],
        "line": {"width": 0.7, "color": "$muted"}, "name": "cost",
        "hovertemplate": "w = %{x:.4g}, b = %{y:.4g}<br>cost %{customdata:.6g}<extra></extra>",
    }  # fmt: skip


def _path(scene: Scene) -> list[Trace]:
    """The whole way, faint; the way so far; the start; where the walk is."""
    w, b = _near(scene)
    color = stroke(scene.objective.loss)["color"]
    faint = {"line": {"color": color, "width": 1, "dash": "dot"}, "opacity": 0.6}
    steps = {"line": {"color": color, "width": 2.5}, "marker": {"size": 3.5, "color": color}}
    start, now = _dot("$paper", color, "square"), _dot(color, "$paper")
    return [
        _on_surface(w, b, "whole path", mode="lines", **faint),
        _on_surface(w, b, "path", mode="lines+markers", **steps),
        _on_surface(w[:1], b[:1], "start", mode="markers", marker=start),
        _on_surface(w[-1:], b[-1:], "now", mode="markers", marker=now),
    ]


def _on_surface(w: np.ndarray, b: np.ndarray, name: str, **look: Any) -> Trace:
    """A trace over the surface that leaves hovering to it: there the cost is read."""
    return _trace(w, b, "x", "y", name=name, hoverinfo="skip", **look)


def _near(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """The path as far as a picture can hold it; the costs and the captions tell the rest."""
    points = []
    for weights, grid in zip(
        scene.trajectory.weights.T, (scene.slopes, scene.intercepts), strict=True
    ):
        points.append(np.where(np.abs(weights) < FAR * np.abs(grid).max(), weights, np.nan))
    lost = np.isnan(points[0]) | np.isnan(points[1])
    return tuple(np.where(lost, np.nan, part) for part in points)  # type: ignore[return-value]


def _rows(scene: Scene) -> list[Trace]:
    data = scene.objective.data
    shown = spread(len(data), DRAWN)
    marker = {"color": "$ink/0.5", "size": 5}
    return [
        _trace(
            data.features[shown, 0],
            scene.objective.target[shown],
            "x2",
            "y2",
            mode="markers",
            name="rows",
            marker=marker,
        )
    ]


def _fit(scene: Scene) -> Trace:
    return _trace(
        scene.x,
        _drawable(scene.fits[-1]),
        "x2",
        "y2",
        line=stroke(scene.objective.loss, focus=True),
        name="fit",
    )


def _cost(scene: Scene) -> list[Trace]:
    steps = np.arange(len(scene.trajectory), dtype=float)
    costs = scene.trajectory.costs
    color = stroke(scene.objective.loss)["color"]
    return [
        _trace(steps, costs, "x3", "y3", line={"color": color, "width": 2}, name="cost by step"),
        _trace(
            steps[-1:],
            costs[-1:],
            "x3",
            "y3",
            mode="markers",
            name="now",
            marker=_dot(color, "$paper"),
        ),
    ]


def _film(scene: Scene, traces: int) -> Film:
    """Traces: surface, whole path, path, start, now, rows, fit, cost by step, now."""
    w, b = _near(scene)
    steps = np.arange(len(scene.trajectory), dtype=float)
    return Film(
        (
            Trail(2, w, b),
            Move(4, w[:, None], b[:, None]),
            Move(6, None, _drawable(scene.fits)),
            Move(traces - 1, steps[:, None], scene.trajectory.costs[:, None]),
        )
    )


def _drawable(fits: np.ndarray) -> np.ndarray:
    return np.where(np.abs(fits) < 1e30, fits, np.nan)


def _trace(
    x: np.ndarray, y: np.ndarray, xaxis: str, yaxis: str, *, mode: str = "lines", **look: Any
) -> Trace:
    return {"type": "scatter", "mode": mode, "x": x, "y": y, "xaxis": xaxis, "yaxis": yaxis, **look}


def _dot(fill: str, edge: str, symbol: str = "circle") -> Trace:
    return {"size": 12, "color": fill, "symbol": symbol, "line": {"color": edge, "width": 2.5}}


def _layout(scene: Scene, log: bool) -> Layout:
    data, costs = scene.objective.data, scene.trajectory.costs
    heights = np.log10(costs[costs > 0]) if log else costs
    steps = np.array([0, max(len(costs) - 1, 1)])
    return {
        "showlegend": False,
        "clickanywhere": True,
        "xaxis": {"domain": LEFT, **axis("slope w", scene.slopes[[0, -1]])},
        "yaxis": axis("intercept b", scene.intercepts[[0, -1]]),
        "xaxis2": {
            "domain": RIGHT,
            "anchor": "y2",
            **axis(literal(data.columns[0]), window(data.features)),
        },
        "yaxis2": {
            "domain": [0.57, 1],
            "anchor": "x2",
            **axis(_target_title(scene), window(scene.objective.target)),
        },
        "xaxis3": {"domain": RIGHT, "anchor": "y3", **axis("step", window(steps))},
        "yaxis3": {
            "domain": [0, 0.4],
            "anchor": "x3",
            "type": "log" if log else "linear",
            "exponentformat": "power",
            **axis("cost", window(heights)),
        },
    }


def _target_title(scene: Scene) -> str:
    """What the fit shows: a number, the probability of a class, or a score."""
    data, name = scene.objective.data, literal(scene.objective.data.target_name)
    if data.task == "regression":
        return f"{name} ({literal(data.unit)})" if data.unit else name
    yes = literal(data.classes[1])
    return f"score of {yes}" if scene.objective.loss.family == "margin" else f"probability of {yes}"


def _narrow(scene: Scene) -> Layout:
    """On a phone: the surface, the fit and the cost under each other."""
    wide = [0.0, 1.0]
    return {
        "height": 980,
        "xaxis": {"domain": wide, "anchor": "y"},
        "yaxis": {"domain": [0.6, 1]},
        "xaxis2": {"domain": wide},
        "yaxis2": {"domain": [0.31, 0.51]},
        "xaxis3": {"domain": wide},
        "yaxis3": {"domain": [0, 0.22]},
    }


def _spans(costs: np.ndarray) -> bool:
    positive = costs[costs > 0]
    return bool(positive.size and costs.max() / positive.min() > READABLE)


def _table(scene: Scene) -> dict[str, np.ndarray]:
    walk = scene.trajectory
    w, b = walk.weights.T
    return {
        "step": np.arange(len(walk)),
        "w": w,
        "b": b,
        "cost": walk.costs,
        "gradient": walk.slopes,
    }


def _alt(scene: Scene) -> str:
    walk = scene.trajectory
    (w0, b0), (w, b) = walk.weights[0], walk.weights[-1]
    return (
        f"{scene.objective.loss} over slope and intercept; from ({w0:.3g}, {b0:.3g}) with cost "
        f"{walk.costs[0]:.4g} to ({w:.4g}, {b:.4g}) with cost {walk.costs[-1]:.4g} "
        f"in {len(walk) - 1} steps. {walk.outcome.sentence}"
    )
