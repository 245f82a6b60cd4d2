"""A typed formula is the loss that it says: same numbers as its twin, same verdicts, no surprises."""

import dataclasses
import pickle
import random

import numpy as np
import pytest

from losses import Loss
from losses.cost import cost, cost_and_gradient, cost_gradient
from losses.curve import sample
from losses.data import Dataset
from losses.descent import Linear, Objective
from losses.formula import Formula, FormulaError, first_value, lint, parameter_names
from losses.formula.builder import (
    READINGS,
    as_text,
    by_sign,
    joined,
    joined_at_c,
    mixture,
    named,
)
from losses.formula.chances import MOVED
from losses.formula.findings import shown
from losses.formula.minimizers import OWN
from losses.formula.words import RULES
from losses.jet import lift, variable
from losses.links import sigmoid, softplus
from losses.snippets import code, offered
from losses.verdict import matrix
from tests.fuzz.formula import expression
from tests.latex import evaluate

# What somebody types for each catalogued loss; parameters have the catalogue's names.
TYPED = {
    "squared_error": "r^2",
    "absolute_error": "abs(s - y)",
    "huber": "where(abs(r) <= delta, r^2/2, delta*(abs(r) - delta/2))",
    "smooth_l1": "where(abs(r) <= beta, r^2/(2*beta), abs(r) - beta/2)",
    "pseudo_huber": "delta^2*(sqrt(1 + (r/delta)^2) - 1)",
    "log_cosh": "log(cosh(r))",
    "quantile": "max(-tau*r, (1 - tau)*r)",
    "expectile": "abs(tau - (r > 0))*r^2",
    "linex": "exp(a*r) - a*r - 1",
    "epsilon_insensitive": "max(abs(r) - epsilon, 0)",
    "squared_epsilon_insensitive": "max(abs(r) - epsilon, 0)^2",
    "reverse_huber": "where(abs(r) <= c, abs(r), (r^2 + c^2)/(2*c))",
    "power": "abs(r)^q",
    "cauchy": "c^2/2*log(1 + (r/c)^2)",
    "geman_mcclure": "r^2/2/(1 + (r/c)^2)",
    "welsch": "c^2/2*(1 - exp(-(r/c)^2))",
    "tukey_biweight": "where(abs(r) <= c, c^2/6*(1 - (1 - (r/c)^2)^3), c^2/6)",
    "barron": "abs(alpha - 2)/alpha*(((r/c)^2/abs(alpha - 2) + 1)^(alpha/2) - 1)",
    "zero_one": "m <= 0",
    "perceptron": "max(0, -m)",
    "hinge": "max(0, 1 - m)",
    "squared_hinge": "max(0, 1 - m)^2",
    "smooth_hinge": "where(m <= 0, 1/2 - m, where(m < 1, (1 - m)^2/2, 0))",
    "logistic": "log(1 + exp(-m))",
    "exponential": "exp(-m)",
    "modified_huber": "where(m >= -1, max(0, 1 - m)^2, -4*m)",
    "savage": "1/(1 + exp(m))^2",
    "tangent": "(2*arctan(m) - 1)^2",
    "cross_entropy": "-(y*log(p) + (1 - y)*log(1 - p))",
    "focal": "-(y*(1 - p)^gamma*log(p) + (1 - y)*p^gamma*log(1 - p))",
    "brier": "(p - y)^2",
}
# Catalogued ones in more than one setting: where an optional parameter is None it is not typed.
TUNED = {
    "quantile": [{"tau": 0.9}],
    "expectile": [{"tau": 0.2}],
    "linex": [{"a": -2.0}],
    "power": [{"q": 1.0}, {"q": 2.0}, {"q": 3.5}],
    "barron": [{"alpha": -2.0}, {"alpha": 1.5, "c": 0.5}, {"alpha": 0.5}],
    "huber": [{"delta": 0.3}, {"delta": 4.0}],
    "tukey_biweight": [{"c": 2.0}],
    "cauchy": [{"c": 3.0}],
    "focal": [{"gamma": 0.0}, {"gamma": 1.0}, {"gamma": 5.0}],
}
PAIRS = [
    pytest.param(slug, values, id=f"{slug}{values or ''}")
    for slug in TYPED
    for values in [{}, *TUNED.get(slug, [])]
]
BOUNDED = {"geman_mcclure", "welsch", "tukey_biweight", "zero_one", "savage", "tangent", "brier"}


