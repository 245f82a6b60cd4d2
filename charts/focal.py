"""Focal's gamma: against p_t as in the paper's Figure 1, and in logit space with its pull."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from charts.figure import Figure, Film, Move
from charts.style import LEGEND, Trace, line, stroke
from losses.base import LOGIT, PROBABILITY
from losses.curve import along
from losses.emphasis import emphasis, gradient_ratio
from losses.probabilistic import CrossEntropy, Focal

PAPER = (0.0, 0.5, 1.0, 2.0, 5.0)  # Lin et al. 2017, Figure 1
TRUE_LOGIT = replace(LOGIT, symbol="m", label="logit of the true class m = (2y − 1) z")
TRUE_PROBABILITY = "probability of the true class pₜ"
POINTS = 401
HEIGHT = 560
TOP_BY_PROBABILITY, TOP_BY_LOGIT, TOP_OF_PULL = 5.0, 6.0, 1.6

Part = Callable[[float, float | None, np.ndarray], np.ndarray]  # of gamma, alpha and the axis


def probability_figure(focal: Focal) -> Figure:
    """The loss against pₜ for the paper's five gammas, and for the slider's."""
    p = np.linspace(0, 1, POINTS)[1:-1]
    curves = [_by_probability(gamma, None, p) for gamma in PAPER]
    data = [
        _paper(p, curve, place, gamma)
        for place, (curve, gamma) in enumerate(zip(curves, PAPER, strict=True))
    ]
    data += _classes(focal, p, _by_probability)
    stops = Focal.parameters()[0].grid()
    moves = _class_moves(focal, stops, p, _by_probability, first=len(PAPER))
    layout = {
        "xaxis": {"range": [0, 1], "title": {"text": TRUE_PROBABILITY}},
        "yaxis": {"range": [-0.08, TOP_BY_PROBABILITY], "title": {"text": "loss in nats"}},
        **LEGEND,
    }
    table = {"pₜ": p} | {
        f"γ = {gamma:g}": curve for gamma, curve in zip(PAPER, curves, strict=True)
    }
    table |= {str(focal): _by_probability(focal.gamma, focal.alpha, p)}
    return Figure(
        data,
        layout,
        _alt(focal),
        HEIGHT,
        table,
        {"gamma": Film(moves, np.array(stops), focal.gamma)},
    )


def logit_figure(focal: Focal) -> Figure:
    """Value and size of the gradient over the true logit, shaded where focal pulls harder."""
    m = np.linspace(TRUE_LOGIT.low, TRUE_LOGIT.high, POINTS)
    entropy = [np.abs(part) for part in along(CrossEntropy(), TRUE_LOGIT, m)]
    look = stroke(CrossEntropy())
    data = [line(m, entropy[panel - 1], "Cross-entropy", look, panel=panel) for panel in (1, 2)]
    data += [_louder(focal, m), *_classes(focal, m, _value), *_classes(focal, m, _pull, panel=2)]
    stops = Focal.parameters()[0].grid()
    shades = np.array([_shade(focal_at(focal, gamma), m) for gamma in stops])
    per_panel = 1 if focal.alpha is None else 2
    moves = (Move(2, None, shades), *_class_moves(focal, stops, m, _value, first=3))
    moves += _class_moves(focal, stops, m, _pull, first=3 + per_panel)
    layout = {
        "xaxis": {
            "range": [TRUE_LOGIT.low, TRUE_LOGIT.high],
            "title": {"text": TRUE_LOGIT.label},
            "anchor": "y2",
        },
        "yaxis": {
            "domain": [0.54, 1],
            "range": [-0.1, TOP_BY_LOGIT],
            "title": {"text": "loss in nats"},
        },
        "yaxis2": {
            "domain": [0, 0.46],
            "range": [-0.06, TOP_OF_PULL],
            "title": {"text": "size of the gradient"},
        },
        **LEGEND,
    }
    value, pull = (part(focal.gamma, focal.alpha, m) for part in (_value, _pull))
    table = {
        "m": m,
        "cross-entropy": entropy[0],
        "cross-entropy gradient": entropy[1],
        "focal": value,
        "focal gradient": pull,
    }
    return Figure(
        data,
        layout,
        _logit_alt(focal),
        HEIGHT,
        table,
        {"gamma": Film(moves, np.array(stops), focal.gamma)},
    )


def focal_at(focal: Focal, gamma: float) -> Focal:
    """The same alpha at another gamma."""
    return Focal(gamma=gamma, alpha=focal.alpha)


def _by_probability(gamma: float, alpha: float | None, p: np.ndarray) -> np.ndarray:
    return along(Focal(gamma=gamma, alpha=alpha), PROBABILITY, p)[0]


def _value(gamma: float, alpha: float | None, m: np.ndarray) -> np.ndarray:
    return along(Focal(gamma=gamma, alpha=alpha), TRUE_LOGIT, m)[0]


def _pull(gamma: float, alpha: float | None, m: np.ndarray) -> np.ndarray:
    return np.abs(along(Focal(gamma=gamma, alpha=alpha), TRUE_LOGIT, m)[1])


def _readings(focal: Focal) -> list[tuple[str, float | None, str]]:
    """Name, weight and dash of each class: one curve, or two if alpha tells them apart."""
    if focal.alpha is None:
        return [("Focal", None, "solid")]
    return [
        ("Focal, y = 1 (α)", focal.alpha, "solid"),
        ("Focal, y = 0 (1 − α)", 1 - focal.alpha, "dot"),
    ]


def _classes(focal: Focal, x: np.ndarray, part: Part, *, panel: int = 1) -> list[Trace]:
    look = stroke(Focal(), focus=True)
    return [
        line(x, part(focal.gamma, alpha, x), name, look | {"dash": dash}, panel=panel)
        for name, alpha, dash in _readings(focal)
    ]


def _class_moves(
    focal: Focal, stops: list[float], x: np.ndarray, part: Part, first: int
) -> tuple[Move, ...]:
    return tuple(
        Move(first + place, None, np.array([part(gamma, alpha, x) for gamma in stops]))
        for place, (_, alpha, _) in enumerate(_readings(focal))
    )


def _paper(p: np.ndarray, curve: np.ndarray, place: int, gamma: float) -> Trace:
    dash = ("solid", "longdash", "dash", "dashdot", "dot")[place]
    look = {"color": "$muted", "width": 1.5, "dash": dash}
    name = "γ = 0: cross-entropy" if gamma == 0 else f"γ = {gamma:g}"
    return line(p, curve, name, look)


def _louder(focal: Focal, m: np.ndarray) -> Trace:
    look = {"color": stroke(Focal())["color"], "width": 0}
    return line(
        m, _shade(focal, m), "pulls harder than cross-entropy", look, panel=2, fill="tozeroy",
        fillcolor=f"{look['color']}/0.18", hoverinfo="skip",
    )  # fmt: skip


def _shade(focal: Focal, m: np.ndarray) -> np.ndarray:
    """The focal gradient where it is the larger one, else nothing."""
    louder = gradient_ratio(focal, m) > 1 + 1e-12
    return np.where(louder, _pull(focal.gamma, focal.alpha, m), 0.0)


def _alt(focal: Focal) -> str:
    at = np.array([0.1, 0.5, 0.9])
    now = ", ".join(
        f"{value:.3g} at pₜ = {p:g}"
        for p, value in zip(at, _by_probability(focal.gamma, focal.alpha, at), strict=True)
    )
    return f"Focal loss against pₜ for gamma 0, 0.5, 1, 2, 5 and {focal.gamma:g}: {now}."


def _logit_alt(focal: Focal) -> str:
    found = emphasis(focal)
    where = ", ".join(f"{p:.4g}" for p in found.crossings) or "nowhere"
    return (
        "Focal loss and its gradient over the logit of the true class beside cross-entropy. "
        f"The gradients are equal at pₜ = {where}; the largest ratio is {found.peak:.4g} "
        f"at pₜ = {found.peak_at:.3g}."
    )
