"""The gradient of two losses where y = 1: of squared error through a sigmoid it fades."""

import numpy as np

from charts.figure import Figure, Film, Move
from charts.numbers import readable
from charts.style import LEGEND, Trace, axis, line, stroke
from losses.matching import ENTROPY, SQUARED, matched, slopes

HEIGHT = 340
STOPS = np.linspace(-8.0, 8.0, 161)  # of the slider, 0.1 apart
NAMES = {"cross-entropy": ENTROPY, "squared error through a sigmoid": SQUARED}


def matching_figure(z: float, key: str) -> Figure:
    """Both gradients over the logit, marked at z; the slider of that key moves the marks."""
    curves = {name: slopes(loss, STOPS) for name, loss in NAMES.items()}
    data: list[Trace] = []
    moves: list[Move] = []
    for name, y in curves.items():
        data.append(line(STOPS, y, name, stroke(NAMES[name], focus=NAMES[name] == SQUARED)))
        moves.append(Move(len(curves) + len(moves), STOPS[:, None], y[:, None]))
    for (name, loss), symbol in zip(NAMES.items(), ("circle", "diamond"), strict=True):
        here = np.array([z])
        data.append({
            "type": "scatter", "mode": "markers", "x": here, "y": slopes(loss, here),
            "name": f"{name} here", "showlegend": False,
            "marker": {"color": "$ink", "symbol": symbol, "size": 12},
            "hovertemplate": "%{y:.4g} at z = %{x:.3g}<extra></extra>",
        })  # fmt: skip
    layout = {
        "xaxis": axis("logit z of a row whose y is 1", [STOPS[0] - 0.3, STOPS[-1] + 0.3]),
        "yaxis": axis("gradient in z", [-1.08, 0.08]),
        **LEGEND,
    }
    table = {"z": STOPS} | curves
    film = Film(tuple(moves), STOPS, z)
    return Figure(data, layout, _alt(z), HEIGHT, table, {key: film})


def _alt(z: float) -> str:
    found = matched(z)
    return (
        f"Gradients over the logit from −8 to 8 where y = 1. At z = {z:g} squared error through a "
        f"sigmoid has {readable(found.squared.gradient)}, cross-entropy "
        f"{readable(found.entropy.gradient)}."
    )
