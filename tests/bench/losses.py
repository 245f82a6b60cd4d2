"""How fast a cost is, beside the libraries that compute it too: `python -m tests.bench.losses`.

One process; every round calls each function once, in random order; a cell is the median of its
rounds, or the only call if that took a second. A ratio is the other's time divided by ours:
above 1 we are faster. All run on one thread, except in the last column, which has rounds of its
own: its idle threads would slow the others. Each library is called as its users call it.
- sklearn loss: `sklearn._loss`, the losses of scikit-learn's own estimators, and the mean; with
  the gradient: its rows divided by n, as those of a mean are
- sklearn metric: `sklearn.metrics`; where it wants probabilities, its time includes making them
- SciPy: `scipy.special` (huber, log_expit, log_softmax), and the mean
- PyTorch: `torch.nn.functional`; with the gradient: forward, and backward to the scores
- read: the two arrays are only read: a dot product of floats with themselves, the largest class
"""

import argparse
import importlib.util
import random
import subprocess
import sys
import time
import tracemalloc
from functools import partial
from itertools import product
from timeit import timeit

import numpy as np
from scipy import special
from sklearn import metrics
from sklearn._loss import loss as own
from threadpoolctl import threadpool_limits

from losses import Loss
from losses.cost import cost, cost_and_gradient

torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None

TAU = 0.3
LOSSES = "squared_error absolute_error huber log_cosh quantile hinge cross_entropy focal".split()
LOSSES += ["softmax_cross_entropy"]
CLASSES = {"softmax_cross_entropy": (3, 10, 100)}  # the others have one score a row
OF_SKLEARN = {
    "squared_error": lambda classes: own.HalfSquaredError(),
    "absolute_error": lambda classes: own.AbsoluteError(),
    "huber": lambda classes: own.HuberLoss(delta=1.0),
    "quantile": lambda classes: own.PinballLoss(quantile=TAU),
    "cross_entropy": lambda classes: own.HalfBinomialLoss(),
    "softmax_cross_entropy": lambda classes: own.HalfMultinomialLoss(n_classes=classes),
}
METRICS = {
    "squared_error": metrics.mean_squared_error,
    "absolute_error": metrics.mean_absolute_error,
    "quantile": lambda y, s: metrics.mean_pinball_loss(y, s, alpha=TAU),
    "hinge": metrics.hinge_loss,
    "cross_entropy": lambda y, s: metrics.log_loss(y, special.expit(s)),
    "softmax_cross_entropy": lambda y, s: metrics.log_loss(y, special.softmax(s, 1)),
}
OF_SCIPY = {
    "huber": lambda y, s: special.huber(s.dtype.type(1), s - y).mean(),
    "cross_entropy": lambda y, s: -special.log_expit((2 * y - 1) * s).mean(),
    "softmax_cross_entropy": lambda y, s: -special.log_softmax(s, 1)[np.arange(len(y)), y].mean(),
}
OF_TORCH = {
    "squared_error": "mse_loss",
    "absolute_error": "l1_loss",
    "huber": "huber_loss",
    "cross_entropy": "binary_cross_entropy_with_logits",
    "softmax_cross_entropy": "cross_entropy",
}
LARGEST = 1e9  # bytes of scores: the hungriest library holds six copies of them at once
SLOW = 1.0  # seconds
THREADS = torch.get_num_threads() if torch else 1
PEERS = ("sklearn loss", "sklearn metric", "SciPy", "PyTorch")  # on one thread
COLUMNS = ("read", *PEERS, f"PyTorch, {THREADS} threads")
COST, BOTH = "cost", "with gradient"


