"""What the server promises, seen from the browser."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT

BROKEN = """
import streamlit as st
st.title("Broken")
raise ValueError("private detail")
"""


@pytest.fixture
def broken_app(tmp_path):
    """A copy of the app whose only page fails."""
    for folder in ("losses", "charts", "pages/shared", ".streamlit"):
        shutil.copytree(ROOT / folder, tmp_path / "copy" / folder)
    (tmp_path / "copy" / "pages" / "frame.py").write_text(BROKEN, "utf-8")
    return shutil.copy(ROOT / "app.py", tmp_path / "copy")


def test_error_shows_a_number_whose_traceback_is_in_the_log(
    broken_app, cold_server, open_page, tmp_path
):
    page = open_page(base=cold_server(app=broken_app))
    message = page.get_by_role("alert").inner_text()
    number = re.search(r"report error (\d{6})\.", message).group(1)
    assert "private detail" not in page.content()
    log = (tmp_path / "server.log").read_text("utf-8")
    assert "ValueError: private detail" in log[log.index(f"Error {number}") :]


def test_visitor_can_switch_the_theme(open_page):
    page = open_page("/")
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    for name, background in (("Dark", "rgb(0, 0, 0)"), ("Light", "rgb(255, 255, 255)")):
        page.get_by_role("menuitemradio", name=name).click()
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)


def test_deep_link_is_drawn_with_the_frame_by_a_server_nobody_has_visited(cold_server, open_page):
    page = open_page("/huber?delta=2.5", base=cold_server())
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_test_id("stTopNavSection")).to_have_count(3)
