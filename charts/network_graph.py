"""A network as a graph, with the numbers of one row on it: outputs in its units, δ below them."""

from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move, literal
from charts.models import shown
from charts.network_places import Graph, Node
from charts.numbers import counted, readable
from charts.style import LEGEND, Layout, Trace
from losses.arrays import Array
from losses.descent.ledger import Ledger
from losses.descent.objective import Objective

WIDTHS = (1.0, 2.0, 3.2, 4.6, 6.2)  # of weights up to a fifth of the largest, two fifths, …
SIGNS = (("weight above 0", "$0", "solid"), ("weight below 0", "$1", "dash"))
STEP, SIZE, LETTERS = 86, 60, 11  # px: from unit to unit of a layer, across one, of its numbers
LINE, NAME, HEAD = 0.12, 0.45, 0.3  # steps: up to a unit's numbers, to its name, to a heading
NOTHING = "\N{NO-BREAK SPACE}"  # a text that Plotly keeps, so that it can say something later
PACE = 2.0  # lines a second
DIGITS, LONGEST = 3, 7  # of a number in a unit: one digit less where it is longer than so
MANY, TALL, SMALL = 40, 6, 0.9  # weights drawn half as wide; units in a layer drawn smaller

Spoken = tuple[list[tuple[float, float]], list[list[str]]]  # places, and texts (lines, places)


def ledger_figure(
    objective: Objective, w: Array, row: int, book: Ledger, *, zoom: float = 1.0
) -> Figure:
    """The graph after the last line of the ledger of a row; its clock goes through all lines.

    Edges are weights, thicker the larger, dashed below 0. In each unit stand its output and, below
    it, its δ, as soon as they are computed. `zoom` is how large units and letters are.
    """
    graph = Graph(objective, book)
    zoom *= SMALL if graph.tallest > TALL else 1.0
    letters = max(LETTERS - 1, round(zoom * LETTERS))
    x, y = np.array(_names(graph)[0]).T
    traces = [_band(graph), *_edges(graph, w), _plates(x, y, letters, 2.3, "plates of names")]
    traces += [_ring(graph, zoom), _units(graph, zoom)]
    moves = [Move(0, *graph.fans()), Move(len(traces) - 2, *graph.focus())]
    traces += [_hovers(graph, w), _texts("names", *_names(graph), letters)]
    for name, (where, said) in {"outputs": _outputs(graph, row), "δ": _deltas(graph)}.items():
        moves.append(Move(len(traces), text=said))
        traces.append(_texts(name, where, said[-1], letters))
    x, y = graph.beside()
    said = _shares(graph)
    there = np.where(np.array(said) == NOTHING, np.nan, x)
    moves += [Move(len(traces), there, y), Move(len(traces) + 1, x, y, said)]
    traces.append(_plates(there[-1], y[-1], letters))
    traces.append(_texts("shares", np.stack([x[-1], y[-1]], axis=1), said[-1], letters))
    height = round(zoom * STEP * (graph.tallest + 2 * HEAD)) + 60
    film = Film(tuple(moves), pace=PACE)
    return Figure(
        traces, _layout(graph, letters), _alt(graph, row), height, _table(graph, w), {"clock": film}
    )


def _scatter(name: str, x: Any, y: Any, mode: str, **more: Any) -> Trace:
    """A trace of which nothing is in the legend, and nothing said by hovering."""
    here: Trace = {"type": "scatter", "name": name, "x": np.array(x), "y": np.array(y)}
    return here | {"mode": mode, "showlegend": False, "hoverinfo": "skip"} | more


def _band(graph: Graph) -> Trace:
    """What the present line runs along, behind the edges."""
    x, y = (part[-1] for part in graph.fans())
    look = {"color": "$accent/0.4", "width": 14}
    return _scatter("the present line", x, y, "lines", line=look, showlegend=True)


