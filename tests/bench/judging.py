"""How long a million rows take to be judged: `python -m tests.bench.judging [rows]`.

Three models under twelve losses, in a thread each: the matrix alone (costs and ranks), the best constants
that it is measured against, every flip of Huber's delta among the models, and the rows that decide
between the first two. Beside them the time to read the same file, with its numbers, and the peak
memory of it all.
"""

import resource
import statistics
import sys
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from losses import Loss
from losses.data.tables import read
from losses.verdict import crossings, deciding_rows, matrix

ROWS, ROUNDS = 1_000_000, 5
JUDGES = (
    *("squared_error", "absolute_error", "huber", "smooth_l1", "pseudo_huber", "log_cosh"),
    *("quantile", "expectile", "epsilon_insensitive", "cauchy", "tukey_biweight", "power"),
)
NAMES = ("y_true", "sharp", "fair", "dull")


def made(rows):
    """The file, as bytes."""
    rng = np.random.default_rng(0)
    target = rng.normal(size=rows)
    models = [target + size * rng.standard_t(4, rows) for size in (0.3, 0.5, 0.7)]
    lines = zip(*(column.tolist() for column in (target, *models)), strict=True)
    body = "\n".join(",".join(map(repr, line)) for line in lines)
    return f"{','.join(NAMES)}\n{body}\n".encode()


def main():
    """Measures, and prints a table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    data = made(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    table = read(data)
    target, *models = (table.column(name).values for name in NAMES)
    given = dict(zip(NAMES[1:], models, strict=True))
    judges = [Loss.catalogue[slug]() for slug in JUDGES]
    tasks = {
        "reading, with the numbers": lambda: [read(data).column(NAMES[0]).values],
        "judging: costs and ranks": lambda: matrix(target, given, judges),
        "best constants": lambda: matrix(target, given, judges).baseline,
        "flips of Huber's delta": lambda: crossings(
            target, given, Loss.catalogue["huber"](), "delta", 0.01, 10.0
        ),
        "deciding rows": lambda: deciding_rows(target, models[0], models[1], judges[0]),
    }
    print(f"{rows:,} rows, {len(data) / 1e6:.0f} MB, {len(models)} models, {len(judges)} losses")
    with threadpool_limits(1, "blas"):  # as the server has it
        took = {name: timed(task) for name, task in tasks.items()}
    for name, seconds in took.items():
        print(f"  {name:<28}{seconds:>8.3f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"  peak memory beyond the file {peak / 1e3:>8.0f} MB")
    reading, judging = took["reading, with the numbers"], took["judging: costs and ranks"]
    print(f"  judging / reading           {judging / reading:>8.2f}")


def timed(task):
    """The median of some rounds, in seconds."""
    seconds = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        task()
        seconds.append(perf_counter() - begun)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