def main():
    """Measures what is asked for and prints the tables."""
    said = __doc__.splitlines()[0]
    options = argparse.ArgumentParser("python -m tests.bench.losses", description=said)
    options.add_argument("--sizes", type=float, nargs="+", default=(1e3, 1e5, 1e6, 1e7))
    options.add_argument("--losses", nargs="+", default=LOSSES, choices=LOSSES)
    options.add_argument("--quick", action="store_true", help="few rounds, at most 1e6 rows")
    options.add_argument("--warm", action="store_true", help="an untimed call before each timed")
    asked = options.parse_args()
    sizes = [int(size) for size in asked.sizes if size <= 1e6 or not asked.quick]
    began = time.perf_counter()
    with threadpool_limits(1, user_api="blas"):
        ratios = print_times(asked.losses, sizes, 0.1 if asked.quick else 0.3, asked.warm)
        print_summary(ratios)
        print_memory(100_000 if asked.quick else 10_000_000)
    print_imports(5 if asked.quick else 15)
    print(f"\n{time.perf_counter() - began:.0f} s in all.")


def print_times(slugs, sizes, seconds, warm):
    """One line a cell; returns {(peer, what, type, rows, loss): ratio}."""
    print("Ratios: the other's time ÷ ours.\n")
    print_head("loss", "type", "rows", "", "ours, µs", *COLUMNS)
    ratios, left_out = {}, []
    for slug, dtype, rows in product(slugs, (np.float64, np.float32), sizes):
        for classes in CLASSES.get(slug, (1,)):
            name = f"{slug}, {classes} classes" if classes > 1 else slug
            cell = (np.dtype(dtype).name, f"{rows:.0e}")
            if rows * classes * np.dtype(dtype).itemsize > LARGEST:
                left_out.append(" ".join((name, *cell)))
                continue
            for what, spent in measured(slug, classes, dtype, rows, seconds, warm).items():
                here = {peer: spent[peer] / spent["ours"] for peer in spent}
                ratios |= {(peer, what, *cell, name): here[peer] for peer in here}
                shown = [f"{here[peer]:.2f}" if peer in here else "" for peer in COLUMNS]
                ours = f"{spent['ours'] * 1e6:.4g}"
                print_row(name, *cell, what, ours, *shown)
    print(f"\nLeft out, as six copies do not fit into 6 GB: {'; '.join(left_out) or 'nothing'}.")
    return ratios


def measured(slug, classes, dtype, rows, seconds, warm):
    """{what: {function: seconds}} of one loss on one set of rows."""
    y, s = drawn(slug, classes, dtype, rows)
    loss = Loss.catalogue[slug](**{"tau": TAU} if slug == "quantile" else {})
    values = {"ours": lambda: cost(loss, y, s), "read": lambda: (read(y), read(s))}
    both = values | {"ours": lambda: cost_and_gradient(loss, y, s)}
    if slug in OF_SKLEARN:
        peer, target = OF_SKLEARN[slug](classes), y.astype(dtype)
        values["sklearn loss"] = lambda: peer.loss(target, s).mean()
        both["sklearn loss"] = lambda: of_the_mean(*peer.loss_gradient(target, s))
    for column, others in (("sklearn metric", METRICS), ("SciPy", OF_SCIPY)):
        if slug in others:
            values[column] = partial(others[slug], y, s)
    functions = {COST: values, BOTH: both}
    if torch and slug in OF_TORCH:
        values["PyTorch"], both["PyTorch"] = of_torch(OF_TORCH[slug], y, s)
    spent = {what: medians(functions[what], seconds, warm) for what in functions}
    if "PyTorch" in values:
        torch.set_num_threads(THREADS)
        for what in functions:
            spent[what] |= medians({COLUMNS[-1]: functions[what]["PyTorch"]}, seconds / 4, warm)
    return spent


def drawn(slug, classes, dtype, rows):
    """Targets of the loss's kind, and scores."""
    rng = np.random.default_rng(1)
    s = rng.standard_normal((rows, classes) if classes > 1 else rows, dtype=dtype)
    s *= 2
    if classes > 1:
        return rng.integers(0, classes, rows), s
    y = rng.standard_normal(rows, dtype=dtype)
    if slug in ("cross_entropy", "focal"):
        return (y < s).astype(dtype), s
    return (np.copysign(1, y) if slug == "hinge" else y), s


