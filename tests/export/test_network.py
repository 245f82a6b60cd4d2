"""Backpropagation beside PyTorch's autograd: random nets, losses and shapes, and a whole training."""

import importlib.util

import numpy as np
import pytest

from losses import Loss, Optimizer
from losses.data import Dataset
from losses.descent import MLP, Objective, descend

torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None

pytestmark = [
    pytest.mark.export,
    pytest.mark.skipif(torch is None, reason="not checked: torch is not installed"),
]

CLOSE = {"rtol": 1e-10, "atol": 1e-10}
NETS = 4  # of each loss and activation
F = torch and torch.nn.functional


def brier(s, y):
    return ((torch.sigmoid(s) - y) ** 2).mean()


def focal(s, y):
    p = torch.sigmoid((2 * y - 1) * s)
    return (-((1 - p) ** 2) * torch.log(p)).mean()


def classes_brier(s, y):
    return ((torch.softmax(s, dim=-1) - F.one_hot(y, s.shape[-1])) ** 2).sum(dim=-1).mean()


def classes_hinge(s, y):
    hot = F.one_hot(y, s.shape[-1]).bool()
    rival = s.masked_fill(hot, -torch.inf).max(dim=-1).values
    return torch.clamp(1 + rival - s[hot], min=0).mean()


COSTS = {
    "squared_error": lambda s, y: F.mse_loss(s, y),
    "absolute_error": lambda s, y: F.l1_loss(s, y),
    "huber": lambda s, y: F.huber_loss(s, y),
    "smooth_l1": lambda s, y: F.smooth_l1_loss(s, y),
    "log_cosh": lambda s, y: torch.log(torch.cosh(s - y)).mean(),
    "cauchy": lambda s, y: (torch.log1p((s - y) ** 2) / 2).mean(),
    "poisson": lambda s, y: F.poisson_nll_loss(s, y),
    "gamma": lambda s, y: (y * torch.exp(-s) + s).mean(),
    "hinge": lambda m, y: torch.clamp(1 - y * m, min=0).mean(),
    "squared_hinge": lambda m, y: (torch.clamp(1 - y * m, min=0) ** 2).mean(),
    "logistic": lambda m, y: F.soft_margin_loss(m, y),
    "exponential": lambda m, y: torch.exp(-y * m).mean(),
    "cross_entropy": lambda s, y: F.binary_cross_entropy_with_logits(s, y),
    "brier": brier,
    "focal": focal,
    "softmax_cross_entropy": lambda s, y: F.cross_entropy(s, y),
    "multiclass_hinge": classes_hinge,
    "multiclass_brier": classes_brier,
}
ACTS = {
    "tanh": lambda: torch.nn.Tanh(),
    "relu": lambda: torch.nn.ReLU(),
    "sigmoid": lambda: torch.nn.Sigmoid(),
    "linear": lambda: torch.nn.Identity(),
}


def test_every_family_with_a_slope_is_there():
    there = {Loss.catalogue[slug].family for slug in COSTS}
    assert there == {kind.family for kind in Loss.catalogue.values()}


def problem(slug, activation, rng):
    """A random net with random weights, biases too, on random rows."""
    loss, features = Loss.catalogue[slug](), int(rng.integers(1, 5))
    hidden = tuple(int(h) for h in rng.integers(1, 9, rng.integers(1, 4)))
    X = rng.normal(size=(int(rng.integers(1, 60)), features))
    names, classes, task = tuple("abcd"[:features]), (), "regression"
    y = rng.normal(size=len(X))
    if loss.family == "positive":
        y = np.exp(y)
    if loss.family in ("margin", "binary", "multiclass"):
        count = int(rng.integers(3, 6)) if loss.family == "multiclass" else 2
        classes = tuple("pqrst"[:count])
        task = "multiclass" if count > 2 else "binary"
        y = rng.integers(0, count, len(X)).astype(float)
    data = Dataset("rows", names, X, y, "y", task=task, classes=classes)
    model = MLP(features, hidden, activation, max(1, len(classes) * (len(classes) > 2)), loss.link)
    return Objective(model, loss, data), rng.normal(size=model.size)


