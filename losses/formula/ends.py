"""The findings about how a loss and its pull end far out, and beside its poles."""

import math

import numpy as np

from losses.base import Loss
from losses.formula.findings import Finding, drawn, row, shown
from losses.formula.measured import Ending, influence
from losses.formula.probing import poles, sides


def _which(loss: Loss, one: Ending) -> str:
    return f"{'below' if one.direction < 0 else 'above'}{row(loss, one.target)}"


def _far(reach: float) -> str:
    return {1e6: "10⁶", 1e12: "10¹²"}.get(reach, shown(reach))


def sinks(loss: Loss) -> str:
    """Where it falls without end, beside a pole or far out; nothing if no such place is seen."""
    for at, ends in poles(loss).items():
        if -math.inf in ends:
            return f"towards {shown(at)}"
    return "far out" if influence(loss).sinks else ""


def growing(loss: Loss) -> Finding:
    """How the loss grows far out: bounded or not, and with which power."""
    found, question = influence(loss), "Is it bounded?"
    said = list(dict.fromkeys(one.growth for one in found.each))
    if len(said) == 1:
        sentence = f"{said[0]} on every side"
    else:
        sentence = "; ".join(f"{_which(loss, one)}, {one.growth}" for one in found.each)
    infinite = poles(loss) or any(
        np.isinf(side.value[np.abs(side.x) <= 30]).any() for side in sides(loss)
    )
    bounded = said == ["bounded"] and not infinite
    numbers = {f"{_which(loss, one)}": one.value for one in found.each}
    sentence = f"{sentence}, measured up to errors of {_far(found.reach)}."
    if said == ["bounded"] and infinite:
        at = f" towards {shown(next(iter(poles(loss))))}" if poles(loss) else " in places"
        sentence = f"infinite{at}, bounded far out, {sentence.partition(', ')[2]}"
    if "unknown" in said and not infinite:
        opening = "Unknown: " if len(said) > 1 else "Unknown: far out there are no finite numbers."
        sentence = opening + sentence * (len(said) > 1)
        return Finding("growth", question, "unknown", sentence, numbers)
    verdict, opening = ("yes", "Yes") if bounded else ("no", "No")
    return Finding("growth", question, verdict, f"{opening}: {sentence}", numbers)  # type: ignore[arg-type]


def influencing(loss: Loss) -> Finding:
    """Whether the pull of one row is bounded, and whether it fades."""
    found, question = influence(loss), "Is the pull of one row bounded?"
    steep = poles(loss, 1)
    numbers = {_which(loss, one): one.pull for one in found.each}
    picture = drawn(loss, found.each[0].target, "gradient", 12.0)
    far = {
        "unbounded": "the farther off a row is, the more it pulls, without end",
        "bounded": "the pull of a row levels off, however far it is",
        "redescending": "the pull of a row fades; rows far off are let go",
    }[found.overall]
    slopes = np.concatenate([side.slope for side in sides(loss)])
    if found.known and not np.any(slopes):
        sentence = "Yes: no row pulls at all, as every slope is 0."
        return Finding("influence", question, "yes", sentence, numbers, (), picture)
    if steep:
        at = next(iter(steep))
        sentence = f"No: towards {shown(at)} the pull grows without end."
        sentence += f" Far out, {far}. Measured up to 10⁶." if found.known else ""
        return Finding("influence", question, "no", sentence, numbers, (at,), picture)
    if not found.known:
        sentence = "Unknown: far out there are no finite numbers to measure."
        return Finding("influence", question, "unknown", sentence, numbers)
    verdict, opening = ("no", "No") if found.overall == "unbounded" else ("yes", "Yes")
    sentence = f"{opening}: {far}. Measured up to 10⁶."
    return Finding("influence", question, verdict, sentence, numbers, (), picture)  # type: ignore[arg-type]
