"""The noise behind each loss: densities of mass one, fitted as SciPy fits them."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.special import digamma as referee_digamma

from losses import Loss
from losses.data.bundled import Sample
from losses.verdict.belief import belief
from losses.verdict.noise import NAMES, Noise, noise
from losses.verdict.quadrature import digamma, mass

RNG = np.random.default_rng(6)
R = RNG.laplace(0.3, 1.5, 400)
W = RNG.integers(0, 4, 400).astype(float)
EXACT = {"rel": 1e-12}


def the(slug, **tuned):
    """A loss by its slug."""
    return Loss.catalogue[slug](**tuned)


TUNED = [
    the("squared_error"), the("absolute_error"), the("huber", delta=0.3), the("huber", delta=4),
    the("smooth_l1", beta=0.2), the("pseudo_huber", delta=0.4), the("log_cosh"),
    the("quantile", tau=0.8), the("expectile", tau=0.1), the("epsilon_insensitive"),
    the("squared_epsilon_insensitive", epsilon=2), the("reverse_huber", c=0.5), the("linex", a=-0.5),
    the("power", q=1), the("power", q=3.3), the("cauchy", c=2), the("barron", alpha=0),
    the("barron", alpha=0.5, c=2), the("barron", alpha=1.5), the("barron", alpha=3),
]  # fmt: skip
BOUNDED = [the("geman_mcclure"), the("welsch"), the("tukey_biweight"), the("barron", alpha=-0.1)]
EACH = pytest.mark.parametrize("loss", TUNED, ids=str)


def integral(function, loss):
    """Over all residuals, from kink to kink and by powers of ten."""
    powers = [sign * 10.0**k for sign in (-1, 1) for k in (0, 1, 2, 4, 8)]
    at = [-np.inf, *sorted({0.0, *loss.kinks(), *powers}), np.inf]
    parts = (quad(function, *ends, epsabs=1e-13, epsrel=1e-12, limit=400) for ends in pairwise(at))
    return sum(part[0] for part in parts)


def value(loss, r):
    """The loss of one residual."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(loss.phi(np.array([r]))[0])


def test_every_residual_loss_has_a_name_for_its_noise_or_levels_off():
    slugs = {slug for slug, kind in Loss.catalogue.items() if kind.family == "residual"}
    assert slugs == set(NAMES) | {loss.slug for loss in BOUNDED}


@EACH
def test_the_density_has_mass_one(loss):
    found = noise(R, loss)
    assert integral(lambda r: float(found.pdf([r])[0]), loss) == pytest.approx(1, abs=1e-9)
    r = np.linspace(-3, 3, 7)
    expected = np.exp(-loss.phi(r) / found.scale - found.log_mass)
    np.testing.assert_allclose(found.pdf(r), expected, rtol=1e-14)


@EACH
@pytest.mark.parametrize("weighted", [False, True])
def test_no_other_scale_is_likelier(loss, weighted):
    """By SciPy: its integral for the mass, its search for the scale, a mean of the density's log."""
    weight = W if weighted else None
    found = noise(R, loss, weight)
    paid = np.average(loss.phi(R), weights=weight)

    def worse(log_scale):
        s = np.exp(log_scale)
        return paid / s + np.log(integral(lambda r: np.exp(-value(loss, r) / s), loss))

    near = np.log(found.scale)
    best = minimize_scalar(
        worse,
        bounds=(near - 0.4, near + 0.4),
        method="bounded",
        options={"xatol": 1e-6, "maxiter": 12},
    )
    assert found.likelihood == pytest.approx(-worse(near), abs=1e-10)
    assert found.likelihood >= -best.fun - 1e-12
    logarithms = np.log(found.pdf(R))
    assert found.likelihood == pytest.approx(np.average(logarithms, weights=weight), abs=1e-12)
    rows = weight.sum() if weighted else len(R)
    assert found.aic == pytest.approx(2 - 2 * rows * found.likelihood, **EXACT)


@EACH
def test_the_mean_of_the_loss_under_its_density_is_its_cost(loss):
    """What pins the scale to ten digits, where a likelihood is flat to five."""
    found = noise(R, loss)

    def part(r):
        density = float(found.pdf([r])[0])
        return value(loss, r) * density if density else 0.0

    assert integral(part, loss) == pytest.approx(loss.phi(R).mean(), rel=1e-10)


