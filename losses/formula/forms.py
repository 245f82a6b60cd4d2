"""The findings about the form of a loss: symmetric, monotone, convex, without jumps and corners."""

import math
from typing import NamedTuple

from losses.base import Loss
from losses.formula.findings import Finding, drawn, row, shown, told
from losses.formula.probing import seams, sides
from losses.formula.shapes import Jump, Search, apart, convexity, jumps, monotone, symmetry
from losses.links import EXP

MOST = 6  # jumps that are told one by one


def looked(points: int, low: float, high: float) -> str:
    """How far and how closely no counterexample was found."""
    ends = (_end(float(one)) for one in (low, high))
    return f"no counterexample among {points:,} scores from {' to '.join(ends)}"


def _end(number: float) -> str:
    return {1e6: "10⁶", -1e6: "−10⁶"}.get(number, shown(number))


def _searched(
    loss: Loss, slug: str, question: str, found: Search, no: str, up: str = "loss"
) -> Finding:
    if not found.known:
        many = "no score" if not found.points else f"only {found.points} scores"
        sentence = f"Unknown: at {many} looked at is it a finite number."
        return Finding(slug, question, "unknown", sentence)
    if found.found:
        sentence = f"Yes: {looked(found.points, found.low, found.high)}."
        return Finding(slug, question, "yes", sentence)
    a, b = found.witness
    numbers = {"before": found.before, "after": found.after}
    reach = min(12.0, max(1.5 * abs(a), 1.5 * abs(b), 2.0))
    picture = drawn(loss, found.target, up, reach)
    before, after = told(found.before, found.after)
    first, second = told(a, b)
    if a != b and abs(a - b) < 1e-6 * abs(a) + 1e-12:  # on both sides of a jump
        first, second = f"just before {shown(b)}", "just after it"
    sentence = no.format(a=first, b=second, before=before, after=after)
    sentence = f"No: {sentence}{row(loss, found.target)}."
    return Finding(slug, question, "no", sentence, numbers, found.witness, picture)


def symmetric(loss: Loss) -> Finding:
    """Whether too high costs what too low does."""
    no = "an error of {a} costs {before}, one of {b} costs {after}"
    return _searched(
        loss, "symmetric", "Do too high and too low cost the same?", symmetry(loss), no
    )


def monotonic(loss: Loss) -> Finding:
    """Whether being further wrong never costs less."""
    no = "from {a} to {b}, further wrong, the loss falls from {before} to {after}"
    question = "Does a larger mistake never cost less?"
    return _searched(loss, "monotone", question, monotone(loss), no)


def convex(loss: Loss) -> Finding:
    """Whether it is convex, else where its slope falls or its value jumps."""
    found, up = convexity(loss), "gradient"
    no = (
        "from {a} to {b} the slope falls from {before} to {after}, "
        "which that of a convex loss never does"
    )
    if not found.found and found.witness[0] == found.witness[1]:
        no, up = "at {a} it jumps from {before} to {after}, which a convex loss never does", "loss"
    return _searched(loss, "convex", "Is it convex in " + loss.variable + "?", found, no, up)


def _places(at: list[float]) -> str:
    """Some places, each once: ±2 for −2 and 2."""
    rest = list(dict.fromkeys(told(*sorted(at, key=abs))))
    said = []
    while rest:
        one = rest.pop(0)
        other = one.removeprefix("−") if one.startswith("−") else f"−{one}"
        if other in rest:
            rest.remove(other)
            one = f"±{one.removeprefix('−')}"
        said.append(one)
    return " and ".join(said[-2:]) if len(said) < 3 else f"{', '.join(said[:-1])} and {said[-1]}"


def place(loss: Loss, at: float) -> str:
    """A score in a sentence, where it must be said of which axis it is."""
    return f"a log-mean of {shown(at)}" if loss.link is EXP else shown(at)


def _jumped(loss: Loss, found: tuple[Jump, ...]) -> str:
    """What jumps there are, those of one size together."""
    by_size: dict[str, list[float]] = {}
    axis = "a log-mean of " if loss.link is EXP else ""
    for one in found:
        if not one.single:
            by_size.setdefault(shown(one.size), []).append(one.at)
    said = [f"jump of {size} at {axis}{_places(at)}" for size, at in by_size.items()]
    for one in found:
        if one.single:
            here, beside = told(one.here, one.below)
            said.append(f"at {place(loss, one.at)} alone it is {here}, beside it {beside}")
    if len(said) > MOST:
        said = [*said[:MOST], f"and {len(said) - MOST} more"]
    return "; ".join(said)


def jumping(loss: Loss) -> Finding:
    """Whether it jumps: where, and how far."""
    found, question = jumps(loss), "Is it free of jumps?"
    if not found:
        return _unless_blank(loss, "jumps", question, "none was found")
    numbers = {"largest": max(one.size for one in found)}
    reach = min(12.0, 2 * max(abs(one.at) for one in found) + 1)
    picture, witness = drawn(loss, found[0].target, reach=reach), tuple(one.at for one in found)
    of = row(loss, found[0].target) if loss.family == "positive" else ""
    sentence = (
        f"No: {_jumped(loss, found)}{of}. No gradient tells of a jump, so training does not see it."
    )
    return Finding("jumps", question, "no", sentence, numbers, witness, picture)


class Turn(NamedTuple):
    """A corner: where, the slopes below and above it, and the target of the row."""

    at: float
    below: float
    above: float
    target: float


def turns(loss: Loss) -> tuple[Turn, ...]:
    """Each corner of the first rows that have one."""
    found: list[Turn] = []
    leaps = {(one.at, one.target) for one in jumps(loss)}
    for side in sides(loss):
        if found and loss.family == "positive":
            break
        for one in seams(loss, side.target):
            turn = Turn(one.at, float(one.below[1]), float(one.above[1]), side.target)
            if math.isnan(turn.below) or math.isnan(turn.above):
                continue  # the edge of where it is defined
            bent = apart(turn.below, turn.above, one.unit) or math.isinf(turn.below)
            if bent and (one.at, side.target) not in leaps:
                found.append(turn)
    return tuple(found)


def cornered(loss: Loss) -> Finding:
    """Whether its slope is continuous: where it turns, and by how much."""
    question, found = "Is it free of corners?", turns(loss)
    if not found:
        return _unless_blank(loss, "corners", question, "its slope has no step that was found")
    if len(found) == 2 * len({one[:3] for one in found}):  # alike for both classes
        found = tuple(one for one in found if one.target == found[0].target)
    several = len({one.target for one in found}) > 1
    said = "; ".join(
        f"from {shown(b)} to {shown(a)} at {place(loss, at)}{row(loss, y) if several else ''}"
        for at, b, a, y in found
    )
    of = row(loss, found[0].target) if loss.family == "positive" else ""
    sentence = f"No: its slope steps {said}{of}. There the gradient is a choice."
    witness = tuple(dict.fromkeys(one.at for one in found))
    numbers = {"largest": max(abs(one.above - one.below) for one in found)}
    picture = drawn(loss, found[0].target, "gradient")
    return Finding("corners", question, "no", sentence, numbers, witness, picture)


def _unless_blank(loss: Loss, slug: str, question: str, yes: str) -> Finding:
    """A yes, if there was anything to look at."""
    if any(side.finite.any() for side in sides(loss)):
        return Finding(slug, question, "yes", f"Yes: {yes}.")
    return Finding(slug, question, "unknown", "Unknown: at no score is it a finite number.")
