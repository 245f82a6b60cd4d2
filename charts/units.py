"""The hidden units of a network as small pictures: what each says over the features."""

from collections.abc import Sequence

import numpy as np

from charts.figure import Figure, literal
from charts.numbers import readable
from charts.style import APART, Layout, Trace, runner

GAP = 2  # cells between two pictures
ROW = 150  # px, the height of a layer of pictures


def units_figure(
    first: np.ndarray,
    second: np.ndarray | None,
    layers: Sequence[np.ndarray],
    names: Sequence[str],
    step: int,
) -> Figure:
    """Layer below layer: over two features a picture of each unit, over one a line."""
    found = _mosaic(second, layers, names[1]) if second is not None else None
    data, layout = found or _lines(first, layers, names[0])
    height = ROW * len(layers) + (60 if found else 100)
    return Figure(data, layout, _alt(layers, step), height, _table(layers))


def _mosaic(
    second: np.ndarray, layers: Sequence[np.ndarray], name: str
) -> tuple[list[Trace], Layout]:
    """A heat map for each layer, with gaps between its pictures and its own range of colors."""
    data: list[Trace] = []
    layout = _plain()
    height, most = len(second), max(len(layer) for layer in layers)
    for k, layer in enumerate(layers):
        width = layer.shape[2] + GAP
        z = np.full((height, most * width), np.nan)
        for unit, picture in enumerate(layer):
            z[:, unit * width : unit * width + layer.shape[2]] = picture
        reach = float(np.nanmax(np.abs(np.where(np.isfinite(z), z, np.nan)), initial=0.0)) or 1.0
        place = "" if k == 0 else str(k + 1)
        data.append({
            "type": "heatmap", "x": np.arange(z.shape[1], dtype=float),
            "y": np.arange(height, dtype=float), "z": np.where(np.isfinite(z), z, np.nan),
            "zmin": -reach, "zmax": reach, "colorscale": SCALE, "zsmooth": False,
            "xaxis": f"x{place}", "yaxis": f"y{place}", "name": f"layer {k + 1}",
            "colorbar": {"thickness": 9, "len": 1 / len(layers), "y": 1 - (k + 0.5) / len(layers)},
            "hovertemplate": "%{z:.4g}<extra></extra>",
        })  # fmt: skip
        middles = [unit * width + layer.shape[2] / 2 for unit in range(len(layer))]
        words = [f"{unit + 1}" for unit in range(len(layer))]
        layout[f"xaxis{place}"] = {
            "anchor": f"y{place}", "tickvals": middles, "ticktext": words, "showgrid": False,
            "range": [-1.0, most * width - 1.0], "title": {"text": f"units of layer {k + 1}"},
        }  # fmt: skip
        layout[f"yaxis{place}"] = {
            "anchor": f"x{place}", "domain": _room(k, len(layers)), "showticklabels": False,
            "range": [-0.5, height - 0.5], "showgrid": False, "ticks": "",
            "title": {"text": literal(name)},
        }  # fmt: skip
    return data, layout


SCALE = [[0, f"${APART[0]}"], [0.5, "$paper"], [1, f"${APART[1]}"]]


def _lines(
    first: np.ndarray, layers: Sequence[np.ndarray], name: str
) -> tuple[list[Trace], Layout]:
    """A panel for each layer, in it a line for each unit."""
    data: list[Trace] = []
    layout = _plain() | {"showlegend": True}
    for k, layer in enumerate(layers):
        place = "" if k == 0 else str(k + 1)
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
            "title": {"text": f"layer {k + 1}"},
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
        f"Layer {k}: {len(layer)} units, from {readable(float(np.nanmin(layer)), 3)} to "
        f"{readable(float(np.nanmax(layer)), 3)}."
        for k, layer in enumerate(layers, 1)
    ]
    return f"What the hidden units say at step {step}. " + " ".join(told)
