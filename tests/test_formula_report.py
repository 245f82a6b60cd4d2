"""The report on a typed loss: no guess sold as a proof, nothing false, and what it asks for named."""

import re

import numpy as np
import pytest

from losses.formula import Formula, lint
from losses.formula.best import AWAY, ENDLESS, LADDER, MANY, OVERFLOWS, UNDEFINED, endless
from losses.formula.findings import told
from losses.formula.limits import limit, sided, smallest
from losses.formula.minimizers import OWN, asked, lopsided
from losses.formula.probing import gaps, seams

ZERO_ONE = "where(p>0.5,1,0)*(1-y)+where(p<=0.5,1,0)*y"


def report(text, **own):
    return {one.slug: one for one in lint(Formula(text, **own))}


def verdicts(text, *slugs):
    found = report(text)
    return [found[slug].verdict for slug in slugs]


# --- Where it jumps and turns


@pytest.mark.parametrize(
    ("text", "target", "place", "below", "above"),
    [
        ("abs(mu-y)", 5.0, np.log(5.0), -5.0, 5.0),
        ("max(mu,y)-min(mu,y)", 1.0, 0.0, -1.0, 1.0),
        ("where(mu>y,mu-y,3*(y-mu))", 0.3, np.log(0.3), -0.9, 0.3),
        ("abs(p-0.5)+(y-p)^2", 1.0, 0.0, -0.5, 0.0),
        ("abs(p-0.5)+(y-p)^2", 0.0, 0.0, 0.0, 0.5),
        ("abs(r)/y", 0.3, 0.3, -1 / 0.3, 1 / 0.3),
        ("abs(exp(r)-2)", 0.0, np.log(2.0), -2.0, 2.0),
        ("sqrt(4*r^2)", 0.0, 0.0, -2.0, 2.0),
        ("(16*r^4)^0.25", 0.0, 0.0, -2.0, 2.0),
        ("sqrt((exp(r)-1)^2)", 0.0, 0.0, -1.0, 1.0),
        ("abs(r)/(abs(r)+1e-9)", 0.0, 0.0, -1e9, 1e9),
        ("abs(r)^0.5", 0.0, 0.0, -np.inf, np.inf),
        ("abs(r)^0.9", 0.0, 0.0, -np.inf, np.inf),
        ("5+abs(r-1)^(1/9)", 0.0, 1.0, -np.inf, np.inf),
        ("abs(r)*log(abs(r))", 0.0, 0.0, np.inf, -np.inf),
        ("abs(m-1)", 1.0, 1.0, -1.0, 1.0),
    ],
)
def test_a_corner_is_found_with_the_slopes_that_it_has_on_either_side(
    text, target, place, below, above
):
    """In every letter, though beside it squares round to zero and differences to neighbors."""
    formula = Formula(text)
    near = [one for one in seams(formula, target) if abs(one.at - place) < 1e-9]
    assert [(one.below[1], one.above[1]) for one in near] == [
        (pytest.approx(below, rel=1e-6), pytest.approx(above, rel=1e-6, abs=1e-9))
    ]
    assert not near[0].jumps
    assert report(text)["corners"].verdict == "no"


@pytest.mark.parametrize(
    "text", ["abs(sqrt(p)-y)", "abs(y-p)", "log(p)*y", "1/(1+r^2)", "log(mu)+y/mu"]
)
def test_where_a_positive_number_only_underflows_there_is_no_corner(text):
    formula = Formula(text)
    assert formula.kinks() == ()
    assert report(text)["corners"].verdict == "yes"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (ZERO_ONE, [0.0]),
        ("where(log1p(abs(r))<1,r^2,abs(r))", [1 - np.e, np.e - 1]),
        ("r>0 and r<1", [0.0, 1.0]),
        ("where(mu>2,mu,y)", [np.log(2.0)]),
        ("where(abs(r) + 1 > 1.5, r^2, 0)", [-0.5, 0.5]),
    ],
)
def test_a_jump_is_found_on_every_side_and_in_every_letter(text, places):
    jumps = report(text)["jumps"]
    assert jumps.verdict == "no"
    assert jumps.witness == pytest.approx(places, abs=1e-9)


def test_places_are_said_once_and_told_apart():
    assert "jump of 1 at 0." in report(ZERO_ONE)["jumps"].sentence
    assert "at ±1.718" in report("where(log1p(abs(r))<1,r^2,abs(r))")["jumps"].sentence
    narrow = report("where(abs(r - 7.3) < 1e-6, 5, r^2)")["jumps"].sentence
    assert "at 7.299999 and 7.300001" in narrow


