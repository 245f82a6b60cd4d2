"""The ways in which the world writes numbers."""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Convention:
    """The mark before the decimals, the marks between thousands, and what they are called."""

    decimal: str
    thousands: str
    name: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Digits in this convention, without a sign."""
        groups = rf"|[1-9][0-9]{{0,2}}(?:[{self.thousands}][0-9]{{3}})+" if self.thousands else ""
        mark = re.escape(self.decimal)
        return re.compile(
            rf"(?:(?:[0-9]+{groups})(?:{mark}[0-9]*)?|{mark}[0-9]+)(?:[eE][+-]?0*[0-9]{{1,5}})?"
        )

    def plain(self, digits: str) -> str:
        """The same digits with a decimal point and nothing between thousands."""
        for mark in self.thousands:
            digits = digits.replace(mark, "")
        return digits.replace(self.decimal, ".")


SPACES = " \xa0\u2009\u202f"
CONVENTIONS = (
    Convention(".", "", "decimal points"),
    Convention(".", ",", "commas between thousands"),
    Convention(",", "", "decimal commas"),
    Convention(",", ".", "decimal commas, points between thousands"),
    Convention(".", SPACES, "spaces between thousands"),
    Convention(",", SPACES, "decimal commas, spaces between thousands"),
    Convention(".", "'\u2019", "apostrophes between thousands"),
)
