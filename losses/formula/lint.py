"""The report on a loss: each question a finding, none of them a guess sold as a proof."""

import math

import numpy as np

from losses.base import Loss
from losses.formula.asking import asks_finding, calibrated, proper, scale
from losses.formula.findings import Finding, Picture, shown
from losses.formula.measured import Ending, influence
from losses.formula.probing import along, beside, kinks, sides, unit
from losses.formula.shapes import Search, apart, convexity, jumps, monotone, symmetry

NEAR = 30.0  # scores up to here must have a finite loss


def lint(loss: Loss) -> tuple[Finding, ...]:
    """All findings about a formula, or about any other loss of one score a row."""
    with np.errstate(all="ignore"):  # what is infinite or no number is told, not warned of
        return _findings(loss)


def _findings(loss: Loss) -> tuple[Finding, ...]:
    asked = [finite(loss), non_negative(loss)]
    if loss.family in ("residual", "positive"):
        asked.append(zero(loss))
    if loss.family == "residual":
        asked.append(symmetric(loss))
    asked += [monotonic(loss), convex(loss), jumping(loss), cornered(loss)]
    asked += [growing(loss), influencing(loss)]
    if loss.family == "residual":
        asked.append(scale(loss))
    asked.append(asks_finding(loss))
    if loss.family == "binary":
        asked.append(proper(loss))
    if loss.family in ("binary", "margin"):
        asked.append(calibrated(loss))
    return tuple(asked)


def drawn(loss: Loss, target: float, up: str = "loss", reach: float = 4.0) -> Picture:
    """The curve of the loss, or of its gradient, at the row with that target."""
    side = along(loss, target, np.linspace(-reach, reach, 161))
    return Picture(side.x, side.slope if up == "gradient" else side.value, loss.variable, up)


def _row(loss: Loss, target: float) -> str:
    """Which row it was, where there are several."""
    return f" for y = {target:g}" if loss.family in ("binary", "positive") else ""


def _looked(loss: Loss, points: int) -> str:
    low = "−10⁶" if loss.lowest == -math.inf else shown(loss.lowest)
    return f"no counterexample among {points:,} scores from {low} to 10⁶"


def finite(loss: Loss) -> Finding:
    """Whether value and gradient are finite, and where the first is not."""
    question, first = "Is it always a finite number?", None
    for side in sides(loss):
        bad = side.x[~side.finite]
        if bad.size and (first is None or np.abs(bad).min() < abs(first[0])):
            first = (float(bad[np.abs(bad).argmin()]), side.target)
    if first is None:
        points = sum(side.x.size for side in sides(loss))
        return Finding("finite", question, "yes", f"Yes: {_looked(loss, points)}.")
    at, target = first
    one = along(loss, target, np.array([at]))
    what = "the loss" if not np.isfinite(one.value[0]) else "the gradient"
    number = float(one.value[0] if what == "the loss" else one.slope[0])
    said = "no number" if math.isnan(number) else shown(number)
    sentence = f"{what} is {said} where {loss.variable} is {shown(at)}{_row(loss, target)}."
    numbers = {"at": at, "value": number}
    if abs(at) > NEAR:
        reach = f"Up to ±{NEAR:g}, yes; farther out, "
        return Finding("finite", question, "yes", reach + sentence, numbers, (at,))
    return Finding("finite", question, "no", f"No: {sentence}", numbers, (at,))


def non_negative(loss: Loss) -> Finding:
    """Whether no error earns anything."""
    question = "Is it never below zero?"
    found = [
        (float(np.nanmin(side.value)), side)
        for side in sides(loss)
        if not np.isnan(side.value).all()
    ]
    if not found:
        return Finding("non_negative", question, "unknown", "Unknown: it is no number anywhere.")
    least, side = min(found, key=lambda pair: pair[0])
    at = float(side.x[int(np.nanargmin(side.value))])
    if least >= -1e-12 * unit(loss):
        points = sum(one.x.size for one in sides(loss))
        return Finding("non_negative", question, "yes", f"Yes: {_looked(loss, points)}.")
    sentence = f"No: it is {shown(least)} where {loss.variable} is {shown(at)}"
    sentence += f"{_row(loss, side.target)}. Training does not mind; zero is then no perfect score."
    picture = drawn(loss, side.target)
    return Finding("non_negative", question, "no", sentence, {"least": least}, (at,), picture)


def zero(loss: Loss) -> Finding:
    """Whether the right answer is free."""
    question = "Is the right answer free?"
    target = 0.0 if loss.family == "residual" else 1.0
    at = float(loss.link.score(np.asarray(target)))
    value = float(along(loss, target, np.array([at])).value[0])
    numbers = {"value": value}
    if abs(value) <= 1e-12 * unit(loss):
        return Finding("zero", question, "yes", "Yes: no error costs nothing.", numbers)
    said = "no number" if math.isnan(value) else shown(value)
    sentence = f"No: no error costs {said}. A constant shifts every cost alike, and no fit."
    return Finding("zero", question, "no", sentence, numbers, (at,))


