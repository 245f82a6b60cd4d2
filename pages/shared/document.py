"""One HTML file that opens without a network, a server or this program: what every such file needs.

Elements are built by `tag`, which escapes all text, so that none of a user's becomes markup.
"""

import base64
import functools
import html
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from pages.shared.assets import FIGURE, PLOTLY_FILE

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"
MINUS = re.compile(r"(?<!\d)-(?=[\d.∞])")  # of a number; not of a date
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
$body
</main>
$messages
<script>$plotly</script>
<script type="module">
$player
const bytes = (id) => {
  return Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
};
$script
</script>
</body>
</html>
""")


class Markup(str):
    """Text that is HTML already; all other text is escaped before it becomes a part of it."""

    __slots__ = ()


def document(
    title: str,
    body: Markup,
    *,
    messages: Mapping[str, bytes],
    script: str,
    style: str = "",
    dark: bool | None = None,
) -> str:
    """The whole file: the body below its title, and the script that shows the messages in it.

    The script finds the entry of the live figure as `mount`, and a message by `bytes(id)`. The file
    is light or dark as its reader's system is, or always as `dark` says.
    """
    parts = [
        tag("script", Markup(_letters(data)), type="text/plain", id=key)
        for key, data in messages.items()
    ]
    return DOCUMENT.substitute(
        policy=POLICY,
        title=escaped(title),
        body=body,
        palette=palette(dark),
        style=style,
        messages="\n".join(parts),
        plotly=_inline(PLOTLY_FILE.read_text("utf-8")),
        player=_inline(_player()),
        script=_inline(script),
    )


def tag(name: str, *inside: str, **attributes: str) -> Markup:
    """One element; a word that Python reserves is written with a _ behind it."""
    said = "".join(f' {key.rstrip("_")}="{escaped(text)}"' for key, text in attributes.items())
    return Markup(f"<{name}{said}>{joined(inside)}</{name}>")


def joined(parts: Iterable[str]) -> Markup:
    """Parts one after the other: markup as it is, text escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escaped(part) for part in parts))


def number(value: float, shown: str) -> Markup:
    """A number as one reads it, with all its digits for whoever reads the file by a program."""
    return tag("data", signed(shown), value=repr(value))


def signed(text: str) -> str:
    """Text of ours with a true minus before each negative number; a user's stays as it is."""
    return MINUS.sub("−", text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> Markup:
    """A table whose first column names the rows; wider than the screen, it moves in a box."""
    above = [tag("caption", caption)] if caption else []
    titles = tag("thead", tag("tr", *(tag("th", title, scope="col") for title in head)))
    lines = [
        tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in cells))
        for first, *cells in rows
    ]
    inside = tag("table", *above, titles, tag("tbody", *lines))
    return tag("div", inside, class_="wide", tabindex="0")


def escaped(text: str) -> str:
    """User text as HTML that shows it, without characters that no file could hold."""
    return html.escape("".join(c if c.isprintable() else " " for c in text))


def palette(dark: bool | None) -> str:
    """The variables of Streamlit's theme: one palette, or the one that the reader's system asks."""
    theme = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]
    common = _variables(theme) | {"--st-button-radius": "var(--st-base-radius)"}
    light, night = (_variables(theme[name]) for name in ("light", "dark"))
    if dark is not None:
        return _rule(common | (night if dark else light) | {"color-scheme": _scheme(dark)})
    asked = f"@media (prefers-color-scheme: dark) {{\n{_rule(night)}\n}}"
    return f"{_rule(common | light | {'color-scheme': 'light dark'})}\n{asked}"


def paper() -> str:
    """Rules that make a file light where it is printed, and where its root is marked so."""
    light = tomllib.loads(CONFIG.read_text("utf-8"))["theme"]["light"]
    settings = _variables(light) | {"color-scheme": "light"}
    return f"@media print {{\n{_rule(settings)}\n}}\n{_rule(settings, ':root.printing')}"


@functools.cache
def _player() -> str:
    """The scripts of the live figure, its entry called `mount`."""
    entry, found = ENTRY.subn("const mount = function ", FIGURE)
    if found != 1:
        raise ValueError(f"the scripts of the figure have {found} entries instead of one")
    return entry


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


def _rule(settings: Mapping[str, str], selector: str = ":root") -> str:
    lines = "".join(f"  {name}: {value};\n" for name, value in settings.items())
    return f"{selector} {{\n{lines}}}"


def _letters(message: bytes) -> str:
    """Bytes as letters that mean nothing to HTML."""
    return base64.b64encode(message).decode("ascii")


def _inline(script: str) -> str:
    """A script that cannot end its own element: in its strings, \\/ is / and \\! is !."""
    return re.sub(r"<(/script|!--)", r"<\\\1", script, flags=re.IGNORECASE)
