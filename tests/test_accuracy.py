"""Digits: value and gradient against the printed formula itself, to the last places.

The text that a page shows is evaluated in mpmath's arithmetic, and its gradient is a difference
quotient of that text: neither knows anything of how losses/ computes. One ulp, a unit in the last
place, is the distance between neighboring floats at the exact result: also among the denormals.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import product
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest

from losses import Loss
from tests.latex import MPMATH, definitions, evaluate
from tests.test_latex import left_out, parameters_of

PARTS = ("value", "gradient")
ULPS = 4  # two or three library functions, each within one, and a few roundings of a half


@dataclass(frozen=True)
class Allowed:
    """What a loss or a family may miss its formula by, at which tunings, and why."""

    of: str
    reason: str
    ulps: Callable[[Any], float] = lambda loss: ULPS
    conditioned: Callable[[Any], bool] = lambda y: False  # times 1 + the condition, for a target
    smallest: Callable[[Any], float] = lambda loss: 0.0  # so many of the smallest floats besides
    parts: tuple[str, ...] = PARTS
    when: Callable[[Any], bool] = lambda loss: True


def always(y):
    return True


KEPT = Allowed("all others", "a few roundings")
MORE = [  # what would take numbers with more digits, or forms that nobody would want to read
    Allowed(
        "linex", "e^(a r) multiplies the rounding of a r by its size",
        conditioned=always, when=lambda loss: abs(loss.a) != 1,
    ),
    Allowed(
        "welsch", "e^-(r / c)² multiplies the rounding of r / c by twice its square",
        conditioned=always, parts=("gradient",), when=lambda loss: loss.c != 1,
    ),
    Allowed("geman_mcclure", "a fourth power of a hypotenuse", lambda loss: 6, parts=("gradient",)),
    Allowed(
        "barron", "a power multiplies the roundings of its hypotenuse",
        lambda loss: 2 + 2 * abs(loss.alpha - 2), when=lambda loss: -np.inf < loss.alpha < 0 or loss.alpha > 2,
    ),
    Allowed("tangent", "½ lies near its zero at tan ½", lambda loss: 8),
    Allowed("focal", "a power multiplies the roundings of 1 − p", lambda loss: ULPS + loss.gamma),
    Allowed("softmax_focal", "as focal", lambda loss: ULPS + loss.gamma),
    Allowed(
        "cross_entropy", "it crosses zero where p is the smoothed label",
        conditioned=always, parts=("gradient",), when=lambda loss: loss.smoothing > 0,
    ),
    Allowed(
        "softmax_cross_entropy", "as cross_entropy",
        conditioned=always, parts=("gradient",), when=lambda loss: loss.smoothing > 0,
    ),
    Allowed(
        "cross_entropy", "a weight multiplies the last digit of the smallest floats",
        smallest=lambda loss: loss.positive_weight, when=lambda loss: loss.positive_weight > 1,
    ),
    Allowed("multiclass_brier", "products of probabilities", lambda loss: 6, parts=("gradient",)),
    Allowed(
        "tweedie", "e^((2 − p) η) multiplies the rounding of (2 − p) η by its size",
        conditioned=always, when=lambda loss: loss.power % 0.5 != 0,
    ),
    Allowed(
        "positive", "log μ − log y, near zero, is of the size of its roundings",
        conditioned=lambda y: y != 1,  # whose logarithm is exact
    ),
]  # fmt: skip


def both(*sizes: float) -> list[float]:
    return [0.0, *(sign * size for size in sizes for sign in (1, -1))]


RESIDUALS = both(
    1e-160, 1e-20, 1e-8, 1e-3, 0.1, 0.5, 1, 2, 7, 19.9, 20.1, 40, 1e3, 1e8, 1e15, 1e160
)  # fmt: skip
SCORES = both(1e-20, 1e-8, 1e-3, 0.5, 1, 2, 7, 20, 33.6, 36.6, 37, 40, 700, 707, 745, 1e3, 1e8)
TARGETS = [1.0, 0.0, 1e-3, 7.5, 1e6, -0.5]  # of the positive family, where the loss can have them
CLASSES = [(0, (1, 0, 0)), (1, (1, 0, 2)), (0, (1, 0, -1))]  # true class, and logits times a gap


@dataclass(frozen=True)
class Floats:
    """A floating-point type, and how its results are computed beyond doubt.

    Slopes are taken over a relative step, and over its square, which is less than the smallest
    number, where they are zero; `digits` holds either next to 1, and what they are compared with.
    """

    dtype: type[np.floating[Any]]
    digits: int
    step: str
    straight: int  # from here on even |z| e^-|z| is less than the smallest number


FLOAT64, FLOAT32 = Floats(np.float64, 700, "1e-175", 1000), Floats(np.float32, 150, "1e-30", 150)
FLOATS = pytest.mark.parametrize("floats", [FLOAT64, FLOAT32], ids=["float64", "float32"])

# Parameters at their limits, as far as the domain of a loss reaches. All others: 1e-3 and 1e3.
EXTREMES = {
    "tau": (1e-9, 1 - 1e-9),
    "gamma": (0.0,),
    "smoothing": (0.0, 1e-9),
    "alpha": (-np.inf, -1e-12, 0.0, 1e-12, 1.0, 2 - 1e-9, 2.0),
    "q": (1.0, 1 + 1e-9, 2.0, 4.0),
    "power": (1 + 1e-9, 2 - 1e-9),
    "a": (-1.0, 1e-3, 1e3),
}


def tuned():
    """Each loss at its defaults, at either end of each slider, and beyond."""
    for slug, cls in Loss.catalogue.items():
        yield pytest.param(cls(), id=slug)
        for parameter in cls.parameters():
            extremes = EXTREMES.get(parameter.name, (1e-3, 1e3))
            for value in dict.fromkeys((parameter.low, parameter.high, *extremes)):
                if value in parameter.domain and value != parameter.default:
                    name = f"{slug}-{parameter.name}={value:.10g}"
                    yield pytest.param(cls(**{parameter.name: value}), id=name)


LOSSES = pytest.mark.parametrize("loss", list(tuned()))


# --- Where


def points(loss, floats):
    """Targets and scores, both of the float type, for the family of the loss."""
    rows = [
        (y, s)
        for y, s in {
            "residual": lambda: [(0.0, r) for r in (*RESIDUALS, *_seams(loss))],
            "positive": lambda: _positive(loss),
            "margin": lambda: list(product((1.0, -1.0), SCORES)),
            "binary": lambda: list(product((1.0, 0.0), SCORES)),
            "multiclass": lambda: [
                (true, np.multiply(gap, logits)) for true, logits in CLASSES for gap in SCORES
            ],
        }[loss.family]()
        if floats is FLOAT64 or np.max(np.abs(s)) <= 1e15
    ]
    rows = [(y, s) for y, s in rows if np.all(np.asarray(s) > loss.lowest)]
    target, score = (np.array(part, dtype=floats.dtype) for part in zip(*rows, strict=True))
    return (target.astype(int) if loss.family == "multiclass" else target), score


def _seams(loss):
    """Residuals on either side of each parameter: there one form of a curve becomes another."""
    given = [v for v in loss.values().values() if v and np.isfinite(v)]
    return [value * side for value in given for side in (1 - 2**-10, 1 + 2**-10, 2**-10 - 1)]


def _positive(loss):
    """Scores for each target that the loss can have: logarithms of a mean, or a mean itself."""
    targets = [y for y in TARGETS if not loss.misfits(np.array([y])).any()]
    if _mean(loss, 1.0) != 1:
        return list(product(targets, SCORES))
    near = (0.5, 0.999, 1.0, 1.001, 1.5)
    means = [s for s in RESIDUALS if s >= 0]
    return [(y, s) for y in targets for s in (*means, *(y * part for part in near))]


def _mean(loss, s):
    """The prediction of a loss with the identity or the logarithm as its link."""
    at_one = float(loss.link.prediction(np.array([1.0]))[0])
    return {1.0: lambda s: s, float(np.exp(1.0)): mpmath.exp}[at_one](s)


# --- What the printed formula says there


class Exact(NamedTuple):
    """What a row comes to: its value, and its slope in each score, None at a kink."""

    value: list[Any]
    gradient: list[Any]


@cache
def _defined(where):
    return list(definitions(where, MPMATH))


def printed(loss, y, s):
    """The printed formula at one row, by the arithmetic of mpmath."""
    names = parameters_of(loss) | {"y": y, "s": s} | _names(loss, y, s)
    for symbol, value, needed in _defined(loss.where):
        names[symbol] = 1 if needed & left_out(loss) else value(names)
    found = evaluate(loss.latex, names, MPMATH)
    if mpmath.isnan(found) and y == 0:  # 0 log 0, which is its limit
        return printed(loss, mpmath.mpf(10) ** (-4 * FLOAT64.digits), s)
    assert not mpmath.isnan(found), f"{loss} has no value at y = {y}, s = {s}"
    return found


def _names(loss, y, s):
    if loss.family == "margin":
        return {"m": y * s}
    if loss.family == "binary":
        p = 1 / (1 + mpmath.exp(-s))
        return {"z": s, "p": p, r"\hat{y}": p}
    if loss.family == "multiclass":
        powers = np.array([mpmath.exp(z) for z in s], dtype=object)
        p = powers / sum(powers)
        return {"z": s, "p": p, r"\hat{y}": p, "K": len(s)}
    mean = _mean(loss, s)
    return {"r": s - y, r"\eta": s, r"\mu": mean, r"\hat{y}": mean}


def exact_at(loss, y, s, floats):
    """The row's exact value and slopes; s is an mpf, or an array of them."""
    if loss.family in ("binary", "multiclass") and _gap(s) > floats.straight:
        with mpmath.workdps(2 * floats.digits):
            return _on_the_straight(loss, y, s, floats)
    slopes = [_slope(loss, floats, k, y, s) for k in range(np.size(s))]
    return Exact([printed(loss, y, s)], slopes)


