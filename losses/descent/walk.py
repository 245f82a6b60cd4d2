"""Walks of optimizers down a function, kept step by step; many at once are what each is alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.function import Function
from losses.descent.optimizers import Optimizer, Stage, State
from losses.descent.outcome import Outcome, judged
from losses.descent.schedules import Constant, Schedule

STEADY = Constant()


class Run(NamedTuple):
    """An optimizer and the weights `(size,)` that it starts from."""

    optimizer: Optimizer
    start: Array


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Weights `(steps + 1, size)`, values and slopes `(steps + 1,)`, from the start on.

    The walk ends early at the first step whose weights or value are no longer finite numbers; that
    step is not in the arrays, but in the outcome.
    """

    weights: Array
    costs: Array
    slopes: Array
    outcome: Outcome

    def __len__(self) -> int:
        return len(self.costs)


def descend(
    function: Function,
    optimizer: Optimizer,
    start: Array,
    *,
    steps: int,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
) -> Trajectory:
    """Walks from start for a number of steps, on all rows or on shuffled batches of them."""
    run = Run(optimizer, start)
    return descend_together(
        function, [run], steps=steps, batch=batch, seed=seed, schedule=schedule
    )[0]


def descend_together(
    function: Function,
    runs: Sequence[Run],
    *,
    steps: int,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
) -> list[Trajectory]:
    """The trajectory of each run, all on the same batches of rows.

    Raises ValueError for a batch without rows, and where the value at a start is not finite.
    """
    starts = np.array([run.start for run in runs], dtype=float)
    rows = batches(function.rows, batch, seed)
    with np.errstate(all="ignore"):
        for start in starts:
            check_start(function, start)
        weights, costs, slopes = _walked(function, runs, starts, steps, rows, schedule)
        ended = [
            judged(function, run.optimizer, *(part[:, k] for part in (weights, costs, slopes)))
            for k, run in enumerate(runs)
        ]
    return [
        Trajectory(weights[:n, k], costs[:n, k], slopes[:n, k], outcome)
        for k, (n, outcome) in enumerate(ended)
    ]


def stages(
    function: Function,
    optimizer: Optimizer,
    walk: Trajectory,
    *,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
    steps: int,
) -> list[tuple[Stage, ...]]:
    """Each step of a walk taken apart: the walk is taken once more, with the same arguments."""
    w, rows = walk.weights[0], batches(function.rows, batch, seed)
    state, parts = optimizer.init(w), []
    for t in range(1, len(walk)):
        now = optimizer.at(optimizer.eta * schedule.factor(t, steps))
        slope = function.gradient(now.probe(w, state), next(rows))
        parts.append(now.stages(w, slope, state, t))
        w, state = now.step(w, slope, state, t)
    return parts


@dataclass
class _Pack:
    """Runs that differ in nothing but rate and start, and step together: `(m, size)`."""

    optimizer: Optimizer
    places: slice | list[int]
    state: State = None

    def at(self, factor: float) -> Optimizer:
        return self.optimizer if factor == 1 else self.optimizer.at(self.optimizer.eta * factor)


def _packs(runs: Sequence[Run], starts: Array) -> list[_Pack]:
    places: dict[Optimizer, list[int]] = {}
    for k, run in enumerate(runs):
        kind = replace(cast(Any, run.optimizer), eta=1.0)
        places.setdefault(kind, []).append(k)
    return [
        _Pack(
            kind.at(np.array([[runs[k].optimizer.eta] for k in mine])),
            _slice(mine),
            kind.init(starts[mine]),
        )
        for kind, mine in places.items()
    ]


def _slice(places: list[int]) -> slice | list[int]:
    """Neighbors as a slice, which is taken in a fifth of the time."""
    first, last = places[0], places[-1] + 1
    return slice(first, last) if last - first == len(places) else places


def _walked(
    function: Function,
    runs: Sequence[Run],
    starts: Array,
    steps: int,
    draws: Iterator[Indices | None],
    schedule: Schedule,
) -> tuple[Array, Array, Array]:
    """Weights `(steps + 1, m, size)`, values and norms of slopes `(steps + 1, m)`."""
    packs, weights = _packs(runs, starts), np.empty((steps + 1, *starts.shape))
    costs, gradients = np.empty((steps + 1, len(runs))), np.empty_like(weights)
    weights[0], known = starts, 0  # for so many steps costs and gradients come along the way
    shared, sloping = function.shares_work, function.sloping(len(runs))
    for t in range(1, steps + 1):
        w, rows, factor = weights[t - 1], next(draws), schedule.factor(t, steps)
        if rows is None:
            if shared:  # costs come with the slopes
                costs[t - 1], slopes = function.values_and_gradients(w)
            else:
                slopes = sloping(w)
            gradients[t - 1], known = slopes, t
        else:  # at once, as no gradient is kept
            slopes = function.gradient(_probes(packs, w, factor), rows)
        for pack in packs:
            now, mine, slope = pack.at(factor), w[pack.places], slopes[pack.places]
            if rows is None and (probe := now.probe(mine, pack.state)) is not mine:
                slope = function.gradient(probe)
            weights[t, pack.places], pack.state = now.step(mine, slope, pack.state, t)
    costs[known:], gradients[known:] = function.values_and_gradients(weights[known:])
    if not shared:
        costs[:known] = function.values(weights[:known])
    return weights, costs, np.sqrt(np.vecdot(gradients, gradients))


def _probes(packs: Sequence[_Pack], w: Array, factor: float) -> Array:
    """Where each run takes its next gradient, `(m, size)`."""
    probes = w
    for pack in packs:
        mine = w[pack.places]
        probe = pack.at(factor).probe(mine, pack.state)
        if probe is not mine:
            probes = w.copy() if probes is w else probes
            probes[pack.places] = probe
    return probes


def check_start(function: Function, start: Array) -> None:
    cost = function.value(start) if np.isfinite(start).all() else np.nan
    if not np.isfinite(cost):
        at = ", ".join(f"{weight:g}" for weight in start)
        raise ValueError(
            f"the {function.noun} at the start ({at}) is no finite number: start nearer to 0, or "
            "standardize"
        )


def batches(rows: int, batch: int | None, seed: int) -> Iterator[Indices | None]:
    """None for all rows, else batches without end: each pass over the data is shuffled anew."""
    if batch is not None and batch < 1:
        raise ValueError(f"batch = {batch}, but a batch needs at least one row")
    rng: Any = np.random.default_rng(seed)
    while batch is None or batch >= rows:
        yield None
    while True:
        order = rng.permutation(rows)
        yield from (order[first : first + batch] for first in range(0, rows, batch))
