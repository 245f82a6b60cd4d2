"""Copies of the working tree, and processes that run in them."""

import contextlib
import gc
import importlib
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
AWAY = shutil.ignore_patterns(".*", "__pycache__", "docs", "browser", "bench")
OURS = {"losses", "tests", "charts", "pages", "app", "conftest", "__main__", "__mp_main__"}
OPTIONS = ["-x", "-q", "--tb=no", "--assert=plain", "-p", "no:cacheprovider"]
WATCHED = """
import json, sys, pytest
seen = {"names": [], "failed": []}
class Watch:
    def pytest_collection_finish(self, session):
        seen["names"] = [item.name.lower() for item in session.items]
    def pytest_runtest_logreport(self, report):
        seen["failed"] += [report.nodeid] * report.failed
seen["code"] = int(pytest.main(sys.argv[1:], plugins=[Watch()]))
print(json.dumps(seen | {"modules": list(sys.modules)}))
"""


@dataclass(frozen=True)
class Unbroken:
    """What a file of tests does on the tree as it is; `failed` names the file if nothing runs."""

    seconds: float
    names: list[str]
    failed: list[str]
    modules: list[str]


def copied(folder, tree=None):
    """A copy of a tree, or of the working tree as it is now: nobody edits it meanwhile."""
    shutil.copytree(tree or ROOT, folder, ignore=None if tree else AWAY)
    return folder


def unbroken(tree, files, jobs):
    """Runs each file of tests on the tree as it is."""
    with ThreadPoolExecutor(jobs) as pool:
        return dict(zip(files, pool.map(partial(_unbroken, tree), files), strict=True))


def _unbroken(tree, file):
    started, command = time.monotonic(), [sys.executable, "-c", WATCHED, *OPTIONS[1:], file]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    failed = seen["failed"] or [file] * (seen["code"] != 0)
    return Unbroken(time.monotonic() - started, seen["names"], failed, seen["modules"])


def warm_up(known):
    """Imports what the tests need besides the losses and each other: each fork has it already."""
    modules = dict.fromkeys(name for file in known.values() for name in file.modules)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in [name for name in modules if name.partition(".")[0] not in OURS]:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    sys.dont_write_bytecode = True  # or the bytecode of a mutant could outlive it
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    gc.freeze()


def fork(tree, work):
    """Calls `work` in a process of its own, in a tree; its result is the exit code."""
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _enter(tree)
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _enter(tree):
    log = os.open(tree / ".log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(tree)
    here = {"", str(ROOT)}
    sys.path[:] = [str(tree), *(place for place in sys.path if place not in here)]
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS - {"__main__"}]:
        del sys.modules[name]


def outcome(pid):
    """The exit code of a fork, once it has ended; a signal is negative."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def ask(tree, work):
    """What `work` returns in a fork: this process never imports what it is going to break."""
    answer = tree / ".answer"

    def written():
        answer.write_bytes(pickle.dumps(work()))
        return 0

    if outcome(fork(tree, written)):
        sys.exit((tree / ".log").read_text("utf-8"))
    return pickle.loads(answer.read_bytes())
