"""The film to take away, as a text: all inside, nothing from outside, nothing that user text ends."""

import base64
import re
import tomllib
from html.parser import HTMLParser

import numpy as np
import pytest

from charts.figure import Figure, Film, Move
from pages.shared.assets import PLOTLY_FILE
from pages.shared.document import CONFIG
from pages.shared.film import film
from tests.test_figure import unpacked

FRAMES = 5
HOSTILE = "</script><script>alert(1)</script><!--&\"'\ud800"


def walk(name="cost", **films):
    """A dot that climbs a diagonal, and other films that no clock drives."""
    x = np.arange(FRAMES, dtype=float)
    data = [
        {"type": "scatter", "mode": "lines", "x": x, "y": x, "name": name},
        {"type": "scatter", "mode": "markers", "x": x[-1:], "y": x[-1:], "name": "now"},
    ]
    clock = Film((Move(1, x[:, None], x[:, None]),))
    alt = f"A dot climbs; {name}"
    return Figure(
        data, {"xaxis": {"title": {"text": name}}}, alt, 400, films={"clock": clock, **films}
    )


CAPTIONS = [f"step {k}" for k in range(FRAMES)]


class Outline(HTMLParser):
    """The elements of a document, with the text of each script by its id or its place."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.scripts, self.texts, self.inside = [], [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.inside = tag

    def handle_data(self, data):
        self.texts[self.inside] = self.texts.get(self.inside, "") + data
        if self.inside == "script":
            self.scripts.append(data)

    def handle_endtag(self, tag):
        self.inside = None


def message(text, name):
    found = re.search(rf'id="{name}">([^<]*)</script>', text).group(1)
    return unpacked(base64.b64decode(found))


def test_the_document_holds_the_figure_and_its_films():
    text = film(walk(), CAPTIONS, title="A walk", details=[["a"]] * FRAMES)
    figure, reel = message(text, "figure"), message(text, "reel")
    assert figure["alt"] == "A dot climbs; cost"
    assert figure["start"] == FRAMES - 1
    assert reel["captions"] == CAPTIONS
    assert reel["details"] == [["a"]] * FRAMES
    assert figure["key"] == reel["key"]
    assert reel["films"]["clock"]["frames"] == FRAMES


def test_nothing_is_asked_from_outside():
    """Neither an address in an attribute nor the policy would let it: a film is opened in a train."""
    outline = Outline(film(walk(), CAPTIONS, title="A walk"))
    for tag, attributes in outline.tags:
        assert not {"src", "href", "srcset", "data", "action"} & set(attributes), tag
    policy = next(a["content"] for t, a in outline.tags if a.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert PLOTLY_FILE.read_text("utf-8").strip() in "".join(outline.scripts)


def test_user_text_ends_no_script_and_starts_no_element():
    plain = Outline(film(walk(), CAPTIONS, title="A walk"))
    text = film(walk(HOSTILE), [HOSTILE] * FRAMES, title=HOSTILE)
    outline = Outline(text)
    assert [tag for tag, _ in outline.tags] == [tag for tag, _ in plain.tags]
    assert outline.texts["h1"] == HOSTILE[:-1] + " "
    assert outline.texts["title"] == HOSTILE[:-1] + " "
    text.encode("utf-8")


def test_the_palette_is_that_of_the_app():
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    light, dark = (theme[name]["primaryColor"] for name in ("light", "dark"))
    assert light != dark

    def colors(**options):
        style = Outline(film(walk(), CAPTIONS, title="A walk", **options)).texts["style"]
        return re.findall(r"--st-primary-color: (.*?);", style)

    assert colors() == [light, dark]
    assert colors(dark=True) == [dark]
    assert colors(dark=False) == [light]


def test_what_cannot_play_is_refused():
    still = Figure([], {}, "nothing", 300)
    with pytest.raises(ValueError, match="clock"):
        film(still, [], title="Still")
    with pytest.raises(ValueError, match="5 frames need 5 captions, got 4"):
        film(walk(), CAPTIONS[:4], title="A walk")
