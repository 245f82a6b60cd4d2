"""How fast three walks of 600 steps play, and how soon a slider shows: `python -m tests.bench.player`.

On a server of this run, with ground, fit and cost on the screen:
- playing: frames of the display a second, the share of them in which the drawing moved, script time
  a frame (the app's "losscope-frame" measures; p50 / p95, ms), and the longest gap between two, ms
- a slider moved while it plays: from a key press until the new run is painted at the running clock,
  ms, and its parts: until the film is here (by the address ahead of the script, or by the script),
  until it is drawn, and until it is painted; beside it the time of one run of the page without a
  browser
- whether playing went on at each move, and the frames without a ground, a line or a dot
"""

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qsl

from playwright.sync_api import sync_playwright

from tests.bench.slider import QUIET, percentiles
from tests.browser.chromium import find
from tests.conftest import serve

RACES = {
    "losses": ("side=losses&steps=600&gradient_descent_eta=0.01", "gradient_descent_eta"),
    "optimizers": ("side=optimizers&steps=600", "adam_eta"),
}
BARS = {"frames": 55.0, "repainted": 150.0, "blank": 0}
WATCH = """
window.bench = { frames: [], work: [], answers: [], messages: [], keys: [] };
addEventListener("keydown", (event) => bench.keys.push(event.timeStamp), true);
new PerformanceObserver((list) => {
  for (const { name, startTime, duration } of list.getEntries()) {
    if (name === "losscope-frame") bench.work.push(duration);
    if (name === "losscope-answer") bench.answers.push([startTime, startTime + duration]);
  }
}).observe({ type: "measure" });
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      bench.messages.push([performance.now(), data.byteLength ?? data.size ?? data.length]);
    });
  }
};
let [ways, run] = ["", 0]; // the whole ways of the walks, which change with the run alone
const look = (began) => {
  const plot = document.querySelector(".st-key-descent .js-plotly-plot");
  const bar = document.querySelector(".losscope-bar");
  if (plot && bar) {
    const dots = plot._fullData.filter(({ name }) => name === "now").map(({ uid }) => {
      return plot.querySelector(`.scatterlayer .trace${uid} path.point`)?.getAttribute("transform");
    });
    const lines = [...plot.querySelectorAll(".scatterlayer path.js-line")];
    const ground = plot.querySelector(".contourlayer path, .heatmaplayer image, .contour image");
    const drawn = ground && lines.length && lines.every((line) => line.getAttribute("d"));
    const blank = !drawn || !dots.length || dots.some((dot) => !dot);
    const goes = Boolean(bar.querySelector("[title=Pause]"));
    const whole = plot._fullData.filter(({ name }) => name === "whole path").map(({ uid }) => {
      return plot.querySelector(`.scatterlayer .trace${uid} path.js-line`)?.getAttribute("d");
    }).join();
    if (whole !== ways) [ways, run] = [whole, run + 1];
    const now = run;
    setTimeout(() => bench.frames.push([began, performance.now(), dots.join(), goes, blank, now]));
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
FRESH = "Object.assign(bench, { frames: [], work: [], answers: [], messages: [], keys: [] })"


def main():
    """Measures both races and prints a table; ends with an error where a bar is missed."""
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.player", description=__doc__.splitlines()[0]
    )
    options.add_argument("races", nargs="*", default=list(RACES), metavar="losses|optimizers")
    options.add_argument("--moves", type=int, default=24)
    options.add_argument("--seconds", type=float, default=6.0, help="how long it plays")
    asked = options.parse_args()
    missed = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder)) as address,
        sync_playwright() as tools,
    ):
        chromium = tools.chromium.launch(executable_path=find(), args=QUIET)
        for name in asked.races:
            found = measure(chromium, address, *RACES[name], asked)
            missed += show(name, found)
        chromium.close()
    print(
        f"The bar: at least {BARS['frames']:g} frames a second, at most {BARS['repainted']:g} ms "
        f"(p95) to the repainted figure, {BARS['blank']} blank frames: "
        + (f"missed by {', '.join(missed)}." if missed else "met.")
    )
    sys.exit(bool(missed))


def measure(chromium, address, query, slider, asked):
    """Plays a race for a while, and then moves a slider while it plays."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(f"{address}/descent?{query}")
    page.wait_for_selector(".st-key-descent path.js-line", state="attached", timeout=60_000)
    page.wait_for_timeout(2_000)
    if not page.locator(f".st-key-{slider} input").is_visible():
        page.get_by_text("Their parameters").click()
        page.wait_for_timeout(500)
    found = playing(page, asked.seconds) | moving(page, slider, asked.moves)
    page.close()
    return found


