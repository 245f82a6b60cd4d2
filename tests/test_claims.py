"""The theorems and numbers that the pages tell, each a test; V and S refer to the judged claims."""

import mpmath
import numpy as np
import pytest

from losses import Loss
from losses.cost import cost
from losses.links import sigmoid, softplus

HUBER, PSEUDO, QUANTILE, FOCAL, CROSS_ENTROPY = (
    Loss.catalogue[slug] for slug in ("huber", "pseudo_huber", "quantile", "focal", "cross_entropy")
)
SQUARED, ABSOLUTE, LOGISTIC, BRIER, LOG_COSH, SOFTMAX_CROSS_ENTROPY = (
    Loss.catalogue[slug]()
    for slug in (
        "squared_error", "absolute_error", "logistic", "brier", "log_cosh", "softmax_cross_entropy",
    )
)  # fmt: skip
R = np.linspace(-6, 6, 1201)
Z = np.linspace(-30, 30, 1201)
DELTAS = [0.05, 0.3, 1.0, 2.5, 5.0]


def at(value):
    return np.array([float(value)])


# --- Huber


@pytest.mark.parametrize("delta", DELTAS)
def test_huber_is_half_the_squared_error_inside_delta_exactly(delta):
    inside = R[np.abs(R) <= delta]
    assert inside.size > 1
    np.testing.assert_array_equal(HUBER(delta=delta).phi(inside), inside * (inside - 0.5 * inside))
    np.testing.assert_allclose(
        HUBER(delta=delta).phi(inside), 0.5 * SQUARED.phi(inside), rtol=3e-16
    )
    np.testing.assert_array_equal(HUBER(delta=delta).dphi(inside), 0.5 * SQUARED.dphi(inside))


@pytest.mark.parametrize("delta", DELTAS)
def test_both_sides_of_huber_meet_at_half_delta_squared_with_slope_delta(delta):
    loss = HUBER(delta=delta)
    for side in (delta, -delta):
        beyond = at(np.nextafter(side, np.sign(side) * np.inf))
        for point in (at(side), beyond):
            np.testing.assert_allclose(loss.phi(point), 0.5 * delta**2, rtol=1e-15)
            assert loss.dphi(point) == np.sign(side) * delta
        assert loss.d2phi(at(side)) == 1
        assert loss.d2phi(beyond) == 0


@pytest.mark.parametrize("delta", [6.0, 100.0, 1e9])
def test_huber_with_a_large_delta_is_half_the_squared_error(delta):
    np.testing.assert_allclose(HUBER(delta=delta).phi(R), 0.5 * SQUARED.phi(R), rtol=3e-16)


@pytest.mark.parametrize("delta", [1e-1, 1e-3, 1e-6])
def test_huber_over_delta_tends_to_the_absolute_error(delta):
    gap = ABSOLUTE.phi(R) - HUBER(delta=delta).phi(R) / delta
    assert gap.min() >= -1e-14
    assert gap.max() <= delta / 2 + 1e-14  # 1e-14: rounding of numbers up to 6


def test_huber_is_in_the_units_of_y():
    """S11: delta = 1 with y in thousands is another loss than with y in units."""
    k = 1024.0  # a power of two, so that the scaling itself does not round
    np.testing.assert_array_equal(HUBER(delta=k).phi(k * R), k**2 * HUBER(delta=1.0).phi(R))
    assert not np.allclose(HUBER(delta=1.0).phi(k * R), k**2 * HUBER(delta=1.0).phi(R))


@pytest.mark.parametrize(("delta", "costs"), [(0.5, 4.875), (1, 9.5), (2, 18.0), (5, 37.5)])
def test_huber_of_ten_is_below_or_above_the_absolute_error_as_delta_says(delta, costs):
    """V4."""
    assert HUBER(delta=delta).phi(at(10)) == costs
    assert ABSOLUTE.phi(at(10)) == 10


