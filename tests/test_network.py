"""Networks: backpropagation against jets and differences, and many nets against each alone."""

import numpy as np
import pytest

from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.descent import (
    MLP,
    Linear,
    Objective,
    Run,
    Softmax,
    descend,
    descend_together,
    network,
    surface,
)
from losses.descent import objective as module
from losses.descent.activations import Activation
from losses.descent.objective_code import ObjectiveCode
from losses.descent.picture import kind_of
from losses.descent.planes import path_plane, weight_plane
from losses.descent.stability import ruler
from losses.jet import Jet, lift
from losses.links import sigmoid

RNG = np.random.default_rng(23)
SHAPES = [(1,), (8,), (3, 2), (2, 5, 3)]
LOSSES = [
    pytest.param(c(), id=s)
    for s, c in Loss.catalogue.items()
    if c().lowest == -np.inf and c.trainable
]
ACTIVATIONS = list(Activation.catalogue)
CROSS, SQUARED = (Loss.catalogue[slug]() for slug in ("cross_entropy", "squared_error"))


def data_of(family, rows=30, features=2):
    rng = np.random.default_rng(rows + features)
    X = rng.normal(size=(rows, features)) + 0.3
    true = X.sum(axis=1) + rng.normal(size=rows)
    names = ("a", "b", "c")[:features]
    if family in ("residual", "positive"):
        return Dataset("rows", names, X, true if family == "residual" else np.exp(true / 4), "y")
    many = family == "multiclass"
    classes = ("p", "q", "r") if many else ("no", "yes")
    label = np.digitize(true, np.quantile(true, np.arange(1, len(classes)) / len(classes)))
    task = "multiclass" if many else "binary"
    return Dataset("rows", names, X, label.astype(float), "y", task=task, classes=classes)


def objective_of(loss, hidden=(3, 2), activation="tanh", rows=30, features=2, penalty=None):
    outputs = 3 if loss.family == "multiclass" else 1
    model = MLP(features, hidden, activation, outputs, loss.link)
    return Objective(model, loss, data_of(loss.family, rows, features), penalty)


def weights_of(model, seed=0):
    """Biases, too: Glorot's are 0, and a net without them tests less."""
    return model.init(seed) + 0.2 * np.random.default_rng(seed).normal(size=model.size)


def written_out(model, w, X):
    """The scores `(n, outputs)` unit by unit, of numbers or jets."""
    shapes = {
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0.0),
        "sigmoid": lambda z: np.exp(-np.logaddexp(0.0, -z)),
        "linear": lambda z: z,
    }
    a, at = [X[:, k] for k in range(X.shape[1])], 0
    for layer, units in enumerate((*model.hidden, model.outputs)):
        sums = []
        for _ in range(units):
            z = w[at + len(a)] + sum(w[at + k] * a[k] for k in range(len(a)))
            at, sums = at + len(a) + 1, [*sums, z]
        a = [shapes[model.activation](z) for z in sums] if layer < len(model.hidden) else sums
    return a


# --- The model


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", SHAPES)
def test_scores_are_those_of_the_units_written_out(activation, hidden):
    model = MLP(2, hidden, activation, outputs=3)
    w, X = weights_of(model), RNG.normal(size=(7, 2))
    expected = np.column_stack(written_out(model, w, X))
    np.testing.assert_allclose(model.scores(w, X), expected, rtol=1e-13, atol=1e-14)
    assert np.ptp(expected) > 0.1


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_activation_has_the_derivatives_of_a_jet(activation):
    act, z = Activation.catalogue[activation](), np.array([-20.0, -3.0, -0.4, 0.7, 2.0, 6.0])
    a = act.value(z)
    jet = written_out(MLP(1, (1,), activation), np.array([1.0, 0, 1, 0]), Jet(z[:, None], 1.0))[0]
    np.testing.assert_allclose(a, jet.value, atol=1e-15)
    np.testing.assert_allclose(act.slope(a), jet.first, atol=1e-14)
    np.testing.assert_allclose(act.bend(a), jet.second, atol=1e-14)
    assert (0 <= act.fullness(a)).all()
    assert (act.fullness(a) <= 1).all()


