"""Random formulas, and what becomes of them: `python -m tests.fuzz.formula --texts 100000`.

A text is made of the words of the language in an order that may or may not mean something, then a
few characters of it are changed. Reading it must

- give a loss or raise FormulaError with a place in the text, and nothing else,
- execute, compile, import or open nothing,
- take no longer than a tenth of a second of the processor, with its values and derivatives at 101 rows.

Where it is a loss, its printed formula, its expression and, one time in fifty, its report are made
too.
"""

import argparse
import ast
import math
import os
import random
import sys
import traceback
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter, process_time

import numpy as np

from losses.formula import Formula, FormulaError, lint, parameter_names
from losses.formula.words import ALIASES, FUNCTIONS, MOST_CHARACTERS

SLOW = 0.1  # seconds
LETTERS = ["r", "r", "r", "r", "y", "s", "m", "z", "p", "mu", "d", "tau", "k1", "pi", "e"]
NUMBERS = ["0", "1", "2", "0.5", ".5", "3.", "1e3", "1e-9", "9", "1e99", "100", "1e100"]
SIGNS = ["+", "-", "*", "/", "^", "**", "<", "<=", ">", ">=", "==", "!=", " and ", " or "]
JUNK = [*"()+-*/^,<>=!. \t\n'\"[]{}|&%$#@;:?_~`\\0129xyrmspz", "__", "lambda", "import ", "**"]
JUNK += [
    "²",
    "−",
    "δ",
    "⁻¹",
    "·",
    "½",
    "≤",
    "ŷ",
    "π",
    "=",
    "а",
    "\u202e",
    "\x00",
    "🦆",
    "not ",
    "e9",
    "1e999",
]
BANNED = {"open", "import", "exec", "compile", "os.system", "subprocess.Popen", "os.exec"}
watching, events = False, []


def _watch(event, _):
    if watching and event in BANNED:
        events.append(event)


def expression(rng, letters, depth):
    """A text that means something, mostly."""
    if depth <= 0 or rng.random() < 0.2:
        return rng.choice(letters) if rng.random() < 0.7 else rng.choice(NUMBERS)
    one = expression(rng, letters, depth - 1)
    kind = rng.random()
    if kind < 0.5:
        other = expression(rng, letters, depth - 1)
        text = f"{one}{rng.choice(SIGNS[:6] if rng.random() < 0.95 else SIGNS)}{other}"
        return f"({text})" if rng.random() < 0.6 else text
    if kind < 0.6:
        return f"-{one}"
    if kind < 0.7:
        other = expression(rng, letters, depth - 1)
        return f"where({one} {rng.choice(SIGNS[6:12])} 1, {other}, {one})"
    name = rng.choice([*FUNCTIONS, *ALIASES])
    wanted = (FUNCTIONS[ALIASES.get(name, name)][0] or 2) - 1
    more = wanted if rng.random() < 0.97 else rng.randint(0, 4)
    parts = [one, *(expression(rng, letters, depth - 2) for _ in range(more))]
    if name == "where":
        parts[0] += " > 0"
    return f"{name}({', '.join(parts)})"


def drawn(rng):
    """A text, with a few characters changed or not."""
    family = rng.choice(
        [LETTERS] * (rng.random() < 0.02)
        or [["r"], ["m"], ["y", "p"], ["y", "z"], ["y", "s"], ["mu", "y"]]
    )
    text = expression(rng, [*family, *family, *family, rng.choice(LETTERS[10:])], rng.randint(1, 7))
    if rng.random() < 0.95:
        text += "".join(f"{rng.choice('+-*/')}{one}" for one in family if one not in text)
    for _ in range(rng.choice([0, 0, 0, 0, 1, 2, 5])):
        at = rng.randint(0, len(text))
        text = text[:at] + rng.choice(JUNK) + text[at + rng.choice([0, 0, 1, 3]) :]
    if rng.random() < 0.01:
        text = text * rng.randint(2, 40)
    return text


