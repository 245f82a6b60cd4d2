"""Models judged by losses: who wins under which, where that changes, and which rows decide it."""

from losses.verdict.baseline import best_constant
from losses.verdict.ranking import Matrix, matrix, ranked
from losses.verdict.rows import RowLosses, row_losses
from losses.verdict.scoring import improbable

__all__ = [
    "Matrix",
    "RowLosses",
    "best_constant",
    "improbable",
    "matrix",
    "ranked",
    "row_losses",
]
