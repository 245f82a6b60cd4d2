"""Newton's method for losses that bend: as far down as rounding lets one see."""

from collections.abc import Callable

import numpy as np

from losses.arrays import Array
from losses.fit.frame import Frame
from losses.fit.result import EPS, FLAT, LEAST, STEPS, Optimum
from losses.fit.rows import Rows

SILENT = np.errstate(over="ignore", invalid="ignore", divide="ignore")  # of steps too far, retaken
Watch = Callable[[Array], None]


@SILENT
def newton(rows: Rows, frame: Frame, z: Array, watch: Watch | None = None) -> Optimum:
    """Newton's method with line searches, which ends after finitely many steps on Huber's parabolas
    and lines (Madsen & Nielsen 1990, BIT 30, p. 682), and where it starts on a single parabola.

    `watch` is shown u after every step, and may raise.
    """
    steps = 0
    while True:
        u = frame.A @ z - rows.level
        if watch is not None and steps:
            watch(u)
        certificate = imbalance(rows, frame, z, u)
        if certificate <= FLAT or steps == STEPS:
            return Optimum(z, certificate, steps)
        h = _step(rows, frame, z, u)
        z, steps = z + _along(rows, frame, z, u, h) * h, steps + 1


def imbalance(rows: Rows, frame: Frame, z: Array, u: Array) -> float:
    """The share of the pulls that does not cancel, in the worst column, beyond rounding."""
    pull, size = rows.slope(u), np.abs(frame.A)
    noise = frame.grain + 2 * EPS * (size @ np.abs(z))
    blur = np.abs(rows.slope(u + noise) - rows.slope(u - noise)) + EPS * np.abs(pull)
    drawn, summed, rounded = frame.drawn(z)
    excess = np.abs(pull @ frame.A + drawn) - blur @ size - rounded
    return float(np.max(excess / np.maximum(np.abs(pull) @ size + summed, LEAST), initial=0.0))


def _step(rows: Rows, frame: Frame, z: Array, u: Array) -> Array:
    """Newton's step, or where too few rows are bent to have one, that of iterated reweighting."""
    A, pull, off = frame.A, rows.slope(u), u - rows.center
    for reweighed in (False, True):
        bend = rows.bend(u)
        if reweighed:
            bend = np.maximum(np.divide(pull, off, out=np.ones_like(u), where=off != 0), 0.0)
        bent = np.vstack([A * np.sqrt(bend)[:, None], frame.ridge])
        R = np.asarray(np.linalg.qr(bent, mode="r"))  # R'R is the Hessian
        unit = np.maximum(np.sqrt((R * R).sum(axis=0)), LEAST)
        _, size, axes = np.linalg.svd(R / unit)
        if size[-1] > FLAT:
            break
    slope = (pull @ A + frame.ridge.T @ (frame.ridge @ z)) / unit
    h: Array = -(axes @ slope / np.maximum(size, FLAT) ** 2) @ axes / unit
    return h


def _along(rows: Rows, frame: Frame, z: Array, u: Array, h: Array) -> float:
    """The t of the least objective at z + t h."""
    q, drawn = frame.A @ h, frame.ridge @ h
    still, grown = float((frame.ridge @ z) @ drawn), float(drawn @ drawn)

    def slope_and_bend(t: float) -> tuple[float, float]:
        slope, bend = float(q @ rows.slope(u + t * q)), float(q @ (q * rows.bend(u + t * q)))
        return slope + still + t * grown, bend + grown

    return length(slope_and_bend, float(q @ rows.slope(u)) + still)


def length(slope_and_bend: Callable[[float], tuple[float, float]], first: float) -> float:
    """The t > 0 where a slope that rises from `first` is zero, by Newton's method in a bracket."""
    low, high, t, flat = 0.0, np.inf, 1.0, 1e-9 * abs(first)
    for _ in range(100):
        slope, bend = slope_and_bend(t)
        if abs(slope) <= flat:
            return t
        low, high = (t, high) if slope < 0 else (low, t)
        last, t = t, min(float(t - slope / bend), 10 * t) if bend > 0 else 10 * t
        t = t if low < t < high else (low + high) / 2
        if abs(t - last) <= 1e-3 * last:
            if abs(slope_and_bend(t)[0]) <= abs(first):
                return t
            high, t = t, (low + t) / 2  # it leapt into the wall of an exponential
    return low
