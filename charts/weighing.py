"""One row that counts more or less: every row's loss, and the weights that follow."""

import numpy as np

from charts.figure import Figure, Film, Move
from charts.models import shown
from charts.numbers import readable
from charts.style import LEGEND, Layout, Trace, spread, window
from losses.shrink import Weighed

HEIGHT = 470
ROWS = 1000  # more dots would be a cloud
LEFT, RIGHT = [0.0, 0.5], [0.64, 1.0]
LARGEST = 14  # weights that are drawn


def weighing_figure(
    found: Weighed, copies: int, lines: np.ndarray | None, columns: tuple[str, ...], key: str
) -> Figure:
    """The loss of each row, counted from 1, and the largest weights beside those of 1.

    The slider `key` is the number of copies; `lines` are those of a file, if there is one.
    """
    rows = np.arange(1, found.losses.shape[1] + 1)
    kept = np.union1d(spread(found.losses.shape[1], ROWS), [found.row])
    losses, one = found.losses[:, kept], found.losses[:, [found.row]]
    slopes = found.weights[:, :-1]
    largest = np.sort(np.argsort(-np.abs(slopes).max(axis=0), kind="stable")[:LARGEST])[::-1]
    names = [shown(columns[column]) for column in largest]
    y = np.arange(len(largest), dtype=float)
    data = [
        _rows(rows[kept], losses[copies]) | _hover(lines, kept),
        _row(rows[[found.row]], one[copies]) | _hover(lines, np.array([found.row])),
        _weights(slopes[1, largest], y, "counted once", "circle-open"),
        _weights(slopes[copies, largest], y, "as it counts now", "circle"),
    ]
    moves = Move(0, None, losses), Move(1, None, one), Move(3, slopes[:, largest])
    film = Film(moves, np.arange(len(found.fits), dtype=float), float(copies))
    layout = _layout(found, rows, slopes[:, largest], names)
    table = {"row": rows} | ({} if lines is None else {"line of the file": lines})
    table |= {"loss": found.losses[copies], "loss when counted once": found.losses[1]}
    alt = _alt(found, copies, found.row + 1)
    return Figure(data, layout, alt, HEIGHT, table, {key: film}, _narrow())


def _rows(x: np.ndarray, y: np.ndarray) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "name": "a row",
        "marker": {"color": "$ink/0.55", "size": 5},
    }  # fmt: skip


def _row(x: np.ndarray, y: np.ndarray) -> Trace:
    marker = {"color": "$paper", "size": 13, "line": {"color": "$4", "width": 3}}
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "name": "the row",
        "marker": marker,
    }  # fmt: skip


def _hover(lines: np.ndarray | None, rows: np.ndarray) -> Trace:
    """What is said of a row under the pointer."""
    if lines is None:
        return {"hovertemplate": "row %{x}: loss %{y:.4g}<extra></extra>"}
    said = "row %{x} (line %{customdata} of the file): loss %{y:.4g}<extra></extra>"
    return {"customdata": lines[rows], "hovertemplate": said}


def _weights(x: np.ndarray, y: np.ndarray, name: str, symbol: str) -> Trace:
    size = 12 if symbol.endswith("open") else 7
    color = "$muted" if symbol.endswith("open") else "$1"
    marker = {"symbol": symbol, "size": size, "color": color, "line": {"width": 2}}
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "name": f"weights, {name}",
        "marker": marker, "xaxis": "x2", "yaxis": "y2",
        "hovertemplate": "%{x:.4g}<extra></extra>",
    }  # fmt: skip


def _layout(found: Weighed, rows: np.ndarray, slopes: np.ndarray, names: list[str]) -> Layout:
    ticks = {"tickvals": list(range(len(names))), "ticktext": names}
    return {
        "xaxis": {"range": window(rows), "title": {"text": "row"}, "domain": LEFT},
        "yaxis": {"range": window(found.losses), "title": {"text": "its loss"}},
        "xaxis2": {
            "range": window(np.append(slopes, 0.0)), "title": {"text": "weight"},
            "domain": RIGHT, "anchor": "y2", "zeroline": True,
        },
        "yaxis2": {"range": [-0.7, len(names) - 0.3], "anchor": "x2"} | ticks,
        "clickanywhere": True,
        **LEGEND,
    }  # fmt: skip


def _narrow() -> Layout:
    return {
        "height": 800,
        "xaxis": {"domain": [0, 1]},
        "yaxis": {"domain": [0.57, 1]},
        "xaxis2": {"domain": [0.2, 1]},
        "yaxis2": {"domain": [0, 0.43]},
    }


def _alt(found: Weighed, copies: int, number: int) -> str:
    now, once = found.fits[copies], found.fits[1]
    times = "once" if copies == 1 else f"{copies} times"
    return (
        f"Row {number} counts {times}: its loss is "
        f"{readable(float(found.losses[copies, found.row]))}, and "
        f"{readable(float(found.losses[1, found.row]))} when it counts once. The cost goes from "
        f"{readable(once.cost)} to {readable(now.cost)}."
    )
