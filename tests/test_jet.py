"""The oracle's own oracle: jets against fifty-digit derivatives and derivatives known by hand."""

import mpmath
import numpy as np
import pytest

from losses.jet import BINARY, FUNCTIONS, PREDICATES, UNARY, Jet, lift, variable

# Each table entry in mpmath, and points where it is smooth, on both sides of what it treats apart.
ANYWHERE, POSITIVE = [-2.3, -0.4, 0.7, 3.1], [0.02, 0.7, 3.1, 40.0]
UNARY_TRUTH = {
    np.negative: (lambda x: -x, ANYWHERE),
    np.positive: (lambda x: +x, ANYWHERE),
    np.square: (lambda x: x * x, ANYWHERE),
    np.reciprocal: (lambda x: 1 / x, ANYWHERE),
    np.absolute: (abs, ANYWHERE),
    np.sign: (mpmath.sign, ANYWHERE),
    np.sqrt: (mpmath.sqrt, POSITIVE),
    np.exp: (mpmath.exp, ANYWHERE),
    np.expm1: (mpmath.expm1, [*ANYWHERE, 1e-9]),
    np.log: (mpmath.log, POSITIVE),
    np.log1p: (mpmath.log1p, [-0.9, *POSITIVE, 1e-9]),
    np.sin: (mpmath.sin, ANYWHERE),
    np.cos: (mpmath.cos, ANYWHERE),
    np.sinh: (mpmath.sinh, ANYWHERE),
    np.cosh: (mpmath.cosh, ANYWHERE),
    np.tanh: (mpmath.tanh, ANYWHERE),
    np.arctan: (mpmath.atan, ANYWHERE),
}
BINARY_TRUTH = {
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
    np.divide: lambda a, b: a / b,
    np.power: lambda a, b: a**b,
    np.maximum: max,
    np.minimum: min,
    np.hypot: mpmath.hypot,
    np.logaddexp: lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)),
}
PATHS = [  # two smooth curves with first and second derivatives that all differ
    (lambda t: mpmath.exp(t / 3) + t * t, lambda x: np.exp(x / 3) + x * x),
    (lambda t: 2 + mpmath.sin(t), lambda x: 2 + np.sin(x)),
]
CLOSE = {"rtol": 1e-13, "atol": 1e-15}  # tens of roundings of 1e-16 each


def truth(function, t):
    """Value, first and second derivative to fifty digits, rounded once."""
    with mpmath.workdps(50):
        return [float(mpmath.diff(function, mpmath.mpf(t), order)) for order in range(3)]


def parts(jet):
    return [jet.value, jet.first, jet.second]


def test_every_ufunc_of_the_tables_is_checked():
    assert UNARY_TRUTH.keys() == UNARY.keys()
    assert BINARY_TRUTH.keys() == BINARY.keys()


@pytest.mark.parametrize("ufunc", UNARY, ids=lambda ufunc: ufunc.__name__)
def test_a_function_of_one_jet_has_the_derivatives_of_fifty_digits(ufunc):
    function, points = UNARY_TRUTH[ufunc]
    for x in points:
        np.testing.assert_allclose(parts(ufunc(variable(x))), truth(function, x), **CLOSE)


@pytest.mark.parametrize("ufunc", UNARY, ids=lambda ufunc: ufunc.__name__)
def test_a_function_of_a_curved_jet_follows_the_chain_rule(ufunc):
    function, _ = UNARY_TRUTH[ufunc]
    inner, jet_inner = PATHS[0]
    for t in (0.3, 1.1):
        expected = truth(lambda t: function(inner(t)), t)
        np.testing.assert_allclose(parts(ufunc(jet_inner(variable(t)))), expected, **CLOSE)


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda ufunc: ufunc.__name__)
def test_a_function_of_two_jets_has_the_derivatives_of_fifty_digits(ufunc):
    function, ((one, jet_one), (two, jet_two)) = BINARY_TRUTH[ufunc], PATHS
    for t in (0.3, 1.9):
        expected = truth(lambda t: function(one(t), two(t)), t)
        np.testing.assert_allclose(
            parts(ufunc(jet_one(variable(t)), jet_two(variable(t)))), expected, **CLOSE
        )
        mixed = [
            (lambda t: function(one(t), 1.5), jet_one, True),
            (lambda t: function(1.5, two(t)), jet_two, False),
        ]
        for known, curve, jet_first in mixed:
            x = curve(variable(t))
            found = ufunc(x, 1.5) if jet_first else ufunc(1.5, x)
            np.testing.assert_allclose(parts(found), truth(known, t), **CLOSE)


