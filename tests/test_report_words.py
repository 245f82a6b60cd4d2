"""What a report says in words: its name, its lines on top, true signs, and formulas that are set."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest

from charts.numbers import readable
from losses import Loss
from losses.data import Dataset
from losses.verdict import matrix, uncertainty
from pages.shared import findings, naming
from pages.shared.case import Case
from pages.shared.chapters import all_worded
from pages.shared.document import number, signed
from pages.shared.findings import Findings
from pages.shared.formulas import formula
from pages.shared.report import report
from tests.test_report_question import EACH_SAMPLE, NAMES, Read, case, hostile, sample, written

DAY = datetime(2026, 3, 9, tzinfo=UTC)
EVERY_LOSS = [kind() for kind in Loss.catalogue.values()]
OTHER_FORMS = [
    *(Loss.catalogue["barron"](alpha=alpha) for alpha in (2.0, 0.0, -2.0)),
    *(Loss.catalogue["tweedie"](power=power) for power in (1.0, 2.0)),
]
PRINTED = {one.formula for one in (*EVERY_LOSS, *OTHER_FORMS)} | {one.where for one in EVERY_LOSS}
LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "eta": "η", "mu": "μ",
    "tau": "τ", "le": "≤", "ge": "≥", "ne": "≠", "sum": "∑", "frac": "", "sqrt": "", "quad": "",
}  # fmt: skip


@cache
def weighted():
    """Thirty rows, every fifth of weight 0, in groups of three; their lines begin at 2."""
    random, n = np.random.default_rng(1), 30
    y = random.normal(size=n)
    columns = np.column_stack([y + random.normal(size=n) * 0.9, y + random.normal(size=n)])
    data = Dataset(
        "visits", ("one", "other"), columns, y, "y", role="predictions",
        rows=np.arange(2, n + 2), weight=np.arange(n) % 5 / 2, weight_name="<n>",
        group=np.arange(n) // 3, groups=tuple(f"p{k}" for k in range(10)), group_name="patient",
    )  # fmt: skip
    return judged(data, [Loss.catalogue[slug]() for slug in ("squared_error", "absolute_error")])


def judged(data, losses):
    given = {name: data.column(name) for name in data.columns}
    return Case(data, losses, matrix(data.target, given, losses, data.weight, rows=data.rows))


def told(one):
    return Read(report(one, findings.findings(one)))


def two_models(gap):
    """A case whose first model costs more by `gap` in each row, on targets of 0."""
    gap = np.asarray(gap, dtype=float)
    columns = np.column_stack([np.maximum(gap, 0), np.maximum(-gap, 0)])
    return case(Dataset("d", ("a", "b"), columns, np.zeros(len(gap)), "y", role="predictions"), ("absolute_error",))  # fmt: skip


def test_a_difference_that_may_be_either_way_is_told_as_one():
    """“costs more by −2 to 3” says of one half of the interval the opposite of what it holds."""
    one = two_models(np.tile([3.0, -2.5, 1.0, -1.2], 10))
    said = told(one).below["How sure it is"]
    y, given = one.data.target, one.predictions
    found = uncertainty(y, given, one.losses[0])
    low, high = found.low[0], found.high[0]
    assert low < 0 < high
    ends = f"−{readable(-low)} and {readable(high)}"
    assert f"The cost of “a” minus that of “b” lies between {ends}: it may be either way." in said
    assert "costs more" not in said


def test_a_lead_above_zero_is_told_as_one():
    one = two_models(np.tile([3.0, 2.0, 1.0, 2.0], 10))
    said = told(one).below["How sure it is"]
    assert re.search(r"“a” costs [\d.]+ to [\d.]+ more than “b”: all of the interval is above 0", said)  # fmt: skip
    assert "lies above 0 under Absolute error" in told(one).below["In short"]


def test_models_that_cost_the_same_have_no_difference():
    one = two_models(np.zeros(12))
    assert "“b” costs the same as “a” in all of the interval" in told(one).below["How sure it is"]


def test_no_number_of_the_report_has_a_hyphen_for_a_minus():
    """Parameters, predictions, costs and thresholds below 0 are all there to be seen."""
    y = np.random.default_rng(2).normal(-40, 30, 50)
    columns = np.column_stack([y + 3, y - 3 + np.sin(y), -y])
    data = Dataset("d", ("a", "b", "bad"), columns, y, "y", role="predictions")
    one = case(data, ("linex", "squared_error"), linex={"a": -0.25})
    text = report(one, findings.findings(one))
    said = " ".join(Read(re.sub("<noscript>.*?</noscript>", "", text)).below.values())
    assert "Linex (a = −0.25)" in said
    assert "of the thresholds from −" in said
    assert re.search(r"predicts\s+−", said)
    assert "skill −" in said
    assert not re.search(r"(?<![\d\w])-[\d.∞]", said)
    assert np.array(told(one).numbers["Which rows decide"]).min() < 0  # programs read what they can


def test_a_sign_is_ours_to_change_and_a_name_is_not():
    assert signed("-1 to -0.5, -∞, 1e-05 on 2026-11-23") == "−1 to −0.5, −∞, 1e−05 on 2026-11-23"
    said = all_worded(lambda shown: [f"{shown('-1')} at -1", f"{shown(chr(0) + '0')} and {shown('b')}"])  # fmt: skip
    assert said == ["“-1” at −1", "“\x000” and “b”"]
    assert number(-1.5, "-1.5") == '<data value="-1.5">−1.5</data>'


def test_the_report_says_what_weighs_and_what_groups_the_rows():
    said = told(weighted()).below["Data"]
    assert "column “<n>”; 6 of 30 rows have weight 0 and do not count" in said
    assert "column “patient”: 10 groups, which resamples draw whole" in said
    assert "rows are weighted by “<n>”" in told(weighted()).below["Conventions"]
    plain = told(sample("regression_predictions")).below["Data"]
    assert "none: every row counts the same" in plain
    assert "none: every row stands for itself" in plain


@pytest.mark.parametrize(("idle", "said"), [(0, "no row has weight 0"), (1, "1 of 30 rows has weight 0 and does not count")])  # fmt: skip
def test_rows_of_no_weight_are_counted(idle, said):
    weight = np.ones(30)
    weight[:idle] = 0
    one = weighted()
    read = Read(report(judged(replace(one.data, weight=weight), one.losses), Findings()))
    assert f"column “<n>”; {said}" in read.below["Data"]


def test_the_deciding_rows_are_lines_of_the_file_with_their_weights():
    """Who looks a row up in an editor needs its line; who doubts it, how much it counted."""
    one, text = weighted(), report(weighted(), findings.findings(weighted()))
    start = text.index("<h2>Which rows decide")
    part = text[start : text.index("<h2>How sure")]
    heads = re.findall(r"<thead><tr>(.*?)</tr>", part)
    assert heads
    for head in heads:
        names = re.findall(r">([^<]+)</th>", head)
        assert (names[0], names[-1]) == ("Line", "Weight")
    lines = re.findall(r'<tr><th scope="row">(\d+)</th>.*?value="([^"]+)"[^"]*</tr>', part)
    assert lines
    for line, weight in lines:
        assert one.data.weight[int(line) - 2] == float(weight) > 0


def test_rows_that_all_count_alike_have_no_column_of_weights():
    text = written("regression_predictions")
    assert ">Line</th>" in text
    assert ">Weight</th>" not in text


@EACH_SAMPLE
def test_the_lines_on_top_say_what_the_chapters_found(slug):
    one, read = sample(slug), Read(written(slug))
    found = findings.findings(one)
    top = read.below["In short"]
    assert list(read.below)[1] == "In short"
    assert one.matrix.verdict(lambda name: f"“{name}”") in top
    for each in found.flips:
        for at in each.found.at.tolist():
            assert f"{each.name} passes {readable(at)}" in top
    fewest = min(found.judgments, key=lambda each: len(each.decision.rows))
    count = len(fewest.decision.rows)
    assert f"{count} of {len(one.data)} row" in top
    assert f"under {fewest.loss}: without {'it' if count == 1 else 'them'} “{fewest.second}” would win" in top  # fmt: skip
    clear = [str(each.loss) for each in found.judgments if each.lead[0] > 0]
    assert ("lies above 0 under " + naming.listed(clear, 3) in top) if clear else "lies above 0" not in top  # fmt: skip
    least, most = (readable(100 * end(one.matrix.skill.max(axis=0)), 3) for end in (min, max))
    assert f"the winner saves {least} % under " in top
    assert f" to {most} % under " in top


def test_the_lines_on_top_are_at_most_six_however_many_losses_judge():
    kinds = [kind.slug for kind in Loss.catalogue.values() if kind.family == "residual"]
    one = case(sample("regression_predictions").data, kinds)
    text = report(one, findings.findings(one))
    top = text[text.index("<h2>In short") : text.index("<h2>Verdict")]
    assert 3 <= top.count("<li>") <= 6
    assert " more" in top


def test_a_winner_that_no_row_and_no_loss_unseats_is_told_as_one():
    y = np.arange(10.0)
    data = Dataset("d", ("good", "bad"), np.column_stack([y + 0.5, y + 2]), y, "y", role="predictions")  # fmt: skip
    top = told(case(data, ("squared_error", "absolute_error"))).below["In short"]
    assert "Whichever rows are left out, the winner stays the same under Squared error and Absolute error." in top  # fmt: skip
    assert "“good” beats every other model under every loss that asks for the mean." in top
    assert "The winner stays the same over the usual range of Huber δ" in top


def test_one_model_alone_has_a_summary():
    one = case(sample("regression_predictions").data.only("linear"), ("squared_error",))
    top = told(one).below["In short"]
    assert "is the only model" in top
    saved = readable(100 * one.matrix.skill[0, 0], 3)
    assert f"Of what the best constant costs, it saves {saved} % under Squared error." in top


def test_a_report_is_named_by_its_data_its_models_and_its_day():
    one = sample("regression_predictions")
    assert naming.title(one, DAY) == "Verdict on Doctor visits, predicted: linear, trees_squared and trees_absolute (9 March 2026)"  # fmt: skip
    assert naming.stem(one, DAY) == "verdict_doctor-visits-predicted_linear-trees-squared-trees-absolute_2026-03-09"  # fmt: skip
    assert f"<title>Verdict on {one.data.name}: linear, " in written("regression_predictions")


FILES = (
    *NAMES,
    "../../etc/passwd",
    "C:\\CON",
    "a\nb\x00c",
    "\u202egnp.exe",
    "Врачи",
    "数" * 300,
    "",
    ".",
    "~$x",
)


@pytest.mark.parametrize("name", FILES)
def test_no_name_makes_a_file_name_that_is_not_safe(name):
    """It is letters, digits, - and _ alone, starts with a word of ours, and fits a file system."""
    one = hostile()
    data = replace(one, name=name, columns=(f"{name}1", *one.columns[1:]), target_name="y")
    stem = naming.stem(judged(data, [Loss.catalogue["squared_error"]()]), DAY)
    assert re.fullmatch(r"verdict_[\w-]*_2026-03-09", stem)
    assert len(stem.encode()) < 200
    assert "__" not in stem
    assert naming.stem(replace(sample("regression_predictions"), data=data), DAY) != ""
    title = naming.title(judged(data, [Loss.catalogue["squared_error"]()]), DAY)
    assert len(title) < 300
    assert title.endswith(" and 4 more (9 March 2026)")


def test_letters_of_any_script_stay_in_a_file_name():
    one = sample("regression_predictions")
    assert "_врачи-2026_" in naming.stem(
        replace(one, data=replace(one.data, name="Врачи 2026")), DAY
    )


@pytest.mark.parametrize("latex", sorted(PRINTED - {""}))
def test_every_formula_becomes_mathml_sign_by_sign(latex):
    """Nothing of it is lost, kept as LaTeX, or put elsewhere."""
    math = formula(latex)
    assert "\\" not in math
    root = ElementTree.fromstring(math)
    assert root.tag == "math"
    plain = latex.replace(r"\begin{cases}", "\x01").replace(r"\end{cases}", "").replace(r"\\", "")
    plain = re.sub(r"\\([a-z]+)", lambda word: LETTERS.get(word[1], word[1]), plain)
    plain = re.sub(r"[\s{}^_&]", "", plain).replace("-", "−").replace("\x01", "{")
    assert "".join("".join(root.itertext()).split()) == plain


def test_a_minus_that_is_a_sign_and_a_bar_that_closes_stand_close():
    """Browsers take both for operators with space to both sides, as in | r | and ( − m )."""
    root = ElementTree.fromstring(formula(r"\max(-r, 0) + y \log |r| - 1"))
    signs = [part.get("form") for part in root.iter("mo") if part.text == "−"]
    assert signs == ["prefix", None]
    assert all(part.get("lspace") == "0" for part in root.iter("mo") if part.text == "|")
    assert len(list(root.iter("mspace"))) == 1


def test_an_abbreviation_of_a_formula_is_explained_and_what_is_left_out_is_said():
    said = Read(written("binary_predictions")).below["Conventions"]
    assert said.count("where") == 3  # of cross-entropy's y, focal's p and its alpha
    assert "without α: its factor is 1" in said
    assert "\\" not in said
