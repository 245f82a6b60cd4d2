"""How fast a small network trains, beside PyTorch's eager loop: `python -m tests.bench.network`.

1,000 full-batch steps of a net with two features, two hidden layers of eight and one logit, on 500
rows; ours keeps the weights, the cost and the size of the slope at each step, and judges the end;
PyTorch's keeps nothing but the last weights. Float64, from the same start, on one thread. Times are
medians of rounds in turn; PyTorch's walks are timed over a fifth of the steps and scaled. The ratio
is PyTorch's time divided by ours: above 1 we are faster, and below 2 this ends with an error. The
last lines are many nets at once, and pictures: those of 200 steps on a grid of 60 × 60.
"""

import argparse
import sys
import time

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from losses import Loss, Optimizer
from losses.data import Dataset
from losses.descent import MLP, Objective, descend
from losses.descent.bands import bands
from losses.descent.portrait import pictured_units, predicted

ROWS, STEPS, ROUNDS, SHARE, BAR = 500, 1_000, 5, 5, 2.0
ACTS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid}
OF_TORCH = {
    "gradient_descent": lambda w: torch.optim.SGD(w, 0.1),
    "momentum": lambda w: torch.optim.SGD(w, 0.05, momentum=0.9),
    "adam": lambda w: torch.optim.Adam(w, 0.1),
}
BATCHES = (None, 32)


def main():
    """Prints the table; ends with an error where a ratio is below the bar."""
    argparse.ArgumentParser("python -m tests.bench.network", description=__doc__).parse_args()
    print(__doc__)
    head = f"{'activation':<12}{'optimizer':<18}{'batch':>7}{'ours, s':>10}{'PyTorch, s':>12}"
    print(f"{head}{'ratio':>8}")
    torch.set_num_threads(1)
    ratios = []
    with threadpool_limits(1):
        for activation in ACTS:
            for slug in OF_TORCH:
                for batch in BATCHES:
                    ours, theirs = measured(activation, slug, batch)
                    ratios.append(theirs / ours)
                    named = f"{activation:<12}{slug:<18}{batch or 'all':>7}"
                    print(f"{named}{ours:10.3f}{theirs:12.3f}{ratios[-1]:8.1f}", flush=True)
        beside()
    if min(ratios) < BAR:
        sys.exit(f"the least ratio, {min(ratios):.2f}, is below {BAR:g}")


def measured(activation, slug, batch):
    """Our seconds and PyTorch's."""
    objective = problem(activation)
    start, optimizer = objective.model.init(0), Optimizer.catalogue[slug]()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        walk = descend(objective, optimizer, start, steps=STEPS, batch=batch)
        ours.append(time.perf_counter() - began)
        assert len(walk) == STEPS + 1
        began = time.perf_counter()
        trained(objective, start, OF_TORCH[slug], batch)
        theirs.append((time.perf_counter() - began) * SHARE)
    return np.median(ours), np.median(theirs)


def problem(activation):
    """Two classes in four corners."""
    X = np.random.default_rng(0).normal(size=(ROWS, 2))
    label = (X.prod(axis=1) > 0).astype(float)
    data = Dataset("xor", ("a", "b"), X, label, "y", task="binary", classes=("apart", "alike"))
    return Objective(MLP(2, (8, 8), activation), Loss.catalogue["cross_entropy"](), data)


def trained(objective, start, make, batch):
    """A fifth of the steps, as PyTorch's users write them."""
    X, y = torch.tensor(objective.data.features), torch.tensor(objective.target)
    net = module_of(objective.model, start)
    optimizer, order = make(net.parameters()), torch.randperm(len(y))
    cost = torch.nn.functional.binary_cross_entropy_with_logits
    for t in range(STEPS // SHARE):
        features, target = X, y
        if batch:
            first = t * batch % (len(y) - batch)
            rows = order[first : first + batch]
            features, target = X[rows], y[rows]
        optimizer.zero_grad()
        cost(net(features)[:, 0], target).backward()
        optimizer.step()


def module_of(model, w):
    """The same net of PyTorch's own layers."""
    parts = []
    for layer, own in enumerate(model.matrices(w)):
        linear = torch.nn.Linear(own.shape[1] - 1, own.shape[0], dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(own[:, :-1]), torch.tensor(own[:, -1])
        parts += [linear] + ([ACTS[model.activation]()] if layer < len(model.hidden) else [])
    return torch.nn.Sequential(*parts)


def beside():
    """The seconds of what a page does besides one training."""
    objective, grid = problem("tanh"), np.linspace(-3, 3, 60)
    kinds = [Optimizer.catalogue[slug]() for slug in OF_TORCH]
    walk = descend(objective, kinds[-1], objective.model.init(0), steps=199)
    jobs = {
        "20 seeds × 3 optimizers × 200 steps": lambda: bands(
            objective, kinds, range(20), steps=200
        ),
        "200 surfaces of 60 × 60": lambda: predicted(objective, walk.weights, grid, grid),
        "16 units at 200 steps on 20 × 20": lambda: pictured_units(
            objective, walk.weights, grid[::3], grid[::3]
        ),
        "an exact Hessian of 105 weights": lambda: objective.hessian(walk.weights[-1]),
    }
    for name, job in jobs.items():
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            job()
            times.append(time.perf_counter() - began)
        print(f"{name:<47}{np.median(times):10.4f}", flush=True)


if __name__ == "__main__":
    main()
