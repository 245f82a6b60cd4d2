"""What is found out about a loss: a question, its answer with numbers, and a witness."""

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.probing import along

Verdict = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, eq=False)
class Picture:
    """A small picture of a finding: a curve, and points to mark on it."""

    x: Array
    y: Array
    across: str
    up: str
    marks: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False)
class Finding:
    """One question, answered by measurement.

    "yes" means that no counterexample was found where the sentence says that it was looked for;
    "no" comes with a witness: the numbers at which it fails.
    """

    slug: str
    question: str
    verdict: Verdict
    sentence: str
    numbers: dict[str, float] = field(default_factory=dict)
    witness: tuple[float, ...] = ()
    picture: Picture | None = None


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def shown(number: float, digits: int = 4) -> str:
    """A number in a sentence: some digits, a true minus, 10⁶; neighbors of 0 are 0."""
    if math.isnan(number):
        return "no number"
    if abs(number) < 1e-200 or abs(number) > 1e100:
        number = 0.0 if abs(number) < 1 else math.copysign(math.inf, number)
    text = f"{number:.{digits}g}".replace("inf", "∞")
    if "e" in text:
        factor, power = text.split("e")
        text = f"{factor}·10{str(int(power)).translate(RAISED)}"
        text = text.replace("1·10", "10") if factor in ("1", "-1") else text
    return text.replace("-", "−")


def told(*numbers: float) -> tuple[str, ...]:
    """Some numbers in a sentence that says that they differ: with the digits that show it."""
    said = tuple(shown(number) for number in numbers)
    for digits in (4, 5, 6, 8, 10, 13, 17):
        if len(set(said)) == len(set(numbers)):
            return said
        said = tuple(shown(number, digits) for number in numbers)
    return said


def row(loss: Loss, target: float) -> str:
    """Which row it was, where there are several."""
    return f" for y = {target:g}" if loss.family in ("binary", "positive") else ""


def drawn(loss: Loss, target: float, up: str = "loss", reach: float = 4.0) -> Picture:
    """The curve of the loss, or of its gradient, at the row with that target."""
    side = along(loss, target, np.linspace(-reach, reach, 161))
    return Picture(side.x, side.slope if up == "gradient" else side.value, loss.variable, up)
