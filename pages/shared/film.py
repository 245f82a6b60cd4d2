"""A film to take away: one HTML file that plays without a network, a server or this program."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from charts.figure import Figure, pack, reel
from pages.shared.assets import HERE
from pages.shared.document import document, tag

KEY = "film"  # by which the two messages find each other

# The messages in the place of a server, the reader's theme in the place of Streamlit's.
SCRIPT = """
const parentElement = document.querySelector("#stage");
const messages = [bytes("reel"), bytes("figure")];
const show = () => {
  for (const data of messages) mount({ data, parentElement, setTriggerValue() {} });
};
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
show();
"""


def film(
    figure: Figure,
    captions: Sequence[str],
    *,
    title: str,
    details: Sequence[Sequence[str]] = (),
    dark: bool | None = None,
) -> str:
    """One HTML document with the player of `play` and everything it needs.

    It is light or dark as its reader's system is, or always as `dark` says. Of the films only the
    "clock" plays: the file has no sliders. Raises ValueError without a clock, and where captions
    are not one a frame.
    """
    if "clock" not in figure.films:
        raise ValueError('a film needs a figure with the film "clock"')
    frames = len(figure.films["clock"])
    if len(captions) != frames:
        raise ValueError(f"{frames} frames need {frames} captions, got {len(captions)}")
    alone = replace(figure, films={"clock": figure.films["clock"]})
    said: dict[str, Any] = {"captions": list(captions), "details": list(details)}
    version, films = reel(alone.films, key=KEY, **said)
    start = {"start": frames - 1, "plotly": "", "projector": False}
    without = tag("noscript", tag("p", f"{figure.alt} (The film itself needs JavaScript.)"))
    return document(
        title,
        tag("div", without, id="stage"),
        messages={"figure": pack(alone, key=KEY, reel=version, **start), "reel": films},
        script=SCRIPT,
        style=(HERE / "player.css").read_text("utf-8"),
        dark=dark,
    )
