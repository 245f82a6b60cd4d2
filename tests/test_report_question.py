"""What is taken away from Compare: a report and files that hold the numbers of the core."""

import csv
import io
import re
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest

from charts.numbers import readable
from losses import Loss
from losses.data import Dataset
from losses.data.bundled import Sample
from losses.verdict import bootstrap, decision, flips, matrix, murphy
from losses.verdict.reach import reach
from pages.shared import export, findings
from pages.shared.case import Case
from pages.shared.document import POLICY, number, signed, table, tag
from pages.shared.formulas import formula
from pages.shared.report import QUICK, STEP, report
from tests.visits import drawn, visit

SHOWN = {
    "regression_predictions": ("squared_error", "absolute_error", "huber", "quantile"),
    "binary_predictions": ("cross_entropy", "focal", "brier"),
}
EACH_SAMPLE = pytest.mark.parametrize("slug", SHOWN)
NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=1+1",
    "+1",
    "-1",
    "@sum",
    "$x$%{y} &amp; ]]> --> `tick`",
)


def case(data, slugs, **parameters):
    """The case that the page makes of some losses."""
    losses = [Loss.catalogue[slug](**parameters.get(slug, {})) for slug in slugs]
    predictions = {name: data.column(name) for name in data.columns}
    return Case(data, losses, matrix(data.target, predictions, losses, rows=data.rows))


@cache
def sample(slug):
    return case(Sample.catalogue[slug]().load(), SHOWN[slug])


@cache
def written(slug):
    return report(sample(slug), findings.findings(sample(slug)))


def hostile(n=24):
    """Rows whose every name would like to be something else."""
    random = np.random.default_rng(5)
    y = random.normal(size=n)
    columns = y[:, None] + random.normal(size=(n, len(NAMES)))
    notes = ("<b>3 rows</b> were left out & more",)
    return Dataset("<i>d</i>", NAMES, columns, y, "=<u>y</u>", role="predictions", notes=notes)


