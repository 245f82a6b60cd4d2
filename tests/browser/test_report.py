"""The report to take away, opened from a disk with no network: drawn, legible, with its numbers."""

import re

import pytest
from playwright.sync_api import expect

from losses.verdict import crossings
from losses.verdict.reach import reach
from pages.shared import findings
from pages.shared.report import report
from tests.browser.conftest import DESK, Witness
from tests.test_report_question import NAMES, SHOWN, case, hostile, sample, written

DRAWN = "figure .losscope > .js-plotly-plot"
INK = "() => getComputedStyle(document.querySelector('.xtitle')).fill"
PAGE = "() => getComputedStyle(document.body).backgroundColor"
# Where the parts of the first formula with a fraction, and of the first power, stand on the screen.
SET = """() => {
  const box = (part) => part.getBoundingClientRect();
  const fraction = [...document.querySelector("math mfrac").children].map(box);
  const power = [...document.querySelector("math msup").children].map(box);
  const cases = document.querySelector("math mtable");
  const lines = cases ? [...cases.querySelectorAll("mtr")].map(box) : [];
  const brace = cases?.previousElementSibling;
  return {
    stacked: fraction[0].bottom <= fraction[1].top + 1,
    raised: power[1].bottom < power[0].bottom && power[1].top < power[0].top,
    below: lines.every((line, k) => !k || line.top >= lines[k - 1].bottom - 1),
    aligned: new Set([...document.querySelectorAll("math mtd:first-child > :first-child")]
      .map((cell) => cell.closest("mtable") === cases ? Math.round(box(cell).left) : -1)
      .filter((left) => left >= 0)).size <= 1,
    brace: brace ? brace.textContent : "",
  };
}"""
WIDE = """() => [...document.querySelectorAll("figure .main-svg")].map((one) => one.clientWidth)"""


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a report from the disk, in a browser without a network; nothing may be asked."""
    context = browser.new_context(offline=True, viewport=DESK)
    tab = context.new_page()
    witness, asked = Witness(tab), []
    tab.on("request", lambda request: asked.append(request.url))

    def open_file(text, scheme="light"):
        path = tmp_path / "verdict.html"
        path.write_text(text, "utf-8")
        tab.emulate_media(color_scheme=scheme)
        tab.goto(path.as_uri())
        tab.wait_for_selector(DRAWN)
        return tab

    yield open_file
    addresses = [url[:60] for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    context.close()
    assert not addresses
    assert not witness.errors


@pytest.mark.parametrize("slug", SHOWN)
def test_it_opens_without_a_network_and_holds_the_numbers_of_the_core(opened, slug):
    one, page = sample(slug), opened(written(slug))
    expect(page.locator(DRAWN)).to_have_count(3)
    told = page.locator("table").first.locator("td > data, td > strong > data")
    values = [float(each.get_attribute("value")) for each in told.all()]
    assert values == [*one.matrix.cost.ravel().tolist(), *one.matrix.baseline.tolist()]
    for loss, parameter in findings.usual(one):
        low, high = reach(one.data.target, one.predictions, type(loss), parameter)
        found = crossings(one.data.target, one.predictions, loss, parameter.name, low, high)
        for at in found.at.tolist():
            expect(page.get_by_text(f"{parameter.letter} = {at!r}").first).to_be_visible()


def test_names_of_any_kind_are_shown_and_not_run(opened):
    one = case(hostile(), ("squared_error", "huber"))
    page = opened(report(one, findings.findings(one)))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    names = page.locator("table").first.locator("tbody th").all_inner_texts()
    assert names[:-1] == list(NAMES)
    assert page.locator("img, h1 i, u, b:not(.js-plotly-plot b)").count() == 0
    assert page.title().startswith("Verdict on <i>d</i>: <script>alert(1)</script>, ")
    legend = page.locator("#flip_huber_delta .legendtext").all_text_contents()
    assert legend[2:6] == list(NAMES[2:6])


def test_it_is_light_or_dark_as_its_reader_is(opened):
    page = opened(written("binary_predictions"), scheme="light")
    light, paper = page.evaluate(INK), page.evaluate(PAGE)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"(light) => ({INK})() !== light", arg=light)
    assert page.evaluate(PAGE) == "rgb(0, 0, 0)" != paper


def test_on_paper_it_is_light_and_no_figure_is_cut(opened):
    page = opened(written("regression_predictions"), scheme="dark")
    on_screen, ink = page.evaluate(WIDE), page.evaluate(INK)
    assert max(on_screen) > 680
    look = f"window.seen = [({WIDE})(), ({INK})(), ({PAGE})()]"
    page.evaluate(f"() => addEventListener('beforeprint', () => {{ {look} }})")
    assert page.pdf(format="A4").startswith(b"%PDF")
    widths, printed, paper = page.evaluate("seen")
    assert set(widths) == {680}
    assert printed != ink
    assert paper == "rgb(255, 255, 255)"
    assert page.evaluate(WIDE) == on_screen
    assert page.evaluate(INK) == ink


@pytest.mark.parametrize("slug", SHOWN)
def test_formulas_are_set_as_formulas(opened, slug):
    """Fractions are stacked, powers raised, cases below each other: by the browser alone."""
    page = opened(written(slug))
    told = page.evaluate(SET)
    assert told == {"stacked": True, "raised": True, "below": True, "aligned": True, "brace": "{"}
    assert page.locator("table math").count() >= len(SHOWN[slug])
    assert "\\" not in page.locator("main").inner_text()


def test_on_a_phone_nothing_is_wider_than_the_screen(opened):
    page = opened(written("regression_predictions"))
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function("() => document.querySelector('.main-svg').clientWidth <= 390")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_the_button_of_the_page_brings_the_report(open_page, settle, tmp_path):
    page = open_page("/compare?predictions=Malignant+or+not%2C+predicted&ask=Take+it+away")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as one page").click()
    name = "verdict_malignant-or-not-predicted_logistic-regression-random-forest-naive-bayes"
    assert re.fullmatch(rf"{name}_\d{{4}}-\d\d-\d\d\.html", download.value.suggested_filename)
    text = download.value.path().read_text("utf-8")
    sentence = sample("binary_predictions").matrix.verdict(lambda name: f"“{name}”")
    assert sentence in text
    with page.expect_download() as download:
        page.get_by_role("button", name="Flips as CSV").click()
    assert download.value.path().read_text("utf-8").startswith("loss,parameter,")
