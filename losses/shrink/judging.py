"""A path judged on rows that it has not seen: where memorizing ends, and where learning does."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.base import Loss
from losses.cost import cost
from losses.penalties import Penalty
from losses.shrink.path import Path, Told, path


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The mean loss `(m,)` at each λ `(m,)`, falling, on rows that were not fitted."""

    judge: Loss
    lams: Array
    costs: Array

    @property
    def best(self) -> int:
        """The place of the least cost; of several, that with the largest λ."""
        return int(np.argmin(self.costs))

    @property
    def lam(self) -> float:
        """The λ that costs least."""
        return float(self.lams[self.best])

    @property
    def inside(self) -> bool:
        """Whether both ends cost more: a weak penalty memorizes, and a strong one learns less."""
        return bool(self.costs[self.best] < min(self.costs[0], self.costs[-1]))


@dataclass(frozen=True, eq=False)
class Folds(HeldOut):
    """The same, each row judged by the fit of the folds without it; costs of folds `(K, m)`."""

    each: Array

    @property
    def errors(self) -> Array:
        """The standard error of each mean over the folds, `(m,)`."""
        spread: Array = self.each.std(axis=0, ddof=1) / np.sqrt(len(self.each))
        return spread

    @property
    def simplest(self) -> int:
        """The place of the largest λ within one standard error of the least cost
        (Breiman, Friedman, Olshen & Stone 1984, section 3.4.3)."""
        limit = self.costs[self.best] + self.errors[self.best]
        return int(np.flatnonzero(self.costs <= limit)[0])


def held_out(found: Path, features: Array, target: Array, judge: Loss | None = None) -> HeldOut:
    """A path's cost on other rows, by its own loss if there is no other judge.

    With the rows of the fit and another judge, it is the training cost under that judge.
    """
    judge = found.loss if judge is None else judge
    costs = [cost(judge, target, scores) for scores in found.scores(features)]
    return HeldOut(judge, found.lams, np.array(costs))


def folded(
    loss: Loss,
    features: Array,
    target: Array,
    penalty: Penalty,
    *,
    lams: Iterable[float] | None = None,
    judge: Loss | None = None,
    folds: int = 5,
    seed: int = 0,
    told: Told | None = None,
) -> Folds:
    """The cost over λ by cross-validation, at the λ of the path of all rows.

    Those are its own, unless some are given. `told` is shown the share that is done, and may raise.

    Raises ValueError for fewer than two folds, or for more than there are rows.
    """
    X, y, judge = np.asarray(features, float), np.asarray(target, float), judge or loss
    if not 2 <= folds <= len(y):
        raise ValueError(f"{folds} folds of {len(y)} rows: each fold needs a row, and another fold")
    shared = path(loss, X, y, penalty).lams if lams is None else np.sort(list(lams))[::-1]
    each = []
    for place, out in enumerate(_parts(len(y), folds, seed)):
        kept = np.setdiff1d(np.arange(len(y)), out)
        fitted = path(loss, X[kept], y[kept], penalty, shared, told=within(told, place, folds))
        each.append(held_out(fitted, X[out], y[out], judge).costs)
    sizes = np.array([len(out) for out in _parts(len(y), folds, seed)])
    return Folds(judge, shared, sizes @ np.array(each) / len(y), np.array(each))


def within(told: Told | None, part: int, parts: int) -> Told | None:
    """What is told of the whole, as one of its equal parts is done."""
    return None if told is None else lambda share: told((part + share) / parts)


def _parts(rows: int, folds: int, seed: int) -> list[NDArray[np.int64]]:
    return np.array_split(np.random.default_rng(seed).permutation(rows), folds)
