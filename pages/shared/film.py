"""A film to take away: one HTML file that plays without a network, a server or this program."""

import base64
import functools
import html
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import Any

from charts.figure import Figure, pack, reel
from pages.shared.assets import FIGURE, HERE, PLOTLY_FILE

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
KEY = "film"  # by which the two messages find each other

ENTRY = re.compile(r"^export default function ", re.MULTILINE)  # of the live figure's scripts

# Forbids what the file does not do: to ask any address at all.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)
DOCUMENT = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
$palette
body {
  max-width: 1200px;
  margin: 0 auto;
  padding: 1rem;
  background: var(--st-background-color);
  color: var(--st-text-color);
  font-family: var(--st-font);
}
h1 {
  margin: 0 0 0.75rem;
  font: 600 1.4rem var(--st-heading-font);
  overflow-wrap: anywhere;
}
$style
</style>
</head>
<body>
<main>
<h1>$title</h1>
<div id="stage"><noscript><p>$alt (The film itself needs JavaScript.)</p></noscript></div>
</main>
<script type="text/plain" id="figure">$figure</script>
<script type="text/plain" id="reel">$reel</script>
<script>$plotly</script>
<script type="module">
$player
$shim
</script>
</body>
</html>
""")

# The messages in the place of a server, the reader's theme in the place of Streamlit's.
SHIM = """
const bytes = (id) => {
  return Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
};
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
    return DOCUMENT.substitute(
        policy=POLICY,
        title=_shown(title),
        alt=_shown(figure.alt),
        palette=_palette(dark),
        style=(HERE / "player.css").read_text("utf-8"),
        figure=_text(pack(alone, key=KEY, reel=version, **start)),
        reel=_text(films),
        plotly=_inline(PLOTLY_FILE.read_text("utf-8")),
        player=_inline(_player()),
        shim=_inline(SHIM),
    )


@functools.cache
def _player() -> str:
    """The scripts of the live figure, its entry called `mount`."""
    entry, found = ENTRY.subn("const mount = function ", FIGURE)
    if found != 1:
        raise ValueError(f"the scripts of the figure have {found} entries instead of one")
    return entry


def _palette(dark: bool | None) -> str:
    """The variables of Streamlit's theme: one palette, or the one that the reader's system asks."""
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    common = _variables(theme) | {"--st-button-radius": "var(--st-base-radius)"}
    light, night = (_variables(theme[name]) for name in ("light", "dark"))
    if dark is not None:
        return _rule(common | (night if dark else light) | {"color-scheme": _scheme(dark)})
    asked = f"@media (prefers-color-scheme: dark) {{\n{_rule(night)}\n}}"
    return f"{_rule(common | light | {'color-scheme': 'light dark'})}\n{asked}"


def _scheme(dark: bool) -> str:
    return "dark" if dark else "light"


def _variables(theme: Mapping[str, Any]) -> dict[str, str]:
    """camelCase settings as the variables that Streamlit makes of them."""
    found = {}
    for name, value in theme.items():
        if isinstance(value, str | list):
            words = re.sub(r"(?=[A-Z])", "-", name).lower()
            found[f"--st-{words}"] = value if isinstance(value, str) else ",".join(map(str, value))
    return found


def _rule(settings: Mapping[str, str]) -> str:
    return ":root {\n" + "".join(f"  {name}: {value};\n" for name, value in settings.items()) + "}"


def _text(message: bytes) -> str:
    """Bytes as letters that mean nothing to HTML."""
    return base64.b64encode(message).decode("ascii")


def _inline(script: str) -> str:
    """A script that cannot end its own element: in its strings, \\/ is / and \\! is !."""
    return re.sub(r"<(/script|!--)", r"<\\\1", script, flags=re.IGNORECASE)


def _shown(text: str) -> str:
    """User text as HTML that shows it, without characters that no file could hold."""
    return html.escape("".join(c if c.isprintable() else " " for c in text))
