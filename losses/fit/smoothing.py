"""Losses with corners beside something that bends: rounded ever less, until the corners show."""

from dataclasses import dataclass, replace

import numpy as np

from losses.arrays import Array, Indices
from losses.fit.corners import Corners
from losses.fit.frame import Frame
from losses.fit.newton import SILENT, newton
from losses.fit.result import FLAT, LEAST, Optimum
from losses.fit.rows import Rows
from losses.fit.vertex import vertex

SHARPER, ROUNDS = 0.1, 15  # how much less each round is rounded; how often
COARSE = 1e-6  # of a typical target: residuals below it may be rounding
SETTLED = 20  # Newton steps between corners: more than are needed


@dataclass(frozen=True, eq=False)
class Program:
    """Rows that bend `(n,)` plus rows with corners `(m,)`, in one frame with its penalty."""

    bent: Rows
    corners: Corners
    frame: Frame

    def slopes(self, z: Array) -> Array:
        """What the bent rows and the penalty pull at each column, `(k,)`."""
        pull = self.bent.slope(self.frame.A @ z - self.bent.level)
        slopes: Array = pull @ self.frame.A + self.frame.ridge.T @ (self.frame.ridge @ z)
        return slopes

    def hessian(self, z: Array) -> Array:
        bend = self.bent.bend(self.frame.A @ z - self.bent.level)
        bowed: Array = (self.frame.A.T * bend) @ self.frame.A
        return bowed + self.frame.ridge.T @ self.frame.ridge

    def rounded(self, reach: float) -> tuple[Rows, Frame]:
        """All rows in one stack, with parabolas in the corners up to where their slopes meet."""
        corners, bent, n = self.corners, self.bent, len(self.frame.A)

        def slope(u: Array) -> Array:
            inside = np.clip(u[n:] / reach, corners.low, corners.high)
            return np.concatenate([bent.slope(u[:n]), inside])

        def bend(u: Array) -> Array:
            inside = (u[n:] > corners.low * reach) & (u[n:] < corners.high * reach)
            return np.concatenate([bent.bend(u[:n]), inside / reach])

        level = np.concatenate([bent.level, corners.y])
        A = np.vstack([self.frame.A, corners.A])
        grain = np.concatenate([self.frame.grain, corners.grain])
        # a row stands for itself and its corner: the value is never asked for
        rows = Rows(level, np.zeros_like(level), np.abs, slope, bend)
        return rows, replace(self.frame, A=A, y=level, grain=grain)

    def certificate(self, pull: Array, z: Array) -> float:
        """Pulls that cancel with what the bent rows pull bound every cost from below."""
        frame, corners = self.frame, self.corners
        r, u = corners.residuals(z), frame.A @ z - self.bent.level
        value = corners.values(r)
        stretched = frame.ridge @ z
        whole = value.sum() + self.bent.value(u).sum() + 0.5 * stretched @ stretched
        share = (value - pull * r).sum() / (whole or 1.0)
        _, summed, rounded = frame.drawn(z)
        strongest = np.maximum(corners.high, -corners.low)  # of rows all met, no pull need be left
        pulls = strongest @ np.abs(corners.A) + np.abs(self.bent.slope(u)) @ np.abs(frame.A)
        left = np.abs(self.slopes(z) + pull @ corners.A) - rounded
        return float(max(share, np.max(left / np.maximum(pulls + summed, LEAST), initial=0.0)))


@SILENT
def cornered(program: Program, z: Array, sharp: float = 1.0) -> Optimum:
    """Rounds corners ever less (Madsen & Nielsen 1993, SIAM J. Optim. 3, p. 223), and after each
    round tries whether the rows then inside a corner are the ones that the best fit meets.

    From a z that is nearly best, the first round may be `sharp`, a share of the usual one.
    """
    corners, best, steps = program.corners, Optimum(z, np.inf, 0), 0
    n, reach = len(program.frame.A), sharp * _reach(corners.residuals(z), corners.y)
    for _ in range(ROUNDS):
        rows, frame = program.rounded(reach)
        z, _, taken, *_ = newton(rows, frame, z)
        steps += taken
        pull = rows.slope(frame.A @ z - rows.level)[n:]
        tried = settled(program, pull, z)
        certificate = program.certificate(*tried)
        if certificate < best.certificate:
            best = Optimum(tried[1], certificate, steps)
        if certificate <= FLAT:
            break
        reach *= SHARPER
    return best._replace(steps=steps)


