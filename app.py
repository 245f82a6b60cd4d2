"""The server: `streamlit run app.py`, or `uvicorn app:app` under any other ASGI host."""

import base64
import gc
import gzip
import hashlib
import importlib
import pkgutil
import re
import secrets
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from streamlit import config, net_util
from streamlit.logger import get_logger
from threadpoolctl import threadpool_limits

from pages.shared.ahead import PATH, answered
from pages.shared.assets import FIGURE, FIGURE_PATH, PLOTLY_FILE, PLOTLY_PATH

INDEX = Path(st.__file__).parent / "static" / "index.html"
PLOTLY_GZIP = gzip.compress(PLOTLY_FILE.read_bytes())  # once a process, not once a student
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def inline_scripts(html):
    """The CSP sources that admit exactly the inline scripts of one HTML page."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


# script-src blob: Streamlit imports a component's inline JavaScript, our live figure, as a module
# from a blob address, which only a running script can make. style-src: Streamlit and Plotly style
# inline. media-src: the menu's screen recording shows its result.
POLICY = f"""default-src 'none'; script-src 'self' blob: {inline_scripts(INDEX.read_text("utf-8"))};
 style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src blob:;
 font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:;
 frame-ancestors 'none'; base-uri 'none'; form-action 'none'""".replace("\n", "")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
}


class SecurityHeaders:
    """Adds the security headers to every HTTP response, whichever route made it."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def serve_plotly(request):
    """Sends plotly.js with leave to keep it for a year: its address changes with its version."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(PLOTLY_FILE, headers=FOREVER, media_type="text/javascript")
    headers = FOREVER | {"Content-Encoding": "gzip"}
    return Response(PLOTLY_GZIP, headers=headers, media_type="text/javascript")


async def serve_figure(_request):
    """Sends the script of the live figure, likewise."""
    return Response(FIGURE, headers=FOREVER, media_type="text/javascript")


async def answer_ahead(request):
    """Sends the figure of a session at other values of its sliders, or nothing if it cannot."""
    token, asked = request.path_params["token"], dict(request.query_params)
    body = await run_in_threadpool(answered, token, asked)
    # Not compressed: that would take as long again as the answer itself.
    headers = {"Cache-Control": "no-store", "Content-Encoding": "identity"}
    kind = "application/octet-stream"
    return Response(body, headers=headers, media_type=kind, status_code=200 if body else 204)


async def not_here(_request):
    """Says that Streamlit is not below a page, in a way that no console shows as an error."""
    return Response(status_code=300)


def import_everything():
    """Imports the core and the charts, with them pandas and Plotly: no visitor waits for that."""
    for package in map(importlib.import_module, ("losses", "charts")):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)


@asynccontextmanager
async def ready(_app):
    """Loads the modules, then hides them from the garbage collector for good."""
    import_everything()
    # Modules never die, yet every full collection would visit all their objects while all visitors
    # wait: 40 ms. Here and not at import, because by now Streamlit has loaded its own.
    gc.collect()
    gc.freeze()
    # Visitors are the threads: those of BLAS would only wait for each other.
    with threadpool_limits(1, "blas"):
        yield


def apologize(error):
    """Shows a sentence with a number to pass on; the traceback stays in the log, by that number."""
    number = f"{secrets.randbelow(10**6):06}"
    get_logger("losscope").error("Error %s, shown to a visitor", number, exc_info=error)
    st.error(
        "This page stopped at an error of ours. Your settings are safe in the address bar: "
        f"reload the page, and if it stops again, report error {number}."
    )
    return True


# Two internals of Streamlit, each held by a test. Before refusing a foreign origin it would ask an
# Amazon server for this machine's address, with everyone waiting. And the script and config.toml
# are found by a path that only `streamlit run` sets.
net_util.get_external_ip = lambda: None
config._main_script_path = config._main_script_path or __file__

app = st.App(
    "pages/frame.py",
    # Opened at /huber, Streamlit's page looks for its server below /huber first.
    routes=[
        Route(PLOTLY_PATH, serve_plotly),
        Route(FIGURE_PATH, serve_figure),
        Route(PATH + "{token}", answer_ahead),
        Route("/{page}/_stcore/{question}", not_here),
    ],
    middleware=[Middleware(SecurityHeaders)],
    lifespan=ready,
    on_script_error=apologize,
)
