"""The hidden units of a network as small pictures: what each says over the features."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charts.figure import Figure, literal
from charts.numbers import counted, readable
from charts.style import APART, Layout, Trace, runner, spread

ACROSS, ON_A_PHONE = 4, 2  # pictures side by side: more would squeeze them
TOP = 24  # px, for the names of the first row
ROW, HEAD = 168, 60  # px: the height of a row of pictures, and what is around all of them
ROOM = 0.22  # of the height of a row, for names and ticks
SLIT = 0.12  # of the width of a picture, between two of them
DRAWN = 150  # rows
BAR = 9  # px, the thickness of a bar of colors


@dataclass(frozen=True)
class Rows:
    """The rows of the data that lie in the pictures: features `(n, d)`, and the class of each."""

    features: np.ndarray
    classes: np.ndarray | None


def units_figure(
    first: np.ndarray,
    second: np.ndarray | None,
    layers: Sequence[np.ndarray],
    names: Sequence[str],
    step: int,
    *,
    rows: Rows | None = None,
    dead: Sequence[np.ndarray] = (),
) -> Figure:
    """Layer below layer: over two features a picture of each unit, over one a line.

    The `rows` lie in every picture. `dead` says of each unit of each layer whether it is 0 on all
    rows of the data.
    """
    gone = dead or [np.zeros(len(layer), dtype=bool) for layer in layers]
    if second is None:
        data, layout = _lines(first, layers, names[0], gone)
        return Figure(data, layout, _alt(layers, step), 150 * len(layers) + 100, _table(layers))
    names_of = (first, second), names, layers
    layout = _placed(*names_of, ACROSS) | {"annotations": _named(gone), "margin": {"t": TOP}}
    narrow = _placed(*names_of, ON_A_PHONE)
    data = _pictures((first, second), layers, rows)
    height, alt = layout.pop("height"), _alt(layers, step)
    return Figure(data, layout, alt, height, _table(layers), narrow=narrow)


def _pictures(
    axes: tuple[np.ndarray, np.ndarray], layers: Sequence[np.ndarray], rows: Rows | None
) -> list[Trace]:
    """A picture for each unit, with the rows in it."""
    data: list[Trace] = []
    for number, (k, unit) in enumerate(_units(layers)):
        data.append(_picture(axes, layers[k][unit], number, k) | {"name": f"unit {unit + 1}"})
        data += _rows(rows, _place(number))
    return data


def _units(layers: Sequence[np.ndarray]) -> list[tuple[int, int]]:
    """The layer and the number in it of each unit."""
    return [(k, unit) for k, layer in enumerate(layers) for unit in range(len(layer))]


def _place(number: int) -> str:
    """What ends the name of an axis."""
    return str(number + 1) if number else ""


def _picture(
    axes: tuple[np.ndarray, np.ndarray], picture: np.ndarray, number: int, layer: int
) -> Trace:
    place = _place(number)
    return {
        "type": "heatmap", "x": axes[0], "y": axes[1], "xaxis": f"x{place}", "yaxis": f"y{place}",
        "z": np.where(np.isfinite(picture), picture, np.nan),
        "coloraxis": f"coloraxis{_place(layer)}", "zsmooth": False,
        "hovertemplate": "%{x:.4g}, %{y:.4g}<br>%{z:.4g}<extra></extra>",
    }  # fmt: skip


def _placed(
    axes: tuple[np.ndarray, np.ndarray],
    names: Sequence[str],
    layers: Sequence[np.ndarray],
    across: int,
) -> Layout:
    """Where the pictures are, so many side by side, and the colors of each layer beside them."""
    deep = [-(-len(layer) // across) for layer in layers]
    panels = sum(deep)
    layout: Layout = {"height": ROW * panels + HEAD}
    for number, (k, unit) in enumerate(_units(layers)):
        where = sum(deep[:k]) + unit // across, unit % across
        layout |= _axes(axes, names, _place(number), where, across, panels)
    for k, layer in enumerate(layers):
        reach = float(np.nanmax(np.abs(np.where(np.isfinite(layer), layer, np.nan)), initial=0.0))
        middle = 1 - (sum(deep[:k]) + deep[k] / 2) / panels
        layout[f"coloraxis{_place(k)}"] = {
            "cmin": -(reach or 1.0), "cmax": reach or 1.0, "colorscale": SCALE,
            "colorbar": {
                "thickness": BAR, "len": (deep[k] - ROOM) / panels, "y": middle,
                "yanchor": "middle", "title": {"text": f"layer {k + 1}", "side": "right"},
            },
        }  # fmt: skip
    return layout


def _rows(rows: Rows | None, place: str) -> list[Trace]:
    """The rows in a picture: of classes, each with its own mark."""
    if rows is None:
        return []
    shown = spread(len(rows.features), DRAWN)
    kinds = rows.classes[shown] if rows.classes is not None else np.zeros(len(shown))
    marks = [MARKS[int(kind) % len(MARKS)] for kind in kinds]
    look = {"color": "$ink/0.75", "size": 3.5, "symbol": marks, "line": {"width": 0.8}}
    return [
        {
            "type": "scatter", "mode": "markers", "x": rows.features[shown, 0],
            "y": rows.features[shown, 1], "name": "rows", "marker": look, "hoverinfo": "skip",
            "xaxis": f"x{place}", "yaxis": f"y{place}",
        }
    ]  # fmt: skip


MARKS = ("circle", "circle-open", "cross-thin-open", "diamond", "square-open", "x-thin-open")


def _axes(
    axes: tuple[np.ndarray, np.ndarray],
    names: Sequence[str],
    place: str,
    where: tuple[int, int],
    across: int,
    panels: int,
) -> Layout:
    """Axes in the features' own numbers, with a frame, and named at the edges."""
    line, column = where
    width = 1 / (across + (across - 1) * SLIT)
    left, top = column * (1 + SLIT) * width, 1 - line / panels
    frame = {"showline": True, "mirror": True, "linecolor": "$muted", "showgrid": False}
    frame |= {"zeroline": False, "nticks": 4}
    x, y = ([float(one[0]), float(one[-1])] for one in axes)
    said = literal(names[0]) if line + 1 == panels else ""
    return {
        f"xaxis{place}": frame | {
            "anchor": f"y{place}", "domain": [left, left + width], "range": x,
            "title": {"text": said, "standoff": 2},
        },
        f"yaxis{place}": frame | {
            "anchor": f"x{place}", "domain": [top - (1 - ROOM) / panels, top], "range": y,
            "showticklabels": column == 0,
            "title": {"text": "" if column else literal(names[1])},
        },
    }  # fmt: skip


