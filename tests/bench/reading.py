"""How long a million rows take to read, and how much memory: `python -m tests.bench.reading`.

Seconds are medians of calls that take turns in one process, so that a busy moment meets all alike.
Memory is that of a process of its own, which reads once: the most that it ever held, and how much
of this came with reading.
- ours, table: `losses.data.tables.read`, with every plain column parsed
- ours, numbers: the same, and each column certified as float64
- ours, text: the same, and all cells as text as well
- pandas: `read_csv`, which parses in C
- Polars: `read_csv`, which parses in Rust on all cores
Before anything is timed, all numbers are compared bit by bit with those of Polars.
"""

import argparse
import io
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

READERS = ("ours, table", "ours, numbers", "ours, text", "pandas", "Polars")
COLUMNS = ("y_true", "a", "b", "c")


def main():
    """Makes the file, measures every reader and prints a table."""
    options = argparse.ArgumentParser("python -m tests.bench.reading", description=__doc__)
    options.add_argument("--rows", type=float, default=1e6)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--reader", choices=READERS, help="measure one, in this process")
    options.add_argument("--file", type=Path)
    asked = options.parse_args()
    if asked.reader:
        print(json.dumps(memory(asked.reader, asked.file.read_bytes())))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        write(file, int(asked.rows))
        check(file.read_bytes())
        times = seconds(file.read_bytes(), asked.rounds)
        found = {reader: in_a_process(reader, file) for reader in READERS}
        print(f"{asked.rows:,.0f} rows × {len(COLUMNS)} floats, {file.stat().st_size / 1e6:.1f} MB")
    fastest = min(times["pandas"], times["Polars"])
    print_row("reader", "seconds", "÷ faster of pandas and Polars", "peak MB", "of it, to read")
    print("|---" * 5 + "|")
    for reader, time in times.items():
        peak, more = found[reader]
        print_row(reader, f"{time:.3f}", f"{time / fastest:.2f}", f"{peak:.0f}", f"{more:.0f}")


def write(file, rows):
    """Normal numbers, with all the digits that they have."""
    numbers = np.random.default_rng(0).normal(size=(rows, len(COLUMNS)))
    with file.open("w") as out:
        out.write(",".join(COLUMNS) + "\n")
        for block in np.array_split(numbers, max(1, rows // 100_000)):
            out.writelines(",".join(map(repr, row)) + "\n" for row in block.tolist())


def check(data):
    """The same bits as Polars, or there is nothing to compare."""
    ours, polars = readers()["ours, numbers"](data), readers()["Polars"](data)
    for name, values in zip(COLUMNS, ours, strict=True):
        assert values.tobytes() == polars[name].to_numpy().tobytes(), name


def readers():
    """Each reader as a function of bytes."""
    import pandas as pd
    import polars as pl

    from losses.data.tables import read

    def numbers(data):
        table = read(data)
        return [table.column(name).values for name in table.names]

    def text(data):
        table = read(data)
        return [table.column(name).values for name in table.names], table.frame

    functions = (
        read,
        numbers,
        text,
        lambda data: pd.read_csv(io.BytesIO(data)),
        pl.read_csv,
    )
    return dict(zip(READERS, functions, strict=True))


def seconds(data, rounds):
    """The median time of each reader."""
    times = {reader: [] for reader in READERS}
    for _ in range(rounds):
        for reader, function in readers().items():
            start = perf_counter()
            kept = function(data)
            times[reader].append(perf_counter() - start)
            del kept
    return {reader: statistics.median(taken) for reader, taken in times.items()}


def memory(reader, data):
    """The peak of memory in MB, and how much of it came with reading."""
    function = readers()[reader]
    function(data[: data.index(b"\n", 10_000) + 1])  # what is imported late is imported now
    before = peak()
    kept = function(data)
    found = peak()
    del kept
    return found, found - before


def peak():
    """The most memory this process has held, in MB.

    Linux hands `ru_maxrss` down from the process that started this one, but not `VmHWM`.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1e3


def in_a_process(reader, file):
    """The same, measured in a process of its own."""
    asked = [f"--reader={reader}", f"--file={file}"]
    command = [sys.executable, "-m", "tests.bench.reading", *asked]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def print_row(*cells):
    """A line of a Markdown table."""
    print("| " + " | ".join(map(str, cells)) + " |")


if __name__ == "__main__":
    main()
