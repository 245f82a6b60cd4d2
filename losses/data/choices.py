"""What a reader may say about a file instead of having it guessed."""

import codecs
from dataclasses import dataclass
from typing import Literal

from losses.data.dataset import DataError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}
ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "iso-8859-15"),
    *("cp1250", "iso-8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("mac-roman", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"),
)
Decimal = Literal[".", ","]


@dataclass(frozen=True)
class Choices:
    """Each is None while it is to be guessed; what is said here is honored exactly.

    `encoding` is a codec of text; `delimiter` a key of DELIMITERS; `header` whether the first
    record names the columns; `decimal` the mark before decimals, in all columns; `sheet` the name
    of a sheet of a workbook. Raises DataError for anything else.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    decimal: Decimal | None = None
    sheet: str | None = None

    def __post_init__(self) -> None:
        if self.encoding is not None and not _is_text_codec(self.encoding):
            some = ", ".join(ENCODINGS[:5])
            raise DataError(f"no encoding is called {self.encoding!r}; known are {some}, ...")
        if self.delimiter is not None and self.delimiter not in DELIMITERS:
            known = ", ".join(DELIMITERS.values())
            raise DataError(f"{self.delimiter!r} cannot stand between cells; one of {known} can")
        if self.decimal not in (None, ".", ","):
            raise DataError(f"{self.decimal!r} is no decimal mark; a point or a comma is")
        if self.decimal == "," == self.delimiter:
            raise DataError("a comma cannot stand between cells and before decimals at once")


GUESS = Choices()


def _is_text_codec(name: str) -> bool:
    """Whether Python knows it, and as one of text: base64 is a codec of bytes."""
    try:
        return isinstance("1".encode(codecs.lookup(name).name), bytes)
    except (LookupError, ValueError, TypeError):
        return False