def _named(dead: Sequence[np.ndarray]) -> list[Layout]:
    """The name of each unit above its picture, and whether it is dead."""
    return [
        {
            "text": f"unit {unit + 1}" + ": dead" * bool(dead[k][unit]), "x": 0, "y": 1,
            "xref": f"x{_place(number)} domain", "yref": f"y{_place(number)} domain",
            "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 12},
        }
        for number, (k, unit) in enumerate(_units(dead))
    ]  # fmt: skip


SCALE = [[0, f"${APART[0]}"], [0.5, "$paper"], [1, f"${APART[1]}"]]


def _lines(
    first: np.ndarray, layers: Sequence[np.ndarray], name: str, dead: Sequence[np.ndarray]
) -> tuple[list[Trace], Layout]:
    """A panel for each layer, in it a line for each unit; how many are dead stands at its side."""
    data: list[Trace] = []
    layout = _plain() | {"showlegend": True}
    for k, layer in enumerate(layers):
        place, gone = "" if k == 0 else str(k + 1), int(dead[k].sum())
        for unit, line in enumerate(layer):
            data.append({
                "type": "scatter", "mode": "lines", "x": first, "y": line,
                "xaxis": f"x{place}", "yaxis": f"y{place}", "line": {**runner(unit), "width": 2},
                "name": f"unit {unit + 1}", "legendgroup": str(unit),
                "showlegend": len(layer) == max(map(len, layers)) and not any(
                    len(one) == len(layer) for one in layers[:k]
                ),
            })  # fmt: skip
        layout[f"xaxis{place}"] = {
            "anchor": f"y{place}", "range": [float(first[0]), float(first[-1])],
            "title": {"text": literal(name)},
        }  # fmt: skip
        layout[f"yaxis{place}"] = {
            "anchor": f"x{place}", "domain": _room(k, len(layers)),
            "title": {"text": f"layer {k + 1}" + (f", {gone} dead" if gone else "")},
        }  # fmt: skip
    return data, layout


def _plain() -> Layout:
    return {"showlegend": False, "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"}}


def _room(k: int, layers: int) -> list[float]:
    """The part of the height that a layer has, the first on top."""
    gap = 0.2 / max(1, layers - 1) if layers > 1 else 0.0
    room = (1 - gap * (layers - 1)) / layers
    top = 1 - k * (room + gap)
    return [max(0.0, top - room), top]


def _table(layers: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """One line a unit: its place, and the least, the mean and the most that it says."""
    flat = [unit.ravel() for layer in layers for unit in layer]
    return {
        "layer": np.array([k for k, layer in enumerate(layers, 1) for _ in layer]),
        "unit": np.array([unit for layer in layers for unit in range(1, len(layer) + 1)]),
        "least": np.array([unit.min() for unit in flat]),
        "mean": np.array([unit.mean() for unit in flat]),
        "most": np.array([unit.max() for unit in flat]),
    }


def _alt(layers: Sequence[np.ndarray], step: int) -> str:
    told = [
        f"Layer {k}: {counted(len(layer), 'unit')}, from {readable(float(np.nanmin(layer)), 3)} to "
        f"{readable(float(np.nanmax(layer)), 3)}."
        for k, layer in enumerate(layers, 1)
    ]
    return f"What the hidden units say at step {step}. " + " ".join(told)
