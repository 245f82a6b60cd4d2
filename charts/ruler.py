"""The stability ruler: the learning rate on the scale of its slider, with the marks of the data."""

import numpy as np

from charts.figure import Figure
from charts.style import Layout, Trace
from losses.descent.optimizers import Optimizer
from losses.descent.stability import Ruler

HEIGHT = 104


def ruler_figure(ruler: Ruler, optimizer: Optimizer, span: tuple[float, float]) -> Figure:
    """The rates of a slider: where descent is stable, where it is best, where it is now."""
    low, high = span
    found = marks(ruler, optimizer)
    data = _zones(found, low, high)
    inside = {name: rate for name, rate in found.items() if low <= rate <= high}
    for place, (name, rate) in enumerate(inside.items()):
        data += _tick(name, rate, place, (rate - low) / (high - low))
    now = {"size": 12, "color": "$accent", "line": {"color": "$paper", "width": 2}}
    data.append(_trace([optimizer.eta], [0.0], mode="markers", name="now", marker=now))
    return Figure(data, _layout(low, high), _alt(found, optimizer), HEIGHT)


def marks(ruler: Ruler, optimizer: Optimizer) -> dict[str, float]:
    """The rates to mark, by name, from the smallest: those that exist and are finite."""
    limit = optimizer.limit(ruler.largest)
    plain = optimizer.slug == "gradient_descent"
    every = {
        "safe": ruler.safe if plain else None,
        "best": ruler.best if plain else None,
        "limit": limit,
    }
    known = {name: rate for name, rate in every.items() if rate is not None and np.isfinite(rate)}
    if "safe" in known and np.isclose(known["safe"], known.get("limit", np.nan), rtol=1e-9):
        del known["safe"]
    return dict(sorted(known.items(), key=lambda item: item[1]))


def _zones(found: dict[str, float], low: float, high: float) -> list[Trace]:
    """A band where the rate is stable and a line beyond it."""
    limit = min(found.get("limit", high), high)
    band = {"color": "$accent/0.35", "width": 9}
    beyond = {"color": "$ink/0.3", "width": 2, "dash": "dot"}
    zones = [_trace([low, max(limit, low)], [0.0, 0.0], mode="lines", name="stable", line=band)]
    if "limit" in found and limit < high:
        zones.append(_trace([limit, high], [0.0, 0.0], mode="lines", name="too fast", line=beyond))
    return zones


def _tick(name: str, rate: float, place: int, share: float) -> list[Trace]:
    """A stroke and its name and value; names stand above and below in turn, inside the figure."""
    up = 1.0 if place % 2 == 0 else -1.0
    side = "right" if share < 0.2 else "left" if share > 0.8 else "center"
    stroke = {"color": "$ink", "width": 1.5}
    return [
        _trace([rate, rate], [-0.35, 0.35], mode="lines", name=name, line=stroke),
        _trace(
            [rate],
            [0.35 * up],
            mode="text",
            name=f"{name}, its rate",
            text=[f"{name} {rate:.3g}"],
            textposition=f"{'top' if up > 0 else 'bottom'} {side}",
        ),
    ]


def _trace(x: list[float], y: list[float], **look: object) -> Trace:
    return {"type": "scatter", "x": np.array(x), "y": np.array(y), "hoverinfo": "skip", **look}


def _layout(low: float, high: float) -> Layout:
    room = 0.04 * (high - low)
    hidden = {"visible": False, "range": [-1.6, 1.6]}
    axis = {"range": [low - room, high + room], "nticks": 5, "showgrid": False, "zeroline": False}
    return {"xaxis": axis, "yaxis": hidden, "margin": {"l": 4, "r": 4, "t": 2, "b": 18}}


def _alt(found: dict[str, float], optimizer: Optimizer) -> str:
    said = ", ".join(f"{name} {rate:.4g}" for name, rate in found.items()) or "no known limit"
    return (
        f"The learning rate of {optimizer.name.lower()}, {optimizer.eta:g}, on the ruler of the "
        f"ground it walks on: {said}. Beyond the limit each step lands higher, on the other side."
    )
