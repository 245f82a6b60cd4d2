"""Letting go: one row moves away, and each loss follows it, settles, or comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.data import DataError, Dataset
from losses.fit import fit
from losses.fit.moving import Moves
from losses.placing import residuals, robust_scale, target_size
from losses.regression import AbsoluteError

POINTS, BEYOND, FARTHEST = 61, 40, 1e5  # distances shown; tried beyond them, up to so many times
ROUND = (1.2, 1.5, 1.8, 2.4, 3.0, 4.5, 6.0, 9.0, 12.0)  # of a power of ten: where a ruler may end
ROUNDING = 1e-9  # of the largest displacement of all
FEWEST = 3  # rows: two without the one that moves
SETTLED = 0.01  # of where it ends: the line has stopped
GROWING = 2.0  # times as far at the last distance as at a hundredth of it: it never stops
ZOOMS, FINER = 3, 9  # how often, and by how much, the place of an event is looked at more closely
WIDTHS = ("delta", "c", "beta", "epsilon")  # parameters in units of the target

End = Literal["never", "settles", "comes back"]


@dataclass(frozen=True, eq=False)
class LettingGo:
    """How the line of each loss follows one row that moves by distances `(k,)` from its place.

    The displacement `(losses, k)` is that of the prediction at the median x, against the fit
    without the row: times the number of rows, Tukey's sensitivity curve. The lines themselves have
    the weights `(losses, k, 2)`, slope then bias. `limit` `(losses,)` is where the displacement
    ends, infinite if it never does. A line that comes back has the critical distance of its largest
    displacement; one that settles, that from which on it stays within 1 % of its limit; one that
    never lets go has none, which is infinite.
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
    def sentence(self) -> str:
        """What each loss does, in the order of how soon it lets go."""
        unit = "" if self.sideways or not self.data.unit else f" {self.data.unit}"
        order = np.argsort(self.critical, kind="stable")
        said = "; ".join(self._said(int(i), unit) for i in order)
        way = "sideways" if self.sideways else "up"
        return f"As row {self.data.rows[self.row]} moves {way}: {said}."

    def _said(self, i: int, unit: str) -> str:
        name, far, end = self.losses[i], self.critical[i], self.ends[i]
        if end == "never":
            return f"{name} never lets go"
        if not far and not self._follows(i):
            return f"{name} does not follow it"
        if not far:
            return f"{name} lets go at once and comes back"
        if end == "comes back":
            return f"{name} lets go at {far:.3g}{unit} and comes back"
        off = f"{abs(self.limit[i]):.3g}{unit} from where it would be without the row"
        return f"{name} stops at {far:.3g}{unit}, {off}"

    def _follows(self, i: int) -> bool:
        """Whether the line moves at all, beyond rounding."""
        far = self.displacement
        return self.ends[i] != "settles" and bool(np.ptp(far[i]) > ROUNDING * np.abs(far).max())


def let_go(
    data: Dataset,
    losses: Sequence[Loss],
    *,
    row: int | None = None,
    sideways: bool = False,
    distances: ArrayLike | None = None,
) -> LettingGo:
    """Exact fits of a line while one row moves up, or sideways, from its place.

    The row counts from 0; without one it is a row near the median x and near the line. Raises
    DataError unless the data have three rows, one feature and a target that is a number.
    """
    if data.task != "regression" or data.role != "features" or len(data.columns) != 1:
        raise DataError(f"{data.name}: letting go needs one feature and a target that is a number")
    if len(data) < FEWEST:
        raise DataError(
            f"{data.name}: {len(data)} rows; a line to be pulled needs {FEWEST} or more"
        )
    row = _central(data) if row is None else row
    shown = np.asarray(
        _distances(data, losses, row, sideways) if distances is None else distances, float
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


def _central(data: Dataset) -> int:
    """Of the fifth of the rows nearest to the median x, that nearest to the line of least absolute
    errors, which no outlier draws away from the others."""
    x = data.features[:, 0]
    near = np.argsort(np.abs(x - np.median(x)), kind="stable")[: -(-len(x) // 5)]
    w = fit(AbsoluteError(), data.features, data.target).weights
    return int(near[np.argmin(np.abs(w[0] * x[near] + w[1] - data.target[near]))])


def _distances(data: Dataset, losses: Sequence[Loss], row: int, sideways: bool) -> Array:
    """From nothing to well beyond the line, the noise and every width of a loss; sideways, three
    spans of x.

    The last one is rounded up, so that the others are round numbers as well.
    """
    if sideways:
        return _even(3 * (float(np.ptp(data.features)) or 1.0))
    widths = [getattr(loss, name, 0.0) for loss in losses for name in WIDTHS]
    off = residuals(data)[0]
    to_the_line = max(0.0, float(off[row]))
    scale = robust_scale(off, target_size(data))
    return _even(to_the_line + 3 * max([2 * scale, *widths]))


def _even(far: float) -> Array:
    """Even steps as far as a round number that is not below one."""
    power = 10.0 ** np.floor(np.log10(far))
    end = next(step for step in ROUND if step * power >= far * (1 - 1e-12))
    return np.linspace(0.0, end * power, POINTS)


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
        """The predictions at the median x of weights `(…, 2)`."""
        middle = np.append(np.median(self.features, axis=0), 1.0)
        return np.matvec(weights[..., None, :], middle)[..., 0]

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
            return _Followed(*seen, "comes back", 0.0, _highest(moved, d, np.abs(far)), certain)
        stopped = _stopped(moved, d, far, SETTLED * abs(last))
        return _Followed(*seen, "settles", last, stopped, certain)


def _highest(moved: Callable[[Array], Array], d: Array, height: Array) -> float:
    """The distance of the largest displacement, on grids that close in on it."""
    for _ in range(ZOOMS):
        top = int(height.argmax())
        d = np.linspace(d[max(top - 1, 0)], d[min(top + 1, len(d) - 1)], FINER)
        height = np.abs(moved(d))
    return float(d[height.argmax()])


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
