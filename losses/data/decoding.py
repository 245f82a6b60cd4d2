"""Bytes to text: what is no table is named, and a guessed encoding is said."""

import codecs
import re
import zlib

from losses.data.dataset import DataError

MEGABYTE = 1_000_000

KINDS = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save the sheet as CSV"),
    (b"PAR1", "a Parquet file; save the table as CSV"),
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
    (b"{\\rtf", "a rich-text document; save it as plain text"),
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROL = re.compile("[\x01-\x08\x0e-\x1f]")


def decode(data: bytes, limit: int) -> tuple[str, list[str]]:
    """The text of a file and how it was found; raises DataError when it is no text."""
    if len(data) > limit:
        size, most = len(data) / MEGABYTE, limit / MEGABYTE
        raise DataError(f"the file has {size:.1f} MB; at most {most:g} MB can be read")
    data, notes = _unpacked(data, limit)
    if not data.strip(b" \t\r\n,;|\x00"):
        raise DataError("the file is empty; a header and rows of numbers are needed")
    if kind := _kind(data):
        raise DataError(f"the file is {kind}; a text file with columns (CSV) is needed")
    text, said = _text(data)
    if len(CONTROL.findall(text)) > len(text) / 20:
        raise DataError("the file is no text that can be read; a CSV file is needed")
    if what := _document(text):
        raise DataError(f"the file is {what}; a text file with columns (CSV) is needed")
    return text, notes + said


def _kind(data: bytes) -> str:
    if data[:4] == b"PK\x03\x04":
        if b"xl/" in data[:4000] or b"xl/" in data[-4000:]:
            return "an Excel workbook; save the sheet as CSV"
        return "a zip archive; unpack it first"
    if re.match(rb"\x80[\x02-\x05]", data) and data.endswith(b"."):
        return "a Python pickle, which is never opened, as it may run any program"
    return next((kind for magic, kind in KINDS if data.startswith(magic)), "")


def _unpacked(data: bytes, limit: int) -> tuple[bytes, list[str]]:
    """What a gzip file holds, up to the limit."""
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


def _text(data: bytes) -> tuple[str, list[str]]:
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), _wide(data))
    if not encoding and b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise DataError(f"line {line} holds a NUL byte, so the file is no text; save it as CSV")
    try:
        text = data.decode(encoding or "utf-8").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        if encoding.startswith("utf-"):
            where = f"byte {error.start + 1}"
            raise DataError(f"the file says it is {encoding}, but {where} is not") from None
        return _western(data), ["not utf-8, so read as Windows-1252; look at accented letters"]
    if "\x00" in text:
        raise DataError("the file holds NUL characters, so it is no text; save it as CSV")
    return text, [f"read as {encoding}"] if encoding not in ("", "utf-8") else []


def _wide(data: bytes) -> str:
    """utf-16 without a mark shows as a NUL at nearly every second byte."""
    head = data[:2000]
    even, odd = head[::2].count(0) / len(head), head[1::2].count(0) / len(head)
    if max(even, odd) > 0.3 and min(even, odd) < 0.02:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _document(text: str) -> str:
    """HTML and JSON look like text, but have no columns."""
    start = text[:500].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<svg", "<table")):
        return "a page of HTML or XML"
    return "JSON" if re.match(r'\{\s*["}]|\[\s*[\[{]', start) else ""
