"""What noise does your data believe in? The density that each residual loss stands for.

Least cost is greatest likelihood where residuals r = s − y follow p(r) = exp(−L(r)/s) / Z(s). Of
each density only the scale s is fitted: neither its center, r = 0, nor the knobs of the loss are.
That likelihood is concave in 1/s, and the data enter it through their cost alone: at its top, the
mean of L under the density is the mean of L over the rows. For squared error that is the normal
distribution of Gauss, for absolute error that of Laplace.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from losses.arrays import Array
from losses.base import Loss
from losses.families import ResidualLoss
from losses.verdict.quadrature import Mass, digamma, mass
from losses.verdict.scoring import BEYOND, floats, mean_loss

NAMES = {
    "squared_error": "normal",
    "absolute_error": "Laplace",
    "huber": "normal noise with Laplace tails",
    "smooth_l1": "normal noise with Laplace tails",
    "pseudo_huber": "hyperbolic",
    "log_cosh": "sech-power",
    "quantile": "asymmetric Laplace",
    "expectile": "two-piece normal",
    "epsilon_insensitive": "flat-topped Laplace",
    "squared_epsilon_insensitive": "flat-topped normal",
    "reverse_huber": "Laplace noise with normal tails",
    "linex": "log-gamma",
    "power": "generalized normal",
    "cauchy": "Student's t",
    "barron": "Barron's",
}
STEPS, CLOSE = 200, 1e-13  # of the search for the logarithm of a scale
TIED = 1e-10  # nats per row: the precision of a normalizer


@dataclass(frozen=True)
class Noise:
    """The density p(r) = exp(−L(r)/scale) / Z that a loss stands for, at its likeliest scale.

    The scale is in units of the loss; `log_mass` is log Z; `likelihood` the mean logarithm of the
    density over the rows, in nats per row and unit of y; `rows` their number, or the sum of their
    weights.
    """

    loss: ResidualLoss
    scale: float
    log_mass: float
    likelihood: float
    rows: float

    @property
    def name(self) -> str:
        """What noise it is, as a noun phrase."""
        name = NAMES.get(self.loss.slug, f"{self.loss.name}'s")
        return name if "noise" in name else f"{name} noise"

    def described(self) -> str:
        """The noise and, in brackets, the loss that stands for it, with its parameters."""
        return f"{self.name} ({str(self.loss).replace(' (', ', ').rstrip(')')})"

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 · 1 fitted scale − 2 log-likelihood; weights count as rows."""
        return 2 - 2 * self.rows * self.likelihood

    def pdf(self, r: ArrayLike) -> Array:
        """The density at residuals, 1 / unit of y: to draw over a histogram."""
        with np.errstate(over="ignore", under="ignore"):
            return np.exp(-self.loss.phi(floats(r)) / self.scale - self.log_mass)


@BEYOND
def noise(residuals: ArrayLike, loss: Loss, weight: ArrayLike | None = None) -> Noise | str:
    """The density that one loss stands for, at its likeliest scale; or why there is none."""
    r, w = floats(residuals), None if weight is None else floats(weight)
    if not isinstance(loss, ResidualLoss):
        return "it is no function of the residual s − y alone"
    if shapeless := _shapeless(loss):
        return shapeless
    paid = mean_loss(loss, np.zeros_like(r), r, w)
    if not paid > 0:
        return "no residual costs anything, so that no scale is small enough"
    if not math.isfinite(paid):
        return "the cost of the residuals is infinite"
    try:
        fitted = _fitted(loss, paid)
    except (OverflowError, ZeroDivisionError):  # residuals so small that no scale is a number
        fitted = None
    if fitted is None:
        return "its normalizer is not known to ten digits at any scale that fits"
    scale, log_mass = fitted
    rows = float(len(r) if w is None else w.sum())
    return Noise(loss, scale, log_mass, -paid / scale - log_mass, rows)


def _shapeless(loss: ResidualLoss) -> str:
    """Why exp(−L) has no finite mass, if it has none."""
    far = np.array([-1e300, 1e300])
    farther, near = loss.phi(far), loss.phi(far / 1e150)
    if (farther == 0).any():
        return "errors to one side or both cost nothing, so that they may be of any size"
    # twice as far in the logarithm, the slowest growth there is makes it twice as high
    if (farther < 1.5 * near).any():
        return "its cost levels off, so that errors of any size stay likely"
    return ""


