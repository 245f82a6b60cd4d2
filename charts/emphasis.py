"""Where focal pulls harder than cross-entropy: the ratio of their gradients over p_t."""

from functools import lru_cache

import numpy as np

from charts.figure import Figure, Film, Move
from charts.focal import PAPER as FIGURE_1
from charts.style import AID, LEGEND, Layout, Trace, axis, line, spread, stroke
from losses.arrays import Array
from losses.emphasis import emphasis, log_ratio, marks
from losses.links import SIGMOID
from losses.probabilistic import Focal

HEIGHT = 470
PAPER = {gamma: dash for gamma, dash in FIGURE_1.items() if gamma}
P = np.linspace(0, 1, 401)[1:-1]
TOP = 1.6
RUG_ROWS = 400
GAMMA = Focal.parameters()[0]
STOPS = tuple(GAMMA.grid())
LAYOUT: Layout = {
    "xaxis": axis("probability of the true class pₜ", [0, 1]),
    "yaxis": axis("pull ÷ cross-entropy's pull", [-0.04, TOP]),
    **LEGEND,
}


def ratio_figure(focal: Focal, rows: Array | None = None) -> Figure:
    """The ratio for the slider's gamma among the paper's, its peak and where it crosses 1.

    `rows` are the p_t of a visitor's rows, drawn below.
    """
    data: list[Trace] = [_even()]
    look = {"color": "$muted", "width": AID + 0.5}
    for gamma, dash in PAPER.items():
        data.append(line(P, _curve(gamma, 1.0), f"γ = {gamma:g}", look | {"dash": dash}))
    moves: list[Move] = []
    for place, (name, weight, dash) in enumerate(readings(focal)):
        moves += _moving(len(data), weight)
        curve, *spots = _traces(focal, name, weight, dash)
        data += [curve, *(spot | {"showlegend": not place} for spot in spots)]
    if rows is not None:
        data.append(_rug(rows[spread(len(rows), RUG_ROWS)]))
    table = {"pₜ": P} | {f"γ = {gamma:g}": _curve(gamma, 1.0) for gamma in PAPER}
    table |= {f"{focal}, {name}": _curve(focal.gamma, w) for name, w, _ in readings(focal)}
    film = Film(tuple(moves), np.array(STOPS), focal.gamma)
    return Figure(data, LAYOUT, _alt(focal), HEIGHT, table, {GAMMA.name: film})


def readings(focal: Focal) -> list[tuple[str, float, str]]:
    """Name, weight and dash of each class: one curve, or two if alpha tells them apart."""
    if focal.alpha is None:
        return [("Focal", 1.0, "solid")]
    return [
        ("Focal, y = 1 (α)", focal.alpha, "solid"),
        ("Focal, y = 0 (1 − α)", 1 - focal.alpha, "dot"),
    ]


def _curve(gamma: float, weight: float) -> Array:
    """The ratio over P, for a class that α weighs so."""
    return weight * np.exp(log_ratio(Focal(gamma=gamma), SIGMOID.score(P)))


def _traces(focal: Focal, name: str, weight: float, dash: str) -> list[Trace]:
    """The curve, its peak, and its crossings."""
    look = stroke(Focal(), focus=True)
    (x,), (y,) = _spots((focal.gamma,), weight)
    hover = "<extra></extra>"
    return [
        line(P, _curve(focal.gamma, weight), name, look | {"dash": dash}),
        _dots(x[:1], y[:1], "the peak", "diamond")
        | {"hovertemplate": f"the peak: %{{y:.4f}} × at pₜ = %{{x:.4f}}{hover}"},
        _dots(x[1:], y[1:], "as hard as cross-entropy", "circle")
        | {"hovertemplate": f"as hard as cross-entropy at pₜ = %{{x:.4f}}{hover}"},
    ]


def _dots(x: Array, y: Array, name: str, symbol: str) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "name": name, "legendgroup": name,
        "marker": {
            "color": "$accent", "symbol": symbol, "size": 12,
            "line": {"color": "$paper", "width": 1},
        },
    }  # fmt: skip


def _moving(first: int, weight: float) -> list[Move]:
    """The three traces of a class at every stop of gamma."""
    x, y = _spots(STOPS, weight)
    return [
        Move(first, None, _swept(weight)),
        Move(first + 1, x[:, :1], y[:, :1]),
        Move(first + 2, x[:, 1:], y[:, 1:]),
    ]


@lru_cache(maxsize=64)
def _swept(weight: float) -> Array:
    return np.array([_curve(gamma, weight) for gamma in STOPS])


@lru_cache(maxsize=64)
def _spots(gammas: tuple[float, ...], weight: float) -> tuple[Array, Array]:
    """Where the peak is, and where the two crossings are: x and y, each `(gammas, 3)`."""
    peaks, crossings = marks(gammas, weight)
    heights = [
        weight * float(np.exp(log_ratio(Focal(gamma=gamma), SIGMOID.score(np.array([peak])))[0]))
        for gamma, peak in zip(gammas, peaks, strict=True)
    ]
    y = np.where(np.isnan(crossings), np.nan, 1.0)
    return np.column_stack([peaks, crossings]), np.column_stack([heights, y])


def _even() -> Trace:
    """Cross-entropy's own pull."""
    look = {"color": "$ink", "width": AID, "dash": "solid"}
    return line(np.array([0.0, 1.0]), np.ones(2), "γ = 0: cross-entropy", look)


def _rug(rows: Array) -> Trace:
    return {
        "type": "scatter", "mode": "markers", "x": rows, "y": np.zeros(len(rows)),
        "marker": {
            "symbol": "line-ns-open", "size": 10, "color": "$ink/0.45", "line": {"width": 1},
        },
        "name": "your rows", "hoverinfo": "skip", "cliponaxis": False,
    }  # fmt: skip


def _alt(focal: Focal) -> str:
    found = emphasis(focal)
    where = " and ".join(f"for pₜ from {low:.4f} to {high:.4f}" for low, high in found.louder)
    peak = "everywhere" if found.constant else f"at pₜ = {found.peak_at:.3f}"
    return (
        f"The gradient of {focal} divided by cross-entropy's, over pₜ. It is larger "
        f"{where or 'nowhere'}; the ratio is {found.peak:.4f} at most, {peak}."
    )
