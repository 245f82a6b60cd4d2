"""A fair race: every optimizer has the same starts, steps and number of rates to be tuned on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.descent.basins import ends
from losses.descent.function import Function
from losses.descent.optimizers import Optimizer
from losses.descent.schedules import Schedule
from losses.descent.walk import STEADY, Run, Trajectory, descend_together

LOW, HIGH, RATES = 1e-4, 10.0, 22  # five decades, so that no optimizer's best rate lies outside
WORK = 1e9  # gradients of a row, about five seconds
TIE = 1e-9  # of the descent from a start: two that end so near to each other end at the same cost


@dataclass(frozen=True, eq=False)
class Entry:
    """One optimizer in a race, at its best rate.

    `finals` `(R, K)` are the costs after the last step at each of the `rates` `(R,)` from each of
    the K starts: infinite where the walk left the finite numbers. The `trajectories` are those from
    each start at the best rate.
    """

    optimizer: Optimizer
    rates: Array
    finals: Array
    steps: int
    trajectories: tuple[Trajectory, ...]

    @property
    def rate(self) -> float:
        return float(self.optimizer.eta)

    @cached_property
    def means(self) -> Array:
        """The mean final cost at each rate `(R,)`: infinite where a walk from a start diverged."""
        return _means(self.finals)

    @property
    def best(self) -> int:
        """Which of the rates it is at."""
        return _best(self.finals)

    @property
    def on_edge(self) -> bool:
        """Whether its best rate is the first or the last that was tried: a better one may exist."""
        return self.best in (0, len(self.rates) - 1)

    @property
    def budget(self) -> int:
        """How many gradients its tuning took, of all rows or of a batch: one for each step."""
        return self.finals.size * self.steps


@dataclass(frozen=True, eq=False)
class Race:
    """The entries `(M)`, in the order given, and their `ranks` `(M, K)` from each of the K starts.

    The lowest final cost has rank 1. Those that end at the same cost, to 1e-9 of the way down that
    the best went from there, share the mean of their ranks, as do all that diverged.
    """

    entries: tuple[Entry, ...]
    ranks: Array

    @property
    def mean_ranks(self) -> Array:
        """The mean rank of each entry over the starts `(M,)`."""
        return self.ranks.mean(axis=1)

    @property
    def errors(self) -> Array:
        """The standard error of each mean rank `(M,)`; NaN for one start, which tells nothing."""
        starts = self.ranks.shape[1]
        if starts < 2:
            return np.full(len(self.ranks), np.nan)
        return self.ranks.std(axis=1, ddof=1) / np.sqrt(starts)

    @property
    def leaders(self) -> tuple[list[int], list[int]]:
        """The entries of the lowest mean rank, and those within twice the error of it."""
        lowest = self.mean_ranks.min()
        first = np.flatnonzero(self.mean_ranks == lowest)
        apart = 2 * np.hypot(self.errors[first[0]], self.errors)
        near = np.flatnonzero((self.mean_ranks > lowest) & (self.mean_ranks <= lowest + apart))
        return first.tolist(), near.tolist()


def affordable(entries: int, steps: int, rows: int) -> int:
    """From how many starts a race takes seconds at the usual rates, if a step looks at so many
    rows; at least 2, because one start tells nothing of the spread."""
    return max(2, int(WORK / (RATES * entries * steps * rows)))


def fair_race(
    function: Function,
    kinds: Sequence[Optimizer],
    starts: Array,
    *,
    steps: int,
    rates: Sequence[float] | int = RATES,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
) -> Race:
    """Walks with each optimizer at each rate from each of the starts `(K, size)`.

    The rates are the same for all, whatever eta an optimizer comes with: those given, or so many of
    them, evenly spaced in their logarithm from 1e-4 to 10. The best is that of the lowest mean
    final cost over the starts; where every rate loses a start to infinity, it is the lowest of
    those that lose the fewest. With batches, start k has those of `seed + k`, so that the spread
    over the starts holds that over the batches too. Raises ValueError for a race without entries,
    for rates that are no positive numbers, and where the cost at a start is not finite.
    """
    grid, begin = _grid(rates), np.array(starts, dtype=float).reshape(-1, function.size)
    if not kinds or not len(begin) or steps < 1:
        raise ValueError("a race needs an optimizer, a start and a step")
    course = _Course(function, begin, steps, batch, seed, schedule)
    entries = tuple(course.entry(kind, grid) for kind in kinds)
    last = np.array([entry.finals[entry.best] for entry in entries])
    return Race(entries, _ranks(last, function.values(begin)))


@dataclass(frozen=True, eq=False)
class _Course:
    """What is the same for every entry."""

    function: Function
    starts: Array
    steps: int
    batch: int | None
    seed: int
    schedule: Schedule

    def entry(self, kind: Optimizer, grid: Array) -> Entry:
        finals = np.hstack([self._finals(kind, grid, *heat) for heat in self._heats()])
        tuned = kind.at(float(grid[_best(finals)]))
        paths = tuple(path for heat in self._heats() for path in self._paths(tuned, *heat))
        return Entry(tuned, grid, finals, self.steps, paths)

    def _heats(self) -> list[tuple[Array, int]]:
        """Starts that can walk together, on the same batches, and the seed of these."""
        if self.batch is None:
            return [(self.starts, self.seed)]
        return [(self.starts[k : k + 1], self.seed + k) for k in range(len(self.starts))]

    def _finals(self, kind: Optimizer, grid: Array, starts: Array, seed: int) -> Array:
        """The final costs `(R, k)`."""
        last = ends(
            self.function,
            kind,
            np.tile(starts, (len(grid), 1)),
            steps=self.steps,
            rates=np.repeat(grid, len(starts)),
            batch=self.batch,
            seed=seed,
            schedule=self.schedule,
        )
        with np.errstate(all="ignore"):
            costs = self.function.values(last)
        finite = np.isfinite(costs) & np.isfinite(last).all(axis=1)
        return np.where(finite, costs, np.inf).reshape(len(grid), len(starts))

    def _paths(self, tuned: Optimizer, starts: Array, seed: int) -> list[Trajectory]:
        return descend_together(
            self.function,
            [Run(tuned, start) for start in starts],
            steps=self.steps,
            batch=self.batch,
            seed=seed,
            schedule=self.schedule,
        )


def _grid(rates: Sequence[float] | int) -> Array:
    """The rates in rising order."""
    if isinstance(rates, int):
        if rates < 1:
            raise ValueError(f"rates = {rates}, but a race needs at least one rate")
        return np.geomspace(LOW, HIGH, rates)
    grid = np.sort(np.asarray(rates, dtype=float))
    if not grid.size or not np.isfinite(grid).all() or grid[0] <= 0:
        raise ValueError(f"rates = {rates}, but each must be a number above 0")
    return grid


def _means(finals: Array) -> Array:
    with np.errstate(over="ignore"):
        return finals.mean(axis=1)


def _best(finals: Array) -> int:
    """The first of the lowest means; if none is finite, the first that loses the fewest starts."""
    means = _means(finals)
    return int(np.argmin(means if np.isfinite(means).any() else np.isinf(finals).sum(axis=1)))


def _ranks(ends: Array, begun: Array) -> Array:
    """The ranks `(M, K)` of final costs `(M, K)` after walks from costs `(K,)`."""
    drop = np.maximum(begun - ends.min(axis=0), 0.0)
    tie = TIE * np.where(np.isfinite(drop), drop, 0.0)
    beaten = (ends < ends[:, None] - tie).sum(axis=1)
    beats = (ends[:, None] < ends - tie).sum(axis=1)
    return 1 + beaten + (len(ends) - 1 - beaten - beats) / 2