@pytest.mark.parametrize(
    ("exponent", "expected"), [(0, (1, 0, 0)), (1, (0, 1, 0)), (2, (0, 0, 2)), (3, (0, 0, 0))]
)
def test_whole_powers_have_their_derivatives_at_zero(exponent, expected):
    assert tuple(parts(variable(0.0) ** exponent)) == expected
    assert tuple(parts(variable(0.0) ** np.array(exponent, dtype=float))) == expected


def test_a_power_of_a_negative_base_keeps_its_sign():
    assert tuple(parts(variable(-2.0) ** 3)) == (-8, 12, -12)


def test_operators_of_python_are_the_ufuncs():
    x = variable(np.array([0.5, 2.0]))
    jet = -((3 - x) / (1 + 2 * x) - abs(x) ** 2)
    # −(3 − x)/(1 + 2x) + x²: its derivatives by hand
    t = x.value
    np.testing.assert_allclose(jet.value, t**2 - (3 - t) / (1 + 2 * t), **CLOSE)
    np.testing.assert_allclose(jet.first, 7 / (1 + 2 * t) ** 2 + 2 * t, **CLOSE)
    np.testing.assert_allclose(jet.second, 2 - 28 / (1 + 2 * t) ** 3, **CLOSE)


@pytest.mark.parametrize("ufunc", sorted(PREDICATES, key=str), ids=lambda ufunc: ufunc.__name__)
def test_comparisons_look_at_values_alone(ufunc):
    x = np.array([-1.0, 0.0, 2.0])
    rest = () if ufunc.nin == 1 else (0.0,)
    np.testing.assert_array_equal(ufunc(variable(x), *rest), ufunc(x, *rest))


def test_where_takes_value_and_derivatives_of_the_side_that_holds():
    x = variable(np.array([-2.0, 3.0]))
    jet = np.where(x > 0, x**3, 5.0)
    np.testing.assert_array_equal(parts(jet), [[5, 27], [0, 27], [0, 18]])


def test_clip_is_the_identity_inside_and_constant_outside():
    jet = np.clip(variable(np.array([-2.0, 0.5, 3.0])) ** 2, -1.0, 5.0)
    np.testing.assert_array_equal(parts(jet), [[4, 0.25, 5], [-4, 1, 0], [2, 2, 0]])


def test_a_tie_of_two_branches_gets_the_mean_of_their_derivatives():
    x = variable(0.0)
    assert tuple(parts(np.maximum(x, -x))) == (0, 0, 0)
    assert tuple(parts(np.maximum(x, 3 * x**2))) == (0, 0.5, 3)
    assert tuple(parts(np.minimum(0.0, x))) == (0, 0.5, 0)
    assert tuple(parts(np.absolute(x))) == (0, 0, 0)


def test_take_along_axis_rearranges_derivatives_with_values():
    x = np.arange(6.0).reshape(2, 3)
    jet = np.take_along_axis(variable(x) ** 2, np.array([[2], [0]]), axis=-1)
    np.testing.assert_array_equal(np.squeeze(parts(jet)), [[4, 9], [4, 6], [2, 2]])
    assert np.take_along_axis in FUNCTIONS


@pytest.mark.parametrize(
    ("ufunc", "function"),
    [
        (np.add, mpmath.fsum),
        (np.maximum, max),
        (np.minimum, min),
        (np.logaddexp, lambda z: mpmath.log(mpmath.fsum(mpmath.exp(part) for part in z))),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
@pytest.mark.parametrize("axis", [0, 1])
def test_reductions_keep_derivatives(ufunc, function, axis):
    start = np.array([[0.3, -1.2, 2.0], [1.1, 0.4, -0.6]])
    direction = np.array([[1.0, -2.0, 0.5], [0.3, 1.5, -1.0]])
    jet = ufunc.reduce(Jet(start, direction), axis=axis)
    for index in range(start.shape[1 - axis]):
        z, d = np.take(start, index, axis=1 - axis), np.take(direction, index, axis=1 - axis)
        expected = truth(
            lambda t, z=z, d=d: function([a + t * b for a, b in zip(z, d, strict=True)]), 0
        )
        np.testing.assert_allclose(parts(jet[index]), expected, **CLOSE)


def test_the_sum_of_a_jet_sums_all_three_parts():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert parts((variable(x) ** 2).sum()) == [30, 20, 8]
    np.testing.assert_array_equal(
        parts((variable(x) ** 2).sum(axis=0)), [[10, 20], [8, 12], [4, 4]]
    )


def test_a_constant_has_no_derivatives_and_a_jet_lifts_to_itself():
    jet = lift(np.array([1.0, 2.0]))
    assert not jet.first.any()
    assert not jet.second.any()
    assert jet.shape == (2,)
    assert lift(jet) is jet


def test_a_ufunc_without_a_rule_is_refused():
    with pytest.raises(TypeError):
        np.arcsin(variable(0.5))
    with pytest.raises(TypeError):
        np.sort(variable(np.array([2.0, 1.0])))
