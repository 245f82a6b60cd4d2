"""The player: a descent that plays, steps and scrubs both ways, and shows exactly the step it says."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.visits import drawn, visit

STEPS = 40
LINK = {"steps": str(STEPS), "gradient_descent_eta": "0.02"}
PATH = "/descent?" + "&".join(f"{key}={value}" for key, value in LINK.items())
BAR = ".losscope-bar"
# Where the dots called "now" stand, read back from the pixels through the axes of the figure.
NOW = """() => {
  const plot = document.querySelector(".st-key-descent .js-plotly-plot");
  return plot._fullData.filter((trace) => trace.name === "now").map(({ uid, xaxis, yaxis }) => {
    const dot = plot.querySelector(`.scatterlayer .trace${uid} path.point`);
    const [x, y] = dot.getAttribute("transform").match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
    const axis = (id) => plot._fullLayout[id.replace(/^[xy]/, "$&axis")];
    return [axis(xaxis).p2d(x), axis(yaxis).p2d(y)];
  });
}"""
# Thirty frames of the display later.
LATER = """() => new Promise((done) => {
  let left = 30;
  const wait = () => (left-- ? requestAnimationFrame(wait) : done());
  wait();
})"""
# Plays for so many ms; how many steps a second the dot on the costs then went.
PACE = """(patience) => new Promise((done) => {
  const plot = document.querySelector(".st-key-descent .js-plotly-plot");
  const { uid } = plot._fullData.findLast((trace) => trace.name === "now");
  const dot = plot.querySelector(`.scatterlayer .trace${uid} path.point`);
  const at = () => plot._fullLayout.xaxis3.p2d(parseFloat(dot.getAttribute("transform").slice(10)));
  document.querySelector(".losscope-bar [title=Play]").click();
  let first;
  const look = (time) => {
    first ??= [time, at()];
    if (time - first[0] < patience) requestAnimationFrame(look);
    else done((1000 * (at() - first[1])) / (time - first[0]));
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""


def captions(**settings):
    """What the server has computed for each step."""
    return drawn(visit("descent", **LINK | settings))["descent_films"]["captions"]


@pytest.fixture
def player(open_page):
    """The page of a short descent, its player paused at the end."""
    page = open_page(PATH)
    expect(page.locator(f"{BAR} output")).to_have_text(captions()[STEPS])
    return page


def press(page, name):
    page.locator(BAR).get_by_role("button", name=name, exact=True).click()


def step(page):
    """The step that the caption says."""
    return int(re.match(r"step (\d+) of", page.locator(f"{BAR} output").inner_text()).group(1))


def numbers(caption):
    """Cost, slope, w and b of a caption."""
    found = re.fullmatch(
        r"step \d+ of \d+: cost (\S+), gradient (\S+), w = (\S+), b = (\S+)", caption
    )
    return [float(number) for number in found.groups()]


def test_play_moves_the_dot_and_pause_holds_it(player):
    press(player, "To the start")
    start = player.evaluate(NOW)
    press(player, "Play")
    player.wait_for_function(f"() => document.querySelector('{BAR} input').valueAsNumber > 8")
    press(player, "Pause")
    held, dots = step(player), player.evaluate(NOW)
    assert 8 < held < STEPS
    assert dots[0][0] > start[0][0] + 0.1
    player.evaluate(LATER)
    assert step(player) == held
    np.testing.assert_allclose(player.evaluate(NOW), dots, atol=0.01)


def test_play_stops_at_the_end_and_then_starts_over(player):
    player.locator(f"{BAR} select").select_option(label="5×")
    press(player, "Play")  # from the end it starts over
    expect(player.locator(f"{BAR} output")).to_have_text(captions()[STEPS])
    expect(player.locator(BAR).get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_buttons_and_keys_step_both_ways(player):
    said = captions()
    readout = player.locator(f"{BAR} output")
    press(player, "To the start")
    for name, now in (
        ("Step forward", 1),
        ("Step forward", 2),
        ("Step back", 1),
        ("To the end", 40),
    ):
        press(player, name)
        expect(readout).to_have_text(said[now])
    player.locator(".st-key-descent .losscope").focus()
    for key, now in (
        ("ArrowLeft", 39),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("ArrowRight", 1),
        ("End", 40),
    ):
        player.keyboard.press(key)
        expect(readout).to_have_text(said[now])


def test_scrubbing_both_ways_shows_exactly_the_numbers_of_that_step(player):
    """The caption is the server's text; the dots stand where its numbers say, to a pixel."""
    said = captions()
    position = player.get_by_label("Position")
    for k in (0, 7, 23, 12, 1):
        position.fill(str(k))
        expect(player.locator(f"{BAR} output")).to_have_text(said[k])
        expect(position).to_have_attribute("aria-valuetext", said[k])
        player.evaluate(LATER)
        cost, _, w, b = numbers(said[k])
        on_surface, on_cost = player.evaluate(NOW)
        np.testing.assert_allclose(on_surface, [w, b], atol=0.02)
        np.testing.assert_allclose(on_cost, [k, cost], atol=0.05)


def test_another_learning_rate_goes_on_from_the_same_step(player, settle):
    player.get_by_label("Position").fill("7")
    player.locator(".st-key-gradient_descent_eta input").focus()
    player.keyboard.press("ArrowRight")
    now = captions(gradient_descent_eta="0.021")[7]
    assert now != captions()[7]
    expect(player.locator(f"{BAR} output")).to_have_text(now)
    settle()
    np.testing.assert_allclose(player.evaluate(NOW)[0], numbers(now)[2:], atol=0.02)


def test_space_plays_and_pauses_wherever_the_keys_of_the_player_are(player):
    """Also on the slider of the bar; on a button the key presses the button, as everywhere."""
    playing = player.locator(BAR).get_by_role("button", name="Pause", exact=True)
    player.locator(f"{BAR} select").select_option(label="0.1×")
    for place in (".st-key-descent .losscope", f"{BAR} input"):
        player.locator(place).focus()
        player.keyboard.press("Home")
        player.keyboard.press(" ")
        expect(playing).to_be_visible()
        player.keyboard.press(" ")
        expect(playing).to_have_count(0)
    assert step(player) < STEPS
    press(player, "Step forward")
    was = step(player)
    player.keyboard.press(" ")  # the button has the focus
    assert step(player) == was + 1
    expect(playing).to_have_count(0)


def test_speeds_go_from_a_tenth_to_ten_times_thirty_steps_a_second(player):
    speeds = player.locator(f"{BAR} select")
    assert speeds.locator("option").all_inner_texts() == [
        "0.1×", "0.25×", "0.5×", "1×", "2×", "5×", "10×",
    ]  # fmt: skip
    assert speeds.input_value() == "1"
    found = {}
    for times in ("0.1", "0.5", "1"):
        speeds.select_option(label=f"{times}×")
        press(player, "To the start")
        found[times] = player.evaluate(PACE, 800)
        press(player, "Pause")
    for times, pace in found.items():
        assert pace == pytest.approx(30 * float(times), rel=0.1)
    speeds.select_option(label="10×")
    press(player, "To the start")
    press(player, "Play")
    expect(player.locator(f"{BAR} output")).to_have_text(captions()[STEPS], timeout=1_000)


SLIDER = ".st-key-gradient_descent_eta input"


def test_a_slider_is_answered_before_the_script(player):
    """The figure at the new rate comes by its own address, even while the script's answer is held up."""
    player.evaluate("const send = WebSocket.prototype.send; WebSocket.prototype.send = () => {}")
    player.locator(SLIDER).focus()
    player.keyboard.press("ArrowRight")
    moved = captions(gradient_descent_eta="0.021")[STEPS]
    expect(player.locator(f"{BAR} output")).to_have_text(moved)


def test_a_slider_is_answered_without_the_address(player):
    """A proxy may drop it, another process may get it: then the script answers alone."""
    player.route("**/losscope/ahead/**", lambda route: route.fulfill(status=204))
    player.locator(SLIDER).focus()
    player.keyboard.press("ArrowRight")
    moved = captions(gradient_descent_eta="0.021")[STEPS]
    expect(player.locator(f"{BAR} output")).to_have_text(moved)


def test_an_answer_that_is_late_does_not_take_the_figure_back(player):
    """Of many moves the script still answers old ones when the newest is on the screen."""
    player.evaluate(
        """() => {
          const [output] = document.querySelectorAll(".losscope-bar output");
          window.said = [];
          new MutationObserver(() => said.push(output.textContent)).observe(output, { childList: true });
        }"""
    )
    player.locator(SLIDER).focus()
    for _ in range(12):
        player.keyboard.press("ArrowRight")
        player.wait_for_timeout(60)
    rates = [f"{0.02 + k / 1000:.3f}" for k in range(1, 13)]
    order = {captions(gradient_descent_eta=rate)[STEPS]: k for k, rate in enumerate(rates)}
    expect(player.locator(f"{BAR} output")).to_have_text(list(order)[-1])
    player.wait_for_timeout(1_000)
    seen = [order[text] for text in player.evaluate("said")]
    assert seen == sorted(seen)
    assert seen[-1] == len(rates) - 1
