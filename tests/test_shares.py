"""Costs by group: they add up to the whole, and say where another model wins."""

import numpy as np
import pytest

from losses import Loss
from losses.verdict import matrix
from losses.verdict.shares import shares

ABSOLUTE, CROSS_ENTROPY = (Loss.catalogue[slug]() for slug in ("absolute_error", "cross_entropy"))
RNG = np.random.default_rng(4)
Y = RNG.normal(size=300)
MODELS = {"a": Y + RNG.normal(size=300), "b": Y + RNG.laplace(size=300)}
GROUP = RNG.choice(["north", "south", "west"], 300)


@pytest.mark.parametrize("weighted", [False, True])
def test_each_group_is_judged_as_if_it_were_alone_and_all_together_as_the_matrix_does(weighted):
    w = RNG.integers(0, 3, 300).astype(float) if weighted else None
    found = shares(Y, MODELS, ABSOLUTE, GROUP, w)
    assert found.groups == ("north", "south", "west")
    whole = matrix(Y, MODELS, [ABSOLUTE], w).cost[:, 0]
    assert found.overall == pytest.approx(whole, rel=1e-13)
    for g, name in enumerate(found.groups):
        rows = name == GROUP
        alone = {model: s[rows] for model, s in MODELS.items()}
        expected = matrix(Y[rows], alone, [ABSOLUTE], None if w is None else w[rows]).cost[:, 0]
        assert found.cost[:, g] == pytest.approx(expected, rel=1e-13)
        assert found.count[g] == rows.sum()
    assert found.share.sum(axis=1) == pytest.approx([1, 1], rel=1e-14)
    weighed = (found.cost * found.weight).sum(axis=1) / found.weight.sum()
    assert found.overall == pytest.approx(weighed, rel=1e-14)


def test_the_group_that_changes_the_winner_is_the_one_without_which_another_wins():
    y, group = np.zeros(6), np.array([1, 1, 2, 2, 3, 3])
    models = {"a": [1, 1, 1, 1, 1, 1], "b": [0, 0, 0, 0, 5, 5]}
    found = shares(y, models, ABSOLUTE, group)
    assert [found.winners(g) for g in range(3)] == [("b",), ("b",), ("a",)]
    assert found.dissenting() == [0, 1]
    assert found.deciding() == [2]
    assert found.sentence(str.upper) == (
        "Over all rows, A wins under Absolute error; B wins in 1; B wins in 2; without 3, B wins."
    )


def test_agreement_ties_and_a_lone_model_in_words():
    y, group = np.zeros(4), list("uuvv")
    agreed = shares(y, {"a": [1, 1, 1, 1], "b": [2, 2, 2, 2]}, ABSOLUTE, group)
    assert (
        agreed.sentence() == "Over all rows, a wins under Absolute error; no group says otherwise."
    )
    tied = shares(y, {"a": [1, 1, 1, 1], "b": [-1, 1, -1, 1]}, ABSOLUTE, group)
    assert tied.sentence().startswith("Over all rows, a and b tie under")
    assert "only model" in shares(y, {"a": [1, 1, 1, 1]}, ABSOLUTE, group).sentence()


def test_an_infinite_cost_and_a_group_without_weight_are_said_and_not_averaged():
    y, p = [1.0, 0.0, 1.0], {"sure": [0.0, 0.5, 0.5], "safe": [0.5, 0.5, 0.5]}
    found = shares(y, p, CROSS_ENTROPY, ["u", "v", "w"], [1, 1, 0])
    assert found.overall.tolist() == [np.inf, pytest.approx(np.log(2))]
    assert np.isnan(found.share[0]).all()
    assert np.isnan(found.cost[:, 2]).all()
    assert found.winners(0) == ("safe",)
    assert found.winners(1) == ("sure", "safe")
    assert found.winners_without(0) == ("sure", "safe")
    ignored = shares(y, p, CROSS_ENTROPY, ["u", "v", "w"], [0, 1, 1])
    assert ignored.overall == pytest.approx([np.log(2)] * 2)


def test_groups_of_another_length_and_impossible_weights_are_refused():
    with pytest.raises(ValueError, match="300 rows"):
        shares(Y, MODELS, ABSOLUTE, GROUP[:-1])
    with pytest.raises(ValueError, match="weights must be"):
        shares(Y, MODELS, ABSOLUTE, GROUP, -np.ones(300))
