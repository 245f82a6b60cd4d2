"""The Murphy diagram: models compared under all the losses that ask for one thing, at once.

Every loss that asks for the mean is a mixture of elementary scores, one for each threshold θ: so
are those that ask for a quantile, or for an expectile. A model whose mean elementary score is at
no θ the higher one is at least as good under every such loss.
[Ehm, Gneiting, Jordan & Krüger 2016](https://doi.org/10.1111/rssb.12154)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.notation import worded
from losses.verdict.pieces import Events, Pieces, pieces
from losses.verdict.scoring import BEYOND, floats, improbable

Asks = Literal["mean", "quantile", "expectile", "probability"]
TIED = 1e-12  # of the mean jump of two curves: what rounding alone could tell apart
DRAWN = 1024  # thresholds of a picture, where there are more knots
SPACE = "\N{NO-BREAK SPACE}"
TOLD = 5  # as many stretches as a sentence can list


@dataclass(frozen=True, eq=False)
class Dominance:
    """Which of two models is cheaper at which thresholds.

    Between edges k and k + 1 `(k + 1,)` the sign `(k,)` is −1 where the first model is cheaper, 1
    where the second is, 0 where they differ by at most `rounding`; beyond the edges both cost 0.
    """

    first: str
    second: str
    wanted: str  # what the losses ask for, in words
    edges: Array
    sign: Indices
    rounding: float

    @property
    def winner(self) -> str | None:
        """The model that is cheaper at some thresholds and dearer at none."""
        found = set(self.sign.tolist()) - {0}
        return (self.first if found == {-1} else self.second) if len(found) == 1 else None

    def spans(self, name: str | None) -> list[tuple[float, float]]:
        """The stretches of thresholds on which one model is cheaper, or for None neither."""
        sign = 0 if name is None else -1 if name == self.first else 1
        ends = zip(self.edges[:-1], self.edges[1:], self.sign, strict=True)
        return [(float(low), float(high)) for low, high, one in ends if one == sign]

    def share(self, name: str) -> float:
        """The share of the stretch between the outer edges on which one model is cheaper."""
        if not len(self.sign):
            return 0.0
        cheaper = self.sign == (-1 if name == self.first else 1)
        return float(np.diff(self.edges) @ cheaper / (self.edges[-1] - self.edges[0]))

    def sentence(self, shown: Callable[[str], str] = str) -> str:
        """Who wins under which losses; `shown` writes the name of a model."""
        every, won = f"for every loss that asks for {self.wanted}", self.winner
        names = [self.first, self.second]
        if won is not None:
            lost = names[won == self.first]
            return f"{shown(won)} beats {shown(lost)} {every}."
        if not self.sign.any():
            return f"{shown(self.first)} and {shown(self.second)} tie {every}."
        neither = f"Neither {shown(self.first)} nor {shown(self.second)} wins {every}"
        if np.count_nonzero(self.sign) <= TOLD:
            parts = [self._where(self.first), f"{shown(self.second)} {self._where(self.second)}"]
            return (
                f"{neither}: {shown(self.first)} is cheaper at thresholds {parts[0]}, {parts[1]}."
            )
        low, high = map(worded, (self.edges[0], self.edges[-1]))
        one, other = (f"{100 * self.share(name):.0f}{SPACE}%" for name in names)
        first = f"{shown(self.first)} is cheaper at {one} of the thresholds from {low} to {high}"
        return f"{neither}: {first}, {shown(self.second)} at {other}."

    def _where(self, name: str) -> str:
        """The stretches of one model; the outermost are named by their inner edge alone."""
        told = np.flatnonzero(self.sign)
        outer = self.edges[told[0]], self.edges[told[-1] + 1]
        parts = []
        for low, high in self.spans(name):
            middle = f"from {worded(low)} to {worded(high)}"
            above = f"above {worded(low)}" if high == outer[1] else middle
            parts.append(f"below {worded(high)}" if low == outer[0] else above)
        return " and ".join([", ".join(parts[:-1]), parts[-1]][len(parts) == 1 :])


@dataclass(frozen=True, eq=False)
class Murphy:
    """Mean elementary scores `(models, k)` at thresholds `(k,)`, exact at each of them.

    `before` are the limits from below: between two thresholds a line leads from a score to the
    next limit, exactly if `every` knot is among the thresholds. `area` `(models,)` is that under
    the whole curve, `cost` the mean loss that it measures: squared error or Brier, the quantile
    or the expectile loss.
    """

    models: tuple[str, ...]
    asks: Asks
    level: float
    thetas: Array
    score: Array
    before: Array
    area: Array
    every: bool
    target: Array = field(repr=False)
    predictions: Mapping[str, Array] = field(repr=False)
    weight: Array = field(repr=False)

    @property
    def cost(self) -> Array:
        """The area under a quantile's curve, twice that under the others `(models,)`."""
        return self.area * (1 if self.asks == "quantile" else 2)

    @property
    def wanted(self) -> str:
        """What these losses ask for, in words."""
        if self.asks in ("mean", "probability"):
            return f"the {self.asks}"
        half = {"quantile": "the median", "expectile": "the mean"}[self.asks]
        return half if self.level == 0.5 else f"the {self.level:g}-{self.asks}"

    def outline(self, model: int) -> tuple[Array, Array]:
        """The curve of one model as a line through points, two at each threshold: for drawing."""
        scores = np.column_stack([self.before[model], self.score[model]])
        return np.repeat(self.thetas, 2), scores.ravel()

    def dominance(self, first: str, second: str) -> Dominance:
        """Which of two models is cheaper at which thresholds, exactly: from their difference."""
        rows = np.flatnonzero(self.predictions[first] != self.predictions[second])
        y, w = self.target[rows], self.weight[rows]
        a, b = (
            _events(y, self.predictions[name][rows], w, self.asks, self.level)
            for name in (first, second)
        )
        if self.asks in ("mean", "probability"):  # what happens at a target is the same for both
            a, b = (Events(*(part[: len(y)] for part in one)) for one in (a, b))
        joined = (np.concatenate([one, other]) for one, other in zip(a, _negated(b), strict=True))
        gap = pieces(Events(*joined), self.weight.sum())
        moved = (np.abs(a.jump).sum() + np.abs(b.jump).sum()) / self.weight.sum()
        rounding = max(TIED * float(moved), 4 * gap.rest)
        return Dominance(first, second, self.wanted, *_signs(gap, rounding), rounding)

    def sentence(self, first: str, second: str, shown: Callable[[str], str] = str) -> str:
        """Which of two models wins, and under which of the losses that ask for this."""
        return self.dominance(first, second).sentence(shown)


