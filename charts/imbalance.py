"""A rare class among its rows: probabilities as ground, the decision, and who is on which side."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from charts.figure import Figure, literal
from charts.models import shown
from charts.style import AID, APART, FOCUS, Layout, Trace, spread
from losses.arrays import Array
from losses.imbalance.outcome import logit_of
from losses.imbalance.plane import LOGIT, Plane, edges

HEIGHT, ROW, FLAT = 500, 265, 185
BANDS = (0.1, 0.25, 0.5, 0.75, 0.9)
LEVELS = (0.1, 0.5, 0.9)
SHADES = (0.24, 0.14, 0.06)  # from the surest inwards
DRAWN = (600, 400)  # rows of class 0 and of class 1
ZERO, ONE = (f"${APART[k]}" for k in range(2))
TICKS = (0.0001, 0.01, 0.5, 0.99, 0.9999)
GAP, DROP = 0.07, 0.11  # between panels, sideways and downwards


class Seen(NamedTuple):
    """The rows of all panels: where they are, their classes `(n,)`, and the names of both."""

    plane: Plane
    target: Array
    classes: tuple[str, str]


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
        layout |= _axes(seen.plane, place, across, up, titled=end, first=column == 0)
        layout["annotations"] += _title(panel, across, up) if several else []
        narrow |= _narrow(place, below)
        narrow["annotations"] += _title(panel, [0, 1], below) if several else []
    table = _table(seen, panels)
    return Figure(data, layout, _alt(seen, panels), height, table, narrow=narrow)


def row_marks(seen: Seen) -> list[Trace]:
    """The rows of both classes, whoever decides what."""
    marks = [{"color": f"{ZERO}/0.5", "symbol": "circle", "size": 5},
             {"color": f"{ONE}/0.8", "symbol": "diamond", "size": 8}]  # fmt: skip
    return [
        _dots(seen.plane.places, _drawn(seen, y), mark, shown(name), {})
        | {"hoverinfo": "skip", "showlegend": False}
        for y, (mark, name) in enumerate(zip(marks, seen.classes, strict=True))
    ]


def plane_axes(plane: Plane) -> Layout:
    """The axes of one panel."""
    return _axes(plane, 0, [0.0, 1.0], [0.0, 1.0], titled=True, first=True)


def _drawn(seen: Seen, y: int) -> Array:
    """The places of the rows of a class that are drawn: all, or evenly spread over the file."""
    mine = np.flatnonzero(seen.target == y)
    return mine[spread(len(mine), min(len(mine), DRAWN[y]))]


def _traces(seen: Seen, panel: Panel, place: int, *, numbered: bool) -> list[Trace]:
    """The strips, the lines of round probabilities, the decision, and the rows in four groups."""
    plane = seen.plane
    where = {"xaxis": _axis("x", place), "yaxis": _axis("y", place)}
    strips = plane.strips(panel.tilt, edges(BANDS))
    colors = [*(f"{ZERO}/{s}" for s in SHADES), *(f"{ONE}/{s}" for s in SHADES[::-1])]
    data = [
        _quiet(corners, "", where, mode="lines", fill="toself", fillcolor=color, line={"width": 0})
        for corners, color in zip(strips, colors, strict=True)
    ]
    data += _levels(plane, panel, where, numbered=numbered)
    groups = _groups(seen, panel)
    for (name, marker), at in zip(_looks(seen), groups, strict=True):
        hover = f"{name}<extra></extra>"
        trace = _dots(plane.places, at, marker, name, where) | {"hovertemplate": hover}
        data.append(trace | {"showlegend": place == 0, "legendgroup": name})
    if panel.differing is not None:
        ring = {"symbol": "circle-open", "size": 15, "color": "$accent", "line": {"width": 2.5}}
        data.append(_dots(plane.places, panel.differing, ring, "decided otherwise", where))
    return data


def _levels(plane: Plane, panel: Panel, where: dict[str, str], *, numbered: bool) -> list[Trace]:
    """The decision as a thick line, and thin ones where the probability is round."""
    here = np.array([logit_of(panel.threshold)])
    round_ones = np.array([logit_of(p) for p in LEVELS])
    thin = {"color": "$muted", "width": AID, "dash": "dot"}
    thick = {"color": "$ink", "width": FOCUS}
    data = [
        _quiet(ends, "", where, mode="lines", line=thin)
        for ends in plane.lines(panel.tilt, round_ones)
    ]
    data.append(_quiet(plane.lines(panel.tilt, here)[0], "decision", where, mode="lines",
                       line=thick))  # fmt: skip
    at, *others = plane.labels(panel.tilt, np.append(here, round_ones))
    out = 2 * plane.window[:, 1] - plane.window[:, 0]  # of sight: the decision has its own label
    others = [out if p == panel.threshold else one for p, one in zip(LEVELS, others, strict=True)]
    texts = {"mode": "text", "textposition": "middle right"}
    data.append(_quiet(at[None], "", where, text=[f"p = {panel.threshold:.3g}"], **texts))
    if numbered:
        words = [f"{p:g}" for p in LEVELS]
        data.append(_quiet(np.array(others), "", where, text=words, **texts))
    return data


def _groups(seen: Seen, panel: Panel) -> list[Array]:
    """The places of the rows drawn: left alone, false alarms, missed, found."""
    groups = []
    for y in range(2):
        mine = _drawn(seen, y)
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


def _dots(
    places: Array, at: Any, marker: dict[str, Any], name: str, where: dict[str, str]
) -> Trace:
    """Rows as marks; a group without rows has one that is nowhere, so that its name stays."""
    x, y = places[np.asarray(at, dtype=int)].T if len(at) else np.full((2, 1), np.nan)
    look = {"line": {"color": "$paper", "width": 0.5}} | marker
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "marker": look, "name": name, **where,
    }  # fmt: skip


def _quiet(points: Array, name: str, where: dict[str, str], **look: Any) -> Trace:
    return {
        "type": "scatter", "x": points[:, 0], "y": points[:, 1], "name": name,
        "showlegend": False, "hoverinfo": "skip", **where, **look,
    }  # fmt: skip


def _axis(letter: str, place: int) -> str:
    return letter if place == 0 else f"{letter}{place + 1}"


def _room(place: int, count: int, gap: float) -> list[float]:
    """The share of the width, or of the height from below, of one of several panels."""
    size = (1 - gap * (count - 1)) / count
    return [place * (size + gap), min(1.0, place * (size + gap) + size)]


def _axes(
    plane: Plane, place: int, across: list[float], up: list[float], *, titled: bool, first: bool
) -> Layout:
    """The axes of a panel; a chance height has no numbers, and logits are read as probabilities."""
    end = "" if place == 0 else str(place + 1)
    window, quiet = plane.window.tolist(), {"showgrid": False, "zeroline": False}
    x = {"range": window[0], "domain": across, "anchor": f"y{end}", **quiet}
    y = {"range": window[1], "domain": up, "anchor": f"x{end}", **quiet}
    name = literal(plane.names[0])
    if plane.names[0] == LOGIT:
        ticks = [p for p in TICKS if window[0][0] < logit_of(p) < window[0][1]]
        x |= {"tickvals": [*map(logit_of, ticks)], "ticktext": [f"{p:g}" for p in ticks]}
        name = "probability of class 1, as given (spread upwards by chance)"
    x["title"] = {"text": name if titled else "", "standoff": 6}
    y["title"] = {"text": literal(plane.names[1]) if first else ""}
    y["showticklabels"] = bool(plane.names[1])
    return {f"xaxis{end}": x, f"yaxis{end}": y}


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
