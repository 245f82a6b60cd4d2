"""Three readings of −(1 − ŷ)^γ log ŷ: as it stands, of the true class's ŷ, and with α_t.

As it stands there is no y in it: if ŷ is the probability of class 1, as in the formula of
cross-entropy, it rewards whoever always says class 1, whatever happens.
"""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.chances import Chances
from losses.links import SIGMOID
from losses.probabilistic import Focal
from losses.verdict.focal import asked

LITERAL, TRUE, BALANCED = "as written, without y", "of the true class, pₜ", "pₜ with αₜ"
READINGS = (LITERAL, TRUE, BALANCED)
MODEL, ALWAYS, BASE = "the predictions", "always .999", "the base rate"
SURE = 0.999
RARE = 0.05


@dataclass(frozen=True, eq=False)
class Readings:
    """What candidates cost under each reading: costs `(3 readings, 3 candidates)`.

    `base` is the share of class 1 by weight, and `best` `(3,)` the constant prediction that costs
    least under each reading; it may be 0 or 1, which is reached by no finite logit.
    """

    base: float
    focal: Focal
    cost: Array
    best: Array

    def preferred(self, reading: str) -> str:
        """The candidate that costs least under a reading."""
        candidates = (MODEL, ALWAYS, BASE)
        return candidates[int(self.cost[READINGS.index(reading)].argmin())]


def read(chances: Chances, gamma: float, alpha: float) -> Readings:
    """All costs, means by weight, of the chances of two classes."""
    base = base_rate(chances)
    weight = np.ones_like(chances.logits) if chances.weight is None else chances.weight
    candidates = np.array([SURE, base])
    model = [
        float(np.average(_weighed(rows, weight), weights=weight))
        for rows in _rows(chances.logits, chances.target, gamma, alpha)
    ]
    cost = np.column_stack([model, constants(candidates, base, gamma, alpha)])
    return Readings(base, Focal(gamma=gamma, alpha=alpha), cost, _best(base, gamma, alpha))


def rare(gamma: float, alpha: float) -> Array:
    """Costs `(3 readings, 2)` of `ALWAYS` and `BASE` where `RARE` of the rows are of class 1."""
    return constants(np.array([SURE, RARE]), RARE, gamma, alpha)


def base_rate(chances: Chances) -> float:
    """The share of class 1, by weight."""
    return float(np.average(chances.target, weights=chances.weight))


def constants(p: Array, base: float, gamma: float, alpha: float) -> Array:
    """What it costs under each reading to predict p `(points,)` for every row: `(3, points)`."""
    z = SIGMOID.score(p)
    ones, zeros = (
        np.array(list(_rows(z, np.full_like(z, label), gamma, alpha))) for label in (1.0, 0.0)
    )
    return _share(base, ones) + _share(1 - base, zeros)


def _rows(z: Array, y: Array, gamma: float, alpha: float) -> tuple[Array, Array, Array]:
    """The loss of every row under each reading."""
    plain = Focal(gamma=gamma)
    return (
        plain.value(np.ones_like(z), z),
        plain.value(y, z),
        Focal(gamma=gamma, alpha=alpha).value(y, z),
    )


def _best(base: float, gamma: float, alpha: float) -> Array:
    """The constant that costs least: the literal reading falls all the way to 1."""
    if not 0 < base < 1:
        return np.array([1.0, base, base])
    true = float(asked(base, gamma))
    balanced = alpha if alpha in (0.0, 1.0) else float(asked(base, gamma, alpha))
    return np.array([1.0, true, balanced])


def _share(part: float, cost: Array) -> Array:
    """The part of a cost; of no rows it is nothing, were it infinite."""
    return part * cost if part else np.zeros_like(cost)


def _weighed(cost: Array, weight: Array) -> Array:
    """The costs, without those of rows that do not count."""
    return np.where(weight > 0, cost, 0.0)