def straight(corners: Corners, frame: Frame) -> Optimum:
    """Corners alone: a vertex is best, or with a penalty a place that meets fewer rows."""
    start, best = frame.squares, None
    if not frame.penalized:
        found = vertex(corners)
        start, best = found.z, Optimum(found.z, found.gap, found.steps)
        if found.gap <= FLAT:
            return best
    none = np.zeros(0)
    nothing = Rows(none, none, np.zeros_like, np.zeros_like, np.zeros_like)
    empty = replace(frame, A=frame.A[:0], y=none, grain=none)
    rounded = cornered(Program(nothing, corners, empty), start)  # ties may stop an exchange short
    return rounded if best is None or rounded.certificate < best.certificate else best


def _reach(r: Array, y: Array) -> float:
    """Where rounding starts: at the size of a typical residual, if that is not mere rounding."""
    size = float(np.median(np.abs(r)) or np.abs(r).mean())
    return max(size, COARSE * float(np.abs(y).mean())) or 1.0


def settled(program: Program, pull: Array, z: Array) -> tuple[Array, Array]:
    """The pulls and the z if the rows inside a corner are met, and those that z meets already."""
    corners, k = program.corners, len(z)
    met = (corners.residuals(z) == 0) | (pull > corners.low) & (pull < corners.high)
    inside = np.flatnonzero(met)
    B, y = corners.A[inside], corners.y[inside]
    held = np.delete(pull, inside) @ np.delete(corners.A, inside, axis=0)
    _, size, axes = np.linalg.svd(np.vstack([B, np.zeros((k, k))]), full_matrices=False)
    free = axes[(size > FLAT * size.max(initial=0.0)).sum() :].T  # what leaves all of them met
    for _ in range(SETTLED):
        onto = np.linalg.lstsq(B, y - B @ z, rcond=None)[0]
        H, slopes = program.hessian(z), program.slopes(z) + held
        left = free.T @ (slopes + H @ onto)
        step = onto - free @ np.linalg.lstsq(free.T @ H @ free, left, rcond=None)[0]
        z = z + step
        if np.abs(step).max(initial=0.0) <= FLAT * np.abs(z).max(initial=0.0):
            break
    return _balanced(program, pull, inside, z), z


def _balanced(program: Program, pull: Array, inside: Indices, z: Array) -> Array:
    """The pulls, those inside corners changed by as little as makes all of them cancel."""
    corners, pull = program.corners, pull.copy()
    left = program.slopes(z) + pull @ corners.A
    change = np.linalg.lstsq(corners.A[inside].T, -left, rcond=None)[0]
    changed = pull[inside] + change
    pull[inside] = np.clip(changed, corners.low[inside], corners.high[inside])
    return pull


@SILENT
def powered(q: float, rows: Rows, frame: Frame, z: Array) -> Optimum:
    """|r| to a power between 1 and 2 bends without end at zero: (r² + ρ²)^(q/2), for ρ to zero."""
    best, steps, reach = Optimum(z, np.inf, 0), 0, _reach(frame.A @ z - rows.level, rows.level)
    for _ in range(ROUNDS):
        blunted = _blunted(q, rows, reach)
        z, unbalanced, taken, *_ = newton(blunted, frame, z)
        r, steps = frame.A @ z - rows.level, steps + taken
        gap = _powered_gap(q, rows.value(r), r, blunted.slope(r), frame.ridge @ z)
        certificate = max(unbalanced, gap)
        if certificate < best.certificate:
            best = Optimum(z, certificate, steps)
        if certificate <= FLAT:
            break
        reach *= SHARPER
    return best._replace(steps=steps)


def _powered_gap(q: float, value: Array, r: Array, pull: Array, stretched: Array) -> float:
    """The share by which pulls that cancel let the sum fall at most: |r|^q and its conjugate."""
    least = (q - 1) * (np.abs(pull) / q) ** (q / (q - 1))
    whole = value.sum() + 0.5 * stretched @ stretched
    return float((value + least - pull * r).sum() / (whole or 1.0))


def _blunted(q: float, rows: Rows, reach: float) -> Rows:
    def slope(r: Array) -> Array:
        return q * r * np.hypot(r, reach) ** (q - 2)

    def bend(r: Array) -> Array:
        h = np.hypot(r, reach)
        return q * h ** (q - 2) * ((reach / h) ** 2 + (q - 1) * (r / h) ** 2)

    return replace(rows, slope=slope, bend=bend)
