"""Corners beside something that bends, from a fit that is near: rows are met and left again."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array, Indices
from losses.fit.newton import SILENT
from losses.fit.result import EPS, FLAT, LEAST, Optimum
from losses.fit.smoothing import Program

MOST = 200  # exchanges: a start that needs more is not near
BEYOND = 1e-13  # of the turn of a corner: a pull so far outside is only rounding

Flags = NDArray[np.bool_]


class Stop(NamedTuple):
    """Where a step ends, as a share of it: the rows passed on the way, and the one met there."""

    t: float
    passed: Indices
    met: int | None


@dataclass(frozen=True, eq=False)
class Face:
    """Which rows are met, and which of the others lie above: the sum is one parabola there."""

    program: Program
    met: Flags
    above: Flags

    @property
    def pull(self) -> Array:
        """What the corners pull, those that are met left out."""
        corners = self.program.corners
        return np.where(self.met, 0.0, np.where(self.above, corners.high, corners.low))

    def step(self, z: Array) -> tuple[Array, Array]:
        """To the lowest place where the rows met stay met, and the pulls of all rows there.

        Raises LinAlgError where there is no one lowest place.
        """
        corners, inside, pull = self.program.corners, np.flatnonzero(self.met), self.pull
        k, B = len(z), corners.A[inside]
        if len(inside) > k:
            raise np.linalg.LinAlgError("more rows are met than there are weights")
        system = np.zeros((k + len(inside), k + len(inside)))
        system[:k, :k], system[:k, k:], system[k:, :k] = self.program.hessian(z), B.T, B
        unit = np.sqrt(np.maximum(np.abs(system).max(axis=1), LEAST))
        down = -(self.program.slopes(z) + pull @ corners.A)
        right = np.concatenate([down, corners.y[inside] - B @ z])
        found = np.linalg.solve(system / unit / unit[:, None], right / unit) / unit
        if not np.isfinite(found).all():
            raise np.linalg.LinAlgError("a step without an end")
        pull[inside] = found[k:]
        return found[:k], pull

    def along(self, z: Array, step: Array) -> Stop:
        """The lowest place of the way to z + step: corners are passed as long as that pays."""
        corners = self.program.corners
        q, r = corners.A @ step, corners.A @ z - corners.y
        q[self.met | (np.abs(q) <= 8 * EPS * (np.abs(corners.A) @ np.abs(step)))] = 0.0
        ahead = np.flatnonzero(np.where(self.above, -q, q) > 0)
        far = np.maximum(np.where(self.above, r, -r)[ahead], 0.0) / np.abs(q[ahead])
        order = np.argsort(far, kind="stable")
        ahead, far = ahead[order], far[order]
        ahead, far = ahead[far < 1], far[far < 1]
        first = float((self.program.slopes(z) + self.pull @ corners.A) @ step)
        bend = float(step @ self.program.hessian(z) @ step)
        turned = first + np.cumsum((corners.high - corners.low)[ahead] * np.abs(q[ahead]))
        rises = np.flatnonzero(turned + far * bend >= 0)
        count = int(rises[0]) if rises.size else len(ahead)
        slope = float(turned[count - 1]) if count else first
        if rises.size and (not count or slope + far[count] * bend < 0):
            return Stop(float(far[count]), ahead[:count], int(ahead[count]))
        return Stop(min(1.0, -slope / bend) if count and bend > 0 else 1.0, ahead[:count], None)

    def moved(self, stop: Stop) -> "Face":
        """The face behind a stop."""
        met, above = self.met.copy(), self.above.copy()
        above[stop.passed] ^= True
        if stop.met is not None:
            met[stop.met] = True
        return replace(self, met=met, above=above)

    def released(self, pull: Array, single: bool) -> "Face":
        """Without the rows met whose pulls are beyond their corners, or the worst alone."""
        corners = self.program.corners
        high, low = pull - corners.high, corners.low - pull
        beyond = np.maximum(high, low) / np.maximum(corners.high - corners.low, LEAST)
        beyond = np.where(self.met, beyond, 0.0)
        out = beyond > (max(BEYOND, float(beyond.max()) * (1 - EPS)) if single else BEYOND)
        return replace(self, met=self.met & ~out, above=np.where(out, high > 0, self.above))


@SILENT
def exchanged(program: Program, z: Array) -> Optimum:
    """An active-set method (Nocedal & Wright 2006, algorithm 16.3), whose steps pass corners.

    Each step is exact, so that from a z at a similar λ few are needed. Its certificate is infinite
    where rows tie, or too many change.
    """
    corners, lost = program.corners, Optimum(z, np.inf, 0)
    r, single = corners.residuals(z), False
    face = Face(program, r == 0, r > 0)
    for count in range(1, MOST + 1):
        try:
            step, pull = face.step(z)
        except np.linalg.LinAlgError:
            return lost._replace(steps=count)
        stop = face.along(z, step)
        z, face = z + stop.t * step, face.moved(stop)
        single = single or stop.t == 0  # several at once may be in each other's way
        if stop.met is not None or stop.t < 1:
            continue
        after = face.released(pull, single)
        if (after.met == face.met).all():
            held = np.clip(pull, corners.low, corners.high)
            certificate = program.certificate(held, z)
            if certificate <= FLAT or not len(program.frame.A):
                return Optimum(z, certificate, count)
        face = after
    return lost._replace(steps=MOST)
