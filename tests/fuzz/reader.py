"""Mutated files, and what stands in them: `python -m tests.fuzz.reader --files 50000`.

A file is drawn whose every number is known: a delimiter, an encoding, line ends, a way of writing
numbers, a header or none, words, missing cells, quotes, lines above the table. A few bytes of it
are then changed, put in, taken out, doubled or moved. Reading what comes of it must

- give a table or raise DataError, and nothing else,
- account for every cell of every column: a number, missing, or bad with its reason,
- give each row whose line is as it was the numbers that it had, or none, in the same columns,
- give each number of a line that was changed only where these digits stand in that line,
- give the same table both ways, wherever the fast way takes the file at all.

Workbooks and Parquet files carry sums of their own, or none: of them only the first is asked.
"""

import argparse
import gzip
import itertools
import math
import os
import random
import re
import sys
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from losses.data import DataError
from losses.data.choices import GUESS
from losses.data.engines import Unclean
from losses.data.tables import _careful, _clean, dataset, guess_roles, read

WORDS = ["cat", "dog", "Zoë", "New York", "eel", "née", "a b", "O'Brien", "true", "2024-05-01"]
GAPS = ["", "NA", "n/a", "null", "-"]
BITS = [b'"', b",", b"\n", b"\r", b";", b"\t", b"|", b" ", b"'", b"=", b"\x00", b"\xff", b"\xe9"]
BITS += [b"-", b".", b"%", b"$", b"#", b"1e400", b"1,5", b"1.5", b"\r\n", b'""', b"NA", b"\xc2\xa0"]


@dataclass
class Drawn:
    """A file, and for each line that is a row of it, its numbers (None for what is no number)."""

    data: bytes
    rows: dict[str, list[float | None]]
    header: list[str] | None


def drawn(rng):
    """A table as someone may have written it, and the truth about it."""
    decimal = rng.choice([".", ".", ","])
    mark = rng.choice([";", "\t", "|"] if decimal == "," else [",", ",", ",", ";", "\t", "|"])
    end = rng.choice(["\n", "\n", "\r\n", "\r"])
    kinds = [
        "number",
        *rng.choices(["number", "number", "whole", "word", "gaps"], k=rng.randint(1, 4)),
    ]
    rng.shuffle(kinds)
    quoted = rng.random() < 0.15
    header = [f"{kind}_{at}" for at, kind in enumerate(kinds)] if rng.random() < 0.85 else None
    above = rng.choice([[], [], [], ["# made by a model"], ["Report"], [""]])
    lines, rows = [*above, *([mark.join(header)] if header else [])], {}
    for at in range(rng.randint(3, 30)):
        cells, numbers = zip(*(cell(rng, kind, at, decimal) for kind in kinds), strict=True)
        shown = [f'"{c}"' if quoted or mark in c else c for c in cells]
        lines.append(mark.join(shown))
        rows[lines[-1]] = list(numbers)
    text = end.join(lines) + end * rng.choice([0, 1, 1, 2])
    encoding = rng.choice(["utf-8"] * 5 + ["utf-8-sig", "utf-16", "cp1252"])
    data = text.encode(encoding)
    return Drawn(gzip.compress(data) if rng.random() < 0.03 else data, rows, header)


def cell(rng, kind, at, decimal):
    """A cell as it is written, and its number."""
    if kind == "word":
        return rng.choice(WORDS), None
    if kind == "gaps" and rng.random() < 0.3:
        return rng.choice(GAPS), None
    if kind == "whole":
        whole = rng.randint(0, 1) if rng.random() < 0.3 else rng.randint(-(10**6), 10**6)
        return str(whole), float(whole)
    digits = rng.choice([2, 3, 6, 17])
    literal = f"{rng.choice([rng.gauss(0, 1), rng.gauss(0, 1e4)]):.{digits}f}"
    if rng.random() < 0.05:
        literal += f"e{rng.randint(-20, 20)}"
    return literal.replace(".", decimal), float(literal)


def mutated(rng, data):
    """A few bytes changed, put in, taken out, doubled or moved."""
    data = bytearray(data)
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(data))
        to = min(len(data), at + int(rng.expovariate(0.1)))
        kind = rng.randrange(6)
        if kind <= 1:
            data[at:at] = rng.choice(BITS)
        elif kind == 2:
            del data[at:to]
        elif kind == 3:
            data[at:at] = data[at:to] * rng.randint(1, 3)
        elif kind == 4:
            piece = data[at:to]
            del data[at:to]
            place = rng.randint(0, len(data))
            data[place:place] = piece
        elif at < len(data):
            data[at] = rng.randrange(256)
    return bytes(data)


def judged(seed):
    """What became of one file: 'table', 'sentence', or what is wrong."""
    rng = random.Random(seed)
    truth = drawn(rng)
    data = mutated(rng, truth.data)
    try:
        found = read(data)
    except DataError as error:
        return "sentence" if 15 < len(str(error)) < 700 else f"bad sentence: {error}"
    except Exception:
        return f"exception: {traceback.format_exc(limit=-4)}"
    try:
        wrong = whole(found) or right(found, data, truth)
        both = "" if wrong else same(data)
        ended = used(found)
        return wrong or (both if both else ended)
    except Exception:
        return f"exception: {traceback.format_exc(limit=-4)}"


