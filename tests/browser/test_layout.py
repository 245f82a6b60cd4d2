"""Each page on a desk, in the dark and on a phone: nothing overflows, is cut, overlaps or is missing."""

from itertools import combinations

import pytest
from playwright.sync_api import expect

from tests.visits import drawn, menu, visit

MENU = menu()
FORMS = {
    "desk, light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "desk, dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(0, 0, 0)"}
# Elements wider than their place, by their text; what scrolls sideways by itself is a table.
SPILLING = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => `${box.tagName}: ${box.scrollWidth} in ${box.clientWidth}`)"""
CLIPPED = """() => {
  const controls = "button, [role=tab], summary, select, label, [data-testid=stPageLink] a, [data-testid=stMetric] *";
  const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && node.clientWidth > 1;
  const cut = (node) => {
    const { overflowX, textOverflow } = getComputedStyle(node);
    return (overflowX !== "visible" || textOverflow === "ellipsis") && node.scrollWidth > node.clientWidth + 1;
  };
  return [...document.querySelectorAll(controls)]
    .flatMap((control) => [control, ...control.querySelectorAll("*")])
    .filter((node) => seen(node) && node.innerText?.trim() && cut(node))
    .map((node) => node.innerText.trim());
}"""
FIGURES = """() => [...document.querySelectorAll(".js-plotly-plot")]
  .filter((plot) => plot.checkVisibility() && plot.getBoundingClientRect().right > 0)
  .map((plot) => {
    const { left, top, right, bottom } = plot.getBoundingClientRect();
    const end = plot.parentElement.getBoundingClientRect().bottom; // with the player's bar
    const name = plot.closest("[class*=st-key-]").className.match(/st-key-(\\S+)/)[1];
    const cut = [...plot.querySelectorAll("text")].filter((text) => {
      const box = text.getBoundingClientRect();
      return box.width && (box.left < left - 1 || box.right > right + 1 || box.top < top - 1 || box.bottom > bottom + 1);
    });
    const lines = [...plot.querySelectorAll("path.js-line, path.point, .contourlayer path")];
    const drawn = lines.some((path) => (path.getAttribute("d") ?? "").length > 8);
    return { name, left, top, right, bottom, end, drawn, label: plot.getAttribute("aria-label"), cut: cut.map((text) => text.textContent) };
  })"""


@pytest.fixture(scope="module", params=FORMS.values(), ids=FORMS.keys())
def form(request):
    """The size of the screen and its theme."""
    return request.param


@pytest.fixture(scope="module")
def context(browser, form):
    """A visitor with this screen."""
    context = browser.new_context(**form)
    yield context
    context.close()


@pytest.mark.parametrize("address", MENU, ids=lambda address: address or "home")
def test_page_fits_its_screen(open_page, form, address):
    """And, by its fixture: a clean console, and no request to another host."""
    page = open_page(f"/{address}")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[form["color_scheme"]])
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.evaluate(SPILLING) == []
    assert page.evaluate(CLIPPED) == []

    figures = page.evaluate(FIGURES)
    phone = form["viewport"]["width"] < 640  # where the data bench is folded away
    expected = {key for key in drawn(visit(address)) if not key.endswith("_films")}
    assert {figure["name"] for figure in figures} == expected - ({"data_picture"} if phone else set())
    for figure in figures:
        assert figure["drawn"], figure["name"]
        assert figure["label"], figure["name"]
        assert figure["left"] >= 0, figure["name"]
        assert figure["right"] <= form["viewport"]["width"], figure["name"]
        assert figure["cut"] == [], figure["name"]
    body = [figure for figure in figures if figure["name"] != "data_picture"]
    if body and not phone:  # what matters is seen without scrolling
        assert min(figure["end"] for figure in body) <= form["viewport"]["height"]
    for one, other in combinations(figures, 2):
        apart = (
            one["right"] <= other["left"] or other["right"] <= one["left"]
            or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
        )  # fmt: skip
        assert apart, f"{one['name']} lies over {other['name']}"
