"""Models under losses: how far each one is from the winner, and which rows its cost comes from."""

from typing import Any

import numpy as np

from charts.figure import Figure, literal
from charts.models import look, short, shown, stroke
from charts.numbers import percent, readable
from charts.style import AID, COMPARED, LEGEND, Layout, Trace, line
from losses.arrays import Array, Indices
from losses.verdict import Matrix, RowLosses

STEPS = (1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
BAND = 62  # px for one loss: its line, with a name above and a name below
LETTER, ROOM = 6.6, 10.0  # px of one letter, and what it takes on a projector, about
WIDE, TIGHT = 620, 200  # px between the ends of the ruler, about
ROWS_HEIGHT = 440
POINTS = 500  # of a curve over the ranks of rows


def relative_figure(found: Matrix) -> Figure:
    """Each model's cost relative to the winner's: a line for each loss, a dot for each model."""
    x, ticks, edge = _placed(found.relative)
    wide, unnamed = _labels(found, x, edge, WIDE)
    tight, hidden = _labels(found, x, edge, TIGHT)
    height = 64 + BAND * len(found.losses)
    layout = _relative_layout(found, ticks, edge) | {"annotations": wide}
    taller = height + hidden * _legend_height(found, 1)
    return Figure(
        [_rails(x), *(_dots(found, x, model) for model in range(len(found.models)))],
        layout | (LEGEND if unnamed else {}),
        _relative_alt(found),
        height + unnamed * _legend_height(found, 3),
        _relative_table(found),
        narrow={"annotations": tight, "height": taller} | (LEGEND if hidden else {}),
    )


def rows_figure(rows: RowLosses) -> Figure:
    """Losses from the worst row to the best, and the share of the cost that the worst carry."""
    n = rows.value.shape[1]
    ranks = np.unique(np.geomspace(1, n, POINTS).round().astype(int))
    x = 100 * ranks / n
    data: list[Trace] = []
    table = {"worst rows, %": x}
    for model, name in enumerate(rows.models):
        loss, carried = _sampled(rows, model, ranks)
        lost = len(rows.infinite(model))
        label = shown(name) + (f" (∞ in {lost:,} rows)" if lost else "")
        data += _row_traces(label, model, x, loss, carried)
        table |= {f"{name}: loss": loss, f"{name}: share of the cost": carried}
    return Figure(data, _rows_layout(n, rows.hundredth), _rows_alt(rows), ROWS_HEIGHT, table)


def _placed(relative: Array) -> tuple[Array, dict[str, Any], float]:
    """Places on a logarithmic ruler, its ticks, and its end, where infinite costs stand."""
    finite = np.isfinite(relative)
    highest = float(relative[finite].max(initial=1.0))
    marks, end = _ruler(highest if highest > 1 else 1.1)
    places, texts = np.log10(marks).tolist(), [f"{mark:.10g}×" for mark in marks]
    edge = float(np.log10(end))
    if not finite.all():
        edge *= 1.15
        places.append(edge)
        texts.append("∞")
    x = np.where(finite, np.log10(np.where(finite, relative, 1.0)), edge)
    return x, {"tickvals": places, "ticktext": texts}, edge


def _ruler(highest: float) -> tuple[list[float], float]:
    """Round numbers from 1 on, nine or fewer, and a round number not below the highest."""
    for step in STEPS:
        if highest <= 1 + 6 * step:
            count = int(np.ceil((highest - 1) / step - 1e-9))
            return [round(1 + k * step, 6) for k in range(count + 1)], round(1 + count * step, 6)
    powers = min(int(np.log10(highest)), 307)
    end = next((d * 10.0**powers for d in (1, 2, 5, 10) if d * 10.0**powers >= highest), highest)
    marks = {digit * 10.0**power for power in range(powers + 1) for digit in (1, 2, 5)}
    if powers > 2:
        marks = {10.0**power for power in range(0, powers + 1, -(-powers // 7))}
    return sorted(mark for mark in marks | {end} if mark <= end), end


def _rails(x: Array) -> Trace:
    """A thin line for each loss, from the winner to the last model."""
    ends = np.array([[0, row.max(), np.nan] for row in x.T])
    heights = np.repeat(-np.arange(x.shape[1], dtype=float), 3)
    look = {"color": "$ink/0.35", "width": AID}
    return line(ends.ravel(), heights, "", look, hoverinfo="skip") | {"showlegend": False}


def _dots(found: Matrix, x: Array, model: int) -> Trace:
    """One model under every loss, larger where it wins."""
    color, symbol, _ = look(model)
    size = np.where(found.wins[model], 15, 10).tolist()
    cells = zip(found.losses, found.cost[model], found.relative[model], strict=True)
    said = [
        f"{literal(str(loss))}: {readable(cost, 6)}<br>{readable(times)} × the winner's"
        for loss, cost, times in cells
    ]
    return {
        "type": "scatter", "mode": "markers", "x": x[model], "y": -np.arange(x.shape[1]),
        "marker": {
            "color": color, "symbol": symbol, "size": size, "opacity": 1,
            "line": {"color": "$paper", "width": 1},
        },
        "name": shown(found.models[model]), "text": said, "cliponaxis": False,
        "hovertemplate": f"<b>{literal(found.models[model])}</b><br>%{{text}}<extra></extra>",
    }  # fmt: skip


def _labels(found: Matrix, x: Array, edge: float, width: float) -> tuple[list[Layout], bool]:
    """Names above and below the dots, where they fit, and whether a model got none."""
    labels, named = [], set()
    for column in range(x.shape[1]):
        ends = {1: -np.inf, -1: -np.inf}  # px: where the last name above, and below, ended
        for model in np.argsort(x[:, column], kind="stable").tolist():
            letters = len(short(found.models[model]))
            at = float(x[model, column]) / edge
            start = at * (width - LETTER * letters)
            side = next((side for side, end in ends.items() if start > end), 0)
            if side:
                ends[side] = start + ROOM * (letters + 1)
                named.add(model)
                right = -at * LETTER * letters
                labels.append(_label(found, x, (model, column), right, 17 * side))
    return labels, len(named) < len(found.models)


def _label(found: Matrix, x: Array, cell: tuple[int, int], right: float, up: float) -> Layout:
    """A name that starts at its dot at the left end of the ruler, and ends at it at the right."""
    text = shown(found.models[cell[0]])
    return {
        "x": float(x[cell]), "y": -cell[1], "text": f"<b>{text}</b>" if found.wins[cell] else text,
        "showarrow": False, "xanchor": "left", "xshift": right, "yshift": up,
    }  # fmt: skip


def _relative_layout(found: Matrix, ticks: dict[str, Any], edge: float) -> Layout:
    names = [literal(str(loss)).replace(" (", "<br>(") for loss in found.losses]
    return {
        "xaxis": {
            "range": [-0.03 * edge, 1.03 * edge], "zeroline": False, **ticks,
            "title": {"text": "cost relative to the winner's"},
        },
        "yaxis": {
            "range": [0.4 - len(names), 0.6], "tickvals": -np.arange(len(names)), "ticktext": names,
            "showgrid": False, "zeroline": False,
        },
    }  # fmt: skip


def _relative_alt(found: Matrix) -> str:
    parts = []
    for column, loss in enumerate(found.losses):
        times = zip(found.models, found.relative[:, column], strict=True)
        parts.append(f"{loss}: {', '.join(f'{name} {readable(x)}' for name, x in times)}")
    return f"{found.verdict()} Cost in units of the winner's. {'; '.join(parts)}."


def _relative_table(found: Matrix) -> dict[str, Array]:
    models, losses = found.cost.shape
    return {
        "loss": np.tile(np.array([str(loss) for loss in found.losses]), models),
        "model": np.repeat(np.array(found.models), losses),
        "cost": found.cost.ravel(),
        "rank": found.rank.ravel(),
        "relative to the winner's": found.relative.ravel(),
    }


def _sampled(rows: RowLosses, model: int, ranks: Indices) -> tuple[Array, Array]:
    """Loss, and share of the cost so far, of the rows at some ranks; nan where infinite."""
    falling = rows.falling(model)[ranks - 1]
    return np.where(np.isinf(falling), np.nan, falling), rows.carried(model)[ranks - 1]


def _row_traces(name: str, model: int, x: Array, loss: Array, carried: Array) -> list[Trace]:
    drawn = stroke(model, COMPARED)
    rank = "%{x:.3g} % of the rows"
    return [
        line(x, loss, name, drawn, hovertemplate=f"worst {rank}<br>end at %{{y:.4g}}"),
        line(x, 100 * carried, name, drawn, panel=2, hovertemplate=f"{rank}<br>carry %{{y:.3g}} %"),
    ]


def _rows_layout(rows: int, worst: int) -> Layout:
    mark = {
        "type": "line", "x0": 100 * worst / rows, "x1": 100 * worst / rows, "yref": "paper",
        "y0": 0, "y1": 1, "line": {"color": "$muted", "width": AID, "dash": "dot"},
    }  # fmt: skip
    label = {
        "text": f"worst {worst} rows" if worst > 1 else "worst row", "font": {"color": "$muted"},
        "x": float(np.log10(100 * worst / rows)), "xanchor": "left", "xshift": 4,
        "yref": "paper", "y": 0.5, "yanchor": "middle", "showarrow": False,
    }  # fmt: skip
    return {
        "xaxis": {
            "type": "log", "range": [float(np.log10(100 / rows)) - 0.03, 2.03], "anchor": "y2",
            "title": {"text": "rows, the worst first: % of all rows"},
            "tickvals": [0.001, 0.01, 0.1, 1, 10, 100],
            "ticktext": ["0.001", "0.01", "0.1", "1", "10", "100"],
        },
        "yaxis": {
            "domain": [0.54, 1], "rangemode": "tozero", "title": {"text": "loss of the row"},
        },
        "yaxis2": {
            "domain": [0, 0.46], "range": [0, 102], "title": {"text": "share of the cost, %"},
        },
        "shapes": [mark], "annotations": [label], **LEGEND,
    }  # fmt: skip


def _rows_alt(rows: RowLosses) -> str:
    worst = rows.hundredth
    shares = ", ".join(
        f"{percent(rows.carried(model)[worst - 1])} of the cost of {name}"
        for model, name in enumerate(rows.models)
    )
    return f"{rows.loss} of each row, the worst first: the worst {worst} carry {shares}."


def _legend_height(found: Matrix, columns: int) -> int:
    return 26 * -(-len(found.models) // columns)
