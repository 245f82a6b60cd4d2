"""CSV that reads back to the same bits, and that no spreadsheet executes."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA = re.compile(r"'*[=+\-@\t\r]")  # how a text cell starts that a spreadsheet would run


def written(columns: Iterable[tuple[str, Sequence[Any]]]) -> str:
    """A header and the columns below it, all of one length, as text."""
    names, cells = zip(*columns, strict=True)
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(map(cell, names))
    lines.writerows(zip(*(map(cell, column) for column in cells), strict=True))
    return text.getvalue()


def cell(value: Any) -> Any:
    """Shortest digits that read back to the same bits; text that would start a formula gets a '."""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return "'" + value if isinstance(value, str) and FORMULA.match(value) else value
