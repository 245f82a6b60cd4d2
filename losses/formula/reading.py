"""From text to tokens: every character is accounted for, or refused with a sentence."""

import re
import unicodedata
from typing import NamedTuple

from losses.formula.errors import FormulaError
from losses.formula.words import INSTEAD, LARGEST_NUMBER, LONGEST_NAME, MOST_CHARACTERS, SPELLED

TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+)"
    r"|(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<mark>\*\*|<=|>=|==|!=|[-+*/^(),<>])"
)


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
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise FormulaError(_refusal(text[at]), text, at)
        kind, word = str(match.lastgroup), match.group()
        if kind != "space":
            _check(kind, word, text, at)
            found.append(Token(kind, "^" if word == "**" else word, at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def _check(kind: str, word: str, text: str, at: int) -> None:
    if kind == "number" and not float(word) <= LARGEST_NUMBER:
        raise FormulaError(f"Numbers may be as large as {LARGEST_NUMBER:g}.", text, at)
    if kind == "name" and len(word) > LONGEST_NAME:
        raise FormulaError(f"Names may have {LONGEST_NAME} letters.", text, at)


def _refusal(one: str) -> str:
    if one in INSTEAD:
        return f"{one} is not written here; write {INSTEAD[one]} instead."
    if one in SPELLED:
        return f"Letters are plain ones; write {SPELLED[one]} instead of {one}."
    if " " <= one <= "~":
        return f"{one} means nothing in a formula."
    plain = unicodedata.normalize("NFKC", one)
    called = unicodedata.name(one, "a control character").lower()
    code = f"U+{ord(one):04X}, {called}"
    if plain != one and plain.isascii() and plain.isprintable():
        return f"The character {code} only looks like {plain}; type {plain} itself."
    return f"The character {code} is not plain ASCII, and means nothing in a formula."
