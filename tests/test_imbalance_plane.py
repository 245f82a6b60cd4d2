"""The plane of a rare class: lines and strips lie where the fit has the probabilities they stand for."""

from dataclasses import replace

import numpy as np
import pytest

from charts.plane import BANDS
from losses.chances import predicted
from losses.data.bundled import Sample
from losses.data.generators import RareEvent
from losses.imbalance import Given, Rare
from losses.imbalance.outcome import logit_of
from losses.imbalance.plane import edges, plane

DATA = RareEvent(n=400).seeded(0)


def height(tilt, places):
    """The logit at places `(…, 2)`."""
    return places @ tilt[:2] + tilt[2]


def moved(shift, factor):
    """The rows elsewhere and in other units: no fit of them says anything else."""
    return replace(DATA, features=DATA.features * factor + shift)


@pytest.mark.parametrize("data", [DATA, moved(100.0, 3.0), moved(-7.0, [1e-3, 1e3])])
def test_the_logit_drawn_at_a_row_is_the_one_that_the_fit_gives_it(data):
    """A line drawn elsewhere would show another decision than the one that is counted."""
    case = Rare.of(data, 1, data.columns)
    seen, found = plane(case, data.columns), case.at(5.0)
    np.testing.assert_allclose(
        height(seen.tilt(found.fit.weights), seen.places), found.logits, rtol=1e-9, atol=1e-9
    )


def test_columns_that_are_not_drawn_are_held_at_their_means():
    wide = replace(
        DATA,
        columns=(*DATA.columns, "third"),
        features=np.column_stack([DATA.features, 50 + np.sin(np.arange(len(DATA)))]),
    )
    case = Rare.of(wide, 1, wide.columns)
    w = case.at().fit.weights
    assert abs(w[2]) > 1e-3
    seen = plane(case, wide.columns[1:])
    standard = case.features.copy()
    standard[:, 0] = 0.0  # its mean, in standard deviations
    np.testing.assert_allclose(
        height(seen.tilt(w), seen.places), standard @ w[:-1] + w[-1], rtol=1e-9, atol=1e-9
    )


def test_a_column_that_stands_still_tilts_nothing():
    still = replace(DATA, features=np.column_stack([DATA.features[:, 0], np.full(len(DATA), 3.0)]))
    case = Rare.of(still, 1, still.columns)
    seen = plane(case, still.columns)
    a, b, _ = seen.tilt(np.array([1.0, 1.0, 0.0]))
    assert a > 0
    assert b == 0


@pytest.mark.parametrize("threshold", [0.1, 0.5, 0.9])
def test_the_border_is_where_the_threshold_is_reached(threshold):
    case = Rare.of(DATA, 1, DATA.columns)
    seen, weights = plane(case, DATA.columns), case.at(19.0).fit.weights
    tilt = seen.tilt(weights)
    (border,) = seen.borders([weights], threshold)
    for line in (
        seen.lines(border, np.zeros(1))[0],
        seen.lines(tilt, np.array([logit_of(threshold)]))[0],
    ):
        np.testing.assert_allclose(height(tilt, line), logit_of(threshold), atol=1e-9)
    called = height(border, seen.places) >= 0
    assert called.sum() == case.judged(case.at(19.0), threshold).counts.true_positive + (
        case.judged(case.at(19.0), threshold).counts.false_positive
    )


def test_strips_meet_at_their_edges_and_each_row_lies_in_its_own():
    case = Rare.of(DATA, 1, DATA.columns)
    seen, found = plane(case, DATA.columns), case.at(19.0)
    tilt = seen.tilt(found.fit.weights)
    strips = seen.strips(tilt, edges(BANDS))
    rising = height(tilt, strips)
    assert (rising[:, 2:].mean(axis=1) > rising[:, :2].mean(axis=1)).all()
    np.testing.assert_allclose(strips[1:, :2], strips[:-1, [3, 2]])
    inner = edges(BANDS)[1:-1]
    np.testing.assert_allclose(rising[1:, 0], inner, atol=1e-9)
    of_row = np.digitize(found.logits, inner)
    for place, k in zip(seen.places, of_row, strict=True):
        low, high = rising[k, 0], rising[k, 2]
        assert low - 1e-9 <= height(tilt, place) <= high + 1e-9


def test_labels_lie_on_their_lines_within_the_window():
    case = Rare.of(DATA, 1, DATA.columns)
    seen = plane(case, DATA.columns)
    tilt = seen.tilt(case.at(19.0).fit.weights)
    levels = np.array([logit_of(p) for p in (0.1, 0.5, 0.9)])
    labels = seen.labels(tilt, levels)
    assert np.isfinite(labels).all()
    np.testing.assert_allclose(height(tilt, labels), levels, atol=1e-9)
    low, high = seen.window.T
    assert ((labels > low) & (labels < high)).all()
    assert np.isnan(seen.labels(tilt, np.array([1e6]))).all(), "of a line that nobody sees"


def test_given_probabilities_lie_at_their_logits_which_a_weight_moves():
    data = Sample.catalogue["binary_predictions"]().load()
    case = Given(predicted(data, "logistic_regression"))
    seen = plane(case)
    tilt = seen.tilt(case.shift(7.0))
    np.testing.assert_allclose(height(tilt, seen.places), case.at(7.0), rtol=1e-12)
    (line,) = seen.lines(tilt, np.array([logit_of(0.2)]))
    np.testing.assert_allclose(line[:, 0], logit_of(0.2) - np.log(7.0))
    assert seen.beyond == 0
