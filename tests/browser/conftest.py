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
DESK = {"width": 1440, "height": 900}
APP = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
IDLE = f'{APP}[data-test-script-state="notRunning"]'
BUSY = '[data-stale="true"], [data-testid="stSkeleton"], [data-testid="stAppSkeleton"]'
# Where a figure is or will be; its films are carried by elements of their own.
FIGURE = '.stElementContainer:not([class*="_films"]) [data-testid=stBidiComponentRegular]'
# Idle for a fifth of a second: between a click and its rerun, the app is idle as well. A figure
# is drawn once Plotly has marked a place in it as its own; in a closed sidebar it has no width.
SETTLED = f"""() => {{
  const idle = document.querySelector('{IDLE} h1') && !document.querySelector('{BUSY}')
    && [...document.querySelectorAll('{FIGURE}')]
      .every((figure) => !figure.clientWidth || figure.querySelector('.js-plotly-plot'));
  window.idleSince = idle ? (window.idleSince ?? performance.now()) : undefined;
  return idle && performance.now() - window.idleSince > 200;
}}"""


class Witness:
    """Notes every error in the console, every uncaught exception and every host that was asked."""

    def __init__(self, page):
        self.errors, self.hosts = [], set()
        self.events = {
            "console": self.console,
            "pageerror": lambda error: self.errors.append(str(error)),
            "request": lambda request: self.visit(request.url),
            "websocket": lambda socket: self.visit(socket.url),  # no request to Playwright
        }
        for event, note in self.events.items():
            page.on(event, note)

    def leave(self, page):
        for event, note in self.events.items():
            page.remove_listener(event, note)

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


@pytest.fixture(scope="module")
def tab(browser):
    """One tab for a module: a new one would compile Streamlit and Plotly anew, two seconds each."""
    context = browser.new_context(viewport=DESK)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab):
    """The tab for a new visitor; afterwards its console is clean and it asked no other host."""
    witness = Witness(tab)
    yield tab
    tab.mouse.up()
    if tab.url.startswith("http"):
        tab.evaluate("localStorage.clear()")  # where Streamlit keeps the theme that was chosen
    tab.emulate_media(color_scheme="null")
    tab.set_viewport_size(DESK)
    tab.goto("about:blank")
    witness.leave(tab)
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
