"""The Fit page in the browser: a row is dragged, clicked or typed elsewhere, and the fits follow."""

import re

import numpy as np
from playwright.sync_api import expect

from tests.browser.test_figures import LOOK, NEXT_FRAMES, Line, points

FEW = "/fit?line_with_outliers_n=20&line_with_outliers_share=0"  # a row of few pulls harder
CURVES = [["pulled", "Huber"], ["pulled", "Squared error"]]


def at_the_end(path):
    """How high a line lies at its right end, in pixels: there the row has its lever."""
    ends = points(path)
    return float(ends[ends[:, 0].argmax(), 1])


def test_dragged_row_draws_the_squared_errors_line_on_when_hubers_has_let_go(
    page, open_page, settle
):
    """The browser moves them by itself: the server's answers are held back."""
    page.add_init_script(LOOK)
    line = Line(page)
    open_page(FEW)
    thumb = page.locator(".st-key-pull_up input[type=range]")
    thumb.focus()
    page.keyboard.press("Home")
    settle()
    line.hold()
    heights = [[at_the_end(path) for path in page.evaluate(NEXT_FRAMES, CURVES)]]
    slider = page.locator(".st-key-pull_up [data-testid=stSliderThumbValue]").locator("..")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + 22 * step, y)
        heights.append([at_the_end(path) for path in page.evaluate(NEXT_FRAMES, CURVES)])
    page.mouse.up()
    line.release()
    line.held = None
    settle()
    huber, squared = -np.array(heights).T  # pixels grow downwards
    assert float(thumb.input_value()) > 8
    assert np.ptp(huber[4:]) < 0.05
    assert huber[4:].mean() > huber[0] + 0.5
    assert (np.diff(squared) > 0.3).all()
    assert squared[-1] - squared[4] > 2


def test_click_puts_the_row_there_and_undo_brings_it_back(page, open_page, settle):
    open_page(FEW)
    before = page.get_by_test_id("stTable").first.inner_text()
    plot = page.locator(".st-key-pulled .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.9 * box["height"])
    expect(page.get_by_text("2 cells are changed by hand")).to_be_visible()
    settle()
    assert page.get_by_test_id("stTable").first.inner_text() != before
    label = page.locator(".st-key-pulled [role=img]").get_attribute("aria-label")
    assert re.search(r"row \d+ moved up by 0\.", label)
    page.get_by_role("button", name="Undo all edits").click()
    expect(page.get_by_text("changed by hand")).to_have_count(0)
    settle()
    assert page.get_by_test_id("stTable").first.inner_text() == before


def test_number_typed_into_the_table_reaches_the_fits(page, open_page, settle):
    open_page(FEW)
    before = page.get_by_test_id("stTable").first.inner_text()
    page.get_by_text("Edit the rows").click()
    cells = page.locator("[class*=st-key-rows_] [data-testid=stDataFrame]")
    expect(cells.locator("canvas").first).to_be_visible()
    width = cells.bounding_box()["width"]
    cells.dblclick(position={"x": 0.9 * width, "y": 52})  # y of the first row, once it lies still
    field = page.locator("#portal input, #portal textarea").first
    expect(field).to_be_visible()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("77", delay=50)
    expect(field).to_have_value("77")
    page.wait_for_timeout(100)  # the table takes what is typed with its next drawing
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 cell is changed by hand, in row 1")).to_be_visible()
    settle()
    assert page.get_by_test_id("stTable").first.inner_text() != before
    assert "77" not in page.url