@pytest.mark.parametrize("delta", [10.0, 1e3, 1e6])
def test_pseudo_huber_with_a_large_delta_is_half_the_squared_error(delta):
    # √(1 + u²) − 1 lies between u²/2 − u⁴/8 and u²/2
    gap = 0.5 * R**2 - PSEUDO(delta=delta).phi(R)
    assert gap.min() >= -1e-14
    assert (gap <= R**4 / (8 * delta**2) + 1e-14).all()


@pytest.mark.parametrize("delta", [1e-1, 1e-3, 1e-6])
def test_pseudo_huber_over_delta_tends_to_the_absolute_error(delta):
    gap = np.abs(R) - PSEUDO(delta=delta).phi(R) / delta
    assert gap.min() >= -1e-14
    assert gap.max() <= delta + 1e-14


def test_log_cosh_is_half_the_square_near_zero_and_the_absolute_error_less_log_two_far_out():
    near, far = np.linspace(-0.1, 0.1, 201), np.linspace(3, 1000, 500)
    np.testing.assert_array_less(np.abs(LOG_COSH.phi(near) - near**2 / 2), near**4 / 12 + 1e-17)
    gap = LOG_COSH.phi(far) - (far - np.log(2))  # log(1 + e^{−2r})
    np.testing.assert_allclose(gap, np.log1p(np.exp(-2 * far)), atol=2e-13)  # far rounds at 1e-13


# --- What an error costs, and what a loss asks for


def test_doubling_an_error_quadruples_the_squared_error_and_doubles_the_absolute_error():
    """S7; doubling is exact in binary, so the equality is too."""
    np.testing.assert_array_equal(SQUARED.phi(2 * R), 4 * SQUARED.phi(R))
    np.testing.assert_array_equal(ABSOLUTE.phi(2 * R), 2 * ABSOLUTE.phi(R))


def test_the_absolute_error_pulls_equally_at_every_size():
    """S9: what is equal is the gradient, not the cost."""
    np.testing.assert_array_equal(ABSOLUTE.dphi(R[R > 0]), 1)
    assert ABSOLUTE.phi(at(10)) == 10 * ABSOLUTE.phi(at(1))


EXPONENTIAL = np.sort(np.random.default_rng(0).exponential(size=1001))


@pytest.mark.parametrize("tau", [0.1, 0.5, 0.9])
def test_the_quantile_loss_asks_for_the_tau_quantile_and_not_for_one_minus_tau(tau):
    """V2, S19: the constant that costs least is one of the targets, and it is this one."""
    costs = [cost(QUANTILE(tau=tau), EXPONENTIAL, np.full(1001, c)) for c in EXPONENTIAL]
    best = EXPONENTIAL[int(np.argmin(costs))]
    assert best == np.quantile(EXPONENTIAL, tau, method="inverted_cdf")
    assert (EXPONENTIAL <= best).mean() == pytest.approx(tau, abs=1e-3)


def test_half_the_absolute_error_is_the_quantile_loss_at_one_half():
    np.testing.assert_array_equal(QUANTILE(tau=0.5).phi(R), 0.5 * ABSOLUTE.phi(R))


# --- Probabilities


def test_ninety_percent_sure_and_wrong_costs_minus_log_one_tenth():
    """S14."""
    z = at(np.log(9))
    assert CROSS_ENTROPY().value(at(0), z) == pytest.approx(-np.log(0.1), rel=1e-15)
    assert CROSS_ENTROPY().value(at(1), z) == pytest.approx(0.10536051565782628, rel=1e-15)


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_logistic_of_the_margin_is_cross_entropy_of_the_signed_logit(y):
    y, sign = np.full_like(Z, y), 2 * y - 1
    for margin_side, logit_side in (
        (LOGISTIC.value(np.full_like(Z, sign), Z), CROSS_ENTROPY().value(y, Z)),
        (LOGISTIC.gradient(np.full_like(Z, sign), Z), CROSS_ENTROPY().gradient(y, Z)),
        (LOGISTIC.curvature(np.full_like(Z, sign), Z), CROSS_ENTROPY().curvature(y, Z)),
    ):
        np.testing.assert_array_equal(margin_side, logit_side)


