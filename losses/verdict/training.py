"""Trained with one loss, judged by another: does the loss that one is judged by train best?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array, Indices
from losses.axes import TASKS
from losses.base import Loss
from losses.cost import cost
from losses.data import DataError, Dataset
from losses.fit import Fit, fit
from losses.verdict.ranking import ranked
from losses.verdict.scoring import BEYOND

NAMED = 3  # so many judges are named, not only counted
LITTLE, COUNTED = 1e-4, 1000  # less, or so many times as much: nobody counts
LEAST = "no other fit has a lower mean loss on the rows held out"
SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, eq=False)
class Trained:
    """Exact fits on one part of the data, judged on the other: costs and ranks `(losses, judges)`.

    `train` and `held` are the places of their rows in the data. A loss that could not be fitted is
    `left_out`, with the reason. A judge reads a score as its own: as a margin's, or as a logit.
    """

    data: Dataset
    losses: tuple[Loss, ...]
    judges: tuple[Loss, ...]
    fits: tuple[Fit, ...]
    cost: Array
    rank: Indices
    train: Indices
    held: Indices
    left_out: tuple[tuple[Loss, str], ...] = ()

    @property
    def wins(self) -> Indices:
        """Under how many judges each fit ranks first, `(losses,)`."""
        return (self.rank == 1).sum(axis=1)

    def matched(self) -> tuple[tuple[Loss, float], ...]:
        """What training with the judge itself pays: the least cost of the other fits, over its own,
        less one; below zero another fit is better. Only for judges that were trained with, too."""
        found = []
        for column, judge in enumerate(self.judges):
            if judge not in self.losses or len(self.losses) < 2:
                continue
            own = self.losses.index(judge)
            others = np.delete(self.cost[:, column], own).min()
            paid = self.cost[own, column]
            with np.errstate(divide="ignore", invalid="ignore"):
                found.append((judge, float(others / paid - 1) if others != paid else 0.0))
        return tuple(found)

    @property
    def sentence(self) -> str:
        """Who wins how often, and whether it pays to train with the judge itself."""
        if not self.losses:
            return "No loss could be fitted: " + self._excuses()
        said = [self._winners() if len(self.losses) > 1 else self._alone()]
        matched = self.matched()
        if matched:
            said.append(_matching(matched))
        if self.left_out:
            said.append("Left out: " + self._excuses())
        return " ".join(said)

    def _winners(self) -> str:
        most, judges = int(self.wins.max()), len(self.judges)
        best = [i for i, wins in enumerate(self.wins) if wins == most]
        names = _listed([str(self.losses[i]) for i in best])
        if len(best) > 1:
            return (
                f"The fits trained with {names} each win under {most} of {judges} judges: {LEAST}."
            )
        won = [str(judge) for j, judge in enumerate(self.judges) if self.rank[best[0], j] == 1]
        named = f" ({_listed(won)})" if most < judges and most <= NAMED else ""
        return f"The fit trained with {names} wins under {most} of {judges} judges{named}: {LEAST}."

    def _alone(self) -> str:
        return f"Trained with {self.losses[0]} alone: there is no other fit to compare it with."

    def _excuses(self) -> str:
        reasons = dict[str, list[str]]()
        for loss, why in self.left_out:
            reasons.setdefault(why, []).append(str(loss))
        return "; ".join(f"{_listed(names)} ({why})" for why, names in reasons.items()) + "."


@BEYOND
def trained(
    data: Dataset,
    losses: Sequence[Loss],
    judges: Sequence[Loss],
    *,
    share: float = 0.7,
    seed: int = 0,
    lam: float = 0.0,
) -> Trained:
    """The exact fit of each loss on a share of the rows, judged on the others by every judge.

    The rows are drawn by the seed, from each class in equal shares. `lam` is the L2 penalty of all
    fits. Raises DataError for data without features, or losses and judges of another task.
    """
    _check(data, (*losses, *judges))
    (train, held), X, y = split(data, share, seed), data.features, data.target
    fitted, left_out = list[tuple[Loss, Fit]](), list[tuple[Loss, str]]()
    for loss in losses:
        try:
            fitted.append((loss, fit(loss, X[train], loss.encode(y[train]), lam)))
        except ValueError as error:
            left_out.append((loss, str(error)))
    costs = np.empty((len(fitted), len(judges)))
    for row, (_, found) in enumerate(fitted):
        scores = scores_of(found, X[held])
        for column, judge in enumerate(judges):
            costs[row, column] = cost(judge, judge.encode(y[held]), scores, infinite=True)
    names, fits = tuple(loss for loss, _ in fitted), tuple(found for _, found in fitted)
    parts = ranked(costs), train, held, tuple(left_out)
    return Trained(data, names, tuple(judges), fits, costs, *parts)


def split(data: Dataset, share: float, seed: int) -> tuple[Indices, Indices]:
    """The rows to train on and those held out, in order: of each class the same share."""
    if not 0 < share < 1:
        raise DataError(f"a share of {share!r} leaves no rows on one side; it must be in (0, 1)")
    rng = np.random.default_rng(seed)
    groups = np.unique(data.target) if data.task != "regression" else [None]
    train = list[Indices]()
    for group in groups:
        rows = np.flatnonzero(data.target == group) if group is not None else np.arange(len(data))
        most = max(len(rows) - 1, 1)
        train.append(rng.permutation(rows)[: min(max(round(share * len(rows)), 1), most)])
    chosen = np.sort(np.concatenate(train))
    held = np.setdiff1d(np.arange(len(data)), chosen)
    if not held.size:
        raise DataError(f"{data.name}: {len(data)} rows are too few to hold any out")
    return chosen, held


def _check(data: Dataset, losses: Sequence[Loss]) -> None:
    if data.role != "features":
        raise DataError(f"{data.name} holds predictions; training needs features to learn from")
    for loss in losses:
        if TASKS.get(loss.family) != data.task:
            raise DataError(f"{loss.name} is not for {data.task}, which {data.name} is")


def scores_of(found: Fit, X: Array) -> Array:
    """Scores `(n,)`, or `(n, K)` where the fit has weights for K classes."""
    w = found.weights.reshape(-1, X.shape[1] + 1)
    scores = X @ w[:, :-1].T + w[:, -1]
    return scores if len(w) > 1 else scores[:, 0]


def _matching(matched: Sequence[tuple[Loss, float]]) -> str:
    """For how many judges their own loss trains best, and where that pays, or costs, the most."""
    pays = sum(gain > 0 for _, gain in matched)
    most, least = (end(matched, key=lambda each: each[1]) for end in (max, min))
    compared = [_against(*most)] if most[1] > 0 else []
    compared += [_against(*least)] if least[1] < 0 else []
    said = f"Training with the judge's own loss is best for {pays} of {len(matched)} judges."
    if compared:
        said += f" The best other fit costs {' and '.join(compared)}."
    return said


def _against(judge: Loss, gain: float) -> str:
    """So much more or less than the fit trained with the judge, in percent, or in times."""
    return f"{_times(gain)} the judge's own under {judge}"


def _times(gain: float) -> str:
    if gain >= COUNTED:
        return f"more than {COUNTED:,} times"
    if gain >= 1:
        return f"{1 + gain:.3g} times"
    side = "more than" if gain > 0 else "less than"
    if abs(gain) < LITTLE:
        return f"less than {LITTLE:.2%}".replace("%", f"{SPACE}% {side}")
    return f"{100 * abs(gain):.3g}{SPACE}% {side}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