def test_at_its_corner_a_rectified_unit_has_no_slope():
    assert Activation.catalogue["relu"]().slope(np.array([0.0])) == 0.0


def test_every_weight_has_one_place_and_penalties_see_all_but_biases():
    model = MLP(2, (3, 2), outputs=3)
    places = model.places()
    assert len(set(places)) == len(places) == model.size == 3 * 3 + 2 * 4 + 3 * 3
    np.testing.assert_array_equal(model.slopes, [place.source is not None for place in places])
    for place, move in zip(places, np.eye(model.size), strict=True):
        own = model.matrices(move)[place.layer]
        assert own[place.unit, -1 if place.source is None else place.source] == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hidden": ()}, "1 to 3 hidden layers of 1 to 8 units"),
        ({"hidden": (2, 2, 2, 2)}, "1 to 3 hidden layers"),
        ({"hidden": (9,)}, "of 1 to 8 units"),
        ({"hidden": (0,)}, "of 1 to 8 units"),
        ({"hidden": (2,), "outputs": 0}, "outputs = 0"),
        ({"hidden": (2,), "features": 0}, "features = 0"),
    ],
)
def test_a_shape_that_is_none_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        MLP(**{"features": 2} | wrong)
    with pytest.raises(KeyError, match="no activation is called 'tan'"):
        MLP(2, (2,), "tan")


def test_a_seed_gives_the_same_weights_and_another_seed_others():
    model = MLP(2, (8, 8))
    np.testing.assert_array_equal(model.init(4), model.init(4))
    assert (model.init(4) != model.init(5))[model.slopes].all()
    assert (model.init(4)[~model.slopes] == 0).all()


def test_initial_weights_spread_as_glorot_and_he_say():
    """Σ over seeds: 4,000 draws of a weight, so a spread to some percent."""
    for activation, wanted in (("tanh", np.sqrt(2 / 10)), ("relu", np.sqrt(2 / 2))):
        model = MLP(2, (8,), activation)
        drawn = np.array([model.matrices(model.init(seed))[0][:, :2] for seed in range(250)])
        assert drawn.std() == pytest.approx(wanted, rel=0.05)
    assert np.abs(MLP(2, (8,)).init(0)[:24]).max() <= np.sqrt(6 / 10)


# --- The objective


def along(objective, w, direction):
    """The cost as a jet along a direction."""
    jets = [Jet(*pair) for pair in zip(w, direction, strict=True)]
    parts = written_out(objective.model, jets, objective.data.features)
    score = parts[0]
    if len(parts) > 1:
        score = Jet(
            *(np.column_stack([getattr(p, k) for p in parts]) for k in ("value", "first", "second"))
        )
    return lift(objective.loss.value(objective.target, score)).sum()


@pytest.mark.parametrize("loss", LOSSES)
def test_gradient_and_hessian_are_those_of_jets_along_every_direction(loss):
    for seed, hidden in enumerate(SHAPES[1:]):
        objective = objective_of(loss, hidden, ACTIVATIONS[seed])
        w = weights_of(objective.model, seed)
        direction = RNG.normal(size=w.size)
        jet = along(objective, w, direction)
        slope = objective.gradient(w) @ direction
        bend = direction @ objective.hessian(w) @ direction
        size = float(np.abs(jet.second).max() / 30)
        assert slope == pytest.approx(jet.first / 30, rel=1e-10, abs=1e-11)
        assert bend == pytest.approx(jet.second / 30, rel=1e-9, abs=1e-10 * max(1, size))


