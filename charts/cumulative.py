"""The share of the loss that the cheapest rows carry, class by class: the paper's Figure 4."""

from collections.abc import Mapping

from charts.figure import Figure, Film, Move
from charts.focal import PAPER as FIGURE_1
from charts.models import shown
from charts.numbers import percent
from charts.style import AID, LEGEND, Layout, Trace, axis, line, stroke
from losses.arrays import Array
from losses.probabilistic import Focal
from losses.verdict.cumulative import Cumulative

HEIGHT = 480
PAPER = {gamma: FIGURE_1[gamma] for gamma in (0.0, 0.5, 1.0, 2.0)}  # Lin et al. 2017, Figure 4
HALVES = ([0, 0.47], [0.53, 1])
GAMMA = Focal.parameters()[0]
Classes = Mapping[str, Cumulative]  # by what the rows are


def cumulative_figure(found: Classes, gamma: float) -> Figure:
    """One panel a class: the paper's four gammas, and the slider's."""
    data: list[Trace] = []
    moves: list[Move] = []
    for panel, one in enumerate(found.values(), 1):
        look = {"color": "$muted", "width": AID + 0.5}
        for at, dash in PAPER.items():
            name = "γ = 0: cross-entropy" if at == 0 else f"γ = {at:g}"
            data.append(_line(one, at, name, look | {"dash": dash}, panel))
        moves.append(Move(len(data), None, one.loss))
        data.append(_line(one, gamma, "Focal", stroke(Focal(), focus=True), panel))
    layout, narrow = _layout(found)
    film = Film(tuple(moves), next(iter(found.values())).gammas, gamma)
    alt = _alt(found, gamma)
    return Figure(data, layout, alt, HEIGHT, _table(found, gamma), {GAMMA.name: film}, narrow)


def at(one: Cumulative, gamma: float) -> int:
    """The place of one of its gammas."""
    return one.gammas.tolist().index(gamma)


def _line(one: Cumulative, gamma: float, name: str, look: Layout, panel: int) -> Trace:
    hover = f"{name}<br>the cheapest %{{x:.2%}} of the rows<br>carry %{{y:.2%}} of the loss"
    end = "" if panel == 1 else "2"
    drawn = line(
        one.rows, one.loss[at(one, gamma)], name, look, panel=panel,
        hovertemplate=f"{hover}<extra></extra>",
    )  # fmt: skip
    return drawn | {"xaxis": f"x{end}"}


def _layout(found: Classes) -> tuple[Layout, Layout]:
    """The panels side by side, and for a narrow screen one below the other."""
    layout: Layout = {**LEGEND}
    narrow: Layout = {"height": 2 * HEIGHT}
    for panel, name in enumerate(found):
        end = "" if panel == 0 else "2"
        wide = [0, 1] if len(found) == 1 else HALVES[panel]
        x = axis(f"rows of class {shown(name)}, the cheapest first", [0, 1.01])
        share = "share of their loss" if panel == 0 else ""
        layout[f"xaxis{end}"] = x | {"domain": wide, "anchor": f"y{end}", "tickformat": ".0%"}
        layout[f"yaxis{end}"] = axis(share, [-0.01, 1.02]) | {
            "anchor": f"x{end}", "tickformat": ".0%",
        }  # fmt: skip
        narrow[f"xaxis{end}"] = {"domain": [0, 1]}
        narrow[f"yaxis{end}"] = {"domain": [[0.54, 1], [0, 0.45]][panel]}
    return layout, narrow if len(found) == 2 else {}


def _table(found: Classes, gamma: float) -> dict[str, Array]:
    first = next(iter(found.values()))
    table = {"share of the rows": first.rows}
    for name, one in found.items():
        for value in sorted({*PAPER, gamma}):
            table[f"{name}, γ = {value:g}"] = one.loss[at(one, value)]
    return table


def _alt(found: Classes, gamma: float) -> str:
    parts = [
        f"of {one.counted} rows of class {name} the dearest "
        f"{percent(float(one.half[at(one, 0)]))} under cross-entropy and "
        f"{percent(float(one.half[at(one, gamma)]))} with gamma {gamma:g}"
        for name, one in found.items()
    ]
    return (
        "Share of the loss over the share of the rows, sorted by loss. Half of the loss lies: "
        f"{'; '.join(parts)}."
    )