def _fitted(loss: ResidualLoss, paid: float) -> tuple[float, float] | None:
    """The scale at which L has the mean that is paid, and the logarithm of the mass there."""
    if known := _homogeneous(loss):
        degree, unit = known
        scale = degree * paid
        return scale, unit + math.log(scale) / degree
    if tail := _student(loss):
        factor, width = tail
        # the mass is finite while factor/s > ½: what is searched is the excess over ½
        excess = _falling_root(lambda a: factor * (digamma(a + 0.5) - digamma(a)), paid, 1.0)
        beta = math.lgamma(0.5) + math.lgamma(excess) - math.lgamma(excess + 0.5)
        return factor / (excess + 0.5), math.log(width) + beta

    def mean(inverse: float) -> float:
        found = mass(loss, 1 / inverse)
        return math.inf if found is None else found.mean  # so heavy is a tail at a large scale

    scale = 1 / _falling_root(mean, paid, 1 / paid)
    found = mass(loss, scale)
    return _settled(found, scale, paid)


def _settled(found: Mass | None, scale: float, paid: float) -> tuple[float, float] | None:
    fits = found is not None and abs(found.mean - paid) <= 1e-9 * paid
    return (scale, found.log) if found is not None and fits else None


def _homogeneous(loss: ResidualLoss) -> tuple[float, float] | None:
    """For L(k r) = k^q L(r): the degree q, and the logarithm of the mass of exp(−L)."""
    known = loss.values()
    tau = known.get("tau", 0.5)
    match loss.slug:
        case "squared_error":
            return 2.0, 0.5 * math.log(math.pi)
        case "absolute_error":
            return 1.0, math.log(2)
        case "quantile":
            return 1.0, -math.log(tau) - math.log1p(-tau)
        case "expectile":
            halves = 0.5 * (tau**-0.5 + (1 - tau) ** -0.5)
            return 2.0, 0.5 * math.log(math.pi) + math.log(halves)
        case "power":
            return known["q"], math.log(2) + math.lgamma(1 + 1 / known["q"])
    return None


def _student(loss: ResidualLoss) -> tuple[float, float] | None:
    """For L = k log(1 + (r/w)²): the factor k and the width w, of a mass w B(½, k/s − ½)."""
    known = loss.values()
    if loss.slug == "cauchy":
        return known["c"] ** 2 / 2, known["c"]
    if loss.slug == "barron" and not known["alpha"]:
        return 1.0, math.sqrt(2) * known["c"]
    return None


def _falling_root(function: Callable[[float], float], wanted: float, start: float) -> float:
    """Where a positive, falling function of a positive number has a value: secants in logarithms.

    Both are nearly straight there; a secant that leaves the bracket, or shrinks it little, gives
    way to halving.
    """
    low, high, x = -math.inf, math.inf, math.log(start)
    past: list[tuple[float, float]] = []
    for step in range(STEPS):
        gap = math.log(max(function(math.exp(x)), 5e-324)) - math.log(wanted)
        low, high = (x, high) if gap > 0 else (low, x)
        past.append((x, gap))
        new = _secant(past) if step % 4 != 3 or math.isinf(high - low) else low / 2 + high / 2
        if not low < new < high:
            new = low / 2 + high / 2 if math.isfinite(high - low) else x + math.copysign(2.0, gap)
        if abs(new - x) <= CLOSE or abs(gap) <= CLOSE:
            break
        x = new
    return math.exp(x)


def _secant(past: list[tuple[float, float]]) -> float:
    """Where the line through the last two points meets 0; of one point, the line of slope −1."""
    (x0, gap0), (x1, gap1) = (
        past[-2:] if len(past) > 1 else ((past[0][0] - 1, past[0][1] + 1), past[0])
    )
    slope = (gap1 - gap0) / (x1 - x0) if x1 != x0 else 0.0
    return x1 - gap1 / slope if slope < 0 and math.isfinite(slope) else math.inf
