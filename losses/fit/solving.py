"""The linear model that a loss asks for: which solver finds it, and how sure it then is."""

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch

import numpy as np

from losses.arrays import Array
from losses.asymmetric import Expectile, Linex, Quantile
from losses.base import Loss
from losses.fit.classes import fit_classes
from losses.fit.corners import Corners
from losses.fit.fading import fading
from losses.fit.frame import Frame
from losses.fit.newton import newton
from losses.fit.result import Fit, Optimum
from losses.fit.rows import Rows
from losses.fit.several import best_of_several
from losses.fit.smoothing import Program, cornered, powered, straight
from losses.hinges import Hinge, Perceptron, SmoothHinge, SquaredHinge
from losses.margin import Exponential, Logistic, ModifiedHuber, Savage, Tangent
from losses.multiclass import SoftmaxCrossEntropy
from losses.probabilistic import Brier, CrossEntropy, Focal
from losses.redescending import Barron, Cauchy, GemanMcclure, TukeyBiweight, Welsch
from losses.regression import (
    AbsoluteError,
    Huber,
    LogCosh,
    PseudoHuber,
    SmoothL1,
    SquaredError,
)
from losses.shaped import EpsilonInsensitive, Power, ReverseHuber, SquaredEpsilonInsensitive


def fit(loss: Loss, features: Array, target: Array, lam: float = 0.0) -> Fit:
    """The linear model of least mean loss, plus λ Σ w² of its slopes, on features `(n, d)`.

    The target `(n,)` is what the loss takes: numbers, 0 and 1, -1 and +1, or class indices. Raises
    ValueError for a loss without an exact solver and for data that do not fit, and Separable where
    no finite weights are best.
    """
    frame = Frame.of(features, target, lam, leveled=loss.family == "residual")
    bad = np.flatnonzero(loss.misfits(np.asarray(target, dtype=float)))
    if bad.size:
        found = float(target[bad[0]])
        raise ValueError(f"target[{bad[0]}] = {found:g}, but {loss.slug} needs {loss.needs}")
    if isinstance(loss, SoftmaxCrossEntropy):
        return fit_classes(loss, frame)
    return frame.fit(loss, solve(loss, frame))


def huber_path(features: Array, target: Array, deltas: Iterable[float]) -> tuple[Fit, ...]:
    """Huber's fits at many deltas, in their order; each starts from that of the next larger one."""
    frame, order = Frame.of(features, target), list(deltas)
    fits, z = dict[float, Fit](), None
    for delta in sorted(set(order), reverse=True):
        loss = Huber(delta)
        start = _start(loss, frame) if z is None else z
        optimum = newton(Rows.of(loss, frame.y), frame, start)
        fits[delta], z = frame.fit(loss, optimum), optimum.z
    return tuple(fits[delta] for delta in order)


def exact(kind: type[Loss]) -> bool:
    """Whether the losses of a class have an exact solver."""
    registered = solve.dispatch(kind) is not solve.dispatch(object)
    return registered or issubclass(kind, SoftmaxCrossEntropy)


@singledispatch
def solve(loss: Loss, frame: Frame) -> Optimum:
    """The optimum in a frame; each class of losses with an exact solver is registered once."""
    raise ValueError(f"{loss.name} has no exact linear fit: let an optimizer descend instead")


@solve.register
def _(loss: SquaredError | Huber | SmoothL1 | PseudoHuber | LogCosh, frame: Frame) -> Optimum:
    return newton(Rows.of(loss, frame.y), frame, _start(loss, frame))


@solve.register
def _(loss: Expectile | SquaredEpsilonInsensitive, frame: Frame) -> Optimum:
    return newton(Rows.of(loss, frame.y), frame, _start(loss, frame))


@solve.register
def _(loss: Linex, frame: Frame) -> Optimum:
    """From a small a, where it is a parabola, twice as far each time: no exponential overflows."""
    z, steps, flat = frame.squares, 0, frame.flat
    far = float(np.abs(loss.a * (frame.A @ z - frame.y)).max())
    doublings = max(0, int(np.ceil(np.log2(max(far, 1.0)))))
    for halved in range(doublings, -1, -1):
        a, eased = loss.a / 2**halved, replace(frame, ridge=frame.ridge / 2**halved)
        if a:
            off = a * (frame.A @ z - frame.y)
            z = z - (off.max() + np.log(np.exp(off - off.max()).mean())) / a * flat
        optimum = newton(Rows.of(Linex(a), frame.y), eased, z)
        z, steps = optimum.z, steps + optimum.steps
    return optimum._replace(steps=steps)


@solve.register
def _(loss: Power, frame: Frame) -> Optimum:
    if loss.q == 1:
        return _cornered(loss, frame)
    rows = Rows.of(loss, frame.y)
    if loss.q < 2:
        return powered(loss.q, rows, frame, frame.squares)
    return newton(rows, frame, frame.squares)


@solve.register
def _(loss: Barron, frame: Frame) -> Optimum:
    if not loss.convex:
        return best_of_several(loss, frame)
    return newton(Rows.of(loss, frame.y), frame, frame.squares)


@solve.register
def _(loss: Cauchy | GemanMcclure | Welsch | TukeyBiweight | Tangent, frame: Frame) -> Optimum:
    return best_of_several(loss, frame)


@solve.register
def _(loss: AbsoluteError | Quantile | EpsilonInsensitive | Hinge, frame: Frame) -> Optimum:
    return _cornered(loss, frame)


@solve.register
def _(loss: ReverseHuber, frame: Frame) -> Optimum:
    return cornered(reversed_huber(loss, frame), frame.squares)


@solve.register
def _(loss: Perceptron, frame: Frame) -> Optimum:
    note = "weights of zero cost nothing: this loss asks for no more"
    return Optimum(np.zeros(frame.A.shape[1]), 0.0, 0, True, note)


@solve.register
def _(loss: SquaredHinge | SmoothHinge | ModifiedHuber, frame: Frame) -> Optimum:
    return newton(Rows.of(loss, frame.y), frame, frame.squares)


@solve.register
def _(loss: Logistic | Exponential | Savage, frame: Frame) -> Optimum:
    return fading(loss, frame)


@solve.register
def _(loss: CrossEntropy | Focal | Brier, frame: Frame) -> Optimum:
    if isinstance(loss, CrossEntropy) and loss.smoothing:
        return newton(Rows.of(loss, frame.y), frame, np.zeros(frame.A.shape[1]))
    return fading(loss, frame)


def reversed_huber(loss: ReverseHuber, frame: Frame) -> Program:
    """The absolute error, and a parabola beyond c."""
    c, one = loss.c, np.ones_like(frame.y)
    bent = Rows(
        frame.y,
        0 * frame.y,
        lambda r: np.maximum(np.abs(r) - c, 0.0) ** 2 / (2 * c),
        lambda r: np.sign(r) * np.maximum(np.abs(r) / c - 1, 0.0),
        lambda r: (np.abs(r) > c) / c,
    )
    return Program(bent, Corners(frame.A, frame.y, frame.grain, -one, one), frame)


def _cornered(loss: Loss, frame: Frame) -> Optimum:
    corners = Corners.of(loss, frame.A, frame.y, frame.grain)
    assert corners is not None
    return straight(corners, frame)


def _start(loss: Loss, frame: Frame) -> Array:
    """Least squares, or least absolute deviations where that leaves few rows on the parabola."""
    z, (n, k) = frame.squares, frame.A.shape
    bent = loss.curvature(frame.y, frame.A @ z).sum() / loss.steepest
    if bent >= min(n, max(0.02 * n, 3 * k)):
        return z
    return solve(AbsoluteError(), frame).z
