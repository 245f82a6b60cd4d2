"""Losses of a positive target: counts, waiting times, prices."""

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.families import Deviance, PositiveLoss
from losses.spec import Domain, catalogued, param
from losses.special import LARGEST, excess_exp, excess_growth

BETWEEN = (  # Tweedie's deviance where it is neither of the two others
    r"\frac{y^{2 - p}}{(1 - p) (2 - p)} - \frac{y \mu^{1 - p}}{1 - p} + \frac{\mu^{2 - p}}{2 - p}"
)
FAR = 1.0  # in log μ − log y: from here on the parts of a deviance no longer cancel


def log_ratio(target: Array, score: Array) -> Array:
    """log μ − log y; infinite where y is zero."""
    with np.errstate(divide="ignore"):
        return score - np.log(target)


def power_of_mean(score: Array, power: float) -> Array:
    """μ to a power, which is 1 to the power of 0, whatever μ is."""
    return np.exp(power * score) if power else np.ones_like(score)


@catalogued
class Poisson(Deviance):
    """For counts: the same miss costs less where the prediction is larger."""

    name = "Poisson"
    latex = r"y \log (y / \mu) - y + \mu"
    where = r"\mu = e^\eta"
    reference = (
        "[McCullagh & Nelder 1989, half the deviance](https://doi.org/10.1007/978-1-4899-3242-6)"
    )
    asks_for = "the mean"
    needs = "zero or more"
    convex = True
    influence = "unbounded"
    expression = "xlogx(y) - y * s - y + exp(s)"

    def value(self, target: Array, score: Array) -> Array:
        t = log_ratio(target, score)
        with np.errstate(invalid="ignore"):  # 0 log 0, which is 0
            far = np.exp(score) - target - np.where(target == 0, 0.0, target * t)
            return np.where(np.abs(t) < FAR, target * excess_exp(t), far)

    def gradient(self, target: Array, score: Array) -> Array:
        t = log_ratio(target, score)
        near = target * np.expm1(np.clip(t, -FAR, FAR))
        return np.where(np.abs(t) < FAR, near, np.exp(score) - target)

    def curvature(self, target: Array, score: Array) -> Array:
        return np.exp(score)

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return ~((target >= 0) & (target < np.inf))


@catalogued
class Gamma(Deviance):
    """Only the ratio counts: predicting 10 for 1 costs what predicting 100 for 10 does."""

    name = "Gamma"
    latex = r"\log (\mu / y) + y / \mu - 1"
    where = r"\mu = e^\eta"
    reference = (
        "[McCullagh & Nelder 1989, half the deviance](https://doi.org/10.1007/978-1-4899-3242-6)"
    )
    asks_for = "the mean"
    needs = "above zero"
    convex = True
    influence = "unbounded"
    expression = "s - log(y) + y * exp(-s) - 1"

    def value(self, target: Array, score: Array) -> Array:
        t = log_ratio(target, score)
        # far out, y exp(−η) keeps the digits that t has lost
        far = target * np.exp(-score) - 1 + np.maximum(t, -LARGEST)
        return np.where(np.abs(t) < FAR, excess_exp(-t), far)

    def gradient(self, target: Array, score: Array) -> Array:
        t = log_ratio(target, score)
        near = -np.expm1(-np.clip(t, -FAR, FAR))
        return np.where(np.abs(t) < FAR, near, 1 - target * np.exp(-score))

    def curvature(self, target: Array, score: Array) -> Array:
        return np.exp(-log_ratio(target, score))

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return ~((target > 0) & (target < np.inf))


