"""How sure training makes a model as its penalty fades: without bound only on separable classes."""

from dataclasses import dataclass

import numpy as np

from losses.chances import learned
from losses.data import Dataset
from losses.fit import Separable, fit
from losses.multiclass import SoftmaxCrossEntropy
from losses.probabilistic import CrossEntropy

PENALTIES = (1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5)  # λ of λ Σ w², in standardized features


@dataclass(frozen=True)
class Fading:
    """An exact fit of cross-entropy at a penalty: ‖w‖ of its slopes, and its cost in nats.

    `sure` is the mean probability that rows get for their own class. Where no weights are best, the
    norm is infinite, and cost and `sure` are what they tend to, nan where that is not known.
    """

    penalty: float
    norm: float
    cost: float
    sure: float


def fading(data: Dataset) -> list[Fading]:
    """The fits at ever smaller penalties, and last without any. Raises DataError as `learned`."""
    found = [_fitted(data, lam) for lam in PENALTIES]
    loss = CrossEntropy() if data.task == "binary" else SoftmaxCrossEntropy()
    try:
        fit(loss, data.standardized().features, data.target)
    except Separable as endless:
        cost, sure = (0.0, 1.0) if endless.strict else (np.nan, np.nan)  # some rows stay in doubt
        return [*found, Fading(0.0, np.inf, cost, sure)]
    return [*found, _fitted(data, 0.0)]


def _fitted(data: Dataset, lam: float) -> Fading:
    one = learned(data, lam=lam)
    w = one.fit.weights.reshape(-1, len(data.columns) + 1)[:, :-1]
    p = one.chances.probabilities
    own = np.take_along_axis(p, data.target.astype(np.intp)[:, None], axis=1)
    return Fading(lam, float(np.linalg.norm(w)), one.fit.cost, float(own.mean()))
