"""Losses that fall for ever as a margin grows: finite weights are best only if classes overlap."""

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.fit.frame import Frame
from losses.fit.newton import newton
from losses.fit.result import Optimum, Separable
from losses.fit.rows import Rows
from losses.fit.separation import overlap_is_proven, separating
from losses.fit.several import best_of_several


def fading(loss: Loss, frame: Frame) -> Optimum:
    """For losses that fall for ever as a margin grows: finite only if the classes overlap."""
    rows, nothing = Rows.of(loss, frame.y), np.zeros(frame.A.shape[1])
    drawn = loss.gradient(frame.y, np.zeros_like(frame.y))
    counted, sign = drawn != 0, -np.sign(drawn)
    signed = (frame.A * sign[:, None])[counted]
    if not counted.any():
        return Optimum(nothing, 0.0, 0, True, "no row costs anything: all have a weight of zero")
    if np.ptp(sign[counted]) == 0:
        raise Separable(frame.weights(frame.flat * sign[counted][0]), True)

    def watch(score: Array) -> None:
        if not frame.penalized and (score * sign)[counted].min() > 0:
            direction = np.linalg.lstsq(frame.A, score, rcond=None)[0]
            raise Separable(frame.weights(direction), True)

    if loss.convex:
        optimum = newton(rows, frame, nothing, watch)
        pull = np.abs(rows.slope(frame.A @ optimum.z))[counted]
        if frame.penalized or overlap_is_proven(signed, pull):
            return optimum
    if not frame.penalized:
        found = separating(signed)
        if found is not None:
            raise Separable(frame.weights(found[0]), found[1])
    return optimum if loss.convex else best_of_several(loss, frame)