class Read(HTMLParser):
    """The text of a report by its headings, the numbers in it, and its elements."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.numbers, self.below, self.heading, self.inside = [], {}, {}, "", []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.inside.append(tag)
        if tag == "h2":
            self.heading = ""
        if tag == "data":
            self.numbers.setdefault(self.heading, []).append(float(dict(attributes)["value"]))

    def handle_data(self, data):
        if {"script", "style"} & set(self.inside):
            return
        if "h2" in self.inside:
            self.heading += data
        self.below[self.heading] = self.below.get(self.heading, "") + data + " "

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass


def lines(text):
    return list(csv.reader(io.StringIO(text)))


def opened(name, **settings):
    app = visit("compare", predictions=name, ask="Take it away", **settings)
    assert not app.exception, app.exception[0].stack_trace
    return app


def cells(app):
    """The matrix as shown, by its columns."""
    return app.table[0].value.to_dict("list")


@EACH_SAMPLE
def test_the_report_holds_the_matrix_with_every_digit(slug):
    found, read = sample(slug).matrix, Read(written(slug))
    expected = []
    for cost in found.cost:
        expected += cost.tolist()
    for pair in zip(found.baseline, found.constant, strict=True):
        expected += list(pair)
    assert read.numbers["Verdict"] == expected
    assert found.verdict(lambda name: f"“{name}”") in read.below["Verdict"]


@EACH_SAMPLE
def test_the_report_says_what_was_judged(slug):
    data, read = sample(slug).data, Read(written(slug))
    for said in (data.name, f"{len(data):,}", data.target_name, *data.columns, data.unit):
        assert said in read.below["Data"]


@EACH_SAMPLE
def test_the_report_has_the_flips_of_the_usual_parameters(slug):
    """Of two models at a time, by the function of the core that finds nothing else."""
    one, read = sample(slug), Read(written(slug))
    said = read.below["Where the winner changes"]
    told = iter(read.numbers.get("Where the winner changes", []))
    usual = findings.usual(one)
    assert len(usual) == 2
    for loss, parameter in usual:
        assert f"{loss.name} {parameter.letter} from" in said
        low, high = reach(one.data.target, one.predictions, type(loss), parameter)
        pairs = [(a, b) for k, a in enumerate(one.models) for b in one.models[:k]]
        every = {
            at
            for a, b in pairs
            for at in flips(one.data.target, one.predictions[a], one.predictions[b], loss, parameter.name, low, high)
        }  # fmt: skip
        exact = findings.flips(one, [(loss, parameter)])[0].found.at.tolist()
        assert [next(told) for _ in exact] == exact
        assert all(min(abs(at - other) for other in every) < 1e-9 for at in exact)
    assert not list(told)


@EACH_SAMPLE
def test_the_report_has_the_rows_that_decide(slug):
    one, read = sample(slug), Read(written(slug))
    said = read.below["Which rows decide"]
    for column, loss in enumerate(one.losses):
        best, rival = np.argsort(one.matrix.cost[:, column])[:2]
        names = one.models[best], one.models[rival]
        found = decision(one.data.target, *(one.predictions[name] for name in names), loss)
        assert found.sentence(*(f"“{name}”" for name in names)) in said
        for row in one.data.rows[found.rows[:10]]:
            assert f" {row} " in said
        gone = np.delete(np.arange(len(one.data)), found.rows)
        left = {name: one.predictions[name][gone] for name in names}
        assert matrix(one.data.target[gone], left, [loss]).winners(0) == (names[1],)


@EACH_SAMPLE
def test_the_report_has_the_intervals_of_the_bootstrap(slug):
    one, read = sample(slug), Read(written(slug))
    told = read.numbers["How sure it is"]
    expected = []
    for column, loss in enumerate(one.losses):
        best = one.models[int(np.argmin(one.matrix.cost[:, column]))]
        for name in one.models:
            if name != best:
                found = bootstrap(
                    one.data.target, one.predictions[name], one.predictions[best], loss
                )
                expected += [found.difference, found.low, found.high]
    assert told == pytest.approx(expected, rel=1e-9)


@EACH_SAMPLE
def test_the_report_says_who_wins_under_every_loss_of_a_kind(slug):
    one, text = sample(slug), written(slug)
    asks = "probability" if one.data.task == "binary" else "mean"
    found = murphy(one.data.target, one.predictions, asks)
    best = one.models[int(np.argmin(found.cost))]
    said = Read(text).below[f"Under every loss that asks for the {asks}"]
    for name in set(one.models) - {best}:
        told = signed(found.sentence(best, name, lambda name: f"“{name}”"))
        assert told.replace("\N{NO-BREAK SPACE}", " ") in said


def test_the_report_names_its_conventions_and_what_computed_it():
    for slug, said in (("regression_predictions", "visits a year"), ("binary_predictions", "logarithms are natural")):  # fmt: skip
        below = Read(written(slug)).below["Conventions"]
        assert said in below
        assert "mean loss" in below
        assert f"NumPy {np.__version__}" in below
        assert re.search(r"Losscope \d+\.\d+\.\d+", below)
        for loss in sample(slug).losses:
            assert str(loss) in below
            assert str(formula(loss.formula)) in written(slug)


def test_the_report_asks_nobody_for_anything():
    text = written("regression_predictions")
    assert f'content="{POLICY}"'.replace("'", "&#x27;") in text or POLICY in text
    head = text[: text.index('<script type="text/plain"')]
    assert "http:" not in head
    assert "https:" not in head
    assert not re.search(r"<[^>]*\b(src|href|srcset|action)=", head)


def test_names_of_any_kind_stay_text_in_the_report():
    one = case(hostile(), ("squared_error", "absolute_error"))
    plain = case(
        Dataset("d", tuple("abcdefg"), one.data.features, one.data.target, "y", notes=("n",)),
        ("squared_error", "absolute_error"),
    )
    read, calm = (Read(report(each, findings.findings(each))) for each in (one, plain))
    assert read.tags == calm.tags
    said = " ".join(read.below.values())
    for name in (*NAMES, "<i>d</i>", "=<u>y</u>", *one.data.notes):
        assert name in said


def test_a_cost_without_limit_is_told_in_the_report():
    y = np.array([0.0, 1.0] * 20)
    sure = np.where(np.arange(40) < 39, y, 0.0)
    data = Dataset("d", ("sure", "safe"), np.column_stack([sure, 0.3 + 0.4 * y]), y, "y", "binary", ("no", "yes"), "predictions")  # fmt: skip
    one = case(data, ("cross_entropy", "brier"))
    read = Read(report(one, findings.findings(one)))
    assert "“sure” costs ∞ under Cross-entropy: in 1 row it gave a probability" in read.below["Verdict"]  # fmt: skip
    assert (
        "No interval: fewer than two models have a cost that is finite"
        in read.below["How sure it is"]
    )
    assert np.inf in read.numbers["Verdict"]


def test_one_model_alone_still_gets_a_report():
    data = Sample.catalogue["regression_predictions"]().load()
    one = case(data.only(data.columns[0]), ("squared_error",))
    read = Read(report(one, findings.findings(one)))
    assert "is the only model" in read.below["Verdict"]
    assert "Which rows decide" not in read.below


def test_many_losses_stand_below_each_other():
    """Twenty columns would leave the sheet."""
    kinds = [kind.slug for kind in Loss.catalogue.values() if kind.family == "residual"]
    one = case(sample("regression_predictions").data, kinds)
    read = Read(report(one, findings.Findings()))
    assert " ".join(["Loss", *one.models, "best constant"]) in read.below["Verdict"]
    first = read.numbers["Verdict"][: len(one.models)]
    assert first == one.matrix.cost[:, 0].tolist()


@EACH_SAMPLE
def test_the_file_of_flips_reads_back_to_every_digit(slug):
    one = sample(slug)
    found = findings.flips(one, list(findings.tunable(one)))
    header, *body = lines(export.flips_csv(found))
    kinds = [kind for kind in Loss.catalogue.values() if kind.family == one.losses[0].family]
    wanted = [(kind.name, each.name) for kind in kinds for each in kind.parameters()]
    assert list(dict.fromkeys((row[0], row[1]) for row in body)) == wanted
    flip = header.index("flip")
    for each in found:
        rows = [row for row in body if row[:2] == [each.loss.name, each.parameter.name]]
        told = [float(row[flip]) for row in rows if row[flip] != "none"]
        assert told == each.found.at.tolist()
        assert [float(rows[0][k]) for k in (flip - 2, flip - 1)] == [each.low, each.high]
        winners = [rows[0][flip + 1], *(row[flip + 2] for row in rows)]
        if told:
            assert winners == [" and ".join(each) for each in each.found.winners]


def test_a_parameter_that_cannot_run_is_a_line_that_says_why():
    """A residual this large makes the costs of Linex exceed the largest number."""
    y = np.zeros(12)
    data = Dataset("d", ("a", "b"), np.column_stack([y + 900, y - 1]), y, "y", role="predictions")
    one = case(data, ("squared_error",))
    pairs = [pair for pair in findings.tunable(one) if pair[0].slug in ("linex", "huber")]
    header, *body = lines(export.flips_csv(findings.flips(one, pairs)))
    notes = {row[0]: row[header.index("note")] for row in body}
    assert "exceeds the largest number" in notes["Linex"]
    assert notes["Huber"] == ""


def test_no_cell_of_the_flips_starts_a_formula():
    one = case(hostile(), ("huber",))
    text = export.flips_csv(findings.flips(one, findings.usual(one)))
    found = {cell for row in lines(text) for cell in row}
    assert any("1+1" in cell or "@sum" in cell or "script" in cell for cell in found)
    for cell in found:
        figure = re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", cell)
        assert figure or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_progress_runs_from_the_start_to_the_end():
    told = []
    findings.findings(sample("binary_predictions"), lambda done, what: told.append((done, what)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert "Focal γ" in [what for _, what in told]
    assert "Brier" in [what for _, what in told]


@EACH_SAMPLE
def test_what_is_quick_is_made_as_it_is_pressed_and_what_is_not_is_prepared(slug):
    one, app = sample(slug), opened(Sample.catalogue[slug].name)
    slow = len(list(findings.tunable(one))) * (STEP + len(one.data)) > QUICK
    labels = [button.proto.label for button in app.get("download_button")]
    expected = ["Report as one page", "Matrix as CSV", "Row losses as CSV"]
    assert [label for label in labels if label != "Download the rows"] == [*expected, *["Flips as CSV"][slow:]]  # fmt: skip
    prepare = [button for button in app.button if button.label == "Prepare the flips as CSV"]
    assert bool(prepare) == slow
    if slow:
        prepare[0].click().run()
        assert not app.exception
        assert "Flips as CSV" in [button.proto.label for button in app.get("download_button")]


ORDERS = ("as given", "by Squared error", "by Absolute error")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("shown", ["cost and rank", "skill", "relative to the winner"])
def test_the_matrix_is_shown_in_the_order_and_the_measure_that_is_asked(order, shown):
    found = sample("regression_predictions").matrix
    app = opened("Doctor visits, predicted", order=order, cells=shown)
    by = {"by Squared error": 0, "by Absolute error": 1}.get(order)
    models = range(3) if by is None else np.argsort(found.cost[:, by])
    assert cells(app)["Model"][:-1] == [f"`{found.models[model]}`" for model in models]
    measure = {"cost and rank": found.cost, "skill": 100 * found.skill, "relative to the winner": found.relative}[shown]  # fmt: skip
    for column, loss in enumerate(found.losses):
        told = cells(app)[str(loss)]
        for cell, model in zip(told, models, strict=False):
            value = float(re.search(r"−?[\d.,]+", cell).group().replace(",", "").replace("−", "-"))
            assert value == pytest.approx(measure[model, column], rel=1e-3)
            assert ("★" in cell) == bool(found.wins[model, column])
            assert ("▽" in cell) == bool(found.skill[model, column] < 0)
    assert drawn(app)["relative"]["alt"].startswith(found.verdict())


def test_an_infinite_cost_has_an_infinitely_negative_skill():
    text = "y_true,sure,safe\n" + "0,0,0.4\n1,1,0.6\n" * 9 + "0,1,0.4\n"
    app = visit("compare", upload=("a.csv", text.encode()), predictions_source="Upload", cells="skill")  # fmt: skip
    assert not app.exception
    assert cells(app)["Cross-entropy"][0] == "−∞\N{NO-BREAK SPACE}%\N{NO-BREAK SPACE}▽"
    assert readable(float("-inf")) == "−∞"


def test_text_becomes_no_markup_however_deep_it_stands():
    inner = tag("b", "<i>", tag("u", "&"))
    assert tag("p", inner, "<", title='">') == '<p title="&quot;&gt;"><b>&lt;i&gt;<u>&amp;</u></b>&lt;</p>'  # fmt: skip
    assert number(0.1 + 0.2, "<0.3") == '<data value="0.30000000000000004">&lt;0.3</data>'
    rows = table(["<a>", "b"], [["<c>", number(1.0, "1")]], "<d>")
    assert re.findall(r"&lt;(\w)&gt;", rows) == ["d", "a", "c"]
