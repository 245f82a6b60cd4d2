"""The look that each model of a visitor keeps in every figure, and its name there."""

from typing import Any

from charts.data import SYMBOLS
from charts.figure import literal
from charts.style import APART, COMPARED, DASHES

LONGEST = 22  # letters of a name in a figure; hovering shows all of them


def look(model: int) -> tuple[str, str, str]:
    """The color, the symbol and the dash of a model: alike for no two of the first 36."""
    turn = (model + model // len(APART)) % len(SYMBOLS)
    return f"${APART[model % len(APART)]}", SYMBOLS[turn], DASHES[turn]


def stroke(model: int, width: float = COMPARED) -> dict[str, Any]:
    """The line of a model."""
    color, _, dash = look(model)
    return {"color": color, "dash": dash, "width": width}


def short(name: str) -> str:
    """A name cut to a length that fits a figure."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def shown(name: str) -> str:
    """A name as a figure shows it: short, and text whatever it holds."""
    return literal(short(name))