def twins(slug, values):
    """A catalogued loss and the same one typed."""
    loss = Loss.catalogue[slug](**values)
    own = {name: loss.values()[name] for name in parameter_names(TYPED[slug])}
    return loss, Formula(TYPED[slug], **own)


def rows(loss, n=4000, seed=0):
    rng = np.random.default_rng(seed)
    score = rng.uniform(-9, 9, n)
    if loss.family == "residual":
        return rng.normal(size=n), score
    return rng.choice([-1.0, 1.0] if loss.family == "margin" else [0.0, 1.0], n), score


def found(report):
    return {one.slug: one for one in report}


def test_every_loss_of_one_residual_margin_or_logit_is_typed_here():
    families = ("residual", "margin", "binary")
    assert set(TYPED) == {s for s, c in Loss.catalogue.items() if c.family in families}


@pytest.mark.parametrize(("slug", "values"), PAIRS)
def test_a_typed_loss_agrees_with_its_catalogued_twin(slug, values):
    loss, formula = twins(slug, values)
    assert formula.family == loss.family
    target, score = rows(loss)
    for what in ("value", "gradient", "curvature"):
        ours, theirs = (getattr(one, what)(target, score) for one in (formula, loss))
        assert np.abs(theirs).max() > 0 or what != "value"
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12, err_msg=what)


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("absolute_percentage_error", "abs(r)/abs(y)"),
        ("squared_log_error", "(log(1 + s) - log(1 + y))^2"),
        ("poisson", "y*log(y/mu) - y + mu"),
        ("gamma", "log(mu/y) + y/mu - 1"),
    ],
)
def test_a_typed_loss_of_positive_numbers_agrees_with_its_twin_and_asks_for_what_it_does(
    slug, text
):
    loss, formula = Loss.catalogue[slug](), Formula(text)
    rng = np.random.default_rng(0)
    target, score = rng.lognormal(size=500), rng.uniform(0.1, 4, 500)
    for what in ("value", "gradient", "curvature"):
        ours, theirs = (getattr(one, what)(target, score) for one in (formula, loss))
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12, err_msg=what)
    assert formula.asks() == (loss.asks() if loss.asks() == "the mean" else OWN)
    assert cost(formula, target, score) == pytest.approx(cost(loss, target, score), rel=1e-12)


@pytest.mark.parametrize(("slug", "values"), PAIRS)
def test_its_report_says_what_the_catalogue_declares(slug, values):
    loss, formula = twins(slug, values)
    report = found(lint(formula))
    assert (report["convex"].verdict == "yes") == loss.convex
    assert formula.influence == loss.influence
    assert (report["influence"].verdict == "yes") == (loss.influence != "unbounded")
    bounded = slug in BOUNDED or (slug == "barron" and values.get("alpha", 1) < 0)
    assert (report["growth"].verdict == "yes") == bounded
    if loss.family == "residual":
        assert (report["symmetric"].verdict == "yes") == (
            loss.symmetric or (values == {} and slug in ("quantile", "expectile"))
        )  # at one half they are
    asks = loss.asks()
    named = asks in ("the mean", "the median", "the τ-quantile", "the τ-expectile")
    if loss.family == "residual":
        assert formula.asks() == (asks if named else OWN)
    elif "moved by" in asks:
        assert formula.asks() == MOVED
    else:
        assert formula.asks() == asks
    if loss.family == "binary":
        assert (report["proper"].verdict == "yes") == (asks == "the probability")
    if loss.family != "residual":
        assert (report["calibrated"].verdict == "no") == asks.startswith("nothing")