def _edges(graph: Graph, w: Array) -> list[Trace]:
    """A trace for each sign and width, be there such weights or not; and the edges to the loss."""
    largest = float(np.abs(w).max()) or 1.0
    thin = 0.5 if w.size > MANY else 1.0
    widths = np.minimum(len(WIDTHS) * np.abs(w) / largest, len(WIDTHS) - 1).astype(int)
    traces = []
    for below, (name, color, dash) in enumerate(SIGNS):
        for place, width in enumerate(WIDTHS):
            own = np.flatnonzero((widths == place) & ((w < 0) == bool(below)))
            x, y = _segments(graph, [graph.weights[k] for k in own])
            look = {"color": color, "dash": dash, "width": thin * width}
            first = place == len(WIDTHS) // 2
            traces.append(_scatter(name, x, y, "lines", line=look, showlegend=first))
    look = {"color": "$muted", "width": 1.0, "dash": "dot"}
    return [*traces, _scatter("to the loss", *_segments(graph, graph.scores), "lines", line=look)]


def _segments(graph: Graph, edges: list[tuple[Node, Node]]) -> tuple[list[float], list[float]]:
    """Lines with breaks between them; a break alone where there is none."""
    places = [place for a, b in edges for place in (graph.at[a], graph.at[b], (np.nan, np.nan))]
    x, y = zip(*(places or [(np.nan, np.nan)]), strict=True)
    return list(x), list(y)


def _ring(graph: Graph, zoom: float) -> Trace:
    """Around the unit that the present line is about."""
    x, y = (part[-1] for part in graph.focus())
    look = {"color": "$accent", "size": round(zoom * (SIZE + 7))}
    return _scatter("here", x, y, "markers", marker=look)


def _units(graph: Graph, zoom: float) -> Trace:
    """Features as squares, units as circles, biases as small ones, the loss as a hexagon."""
    x, y = zip(*graph.at.values(), strict=True)
    symbols = [_symbol(graph, node) for node in graph.at]
    sizes = [round(zoom * SIZE * (0.5 if unit is None else 1.0)) for _, unit in graph.at]
    edge = {"color": "$ink", "width": 1.5}
    look = {"color": "$paper", "symbol": symbols, "size": sizes, "line": edge, "opacity": 1.0}
    return _scatter("units", x, y, "markers", marker=look)


def _symbol(graph: Graph, node: Node) -> str:
    square = node[0] < 0 and node[1] is not None
    return "square" if square else "hexagon" if node == graph.loss else "circle"


def _hovers(graph: Graph, w: Array) -> Trace:
    """Points on the edges, unseen, that say by hovering what the weight is and its gradient."""
    ends = [(graph.at[a], graph.at[b]) for a, b in graph.weights]
    x, y = (np.array([0.65 * a[k] + 0.35 * b[k] for a, b in ends]) for k in (0, 1))
    said = [
        f"{literal(words)}<br>weight {readable(value)}, gradient {readable(slope)}"
        for words, value, slope in zip(
            _ends(graph), w.tolist(), graph.book.gradient.tolist(), strict=True
        )
    ]
    look = {"opacity": 0.0, "size": 14, "color": "$ink"}
    more = {"hovertext": said, "hovertemplate": "%{hovertext}<extra></extra>", "hoverinfo": "text"}
    return _scatter("weights", x, y, "markers", marker=look, **more)


def _texts(name: str, where: Any, said: list[str], letters: int) -> Trace:
    x, y = np.array(where).T
    font = {"size": letters, "color": "$ink", "shadow": "auto"}
    return _scatter(name, x, y, "text", text=said, textfont=font, textposition="middle center")


def _plates(x: Array, y: Array, letters: int, wide: float = 4.2, name: str = "plates") -> Trace:
    """Behind what stands on edges, so that it can be read: a thick dash is a plate."""
    bar = {"color": "$paper/0.85", "width": 1.3 * letters}
    look = {"symbol": "line-ew", "size": wide * letters, "line": bar, "opacity": 1.0}
    return _scatter(name, x, y, "markers", marker=look)


def _names(graph: Graph) -> tuple[list[tuple[float, float]], list[str]]:
    """What each column, score and unit is called, above it."""
    places = [(x, y + NAME) for node, (x, y) in graph.at.items() if node[1] is not None]
    return places, [shown(graph.name(node)) for node in graph.at if node[1] is not None]