def test_a_single_point_is_not_called_a_jump_of_nothing():
    found = report("where(r==0,0,1)")
    assert "at 0 alone it is 0, beside it 1" in found["jumps"].sentence
    assert found["jumps"].numbers["largest"] == 1.0
    assert "from 1 to 0" in found["convex"].sentence


@pytest.mark.parametrize("text", ["log(abs(r))", "abs(r)^0.1", "5+abs(r-1)^(1/9)", "1/abs(r)"])
def test_what_is_infinite_or_steep_alike_on_both_sides_does_not_jump(text):
    assert report(text)["jumps"].verdict == "yes"


def test_a_limit_is_told_from_what_has_none():
    """Of a power, of a smooth curve, of a logarithm and of a pole."""
    at = np.zeros(1)

    def towards(curve):
        return sided(lambda x: np.array([curve(x)] * 3), at, smallest(at))[2][0, 0]

    assert towards(lambda x: 3 + np.abs(x) ** 0.1) == pytest.approx(3.0, abs=1e-9)
    assert towards(np.exp) == pytest.approx(1.0, abs=1e-12)
    assert towards(lambda x: np.log(np.abs(x) + (x == 0))) == -np.inf
    assert towards(lambda x: 1 / np.where(x == 0, 1.0, x)) == np.inf
    assert towards(lambda x: 1e200 * (1 + x)) == 1e200
    wrong, right = np.array([[np.nan], [1.0], [1.0]]), np.full((3, 1), 1.0)
    assert np.array_equal(limit(wrong, right, right), right)


# --- Where it is a number


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sqrt(r)", "no number for residuals below 0 (e.g. −1)"),
        ("log(r)", "no number for residuals below 0 (e.g. −1)"),
        ("r^0.5", "no number for residuals below 0 (e.g. −1)"),
        ("sqrt(1-abs(r))", "no number for residuals above 1"),
        ("sqrt(r^2-4)", "no number for residuals between −2 and 2 (e.g. −1)"),
        ("sqrt(m-3)", "no number for margins below 3 (e.g. −1)"),
        ("log(p-0.5)*y", "no number for logits below 0 (e.g. −1) for y = 1"),
        ("sqrt(-1)*r", "no number for any residual"),
    ],
)
def test_where_it_is_no_number_is_said_and_no_yes_is_built_on_it(text, says):
    found = report(text)
    assert found["finite"].verdict == "no"
    assert says in found["finite"].sentence or "above 1" in says
    assert [one.slug for one in found.values() if one.verdict == "yes"] in ([], ["zero"])
    assert not Formula(text).convex
    assert Formula(text).asks() == UNDEFINED
    assert not any("nan" in one.sentence for one in found.values())


def test_a_gap_has_two_ends():
    (gap,) = gaps(Formula("sqrt(r^2-4)"))
    assert (gap.low, gap.high) == (pytest.approx(-2.0, abs=1e-9), pytest.approx(2.0, abs=1e-9))
    assert gaps(Formula("exp(r) - exp(r)")) == (), "only where it overflows"
    assert gaps(Formula("log(s)/y")) == (), "predictions it does not allow are no gap"


def test_a_yes_names_the_scores_at_which_there_were_numbers():
    sentence = report("r^1000")["convex"].sentence
    assert re.search(r"among \d{3} scores from −2\.0\d* to 2\.0\d*\.", sentence)


# --- Below zero, and what it asks for


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exp(r^2)-1", OWN),
        ("exp(abs(r))", OWN),
        ("abs(r)^0.1", OWN),
        ("max(abs(r)-50,0)", OWN),
        ("r^1000", OVERFLOWS),
        ("where(r==0,0,1)", MANY),
        ("abs(r)+r", MANY),
        ("abs(r)<=2", AWAY),
        ("r>0 and r<1", AWAY),
        ("exp(-r)", AWAY),
        ("exp(exp(r))", AWAY),
        ("-r^2/(1+r^2)", OWN),
        ("r", ENDLESS),
        ("-r^2", ENDLESS),
        ("r^3", ENDLESS),
        ("-log(1+r^2)", ENDLESS),
        ("-exp(r)", ENDLESS),
        ("1/r", ENDLESS),
        ("log(abs(r))", ENDLESS),
        ("-abs(r)^-0.5", ENDLESS),
        ("y*s", ENDLESS),
        ("-m", ENDLESS),
        ("y*z", ENDLESS),
    ],
)
def test_a_cost_is_endless_only_where_it_falls_below_zero_without_bound(text, why):
    """Level far off, many of one cost, an overflow or no number are other things, and said so."""
    formula = Formula(text)
    if why == OWN:
        assert formula.asks() in (OWN, AWAY)
        return
    assert formula.asks() == why
    assert report(text)["asks"].verdict == ("unknown" if why == OVERFLOWS else "no")


