"""Losses of the residual r = s - y that let go of outliers: far out, the pull fades away."""

import math

import numpy as np

from losses.arrays import Array
from losses.base import Influence
from losses.families import ResidualLoss
from losses.spec import POSITIVE, Domain, catalogued, param
from losses.special import exp_of_square, from_parabola, log_hypot

ANY = Domain(-math.inf, math.inf, closed_high=False)
SQUARE = r"\frac{1}{2} (r / c)^2"  # the cases of Barron's loss
CAUCHY = rf"\log ({SQUARE} + 1)"
WELSCH = rf"1 - e^{{-{SQUARE}}}"
GENERAL = r"\frac{|\alpha - 2|}{\alpha} ((\frac{(r / c)^2}{|\alpha - 2|} + 1)^{\alpha / 2} - 1)"
LET_GO = "Where a residual begins to look like an outlier, in units of y"


@catalogued
class Cauchy(ResidualLoss):
    """Past c, a larger error pulls less, though its cost goes on growing, ever more slowly."""

    name = "Cauchy"
    latex = r"\frac{1}{2} c^2 \log (1 + (r / c)^2)"
    reference = (
        "[Holland & Welsch 1977, weights 1/(1 + (r/c)²)](https://doi.org/10.1080/03610927708827533)"
    )
    asks_for = "the center where the slopes at the residuals cancel"
    convex = False
    influence = "redescending"
    steepest = 1.0
    expression = "c**2 / 2 * log1p((r / c) ** 2)"
    c: float = param(1.0, 0.1, 5.0, "c", LET_GO, domain=POSITIVE)

    def phi(self, r: Array) -> Array:
        u = r / self.c
        return from_parabola(r, u, self.c**2 * log_hypot(u))

    def dphi(self, r: Array) -> Array:
        h = np.hypot(1.0, r / self.c)
        return r / h / h  # h² would overflow

    def d2phi(self, r: Array) -> Array:
        inside, out = _shares(r / self.c)
        return (inside - out) * (inside + out) * inside * inside


@catalogued
class GemanMcclure(ResidualLoss):
    """The cost levels off at half of c squared, so a far outlier hardly pulls."""

    name = "Geman–McClure"
    latex = r"\frac{\frac{1}{2} r^2}{1 + (r / c)^2}"
    reference = "[Geman & McClure 1985, times ½c²; Black & Rangarajan 1996](https://doi.org/10.1007/BF00131148)"
    asks_for = "the center where the slopes at the residuals cancel"
    convex = False
    influence = "redescending"
    steepest = 1.0
    expression = "r**2 / 2 / (1 + (r / c) ** 2)"
    c: float = param(1.0, 0.1, 5.0, "c", LET_GO, domain=POSITIVE)

    def phi(self, r: Array) -> Array:
        held = r / np.hypot(1.0, r / self.c)
        return 0.5 * held * held

    def dphi(self, r: Array) -> Array:
        h = np.hypot(1.0, r / self.c)
        return r / h / h / h / h

    def d2phi(self, r: Array) -> Array:
        inside, out = _shares(r / self.c)
        return (inside * inside - 3 * out * out) * inside**4


@catalogued
class Welsch(ResidualLoss):
    """A bell turned upside down: a few c away, all errors cost the same and none pulls."""

    name = "Welsch"
    latex = r"\frac{1}{2} c^2 (1 - e^{-(r / c)^2})"
    reference = (
        "[Dennis & Welsch 1978, weights exp(−(r/c)²)](https://doi.org/10.1080/03610917808812083)"
    )
    asks_for = "the center where the slopes at the residuals cancel"
    convex = False
    influence = "redescending"
    steepest = 1.0
    expression = "-(c**2) / 2 * expm1(-((r / c) ** 2))"
    c: float = param(1.0, 0.1, 5.0, "c", LET_GO, domain=POSITIVE)

    def phi(self, r: Array) -> Array:
        u = np.clip(r / self.c, -40.0, 40.0)  # exp(−1600) is zero, and no square overflows
        return from_parabola(r, u, -0.5 * self.c**2 * np.expm1(-(u * u)))

    def dphi(self, r: Array) -> Array:
        return r * exp_of_square(r / self.c, 1.0)

    def d2phi(self, r: Array) -> Array:
        u = np.clip(r / self.c, -40.0, 40.0)
        return (1 - 2 * u * u) * exp_of_square(u, 1.0)


