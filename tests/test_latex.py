"""What is printed is what is computed: a formula, evaluated from its text, is the function."""

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.links import SOFTMAX
from tests.latex import LatexError, definitions, evaluate, symbols
from tests.test_contract import LOSSES, PENALTIES, WITH_CLASSES, rows

# Printed formulas are naive: they subtract numbers of the size of the loss, and squares of
# parameters, up to 25, multiply what that rounds off; 1e-12 leaves them three digits.
FORMULA = {"rtol": 1e-12, "atol": 1e-12}


def names_of(loss, target, score):
    """The symbols that a formula of this family may use, and the loss's own parameters."""
    common = {"y": target, "s": score, r"\hat{y}": loss.link.prediction(score)}
    own = {
        "residual": lambda: {"r": score - target},
        "positive": lambda: {"r": score - target, r"\eta": score, r"\mu": common[r"\hat{y}"]},
        "margin": lambda: {"m": target * score},
        "binary": lambda: {"z": score, "p": common[r"\hat{y}"]},
        "multiclass": lambda: {"z": score, "p": SOFTMAX.prediction(score), "K": score.shape[-1]},
    }[loss.family]()
    return common | own | parameters_of(loss)


def parameters_of(spec):
    values = spec.values()
    return {
        parameter.symbol: values[parameter.name]
        for parameter in spec.parameters()
        if values[parameter.name] is not None
    }


def left_out(spec):
    """The symbols of optional parameters that are None: what is made of them is 1."""
    return {p.symbol for p in spec.parameters() if spec.values()[p.name] is None}


def printed(spec, names, latex=None):
    """The value of the formula that a page prints, its where line read from the text too."""
    for symbol, value, needed in definitions(getattr(spec, "where", "")):
        names = names | {symbol: 1.0 if needed & left_out(spec) else value(names)}
    return evaluate(latex or spec.latex, names)


@pytest.mark.parametrize(("loss", "classes"), WITH_CLASSES)
def test_the_printed_formula_of_a_loss_is_its_value(loss, classes):
    target, score = rows(loss, classes=classes)
    assert np.ptp(loss.value(target, score)) > 0 or loss.values().get("alpha") is not None
    value, names = loss.value(target, score), names_of(loss, target, score)
    np.testing.assert_allclose(printed(loss, names), value, **FORMULA)
    np.testing.assert_allclose(printed(loss, names, loss.formula), value, **FORMULA)


@pytest.mark.parametrize(
    "loss", [p for p in LOSSES if p.values[0].family in ("residual", "margin")]
)
def test_the_printed_formula_holds_at_every_kink(loss):
    kinks = np.array(loss.kinks())
    target = np.ones_like(kinks) if loss.family == "margin" else np.zeros_like(kinks)
    np.testing.assert_allclose(
        printed(loss, names_of(loss, target, kinks)), loss.value(target, kinks), **FORMULA
    )


@pytest.mark.parametrize("loss", [p for p in LOSSES if p.values[0].family != "multiclass"])
def test_the_letters_that_a_page_reads_out_make_the_value(loss):
    """`symbols`, with those of the where line, put into the formula: the value of a row."""
    for y, s in zip(*(part[:20] for part in rows(loss)), strict=True):
        put_in = evaluate(loss.latex, loss.symbols(float(y), float(s)))
        value = loss.value(np.array([y]), np.array([s]))
        np.testing.assert_allclose(put_in, value[0], **FORMULA)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_letter_that_a_page_reads_out_is_the_letter_of_the_formula(loss):
    """For several classes a page reads the logit of the true class, the others at zero."""
    if loss.family == "multiclass":
        read, score = loss.symbols(0.0, 1.3), np.array([[1.3, 0.0, 0.0]])
        assert read["z_y"] == 1.3
        assert read["K"] == 3
        assert read.get("p_y", SOFTMAX.prediction(score)[0, 0]) == pytest.approx(
            SOFTMAX.prediction(score)[0, 0], rel=1e-15
        )
        assert ("p_y" in read) == ("p_y" in loss.formula)
        assert {p.symbol for p in loss.parameters()} <= set(read)
        return
    for y, s in zip(*(part[:5] for part in rows(loss)), strict=True):
        names = names_of(loss, np.array([y]), np.array([s]))
        for letter, value in loss.symbols(float(y), float(s)).items():
            if letter in names and letter not in (r"\alpha",):
                np.testing.assert_allclose(value, np.ravel(names[letter])[0], rtol=1e-15)