def whole(found):
    """Every cell is accounted for."""
    for name in found.names:
        column = found.column(name)
        finite = int(np.isfinite(column.values).sum())
        if finite + len(column.problems) != len(found) or len(found.frame) != len(found):
            return f"cells lost in {name!r}"
        if {p.at for p in column.problems} != set(np.flatnonzero(~np.isfinite(column.values))):
            return f"problems elsewhere in {name!r}"
    return ""


def right(found, data, truth):
    """Every number that comes out stands where it is said to stand."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    text = data.decode(found.encoding).lstrip("\ufeff")
    lines = [one[0] for one in re.finditer(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text)]
    values = [found.column(name).values for name in found.names]
    starts = [*np.asarray(found.lines).tolist(), len(lines) + 1]
    for at, (line, following) in enumerate(itertools.pairwise(starts)):
        numbers = [float(column[at]) for column in values]
        raw = lines[line - 1].rstrip("\r\n")
        known = truth.rows.get(raw)
        if known is not None and len(known) == len(numbers):
            wrong = [n for n, k in zip(numbers, known, strict=True) if not math.isnan(n) and n != k]
            if wrong:
                return f"line {line} {raw!r} is read as {numbers}, not {known}"
        record = "".join(lines[line - 1 : following - 1])
        for number in numbers:
            if not math.isnan(number) and number not in written(record):
                return f"{number!r} is not in line {line} {record!r}"
    return ""


def written(record):
    """Every number that someone could read in a line: each run of digits, in each convention."""
    bare = record.replace("\u2212", "-").replace("'", "").replace("\u2019", "")
    found = set()
    for spaced in (bare, re.sub(r"(?<=\d)[ \xa0\u2009\u202f](?=\d)", "", bare)):
        for decimal, other in ((".", ","), (",", ".")):
            for text in (spaced, spaced.replace(other, "")):
                plain = text.replace(decimal, ".") if decimal == "," else text
                for one in re.finditer(r"(?=((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))", plain):
                    for literal in (one[1], re.split("[eE]", one[1])[0]):
                        value, part = float(literal), float(re.split("[eE]", literal)[0] + "e-2")
                        found |= {value, -value, part, -part}
    return found


def same(data, choices=GUESS):
    """The fast way gives what the careful way gives, or leaves the file to it."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    try:
        fast = _clean(data, choices)
    except Unclean:
        return ""
    slow = _careful(data, choices, "")
    for what in ("names", "encoding", "delimiter", "header", "rejected", "notes"):
        if getattr(fast, what) != getattr(slow, what):
            return f"{what} differ: {getattr(fast, what)!r} and {getattr(slow, what)!r}"
    if list(fast.lines) != list(slow.lines):
        return "lines differ"
    if not fast.frame.equals(slow.frame):
        return f"text differs: {fast.frame.compare(slow.frame)}"
    for name in fast.names:
        one, two = fast.column(name), slow.column(name)
        if one.values.tobytes() != two.values.tobytes() and not np.array_equal(
            one.values, two.values, equal_nan=True
        ):
            return f"numbers of {name!r} differ"
        if (one.problems, one.notes, one.question) != (two.problems, two.notes, two.question):
            return f"problems of {name!r} differ: {one.problems} and {two.problems}"
    if fast.report != slow.report:
        return f"reports differ: {fast.report} and {slow.report}"
    return "table, both ways"


def used(found):
    """Roles are guessed both ways and a data set is made, or a sentence says why not."""
    for only_classes in (False, True):
        roles = guess_roles(found, only_classes=only_classes)
        if roles.target is None or not roles.columns:
            if roles.target is not None and not roles.trouble:
                return "no trouble is said"
            continue
        chosen = {"weight": roles.weight, "group": roles.group, "scale": roles.scale}
        with suppress(DataError):
            dataset(
                found,
                roles.target,
                roles.columns,
                role=roles.role,
                by_class=roles.by_class,
                **chosen,
            )
    return "table"


GOOD = {"table", "sentence", "table, both ways"}


def main():
    """Reads as many files as are asked for, and prints what became of them."""
    options = argparse.ArgumentParser("python -m tests.fuzz.reader", description=__doc__)
    options.add_argument("--files", type=int, default=50_000)
    options.add_argument("--first", type=int, default=0, help="the first seed")
    options.add_argument("--processes", type=int, default=os.cpu_count())
    asked = options.parse_args()
    seeds = range(asked.first, asked.first + asked.files)
    start, counts, bad = perf_counter(), Counter(), []
    with ProcessPoolExecutor(asked.processes) as processes:
        for seed, said in zip(seeds, processes.map(judged, seeds, chunksize=200), strict=True):
            counts[said if said in GOOD else "WRONG"] += 1
            if said not in GOOD:
                bad.append(seed)
                print(f"seed {seed}: {said}", flush=True)
    print(f"{asked.files:,} files in {perf_counter() - start:.0f} s: {dict(counts)}")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