@BEYOND
def murphy(
    target: ArrayLike,
    predictions: Mapping[str, ArrayLike],
    asks: Asks = "mean",
    level: float = 0.5,
    thetas: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    drawn: int = DRAWN,
) -> Murphy:
    """Mean elementary scores of every model, as weighted means if weights `(n,)` are given.

    For the mean a row costs |θ − y| if min(s, y) ≤ θ < max(s, y), else 0; for an expectile that
    times |level − [s > y]|, for a quantile this factor alone. Without `thetas`, all knots are
    taken if they are at most `drawn`, else so many that show the curve. Raises ValueError for what
    is not finite, lengths that differ, weights below 0, and probabilities outside [0, 1]; an area
    beyond the largest number is infinite.
    """
    y = floats(target)
    w = np.ones_like(y) if weight is None else floats(weight)
    given = {name: floats(prediction) for name, prediction in predictions.items()}
    _check(y, given, w, asks, level)
    curves = [pieces(_events(y, s, w, asks, level), w.sum()) for s in given.values()]
    shown = _thresholds(curves, drawn) if thetas is None else np.sort(floats(thetas).ravel())
    both = np.array([(curve.at(shown), curve.before(shown)) for curve in curves])
    score, before = both.reshape(len(curves), 2, len(shown)).swapaxes(0, 1)
    area = np.array([curve.area for curve in curves])
    if not np.isfinite(both).all():
        raise ValueError("an elementary score is beyond the largest number")
    every = all(np.isin(curve.knots, shown).all() for curve in curves)
    return Murphy(tuple(given), asks, level, shown, score, before, area, every, y, given, w)