def judged(seed):
    """What became of one text, and how many seconds it took: 'loss', 'sentence', or what is wrong."""
    global watching
    rng = random.Random(seed)
    text = drawn(rng)
    rows = np.concatenate([np.linspace(-5, 5, 97), [0.0, 1e300, -1e300, 1e-300]])
    events.clear()
    watching, started = True, process_time()
    try:
        own = {name: rng.choice([0.5, 1.0, -2.0, 0.0, 1e50]) for name in parameter_names(text)}
        loss = Formula(text, **own)
        target = {"binary": 1.0, "margin": -1.0}.get(loss.family, 0.5) * np.ones_like(rows)
        parts = [getattr(loss, w)(target, rows) for w in ("value", "gradient", "curvature")]
        seconds = process_time() - started
        said = checked(loss, parts, text, seed)
    except FormulaError as error:
        seconds = process_time() - started
        right = 0 <= error.place <= min(len(text), MOST_CHARACTERS) and error.sentence
        said = (
            "sentence" if right else f"bad sentence {error.sentence!r} at {error.place}: {text!r}"
        )
    except Exception:
        watching, seconds = False, process_time() - started
        said = f"exception for {text!r}: {traceback.format_exc(limit=-4)}"
    finally:
        watching = False
    if events:
        said = f"executed {events}: {text!r}"
    if seconds > SLOW:  # again: the machine may have been busy
        seconds = min(seconds, timed(text, rows))
    return said if seconds < SLOW else f"slow, {seconds:.3f} s: {text!r}", seconds


def timed(text, rows):
    """Seconds of a second reading; the class of the text is by now known."""
    started = process_time()
    try:
        loss = Formula(text + " ", **dict.fromkeys(parameter_names(text), 1.0))
        loss.curvature(np.ones_like(rows), rows)
    except FormulaError:
        pass
    return process_time() - started


def checked(loss, parts, text, seed):
    """The loss's own texts and, now and then, its report."""
    global watching
    value, *slopes = parts
    if any(part.shape != value.shape for part in slopes):
        return f"shapes of {text!r}"
    if any(np.isfinite(part[np.isnan(value)]).any() for part in slopes):
        return f"a derivative of no value: {text!r}"
    expression = loss.expression
    if not loss.latex or not math.isfinite(len(expression)):
        return f"no text of {text!r}"
    if seed % 50 == 0:
        lint(loss)
    watching = False
    ast.parse(expression)
    return "loss"


def main():
    """Reads as many texts as are asked for, and prints what became of them."""
    options = argparse.ArgumentParser("python -m tests.fuzz.formula", description=__doc__)
    options.add_argument("--texts", type=int, default=100_000)
    options.add_argument("--first", type=int, default=0, help="the first seed")
    options.add_argument("--processes", type=int, default=os.cpu_count())
    asked = options.parse_args()
    seeds = range(asked.first, asked.first + asked.texts)
    start, counts, slowest, bad = perf_counter(), Counter(), 0.0, 0
    with ProcessPoolExecutor(asked.processes, initializer=prepare) as processes:
        for seed, (said, seconds) in zip(
            seeds, processes.map(judged, seeds, chunksize=500), strict=True
        ):
            good = said in ("loss", "sentence")
            counts[said if good else "WRONG"] += 1
            slowest = max(slowest, seconds)
            if not good:
                bad += 1
                print(f"seed {seed}: {said}", flush=True)
    took = perf_counter() - start
    print(f"{asked.texts:,} texts in {took:.0f} s: {dict(counts)}; slowest {slowest * 1e3:.1f} ms")
    sys.exit(bool(bad))


def prepare():
    """Warnings are errors, as in the tests, and Python's audit events are watched."""
    warnings.simplefilter("error")
    lint(Formula("where(abs(r) < d, r^2, d)", d=1.0))  # what it imports is imported
    sys.addaudithook(_watch)


if __name__ == "__main__":
    main()
