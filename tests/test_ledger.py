"""The ledger of one row: what it says adds up, and is what the network computes."""

import math

import numpy as np
import pytest

from losses import Loss, Penalty
from losses.data import Dataset
from losses.descent import MLP, Linear, Objective
from losses.descent.ledger import central, ledger
from tests.test_network import ACTIVATIONS, LOSSES, data_of, objective_of, weights_of

ONE = Dataset("one", ("x",), np.ones((1, 1)), np.ones(1), "y", task="binary", classes=("no", "yes"))


def kept(loss, activation="tanh", hidden=(3, 2), row=4):
    objective = objective_of(loss, hidden, activation)
    w = weights_of(objective.model, 1)
    return objective, w, ledger(objective, w, row)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_ledger_ends_at_the_network_s_own_gradient_of_the_row(loss, activation):
    objective, w, book = kept(loss, activation)
    np.testing.assert_allclose(
        book.gradient, objective.gradient(w, np.array([4])), rtol=1e-13, atol=1e-16
    )
    np.testing.assert_allclose(book.scores, np.ravel(objective.scores(w)[4]), rtol=1e-14)
    everyone = [ledger(objective, w, row) for row in range(30)]
    assert np.mean([one.loss for one in everyone]) == pytest.approx(objective.value(w), rel=1e-13)
    mean = np.mean([one.gradient for one in everyone], axis=0)
    np.testing.assert_allclose(mean, objective.gradient(w), rtol=1e-11, atol=1e-14)
    assert np.abs(mean).max() > 1e-3


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_value_is_exactly_what_its_parts_make(activation):
    """To the last bit: who multiplies and adds the numbers on the page gets the next number."""
    act = MLP(1, (1,), activation).act
    makes = {
        "product": math.prod, "product back": math.prod, "delta": math.prod, "gradient": math.prod,
        "output": lambda parts: float(act.value(np.array(parts))[0]),
        "slope": lambda parts: float(act.slope(np.array(parts))[0]),
    }  # fmt: skip
    _, _, book = kept(Loss.catalogue["softmax_cross_entropy"](), activation, (3, 2, 4))
    for entry in book.entries:
        if entry.kind in makes:
            assert entry.value == makes[entry.kind](entry.parts), entry
        if entry.kind.startswith("sum"):
            total = entry.parts[0]
            for part in entry.parts[1:]:
                total += part
            assert entry.value == total, entry


def test_every_part_has_been_written_down_before_it_is_used():
    objective, w, book = kept(Loss.catalogue["softmax_cross_entropy"](), hidden=(3, 2))
    known = {*w, *objective.data.features[4], float(objective.target[4]), 1.0}
    for entry in book.entries:
        assert known.issuperset(entry.parts), entry
        known.add(entry.value)


def test_every_weight_has_one_product_on_the_way_there_and_one_gradient_on_the_way_back():
    objective, w, book = kept(Loss.catalogue["brier"]())
    places = objective.model.places()
    for way, kind in (("forward", "product"), ("back", "gradient")):
        own = {e.weight: e for e in book.of(way) if e.kind == kind}
        assert sorted(own) == list(range(w.size))
        for k, entry in own.items():
            assert (entry.layer, entry.unit, entry.other) == places[k]
            assert (entry.difference is None) == (way == "forward")
    assert [e.layer for e in book.of("forward")] == sorted(e.layer for e in book.of("forward"))
    back = [e.layer for e in book.of("back")]
    assert back == sorted(back, reverse=True)
    inner = [e for e in book.of("back", 0) if e.kind == "product back"]
    assert [e.weight for e in inner] == [
        next(k for k, p in enumerate(places) if p == (1, e.other, e.unit)) for e in inner
    ]
    assert len(inner) == 3 * 2


def test_words_name_the_ends_of_a_weight():
    _, _, book = kept(Loss.catalogue["softmax_cross_entropy"]())
    words = [entry.words for entry in book.entries]
    assert words[0] == "weight from a to unit 1 of layer 1, times what comes from there"
    assert "bias of unit 2 of layer 2" in words
    assert "sum of score of q: its products and its bias" in words
    assert "slope of the loss in the weight from unit 3 of layer 1 to unit 1 of layer 2" in words
    assert "slope of Tanh there, 1 − a²" in words
    assert "slope of the loss in the bias of score of r" in words
    _, _, single = kept(Loss.catalogue["brier"]())
    assert "slope of the loss in the score" in [e.words for e in single.of("loss")]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_finite_difference_stands_beside_each_gradient(loss):
    """Within 1e-8: ε^⅔ is 4e-11, times third derivatives of up to a hundred."""
    _, _, book = kept(loss)
    np.testing.assert_allclose(book.differences, book.gradient, rtol=1e-7, atol=1e-8)
    own = {e.weight: e.difference for e in book.of("back") if e.kind == "gradient"}
    np.testing.assert_array_equal([own[k] for k in range(len(own))], book.differences)


def test_no_step_ten_times_as_long_or_short_is_better():
    """The step is well chosen: the median error grows both ways."""
    objective = objective_of(Loss.catalogue["cross_entropy"](), (4, 3))
    w = weights_of(objective.model)
    true = objective.gradient(w)
    errors = {1.0: np.median(np.abs(central(objective, w) - true))}
    for factor in (0.05, 20.0):
        h = factor * 6.06e-6 * np.eye(w.size)
        found = (objective.values(w + h) - objective.values(w - h)) / np.diag((w + h) - (w - h))
        errors[factor] = np.median(np.abs(found - true))
    assert errors[1.0] < 1e-10
    assert errors[1.0] < min(errors[0.05], errors[20.0])


@pytest.mark.parametrize(
    ("slug", "expected"),
    [("brier", -0.0006702504975196976), ("cross_entropy", -0.9996646498695335)],
)
def test_v9_a_confident_mistake_hardly_moves_squared_error_through_a_sigmoid(slug, expected):
    """V9, S34: z = −8 where y = 1. Squared error through a sigmoid is Brier, (p − y)², with its 2."""
    objective = Objective(MLP(1, (1,), "linear"), Loss.catalogue[slug](), ONE)
    book = ledger(objective, np.array([1.0, 0.0, -8.0, 0.0]), 0)
    assert book.scores[0] == -8.0
    pull = next(entry for entry in book.entries if entry.kind == "pull")
    assert pull.value == pytest.approx(expected, rel=1e-14)
    assert book.gradient[3] == pull.value  # of the bias of the score
    p = 1 / (1 + math.exp(8))
    by_hand = {"brier": 2 * (p - 1) * p * (1 - p), "cross_entropy": p - 1}
    assert pull.value == pytest.approx(by_hand[slug], rel=1e-13)


def test_the_penalty_is_no_part_of_a_row():
    loss = Loss.catalogue["squared_error"]()
    free, bound = objective_of(loss), objective_of(loss, penalty=Penalty.catalogue["l2"](lam=1.0))
    w = weights_of(free.model)
    for part in ("gradient", "differences"):
        np.testing.assert_array_equal(
            getattr(ledger(free, w, 0), part), getattr(ledger(bound, w, 0), part)
        )


def test_a_model_that_is_no_network_has_no_ledger():
    linear = Objective(Linear(2), Loss.catalogue["squared_error"](), data_of("residual"))
    with pytest.raises(TypeError, match="kept for a network"):
        ledger(linear, np.zeros(3), 0)