@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_softmax_over_two_classes_is_the_binary_cross_entropy(y, smoothing):
    """S15, V15: with the other logit at zero."""
    two = Loss.catalogue["softmax_cross_entropy"](smoothing=smoothing)
    one = CROSS_ENTROPY(smoothing=smoothing)
    target, logits = np.full(Z.size, y), np.stack([np.zeros_like(Z), Z], axis=1)
    close = {"rtol": 1e-14, "atol": 1e-15}  # two forms of one number, some roundings apart
    np.testing.assert_allclose(two.value(target, logits), one.value(target, Z), **close)
    np.testing.assert_allclose(two.gradient(target, logits)[:, 1], one.gradient(target, Z), **close)
    np.testing.assert_allclose(
        two.curvature(target, logits)[:, 1], one.curvature(target, Z), **close
    )


@pytest.mark.parametrize("y", [0.0, 1.0])
def test_focal_without_gamma_is_cross_entropy_exactly(y):
    plain, target = FOCAL(gamma=0.0), np.full_like(Z, y)
    np.testing.assert_array_equal(plain.value(target, Z), CROSS_ENTROPY().value(target, Z))
    np.testing.assert_array_equal(plain.gradient(target, Z), CROSS_ENTROPY().gradient(target, Z))


@pytest.mark.parametrize("alpha", [0.25, 0.75])
def test_alpha_weighs_positives_and_one_minus_alpha_negatives(alpha):
    for y, share in ((1.0, alpha), (0.0, 1 - alpha)):
        target = np.full_like(Z, y)
        balanced = FOCAL(alpha=alpha).value(target, Z)
        np.testing.assert_allclose(balanced, share * FOCAL().value(target, Z), rtol=1e-15)


@pytest.mark.parametrize(("p", "ratio"), [(0.5, 4.0), (0.9, 100.0), (0.968, 976.5625)])
def test_focal_divides_cross_entropy_by_the_square_of_one_minus_p_t(p, ratio):
    """V5."""
    z = at(np.log(p / (1 - p)))
    for y, score in ((1, z), (0, -z)):
        ours = CROSS_ENTROPY().value(at(y), score) / FOCAL().value(at(y), score)
        assert ours == pytest.approx(ratio, rel=1e-13)  # 1 − .968 loses two digits in the logit


def pull(gamma, p):
    """How much harder focal loss pulls on the logit of the true class than cross-entropy does."""
    z = np.log(p / (1 - p))
    one = np.ones_like(z)
    return FOCAL(gamma=gamma).gradient(one, z) / CROSS_ENTROPY().gradient(one, z)


@pytest.mark.parametrize(
    ("gamma", "largest", "place", "crossing"),
    [
        (0.5, 1.0764784591802652, 0.1612909798195964, 0.4214574615258172),
        (1.0, 1.1353352832361083, 0.13533565271305426, 0.36787944117144233),
        (2.0, 1.2246347263116453, 0.10406128322566452, 0.2976365549817014),
        (5.0, 1.3935839657963767, 0.06387851757035141, 0.19680273893699973),
    ],
)
def test_focal_pulls_harder_than_cross_entropy_on_hard_rows(gamma, largest, place, crossing):
    """V5, S26: the gradient in the logit is larger, not smaller, below a certain p_t."""
    p = np.linspace(0.01, 0.99, 98_001)
    ratio = pull(gamma, p)
    assert ratio.max() == pytest.approx(largest, rel=1e-9)  # a maximum is flat: step² = 1e-10
    assert p[ratio.argmax()] == pytest.approx(place, abs=2e-5)  # two steps of the grid
    assert pull(gamma, at(crossing)) == pytest.approx(1.0, abs=1e-12)
    assert (ratio[p < crossing - 1e-6] > 1).all()
    assert (ratio[p > crossing + 1e-6] < 1).all()


def asked(loss, rate):
    """The probability that costs least where this share of the rows is positive."""
    target, weight = np.array([1.0, 0.0]), np.array([rate, 1 - rate])
    low, high = -20.0, 20.0
    for _ in range(80):
        z = (low + high) / 2
        slope = loss.gradient(target, np.full(2, z)) @ weight
        low, high = (low, z) if slope > 0 else (z, high)
    return float(sigmoid(at(low))[0])


