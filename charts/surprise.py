"""Cross-entropy of both classes against p and the logit, with its pull; and of C classes."""

from functools import lru_cache

import numpy as np

from charts.figure import Figure, Film, Move
from charts.numbers import readable
from charts.style import LEGEND, Layout, Trace, axis, line, stroke
from losses.arrays import Array
from losses.axes import CLASS_LOGIT, LOGIT, PROBABILITY
from losses.curve import along
from losses.multiclass import SoftmaxCrossEntropy
from losses.probabilistic import CrossEntropy
from losses.verdict.surprise import UNITS

HEIGHT = 500
P = np.concatenate([[0.001, 0.0025, 0.005], np.linspace(0, 1, 101)[1:-1], [0.995, 0.9975, 0.999]])
Z = np.linspace(LOGIT.low, LOGIT.high, 121)
READ = np.round(np.linspace(0.01, 0.99, 99), 2)  # where the slider of p stops
CLASSES = ((True, "y = 1", "solid", "circle"), (False, "y = 0", "dash", "diamond"))
MOST = 10  # classes
Parts = tuple[Array, Array, Array]  # value over p, value over z and gradient over z


def surprise_figure(loss: CrossEntropy, p: float, unit: str, keys: dict[str, str]) -> Figure:
    """Left the loss over p, right over the logit with its gradient, each for y = 1 and y = 0.

    `keys` maps "p" and the names of the loss's parameters to the keys of their sliders.
    """
    data: list[Trace] = []
    for positive, name, dash, _ in CLASSES:
        for panel, y in enumerate(_parts(loss, positive, unit), 1):
            look = stroke(loss, focus=True) | {"dash": dash}
            data.append(line(P if panel == 1 else Z, y, name, look, panel=panel) | _axes(panel))
    films = {keys["p"]: _reading(data, loss, p, unit)}
    films |= {
        keys[name]: film
        for name in ("positive_weight", "smoothing")
        if (film := _film(loss, name, unit))
    }
    table = {"p": P} | {
        f"{name}: {unit}": data[3 * k]["y"] for k, (_, name, *_) in enumerate(CLASSES)
    }
    return Figure(data, _layout(unit), _alt(loss, p, unit), HEIGHT, table, films, _narrow())


def classes_figure(classes: int, key: str) -> Figure:
    """Softmax cross-entropy of C classes over the true one's logit, beside the binary one."""
    swept = _of_classes()
    binary = along(CrossEntropy(), LOGIT, Z)
    data: list[Trace] = []
    for panel in (1, 2):
        look = stroke(SoftmaxCrossEntropy(), focus=True)
        y = swept[panel - 1][classes - 2]
        data.append(line(Z, y, "softmax, C classes", look, panel=panel))
    for panel in (1, 2):
        look = {"color": "$ink", "dash": "dash", "width": 2.0}
        data.append(line(Z, binary[panel - 1], "binary cross-entropy", look, panel=panel))
    film = Film(
        (Move(0, None, swept[0]), Move(1, None, swept[1])), np.arange(2.0, MOST + 1), float(classes)
    )
    layout: Layout = {
        **LEGEND,
        "xaxis": axis("logit of the true class, all others at 0", [-6, 6]) | {"anchor": "y2"},
        "yaxis": axis("loss in nats", [-0.2, 8.6]) | {"domain": [0.42, 1]},
        "yaxis2": axis("gradient", [-1.06, 0.06]) | {"domain": [0, 0.36]},
    }
    here, there = swept[0][classes - 2], binary[0]
    gap = readable(float(np.abs(here - there).max()), 3)
    alt = (
        f"Cross-entropy of {classes} classes over the logit of the true class, and of two: values "
        f"differ by at most {gap} nats; at logit 0 they are {here[60]:.4g} and {there[60]:.4g}."
    )
    table = {"z": Z, f"softmax, {classes} classes": here, "binary": there}
    return Figure(data, layout, alt, HEIGHT, table, {key: film})


@lru_cache(maxsize=1)
def _of_classes() -> tuple[Array, Array]:
    """Value and gradient `(numbers of classes, points)`, from two classes on."""
    found = [
        along(SoftmaxCrossEntropy(), CLASS_LOGIT, Z, classes=c)[:2] for c in range(2, MOST + 1)
    ]
    return np.array([value for value, _ in found]), np.array([slope for _, slope in found])


