"""A penalty's path: the best weights at every strength, from where all are zero on down."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.fit import Fit
from losses.fit.result import LEAST
from losses.fit.rows import Rows
from losses.penalties import Penalty
from losses.regression import SquaredError
from losses.shrink.knots import Knots, knots
from losses.shrink.problem import Problem, Solution, shares
from losses.shrink.strongest import strongest_of, strongest_ridge

COUNT = 100
DOWN, DOWN_RIDGE = 1e-4, 1e-6  # where a path ends, as a share of where it begins


@dataclass(frozen=True, eq=False)
class Path:
    """Fits at falling λ `(m,)`: weights `(m, d + 1)`, slopes then bias, and what they cost.

    `strongest` is the λ from which on all slopes are zero; infinite for L2 alone. `knots` are
    where weights enter or leave, if the path is made of straight lines.
    """

    loss: Loss
    penalty: Penalty  # at the first λ
    fits: tuple[Fit, ...]
    lams: Array
    freedom: Array
    strongest: float
    knots: Knots | None = None

    @property
    def weights(self) -> Array:
        return np.array([each.weights for each in self.fits])

    @property
    def costs(self) -> Array:
        """The mean loss on the rows that were fitted."""
        return np.array([each.cost for each in self.fits])

    @property
    def penalties(self) -> Array:
        """What the slopes pay beside it."""
        return np.array([each.penalty for each in self.fits])

    @property
    def totals(self) -> Array:
        """Cost plus penalty: what each fit makes as small as can be."""
        return self.costs + self.penalties

    @property
    def nonzero(self) -> NDArray[np.int64]:
        """How many slopes are not exactly zero."""
        return np.count_nonzero(self.weights[:, :-1], axis=1)

    @property
    def certain(self) -> bool:
        """Whether no weights are better at any λ."""
        return all(each.certain for each in self.fits)

    def __len__(self) -> int:
        return len(self.lams)

    def scores(self, features: Array) -> Array:
        """What each fit says of each row, `(m, n)`."""
        w = self.weights
        return w[:, :-1] @ np.asarray(features, dtype=float).T + w[:, -1:]


def path(
    loss: Loss,
    features: Array,
    target: Array,
    penalty: Penalty,
    lams: Iterable[float] | None = None,
    *,
    count: int = COUNT,
) -> Path:
    """The path of a penalty of some kind and mix; its own λ plays no part.

    Without `lams`, so many even steps of log λ from the strongest that matters down to a
    ten-thousandth of it; a millionth of it for L2, of which none is the strongest. Raises
    ValueError for a loss without an exact solver, and where no slope ever pays.
    """
    problem = Problem.of(loss, features, target)
    share = shares(replace(penalty, lam=1.0))[0]
    top = strongest_of(problem) / share if share else np.inf
    grid = _grid(problem, top, lams, count)
    lined = share == 1 and isinstance(loss, SquaredError)
    line = knots(features, target, float(grid[-1])) if lined else None
    if line is not None and not line.finished:
        line = None
    starts = None if line is None else [problem.coordinates(w) for w in line.at(grid)]
    fits, freedom, last = [], [], None
    for place, lam in enumerate(grid):
        here = replace(penalty, lam=float(lam))
        if lam >= top:
            last = problem.standing()
        else:
            start = last if starts is None else Solution.at(starts[place])
            last = problem.solved(*shares(here), start)
        fits.append(problem.fitted(last.optimum, here))
        freedom.append(_freedom(problem, last.optimum.z, shares(here)[1]))
    first = replace(penalty, lam=float(grid[0]))
    return Path(loss, first, tuple(fits), grid, np.array(freedom), top, line)


def _grid(problem: Problem, top: float, lams: Iterable[float] | None, count: int) -> Array:
    """λ from the largest to the smallest."""
    if lams is not None:
        grid = np.unique(np.array(list(lams), dtype=float))[::-1]
        if not grid.size or not (grid > 0).all() or not np.isfinite(grid).all():
            raise ValueError("a path needs one λ at least, all of them finite and above zero")
        return grid
    if top == 0:
        raise ValueError(f"{problem.loss.name}: no slope lowers the cost of this data")
    high, down = (top, DOWN) if np.isfinite(top) else (strongest_ridge(problem), DOWN_RIDGE)
    grid = high * np.geomspace(1.0, down, count)
    return grid


def _freedom(problem: Problem, z: Array, l2: float) -> float:
    """The degrees of freedom of the slopes: tr (X'BX + 2 λ₂ n)⁻¹ X'BX over those that are not zero.

    For least squares it is what Stein's formula gives (Zou, Hastie & Tibshirani 2007, Annals of
    Statistics 35, p. 2173; Hoerl & Kennard 1970). Where a loss has corners nothing bends to say it,
    and the slopes that are not zero are counted.
    """
    frame, held = problem.frame, np.flatnonzero(z[:-1])
    if problem.corners is not None or not held.size:
        return float(held.size)
    rows = Rows.of(problem.loss, frame.y)
    bend = np.maximum(rows.bend(frame.A @ z - rows.level), 0.0)
    if not np.isfinite(bend).all() or not bend.sum() > 0:
        return float(held.size)
    X = frame.A[:, held] / problem.units[held]
    X = (X - bend @ X / bend.sum()) * np.sqrt(bend)[:, None]
    bends = np.linalg.svd(X, compute_uv=False) ** 2
    bends = bends[bends > 1e-14 * max(float(bends[0]), LEAST)]
    return float((bends / (bends + 2 * l2 * len(frame.y))).sum())


