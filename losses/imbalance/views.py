"""Weight, threshold and prior: one decision, seen three ways, and the refit that comes close.

For a rate η the weighted cross-entropy −w η log p − (1 − η) log(1 − p) is least at
p = w η / (w η + 1 − η), whose logit is logit η + log w: as if class 1 were w times as frequent
beside class 0. It passes ½ where η passes 1 / (1 + w).
[Elkan 2001](https://dl.acm.org/doi/10.5555/1642194.1642224)
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array, Indices
from losses.imbalance.outcome import Called, at_least, logit_of
from losses.links import sigmoid
from losses.verdict import focal


@dataclass(frozen=True, eq=False)
class Views:
    """Who is called 1 `(n,)`, by each way of favoring class 1; `names` say which.

    All read the same logits; a refit with the weight, if there is one, has logits of its own.
    """

    called: dict[str, Called]

    def differing(self, first: str, second: str) -> Indices:
        """The places of the rows on which two views disagree."""
        return np.flatnonzero(self.called[first] != self.called[second])

    @property
    def disagreements(self) -> int:
        """The rows on which weight, threshold and prior do not all say the same."""
        own = np.stack([self.called[name] for name in (WEIGHT, THRESHOLD, PRIOR)])
        return int((own != own[0]).any(axis=0).sum())


WEIGHT, THRESHOLD, PRIOR, REFIT = "weight", "threshold", "prior", "refit"


def views(logit: Array, weight: float, refitted: Array | None = None) -> Views:
    """The decisions of three views of logits `(n,)`, and those of the refit's logits, if any.

    Each is computed on its own way: the weighted loss's best probability against ½, the given
    probability against 1 / (1 + w), the moved logit against 0.
    """
    p, rest = sigmoid(logit), sigmoid(-logit)
    called = {
        WEIGHT: at_least(weight * p / (weight * p + rest), 0.5),
        THRESHOLD: at_least(p, threshold_of(weight)),
        PRIOR: at_least(logit + math.log(weight), 0.0),
    }
    if refitted is not None:
        called[REFIT] = at_least(refitted, 0.0)
    return Views(called)


def moved(rate: ArrayLike, weight: float) -> Array:
    """The probability that costs least at a rate, of any shape, when class 1 weighs so much."""
    eta = np.asarray(rate, dtype=float)
    return weight * eta / (weight * eta + 1 - eta)


def threshold_of(weight: float, threshold: float = 0.5) -> float:
    """The threshold that decides, without the weight, as a threshold does with it."""
    return threshold / (threshold + weight * (1 - threshold))


def instead(threshold: float, weight: float, gamma: float = 0.0) -> float:
    """The threshold on chances η that decides as t does on what w and focal's γ make of them.

    They ask for a probability of t or more where η reaches this: t / (t + w (1 − t)) at γ = 0.
    """
    if not gamma:
        return threshold_of(weight, threshold)
    alpha = weight / (1 + weight)
    return float(sigmoid(focal.recovered_logit(logit_of(threshold), gamma, alpha)))


def weight_of(threshold: float) -> float:
    """The weight that decides as the threshold does."""
    return math.exp(-logit_of(threshold))
