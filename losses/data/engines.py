"""The libraries that read for us, each behind one function: no other module knows their names."""

import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from losses.data.dataset import Array

BLOCK = 1 << 19  # bytes that one thread splits at a time: 64 KB costs half as much again
CONVERSION = re.compile(r"In CSV column #(\d+)")


class Unclean(ValueError):
    """A body that pyarrow would not split into columns as they were asked for, and where."""


class Parsed(NamedTuple):
    """Plain columns as float64 (n,), nan where a cell is missing; the others as arrow text."""

    numbers: dict[str, Array]
    text: dict[str, Any]
    rows: int


def split(
    body: memoryview, names: Sequence[str], mark: str, asked: Collection[str], nulls: Sequence[str]
) -> Parsed:
    """A body without quotes as columns; a column asked to be plain that is not becomes text."""
    wanted = set(asked)
    while True:
        try:
            found = _arrow(body, names, mark, wanted, nulls)
            break
        except pa.ArrowInvalid as error:
            column = CONVERSION.match(str(error))
            name = names[int(column[1])] if column else None
            if name not in wanted:
                raise Unclean(str(error)) from None
            wanted.discard(name)
    plain = [name for name in names if name in wanted]
    with ThreadPoolExecutor() as threads:  # each copies its pieces into one array
        arrays = threads.map(lambda name: found[name].to_numpy(), plain)
        numbers = dict(zip(plain, arrays, strict=True))
    text = {name: found[name] for name in names if name not in wanted}
    return Parsed(numbers, text, found.num_rows)


def as_text(body: memoryview, names: Sequence[str], mark: str) -> Any:
    """The same body as an arrow table of nothing but text."""
    return _arrow(body, names, mark, (), ())


def _arrow(
    body: memoryview, names: Sequence[str], mark: str, plain: Collection[str], nulls: Sequence[str]
) -> Any:
    places = [str(at) for at in range(len(names))]  # names may hold anything
    types = {
        at: pa.float64() if name in plain else pa.large_string()
        for at, name in zip(places, names, strict=True)
    }
    table = csv.read_csv(
        pa.BufferReader(pa.py_buffer(body)),
        read_options=csv.ReadOptions(block_size=BLOCK, column_names=places),
        parse_options=csv.ParseOptions(
            delimiter=mark, quote_char=False, double_quote=False, ignore_empty_lines=False
        ),
        convert_options=csv.ConvertOptions(
            column_types=types, null_values=list(nulls), strings_can_be_null=False
        ),
    )
    return table.rename_columns(list(names))


def longest(text: Any) -> int:
    """The bytes of the longest cell of an arrow column."""
    return int(pc.max(pc.binary_length(text)).as_py() or 0)


def blank(text: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which cells of an arrow column hold nothing but space, as bool (n,)."""
    trimmed = pc.utf8_trim_whitespace(text)
    return np.asarray(pc.equal(pc.binary_length(trimmed), 0).to_numpy(zero_copy_only=False))


def likely_encoding(data: bytes) -> str:
    """What chardet takes the bytes for; empty where it does not know."""
    import chardet  # a tenth of a second, for the few files that need it

    return str(chardet.detect(data).get("encoding") or "")


def sheets(data: bytes) -> list[str]:
    """The names of a workbook's sheets, in order; raises ValueError if it is damaged."""
    with _calamine(data) as workbook:
        return list(workbook.sheet_names)


def sheet(data: bytes, name: str) -> tuple[int, list[list[str]]]:
    """A sheet as text, with the number of its first row; raises ValueError if it is damaged."""
    with _calamine(data) as workbook:
        found = workbook.get_sheet_by_name(name)
        first = found.start[0] + 1 if found.start else 1
        return first, [[_cell(value) for value in row] for row in found.iter_rows()]


@contextmanager
def _calamine(data: bytes) -> Iterator[Any]:
    """An open workbook; what calamine raises, and what Rust panics with, becomes ValueError."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        yield CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, OSError, zipfile.BadZipFile) as error:
        raise ValueError(str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a name that no module exports
            raise
        raise ValueError(str(error)) from None


def _cell(value: Any) -> str:
    """A cell of a workbook as it would stand in a CSV file."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, (date, time, timedelta)):
        return str(value)
    return str(value)


class Size(NamedTuple):
    """What a Parquet file says of itself before any of it is unpacked."""

    rows: int
    columns: int
    unpacked: int
    nested: tuple[str, ...]


def parquet_size(data: bytes) -> Size:
    """Rows, columns and unpacked bytes; raises ValueError if the file is damaged."""
    from pyarrow import parquet

    file = parquet.ParquetFile(pa.BufferReader(data))
    meta, schema = file.metadata, file.schema_arrow
    groups = [meta.row_group(at) for at in range(meta.num_row_groups)]
    nested = tuple(field.name for field in schema if pa.types.is_nested(field.type))
    return Size(meta.num_rows, len(schema), sum(group.total_byte_size for group in groups), nested)


def parquet(data: bytes, most: int) -> tuple[Mapping[int, Array], Any]:
    """Float columns by their place, and all columns as an arrow table of text of `most` bytes.

    Raises ValueError if the file is damaged or a column cannot be written as text.
    """
    from pyarrow import parquet as reader

    schema = reader.ParquetFile(pa.BufferReader(data)).schema_arrow
    words = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_binary(f.type)]
    table = reader.ParquetFile(pa.BufferReader(data), read_dictionary=words).read()
    table.validate(full=True)  # no check sum does: places in a dictionary may lie beyond its end
    if sum(map(_written_bytes, table.columns)) > most:
        raise ValueError("its text unpacks to too many bytes")
    floats = {
        at: column.cast(pa.float64()).to_numpy()
        for at, column in enumerate(table.columns)
        if pa.types.is_floating(column.type)
    }
    text = pa.table([_as_strings(column) for column in table.columns], names=table.column_names)
    return floats, text


def _written_bytes(column: Any) -> int:
    """How many bytes a column of words takes once each row has its own copy."""
    if not pa.types.is_dictionary(column.type):
        return 0
    total = 0
    for chunk in column.chunks:
        lengths = pc.binary_length(chunk.dictionary).to_numpy(zero_copy_only=False)
        total += int(np.sum(lengths[chunk.indices.drop_null().to_numpy()]))
    return total


def _as_strings(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        column = column.cast(pa.float64())  # a float32 is written with all the digits it has
    return pc.fill_null(column.cast(pa.large_string()), "")
