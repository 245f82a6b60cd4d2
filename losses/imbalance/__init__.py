"""A rare class: what weights, thresholds, priors and resampling do to recall and calibration."""

from losses.imbalance.outcome import Confusion, Outcome, confusion, outcome
from losses.imbalance.rare import Given, Learned, Rare, path, rarest, telling
from losses.imbalance.resampled import Scatter, oversampled, scatter, undersampled
from losses.imbalance.trade import Run, Trade, by_gamma, by_weight
from losses.imbalance.views import Views, instead, moved, threshold_of, views, weight_of

__all__ = [
    "Confusion",
    "Given",
    "Learned",
    "Outcome",
    "Rare",
    "Run",
    "Scatter",
    "Trade",
    "Views",
    "by_gamma",
    "by_weight",
    "confusion",
    "instead",
    "moved",
    "outcome",
    "oversampled",
    "path",
    "rarest",
    "scatter",
    "telling",
    "threshold_of",
    "undersampled",
    "views",
    "weight_of",
]
