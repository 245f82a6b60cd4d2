"""The paired bootstrap, against plain loops over the same rows and SciPy's."""

import tracemalloc
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from losses import Loss
from losses.verdict import matrix, resampling, row_losses
from losses.verdict.resampling import bootstrap, uncertainty

SQUARED = Loss.catalogue["squared_error"]()
ABSOLUTE = Loss.catalogue["absolute_error"]()
RNG = np.random.default_rng(21)
N = 60
TARGET = RNG.normal(size=N)
FIRST, SECOND = TARGET + RNG.normal(size=N), TARGET + RNG.standard_t(4, N)
WEIGHT = RNG.exponential(size=N)
GROUP = RNG.choice(["north", "south", "east", "west", "sea", "hill"], N)
GAP = np.subtract(*row_losses(TARGET, {"a": FIRST, "b": SECOND}, SQUARED).value)
CASES = [
    pytest.param(weight, group, id=f"{label} {of}")
    for weight, label in ((None, "plain"), (WEIGHT, "weighted"))
    for group, of in ((None, "rows"), (GROUP, "groups"))
]


def plainly(resamples, seed, weight, group):
    """The differences of the costs over resamples, one after the other."""
    w = np.ones(N) if weight is None else weight
    labels = range(N) if group is None else list(dict.fromkeys(group.tolist()))
    members = [np.array([row]) if group is None else np.flatnonzero(group == row) for row in labels]
    drawn = np.random.default_rng(seed).integers(0, len(members), (resamples, len(members)))
    rows = [np.concatenate([members[unit] for unit in units]) for units in drawn]
    return [np.average(GAP[each], weights=w[each]) for each in rows]


@pytest.mark.parametrize("cells", [1, 7 * N, 1 << 18])
@pytest.mark.parametrize(("weight", "group"), CASES)
def test_each_resample_is_the_mean_over_the_rows_drawn(weight, group, cells, monkeypatch):
    # whatever the blocks: they bound the memory and must not change what is drawn
    monkeypatch.setattr(resampling, "CELLS", cells)
    found = bootstrap(
        TARGET, FIRST, SECOND, SQUARED, resamples=50, seed=3, weight=weight, group=group
    )
    assert found.differences == pytest.approx(plainly(50, 3, weight, group), rel=1e-11, abs=1e-14)
    costs = matrix(TARGET, {"a": FIRST, "b": SECOND}, [SQUARED], weight).cost[:, 0]
    assert found.difference == pytest.approx(costs[0] - costs[1], rel=1e-12)
    assert found.groups == (None if group is None else 6)


def test_a_seed_draws_the_same_again_and_another_seed_does_not():
    one, again, other = (bootstrap(TARGET, FIRST, SECOND, SQUARED, seed=s) for s in (1, 1, 2))
    assert one.differences.tolist() == again.differences.tolist()
    assert (one.low, one.high, one.probability) == (again.low, again.high, again.probability)
    assert one.differences.tolist() != other.differences.tolist()


WHOLE = [np.round(each) for each in (TARGET, FIRST, SECOND)]  # many resamples equal the sample