@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_printed_formula_of_a_penalty_is_its_value(penalty):
    for seed in range(5):
        w = np.random.default_rng(seed).normal(size=4)
        assert np.ptp(w) > 0.1
        names = {"w": w} | parameters_of(penalty)
        assert printed(penalty, names) == pytest.approx(penalty.value(w), rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("cls", [*Loss.catalogue.values(), *Penalty.catalogue.values()])
def test_every_parameter_is_printed(cls):
    text = f"{cls.latex} {getattr(cls, 'where', '')}"
    where = definitions(getattr(cls, "where", ""))
    mentioned = symbols(cls.latex).union(*(needed for _, _, needed in where))
    for parameter in cls.parameters():
        assert parameter.symbol in mentioned, f"{parameter.symbol} is nowhere in {text}"


@pytest.mark.parametrize("cls", Optimizer.catalogue.values())
def test_the_rule_of_an_optimizer_names_its_learning_rate(cls):
    assert r"\eta" in cls.latex


def test_a_wrong_formula_would_be_noticed():
    loss = Loss.catalogue["huber"](delta=2.0)
    names = names_of(loss, *rows(loss))
    wrong = loss.latex.replace(r"\frac{1}{2} \delta", r"\frac{1}{2} \delta^2")
    assert wrong != loss.latex
    assert not np.allclose(evaluate(wrong, names), evaluate(loss.latex, names))


X = np.array([-2.0, 0.0, 3.0])
Z = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        ("2 x", 2 * X),
        ("-x^2", -(X**2)),
        ("x^{2 - 1} + 3", X + 3),
        ("1 - 2 - 3", -4.0),
        ("12 / 2 / 3", 2.0),
        (r"\frac{1}{2} x", X / 2),
        (r"\frac12 x", None),
        (r"\sqrt{x^2}", np.abs(X)),
        ("|x|", np.abs(X)),
        (r"2 |x| |x - 1|", 2 * np.abs(X) * np.abs(X - 1)),
        (r"\left| |x| - 1 \right|", np.abs(np.abs(X) - 1)),
        (r"e^{-x} \exp(x)", np.ones(3)),
        (r"\log e^x", X),
        (r"\log (\cosh x)", np.log(np.cosh(X))),
        (r"\max(0, 1 - x)", np.maximum(0, 1 - X)),
        (r"\min(x, 1, -1)", np.minimum(X, -1)),
        (r"\delta_1 (x - \hat{y})", 5 * (X - 7)),
        (r"[x > 0] x", np.array([0.0, 0.0, 3.0])),
        (r"[0 \le x < 3]", np.array([0.0, 1.0, 0.0])),
        (r"\begin{cases} 1 / x & x \ne 0 \\ 4 & x = 0 \end{cases}", np.array([-0.5, 4, 1 / 3])),
        (r"\begin{cases} x & x > 0 \\ -1 & \text{otherwise} \end{cases}", np.array([-1.0, -1, 3])),
        (r"\sum_k z_k - z_y", np.array([3.0, 48.0])),
        (
            r"\frac{1}{2} \sum_k (z_k - [k = y])^2",
            np.array([(1 + 4 + 9) / 2, (49 + 256 + 1024) / 2]),
        ),
        (r"\log \sum_k e^{z_k}", np.logaddexp.reduce(Z, axis=-1)),
        (r"\max_{k \ne y} (1 + z_k - z_y)", np.array([-1.0, 25.0])),
        (r"\sum_{k \ne y} z_k", np.array([3.0, 48.0])),
    ],
)
def test_the_evaluator_reads(latex, expected):
    names = {"x": X, "z": Z, "y": np.array([2, 0]), r"\delta_1": 5.0, r"\hat{y}": 7.0}
    if expected is None:  # TeX takes single digits here; we ask for braces
        with pytest.raises(LatexError):
            evaluate(latex, names)
    else:
        np.testing.assert_allclose(evaluate(latex, names), expected, rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize(
    ("latex", "said"),
    [
        ("x / 2 x", "two ways"),
        (r"\log x x", "two ways"),
        (r"\log (x)^2", "two ways"),
        ("x^10", "first digit"),
        ("u", "u is not defined"),
        ("x ? 2", "means nothing"),
        ("(x", r"'\)' is missing"),
        ("x )", "more than a formula"),
        (r"\sum_k x", "nothing depends on the index k"),
        (r"\begin{cases} 1 & x \le 0 \\ 2 & x \ge 0 \end{cases}", "overlap"),
        (r"\begin{cases} 1 & x < 0 \\ 2 & x > 0 \end{cases}", "leave a hole"),
    ],
)
def test_the_evaluator_refuses_what_is_wrong_or_ambiguous(latex, said):
    with pytest.raises(LatexError, match=said):
        evaluate(latex, {"x": X})


def test_a_where_line_defines_several_symbols():
    where = r"p_t = \begin{cases} p & y = 1 \\ 1 - p & y = 0 \end{cases} \quad y_\epsilon = y / 2"
    names = {"p": np.array([0.1, 0.2]), "y": np.array([0, 1])}
    found = {symbol: (value(names), needed) for symbol, value, needed in definitions(where)}
    np.testing.assert_allclose(found["p_t"][0], [0.9, 0.2])
    np.testing.assert_allclose(found[r"y_\epsilon"][0], [0.0, 0.5])
    assert found["p_t"][1] == {"p", "y"}
