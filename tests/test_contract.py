"""The contract, over everything catalogued: what a class declares is what its functions do."""

import dataclasses
import re
from functools import cache
from itertools import combinations, product

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.cost import cost
from losses.curve import along
from losses.jet import Jet, lift
from tests.latex import evaluate

KINDS = {"loss": Loss, "penalty": Penalty, "optimizer": Optimizer}
SPECS = [cls for kind in KINDS.values() for cls in kind.catalogue.values()]

# e^1000 is beyond the largest float64: infinite is then the right answer.
OVERFLOWING = {"exponential", "linex", "poisson", "gamma", "tweedie"}


# Where a formula has cases of its own, beside a second parameter that is not 1.
SPECIAL = {
    "barron": [{"alpha": alpha, "c": 0.7} for alpha in (2.0, 1.0, 0.0, -np.inf)],
    "tweedie": [{"power": 2.0}],
    "power": [{"q": 2.0}],
    "focal": [{"gamma": 0.0, "alpha": None}, {"gamma": 2.0, "alpha": 0.25}],
}


def tuned(kind):
    """Each class at its defaults, at either end of each slider, and at the corners of two."""
    for slug, cls in kind.catalogue.items():
        yield pytest.param(cls(), id=slug)
        ends = [[(p.name, end) for end in (p.low, p.high)] for p in cls.parameters()]
        tunings = [{name: end} for pair in ends for name, end in pair]
        tunings += [dict(pair) for one, two in combinations(ends, 2) for pair in product(one, two)]
        for values in tunings + SPECIAL.get(slug, []):
            name = ",".join(f"{name}={value}" for name, value in values.items())
            yield pytest.param(cls(**values), id=f"{slug}-{name}")


LOSSES, PENALTIES = list(tuned(Loss)), list(tuned(Penalty))
DEFAULTS = [pytest.param(cls(), id=slug) for slug, cls in Loss.catalogue.items()]
RESIDUAL = [p for p in LOSSES if p.values[0].family == "residual"]
WITH_CLASSES = [
    pytest.param(p.values[0], classes, id=f"{p.id}-{classes}" if len(counts) > 1 else p.id)
    for p in LOSSES
    for counts in [(3, 5) if p.values[0].family == "multiclass" else (2,)]
    for classes in counts
]


def rows(loss, *, n=400, classes=3, seed=0):
    """Targets that the loss can have, each with a random score, both varied."""
    rng = np.random.default_rng(seed)
    target = {
        "residual": lambda: rng.normal(size=n),
        "positive": lambda: rng.lognormal(size=n),
        "margin": lambda: rng.choice([-1.0, 1.0], n),
        "binary": lambda: rng.choice([0.0, 1.0], n),
        "multiclass": lambda: rng.integers(classes, size=n),
    }[loss.family]()
    score = rng.uniform(-7, 7, (n, classes) if loss.family == "multiclass" else n)
    if loss.lowest > -np.inf:
        score = rng.uniform(0.02, 14, n)
    assert not loss.misfits(target).any()
    if n >= 100:
        assert len(np.unique(target)) >= min(classes, 2)
        assert np.ptp(score, axis=0).min() > 12
    return target, score


def differentiated(loss, target, score):
    """Gradient and curvature by jets through the very code of the value, one score at a time."""
    if score.ndim == 1:
        jet = lift(loss.value(target, Jet(score, 1.0)))
        return jet.first, jet.second
    directions = np.eye(score.shape[1])
    jets = [loss.value(target, Jet(score, direction)) for direction in directions]
    return np.stack([j.first for j in jets], axis=1), np.stack([j.second for j in jets], axis=1)


@pytest.mark.parametrize(("loss", "classes"), WITH_CLASSES)
def test_gradient_and_curvature_are_the_derivatives_of_the_value(loss, classes):
    target, score = rows(loss, classes=classes)
    with np.errstate(all="ignore"):  # branches that np.where does not take
        gradient, curvature = differentiated(loss, target, score)
    # both sides round at 1e-16; jets square intermediate results, which costs up to three digits
    exact = {"rtol": 1e-11, "atol": 1e-12}
    np.testing.assert_allclose(loss.gradient(target, score), gradient, **exact)
    np.testing.assert_allclose(loss.curvature(target, score), curvature, **exact)


