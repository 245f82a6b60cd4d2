"""The steepest curvature that each loss declares: a bound that holds, and the least that does.

A learning rate that is safe from any start is read off it, so one that is too small would promise
what does not hold, and one that is too large would forbid rates that are safe.
"""

import numpy as np
import pytest

from losses import Loss
from losses.jet import Jet, lift
from losses.probabilistic import Focal
from tests.test_contract import LOSSES

EPS = np.finfo(float).eps
FAR = np.logspace(-9, 6, 3001)
NEAR = np.linspace(-14, 14, 5601)
TARGETS = {
    "residual": [0.0, 1.5],
    "positive": [0.01, 0.5, 1.0, 3.0, 20.0],
    "margin": [-1.0, 1.0],
    "binary": [0.0, 1.0],
}
ONE = [p for p in LOSSES if p.values[0].family != "multiclass"]
MANY = [p for p in LOSSES if p.values[0].family == "multiclass"]
BOUNDED = [p for p in ONE if np.isfinite(p.values[0].steepest)]
UNBOUNDED = [p for p in LOSSES if not np.isfinite(p.values[0].steepest)]


def kinks(loss, target):
    """The scores at which a row of this target has a kink, and their neighbors."""
    found = np.array(loss.kinks())
    if loss.family == "residual":
        found = target + found
    elif loss.family != "multiclass":
        found = target * found
    return np.concatenate([np.nextafter(found, -np.inf), found, np.nextafter(found, np.inf)])


def scores(loss, target):
    """Scores of every size and sign that the loss can have, in order."""
    every = np.concatenate([-FAR, [0.0], FAR, NEAR, NEAR + target, kinks(loss, target)])
    if loss.lowest > -np.inf:
        every = np.concatenate([every, loss.lowest + FAR])
    return np.unique(every[every > loss.lowest])


def rows(loss):
    """Each target with all of its scores."""
    for target in TARGETS[loss.family]:
        score = scores(loss, target)
        yield np.full_like(score, target), score


def logits(classes, seed=3):
    """Rows of logits near and far from each other, and two classes against each other alone."""
    rng = np.random.default_rng(seed)
    apart = np.concatenate([rng.normal(size=(600, classes)) * size for size in (0.3, 1, 3, 9)])
    duel = np.full((2801, classes), -900.0)
    duel[:, 0], duel[:, 1] = np.linspace(-14, 14, 2801), 0.0
    return np.concatenate([apart, duel])


def bends(loss, score):
    """The largest eigenvalue, in size, of the Hessian of each row: jets through the gradient."""
    target = np.zeros(len(score), dtype=int)
    ways = np.eye(score.shape[1])
    columns = [lift(loss.gradient(target, Jet(score, way))).first for way in ways]
    return np.abs(np.linalg.eigvalsh(np.stack(columns, axis=-1))).max(axis=-1)


def test_there_are_bounds_of_both_kinds_to_check():
    slugs = {p.values[0].slug for p in ONE + MANY}
    assert slugs == set(Loss.catalogue)
    assert len({p.values[0].slug for p in BOUNDED}) >= 15
    assert len({p.values[0].slug for p in UNBOUNDED}) >= 10


@pytest.mark.parametrize("loss", BOUNDED)
def test_no_row_curves_more_than_the_steepest_and_some_row_as_much(loss):
    largest = 0.0
    for target, score in rows(loss):
        curvature = np.abs(loss.curvature(target, score))
        assert curvature.max() <= loss.steepest * (1 + 1e-9)  # nan fails, too
        largest = max(largest, curvature.max())
    assert largest >= loss.steepest * (1 - 1e-4)  # a grid may miss the very top


@pytest.mark.parametrize("loss", BOUNDED)
def test_the_gradient_changes_at_most_that_many_times_as_much_as_the_score(loss):
    """What a safe learning rate rests on; a corner between two scores would break it."""
    for target, score in rows(loss):
        slope = loss.gradient(target, score)
        moved, changed = np.diff(score), np.abs(np.diff(slope))
        size = np.abs(slope[1:]) + np.abs(slope[:-1]) + loss.steepest * np.abs(score[1:])
        assert (changed <= loss.steepest * moved * (1 + 1e-9) + 4 * EPS * size).all()


@pytest.mark.parametrize("loss", UNBOUNDED)
def test_where_no_bound_is_declared_a_row_bends_without_end_or_has_a_corner(loss):
    if loss.family == "multiclass":
        assert jumps(loss, 0)
        return
    with np.errstate(over="ignore", divide="ignore"):
        largest = [np.abs(loss.curvature(target, score)).max() for target, score in rows(loss)]
    assert max(largest) > 1e4 or any(jumps(loss, target) for target in TARGETS[loss.family])


def jumps(loss, target):
    """Whether the gradient or the value of a row jumps at one of its kinks."""
    score = kinks(loss, target).reshape(3, -1)
    if loss.family == "multiclass":
        score = np.stack([score, np.zeros_like(score), np.full_like(score, -3.0)], axis=-1)

    def change(part):
        low, high = (np.asarray(part(np.full(len(s), target), s)) for s in score[[0, 2]])
        return np.abs(high - low).max(initial=0.0)

    return max(change(loss.gradient), change(loss.value)) > 1e-3


@pytest.mark.parametrize("loss", [p for p in MANY if np.isfinite(p.values[0].steepest)])
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_no_hessian_of_a_row_has_an_eigenvalue_beyond_the_steepest(loss, classes):
    """Two classes reach it, and more classes do not pass it."""
    found = bends(loss, logits(classes))
    assert found.max() <= loss.steepest * (1 + 1e-9)
    assert found.max() >= loss.steepest * (1 - 1e-4)


@pytest.mark.parametrize("gamma", [0.0, 0.01, 0.3, 1.0, 2.0, 5.0, 50.0, 1e4])
def test_the_search_for_the_steepest_point_of_a_focal_loss_finds_it(gamma):
    """It looks at one bump alone: a finer and wider grid must not know a higher one."""
    m, loss = np.linspace(-40, 20, 600_001), Focal(gamma=gamma)
    largest = np.abs(loss.curvature(np.ones_like(m), m)).max()
    assert loss.steepest == pytest.approx(largest, rel=1e-8)  # steps of 1e-4 miss 1e-9
    assert largest <= loss.steepest * (1 + 1e-10)


@pytest.mark.parametrize(
    ("slug", "bound"),
    [("logistic", 1 / 4), ("cross_entropy", 1 / 4), ("softmax_cross_entropy", 1 / 2)],
)
def test_the_bounds_of_bohning_and_lindsay_are_those_declared(slug, bound):
    """Böhning & Lindsay 1988, Böhning 1992: a quarter for two classes, ½ for the softmax."""
    assert Loss.catalogue[slug]().steepest == bound


def test_a_loss_that_jumps_has_no_bound_though_no_side_of_the_jump_bends():
    assert Loss.catalogue["zero_one"]().steepest == np.inf


def test_a_linex_loss_that_charges_nothing_does_not_bend():
    assert Loss.catalogue["linex"](a=0.0).steepest == 0


def test_weights_of_classes_scale_the_bound():
    cross_entropy = Loss.catalogue["cross_entropy"]
    assert cross_entropy(positive_weight=8.0).steepest == 2.0
    assert cross_entropy(positive_weight=0.5).steepest == 0.25
    assert Focal(alpha=0.25).steepest == 0.75 * Focal().steepest


@pytest.mark.parametrize("loss", LOSSES)
def test_the_bound_is_a_plain_number_that_is_not_negative(loss):
    assert type(loss.steepest) is float
    assert loss.steepest >= 0