def _slope(loss, floats, k, y, s):
    """The slope in the k-th score, by differences; None where it jumps."""
    part, size, before = mpmath.mpf(floats.step), np.max(np.abs(s)) or 1, mpmath.inf
    for step in (part * size, part * part * size):
        low, here, high = (printed(loss, y, _moved(s, k, move)) for move in (-step, 0, step))
        left, right = (here - low) / step, (high - here) / step
        jump = abs(right - left)
        if jump <= max(abs(right), abs(left)) * 1e-9:
            break
        if jump > max(before / 2, part):  # a bend would be less of a jump at a smaller step
            return None
        before = jump
    return (left + right) / 2


def _moved(s, k, move):
    if np.ndim(s) == 0:
        return s + move
    moved = s.copy()
    moved[k] += move
    return moved


def _on_the_straight(loss, y, s, floats):
    """Beyond a thousand, where 1 − p has more zeros than anyone can write, along a straight line.

    A loss of probabilities differs from its asymptote by about e^-|z|, which is 0 to every float
    there; so value and slopes at the thousand continue to a logit of 1e8 as they are.
    """
    ratio = _gap(s) / floats.straight
    at = s / ratio
    end, middle, start = (printed(loss, y, at * part) for part in (1, 15 / 16, 14 / 16))
    bend = end - 2 * middle + start
    assert abs(bend) < float(np.finfo(floats.dtype).smallest_subnormal) * mpmath.mpf("1e-6"), loss
    near = exact_at(loss, y, at, floats)
    return near._replace(value=[end + (end - start) * 8 * (ratio - 1)])


