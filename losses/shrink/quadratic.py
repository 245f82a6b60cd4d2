"""A parabola in many weights, some of which pay their size: its lowest place, with exact zeros."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.fit.result import EPS, LEAST

DEPENDENT = 1e-13  # of the largest bend: a bend below it is none
CLEARLY = 1e-8  # of a column: what it bends beside the others, if it does beyond all doubt
TURNS = 20  # for each weight: more than are needed


@dataclass(frozen=True, eq=False)
class Parabola:
    """½ x'Hx − b'x + Σ c|x|, for H `(k, k)` that bends nowhere down, b `(k,)` and c ≥ 0 `(k,)`."""

    H: Array
    b: Array
    c: Array

    def value(self, x: Array) -> float:
        return float(x @ (0.5 * (self.H @ x) - self.b) + self.c @ np.abs(x))

    def lowest(self, x: Array) -> Array:
        """The lowest place, by feature-sign search from x: weights enter one at a time, and leave
        where they would change sign (Lee, Battle, Raina & Ng 2006, NeurIPS 19, p. 801)."""
        x, signs = x.copy(), np.sign(x)
        for _ in range(TURNS * len(x)):
            held = np.flatnonzero((signs != 0) | (self.c == 0))
            x, settled = self._moved(x, signs, held)
            signs = np.sign(x)
            if not settled:
                continue
            slope = self.H @ x - self.b
            noise = 8 * EPS * (np.abs(self.H) @ np.abs(x) + np.abs(self.b) + self.c)
            beyond = np.where((signs == 0) & (self.c > 0), np.abs(slope) - self.c - noise, 0.0)
            enters = int(np.argmax(beyond / np.sqrt(np.maximum(np.diag(self.H), LEAST))))
            if beyond[enters] <= 0:
                break
            signs[enters] = -np.sign(slope[enters])
        return x

    def _moved(self, x: Array, signs: Array, held: Indices) -> tuple[Array, bool]:
        """The lowest place on the way to where the held weights would settle with these signs."""
        if not held.size:
            return x, True
        step, endless = self._step(x, signs, held)
        old = x[held]
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.where((step * signs[held] < 0) & (self.c[held] > 0), -old / step, np.inf)
        crossed = np.unique(at[(at >= 0) & (at < (np.inf if endless else 1.0))])
        places = [] if endless else [self._at(x, held, old + step)]
        places += [self._at(x, held, np.where(at == t, 0.0, old + t * step)) for t in crossed]
        if not places:
            return x, True
        if not crossed.size:
            return places[0], True
        best = min(range(len(places)), key=lambda k: self.value(places[k]))
        stuck = bool((places[best] == x).all())
        return places[best], stuck

    def _at(self, x: Array, held: Indices, values: Array) -> Array:
        place = x.copy()
        place[held] = values
        return place

    def _step(self, x: Array, signs: Array, held: Indices) -> tuple[Array, bool]:
        """Newton's step with the signs held; where nothing bends, a way down without an end."""
        H = self.H[np.ix_(held, held)]
        unit = np.sqrt(np.maximum(np.diag(H), LEAST))
        left = (self.b - self.c * signs)[held] - self.H[held] @ x
        scaled = H / unit / unit[:, None]
        if _bends_everywhere(scaled):
            return np.linalg.solve(scaled, left / unit) / unit, False
        bends, axes = np.linalg.eigh(scaled)
        bent = bends > DEPENDENT * len(held) * max(float(bends[-1]), LEAST)
        along = axes.T @ (left / unit)
        loose = np.where(bent, 0.0, along)
        size = np.abs(left) + np.abs(self.b[held]) + self.c[held]
        if np.abs(loose).max() > 1e-9 * np.linalg.norm(size / unit):
            return (axes @ loose) / unit, True
        return (axes @ np.where(bent, along / np.where(bent, bends, 1.0), 0.0)) / unit, False


def _bends_everywhere(scaled: Array) -> bool:
    """Whether H with a diagonal of ones bends in every direction, by much more than rounding."""
    try:
        pivots = np.diag(np.linalg.cholesky(scaled))
    except np.linalg.LinAlgError:
        return False
    return bool((pivots**2 > CLEARLY).all())
