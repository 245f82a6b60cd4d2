"""A pair of models whose figures are known: sharp with four blunders, and mediocre throughout."""

import numpy as np
import pytest

from losses import Loss
from losses.data.bundled import Sample
from losses.verdict import deciding_rows, flips, matrix

PAIR = Sample.catalogue["blunders"]().load()
SHARP, MEDIOCRE = PAIR.features.T


def loss(slug, **parameters):
    return Loss.catalogue[slug](**parameters)


def test_the_costs_are_those_known():
    judges = [loss("squared_error"), loss("absolute_error")]
    found = matrix(PAIR.target, {"sharp": SHARP, "mediocre": MEDIOCRE}, judges)
    known = [[0.7776685582013091, 0.33832114059615426], [0.49120230771911166, 0.5580361759453464]]
    np.testing.assert_allclose(found.cost, known, rtol=1e-14)


def test_the_winner_changes_at_one_delta_known_to_the_last_digit():
    """Beyond it squares count more than the four blunders can bear."""
    (delta,) = flips(PAIR.target, SHARP, MEDIOCRE, "huber", "delta", 0.05, 5.0)
    assert delta == pytest.approx(2.145776488805842, rel=1e-15)
    around = [loss("huber", delta=delta * (1 - 1e-6)), loss("huber", delta=delta * (1 + 1e-6))]
    found = matrix(PAIR.target, {"sharp": SHARP, "mediocre": MEDIOCRE}, around)
    assert [found.winners(k) for k in (0, 1)] == [("sharp",), ("mediocre",)]


def test_two_rows_decide_the_squares_and_forty_four_the_absolute_errors():
    assert len(deciding_rows(PAIR.target, SHARP, MEDIOCRE, loss("squared_error"))) == 2
    assert set(deciding_rows(PAIR.target, SHARP, MEDIOCRE, loss("squared_error"))) <= set(range(4))
    assert len(deciding_rows(PAIR.target, SHARP, MEDIOCRE, loss("absolute_error"))) == 44