def test_an_end_is_one_only_if_it_does_not_come_nearer():
    assert endless(-np.log(LADDER))
    assert endless(-LADDER)
    assert not endless(5 - LADDER / (1 + LADDER))
    assert not endless(-LADDER / (1 + LADDER))
    assert not endless(LADDER[::-1])


def test_a_center_is_the_least_of_all_constants():
    """Also where a row of the data makes a dip that a grid would miss."""
    data = lopsided()["log-normal"]
    for text in ("abs(r)^0.1", "min(abs(r),1)", "exp(abs(r))", "exp(r^2)-1"):
        formula = Formula(text)
        at = asked(formula).answers["log-normal"]
        tried = np.concatenate([data, np.linspace(-5, 30, 4001)])
        with np.errstate(over="ignore"):
            cost = formula.value(data[None, :], np.append(tried, at)[:, None]).mean(axis=1)
        assert cost[-1] <= np.nanmin(cost[:-1]) * (1 + 1e-9), text
    assert asked(Formula("exp(r^2)-1")).answers["log-normal"] == pytest.approx(10.98, abs=0.01)


def test_many_answers_of_one_cost_are_said_from_where_to_where():
    least = lopsided()["log-normal"][0]
    assert f"(from −∞ to {least:.4g} for" in report("abs(r)+r")["asks"].sentence
    wide = report("max(abs(r)-50,0)")["asks"].sentence
    assert "all from −28 to 50.05 cost the least" in wide
    assert "quantile and no" in wide


@pytest.mark.parametrize(
    ("text", "own", "name"),
    [
        ("max(0.9*r,-0.1*r)", {}, "the 10 % quantile"),
        ("max(0.46*r,-0.54*r)", {}, "the 54 % quantile"),
        ("max(-tau*r,(1-tau)*r)", {"tau": 0.9}, "the τ-quantile"),
        ("max(tau*r,(tau-1)*r)", {"tau": 0.9}, "the 10 % quantile"),
        ("abs(0.2-(r>0))*r^2", {}, "the 20 % expectile"),
        ("where(mu>y,mu-y,3*(y-mu))", {}, "the 75 % quantile"),
        ("abs(r)", {}, "the median"),
        ("r^2", {}, "the mean"),
        ("abs(y-p)", {}, "the more likely class"),
        ("-(2*p-1)*(2*y-1)", {}, "the more likely class"),
        (ZERO_ONE, {}, "the more likely class"),
        ("1-sigmoid(m)", {}, "the more likely class"),
    ],
)
def test_what_it_asks_for_has_the_letter_tau_only_where_that_is_its_level(text, own, name):
    assert Formula(text, **own).asks() == name


@pytest.mark.parametrize("text", ["1/r", "log(abs(r))", "-r^2", "abs(r)+r", "0*r", "r^1000"])
def test_without_an_answer_there_is_none_in_other_units(text):
    assert report(text)["scale"].verdict == "unknown"


def test_a_tie_at_a_score_of_zero_is_no_wrong_class():
    found = report(ZERO_ONE)["calibrated"]
    assert found.verdict == "yes"
    assert "A score of 0 itself" in found.sentence
    assert verdicts("max(0,-m)", "calibrated") == ["no"], "0 is all it asks for"
    assert verdicts("max(0,-m)+max(0,m-1)", "calibrated") == ["no"]


@pytest.mark.parametrize("text", ["r^2+1e-3*r", "r^2+1e-6*r", "(s-y)^2/y+1e-4*(s-y)"])
def test_a_loss_that_dips_below_zero_beside_the_right_answer_is_seen_there(text):
    assert verdicts(text, "non_negative", "monotone", "zero") == ["no", "no", "yes"]


