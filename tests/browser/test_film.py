"""The film to take away, opened from a disk with no network: it plays, and says what it shows."""

import numpy as np
import pytest
from playwright.sync_api import expect

from charts.figure import Figure, Film, Move, Trail, literal
from pages.shared.film import film
from tests.browser.conftest import Witness
from tests.test_film import CAPTIONS, FRAMES, HOSTILE, walk

BAR = ".losscope-bar"
DRAWN = ".losscope > .js-plotly-plot"
# Where the dot called "now" stands on its first pair of axes.
NOW = """() => {
  const plot = document.querySelector(".js-plotly-plot");
  const { uid, xaxis, yaxis } = plot._fullData.find((trace) => trace.name === "now");
  const dot = plot.querySelector(`.scatterlayer .trace${uid} path.point`);
  const [x, y] = dot.getAttribute("transform").match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
  const axis = (id) => plot._fullLayout[id.replace(/^[xy]/, "$&axis")];
  return [axis(xaxis).p2d(x), axis(yaxis).p2d(y)];
}"""
DARK_INK = "() => getComputedStyle(document.querySelector('.xtitle')).fill"


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a document from the disk, in a browser without a network; nothing may be asked."""
    context = browser.new_context(offline=True)
    tab = context.new_page()
    witness = Witness(tab)
    asked = []
    tab.on("request", lambda request: asked.append(request.url))

    def open_file(text, scheme="light"):
        path = tmp_path / "film.html"
        path.write_text(text, "utf-8")
        tab.emulate_media(color_scheme=scheme)
        tab.goto(path.as_uri())
        tab.wait_for_selector(DRAWN)
        return tab

    yield open_file
    addresses = [url[:60] for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    context.close()
    assert not addresses
    assert not witness.errors


def press(page, name):
    page.locator(BAR).get_by_role("button", name=name, exact=True).click()


def test_it_plays_from_the_disk(opened):
    page = opened(film(walk(), CAPTIONS, title="A walk"))
    readout = page.locator(f"{BAR} output")
    expect(readout).to_have_text(CAPTIONS[-1])
    press(page, "To the start")
    expect(readout).to_have_text(CAPTIONS[0])
    np.testing.assert_allclose(page.evaluate(NOW), [0, 0], atol=0.02)
    page.locator(f"{BAR} select").select_option(label="0.5×")
    press(page, "Play")
    expect(readout).to_have_text(CAPTIONS[-1])
    np.testing.assert_allclose(page.evaluate(NOW), [FRAMES - 1] * 2, atol=0.02)
    press(page, "Step back")
    expect(readout).to_have_text(CAPTIONS[-2])


def test_all_that_a_descent_draws_is_in_the_film(opened):
    """A surface, whose colors are an image of its own, a growing path, and a logarithmic axis."""
    x, steps = np.linspace(-1, 2, 30), np.arange(40.0)
    path = 2 * 0.9**steps
    data = [
        {"type": "contour", "x": x, "y": x, "z": x**2 + x[:, None] ** 2, "showscale": False,
         "contours": {"coloring": "heatmap"}, "colorscale": [[0, "$accent/0.5"], [1, "$accent/0"]]},
        {"type": "scatter", "mode": "lines", "x": path, "y": path, "name": "path"},
        {"type": "scatter", "mode": "markers", "x": path[-1:], "y": path[-1:], "name": "now"},
        {"type": "scatter", "mode": "lines", "x": steps, "y": path, "xaxis": "x2", "yaxis": "y2"},
    ]  # fmt: skip
    layout = {
        "xaxis": {"domain": [0, 0.45], "title": {"text": literal(HOSTILE)}},
        "xaxis2": {"domain": [0.55, 1], "anchor": "y2"},
        "yaxis2": {"type": "log", "anchor": "x2"},
    }
    clock = Film((Trail(1, path, path), Move(2, path[:, None], path[:, None])))
    said = [f"step {k}: w = {w:.4g}" for k, w in enumerate(path)]
    figure = Figure(data, layout, "A descent", 400, films={"clock": clock})
    page = opened(film(figure, said, title="Descent", details=[["a", "b"]] * 40))
    page.get_by_label("Position").fill("7")
    expect(page.locator(f"{BAR} output")).to_have_text(said[7])
    np.testing.assert_allclose(page.evaluate(NOW), [path[7]] * 2, atol=0.02)
    assert page.locator(".heatmaplayer, .contour image").count()
    assert "</script>" in page.locator(".js-plotly-plot").inner_text()


def test_user_text_is_shown_and_not_run(opened):
    page = opened(film(walk(), [HOSTILE[:-1]] * FRAMES, title=HOSTILE))
    expect(page.locator(f"{BAR} output")).to_have_text(HOSTILE[:-1])
    assert page.locator("h1").inner_text().strip() == HOSTILE[:-1]
    assert page.title() == HOSTILE[:-1]


def test_other_films_do_not_stop_the_clock(opened):
    """A figure may have sliders in the app, which stay behind."""
    heights = np.arange(6.0).reshape(2, 3)
    figure = walk(delta=Film((Move(0, y=heights),), np.array([1.0, 2.0]), at=1.5))
    page = opened(film(figure, CAPTIONS, title="A walk"))
    press(page, "To the start")
    expect(page.locator(f"{BAR} output")).to_have_text(CAPTIONS[0])


def test_it_follows_the_light_of_its_reader_also_while_it_is_open(opened):
    page = opened(film(walk(), CAPTIONS, title="A walk"), scheme="light")
    light = page.evaluate(DARK_INK)
    press(page, "Step back")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"(light) => ({DARK_INK})() !== light", arg=light)
    expect(page.locator(f"{BAR} output")).to_have_text(CAPTIONS[-2])
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


def test_a_forced_theme_stays(opened):
    page = opened(film(walk(), CAPTIONS, title="A walk", dark=True), scheme="light")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


def test_on_a_phone_nothing_is_wider_than_the_screen(opened):
    page = opened(film(walk(), CAPTIONS, title="W" * 200))
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function("() => document.querySelector('.main-svg').clientWidth <= 390")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
