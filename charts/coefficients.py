"""The path of all weights over λ, its knots, and how many weights are left."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from charts.figure import Figure, Move, literal
from charts.models import look, shown
from charts.numbers import counted, readable, unused
from charts.strength import SHARE, axis, cursor, cursors, dot, dots, film
from charts.style import LEGEND, Layout, Trace, line, window
from losses.shrink import Path

HEIGHT = 520
NAMED = 12  # columns in the legend
MANY = 24  # marks, of which each is small
LABEL = "nonzero"


def coefficients_figure(
    path: Path, at: Sequence[float], place: int, columns: tuple[str, ...], key: str
) -> Figure:
    """Each weight over the strength, the count of those that are not zero below.

    `at` are the stops of the slider `key`, which stands at one of them.
    """
    stops = np.array(at)
    x, weights = _bent(path, stops)
    named = _named(path)
    data: list[Trace] = []
    moves: list[Move] = []
    for column in range(len(columns)):
        data += [_weight(x, weights[:, column], columns[column], column, column in named)]
    for column in sorted(named):
        values = path.weights[:, column]
        color, name = look(column)[0], shown(columns[column])
        moves += [dots(len(data), stops, values)]
        data += [dot(float(stops[place]), float(values[place]), color, name)]
    data += _counts(path, stops)
    if path.knots is not None:
        data += _knots(path, columns)
    span, most = window(path.weights[:, :-1]), 1.1 * len(columns)
    for panel, ends in (("y", (span[0], span[1])), ("y2", (0.0, most))):
        moves += [cursors(len(data), stops)]
        data += [cursor(float(stops[place]), ends, yaxis=panel)]
    layout = _layout(stops, span, most)
    reel = film(moves, stops, place, key)
    return Figure(data, layout, _alt(path, place), HEIGHT, _table(path, stops, columns), reel)


def _bent(path: Path, stops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places and slopes of the path, its knots among them: corners are drawn where they are."""
    slopes = path.weights[:, :-1]
    if path.knots is None:
        return stops, slopes
    inside = path.knots.lams > path.lams[-1]
    x = np.append(stops, np.log10(path.knots.lams[inside] / path.lams[0]))
    order = np.argsort(-x, kind="stable")
    both = np.vstack([slopes, path.knots.weights[inside, :-1]])
    return x[order], both[order]


def _named(path: Path) -> set[int]:
    """The columns with a name in the legend: those that survive longest; of equals, the largest."""
    slopes = path.weights[:, :-1]
    size, lasts = np.abs(slopes).max(axis=0), np.count_nonzero(slopes, axis=0)
    return set(np.lexsort((-size, -lasts))[:NAMED].tolist())


def _weight(x: np.ndarray, y: np.ndarray, name: str, column: int, named: bool) -> Trace:
    color, _, dash = look(column)
    stroke = {"color": color, "width": 2.2 if named else 1.0, "dash": dash}
    return line(x, y, shown(name), stroke, showlegend=named)


def _counts(path: Path, stops: np.ndarray) -> list[Trace]:
    """How many weights are not zero, in steps, and what they are worth where that is another."""
    held: dict[str, Any] = {"color": "$ink", "width": 3}
    x, many = _stairs(path, stops)
    data = [line(x, many, LABEL, held, panel=2) | {"showlegend": True}]
    if np.allclose(path.freedom, path.nonzero):
        data[0]["name"] = f"{LABEL}, and degrees of freedom"
        return data
    free = {"color": "$4", "width": 2, "dash": "dash"}
    freed = line(stops, path.freedom, "degrees of freedom", free, panel=2)
    return [*data, freed | {"showlegend": True}]


def _stairs(path: Path, stops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the count: at the knots, or else halfway between two stops that differ."""
    many = path.nonzero.astype(float)
    turns = np.flatnonzero(np.diff(many))
    at = (stops[turns] + stops[turns + 1]) / 2
    after = many[turns + 1]
    if path.knots is not None:
        events = [one for one in path.knots.events if one.lam >= path.lams[-1]]
        at = np.log10(np.array([one.lam for one in events]) / path.lams[0])
        after = np.cumsum([1.0 if one.enters else -1.0 for one in events])
    before = np.append(0.0 if path.knots is not None else many[0], after)
    x = np.concatenate([stops[:1], np.repeat(at, 2), stops[-1:]])
    return x, np.repeat(before, 2)


def _knots(path: Path, columns: tuple[str, ...]) -> list[Trace]:
    """Marks on the count where a weight enters or leaves."""
    assert path.knots is not None
    events = [one for one in path.knots.events if one.lam >= path.lams[-1]]
    x = np.log10(np.array([one.lam for one in events]) / path.lams[0])
    after = np.cumsum([1.0 if one.enters else -1.0 for one in events])
    found, size = list[Trace](), 9 if len(events) <= MANY else 6
    for enters, symbol, name in ((True, "triangle-up", "enters"), (False, "x", "leaves")):
        mine = np.array([place for place, one in enumerate(events) if one.enters == enters], int)
        if not mine.size:
            continue
        said = [
            f"{literal(columns[events[place].column])} {name} at λ = {events[place].lam:.4g}"
            for place in mine
        ]
        edge = {"color": "$ink", "width": 1.5}
        found += [{
            "type": "scatter", "mode": "markers", "x": x[mine], "y": after[mine], "yaxis": "y2",
            "marker": {"symbol": symbol, "size": size, "color": "$paper", "line": edge},
            "name": f"a weight {name}", "customdata": said,
            "hovertemplate": "%{customdata}<extra></extra>",
        }]  # fmt: skip
    return found


def _layout(stops: np.ndarray, span: list[float], most: float) -> Layout:
    return {
        "xaxis": axis(stops) | {"anchor": "y2"},
        "yaxis": {"domain": [0.34, 1], "range": span, "title": {"text": "weight"}},
        "yaxis2": {"domain": [0, 0.26], "range": [0, most], "title": {"text": "how many"}},
        **LEGEND,
        "legend": LEGEND["legend"] | {"itemwidth": 44},  # for a long dash and the gap after it
    }


def _table(path: Path, stops: np.ndarray, columns: tuple[str, ...]) -> dict[str, np.ndarray]:
    table = dict(zip(columns, path.weights.T, strict=False))
    over = {SHARE: stops, "λ": path.lams, "bias": path.weights[:, -1]}
    over |= {LABEL: path.nonzero, "degrees of freedom": path.freedom}
    return {unused(name, table): values for name, values in over.items()} | table


def _alt(path: Path, place: int) -> str:
    d = path.weights.shape[1] - 1
    return (
        f"The weights of {counted(d, 'column')} at {len(path)} strengths. At λ = "
        f"{readable(float(path.lams[place]))}, {path.nonzero[place]} are not zero, worth "
        f"{readable(float(path.freedom[place]))} degrees of freedom; at the weakest, "
        f"{readable(float(path.lams[-1]))}, {path.nonzero[-1]} are."
    )
