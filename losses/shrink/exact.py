"""The linear model of least mean loss plus a penalty, found exactly: zeros are zeros."""

from losses.arrays import Array
from losses.base import Loss
from losses.fit import Fit, fit
from losses.penalties import Penalty
from losses.shrink.problem import Problem, shares


def penalized(loss: Loss, features: Array, target: Array, penalty: Penalty) -> Fit:
    """The linear model of least mean loss plus penalty, on features `(n, d)` and target `(n,)`.

    The bias pays nothing. The certificate is that of a fit, with the price of a weight beside the
    pulls: those on a weight of zero need not cancel, but stay below its price. Raises ValueError
    for a loss that is not convex or has no exact solver, and Separable where no bias is best.
    """
    l1, l2 = shares(penalty)
    if not l1:
        return fit(loss, features, target, l2)
    problem = Problem.of(loss, features, target)
    return problem.fitted(problem.solved(l1, l2).optimum, penalty)
