"""How few rows carry the loss: the rows of a class in order of their loss, and what they sum to.

Of easy rows there are many, and together they may outweigh the hard ones; the share of the whole
loss that the cheapest rows carry says how far a γ has silenced them.
[Lin et al. 2017, figure 4](https://arxiv.org/abs/1708.02002)
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.chances import Chances
from losses.probabilistic import Focal

PLACES = 1 - np.linspace(1, 0, 201) ** 2  # shares of the rows; closest where the dear ones are


@dataclass(frozen=True, eq=False)
class Cumulative:
    """The share of the loss that the cheapest rows carry, for each gamma.

    `rows` `(places,)` are shares of the rows, by weight, and `loss` `(gammas, places)` what those
    carry. `half` `(gammas,)` is the share of the rows, the dearest first, that carries half of the
    loss. Both are nan where every row costs nothing. `counted` rows were summed; those whose loss
    is infinite were left out, for beside them no other row has a share.
    """

    gammas: Array
    rows: Array
    loss: Array
    half: Array
    counted: int


def cumulative(
    true_logit: Array, gammas: Sequence[float], weight: Array | None = None
) -> Cumulative:
    """The curves of rows `(n,)` of one class, at `PLACES`; α would weigh all of them alike.

    Raises ValueError where no row is left.
    """
    weigh = np.ones_like(true_logit) if weight is None else weight
    kept = np.flatnonzero(np.isfinite(_losses(true_logit, 0.0)) & (weigh > 0))
    if not kept.size:
        raise ValueError("there is no row of weight whose loss is finite")
    kept = kept[np.argsort(-true_logit[kept], kind="stable")]  # the loss falls with the logit
    m, w = true_logit[kept], weigh[kept]
    rows = np.append(0.0, np.cumsum(w) / w.sum())
    curves = [_shares(_losses(m, gamma) * w) for gamma in gammas]
    return Cumulative(
        np.array(gammas, dtype=float),
        PLACES,
        np.array([np.interp(PLACES, rows, curve) for curve in curves]),
        np.array([1 - np.interp(0.5, curve, rows) for curve in curves]),
        kept.size,
    )


def by_class(chances: Chances, gammas: Sequence[float]) -> dict[int, Cumulative]:
    """The curves of class 0 and class 1, but of one in which no row is left."""
    found = {}
    for place in (0, 1):
        mine = chances.target == place
        weight = None if chances.weight is None else chances.weight[mine]
        with suppress(ValueError):
            found[place] = cumulative(chances.true_logit[mine], gammas, weight)
    return found


def _losses(m: Array, gamma: float) -> Array:
    return Focal(gamma=gamma).value(np.ones_like(m), m)


def _shares(cost: Array) -> Array:
    """The running sum of costs `(n,)`, from 0 to 1, `(n + 1,)`."""
    sums = np.append(0.0, np.cumsum(cost))
    with np.errstate(invalid="ignore"):
        return sums / sums[-1]
