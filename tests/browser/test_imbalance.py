"""Each slider of the Imbalance page, moved in the browser, moves the decision and its numbers."""

import re

import pytest
from playwright.sync_api import expect

from charts.numbers import percent
from losses.data.generators import RareEvent
from losses.imbalance import Rare, scatter

DATA = RareEvent().seeded(0)
CASE = Rare.of(DATA, 1, DATA.columns)


def press(page, key, keys, times=1):
    page.locator(f".st-key-{key} input[type=range]").first.focus()
    for _ in range(times):
        page.keyboard.press(keys)


@pytest.mark.parametrize(
    ("key", "keys", "settings"),
    [
        ("weight", "End", (100.0, 0.0, 0.5)),
        ("gamma", "End", (1.0, 5.0, 0.5)),
        ("threshold", "Home", (1.0, 0.0, 0.01)),
    ],
)
def test_slider_moves_the_decision_and_the_counts(page, open_page, settle, key, keys, settings):
    open_page("/imbalance")
    press(page, key, keys)
    weight, gamma, threshold = settings
    here = CASE.judged(CASE.at(weight, gamma), threshold).counts
    called = here.true_positive + here.false_positive
    said = rf"{called:.0f} are called 1 from a probability of {threshold:.3g} on, {here.true_positive:.0f} of"
    expect(page.locator(".st-key-decision [role=img]")).to_have_attribute(
        "aria-label", re.compile(said)
    )
    settle()
    assert f"{key}=" in page.url
    expect(page.get_by_test_id("stTable").first).to_contain_text(f"{here.true_negative:,.0f}")
    expect(page.get_by_test_id("stAlert").first).to_contain_text(
        f"{here.true_positive:.0f} are found"
    )


def test_the_figure_answers_ahead_of_the_script(page, open_page, settle):
    """The browser has the decision before the page has its numbers: it asks for it by itself."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_page("/imbalance")
    press(page, "weight", "ArrowRight", 3)
    settle()
    assert any("/losscope/ahead/" in url and "weight=" in url for url in asked)


def test_weight_marks_its_place_on_the_curves(page, open_page, settle):
    open_page("/imbalance?question=What+does+recall+cost%3F&weight=1")
    press(page, "weight", "ArrowRight", 8)
    settle()
    here = CASE.judged(CASE.at(5.0)).counts
    there = re.compile("the mark stands at 5.000")
    expect(page.locator(".st-key-trade [role=img]")).to_have_attribute("aria-label", there)
    expect(page.get_by_test_id("stAlert").first).to_contain_text(percent(here.recall))


def test_seed_picks_another_resampling(page, open_page, settle):
    open_page("/imbalance?question=And+resampling%3F&weight=9")
    press(page, "resample_seed", "End")
    settle()
    found = scatter(CASE, "undersampling", 9.0)
    expect(page.get_by_test_id("stTable").first).to_contain_text("undersampling, seed 19")
    expect(page.get_by_test_id("stTable").first).to_contain_text(f"{found.outcomes[19].brier:.3g}")


def test_weight_that_nobody_chose_is_in_no_link_and_a_chosen_one_comes_back(
    page, open_page, settle
):
    """The slider begins elsewhere in another question: a link must mean the same to who opens it."""
    open_page("/imbalance")
    page.get_by_text("What does recall cost?").click()
    settle()
    alert = page.get_by_test_id("stAlert").first
    expect(alert).to_contain_text("w = 19 takes recall")
    assert "weight=" not in page.url
    press(page, "weight", "Home")
    settle()
    expect(alert).to_contain_text("Move w or γ")
    url = page.url
    open_page("/imbalance")
    page.goto(url)
    settle()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Move w or γ")
