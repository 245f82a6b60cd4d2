"""The live figure: it follows a slider at once, settles on the server's answer, never blinks."""

import csv
import io
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.visits import drawn, visit

# The page, the key of its slider, and what the slider moves: keys of figures, names of traces.
SLIDERS = [
    ("/huber", "delta", [["huber_curves", "Huber"], ["huber_fit", "Huber"]]),
    ("/curves", "huber_delta", [["curves", "Huber"]]),
    ("/focal", "gamma", [["focal_probability", "Focal"], ["focal_logit", "Focal"]]),
]
LOOK = """
window.plotOf = (figure) => document.querySelector(`.st-key-${figure} .js-plotly-plot`);
window.traceOf = (figure, name) => {
  const plot = plotOf(figure);
  const trace = plot?._fullData?.find((trace) => trace.name === name);
  return trace && plot.querySelector(`.scatterlayer .trace${trace.uid} path.js-line`);
};
window.points = (figure) => [...plotOf(figure).querySelectorAll(".scatterlayer path.point")]
  .filter((point) => point.getAttribute("display") !== "none").length;
window.pathOf = (figure, name) => traceOf(figure, name)?.getAttribute("d");
// Counts the frames of the display in which a figure shows no curve, and the paths it shows.
window.watch = (curves) => {
  const nothing = () => ({ frames: 0, blank: 0, paths: new Set() });
  window.seen = curves.map(([figure, name]) => ({ figure, name, ...nothing() }));
  const look = () => {
    for (const one of window.seen) {
      const path = pathOf(one.figure, one.name);
      one.frames += 1;
      if (!path || path.length < 9) one.blank += 1;
      one.paths.add(path);
    }
    requestAnimationFrame(look);
  };
  look();
  window.plots = curves.map(([figure]) => plotOf(figure));
};
"""
# The paths after the next three frames of the display, and after thirty frames without a change.
NEXT_FRAMES = """(curves) => new Promise((done) => {
  const paths = () => curves.map((one) => pathOf(...one));
  const after = (frames) => (frames ? requestAnimationFrame(() => after(frames - 1)) : done(paths()));
  after(3);
})"""
AT_REST = """(curves) => new Promise((done) => {
  let [paths, quiet] = ["", 0];
  const look = () => {
    const now = curves.map((one) => pathOf(...one));
    quiet = `${now}` === paths ? quiet + 1 : 0;
    paths = `${now}`;
    quiet > 30 ? done(now) : requestAnimationFrame(look);
  };
  look();
})"""


class Line:
    """The connection between the page and its server, whose answers a test can hold back."""

    def __init__(self, page):
        self.held = None
        page.route_web_socket(re.compile("_stcore/stream"), self.join)

    def join(self, socket):
        server = socket.connect_to_server()
        socket.on_message(server.send)
        self.forward = socket.send
        server.on_message(self.answer)

    def answer(self, message):
        if self.held is None:
            self.forward(message)
        else:
            self.held.append(message)

    def hold(self):
        self.held = []

    def release(self):
        held, self.held = self.held, None
        for message in held:
            self.forward(message)


@pytest.fixture
def line(page):
    """The connection of the page; it must be asked for before the page is opened."""
    page.add_init_script(LOOK)
    line = Line(page)
    yield line
    line.held = None  # the tab keeps its routes


def points(path):
    """The pixels along a path."""
    return np.array(re.findall(r"(-?[\d.e]+),(-?[\d.e-]+)", path), dtype=float)


@pytest.mark.parametrize(("path", "slider", "curves"), SLIDERS, ids=[one[1] for one in SLIDERS])
def test_slider_moves_curves_before_the_server_answers(
    line, open_page, settle, path, slider, curves
):
    """Five promises at once: every frame is there at once, is the right one, and nothing blinks."""
    page = open_page(path)
    page.evaluate("curves => watch(curves)", curves)
    line.hold()
    page.locator(f".st-key-{slider} input").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => seen.every((one) => one.paths.size > 1)")
    stepped = page.evaluate(NEXT_FRAMES, curves)
    line.release()
    settle()
    assert_same(stepped, page.evaluate(AT_REST, curves))

    page.evaluate("seen.forEach((one) => one.paths.clear())")
    line.hold()
    drag(page, slider)
    dragged = page.evaluate(NEXT_FRAMES, curves)
    page.mouse.up()
    line.release()
    settle()
    settled = page.evaluate(AT_REST, curves)
    assert_same(dragged, settled)

    assert page.evaluate("seen.every((one, k) => plots[k] === plotOf(one.figure))"), "remounted"
    assert page.evaluate("seen.map((one) => one.blank)") == [0] * len(curves)
    assert min(page.evaluate("seen.map((one) => one.frames)")) > 30
    assert open_page(page.url, base="").evaluate(AT_REST, curves) == settled


