"""A real server for the tests that need one: `streamlit run app.py`, as a visitor meets it."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).parents[1]
PATIENCE = 60  # seconds: a machine that has just installed everything compiles it first


def pytest_collection_modifyitems(items):
    """Remembers how each module's own `RNG` stood when all modules had been read."""
    for module in {item.module for item in items if hasattr(item.module, "RNG")}:
        module.RNG_STATE = module.RNG.bit_generator.state


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Each test draws the numbers that it draws alone, whichever ran before it in its process."""
    if hasattr(item.module, "RNG"):
        item.module.RNG.bit_generator.state = item.module.RNG_STATE


@pytest.fixture(scope="session", autouse=True)
def one_thread_of_blas():
    """As on the server: side by side, the threads of BLAS would only wait for each other."""
    with threadpool_limits(1, "blas"):
        yield


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def healthy(port):
    """Whether the server on this port says that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    return False


def wait_until_healthy(port, process, log):
    """Returns when the server is ready; fails with its last words when it ends or hangs."""
    deadline = time.monotonic() + PATIENCE
    while not healthy(port):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"The server did not start:\n{log.read_text('utf-8')[-4000:]}")
        time.sleep(0.1)


def end(process):
    """Ends exactly this process, patiently first."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def serve(folder, app=ROOT / "app.py", **environment):
    """Runs one server from a foreign directory, with its log in there, and yields its address."""
    port, log = free_port(), folder / "server.log"
    options = (f"--server.port={port}", "--server.address=127.0.0.1")
    command = (sys.executable, "-m", "streamlit", "run", str(app), *options)
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdout=output, stderr=output
        )
    try:
        wait_until_healthy(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of one server that all tests share."""
    with serve(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def cold_server(tmp_path):
    """Starts a server that nobody has visited: `cold_server(**environment)`; log in tmp_path."""
    with contextlib.ExitStack() as servers:
        yield lambda **options: servers.enter_context(serve(tmp_path, **options))
