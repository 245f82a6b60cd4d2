"""Relatives: each loss that is another one at some parameter, or at its end, is it."""

import numpy as np
import pytest

from losses import Loss
from tests.test_contract import rows

R = np.concatenate([np.linspace(-9, 9, 601), [1e-12, -1e-6, 1e6]])
PARTS = ("value", "gradient", "curvature")


def make(slug, **values):
    return Loss.catalogue[slug](**values)


def same(one, other, times=1.0, *, rtol=1e-13, atol=0.0, target=None, score=None):
    """The parts of one are those of the other times a factor, over residuals or given rows."""
    target, score = np.zeros_like(R) if target is None else target, R if score is None else score
    for part in PARTS:
        np.testing.assert_allclose(
            getattr(one, part)(target, score),
            times * getattr(other, part)(target, score),
            rtol=rtol,
            atol=atol,
            err_msg=part,
        )


def test_smooth_l1_is_huber_over_beta():
    for beta in (0.05, 1.0, 3.7):
        same(make("smooth_l1", beta=beta), make("huber", delta=beta), 1 / beta)


def test_the_half_expectile_is_half_the_squared_error():
    same(make("expectile", tau=0.5), make("squared_error"), 0.5)


def test_a_tube_of_no_width_is_none():
    same(make("epsilon_insensitive", epsilon=0.0), make("absolute_error"))
    r = R[R != 0]
    same(
        make("squared_epsilon_insensitive", epsilon=0.0),
        make("squared_error"),
        target=np.zeros_like(r),
        score=r,
    )


def test_the_powers_one_and_two_are_the_absolute_and_the_squared_error():
    same(make("power", q=1.0), make("absolute_error"))
    same(make("power", q=2.0), make("squared_error"))


def test_linex_tends_to_half_the_squared_error_of_a_times_r():
    a = 1e-7
    same(
        make("linex", a=a),
        make("squared_error"),
        0.5 * a * a,
        rtol=1e-5,
        target=0 * R[:601],
        score=R[:601],
    )


@pytest.mark.parametrize("c", [0.3, 1.0, 2.5])
def test_barron_passes_through_its_relatives(c):
    """Equations 2 to 7 of the paper, in our scales: ours have curvature 1 at zero, his 1/c²."""
    root = np.sqrt(2)
    same(make("barron", alpha=2.0, c=c), make("squared_error"), 0.5 / c**2)
    same(make("barron", alpha=1.0, c=c), make("pseudo_huber", delta=c), 1 / c**2)
    same(make("barron", alpha=0.0, c=c), make("cauchy", c=root * c), 1 / c**2)
    same(make("barron", alpha=-2.0, c=c), make("geman_mcclure", c=2 * c), 1 / c**2)
    same(
        make("barron", alpha=-np.inf, c=c),
        make("welsch", c=root * c),
        1 / c**2,
        rtol=2e-12,
        atol=1e-300,
    )


@pytest.mark.parametrize("alpha", [2.0, 0.0, 1.0, -2.0])
def test_barron_is_continuous_in_alpha(alpha):
    r = R[np.abs(R) < 10]
    for step in (-1e-9, 1e-9):
        near, at = make("barron", alpha=alpha + step), make("barron", alpha=alpha)
        same(near, at, rtol=2e-7, atol=1e-8, target=0 * r, score=r)


def test_barron_tends_to_its_end_at_minus_infinity():
    r = R[np.abs(R) < 5]
    same(
        make("barron", alpha=-1e9),
        make("barron", alpha=-np.inf),
        rtol=1e-6,
        atol=1e-8,
        target=0 * r,
        score=r,
    )


def test_tweedie_passes_through_poisson_and_gamma():
    target, score = rows(make("poisson"))
    for power, slug in ((1.0, "poisson"), (2.0, "gamma")):
        same(
            make("tweedie", power=power),
            make(slug),
            rtol=1e-11,
            atol=1e-13,
            target=target,
            score=score,
        )
        for step in (1e-8, -1e-8):
            if 1 <= power + step <= 3:
                near = make("tweedie", power=power + step)
                same(near, make(slug), rtol=1e-5, atol=1e-6, target=target, score=score)


Z = np.linspace(-40, 40, 801)
LABEL = (np.arange(Z.size) % 2).astype(float)


def test_focal_with_no_gamma_is_the_cross_entropy():
    same(make("focal", gamma=0.0), make("cross_entropy"), target=LABEL, score=Z)
    same(make("focal", gamma=0.0, alpha=0.5), make("cross_entropy"), 0.5, target=LABEL, score=Z)
    target, score = rows(make("softmax_focal"))
    same(
        make("softmax_focal", gamma=0.0), make("softmax_cross_entropy"), target=target, score=score
    )


def test_savage_is_the_brier_score_of_the_logit():
    for part in PARTS:
        ours = getattr(make("savage"), part)(2 * LABEL - 1, Z)
        np.testing.assert_allclose(ours, getattr(make("brier"), part)(LABEL, Z), rtol=1e-13)


@pytest.mark.parametrize(
    ("many", "two", "times"),
    [
        (make("softmax_cross_entropy"), make("cross_entropy"), 1.0),
        (make("softmax_cross_entropy", smoothing=0.2), make("cross_entropy", smoothing=0.2), 1.0),
        (make("softmax_focal", gamma=1.5), make("focal", gamma=1.5), 1.0),
        (make("multiclass_brier"), make("brier"), 2.0),
    ],
    ids=str,
)
def test_softmax_with_two_classes_is_the_binary_loss(many, two, times):
    """V15: of two logits only their difference counts; the first pulls against the second."""
    score = np.stack([0.3 * Z, 1.3 * Z], axis=1)
    close = {"rtol": 1e-11, "atol": 1e-15}
    z = score[:, 1] - score[:, 0]
    np.testing.assert_allclose(many.value(LABEL, score), times * two.value(LABEL, z), **close)
    slopes = many.gradient(LABEL, score)
    np.testing.assert_allclose(slopes[:, 1], times * two.gradient(LABEL, z), **close)
    np.testing.assert_allclose(slopes[:, 0], -slopes[:, 1], **close)
    bends = many.curvature(LABEL, score)
    np.testing.assert_allclose(bends[:, 1], times * two.curvature(LABEL, z), **close)


def test_the_multiclass_hinge_with_two_classes_is_the_hinge():
    score = np.stack([0 * Z, Z], axis=1)
    hinge = make("hinge")
    np.testing.assert_array_equal(
        make("multiclass_hinge").value(LABEL, score), hinge.value(2 * LABEL - 1, Z)
    )


def test_an_elastic_net_of_one_kind_is_that_penalty():
    from losses import Penalty

    w = np.array([-1.7, 0.0, 0.4, 2.5])
    for mix, slug in ((1.0, "l1"), (0.0, "l2")):
        net, pure = (
            Penalty.catalogue["elastic_net"](lam=0.3, mix=mix),
            Penalty.catalogue[slug](lam=0.3),
        )
        assert net.value(w) == pytest.approx(pure.value(w), rel=1e-15)
        np.testing.assert_allclose(net.gradient(w), pure.gradient(w), rtol=1e-15)
        np.testing.assert_allclose(net.prox(w, 0.7), pure.prox(w, 0.7), rtol=1e-15)