@pytest.mark.parametrize("loss", LOSSES)
def test_value_gradient_and_curvature_have_their_shapes(loss):
    target, score = rows(loss)
    assert loss.value(target, score).shape == target.shape
    assert loss.gradient(target, score).shape == score.shape
    assert loss.curvature(target, score).shape == score.shape


@pytest.mark.parametrize("loss", LOSSES)
def test_scores_of_a_thousand_stay_finite(loss):
    target, score = rows(loss)
    extreme = np.sign(score) * 1000.0
    with np.errstate(over="ignore" if loss.slug in OVERFLOWING else "warn"):
        parts = [f(target, extreme) for f in (loss.value, loss.gradient, loss.curvature)]
    for part in parts:
        assert not np.isnan(part).any()
        assert loss.slug in OVERFLOWING or np.isfinite(part).all()


def jumps(function, low, high, candidates):
    """Where a function jumps: each interval of a fine grid is halved towards its larger change."""
    x = np.unique(np.concatenate([np.linspace(low, high, 2001), candidates]))
    a, b = x[:-1].copy(), x[1:].copy()
    at_a, at_b = function(a), function(b)
    for _ in range(60):  # 2^-60 of an interval: a and b end as neighboring floats
        middle = (a + b) / 2
        at_middle = function(middle)
        left = np.abs(at_middle - at_a) >= np.abs(at_b - at_middle)
        a, at_a = np.where(left, a, middle), np.where(left, at_a, at_middle)
        b, at_b = np.where(left, middle, b), np.where(left, at_middle, at_b)
    # a smooth function changes by its slope times 1e-16 between neighbors
    return set(np.round(a[np.abs(at_b - at_a) > 1e-6 * (1 + np.abs(at_a))], 9) + 0.0)


@cache
def jumping(loss, positive=True):
    """Where value, gradient or curvature jumps on the first axis, and the declared kinks."""
    axis, declared = loss.axes[0], set(np.round(loss.kinks(), 9) + 0.0)
    low, high = 2 * axis.low or 0.01, 2 * axis.high
    tunings = [value for value in loss.values().values() if value is not None]
    candidates = np.array([0.0, 1.0, -1.0, *tunings, *(-t for t in tunings), *loss.kinks()])
    candidates = candidates[(candidates > low) & (candidates < high)]

    def part(index):
        return lambda x: along(loss, axis, x, positive=positive)[index]

    found = (jumps(part(index), low, high, candidates) for index in range(3))
    return set().union(*found), declared


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("positive", [True, False])
def test_nothing_jumps_where_no_kink_is_declared(loss, positive):
    found, declared = jumping(loss, positive)
    assert found <= declared


@pytest.mark.parametrize("cls", Loss.catalogue.values())
def test_a_declared_kink_is_one(cls):
    """At some tuning of the class: both sides of tau may agree at one half."""
    mine = [p.values[0] for p in LOSSES if type(p.values[0]) is cls]
    assert any(found == declared for found, declared in map(jumping, mine))
    assert len({len(loss.kinks()) for loss in mine}) == 1, "curves must be frames of one film"


@pytest.mark.parametrize("loss", [p for p in LOSSES if p.values[0].kinks()])
def test_the_gradient_at_a_kink_is_a_subgradient(loss):
    for kink in loss.kinks():
        sides = np.nextafter(kink, [-np.inf, kink, np.inf])
        left, here, right = along(loss, loss.axes[0], sides)[1]
        assert min(left, right) <= here <= max(left, right)
        assert here == 0 or not min(left, right) <= 0 <= max(left, right)


def dents(loss, seed):
    """How far the loss between two random scores rises above the chord, relative to its size."""
    target, one = rows(loss, n=2000, seed=seed)
    other = rows(loss, n=2000, seed=seed + 1)[1]
    chord = (loss.value(target, one) + loss.value(target, other)) / 2
    return (loss.value(target, (one + other) / 2) - chord) / (1 + np.abs(chord))


@pytest.mark.parametrize("loss", [p for p in LOSSES if p.values[0].convex])
def test_a_loss_declared_convex_is_convex(loss):
    target, score = rows(loss, n=4000)
    assert loss.curvature(target, score).min() >= 0
    assert dents(loss, seed=1).max() <= 1e-14  # rounding