def test_the_fits_of_scipy():
    normal, laplace = noise(R, the("squared_error")), noise(R, the("absolute_error"))
    sigma, size = stats.norm.fit(R, floc=0)[1], stats.laplace.fit(R, floc=0)[1]
    assert normal.likelihood == pytest.approx(stats.norm.logpdf(R, 0, sigma).mean(), **EXACT)
    assert np.sqrt(normal.scale / 2) == pytest.approx(sigma, **EXACT)
    assert laplace.scale == pytest.approx(size, **EXACT)
    assert laplace.likelihood == pytest.approx(stats.laplace.logpdf(R, 0, size).mean(), **EXACT)
    power = noise(R, the("power", q=1.7))
    _, _, width = stats.gennorm.fit(R, fbeta=1.7, floc=0)
    assert power.scale ** (1 / 1.7) == pytest.approx(width, rel=1e-4)  # as SciPy searches
    assert power.likelihood >= stats.gennorm.logpdf(R, 1.7, 0, width).mean()


@pytest.mark.parametrize("loss", [the("cauchy", c=2), the("barron", alpha=0, c=0.7)], ids=str)
@pytest.mark.parametrize("tails", [0.7, 3, 30])
def test_cauchys_loss_is_students_t(loss, tails):
    """ν = 2k/s − 1 degrees of freedom and the scale w/√ν, for a loss k log(1 + (r/w)²)."""
    r = stats.t.rvs(tails, size=500, random_state=1)
    found = noise(r, loss)
    factor, width = (2.0, 2.0) if loss.slug == "cauchy" else (1.0, 0.7 * np.sqrt(2))

    def logpdf(scale):
        nu = 2 * factor / scale - 1
        return stats.t.logpdf(r, nu, 0, width / np.sqrt(nu)).mean()

    assert found.likelihood == pytest.approx(logpdf(found.scale), rel=1e-11)
    for other in (0.999, 1.001):
        assert logpdf(found.scale * other) < found.likelihood


MASSES = {
    "huber": lambda L, s: mpmath.sqrt(2 * mpmath.pi * s) * mpmath.erf(L.delta / mpmath.sqrt(2 * s))
    + 2 * s / L.delta * mpmath.exp(-mpmath.mpf(L.delta) ** 2 / (2 * s)),
    "pseudo_huber": lambda L, s: 2 * L.delta * mpmath.exp(mpmath.mpf(L.delta) ** 2 / s)
    * mpmath.besselk(1, mpmath.mpf(L.delta) ** 2 / s),
    "log_cosh": lambda L, s: mpmath.beta(0.5, 1 / (2 * s)),
    "linex": lambda L, s: mpmath.exp(1 / s) * s ** (1 / s) * mpmath.gamma(1 / s) / abs(L.a),
    "reverse_huber": lambda L, s: 2 * s * -mpmath.expm1(-L.c / s)
    + mpmath.sqrt(2 * mpmath.pi * L.c * s) * mpmath.exp(-L.c / (2 * s))
    * mpmath.erfc(mpmath.sqrt(L.c / (2 * s))),
    "epsilon_insensitive": lambda L, s: 2 * L.epsilon + 2 * s,
    "squared_epsilon_insensitive": lambda L, s: 2 * L.epsilon + mpmath.sqrt(mpmath.pi * s),
    "power": lambda L, s: 2 * mpmath.gamma(1 + 1 / mpmath.mpf(L.q)) * s ** (1 / mpmath.mpf(L.q)),
}  # fmt: skip
CLOSED = [
    the("huber", delta=0.05), the("huber", delta=5), the("pseudo_huber", delta=0.05),
    the("pseudo_huber", delta=5), the("log_cosh"), the("linex", a=3), the("linex", a=-0.2),
    the("reverse_huber", c=5), the("epsilon_insensitive", epsilon=3), the("power", q=4),
    the("squared_epsilon_insensitive", epsilon=0.05), the("power", q=1.1),
]  # fmt: skip


