"""Why something typed cannot be read, and what to write instead, in one sentence."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from losses.formula.advice import (
    ABSENT,
    EQUAL,
    EQUATION,
    FUNCTIONS_INSTEAD,
    LATEX,
    LETTER_MEANT,
    MODULES,
    OVER_ROWS,
    REFUSED,
    RESERVED,
    ROWS,
)
from losses.formula.errors import FormulaError
from losses.formula.tree import Node
from losses.formula.words import ALIASES, CONSTANTS, FUNCTIONS, GREEK, LETTERS

SEVERAL = tuple(mark for mark in REFUSED if len(mark) > 1)
COMMAND = re.compile(r"\\([A-Za-z]*)")
DOTTED = re.compile(r"(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
LIKE = 0.65  # how near a word must be to a function that is proposed


def whole(text: str, at: int) -> bool:
    """Whether several characters stand here that mean nothing together."""
    return text.startswith(SEVERAL, at)


def refused(text: str, at: int, before: str) -> FormulaError:
    """Of the character there, which begins no token; `before` is the token before it."""
    one = text[at]
    if one == "." and before in MODULES and text.endswith(before, 0, at):
        start = at - len(before)
        return FormulaError(_of_module(before, DOTTED.match(text, at)), text, start)
    for mark in SEVERAL:
        if text.startswith(mark, at):
            return FormulaError(REFUSED[mark], text, at)
    if one == "=":
        inside = text.count("(", 0, at) > text.count(")", 0, at)
        return FormulaError(EQUAL if inside else EQUATION, text, at)
    if one == "\\":
        return FormulaError(_latex(text, at), text, at)
    return FormulaError(REFUSED.get(one) or _unknown(one), text, at)


def _latex(text: str, at: int) -> str:
    match = COMMAND.match(text, at)
    word = match[1] if match else ""
    if word in LATEX:
        return f"This is LaTeX; write {LATEX[word]}."
    if word in {*FUNCTIONS, *ALIASES, *GREEK.values()}:
        return f"This is LaTeX; write {word} without the backslash."
    return "This is LaTeX; write it as code has it: (a)/(b) for a fraction, r^2 for a power."


def _of_module(module: str, rest: re.Match[str] | None) -> str:
    """Of a name with a library's before it."""
    words = rest.group().split(".")[1:] if rest else []
    word, prefix = (words or [""])[-1], ".".join([module, *words[:-1]])
    if word in FUNCTIONS or word in ALIASES or word in CONSTANTS:
        return f"Write {word} without “{prefix}.” before it."
    if word in RESERVED:
        return RESERVED[word]
    if len(word) > 20 or not word:
        return f"Functions are written without “{module}.” before them, such as abs(r)."
    return no_function(word)


def _unknown(one: str) -> str:
    plain = unicodedata.normalize("NFKC", one)
    called = unicodedata.name(one, "a control character").lower()
    code = f"U+{ord(one):04X}, {called}"
    if plain != one and plain.isascii() and plain.isprintable():
        return f"The character {code} only looks like {plain}; type {plain} itself."
    return f"The character {code} is not read here; type plain letters and signs."


def no_function(word: str) -> str:
    """Of a word with parentheses behind it that is no function."""
    if word in FUNCTIONS_INSTEAD:
        return f"{word} is no function here; write {FUNCTIONS_INSTEAD[word]}."
    if word in OVER_ROWS:
        return ROWS
    if word in RESERVED:
        return RESERVED[word]
    if word in LETTERS:
        return f"{word} is a letter, not a function; a product is written with *."
    if word not in ABSENT:
        near = get_close_matches(word.lower(), [*FUNCTIONS, *ALIASES], 1, LIKE)
        if near:
            return f"{word} is no function here; do you mean {near[0]}?"
        if len(word) == 1 or word in GREEK.values():
            return f"{word} is no function here; a product is written with *."
    return f"{word} is no function here; there are {', '.join(FUNCTIONS)}."


def reserved(word: str) -> str:
    """Of a word that no parameter can be called."""
    return RESERVED.get(word, f"{word} is reserved here; take another name.")


def taken_for_letter(names: Iterable[Node], text: str) -> FormulaError | None:
    """Of the first parameter whose name means a letter to others."""
    meant = [one for one in names if one.word in LETTER_MEANT]
    if not meant:
        return None
    first = min(meant, key=lambda one: one.place)
    letter = LETTER_MEANT[first.word]
    means = LETTERS[letter].split(";")[0]
    said = f"{first.word} is a parameter of yours here; do you mean {letter}, {means}?"
    return FormulaError(said, text, first.place)