@pytest.mark.parametrize(("slug", "values"), PAIRS)
def test_its_corners_are_those_that_the_catalogue_declares(slug, values):
    """The catalogue names a place for all parameters, also where at one of them it is smooth."""
    loss, formula = twins(slug, values)
    smooth = {"power": (2.0, 3.5), "expectile": (0.5,)}.get(slug, ())
    expected = () if set(loss.values().values()) & set(smooth) else loss.kinks()
    assert formula.kinks() == pytest.approx(expected, abs=1e-12)
    for at in formula.kinks():  # and a gradient there is a subgradient, zero if that is one
        x, y = np.array([at]), np.full(1, float(loss.family == "margin"))
        jumps = abs(np.ptp(loss.value(np.repeat(y, 2), np.nextafter(at, [-9, 9])))) > 1e-9
        assert jumps or formula.gradient(y, x) == pytest.approx(loss.gradient(y, x), abs=1e-12)


@pytest.mark.parametrize("slug", [s for s in TYPED if s != "zero_one"])
def test_its_typeset_formula_is_what_it_computes(slug):
    loss, formula = twins(slug, {})
    target, score = rows(loss, 50)
    with np.errstate(all="ignore"):
        names = {"r": score - target, "m": target * score, "y": target, "z": score}
        names |= {"p": 1 / (1 + np.exp(-score))}
        names |= {
            p.symbol: v
            for p, v in zip(formula.parameters(), formula.values().values(), strict=True)
        }
        printed = evaluate(formula.latex, names)
    np.testing.assert_allclose(printed, formula.value(target, score), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("-y*log(p) - (1 - y)*log(1 - p)", r"-y \log (p) - (1 - y) \log (1 - p)"),
        ("max(0.1*(y - s), -0.9*(y - s))", r"\max (-0.1 r, 0.9 r)"),
        ("1e-12*r", "10^{-12} r"),
        ("-log(p)*y", r"-\log (p) y"),
        ("(r/2)^2", r"\left(\frac{r}{2}\right)^{2}"),
    ],
)
def test_signs_and_brackets_stand_as_in_a_book(text, latex):
    assert Formula(text).latex == latex


def test_cases_one_inside_the_other_are_rows():
    text = "where(abs(r) <= 2, abs(r), where(abs(r) < 3, r^2, 9))"
    assert Formula(text).latex.count(r"\begin{cases}") == 1
    r = np.linspace(-4, 4, 33)
    printed = evaluate(Formula(text).latex, {"r": r})
    np.testing.assert_array_equal(printed, Formula(text).value(np.zeros_like(r), r))


def test_numbers_in_a_report_are_written_in_one_way():
    """The report says 10⁶ of itself; the next number in it cannot be −1e+06."""
    said = {
        1.5: "1.5",
        -1e6: "−10⁶",
        2.5e-7: "2.5·10⁻⁷",
        1e300: "∞",
        -1e-301: "0",
        -12345.0: "−1.234·10⁴",
    }
    assert {number: shown(number) for number in said} == said
    assert not any("e+" in one.sentence for one in lint(Formula("r^3")))


def prints_its_cost(slug, library, capsys):
    loss, formula = twins(slug, {})
    target, score = rows(loss, 200)
    assert library in offered(formula)
    exec(code(formula, library), {"y": target, "s": score})
    assert float(capsys.readouterr().out) == pytest.approx(cost(formula, target, score), rel=1e-9)


@pytest.mark.parametrize("slug", TYPED)
def test_its_code_prints_its_cost(slug, capsys):
    prints_its_cost(slug, "NumPy", capsys)


@pytest.mark.parametrize("slug", [s for s in TYPED if Loss.catalogue[s].family != "binary"])
def test_jets_pass_through_it(slug):
    """But for binary losses, whose letter is made of two arrays."""
    loss, formula = twins(slug, {})
    target, score = rows(loss, 100)
    jet = formula.value(target, variable(score))
    np.testing.assert_allclose(jet.first, formula.gradient(target, score), atol=1e-12)
    np.testing.assert_allclose(jet.second, formula.curvature(target, score), atol=1e-12)


JETS = {
    name: getattr(np, name) for name in "sqrt exp log log1p expm1 sinh cosh tanh arctan".split()
}
JETS |= {"abs": np.abs, "sign": np.sign, "where": np.where, "maximum": np.maximum, "inf": np.inf}
JETS |= {"sigmoid": sigmoid, "softplus": softplus}