@pytest.mark.parametrize("loss", [p for p in LOSSES if not p.values[0].convex])
def test_a_loss_declared_not_convex_has_a_witness(loss):
    assert max(dents(loss, seed=seed).max() for seed in range(1, 8)) > 1e-5


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_trains_where_it_has_a_slope_to_follow(loss):
    """Descent offers no loss whose gradient is zero almost everywhere."""
    target, score = rows(loss)
    if loss.values().get("alpha") not in (0.0, 1.0) or loss.family != "binary":
        assert loss.trainable == (np.abs(loss.gradient(target, score)) > 0).any()


CANDIDATES = np.array([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, np.nan, np.inf, -np.inf])
FITTING = {
    "a finite number": [-2, -1, -0.5, 0, 0.5, 1, 2],
    "zero or more": [0, 0.5, 1, 2],
    "above zero": [0.5, 1, 2],
    "above −1": [-0.5, 0, 0.5, 1, 2],
    "a finite number other than zero": [-2, -1, -0.5, 0.5, 1, 2],
    "-1 or +1": [-1, 1],
    "0 or 1": [0, 1],
    "a class index 0, 1, 2, …": [0, 1, 2],
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_target_fits_as_the_loss_says_that_it_needs(loss):
    assert CANDIDATES[~loss.misfits(CANDIDATES)].tolist() == FITTING[loss.needs]
    target = np.array(FITTING[loss.needs], dtype=float)
    score = np.full((target.size, 3) if loss.family == "multiclass" else target.size, 0.3)
    assert np.isfinite(loss.value(target, score)).all()


@pytest.mark.parametrize("cls", Loss.catalogue.values())
def test_a_loss_works_at_the_closed_ends_of_its_domains(cls):
    """An end at which nothing costs anything, or all is infinite, is no place for a parameter."""
    for parameter in cls.parameters():
        for end in (parameter.domain.low, parameter.domain.high):
            if end in parameter.domain and np.isfinite(end):
                loss = cls(**{parameter.name: end})
                target, score = rows(loss)
                value = loss.value(target, score)
                assert np.isfinite(value).all()
                for side in (score > target, score < target) if loss.family == "residual" else ():
                    assert value[side].any()
                assert value.any()


@pytest.mark.parametrize("cls", {type(p.values[0]): None for p in RESIDUAL})
def test_symmetry_is_declared_as_it_is(cls):
    r = np.linspace(0.01, 6, 300)
    mine = [p.values[0] for p in RESIDUAL if type(p.values[0]) is cls]
    for loss in mine:
        if loss.symmetric:
            np.testing.assert_array_equal(loss.phi(r), loss.phi(-r))
            np.testing.assert_array_equal(loss.dphi(r), -loss.dphi(-r))
    skewed = [loss for loss in mine if not loss.symmetric]
    assert not skewed or any(not np.allclose(loss.phi(r), loss.phi(-r)) for loss in skewed)


@pytest.mark.parametrize("loss", RESIDUAL)
def test_no_error_costs_nothing_and_every_error_something(loss):
    assert loss.phi(np.zeros(1)) == 0
    assert loss.phi(np.linspace(-6, 6, 1001)).min() >= 0


def pulls(loss, size):
    """The largest pull on one row whose score is that far on a wrong side."""
    far = {
        "residual": lambda: [(0.0, size), (0.0, -size)],
        "positive": lambda: [(1.0, np.log(size)), (1.0, -np.log(size))],
        "margin": lambda: [(1.0, -size), (-1.0, size)],
        "binary": lambda: [(1.0, -size), (0.0, size)],
        "multiclass": lambda: [(0, [-size, 0.0, 1.0]), (2, [0.0, size, 0.0])],
    }[loss.family]()
    if loss.lowest > -np.inf:
        far = [(1.0, size), (1.0, loss.lowest + 1 / size)]
    target, score = (np.array(part) for part in zip(*far, strict=True))
    with np.errstate(over="ignore"):
        slopes = loss.gradient(target, score)
    if score.ndim == 2:  # on the logit of the true class
        slopes = slopes[np.arange(2), target]
    return np.abs(slopes).max()


@pytest.mark.parametrize("loss", LOSSES)
def test_the_influence_of_a_far_row_is_what_the_loss_says(loss):
    """Without bound, level, or gone: what decides whether one row can carry a fit away."""
    near, far = pulls(loss, 1e4), pulls(loss, 1e6)
    found = (
        "unbounded"
        if far > 1.5 * near or np.isinf(far)
        else "bounded"
        if far > 0.6 * near
        else "redescending"
    )
    assert loss.influence == found


SKEWED = np.sort(np.random.default_rng(2).exponential(size=101))
MEAN, MEDIAN = SKEWED.mean(), np.median(SKEWED)


def best_constant(loss, target, low, high):
    """The one score for all rows that costs least: the best of a grid, then of its bracket."""
    where = np.linspace(low, high, 401)
    best = int(np.argmin([cost(loss, target, np.full(len(target), s)) for s in where]))
    low, high = where[max(best - 1, 0)], where[min(best + 1, 400)]
    for _ in range(80):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        at_left, at_right = (cost(loss, target, np.full(len(target), s)) for s in (left, right))
        low, high = (low, right) if at_left <= at_right else (left, high)
    return (low + high) / 2


def _is_no_named_statistic(loss, best, data):
    """The slopes cancel there, and it is neither the mean nor the median, or it would say so."""
    apart = min(abs(best - data.mean()), abs(best - np.median(data)))
    usual = loss == type(loss)()  # at the end of a slider it may come to be one of them
    return _cancels_the_slopes(loss, best, data) and (apart > 1e-6 or not usual)


def _cancels_what_is_cut_off(threshold):
    def check(loss, best, data):
        cut = np.clip(best - data, -getattr(loss, threshold), getattr(loss, threshold))
        return abs(cut.sum()) <= 1e-6 * np.abs(cut).sum()

    return check


def equals(statistic):
    # a minimum is flat: values round at 1e-16, so its place is known to 1e-8, or two digits less
    return lambda loss, best, data: best == pytest.approx(statistic(loss, data), abs=1e-6)


def _cancels_the_slopes(loss, best, data):
    """A center by its definition: what the residuals pull to either side changes sign there."""
    below, here, above = (loss.gradient(data, best + step + 0 * data) for step in (-1e-6, 0, 1e-6))
    blur = 1e-9 * np.abs(here).sum()
    return below.sum() <= blur and above.sum() >= -blur


def _leaves_as_many_on_either_side(loss, best, data):
    above = np.sum(data > best + loss.epsilon + 1e-6)
    below = np.sum(data < best - loss.epsilon - 1e-6)
    return abs(above - below) <= 1  # one may stand on the edge


def _is_the_expectile(loss, best, data):
    above, below = np.maximum(data - best, 0).mean(), np.maximum(best - data, 0).mean()
    return loss.tau * above == pytest.approx((1 - loss.tau) * below, rel=1e-6)


def _weighted_median(data, weight):
    order = np.argsort(data)
    return data[order][np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)]


