"""The probability that focal loss asks for, and the way back from it to the true rate.

Focal's cost at a true rate η is least where its slope in p is 0. With z = logit p that is
logit η = (1 + γ) z + a(z) − a(−z) + log((1 − α) / α), a(z) = log(1 + γ softplus(z) exp(−z)):
odd and rising in z but for α, and exact in digits far beyond those of a probability.
[Charoenphakdee, Vongkulbhisal, Chairatanakul & Sugiyama 2021](https://arxiv.org/abs/2011.09172)
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.links import SIGMOID, sigmoid, softplus
from losses.verdict.scoring import floats, improbable

STEPS = 100  # enough to halve any bracket to its last digit
CLOSE = 1e-8  # a step of Newton's that short leaves an error of its square
LEAST = -40.0  # below it softplus(z) exp(−z) is 1 to the last digit


def recovered(p: ArrayLike, gamma: float, alpha: float | None = None) -> Array:
    """The true rate at which focal loss asks for the probability p: eta of p, of any shape."""
    return sigmoid(recovered_logit(_logit(p), gamma, alpha))


def asked(eta: ArrayLike, gamma: float, alpha: float | None = None) -> Array:
    """The probability that costs least under focal loss when the true rate is eta."""
    return sigmoid(asked_logit(_logit(eta), gamma, alpha))


def recovered_logit(z: ArrayLike, gamma: float, alpha: float | None = None) -> Array:
    """The logit of the true rate, from the logit that focal loss asks for."""
    value = floats(z)
    moved = _moved(gamma, alpha)
    return (1 + gamma) * value + _bent(value, gamma) - _bent(-value, gamma) + moved


def asked_logit(logit: ArrayLike, gamma: float, alpha: float | None = None) -> Array:
    """The logit that focal loss asks for, from that of the true rate: by Newton's steps.

    a(z) lies between 0 and log(1 + γ), which brackets the root; a step out of the bracket, which
    each step narrows, is replaced by halving it.
    """
    wanted = floats(logit) - _moved(gamma, alpha)
    reach = math.log1p(gamma)
    low, high = (wanted - reach) / (1 + gamma), (wanted + reach) / (1 + gamma)
    z = wanted / (1 + gamma)
    for _ in range(STEPS):
        with np.errstate(invalid="ignore"):  # at an infinite logit, which stays where it is
            gap = recovered_logit(z, gamma) - wanted
            low, high = np.where(gap < 0, z, low), np.where(gap < 0, high, z)
            tried = z - gap / _rise(z, gamma)
            # a step that short is Newton's last, though rounding may lead it out of the bracket
            last = (np.abs(tried - z) <= CLOSE * (1 + np.abs(z))) | np.isinf(z)
            halved = np.where((tried >= low) & (tried <= high), tried, low / 2 + high / 2)
            z = np.where(np.isinf(z), z, np.where(last, tried, halved))
        if last.all():
            break
    return z


def _bent(z: Array, gamma: float) -> Array:
    """a(z); it falls from log(1 + γ) to 0."""
    return np.log1p(gamma * _ratio(z))


def _ratio(z: Array) -> Array:
    """softplus(z) exp(−z), which falls from 1 to 0."""
    z = np.clip(z, LEAST, 800.0)
    return softplus(z) * np.exp(-z)


def _rise(z: Array, gamma: float) -> Array:
    """The slope of logit η in z, by a'(z) = −γ (ratio − sigmoid(z) exp(−z)) / (1 + γ ratio)."""
    there, back = _ratio(z), _ratio(-z)  # and sigmoid(z) exp(−z) is sigmoid(−z)
    falls = (there - sigmoid(-z)) / (1 + gamma * there) + (back - sigmoid(z)) / (1 + gamma * back)
    return 1 + gamma - gamma * falls


def _moved(gamma: float, alpha: float | None) -> float:
    """log((1 − α) / α): by how much α moves the logit of the true rate."""
    if not 0 <= gamma < math.inf:
        raise ValueError(f"gamma = {gamma:g} must be a number from 0")
    if alpha is None:
        return 0.0
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha:g}: without both classes, it asks for 0 or 1 alone")
    return math.log1p(-alpha) - math.log(alpha)


def _logit(p: ArrayLike) -> Array:
    value = floats(p)
    if improbable(value.ravel()).size:
        raise ValueError("a value is not a probability")
    return SIGMOID.score(value)
