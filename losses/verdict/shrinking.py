"""How far focal loss draws the probabilities of a model, were they the true rates."""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.chances import Chances
from losses.links import sigmoid
from losses.verdict.focal import asked_logit, recovered_logit

FAR = 0.05


@dataclass(frozen=True, eq=False)
class Shrinking:
    """What becomes of each row's probability of class 1: `given` and `asked`, both `(n,)`.

    `far` is how many rows move by more than `FAR`, `crossed` how many change the class that a
    threshold of one half decides, `mean` and `most` how far they move; `back` is the largest gap
    between a probability and the way back to it. Rows of weight 0 do not count.
    """

    given: Array
    asked: Array
    rows: int
    far: int
    crossed: int
    mean: float
    most: float
    back: float


def shrunk(chances: Chances, gamma: float, alpha: float | None = None) -> Shrinking:
    """The chances of two classes as focal would leave them; ValueError where α is 0 or 1."""
    z, weight = chances.logits, chances.weight
    moved = asked_logit(z, gamma, alpha)
    given, asked = sigmoid(z), sigmoid(moved)
    gap = np.abs(asked - given)
    counted = np.ones(len(z), dtype=bool) if weight is None else weight > 0
    back = np.abs(sigmoid(recovered_logit(moved, gamma, alpha)) - given)
    return Shrinking(
        given,
        asked,
        int(counted.sum()),
        int((gap > FAR)[counted].sum()),
        int(((z > 0) != (moved > 0))[counted].sum()),
        float(np.average(gap, weights=weight)),
        float(gap[counted].max()),
        float(back[counted].max()),
    )