def _gap(s):
    """The smallest difference of two logits that differ."""
    return min((abs(z) for z in np.ravel(s) if z), default=0)


@cache
def exact(loss, floats):
    """Every row of the grid, exactly."""
    with mpmath.workdps(floats.digits):
        return [
            exact_at(loss, *lifted(y, s), floats)
            for y, s in zip(*points(loss, floats), strict=True)
        ]


def lifted(y, s):
    """A row's floats as numbers of mpmath."""
    if np.ndim(s) == 0:
        return mpmath.mpf(float(y)), mpmath.mpf(float(s))
    return mpmath.mpf(float(y)), np.array([mpmath.mpf(float(z)) for z in s], dtype=object)


def condition(loss, floats, part, k, y, s):
    """By how many roundings of itself a number follows one of its target and one of each score."""
    with mpmath.workdps(floats.digits):
        y, s = lifted(y, s)
        tiny = mpmath.mpf("1e-15")
        moved = [(y * (1 + tiny), s)] if y else []
        moved += [(y, _moved(s, i, s_i * tiny)) for i, s_i in enumerate(np.ravel(s))]
        number = partial(printed, loss) if part == "value" else partial(_slope, loss, FLOAT32, k)
        here = number(y, s)
        off = sum(abs((number(*row) or here) - here) for row in moved) if here else 0
        return float(off / abs(here) / tiny) if off else 0.0


