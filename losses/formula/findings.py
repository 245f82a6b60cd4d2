"""What is found out about a loss: a question, its answer with numbers, and a witness."""

import math
from dataclasses import dataclass, field
from typing import Literal

from losses.arrays import Array

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


def shown(number: float) -> str:
    """A number in a sentence: four digits, a true minus, 10⁶; neighbors of 0 are 0."""
    if abs(number) < 1e-300 or abs(number) > 1e100:
        number = 0.0 if abs(number) < 1 else math.copysign(math.inf, number)
    text = f"{number:.4g}".replace("inf", "∞")
    if "e" in text:
        digits, power = text.split("e")
        text = f"{digits}·10{str(int(power)).translate(RAISED)}"
        text = text.replace("1·10", "10") if digits in ("1", "-1") else text
    return text.replace("-", "−")
