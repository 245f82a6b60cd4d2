"""The Focal γ page in the browser: every view follows γ at once, and says the numbers of the core."""

from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import expect

from losses.emphasis import emphasis
from losses.probabilistic import Focal
from losses.verdict.focal import asked
from tests.browser.test_figures import AT_REST, LOOK, NEXT_FRAMES, Line, points
from tests.browser.test_layout import CLIPPED, FIGURES, PHONE, SPILLING

VIEWS = {
    "Who pulls harder?": [["ratio", "Focal"]],
    "How few rows carry it?": [["cumulative", "Focal"]],
    "Who owns it?": [["ownership", "class 0"], ["ownership", "class 1"]],
    "What does it ask for?": [["shrinking", "Focal"]],
    "Is y missing?": [["readings", "as written, without y"], ["readings", "pₜ with αₜ"]],
}


def assert_close(shown, settled):
    """Every corner that Plotly draws lies within half a pixel of what was shown; lines may rise
    upright, so that no height belongs to a place."""
    for ours, theirs in zip(map(points, shown), map(points, settled), strict=True):
        start, way = ours[:-1], np.diff(ours, axis=0)
        length = np.maximum((way**2).sum(axis=1), 1e-12)
        gap = theirs[:, None] - start
        along = np.clip((gap * way).sum(axis=2) / length, 0, 1)
        far = np.hypot(*np.moveaxis(gap - along[:, :, None] * way, 2, 0)).min(axis=1)
        inside = (theirs[:, 1] > -50) & (theirs[:, 1] < 700)  # farther out Plotly draws less
        assert inside.any()
        assert far[inside].max() < 0.6


def assert_legible(page):
    """No text of a figure is cut, or lies over another."""
    figures = page.evaluate(FIGURES)
    for figure in figures:
        assert figure["drawn"], figure["name"]
        assert figure["cut"] == [], figure["name"]
        assert figure["over"] == [], figure["name"]
    return figures


def to(view, **settings):
    return f"/focal?view={quote(view)}" + "".join(f"&{k}={v}" for k, v in settings.items())


@pytest.mark.parametrize(("view", "curves"), VIEWS.items(), ids=VIEWS)
def test_view_follows_gamma_before_the_server_answers(page, open_page, settle, view, curves):
    """What is shown while the answer is held back is what the answer draws."""
    page.add_init_script(LOOK)
    line = Line(page)
    open_page(to(view))
    assert max(figure["end"] for figure in assert_legible(page)) <= 900, "seen without scrolling"
    before = page.evaluate(NEXT_FRAMES, curves)
    said = page.get_by_test_id("stAlert").first.inner_text()
    line.hold()
    page.locator(".st-key-gamma input").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([curves, before]) => curves.every((one, k) => pathOf(...one) !== before[k])",
        arg=[curves, before],
    )
    moved = page.evaluate(NEXT_FRAMES, curves)
    line.release()
    line.held = None
    settle()
    assert_close(moved, page.evaluate(AT_REST, curves))
    expect(page.get_by_test_id("stAlert").first).not_to_have_text(said)
    assert "gamma=2.2" in page.url


@pytest.mark.parametrize("view", VIEWS)
def test_view_fits_a_phone(page, open_page, view):
    page.set_viewport_size(PHONE)
    open_page(to(view, alpha_on="true"))
    assert page.evaluate(SPILLING) == []
    assert page.evaluate(CLIPPED) == []
    assert_legible(page)


def test_alpha_moves_the_owners_at_once(page, open_page, settle):
    """Only α knows the class: it takes the loss from one and gives it to the other."""
    page.add_init_script(LOOK)
    line, curves = Line(page), VIEWS["Who owns it?"]
    open_page(to("Who owns it?", alpha_on="true"))
    before = page.evaluate(NEXT_FRAMES, curves)
    line.hold()
    page.locator(".st-key-alpha input").focus()
    page.keyboard.press("End")
    page.wait_for_function(
        "([curves, before]) => curves.every((one, k) => pathOf(...one) !== before[k])",
        arg=[curves, before],
    )
    line.release()
    line.held = None
    settle()
    expect(page.get_by_test_id("stAlert").first).to_contain_text(
        "to 100.0\N{NO-BREAK SPACE}%, of the pull from"
    )


def test_numbers_follow_the_keys(page, open_page, settle):
    open_page(to("What does it ask for?", gamma=1))
    alert = page.get_by_test_id("stAlert").first
    expect(alert).to_contain_text(f"asks for {float(asked(0.9, 1.0)):.4f}")
    page.locator(".st-key-gamma input").focus()
    page.keyboard.press("ArrowRight")
    settle()
    expect(alert).to_contain_text(f"asks for {float(asked(0.9, 1.05)):.4f}")
    page.get_by_text("Who pulls harder?").click()
    settle()
    found = emphasis(Focal(gamma=1.05))
    expect(alert).to_contain_text(f"below pₜ = {found.louder[0][1]:.4f}: up to {found.peak:.4f}×")
