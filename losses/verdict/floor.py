"""What a loss of a probability costs at the best of all answers: the floor, which is seldom 0.

Where a share η of like rows is of class 1, answering p to all of them costs
η L(1, p) + (1 − η) L(0, p) on average. The p that costs the least is what the loss asks for; a loss
is proper if that is η for every η. Cross-entropy's floor is the entropy of η.
[Gneiting & Raftery 2007](https://doi.org/10.1198/016214506000001437)
"""

from dataclasses import dataclass

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.links import SIGMOID, sigmoid
from losses.probabilistic import Brier, CrossEntropy, Focal
from losses.verdict.baseline import best_constant
from losses.verdict.focal import asked_logit

RATES = np.linspace(0.01, 0.99, 99)
CLOSE = 1e-8  # halving a bracket finds the bottom of a valley to the root of a rounding


@dataclass(frozen=True)
class Bottom:
    """The probability that costs the least at a true rate, what it costs, and what the truth costs.

    `formula` tells the closed form that gave it in words; where it is empty, it was searched for.
    """

    p: float
    floor: float
    at_truth: float
    formula: str = ""


def entropy(share: Array) -> float:
    """−Σ q log q in nats, of shares `(K,)` that sum to 1."""
    some = share[share > 0]
    return float(-(some * np.log(some)).sum()) + 0.0


def expected(loss: Loss, p: Array, eta: float) -> Array:
    """What a probability p of class 1 costs on average at a true rate eta, shaped like p."""
    z = SIGMOID.score(np.asarray(p, dtype=float))
    return expected_at(loss, z, eta)


def expected_at(loss: Loss, z: Array, eta: float) -> Array:
    """The same for the logit of p; a class that never comes costs nothing, not even infinity."""
    total = np.zeros_like(z)
    for label, share in ((1.0, eta), (0.0, 1 - eta)):
        if share:
            total = total + share * loss.value(np.full_like(z, label), z)
    return total


def searched(loss: Loss, eta: float) -> Bottom:
    """The bottom of any loss of a probability, by halving a bracket around it."""
    p, floor = best_constant(loss, [0.0, 1.0], [1 - eta, eta])
    return Bottom(p, floor, _at_truth(loss, eta))


def bottom(loss: Loss, eta: float) -> Bottom:
    """The bottom in closed form where one is known, else searched for; 0 < eta < 1."""
    known = _known(loss, eta)
    if known is None:
        return searched(loss, eta)
    logit, formula = known
    place = np.array(logit)
    floor = float(expected_at(loss, place, eta))
    return Bottom(float(sigmoid(place)), floor, _at_truth(loss, eta), formula)


def off(loss: Loss) -> tuple[float, float]:
    """How far at most p lies from η where the loss bottoms, and at which η: 0 if it is proper."""
    far = np.array([abs(bottom(loss, eta).p - eta) for eta in RATES.tolist()])
    worst = int(far.argmax())
    return (0.0 if far[worst] < CLOSE else float(far[worst])), float(RATES[worst])


def _known(loss: Loss, eta: float) -> tuple[float, str] | None:
    """The logit of the bottom, and its formula in words; None where none is known."""
    odds = float(np.log(eta) - np.log1p(-eta))
    match loss:
        case Brier():
            return odds, "p* = η"
        case CrossEntropy(positive_weight=w, smoothing=share):
            moved = eta * (1 - share) + share / 2
            if w == 1 and not share:
                return odds, "p* = η"
            said = "p* = w₁ η′ ÷ (w₁ η′ + 1 − η′)"
            return float(np.log(w * moved) - np.log1p(-moved)), said + _smoothed(share)
        case Focal(gamma=gamma, alpha=alpha) if alpha not in (0, 1):
            at = float(asked_logit(np.array(odds), gamma, alpha))
            return at, "logit η = (1 + γ) z + a(z) − a(−z)" if gamma or alpha else "p* = η"
    return None


def _smoothed(share: float) -> str:
    return ", η′ = η (1 − ε) + ε ÷ 2" if share else ", η′ = η"


def _at_truth(loss: Loss, eta: float) -> float:
    return float(expected(loss, np.array(eta), eta))