# --- How far we are from it


def ulps(ours, truth, dtype):
    """The distance in units in the last place, and the unit; beyond the largest is infinity."""
    if np.isnan(ours):
        return np.inf, 1.0
    last = np.nextafter(np.finfo(dtype).max, dtype(0))
    beyond = mpmath.fadd(float(last), 2 * float(np.spacing(last)), exact=True)
    ours, truth = (max(-beyond, min(beyond, x)) for x in (mpmath.mpf(float(ours)), truth))
    unit = np.spacing(dtype(min(abs(float(truth)), float(last))))
    return abs(float(mpmath.fsub(ours, truth, exact=True) / float(unit))), float(unit)


def computed(loss, part, floats):
    """Value or gradient on the grid: as a caller gets it, overflow and underflow included."""
    with np.errstate(all="ignore"):
        return getattr(loss, part)(*points(loss, floats))


def allowed(loss, part):
    """The allowance of a loss, or of its family, as it is tuned."""
    fits = (
        a for a in MORE if a.of in (loss.slug, loss.family) and part in a.parts and a.when(loss)
    )
    return next(fits, KEPT)


def misses(loss, part, floats):
    """Each number's ulps as a share of what is allowed, in ulps, and in words; the worst first."""
    target, score = points(loss, floats)
    found = np.reshape(computed(loss, part, floats), (len(target), -1))
    may, smallest = allowed(loss, part), float(np.finfo(floats.dtype).smallest_subnormal)
    rows = []
    for y, s, ours, truth in zip(target, score, found, exact(loss, floats), strict=True):
        for k, (one, other) in enumerate(zip(ours, getattr(truth, part), strict=True)):
            if other is not None:
                off, unit = ulps(one, other, floats.dtype)
                limit = may.ulps(loss) + may.smallest(loss) * smallest / unit
                if off > limit and may.conditioned(y):
                    limit *= 1 + condition(loss, floats, part, k, y, s)
                said = f"y = {y}, s = {s}: {one!r}, not {mpmath.nstr(other, 20)}"
                rows.append((off / limit, off, f"{off:.1f} ulps, {limit:.1f} at most, at {said}"))
    return sorted(rows, reverse=True)


def single(loss, floats):
    """The loss as a program in float32 holds it: with parameters of that precision, too."""
    if floats is FLOAT64:
        return loss
    rounded = {
        p.name: value
        for p in loss.parameters()
        if (given := getattr(loss, p.name)) is not None
        and (value := float(np.float32(given))) in p.domain
    }
    return replace(loss, **rounded)