@pytest.mark.parametrize(
    ("gamma", "expected"),
    [
        (0.0, (0.6, 0.8, 0.9, 0.99)),
        (1.0, (0.557, 0.6858, 0.7744, 0.927)),
        (2.0, (0.5378, 0.6266, 0.6942, 0.8464)),
        (5.0, (0.5182, 0.5619, 0.5974, 0.6953)),
    ],
)
def test_focal_asks_for_a_probability_nearer_to_one_half(gamma, expected):
    """V5, S28; the figures are printed with four digits."""
    for rate, p in zip((0.6, 0.8, 0.9, 0.99), expected, strict=True):
        assert asked(FOCAL(gamma=gamma), rate) == pytest.approx(p, abs=5.1e-5)
        assert asked(FOCAL(gamma=gamma), 1 - rate) == pytest.approx(1 - p, abs=5.1e-5)


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.8, 0.99])
def test_cross_entropy_and_brier_ask_for_the_true_rate(rate):
    """S20: proper, so sure only where the data are."""
    for loss in (CROSS_ENTROPY(), BRIER):
        assert asked(loss, rate) == pytest.approx(rate, rel=1e-12)


@pytest.mark.parametrize(("weight", "expected"), [(1, 0.05), (5, 0.25 / 1.2), (19, 0.5)])
def test_a_weight_on_positives_moves_the_probability_that_is_asked_for(weight, expected):
    """S24: from .05 to .21 and .5."""
    assert asked(CROSS_ENTROPY(positive_weight=weight), 0.05) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("weight", [0.5, 5, 19])
def test_a_weight_is_a_threshold(weight):
    """V12: deciding at one half after weighting is deciding at 1 / (1 + w) before."""
    for rate in np.linspace(0.011, 0.989, 40):
        assert (asked(CROSS_ENTROPY(positive_weight=weight), rate) > 0.5) == (
            rate > 1 / (1 + weight)
        )


def test_a_confident_mistake_on_sigmoid_barely_pulls_under_the_squared_error():
    """V9, S34: at z = −8 and y = 1."""
    z, y = at(-8), at(1)
    assert BRIER.gradient(y, z) == pytest.approx(-0.0006702504975196976, rel=1e-13)
    assert CROSS_ENTROPY().gradient(y, z) == pytest.approx(-0.9996646498695335, rel=1e-15)


def test_a_more_accurate_model_can_have_the_larger_log_loss():
    """V7, S3: nine rows right and one confidently wrong, against eight right and two wrong."""
    sure, modest = np.array([0.99] * 9 + [0.0001]), np.array([0.7] * 8 + [0.45] * 2)
    assert (sure > 0.5).mean() == 0.9
    assert (modest > 0.5).mean() == 0.8
    y = np.ones(10)
    ours = [cost(CROSS_ENTROPY(), y, np.log(p / (1 - p))) for p in (sure, modest)]
    assert ours == pytest.approx([0.9300793394657807, 0.4450414943945403], rel=1e-13)


# --- Digits: against mpmath, on scores and residuals as extreme as float64 lets them be

SIZES = np.concatenate([np.logspace(-150, -1, 60), np.linspace(0.2, 60, 300), [100, 350, 700]])
BOTH_SIDES = np.concatenate([-SIZES, SIZES])
FAR = np.concatenate([BOTH_SIDES, -np.logspace(3, 150, 30), np.logspace(3, 150, 30)])
DIGITS = 700  # enough that 1 + 1e-300 keeps fifty digits of what was added


def _sigmoid(z):
    return 1 / (1 + mpmath.exp(-z))


def _softplus(x):
    return mpmath.log1p(mpmath.exp(x))


def _log_cosh(r):
    return abs(r) + mpmath.log1p(mpmath.expm1(-2 * abs(r)) / 2)


def _pseudo_huber(r, delta):
    return delta**2 * (mpmath.sqrt(1 + (r / delta) ** 2) - 1)


def _focal(m, gamma):
    return _sigmoid(-m) ** gamma * _softplus(-m)


def _focal_slope(m, gamma):
    q = _sigmoid(-m)
    return -(q**gamma) * (gamma * (1 - q) * _softplus(-m) + q)