def _odds_of_the_rarer(loss, best, rate):
    return best == pytest.approx(np.sign(rate - 0.5) * (1 - min(1 / rate - 1, rate / (1 - rate))))


def _is_drawn_towards_one_half(loss, best, rate):
    p = 1 / (1 + np.exp(-best))
    return min(rate, 0.5) < p < max(rate, 0.5)


# What each loss asks for, in the words of its declaration. A new statistic needs a line here.
STATISTICS = {
    "the mean": equals(lambda loss, y: y.mean()),
    "the median": equals(lambda loss, y: np.median(y)),
    "the τ-quantile": equals(lambda loss, y: np.quantile(y, loss.tau, method="inverted_cdf")),
    "the center where residuals cut off at ±δ cancel": _cancels_what_is_cut_off("delta"),
    "the center where residuals cut off at ±β cancel": _cancels_what_is_cut_off("beta"),
    "the center where the slopes at the residuals cancel": _is_no_named_statistic,
    "the probability": equals(lambda loss, rate: np.log(rate / (1 - rate))),
    "the log-odds": equals(lambda loss, rate: np.log(rate / (1 - rate))),
    "the τ-expectile": _is_the_expectile,
    "a center with as many targets farther than ε above it as below": _leaves_as_many_on_either_side,
    "the logarithm of the mean of exp(−a y), divided by −a": equals(
        lambda loss, y: -np.log(np.mean(np.exp(-loss.a * y))) / loss.a
    ),
    "the mean on a logarithmic scale": equals(lambda loss, y: np.expm1(np.log1p(y).mean())),
    "the median, each target weighing 1 ÷ |y|": equals(lambda loss, y: _weighted_median(y, 1 / y)),
    "nothing: a score of 0 costs the least": equals(lambda loss, rate: 0.0),
    "the mean of the labels −1 and +1": equals(lambda loss, rate: 2 * rate - 1),
    "one less the odds of the rarer class, on the side of the other": _odds_of_the_rarer,
    "half of the log-odds": equals(lambda loss, rate: np.log(rate / (1 - rate)) / 2),
    "the tangent of the probability less ½": equals(lambda loss, rate: np.tan(rate - 0.5)),
    "a probability drawn towards one half": _is_drawn_towards_one_half,
    "the more likely class": lambda loss, best, rate: (best > 0) == (rate > 0.5),
}


