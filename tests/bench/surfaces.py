"""How fast a cost surface is, beside the plain sums: `python -m tests.bench.surfaces`.

A line through one feature, 100 slopes × 100 intercepts, one thread, one process, calls interleaved;
a cell is the median of its rounds. The plain sums visit every row at every place of the grid: they
are timed for a few intercepts, with all slopes, and their time is scaled up to all 100.
- ours: `losses.descent.surface`, for the whole grid
- NumPy: our own losses, in blocks of rows that stay in cache
- PyTorch: float64, without gradients, in the same blocks, in the formulas that its users write
The error is the largest relative difference to the plain NumPy sum at the places that it was timed
for; beside it stands how many of the places ours gave up on and summed up plainly.
"""

import argparse
import importlib.util
from timeit import timeit

import numpy as np
from threadpoolctl import threadpool_limits

from losses import Loss
from losses.data import Dataset
from losses.descent import Linear, Objective, surface

torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None

LOSSES = "squared_error absolute_error huber quantile hinge cross_entropy focal log_cosh".split()
SIDE = 100
SLOPES, INTERCEPTS = np.linspace(-1.0, 5.0, SIDE), np.linspace(-2.0, 4.0, SIDE)
BLOCK = 32_768  # scores
EVALUATIONS = 3e6  # of a row at a place: what a plain sum is timed for
COLUMNS = ("ours, ms", "NumPy, ms", "PyTorch, ms", "NumPy ÷ ours", "PyTorch ÷ ours")


class Counting(Objective):
    """An objective that counts the places at which its rows are added up one by one."""

    plain = 0

    def values(self, W):
        Counting.plain += len(W)
        return super().values(W)


def main():
    """Measures what is asked for and prints a table."""
    options = argparse.ArgumentParser("python -m tests.bench.surfaces", description=__doc__)
    options.add_argument("--sizes", type=float, nargs="+", default=(1e3, 1e4, 1e5))
    options.add_argument("--losses", nargs="+", default=LOSSES, choices=LOSSES)
    options.add_argument("--rounds", type=int, default=5)
    asked = options.parse_args()
    if torch:
        torch.set_num_threads(1)
    print(f"{SIDE} × {SIDE} places, one thread. Plain sums are scaled up from a few intercepts.\n")
    print_row("loss", "rows", *COLUMNS, "largest error", "places summed plainly")
    print("|---" * (len(COLUMNS) + 4) + "|")
    with threadpool_limits(1, user_api="blas"):
        for slug in asked.losses:
            for rows in asked.sizes:
                print_row(slug, f"{rows:.0e}", *measured(slug, int(rows), asked.rounds))


def measured(slug, rows, rounds):
    """The cells of one line."""
    objective = drawn(slug, rows)
    some = INTERCEPTS[:: max(1, round(SIDE * SIDE * rows / EVALUATIONS))]
    a, b = (part.ravel() for part in np.meshgrid(SLOPES, some))
    W = np.column_stack([a, b])
    functions = {
        "ours": lambda: surface(objective, SLOPES, INTERCEPTS),
        "NumPy": lambda: objective.values(W),
    }
    if torch:
        functions["PyTorch"] = of_torch(slug, objective, SLOPES, some)
    found, expected = functions["ours"](), functions["NumPy"]()
    kept = found[np.isin(INTERCEPTS, some)].ravel()
    if torch:  # the same formula, or the comparison means nothing
        np.testing.assert_allclose(functions["PyTorch"](), expected, rtol=1e-9)
    Counting.plain = 0
    functions["ours"]()
    plain = Counting.plain
    spent = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            spent[name].append(1e3 * timeit(function, number=1))
    scale = {"ours": 1.0}
    medians = {
        name: float(np.median(times)) * scale.get(name, SIDE / len(some))
        for name, times in spent.items()
    }
    error = np.abs(kept / expected - 1).max()
    others = [medians.get(name, np.nan) for name in ("NumPy", "PyTorch")]
    ratios = [f"{other / medians['ours']:.0f}" for other in others]
    times = [f"{time:.3g}" for time in (medians["ours"], *others)]
    return *times, *ratios, f"{error:.0e}", str(plain)


def drawn(slug, rows):
    """A noisy line, or classes on both sides of a point."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=rows)
    y, loss = 2 * x + 1 + rng.normal(size=rows), Loss.catalogue[slug]()
    if loss.family == "residual":
        return Counting(Linear(1), loss, Dataset("line", ("x",), x[:, None], y, "y"))
    label = (y > rng.normal(size=rows)).astype(float)
    classes = Dataset("classes", ("x",), x[:, None], label, "y", task="binary", classes=("a", "b"))
    return Counting(Linear(1), loss, classes)


def of_torch(slug, objective, slopes, intercepts):
    """The plain sum over the rows at each place, in blocks."""
    function, rows = TORCH[slug], len(objective.target)
    x, y = (
        torch.from_numpy(objective.data.features[:, 0].copy()),
        torch.from_numpy(objective.target.copy()),
    )
    a = torch.from_numpy(slopes)[:, None]
    step = min(rows, 2_048)
    together = max(1, BLOCK // step)

    def sums():
        total = torch.zeros(len(intercepts), len(slopes), dtype=torch.float64)
        with torch.no_grad():
            for start in range(0, rows, step):
                here, target = x[start : start + step], y[start : start + step]
                for place, b in enumerate(intercepts):
                    for first in range(0, len(slopes), together):
                        some = slice(first, first + together)
                        total[place, some] += function(a[some] * here + b, target).sum(dim=1)
        return (total / rows).numpy().ravel()

    return sums


def focal(z, y):
    """As torchvision has it, for γ = 2 and no α."""
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(
        z, y.expand_as(z), reduction="none"
    )
    p = torch.sigmoid(z)
    return entropy * (1 - (p * y + (1 - p) * (1 - y))) ** 2


def log_cosh(s, y):
    """Without overflow."""
    r = torch.abs(s - y)
    return r + torch.nn.functional.softplus(-2 * r) - np.log(2)


def of_functional(name):
    """One of PyTorch's own losses, row by row."""
    function = getattr(torch.nn.functional, name)
    return lambda s, y: function(s, y.expand_as(s), reduction="none")


TORCH = torch and {
    "squared_error": of_functional("mse_loss"),
    "absolute_error": of_functional("l1_loss"),
    "huber": of_functional("huber_loss"),
    "quantile": lambda s, y: torch.maximum(0.5 * (y - s), 0.5 * (s - y)),
    "hinge": lambda s, y: torch.clamp(1 - y * s, min=0),
    "cross_entropy": of_functional("binary_cross_entropy_with_logits"),
    "focal": focal,
    "log_cosh": log_cosh,
}


def print_row(*cells):
    """One line of a table."""
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
