"""Data: generated, bundled or read from a file, always a Dataset that says what was done to it."""

from losses.data.dataset import DataError, Dataset

__all__ = ["DataError", "Dataset"]