@pytest.mark.parametrize("data", [(TARGET, FIRST, SECOND), WHOLE], ids=["real", "whole"])
@pytest.mark.parametrize("interval", ["percentile", "bca"])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_intervals_are_those_that_scipy_makes_of_the_same_resamples(interval, level, data):
    found = bootstrap(*data, SQUARED, level=level, interval=interval)
    target, first, second = data
    expected = stats.bootstrap(
        ((first - target) ** 2 - (second - target) ** 2,),
        np.mean,
        n_resamples=0,
        confidence_level=level,
        method={"percentile": "percentile", "bca": "BCa"}[interval],
        bootstrap_result=SimpleNamespace(bootstrap_distribution=found.differences),
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx(tuple(expected), rel=1e-10)


def test_one_resample_is_both_ends_of_its_interval():
    for interval in ("percentile", "bca"):  # there is no bias to correct where all lie on one side
        found = bootstrap(TARGET, FIRST, SECOND, SQUARED, resamples=1, interval=interval)
        assert found.low == found.high == found.differences[0]


def test_weighted_bca_is_scipys_for_a_ratio_of_means():
    found = bootstrap(TARGET, FIRST, SECOND, SQUARED, weight=WEIGHT, interval="bca")
    expected = stats.bootstrap(
        (WEIGHT * GAP, WEIGHT),
        lambda gap, weight, axis: gap.mean(axis=axis) / weight.mean(axis=axis),
        n_resamples=0,
        paired=True,
        vectorized=True,
        method="BCa",
        bootstrap_result=SimpleNamespace(bootstrap_distribution=found.differences),
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx(tuple(expected), rel=1e-10)


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_the_interval_covers_the_true_difference_about_as_often_as_it_says(interval):
    rng, repetitions, truth = np.random.default_rng(9), 400, 0.3
    covered = 0
    for seed in range(repetitions):
        target = np.full(80, 100.0)  # so far above both that |y − p| = y − p: a normal difference
        first, second = -rng.normal(0.3, 1, 80), rng.normal(0, 0.5, 80)
        found = bootstrap(
            target, first, second, ABSOLUTE, resamples=400, seed=seed, level=0.9, interval=interval
        )
        covered += found.low <= truth <= found.high
    spread = np.sqrt(0.9 * 0.1 / repetitions)  # 0.015; with 80 rows about 0.01 is lost
    assert covered / repetitions == pytest.approx(0.89, abs=3 * spread)


def test_what_both_models_find_hard_cancels():
    # the reason to pair: the rows' common difficulty would hide any difference between models
    rng = np.random.default_rng(10)
    target = 1_000 * rng.exponential(size=400)
    first, second = rng.normal(0.2, 1, 400), rng.normal(0, 1, 400)
    kept = target > 10  # where |y − p| = y − p
    found = bootstrap(target[kept], first[kept], second[kept], ABSOLUTE)
    own = np.std((second - first)[kept]) / np.sqrt(kept.sum())
    assert np.std(found.differences) == pytest.approx(own, rel=0.06)
    unpaired = np.std(target[kept]) * np.sqrt(2 / kept.sum())
    assert unpaired > 500 * own
    assert found.probability == np.mean(found.differences < 0) > 0.9


def test_groups_of_one_row_are_rows():
    labels = np.array([f"row {number}" for number in RNG.permutation(N)])
    rows = bootstrap(TARGET, FIRST, SECOND, SQUARED)
    groups = bootstrap(TARGET, FIRST, SECOND, SQUARED, group=labels)
    assert groups.differences.tolist() == rows.differences.tolist()
    assert (rows.groups, groups.groups) == (None, N)


def test_a_copy_of_every_row_adds_no_certainty_when_copies_are_a_group():
    # the reason for groups: rows that depend on each other are fewer than they look
    def copied(group):
        twice = [np.tile(each, 2) for each in (TARGET, FIRST, SECOND)]
        return bootstrap(*twice, SQUARED, group=group)

    once, grouped = bootstrap(TARGET, FIRST, SECOND, SQUARED), copied(np.tile(np.arange(N), 2))
    assert grouped.differences == pytest.approx(once.differences, rel=1e-12, abs=1e-15)
    ratio = np.std(copied(None).differences) / np.std(once.differences)
    assert ratio == pytest.approx(np.sqrt(0.5), rel=0.06)


def test_swapping_the_models_turns_the_interval_round():
    for interval in ("percentile", "bca"):
        found = bootstrap(TARGET, FIRST, SECOND, SQUARED, interval=interval)
        turned = bootstrap(TARGET, SECOND, FIRST, SQUARED, interval=interval)
        assert found.differences.tolist() == (-turned.differences).tolist()
        assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low), rel=1e-12)
        assert found.probability + turned.probability == pytest.approx(1, abs=1e-15)


def test_rows_of_weight_zero_are_not_drawn():
    weight = np.where(np.arange(N) % 3, WEIGHT, 0)
    kept = np.flatnonzero(weight)
    found = bootstrap(TARGET, FIRST, SECOND, SQUARED, weight=weight, group=GROUP)
    alone = bootstrap(
        TARGET[kept], FIRST[kept], SECOND[kept], SQUARED, weight=weight[kept], group=GROUP[kept]
    )
    assert found.differences.tolist() == alone.differences.tolist()


