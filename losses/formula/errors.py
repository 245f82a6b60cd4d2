"""The one exception of formulas: a sentence, and the character that it is about."""

import unicodedata

WIDTH = 34  # characters that stand side by side on a phone
BEFORE = 24  # of them before the place, in a longer text


class FormulaError(ValueError):
    """What is wrong with a typed formula, in one sentence, and where: the place counts from 0."""

    def __init__(self, sentence: str, text: str = "", place: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.text = text
        self.place = place

    @property
    def caret(self) -> str:
        """The formula about the character, and under it a caret; two lines of a phone's width."""
        start = max(0, min(self.place - BEFORE, len(self.text) - WIDTH))
        line = "".join(one if _plain(one) else "?" for one in self.text[start : start + WIDTH])
        before = "…" if start else ""
        after = "…" if start + WIDTH < len(self.text) else ""
        return f"{before}{line}{after}\n{' ' * (len(before) + self.place - start)}^"

    def __reduce__(self) -> tuple[type, tuple[str, str, int]]:
        return type(self), (self.sentence, self.text, self.place)


def _plain(one: str) -> bool:
    """Whether a character is one column wide, stands by itself and leaves its neighbors alone."""
    if " " <= one <= "~":
        return True
    of_text = one.isprintable() and unicodedata.category(one)[0] in "LNPS" and one < "\u3000"
    narrow = unicodedata.east_asian_width(one) not in ("W", "F")
    return of_text and narrow and unicodedata.bidirectional(one) in ("L", "EN", "ES", "ET", "ON")
