"""The cross-entropy page in the browser: each slider moves its figure at once, then the numbers."""

import numpy as np
import pytest
from playwright.sync_api import expect

from charts.numbers import readable
from losses.chances import learned
from losses.data.bundled import Sample
from losses.margin import Logistic
from losses.probabilistic import CrossEntropy
from losses.simplex import Answer
from losses.verdict.floor import bottom
from losses.verdict.margins import lowest
from losses.verdict.mistake import Sureness, ten_rows
from losses.verdict.surprise import priced
from tests.browser.test_figures import LOOK, points

PATH = "/cross_entropy?surprise="
SAID = '[data-testid="stAlert"]'
# Where the first mark of a name stands in its figure, in pixels.
SPOT = """([figure, name]) => {
  const plot = document.querySelector(`.st-key-${figure} .js-plotly-plot`);
  const trace = plot._fullData.find((trace) => trace.name === name);
  return plot.querySelector(`.scatterlayer .trace${trace.uid} path.point`)
    .getAttribute("transform");
}"""


def thumb(page, key):
    return page.locator(f".st-key-{key} input[type=range]")


def step(page, key, presses, value):
    """Presses the arrow key of a slider until the page says a number, as it writes numbers."""
    thumb(page, key).focus()
    for _ in range(presses):
        page.keyboard.press("ArrowRight")
    expect(page.locator(SAID).first).to_contain_text(readable(value))


def test_sliders_of_a_surprise_move_its_marks_and_its_numbers(page, open_page):
    page.add_init_script(LOOK)
    open_page("/cross_entropy")
    before = page.evaluate(SPOT, ["surprise_curves", "y = 1, read"])
    step(page, "said", 10, priced(CrossEntropy(), 0.2, positive=True).value)
    assert page.evaluate(SPOT, ["surprise_curves", "y = 1, read"]) != before
    curve = page.evaluate("pathOf('surprise_curves', 'y = 1')")
    loss = CrossEntropy(1.5)
    step(page, "cross_entropy_positive_weight", 5, priced(loss, 0.2, positive=True).value)
    assert page.evaluate("pathOf('surprise_curves', 'y = 1')") != curve
    places = [parameter.grid() for parameter in CrossEntropy.parameters()]
    loss = CrossEntropy(1.5, places[1][20])
    step(page, "cross_entropy_smoothing", 20, priced(loss, 0.2, positive=True).value)


def test_slider_of_the_true_rate_moves_every_bottom(page, open_page):
    open_page(f"{PATH}Where+is+its+floor%3F")
    before = page.evaluate(SPOT, ["floor", "Focal: bottom"])
    step(page, "eta", 3, bottom(CrossEntropy(), 0.83).floor)
    assert page.evaluate(SPOT, ["floor", "Focal: bottom"]) != before


def test_answer_in_the_triangle_follows_its_sliders_and_a_click(page, open_page, settle):
    open_page(f"{PATH}And+of+three+classes%3F")
    step(page, "z1", 20, Answer((1.0, 0.0, 1.0), (12, 6, 2)).cost)
    settle()
    said = page.locator(SAID).first.inner_text()
    box = page.locator(".st-key-simplex .nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.6 * box["height"])
    expect(page.locator(SAID).first).not_to_have_text(said)
    settle()
    z = tuple(float(thumb(page, key).input_value()) for key in ("z1", "z2", "z3"))
    assert sum(z) == pytest.approx(0, abs=0.2)
    expected = readable(Answer(z, (12, 6, 2)).cost)
    expect(page.locator(SAID).first).to_contain_text(expected)


def test_slider_of_the_classes_reaches_the_binary_curve_at_two(page, open_page, settle):
    page.add_init_script(LOOK)
    open_page(f"{PATH}Two%2C+or+many%3F&classes=3")
    paths = "['softmax, C classes', 'binary cross-entropy'].map((n) => pathOf('classes_figure', n))"
    many, binary = page.evaluate(paths)
    assert many != binary
    thumb(page, "classes").focus()
    page.keyboard.press("Home")
    settle()
    two, same = page.evaluate(paths)
    np.testing.assert_allclose(points(two), points(same), atol=0.02)


def test_slider_of_the_rate_of_margins_moves_where_they_are_lowest(page, open_page):
    open_page(f"{PATH}Why+not+count+mistakes%3F")
    before = page.evaluate(SPOT, ["margins", "Logistic: lowest"])
    thumb(page, "margin_eta").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    table = page.get_by_test_id("stTable").first
    expect(table).to_contain_text(readable(lowest(Logistic(), 0.75).low))
    assert page.evaluate(SPOT, ["margins", "Logistic: lowest"]) != before


def test_slider_of_one_mistake_raises_the_cost(page, open_page):
    open_page(f"{PATH}One+mistake%3F")
    found = Sureness(learned(Sample.catalogue["penguins"]().load()).chances)
    before = page.evaluate(SPOT, ["mistake_figure", "with the row here"])
    step(page, "mistake", 10, found.one(found.surest(), -5.0)[0])
    assert page.evaluate(SPOT, ["mistake_figure", "with the row here"]) != before
    for one in ten_rows():
        expect(page.get_by_test_id("stTable").last).to_contain_text(readable(one.cost))
