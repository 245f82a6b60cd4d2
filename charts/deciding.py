"""The rows that decide: the difference of two costs without them, and where they lie."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure, literal
from charts.models import look, short, shown
from charts.numbers import readable
from charts.style import AID, COMPARED, LEGEND, Layout, Trace, axis, line, spread, window
from losses.arrays import Array, Indices
from losses.data import Dataset
from losses.verdict import Decision

PATH_HEIGHT, ROWS_HEIGHT, STACKED = 300, 380, 640
DOTTED = 60  # rows: of more, the path has no dots
POINTS = 1500  # of a path, and rows of each kind in a picture
SIDE = 0.12  # opacity of the two sides of a tie
STRIP = 0.36  # how far rows of a class are spread around it
TOLD = 5  # rows in the words for who cannot see the picture
SIDE_ROOM = 0.25  # of the height: what each of them gets at least
Pair = tuple[int, int]


def path_figure(found: Decision, models: Sequence[str], pair: Pair) -> Figure:
    """The first model's cost minus the second's, as the deciding rows leave one by one."""
    removed = spread(len(found.path), POINTS)
    path = found.path[removed]
    span = _span(found.path)
    far = len(found.path) - 1
    data = [_path(removed, path, far)]
    layout: Layout = {
        "xaxis": axis("deciding rows left out", [-0.03 * far, 1.03 * far])
        | {"zeroline": False, "tickformat": ",d", "nticks": min(far + 1, 9)},
        "yaxis": axis("difference of the costs", span),
        "shapes": [
            _side(pair[0], span[0], 0.0),
            _side(pair[1], 0.0, span[1]),
            _level(),
        ],
        "annotations": [
            *_sides([models[place] for place in pair]),
            *_ends(found.path, far),
        ],
    }
    table = {"rows left out": np.arange(far + 1), "difference of the costs": found.path}
    return Figure(data, layout, _path_alt(found, models, pair), PATH_HEIGHT, table)


def decided_figure(data: Dataset, found: Decision, pair: tuple[str, str]) -> Figure:
    """Target against the prediction of each of two models, the deciding rows marked."""
    others = np.delete(np.arange(len(data)), found.rows)
    kinds = [
        ("other rows", others, {"symbol": "circle", "size": 5, "color": "$ink/0.4"}),
        ("deciding rows", found.rows, {"symbol": "diamond", "size": 10, "color": "$accent"}),
    ]
    heights = _heights(data)
    predictions = np.stack([data.column(name) for name in pair])
    traces: list[Trace] = []
    for panel, values in enumerate(predictions, 1):
        if data.task == "regression":
            traces.append(_exact(panel, predictions, heights))
        for name, rows, mark in kinds:
            if len(rows):
                traces.append(_rows(data, (values, heights), (name, rows), mark, panel))
    layout = _decided_layout(data, predictions, heights, pair)
    table = {
        data.numbered: data.rows[found.rows],
        data.target_name: data.target[found.rows],
        **{name: data.column(name)[found.rows] for name in pair},
    }
    alt = _decided_alt(data, found, pair)
    return Figure(traces, layout, alt, ROWS_HEIGHT, table, narrow=_stacked())


def _span(path: Array) -> list[float]:
    """The range of the path, with room on both sides of zero to say who is cheaper there."""
    low, high = window(np.append(path[np.isfinite(path)], 0.0))
    room = SIDE_ROOM * (high - low)
    return [min(low, -room), max(high, room)]


def _path(removed: Indices, path: Array, far: int) -> Trace:
    hover = "without %{x:,d} rows: %{y:.5g}<extra></extra>"
    drawn = line(removed, path, "difference", {"color": "$ink", "width": COMPARED})
    mark = {"symbol": "diamond", "size": 8, "color": "$accent"}
    mode = "lines+markers" if far <= DOTTED else "lines"
    return drawn | {"mode": mode, "marker": mark, "hovertemplate": hover, "showlegend": False}


def _side(model: int, low: float, high: float) -> dict[str, Any]:
    color, _, _ = look(model)
    return {
        "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low, "y1": high,
        "layer": "below", "fillcolor": f"{color}/{SIDE}", "line": {"width": 0},
    }  # fmt: skip


def _level() -> dict[str, Any]:
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0,
        "line": {"color": "$ink", "width": AID + 0.5, "dash": "dash"},
    }  # fmt: skip


def _sides(names: Sequence[str]) -> list[dict[str, Any]]:
    """Who is cheaper below zero, and who above."""
    places = ((1, "right", 0, "bottom"), (0, "left", 1, "top"))
    return [
        {
            "xref": "paper", "x": x, "xanchor": anchor, "yref": "paper", "y": y, "yanchor": end,
            "text": f"{shown(name)} is cheaper", "showarrow": False,
        }
        for name, (x, anchor, y, end) in zip(names, places, strict=True)
    ]  # fmt: skip


def _ends(path: Array, far: int) -> list[dict[str, Any]]:
    """The difference with all rows, and without the deciding ones."""
    return [
        {
            "x": place, "y": float(path[place]), "text": readable(path[place]), "showarrow": False,
            "xanchor": anchor, "xshift": right, "yshift": up,
        }
        for place, anchor, right, up in ((0, "left", 10, -9), (far, "right", -4, 14))
        if np.isfinite(path[place])
    ]  # fmt: skip


def _path_alt(found: Decision, models: Sequence[str], pair: Pair) -> str:
    first, second = (models[place] for place in pair)
    return (
        f"The cost of {first} minus that of {second} under {found.loss}: "
        f"{readable(found.path[0])} with all {found.total:,} rows, {readable(found.path[-1])} "
        f"without the {len(found.rows):,} that decide."
    )


def _heights(data: Dataset) -> Array:
    """The target; rows of a class are spread around it in the order of the file."""
    heights: Array = data.target.copy()
    for label in range(len(data.classes)):
        members = np.flatnonzero(data.target == label)
        heights[members] += np.linspace(-STRIP, STRIP, len(members))
    return heights


def _exact(panel: int, predictions: Array, heights: Array) -> Trace:
    """Where a prediction is the target."""
    low = max(predictions.min(), heights.min())
    ends = np.array([low, max(low, min(predictions.max(), heights.max()))])
    look = {"color": "$muted", "width": AID, "dash": "dot"}
    drawn = line(ends, ends, "prediction = target", look, panel=panel, hoverinfo="skip")
    return drawn | {"xaxis": _on("x", panel)}


def _rows(
    data: Dataset,
    places: tuple[Array, Array],
    kind: tuple[str, Indices],
    mark: dict[str, Any],
    panel: int,
) -> Trace:
    name, rows = kind
    drawn = rows[spread(len(rows), POINTS)]
    count = f"{len(rows):,}" if len(drawn) == len(rows) else f"{len(drawn):,} of {len(rows):,}"
    target: list[Any] = data.target[drawn].tolist()
    if data.classes:
        target = [literal(data.classes[int(label)]) for label in target]
    else:
        target = list(map(readable, target))
    said = [
        f"row {row}<br>target {y}<br>prediction {readable(x)}"
        for row, y, x in zip(data.rows[drawn].tolist(), target, places[0][drawn], strict=True)
    ]
    return {
        "type": "scatter", "mode": "markers", "x": places[0][drawn], "y": places[1][drawn],
        "xaxis": _on("x", panel), "yaxis": _on("y", panel), "marker": mark,
        "name": f"{name} ({count})", "legendgroup": name, "showlegend": panel == 1,
        "text": said, "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _on(letter: str, panel: int) -> str:
    return letter if panel == 1 else f"{letter}{panel}"


def _decided_layout(
    data: Dataset, predictions: Array, heights: Array, pair: tuple[str, str]
) -> Layout:
    across = window(predictions)
    up = axis(literal(short(data.target_name)), window(heights)) | {"zeroline": False}
    if data.classes:
        labels = [literal(short(name)) for name in data.classes]
        up["title"] = {"text": f"{literal(short(data.target_name))}, rows of a class side by side"}
        up |= {"tickvals": list(range(len(labels))), "ticktext": labels, "showgrid": False}
    titles = [f"prediction of {shown(name)}" for name in pair]
    flat = {"zeroline": False}
    return {
        **LEGEND,
        "xaxis": axis(titles[0], across) | flat | {"domain": [0, 0.48]},
        "xaxis2": axis(titles[1], across) | flat | {"domain": [0.52, 1], "anchor": "y2"},
        "yaxis": up,
        "yaxis2": up | {"anchor": "x2", "showticklabels": False, "title": {"text": ""}},
    }


def _stacked() -> Layout:
    """One panel above the other, where there is no room beside it."""
    return {
        "xaxis": {"domain": [0, 1]},
        "xaxis2": {"domain": [0, 1]},
        "yaxis": {"domain": [0.58, 1]},
        "yaxis2": {"domain": [0, 0.42], "showticklabels": True},
        "height": STACKED,
    }


def _decided_alt(data: Dataset, found: Decision, pair: tuple[str, str]) -> str:
    named = [_told(data, int(row), pair) for row in found.rows[:TOLD]]
    if (more := len(found.rows) - len(named)) > 0:
        named.append(f"and {more:,} more")
    return (
        f"{data.target_name} against the predictions of {pair[0]} and {pair[1]} in {len(data):,} "
        f"rows. The deciding rows under {found.loss} are marked: {'; '.join(named)}."
    )


def _told(data: Dataset, row: int, pair: tuple[str, str]) -> str:
    first, second = (readable(data.column(name)[row]) for name in pair)
    target = data.classes[int(data.target[row])] if data.classes else readable(data.target[row])
    return f"{data.numbered} {data.rows[row]}, {target}, predicted as {first} and {second}"
