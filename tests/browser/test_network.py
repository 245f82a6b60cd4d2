"""The network's player: surfaces at the rate of the display, and controls that answer meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from tests.visits import drawn, visit

PATH = "/network"
BAR = ".losscope-bar"
# Plays for so many ms. How many steps a second went by, how many frames of the display, how many
# different pictures were seen, and the longest that one frame of the film took.
WATCH = """(patience) => new Promise((done) => {
  const plot = document.querySelector(".st-key-network .js-plotly-plot");
  const image = plot.querySelector(".heatmaplayer image");
  const scrub = document.querySelector(".losscope-bar input");
  const seen = new Set(), took = [];
  const observer = new PerformanceObserver((list) => list.getEntries()
    .filter(({ name }) => name === "losscope-frame").forEach(({ duration }) => took.push(duration)));
  observer.observe({ entryTypes: ["measure"] });
  document.querySelector(".losscope-bar [title=Play]").click();
  let first, frames = 0;
  const look = (time) => {
    first ??= [time, scrub.valueAsNumber];
    frames += 1;
    seen.add(image.getAttribute("href"));
    if (time - first[0] < patience) return requestAnimationFrame(look);
    const seconds = (time - first[0]) / 1000;
    took.sort((a, b) => a - b);
    done({
      steps: (scrub.valueAsNumber - first[1]) / seconds, frames: frames / seconds,
      pictures: seen.size, median: took[took.length >> 1], films: took.length / seconds,
    });
  };
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
# The color in the middle of the heat map, as it is on the screen, and as Plotly's image has it.
SHADE = """() => {
  const plot = document.querySelector(".st-key-network .js-plotly-plot");
  return plot.querySelector(".heatmaplayer image").getAttribute("href").length;
}"""


def captions(**settings):
    """What the server has computed for each step."""
    return drawn(visit("network", **settings))["network_films"]["captions"]


def press(page, name):
    page.locator(BAR).get_by_role("button", name=name, exact=True).click()


def readout(page):
    return page.locator(f"{BAR} output")


def slide(page, key, keys, times=1):
    page.locator(f".st-key-{key} input[type=range]").first.focus()
    for _ in range(times):
        page.keyboard.press(keys)


@pytest.fixture
def player(open_page):
    page = open_page(PATH)
    expect(readout(page)).to_have_text(captions()[300])
    return page


def test_surfaces_play_at_the_rate_of_the_display_without_the_server(player):
    """Thirty steps a second, a new picture for each that has one, and no message is sent."""
    player.evaluate(
        "() => { window.sent = 0; const { send } = WebSocket.prototype;"
        "WebSocket.prototype.send = function (...all) { sent += 1; return send.apply(this, all) } }"
    )
    press(player, "To the start")
    found = player.evaluate(WATCH, 2_000)
    press(player, "Pause")
    assert found["steps"] == pytest.approx(30, rel=0.1)
    assert found["frames"] > 24
    assert found["films"] > 24
    assert found["pictures"] > 15  # 60 steps, of which one in three has a picture
    assert found["median"] < 16  # ms of a frame of the film
    assert player.evaluate("sent") == 0


def test_scrubbing_both_ways_says_and_shows_that_step(player):
    said, pictures = captions(), {}
    position = player.get_by_label("Position")
    for k in (0, 150, 7, 299, 150, 0):
        position.fill(str(k))
        expect(readout(player)).to_have_text(said[k])
        player.wait_for_timeout(400)  # until Plotly itself has drawn it
        pictures.setdefault(k, set()).add(player.evaluate(SHADE))
    assert len(set(map(tuple, pictures.values()))) >= 3
    assert all(len(seen) == 1 for seen in pictures.values())  # the same step, the same picture


def test_a_slider_answers_while_it_plays(player, settle):
    player.locator(f"{BAR} select").select_option(label="0.25×")
    press(player, "To the start")
    press(player, "Play")
    slide(player, "net_adam_eta", "ArrowRight", 20)
    said = captions(net_adam_eta="0.12")
    player.wait_for_function(
        """(said) => said.includes(document.querySelector(".losscope-bar output").textContent)""",
        arg=said,
        timeout=2_000,
    )
    playing = player.locator(BAR).get_by_role("button", name="Pause", exact=True)
    expect(playing).to_be_visible()
    settle()
    assert "net_adam_eta=0.12" in player.url
    press(player, "To the end")
    expect(readout(player)).to_have_text(said[300])


def test_every_slider_moves_the_run(page, open_page, settle):
    open_page(PATH)
    before = readout(page).inner_text()
    for key, keys in (
        ("units_1", "ArrowLeft"),
        ("net_seed", "ArrowRight"),
        ("net_steps", "ArrowLeft"),
    ):
        slide(page, key, keys)
        expect(readout(page)).not_to_have_text(before)
        settle()
        before = readout(page).inner_text()
    expect(readout(page)).to_have_text(captions(units_1="7", net_seed="1", net_steps="280")[280])


def test_a_change_on_the_way_is_marked_and_its_link_restores_it(page, open_page, settle):
    open_page(PATH)
    page.get_by_text("Change it on the way", exact=True).click()
    field = page.get_by_label("Change from step", exact=True)
    field.fill("100")
    field.press("Enter")
    page.get_by_role("button", name="Hold steps 0 to 100").click()
    settle()
    slide(page, "net_adam_eta", "ArrowLeft", 10)
    settle()
    said = captions(net_adam_eta="0.09", earlier="100~cross_entropy~adam,eta=0.1~0")
    expect(readout(page)).to_have_text(said[300])
    assert "earlier=100" in page.url
    open_page(page.url.removeprefix(page.url.split("/network")[0]))
    expect(readout(page)).to_have_text(said[300])
    expect(page.locator(".st-key-network").get_by_text("change", exact=True)).to_be_visible()
    page.get_by_role("button", name="Drop the last change").click()
    expect(page).not_to_have_url(re.compile("earlier="))
    expect(readout(page)).to_have_text(captions()[300])  # with the rate that the steps were held by
