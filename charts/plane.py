"""The plane of a rare class: its rows, the probabilities among them, and its axes."""

from typing import Any, NamedTuple

import numpy as np

from charts.figure import literal
from charts.models import shown
from charts.style import AID, APART, FOCUS, Layout, Trace, spread
from losses.arrays import Array
from losses.imbalance.outcome import logit_of
from losses.imbalance.plane import LOGIT, Plane, edges
from losses.links import sigmoid

BANDS = (0.1, 0.25, 0.5, 0.75, 0.9)
SHADES = (0.24, 0.14, 0.06)  # from the surest inwards
LEVELS = (0.1, 0.5, 0.9)
BLANK = " "  # where Plotly would leave out an empty label
DRAWN = (600, 400)  # rows of class 0 and of class 1
ZERO, ONE = (f"${APART[k]}" for k in range(2))
TICKS = (0.0001, 0.01, 0.5, 0.99, 0.9999)


class Seen(NamedTuple):
    """The rows of all panels: where they are, their classes `(n,)`, and the names of both."""

    plane: Plane
    target: Array
    classes: tuple[str, str]


def row_marks(seen: Seen) -> list[Trace]:
    """The rows of both classes, whoever decides what."""
    marks = [{"color": f"{ZERO}/0.5", "symbol": "circle", "size": 5},
             {"color": f"{ONE}/0.8", "symbol": "diamond", "size": 8}]  # fmt: skip
    return [
        dots(seen.plane.places, drawn(seen, y), mark, shown(name), {})
        | {"hoverinfo": "skip", "showlegend": False}
        for y, (mark, name) in enumerate(zip(marks, seen.classes, strict=True))
    ]


def plane_axes(plane: Plane) -> Layout:
    """The axes of one panel."""
    return axes(plane, 0, [0.0, 1.0], [0.0, 1.0], titled=True, first=True)


def ground(plane: Plane, tilt: Array, where: dict[str, str]) -> list[Trace]:
    """The strips between round probabilities, the deeper the surer."""
    strips = plane.strips(tilt, edges(BANDS))
    colors = [*(f"{ZERO}/{s}" for s in SHADES), *(f"{ONE}/{s}" for s in SHADES[::-1])]
    return [
        quiet(corners, "", where, mode="lines", fill="toself", fillcolor=color, line={"width": 0})
        for corners, color in zip(strips, colors, strict=True)
    ]


def drawn(seen: Seen, y: int) -> Array:
    """The places of the rows of a class that are drawn: all, or evenly spread over the file."""
    mine = np.flatnonzero(seen.target == y)
    return mine[spread(len(mine), min(len(mine), DRAWN[y]))]


def levels(plane: Plane, tilt: Array, threshold: float, where: dict[str, str]) -> list[Trace]:
    """The decision as a thick line, and thin ones where the probability is round."""
    here = np.array([logit_of(threshold)])
    round_ones = np.array([logit_of(p) for p in LEVELS])
    thin = {"color": "$muted", "width": AID, "dash": "dot"}
    thick = {"color": "$ink", "width": FOCUS}
    data = [
        quiet(ends, "", where, mode="lines", line=thin) for ends in plane.lines(tilt, round_ones)
    ]
    ends = plane.lines(tilt, here)[0]
    return [*data, quiet(ends, "decision", where, mode="lines", line=thick)]


def labels(
    plane: Plane, tilt: Array, threshold: float, where: dict[str, str], *, numbered: bool
) -> list[Trace]:
    """What the lines stand for, to be drawn above the rows; round probabilities if `numbered`."""
    at = plane.labels(tilt, np.array([logit_of(p) for p in (threshold, *LEVELS)]))
    words = [f"{p:g}" if p != threshold else BLANK for p in LEVELS]
    data = [_words(plane, at[:1], [_decision(plane, tilt, threshold)], where)]
    return [*data, _words(plane, at[1:], words, where)] if numbered else data


def _decision(plane: Plane, tilt: Array, threshold: float) -> str:
    """The probability at which is decided, and the given one, where given ones were moved."""
    said = f"p = {threshold:.3g}"
    if plane.names[0] != LOGIT or not tilt[2]:
        return said
    return f"{said} (given as {float(sigmoid((logit_of(threshold) - tilt[2]) / tilt[0])):.3g})"


def _words(plane: Plane, at: Array, words: list[str], where: dict[str, str]) -> Trace:
    """Labels; the browser moves as many as there were, so one that is not seen is a blank."""
    seen = np.isfinite(at[:, 0])
    points = np.where(seen[:, None], at, plane.window.mean(axis=1))
    text = [f"\u2002{w}" if there else BLANK for w, there in zip(words, seen, strict=True)]
    halo = {"textfont": {"shadow": "auto"}}  # of the color that the rows and lines below are not
    return quiet(points, "", where, mode="text", text=text, textposition="middle right", **halo)


def dots(places: Array, at: Any, marker: dict[str, Any], name: str, where: dict[str, str]) -> Trace:
    """Rows as marks; a group without rows has one that is nowhere, so that its name stays."""
    x, y = places[np.asarray(at, dtype=int)].T if len(at) else np.full((2, 1), np.nan)
    look = {"line": {"color": "$paper", "width": 0.5}} | marker
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "marker": look, "name": name, **where,
    }  # fmt: skip


def quiet(points: Array, name: str, where: dict[str, str], **look: Any) -> Trace:
    """A trace of points `(n, 2)` that neither the legend nor hovering tells of."""
    return {
        "type": "scatter", "x": points[:, 0], "y": points[:, 1], "name": name,
        "showlegend": False, "hoverinfo": "skip", **where, **look,
    }  # fmt: skip


def axes(
    plane: Plane, place: int, across: list[float], up: list[float], *, titled: bool, first: bool
) -> Layout:
    """The axes of a panel; a chance height has no numbers, and logits are read as probabilities."""
    end = "" if place == 0 else str(place + 1)
    window, bare = plane.window.tolist(), {"showgrid": False, "zeroline": False}
    x = {"range": window[0], "domain": across, "anchor": f"y{end}", **bare}
    y = {"range": window[1], "domain": up, "anchor": f"x{end}", **bare}
    name = literal(plane.names[0])
    if plane.names[0] == LOGIT:
        ticks = [p for p in TICKS if window[0][0] < logit_of(p) < window[0][1]]
        x |= {"tickvals": [*map(logit_of, ticks)], "ticktext": [f"{p:g}" for p in ticks]}
        name = "probability of class 1, as given (spread upwards by chance)"
    x["title"] = {"text": name if titled else "", "standoff": 6}
    y["title"] = {"text": literal(plane.names[1]) if first else ""}
    y["showticklabels"] = bool(plane.names[1])
    return {f"xaxis{end}": x, f"yaxis{end}": y}