def test_the_sample_tells_its_statistics_apart():
    assert MEAN - MEDIAN > 0.2
    assert len(np.unique(SKEWED)) == 101


@pytest.mark.parametrize("loss", RESIDUAL)
def test_the_best_constant_on_skewed_data_is_what_the_loss_asks_for(loss):
    best = best_constant(loss, SKEWED, -1.0, SKEWED.max() + 1)
    assert STATISTICS[loss.asks()](loss, best, SKEWED), best


@pytest.mark.parametrize("loss", [p for p in LOSSES if p.values[0].family == "positive"])
def test_the_best_constant_for_positive_targets_is_what_the_loss_asks_for(loss):
    low, high = loss.link.score(np.array([0.02, SKEWED.max() + 1]))
    best = loss.link.prediction(np.array(best_constant(loss, SKEWED, low, high)))
    assert STATISTICS[loss.asks()](loss, float(best), SKEWED), best


@pytest.mark.parametrize(
    "loss", [p for p in DEFAULTS if p.values[0].family in ("binary", "margin")]
)
@pytest.mark.parametrize("rate", [0.8, 0.3])
def test_the_best_constant_for_two_classes_is_what_the_loss_asks_for(loss, rate):
    label = (np.arange(10) < 10 * rate).astype(float)
    best = best_constant(loss, loss.encode(label), -6.0, 6.0)
    assert STATISTICS[loss.asks_for](loss, best, rate), best


def _is_the_rate_of_each_class(loss, target, tried):
    best = np.tile(np.log([0.5, 0.3, 0.2]), (10, 1))
    assert np.abs(loss.gradient(target, best).sum(axis=0)).max() < 1e-14
    return cost(loss, target, best) < min(cost(loss, target, best + z) for z in tried)


def _is_the_class_of_the_majority(loss, target, tried):
    """With 6 of 10 rows in class 0 it leads, with 4 of 10 no lead pays: equal scores cost least."""
    majority, plurality = np.repeat([0, 1, 2], [6, 3, 1]), np.repeat([0, 1, 2], [4, 3, 3])
    leads = cost(loss, majority, np.tile([1.0, 0.0, 0.0], (10, 1)))
    even = cost(loss, plurality, np.zeros((10, 3)))
    others = [np.tile(z, (10, 1)) for z in tried]
    return leads <= min(cost(loss, majority, z) for z in others) and even <= min(
        cost(loss, plurality, z) for z in others
    )


def _is_drawn_towards_even(loss, target, tried):
    """Along the scores t·log(rate), the best t lies between 0, where all are even, and 1."""
    stretch = np.linspace(0, 1.5, 301)
    costs = [cost(loss, target, np.tile(t * np.log([0.5, 0.3, 0.2]), (10, 1))) for t in stretch]
    return 0.05 < stretch[np.argmin(costs)] < 0.95


STATISTICS_OF_CLASSES = {
    "the probability of each class": _is_the_rate_of_each_class,
    "the class of more than half of the rows": _is_the_class_of_the_majority,
    "probabilities drawn towards 1/K": _is_drawn_towards_even,
}


@pytest.mark.parametrize("loss", [p for p in DEFAULTS if p.values[0].family == "multiclass"])
def test_the_best_constant_for_many_classes_is_what_the_loss_asks_for(loss):
    target, tried = np.repeat([0, 1, 2], [5, 3, 2]), np.random.default_rng(0).normal(size=(300, 3))
    assert STATISTICS_OF_CLASSES[loss.asks_for](loss, target, tried)


@pytest.mark.parametrize("cls", SPECS)
def test_an_instance_is_a_frozen_hashable_comparable_value(cls):
    one, same = cls(), cls()
    assert one == same
    assert hash(one) == hash(same)
    assert one is not same
    assert all(one != other() for other in SPECS if other is not cls)
    for parameter in cls.parameters():
        assert one != cls(**{parameter.name: _another(parameter)})
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, parameter.name, parameter.high)