def test_two_calculi_agree_on_random_formulas():
    """That of the tapes and that of `losses.jet`, written apart, on expressions nobody chose."""
    x, compared = np.random.default_rng(3).uniform(0.2, 3.0, 50), 0
    for seed in range(400):
        rng = random.Random(seed)
        text = f"r + {expression(rng, ['r', 'r', '2', '0.5'], 4)}"
        try:
            formula = Formula(text)
        except FormulaError:
            continue
        with np.errstate(all="ignore"):
            jet = lift(eval(formula.expression, {"__builtins__": {}}, JETS | {"r": variable(x)}))
            ours = formula.tape.run({"r": x}, "r", 2)
        theirs = (jet.value, jet.first, jet.second)
        fine = np.all(
            [np.isfinite(part) & (np.abs(part) < 1e12) for part in (*ours, *theirs)], axis=0
        )
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one[fine], other[fine], rtol=1e-6, atol=1e-6, err_msg=text)
        compared += int(fine.sum())
    assert compared > 5000


def test_it_is_a_loss_like_any_other():
    formula = Formula("where(abs(r) < d, r^2/2, d*(abs(r) - d/2))", d=1.0)
    huber = Loss.catalogue["huber"]()
    assert isinstance(formula, Loss)
    assert formula == Formula(formula.text, d=1)
    assert hash(formula) == hash(Formula(formula.text, d=1))
    assert formula != Formula(formula.text, d=2.0)
    assert pickle.loads(pickle.dumps(formula)) == formula
    assert type(formula)(d=2.0) == Formula(formula.text, d=2.0)
    assert str(formula) == "Your loss (d = 1)"
    with pytest.raises(dataclasses.FrozenInstanceError):
        formula.d = 3.0
    (parameter,) = formula.parameters()
    assert (parameter.name, parameter.default) == ("d", 1.0)
    assert parameter.low < 1 < parameter.high
    assert 1.0 in parameter.grid()
    y, s = rows(formula, 20_000)
    assert cost(formula, y, s) == pytest.approx(cost(huber, y, s), rel=1e-12)
    np.testing.assert_allclose(cost_gradient(formula, y, s), cost_gradient(huber, y, s), rtol=1e-12)
    assert cost_and_gradient(formula, y, s)[0] == pytest.approx(cost(huber, y, s), rel=1e-12)
    single = formula.value(y.astype(np.float32), s.astype(np.float32))
    assert single.dtype == np.float32
    ours, theirs = sample(formula), sample(huber)
    np.testing.assert_allclose(ours.value, theirs.value, rtol=1e-12)


def test_a_model_descends_it():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(60, 1))
    data = Dataset("line", ("x",), X, 2 * X[:, 0] + 1, "y")
    objectives = [
        Objective(Linear(1), loss, data)
        for loss in (Formula("log(cosh(r))"), Loss.catalogue["log_cosh"]())
    ]
    w = np.array([0.3, -0.2])
    np.testing.assert_allclose(*(o.gradient(w) for o in objectives), rtol=1e-12)
    np.testing.assert_allclose(*(o.hessian(w) for o in objectives), rtol=1e-12)


def test_models_are_judged_by_it_beside_the_catalogue():
    y = np.array([1.0, 2.0, 9.0, 4.0])
    predictions = {"a": y + np.array([0.1, -0.2, 3.0, 0.1]), "b": y + 0.9}
    table = matrix(y, predictions, [Loss.catalogue["huber"](), Formula(TYPED["huber"], delta=1.0)])
    np.testing.assert_allclose(table.cost[:, 0], table.cost[:, 1], rtol=1e-12)


def test_a_tuned_class_stays_itself_when_the_text_is_typed_again():
    one, other = Formula("k*r^2", k=2.0), Formula("k*r^2", k=5.0)
    assert type(one)(k=5.0) == other
    assert {one, type(other)(k=2.0)} == {one}
    assert repr(other) == "Formula('k*r^2', k=5.0)"
    with pytest.raises(FormulaError, match="no parameter j"):
        type(one)(j=1.0)


