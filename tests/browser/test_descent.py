"""A race on one clock, in a browser: every panel stands where the numbers say, and never blinks."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.visits import drawn, visit

LOSSES = {"side": "losses", "steps": "60"}
LONG = {"side": "losses", "steps": "600", "gradient_descent_eta": "0.01"}
MOMENTUM = {"apart": "true", "optimizer": "Momentum", "steps": "30"}
BAR = ".losscope-bar"
# What Plotly and we have put into the SVG: for each scatter trace its pixels, and those of its axes.
LOOK = """
window.plotOf = () => document.querySelector(".st-key-descent .js-plotly-plot");
window.standing = () => {
  const plot = plotOf();
  return plot._fullData.map(({ type, uid, name, xaxis, yaxis, mode }) => {
    if (type !== "scatter") return null;
    const layer = plot.querySelector(`.scatterlayer .trace${uid}`);
    const [x, y] = [xaxis, yaxis].map((id) => {
      const axis = plot._fullLayout[id.replace(/^[xy]/, "$&axis")];
      return { range: axis.range, length: axis._length, log: axis.type === "log" };
    });
    const all = (selector, name) =>
      [...(layer?.querySelectorAll(selector) ?? [])].map((node) => node.getAttribute(name));
    const lines = all("path.js-line", "d").join("");
    return { name, xaxis, x, y, mode, lines, points: all("path.point", "transform") };
  });
};
const clock = (one) => {
  const [left] = one.points[0].match(/-?[\\d.]+(e-?\\d+)?/);
  return one.x.range[0] + (left / one.x.length) * (one.x.range[1] - one.x.range[0]);
};
// Each frame of the display: what the caption says, where the dots on the costs stand, what lacks.
window.watch = () => {
  window.seen = [];
  const look = () => {
    const plot = plotOf();
    const traces = plot ? standing().filter(Boolean) : [];
    const lines = traces.filter(({ mode }) => mode.includes("lines"));
    const now = traces.filter(({ name }) => name === "now");
    const ground = plot?.querySelector(".contourlayer path, .heatmaplayer image, .contour image");
    const lacks = !ground || !lines.length || lines.some(({ lines }) => lines.length < 4)
      || !now.length || now.some(({ points }) => points.length !== 1);
    window.seen.push({
      time: performance.now(),
      caption: document.querySelector(".losscope-bar output").textContent,
      clocks: now.filter(({ xaxis }) => xaxis === "x3").map(clock),
      goes: Boolean(document.querySelector(".losscope-bar [title=Pause]")),
      blank: lacks,
    });
    requestAnimationFrame(look);
  };
  look();
};
"""
# Where a place of the data is on the screen, on axes such as x4 and y4.
ON_SCREEN = """([xaxis, yaxis, x, y]) => {
  const plot = plotOf();
  plot.scrollIntoView({ block: "center" });
  const [across, up] = [xaxis, yaxis].map((id) => plot._fullLayout[id.replace(/^[xy]/, "$&axis")]);
  const { left, top } = plot.getBoundingClientRect();
  return [left + across._offset + across.l2p(x), top + up._offset + up.l2p(y),
    across._length, up._length];
}"""
FRAMES_LATER = """(frames) => new Promise((done) => {
  const wait = () => (frames-- ? requestAnimationFrame(wait) : done());
  wait();
})"""


@pytest.fixture
def opened(page, open_page):
    """Opens a page with the settings of a link, watched by the functions above."""
    page.add_init_script(LOOK)

    def open_link(name="descent", **settings):
        query = "&".join(f"{key}={value}" for key, value in settings.items())
        return open_page(f"/{name}?{query}")

    return open_link


@pytest.fixture
def calm(page):
    """For those who asked for reduced motion."""
    page.emulate_media(reduced_motion="reduce")
    yield
    page.emulate_media(reduced_motion="null")


def told(page="descent", **settings):
    """The figure and the films that the server sends for a link."""
    found = drawn(visit(page, **settings))
    return found["descent"], found["descent_films"]


def press(page, name):
    page.locator(BAR).get_by_role("button", name=name, exact=True).click()


def speed(page, label):
    page.locator(f"{BAR} select").select_option(label=label)


def scrub(page, k, caption):
    page.get_by_label("Position").fill(str(k))
    expect(page.locator(f"{BAR} output")).to_have_text(caption)


def at_step(move, k):
    """Where the server put a trace of the film at step k."""
    if move["grows"]:
        return move["x"][: k + 1], move["y"][: k + 1]
    return move["x"][k] if move["x"] is not None else None, move["y"][k]


def pixels(axis, values, up=False):
    """Data to pixels as an axis of the picture does it, without asking Plotly."""
    low, high = axis["range"]
    values = np.log10(values) if axis["log"] else np.asarray(values, dtype=float)
    share = (values - low) / (high - low)
    return axis["length"] * (1 - share if up else share)


def path(text):
    """The pixels along a path."""
    return np.array(re.findall(r"(-?[\d.e]+),(-?[\d.e-]+)", text), dtype=float)


def spot(transform):
    return np.array(re.findall(r"-?[\d.]+(?:e-?\d+)?", transform)[:2], dtype=float)


def assert_standing(page, figure, reel, k):
    """Every dot and every line of the film stands where step k says, to a pixel."""
    standing, checked = page.evaluate("standing()"), 0
    for move in reel["films"]["clock"]["moves"]:
        one, trace = standing[move["trace"]], figure["data"][move["trace"]]
        x, y = at_step(move, k)
        x = trace["x"] if x is None else x
        ours = np.stack([pixels(one["x"], x), pixels(one["y"], y, up=True)], axis=1)
        if one["name"] == "now":
            np.testing.assert_allclose(spot(one["points"][0]), ours[0], atol=1)
            checked += 1
        elif one["name"] == "path":
            np.testing.assert_allclose(path(one["lines"])[-1], ours[-1], atol=1)
            np.testing.assert_allclose(path(one["lines"])[0], ours[0], atol=1)
        elif one["name"] == "fit" and "lines" in one["mode"]:
            found = path(one["lines"])
            inside = (ours[:, 1] > 0) & (ours[:, 1] < one["y"]["length"])
            heights = np.interp(ours[inside, 0], found[:, 0], found[:, 1])
            np.testing.assert_allclose(heights, ours[inside, 1], atol=1)
            checked += inside.any()
    return checked


def test_every_panel_of_three_losses_shows_the_step_that_the_caption_says(opened):
    """S18: one data set, one start, one clock; three grounds, three fits, three costs."""
    page, (figure, reel) = opened(**LOSSES), told(**LOSSES)
    for k in (0, 7, 23, 60, 12, 1):
        scrub(page, k, reel["captions"][k])
        assert assert_standing(page, figure, reel, k) == 9
        page.evaluate(FRAMES_LATER, 30)  # until Plotly itself has drawn the frame
        assert assert_standing(page, figure, reel, k) == 9


def test_costs_in_the_caption_are_the_heights_of_the_dots(opened):
    """Of several losses the axis shows shares of the first cost, the caption the costs."""
    page, (_, reel) = opened(**LOSSES), told(**LOSSES)
    costs = [
        [float(one) for one in re.findall(r"(?<= )\d[\d.e-]*(?=,|$)", said.split(": cost ")[1])]
        for said in reel["captions"]
    ]
    for k in (3, 40, 11):
        scrub(page, k, reel["captions"][k])
        dots = [one for one in page.evaluate("standing()") if one and one["name"] == "now"]
        dots = [one for one in dots if one["xaxis"] == "x3"]
        shares = np.divide(costs[k], costs[0])
        expected = [
            [pixels(one["x"], k), pixels(one["y"], share, up=True)]
            for one, share in zip(dots, shares, strict=True)
        ]
        np.testing.assert_allclose([spot(one["points"][0]) for one in dots], expected, atol=1)


def test_pause_rests_exactly_on_the_step_whose_numbers_are_shown(opened):
    """While it plays the drawing is between steps, all panels alike; then it is on one."""
    page, (figure, reel) = opened(**LOSSES), told(**LOSSES)
    speed(page, "0.1×")
    scrub(page, 10, reel["captions"][10])
    page.evaluate("watch()")
    press(page, "Play")
    page.wait_for_function(f"() => document.querySelector('{BAR} input').valueAsNumber > 12")
    seen = page.evaluate("seen")
    press(page, "Pause")
    clocks = np.array([one["clocks"] for one in seen if one["goes"]])
    assert np.ptp(clocks, axis=1).max() < 1e-3  # of three walks one clock
    assert (np.abs(clocks[:, 0] - np.round(clocks[:, 0])) > 0.1).mean() > 0.5
    assert_clock_runs([one for one in seen if one["goes"]])
    caption = page.locator(f"{BAR} output").inner_text()
    k = int(re.match(r"step (\d+)", caption)[1])
    assert caption == reel["captions"][k]
    assert assert_standing(page, figure, reel, k) == 9


def assert_clock_runs(seen):
    """From frame to frame it never goes back, and each caption is that of its step."""
    clocks = np.array([one["clocks"][0] for one in seen])
    assert (np.diff(clocks) > -0.02).all()
    steps = np.array([int(re.match(r"step (\d+)", one["caption"])[1]) for one in seen])
    assert (clocks > steps - 0.02).all()
    assert (clocks < steps + 1.02).all()


@pytest.mark.parametrize(
    ("settings", "slider", "moved"),
    [
        (LONG, "gradient_descent_eta", {"gradient_descent_eta": "0.011"}),
        (
            {"side": "optimizers", "steps": "600"},
            "adam_eta",
            {"side": "optimizers", "adam_eta": "0.101"},
        ),
    ],
    ids=["losses", "optimizers"],
)
def test_playing_goes_on_while_a_slider_moves(opened, settle, settings, slider, moved):
    """The new run is on the screen at the same clock; no frame is blank, nothing starts over."""
    page, (_, old) = opened(**settings), told(**settings)
    _, new = told(**settings | moved)
    if slider == "adam_eta":
        page.get_by_text("Their parameters").click()
        settle()
    speed(page, "0.5×")
    scrub(page, 20, old["captions"][20])
    press(page, "Play")
    page.evaluate("watch()")
    page.locator(f".st-key-{slider} input").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "(captions) => captions.includes(document.querySelector('.losscope-bar output').textContent)",
        arg=sorted(set(new["captions"]) - set(old["captions"])),
    )
    page.evaluate(FRAMES_LATER, 30)
    seen = page.evaluate("seen")
    assert len(seen) > 30
    assert all(one["goes"] for one in seen)
    assert sum(one["blank"] for one in seen) == 0
    assert_clock_runs(seen)
    captions = [old["captions"], new["captions"]]
    runs = [
        next(n for n, of in enumerate(captions) if one["caption"] in of)
        for one in seen
        if sum(one["caption"] in of for of in captions) == 1
    ]
    assert runs == sorted(runs)  # never back to the old run
    assert set(runs) == {0, 1}
    for one in seen:
        assert np.ptp(one["clocks"]) < 1e-3


def click(page, axes, x, y):
    """Clicks a place of the data as near as pixels allow; returns what a pixel is there."""
    left, top, width, height = page.evaluate(ON_SCREEN, [*axes, float(x), float(y)])
    page.mouse.click(left, top)
    return width, height


def start_in_link(page, keys):
    for key in keys:
        expect(page).to_have_url(re.compile(f"[?&]{key}="))
    found = parse_qs(urlsplit(page.url).query)
    return [float(found[key][0]) for key in keys]


GROUNDS = {
    "one ground": ("descent", {"steps": "40"}, "", ("start_w", "start_b"), (1.6, 0.4)),
    "second of three": ("descent", LOSSES, "4", ("start_w", "start_b"), (1.5, -0.7)),
    "landscape": (
        "landscapes",
        {"landscape": "Himmelblau", "steps": "40"},
        "",
        ("himmelblau_start_x", "himmelblau_start_y"),
        (-2.0, 3.0),
    ),
}


@pytest.mark.parametrize(("name", "link", "axes", "keys", "place"), GROUNDS.values(), ids=GROUNDS)
def test_click_on_the_ground_sets_the_start(opened, settle, name, link, axes, keys, place):
    page, (figure, _) = opened(name, **link), told(name, **link)
    width, height = click(page, [f"x{axes}", f"y{axes}"], *place)
    found = start_in_link(page, keys)
    settle()
    for one, asked, axis, length in zip(found, place, "xy", (width, height), strict=True):
        pixel = float(np.ptp(figure["layout"][f"{axis}axis{axes}"]["range"])) / length
        assert one == pytest.approx(asked, abs=pixel + 0.005 * abs(asked))  # three digits
    for key, value in zip(keys, found, strict=True):
        assert float(page.locator(f".st-key-{key} input").input_value()) == value
    start = dict(zip(keys, map(str, found), strict=True))
    _, reel = told(name, **link | start)
    scrub(page, 0, reel["captions"][0])
    assert_standing(page, told(name, **link | start)[0], reel, 0)


def test_click_in_a_wide_window_sets_the_start_through_its_logarithmic_axes(opened, settle):
    """A place far outside of the plain window: half way out is where the axis says, not half."""
    link = {"window": "wide", "gradient_descent_eta": "1.05", "steps": "60"}
    page, (figure, _) = opened(**link), told(**link)
    axes = [figure["layout"][f"{axis}axis"] for axis in "xy"]
    drawn_at = [0.6 * axis["range"][1] for axis in axes]
    size = click(page, ["x", "y"], *drawn_at)
    found = start_in_link(page, ("start_w", "start_b"))
    settle()
    scrubbed = told(**link | dict(zip(("start_w", "start_b"), map(str, found), strict=True)))[1]
    scrub(page, 0, scrubbed["captions"][0])
    # Back on the first window's axes: the labels at powers of ten say how they run.
    for axis, length, value, at in zip(axes, size, found, drawn_at, strict=True):
        ticks = {
            10.0 ** int(power) * (-1 if sign else 1): place
            for (sign, power), place in (
                (re.match(r"(−?)10<sup>(-?\d+)</sup>", text).groups(), place)
                for text, place in zip(axis["ticktext"], axis["tickvals"], strict=True)
                if "sup" in text
            )
        }
        known = sorted(ticks)[-2:]  # beyond one of these the axis is logarithmic
        slope = (ticks[known[1]] - ticks[known[0]]) / np.log(known[1] / known[0])
        place = ticks[known[0]] + slope * np.log(value / known[0])
        assert value > 0
        assert place == pytest.approx(at, abs=2 * float(np.ptp(axis["range"])) / length + 0.02)


def test_click_beside_the_grounds_sets_no_start(opened):
    page = opened(**LOSSES)
    for axes, place in ((("x2", "y2"), (0.0, 0.5)), (("x3", "y3"), (30.0, 0.5))):
        click(page, axes, *place)
        page.wait_for_timeout(500)
        assert "start_w" not in page.url


def test_reduced_motion_changes_the_picture_at_most_twice_a_second(calm, opened):
    page = opened(**LOSSES)
    press(page, "To the start")
    speed(page, "0.25×")
    page.evaluate("watch()")
    press(page, "Play")
    page.wait_for_timeout(3_000)
    seen = [one for one in page.evaluate("seen") if one["goes"]]
    clocks = [one["clocks"][0] for one in seen]
    changes = [k for k in range(1, len(seen)) if abs(clocks[k] - clocks[k - 1]) > 0.02]
    gaps = np.diff([seen[k]["time"] for k in changes])
    assert 3 <= len(changes) <= 6
    assert gaps.min() > 450
    np.testing.assert_allclose(clocks, np.round(clocks), atol=0.01)  # no in-between either
    assert 15 < clocks[-1] < 25  # and the clock itself goes as fast


def test_parts_of_the_step_are_listed_and_drawn_and_change_with_it(opened):
    """Each optimizer taken apart: lines with numbers, and one arrow for each part by its name."""
    page, (figure, reel) = opened(**MOMENTUM), told(**MOMENTUM)
    lines = page.locator(f"{BAR} ul li")
    named = (re.match(r"(?:→ )?([^:]+): ", line) for line in reel["details"][0])
    stages = {found[1] for found in named if found}
    arrows = [
        move
        for move in reel["films"]["clock"]["moves"]
        if figure["data"][move["trace"]]["name"] in stages
    ]
    assert len(arrows) >= 2
    for k in (3, 17, 4):
        scrub(page, k, reel["captions"][k])
        expect(lines).to_have_text(reel["details"][k])
        standing = page.evaluate("standing()")
        for move in arrows:
            one = standing[move["trace"]]
            x, y = at_step(move, k)
            ours = np.stack([pixels(one["x"], x), pixels(one["y"], y, up=True)], axis=1)
            np.testing.assert_allclose(path(one["lines"]), ours[np.isfinite(ours).all(1)], atol=1)
    assert reel["details"][3] != reel["details"][17]


def test_switch_takes_the_steps_apart(opened, settle):
    page = opened(steps="30")
    lines = page.locator(f"{BAR} ul li")
    expect(lines).to_have_count(0)
    page.get_by_text("More settings").click()
    page.get_by_text("Take each step apart").click()
    expect(page).to_have_url(re.compile("apart=true"))
    settle()
    page.locator(".st-key-descent .losscope").focus()
    page.keyboard.press("Home")
    expect(lines).to_have_text(told(steps="30", apart="true")[1]["details"][0])


def test_playing_sends_nothing_to_the_server_and_asks_nothing_of_it(page, opened):
    """All steps are in the browser: a class of thirty that plays costs the server nothing."""
    sockets, frames = [], []
    page.on("websocket", lambda socket: sockets.append(socket))
    opened(**LONG)
    for socket in sockets:
        socket.on("framesent", lambda data: frames.append(("sent", len(data))))
        socket.on("framereceived", lambda data: frames.append(("received", len(data))))
    assert sockets
    press(page, "To the start")
    page.wait_for_timeout(500)
    frames.clear()
    press(page, "Play")
    page.wait_for_timeout(2_000)
    caption = page.locator(f"{BAR} output").inner_text()
    assert int(re.match(r"step (\d+)", caption)[1]) > 30
    assert frames == [], json.dumps(frames)
