"""How fast a slider moves a figure, beside st.plotly_chart: `python -m tests.bench.slider`.

For each page the same moves are made on two servers of this run, one after the other: the app, and
the app with every live figure drawn by Streamlit's own chart element (`native_app.py`).
- work: script time of one move while dragging (the app's "losscope-frame" measures), ms
- frame: time between two frames of the display while dragging, ms
- first: from a key press to the first changed picture, ms
- settled: from a key press until the server's answer is painted, ms: after the last change of
  Streamlit's chart, after the last "losscope-answer" measure of the live figure (which 250 ms later
  has Plotly draw the same picture once more, for hover)
- blank: frames of the display without a curve, during all moves
"""

import argparse
import contextlib
import itertools
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import find

ROOT = Path(__file__).parents[2]
WATCH = (Path(__file__).parent / "watch.js").read_text("utf-8")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
QUIET += ("--disable-background-networking", "--disable-component-update", "--disable-sync")
PAGES = ("curves:huber_delta:curves", "huber:delta:huber_curves")  # path : slider : figure
SERVERS = {"live": "app:app", "native": "tests.bench.native_app:app"}
COLUMNS = ("work", "frame", "first", "settled")


def main():
    """Measures the pages asked for and prints a table."""
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.slider", description=__doc__.splitlines()[0]
    )
    options.add_argument("pages", nargs="*", default=PAGES, metavar="path:slider key:figure key")
    options.add_argument("--moves", type=int, default=60)
    options.add_argument("--live", help="address of a running app, instead of starting one")
    options.add_argument("--native", help="address of a running native_app")
    asked = options.parse_args()
    print(f"{asked.moves} moves; p50 / p95 in ms")
    print(
        f"{'page':<14}{'drawn by':<10}"
        + "".join(f"{name:>16}" for name in COLUMNS)
        + f"{'blank':>8}"
    )
    for name, target in SERVERS.items():
        given = getattr(asked, name)
        with contextlib.nullcontext(given) if given else serving(target) as address:
            for page in asked.pages:
                path, slider, figure = page.split(":")
                result = measure(f"{address}/{path}", slider, figure, asked.moves)
                cells = "".join(f"{percentiles(result[column]):>16}" for column in COLUMNS)
                print(f"{'/' + path:<14}{name:<10}{cells}{result['blank']:>8}", flush=True)


def percentiles(times):
    """The median and the 95th percentile as text."""
    if len(times) < 2:
        return "-"
    return f"{statistics.median(times):.1f} / {statistics.quantiles(times, n=20)[-1]:.1f}"


@contextlib.contextmanager
def serving(target):
    """A server of its own for one ASGI app, from start to the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", target, "--port", str(port)]
    silent = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, stdout=silent, stderr=silent)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/_stcore/health").close()
                break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)


def measure(address, slider, figure, moves):
    """Drags and then steps one slider, and returns the times that the page saw."""
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=find(), args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        page.goto(address)
        chart = f".st-key-{figure}"
        page.wait_for_selector(f"{chart} path.js-line", state="attached", timeout=60_000)
        page.wait_for_timeout(2_000)
        page.evaluate("chart => { bench.chart = chart }", chart)
        dragged = drag(page, slider, moves)
        stepped = step(page, slider, moves)
        browser.close()
    return dragged | stepped | {"blank": dragged["blank"] + stepped["blank"]}


def drag(page, slider, moves):
    """Moves the thumb with the mouse, one move a frame of the display, there and back."""
    value = page.locator(f".st-key-{slider} [data-testid=stSliderThumbValue]").first
    thumb = value.locator("..").bounding_box()
    x, y = thumb["x"] + thumb["width"] / 2, thumb["y"] + thumb["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("Object.assign(bench, { work: {}, frames: [] })")
    for k in range(moves):
        page.mouse.move(x + 4 * min(k + 1, moves - k - 1), y)
        page.wait_for_timeout(16)
    work, frames = page.evaluate("[bench.work['losscope-frame'] ?? [], bench.frames]")
    page.mouse.up()
    page.wait_for_timeout(1_000)
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(frames)]
    return {"work": work, "frame": gaps, "blank": sum(blank for *_, blank in frames)}


def step(page, slider, moves):
    """Presses an arrow key and waits until the chart has rested, move by move."""
    page.locator(f".st-key-{slider} input").first.focus()
    first, settled, blanks = [], [], 0
    for k in range(moves):
        page.evaluate("Object.assign(bench, { keys: [], answers: [], changes: [], frames: [] })")
        page.keyboard.press("ArrowRight" if k < moves / 2 else "ArrowLeft")
        page.wait_for_timeout(500)
        page.wait_for_function("() => performance.now() - (bench.changes.at(-1) ?? 0) > 300")
        seen = page.evaluate("bench")
        blanks += sum(blank for *_, blank in seen["frames"])
        if seen["changes"]:
            pressed = seen["keys"][0]
            last = (seen["answers"] or seen["changes"])[-1]
            first.append(painted(seen, seen["changes"][0]) - pressed)
            settled.append(painted(seen, last) - pressed)
    return {"first": first, "settled": settled, "blank": blanks}


def painted(seen, change):
    """When the first frame that began after a change was on the screen."""
    return next(done for began, done, _ in seen["frames"] if began >= change)


if __name__ == "__main__":
    main()