def test_where_a_sign_of_zero_decides_there_is_no_slope_without_a_value():
    formula = Formula("log(1/r)")
    value, slope = (
        getattr(formula, w)(np.zeros(2), np.array([0.0, -0.0])) for w in ("value", "gradient")
    )
    assert np.isnan(slope[np.isnan(value)]).all()


def test_the_branch_not_taken_poisons_nothing():
    formula = Formula("where(r > 0, sqrt(r), -r)")
    assert formula.gradient(np.zeros(3), np.array([-4.0, -1e-9, 4.0])).tolist() == [
        -1.0,
        -1.0,
        0.25,
    ]
    nowhere = Formula("log(-1 - abs(r))*r^0")
    assert np.isnan(nowhere.gradient(np.zeros(1), np.ones(1))).all(), "no value, no derivative"


@pytest.mark.parametrize(
    ("text", "value"),
    [("-r^2", -4.0), ("2^3^2 + 0*r", 512.0), ("8/4*r", 4.0), ("r**2", 4.0), ("2^-1*r", 1.0),
     ("0 < r < 1", 0.0), ("1 < r <= 2", 1.0), ("(r > 0)*r", 2.0), ("not r > 0 and r < 9", 0.0),
     ("not (r > 0 and r > 9)", 1.0), ("r > 5 or r > 1 and r < 3", 1.0), ("max(1, r, 3)", 3.0),
     ("min(4, r, 3)", 2.0), ("ln(e)*r", 2.0), ("-r - -r + .5e1", 5.0), ("cosh(0)*r*pi/pi", 2.0),
     ("9**9**9*r", np.inf), ("s - y", 2.0), ("y - s", -2.0), ("1/0*r", np.inf), ("+r", 2.0)],
)  # fmt: skip
def test_the_language_means_what_its_table_says(text, value):
    assert Formula(text).value(np.zeros(1), np.array([2.0]))[0] == pytest.approx(value)
    assert len(RULES) >= 8


@pytest.mark.parametrize(
    ("text", "family"),
    [("r", "residual"), ("(s - y)^2", "residual"), ("abs(y - s)", "residual"), ("-m", "margin"),
     ("y*z", "binary"), ("(p - y)^2", "binary"), ("y*p + z", "binary"), ("abs(r)/y", "positive"),
     ("(log1p(s) - log1p(y))^2", "positive"), ("mu - y*log(mu)", "positive")],
)  # fmt: skip
def test_the_letters_decide_the_family(text, family):
    assert Formula(text).family == family


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [("2r", 1, "*"), ("abs r", 0, "parentheses"), ("abs(r", 5, "missing"), ("r)", 1, "closes none"),
     ("foo(r)", 0, "no function"), ("abz(r)", 0, "mean abs"), ("r m", 2, "sign"), ("r*m", 2, "m and r"),
     ("r + k", 4, "k has no value"), ("s^2", 0, "true value"), ("p", 0, "true value"), ("y", 0, "prediction"),
     ("1 + 1", 0, "No prediction"), ("", 0, "no formula"), ("|r|", 0, "abs"),
     ("r = 1", 2, "right of"), ("where(r, 1, 2)", 6, "condition"), ("where(r > 1, 2)", 0, "3 arguments"),
     ("r +", 3, "ends"), ("δ*r", 0, "delta has no value"), ("аbs(r)", 0, "U+0430"), ("ａbs(r)", 0, "looks like a"),
     ("r.real", 1, "within a number"), ("value*r", 0, "called value"), ("lambda*r", 0, "Python"), ("1e300*r", 0, "1e+100"),
     ("r > 1 and 2", 10, "condition"), ("max(r)", 0, "two or more"), ("r,1", 1, "comma")],
)  # fmt: skip
def test_an_error_points_at_the_character_in_one_sentence(text, place, says):
    with pytest.raises(FormulaError) as error:
        Formula(text)
    sentence = error.value.sentence
    assert error.value.place == place, sentence
    assert says in sentence
    assert sentence[-1] in ".?"
    assert "\n" not in sentence
    assert error.value.caret.splitlines()[-1] == " " * place + "^"


