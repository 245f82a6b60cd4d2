"""What fits predict: along one column, on the rows held out, and for the class that is true."""

import numpy as np

from losses.arrays import Array
from losses.links import SIGMOID, SOFTMAX
from losses.verdict.training import Trained, scores_of


def curves(found: Trained, x: Array) -> Array:
    """What each fit predicts along the one column, `(losses, len(x))`: of two classes, the
    probability of the second, every score read as a logit."""
    scores = np.array([scores_of(each, x[:, None]) for each in found.fits])
    return SIGMOID.prediction(scores) if found.data.task == "binary" else scores


def predictions(found: Trained) -> Array:
    """The number that each fit predicts for each row held out, `(losses, held)`."""
    X = found.data.features[found.held]
    return np.array([scores_of(each, X) for each in found.fits])


def certainties(found: Trained) -> Array:
    """The probability that each fit gives to the true class of each row held out,
    `(losses, held)`, every score read as a logit."""
    X, y = found.data.features[found.held], found.data.target[found.held].astype(int)
    return np.array([_of_the_truth(scores_of(each, X), y) for each in found.fits])


def _of_the_truth(scores: Array, y: np.ndarray) -> Array:
    if scores.ndim == 1:
        return SIGMOID.prediction(np.where(y == 1, scores, -scores))
    truth: Array = np.take_along_axis(SOFTMAX.prediction(scores), y[:, None], axis=1)[:, 0]
    return truth
