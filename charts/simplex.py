"""Three classes as a triangle: what each answer costs, the pull towards the truth, and the rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.data import SYMBOLS
from charts.figure import Figure, Film, Move
from charts.models import shown
from charts.numbers import readable
from charts.style import APART, LEGEND, Layout, Trace, line, spread
from losses.arrays import Array
from losses.chances import Chances
from losses.simplex import CORNERS, SIDE, Answer, lattice, outline, place

HEIGHT = 490
ABOVE = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # nats above the floor, of the outlines
STOPS = np.round(np.linspace(-5, 5, 101), 1)  # of the slider of a logit
NAMED = 4  # of them, from the inside: farther out they crowd
MOST = 1000  # rows that are drawn
ARROW = 0.085  # the length of the longest arrow


def simplex_figure(
    answer: Answer, names: Sequence[str], keys: Sequence[str], rows: Chances | None = None
) -> Figure:
    """An answer and the truth among outlines of equal cost, and the rows of a model.

    `keys` are those of the sliders of the logits, each of which moves the answer.
    """
    q = answer.q
    lines = [outline(answer.q, answer.floor + above) for above in ABOVE]
    data = [*_outlines(answer, lines), _edges(), *_rows(rows), *_field(q)]
    moves = _answer(data, answer)
    films = {key: Film(tuple(moves[k]), STOPS, answer.logits[k]) for k, key in enumerate(keys)}
    table = {
        "class": np.array(list(names)),
        "truth q": q,
        "answer p": answer.p,
        "gradient p − q": answer.gradient,
    }
    return Figure(
        data,
        _layout() | {"annotations": _corners(names) + _levels(answer, lines)},
        _alt(answer, names),
        HEIGHT,
        table,
        films,
    )


def _outlines(answer: Answer, lines: Sequence[Array]) -> list[Trace]:
    """Where an answer costs so much more than the truth does."""
    floor, traces = answer.floor, []
    for k, (above, points) in enumerate(zip(ABOVE, lines, strict=True)):
        x, y = place(points).T
        look = {"color": "$0", "width": 1.6, "dash": ("solid", "dash", "dot")[k % 3]}
        said = f"costs {readable(floor + above, 3)} nats: {above:g} above the floor<extra></extra>"
        trace = line(x, y, f"+{above:g} nats", look, hovertemplate=said)
        traces.append(trace | {"showlegend": False})
    return traces


def _edges() -> Trace:
    x, y = CORNERS[[0, 1, 2, 0]].T
    return line(x, y, "", {"color": "$ink", "width": 1.5}, hoverinfo="skip") | {"showlegend": False}


def _rows(rows: Chances | None) -> list[Trace]:
    """The rows of the data by what a model says of them, each class with its color and symbol."""
    if rows is None:
        return []
    some = spread(len(rows.target), MOST)
    spots, target = place(rows.probabilities[some]), rows.target[some]
    traces = []
    for k, name in enumerate(rows.classes):
        x, y = spots[target == k].T
        marker = {"color": f"${APART[k]}/0.6", "symbol": SYMBOLS[k], "size": 6}
        traces.append({
            "type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker,
            "name": shown(name), "hoverinfo": "skip",
        })  # fmt: skip
    return [trace for trace in traces if len(trace["x"])]


def _field(q: Array) -> list[Trace]:
    """Downhill in the logits, q − p, from points all over the triangle, with heads at the tips."""
    tails = lattice()
    away = place(q) - place(tails)
    steps = ARROW * away / np.hypot(*away.T).max()
    tips = place(tails) + steps
    gaps = np.full(len(tips), np.nan)
    x, y = (np.stack([place(tails)[:, k], tips[:, k], gaps], axis=1).ravel() for k in (0, 1))
    look = {"color": "$muted", "width": 1.2}
    shafts = line(x, y, "q − p", look, hoverinfo="skip") | {"showlegend": False}
    angles = np.degrees(np.arctan2(steps[:, 0], steps[:, 1]))  # from upwards, clockwise
    heads = {
        "type": "scatter", "mode": "markers", "x": tips[:, 0], "y": tips[:, 1], "name": "heads",
        "marker": {"symbol": "arrow", "angle": angles.tolist(), "size": 7, "color": "$muted"},
        "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip
    return [shafts, heads]


def _answer(data: list[Trace], answer: Answer) -> list[list[Move]]:
    """The pull and the answer, appended to the data; the moves of each slider."""
    truth, here = place(answer.q), place(answer.p)
    x, y = np.stack([here, truth]).T
    first = len(data)
    look = {"color": "$accent", "width": 3}
    data.append(line(x, y, "pull on the logits", look, hoverinfo="skip"))
    data.append(_spot(here, "answer p", "circle", "$accent"))
    data.append(_spot(truth, "truth q", "star", "$ink"))
    moves = []
    for k in range(3):
        spots = place(answer.along(k, STOPS))
        x, y = (np.stack([spots[:, a], np.full(len(spots), truth[a])], axis=1) for a in (0, 1))
        moves.append([Move(first, x, y), Move(first + 1, spots[:, :1], spots[:, 1:])])
    return moves


def _spot(at: Array, name: str, symbol: str, color: str) -> Trace:
    marker = {
        "color": color,
        "symbol": symbol,
        "size": 14,
        "line": {"color": "$paper", "width": 1.5},
    }
    return {
        "type": "scatter", "mode": "markers", "x": at[:1], "y": at[1:], "marker": marker,
        "name": name, "hoverinfo": "skip",
    }  # fmt: skip


def _layout() -> Layout:
    bare = {"visible": False, "showgrid": False, "zeroline": False}
    return {
        **LEGEND,
        "clickanywhere": True,
        "xaxis": bare | {"range": [-0.08, 1.08]},
        "yaxis": bare | {"range": [-0.09, 0.96], "scaleanchor": "x"},
        "margin": {"l": 8, "r": 8, "b": 8},
    }


def _corners(names: Sequence[str]) -> list[dict[str, Any]]:
    """The names of the classes, each at its corner."""
    anchors = (("left", "top", -6), ("right", "top", -6), ("center", "bottom", 6))
    return [
        {
            "x": float(x), "y": float(y), "text": shown(name), "showarrow": False,
            "xanchor": across, "yanchor": up, "yshift": shift, "font": {"color": "$ink"},
        }
        for (x, y), name, (across, up, shift) in zip(CORNERS, names, anchors, strict=True)
    ]  # fmt: skip


def _levels(answer: Answer, lines: Sequence[Array]) -> list[dict[str, Any]]:
    """What each outline says, on the ray to the rarest class, where they lie farthest apart."""
    ray = int(answer.q.argmin()) * SIDE
    spots = [place(points[ray]) for points in lines[:NAMED]]
    return [
        {
            "x": float(x), "y": float(y), "text": f"+{above:g}", "showarrow": False,
            "font": {"color": "$ink"}, "bgcolor": "$paper/0.75",
        }
        for (x, y), above in zip(spots, ABOVE, strict=False)
    ]  # fmt: skip


def _alt(answer: Answer, names: Sequence[str]) -> str:
    triples = zip(names, answer.q, answer.p, strict=True)
    parts = [f"{name} {true:.3g} true and {said:.3g} answered" for name, true, said in triples]
    return (
        f"A triangle of probabilities of three classes: {', '.join(parts)}. The answer costs "
        f"{readable(answer.cost)} nats, the truth itself {readable(answer.floor)}."
    )
