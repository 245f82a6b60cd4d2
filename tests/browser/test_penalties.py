"""The Penalties page in the browser: figures follow λ at once, and the numbers are the core's."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from losses.data.bundled import Diabetes
from losses.penalties import L1
from losses.regression import SquaredError
from losses.shrink import dialed, weighed
from tests.browser.test_figures import AT_REST, LOOK, NEXT_FRAMES, Line
from tests.browser.test_focal import assert_close, assert_legible
from tests.browser.test_layout import CLIPPED, PHONE, SPILLING

DATA = Diabetes().load().standardized()
FOLLOWING = {
    "Where do they touch?": [["touching", "the same data cost"], ["touching", "the same penalty"]],
    "Which weights survive?": [["coefficients", "λ"]],
    "How much is just right?": [["tuning", "λ"]],
}
VIEWS = (*FOLLOWING, "Does descent find the zero?", "λ elsewhere?", "And one row?")
MOVED = "([curves, before]) => curves.every((one, k) => pathOf(...one) !== before[k])"


def to(view, **settings):
    return f"/penalties?view={quote(view)}" + "".join(f"&{k}={v}" for k, v in settings.items())


def sentence(page):
    return page.get_by_test_id("stAlert").first


@pytest.mark.parametrize(("view", "curves"), FOLLOWING.items(), ids=FOLLOWING)
def test_view_follows_lambda_before_the_server_answers(page, open_page, settle, view, curves):
    """What is shown while the answer is held back is what the answer draws."""
    page.add_init_script(LOOK)
    line = Line(page)
    open_page(to(view, memorizing="false"))
    before, said = page.evaluate(NEXT_FRAMES, curves), sentence(page).inner_text()
    told = page.get_by_text("λ = ").first.inner_text()
    line.hold()
    page.locator(".st-key-strength input").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(MOVED, arg=[curves, before])
    moved = page.evaluate(NEXT_FRAMES, curves)
    line.release()
    line.held = None
    settle()
    assert_close(moved, page.evaluate(AT_REST, curves))
    if view != "How much is just right?":  # whose sentence is about all λ
        expect(sentence(page)).not_to_have_text(said)
    expect(page.get_by_text("λ = ").first).not_to_have_text(told)
    assert "strength=-0.9" in page.url


@pytest.mark.parametrize("view", VIEWS)
def test_view_is_seen_without_scrolling_and_fits_a_phone(page, open_page, view):
    open_page(to(view))
    assert max((figure["end"] for figure in assert_legible(page)), default=0) <= 900
    page.set_viewport_size(PHONE)
    open_page(to(view))
    assert page.evaluate(SPILLING) == []
    assert page.evaluate(CLIPPED) == []
    assert_legible(page)


def test_numbers_follow_the_keys(page, open_page, settle):
    """The page at rest says what the core says: of λ, of its parts, and of a row that counts."""
    open_page(to("Which weights survive?"))
    page.locator(".st-key-strength input").focus()
    page.keyboard.press("ArrowLeft")
    settle()
    found = dialed(SquaredError(), DATA.features, DATA.target, L1(), [0.0, -0.55])
    expect(page.get_by_text("λ = ").first).to_contain_text(f"λ = {found.lams[1]:.4f}")
    expect(sentence(page)).to_contain_text(f"{found.nonzero[1]} of 10 weights are left")
    page.get_by_text("And one row?").click()
    settle()
    page.locator(".st-key-copies input").focus()
    page.keyboard.press("End")
    settle()
    row = int(re.search(r"Row (\d+)", sentence(page).inner_text())[1]) - 1
    penalty = L1(lam=float(found.lams[1]))
    heavy = weighed(SquaredError(), DATA.features, DATA.target, penalty, row)
    expect(sentence(page)).to_contain_text(f"its loss is {heavy.losses[10, row]:.3f}")


def test_a_click_on_a_row_picks_it(page, open_page, settle):
    open_page(to("And one row?"))
    said = sentence(page).inner_text()
    plot = page.locator(".st-key-weighing .js-plotly-plot .nsewdrag").first.bounding_box()
    page.mouse.click(plot["x"] + 0.3 * plot["width"], plot["y"] + 0.7 * plot["height"])
    settle()
    expect(sentence(page)).not_to_have_text(said)
    number = re.search(r"row=(\d+)", page.url)[1]
    assert sentence(page).inner_text().startswith(f"Row {number} ")


CUT = """() => [...document.querySelectorAll("[data-testid=stMain] .katex-html")].filter((one) => {
  const box = one.closest("[data-testid=stColumn]").getBoundingClientRect();
  return one.scrollWidth > box.width + 1;
}).length"""


@pytest.mark.parametrize("penalty", ["L1", "L2", "Elastic net"])
def test_formulas_are_whole_on_a_desk_and_on_a_phone(page, open_page, penalty):
    """Half of the proximal step was cut, and the square of the elastic net."""
    for phone in (False, True):
        if phone:
            page.set_viewport_size(PHONE)
        open_page(to("Does descent find the zero?", penalty=quote(penalty)))
        assert page.locator("[data-testid=stMain] .katex-html").count() == 2
        assert page.evaluate(CUT) == 0