@FLOATS
@LOSSES
def test_a_value_is_what_its_formula_says_to_the_last_places(loss, floats):
    """Promise 1: the curve is the function that is printed, also where e^z is out of reach."""
    loss = single(loss, floats)
    worst = misses(loss, "value", floats)
    assert len(worst) == len(exact(loss, floats))
    assert worst[0][0] <= 1, "\n".join(said for share, _, said in worst[:5] if not share <= 1)


@FLOATS
@LOSSES
def test_a_gradient_is_the_slope_of_its_formula_to_the_last_places(loss, floats):
    """A gradient of rounding errors is a direction of its own: descent would follow it."""
    loss = single(loss, floats)
    worst = misses(loss, "gradient", floats)
    assert len(worst) >= 0.5 * len(exact(loss, floats)), "nearly all are kinks"
    assert worst[0][0] <= 1, "\n".join(said for share, _, said in worst[:5] if not share <= 1)


@LOSSES
def test_only_kinks_have_no_slope_to_be_compared_with(loss):
    """What the reference leaves out would otherwise never be missed."""
    for y, s, truth in zip(*points(loss, FLOAT64), exact(loss, FLOAT64), strict=True):
        if None in truth.gradient:
            at = {"residual": s - y, "margin": y * s, "positive": s / (y or 1)}
            assert loss.family == "multiclass" or at[loss.family] in loss.kinks()
            assert loss.kinks()


@FLOATS
@LOSSES
def test_numbers_keep_their_precision_and_are_numbers(loss, floats):
    """Who brings float32 has half the memory in mind, and gets no float64 behind their back."""
    score = points(loss, floats)[1]
    for part in PARTS:
        found = computed(loss, part, floats)
        assert found.dtype == score.dtype
        assert not np.isnan(found).any()  # nor at a kink


# --- The measure itself


@pytest.mark.parametrize("entry", MORE, ids=lambda entry: f"{entry.of}: {entry.reason}")
def test_an_allowance_is_for_a_loss_that_needs_it(entry):
    """A table of excuses only ever grows, unless a loss that has been cured must leave it."""
    needed = [
        max(off for _, off, _ in misses(loss, part, floats))
        for given in (case.values[0] for case in tuned())
        for floats in (FLOAT64, FLOAT32)
        for part in entry.parts
        if allowed(loss := single(given, floats), part) is entry
    ]
    assert max(needed) > ULPS / 2  # another processor may round otherwise


NAIVE = {  # what is printed, typed into NumPy as it stands: the digits that are left of 1e-8
    "log_cosh": 1e15, "pseudo_huber": 1e15, "linex": 1e7, "cauchy": 1e15, "welsch": 1e7,
}  # fmt: skip


@pytest.mark.parametrize("slug", NAIVE)
def test_the_formula_as_it_stands_would_not_pass(slug):
    """Otherwise these points would be too easy to tell anything."""
    loss = Loss.catalogue[slug]()
    at = points(loss, FLOAT64)[1].tolist().index(1e-8)
    typed = evaluate(loss.latex, parameters_of(loss) | {"r": np.float64(1e-8)})
    assert ulps(typed, exact(loss, FLOAT64)[at].value[0], np.float64)[0] >= NAIVE[slug]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("at", [0.0, 1e-44, 0.1, 1.0, 1e30, np.inf])
def test_a_step_to_the_next_float_is_one_ulp(at, dtype):
    exactly, at = mpmath.mpf(float(dtype(at))), dtype(at)
    assert ulps(at, exactly, dtype)[0] == 0
    assert ulps(np.nextafter(at, dtype(-1)), exactly, dtype)[0] in (0.5, 1)  # ½ below a power of 2
    assert ulps(dtype(np.nan), exactly, dtype)[0] == np.inf


def test_what_overflows_is_infinite_and_nothing_less():
    huge = mpmath.mpf("1e400")
    assert ulps(np.inf, huge, np.float64)[0] == 0
    assert ulps(-np.inf, huge, np.float64)[0] > 1e15
    assert ulps(np.finfo(float).max, huge, np.float64)[0] == 1


