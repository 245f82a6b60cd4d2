"""What other libraries call a loss, and how they scale it: every row is executed."""

import numpy as np
import pytest

from losses import Loss, Penalty
from losses.conventions import TABLES, Convention, conventions, lookalikes
from losses.cost import cost
from tests.libraries import CLOSE, HERE, called, data, needs, tuned

TUNED = list(tuned())
PENALTIES = [pytest.param(cls(lam=0.3), id=slug) for slug, cls in Penalty.catalogue.items()]
W = np.array([0.7, -1.3, 0.0, 2.1])


def rows_of(cases, wanted, of=conventions):
    """Each case with each executable row of it in the wanted libraries."""
    return [
        pytest.param(case.values[0], row, id=f"{case.id}-{row.library}-{place}")
        for case in cases
        for place, row in enumerate(of(case.values[0]))
        if row.library in wanted and Convention(row.library, row.call).runs
    ]


def value_of(loss, row, dtype):
    needs(row.library)
    y, s = data(loss, dtype)
    values = loss.values() | {"family": loss.family}
    exact = cost(loss, y.astype(float), s.astype(float))
    return called(row.library, row.call, values, y=y, s=s), exact


def check(loss, row, dtype=np.float64):
    theirs, exact = value_of(loss, row, dtype)
    times = row.factor(loss.values())
    close = 1e-5 if row.library == "Keras" else CLOSE[dtype]
    assert times * theirs == pytest.approx(exact, rel=close)


@pytest.mark.parametrize(("loss", "row"), rows_of(TUNED, HERE))
def test_our_number_is_theirs_times_the_factor(loss, row):
    check(loss, row)


def check_lookalikes(wanted):
    """At some tuning of the loss at least: a weight of 1 may hide by what it is divided."""
    differing, named = set(), set()
    for loss, row in (case.values for case in rows_of(TUNED, wanted, lookalikes)):
        theirs, exact = value_of(loss, row, np.float64)
        named.add(row)
        if theirs != pytest.approx(exact, rel=1e-6):
            differing.add(row)
    assert named
    assert named == differing


def test_what_is_said_to_be_another_loss_is_another():
    check_lookalikes(HERE)


def check_penalty(penalty, row):
    needs(row.library)
    theirs = called(row.library, row.call, penalty.values(), w=W)
    assert row.factor(penalty.values()) * theirs == pytest.approx(penalty.value(W), rel=1e-12)


def fits(penalty):
    """The estimators of scikit-learn that minimize ours with the mean squared error."""
    names = ("Lasso(", "Ridge(", "ElasticNet(")
    return [row for row in conventions(penalty) if row.call.startswith(names)]


@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_fit_under_the_translated_penalty_minimizes_ours(penalty):
    """Ridge(alpha = λn), Lasso(alpha = λ/2): the same line, found under another name."""
    from sklearn import linear_model

    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 4))
    y = X @ W + rng.normal(size=40)

    def objective(w):
        return ((y - X @ w) ** 2).mean() + penalty.value(w)

    assert fits(penalty)
    for row in fits(penalty):
        names = vars(linear_model) | penalty.values() | {"n": len(y)}
        model = eval(row.call, names).set_params(fit_intercept=False, tol=1e-14)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.warn", lambda *args, **more: None)
            w = model.fit(X, y).coef_
        least = objective(w)
        for size in (1e-2, 1e-4):
            tries = w + size * rng.normal(size=(200, 4))
            assert least <= min(map(objective, tries)), row.call


def test_every_table_speaks_of_something_catalogued():
    assert set(TABLES) <= set(Loss.catalogue) | set(Penalty.catalogue)


def test_every_factor_is_arithmetic_in_the_parameters():
    for slug, rows in TABLES.items():
        spec = (Loss.catalogue if slug in Loss.catalogue else Penalty.catalogue)[slug]()
        for row in rows:
            if isinstance(row, Convention) and row.times:
                assert row.factor(spec.values()) > 0


@pytest.mark.parametrize(
    ("slug", "library", "times"),
    [
        ("squared_error", "XGBoost", "2"),
        ("huber", "PyTorch", "delta"),
        ("smooth_l1", "PyTorch", "1 / beta"),
        ("poisson", "scikit-learn", "1 / 2"),
        ("absolute_percentage_error", "Keras", "1 / 100"),
    ],
)
def test_the_known_traps_are_told(slug, library, times):
    found = conventions(Loss.catalogue[slug]())
    assert times in {row.times for row in found if row.library == library}
