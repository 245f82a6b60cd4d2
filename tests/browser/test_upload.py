"""A file of one's own: it reaches the figures and the matrix, stays, and never enters the link."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.metrics import mean_absolute_error, mean_squared_error

ROWS = 60
SECRETS = ("mine", "income_secret", "y_true", "model_", "price")


@pytest.fixture
def predictions():
    """True values and the predictions of two models, as a CSV file and as arrays."""
    rng = np.random.default_rng(5)
    target = rng.normal(10, 3, ROWS).round(3)
    models = {f"model_{k}": (target + rng.standard_t(2, ROWS) * k).round(3) for k in (1, 2)}
    columns = {"y_true": target} | models
    lines = [
        ",".join(columns),
        *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True)),
    ]
    return "\n".join(lines).encode(), target, models


@pytest.fixture
def features():
    """One feature and a price that follows it, with an outlier."""
    x = np.linspace(1, 10, ROWS).round(3)
    y = (3 * x + 2 + np.cos(7 * x)).round(3)
    y[30] += 40
    lines = ["income_secret,price", *(f"{a},{b}" for a, b in zip(x, y, strict=True))]
    return "\n".join(lines).encode(), x, y


def upload(page, content, name="mine.csv"):
    """Gives the data bench a file, as the visitor's own file dialog would."""
    bench = page.get_by_test_id("stSidebar")
    bench.get_by_text("Upload", exact=True).click()
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    bench.locator("input[type=file]").set_input_files(file)


def cells(page):
    """The first table of the page, row by row."""
    rows = page.get_by_test_id("stTable").first.locator("tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def assert_not_in_the_link(page):
    assert not [secret for secret in SECRETS if secret in page.url]
    assert set(parse_qs(urlsplit(page.url).query)) <= {"source", "predictions_source", "ask"}


def test_predictions_reach_the_matrix_with_the_numbers_of_scikit_learn(
    open_page, settle, predictions
):
    content, target, models = predictions
    page = open_page("/compare?ask=Take+it+away")
    upload(page, content)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(f"{ROWS} rows")
    settle()
    header, *rows = cells(page)
    shown = {
        name: dict(zip(header, row, strict=True))
        for name, *_ in rows
        for row in rows
        if row[0] == name
    }
    for name, prediction in models.items():
        costs = {
            "Squared error": mean_squared_error(target, prediction),
            "Absolute error": mean_absolute_error(target, prediction),
        }
        for loss, cost in costs.items():
            number = float(re.search(r"[\d.,]+", shown[name][loss]).group().replace(",", ""))
            assert number == pytest.approx(cost, rel=1e-3)

    with page.expect_download() as download:
        page.get_by_role("button", name="Matrix as CSV").click()
    matrix = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    for row in matrix[: len(models)]:
        exact = mean_squared_error(target, models[row["model"]])
        assert float(row["Squared error: cost"]) == pytest.approx(exact, rel=1e-12)
    assert_not_in_the_link(page)


def test_features_reach_hubers_fit_and_follow_to_descent(open_page, settle, features):
    content, x, y = features
    page = open_page("/huber")
    upload(page, content)
    bench = page.get_by_test_id("stSidebar")
    expect(bench).to_contain_text(f"{ROWS} rows, 1 column")
    settle()
    slope, intercept = np.polyfit(x, y, 1)
    fit = page.locator(".st-key-huber_fit [role=img]").get_attribute("aria-label")
    said = re.search(r"least squares slope (\S+) and intercept ([\d.-]+\d)", fit)
    assert [float(number) for number in said.groups()] == pytest.approx(
        [slope, intercept], rel=1e-3
    )

    page.get_by_test_id("stTopNavSection").filter(has_text="Train").click()
    page.get_by_role("menuitem", name="Descent").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Descent")
    settle()
    expect(bench).to_contain_text(f"{ROWS} rows, 1 column")
    expect(bench.locator("[role=img]")).to_have_attribute(
        "aria-label", re.compile("price over income_secret")
    )
    assert_not_in_the_link(page)

    page.locator(".st-key-steps input").focus()  # any rerun
    page.keyboard.press("ArrowRight")
    settle()
    expect(bench).to_contain_text(f"{ROWS} rows, 1 column")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4),
        ("words.csv", b"a,b\nx,y\nz,w\n"),
    ],
)
def test_wrong_file_gets_a_sentence_and_the_next_one_is_taken(
    open_page, settle, features, name, content
):
    page = open_page("/huber")
    upload(page, content, name)
    alert = page.get_by_test_id("stSidebar").get_by_role("alert")
    expect(alert).to_have_text(re.compile(r"\w+ \w+ \w+"))
    assert "Traceback" not in page.content()
    assert "report error" not in page.content()

    upload(page, features[0])
    expect(alert).to_have_count(0)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(f"{ROWS} rows")
    settle()
    assert_not_in_the_link(page)
