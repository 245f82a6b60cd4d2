"""A model's chances of classes are the same numbers, however the data bring them."""

import numpy as np
import pytest

from losses.chances import EASED, learned, predicted
from losses.data import DataError, Dataset
from losses.data.bundled import Sample
from losses.data.generators import Generator
from losses.links import sigmoid


def sample(slug):
    return Sample.catalogue[slug]().load()


def test_predicted_probabilities_come_back_from_their_logits():
    """Pages draw in logits: nothing of what the file said may be lost on the way."""
    data = sample("binary_predictions")
    found = predicted(data, "random_forest")
    np.testing.assert_allclose(found.probabilities[:, 1], data.column("random_forest"), rtol=1e-14)
    own = np.where(data.target == 1, *(found.probabilities[:, k] for k in (1, 0)))
    np.testing.assert_allclose(sigmoid(found.true_logit), own, rtol=1e-14)


def test_a_column_for_each_class_gives_the_odds_of_the_true_one():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(4), 50)
    p[0] = (1, 0, 0, 0)
    y = rng.integers(4, size=50).astype(float)
    y[0] = 0
    data = Dataset(
        "four", ("a", "b", "c", "d"), p, y, "y", "multiclass", ("a", "b", "c", "d"),
        role="predictions", scale="probability", by_class=True,
    )  # fmt: skip
    found = predicted(data, "the model")
    np.testing.assert_allclose(found.probabilities, p, atol=1e-15)
    own = p[np.arange(50), y.astype(int)]
    np.testing.assert_allclose(sigmoid(found.true_logit), own, rtol=1e-13)
    assert found.true_logit[0] == np.inf, "a sure and right model has endless odds"
    rest = found.against_the_rest(2)
    np.testing.assert_allclose(sigmoid(rest.logits), p[:, 2], rtol=1e-13, atol=1e-300)
    assert rest.classes == ("not c", "c")
    assert set(rest.target) == {0.0, 1.0}


def test_either_of_two_classes_may_be_the_positive_one():
    found = predicted(sample("binary_predictions"), "naive_bayes")
    other = found.against_the_rest(0)
    assert other.classes == found.classes[::-1]
    np.testing.assert_array_equal(other.true_logit, found.true_logit)
    np.testing.assert_array_equal(other.target, 1 - found.target)


def test_separable_classes_are_fitted_with_a_penalty_that_is_told():
    """Penguins can be separated: without a penalty no weights are best, and the page must say so."""
    assert learned(sample("penguins")).eased == EASED
    assert learned(sample("penguins"), lam=0.1).eased == 0
    assert learned(sample("breast_cancer")).eased == 0


def test_a_fit_of_cross_entropy_meets_the_base_rate():
    """With a bias and no penalty the mean probability is the share of ones, exactly."""
    data = Generator.catalogue["two_blobs"](share=0.1).sample(np.random.default_rng(0))
    found = learned(data).chances
    assert found.probabilities[:, 1].mean() == pytest.approx(data.target.mean(), rel=1e-12)


@pytest.mark.parametrize("slug", ["engel", "regression_predictions"])
def test_data_without_classes_are_refused_with_a_sentence(slug):
    data = sample(slug)
    for way in (learned, lambda data: predicted(data, data.columns[0])):
        with pytest.raises(DataError, match=data.name):
            way(data)


@pytest.mark.parametrize("p", [[0.2, 1.5, 0.1], [0.7, 0.6, -0.3]])
def test_numbers_of_any_class_that_are_no_probabilities_are_refused(p):
    data = Dataset(
        "mine", ("a", "b", "c"), np.array([[0.2, 0.3, 0.5], p]), np.array([0.0, 1.0]), "y",
        "multiclass", ("a", "b", "c"), "predictions", scale="probability", by_class=True,
    )  # fmt: skip
    with pytest.raises(DataError, match=r"1 of 2 predictions are not probabilities.* in row 2;"):
        predicted(data, "the model")


def test_labels_alone_are_refused():
    data = Dataset(
        "labels", ("m",), [[0.0], [1.0]], [0.0, 1.0], "y", "binary", ("a", "b"),
        role="predictions", scale="label",
    )  # fmt: skip
    with pytest.raises(DataError, match="how sure"):
        predicted(data, "m")
