"""Finds a Chromium for the browser tests, or installs one, or says what to install."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
PACKAGES = ("chromium", "fonts-liberation")  # without a font, pages have no text
PLAYWRIGHTS_OWN = (
    "from playwright.sync_api import sync_playwright as start\n"
    "with start() as playwright: print(playwright.chromium.executable_path)"
)
ADVICE = (
    "The browser tests need Chromium or Google Chrome, and none could be installed here. Install "
    "your system's `chromium` package or Google Chrome, or set CHROMIUM to the path of one."
)


def run(*command, seconds, **environment):
    """The output of a command that succeeded within its time, else None."""
    try:
        done = subprocess.run(
            command,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def starts(path):
    """Whether this is a browser that runs: a stub without its package or libraries is not."""
    if os.name == "nt":  # chrome.exe opens a window instead of printing its version
        return Path(path).is_file()
    return run(path, "--version", seconds=30) is not None


def installed():
    """The first browser of this machine that starts, or None."""
    places = (*map(shutil.which, NAMES), *PLACES)
    return next((place for place in places if place and starts(place)), None)


def playwrights():
    """Playwright's own Chromium from an earlier download, or None."""
    path = (run(sys.executable, "-c", PLAYWRIGHTS_OWN, seconds=60) or "").strip()
    return path if path and starts(path) else None


def download():
    """Lets Playwright fetch its Chromium; offline it gives up within seconds."""
    print("No Chromium found; downloading Playwright's.", file=sys.stderr)
    command = (sys.executable, "-m", "playwright", "install", "--no-shell", "chromium")
    run(*command, seconds=240, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT="5000")
    return playwrights()


def package():
    """Installs Debian's package, as root or where sudo asks for no password."""
    if not shutil.which("apt-get"):
        return None
    print("No download; installing Debian's chromium package.", file=sys.stderr)
    root = () if os.geteuid() == 0 else ("sudo", "-n")
    quiet = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes")
    run(*root, *quiet, "update", seconds=120)  # a fresh container has no package lists
    run(*root, *quiet, "install", "--no-install-recommends", *PACKAGES, seconds=300)
    return installed()


@functools.cache
def find():
    """The path of a Chromium that starts: from CHROMIUM, found, downloaded or installed."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        if not starts(chosen):
            raise FileNotFoundError(f"CHROMIUM is set to {chosen}, which does not start.")
        return chosen
    attempts = (installed, playwrights, download, package)
    path = next(filter(None, (attempt() for attempt in attempts)), None)
    if path is None:
        raise FileNotFoundError(ADVICE)
    return path


if __name__ == "__main__":
    try:
        print(f"Browser for the tests: {find()}")
    except FileNotFoundError as error:
        sys.exit(str(error))
