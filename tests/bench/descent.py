"""How fast eleven optimizers walk together, beside PyTorch's: `python -m tests.bench.descent`.

1,000 steps of every optimizer on 10,000 rows, with the cost and the size of the slope kept at each
step; ours in one batched run, PyTorch's one after the other with autograd, in float64, from the
same start, on one thread. PyTorch keeps nothing but the last weights. Times are medians of rounds
in turn; PyTorch's walks are timed over a tenth of the steps and scaled. The ratio is PyTorch's time
divided by ours: above 1 we are faster.
"""

import argparse
import time

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from losses import Loss, Optimizer
from losses.data import Dataset
from losses.descent import Linear, Objective, Run, descend_together

ROWS, STEPS, ROUNDS, SHARE = 10_000, 1_000, 3, 10
LOSSES = ("squared_error", "huber", "hinge", "cross_entropy")
BATCHES = (None, 64)
OF_TORCH = {
    "gradient_descent": lambda w: torch.optim.SGD(w, 0.1),
    "momentum": lambda w: torch.optim.SGD(w, 0.05, momentum=0.9),
    "nesterov": lambda w: torch.optim.SGD(w, 0.05, momentum=0.9, nesterov=True),
    "adagrad": lambda w: torch.optim.Adagrad(w, 0.5),
    "adadelta": lambda w: torch.optim.Adadelta(w, 1.0),
    "rmsprop": lambda w: torch.optim.RMSprop(w, 0.05, alpha=0.9),
    "adam": lambda w: torch.optim.Adam(w, 0.1),
    "adamax": lambda w: torch.optim.Adamax(w, 0.1),
    "nadam": lambda w: torch.optim.NAdam(w, 0.1),
    "amsgrad": lambda w: torch.optim.Adam(w, 0.1, amsgrad=True),
    "adamw": lambda w: torch.optim.AdamW(w, 0.1),
}
COSTS = {
    "squared_error": torch.nn.functional.mse_loss,
    "huber": torch.nn.functional.huber_loss,
    "hinge": lambda s, y: torch.clamp(1 - y * s, min=0).mean(),
    "cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits,
}


def main():
    """Prints the table."""
    argparse.ArgumentParser("python -m tests.bench.descent", description=__doc__).parse_args()
    print(__doc__)
    print(f"{'loss':<16}{'batch':>7}{'ours, s':>10}{'PyTorch, s':>12}{'ratio':>8}")
    torch.set_num_threads(1)
    with threadpool_limits(1):
        for slug in LOSSES:
            for batch in BATCHES:
                ours, theirs = measured(slug, batch)
                size = f"{batch or 'all':>7}"
                print(f"{slug:<16}{size}{ours:10.3f}{theirs:12.2f}{theirs / ours:8.1f}", flush=True)


def measured(slug, batch):
    """Our seconds and PyTorch's, for all eleven."""
    objective = problem(slug)
    runs = [Run(kind(), np.array([-1.0, -1.0])) for kind in Optimizer.catalogue.values()]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        walks = descend_together(objective, runs, steps=STEPS, batch=batch)
        ours.append(time.perf_counter() - began)
        assert all(np.isfinite(walk.costs).all() and len(walk) == STEPS + 1 for walk in walks)
        began = time.perf_counter()
        for make in OF_TORCH.values():
            walked(objective, slug, make, batch)
        theirs.append((time.perf_counter() - began) * SHARE)
    return np.median(ours), np.median(theirs)


def problem(slug):
    """A line with noise, or two classes on it."""
    rng = np.random.default_rng(0)
    loss = Loss.catalogue[slug]()
    x, noise = rng.normal(size=(2, ROWS))
    y = 2 * x + 1 + noise
    if loss.family == "residual":
        data = Dataset("line", ("x",), x[:, None], y, "y")
    else:
        data = Dataset(
            "classes", ("x",), x[:, None], (y > 0).astype(float), "y", "binary", ("−", "+")
        )
    return Objective(Linear(1), loss, data)


def walked(objective, slug, make, batch):
    """A tenth of the steps, as PyTorch's users write them."""
    X, y = torch.tensor(objective.data.features), torch.tensor(objective.target)
    w = torch.tensor([-1.0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor(-1.0, dtype=torch.float64, requires_grad=True)
    optimizer, cost = make([w, b]), COSTS[slug]
    order = torch.randperm(len(y))
    for t in range(STEPS // SHARE):
        rows = slice(None)
        if batch:
            first = t * batch % (len(y) - batch)
            rows = order[first : first + batch]
        optimizer.zero_grad()
        cost(X[rows] @ w + b, y[rows]).backward()
        optimizer.step()


if __name__ == "__main__":
    main()
