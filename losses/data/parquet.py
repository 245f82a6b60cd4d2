"""Parquet files: measured by what they say of themselves before anything is unpacked."""

from typing import Any, NamedTuple

from losses.data import engines
from losses.data.clean import MOST_CELLS
from losses.data.dataset import Array, DataError
from losses.data.dialect import MOST_COLUMNS
from losses.data.layout import unique

MOST_BYTES = 400_000_000  # unpacked: four times the largest text file


class Columns(NamedTuple):
    """Names that differ, the float columns as numbers, and all of them as arrow text."""

    names: list[str]
    numbers: dict[str, Array]
    text: Any
    notes: list[str]


def read(data: bytes) -> Columns:
    """The columns; raises DataError for what is too large, nested or damaged."""
    try:
        size = engines.parquet_size(data)
        _check(size)
        floats, text = engines.parquet(data, MOST_BYTES)
    except DataError:
        raise
    except (ValueError, OSError, LookupError, MemoryError, NotImplementedError, TypeError) as error:
        why = str(error).partition("\n")[0][:100]
        raise DataError(f"the Parquet file cannot be read: {why}") from None
    names, renamed = unique(text.column_names)
    numbers = {names[at]: values for at, values in floats.items()}
    return Columns(names, numbers, text.rename_columns(names), ["a Parquet file", *renamed])


def _check(size: engines.Size) -> None:
    cells = size.rows * size.columns
    if size.columns > MOST_COLUMNS or cells > MOST_CELLS or size.unpacked > MOST_BYTES:
        found = (
            f"{size.rows:,} rows, {size.columns:,} columns, {size.unpacked // 10**6} MB unpacked"
        )
        most = f"{MOST_COLUMNS} columns, {MOST_CELLS:,} cells and {MOST_BYTES // 10**6} MB"
        raise DataError(f"the Parquet file has {found}; at most {most} can be read")
    if size.nested:
        raise DataError(f"column {size.nested[0]!r} of the Parquet file holds lists; flatten it")
    if size.columns < 2:
        raise DataError("the file has one column only; at least two are needed")
    if size.rows < 1:
        raise DataError("the file has a header and no rows; at least one row is needed")
