"""One row through a network in the browser: stepped forwards and backwards, it says its ledger."""

import pytest
from playwright.sync_api import expect

from charts.numbers import readable
from losses.matching import matched
from tests.browser.test_layout import CLIPPED, FIGURES, PHONE, SPILLING
from tests.visits import drawn, visit

PAGE, VIEW = (
    "network",
    {"net_view": "One row, both ways"},
)  # where the view is, and the settings of the link that lead there
BAR = ".st-key-ledger .losscope-bar"
# The texts of a trace as they stand on the screen, and where the ring and the band are.
SEEN = """(name) => {
  const plot = document.querySelector(".st-key-ledger .js-plotly-plot");
  const { uid } = plot._fullData.find((trace) => trace.name === name);
  const layer = plot.querySelector(`.scatterlayer .trace${uid}`);
  return [...layer.querySelectorAll(".textpoint text")].map((text) => text.textContent);
}"""
RING = """() => {
  const plot = document.querySelector(".st-key-ledger .js-plotly-plot");
  const { uid } = plot._fullData.find((trace) => trace.name === "here");
  const dot = plot.querySelector(`.scatterlayer .trace${uid} path.point`);
  const [x, y] = dot.getAttribute("transform").match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
  const { xaxis, yaxis } = plot._fullLayout;
  return [xaxis.p2d(x), yaxis.p2d(y)];
}"""
# How many times Plotly itself draws while the reader steps through the whole ledger by key.
REDRAWS = """() => new Promise((done) => {
  const root = document.querySelector(".st-key-ledger .losscope");
  const plot = root.querySelector(".js-plotly-plot");
  let times = 0;
  plot.on("plotly_afterplot", () => times++);
  const scrub = root.querySelector("input[type=range]");
  let k = Number(scrub.max);
  const step = () => {
    if (k < 0) return done(times);
    scrub.value = k--;
    scrub.dispatchEvent(new Event("input"));
    requestAnimationFrame(step);
  };
  step();
})"""


def link(**settings):
    query = "&".join(f"{key}={value}" for key, value in (VIEW | settings).items())
    return f"/{PAGE}?{query}"


@pytest.fixture(scope="module")
def told():
    """The figure that the server sends, and what it says at each line."""
    found = drawn(visit(PAGE, **VIEW))
    return found["ledger"], found["ledger_films"]


def press(page, name):
    page.locator(BAR).get_by_role("button", name=name, exact=True).click()


def assert_at(page, told, k):
    """Caption, marked line, ring and numbers are those of line k, to the letter."""
    figure, films = told
    expect(page.locator(f"{BAR} output")).to_have_text(films["captions"][k])
    lines = page.locator(f"{BAR} li").all_inner_texts()
    assert [line for line in lines if line.startswith("→")] == [films["details"][k][2]]
    for move in films["films"]["clock"]["moves"]:
        name = figure["data"][move["trace"]]["name"]
        if move["text"]:
            assert page.evaluate(SEEN, name) == move["text"][k], name
        if name == "here":
            place = [move["x"][k][0], move["y"][k][0]]
            assert page.evaluate(RING) == pytest.approx(place, abs=0.01)


def test_the_reader_steps_forwards_and_backwards_and_reads_each_line(page, open_page, told):
    open_page(link())
    end = len(told[1]["captions"]) - 1
    assert_at(page, told, end)
    press(page, "To the start")
    assert_at(page, told, 0)
    for k in (1, 2, 3):
        press(page, "Step forward")
        assert_at(page, told, k)
    press(page, "Step back")
    assert_at(page, told, 2)
    page.locator(".st-key-ledger .losscope").focus()
    for key, k in (("ArrowRight", 3), ("ArrowLeft", 2), ("End", end), ("ArrowLeft", end - 1)):
        page.keyboard.press(key)
        assert_at(page, told, k)
    delta = next(k for k, said in enumerate(told[1]["captions"]) if "δ, the slope of" in said)
    page.locator(BAR).get_by_label("Position").fill(str(delta))
    assert_at(page, told, delta)


