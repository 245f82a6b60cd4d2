"""One class against the rest: fitted exactly at any weight and γ, or given as probabilities."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.chances import EASED, Chances
from losses.data import DataError, Dataset
from losses.data.dataset import spread
from losses.fit import Fit, Separable
from losses.fit.counted import Counted
from losses.imbalance.outcome import Outcome, outcome
from losses.probabilistic import CrossEntropy, Focal


@dataclass(frozen=True, eq=False)
class Learned:
    """The fit for some counts of the rows, and the logits `(n,)` that it gives them.

    `z` are its coordinates, from which a next fit may start. Where the classes can be separated,
    `direction` is that of weights without bound, and `eased` the penalty that kept them finite.
    """

    fit: Fit
    logits: Array
    z: Array
    eased: float = 0.0
    direction: Array | None = None

    def favoring(self, weight: float) -> Array:
        """The weights of the same model with its prior shifted: log w more bias `(d + 1,)`."""
        return np.append(self.fit.weights[:-1], self.fit.weights[-1] + np.log(weight))


@dataclass(frozen=True, eq=False)
class Rare:
    """Rows of two classes, 0 and the rare 1, with features in standard deviations `(n, d)`.

    The penalty λ Σ w² keeps weights small; rows of a data set with weights count by them.
    """

    data: Dataset
    lam: float = 0.0

    @classmethod
    def of(cls, data: Dataset, place: int, columns: tuple[str, ...], lam: float = 0.0) -> "Rare":
        """One class of a data set against all others, seen through some of its columns.

        Raises DataError for data without features or classes, or if one of both has no row that
        counts.
        """
        if data.role != "features" or data.task == "regression":
            raise DataError(f"{data.name} holds no features to tell classes by")
        name = data.classes[place]
        others = [other for at, other in enumerate(data.classes) if at != place]
        rest = others[0] if len(others) == 1 else f"not {name}"
        target = (data.target == place).astype(float)
        if np.ptp(target if data.weight is None else target[data.weight > 0]) == 0:
            said = "all rows" if data.weight is None else "all rows that weigh more than 0"
            raise DataError(f"{said} are of one class: nothing tells {name!r} from the rest")
        X = np.column_stack([data.column(column) for column in columns])
        two = replace(
            data, columns=columns, features=X, target=target, task="binary", classes=(rest, name)
        )
        return cls(two, lam)

    @property
    def target(self) -> Array:
        """1 for the rare class `(n,)`."""
        return self.data.target

    @cached_property
    def weight(self) -> Array:
        """How much each row counts in the data set `(n,)`."""
        return np.ones(len(self.data)) if self.data.weight is None else self.data.weight

    @cached_property
    def features(self) -> Array:
        """In standard deviations from their means `(n, d)`."""
        return self.data.standardized().features

    @cached_property
    def _solver(self) -> Counted:
        return Counted(self.features, self.target, self.lam)

    @cached_property
    def _eased(self) -> Counted:
        return Counted(self.features, self.target, EASED)

    @property
    def balance(self) -> float:
        """The weight of class 1 at which both classes weigh alike."""
        return _balance(self.target, self.weight)

    def counts(self, weight: float) -> Array:
        """How often each row counts when class 1 weighs so much `(n,)`."""
        return np.where(self.target == 1, weight, 1.0) * self.weight

    def at(self, weight: float = 1.0, gamma: float = 0.0) -> Learned:
        """The exact fit of cross-entropy, or of focal loss, with class 1 weighted."""
        return self.counted(self.counts(weight), gamma)

    def counted(self, count: Array, gamma: float = 0.0, start: Array | None = None) -> Learned:
        """The exact fit in which each row counts so often `(n,)`, from a start of coordinates."""
        loss = Focal(gamma=gamma) if gamma else CrossEntropy()
        eased, direction, solver = 0.0, None, self._solver
        try:
            found, z = solver.fit(loss, count, start)
        except Separable as endless:
            eased, direction, solver = EASED, endless.direction, self._eased
            found, z = solver.fit(loss, count)
        return Learned(found, solver.frame.A @ z, z, eased, direction)

    def judged(self, learned: Learned, threshold: float = 0.5) -> Outcome:
        """Its counts at a threshold, and its calibration, on the rows as the data set has them."""
        return outcome(self.target, learned.logits, threshold, self.data.weight)


@dataclass(frozen=True, eq=False)
class Given:
    """Probabilities that a model gave: nothing is refitted, a weight moves their logits."""

    chances: Chances

    @property
    def target(self) -> Array:
        """1 for the rare class `(n,)`."""
        return self.chances.target

    @property
    def balance(self) -> float:
        """The weight of class 1 at which both classes weigh alike."""
        weight = self.chances.weight
        return _balance(self.target, np.ones_like(self.target) if weight is None else weight)

    def at(self, weight: float = 1.0) -> Array:
        """The logits, as if class 1 were so many times as frequent beside class 0 `(n,)`."""
        return self.chances.logits + np.log(weight)

    def shift(self, weight: float) -> Array:
        """Slope and bias that move the given logits so far `(2,)`."""
        return np.array([1.0, np.log(weight)])

    def judged(self, weight: float = 1.0, threshold: float = 0.5) -> Outcome:
        """Counts at a threshold, and the calibration of the moved probabilities."""
        return outcome(self.target, self.at(weight), threshold, self.chances.weight)


def rarest(target: Array, count: int) -> list[int]:
    """The classes that some row has, the rarest first; of equally many rows, the later one."""
    rows = np.bincount(target.astype(np.intp), minlength=count)
    return sorted(np.flatnonzero(rows).tolist(), key=lambda place: (rows[place], -place))


def _balance(target: Array, weight: Array) -> float:
    """Infinite where class 1 has no weight at all."""
    with np.errstate(divide="ignore"):
        return float(np.divide(weight @ (1 - target), weight @ target))


def telling(data: Dataset, place: int) -> tuple[str, ...]:
    """The columns that are not constant; first those in which a class lies farthest from the rest.

    Far is the distance of both means in standard deviations of the column.
    """
    mine, size = data.target == place, spread(data.features)
    apart = np.abs(data.features[mine].mean(axis=0) - data.features[~mine].mean(axis=0))
    far = apart / np.where(size > 0, size, 1.0)
    order = np.argsort(-far, kind="stable").tolist()
    return tuple(data.columns[k] for k in order if size[k] > 0)


def path(rare: Rare, weights: Iterable[float], gammas: Iterable[float]) -> list[Learned]:
    """The fits at pairs of weight and γ, each from the one before, as large as its γ leaves it."""
    found: list[Learned] = []
    last = 0.0
    for weight, gamma in zip(weights, gammas, strict=True):
        warm = None
        if found and found[-1].direction is None:
            warm = found[-1].z * (1 + last) / (1 + gamma)
        found.append(rare.counted(rare.counts(weight), gamma, warm))
        last = gamma
    return found