# What people have in their clipboard, and the same in the language.
PASTED = {
    "(s − y)²": "(s - y)^2",
    "r²⁰/2": "r^20/2",
    "r⁻²": "r^-2",
    "-r²": "-r^2",
    "2^r²": "2^r^2",
    "½·r²": "0.5*r^2",
    "3 × r ÷ 2 – 1": "3*r/2 - 1",
    "r ≥ 1 or r ≤ −1": "r >= 1 or r <= -1",
    "δ·abs(r)": "delta*abs(r)",
    "τ_1*r + β2*r²": "tau_1*r + beta2*r^2",
    "μ − y·log(μ)": "mu - y*log(mu)",
    "λ*r² + π": "lam*r^2 + pi",
    "2\u00a0*\u202fr": "2*r",
}


@pytest.mark.parametrize(("text", "plain"), PASTED.items(), ids=map(ascii, PASTED))
def test_pasted_mathematics_is_the_same_formula_as_typed(text, plain):
    own = dict.fromkeys(parameter_names(plain), 0.5)
    assert parameter_names(text) == tuple(own)
    ours, theirs = Formula(text, **own), Formula(plain, **own)
    assert (ours.latex, ours.expression) == (theirs.latex, theirs.expression)
    assert pickle.loads(pickle.dumps(ours)) == ours


def test_places_count_what_was_typed_also_where_a_sign_stands_for_two():
    for text, place in (("r² + r² + foo(r)", 10), ("½*r ≥ *r", 6), ("δ·r + αr", 7)):
        with pytest.raises(FormulaError) as error:
            Formula(text)
        assert error.value.place == place
        assert error.value.caret == f"{text}\n{' ' * place}^"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [("(y−ŷ)²", 3, "write s for"), ("y = r^2", 2, "right of"), ("L(r) = r²", 5, "right of"),
     ("lambda r: r^2", 8, "right of"), ("r^2 = 3", 4, "no equation"), ("where(r=1, r, 1)", 7, "=="),
     ("sin(r)", 0, "there are abs"), ("cos(r)", 0, "there are abs"), ("log10(r)", 0, "log(x)/log(10)"),
     ("huber(r)", 0, "where("), ("relu(r)", 0, "max(0, x)"), ("mean(r)", 0, "what one row costs"),
     ("r if r > 0 else 1", 2, "where(condition, a, b)"), ("(r if r > 0 else 1)", 3, "where(condition"),
     ("np.abs(r)", 0, "abs without “np.”"), ("torch.nn.relu(r)", 0, "max(0, x)"), ("math.inf", 0, "1e99"),
     ("torch.mean(r)", 0, "one row"), ("r.abs()", 1, "abs(r)"), (r"\frac{r}{2}", 0, "(a)/(b)"),
     (r"\delta", 0, "write delta"), ("1,5*r", 1, "1.5"), ("abs(1,5*r)", 0, "1.5"), ("r//2", 1, "one /"),
     ("R^2", 0, "mean r,"), ("x^2", 0, "mean r,"), ("y_true*log(y_pred)", 0, "mean y,"),
     ("(y - y_pred)^2", 5, "mean s,"), ("y", 0, "s, z, p or mu"), ("inf*r", 0, "1e99"),
     ("np*r", 0, "reserved"), ("r > 1 && r < 2", 6, "“and”"), ("r > 1 || r < 0", 6, "“or”"), ("|r|", 0, "abs(r)"),
     ("r²^3", 2, "which comes first"), ("σ(m)", 0, "sigmoid(x)"), ("r === 1", 2, "=="), ("$r$", 0, "without $"),
     ("r ? 1 : 2", 2, "where("), ("αr", 1, "product"), ("c(r + 1)", 0, "product"), ("Abs(r)", 0, "mean abs")],
)  # fmt: skip
def test_what_other_languages_have_gets_a_sentence_that_says_how_to_go_on(text, place, says):
    with pytest.raises(FormulaError) as error:
        Formula(text, **dict.fromkeys(parameter_names(text), 1.0))
    assert error.value.place == place, error.value.sentence
    assert says in error.value.sentence


