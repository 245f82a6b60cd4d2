"""What a report is called: by the data, the models and the day, in names that a visitor made."""

import re
from collections.abc import Sequence
from datetime import datetime

from pages.shared.case import Case

TOLD = 3  # models by their names; the others are counted
LONG = 40  # letters of one name
BYTES = 60  # of the data or the models in a file's name; file systems take some 200
UNSAFE = re.compile(r"[\W_]+")  # all but letters and digits, of any script


def title(case: Case, day: datetime) -> str:
    """The data, the models and the day in one line."""
    data, models = _cut(case.data.name), listed([_cut(name) for name in case.models], TOLD)
    return f"Verdict on {data}: {models} ({day.day} {day:%B %Y})"


def stem(case: Case, day: datetime) -> str:
    """The name of its file without the ending: letters, digits, - and _ alone.

    It starts with a word of ours, so that no name of a visitor's means anything to a system.
    """
    parts = [_safe([case.data.name]), _safe(case.models)]
    return "_".join(["verdict", *filter(None, parts), f"{day:%Y-%m-%d}"])


def listed(names: Sequence[str], most: int) -> str:
    """The first names with an “and”, and how many there are besides."""
    if len(names) > most + 1:
        names = [*names[:most], f"{len(names) - most} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]][len(names) == 1 :])


def _cut(name: str) -> str:
    return name if len(name) <= LONG else f"{name[:LONG]}…"


def _safe(names: Sequence[str]) -> str:
    words = [UNSAFE.sub("-", name).strip("-").lower() for name in names]
    told = "-".join(filter(None, words)).encode()[:BYTES].decode(errors="ignore")
    return told.strip("-")
