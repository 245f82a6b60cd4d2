"""A run whose rules change on the way is the old run up to there, and goes on from its state."""

from dataclasses import replace

import numpy as np
import pytest

from losses import Loss, Optimizer
from losses.descent import MLP, Objective, Schedule, descend
from losses.descent.relay import Leg, relay, resumed, state_at
from tests.test_network import data_of

CROSS, BRIER = (Loss.catalogue[slug]() for slug in ("cross_entropy", "brier"))
DATA = data_of("binary", 40)
NET = MLP(2, (4, 3))
OBJECTIVE, OTHER = (Objective(NET, loss, DATA) for loss in (CROSS, BRIER))
START = NET.init(3)
OPTIMIZERS = [pytest.param(c(), id=s) for s, c in Optimizer.catalogue.items()]
ADAM, MOMENTUM = (Optimizer.catalogue[slug]() for slug in ("adam", "momentum"))


def same_path(one, other):
    return all(
        np.array_equal(getattr(one, p), getattr(other, p)) for p in ("weights", "costs", "slopes")
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [None, 12])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_a_run_that_is_stopped_and_resumed_unchanged_is_the_whole_run_bit_for_bit(
    optimizer, batch, schedule
):
    """State, count of steps, batches and schedule all have to be those of the whole run."""
    rules = {"batch": batch, "seed": 5, "schedule": Schedule.catalogue[schedule]()}
    whole = descend(OBJECTIVE, optimizer, START, steps=30, **rules)
    leg = Leg(OBJECTIVE, optimizer, 30, **rules)
    assert same_path(relay([leg], START), whole)
    assert relay([leg], START).outcome == whole.outcome
    for at in (1, 13, 29, 30):
        legs = resumed([leg], at, replace(leg, steps=30 - at))
        assert same_path(relay(legs, START), whole)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_changed_rate_keeps_what_the_optimizer_remembers(optimizer):
    """By hand: the old steps, then the same state at another rate."""
    leg = Leg(OBJECTIVE, optimizer, 25)
    faster = optimizer.at(optimizer.eta * 1.5)
    found = relay(resumed([leg], 10, Leg(OBJECTIVE, faster, 8)), START)
    w, state = START, optimizer.init(START)
    for t in range(1, 19):
        now = optimizer if t <= 10 else faster
        w, state = now.step(w, OBJECTIVE.gradient(now.probe(w, state)), state, t)
        np.testing.assert_array_equal(found.weights[t], w)
    assert len(found) == 19
    assert same_path(
        replace(
            found, weights=found.weights[:11], costs=found.costs[:11], slopes=found.slopes[:11]
        ),
        descend(OBJECTIVE, optimizer, START, steps=10),
    )
    assert found.outcome.sentence.startswith("Counted from the change at step 10: ")


def test_a_changed_loss_is_walked_down_from_there_and_costs_are_in_its_own_unit():
    legs = resumed([Leg(OBJECTIVE, MOMENTUM, 20)], 12, Leg(OTHER, MOMENTUM, 5))
    found = relay(legs, START)
    np.testing.assert_array_equal(found.costs[:13], OBJECTIVE.values(found.weights[:13]))
    np.testing.assert_array_equal(found.costs[13:], OTHER.values(found.weights[13:]))
    speed = state_at(legs, START, 12)
    step = 0.9 * speed + 0.05 * OTHER.gradient(found.weights[12])
    np.testing.assert_allclose(found.weights[13], found.weights[12] - step, rtol=1e-14)
    assert np.linalg.norm(speed) > 1e-3


def test_another_batch_begins_a_new_pass_and_the_old_steps_stay():
    leg = Leg(OBJECTIVE, ADAM, 20, batch=8, seed=2)
    old = relay([leg], START)
    found = relay(resumed([leg], 9, Leg(OBJECTIVE, ADAM, 4, batch=16, seed=2)), START)
    np.testing.assert_array_equal(found.weights[:10], old.weights[:10])
    rows = np.random.default_rng(2).permutation(40)[:16]
    state = state_at([leg], START, 9)
    w, _ = ADAM.step(found.weights[9], OBJECTIVE.gradient(found.weights[9], rows), state, 10)
    np.testing.assert_array_equal(found.weights[10], w)


def test_a_schedule_of_the_old_steps_does_not_change_when_the_run_gets_longer():
    leg = Leg(OBJECTIVE, ADAM, 20, schedule=Schedule.catalogue["cosine"]())
    old = relay([leg], START)
    found = relay(resumed([leg], 15, replace(leg, steps=100)), START)
    np.testing.assert_array_equal(found.weights[:16], old.weights[:16])
    twice = relay(
        resumed(resumed([leg], 15, replace(leg, steps=100)), 40, Leg(OBJECTIVE, ADAM, 3)), START
    )
    np.testing.assert_array_equal(twice.weights[:41], found.weights[:41])


def test_an_optimizer_of_another_kind_starts_afresh():
    legs = [Leg(OBJECTIVE, MOMENTUM, 10), Leg(OBJECTIVE, ADAM, 10)]
    found = relay(legs, START)
    fresh = descend(OBJECTIVE, ADAM, found.weights[10], steps=10)
    np.testing.assert_array_equal(found.weights[10:], fresh.weights)
    assert found.outcome.sentence.endswith(fresh.outcome.sentence)


def test_the_state_at_the_start_is_the_first_one():
    for part in state_at([Leg(OBJECTIVE, ADAM, 5)], START, 0):
        assert np.all(np.asarray(part) == 0)


def test_a_run_that_diverges_after_the_change_keeps_its_finite_steps():
    squared = Objective(NET, Loss.catalogue["squared_error"](), data_of("residual", 40))
    plain = Optimizer.catalogue["gradient_descent"](eta=0.01)
    wild = Leg(squared, plain.at(1e6), 400)
    relu = replace(NET, activation="relu")
    legs = [
        Leg(replace(squared, model=relu), plain, 10),
        replace(wild, function=replace(squared, model=relu)),
    ]
    found = relay([*legs, legs[0]], START)
    assert found.outcome.kind == "diverged"
    assert 11 <= len(found) < 411
    assert np.isfinite(found.costs).all()
    assert "change at step 10" in found.outcome.sentence


@pytest.mark.parametrize("at", [-1, 21])
def test_a_step_that_was_not_walked_is_refused(at):
    with pytest.raises(ValueError, match=f"step {at} is none of the 20 walked"):
        resumed([Leg(OBJECTIVE, ADAM, 20)], at, Leg(OBJECTIVE, ADAM, 1))


def test_legs_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="through weights of one number"):
        relay([Leg(OBJECTIVE, ADAM, 2), Leg(Objective(MLP(2, (2,)), CROSS, DATA), ADAM, 2)], START)
    with pytest.raises(ValueError, match="a leg or more"):
        relay([], START)
    with pytest.raises(ValueError, match="steps = -1"):
        Leg(OBJECTIVE, ADAM, -1)