def _events(y: Array, s: Array, w: Array, asks: Asks, level: float) -> Events:
    """What each row does at its prediction and, after those, at its target."""
    share = np.where(s > y, 1 - level, level) if asks in ("quantile", "expectile") else 1.0
    place, force, flat = np.concatenate([s, y]), w * share, np.zeros(2 * len(y))
    if asks == "quantile":
        jump = force * np.sign(y - s)
        return Events(place, flat, np.concatenate([jump, -jump]))
    flat[: len(y)] = force * (y - s)
    return Events(place, np.concatenate([-force, force]), flat)


def _negated(events: Events) -> Events:
    return Events(events.place, -events.bend, -events.jump)


def _signs(gap: Pieces, rounding: float) -> tuple[Array, Indices]:
    """Edges and the sign between them: pieces are cut where they cross 0, equals are joined."""
    if len(gap.knots) < 2:
        return np.empty(0), np.empty(0, dtype=np.int64)
    low, high = (np.where(np.abs(v) <= rounding, 0.0, v) for v in (gap.value[:-1], gap.ends))
    crossing = np.flatnonzero(np.sign(low) * np.sign(high) < 0)
    part = low[crossing] / (low[crossing] - high[crossing])
    root = gap.knots[crossing] + part * np.diff(gap.knots)[crossing]
    sign = np.where(low != 0, np.sign(low), np.sign(high)).astype(np.int64)
    sign = np.insert(sign, crossing + 1, np.sign(high[crossing]).astype(np.int64))
    edges = np.insert(gap.knots, crossing + 1, root)
    kept = np.flatnonzero(np.append(True, np.diff(sign) != 0))
    return np.append(edges[kept], edges[-1]), sign[kept]


def _thresholds(curves: list[Pieces], most: int) -> Array:
    """All knots, or if there are too many: even steps, even shares of the knots, largest jumps."""
    if sum(len(curve.knots) for curve in curves) <= most:
        return np.unique(np.concatenate([curve.knots for curve in curves] or [np.empty(0)]))
    few = max(2, most // (4 * len(curves)))
    low, high = min(c.knots[0] for c in curves), max(c.knots[-1] for c in curves)
    chosen = [np.linspace(low, high, max(2, most // 2))]
    for curve in curves:
        ranks = np.linspace(0, len(curve.knots) - 1, few).astype(int)
        jumps = _largest(curve.value[1:] - curve.ends, few)
        chosen += [curve.knots[ranks], curve.knots[1:][jumps]]
    return np.unique(np.concatenate(chosen))


def _largest(steps: Array, count: int) -> Indices:
    return np.argpartition(-np.abs(steps), min(count, len(steps) - 1))[:count]


def _check(y: Array, given: Mapping[str, Array], w: Array, asks: Asks, level: float) -> None:
    for name, values in {"target": y, "weight": w, **given}.items():
        if values.shape != (len(y),):
            raise ValueError(f"{name}: {values.shape} values for {len(y)} rows")
        if not np.isfinite(values).all():
            raise ValueError(f"{name}: a value is not a finite number")
        if asks == "probability" and values is not w and improbable(values).size:
            raise ValueError(f"{name}: a value is not a probability")
    if asks == "probability" and not np.isin(y, (0, 1)).all():
        raise ValueError("target: a probability is judged by classes 0 and 1")
    if (w < 0).any() or not w.sum() > 0:
        raise ValueError("weight: weights must be 0 or more, and one above 0")
    if asks in ("quantile", "expectile") and not 0 < level < 1:
        raise ValueError(f"level = {level:g} must lie between 0 and 1")
