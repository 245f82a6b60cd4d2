"""The pictures of the README, taken anew: `make pictures`."""

import os
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import find
from tests.browser.conftest import FLAGS, SETTLED
from tests.conftest import ROOT, serve

DOCS = ROOT / "docs"
SIZE = (960, 600)
COLORS = 256
SCENES = {
    "home": ("/", "light"),
    "curves": ("/curves?residual=Huber&residual=Squared+error&huber_delta=1.5&half=true", "light"),
    "huber": ("/huber?source=Sample&sample=Belgian+telephone+calls&delta=2", "light"),
    "focal": ("/focal?gamma=2", "light"),
    "cross_entropy": ("/cross_entropy", "light"),
    "penalties": ("/penalties", "light"),
    "network": ("/network", "light"),
    "imbalance": ("/imbalance?question=Weight%2C+threshold+or+prior%3F", "light"),
    "formula": ("/formula", "light"),
    "descent": ("/descent?loss=Huber&optimizer=Momentum&steps=120", "dark"),
    "compare": ("/compare", "light"),
    "fit": ("/fit", "light"),
    "landscapes": ("/landscapes?landscape=Two+wells&side=fair+race&steps=200", "light"),
    "losses": ("/descent?side=losses", "light"),
}


def main():
    """One picture of each page, small enough for a repository."""
    DOCS.mkdir(exist_ok=True)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        flags = FLAGS + ["--no-sandbox"] * root
        chromium = playwright.chromium.launch(executable_path=find(), args=flags)
        with serve(Path(folder)) as address:
            for name, (path, theme) in SCENES.items():
                shot = Path(folder) / f"{name}.png"
                page = chromium.new_page(
                    viewport={"width": 1440, "height": 900}, color_scheme=theme
                )
                page.goto(address + path)
                page.wait_for_function(SETTLED, timeout=20_000)
                page.screenshot(path=shot)
                page.close()
                small = Image.open(shot).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
                small.quantize(COLORS).save(DOCS / f"{name}.png", optimize=True)
        chromium.close()


if __name__ == "__main__":
    main()