def of_class(method, y):
    return lambda z: method(np.full_like(z, y), z)


# name: (ours, exact, points, bound in units of relative error). Two or three library functions,
# each within one rounding (1.1e-16) or two; the power of focal multiplies a rounding by gamma.
ACCURACY = {
    "sigmoid": (sigmoid, _sigmoid, BOTH_SIDES, 5e-16),
    "softplus": (softplus, _softplus, BOTH_SIDES, 5e-16),
    "cross_entropy y=1": (
        of_class(CROSS_ENTROPY().value, 1), lambda z: _softplus(-z), BOTH_SIDES, 5e-16,
    ),
    "cross_entropy y=0": (of_class(CROSS_ENTROPY().value, 0), _softplus, BOTH_SIDES, 5e-16),
    "cross_entropy' y=1": (
        of_class(CROSS_ENTROPY().gradient, 1), lambda z: -_sigmoid(-z), BOTH_SIDES, 5e-16,
    ),
    "cross_entropy' y=0": (of_class(CROSS_ENTROPY().gradient, 0), _sigmoid, BOTH_SIDES, 5e-16),
    "log_cosh": (LOG_COSH.phi, _log_cosh, FAR, 1e-15),
    "log_cosh'": (LOG_COSH.dphi, mpmath.tanh, FAR, 5e-16),
} | {
    f"focal gamma={gamma:g}": (
        of_class(FOCAL(gamma=gamma).value, 1), lambda z, g=gamma: _focal(z, g), BOTH_SIDES, 3e-15,
    )
    for gamma in (0.5, 1.0, 2.0, 5.0)
} | {
    "focal' gamma=2": (
        of_class(FOCAL().gradient, 1), lambda z: _focal_slope(z, 2), BOTH_SIDES, 3e-15,
    ),
} | {
    f"pseudo_huber delta={delta:g}": (
        PSEUDO(delta=delta).phi, lambda r, d=delta: _pseudo_huber(r, mpmath.mpf(d)), FAR, 1e-15,
    )
    for delta in (0.05, 1.0, 5.0)
}  # fmt: skip


@pytest.mark.parametrize("name", ACCURACY)
def test_a_stable_form_keeps_nearly_all_digits(name):
    ours, exact, points, bound = ACCURACY[name]
    found, worst, seen = ours(points), 0.0, 0
    with mpmath.workdps(DIGITS):
        for x, value in zip(points, found, strict=True):
            truth = exact(mpmath.mpf(float(x)))
            if abs(truth) > 1e-300:  # below, float64 itself has fewer digits
                worst, seen = max(worst, float(abs(mpmath.mpf(float(value)) / truth - 1))), seen + 1
            else:
                assert abs(value) <= 1e-300
    print(f"{name}: largest relative error {worst:.1e}")  # pytest -rP shows it
    assert seen > 0.5 * len(points)
    assert worst <= bound


def test_what_the_stable_forms_are_compared_with_is_not_vacuous():
    """The textbook form of the gradient, p − y, has no digit left where ours has all."""
    z = at(40.0)
    assert sigmoid(z) - 1 == 0
    assert CROSS_ENTROPY().gradient(at(1), z) == pytest.approx(-np.exp(-40.0), rel=1e-15)


def test_softmax_keeps_the_digits_of_a_nearly_certain_class():
    """1 − p by subtraction is 0 at a lead of 40; the sum of the other probabilities is not."""
    lead = np.array([0.0, 10.0, 30.0, 40.0, 300.0])
    score = np.zeros((lead.size, 3))
    score[:, 1] = lead
    loss, target = Loss.catalogue["softmax_cross_entropy"](), np.ones(lead.size)
    rest = 2 * np.exp(-lead) / (1 + 2 * np.exp(-lead))
    np.testing.assert_allclose(loss.gradient(target, score)[:, 1], -rest, rtol=1e-14)
    bend = rest / (1 + 2 * np.exp(-lead))
    np.testing.assert_allclose(loss.curvature(target, score)[:, 1], bend, rtol=1e-14)
