"""From text to tokens: every character is accounted for, or refused with a sentence."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from losses.formula import refusing
from losses.formula.advice import POWERS, RIGHT
from losses.formula.errors import FormulaError
from losses.formula.words import (
    ALIKE,
    GREEK,
    LARGEST_NUMBER,
    LONGEST_NAME,
    MOST_CHARACTERS,
    RAISED,
)

TOKEN = re.compile(
    r"(?P<space>[ \t\r\n\u00a0\u2009\u202f]+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<mark>\*\*|<=|>=|==|!=|[-+*/^(),<>])"
    rf"|(?P<alike>[{''.join(ALIKE)}])"
    rf"|(?P<greek>[{''.join(GREEK)}](?:_?[0-9])?)"
    rf"|(?P<raised>⁻?[{RAISED}]+)"
)
NAMED = re.compile(  # "y =", "L(r) =", "lambda r:"
    r"\s*(?:[^\W\d]\w*\s*(?:\([^()=<>]*\)\s*)?:?=(?!=)|(?:lambda|def)\b[\w\s,()]*:)"
)
POWER = re.compile(rf"\s*(?:\^|\*\*|[⁻{RAISED}])")


class Token(NamedTuple):
    """A number, a name, a mark, or the end; where it starts."""

    kind: str
    text: str
    place: int


def tokens(text: str) -> list[Token]:
    """All tokens of a text, with one for its end. Raises FormulaError."""
    if not isinstance(text, str):
        raise FormulaError(f"A formula is a text, not a {type(text).__name__}.")
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            f"The formula has {len(text)} characters; {MOST_CHARACTERS} is the most.",
            text[: MOST_CHARACTERS + 1],
            MOST_CHARACTERS,
        )
    if named := NAMED.match(text):
        raise FormulaError(RIGHT, text, named.end() - 1)
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = None if refusing.whole(text, at) else TOKEN.match(text, at)
        if match is None:
            before = found[-1] if found else None
            raise refusing.refused(text, at, before.text if before else "")
        for token in _meant(match):
            _check(token, text)
            found.append(token)
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _meant(match: re.Match[str]) -> Iterator[Token]:
    """What is read: a sign, letter or power of printed mathematics as that of the language."""
    kind, word, at = str(match.lastgroup), match.group(), match.start()
    if kind == "raised":
        if POWER.match(match.string, match.end()):
            raise FormulaError(POWERS, match.string, match.end())
        yield Token("mark", "^", at)
        if word[0] == "⁻":
            yield Token("mark", "-", at)
        yield Token("number", unicodedata.normalize("NFKC", word.lstrip("⁻")), at)
    elif kind == "greek":
        yield Token("name", GREEK[word[0]] + word[1:], at)
    elif kind == "alike":
        same = ALIKE[word]
        yield Token("number" if same[0] == "0" else "mark", same, at)
    elif kind != "space":
        yield Token(kind, "^" if word == "**" else word, at)


def _check(token: Token, text: str) -> None:
    kind, word, at = token
    if kind == "number" and not float(word) <= LARGEST_NUMBER:
        raise FormulaError(f"Numbers may be as large as {LARGEST_NUMBER:g}.", text, at)
    if kind == "name" and len(word) > LONGEST_NAME:
        raise FormulaError(f"Names may have {LONGEST_NAME} letters.", text, at)