def _outputs(graph: Graph, row: int) -> Spoken:
    """What is known forwards: features and biases from the start, a unit once it is computed."""
    known: dict[Node, tuple[int, float]]
    known = {(-1, k): (0, x) for k, x in enumerate(graph.objective.data.features[row].tolist())}
    for k, entry in enumerate(graph.book.entries):
        if entry.kind in ("output", "loss") or (entry.kind == "sum" and entry.layer == graph.last):
            known[graph.node(entry)] = k, entry.value
    known |= {node: (0, 1.0) for node in graph.at if node[1] is None}
    places = [
        (x, y + LINE * (0 <= layer <= graph.last and unit is not None))  # a δ stands below
        for (layer, unit), (x, y) in graph.at.items()
    ]
    return places, _appearing([known[node] for node in graph.at], len(graph.book.entries))


def _deltas(graph: Graph) -> Spoken:
    """What is known backwards: δ of each score and unit."""
    known = {
        graph.node(entry): (k, entry.value)
        for k, entry in enumerate(graph.book.entries)
        if entry.kind in ("pull", "delta")
    }
    places = [(graph.at[node][0], graph.at[node][1] - LINE) for node in known]
    return places, _appearing(list(known.values()), len(graph.book.entries), "δ ")


def _appearing(known: list[tuple[int, float]], lines: int, mark: str = "") -> list[list[str]]:
    """Texts `(lines, nodes)`: each number from the line on that computes it."""
    words = [(since, f"{mark}{_short(value)}") for since, value in known]
    return [[text if k >= since else NOTHING for since, text in words] for k in range(lines)]


def _short(value: float) -> str:
    """A number that fits a unit."""
    text = "1" if value == 1 else readable(value, DIGITS)
    return text if len(text) <= LONGEST else readable(value, DIGITS - 1)


def _shares(graph: Graph) -> list[list[str]]:
    """Texts `(lines, edges)` on the edges of each line: its terms, or what comes out."""
    rows = []
    for entry in graph.book.entries:
        along = len(graph.edges(entry)) if entry.kind != "loss" else 0
        values = entry.parts if entry.kind.startswith("sum") else (entry.value,)
        said = [_short(value) for value in values[:along]]
        rows.append(said + [NOTHING] * (graph.most - len(said)))
    return rows


def _layout(graph: Graph, letters: int) -> Layout:
    """No axes; what each column is stands above it."""
    last, top = graph.last, graph.tallest / 2
    heads = ["features", *(f"layer {k + 1}" for k in range(last)), "scores", "loss"]
    if graph.model.outputs == 1:
        heads[last + 1] = "score"
    font = {"size": letters + 1, "color": "$muted"}
    return {
        "xaxis": {"visible": False, "range": [-0.5, last + 2.5]},
        "yaxis": {"visible": False, "range": [-top, top + 2 * HEAD]},
        "annotations": [
            {"x": x, "y": top + HEAD, "text": head, "showarrow": False, "font": font}
            for x, head in enumerate(heads)
        ],
        "dragmode": False,
        **LEGEND,
    }


def _alt(graph: Graph, row: int) -> str:
    book, widths = graph.book, " to ".join(map(str, graph.model.hidden))
    steepest = int(np.abs(book.gradient).argmax())
    seen, said = counted(graph.model.features, "feature"), counted(graph.model.outputs, "score")
    return (
        f"A network of {seen}, hidden layers of {widths} units and {said}, with the numbers of row "
        f"{row + 1} on it: it loses {readable(book.loss)}. The largest gradient is "
        f"{readable(book.gradient[steepest])}, that of {_ends(graph)[steepest]}."
    )


def _ends(graph: Graph) -> list[str]:
    """Of each weight, from where to where it leads."""
    return [f"{graph.title(a)} → {graph.title(b)}" for a, b in graph.weights]


def _table(graph: Graph, w: Array) -> dict[str, np.ndarray]:
    return {
        "from": np.array([graph.title(source) for source, _ in graph.weights]),
        "to": np.array([graph.title(target) for _, target in graph.weights]),
        "weight": w,
        "gradient": graph.book.gradient,
        "finite difference": graph.book.differences,
    }
