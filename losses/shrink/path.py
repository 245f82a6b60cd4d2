"""A penalty's path: the best weights at every strength, from where all are zero on down."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.fit import Fit
from losses.penalties import Penalty
from losses.regression import SquaredError
from losses.shrink.freedom import freedom
from losses.shrink.knots import Knots, knots
from losses.shrink.problem import Problem, Solution, at_strength, shares
from losses.shrink.strongest import strongest_of, strongest_ridge

COUNT = 100
Told = Callable[[float], None]  # is shown the share of the work that is done
DOWN, DOWN_RIDGE = 1e-4, 1e-6  # where a path ends, as a share of where it begins


@dataclass(frozen=True, eq=False)
class Path:
    """Fits at falling λ `(m,)`, each with its certificate.

    `strongest` is the λ from which on all slopes are zero; infinite for L2 alone. `knots` are
    where weights enter or leave, if the path is made of straight lines.
    """

    loss: Loss
    penalty: Penalty  # at the first λ
    fits: tuple[Fit, ...]
    lams: Array
    strongest: float
    problem: Problem
    knots: Knots | None = None

    @cached_property
    def weights(self) -> Array:
        """Slopes then bias at each λ, `(m, d + 1)`."""
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

    @cached_property
    def freedom(self) -> Array:
        """The degrees of freedom of the slopes, `(m,)`."""
        l2 = [shares(at_strength(self.penalty, float(lam)))[1] for lam in self.lams]
        z = map(self.problem.coordinates, self.weights)
        return np.array([freedom(self.problem, *each) for each in zip(z, l2, strict=True)])

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
    told: Told | None = None,
) -> Path:
    """The path of a penalty of some kind and mix; its own λ plays no part.

    Without `lams`, so many even steps of log λ from the strongest that matters down to a
    ten-thousandth of it; a millionth of it for L2, of which none is the strongest. `told` is shown
    the share of λ that is done, and may raise. Raises ValueError for a loss without an exact
    solver, and where no slope ever pays.
    """
    problem = Problem.of(loss, features, target)
    share = shares(at_strength(penalty, 1.0))[0]
    top = strongest_of(problem) / share if share else np.inf
    grid = _grid(problem, top, lams, count)
    lined = share == 1 and isinstance(loss, SquaredError)
    line = knots(features, target, float(grid[-1])) if lined else None
    if line is not None and not line.finished:
        line = None
    starts = None if line is None else [problem.coordinates(w) for w in line.at(grid)]
    fits, last = list[Fit](), problem.standing()
    for place, lam in enumerate(grid):
        here = at_strength(penalty, float(lam))
        if lam >= top:
            last = problem.standing()
        elif starts is not None:
            last = Solution.at(starts[place])
        if lam < top or not problem.sharp:  # at a corner the λ is the proof
            last = problem.solved(*shares(here), last)
        fits.append(problem.fitted(last.optimum, here))
        if told is not None:
            told(len(fits) / len(grid))
    first = at_strength(penalty, float(grid[0]))
    return Path(loss, first, tuple(fits), grid, top, problem, line)


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
    return high * np.geomspace(1.0, down, count)
