"""Each optimizer beside PyTorch's, step by step: on a noisy bowl, and on data, with schedules."""

import importlib.util

import numpy as np
import pytest

from losses import Loss, Optimizer
from losses.data import Dataset
from losses.descent import Linear, Objective, Schedule, descend

torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None

pytestmark = [
    pytest.mark.export,
    pytest.mark.skipif(torch is None, reason="not checked: torch is not installed"),
]

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
STEPS = 200
PYTORCH = {
    "gradient_descent": lambda w, o: torch.optim.SGD(w, lr=o.eta),
    "momentum": lambda w, o: torch.optim.SGD(w, lr=o.eta, momentum=o.beta),
    "nesterov": lambda w, o: torch.optim.SGD(w, lr=o.eta, momentum=o.beta, nesterov=True),
    "adagrad": lambda w, o: torch.optim.Adagrad(w, lr=o.eta, eps=o.epsilon),
    "adadelta": lambda w, o: torch.optim.Adadelta(w, lr=o.eta, rho=o.rho, eps=o.epsilon),
    "rmsprop": lambda w, o: torch.optim.RMSprop(w, lr=o.eta, alpha=o.rho, eps=o.epsilon),
    "adam": lambda w, o: torch.optim.Adam(w, lr=o.eta, betas=(o.beta1, o.beta2), eps=o.epsilon),
    "adamax": lambda w, o: torch.optim.Adamax(w, lr=o.eta, betas=(o.beta1, o.beta2), eps=o.epsilon),
    "nadam": lambda w, o: torch.optim.NAdam(
        w, lr=o.eta, betas=(o.beta1, o.beta2), eps=o.epsilon, momentum_decay=o.decay
    ),
    "amsgrad": lambda w, o: torch.optim.Adam(
        w, lr=o.eta, betas=(o.beta1, o.beta2), eps=o.epsilon, amsgrad=True
    ),
    "adamw": lambda w, o: torch.optim.AdamW(
        w, lr=o.eta, betas=(o.beta1, o.beta2), eps=o.epsilon, weight_decay=o.decay
    ),
}

RNG = np.random.default_rng(11)
X = RNG.normal(size=(50, 2)) * [1.0, 2.0] + [0.5, -0.5]
TRUE = X @ [1.5, -0.7] + 0.4 + RNG.normal(size=50)
NUMBERS = Dataset("numbers", ("a", "b"), X, TRUE, "y")
LABEL = (TRUE > 0).astype(float)
CLASSES = Dataset("classes", ("a", "b"), X, LABEL, "y", task="binary", classes=("no", "yes"))
THEIRS = {
    "squared_error": (NUMBERS, "mse_loss"),
    "huber": (NUMBERS, "huber_loss"),
    "cross_entropy": (CLASSES, "binary_cross_entropy_with_logits"),
}


@pytest.fixture(autouse=True)
def double():
    """PyTorch's Nadam keeps the product of its memories in the default precision."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def test_each_optimizer_has_its_counterpart():
    assert set(PYTORCH) == set(Optimizer.catalogue)


@pytest.mark.parametrize("slug", Optimizer.catalogue)
@pytest.mark.parametrize("share", [1.0, 0.1])
def test_every_step_is_that_of_pytorch(slug, share):
    cls = Optimizer.catalogue[slug]
    optimizer = cls(eta=share * cls().eta)
    rng = np.random.default_rng(7)
    pull, noise = np.diag([3.0, 0.4, 0.05]), 0.3 * rng.normal(size=(STEPS, 3))
    w = np.array([1.5, -2.0, 0.7])
    leaf = torch.tensor(w, requires_grad=True)
    theirs, state = PYTORCH[slug]([leaf], optimizer), optimizer.init(w)
    for t in range(1, STEPS + 1):
        # PyTorch's Nesterov keeps the place where the gradient is taken, ours the weights
        here = optimizer.probe(w, state)
        np.testing.assert_allclose(here, leaf.detach().numpy(), **CLOSE)
        w, state = optimizer.step(w, pull @ here + noise[t - 1], state, t)
        leaf.grad = torch.tensor(pull @ leaf.detach().numpy() + noise[t - 1])
        theirs.step()


def shuffled(rows, batch, steps, seed):
    """The rows of each step: all, or shuffled batches, each pass over the data anew."""
    if batch is None:
        return [np.arange(rows)] * steps
    rng, batches = np.random.default_rng(seed), []
    while len(batches) < steps:
        order = rng.permutation(rows)
        batches += [order[at : at + batch] for at in range(0, rows, batch)]
    return batches[:steps]


def trained(name, optimizer, start, batches, schedule):
    """The parameters of a linear layer at each step, trained as PyTorch's own pages do it.

    Ruder's momentum v = β v + η g remembers steps, PyTorch's remembers slopes: with a rate that
    changes they are the same where each slope is scaled by its rate, and the rate is 1.
    """
    data, function = THEIRS[name]
    loss = getattr(torch.nn.functional, function)
    features, target = torch.tensor(data.features), torch.tensor(data.target)
    leaf = torch.tensor(start, requires_grad=True)
    scaled = optimizer.slug in ("momentum", "nesterov")
    theirs = PYTORCH[optimizer.slug]([leaf], optimizer.at(1.0) if scaled else optimizer)
    share = [schedule.factor(t, len(batches)) for t in range(1, len(batches) + 2)]
    rates = torch.optim.lr_scheduler.LambdaLR(theirs, lambda done: 1.0 if scaled else share[done])
    places = []
    for t, rows in enumerate(batches):
        theirs.zero_grad()
        cost = loss(features[rows] @ leaf[:-1] + leaf[-1], target[rows])
        (cost * optimizer.eta * share[t] if scaled else cost).backward()
        theirs.step()
        rates.step()
        places.append(leaf.detach().numpy().copy())
    return np.array(places)


PLANS = [(name, batch, "constant") for name in THEIRS for batch in (None, 16)]
PLANS += [("huber", 16, slug) for slug in Schedule.catalogue if slug != "constant"]


@pytest.mark.parametrize("slug", Optimizer.catalogue)
@pytest.mark.parametrize(("name", "batch", "schedule"), PLANS)
def test_a_walk_on_data_is_a_training_of_pytorch(slug, name, batch, schedule):
    optimizer, planned = Optimizer.catalogue[slug](), Schedule.catalogue[schedule]()
    start, steps = np.array([-1.0, 0.5, 2.0]), 60
    theirs = trained(name, optimizer, start, shuffled(50, batch, steps, seed=3), planned)
    objective = Objective(Linear(2), Loss.catalogue[name](), THEIRS[name][0])
    walk = descend(objective, optimizer, start, steps=steps, batch=batch, seed=3, schedule=planned)
    ours = walk.weights[1:]
    if slug == "nesterov":  # PyTorch's parameters are the places where our slopes are taken
        ours = ours + optimizer.beta * np.diff(walk.weights, axis=0)
    assert np.ptp(ours, axis=0).min() > 0.01
    np.testing.assert_allclose(ours, theirs, **CLOSE)
