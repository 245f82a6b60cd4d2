"""The one exception of formulas: a sentence, and the character that it is about."""


class FormulaError(ValueError):
    """What is wrong with a typed formula, in one sentence, and where: the place counts from 0."""

    def __init__(self, sentence: str, text: str = "", place: int = 0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.text = text
        self.place = place

    @property
    def caret(self) -> str:
        """The formula, and under it a caret below the character; two lines of printable ASCII."""
        line = "".join(one if " " <= one <= "~" else "?" for one in self.text)
        start = max(0, self.place - 60)
        return f"{line[start : start + 80]}\n{' ' * (self.place - start)}^"

    def __reduce__(self) -> tuple[type, tuple[str, str, int]]:
        return type(self), (self.sentence, self.text, self.place)
