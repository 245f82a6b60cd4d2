"""What a fit hands back: the weights, their cost, and how sure it is that none are better."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from losses.arrays import Array

EPS, LEAST = float(np.finfo(float).eps), float(np.finfo(float).tiny)
STEPS, FLAT = 200, 1e-12  # more than are needed; as good as zero, relatively
PROVEN = 1e-8  # a certificate above it proves too little


@dataclass(frozen=True, eq=False)
class Fit:
    """The best weights, slopes then bias, their mean loss, and a certificate that none are better.

    At an optimum the pulls of the rows, the slopes of their losses, cancel: the certificate is the
    share that does not, beyond what rounding explains, and with a kink at least the duality gap,
    the share by which the cost could fall at most. Zero is a proof, if the loss is convex: where it
    is not `certain` that no weights are better, the note says why. With K classes, `weights` are
    slopes then bias of the first class, then of the next. The penalty is what the slopes pay.
    """

    weights: Array
    cost: float
    certificate: float
    steps: int
    penalty: float = 0.0
    certain: bool = True
    note: str = ""

    @property
    def objective(self) -> float:
        """Cost plus penalty: what the fit makes as small as can be."""
        return self.cost + self.penalty


class Optimum(NamedTuple):
    """The best weights in the coordinates of a frame, `(k,)` or `(k, K)`, and what a fit tells."""

    z: Array
    certificate: float
    steps: int
    certain: bool = True
    note: str = ""


class Separable(ValueError):
    """No finite weights are best: the cost falls for ever along a direction of weights.

    `direction` holds weights of length one, laid out as those of a fit, whose scores put no row on
    the wrong side; with `strict` none lies on the border either.
    """

    def __init__(self, direction: Array, strict: bool) -> None:
        touching = "" if strict else ", but for rows on the border"
        super().__init__(
            f"the classes can be separated{touching}: ‖w‖ grows without bound;"
            " a penalty (lam > 0) keeps it finite"
        )
        self.direction = direction / (np.linalg.norm(direction) or 1.0)
        self.strict = strict
