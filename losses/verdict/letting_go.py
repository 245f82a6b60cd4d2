"""Letting go: one row moves away, and each loss follows it, settles, or comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.data import DataError, Dataset
from losses.fit.moving import Moves
from losses.verdict.leverage import distances_of, middle_row

BEYOND, FARTHEST = 40, 1e5  # distances tried beyond those shown, up to so many times as far
ROUNDING = 1e-9  # of the largest displacement of all
FEWEST = 3  # rows: two without the one that moves
SETTLED = 0.01  # of where it ends: the line has stopped
GROWING = 2.0  # times as far at the last distance as at a hundredth of it: it never stops
ZOOMS, FINER = 3, 9  # how often, and by how much, the place of an event is looked at more closely
CLOSE, APART = 1 / 3, 0.5  # of the distances and of the gaps shown: less does not tell much

End = Literal["never", "settles", "comes back"]


@dataclass(frozen=True, eq=False)
class LettingGo:
    """How the line of each loss follows one row that moves by distances `(k,)` from its place.

    The displacement `(losses, k)` is that of the prediction at the place x where the row stands
    before it moves, against the fit without the row: times the number of rows, Tukey's sensitivity
    curve. The lines themselves have the weights `(losses, k, 2)`, slope then bias. `limit`
    `(losses,)` is where the displacement ends, infinite if it never does. A line that comes back
    has the critical distance of its largest displacement, upwards if the row moves up and draws it
    up at all; one that settles, that from which on it stays within 1 % of its limit; one that never
    lets go has none, which is infinite.
    """

    data: Dataset
    losses: tuple[Loss, ...]
    row: int
    sideways: bool
    distances: Array
    displacement: Array
    weights: Array
    ends: tuple[End, ...]
    limit: Array
    critical: Array
    certain: tuple[bool, ...]

    @property
    def place(self) -> float:
        """Where the row stands before it moves: there the displacement is measured."""
        return float(self.data.features[self.row, 0])

    @property
    def telling(self) -> float:
        """The first distance shown that tells the losses apart: the row is well away, all have let
        go that do so within those shown, and the lines, with that of the data without the row, lie
        half as far apart as they ever will from there on."""
        d = self.distances
        inside = self.critical[self.critical <= d[-1]]
        first = max(CLOSE * float(d[-1]), float(inside.max(initial=0.0)))
        later = d >= first
        gaps = np.ptp(np.vstack([self.displacement, np.zeros(len(d))])[:, later], axis=0)
        return float(d[later][np.argmax(gaps >= APART * gaps.max())])

    def follows(self, i: int) -> bool:
        """Whether a line moves at all with the row, beyond rounding."""
        far = self.displacement
        if self.ends[i] == "settles" and not self.critical[i]:
            return False
        return bool(np.ptp(far[i]) > ROUNDING * np.abs(far).max())

    def off(self, i: int) -> float:
        """How far a line that settles ends from that without the row; 0 if only by rounding."""
        limit = float(self.limit[i])
        return limit if abs(limit) > ROUNDING * float(np.abs(self.displacement).max()) else 0.0


def let_go(
    data: Dataset,
    losses: Sequence[Loss],
    *,
    row: int | None = None,
    sideways: bool = False,
    distances: ArrayLike | None = None,
) -> LettingGo:
    """Exact fits of a line while one row moves up, or sideways, from its place.

    The row counts from 0; without one it is the `middle_row`. Raises DataError
    unless the data have three rows, one feature and a target that is a number.
    """
    if data.task != "regression" or data.role != "features" or len(data.columns) != 1:
        raise DataError(f"{data.name}: letting go needs one feature and a target that is a number")
    if len(data) < FEWEST:
        raise DataError(
            f"{data.name}: {len(data)} rows; a line to be pulled needs {FEWEST} or more"
        )
    row = middle_row(data) if row is None else row
    shown = np.asarray(
        distances_of(data, losses, row, sideways) if distances is None else distances, float
    )
    if not shown.size or not (np.diff(shown, prepend=0.0) >= 0).all() or shown[-1] <= 0:
        raise DataError("distances must not be negative and must rise")
    path = _Path(data.features, data.target, row, sideways)
    found = [path.followed(loss, shown) for loss in losses]
    displacement, weights, ends, limit, critical, certain = zip(*found, strict=True)
    return LettingGo(
        data,
        tuple(losses),
        row,
        sideways,
        shown,
        np.array(displacement),
        np.array(weights),
        ends,
        np.array(limit),
        np.array(critical),
        certain,
    )


class _Followed(NamedTuple):
    """One loss at the distances shown, its end, limit and critical distance."""

    displacement: Array
    weights: Array
    end: End
    limit: float
    critical: float
    certain: bool


@dataclass(frozen=True, eq=False)
class _Path:
    """The way of one row through its data."""

    features: Array
    target: Array
    row: int
    sideways: bool

    def moves(self, d: Array) -> Moves:
        """The row at some distances from its place."""
        x, y = np.tile(self.features[self.row], (len(d), 1)), np.full(len(d), self.target[self.row])
        x, y = (x + d[:, None], y) if self.sideways else (x, y + d)
        return Moves(self.features, self.target, self.row, x, y)

    def heights(self, weights: Array) -> Array:
        """The predictions of weights `(…, 2)` where the row stands before it moves."""
        place = np.append(self.features[self.row], 1.0)
        return np.matvec(weights[..., None, :], place)[..., 0]

    def followed(self, loss: Loss, shown: Array) -> _Followed:
        """One loss, as far as the distances shown and farther, where it ends."""
        farther = np.geomspace(shown[-1], FARTHEST * shown[-1], BEYOND + 1)[1:]
        d, starts = np.concatenate([[0.0], shown, farther]), self.moves(shown[:1]).starts(loss)
        alone = self.heights(starts[1])
        weights, certain = self.moves(d).fits(loss, starts)
        far = self.heights(weights) - alone

        def moved(d: Array) -> Array:
            return self.heights(self.moves(d).fits(loss, starts)[0]) - alone

        kept, last = slice(1, len(shown) + 1), float(far[-1])
        seen = far[kept], weights[kept]
        peak = float(np.abs(far).max())
        if abs(last) > max(GROWING * abs(far[d <= d[-1] / 100][-1]), peak / GROWING):
            return _Followed(*seen, "never", np.copysign(np.inf, last), np.inf, certain)
        if abs(last) <= SETTLED * peak:
            # A row below the line draws it down before it moves: only its way up is its pull.
            up = not self.sideways and far.max() > SETTLED * peak
            size = np.positive if up else np.abs
            return _Followed(*seen, "comes back", 0.0, _highest(moved, d, far, size), certain)
        stopped = _stopped(moved, d, far, SETTLED * abs(last))
        return _Followed(*seen, "settles", last, stopped, certain)


def _highest(
    moved: Callable[[Array], Array], d: Array, far: Array, size: Callable[[Array], Array]
) -> float:
    """The distance of the largest displacement by its size, on grids that close in on it."""
    for _ in range(ZOOMS):
        top = int(size(far).argmax())
        d = np.linspace(d[max(top - 1, 0)], d[min(top + 1, len(d) - 1)], FINER)
        far = moved(d)
    return float(d[size(far).argmax()])


def _stopped(moved: Callable[[Array], Array], d: Array, far: Array, blur: float) -> float:
    """The distance from which on the displacement stays at its limit, closed in on alike."""
    limit = far[-1]
    for _ in range(ZOOMS + 1):
        moving = np.flatnonzero(np.abs(far - limit) > blur)
        if not moving.size:
            return float(d[0])
        low, high = d[moving[-1]], d[moving[-1] + 1]
        d = np.linspace(low, high, FINER)
        far = np.append(moved(d[:-1]), limit)
    return float(high)
