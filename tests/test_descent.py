"""The objective, its derivatives and walks down it, against plain loops and steps by hand."""

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.descent import (
    Linear,
    Logistic,
    Objective,
    Run,
    Schedule,
    Softmax,
    descend,
    descend_together,
    surface,
)
from losses.descent import objective as module
from losses.descent.landscapes import Landscape
from losses.descent.walk import stages
from losses.fit import fit
from losses.jet import Jet, lift

RNG = np.random.default_rng(11)
X = RNG.normal(size=(40, 2)) * [1.0, 3.0] + [0.5, -1.0]
TRUE = X @ [1.5, -0.7] + 0.4 + RNG.normal(size=40)
NUMBERS = Dataset("numbers", ("a", "b"), X, TRUE, "y")
LABEL = (TRUE > np.median(TRUE)).astype(float)
CLASSES = Dataset("classes", ("a", "b"), X, LABEL, "y", task="binary", classes=("no", "yes"))
POSITIVE = Dataset("positive", ("a", "b"), X, np.exp(0.3 * TRUE), "y")
DATA = {"residual": NUMBERS, "positive": POSITIVE, "margin": CLASSES, "binary": CLASSES}

LOSSES = [
    p
    for p in (pytest.param(c(), id=s) for s, c in Loss.catalogue.items())
    if p.values[0].family in DATA and p.values[0].lowest == -np.inf
]
MODELS = [pytest.param(Linear(2), id="linear"), pytest.param(Logistic(2), id="logistic")]
PENALTIES = [pytest.param(None, id="free")] + [
    pytest.param(cls(), id=slug) for slug, cls in Penalty.catalogue.items()
]
OPTIMIZERS = [pytest.param(cls(), id=slug) for slug, cls in Optimizer.catalogue.items()]
SQUARED = Loss.catalogue["squared_error"]()
W = RNG.normal(size=(6, 3))


def objective_of(loss, model=None, penalty=None):
    return Objective(model or Linear(2), loss, DATA[loss.family], penalty)


def test_the_data_vary():
    assert np.ptp(X, axis=0).min() > 3
    assert np.ptp(TRUE) > 3
    assert CLASSES.target.sum() == 20
    assert np.ptp(W, axis=0).min() > 0.5


# --- The objective


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_the_gradient_of_an_objective_is_the_derivative_of_its_value(loss, model, penalty):
    objective, h = objective_of(loss, model, penalty), 1e-6
    for w in W[:3]:
        moved = objective.values(np.concatenate([w + h * np.eye(3), w - h * np.eye(3)]))
        # a central difference: h² from the third derivative, 1e-16 / h from rounding
        expected = (moved[:3] - moved[3:]) / (2 * h)
        np.testing.assert_allclose(objective.gradient(w), expected, rtol=1e-6, atol=1e-8)