def _another(parameter):
    return parameter.low if parameter.default != parameter.low else parameter.high


@pytest.mark.parametrize("cls", SPECS)
def test_a_value_out_of_range_is_refused_with_name_value_and_range(cls):
    for parameter in cls.parameters():
        low, high = parameter.domain.low, parameter.domain.high
        outside = [np.nan, low - 1, high + 1, "1"]
        outside += [edge for edge in (low, high) if edge not in parameter.domain]
        for value in outside:
            if isinstance(value, str) or value not in parameter.domain:
                said = (
                    re.escape(f"{parameter.name} = {value!r}")
                    + ".*"
                    + re.escape(str(parameter.domain))
                )
                with pytest.raises(ValueError, match=said):
                    cls(**{parameter.name: value})


@pytest.mark.parametrize("cls", SPECS)
def test_a_slider_reaches_its_ends_and_its_default(cls):
    for parameter in cls.parameters():
        grid = parameter.grid()
        assert grid[0] == parameter.low
        assert grid[-1] == parameter.high
        assert parameter.default in (None, *grid)
        assert all(value in parameter.domain for value in grid)
        assert (np.diff(grid) > 0).all()
        assert len(grid) <= 2001


@pytest.mark.parametrize("cls", SPECS)
def test_a_class_says_what_it_is(cls):
    assert cls.name
    assert cls.latex
    assert cls.slug
    assert "__doc__" in vars(cls)
    assert not cls.__doc__.startswith(f"{cls.__name__}(")
    assert re.fullmatch(r"[^.]+(?:\.\d[^.]*)*\.", cls.sentence()), (
        "one sentence, ending in a period"
    )
    assert re.fullmatch(r"\[[^\]]+\]\(https://\S+\)", cls.reference), "a source with a link"
    assert all(p.help and not p.help.endswith(".") and p.symbol for p in cls.parameters())


@pytest.mark.parametrize("cls", Loss.catalogue.values())
def test_a_loss_says_what_it_asks_for(cls):
    assert cls.asks_for
    assert not cls.asks_for.endswith(".")
    assert cls.family
    assert cls.axes
    assert isinstance(cls().convex, bool)


def test_names_are_unique():
    for kind in KINDS.values():
        names = [cls.name for cls in kind.catalogue.values()]
        assert len(set(names)) == len(names)


# The product's catalogue: family, slug and defaults.
PRODUCT = {
    "residual": "squared_error absolute_error huber(delta=1) smooth_l1(beta=1)"
    " pseudo_huber(delta=1) log_cosh quantile(tau=0.5) expectile(tau=0.5)"
    " epsilon_insensitive(epsilon=0.5)"
    " squared_epsilon_insensitive(epsilon=0.5) reverse_huber(c=1) linex(a=1) power(q=1.5)"
    " cauchy(c=1) geman_mcclure(c=1) welsch(c=1) tukey_biweight(c=4.685) barron(alpha=1,c=1)",
    "positive": "poisson gamma tweedie(power=1.5) squared_log_error absolute_percentage_error",
    "margin": "zero_one perceptron hinge squared_hinge smooth_hinge logistic exponential"
    " modified_huber savage tangent",
    "binary": "cross_entropy(positive_weight=1,smoothing=0) focal(gamma=2,alpha=None) brier",
    "multiclass": "softmax_cross_entropy(smoothing=0) softmax_focal(gamma=2) multiclass_hinge"
    " multiclass_brier",
    "penalty": "l1 l2 elastic_net",
    "optimizer": "gradient_descent momentum nesterov adagrad adadelta rmsprop adam adamax nadam"
    " amsgrad adamw",
}
NAMED = {
    entry.partition("(")[0]: (family, dict(re.findall(r"(\w+)=([\w.]+)", entry)))
    for family, entries in PRODUCT.items()
    for entry in entries.split()
}