def playing(page, seconds):
    """Frames, their work and their gaps while nobody touches anything."""
    button(page, "To the start")
    page.locator(".losscope-bar select").select_option(label="1×")
    button(page, "Play")
    page.wait_for_timeout(300)
    page.evaluate(FRESH)
    page.wait_for_timeout(1_000 * seconds)
    seen = page.evaluate("bench")
    frames = [frame for frame in seen["frames"] if frame[3]]
    began = [frame[0] for frame in frames]
    gaps = [after - before for before, after in itertools.pairwise(began)]
    moved = [one[2] != other[2] for one, other in itertools.pairwise(frames)]
    return {
        "frames": 1_000 * len(gaps) / (began[-1] - began[0]),
        "moved": statistics.mean(moved),
        "work": seen["work"],
        "longest": max(gaps),
        "blank": sum(frame[4] for frame in frames),
        "sent": len(seen["messages"]),
    }


def moving(page, slider, moves):
    """Presses an arrow key on a slider while the clock goes, move by move."""
    parts = {"repainted": [], "answering": [], "drawing": [], "painting": []}
    went_on = blank = 0
    page.locator(".losscope-bar select").select_option(label="0.5×")
    for k in range(moves):
        if k % 8 == 0:
            button(page, "To the start")
            button(page, "Play")
        page.locator(f".st-key-{slider} input").focus()
        page.wait_for_timeout(400)
        page.evaluate(FRESH)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => bench.frames.at(-1)?.[5] > bench.frames[0]?.[5]")
        page.wait_for_timeout(500)
        seen = page.evaluate("bench")
        for part, ms in taken(seen).items():
            parts[part].append(ms)
        went_on += all(frame[3] for frame in seen["frames"])
        blank += sum(frame[4] for frame in seen["frames"])
    return parts | {"went_on": went_on, "moves": moves, "blank_moving": blank}


def taken(seen):
    """The ms from the key to the picture of the new run, and their parts."""
    pressed, before = seen["keys"][0], seen["frames"][0][5]
    shown = next(frame for frame in seen["frames"] if frame[5] > before)
    start, done = [answer for answer in seen["answers"] if answer[1] <= shown[1]][-1]
    return {
        "answering": start - pressed,
        "drawing": done - start,
        "painting": shown[1] - done,
        "repainted": shown[1] - pressed,
    }


def button(page, name):
    page.locator(".losscope-bar").get_by_role("button", name=name, exact=True).click()


def show(name, found):
    """Prints what was found; returns the bars that it misses."""
    slow = statistics.quantiles(found["repainted"], n=20)[-1]
    blank = found["blank"] + found["blank_moving"]
    print(f"{name}: three walks of 600 steps")
    rows = {
        "frames a second": f"{found['frames']:.1f}",
        "of them moved": f"{found['moved']:.1%}",
        "work a frame, ms": percentiles(found["work"]),
        "longest gap, ms": f"{found['longest']:.1f}",
        "messages while playing": found["sent"],
        "key to repainted, ms": percentiles(found["repainted"]),
        "  until the film is here, ms": percentiles(found["answering"]),
        "  drawing, ms": percentiles(found["drawing"]),
        "  to the next frame, ms": percentiles(found["painting"]),
        "  one run of the page, ms": percentiles(server_times(name)),
        "playing went on": f"{found['went_on']} of {found['moves']}",
        "blank frames": blank,
    }
    for label, value in rows.items():
        print(f"  {label:<28}{value:>16}")
    bars = {
        f"{name}: frames": found["frames"] < BARS["frames"],
        f"{name}: repainted": slow > BARS["repainted"],
        f"{name}: blank": blank > BARS["blank"],
        f"{name}: playing stopped": found["went_on"] < found["moves"],
    }
    return [bar for bar, missed in bars.items() if missed]


def server_times(name, runs=20):
    """Milliseconds of one run of the page for one more stop of the slider, as Streamlit's tests run it."""
    from tests.visits import visit, widgets

    query, slider = RACES[name]
    app = visit("descent", **dict(parse_qsl(query)))
    times = []
    for _ in range(runs):
        widget = widgets(app)[slider]
        widget.set_value(round(widget.value + 0.001, 3))
        begun = time.perf_counter()
        app.run()
        times.append(1_000 * (time.perf_counter() - begun))
    return times


if __name__ == "__main__":
    main()