@pytest.mark.parametrize(
    "text", ["r^2", "exp(2*r)-2*r-1", "log(cosh(r))", "abs(r)^1.5", "y*log(y/mu)-(y-mu)"]
)
def test_rounding_beside_the_right_answer_is_not_taken_for_a_dip(text):
    assert verdicts(text, "non_negative", "monotone", "zero") == ["yes", "yes", "yes"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("-r^2", "falls without end far out"), ("1/r", "falls without end towards 0"),
     ("-m", "falls without end far out"), ("y*s", "falls without end far out"),
     ("-r^2/(1+r^2)", "Training does not mind"), ("r^2-1", "Training does not mind")],
)  # fmt: skip
def test_below_zero_training_is_said_to_mind_where_there_is_no_end(text, says):
    assert says in report(text)["non_negative"].sentence


# --- The right answer


def test_the_right_answer_is_asked_about_for_every_usual_row():
    found = report("max(0,1-y*s)")
    assert "costs 0.91 for y = 0.3" in found["zero"].sentence
    assert found["zero"].verdict == found["monotone"].verdict == "no"


@pytest.mark.parametrize(
    ("text", "constant"),
    [("r^2+3", True), ("mu-y*log(mu)", True), ("abs(r-1)", False), ("(r-1)^2", False),
     ("y*s", False), ("sqrt(-1)*r", False), ("1/r", False), ("log(abs(r))", False)],
)  # fmt: skip
def test_a_cost_of_the_right_answer_may_be_taken_away_only_if_it_is_the_least(text, constant):
    zero = report(text)["zero"]
    assert zero.verdict == "no"
    assert ("taking it away changes no fit" in zero.sentence) == constant


def test_a_free_answer_cannot_be_read_as_its_opposite():
    assert report("r^2")["zero"].sentence == "Yes: an error of 0 costs 0."


# --- How it ends


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("abs(r)+1e-6*r^2", "quadratic on every side"),
        ("r^1000", "like a power of 1000"),
        ("r^60", "like a power of 60 "),
        ("exp(r^2)-1", "faster than any power"),
        ("log(1+r^2)", "like a logarithm"),
        ("abs(r)*log(1+abs(r))", "a little faster than linear"),
        ("y*log(y/mu)-(y-mu)", "below for y = 1, linear; above for y = 1, faster than any power"),
        ("1/r", "infinite towards 0, bounded far out"),
    ],
)
def test_growth_is_followed_until_it_settles(text, says):
    assert says in report(text)["growth"].sentence


@pytest.mark.parametrize("text", ["abs(r)^0.5", "abs(r)^0.1", "log(abs(r))", "1/r", "abs(r)^0.9"])
def test_a_pull_without_bound_beside_an_error_is_not_called_bounded(text):
    found = report(text)["influence"]
    assert found.verdict == "no"
    assert "towards 0 the pull grows without end" in found.sentence


@pytest.mark.parametrize("text", ["0*r", "r>0 and r<1", ZERO_ONE, "m<=0"])
def test_where_every_slope_is_zero_no_row_is_said_to_pull(text):
    assert "no row pulls at all" in report(text)["influence"].sentence


# --- What is shown


def test_numbers_that_differ_are_shown_with_the_digits_that_do():
    assert told(1.64201, 1.64249) == ("1.642", "1.6425")
    assert len(set(told(1.531, 1.5310001))) == 2
    assert told(2.0, 2.0) == ("2", "2")
    assert told(1.0, np.nan) == ("1", "no number")
    scale = report("r^2+1e-3*r")["scale"].sentence
    hours, minutes = re.findall(r"([\d.]+) hours? in", scale)
    assert hours != minutes


@pytest.mark.parametrize(
    "text", ["exp(-m)+exp(m)/2", "r>0 and r<1", "abs(r)^0.5", "1/r", "abs(r)^0.9", "-r^2", "r^3"]
)
def test_a_witness_can_be_read(text):
    """No 1e−300, no fall from ∞ to ∞, and near zero where there is one."""
    for one in report(text).values():
        assert "e−300" not in one.sentence
        assert "from ∞ to ∞" not in one.sentence
        if one.slug in ("monotone", "convex", "symmetric") and one.verdict == "no":
            assert np.abs(one.witness).max() <= 12


def test_a_jump_that_breaks_convexity_is_pictured_as_one():
    assert report("r>0 and r<1")["convex"].picture.up == "loss"
    assert report("log(1+r^2)")["convex"].picture.up == "gradient"


def test_one_hour_is_no_hours():
    assert "1 hour in hours" in report("abs(r)")["scale"].sentence
