"""Newton's method beside weights that pay their size: each step is exact on a parabola."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.asymmetric import Linex
from losses.fit.frame import Frame
from losses.fit.newton import SILENT
from losses.fit.result import EPS, FLAT, LEAST, STEPS, Optimum
from losses.fit.rows import Rows
from losses.shrink.quadratic import DEPENDENT, Parabola

SHARPER, ROUNDS = 0.1, 15  # how much less each round is blunted; how often
EVEN = 1e-4  # the least bend, as a share of the largest: all rows bend
LEVEL, HALVINGS = 1e-3, 200  # as good as level, relatively; more than are needed
STEEP = 0.1  # of the first slope: what a whole step may leave behind it


@dataclass(frozen=True, eq=False)
class Bending:
    """Rows that bend, in a frame with its ridge, beside weights that pay prices `(k,)` a unit."""

    rows: Rows
    frame: Frame
    prices: Array

    @SILENT
    def best(self, z: Array) -> Optimum:
        """Proximal Newton steps from z (Lee, Sun & Saunders 2014, SIAM J. Optim. 24, p. 1420)."""
        steps = 0
        while True:
            u = self.frame.A @ z - self.rows.level
            certificate = self.unbalanced(z, u)
            if certificate <= FLAT or steps == STEPS:
                return Optimum(z, certificate, steps)
            moved = self._stepped(z, u)
            if (moved == z).all():
                return Optimum(z, certificate, steps)
            z, steps = moved, steps + 1

    def unbalanced(self, z: Array, u: Array) -> float:
        """The share of the pulls that neither cancels nor stays below a price, beyond rounding."""
        rows, frame = self.rows, self.frame
        pull, size = rows.slope(u), np.abs(frame.A)
        noise = frame.grain + 2 * EPS * (size @ np.abs(z))
        blur = np.abs(rows.slope(u + noise) - rows.slope(u - noise)) + EPS * np.abs(pull)
        drawn, summed, rounded = frame.drawn(z)
        slope = pull @ frame.A + drawn
        left = np.abs(slope + self.prices * np.sign(z)) - np.where(z == 0, self.prices, 0.0)
        excess = left - blur @ size - rounded - 4 * EPS * self.prices
        whole = np.abs(pull) @ size + summed + self.prices
        return float(np.max(excess / np.maximum(whole, LEAST), initial=0.0))

    def _stepped(self, z: Array, u: Array) -> Array:
        """z after a step to the lowest place of the parabola in its place, or part of the way."""
        A, ridge, rows = self.frame.A, self.frame.ridge, self.rows
        pull, bend = rows.slope(u), rows.bend(u)
        H, held = (A.T * bend) @ A + ridge.T @ ridge, (z != 0) | (self.prices == 0)
        even = bend.min() > EVEN * bend.max()  # then H has the rank of A
        if not even and not (np.isfinite(H).all() and self._bent(H, held)):
            off = u - rows.center  # too few rows bend: reweigh them all
            bend = np.divide(pull, off, out=np.ones_like(u), where=off != 0)
            H = (A.T * np.maximum(bend, 0.0)) @ A + ridge.T @ ridge
        slope = pull @ A + ridge.T @ (ridge @ z)
        to = Parabola(H, H @ z - slope, self.prices).lowest(z)
        t = self._along(z, u, to - z)
        part: Array = to if t == 1 else z + t * (to - z)
        return part

    def _bent(self, H: Array, held: NDArray[np.bool_]) -> bool:
        """Whether H bends wherever the held weights can move a score."""
        some = np.ix_(held, held)
        whole = self.frame.A.T @ self.frame.A + self.frame.ridge.T @ self.frame.ridge
        return rank_of(H[some]) == rank_of(whole[some])

    def _along(self, z: Array, u: Array, h: Array) -> float:
        """The t of the least objective at z + t h, or 1 if that is little worse."""
        q, drawn = self.frame.A @ h, self.frame.ridge @ h
        still, grown = float((self.frame.ridge @ z) @ drawn), float(drawn @ drawn)

        def slope_and_bend(t: float) -> tuple[float, float]:
            at = u + t * q
            side = np.where(z != 0, np.sign(z + t * h * (1 - EPS)), np.sign(h))  # just before t
            paid = float(self.prices @ (side * h))
            slope = float(q @ self.rows.slope(at)) + still + t * grown + paid
            return slope, float(q @ (q * self.rows.bend(at))) + grown

        first, last = slope_and_bend(0.0)[0], slope_and_bend(1.0)[0]
        if last <= 0 or (last <= STEEP * -first and self._pays(z, u, h)):
            return 1.0
        return _lowest(slope_and_bend, first)

    def _pays(self, z: Array, u: Array, h: Array) -> bool:
        before, after = self.total(z, u), self.total(z + h, u + self.frame.A @ h)
        return after <= before + 8 * EPS * abs(before)

    def total(self, z: Array, u: Array) -> float:
        """The sum of the losses, with what the penalties add to it."""
        stretched = self.frame.ridge @ z
        paid = 0.5 * stretched @ stretched + self.prices @ np.abs(z)
        return float(self.rows.value(u).sum() + paid)


def _lowest(slope_and_bend: Callable[[float], tuple[float, float]], first: float) -> float:
    """A t > 0 where a slope that rises from `first` is nearly zero, or just below a leap over it.

    Newton's method in a bracket, but halves of it on the wall of an exponential.
    """
    low, high, t = 0.0, np.inf, 1.0
    for _ in range(HALVINGS):
        slope, bend = slope_and_bend(t)
        if abs(slope) <= LEVEL * abs(first):
            return t
        low, high = (t, high) if slope < 0 else (low, t)
        if high - low <= LEVEL * low:
            break
        ahead = t - slope / bend if bend > 0 and abs(slope) < 4 * abs(first) else high
        t = ahead if low < ahead < high else ((low + high) / 2 if high < np.inf else 10 * t)
    return low


@SILENT
def blunted(q: float, bending: Bending, z: Array) -> Optimum:
    """|r| to a power between 1 and 2 bends without end at zero: (r² + ρ²)^(q/2), for ρ to zero."""
    rows, A, best, steps = bending.rows, bending.frame.A, Optimum(z, np.inf, 0), 0
    reach = float(np.median(np.abs(A @ z - rows.level))) or 1.0
    for _ in range(ROUNDS):
        softer = _softer(q, rows, reach)
        z, unbalanced, taken, *_ = replace(bending, rows=softer).best(z)
        r, steps = A @ z - rows.level, steps + taken
        value, pull = rows.value(r), softer.slope(r)
        least = (q - 1) * (np.abs(pull) / q) ** (q / (q - 1))
        gap = float((value + least - pull * r).sum() / (bending.total(z, r) or 1.0))
        certificate = max(unbalanced, gap)
        if certificate < best.certificate:
            best = Optimum(z, certificate, steps)
        if certificate <= FLAT:
            break
        reach *= SHARPER
    return best._replace(steps=steps)


@SILENT
def eased(a: float, bending: Bending, z: Array) -> Optimum:
    """Linex from a small a, where it is a parabola, twice as far each time: nothing overflows."""
    rows, frame, steps = bending.rows, bending.frame, 0
    far = float(np.abs(a * (frame.A @ z - rows.level)).max())
    for halved in range(max(0, int(np.ceil(np.log2(max(far, 1.0))))), -1, -1):
        share, flatter = 0.5**halved, Linex(a * 0.5**halved)
        softer = replace(rows, value=flatter.phi, slope=flatter.dphi, bend=flatter.d2phi)
        ridge, prices = frame.ridge * share, bending.prices * share**2
        off = flatter.a * (frame.A @ z - rows.level)
        z = z.copy()
        z[-1] -= (off.max() + np.log(np.exp(off - off.max()).mean())) / flatter.a
        easy = replace(bending, rows=softer, frame=replace(frame, ridge=ridge), prices=prices)
        optimum = easy.best(z)
        z, steps = optimum.z, steps + optimum.steps
    return optimum._replace(steps=steps)


def _softer(q: float, rows: Rows, reach: float) -> Rows:
    def slope(r: Array) -> Array:
        return q * r * np.hypot(r, reach) ** (q - 2)

    def bend(r: Array) -> Array:
        h = np.hypot(r, reach)
        return q * h ** (q - 2) * ((reach / h) ** 2 + (q - 1) * (r / h) ** 2)

    def value(r: Array) -> Array:
        return np.hypot(r, reach) ** q - reach**q

    return replace(rows, value=value, slope=slope, bend=bend)


def rank_of(H: Array) -> int:
    """In how many directions H `(k, k)` bends, beyond rounding."""
    unit = np.sqrt(np.maximum(np.diag(H), LEAST))
    bends = np.linalg.eigvalsh(H / unit / unit[:, None])
    return int((bends > DEPENDENT * len(H) * max(float(bends[-1]), LEAST)).sum())
