"""Which rows decide, by link: the count is read off the page, and the file holds those rows."""

import csv
import io
import re
from urllib.parse import urlencode

import numpy as np
import pytest
from playwright.sync_api import expect

from losses import Loss
from losses.data.bundled import Sample

PAIR = Sample.catalogue["blunders"]


def shared(**settings):
    """The link to the question."""
    asked = {"predictions": PAIR.name, "ask": "How many rows decide it?"}
    return f"/compare?{urlencode(asked | settings)}"


@pytest.mark.parametrize(
    ("slug", "rows", "winner", "other"),
    [("squared_error", 2, "mediocre", "sharp"), ("absolute_error", 44, "sharp", "mediocre")],
)
def test_the_deciding_rows_are_counted_on_the_page_and_taken_away(
    open_page, slug, rows, winner, other
):
    loss = Loss.catalogue[slug]()
    page = open_page(shared(decide_loss=loss.name))
    said = page.get_by_test_id("stAlert").filter(has_text=re.compile("would without")).inner_text()
    counted = re.fullmatch(
        r"(\w+) wins under (.+), but (\w+) would without (\d+) of 200 rows\.", said
    )
    assert counted.groups() == (winner, loss.name, other, str(rows))
    figure = page.locator(".st-key-deciding_path [role=img]")
    expect(figure).to_have_attribute("aria-label", re.compile(f"without the {rows} that decide"))

    with page.expect_download() as download:
        page.get_by_role("button", name="Deciding rows as CSV").click()
    assert download.value.suggested_filename == "deciding_rows.csv"
    listed = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    assert len(listed) == rows
    lines = PAIR.file().read_text("utf-8").splitlines()
    for row in listed:
        cells = lines[int(row["line"]) - 1].split(",")
        assert [float(cell) for cell in cells] == [
            float(row[name]) for name in ("y_true", "sharp", "mediocre")
        ]
        for name in (winner, other):
            value = loss.value(np.array([float(row["y_true"])]), np.array([float(row[name])]))
            assert float(row[f"{name}: loss"]) == pytest.approx(value[0], rel=1e-12)
        assert float(row[f"{winner}: loss"]) < float(row[f"{other}: loss"])