def test_models_that_tie_are_each_the_cheaper_one_half_of_the_time():
    mirrored = 2 * TARGET - FIRST  # the same losses up to rounding
    assert np.any(np.abs(TARGET - mirrored) != np.abs(TARGET - FIRST))
    for interval in ("percentile", "bca"):
        found = bootstrap(TARGET, FIRST, mirrored, ABSOLUTE, interval=interval)
        assert found.probability == 0.5
        assert [found.low, found.high] == pytest.approx([0, 0], abs=1e-14)
    shares = uncertainty(TARGET, {"a": FIRST, "b": mirrored, "c": FIRST}, ABSOLUTE).cheapest
    assert shares == pytest.approx([1 / 3] * 3, rel=1e-12)


MODELS = {"first": FIRST, "second": SECOND, "zero": np.zeros(N), "worse": SECOND + 0.2}


@pytest.mark.parametrize(("weight", "group"), CASES)
def test_all_models_share_the_resamples_of_each_pair(weight, group):
    given = {"weight": weight, "group": group, "seed": 5, "level": 0.9, "interval": "bca"}
    found = uncertainty(TARGET, MODELS, SQUARED, **given)
    winner = MODELS[found.models[found.winner]]
    costs = matrix(TARGET, MODELS, [SQUARED], weight).cost[:, 0]
    assert found.winner == costs.argmin()
    assert found.difference == pytest.approx(costs - costs.min(), rel=1e-11, abs=1e-14)
    for model, prediction in enumerate(MODELS.values()):
        pair = bootstrap(TARGET, prediction, winner, SQUARED, **given)
        assert found.differences[model] == pytest.approx(pair.differences, rel=1e-9, abs=1e-14)
        assert (found.low[model], found.high[model]) == pytest.approx(
            (pair.low, pair.high), rel=1e-9
        )


def test_the_shares_of_being_cheapest_are_counted_over_the_resamples():
    found = uncertainty(TARGET, MODELS, SQUARED, seed=5)
    each = np.bincount(found.differences.argmin(axis=0), minlength=len(MODELS))
    assert found.cheapest == pytest.approx(each / 2000, abs=1e-15)
    assert found.cheapest.sum() == pytest.approx(1, abs=1e-12)
    assert np.sort(found.cheapest)[-2] > 0.01  # else nothing is uncertain here
    pair = {name: MODELS[name] for name in ("first", "second")}
    both = bootstrap(TARGET, FIRST, SECOND, SQUARED, seed=5)
    assert uncertainty(TARGET, pair, SQUARED, seed=5).cheapest[0] == both.probability


def test_memory_does_not_grow_with_the_resamples():
    n = 100_000
    y = np.zeros(n)
    tracemalloc.start()
    bootstrap(y, y + 1, y - 1, ABSOLUTE, resamples=60)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 25 * y.nbytes


REFUSED = {
    "first: 1 of 3 losses are infinite under Absolute error, the first in row 2": {
        "first": [1, np.inf, 2]
    },
    "first: its loss in row 2 under Absolute error is not a number": {"first": [1, np.nan, 2]},
    "0 resamples: at least one is needed": {"resamples": 0},
    "level 1 is not between 0 and 1": {"level": 1},
    "interval 'BCA' is none of percentile, bca": {"interval": "BCA"},
    "one group cannot be resampled": {"group": ["a", "a", "a"]},
    "one row cannot be resampled": {"weight": [0, 0, 1]},
    "row 2 has no group": {"group": [1.0, np.nan, 2.0]},
    "row 3 has no group": {"group": ["a", "b", None]},
    r"group needs 3 labels, found an array of shape \(2,\)": {"group": ["a", "b"]},
    "the losses are too large to add up": {"first": [1.7e308, 1.7e308, 1]},
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_resampled_is_refused(said):
    given = {"target": [0, 1, 2], "first": [1, 1, 1], "second": [0, 0, 0]} | REFUSED[said]
    with pytest.raises(ValueError, match=said):
        bootstrap(loss=ABSOLUTE, **given)