@catalogued
class TukeyBiweight(ResidualLoss):
    """All errors larger than c cost the same, so rows beyond c do not pull at all."""

    name = "Tukey biweight"
    latex = (
        r"\begin{cases} \frac{c^2}{6} (1 - (1 - (r / c)^2)^3) & |r| \le c \\"
        r" \frac{c^2}{6} & |r| > c \end{cases}"
    )
    reference = "[Beaton & Tukey 1974, times c²/6](https://doi.org/10.1080/00401706.1974.10489171)"
    asks_for = "the center where the slopes at the residuals cancel"
    convex = False
    influence = "redescending"
    steepest = 1.0
    expression = "where(abs(r) <= c, c**2 / 6 * (1 - (1 - (r / c) ** 2) ** 3), c**2 / 6)"
    c: float = param(
        4.685, 0.5, 10.0, "c", "Beyond what residual a row is out", step=0.005, domain=POSITIVE
    )

    def phi(self, r: Array) -> Array:
        r, w = self._inside(r)
        return r * r / 6 * (1 + w + w * w)  # c² (1 − w³) / 6, with r² for c² (1 − w)

    def dphi(self, r: Array) -> Array:
        r, w = self._inside(r)
        return r * (w * w)

    def d2phi(self, r: Array) -> Array:
        u = np.clip(r / self.c, -1.0, 1.0)
        return (1 - u) * (1 + u) * (1 - 5 * u * u)

    def _inside(self, r: Array) -> tuple[Array, Array]:
        """The residual up to ±c, and 1 − (r / c)², whose difference is exact near ±c."""
        r = np.clip(r, -self.c, self.c)
        return r, (self.c - r) / self.c * ((self.c + r) / self.c)


@catalogued
class Barron(ResidualLoss):
    """Lowering alpha leads from squared error to losses that ignore far outliers."""

    name = "Barron"
    latex = (
        rf"\begin{{cases}} {SQUARE} & \alpha = 2 \\ {CAUCHY} & \alpha = 0 \\"
        rf" {WELSCH} & \alpha = -\infty \\ {GENERAL} & \text{{otherwise}} \end{{cases}}"
    )
    reference = "[Barron 2019, eq. 8](https://arxiv.org/abs/1701.03077)"
    asks_for = "the center where the slopes at the residuals cancel"
    alpha: float = param(
        1.0, -4.0, 4.0, r"\alpha", "How much far rows matter; 2 is the square", step=0.1, domain=ANY
    )
    c: float = param(1.0, 0.1, 5.0, "c", "Where the parabola ends, in units of y", domain=POSITIVE)

    @property
    def formula(self) -> str:
        return {2.0: SQUARE, 0.0: CAUCHY, -math.inf: WELSCH}.get(self.alpha, GENERAL)

    @property
    def convex(self) -> bool:
        return self.alpha >= 1

    @property
    def influence(self) -> Influence:
        if self.alpha == 1:
            return "bounded"
        return "unbounded" if self.alpha > 1 else "redescending"

    @property
    def steepest(self) -> float:
        return 1 / self.c**2 if self.alpha <= 2 else math.inf

    @property
    def expression(self) -> str:
        special = {
            2.0: "(r / c) ** 2 / 2",
            0.0: "log1p((r / c) ** 2 / 2)",
            -math.inf: "-expm1(-((r / c) ** 2) / 2)",
        }
        b = "(2 - alpha)" if self.alpha < 2 else "(alpha - 2)"
        return special.get(
            self.alpha, f"{b} / alpha * (((r / c) ** 2 / {b} + 1) ** (alpha / 2) - 1)"
        )

    def asks(self) -> str:
        return "the mean" if self.alpha == 2 else self.asks_for

    def phi(self, r: Array) -> Array:
        u, b = r / self.c, abs(self.alpha - 2)
        if not b:
            return 0.5 * u * u
        if math.isinf(b):
            u = np.clip(u, -40.0, 40.0)
            return from_parabola(u, u, -np.expm1(-0.5 * (u * u)))
        t = u / math.sqrt(b)
        logarithm = log_hypot(t)
        if not self.alpha:
            return from_parabola(u, t, b * logarithm)
        x = np.clip(self.alpha * logarithm, -1.0, 1.0)
        # a power keeps its digits far out, where the exponent of an exponential would lose them
        grown = np.where(np.abs(x) < 1, np.expm1(x), np.hypot(1.0, t) ** self.alpha - 1)
        return from_parabola(u, t, b / self.alpha * grown)

    def dphi(self, r: Array) -> Array:
        u, b = r / self.c, abs(self.alpha - 2)
        if not b:
            return u / self.c
        if math.isinf(b):
            return u * exp_of_square(u, 0.5) / self.c
        h = np.hypot(1.0, u / math.sqrt(b))
        # α − 1 is exact from 1 on; below, it would round away what α differs from 0 by
        power = h ** (self.alpha - 1) if self.alpha >= 1 else h**self.alpha / h
        return u / h * power / self.c

    def d2phi(self, r: Array) -> Array:
        u, b = r / self.c, abs(self.alpha - 2)
        if not b:
            return np.full_like(u, 1 / self.c**2)
        if math.isinf(b):
            u = np.clip(u, -40.0, 40.0)
            return (1 - u * u) * exp_of_square(u, 0.5) / self.c**2
        inside, out = _shares(u / math.sqrt(b))
        bent = inside * inside + (self.alpha - 1) * (out * out)
        return bent * inside ** (2 - self.alpha) / self.c**2


def _shares(t: Array) -> tuple[Array, Array]:
    """1 / √(1 + t²) and |t| / √(1 + t²): two numbers whose squares sum to one."""
    h = np.hypot(1.0, t)
    return 1 / h, np.abs(t) / h
