"""Runs tests on mutants: a fork for each, in a copy of the tree that is written to and restored."""

import contextlib
import os
import random
import re
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.tree import OPTIONS, fork, outcome

FIRST = ("tests/test_contract.py", "tests/test_latex.py")  # which notice nearly everything
APP = re.compile(
    r"^(?:from|import) (?:streamlit|plotly|charts|pages|tests\.(?:browser|visits|bench))", re.M
)
ABOUT = re.compile(r"^from losses\b", re.M)
AFAR = re.compile(r"^from losses\.(?:data|descent|fit|placing|verdict)\b", re.M)
PATIENCE = 30  # seconds, and three times what the unbroken tree takes, before a mutant hangs
SURVIVED, KILLED = {0, 5}, {1, 2}


@dataclass(frozen=True)
class Stage:
    """Test files, and which of their tests: `own`, those that name the loss; `common`, those that
    name no loss at all, and so may be about any; `all`.
    """

    files: tuple[str, ...]
    choice: str


@dataclass
class Trial:
    """One process at work on one mutant."""

    mutant: object
    stage: int
    tree: Path
    deadline: float = 0.0


def stages(tree, whole):
    """What a mutant has to survive, the nearest tests first."""
    texts = {
        file.relative_to(tree).as_posix(): file.read_text("utf-8")
        for file in sorted((tree / "tests").glob("test_*.py"))
    }
    core = tuple(
        file for file, text in texts.items() if ABOUT.search(text) and not APP.search(text)
    )
    about = tuple(file for file in core if file in FIRST or not AFAR.search(texts[file]))
    others = tuple(file for file in about if file not in FIRST)
    near = Stage(FIRST, "own"), Stage(others, "own"), Stage(about, "common")
    return (*near, Stage(core, "all")) if whole else near


class Selection:
    """A plugin for pytest: the tests of a stage, without those that fail anyway."""

    def __init__(self, choice, own, failing):
        from losses import Loss, Penalty

        self.choice, self.own, self.failing = choice, own, failing
        classes = [*Loss.catalogue.values(), *Penalty.catalogue.values()]
        self.others = {name for cls in classes for name in (cls.slug, cls.__name__.lower())}

    def pytest_collection_modifyitems(self, config, items):
        kept = [item for item in items if self.concerns(item) and item.nodeid not in self.failing]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept

    def concerns(self, item):
        name = item.name.lower()
        if self.choice == "own":
            return named(name, self.own)
        return self.choice == "all" or not named(name, self.others)


def named(name, words):
    """Whether the name of a test contains one of the words."""
    return any(word in name for word in words)


def run_tests(choice, files, own, failing):
    """The exit code of pytest."""
    import pytest

    return int(pytest.main([*OPTIONS, *files], plugins=[Selection(choice, own, failing)]))


def trials(mutants, trees, stages, known, excused):
    """Yields each mutant with its stage and what became of it: killed, hung or survived."""
    waiting, running, free = [(m, 0) for m in reversed(mutants)], {}, list(trees)
    try:
        while waiting or running:
            while waiting and free:
                trial = Trial(*waiting.pop(), free.pop())
                running[_started(trial, stages[trial.stage], known)] = trial
            for pid, code in _ended(running):
                trial = running.pop(pid)
                shutil.copy2(trial.tree / ".kept", trial.tree / trial.mutant.file)
                free.append(trial.tree)
                last = trial.stage + 1 == len(stages) or trial.mutant.key in excused
                if code in SURVIVED and not last:
                    waiting.append((trial.mutant, trial.stage + 1))
                else:
                    yield trial.mutant, trial.stage, _verdict(code, trial)
    finally:
        for pid in running:
            _end(pid)


def _started(trial, stage, known):
    mutant, used = trial.mutant, {file: known[file] for file in stage.files}
    used = {file: one for file, one in used.items() if file not in one.failed}
    if stage.choice == "own":  # files without any such test need not even be read
        concerned = [f for f in used if any(named(name, mutant.own) for name in used[f].names)]
        used = {file: used[file] for file in concerned}
    trial.deadline = time.monotonic() + PATIENCE + 3 * sum(one.seconds for one in used.values())
    failing = {test for one in used.values() for test in one.failed}
    files = sorted(used, key=lambda file: used[file].seconds)
    shutil.copy2(trial.tree / mutant.file, trial.tree / ".kept")
    (trial.tree / mutant.file).write_text(mutant.source, "utf-8")

    def work():
        random.seed(mutant.key)  # a fork inherits it, and Hypothesis would draw the same each time
        return run_tests(stage.choice, files, mutant.own, failing)

    return fork(trial.tree, work)


def _ended(running):
    """The processes that have ended by now; those that have run for too long are ended."""
    time.sleep(0.005)
    for pid, trial in list(running.items()):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            yield pid, os.waitstatus_to_exitcode(status)
        elif time.monotonic() > trial.deadline:
            yield pid, _end(pid)


def _end(pid):
    """Ends a fork of ours, and what it may have started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return outcome(pid)


def _verdict(code, trial):
    if code in SURVIVED:
        return "survived"
    if code in KILLED:
        return "killed"
    if code < 0:  # by a signal: ours, or that of a crash
        return "hung" if time.monotonic() > trial.deadline else "killed"
    said = (trial.tree / ".log").read_text("utf-8")
    sys.exit(f"{trial.mutant.key}\n{said}\npytest could not run (exit code {code})")
