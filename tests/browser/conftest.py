"""A real Chromium for the tests in this folder, and a witness of all that a page does."""

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import find

# No name but our own may resolve: a forgotten CDN fails here as it would in a classroom offline.
FLAGS = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
IDLE = f'{APP}[data-test-script-state="notRunning"]'
BUSY = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stAppSkeleton"]'
# Idle for a fifth of a second: between a click and its rerun, the app is idle as well.
SETTLED = f"""() => {{
  const idle = document.querySelector('{IDLE} h1') && !document.querySelector('{BUSY}');
  window.idleSince = idle ? (window.idleSince ?? performance.now()) : undefined;
  return idle && performance.now() - window.idleSince > 200;
}}"""


class Witness:
    """Notes every error in the console, every uncaught exception and every host that was asked."""

    def __init__(self, context):
        self.errors, self.hosts = [], set()
        context.on("console", self.console)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("request", lambda request: self.visit(request.url))
        # Sockets are no requests to Playwright; each page of the context reports its own.
        context.on("page", lambda page: page.on("websocket", lambda ws: self.visit(ws.url)))

    def console(self, message):
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url')})")

    def visit(self, url):
        if urlsplit(url).scheme in ("http", "https", "ws", "wss"):
            self.hosts.add(urlsplit(url).hostname)


def pytest_collection_modifyitems(items):
    """Marks each test that opens the browser, so that `-m "not browser"` leaves it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session."""
    # Chromium refuses to run as root, as in a container, with its sandbox.
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=FLAGS + sandbox)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A new visitor's page; afterwards its console is clean and it asked no other host."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    witness = Witness(context)
    yield context.new_page()
    context.close()
    assert not witness.errors
    assert witness.hosts <= {"127.0.0.1"}


@pytest.fixture
def settle(page):
    """Waits until the app has drawn everything that was asked of it."""
    return lambda: page.wait_for_function(SETTLED, timeout=20_000)


@pytest.fixture
def open_page(page, server, settle):
    """Opens a path of the shared server, or of `base`, and returns the page when it is drawn."""

    def open_path(path="/", base=server):
        page.goto(base + path)
        settle()
        return page

    return open_path