def _parts(loss: CrossEntropy, positive: bool, unit: str) -> Parts:
    factor = UNITS[unit]
    value, _, _ = along(loss, PROBABILITY, P, positive=positive)
    by_logit, slope, _ = along(loss, LOGIT, Z, positive=positive)
    return factor * value, factor * by_logit, factor * slope


def _axes(panel: int) -> dict[str, str]:
    """The value over p stands left; right, value and gradient stand over the logit."""
    return {"xaxis": "x" if panel == 1 else "x2"}


def _reading(data: list[Trace], loss: CrossEntropy, p: float, unit: str) -> Film:
    """Marks where the curves are read, appended to the data, and the film that moves them."""
    moves, factor = [], UNITS[unit]
    z = np.log(READ) - np.log1p(-READ)
    here = int(np.abs(READ - p).argmin())
    for positive, name, _, symbol in CLASSES:
        by_p = factor * along(loss, PROBABILITY, READ, positive=positive)[0]
        slope = factor * along(loss, LOGIT, z, positive=positive)[1]
        for panel, (x, y) in enumerate(((READ, by_p), (z, by_p), (z, slope)), 1):
            moves.append(Move(len(data), x[:, None], y[:, None]))
            marker = {"color": "$ink", "symbol": symbol, "size": 11}
            data.append({
                "type": "scatter", "mode": "markers", "x": x[here : here + 1],
                "y": y[here : here + 1], "name": f"{name}, read", "marker": marker,
                "yaxis": "y" if panel == 1 else f"y{panel}", "showlegend": False,
                "hovertemplate": f"{name}: %{{y:.4g}} at %{{x:.4g}}<extra></extra>", **_axes(panel),
            })  # fmt: skip
    return Film(tuple(moves), READ, p)


def _film(loss: CrossEntropy, name: str, unit: str) -> Film | None:
    """The curves at every stop of a parameter: only those that it moves."""
    parameter = next(one for one in loss.parameters() if one.name == name)
    still = CrossEntropy(**loss.values() | {name: parameter.default})
    moves = tuple(
        Move(3 * place + part, None, frames)
        for place, (positive, *_) in enumerate(CLASSES)
        for part, frames in enumerate(_swept(still, name, positive, unit))
        if (frames != frames[0]).any()
    )
    return Film(moves, np.array(parameter.grid()), getattr(loss, name)) if moves else None


@lru_cache(maxsize=64)
def _swept(loss: CrossEntropy, name: str, positive: bool, unit: str) -> Parts:
    """Every curve at every stop of a parameter `(stops, points)`; kept, for each run asks again."""
    parameter = next(one for one in loss.parameters() if one.name == name)
    tuned = [CrossEntropy(**loss.values() | {name: stop}) for stop in parameter.grid()]
    value, by_logit, slope = zip(*(_parts(one, positive, unit) for one in tuned), strict=True)
    return np.array(value), np.array(by_logit), np.array(slope)


def _layout(unit: str) -> Layout:
    top = UNITS[unit]
    return {
        **LEGEND,
        "xaxis": axis("probability p of class 1", [0, 1]) | {"domain": [0, 0.46], "anchor": "y"},
        "yaxis": axis(f"loss in {unit}", [-0.12 * top, 5 * top]) | {"domain": [0, 1]},
        "xaxis2": axis("logit z = log (p ÷ (1 − p))", [-6, 6])
        | {"domain": [0.56, 1], "anchor": "y3"},
        "yaxis2": axis(f"loss in {unit}", [-0.15 * top, 6.2 * top])
        | {"domain": [0.54, 1], "anchor": "x2"},
        "yaxis3": axis("gradient", [-1.6 * top, 1.6 * top])
        | {"domain": [0, 0.44], "anchor": "x2", "zeroline": True},
    }


def _narrow() -> Layout:
    """On a phone the logit stands below the probability."""
    return {
        "height": 760,
        "xaxis": {"domain": [0, 1]},
        "yaxis": {"domain": [0.66, 1]},
        "xaxis2": {"domain": [0, 1]},
        "yaxis2": {"domain": [0.29, 0.55]},
        "yaxis3": {"domain": [0, 0.24]},
    }


def _alt(loss: CrossEntropy, p: float, unit: str) -> str:
    at = np.array([p])
    said = [
        f"{UNITS[unit] * along(loss, PROBABILITY, at, positive=positive)[0][0]:.4g} if {name}"
        for positive, name, *_ in CLASSES
    ]
    return f"{loss} in {unit} over p and over the logit. At p = {p:g} it costs {', '.join(said)}."
