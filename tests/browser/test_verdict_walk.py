"""A practitioner's walk: a messy file, a guess mended, a winner, the value where another one wins."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from losses.data.bundled import Sample
from tests.browser.test_upload import assert_not_in_the_link, upload

PAIR = Sample.catalogue["blunders"]().load()
FLIP = 2.1457764888058417


def messy():
    """The pair as a German office writes it: a title, semicolons, decimal commas, its own names."""
    columns = [PAIR.target, *PAIR.features.T]
    rows = (
        ";".join(f"{x:.17g}".replace(".", ",") for x in row) for row in zip(*columns, strict=True)
    )
    text = "\r\n".join(["Auswertung;;", "", "Messwert;scharf;mittel", *rows, ""])
    return text.encode("utf-16")


def pick(page, label, option):
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


@pytest.fixture
def brought(open_page, settle):
    """The Compare page with the messy file, and its one wrong guess mended."""
    page = open_page("/compare")
    upload(page, messy(), "auswertung.csv")
    bench = page.get_by_test_id("stSidebar")
    expect(bench).to_contain_text("In use: auswertung.csv")
    settle()
    pick(page, "Target", "Messwert")
    settle()
    expect(bench).to_contain_text("200 rows, 2 columns, target Messwert")
    return page


def test_a_messy_file_is_reported_and_judged_once_its_target_is_said(brought):
    """The reader says what it found; the verdict is that of the file which it was made from."""
    brought.get_by_text("How it was read").click()
    bench = brought.get_by_test_id("stSidebar")
    expect(bench).to_contain_text("Encoding utf-16")
    expect(bench).to_contain_text("between cells semicolon")
    expect(bench).to_contain_text("decimal marks ,")
    said = brought.get_by_test_id("stMain").get_by_test_id("stAlert").first
    expect(said).to_contain_text("mittel wins under Squared error")
    expect(said).to_contain_text("scharf wins under Absolute error")
    assert_not_in_the_link(brought)


def test_the_winner_changes_where_the_page_says_so(brought):
    """Dragged across the flip, the slider's readout names the other model."""
    info = brought.get_by_test_id("stAlert").filter(has_text="Under Huber")
    number = re.search(r"δ = (\d\.\d+); ", info.inner_text())[1]
    # What a reader of the screen hears of the table: its cells are drawn on a canvas.
    table = brought.get_by_test_id("stDataFrame").filter(has=brought.locator("table")).last
    printed = table.locator("td[role=gridcell]").first.text_content()
    assert float(printed) == pytest.approx(FLIP, rel=1e-15)
    assert number == f"{float(printed):.5f}"
    slider = brought.locator(".st-key-flip_huber_delta input")
    slider.focus()
    here = brought.get_by_text(re.compile("^Here "))

    def walked(key, done):
        while not done(float(slider.get_attribute("value"))):
            brought.keyboard.press(key)
            brought.wait_for_timeout(30)

    expect(here).to_have_text("Here scharf wins")
    walked("ArrowRight", lambda at: at > FLIP)
    expect(here).to_have_text("Here mittel wins")
    walked("ArrowLeft", lambda at: at < FLIP)
    expect(here).to_have_text("Here scharf wins")


def test_the_verdict_is_taken_away_as_a_table_and_as_a_report(brought, settle, tmp_path):
    brought.get_by_text("Take it away").click()
    settle()
    with brought.expect_download() as download:
        brought.get_by_role("button", name="Matrix as CSV").click()
    matrix = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    costs = {row["model"]: float(row["Squared error: cost"]) for row in matrix[:2]}
    assert costs == pytest.approx({"scharf": 0.7776685582013091, "mittel": 0.49120230771911166})
    with brought.expect_download() as download:
        brought.get_by_role("button", name=re.compile("report", re.I)).click()
    report = tmp_path / "report.html"
    download.value.save_as(report)
    tab = brought.context.new_page()
    tab.goto(report.as_uri())
    expect(tab.locator("body")).to_contain_text("“mittel” wins under Squared error")
    expect(tab.locator("body")).to_contain_text("2.14577648880584")
    tab.close()
