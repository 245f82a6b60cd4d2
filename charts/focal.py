"""Focal's gamma: against p_t as in the paper's Figure 1, and in logit space with its pull."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from charts.figure import Figure, Film, Move
from charts.style import AID, LEGEND, Layout, Trace, line, stroke
from losses.axes import LOGIT, PROBABILITY
from losses.curve import along
from losses.emphasis import emphasis, log_ratio
from losses.probabilistic import CrossEntropy, Focal

# The gammas of Lin et al. 2017, Figure 1, and dashes that a legend has room to repeat.
PAPER = {0.0: "solid", 0.5: "12px,3px", 1.0: "dash", 2.0: "dashdot", 5.0: "dot"}
HEIGHT = 500
P = np.linspace(0, 1, 401)[1:-1]
M = np.linspace(LOGIT.low, LOGIT.high, 401)  # the logit of the true class, (2y − 1) z
GAMMA = Focal.parameters()[0]

Part = Callable[[float, float | None], np.ndarray]  # a curve of gamma and alpha, over P or over M


def by_probability(gamma: float, alpha: float | None) -> np.ndarray:
    """The loss over P."""
    return along(Focal(gamma=gamma, alpha=alpha), PROBABILITY, P)[0]


def by_logit(gamma: float, alpha: float | None) -> np.ndarray:
    """The loss over M."""
    return along(Focal(gamma=gamma, alpha=alpha), LOGIT, M)[0]


def pull(gamma: float, alpha: float | None) -> np.ndarray:
    """The size of the gradient over M."""
    return np.abs(along(Focal(gamma=gamma, alpha=alpha), LOGIT, M)[1])


def louder(gamma: float, alpha: float | None) -> np.ndarray:
    """The size of the gradient over M where it exceeds cross-entropy's, else zero."""
    exceeds = log_ratio(Focal(gamma=gamma, alpha=alpha), M) > 0
    return np.where(exceeds, pull(gamma, alpha), 0.0)


def probability_figure(focal: Focal) -> Figure:
    """The loss against pₜ for the paper's five gammas, and for the slider's."""
    data = [line(P, by_probability(gamma, None), *paper(gamma)) for gamma in PAPER]
    moves = _moves(by_probability, focal, first=len(data))
    data += _classes(P, by_probability, focal)
    layout = {
        "xaxis": {"range": [0, 1], "title": {"text": "probability of the true class pₜ"}},
        "yaxis": {"range": [-0.08, 5.0], "title": {"text": "loss in nats"}},
        **LEGEND,
    }
    table = {"pₜ": P} | {f"γ = {gamma:g}": by_probability(gamma, None) for gamma in PAPER}
    table |= {str(focal): by_probability(focal.gamma, focal.alpha)}
    return Figure(data, layout, _alt(focal), HEIGHT, table, _films(moves, focal))


def logit_figure(focal: Focal) -> Figure:
    """Value and size of the gradient over the true logit, shaded where focal pulls harder."""
    value, slope, _ = along(CrossEntropy(), LOGIT, M)
    entropy = {1: value, 2: np.abs(slope)}
    look = stroke(CrossEntropy())
    data = [line(M, y, "Cross-entropy", look, panel=panel) for panel, y in entropy.items()]
    data += [_shade(focal)]
    moves = [Move(2, None, _swept(louder, focal.alpha))]
    for panel, part in ((1, by_logit), (2, pull)):
        moves += _moves(part, focal, first=len(data))
        data += _classes(M, part, focal, panel=panel)
    table = {
        "m": M,
        "cross-entropy": entropy[1],
        "cross-entropy gradient": entropy[2],
        "focal": by_logit(focal.gamma, focal.alpha),
        "focal gradient": pull(focal.gamma, focal.alpha),
    }
    return Figure(data, _logit_layout(), _logit_alt(focal), HEIGHT, table, _films(moves, focal))


def paper(gamma: float) -> tuple[str, Layout]:
    """Name and look of one of the gammas of Lin et al. 2017, Figure 1, alike in all figures."""
    name = "γ = 0: cross-entropy" if gamma == 0 else f"γ = {gamma:g}"
    return name, {"color": "$muted", "width": AID + 0.5, "dash": PAPER[gamma]}


def by_class(focal: Focal) -> list[tuple[str, float, str]]:
    """Name, weight and dash of each class: one curve, or two if alpha tells them apart."""
    if focal.alpha is None:
        return [("Focal", 1.0, "solid")]
    return [
        ("Focal, y = 1 (α)", focal.alpha, "solid"),
        ("Focal, y = 0 (1 − α)", 1 - focal.alpha, "dot"),
    ]


def _classes(x: np.ndarray, part: Part, focal: Focal, *, panel: int = 1) -> list[Trace]:
    look = stroke(Focal(), focus=True)
    return [
        line(x, part(focal.gamma, alpha), name, look | {"dash": dash}, panel=panel)
        for name, alpha, dash in by_class(focal)
    ]


def _moves(part: Part, focal: Focal, first: int) -> list[Move]:
    """The traces of `_classes`, from the first on, at every stop of gamma."""
    return [
        Move(first + place, None, _swept(part, alpha))
        for place, (_, alpha, _) in enumerate(by_class(focal))
    ]


@lru_cache(maxsize=64)
def _swept(part: Part, alpha: float | None) -> np.ndarray:
    """A part at every stop of gamma `(stops, points)`; kept, for every run asks again."""
    return np.array([part(gamma, alpha) for gamma in GAMMA.grid()])


def _films(moves: list[Move], focal: Focal) -> dict[str, Film]:
    return {GAMMA.name: Film(tuple(moves), np.array(GAMMA.grid()), focal.gamma)}


def _shade(focal: Focal) -> Trace:
    color = stroke(Focal())["color"]
    return line(
        M,
        louder(focal.gamma, focal.alpha),
        "pulls harder than cross-entropy",
        {"color": color, "width": 0},
        panel=2,
        fill="tozeroy",
        fillcolor=f"{color}/0.18",
        hoverinfo="skip",
    )


def _logit_layout() -> Layout:
    label = "logit of the true class m = (2y − 1) z"
    nats, size = {"text": "loss in nats"}, {"text": "size of the gradient"}
    return {
        "xaxis": {"range": [LOGIT.low, LOGIT.high], "title": {"text": label}, "anchor": "y2"},
        "yaxis": {"domain": [0.54, 1], "range": [-0.1, 6.0], "title": nats},
        "yaxis2": {"domain": [0, 0.46], "range": [-0.06, 1.6], "title": size},
        **LEGEND,
    }


def _alt(focal: Focal) -> str:
    at = np.array([0.1, 0.5, 0.9])
    values = along(focal, PROBABILITY, at)[0]
    now = ", ".join(f"{v:.3g} at pₜ = {p:g}" for p, v in zip(at, values, strict=True))
    return f"Focal loss against pₜ for gamma 0, 0.5, 1, 2, 5 and {focal.gamma:g}: {now}."


def _logit_alt(focal: Focal) -> str:
    found = emphasis(focal)
    where = " and ".join(f"for pₜ from {low:.4g} to {high:.4g}" for low, high in found.louder)
    peak = "everywhere" if found.constant else f"at pₜ = {found.peak_at:.3g}"
    return (
        "Focal loss and its gradient over the logit of the true class beside cross-entropy. "
        f"Focal pulls harder {where or 'nowhere'}; the largest ratio of their gradients is "
        f"{found.peak:.4g}, {peak}."
    )