def test_an_error_in_a_long_text_is_shown_where_it_is():
    text = "where(abs(r) <= 2, abs(r), where(abs(r) < 3, r^2, foo(r)))"
    with pytest.raises(FormulaError) as error:
        Formula(text)
    line, caret = error.value.caret.splitlines()
    assert line[len(caret) - 1 :].startswith("foo(r)")
    assert len(line) <= 36, "a phone has no room for more"
    assert line[0] == "…"


def test_its_parameters_are_those_of_the_text_and_have_first_values():
    assert parameter_names("delta*abs(r) + tau*r^2") == ("delta", "tau")
    assert first_value("tau") == 0.5
    for own in ({}, {"k": 1.0, "j": 2.0}, {"k": np.inf}, {"k": "1"}, {"k": 10**400}):
        with pytest.raises(FormulaError):
            Formula("k*r", **own)


def test_the_literal_mix_is_flagged_to_jump_by_2_at_plus_and_minus_2():
    literal = next(one for one in READINGS if one.name == "Literal").loss()
    report = found(lint(literal))
    assert "jump of 2 at ±2" in report["jumps"].sentence
    assert report["jumps"].numbers["largest"] == pytest.approx(2.0)
    assert report["convex"].verdict == "no"
    for name, slug in (("Reverse Huber", "reverse_huber"), ("Huber", "huber")):
        reading = next(one for one in READINGS if one.name == name).loss()
        twin = Loss.catalogue[slug](2.0)
        y, s = rows(twin)
        np.testing.assert_allclose(reading.value(y, s), twin.value(y, s), rtol=1e-12)
        assert found(lint(reading))["jumps"].verdict == "yes"


def test_the_flipped_pinball_is_told_from_the_pinball():
    flipped = found(lint(Formula("max(tau*r, (tau - 1)*r)", tau=0.9)))["asks"]
    assert "asks for the 10 % quantile, not the 90 %" in flipped.sentence
    right = found(lint(Formula("max(-tau*r, (1 - tau)*r)", tau=0.9)))["asks"]
    assert "asks for the 90 % quantile," in right.sentence
    assert "not" not in right.sentence


def test_a_report_is_about_any_loss_and_shows_a_counterexample():
    report = found(lint(Loss.catalogue["cauchy"]()))
    a, b = report["convex"].witness
    slopes = Loss.catalogue["cauchy"]().gradient(np.zeros(2), np.array([a, b]))
    assert a < b
    assert slopes[0] > slopes[1]
    scale = found(lint(Formula("log(cosh(r))")))["scale"]
    assert scale.verdict == "no"
    assert scale.witness[0] != pytest.approx(scale.witness[1], rel=0.01)
    assert found(lint(Formula("abs(r)^1.5")))["scale"].verdict == "yes"


@pytest.mark.parametrize(
    "text", ["r", "0*r", "log(-1 - abs(r))", "1/r", "where(r == 0, 5, r^2)", "sqrt(r)", "exp(exp(r))",
             "0*m", "m", "p*y", "0*z*y", "1/(y - p)", "y*s", "log(s)/y", "exp(mu)*y", "sign(r)", "r^r"],
)  # fmt: skip
def test_odd_formulas_get_a_report_too(text):
    report = lint(Formula(text))
    assert all(
        one.verdict in ("yes", "no", "unknown") and one.sentence.endswith(".") for one in report
    )


def test_two_losses_join_with_or_without_a_jump_and_a_corner():
    absolute, squared = Loss.catalogue["absolute_error"](), Loss.catalogue["squared_error"]()
    smooth = Formula(joined(absolute, squared, 2.0, "value and slope"))
    berhu = Loss.catalogue["reverse_huber"](2.0)
    y, s = rows(berhu)
    np.testing.assert_allclose(smooth.value(y, s), berhu.value(y, s), rtol=1e-12)
    assert found(lint(Formula(joined(absolute, squared, 2.0))))["jumps"].verdict == "no"
    value = found(lint(Formula(joined(absolute, squared, 2.0, "value"))))
    assert value["jumps"].verdict == "yes"
    assert 2.0 in value["corners"].witness
    with pytest.raises(ValueError, match="not symmetric"):
        joined(Loss.catalogue["linex"](), squared, 1.0)
    assert Formula(joined(Loss.catalogue["linex"](), squared, 1.0, of="sign")).family == "residual"


