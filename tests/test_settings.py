"""The settings that everything later rests on: each still exists, holds, and has its reason."""

import base64
import gzip
import hashlib
import http.client
import inspect
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from streamlit import config
from streamlit.runtime.scriptrunner import script_runner

from pages.shared.assets import PLOTLY_FILE, PLOTLY_PATH
from tests.conftest import ROOT

CONFIG = (ROOT / ".streamlit" / "config.toml").read_text("utf-8")
RELIED_ON = {
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "localhost",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.disableWidgetStateDuplicationWarning": True,
    "global.maxCachedMessageAge": 12,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,
    "server.disconnectedSessionTTL": 600,
    "server.enableAgentApi": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxMessageSize": 50,
    "server.maxUploadSize": 100,
    "server.maxWidgetStateSize": 2,
    "server.websocketPingInterval": 20,
    "theme.dark.backgroundColor": "#000000",
    "theme.light.backgroundColor": "#FFFFFF",
}
PROBE = """
import asyncio, gc, json, sys
import app
from streamlit import config, net_util

async def start():
    async with app.ready(app.app):
        return {
            "frozen": gc.get_freeze_count(),
            "loaded": [name for name in ("numpy", "pandas", "plotly") if name in sys.modules],
            "external address": net_util.get_external_ip(),
            "script": str(app.app._resolve_script_path()),
            "options": {key: config.get_option(key) for key in sys.argv[1:]},
        }

print(json.dumps(asyncio.run(start())))
"""


def flat(table, prefix=""):
    """The settings of a nested TOML table by their dotted names."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


SETTINGS = dict(flat(tomllib.loads(CONFIG)))


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """What app.py made of a new process under another ASGI server, in a foreign directory."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *SETTINGS],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def ask(address, path, **headers):
    """Status, headers and body of one answer, as sent: nothing unpacked or followed."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    status, fields, body = answer.status, answer.headers, answer.read()
    connection.close()
    return status, fields, body


@pytest.mark.parametrize("key", SETTINGS)
def test_each_setting_still_exists_in_streamlit(key):
    assert key in config.get_config_options()


def test_settings_are_the_ones_we_rely_on():
    assert SETTINGS.items() >= RELIED_ON.items()


def test_settings_hold_wherever_the_app_is_started_from(started):
    assert started["options"] == SETTINGS
    assert started["script"] == str(ROOT / "pages" / "frame.py")


def test_streamlit_still_asks_whether_to_collect_garbage_after_a_rerun():
    assert 'get_option("runner.postScriptGC")' in inspect.getsource(script_runner)


def test_each_setting_has_its_reason_in_a_comment():
    lines = CONFIG.splitlines()
    bare = [key for above, key in pairwise(lines) if re.match(r"\w+ = ", key) and above[:1] != "#"]
    assert bare == []


def test_heap_is_frozen_after_the_imports(started):
    assert started["loaded"] == ["numpy", "pandas", "plotly"]
    assert started["frozen"] > 100_000


def test_streamlit_never_asks_for_the_external_address(started):
    assert started["external address"] is None


@pytest.mark.parametrize("path", ["/", "/huber", "/_stcore/health", "/static/none.js", PLOTLY_PATH])
def test_every_answer_carries_the_security_headers(server, path):
    _, headers, _ = ask(server, path)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]


def test_policy_names_no_host_and_allows_no_inline_script_but_streamlits_own(server):
    _, headers, body = ask(server, "/")
    policy = dict(
        directive.split(maxsplit=1) for directive in headers["Content-Security-Policy"].split(";")
    )
    inline = re.findall(r"<script>(.*?)</script>", body.decode(), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()) for text in inline]
    hashes = [f"'sha256-{digest.decode()}'" for digest in digests]
    assert hashes
    assert policy["script-src"].split() == ["'self'", "blob:", *hashes]
    assert policy["connect-src"] == "'self'"
    own = {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:", *hashes}
    assert {source for sources in policy.values() for source in sources.split()} <= own


def test_plotly_is_served_from_its_package_to_be_kept_forever(server):
    for encoding, unpack in (("identity", bytes), ("gzip", gzip.decompress)):
        status, headers, body = ask(server, PLOTLY_PATH, **{"Accept-Encoding": encoding})
        assert status == 200
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert headers["Content-Type"].startswith("text/javascript")
        assert "Accept-Encoding" in headers["Vary"]
        assert unpack(body) == PLOTLY_FILE.read_bytes()


def test_server_asks_nobody_when_it_starts(cold_server):
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.settimeout(0.5)
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        server = cold_server(http_proxy=address, https_proxy=address, no_proxy="127.0.0.1")
        ask(server, "/_stcore/stream", Origin="http://foreign.example", Upgrade="websocket")
        with pytest.raises(TimeoutError):
            proxy.accept()