def _searched(
    loss: Loss, slug: str, question: str, found: Search, no: str, up: str = "loss"
) -> Finding:
    if found.found:
        return Finding(slug, question, "yes", f"Yes: {_looked(loss, found.points)}.")
    a, b = found.witness
    numbers = {"before": found.before, "after": found.after}
    reach = min(12.0, max(1.5 * abs(a), 1.5 * abs(b), 2.0))
    picture = drawn(loss, found.target, up, reach)
    sentence = no.format(
        a=shown(a), b=shown(b), before=shown(found.before), after=shown(found.after)
    )
    sentence = f"No: {sentence}{_row(loss, found.target)}."
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
    found = convexity(loss)
    no = (
        "from {a} to {b} the slope falls from {before} to {after}, "
        "which that of a convex loss never does"
    )
    if not found.found and found.witness[1] - found.witness[0] < 1e-9:
        no = "at {a} it jumps from {before} to {after}, which a convex loss never does"
    return _searched(
        loss, "convex", "Is it convex in " + loss.variable + "?", found, no, "gradient"
    )


def _places(at: list[float]) -> str:
    """Some places: ±2 for −2 and 2."""
    rest, said = sorted(at, key=abs), []
    while rest:
        one = rest.pop(0)
        if -one in rest and one:
            rest.remove(-one)
            said.append(f"±{shown(abs(one))}")
        else:
            said.append(shown(one))
    return " and ".join(said[-2:]) if len(said) < 3 else f"{', '.join(said[:-1])} and {said[-1]}"


def jumping(loss: Loss) -> Finding:
    """Whether it jumps: where, and how far."""
    found, question = jumps(loss), "Is it free of jumps?"
    if not found:
        return Finding("jumps", question, "yes", "Yes: none was found.")
    by_size: dict[float, list[float]] = {}
    for at, below, above, _ in found:
        size = abs(above - below)
        size = math.inf if math.isnan(size) else float(f"{size:.9g}")
        by_size.setdefault(size, []).append(at)
    said = "; ".join(f"jump of {shown(size)} at {_places(at)}" for size, at in by_size.items())
    numbers = {"largest": max(by_size)}
    reach = min(12.0, 2 * max(abs(one[0]) for one in found) + 1)
    picture, witness = drawn(loss, found[0][3], reach=reach), tuple(one[0] for one in found)
    sentence = f"No: {said}. No gradient tells of a jump, so training does not see it."
    return Finding("jumps", question, "no", sentence, numbers, witness, picture)


def cornered(loss: Loss) -> Finding:
    """Whether its slope is continuous: where it turns, and by how much."""
    question, turns = "Is it free of corners?", []
    leaps = {(one[0], one[3]) for one in jumps(loss)}
    for side in sides(loss)[: 2 if loss.family == "binary" else 1]:
        slopes = beside(loss, side.target)[:, 1].T.tolist()
        for at, (below, _, above) in zip(kinks(loss), slopes, strict=True):
            if (at, side.target) not in leaps and apart(below, above, unit(loss)):
                turns.append((float(at), below, above, side.target))
    if not turns:
        return Finding("corners", question, "yes", "Yes: its slope has no step that was found.")
    said = "; ".join(f"from {shown(b)} to {shown(a)} at {shown(at)}" for at, b, a, _ in turns)
    sentence = f"No: its slope steps {said}. There the gradient is a choice."
    witness = tuple(dict.fromkeys(one[0] for one in turns))
    numbers = {"largest": max(abs(a - b) for _, b, a, _ in turns)}
    picture = drawn(loss, turns[0][3], "gradient")
    return Finding("corners", question, "no", sentence, numbers, witness, picture)


def _which(loss: Loss, one: Ending) -> str:
    return f"{'below' if one.direction < 0 else 'above'}{_row(loss, one.target)}"


def growing(loss: Loss) -> Finding:
    """How the loss grows far out: bounded or not, and with which power."""
    ends = influence(loss).each
    said = list(dict.fromkeys(one.growth for one in ends))
    if len(said) == 1:
        sentence = f"{said[0]} on every side"
    else:
        sentence = "; ".join(f"{_which(loss, one)}, {one.growth}" for one in ends)
    poles = [side for side in sides(loss) if np.isinf(side.value).any()]
    bounded = said == ["bounded"] and not poles
    verdict = "unknown" if "unknown" in said else "yes" if bounded else "no"
    opening = {"yes": "Yes", "no": "No", "unknown": "Unknown"}[verdict]
    if said == ["bounded"] and poles:
        sentence = "infinite in places, bounded far out"
    numbers = {f"{_which(loss, one)}": one.value for one in ends}
    sentence = f"{opening}: {sentence}, measured up to errors of 10⁶."
    return Finding("growth", "Is it bounded?", verdict, sentence, numbers)  # type: ignore[arg-type]


def influencing(loss: Loss) -> Finding:
    """Whether the pull of one row is bounded, and whether it fades."""
    found = influence(loss)
    verdict = "no" if found.overall == "unbounded" else "yes"
    said = {
        "unbounded": "No: the farther off a row is, the more it pulls, without end",
        "bounded": "Yes: the pull of a row levels off, however far it is",
        "redescending": "Yes: the pull of a row fades; rows far off are let go",
    }[found.overall]
    numbers = {_which(loss, one): one.pull for one in found.each}
    picture = drawn(loss, found.each[0].target, "gradient", 12.0)
    question, sentence = "Is the pull of one row bounded?", f"{said}. Measured up to 10⁶."
    if not found.known:
        verdict, sentence = "unknown", "Unknown: far out there are no finite numbers to measure."
    return Finding("influence", question, verdict, sentence, numbers, (), picture)  # type: ignore[arg-type]