@catalogued
class Tweedie(Deviance):
    """Between Poisson and gamma, for targets that are often zero and otherwise spread widely."""

    name = "Tweedie"
    latex = (
        rf"\begin{{cases}} {Poisson.latex} & p = 1 \\ {Gamma.latex} & p = 2 \\"
        rf" {BETWEEN} & \text{{otherwise}} \end{{cases}}"
    )
    where = r"\mu = e^\eta"
    reference = "[Jørgensen 1987, half the unit deviance](https://doi.org/10.1111/j.2517-6161.1987.tb01685.x)"
    asks_for = "the mean"
    influence = "unbounded"
    power: float = param(
        1.5,
        1.0,
        3.0,
        "p",
        "The variance grows like this power of the mean",
        step=0.05,
        domain=Domain(1.0, 3.0),
    )

    @property
    def needs(self) -> str:  # type: ignore[override]
        return "zero or more" if self.power < 2 else "above zero"

    @property
    def formula(self) -> str:
        return {1.0: Poisson.latex, 2.0: Gamma.latex}.get(self.power, BETWEEN)

    @property
    def convex(self) -> bool:
        return self.power <= 2

    @property
    def expression(self) -> str:
        special = {1.0: Poisson.expression, 2.0: Gamma.expression}
        p = "power"
        return special.get(
            self.power,
            f"y ** (2 - {p}) / ((1 - {p}) * (2 - {p})) - y * exp((1 - {p}) * s) / (1 - {p})"
            f" + exp((2 - {p}) * s) / (2 - {p})",
        )

    def value(self, target: Array, score: Array) -> Array:
        t, a = log_ratio(target, score), 1 - self.power
        scale = target ** (2 - self.power)
        size, wanted = power_of_mean(score, a + 1), self._wanted(target, score)
        near = scale * excess_growth(a, np.where(np.abs(t) < FAR, t, 0.0))
        with np.errstate(invalid="ignore"):
            far = _grown(a + 1, t, scale, size) - _grown(a, t, scale, wanted)
        some = np.where(np.abs(t) < FAR, near, np.where(np.isinf(wanted), np.inf, far))
        return np.where(target == 0, size / (a + 1 or 1.0), some)

    def gradient(self, target: Array, score: Array) -> Array:
        wanted = self._wanted(target, score)
        t = np.clip(log_ratio(target, score), -FAR, FAR)
        size = power_of_mean(score, 2 - self.power)
        with np.errstate(invalid="ignore"):
            far = np.where(np.isinf(wanted), -np.inf, size - wanted)
        return np.where(np.abs(t) < FAR, -np.expm1(-t) * size, far)

    def curvature(self, target: Array, score: Array) -> Array:
        size, wanted = power_of_mean(score, 2 - self.power), self._wanted(target, score)
        with np.errstate(invalid="ignore"):
            bend = (2 - self.power) * size + (self.power - 1) * wanted
        return np.where(np.isinf(wanted), np.inf, bend)

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        enough = target >= 0 if self.power < 2 else target > 0
        return ~(enough & (target < np.inf))

    def _wanted(self, target: Array, score: Array) -> Array:
        """y μ^(1 − p), which is 0 at y = 0 for every μ."""
        with np.errstate(invalid="ignore"):
            return np.where(target == 0, 0.0, target * power_of_mean(score, 1 - self.power))


def _grown(a: float, t: Array, scale: Array, end: Array) -> Array:
    """scale · growth(a, t) from its end, scale · exp(a t): exp(a t) alone may be infinite."""
    if not a:
        return scale * t
    near = scale * np.expm1(np.clip(a * t, -FAR, FAR))
    return np.where(np.abs(a * t) < FAR, near, end - scale) / a


@catalogued
class SquaredLogError(PositiveLoss):
    """Squared error of log(1 + y): ratios count, and too low costs more than too high."""

    name = "Squared log error"
    latex = r"(\log (1 + s) - \log (1 + y))^2"
    reference = "[scikit-learn, mean squared logarithmic error](https://scikit-learn.org/stable/modules/model_evaluation.html#mean-squared-logarithmic-error)"
    asks_for = "the mean on a logarithmic scale"
    needs = "above −1"
    lowest = -1.0
    convex = False
    influence = "unbounded"
    expression = "(log1p(s) - log1p(y)) ** 2"

    def value(self, target: Array, score: Array) -> Array:
        d = self._distance(target, score)
        return d * d

    def gradient(self, target: Array, score: Array) -> Array:
        return 2 * self._distance(target, score) / (1 + score)

    def curvature(self, target: Array, score: Array) -> Array:
        return 2 * (1 - self._distance(target, score)) / (1 + score) / (1 + score)

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return ~((target > -1) & (target < np.inf))

    def _distance(self, target: Array, score: Array) -> Array:
        ratio = (score - target) / (1 + target)
        near = np.abs(ratio) < 0.5  # then a difference of logarithms would cancel
        return np.where(
            near, np.log1p(np.where(near, ratio, 0.0)), np.log1p(score) - np.log1p(target)
        )


@catalogued
class AbsolutePercentageError(PositiveLoss):
    """The error as a share of the target, so rows with small targets decide the fit."""

    name = "Absolute percentage error"
    latex = r"|r| / |y|"
    reference = "[de Myttenaere et al. 2016](https://doi.org/10.1016/j.neucom.2015.12.114)"
    asks_for = "the median, each target weighing 1 ÷ |y|"
    needs = "a finite number other than zero"
    convex = True
    influence = "bounded"
    expression = "abs(r) / abs(y)"

    def value(self, target: Array, score: Array) -> Array:
        return np.abs(score - target) / np.abs(target)

    def gradient(self, target: Array, score: Array) -> Array:
        return np.sign(score - target) / np.abs(target)

    def curvature(self, target: Array, score: Array) -> Array:
        return np.zeros_like(score)

    def kinks(self) -> tuple[float, ...]:
        return (1.0,)

    def misfits(self, target: Array) -> NDArray[np.bool_]:
        return ~np.isfinite(target) | (target == 0)
