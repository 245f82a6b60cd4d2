"""A formula typed in the browser: set, drawn and reported as one types, and kept in the link."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect

from losses.formula import Formula, lint
from losses.formula.builder import READINGS
from tests.browser.test_layout import CLIPPED, FIGURES, PHONE, SPILLING

LITERAL = READINGS[0].text
VIEWS = ("What is true of it?", "Build one without typing", "On your data")


def field(page):
    return page.locator(".st-key-formula input")


def write(page, text):
    """As a hand does it: key by key, over what stood there."""
    field(page).focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text, delay=15)


def curve(page):
    return page.locator(".st-key-typed [role=img]")


def test_typing_sets_draws_and_reports_without_leaving_the_field(page, open_page, settle):
    open_page("/formula")
    expect(field(page)).to_have_accessible_name("What an error costs")
    write(page, LITERAL)
    expect(curve(page)).to_have_attribute("aria-label", re.compile("at -1, corner at 0"))
    settle()
    expect(field(page)).to_be_focused()
    expect(page.locator(".katex").first).to_contain_text("∣r∣<c")
    page.locator(".st-key-own_c input[type=range]").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(curve(page)).to_have_attribute("aria-label", re.compile("at -2, corner at 0"))
    settle()
    jumps = next(one for one in lint(Formula(LITERAL, c=2.0)) if one.slug == "jumps")
    expect(page.get_by_test_id("stMain")).to_contain_text(jumps.sentence)
    assert parse_qs(urlsplit(page.url).query) == {"formula": [LITERAL], "own_c": ["2"]}


def test_curve_stands_before_the_script_has_answered(page, open_page, settle):
    """The browser asks for it at each key, so that the eye need not wait for Streamlit."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_page("/formula?formula=r%5E2")
    write(page, "abs(r)")
    settle()
    assert any("/losscope/ahead/" in url and "formula=abs" in url for url in asked)
    expect(curve(page)).to_have_attribute("aria-label", re.compile("from 6 at -6 to 6 at 6"))


def test_what_is_unfinished_names_the_place_and_keeps_the_curve(page, open_page, settle):
    open_page("/formula?formula=r%5E2")
    before = curve(page).get_attribute("aria-label")
    write(page, "r^2/(3")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("A closing parenthesis is missing here.")
    expect(page.get_by_test_id("stCode")).to_contain_text("r^2/(3\n      ^")
    settle()
    kept = curve(page).get_attribute("aria-label")
    assert kept == before or "from 12 at" in kept, "r^2, or r^2/3 if the hand rested there"
    page.keyboard.type(")")
    expect(main).not_to_contain_text("Drawn is still")
    expect(curve(page)).to_have_attribute("aria-label", re.compile("from 12 at -6"))


def test_a_letter_of_another_kind_brings_its_own_axis(page, open_page, settle):
    open_page("/formula?formula=r%5E2")
    write(page, "log(1 + exp(-m))")
    expect(curve(page)).to_have_attribute("aria-label", re.compile("over the margin m"))
    settle()
    assert page.locator(".st-key-typed .ytitle").count() == 1


def test_hostile_link_is_text(page, open_page):
    open_page(f"/formula?formula={quote('<img src=x onerror=alert(1)>[r](javascript:alert(1))')}")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("A formula is no equation")
    assert page.locator('img[src="x"], a[href^="javascript"]').count() == 0


def test_built_formula_is_taken_into_the_field(page, open_page, settle):
    open_page(f"/formula?view={quote(VIEWS[1])}")
    page.get_by_role("button", name="Take it over").nth(1).click()
    expect(field(page)).to_have_value(READINGS[1].text)
    settle()
    assert parse_qs(urlsplit(page.url).query)["formula"] == [READINGS[1].text]
    expect(curve(page)).to_have_attribute("aria-label", re.compile("at -2, corner at 0"))


@pytest.mark.parametrize("view", VIEWS)
def test_view_fits_a_phone(page, open_page, view):
    page.set_viewport_size(PHONE)
    open_page(f"/formula?view={quote(view)}&formula={quote(LITERAL)}")
    assert page.evaluate(SPILLING) == []
    assert page.evaluate(CLIPPED) == []
    for figure in page.evaluate(FIGURES):
        assert figure["cut"] == [], figure["name"]
        assert figure["over"] == [], figure["name"]