@pytest.mark.parametrize("cls", SPECS)
def test_a_slug_of_the_product_has_its_family_and_defaults(cls):
    squeezed = {slug.replace("_", ""): slug for slug in NAMED}
    assert squeezed.get(cls.slug.replace("_", ""), cls.slug) == cls.slug, "spelled otherwise"
    if cls.slug in NAMED:
        family, defaults = NAMED[cls.slug]
        assert family == getattr(cls, "family", cls.catalogue.kind)
        mine = {
            p.name: f"{p.default}" if p.optional else f"{p.default:g}" for p in cls.parameters()
        }
        assert defaults.items() <= mine.items()
        assert cls.catalogue.kind != "loss" or defaults == mine


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [("loss", "hubber", "huber"), ("penalty", "l3", "l1"), ("optimizer", "adams", "adam")],
)
def test_an_unknown_slug_raises_and_names_near_ones(kind, wrong, right):
    with pytest.raises(KeyError, match=rf"no {kind} is called '{wrong}'.*\b{right}\b"):
        KINDS[kind].catalogue[wrong]


W = np.array([-1.7, -0.03, 0.0, 0.04, 0.6, 2.5])


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_gradient_of_a_penalty_is_the_derivative_of_its_formula(penalty):
    # the value returns a float, so the jet goes through the printed formula, which equals it
    tuning = {p.symbol: getattr(penalty, p.name) for p in penalty.parameters()}
    for j, direction in enumerate(np.eye(W.size)):
        jet = evaluate(penalty.latex, {"w": Jet(W, direction), **tuning})
        assert penalty.gradient(W)[j] == pytest.approx(jet.first, rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_curvature_of_a_penalty_is_the_slope_of_its_gradient(penalty):
    away, h = W[W != 0], 1e-4  # from the kink at zero
    slopes = (penalty.gradient(away + h) - penalty.gradient(away - h)) / (2 * h)
    np.testing.assert_allclose(penalty.curvature(away), slopes, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("step", [0.05, 1.0])
def test_the_proximal_step_minimizes_its_definition(penalty, step):
    def objective(v):
        return penalty.value(v) + ((v - W) ** 2).sum() / (2 * step)

    best, rng = penalty.prox(W, step), np.random.default_rng(3)
    for size in (1.0, 1e-2, 1e-4):
        for _ in range(100):
            assert objective(best) <= objective(best + size * rng.normal(size=W.size))
    for j in range(W.size):  # each weight by itself, over a grid that holds 0
        grid = np.linspace(-3, 3, 601)
        tried = [objective(np.where(np.arange(W.size) == j, v, best)) for v in grid]
        assert objective(best) <= min(tried) + 1e-12  # sums of squares up to 400 round at 1e-13


@pytest.mark.parametrize("step", [0.1, 0.5])
def test_the_proximal_step_of_l1_zeroes_exactly_the_weights_within_reach(step):
    penalty = Penalty.catalogue["l1"](lam=1.0)
    np.testing.assert_array_equal(penalty.prox(W, step) == 0, np.abs(W) <= step)


def test_a_penalty_of_zero_changes_nothing():
    for cls in Penalty.catalogue.values():
        free = cls(lam=0.0)
        assert free.value(W) == 0
        assert not free.gradient(W).any()
        np.testing.assert_array_equal(free.prox(W, 1.0), W)


@pytest.mark.parametrize("number", [np.float32(2.0), np.float64(2.0), np.int64(2), 2])
def test_numbers_of_numpy_are_numbers(number):
    assert Loss.catalogue["huber"](delta=number) == Loss.catalogue["huber"](delta=2.0)


@pytest.mark.parametrize(
    ("slug", "values"),
    [
        ("cross_entropy", {"positive_weight": 19.0}),
        ("cross_entropy", {"smoothing": 0.5}),
        ("focal", {"gamma": 0.0, "alpha": 0.95}),
        ("focal", {"gamma": 0.0}),
        ("focal", {"gamma": 2.0, "alpha": 0.5}),
    ],
)
def test_what_a_loss_asks_for_follows_its_parameters(slug, values):
    """ "The probability" is said exactly where the best constant is the rate."""
    loss, rate = Loss.catalogue[slug](**values), 0.2
    best = best_constant(loss, (np.arange(10) < 2).astype(float), -6.0, 6.0)
    said = loss.asks() == "the probability"
    assert said == (abs(1 / (1 + np.exp(-best)) - rate) < 1e-6)


@pytest.mark.parametrize("kind", [*Loss.catalogue.values(), *Optimizer.catalogue.values()])
def test_every_symbol_has_a_letter_for_plain_text(kind):
    assert not any("\\" in parameter.letter for parameter in kind.parameters())