def test_a_narrow_dent_is_found_by_its_edges():
    """Narrower than any step of the grids, it is still told from the tree where it must be."""
    report = found(lint(Formula("where(abs(r - 7.3) < 1e-6, 5, r^2)")))
    assert report["jumps"].witness == pytest.approx((7.299999, 7.300001), abs=1e-12)
    assert report["convex"].verdict == "no"
    assert report["monotone"].verdict == "no"


def test_a_finding_about_what_is_asked_for_is_drawn_at_its_answer():
    finding = found(lint(Formula("abs(r)")))["asks"]
    ((at, cost),) = finding.picture.marks
    assert at == pytest.approx(1.0)
    assert cost == finding.picture.y.min()


def test_code_of_a_formula_that_its_parameters_make_constant_still_runs(capsys):
    formula = Formula("where(d > 1, 5, r^2) + (d > 1)", d=2.0)
    exec(code(formula, "NumPy"), {"y": np.zeros(3), "s": np.ones(3)})
    assert float(capsys.readouterr().out) == 6.0


def test_sides_and_mixtures_are_texts_that_mean_what_was_asked():
    absolute, squared = Loss.catalogue["absolute_error"](), Loss.catalogue["squared_error"]()
    pinball = Formula(by_sign(absolute, 0.9, 0.1))
    assert "90 % quantile" in found(lint(pinball))["asks"].sentence
    mixed = Formula(mixture([(0.3, absolute), (0.7, squared)]))
    assert mixed.text == "0.3*abs(r) + 0.7*r^2"
    np.testing.assert_allclose(mixed.value(np.zeros(1), np.array([-2.0])), 0.6 + 2.8)


@pytest.mark.parametrize("match", ["nothing", "value"])
def test_where_two_losses_are_joined_can_be_moved(match):
    absolute, squared = (Loss.catalogue[slug]() for slug in ("absolute_error", "squared_error"))
    text, own = joined_at_c(absolute, squared, 2.0, match)
    r, zero = np.linspace(-5, 5, 101), np.zeros(101)
    same = Formula(joined(absolute, squared, 2.0, match)).value(zero, r)
    np.testing.assert_allclose(Formula(text, **own).value(zero, r), same)
    jumps = found(lint(Formula(text, c=3.0)))["jumps"].verdict
    assert jumps == ("yes" if match == "value" else "no")


@pytest.mark.parametrize("slug", TYPED)
def test_a_catalogued_loss_is_taken_with_names_for_its_parameters(slug):
    """Numbers in their places would leave no slider, and 1^2/2 to be read."""
    loss = Loss.catalogue[slug]()
    text, own = named(loss)
    assert set(own) <= set(loss.values())
    y, s = rows(loss)
    np.testing.assert_allclose(
        Formula(text, **own).value(y, s), loss.value(y, s), rtol=1e-9, atol=1e-12
    )


def test_numbers_in_a_built_text_are_worked_out():
    assert as_text(Loss.catalogue["welsch"]()) == "-0.5*expm1(-r^2)"
    assert as_text(Loss.catalogue["quantile"](tau=0.9)) == "where(r > 0, 0.1*r, -0.9*r)"
    assert as_text(Loss.catalogue["welsch"](c=1e200))
    assert "4.685^2/6" in as_text(Loss.catalogue["tukey_biweight"](c=4.685)), "not 3.658204166666…"


@pytest.mark.parametrize("slug", TYPED)
def test_a_catalogued_loss_becomes_a_text_that_is_the_same_loss(slug):
    loss = Loss.catalogue[slug]()
    formula = Formula(as_text(loss))
    y, s = rows(loss)
    np.testing.assert_allclose(formula.value(y, s), loss.value(y, s), rtol=1e-9, atol=1e-12)
