"""A server that nobody has visited, and a link to a prepared state: what a class opens first."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect

from tests.visits import KINDS, another, drawn, link, menu, visit, widgets

MENU = menu()
SETTINGS = ("slider", "toggle", "number_input")  # menus would take other settings away
ON_SCREEN = """key => {
  const field = document.querySelector(`.st-key-${key} :is(input, [role=slider])`);
  if (!field) return null; // in a box that is closed
  return field.type === "checkbox" ? field.checked : Number(field.value);
}"""


def prepared(address):
    """Every slider, switch and number in the body of a page, elsewhere than by default."""
    body = visit(address).main
    found = [widget for kind in KINDS if kind in SETTINGS for widget in body.get(kind)]
    return {widget.key: another(widget) for widget in found if widget.key}


@pytest.mark.parametrize("address", MENU, ids=lambda address: address or "home")
def test_cold_server_honors_a_deep_link_and_keeps_it(address, cold_server, open_page):
    """Streamlit's own navigation would open the first link on a new server without the frame."""
    settings = prepared(address)
    assert len(settings) >= (3 if address else 1)
    page = open_page(f"/{address}?{urlencode(link(settings))}", base=cold_server())

    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_test_id("stTopNavSection")).to_have_count(3)
    shown = {key: page.evaluate(ON_SCREEN, key) for key in settings}
    seen = {key: value for key, value in shown.items() if value is not None}
    assert len(seen) >= min(3, len(settings))
    assert seen == pytest.approx({key: settings[key] for key in seen}, rel=1e-9)
    kept = parse_qs(urlsplit(page.url).query)
    assert kept == {key: [value] for key, value in link(settings).items()}

    prepared_page = visit(address, **link(settings))
    for key, figure in drawn(prepared_page).items():
        if "alt" in figure:
            shown = page.locator(f".st-key-{key} [role=img]")
            expect(shown).to_have_attribute("aria-label", figure["alt"])
    assert set(widgets(prepared_page)) >= set(settings)


def test_default_page_lives_at_the_root(open_page):
    page = open_page("/")
    assert urlsplit(page.url).path == "/"
    expect(page.get_by_role("heading", level=1)).to_have_text(MENU[""])


def test_visitors_who_come_at_once_all_see_the_page(tab, cold_server):
    """A class opens the same link in the same second."""
    address = cold_server()
    pages = [tab.context.new_page() for _ in range(8)]
    for page in pages:
        page.goto(f"{address}/curves", wait_until="commit")
    for page in pages:
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        expect(page.get_by_test_id("stAlert").filter(has_text="error of ours")).to_have_count(0)
        page.close()
