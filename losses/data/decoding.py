"""Bytes to the text of a table: unpacked within bounds, and what is no text is named."""

import re
import zlib

from losses.data import encodings
from losses.data.dataset import DataError
from losses.data.encodings import Decoded

MEGABYTE = 1_000_000
NEEDED = "a text file with columns (CSV) is needed"
EMPTY = "the file is empty; a header and rows of numbers are needed"

KINDS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a sound, a film or a picture"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save the sheet as CSV"),
    (b"PAR1", "a Parquet file that is cut off or damaged"),
    (b"ARROW1", "an Arrow file; save the table as CSV"),
    (b"\x93NUMPY", "a NumPy array; save it with numpy.savetxt"),
    (b"\x89HDF", "an HDF5 file; save the table as CSV"),
    (b"SQLite format 3", "an SQLite database; export the table as CSV"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"{\\rtf", "a rich-text document; save it as plain text"),
)
ZIP = b"PK\x03\x04"
ENDS = 4000  # bytes at either end of a zip archive, which name what is in it
ZIPPED = (
    (b"xl/workbook.bin", "a binary Excel workbook; save the sheet as CSV"),
    (b"word/document.xml", "a Word document; save its table as CSV"),
    (b"opendocument", "an OpenDocument file; save the sheet as CSV"),
)
CONTROL = re.compile("[\x01-\x08\x0e-\x1f]")


def unpacked(data: bytes, limit: int) -> tuple[bytes, list[str]]:
    """The file, or what a gzip file holds: at most `limit` bytes, or DataError."""
    if len(data) > limit:
        size, most = len(data) / MEGABYTE, limit / MEGABYTE
        raise DataError(f"the file has {size:.1f} MB; at most {most:g} MB can be read")
    if not data.startswith(b"\x1f\x8b"):
        return data, []
    packed = zlib.decompressobj(wbits=31)
    try:
        inside = packed.decompress(data, limit + 1)
    except zlib.error as error:
        raise DataError(f"the gzip file is damaged ({error}); pack it again") from None
    if len(inside) > limit:
        raise DataError(f"the gzip file unpacks to more than {limit / MEGABYTE:g} MB")
    if not packed.eof:
        raise DataError("the gzip file is cut off; send it again")
    if packed.unused_data.strip(b"\x00"):
        raise DataError("the gzip file holds more than one file; one is needed")
    return inside, ["unpacked with gzip"]


def is_workbook(data: bytes) -> bool:
    """Whether a zip archive is a workbook of Excel, by the names in it."""
    ends = data[:ENDS] + data[-ENDS:]
    return data.startswith(ZIP) and b"xl/" in ends and b"xl/workbook.bin" not in ends


def is_parquet(data: bytes) -> bool:
    """Whether the bytes start and end as a Parquet file does."""
    return len(data) > 12 and data.startswith(b"PAR1") and data.endswith(b"PAR1")


def refuse_other_kinds(data: bytes) -> None:
    """Raises DataError, which names the kind, where the bytes are no text and no table."""
    if not data[:ENDS].strip(b" \t\r\n,;|\x00") and not data.strip(b" \t\r\n,;|\x00"):
        raise DataError(EMPTY)
    if kind := _kind(data):
        raise DataError(f"the file is {kind}; {NEEDED}")


def decode(data: bytes, chosen: str | None = None) -> Decoded:
    """The text of a file and how it was found; raises DataError when it is no text."""
    found = encodings.decode(data, chosen)
    if len(CONTROL.findall(found.text)) > len(found.text) / 20:
        raise DataError("the file is no text that can be read; a CSV file is needed")
    if what := _document(found.text):
        raise DataError(f"the file is {what}; {NEEDED}")
    return found


def _kind(data: bytes) -> str:
    if data.startswith(ZIP):
        ends = data[:ENDS] + data[-ENDS:]
        return next(
            (kind for sign, kind in ZIPPED if sign in ends), "a zip archive; unpack it first"
        )
    if re.match(rb"\x80[\x02-\x05]", data) and data.endswith(b"."):
        return "a Python pickle, which is never opened, as it may run any program"
    return next((kind for magic, kind in KINDS if data.startswith(magic)), "")


def _document(text: str) -> str:
    """HTML and JSON look like text, but have no columns."""
    start = text[:500].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<svg", "<table")):
        return "a page of HTML or XML"
    return "JSON" if re.match(r'\{\s*["}]|\[\s*[\[{]', start) else ""
