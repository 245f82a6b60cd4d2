"""Formulas with numbers put in: what a reader sees when a point on a curve is read."""

import re
from collections.abc import Mapping

# an environment, or a command or letter with its subscript, so that w_1 is not read as w
TOKEN = re.compile(
    r"\\(?:begin|end|text)\{[^}]*\}|(?:\\[A-Za-z]+|[A-Za-z])(?:_(?:\\[A-Za-z]+|[A-Za-z0-9]))?"
)
FACTOR = re.compile(r"(?<!cases)[0-9})]\s*$")  # what a number would run into


def number(value: float, digits: int = 4) -> str:
    """A number as LaTeX, in at most so many digits; negative ones in parentheses."""
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, power = text.split("e")
        text = rf"{mantissa} \cdot 10^{{{int(power)}}}"
    text = text.replace("inf", r"\infty")
    return f"({text})" if text.startswith("-") else text


def worded(value: float, digits: int = 4) -> str:
    """A number as a sentence has it, in at most so many digits: with a minus sign, no hyphen."""
    return f"{value:.{digits}g}".replace("-", "−")


def substitute(latex: str, values: Mapping[str, float]) -> str:
    """The formula with each symbol in `values` replaced by its number; everything else stays."""
    written, end = "", 0
    for match in TOKEN.finditer(latex):
        symbol = match.group()
        written += latex[end : match.start()]
        if symbol in values:
            dot = r"\cdot " if FACTOR.search(written.replace("{cases}", "cases")) else ""
            symbol = f"{dot}{{{number(values[symbol])}}}"
        written, end = written + symbol, match.end()
    return written + latex[end:]
