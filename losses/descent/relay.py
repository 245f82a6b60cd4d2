"""A walk whose rules change on the way: the rate, the loss or the batch of a run that goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from losses.arrays import Array, Indices
from losses.descent.function import Function
from losses.descent.optimizers import Optimizer, State
from losses.descent.outcome import Outcome, judged
from losses.descent.schedules import Schedule
from losses.descent.walk import STEADY, Trajectory, batches, check_start


@dataclass(frozen=True, eq=False)
class Leg:
    """So many steps by the same rules: what is walked down, how, and on which rows.

    The schedule counts on `horizon` steps; None for as many as all legs of its relay have.
    """

    function: Function
    optimizer: Optimizer
    steps: int
    batch: int | None = None
    seed: int = 0
    schedule: Schedule = STEADY
    horizon: int | None = None

    def __post_init__(self) -> None:
        if self.steps < 0:
            raise ValueError(f"steps = {self.steps}, but a leg has none or more of them")


def resumed(legs: Sequence[Leg], at: int, rest: Leg) -> tuple[Leg, ...]:
    """The legs of a walk up to step `at`, as they were, and from there on another one.

    Raises ValueError where the legs do not reach that step.
    """
    total, left = sum(leg.steps for leg in legs), at
    kept: list[Leg] = []
    for leg in legs:
        steps = max(0, min(left, leg.steps))
        horizon = total if leg.horizon is None else leg.horizon
        kept += [replace(leg, steps=steps, horizon=horizon)] if steps else []
        left -= steps
    if left or at < 0:
        raise ValueError(f"step {at} is none of the {total} walked")
    return (*kept, rest)


def relay(legs: Sequence[Leg], start: Array) -> Trajectory:
    """Walks all legs, each from where the one before it ended.

    An optimizer of the same kind keeps its state and its count of steps, at whatever parameters; of
    another kind, it starts afresh. Batches of the same size and seed go on through the same pass,
    others begin a new one: a leg in two parts is the whole one to the last bit. Costs and slopes
    are those of the leg that led to a step, and the outcome is that of the last leg. The walk ends
    early where it leaves the finite numbers.

    Raises ValueError for no legs, where the functions have weights of different number, and where
    the value at the start of a leg is not finite.
    """
    if not legs or len({leg.function.size for leg in legs}) > 1:
        raise ValueError("a relay needs a leg or more, through weights of one number")
    total, baton = sum(leg.steps for leg in legs), _Baton(np.array(start, dtype=float))
    parts: list[tuple[Array, Array, Array]] = []
    with np.errstate(all="ignore"):
        for place, leg in enumerate(legs):
            check_start(leg.function, baton.w)
            began = baton.step
            walked, baton = _walked(leg, baton, total)
            costs, gradients = leg.function.values_and_gradients(walked)
            slopes = np.sqrt(np.vecdot(gradients, gradients))
            points, outcome = judged(leg.function, leg.optimizer, walked, costs, slopes)
            first = 1 if place else 0
            parts.append((walked[first:points], costs[first:points], slopes[first:points]))
            if points < len(walked):
                break
    weights, costs, slopes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Trajectory(weights, costs, slopes, _since(outcome, began))


def state_at(legs: Sequence[Leg], start: Array, at: int) -> State:
    """What the optimizer remembers after step `at`: the walk up to there is taken once more."""
    total, baton = sum(leg.steps for leg in legs), _Baton(np.array(start, dtype=float))
    for leg in resumed(legs, at, replace(legs[0], steps=0))[:-1] or [replace(legs[0], steps=0)]:
        _, baton = _walked(leg, baton, total)
    return baton.state


class _Baton(NamedTuple):
    """What one leg hands to the next: weights, the step they are of, the optimizer's state and how
    many steps old that is, and the batches to come."""

    w: Array
    step: int = 0
    state: State = None
    age: int = 0
    draws: Iterator[Indices | None] = iter(())
    leg: Leg | None = None


def _walked(leg: Leg, baton: _Baton, total: int) -> tuple[Array, _Baton]:
    """The weights `(steps + 1, size)` of a leg, of which the first is where it began."""
    w, done, state, age, draws, before = baton
    horizon = total if leg.horizon is None else leg.horizon
    if before is None or type(before.optimizer) is not type(leg.optimizer):
        state, age = leg.optimizer.init(w), 0
    if before is None or _rows(before) != _rows(leg):
        draws = batches(leg.function.rows, leg.batch, leg.seed)
    weights = np.empty((leg.steps + 1, w.size))
    weights[0], slope_of = w, leg.function.sloping(1)
    for t in range(1, leg.steps + 1):
        factor = leg.schedule.factor(done + t, horizon)
        own, rows = leg.optimizer, next(draws)
        now = own if factor == 1 else own.at(own.eta * factor)
        probe = now.probe(w, state)
        slope = slope_of(probe) if rows is None else leg.function.gradient(probe, rows)
        w, state = now.step(w, slope, state, age + t)
        weights[t] = w
    return weights, _Baton(w, done + leg.steps, state, age + leg.steps, draws, leg)


def _rows(leg: Leg) -> tuple[int, int | None, int]:
    """What tells the batches of one leg from those of another."""
    return leg.function.rows, leg.batch, leg.seed


def _since(outcome: Outcome, step: int) -> Outcome:
    """The outcome of the last leg, whose steps count from the change."""
    if not step:
        return outcome
    return replace(outcome, sentence=f"Counted from the change at step {step}: {outcome.sentence}")
