"""One row made confidently wrong: cross-entropy rises without end, accuracy falls by one row."""

import numpy as np

from charts.figure import Figure, Film, Move
from charts.numbers import percent, readable
from charts.style import AID, FOCUS, LEGEND, Layout, Trace, axis, drawable, line
from losses.verdict.mistake import LOGITS, Sureness
from losses.verdict.surprise import UNITS

HEIGHT = 480


def mistake_figure(found: Sureness, row: int, logit: float, unit: str, key: str) -> Figure:
    """Cost and accuracy of all rows over the logit that one row's own class is given.

    The dotted line is what the base rates alone cost; the slider moves marks along both curves.
    """
    factor = UNITS[unit]
    cost, accuracy = found.with_row(row, LOGITS)
    cost, base = drawable(factor * cost), factor * found.base
    paid, right = found.one(row, logit)
    paid *= factor
    look = {"color": "$0", "width": FOCUS, "dash": "solid"}
    stairs = {"color": "$4", "width": FOCUS, "dash": "dash", "shape": "hv"}
    level, known = np.full(2, base), f"base rates alone: {readable(base)}"
    data: list[Trace] = [
        line(LOGITS, cost, "cross-entropy", look),
        line(LOGITS, accuracy, "accuracy", stairs, panel=2) | {"showlegend": True},
        line(LOGITS[[0, -1]], level, known, _dotted(), hoverinfo="skip"),
    ]
    moves = []
    marks = ((1, cost, paid, "circle"), (2, accuracy, right, "diamond"))
    for panel, y, here, symbol in marks:
        moves.append(Move(len(data), LOGITS[:, None], y[:, None]))
        data.append({
            "type": "scatter", "mode": "markers", "x": np.array([logit]),
            "y": drawable(np.array([here])), "yaxis": "y" if panel == 1 else "y2",
            "showlegend": False,
            "name": "with the row here", "marker": {"color": "$ink", "symbol": symbol, "size": 12},
            "hovertemplate": "%{y:.5g} at %{x:.4g}<extra></extra>",
        })  # fmt: skip
    top = 1.12 * float(cost[np.isfinite(cost)].max(initial=0.0)) or 1.0
    layout = _layout(unit, top, accuracy)
    table = {
        "log-odds of its own class": LOGITS,
        f"cross-entropy, {unit}": cost,
        "accuracy": accuracy,
    }
    alt = (
        f"Mean cross-entropy and accuracy of {len(LOGITS)} places of row "
        f"{found.chances.rows[row]}: at log-odds {logit:g} of its own class "
        f"{readable(paid)} {unit} and {percent(right, 2)} right; "
        f"the base rates alone cost {readable(base)} {unit}."
    )
    return Figure(data, layout, alt, HEIGHT, table, {key: Film(tuple(moves), LOGITS, logit)})


def _dotted() -> dict[str, object]:
    return {"color": "$muted", "width": AID + 0.5, "dash": "dot"}


def _layout(unit: str, top: float, accuracy: np.ndarray) -> Layout:
    low, high = float(accuracy.min()), float(accuracy.max())
    room = max(high - low, 0.01)
    return {
        **LEGEND,
        "xaxis": axis("log-odds given to the row's own class", [-41, 11]) | {"anchor": "y2"},
        "yaxis": axis(f"mean cross-entropy, {unit}", [0, top]) | {"domain": [0.42, 1]},
        "yaxis2": axis("accuracy", [low - room, high + room])
        | {"domain": [0, 0.34], "tickformat": ".1%"},
    }
