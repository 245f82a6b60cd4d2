"""Losses over one axis: value, gradient and curvature stacked, the user's rows as a rug."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from charts.figure import Figure, Film, Move
from charts.style import LEGEND, PANELS, Trace, drawable, line, panels, stroke
from losses import Loss
from losses.axes import Axis
from losses.curve import Curve, sample, scaled
from losses.spec import Parameter

HEIGHT = 620


def curve_figure(
    losses: Sequence[Loss],
    axis: Axis,
    *,
    positive: bool = True,
    half: bool = False,
    zoom: float = 1.0,
    at: float | None = None,
    stops: Sequence[float] | None = None,
    rug: np.ndarray | None = None,
    films: dict[str, tuple[Loss, Parameter]] | None = None,
) -> Figure:
    """The first loss in focus, the others beside it.

    `films` maps the key of a slider to the loss and the parameter that it turns.
    """
    curves = {
        drawn_name(loss, half): halved(loss, sample(loss, axis=axis, positive=positive), half)
        for loss in losses
    }
    data = [
        trace
        for place, (loss, (name, curve)) in enumerate(zip(losses, curves.items(), strict=True))
        for trace in _lines(name, loss, curve, place == 0)
    ]
    data += _probe(at, axis) + _rug(rug)
    moving = {
        key: _film(losses, *pair, axis, positive, half) for key, pair in (films or {}).items()
    }
    if stops is not None and at is not None:
        moving[f"at_{axis.slug}"] = _reading_film(stops, at, first=3 * len(losses))
    alt = _alt(axis, [str(loss) for loss in losses], curves)
    return Figure(data, panels(axis, zoom=zoom) | LEGEND, alt, HEIGHT, _table(axis, curves), moving)


def halved(loss: Loss, curve: Curve, half: bool) -> Curve:
    """Squared error under the ½ convention, if that is how it is to be drawn."""
    return scaled(curve, 0.5) if half and loss.slug == "squared_error" else curve


def drawn_name(loss: Loss, half: bool) -> str:
    """The loss by name, and by its convention where it is drawn in another."""
    return "½ squared error" if half and loss.slug == "squared_error" else loss.name


def _lines(name: str, loss: Loss, curve: Curve, focus: bool) -> list[Trace]:
    parts = (curve.value, curve.gradient, curve.curvature)
    look = stroke(loss, focus=focus)
    return [
        line(
            curve.x,
            part,
            name,
            look,
            panel=place,
        )
        for place, part in enumerate(parts, 1)
    ]


def _probe(at: float | None, axis: Axis) -> list[Trace]:
    if at is None:
        return []
    look = {"color": "$accent", "width": 1.5, "dash": "solid"}
    ends = np.array([-1e3, 1e3])
    return [
        line(
            np.full(2, at),
            ends,
            "reading",
            look,
            panel=place,
            showlegend=False,
            hoverinfo="skip",
        )
        for place in (1, 2, 3)
    ]


def _reading_film(stops: Sequence[float], at: float, first: int) -> Film:
    """The line at which the curves are read, at every stop of its slider."""
    x = np.repeat(np.array(stops)[:, None], 2, axis=1)
    return Film(tuple(Move(first + place, x) for place in range(3)), np.array(stops), at)


def _rug(rug: np.ndarray | None) -> list[Trace]:
    if rug is None:
        return []
    mark = {"symbol": "line-ns-open", "size": 9, "color": "$ink/0.45", "line": {"width": 1}}
    place = np.zeros(len(rug))
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": rug,
            "y": place,
            "marker": mark,
            "name": "your rows",
        }
    ]


def _film(
    losses: Sequence[Loss], loss: Loss, parameter: Parameter, axis: Axis, positive: bool, half: bool
) -> Film:
    """One loss at every stop of one of its sliders."""
    still = type(loss)(**loss.values() | {parameter.name: parameter.default})
    x, *parts = _swept(still, parameter, axis, positive, half)
    moving_x = x if loss.kinks() else None
    first = 3 * [other.slug for other in losses].index(loss.slug)
    moves = tuple(Move(first + place, moving_x, part) for place, part in enumerate(parts))
    return Film(moves, np.array(parameter.grid()), getattr(loss, parameter.name))


@lru_cache(maxsize=64)
def _swept(
    loss: Loss, parameter: Parameter, axis: Axis, positive: bool, half: bool
) -> tuple[np.ndarray, ...]:
    """x, value, gradient and curvature `(stops, points)`; kept, for every run asks again."""
    tuned = (type(loss)(**loss.values() | {parameter.name: stop}) for stop in parameter.grid())
    curves = [halved(one, sample(one, axis=axis, positive=positive), half) for one in tuned]
    return tuple(drawable([getattr(c, part) for c in curves]) for part in ("x", *PANELS))


def _alt(axis: Axis, losses: Sequence[str], curves: dict[str, Curve]) -> str:
    tuned = zip(losses, curves.items(), strict=True)
    parts = [
        f"{name if name.startswith('½') else loss}: {_ends(curve)}" for loss, (name, curve) in tuned
    ]
    return f"Value, gradient and curvature over the {axis.label}. {'; '.join(parts)}."


def _ends(curve: Curve) -> str:
    finite = np.isfinite(curve.value)
    x, value = curve.x[finite], curve.value[finite]
    if not value.size:
        return f"no finite number from {curve.x[0]:.3g} to {curve.x[-1]:.3g}"
    low = value.argmin()
    ends = f"from {value[0]:.3g} at {x[0]:.3g} to {value[-1]:.3g} at {x[-1]:.3g}"
    at = round(float(x[low]), 9) + 0.0  # beside a jump at 0 stands the smallest number there is
    return f"{ends}, lowest {value[low]:.3g} at {at:.3g}"


def _table(axis: Axis, curves: dict[str, Curve]) -> dict[str, np.ndarray]:
    """Columns over one common grid: the points that all curves share."""
    shared = sorted(set.intersection(*(set(curve.x.tolist()) for curve in curves.values())))
    table = {axis.letter: np.array(shared)}
    for name, curve in curves.items():
        rows = np.searchsorted(curve.x, shared)
        for panel in PANELS:
            table[f"{name} {panel}"] = getattr(curve, panel)[rows]
    return table