def module_of(model, w):
    """The same net of PyTorch's own layers."""
    parts = []
    for layer, own in enumerate(model.matrices(w)):
        linear = torch.nn.Linear(own.shape[1] - 1, own.shape[0], dtype=torch.float64)
        linear.weight.data = torch.tensor(own[:, :-1])
        linear.bias.data = torch.tensor(own[:, -1])
        parts += [linear] + ([ACTS[model.activation]()] if layer < len(model.hidden) else [])
    return torch.nn.Sequential(*parts)


def tensors(objective):
    whole = objective.loss.family == "multiclass"
    y = torch.tensor(objective.target)
    return torch.tensor(objective.data.features), y.long() if whole else y


def cost_of(objective, net, X, y):
    score = net(X)
    score = score if objective.loss.family == "multiclass" else score[:, 0]
    return COSTS[objective.loss.slug](score, y)


def flat(net, what):
    """Parameters, or their gradients, in our order: layer by layer, unit by unit, the bias last."""
    found = []
    for layer in net:
        if isinstance(layer, torch.nn.Linear):
            weight, bias = what(layer.weight), what(layer.bias)
            found.append(torch.column_stack([weight, bias]).detach().numpy().ravel())
    return np.concatenate(found)


@pytest.mark.parametrize("activation", ACTS)
@pytest.mark.parametrize("slug", COSTS)
def test_backpropagation_is_autograd(slug, activation):
    rng = np.random.default_rng([list(COSTS).index(slug), list(ACTS).index(activation)])
    seen = 0.0
    for _ in range(NETS):
        objective, w = problem(slug, activation, rng)
        net = module_of(objective.model, w)
        cost_of(objective, net, *tensors(objective)).backward()
        theirs = flat(net, lambda one: one.grad)
        scale = max(1.0, float(np.abs(theirs).max()))
        np.testing.assert_allclose(objective.gradient(w) / scale, theirs / scale, **CLOSE)
        seen = max(seen, float(np.abs(theirs).max()))
    assert seen > 1e-3


@pytest.mark.parametrize("activation", ACTS)
@pytest.mark.parametrize("slug", ["cross_entropy", "softmax_cross_entropy", "log_cosh"])
def test_the_hessian_is_autograd_twice(slug, activation):
    rng = np.random.default_rng([7, list(ACTS).index(activation)])
    objective, w = problem(slug, activation, rng)
    X, y = tensors(objective)

    def cost(flat_w):
        a = X
        for layer, (units, sources, part) in enumerate(objective.model.layers):
            own = flat_w[part].reshape(units, sources + 1)
            a = a @ own[:, :-1].T + own[:, -1]
            a = ACTS[activation]()(a) if layer < len(objective.model.hidden) else a
        return COSTS[slug](a if a.shape[1] > 1 else a[:, 0], y)

    theirs = torch.autograd.functional.hessian(cost, torch.tensor(w)).numpy()
    np.testing.assert_allclose(objective.hessian(w), theirs, **CLOSE)
    assert np.abs(theirs).max() > 1e-3


OPTIMIZERS = {
    "gradient_descent": lambda p, o: torch.optim.SGD(p, lr=o.eta),
    "momentum": lambda p, o: torch.optim.SGD(p, lr=o.eta, momentum=o.beta),
    "adam": lambda p, o: torch.optim.Adam(p, lr=o.eta, betas=(o.beta1, o.beta2), eps=o.epsilon),
}


@pytest.mark.parametrize("slug", OPTIMIZERS)
@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error", "softmax_cross_entropy"])
def test_a_training_is_pytorch_s(slug, loss):
    rng = np.random.default_rng(3)
    objective, _ = problem(loss, "tanh", rng)
    start, optimizer = objective.model.init(1), Optimizer.catalogue[slug](eta=0.02)
    walk = descend(objective, optimizer, start, steps=60)
    net, (X, y) = module_of(objective.model, start), tensors(objective)
    theirs = OPTIMIZERS[slug](net.parameters(), optimizer)
    for t in range(61):
        np.testing.assert_allclose(walk.weights[t], flat(net, lambda one: one), **CLOSE)
        theirs.zero_grad()
        cost = cost_of(objective, net, X, y)
        assert walk.costs[t] == pytest.approx(float(cost.detach()), rel=1e-10)
        cost.backward()
        theirs.step()
    assert walk.costs[-1] < walk.costs[0]
