"""Each page on a desk, in the dark and on a phone: nothing overflows, is cut or overlaps."""

from itertools import combinations

import pytest
from playwright.sync_api import expect

from tests.visits import drawn, menu, visit

MENU = menu()
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FORMS = {"desk, light": (DESK, "light"), "desk, dark": (DESK, "dark"), "phone": (PHONE, "light")}
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(0, 0, 0)"}
# Elements wider than their place, by their text; what scrolls sideways by itself is a table.
SPILLING = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .filter((box) => box.scrollWidth > box.clientWidth)
  .map((box) => `${box.tagName}: ${box.scrollWidth} in ${box.clientWidth}`)"""
CLIPPED = """() => {
  const links = "[data-testid=stPageLink] a, [data-testid=stMetric] *";
  const controls = `button, [role=tab], summary, select, label, ${links}`;
  const how = { opacityProperty: true, visibilityProperty: true };
  const seen = (node) => node.checkVisibility(how) && node.clientWidth > 1;
  const cut = (node) => {
    const { overflowX, textOverflow } = getComputedStyle(node);
    const hides = overflowX !== "visible" || textOverflow === "ellipsis";
    return hides && node.scrollWidth > node.clientWidth + 1;
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
      const beside = box.left < left - 1 || box.right > right + 1;
      return box.width && (beside || box.top < top - 1 || box.bottom > bottom + 1);
    });
    const words = [...plot.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const boxes = words.map((text) => text.getBoundingClientRect());
    const over = words.filter((text, i) => boxes.some((other, k) => k < i
      && Math.min(other.right, boxes[i].right) - Math.max(other.left, boxes[i].left) > 4
      && Math.min(other.bottom, boxes[i].bottom) - Math.max(other.top, boxes[i].top) > 4));
    const lines = [...plot.querySelectorAll("path.js-line, path.point, .contourlayer path")];
    const drawn = lines.some((path) => (path.getAttribute("d") ?? "").length > 8);
    const said = (texts) => texts.map((text) => text.textContent);
    const label = plot.getAttribute("aria-label");
    return { name, left, top, right, bottom, end, drawn, label, cut: said(cut), over: said(over) };
  })"""


@pytest.mark.parametrize(("screen", "theme"), FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("address", MENU, ids=lambda address: address or "home")
def test_page_fits_its_screen(page, open_page, screen, theme, address):
    """And, by its fixture: a clean console, and no request to another host."""
    page.set_viewport_size(screen)
    page.emulate_media(color_scheme=theme)
    open_page(f"/{address}")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUND[theme])
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.evaluate(SPILLING) == []
    assert page.evaluate(CLIPPED) == []

    figures = page.evaluate(FIGURES)
    folded = {"data_picture"} if screen is PHONE else set()  # the data bench is closed on a phone
    expected = {key for key in drawn(visit(address)) if not key.endswith("_films")}
    assert {figure["name"] for figure in figures} == expected - folded
    for figure in figures:
        assert figure["drawn"], figure["name"]
        assert figure["label"], figure["name"]
        assert figure["left"] >= 0, figure["name"]
        assert figure["right"] <= screen["width"], figure["name"]
        assert figure["cut"] == [], figure["name"]
        assert figure["over"] == [], figure["name"]
    body = [figure for figure in figures if figure["name"] != "data_picture"]
    if body and screen is DESK:  # what matters is seen without scrolling
        assert min(figure["end"] for figure in body) <= screen["height"]
    for one, other in combinations(figures, 2):
        apart = (
            one["right"] <= other["left"] or other["right"] <= one["left"]
            or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]
        )  # fmt: skip
        assert apart, f"{one['name']} lies over {other['name']}"


@pytest.mark.parametrize("address", ["network", "penalties", "curves"])
def test_on_a_phone_the_figure_comes_before_a_long_rail(page, open_page, address):
    """Below ten controls nobody saw what the first of them did."""
    page.set_viewport_size(PHONE)
    open_page(f"/{address}")
    top = "(node) => node.getBoundingClientRect().top"
    figure = page.locator("[data-testid=stMain] .js-plotly-plot").first.evaluate(top)
    slider = page.locator("[data-testid=stColumn] input[type=range]").first.evaluate(top)
    assert figure < slider
