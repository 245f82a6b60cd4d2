"""Who owns the loss and the pull: columns by class and difficulty, beside cross-entropy's."""

from itertools import pairwise
from typing import Any

import numpy as np

from charts.figure import Figure, Film, Move
from charts.models import shown
from charts.numbers import percent
from charts.style import LEGEND, Layout, Trace, axis, line
from losses.arrays import Array
from losses.probabilistic import Focal
from losses.verdict.ownership import EDGES, Ownership, Shares

HEIGHT = 480
LOOKS = (("$1", "$1/0.35"), ("$4", "$4/0.75"))  # of class 0 and class 1: line and fill
HALF = 0.38  # of a column's place: two of them fill it but for a gap
GAMMA, ALPHA = Focal.parameters()
BINS = tuple(f"{low:g}–{high:g}" for low, high in pairwise(EDGES))
PANELS = ("loss", "pull")


def ownership_figure(found: Ownership, focal: Focal) -> Figure:
    """The shares of the loss above, of the size of the gradient below."""
    here, plain = found.shares(focal.gamma, focal.alpha), found.shares(0.0)
    data = [
        _columns(getattr(here, part)[place], place, f"class {found.classes[place]}", panel)
        for panel, part in enumerate(PANELS, 1)
        for place in (0, 1)
    ]
    data += [_ticks(plain.rows, "share of the rows", "circle-open", p) for p in (1, 2)]
    data += [
        _ticks(getattr(plain, part), "cross-entropy", "line-ew-open", panel)
        for panel, part in enumerate(PANELS, 1)
    ]
    layout, films = _layout(), {GAMMA.name: _film(found, focal, GAMMA.name)}
    if focal.alpha is not None:
        films[ALPHA.name] = _film(found, focal, ALPHA.name)
    return Figure(data, layout, _alt(found, here, focal), HEIGHT, _table(found, here, plain), films)


def _film(found: Ownership, focal: Focal, name: str) -> Film:
    """The four traces of columns at every stop of gamma or alpha."""
    turned = name == GAMMA.name
    stops = found.gammas.tolist() if turned else ALPHA.grid()
    at = focal.gamma if turned else focal.alpha
    all_shares = [
        found.shares(stop, focal.alpha) if turned else found.shares(focal.gamma, stop)
        for stop in stops
    ]
    moves = [
        Move(
            2 * panel + place,
            None,
            np.array([_heights(getattr(shares, part)[place]) for shares in all_shares]),
        )
        for panel, part in enumerate(PANELS)
        for place in (0, 1)
    ]
    return Film(tuple(moves), np.array(stops), at)


def _heights(shares: Array) -> Array:
    """Up and down along the columns of one class."""
    return np.column_stack([np.zeros_like(shares), shares, shares, np.zeros_like(shares)]).ravel()


def _columns(shares: Array, place: int, name: str, panel: int) -> Trace:
    bins = np.arange(len(shares), dtype=float)
    left = bins - HALF if place == 0 else bins
    x = np.column_stack([left, left, left + HALF, left + HALF]).ravel()
    edge, fill = LOOKS[place]
    return line(
        x, _heights(shares), shown(name), {"color": edge, "width": 1.5}, panel=panel,
        fill="tozeroy", fillcolor=fill, hovertemplate=f"{shown(name)}: %{{y:.1%}}<extra></extra>",
    )  # fmt: skip


def _ticks(shares: Array, name: str, symbol: str, panel: int) -> Trace:
    """One mark in every column: what the share would be."""
    bins = np.arange(shares.shape[1], dtype=float)
    x = np.concatenate([bins - HALF / 2, bins + HALF / 2])
    size, width = (13, 2.5) if "line" in symbol else (8, 1.5)
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": shares.ravel(), "name": name,
        "legendgroup": name, "yaxis": "y" if panel == 1 else "y2", "showlegend": panel == 1,
        "marker": {
            "symbol": symbol, "size": size, "color": "$ink",
            "line": {"width": width, "color": "$ink"},
        },
        "hovertemplate": f"{name}: %{{y:.1%}}<extra></extra>",
    }  # fmt: skip


def _layout() -> Layout:
    ticks = {"tickvals": np.arange(len(BINS)), "ticktext": list(BINS), "anchor": "y2"}
    share: dict[str, Any] = {"tickformat": ".0%", "nticks": 5}
    return {
        "xaxis": axis("pₜ of the rows: hard left, easy right",
                      [-0.55, len(BINS) - 0.45]) | ticks | {"showgrid": False, "zeroline": False},
        "yaxis": axis("share of the loss", [-0.02, 1.02]) | share | {"domain": [0.54, 1]},
        "yaxis2": axis("share of the pull", [-0.02, 1.02]) | share | {"domain": [0, 0.46]},
        **LEGEND,
    }  # fmt: skip


def _table(found: Ownership, here: Shares, plain: Shares) -> dict[str, Array]:
    names = np.repeat(np.array(found.classes), len(BINS))
    return {
        "class": names,
        "pₜ": np.array(BINS * 2),
        "share of the rows": plain.rows.ravel(),
        "share of cross-entropy": plain.loss.ravel(),
        "share of the loss": here.loss.ravel(),
        "share of cross-entropy's pull": plain.pull.ravel(),
        "share of the pull": here.pull.ravel(),
    }


def _alt(found: Ownership, here: Shares, focal: Focal) -> str:
    parts = [
        "{} has {} of the rows, {} of the loss and {} of the pull".format(
            name, *map(percent, here.of(place))
        )
        for place, name in enumerate(found.classes)
    ]
    return (
        f"Shares by class and by pₜ under {focal}: {'; '.join(parts)}. Rows with pₜ below one half "
        f"carry {percent(here.hard[1])} of the loss."
    )