def drag(page, slider):
    """Drags the thumb of a slider; every place on the way is shown before the next."""
    thumb = page.locator(f".st-key-{slider} [data-testid=stSliderThumbValue]").locator("..")
    box = thumb.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + 5 * step, y)
        page.wait_for_function(f"() => seen.every((one) => one.paths.size >= {step - 1})")


def assert_same(scrubbed, settled):
    """What the browser put there by itself is what Plotly draws, to half a pixel."""
    for ours, theirs in zip(map(points, scrubbed), map(points, settled), strict=True):
        inside = (theirs[:, 1] > -50) & (theirs[:, 1] < 700)  # farther out Plotly draws less
        assert inside.any()
        heights = np.interp(theirs[inside, 0], ours[:, 0], ours[:, 1])
        np.testing.assert_allclose(heights, theirs[inside, 1], atol=0.6)


def test_numbers_beside_the_figure_settle_on_the_servers_value(open_page, settle):
    page = open_page("/huber?delta=2")
    page.locator(".st-key-delta input").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("stMetric").first).to_contain_text("2.101")  # ½ · 2.05²
    label = page.locator(".st-key-huber_curves [role=img]")
    expect(label).to_have_attribute("aria-label", re.compile("delta 2.05: .* value is 2.101"))
    expect(page).to_have_url(re.compile(r"[?&]delta=2.05$"))


@pytest.mark.parametrize(("path", "figure"), [("/huber", "huber_curves"), ("/descent", "descent")])
def test_theme_repaints_the_figure_in_place(page, open_page, path, figure):
    page.add_init_script(LOOK)
    page.emulate_media(color_scheme="light")
    open_page(path)
    page.evaluate("figure => { window.first = plotOf(figure) }", figure)
    colors = [painted(page, figure)]
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "([figure, was]) => getComputedStyle(plotOf(figure).querySelector('text')).fill !== was",
        arg=[figure, colors[0]["text"]],
    )
    colors.append(painted(page, figure))
    assert colors[0]["line"] != colors[1]["line"]
    assert brightness(colors[0]["text"]) < 0.4 < 0.6 < brightness(colors[1]["text"])
    assert page.evaluate("figure => window.first === plotOf(figure)", figure)


def painted(page, figure):
    """The colors of the first text and of the thickest line of a figure."""
    return page.evaluate(
        """figure => {
          const plot = plotOf(figure);
          const width = (line) => parseFloat(getComputedStyle(line).strokeWidth);
          const lines = [...plot.querySelectorAll("path.js-line")].sort((a, b) => width(b) - width(a));
          const text = getComputedStyle(plot.querySelector("text")).fill;
          return { text, line: getComputedStyle(lines[0]).stroke };
        }""",
        figure,
    )


def brightness(color):
    """0 for black, 1 for white."""
    return sum(map(float, re.findall(r"[\d.]+", color)[:3])) / 765


def test_projector_draws_larger(page, open_page):
    page.add_init_script(LOOK)
    size = "parseFloat(getComputedStyle(plotOf('focal_logit').querySelector('text')).fontSize)"
    small, large = (open_page(path).evaluate(size) for path in ("/focal", "/focal?projector=true"))
    assert large > 1.3 * small


def test_numbers_behind_a_figure_open_and_download(open_page, settle):
    page = open_page("/huber?delta=2")
    behind = page.locator(".st-key-huber_curves_table")
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    behind.locator("summary").click()
    expect(behind.get_by_test_id("stDataFrame")).to_be_visible()
    with page.expect_download() as download:
        behind.get_by_test_id("stBaseButton-secondary").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8"))))
    at_the_seam = [row for row in rows if float(row["r"]) == 2.0]
    assert {float(row["value"]) for row in at_the_seam} == {2.0}
    figure = drawn(visit("huber", delta="2"))["huber_curves"]
    curve = next(trace for trace in figure["data"] if trace["name"] == "Huber")
    np.testing.assert_allclose([float(row["value"]) for row in rows], curve["y"], rtol=1e-6)


def test_points_come_into_the_picture_and_leave_it_while_a_slider_moves(line, open_page, settle):
    """At delta = 5 the hand-over lies above the picture; its rings appear with the next frames."""
    page = open_page("/huber?delta=5")
    line.hold()
    high = page.evaluate("points('huber_curves')")
    page.locator(".st-key-delta input[type=range]").focus()
    for key, rings in (("Home", 2), ("End", 0)):
        page.keyboard.press(key)
        page.evaluate(NEXT_FRAMES, [["huber_curves", "Huber"]])
        assert page.evaluate("points('huber_curves')") == high + rings
    line.release()
    settle()
