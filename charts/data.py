"""A small picture of a data set, for the data bench."""

import numpy as np

from charts.figure import Figure, literal
from charts.style import APART, Layout, Trace, spread
from losses.data import Dataset

HEIGHT = 170
DRAWN = 2000  # rows; a thumbnail shows no more
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x")


def data_picture(data: Dataset) -> Figure:
    """The target over the first column, or two features with classes by color and shape."""
    shown = spread(len(data), DRAWN)
    flat = data.task == "regression" or len(data.columns) == 1
    x = data.features[shown, 0]
    y = data.target[shown] if flat else data.features[shown, 1]
    names = (data.columns[0], data.target_name if flat else data.columns[1])
    return Figure(
        _marks(data, x, y, data.target[shown]), _layout(*names), _alt(data, *names), HEIGHT
    )


def _marks(data: Dataset, x: np.ndarray, y: np.ndarray, target: np.ndarray) -> list[Trace]:
    if data.task == "regression":
        return [_mark(x, y, "$ink/0.55", "circle", "rows")]
    return [
        _mark(
            x[target == k],
            y[target == k],
            f"${APART[k % 6]}/0.7",
            SYMBOLS[k % 6],
            literal(name),
        )
        for k, name in enumerate(data.classes)
    ]


def _mark(x: np.ndarray, y: np.ndarray, color: str, symbol: str, name: str) -> Trace:
    marker = {"color": color, "size": 4, "symbol": symbol}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": marker,
        "name": name,
        "hoverinfo": "skip",
    }


def _layout(x: str, y: str) -> Layout:
    small = {"showticklabels": False, "ticks": "", "showgrid": False}
    return {
        "xaxis": small | {"title": {"text": literal(x), "standoff": 4}},
        "yaxis": small | {"title": {"text": literal(y), "standoff": 4}},
        "showlegend": False,
        "margin": {"l": 22, "r": 4, "t": 4, "b": 22},
    }


def _alt(data: Dataset, x: str, y: str) -> str:
    return f"{len(data)} rows of {data.name}: {y} over {x}."
