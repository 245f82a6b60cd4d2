"""Basins: the minimum in which each start of a grid ends, as a map."""

import numpy as np

from charts.figure import Figure, literal
from charts.style import Layout, Trace, axis
from losses.descent.basins import Basins

HEIGHT = 460
NOWHERE = "$ink/0.06"  # for starts that end in no minimum
HUES = ("$0/0.75", "$2/0.75", "$3/0.75", "$1/0.75", "$4/0.75", "$5/0.75")


def basins_figure(found: Basins, names: tuple[str, str]) -> Figure:
    """One color for each minimum, the deepest first; every minimum has its number on it."""
    kinds = len(found.minima) + 1
    steps = np.repeat(np.linspace(0, 1, kinds + 1), 2)[1:-1]
    hues = [NOWHERE, *(HUES[k % len(HUES)] for k in range(kinds - 1))]
    scale = [[at, hues[k // 2]] for k, at in enumerate(steps)]
    told = np.array(["no minimum", *(_said(found, k) for k in range(kinds - 1))])
    surface: Trace = {
        "type": "heatmap", "x": found.first, "y": found.second, "z": found.labels,
        "zmin": -1.5, "zmax": kinds - 1.5, "colorscale": scale, "showscale": False,
        "customdata": told[found.labels + 1].tolist(), "name": "basins",
        "hovertemplate": "from %{x:.3g}, %{y:.3g}: ends in %{customdata}<extra></extra>",
    }  # fmt: skip
    return Figure([surface, *_marks(found)], _layout(found, names), _alt(found), HEIGHT)


def _marks(found: Basins) -> list[Trace]:
    if not len(found.minima) or found.minima.shape[1] != 2:
        return []
    x, y = found.minima.T
    mark = {"size": 18, "color": "$paper", "line": {"color": "$ink", "width": 1.5}}
    numbers = [str(k + 1) for k in range(len(found.minima))]
    return [
        {"type": "scatter", "mode": "markers+text", "x": x, "y": y, "text": numbers,
         "marker": mark, "textfont": {"color": "$ink"}, "hoverinfo": "skip", "name": "minima"}
    ]  # fmt: skip


def _said(found: Basins, k: int) -> str:
    return f"minimum {k + 1} (value {round(float(found.values[k]), 9):.4g})"


def _layout(found: Basins, names: tuple[str, str]) -> Layout:
    ends = (found.first[[0, -1]], found.second[[0, -1]])
    across, up = (axis(literal(name), span) for name, span in zip(names, ends, strict=True))
    return {"xaxis": across, "yaxis": up}


def _alt(found: Basins) -> str:
    shares = ", ".join(
        f"{count} in {_said(found, k)}" for k, count in enumerate(found.counts.tolist())
    )
    lost = f", {found.lost} in none" if found.lost else ""
    return f"Of {found.labels.size} starts, {shares}{lost}."