def along(objective, w, direction):
    """The cost as a jet along a direction: exact where differences are not."""
    score = Jet(X @ w[:-1] + w[-1], X @ direction[:-1] + direction[-1])
    return lift(objective.loss.value(objective.target, score)).sum()


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_and_hessian_are_those_of_jets_along_every_direction(loss):
    objective = objective_of(loss)
    for w, direction in zip(W, RNG.normal(size=(6, 3)), strict=True):
        jet = along(objective, w, direction)
        slope, bend = (
            objective.gradient(w) @ direction,
            direction @ objective.hessian(w) @ direction,
        )
        assert slope == pytest.approx(jet.first / 40, rel=1e-11, abs=1e-12)
        assert bend == pytest.approx(jet.second / 40, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("penalty", PENALTIES[1:])
def test_the_bias_is_not_penalized(penalty):
    free, bound = objective_of(SQUARED), objective_of(SQUARED, penalty=penalty)
    for w in W:
        assert bound.value(w) - free.value(w) == pytest.approx(penalty.value(w[:-1]), rel=1e-12)
        extra = bound.gradient(w) - free.gradient(w)
        np.testing.assert_allclose(extra[:-1], penalty.gradient(w[:-1]), rtol=1e-12)
        assert extra[-1] == 0


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_many_values_at_once_are_the_values_one_by_one(loss, penalty):
    objective = objective_of(loss, penalty=penalty)
    # sums of 40 terms in another order: some roundings of 1e-16
    np.testing.assert_allclose(objective.values(W), [objective.value(w) for w in W], rtol=1e-14)


@pytest.mark.parametrize(("rows", "cells"), [(1, 1), (7, 30), (80, 100)])
def test_blocks_of_rows_and_weights_change_nothing(monkeypatch, rows, cells):
    objective = objective_of(SQUARED)
    whole = objective.values(W)
    monkeypatch.setattr(module, "ROWS", rows)
    monkeypatch.setattr(module, "CELLS", cells)
    np.testing.assert_allclose(objective.values(W), whole, rtol=1e-14)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_gradient_of_a_batch_is_that_of_its_rows_alone(loss):
    objective, rows = objective_of(loss), np.array([3, 17, 4])
    _, pullback = objective.model.forward(W[0], X[rows])
    score = X[rows] @ W[0][:-1] + W[0][-1]
    expected = pullback(loss.gradient(objective.target[rows], score)) / 3
    np.testing.assert_allclose(objective.gradient(W[0], rows), expected, rtol=1e-14)
    parts = np.array_split(np.arange(40), 4)
    mean = np.mean([objective.gradient(W[0], part) for part in parts], axis=0)
    np.testing.assert_allclose(mean, objective.gradient(W[0]), rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_many_rows_are_sloped_and_summed_as_few_are(monkeypatch, loss):
    """Many rows take another way, on a design that faces the target: also a batch of them."""
    objective, rows = objective_of(loss), np.arange(0, 40, 3)
    few = [objective.gradient(w, part) for w in W for part in (None, rows)]
    values = objective.values(W)
    monkeypatch.setattr(module, "ROWS", 1)
    many = [objective.gradient(w, part) for w in W for part in (None, rows)]
    np.testing.assert_allclose(many, few, rtol=1e-12, atol=1e-14)
    found, slopes = objective.values_and_gradients(W)
    np.testing.assert_allclose(found, values, rtol=1e-13)
    np.testing.assert_array_equal(slopes, many[::2])


def test_classes_become_margins_for_margin_losses_only():
    assert set(objective_of(Loss.catalogue["hinge"]()).target) == {-1.0, 1.0}
    assert set(objective_of(Loss.catalogue["brier"]()).target) == {0.0, 1.0}


def test_logistic_predicts_probabilities_and_linear_scores():
    score = X @ W[0][:-1] + W[0][-1]
    for model, expected in ((Linear(2), score), (Logistic(2), 1 / (1 + np.exp(-score)))):
        found = model.link.prediction(model.scores(W[0], X))
        np.testing.assert_allclose(found, expected, rtol=1e-14)


# --- The surface


@pytest.mark.parametrize("axes", [(0, 1), (2, 0)])
def test_a_surface_holds_the_objective_at_each_pair_of_weights(axes):
    objective = objective_of(Loss.catalogue["huber"](), penalty=Penalty.catalogue["l2"]())
    first, second = np.linspace(-2, 2, 7), np.linspace(-1, 3, 5)
    found = surface(objective, first, second, through=W[1], axes=axes)
    assert found.shape == (5, 7)
    for row, b in enumerate(second):
        for column, a in enumerate(first):
            w = W[1].copy()
            w[list(axes)] = a, b
            assert found[row, column] == pytest.approx(objective.value(w), rel=1e-14)


def test_a_path_lies_on_its_surface():
    data = Dataset("line", ("x",), X[:, :1], TRUE, "y")
    objective = Objective(Linear(1), SQUARED, data)
    walk = descend(
        objective, Optimizer.catalogue["gradient_descent"](), np.array([3.0, -2.0]), steps=20
    )
    assert np.ptp(walk.costs) > 1
    below = surface(objective, walk.weights[:, 0], walk.weights[:, 1]).diagonal()
    np.testing.assert_allclose(below, walk.costs, rtol=1e-14)


# --- Walks


def plain_walk(objective, optimizer, start, steps, batches=None, schedule=None):
    """The weights at each step, by a loop that knows one walk only."""
    w, weights = start.copy(), [start.copy()]
    state = optimizer.init(w)
    for t in range(1, steps + 1):
        now = optimizer.at(optimizer.eta * schedule.factor(t, steps)) if schedule else optimizer
        g = objective.gradient(now.probe(w, state), batches[t - 1] if batches else None)
        w, state = now.step(w, g, state, t)
        weights.append(w)
    return np.array(weights)


def shuffled(rows, batch, steps, seed):
    rng, batches = np.random.default_rng(seed), []
    while len(batches) < steps:
        order = rng.permutation(rows)
        batches += [order[at : at + batch] for at in range(0, rows, batch)]
    return batches


THREE = [pytest.param(slug, id=slug) for slug in ("squared_error", "huber", "cross_entropy")]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("slug", THREE)
@pytest.mark.parametrize("batch", [None, 16, 40, 100])
def test_a_walk_is_the_plain_loop_bit_for_bit(optimizer, slug, batch):
    objective = objective_of(Loss.catalogue[slug]())
    batches = shuffled(40, batch, 25, seed=5) if batch == 16 else None
    expected = plain_walk(objective, optimizer, W[0], 25, batches)
    walk = descend(objective, optimizer, W[0], steps=25, batch=batch, seed=5)
    np.testing.assert_array_equal(walk.weights, expected)
    np.testing.assert_array_equal(walk.costs, objective.values(expected))
    slopes = [np.linalg.norm(objective.gradient(w)) for w in expected]
    np.testing.assert_array_equal(walk.slopes, slopes)
    assert len(walk) == 26


def fading(past, keep):
    """The sum of all so far, each worth `keep` of the one after it."""
    return sum(keep**age * one for age, one in enumerate(reversed(past)))


def average(past, keep):
    """The same with weights that add up to one: a mean without bias."""
    return fading(past, keep) / fading([1.0] * len(past), keep)


def adadelta(o, past):
    changes = []
    for t in range(1, len(past) + 1):
        size = (1 - o.rho) * fading([change**2 for change in changes], o.rho) + 1e-6
        squares = (1 - o.rho) * fading([g**2 for g in past[:t]], o.rho) + 1e-6
        changes.append(np.sqrt(size / squares) * past[t - 1])
    return o.eta * changes[-1]


def adam(o, past):
    return o.eta * average(past, o.beta1) / (spread_of(o, past) + 1e-8)


def spread_of(o, past):
    return np.sqrt(average([g**2 for g in past], o.beta2))


def adamax(o, past):
    sizes = [o.beta2**age * (abs(g) + 1e-8) for age, g in enumerate(reversed(past))]
    return o.eta * average(past, o.beta1) / np.max(sizes, axis=0)


def nadam(o, past):
    t = len(past)
    mu = [o.beta1 * (1 - 0.5 * 0.96 ** (k / 250)) for k in range(1, t + 2)]
    mean = (1 - o.beta1) * fading(past, o.beta1) / (1 - np.prod(mu))
    ahead = mu[t] * mean + (1 - mu[t - 1]) * past[-1] / (1 - np.prod(mu[:t]))
    return o.eta * ahead / (spread_of(o, past) + 1e-8)


def amsgrad(o, past):
    squares = [
        (1 - o.beta2) * fading([g**2 for g in past[:t]], o.beta2) for t in range(1, len(past) + 1)
    ]
    largest = np.max(squares, axis=0) / (1 - o.beta2 ** len(past))
    return o.eta * average(past, o.beta1) / (np.sqrt(largest) + 1e-8)


# The step down from all gradients so far: sums over the past, where the code keeps a state.
FROM_THE_PAST = {
    "gradient_descent": lambda o, past: o.eta * past[-1],
    "momentum": lambda o, past: o.eta * fading(past, o.beta),
    "nesterov": lambda o, past: o.eta * fading(past, o.beta),
    "adagrad": lambda o, past: o.eta * past[-1] / (np.linalg.norm(past, axis=0) + 1e-10),
    "adadelta": adadelta,
    "rmsprop": lambda o, past: (
        o.eta * past[-1] / (np.sqrt((1 - o.rho) * fading([g**2 for g in past], o.rho)) + 1e-8)
    ),
    "adam": adam,
    "adamax": adamax,
    "nadam": nadam,
    "amsgrad": amsgrad,
    "adamw": adam,
}


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("slug", THREE)
@pytest.mark.parametrize("batch", [None, 16])
def test_a_walk_is_that_of_the_paper_written_as_sums_over_all_gradients(optimizer, slug, batch):
    """Nothing of the optimizers is used: a wrong recursion could not be repeated here."""
    objective, past = objective_of(Loss.catalogue[slug]()), []
    batches = shuffled(40, batch, 25, seed=5) if batch else [np.arange(40)] * 25
    walk = descend(objective, optimizer, W[0], steps=25, batch=batch, seed=5)
    w, down = W[0], FROM_THE_PAST[optimizer.slug]
    for t, rows in enumerate(batches[:25], start=1):
        speed = optimizer.eta * fading(past, optimizer.beta) if optimizer.slug == "nesterov" else 0
        shrunk = w * (1 - optimizer.eta * 0.01) if optimizer.slug == "adamw" else w
        y, x = objective.target[rows], X[rows]
        here = w - optimizer.beta * speed if optimizer.slug == "nesterov" else w
        pull = objective.loss.gradient(y, x @ here[:-1] + here[-1])[:, None]
        past.append(np.mean(np.column_stack([x, np.ones(len(x))]) * pull, axis=0))
        w = shrunk - down(optimizer, past)
        # sums in another order, fed back through the slope at each step
        np.testing.assert_allclose(walk.weights[t], w, rtol=2e-14, atol=2e-14)


@pytest.mark.parametrize(
    "schedule", [pytest.param(c(), id=s) for s, c in Schedule.catalogue.items()]
)
@pytest.mark.parametrize("slug", ["momentum", "adam"])
def test_a_schedule_changes_the_rate_of_each_step_and_nothing_else(schedule, slug):
    objective, optimizer = objective_of(SQUARED), Optimizer.catalogue[slug](eta=0.02)
    batches = shuffled(40, 16, 60, seed=3)
    expected = plain_walk(objective, optimizer, W[0], 60, batches, schedule)
    settings = {"steps": 60, "batch": 16, "seed": 3}
    walk = descend(objective, optimizer, W[0], schedule=schedule, **settings)
    np.testing.assert_array_equal(walk.weights, expected)
    steady = descend(objective, optimizer, W[0], **settings)
    assert np.array_equal(walk.weights, steady.weights) == (schedule.slug == "constant")
    parts = stages(objective, optimizer, walk, schedule=schedule, **settings)
    assert len(parts) == 60
    for t, step in enumerate(parts):
        moved = sum(part.value for part in step if part.moves)
        np.testing.assert_allclose(walk.weights[t] + moved, walk.weights[t + 1], rtol=1e-13)


# --- Many walks at once


TRAINED = [
    pytest.param(c(), id=s)
    for s, c in Loss.catalogue.items()
    if c().lowest == -np.inf and c.trainable
]


def many_rows(family, rows, features):
    """A data set of any size for a family, with targets that depend on the features."""
    rng = np.random.default_rng(rows + features)
    x = rng.normal(size=(rows, features)) + 0.3
    true = x.sum(axis=1) + rng.normal(size=rows)
    names = ("a", "b", "c")[:features]
    if family in ("residual", "positive"):
        return Dataset("rows", names, x, true if family == "residual" else np.exp(true / 4), "y")
    classes, task = (
        (("p", "q", "r"), "multiclass") if family == "multiclass" else (("no", "yes"), "binary")
    )
    shares = np.arange(1, len(classes)) / len(classes)
    label = np.digitize(true, np.quantile(true, shares)).astype(float)
    return Dataset("rows", names, x, label, "y", task=task, classes=classes)


def same(one, other):
    """Whether two walks are equal to the last bit, and how they ended."""
    parts = ("weights", "costs", "slopes")
    return all(np.array_equal(getattr(one, p), getattr(other, p)) for p in parts) and (
        one.outcome == other.outcome
    )


@pytest.mark.parametrize("loss", TRAINED)
@pytest.mark.parametrize("rows", [40, 3000])
@pytest.mark.parametrize("features", [1, 3])
def test_walks_taken_together_are_those_taken_alone_bit_for_bit(loss, rows, features):
    """A race or a map of starts must show the very walks that a visitor sees one by one."""
    data = many_rows(loss.family, rows, features)
    model = Softmax(features, 3) if loss.family == "multiclass" else Linear(features)
    objective = Objective(model, loss, data)
    starts = 0.3 * np.random.default_rng(1).normal(size=(5, model.size))
    momentum = Optimizer.catalogue["momentum"]
    runs = [Run(momentum(eta=eta), start) for start in starts for eta in (0.003, 0.03, 0.1)]
    together = descend_together(objective, runs, steps=4)
    assert len({walk.costs[-1] for walk in together}) == 15
    for run, walk in zip(runs, together, strict=True):
        assert same(walk, descend(objective, run.optimizer, run.start, steps=4))


@pytest.mark.parametrize("slug", THREE)
@pytest.mark.parametrize(("rows", "batch"), [(40, None), (40, 16), (3000, None), (3000, 2500)])
@pytest.mark.parametrize("penalty", PENALTIES[:2])
def test_a_race_of_all_optimizers_is_their_walks_alone_bit_for_bit(slug, rows, batch, penalty):
    loss = Loss.catalogue[slug]()
    objective = Objective(Linear(3), loss, many_rows(loss.family, rows, 3), penalty)
    settings = {"steps": 8, "batch": batch, "seed": 2, "schedule": Schedule.catalogue["cosine"]()}
    runs = [Run(p.values[0], start) for start in (np.zeros(3 + 1), np.ones(4)) for p in OPTIMIZERS]
    together = descend_together(objective, runs, **settings)
    for run, walk in zip(runs, together, strict=True):
        assert same(walk, descend(objective, run.optimizer, run.start, **settings))


def test_a_walk_that_leaves_the_numbers_leaves_the_others_alone():
    """Infinity in one row of a batch of walks must not reach its neighbours."""
    sane, wild = (Optimizer.catalogue["gradient_descent"](eta=eta) for eta in (0.01, 2.0))
    objective, start = objective_of(SQUARED), W[0]
    runs = [Run(sane, start), Run(wild, start), Run(sane, start + 1)]
    together = descend_together(objective, runs, steps=300)
    assert len(together[1]) < 301
    assert "is no finite number" in together[1].outcome.sentence
    for run, walk in zip(runs, together, strict=True):
        assert same(walk, descend(objective, run.optimizer, run.start, steps=300))


# --- Walks downhill, and batches


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_walks_downhill(optimizer):
    """Steps that never shrink, as RMSProp's, end up around the floor and not on it."""
    objective = objective_of(SQUARED)
    walk = descend(objective, optimizer, np.zeros(3), steps=300)
    assert walk.costs[-1] < walk.costs[0]
    assert walk.outcome.kind in ("arrived", "descending", "hovering")
    if walk.outcome.kind == "hovering":
        lowest = objective.value(fit(SQUARED, X, TRUE).weights)
        assert lowest <= walk.costs[-1] < 1.01 * lowest


class Watched(Objective):
    """An objective that remembers which rows were asked for."""

    def gradient(self, w, rows=None):
        if rows is not None:
            self.__dict__.setdefault("asked", []).append(rows)
        return super().gradient(w, rows)


def batches_of(seed, *, batch=16, steps=9):
    objective = Watched(Linear(2), SQUARED, NUMBERS)
    descend(
        objective,
        Optimizer.catalogue["gradient_descent"](eta=0.01),
        np.zeros(3),
        steps=steps,
        batch=batch,
        seed=seed,
    )
    return objective.asked


def test_batches_cover_each_row_once_an_epoch():
    asked = batches_of(seed=0)
    assert [len(rows) for rows in asked] == [16, 16, 8] * 3
    epochs = [np.concatenate(asked[start : start + 3]) for start in (0, 3, 6)]
    for epoch in epochs:
        np.testing.assert_array_equal(np.sort(epoch), np.arange(40))
    assert not np.array_equal(epochs[0], epochs[1])


@pytest.mark.parametrize("batch", [0, -1])
def test_a_batch_without_rows_is_refused(batch):
    with pytest.raises(ValueError, match=f"batch = {batch}, .* at least one row"):
        batches_of(0, batch=batch)


def test_batches_follow_their_seed():
    one, same, other = (np.concatenate(batches_of(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


# --- V8: the limit of the learning rate


PLACES = np.random.default_rng(8).uniform(0, 5, 30)
LINE = Dataset(
    "line", ("x",), PLACES[:, None], 1 + 2 * PLACES + np.random.default_rng(9).normal(size=30), "y"
)
FIT = Objective(Linear(1), SQUARED, LINE)
START = np.array([0.0, 0.0])


def walk_at(share, steps):
    eta = share * FIT.stability_limit(START)
    return descend(FIT, Optimizer.catalogue["gradient_descent"](eta=eta), START, steps=steps)


def test_the_limit_is_two_over_the_largest_curvature():
    design = np.column_stack([PLACES, np.ones(30)])
    largest = np.linalg.eigvalsh(2 * design.T @ design / 30).max()
    assert FIT.stability_limit(START) == pytest.approx(2 / largest, rel=1e-14)


def test_just_below_the_limit_descent_arrives_at_least_squares():
    """V8, S16, F10."""
    walk = walk_at(0.99, 3000)
    design = np.column_stack([PLACES, np.ones(30)])
    best, residual, *_ = np.linalg.lstsq(design, LINE.target)
    np.testing.assert_allclose(walk.weights[-1], best, rtol=1e-9)  # the slope is 1e-9 of the first
    assert walk.costs[-1] == pytest.approx(residual[0] / 30, rel=1e-12)
    assert walk.outcome.kind == "arrived"
    arrived = int(np.argmax(walk.slopes <= 1e-9 * max(walk.slopes[0], 1)))
    assert f"Arrived at step {arrived}:" in walk.outcome.sentence


def test_just_above_the_limit_descent_diverges_and_says_why():
    walk = walk_at(1.01, 500)
    assert walk.costs[-1] > 1e6 * walk.costs[0]
    assert walk.outcome.kind == "diverged"
    assert f"from {walk.costs[0]:.4g} to {walk.costs[-1]:.4g} in 500 steps" in walk.outcome.sentence
    assert "1.01 × the limit" in walk.outcome.sentence


def test_a_walk_that_leaves_the_numbers_keeps_its_finite_steps_and_says_where_it_ended():
    walk = walk_at(10, 1000)
    assert 1 < len(walk) < 1001
    assert walk.weights.shape == (len(walk), 2)
    for part in (walk.weights, walk.costs, walk.slopes):
        assert np.isfinite(part).all()
    assert walk.costs[-1] > 1e290
    assert walk.outcome.kind == "diverged"
    assert f"from step {len(walk)} on" in walk.outcome.sentence
    assert "10 × the limit" in walk.outcome.sentence


def test_a_walk_that_needs_more_steps_says_so():
    walk = walk_at(0.01, 10)
    assert walk.outcome.kind == "descending"
    assert "after 10 steps" in walk.outcome.sentence


def test_without_curvature_there_is_no_limit():
    flat = Objective(Linear(1), Loss.catalogue["absolute_error"](), LINE)
    assert flat.stability_limit(START) == np.inf


@pytest.mark.parametrize(("share", "kind"), [(0.99, "arrived"), (1.01, "diverged")])
def test_the_limit_knows_the_penalty(share, kind):
    """A penalty bends the surface as well; a limit without it would praise a rate that diverges."""
    pulled = Objective(Linear(1), SQUARED, LINE, Penalty.catalogue["l2"](lam=2.0))
    eta = share * pulled.stability_limit(START)
    walk = descend(pulled, Optimizer.catalogue["gradient_descent"](eta=eta), START, steps=3000)
    assert walk.outcome.kind == kind


@pytest.mark.parametrize(("slug", "batch"), [("squared_error", 5), ("absolute_error", None)])
def test_noise_around_the_optimum_is_not_called_divergence(slug, batch):
    loss = Loss.catalogue[slug]()
    best = fit(loss, LINE.features, LINE.target).weights
    noisy = Objective(Linear(1), loss, LINE)
    optimizer = Optimizer.catalogue["gradient_descent"](eta=0.01)
    walk = descend(noisy, optimizer, best, steps=200, batch=batch)
    assert walk.costs[-1] > walk.costs[0]
    assert walk.outcome.kind == "hovering"
    assert f"from {walk.costs[0]:.4g} to {walk.costs[-1]:.4g}" in walk.outcome.sentence


def test_bouncing_over_a_well_is_not_called_descending():
    """A rate that the bowl bears and the well does not: the walk gets there and stays above."""
    wells = Landscape.catalogue["two_wells"]()
    plain = Optimizer.catalogue["gradient_descent"](eta=0.1)
    walk = descend(wells, plain, np.array(wells.start), steps=100)
    assert walk.outcome.kind == "hovering"
    assert "no value of the last" in walk.outcome.sentence  # a landscape has no cost
    share = 0.1 / wells.stability_limit(walk.weights[walk.costs.argmin()])
    assert share > 1.05
    assert f"is {share:.4g} × the limit at its lowest" in walk.outcome.sentence


def test_a_cost_that_falls_below_zero_is_not_called_divergence():
    """Two wells goes from -1.3 to -2.1: more than twice as far from zero, and down."""
    wells = Landscape.catalogue["two_wells"]()
    plain = Optimizer.catalogue["gradient_descent"](eta=1e-3)
    walk = descend(wells, plain, np.array([-2 / 3, 0.0]), steps=400)
    assert walk.costs[-1] < 1.5 * walk.costs[0] < 0
    assert walk.outcome.kind in ("arrived", "descending")


@pytest.mark.parametrize("start", [(1e200, 0.0), (np.nan, 0.0), (0.0, np.inf)])
def test_a_start_without_a_finite_cost_is_refused(start):
    """A link can ask for any start; a walk of no steps could not even be drawn."""
    optimizer = Optimizer.catalogue["gradient_descent"]()
    with pytest.raises(ValueError, match=r"at the start .* is no finite number"):
        descend(FIT, optimizer, start, steps=5)


@pytest.mark.parametrize("steps", [93, 100, 120])
def test_a_walk_from_far_away_has_not_arrived_where_its_slope_is_a_billionth(steps):
    """From 1e9 a slope of 2 is a billionth of the first, and the cost three times the lowest."""
    optimizer = Optimizer.catalogue["gradient_descent"](eta=0.1)
    far = LINE.standardized()
    walk = descend(Objective(Linear(1), SQUARED, far), optimizer, (1e9, 0.0), steps=steps)
    assert walk.outcome.kind == "descending"


@pytest.mark.parametrize(
    ("share", "steps", "kind"), [(1.0, 1000, "hovering"), (1.001, 400, "diverged")]
)
def test_at_the_limit_a_walk_bounces_and_just_above_it_diverges_slowly(share, steps, kind):
    walk = walk_at(share, steps)
    assert walk.outcome.kind == kind
    if kind == "diverged":
        assert "1.001 × the limit" in walk.outcome.sentence


@pytest.mark.parametrize("unit", [1e-12, 1.0, 1e12])
def test_arriving_does_not_depend_on_the_unit(unit):
    """Tiny numbers have tiny slopes: a walk that has just begun has not arrived."""
    small = Objective(Linear(1), SQUARED, LINE.rescaled(unit, ""))
    optimizer = Optimizer.catalogue["gradient_descent"](eta=0.01)
    assert descend(small, optimizer, START, steps=20).outcome.kind == "descending"


def test_momentum_bears_its_own_limit():
    """Heavy ball with damping beta is stable up to 2 (1 + beta) / λ_max, not 2 / λ_max."""
    steepest = FIT.steepest(START)
    for share, kind in ((0.97, "arrived"), (1.03, "diverged")):
        ball = Optimizer.catalogue["momentum"](eta=share * 2 * 1.5 / steepest, beta=0.5)
        walk = descend(FIT, ball, START, steps=4000)
        assert walk.outcome.kind == kind
    assert "1.03 × the limit 2(1 + β) ÷ largest curvature" in walk.outcome.sentence


def test_a_short_walk_from_the_optimum_is_not_called_divergence():
    best = fit(SQUARED, LINE.features, LINE.target).weights
    walk = descend(FIT, Optimizer.catalogue["adam"](eta=0.01), best + 1e-6, steps=10)
    assert walk.outcome.kind in ("hovering", "descending")
