"""Who owns the loss: its share, and that of the pull on the logits, by class and by difficulty."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.chances import Chances
from losses.emphasis import log_ratio
from losses.links import sigmoid
from losses.probabilistic import Focal
from losses.verdict.scoring import floats

EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)  # of p_t: from hard to easy
HARD = 3  # bins below one half


@dataclass(frozen=True, eq=False)
class Shares:
    """Parts of a whole `(2, bins)`, of class 0 and class 1 by difficulty; they sum to 1, or nan."""

    rows: Array
    loss: Array
    pull: Array

    def of(self, place: int) -> tuple[float, float, float]:
        """The shares of rows, loss and pull of one class."""
        rows, loss, pull = (float(part[place].sum()) for part in (self.rows, self.loss, self.pull))
        return rows, loss, pull

    @property
    def hard(self) -> tuple[float, float, float]:
        """The shares of rows, loss and pull of all rows whose p_t is below one half."""
        parts = (self.rows, self.loss, self.pull)
        rows, loss, pull = (float(part[:, :HARD].sum()) for part in parts)
        return rows, loss, pull


@dataclass(frozen=True, eq=False)
class Ownership:
    """What the rows of two classes sum to in each bin of p_t.

    `rows` `(2, bins)` sums weights, `loss` and `pull` `(gammas, 2, bins)` weighted losses and
    sizes of gradients in the logit, without α: it only weighs the classes. Rows of infinite loss
    count among the rows and in the pull, and not in the loss.
    """

    classes: tuple[str, ...]
    gammas: Array
    rows: Array
    loss: Array
    pull: Array

    def shares(self, gamma: float, alpha: float | None = None) -> Shares:
        """The shares at one of the gammas."""
        at = self.gammas.tolist().index(gamma)
        weigh = np.ones((2, 1)) if alpha is None else np.array([[1 - alpha], [alpha]])
        return Shares(
            _parts(self.rows), _parts(weigh * self.loss[at]), _parts(weigh * self.pull[at])
        )


def owned(chances: Chances, gammas: Sequence[float]) -> Ownership:
    """The sums of every gamma, of the chances of two classes."""
    m, y = chances.true_logit, chances.target
    weight = np.ones_like(m) if chances.weight is None else chances.weight
    place = np.digitize(sigmoid(m), EDGES[1:-1]) + (len(EDGES) - 1) * y.astype(np.intp)
    one, endless = np.ones_like(m), np.isneginf(m)

    def summed(value: Array) -> Array:
        size = 2 * (len(EDGES) - 1)
        return floats(np.bincount(place, value * weight, size).reshape(2, -1))

    losses = [np.where(endless, 0.0, Focal(gamma=gamma).value(one, m)) for gamma in gammas]
    finite = np.where(endless, 0.0, m)  # of an endless row the pull is 1, the limit of them all
    slopes = [
        np.where(endless, 1.0, np.abs(Focal(gamma=gamma).gradient(one, finite))) for gamma in gammas
    ]
    return Ownership(
        chances.classes,
        np.array(gammas, dtype=float),
        summed(one),
        np.array(list(map(summed, losses))),
        np.array(list(map(summed, slopes))),
    )


def raised(chances: Chances, focal: Focal) -> int:
    """How many rows that count pull harder on their logit than under cross-entropy."""
    m, y = chances.true_logit, chances.target
    counts = np.isfinite(m) if chances.weight is None else np.isfinite(m) & (chances.weight > 0)
    louder = [log_ratio(focal, m[counts & (y == k)], positive=k == 1) > 0 for k in (0, 1)]
    return sum(int(each.sum()) for each in louder)


def _parts(sums: Array) -> Array:
    with np.errstate(invalid="ignore"):
        return sums / sums.sum()
