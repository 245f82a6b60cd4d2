"""Far out, at certainty and at zero a typed formula keeps its digits, in any spelling."""

import numpy as np
import pytest

from losses import Loss
from losses.formula import Formula
from losses.formula.folding import labeled
from losses.formula.tape import Tape

FAR = np.array([1e-12, 1e-6, 0.3, 1.7, 8.0, 40.0, 700.0, 745.0, 800.0, 1e6])
SCORES = np.concatenate([-FAR[::-1], FAR])
# Spellings that overflow on their way, or lose what is left of a probability, as they stand.
SPELLED = {
    ("savage", ()): ["1/(1 + exp(m))^2", "(1 + exp(m))^-2", "sigmoid(-m)^2", "(1 - sigmoid(m))^2"],
    ("logistic", ()): ["log(exp(m/2) + exp(-m/2)) - m/2", "log((1 + exp(m))/exp(m))"],
    ("exponential", ()): ["1/exp(m)", "exp(-m/2)^2", "sqrt(exp(-2*m))"],
    ("log_cosh", ()): ["log((exp(r) + exp(-r))/2)", "log(exp(r)/2 + exp(-r)/2)", "log(cosh(-r))"],
    ("absolute_error", ()): ["sqrt(r^2)", "sqrt((s - y)*(s - y))", "(r^2)^0.5", "(r^4)^(1/4)"],
    ("squared_error", ()): ["abs(r)^2", "sqrt(r^4)", "abs(-r)^2"],
    ("cross_entropy", ()): [
        "-log(y*p + (1 - y)*(1 - p))",
        "softplus(z) - y*z",
        "-log(1 - abs(y - p))",
        "where(y > 0.5, -log(p), -log(1 - p))",
        "log(1 + exp((1 - 2*y)*z))",
        "y*log(y/p) + (1 - y)*log((1 - y)/(1 - p))",
    ],
    ("focal", (("gamma", 2.0),)): ["-abs(y - p)^2*log(1 - abs(y - p))"],
    ("focal", (("gamma", 1.5),)): ["-y*(1 - p)^1.5*log(p) - (1 - y)*p^1.5*log(1 - p)"],
    ("brier", ()): ["(y - p)^2", "y*(1 - p)^2 + (1 - y)*p^2", "abs(p - y)^2"],
}
PAIRS = [(slug, own, text) for (slug, own), texts in SPELLED.items() for text in texts]


@pytest.mark.parametrize(("slug", "own", "text"), PAIRS, ids=[text for *_, text in PAIRS])
def test_every_spelling_of_a_loss_is_that_loss_far_out(slug, own, text):
    loss, formula = Loss.catalogue[slug](**dict(own)), Formula(text)
    assert formula.family == loss.family
    for target in {"residual": (0.0,), "margin": (1.0, -1.0), "binary": (0.0, 1.0)}[loss.family]:
        y = np.full_like(SCORES, target)
        for what in ("value", "gradient", "curvature"):
            with np.errstate(over="ignore"):
                ours, theirs = (getattr(one, what)(y, SCORES) for one in (formula, loss))
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-15, err_msg=what)


@pytest.mark.parametrize("text", [*SPELLED["cross_entropy", ()][::2], "(p - y)^2"])
def test_certainty_that_is_right_costs_nothing(text):
    """At p of exactly 0 or 1 the term of the other class is 0 times the logarithm of 0."""
    formula, sure = Formula(text), np.array([-np.inf, np.inf])
    for what in ("value", "gradient", "curvature"):
        assert getattr(formula, what)(np.array([0.0, 1.0]), sure).tolist() == [0.0, 0.0]
    assert (formula.value(np.array([1.0, 0.0]), sure) >= 1).all()


@pytest.mark.parametrize("text", ["y*log(y/mu) - y + mu", "mu - y + y*(log(y) - log(mu))"])
def test_counts_of_zero_cost_what_the_catalogue_says(text):
    formula, poisson = Formula(text), Loss.catalogue["poisson"]()
    y, s = np.array([0.0, 0.0, 3.0]), np.array([-2.0, 1.5, 1.5])
    for what in ("value", "gradient", "curvature"):
        ours, theirs = (getattr(one, what)(y, s) for one in (formula, poisson))
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, err_msg=what)
    own = Formula("y*log(y/s) - y + s")
    assert own.gradient(np.zeros(1), np.array([0.4])).tolist() == [1.0]


def test_a_logarithm_of_what_is_negative_is_not_made_zero():
    formula = Formula("y*log(-1 - s^2) + y*s")
    assert np.isnan(formula.value(np.zeros(1), np.ones(1))[0])


@pytest.mark.parametrize("text", ["abs(r)^2", "abs(r) - log(1 + abs(r))", "min(abs(r), r^2)"])
def test_a_curvature_that_both_sides_share_is_had_at_zero(text):
    """The sign at zero is zero: put together from it, the curvature there would be wrong."""
    formula = Formula(text)
    zero, near = np.array([0.0]), np.array([1e-9])
    at, beside = (formula.curvature(zero, one) for one in (zero, near))
    assert at == pytest.approx(beside, rel=1e-6)
    assert formula.gradient(zero, zero).tolist() == [0.0]


def test_a_soft_label_takes_the_formula_of_both_classes():
    formula = Formula("-y*log(p) - (1 - y)*log(1 - p)")
    y, z = np.array([0.0, 0.25, 1.0]), np.array([2.0, 2.0, 2.0])
    p = 1 / (1 + np.exp(-2.0))
    np.testing.assert_allclose(formula.value(y, z), -y * np.log(p) - (1 - y) * np.log(1 - p))
    assert formula.value(y.astype(np.float32), z.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    "text",
    ["y*sqrt((1 - p)/p) + (1 - y)*sqrt(p/(1 - p))", "(p - y)^2/(1 + exp(z))", "y*p/(y + p + 1)",
     "where(p > 0.3, y*p^1.5, 1/(1 + exp(-z))^y)", "log(2 + exp(z) + y*exp(-z))"],
)  # fmt: skip
def test_no_rewrite_changes_a_value(text):
    """What is computed for the rows of one class, beside the formula as it stands."""
    formula, z = Formula(text), np.linspace(-4, 4, 50)
    for label in (0.0, 1.0):
        raw = Tape(formula.raw, {}).run({"z": z, "y": np.full_like(z, label)}, "z", 2)
        for tree in (formula.exact, labeled(formula.raw, label)):
            ours = Tape(tree, {}).run({"z": z, "y": np.full_like(z, label)}, "z", 2)
            np.testing.assert_allclose(ours, raw, rtol=1e-9, atol=1e-12)