SLOPES = {  # known by hand
    "log_cosh": lambda y, s: mpmath.tanh(s),
    "cross_entropy": lambda y, s: 1 / (1 + mpmath.exp(-s)) - y,
    "logistic": lambda y, s: -y / (1 + mpmath.exp(y * s)),
    "poisson": lambda y, s: mpmath.exp(s) - y,
    "squared_error": lambda y, s: 2 * s,
}


@pytest.mark.parametrize("floats", [FLOAT64, FLOAT32], ids=["float64", "float32"])
@pytest.mark.parametrize("slug", SLOPES)
def test_the_reference_has_the_slopes_that_are_known_by_hand(slug, floats):
    loss, seen = Loss.catalogue[slug](), 0
    for y, s, truth in zip(*points(loss, floats), exact(loss, floats), strict=True):
        with mpmath.workdps(3 * floats.digits):  # sigmoid(1e3) − 1 in full
            if abs(s) <= floats.straight:
                known = SLOPES[slug](mpmath.mpf(float(y)), mpmath.mpf(float(s)))
                smallest = mpmath.mpf(float(np.finfo(floats.dtype).smallest_subnormal))
                assert abs(truth.gradient[0] - known) <= abs(known) * 1e-20 + smallest * 1e-3
                seen += 1
    assert seen > 20


def slopes(slug):
    loss = Loss.catalogue[slug]()
    truths = zip(points(loss, FLOAT64)[1], exact(loss, FLOAT64), strict=True)
    return {float(s): truth.gradient[0] for s, truth in truths}


def test_a_kink_has_no_slope_and_a_seam_has_one():
    assert slopes("absolute_error")[0.0] is None
    assert float(slopes("absolute_error")[1e-160]) == 1
    assert float(slopes("huber")[1.0]) == 1


# --- The evaluator in mpmath's arithmetic

Z = np.array([mpmath.mpf(1), mpmath.mpf(2), mpmath.mpf(4)], dtype=object)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("0.1", lambda: mpmath.mpf(1) / 10),  # the text's tenth, not the nearest double
        (r"\delta^2", lambda: mpmath.mpf(0.1) ** 2),  # the double that was given, exactly squared
        ("e^{100 x}", lambda: mpmath.exp(-200)),
        ("e", lambda: mpmath.e),
        (r"\log (\cosh x)", lambda: mpmath.log(mpmath.cosh(2))),
        (r"\frac{1}{3} \pi \sqrt{2}", lambda: mpmath.pi * mpmath.sqrt(2) / 3),
        (r"\arctan (x) + \max(x, -1, -3)", lambda: -1 - mpmath.atan(2)),
        ("[x < 0] |x|", lambda: 2),
        (r"\begin{cases} x & \alpha = -\infty \\ 1 / (x + 2) & \alpha > -\infty \end{cases}", lambda: -2),
        (r"\log \sum_k e^{z_k} - z_y", lambda: mpmath.log(mpmath.exp(-3) + mpmath.exp(-2) + 1)),
        (r"\max_{k \ne y} (1 + z_k - z_y)", lambda: -1),
        (r"\sum_k (z_k - [k = y])^2", lambda: 14),
    ],
)  # fmt: skip
def test_a_formula_has_as_many_digits_as_are_asked_for(latex, expected):
    """A constant rounded to float64 on the way would leave sixteen of them."""
    names = {"x": -2.0, "z": Z, "y": 2, r"\delta": 0.1, r"\alpha": -np.inf}
    with mpmath.workdps(100):
        found, wanted = evaluate(latex, names, MPMATH), expected()
        assert abs(found - wanted) <= abs(wanted) * mpmath.mpf("1e-97")


def test_a_where_line_has_as_many_digits():
    with mpmath.workdps(100):
        (_, value, needed), *rest = definitions(r"\mu = e^\eta / 3", MPMATH)
        assert abs(value({r"\eta": 1.0}) - mpmath.e / 3) < mpmath.mpf("1e-98")
        assert needed == {"e", r"\eta"}
        assert not rest
