"""Models judged by losses: who wins under which, where that changes, and which rows decide it."""

from losses.verdict.baseline import best_constant
from losses.verdict.belief import Belief, belief
from losses.verdict.calibration import Calibration, calibrations
from losses.verdict.crossings import Crossings, crossings, flips
from losses.verdict.deciding import Decision, deciding_rows, decision
from losses.verdict.elementary import Dominance, Murphy, murphy
from losses.verdict.histogram import Histogram, histogram
from losses.verdict.noise import Noise, noise
from losses.verdict.ranking import Matrix, matrix, ranked
from losses.verdict.reliability import Bins, Reliability, bins, reliability
from losses.verdict.resampling import Bootstrap, Uncertainty, bootstrap, uncertainties, uncertainty
from losses.verdict.residuals import Residuals, residuals
from losses.verdict.rows import RowLosses, row_losses
from losses.verdict.scoring import improbable
from losses.verdict.shares import Shares, shares

__all__ = [
    "Belief",
    "Bins",
    "Bootstrap",
    "Calibration",
    "Crossings",
    "Decision",
    "Dominance",
    "Histogram",
    "Matrix",
    "Murphy",
    "Noise",
    "Reliability",
    "Residuals",
    "RowLosses",
    "Shares",
    "Uncertainty",
    "belief",
    "best_constant",
    "bins",
    "bootstrap",
    "calibrations",
    "crossings",
    "deciding_rows",
    "decision",
    "flips",
    "histogram",
    "improbable",
    "matrix",
    "murphy",
    "noise",
    "ranked",
    "reliability",
    "residuals",
    "row_losses",
    "shares",
    "uncertainties",
    "uncertainty",
]