def test_playing_leaps_from_line_to_line_at_a_pace_that_can_be_read(page, open_page, told):
    """Two lines a second, and between two lines there is nothing: a ring never stands halfway."""
    open_page(link())
    press(page, "To the start")
    start = page.evaluate("performance.now()")
    press(page, "Play")
    page.wait_for_timeout(1750)
    press(page, "Pause")
    k = page.locator(f"{BAR} input").evaluate("(input) => input.valueAsNumber")
    played = (page.evaluate("performance.now()") - start) / 1000
    assert 1 <= k <= 2 * played + 1
    assert_at(page, told, k)


def test_no_line_needs_plotly_to_draw_again(page, open_page):
    """The browser puts marks and texts where they belong; only at rest does Plotly learn of it."""
    open_page(link())
    assert page.evaluate(REDRAWS) <= 1


def test_another_row_and_another_step_bring_other_numbers(page, open_page, settle):
    open_page(link())
    said = page.get_by_test_id("stAlert").first
    first = said.inner_text()
    page.locator(".st-key-ledger_step input[type=range]").focus()
    page.keyboard.press("Home")
    settle()
    expect(said).to_contain_text("after step 0 of")
    field = page.locator(".st-key-ledger_row input")
    field.fill("5")
    field.press("Enter")
    settle()
    expect(said).to_contain_text("Row 5")
    assert "ledger_row=5" in page.url
    assert "ledger_step=0" in page.url
    assert said.inner_text() != first
    there = drawn(visit(PAGE, **VIEW, ledger_row="5", ledger_step="0"))
    expect(page.locator(f"{BAR} output")).to_have_text(there["ledger_films"]["captions"][-1])


def test_the_ledger_of_another_step_is_there_before_the_script_has_answered(
    page, open_page, settle
):
    """The browser asks for it by itself, and gets what the script says a moment later."""
    open_page(link())
    slider = page.locator(".st-key-ledger_step input[type=range]")
    slider.focus()
    with page.expect_response(lambda one: "/ahead/" in one.url) as answered:
        page.keyboard.press("ArrowLeft")
    assert answered.value.status == 200
    step = slider.input_value()
    assert f"ledger_step={step}&" in answered.value.url
    settle()
    there = drawn(visit(PAGE, **VIEW, ledger_step=step))["ledger_films"]["captions"]
    expect(page.locator(f"{BAR} output")).to_have_text(there[-1])


def test_a_confident_mistake_hardly_moves_squared_error(page, open_page, settle):
    open_page(link())
    said = page.get_by_test_id("stAlert").last
    expect(said).to_contain_text("has a gradient of −0.0006703")
    expect(said).to_contain_text("has −0.9997")
    page.locator(".st-key-matched_z input[type=range]").focus()
    page.keyboard.press("End")
    settle()
    there = matched(8.0)
    expect(said).to_contain_text(f"has a gradient of {readable(there.squared.gradient)}")
    expect(said).to_contain_text(f"has {readable(there.entropy.gradient)}")


@pytest.mark.parametrize("projector", ["false", "true"])
@pytest.mark.parametrize("screen", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_nothing_is_cut_and_no_word_lies_over_another(page, open_page, told, screen, projector):
    page.set_viewport_size(screen)
    open_page(link(projector=projector))
    assert page.evaluate(SPILLING) == []
    assert page.evaluate(CLIPPED) == []
    for k in range(0, len(told[1]["captions"]), 5):
        page.locator(BAR).get_by_label("Position").fill(str(k))
        figures = {figure["name"]: figure for figure in page.evaluate(FIGURES)}
        assert figures["ledger"]["drawn"]
        assert figures["ledger"]["cut"] == []
        if screen is not PHONE:
            assert figures["ledger"]["over"] == []