@pytest.mark.parametrize("scale", [1e-4, 0.03, 1.0, 40.0, 1e5])
@pytest.mark.parametrize("loss", CLOSED, ids=str)
def test_the_quadrature_finds_every_mass_that_has_a_closed_form(loss, scale):
    with mpmath.workdps(40):
        expected = float(mpmath.log(MASSES[loss.slug](loss, mpmath.mpf(scale))))
    assert mass(loss, scale).log == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("loss", BOUNDED, ids=str)
def test_a_loss_that_levels_off_stands_for_no_density(loss):
    assert noise(R, loss) == "its cost levels off, so that errors of any size stay likely"
    assert mass(loss, 1.0) is None


def test_why_there_is_no_density_is_said():
    found = belief(R, [the("zero_one"), the("linex", a=0), the("welsch"), the("squared_error")])
    reasons = {loss.slug: reason for loss, reason in found.without}
    assert [one.loss.slug for one in found.noises] == ["squared_error"]
    assert reasons["zero_one"] == "it is no function of the residual s − y alone"
    assert reasons["linex"].startswith("errors to one side or both cost nothing")
    assert "levels off" in reasons["welsch"]
    assert noise(np.zeros(5), the("squared_error")).startswith("no residual costs anything")
    assert noise([1e200, 1.0], the("squared_error")) == "the cost of the residuals is infinite"


def test_the_scale_follows_the_unit_of_the_target():
    """A residual in thousandths: the same noise, log(1000) nats per row denser."""
    for loss in (the("squared_error"), the("absolute_error"), the("power", q=2.5)):
        one, milli = noise(R, loss), noise(R / 1000, loss)
        assert milli.likelihood - one.likelihood == pytest.approx(np.log(1000), **EXACT)
    one, milli = noise(R, the("huber", delta=1)), noise(R / 1000, the("huber", delta=0.001))
    assert milli.likelihood - one.likelihood == pytest.approx(np.log(1000), rel=1e-10)


@pytest.mark.parametrize(
    ("drawn", "slug"),
    [
        (stats.norm.rvs(size=4000, random_state=0), "squared_error"),
        (stats.laplace.rvs(size=4000, random_state=0), "absolute_error"),
        (stats.t.rvs(1.5, size=4000, random_state=0), "cauchy"),
    ],
)
def test_noise_is_recognized(drawn, slug):
    losses = [the("squared_error"), the("absolute_error"), the("cauchy"), the("log_cosh")]
    found = belief(drawn, losses)
    assert found.noises[0].loss.slug == slug
    likelihoods = [one.likelihood for one in found.noises]
    assert likelihoods == sorted(likelihoods, reverse=True)


def test_the_belief_in_words():
    visits = Sample.catalogue["regression_predictions"]().load()
    r = visits.column("linear") - visits.target
    found = belief(r, [the("squared_error"), the("absolute_error")])
    laplace, normal = (np.log(one.pdf(r)).mean() for one in found.noises)
    assert found.sentence("linear") == (
        f"The residuals of linear are {laplace - normal:.2g} nats per row likelier under Laplace "
        "noise (Absolute error) than under normal noise (Squared error)."
    )
    same = belief(r, [the("absolute_error"), the("quantile"), the("squared_error")]).sentence("A")
    assert "Laplace noise (Absolute error) and asymmetric Laplace noise (Quantile, τ = 0.5)" in same
    assert belief(r, [the("squared_error")]).sentence("A") == (
        "Only normal noise (Squared error) is shown for the residuals of A."
    )
    assert belief(r, [the("welsch")]).sentence("A") == (
        "No loss shown stands for a noise that the residuals of A could follow."
    )
    only = belief(r, [the("squared_error"), the("expectile")]).sentence("A")
    assert only.startswith("The residuals of A are equally likely under")


@pytest.mark.parametrize("x", [1e-8, 0.3, 1.0, 9.99, 10.0, 1e6])
def test_the_slope_of_log_gamma(x):
    assert digamma(x) == pytest.approx(float(referee_digamma(x)), rel=1e-13)


def test_one_noise_is_a_value():
    assert isinstance(noise(R, the("huber")), Noise)
    assert noise(R, the("huber")) == noise(R.copy(), the("huber"))