def read(x):
    """Reads an array in the fastest way that NumPy has."""
    return np.vdot(x, x) if x.dtype.kind == "f" else x.max()


def of_the_mean(values, slopes):
    """The mean, and the gradient of the mean, from the losses of the rows and their slopes."""
    slopes /= len(slopes)
    return values.mean()


def of_torch(name, y, s):
    """The forward pass, and the forward and the backward pass, on one thread until told otherwise."""
    torch.set_num_threads(1)
    function, target = getattr(torch.nn.functional, name), torch.from_numpy(y)
    leaf = torch.from_numpy(s).requires_grad_()

    def forward():
        with torch.no_grad():
            return function(leaf, target).item()

    def backward():
        leaf.grad = None
        value = function(leaf, target)
        value.backward()
        return value.item()

    return forward, backward


def medians(functions, seconds, warm):
    """The median time of each function over interleaved rounds, two at least."""
    first = {name: timeit(function, number=1) for name, function in functions.items()}
    fast = {name: functions[name] for name in functions if first[name] < SLOW}
    spent = {name: [] for name in fast}
    end = time.perf_counter() + seconds
    while fast and (time.perf_counter() < end or len(min(spent.values(), key=len)) < 2):
        for name in random.sample(list(fast), len(fast)):
            if warm:
                fast[name]()
            spent[name].append(timeit(fast[name], number=1))
    return first | {name: np.median(times) for name, times in spent.items()}


def print_summary(ratios):
    """Geometric means and the worst ratio on one thread, at 1e5 and 1e6 rows."""
    print("\nOne thread, 1e5 and 1e6 rows:\n")
    print_head("", "type", "beside", "geometric mean", "worst", "where")
    groups = [(peer, (peer,)) for peer in PEERS] + [("all", PEERS)]
    for what, kind, (beside, peers) in product((COST, BOTH), ("float64", "float32"), groups):
        chosen = {
            cell: ratio
            for cell, ratio in ratios.items()
            if cell[0] in peers and cell[1:3] == (what, kind) and cell[3] in ("1e+05", "1e+06")
        }
        if chosen:
            mean = np.exp(np.mean(np.log(list(chosen.values()))))
            worst = min(chosen, key=chosen.get)
            where = f"{worst[4]}, {worst[3]} rows, {worst[0]}"
            print_row(what, kind, beside, f"{mean:.2f}", f"{chosen[worst]:.2f}", where)


def print_memory(rows):
    """What a cost allocates beyond its inputs, at its peak."""
    print(f"\nMemory at the peak of cost, {rows:.0e} rows:\n")
    print_head("loss", "scores", "targets", "inputs, MB", "beyond them, MB")
    cases = (("squared_error", 1), ("cross_entropy", 1), ("softmax_cross_entropy", 3))
    for (slug, classes), dtype in product(cases, (np.float64, np.float32)):
        y, s = drawn(slug, classes, dtype, rows)
        y = y if slug == "squared_error" else y.astype(int)
        tracemalloc.start()
        cost(Loss.catalogue[slug](), y, s)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        inputs = (y.nbytes + s.nbytes) / 1e6
        print_row(slug, str(s.dtype), str(y.dtype), f"{inputs:.0f}", f"{peak / 1e6:.1f}")


def print_imports(runs):
    """Import times in fresh processes, in turn."""
    spent = {"numpy": [], "losses": []}
    for _, module in product(range(runs), spent):
        program = f"from time import time; t = time(); import {module}; print(time() - t)"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
        spent[module].append(1e3 * float(done.stdout))
    alone, ours = (np.median(times) for times in spent.values())
    print(f"\nImport, median of {runs}: numpy {alone:.0f} ms, losses with numpy {ours:.0f} ms.")


def print_head(*cells):
    """The first two lines of a table."""
    print_row(*cells)
    print("|---" * len(cells) + "|")


def print_row(*cells):
    """One line of a table."""
    print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
