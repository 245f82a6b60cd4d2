"""The same recipes in PyTorch: its own optimizers, through its own gradients, end where we do."""

import importlib.util

import numpy as np
import pytest

from losses import Loss, Optimizer
from tests import test_recipes
from tests.test_recipes import (
    DOWN,
    L2,
    LANDSCAPES,
    LINED,
    OPTIMIZERS,
    PACES,
    SCHEDULES,
    TRAINED,
    WALKED,
    check,
    check_landscape,
    objective_of,
)

torch = importlib.import_module("torch") if importlib.util.find_spec("torch") else None

pytestmark = [
    pytest.mark.export,
    pytest.mark.skipif(torch is None, reason="not checked: torch is not installed"),
]


@pytest.fixture(autouse=True)
def _precision():
    """A recipe computes in double precision, which it sets for the whole process."""
    before = torch.get_default_dtype()
    yield
    torch.set_default_dtype(before)


@pytest.mark.parametrize("loss", WALKED)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [None, 5])
@pytest.mark.parametrize("penalty", [None, L2])
def test_the_program_ends_where_the_walk_does(loss, optimizer, batch, penalty):
    check(objective_of(loss, penalty), optimizer, "PyTorch", 1e-10, batch=batch, seed=2)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_program_keeps_the_schedule(optimizer, schedule):
    objective = objective_of(Loss.catalogue["huber"](), L2)
    check(objective, optimizer, "PyTorch", 1e-10, batch=7, schedule=schedule)


@pytest.mark.parametrize("loss", LINED)
@pytest.mark.parametrize("penalty", [None, L2])
def test_every_loss_has_a_program(loss, penalty):
    objective = objective_of(loss, penalty)
    start = np.linspace(-0.2, 0.3, objective.size)
    optimizer = Optimizer.catalogue["gradient_descent"](eta=0.02)
    check(objective, optimizer, "PyTorch", 1e-10, start, batch=9)


@pytest.mark.parametrize(
    "loss", [case for case in TRAINED if case.values[0].family == "multiclass"]
)
def test_from_equal_logits_the_first_step_is_the_same(loss):
    """At zero all classes lead alike: PyTorch's amax would share the gradient among them."""
    objective = objective_of(loss)
    optimizer = Optimizer.catalogue["gradient_descent"](eta=0.1)
    check(objective, optimizer, "PyTorch", 1e-10, np.zeros(objective.size), steps=1)


@pytest.mark.parametrize("landscape", LANDSCAPES)
@pytest.mark.parametrize("slug", DOWN)
@pytest.mark.parametrize("schedule", PACES)
def test_down_a_landscape_the_program_ends_where_the_walk_does(landscape, slug, schedule):
    check_landscape(landscape, slug, "PyTorch", 1e-10, schedule)


def test_optimizers_without_memory_have_a_program():
    """PyTorch refuses to look ahead without a momentum."""
    for slug, zeros in {"nesterov": {"beta": 0.0}, "momentum": {"beta": 0.0}}.items():
        for schedule in SCHEDULES[:2]:
            objective = objective_of(Loss.catalogue["huber"]())
            optimizer = Optimizer.catalogue[slug](**zeros)
            check(objective, optimizer, "PyTorch", 1e-10, schedule=schedule.values[0])


def test_a_corner_that_autograd_takes_otherwise_is_announced():
    quantile, start = Loss.catalogue["quantile"](tau=0.3), test_recipes.START
    text = test_recipes.recipe(
        objective_of(quantile), OPTIMIZERS[0].values[0], start, library="PyTorch", steps=2
    )
    assert "where r = 0, autograd takes the slope of one side" in text
