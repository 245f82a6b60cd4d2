"""A rare class among its rows: probabilities as ground, the decision, and who is on which side."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from charts.figure import Figure
from charts.models import shown
from charts.plane import ONE, ZERO, Seen, axes, dots, drawn, ground, labels, levels
from charts.style import Layout, Trace
from losses.arrays import Array

HEIGHT, ROW, FLAT = 500, 265, 185
GAP, DROP = 0.07, 0.11  # between panels, sideways and downwards


class Panel(NamedTuple):
    """One way to decide: its logit a x + b y + c, its threshold, and who it calls 1 `(n,)`.

    The rows at the places `differing`, if it is not None, are marked.
    """

    title: str
    tilt: Array
    threshold: float
    called: Any
    differing: Any = None


def decision_figure(seen: Seen, panels: Sequence[Panel], columns: int = 1) -> Figure:
    """The rows over the probabilities, hollow where the decision is wrong: a panel for each way."""
    rows, several = -(-len(panels) // columns), len(panels) > 1
    data: list[Trace] = []
    row_height = ROW if seen.plane.names[1] else FLAT
    height = row_height * rows if several else HEIGHT
    legend = {"orientation": "h", "x": 0, "y": -0.09 * HEIGHT / height, "yanchor": "top"}
    layout: Layout = {"showlegend": True, "annotations": [], "legend": legend}
    narrow: dict[str, Any] = {
        "annotations": [],
        "height": row_height * len(panels) if several else 460,
    }
    if several:
        layout["margin"] = {"t": 26}
    for place, panel in enumerate(panels):
        data += _traces(seen, panel, place, numbered=not several)
        row, column = divmod(place, columns)
        across, up = _room(column, columns, GAP), _room(rows - 1 - row, rows, DROP)
        below = _room(len(panels) - 1 - place, len(panels), DROP / 2)
        end = row == rows - 1 or len(panels) == 1
        layout |= axes(seen.plane, place, across, up, titled=end, first=column == 0)
        layout["annotations"] += _title(panel, across, up) if several else []
        narrow |= _narrow(place, below)
        narrow["annotations"] += _title(panel, [0, 1], below) if several else []
    table = _table(seen, panels)
    return Figure(data, layout, _alt(seen, panels), height, table, narrow=narrow)


def _traces(seen: Seen, panel: Panel, place: int, *, numbered: bool) -> list[Trace]:
    """The strips, the lines of round probabilities, the decision, and the rows in four groups."""
    plane = seen.plane
    where = {"xaxis": _axis("x", place), "yaxis": _axis("y", place)}
    data = ground(plane, panel.tilt, where)
    data += levels(plane, panel.tilt, panel.threshold, where)
    groups = _groups(seen, panel)
    for (name, marker), at in zip(_looks(seen), groups, strict=True):
        hover = f"{name}<extra></extra>"
        trace = dots(plane.places, at, marker, name, where) | {"hovertemplate": hover}
        data.append(trace | {"showlegend": place == 0, "legendgroup": name})
    if panel.differing is not None:
        ring = {"symbol": "circle-open", "size": 15, "color": "$accent", "line": {"width": 2.5}}
        data.append(dots(plane.places, panel.differing, ring, "decided otherwise", where))
    return data + labels(plane, panel.tilt, panel.threshold, where, numbered=numbered)


def _groups(seen: Seen, panel: Panel) -> list[Array]:
    """The places of the rows drawn: left alone, false alarms, missed, found."""
    groups = []
    for y in range(2):
        mine = drawn(seen, y)
        called = np.asarray(panel.called)[mine]
        groups += [mine[~called], mine[called]]
    return groups


def _looks(seen: Seen) -> list[tuple[str, dict[str, Any]]]:
    """Names and marks of the four groups: hollow is wrong."""
    zero, one = map(shown, seen.classes)
    small, large = {"size": 5}, {"size": 9}
    return [
        (f"{zero}: left alone", {"color": f"{ZERO}/0.6", "symbol": "circle"} | small),
        (f"{zero}: false alarm", _hollow(ZERO, "circle-open", 6)),
        (f"{one}: missed", _hollow(ONE, "diamond-open", 9)),
        (f"{one}: found", {"color": ONE, "symbol": "diamond"} | large),
    ]


def _hollow(color: str, symbol: str, size: int) -> dict[str, Any]:
    return {"color": color, "symbol": symbol, "size": size, "line": {"width": 1.8}}


def _axis(letter: str, place: int) -> str:
    return letter if place == 0 else f"{letter}{place + 1}"


def _room(place: int, count: int, gap: float) -> list[float]:
    """The share of the width, or of the height from below, of one of several panels."""
    size = (1 - gap * (count - 1)) / count
    return [place * (size + gap), min(1.0, place * (size + gap) + size)]


def _narrow(place: int, up: list[float]) -> Layout:
    end = "" if place == 0 else str(place + 1)
    return {f"xaxis{end}": {"domain": [0, 1]}, f"yaxis{end}": {"domain": up}}


def _title(panel: Panel, across: list[float], up: list[float]) -> list[dict[str, Any]]:
    return [{
        "xref": "paper", "yref": "paper", "x": across[0], "y": up[1], "xanchor": "left",
        "yanchor": "bottom", "text": f"<b>{panel.title}</b>", "showarrow": False,
    }]  # fmt: skip


def _table(seen: Seen, panels: Sequence[Panel]) -> dict[str, Array]:
    places = seen.plane.places
    table: dict[str, Array] = {"x": places[:, 0], "y": places[:, 1], "class": seen.target}
    return table | {f"called 1 by {one.title}": np.asarray(one.called, float) for one in panels}


def _alt(seen: Seen, panels: Sequence[Panel]) -> str:
    """Who is called 1 in each panel, and rightly so."""
    parts = []
    for panel in panels:
        called = np.asarray(panel.called)
        right = int((called & (seen.target == 1)).sum())
        parts.append(
            f"{panel.title}: {int(called.sum())} are called 1 from a probability of "
            f"{panel.threshold:.3g} on, {right} of them rightly"
        )
    rare = int(seen.target.sum())
    return (
        f"{len(seen.target)} rows, {rare} of class 1, over the probabilities of a linear model. "
        f"{'; '.join(parts)}."
    )
