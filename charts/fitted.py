"""Exact fits and their rows: lines or curves over one column, or what is predicted of held rows."""

from typing import Any

import numpy as np

from charts.figure import Figure, literal
from charts.models import look
from charts.models import stroke as apart
from charts.numbers import readable, unused
from charts.style import (
    AID,
    COMPARED,
    DASHES,
    LEGEND,
    Layout,
    Trace,
    axis,
    line,
    spread,
    stroke,
    window,
)
from losses.arrays import Array, Indices
from losses.data import Dataset
from losses.verdict.fitted import certainties, curves, predictions
from losses.verdict.training import Trained

HEIGHT = 350
DRAWN = 1000  # rows; more merge into a cloud
POINTS = 201


def line_figure(found: Trained) -> Figure:
    """The rows over the one column, those held out hollow, and the line of each fit.

    Of two classes it is a curve: the probability of the second, of which the rows are 0 or 1.
    """
    data = found.data
    low, high = window(data.features)
    x = np.linspace(low, high, POINTS)
    height = curves(found, x) if found.fits else np.empty((0, POINTS))
    traces = [
        *_rows(data, found.train, "$ink/0.7", "circle", "trained on"),
        *_rows(data, found.held, "$accent", "circle-open", "held out"),
    ]
    for i, loss in enumerate(found.losses):
        traces.append(line(x, height[i], literal(str(loss)), looks(found, i)))
    table = {data.columns[0]: x}
    for loss, values in zip(found.losses, height, strict=True):
        table[unused(str(loss), table)] = values
    return Figure(traces, _line_layout(data), _line_alt(found, height), HEIGHT, table)


def predicted_figure(found: Trained) -> Figure:
    """Of the rows held out, the true number over the one that each fit predicts."""
    data, held = found.data, found.held
    true, predicted = data.target[held], predictions(found)
    ends = np.array(window(np.append(predicted.ravel(), true)))
    traces = [line(ends, ends, "as predicted", {"color": "$ink/0.5", "width": AID})]
    shown = spread(len(held), DRAWN)
    for i, loss in enumerate(found.losses):
        color, symbol = looks(found, i)["color"], look(i)[1]
        name = literal(str(loss))
        traces.append(_dots(predicted[i, shown], true[shown], f"{color}/0.8", symbol, name))
    name, unit = literal(data.target_name), f" ({literal(data.unit)})" if data.unit else ""
    layout: Layout = {
        **LEGEND,
        "xaxis": axis(f"{name}, predicted{unit}", ends.tolist()),
        "yaxis": axis(f"{name}, true{unit}", ends.tolist()),
    }
    table: dict[str, np.ndarray] = {unused("row", (data.target_name,)): data.rows[held]}
    table[data.target_name] = true
    table |= {f"{loss}: predicted": p for loss, p in zip(found.losses, predicted, strict=True)}
    off = np.abs(predicted - true)
    said = _each(found, [f"{readable(float(np.median(r)))} off" for r in off])
    alt = (
        f"{len(held)} rows held out, {data.target_name} over its prediction. In the median {said}."
    )
    return Figure(traces, layout, alt, HEIGHT, table)


def certainty_figure(found: Trained) -> Figure:
    """Of the rows held out, the worst first, the probability that each fit gives to the truth."""
    sure = np.sort(certainties(found), axis=1)
    share = 100 * (np.arange(len(found.held)) + 0.5) / len(found.held)
    traces = []
    hover = "%{y:.4g} or less in %{x:.3g}\N{NO-BREAK SPACE}% of the rows"
    for i, loss in enumerate(found.losses):
        name = literal(str(loss))
        template = f"{name}: {hover}<extra></extra>"
        traces.append(line(share, sure[i], name, looks(found, i), hovertemplate=template))
    layout: Layout = {
        **LEGEND,
        "xaxis": axis("rows held out, the worst first: % of them", [0, 100]),
        "yaxis": axis("probability of the true class", [-0.02, 1.02]),
        "shapes": [_half()] if found.data.task == "binary" else [],
    }
    table = {"rows held out, %": share}
    table |= {str(loss): values for loss, values in zip(found.losses, sure, strict=True)}
    said = _each(found, [readable(float(np.median(p)), 3) for p in sure])
    alt = f"Probability of the true class in {len(found.held)} rows held out. Median: {said}."
    return Figure(traces, layout, alt, HEIGHT, table)


def _half() -> dict[str, Any]:
    """Below a half, the wrong one of two classes is the likelier."""
    look = {"color": "$ink/0.5", "width": AID}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.5, "y1": 0.5, "line": look}


def looks(found: Trained, i: int) -> dict[str, Any]:
    """The line of a loss: its own, unless losses of two families share the figure."""
    if len({loss.family for loss in found.losses}) > 1:
        color, _, dash = look(i)
        return apart(i) | {"dash": DASHES[1 + i % (len(DASHES) - 1)] if i else dash, "color": color}
    return stroke(found.losses[i]) | {"width": COMPARED}


def _rows(data: Dataset, part: Indices, color: str, symbol: str, name: str) -> list[Trace]:
    shown = part[spread(len(part), DRAWN)]
    label = f"{name} ({len(part):,})"
    return [_dots(data.features[shown, 0], data.target[shown], color, symbol, label)]


def _dots(x: Array, y: Array, color: str, symbol: str, name: str) -> Trace:
    marker = {"color": color, "symbol": symbol, "size": 7, "line": {"width": 1.6}}
    return {
        "type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "name": name,
        "hovertemplate": f"{name}: %{{y:.5g}} at %{{x:.5g}}<extra></extra>",
    }  # fmt: skip


def _line_layout(data: Dataset) -> Layout:
    across = axis(literal(data.columns[0]), window(data.features))
    if data.task == "binary":
        up = axis(f"probability of {literal(data.classes[1])}", [-0.06, 1.06])
    else:
        unit = f" ({literal(data.unit)})" if data.unit else ""
        up = axis(literal(data.target_name) + unit, window(data.target))
    return {**LEGEND, "xaxis": across, "yaxis": up}


def _line_alt(found: Trained, height: Array) -> str:
    data = found.data
    low, high = (readable(float(end)) for end in window(data.features))
    ends = [f"from {readable(float(h[0]))} to {readable(float(h[-1]))}" for h in height]
    what = f"{data.target_name} over {data.columns[0]}"
    if data.task == "binary":
        what = f"The probability of {data.classes[1]} over {data.columns[0]}"
    rows = f"{len(found.train)} rows trained on and {len(found.held)} held out"
    fits = f"Fits between {low} and {high}: {_each(found, ends)}" if ends else "No fit"
    return f"{what}: {rows}. {fits}."


def _each(found: Trained, said: list[str]) -> str:
    return ", ".join(f"{loss} {what}" for loss, what in zip(found.losses, said, strict=True))
