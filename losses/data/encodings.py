"""Bytes to text: told, marked, proven or guessed, and a guess is said."""

import codecs
from typing import NamedTuple

from losses.data.dataset import DataError
from losses.data.engines import likely_encoding

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENOUGH = 40  # bytes beyond ASCII: with fewer, a guess is worse than Windows-1252 for all
JUDGED = 20_000  # of these bytes, which take chardet some ten milliseconds
STRUCTURE = b'0123456789.,;\t"\r\n-+'


class Decoded(NamedTuple):
    """Text without a byte-order mark, the encoding it was in, and what should be said of it."""

    text: str
    encoding: str
    notes: list[str]


def decode(data: bytes, chosen: str | None = None) -> Decoded:
    """The text of a file; raises DataError where the encoding that was told or marked is not."""
    if chosen is not None:
        text = _strictly(data, chosen, f"byte {{}} is not {chosen}; choose another encoding")
        return Decoded(_whole(text), chosen, [])
    marked = next((name for mark, name in MARKS if data.startswith(mark)), "")
    encoding = marked or _wide(data)
    if not encoding and b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        raise DataError(f"line {line} holds a NUL byte, so the file is no text; save it as CSV")
    if encoding:
        text = _strictly(data, encoding, f"the file says it is {encoding}, but byte {{}} is not")
        return Decoded(_whole(text), encoding, _noted(encoding))
    try:
        return Decoded(data.decode("utf-8"), "utf-8", [])
    except UnicodeDecodeError:
        return _guessed(data)


def _noted(encoding: str) -> list[str]:
    return [] if encoding == "utf-8" else [f"read as {encoding}"]


def _strictly(data: bytes, encoding: str, refusal: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        at = getattr(error, "start", 0) + 1
        raise DataError(refusal.format(at)) from None


def _whole(text: str) -> str:
    text = text.lstrip("\ufeff")
    if "\x00" in text:
        raise DataError("the file holds NUL characters, so it is no text; save it as CSV")
    return text


def _wide(data: bytes) -> str:
    """utf-16 without a mark shows as a NUL at nearly every second byte."""
    head = data[:2000]
    even, odd = head[::2].count(0) / len(head), head[1::2].count(0) / len(head)
    if max(even, odd) > 0.3 and min(even, odd) < 0.02:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _guessed(data: bytes) -> Decoded:
    """What is no utf-8: chardet's guess where there is enough to judge, else Windows-1252."""
    beyond = [line for line in data.splitlines() if not line.isascii()]
    some = b"\n".join(beyond)[:JUDGED]
    if len(some.translate(None, bytes(range(128)))) > ENOUGH:
        name = likely_encoding(some)
        text = _careful_with_digits(data, name)
        if text is not None and name.lower() not in ("windows-1252", "cp1252"):
            said = f"not utf-8, so read as {name}, a guess; look at the letters"
            return Decoded(text, name.lower(), [said])
    said = "not utf-8, so read as Windows-1252; look at accented letters"
    try:
        return Decoded(data.decode("cp1252"), "cp1252", [said])
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1", [said])


def _careful_with_digits(data: bytes, name: str) -> str | None:
    """The text, unless the encoding would change a digit, a delimiter or the end of a line."""
    try:
        text = data.decode(name)
    except (LookupError, UnicodeError):
        return None
    same = all(text.count(chr(mark)) == data.count(mark) for mark in STRUCTURE)
    return text if same else None
