"""Rows with corners beside weights that pay: the rows are rounded ever less, the prices never."""

from dataclasses import replace

import numpy as np

from losses.arrays import Array
from losses.fit.corners import Corners
from losses.fit.frame import Frame
from losses.fit.newton import SILENT
from losses.fit.result import FLAT, Optimum
from losses.fit.rows import Rows
from losses.fit.smoothing import ROUNDS, SHARPER, Program, settled
from losses.shrink.bending import Bending


@SILENT
def half_rounded(program: Program, prices: Array, z: Array, sharp: float = 1.0) -> Optimum:
    """The best z of a program whose coordinates pay prices `(k,)`.

    Columns that depend on others do not stop it: of weights that tie, the prices choose exactly.
    From a z that is nearly best, the first round may be `sharp`, a share of the usual one.
    """
    rows, whole = program.corners, priced(program, prices)
    best, steps = Optimum(z, np.inf, 0), 0
    size = np.abs(rows.residuals(z))
    reach = sharp * (float(np.median(size)) or float(size.mean()) or 1.0)
    for _ in range(ROUNDS):
        softer, frame = _rounded(program, reach)
        found = Bending(softer, frame, prices).best(z)
        z, steps = found.z, steps + found.steps
        pull = softer.slope(frame.A @ z - softer.level)
        left = -(pull @ frame.A + frame.ridge.T @ (frame.ridge @ z))
        paid = np.where(z == 0, np.clip(left, -prices, prices), prices * np.sign(z))[prices > 0]
        tried = settled(whole, np.append(pull[len(program.frame.A) :], paid), z)
        certificate = whole.certificate(*tried)
        if certificate < best.certificate:
            best = Optimum(tried[1], certificate, steps)
        if certificate <= FLAT:
            break
        reach *= SHARPER
    return best._replace(steps=steps)


def with_prices(corners: Corners, prices: Array) -> Corners:
    """The corners, and one more for each coordinate that pays, at zero."""
    paying = np.flatnonzero(prices)
    A, price, none = np.eye(len(prices))[paying], prices[paying], np.zeros(len(paying))
    return Corners(
        np.vstack([corners.A, A]),
        np.append(corners.y, none),
        np.append(corners.grain, none),
        np.append(corners.low, -price),
        np.append(corners.high, price),
    )


def priced(program: Program, prices: Array) -> Program:
    """The program, with the prices among its corners."""
    return replace(program, corners=with_prices(program.corners, prices))


def _rounded(program: Program, reach: float) -> tuple[Rows, Frame]:
    """The rows with parabolas in their corners, and what they cost."""
    rows, frame = program.rounded(reach)
    corners, bent, n = program.corners, program.bent, len(program.frame.A)

    def value(u: Array) -> Array:
        inside = np.clip(u[n:] / reach, corners.low, corners.high)
        return np.concatenate([bent.value(u[:n]), inside * (u[n:] - 0.5 * reach * inside)])

    return replace(rows, value=value), frame