@pytest.mark.parametrize("loss", LOSSES)
def test_backpropagation_finds_what_differences_find(loss):
    objective, h = objective_of(loss, penalty=Penalty.catalogue["l2"](lam=0.3)), 1e-6
    w = weights_of(objective.model, 2)
    moved = h * np.eye(w.size)
    expected = (objective.values(w + moved) - objective.values(w - moved)) / (2 * h)
    np.testing.assert_allclose(objective.gradient(w), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_whole_hessian_is_the_slope_of_the_gradient(activation):
    for slug in ("cross_entropy", "softmax_cross_entropy"):
        penalty = Penalty.catalogue["l2"](lam=0.3)
        objective = objective_of(Loss.catalogue[slug](), (3, 2, 4), activation, penalty=penalty)
        w, h = weights_of(objective.model), 1e-5
        moved = h * np.eye(w.size)
        expected = (objective.gradient(w + moved) - objective.gradient(w - moved)) / (2 * h)
        np.testing.assert_allclose(objective.hessian(w), expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("loss", LOSSES)
def test_many_rows_are_sloped_and_summed_as_few_are(monkeypatch, loss):
    """A net's score does not turn over with its features: rows must not be turned for a margin."""
    objective = objective_of(loss)
    W = np.array([weights_of(objective.model, seed) for seed in range(4)])
    rows = np.arange(0, 30, 4)
    few = [objective.gradient(w, part) for w in W for part in (None, rows)]
    values = objective.values(W)
    monkeypatch.setattr(module, "ROWS", 1)
    monkeypatch.setattr(module, "CELLS", 7 * objective.model.held)
    many = [objective.gradient(w, part) for w in W for part in (None, rows)]
    np.testing.assert_allclose(many, few, rtol=1e-11, atol=1e-13)
    found, slopes = objective.values_and_gradients(W)
    np.testing.assert_allclose(found, values, rtol=1e-13)
    np.testing.assert_allclose([objective.value(w) for w in W], values, rtol=1e-13)
    np.testing.assert_array_equal(slopes, many[::2])


def test_a_linear_net_is_a_linear_model():
    """Two layers without a bend are one: the same scores, and the slopes of the chain rule."""
    net, plain = MLP(2, (1,), "linear"), Linear(2)
    w = np.array([0.5, -1.0, 0.3, 2.0, 0.1])
    X = RNG.normal(size=(9, 2))
    folded = np.array([1.0, -2.0, 0.6 + 0.1])
    np.testing.assert_allclose(net.scores(w, X), plain.scores(folded, X), rtol=1e-14)
    wide = MLP(2, (2,), "linear", outputs=3)
    inner = np.array([1.0, 0, 0, 0, 1, 0])  # a first layer that passes its features on
    outer = RNG.normal(size=9)
    found = wide.scores(np.concatenate([inner, outer]), X)
    np.testing.assert_allclose(found, Softmax(2, 3).scores(outer, X), rtol=1e-13)


def test_the_smallest_slope_that_can_be_told_from_rounding_bounds_the_rounding():
    """Of a net at a least cost of 0 all slopes are rounding, and none exceeds what is promised."""
    objective = objective_of(SQUARED, (8, 8))
    for seed in range(5):
        w = weights_of(objective.model, seed)
        same = Dataset("own", ("a", "b"), objective.data.features, objective.scores(w), "y")
        own = Objective(objective.model, SQUARED, same)
        # another order of the rows rounds otherwise
        order = np.random.default_rng(seed).permutation(30)
        apart = objective.gradient(w) - objective.gradient(w, order)
        assert 0 < np.linalg.norm(apart) < objective.rounding(w)
        assert np.linalg.norm(own.gradient(w)) <= max(own.rounding(w), 1e-15)


def test_what_holds_for_linear_models_only_is_not_promised_for_a_net():
    """A parabola of the score is none of a net's weights, and no straight line parts its classes."""
    net = objective_of(SQUARED)
    found = ruler(net, weights_of(net.model))
    assert not found.certain
    assert found.safe is None
    assert found.largest > 0
    assert kind_of(objective_of(CROSS)) == "predictions"
    with pytest.raises(ValueError, match="code for linear models"):
        ObjectiveCode(net, "NumPy", None)
    assert kind_of(objective_of(SQUARED, features=1)) == "curve"


def test_blocks_of_rows_change_no_curvature(monkeypatch):
    objective = objective_of(Loss.catalogue["softmax_cross_entropy"]())
    w = weights_of(objective.model)
    whole = objective.hessian(w)
    monkeypatch.setattr(network, "AT_ONCE", 7)
    np.testing.assert_allclose(objective.hessian(w), whole, rtol=1e-12, atol=1e-15)


# --- Many nets at once


ONE_OF_EACH = ("huber", "poisson", "hinge", "cross_entropy", "softmax_cross_entropy")
TOGETHER = [
    pytest.param(p.values[0], 40, batch, id=f"{p.id}-40-{batch}")
    for p in LOSSES
    for batch in (None, 7)
]
TOGETHER += [
    pytest.param(Loss.catalogue[slug](), 3000, None, id=f"{slug}-3000") for slug in ONE_OF_EACH
]


def same(one, other):
    parts = ("weights", "costs", "slopes")
    return all(np.array_equal(getattr(one, p), getattr(other, p)) for p in parts) and (
        one.outcome == other.outcome
    )


@pytest.mark.parametrize(("loss", "rows", "batch"), TOGETHER)
def test_nets_trained_together_are_those_trained_alone_bit_for_bit(loss, rows, batch):
    objective = objective_of(loss, (8, 4), rows=rows, features=2)
    assert rows < 3000 or rows > module.CELLS // objective.model.held  # more than a block
    momentum = Optimizer.catalogue["momentum"]
    runs = [
        Run(momentum(eta=eta), weights_of(objective.model, seed))
        for seed in range(2)
        for eta in (0.003, 0.03)
    ]
    together = descend_together(objective, runs, steps=2, batch=batch, seed=1)
    assert len({walk.costs[-1] for walk in together}) == 4
    for run, walk in zip(runs, together, strict=True):
        alone = descend(objective, run.optimizer, run.start, steps=2, batch=batch, seed=1)
        assert same(walk, alone)
        np.testing.assert_allclose(objective.values(walk.weights), walk.costs, rtol=1e-14)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", SHAPES)
@pytest.mark.parametrize("features", [1, 2])
def test_every_shape_is_in_a_batch_what_it_is_alone(activation, hidden, features):
    for loss, rows in ((SQUARED, 37), (CROSS, 500)):
        objective = objective_of(loss, hidden, activation, rows, features)
        runs = [
            Run(kind(), weights_of(objective.model, seed))
            for kind in Optimizer.catalogue.values()
            for seed in (0, 1)
        ]
        together = descend_together(objective, runs, steps=3)
        for run, walk in zip(runs, together, strict=True):
            assert same(walk, descend(objective, run.optimizer, run.start, steps=3))


def test_so_many_nets_that_they_leave_the_cache_change_no_bit(monkeypatch):
    objective = objective_of(CROSS, (8, 8), rows=300)
    W = np.array([weights_of(objective.model, seed) for seed in range(40)])
    assert objective._many(len(W), 300)
    costs, slopes = objective.values_and_gradients(W)
    for w, value, slope in zip(W, costs, slopes, strict=True):
        one, own = objective.values_and_gradients(w)
        assert one == value == objective.values(w)
        np.testing.assert_array_equal(own, slope)
    np.testing.assert_array_equal(objective.gradient(W.reshape(5, 8, -1)).reshape(40, -1), slopes)


@pytest.mark.parametrize(
    "optimizer", [pytest.param(c(), id=s) for s, c in Optimizer.catalogue.items()]
)
def test_every_optimizer_takes_a_net_downhill(optimizer):
    objective = objective_of(CROSS, (8,), rows=60)
    walk = descend(objective, optimizer, objective.model.init(0), steps=60)
    assert walk.costs[-1] < 0.99 * walk.costs[0]


# --- Planes


def test_a_surface_holds_the_cost_of_the_net_at_each_place_of_a_plane():
    objective = objective_of(CROSS, (3,))
    walk = descend(objective, Optimizer.catalogue["adam"](), objective.model.init(1), steps=50)
    first, second = np.linspace(-2, 2, 5), np.linspace(-1, 1, 4)
    for plane in (
        path_plane(walk.weights),
        weight_plane(objective.size, 0, 4, walk.weights[0], ("", "")),
    ):
        found = surface(objective, first, second, plane=plane)
        for row, b in enumerate(second):
            for column, a in enumerate(first):
                value = objective.value(plane.weights(a, b))
                assert found[row, column] == pytest.approx(value, rel=1e-13)


def test_a_sigmoid_unit_is_the_sigmoid_of_links():
    z = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(Activation.catalogue["sigmoid"]().value(z), sigmoid(z), atol=2e-16)
