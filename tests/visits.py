"""Pages without a browser: `visit` opens one as a deep link does; `drawn` reads what it drew."""

import json
import re

import numpy as np
from streamlit import config
from streamlit.testing.v1 import AppTest

from pages.shared.ahead import PATH
from tests.conftest import ROOT

FRAME = ROOT / "pages" / "frame.py"
config.set_option("client.showErrorDetails", "full")  # so that a failing test says what failed
# Before anything imports the menu: its pages can be made only while the frame runs.
FIRST = AppTest.from_file(FRAME, default_timeout=60).run()
KINDS = ("slider", "selectbox", "multiselect", "radio", "toggle", "number_input")


def visit(page, *, upload=None, **settings):
    """The page as a link with these settings opens it, for a visitor who brought a file if any."""
    app = AppTest.from_file(FRAME, default_timeout=60)
    # Otherwise each run reads the metadata of all installed packages, which takes 0.2 seconds.
    app._bidi_component_manager = FIRST._bidi_component_manager
    if page:  # the default page lives at "/"; the others at the names of their files
        app.switch_page(f"{page}.py")
    if upload:
        app.session_state["upload"] = upload
    app.query_params.update(settings)
    return app.run()


def menu():
    """Every page of the menu by its address and its name, as the frame builds it."""
    from pages.shared.menu import ENTRIES

    return {entry.path: entry.title for entry in ENTRIES}


def regressing():
    """The addresses of the pages whose bench takes a target that is a number."""
    from pages.shared.menu import ENTRIES

    return [entry.path for entry in ENTRIES if entry.bench and "regression" in entry.bench.tasks]


def widgets(app):
    """Every setting on the page by its key."""
    shown = [widget for kind in KINDS for widget in app.get(kind)]
    return {widget.key: widget for widget in shown if widget.key}


def labelled(app, label):
    """The setting with a label, or None."""
    return next((widget for widget in widgets(app).values() if widget.label == label), None)


def another(widget):
    """A value that a setting could have and does not have."""
    if widget.type == "toggle":
        return not widget.value
    if widget.type == "multiselect":
        return widget.options[:1]
    if widget.type in ("selectbox", "radio"):
        others = [option for option in widget.options if option not in (widget.value, "Upload")]
        return (others or [widget.value])[0]
    if widget.value is None:  # an empty field
        return widget.min + widget.step if widget.min > -1e6 else widget.step
    up = widget.value + widget.step
    other = up if widget.max is None or up <= widget.max else widget.value - widget.step
    return float(f"{other:.10g}") if isinstance(other, float) else other  # as a link writes it


def link(settings):
    """Settings as they stand in a link: 2.5 and 7, true, or a list of options."""
    plain = {key: f"{value:.10g}" for key, value in settings.items() if type(value) in (int, float)}
    switches = {key: str(value).lower() for key, value in settings.items() if type(value) is bool}
    return settings | plain | switches


def drawn(app):
    """What each live figure of the page was told to draw, by its key; films under their own."""
    return {figure.key: decode(figure.proto.bytes) for figure in app.get("bidi_component")}


def sent(app):
    """What the browser is sent to draw, but for the address that each session has of its own."""
    messages = [one.proto.bytes for one in app.get("bidi_component")]
    return [re.sub(rf"{PATH}[\w-]+".encode(), b"", message) for message in messages]


def decode(message):
    """The header of a figure's message with its arrays in place, as stage.js decodes it."""
    start = 4 + int.from_bytes(message[:4], "little")

    def array(value):
        for kind in ("f4", "f8"):
            if kind in value:
                offset, count = value[kind]
                flat = np.frombuffer(message, f"<{kind}", count, start + offset)
                return flat.reshape(value.get("shape", count))
        return value

    return json.loads(message[4:start], object_hook=array)
