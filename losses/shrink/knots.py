"""The path of least squares under L1: its weights are straight lines in λ between knots."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from losses.arrays import Array, Indices
from losses.regression import SquaredError
from losses.shrink.problem import Problem

DEPENDENT = 1e-10  # of a column: what is left of it beside the others
NEGLIGIBLE = 1e-13  # of the strongest λ
EVENTS = 50  # for each column: more than are needed


class Event(NamedTuple):
    """A weight that enters, or leaves, at a λ."""

    lam: float
    column: int
    enters: bool


@dataclass(frozen=True, eq=False)
class Knots:
    """Where a weight enters or leaves: λ `(K,)`, falling, and the weights there `(K, d + 1)`.

    The last λ is where the path ends; between two knots every weight is a straight line in λ.
    `finished` is false where ties stopped the path short of its end.
    """

    lams: Array
    weights: Array
    events: tuple[Event, ...]
    finished: bool = True

    def at(self, lams: Array) -> Array:
        """The weights `(m, d + 1)` at any λ `(m,)` down to the last knot."""
        if (lams < self.lams[-1]).any():
            raise ValueError(f"λ = {lams.min():g} is below the end of the path, {self.lams[-1]:g}")
        columns = [np.interp(lams, self.lams[::-1], w[::-1]) for w in self.weights.T]
        return np.stack(columns, axis=-1)


def knots(features: Array, target: Array, least: float = 0.0) -> Knots:
    """The exact path of mean squared error + λ Σ|w| from its first weight down to a least λ.

    Of columns that say the same, the first is taken. [Efron, Hastie, Johnstone & Tibshirani 2004,
    Annals of Statistics 32, p. 407, with the lasso's modification of section 3.1; Osborne, Presnell
    & Turlach 2000]
    """
    problem = Problem.of(SquaredError(), features, target)
    A = problem.frame.A[:, :-1]
    X = (A - A.mean(axis=0)) / problem.units[:-1]
    y = problem.frame.y - problem.frame.y.mean()
    lams, slopes, events, finished = _Homotopy(X, y).walked(least)
    z = np.zeros((len(lams), A.shape[1] + 1))
    z[:, :-1] = slopes / problem.units[:-1]
    z[:, -1] = problem.frame.y.mean() - z[:, :-1] @ A.mean(axis=0)
    weights = np.array([problem.frame.weights(each) for each in z])
    return Knots(lams, weights, tuple(events), finished)


class _Homotopy:
    """Centered columns X `(n, d)` and target y `(n,)`, and the signs of the weights held."""

    def __init__(self, X: Array, y: Array) -> None:
        self.X, self.y = X, y
        self.size = np.linalg.norm(X, axis=0)
        self.signs = np.zeros(X.shape[1])
        self.shut = np.zeros(X.shape[1], dtype=bool)  # depends on what is held

    def walked(self, least: float) -> tuple[Array, Array, list[Event], bool]:
        """The λ and slopes of all knots, what happens there, and whether the end was reached."""
        n, d = self.X.shape
        slopes = 2 / n * (self.X.T @ self.y)
        noise = 2 / n * 1e-15 * (np.abs(self.X).T @ np.abs(self.y))
        lam = float(np.where(np.abs(slopes) > noise, np.abs(slopes), 0.0).max(initial=0.0))
        end, lams, events = max(least, NEGLIGIBLE * lam), [lam], list[Event]()
        path: list[Array] = [np.zeros(d)]
        if lam <= end:
            return np.array([lam]), np.zeros((1, d)), events, True
        column, enters = int(np.abs(slopes).argmax()), True
        last = self._turned(column, enters, float(np.sign(slopes[column])))
        events.append(Event(lam, column, enters))
        for _ in range(EVENTS * d):
            held = np.flatnonzero(self.signs)
            level, tilt = self._line(held)
            at, column, sign = self._next(held, level, tilt, lam, last)
            if at <= end:
                lams.append(least)
                path.append(self._place(held, level - least * tilt))
                return np.array(lams), np.array(path), events, True
            enters = bool(self.signs[column] == 0)
            place = self._place(held, level - at * tilt)
            turned = self._turned(column, enters, sign)
            if turned is None:
                continue  # what happened last still must not be undone at once
            last = turned
            place[column] = 0.0
            lam = min(at, lam)
            if lam < lams[-1]:
                lams.append(lam)
                path.append(place)
            events.append(Event(lam, column, enters))
        return np.array(lams), np.array(path), events, False

    def _turned(self, column: int, enters: bool, sign: float) -> tuple[int, float] | None:
        """Holds a column or lets it go; None where it depends on those that are held."""
        if not enters:
            was, self.signs[column] = float(self.signs[column]), 0.0
            self.shut[:] = False
            return column, was
        held = np.flatnonzero(self.signs)
        own = self.X[:, column]
        rest = own - self.X[:, held] @ np.linalg.lstsq(self.X[:, held], own, rcond=None)[0]
        if np.linalg.norm(rest) <= DEPENDENT * self.size[column]:
            self.shut[column] = True
            return None
        self.signs[column] = sign
        return column, sign

    def _line(self, held: Indices) -> tuple[Array, Array]:
        """The held weights are level − λ tilt."""
        Q, R = np.linalg.qr(self.X[:, held])
        right = np.linalg.solve(R.T, self.signs[held] * len(self.y) / 2)
        both: Array = np.linalg.solve(R, np.column_stack([Q.T @ self.y, right]))
        return both[:, 0], both[:, 1]

    def _next(
        self, held: Indices, level: Array, tilt: Array, lam: float, last: tuple[int, float] | None
    ) -> tuple[float, int, float]:
        """The next λ at which a weight enters or leaves, its column, and its sign if it enters."""
        n, d = self.X.shape
        pull = 2 / n * (self.X.T @ (self.y - self.X[:, held] @ level))
        tilted = 2 / n * (self.X.T @ (self.X[:, held] @ tilt))
        ways = np.full((3, d), -np.inf)  # enters above zero, enters below, leaves
        with np.errstate(divide="ignore", invalid="ignore"):
            ways[0], ways[1] = pull / (1 - tilted), -pull / (1 + tilted)
            ways[2, held] = level / tilt
        ways[:2, self.shut | (self.signs != 0)] = -np.inf
        if last is not None:
            column, sign = last
            ways[2 if self.signs[column] else (0 if sign > 0 else 1), column] = -np.inf
        ways[~(ways <= lam * (1 + 1e-12))] = -np.inf
        row, at = divmod(int(ways.argmax()), d)
        return float(ways[row, at]), at, 1.0 if row == 0 else -1.0

    def _place(self, held: Indices, values: Array) -> Array:
        place = np.zeros(self.X.shape[1])
        place[held] = values
        return place
