"""The report on a loss: each question a finding, none of them a guess sold as a proof."""

import math
from dataclasses import replace

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.asking import asks_finding, calibrated, proper, scale
from losses.formula.ends import growing, influencing, sinks
from losses.formula.findings import Finding, drawn, row, shown
from losses.formula.forms import convex, cornered, jumping, looked, monotonic, symmetric
from losses.formula.probing import NEAR, Gap, Side, along, bottom, gaps, poles, sides, unit
from losses.formula.shapes import CLEAR, LARGE, TINY, tilted


def lint(loss: Loss) -> tuple[Finding, ...]:
    """All findings about a formula, or about any other loss of one score a row."""
    with np.errstate(all="ignore"):  # what is infinite or no number is told, not warned of
        return tuple(_founded(loss, one) for one in _findings(loss))


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


def _founded(loss: Loss, one: Finding) -> Finding:
    """A yes only where the loss is a number on both sides: what is none is no evidence."""
    if one.slug in ("finite", "zero", "asks") or not gaps(loss):
        return one
    if one.verdict == "no" and one.slug not in ("proper", "calibrated"):
        return one
    sentence = f"Unknown: it is {_where(loss, gaps(loss)[0])}."
    return replace(one, verdict="unknown", sentence=sentence, picture=None)


def _where(loss: Loss, gap: Gap) -> str:
    """Between which scores it is no number."""
    many = f"{loss.variable.removeprefix('the ')}s"
    low, high = shown(gap.low), shown(gap.high)
    if math.isinf(gap.low) and math.isinf(gap.high):
        return f"no number for any {many.removesuffix('s')}{row(loss, gap.target)}"
    if math.isinf(gap.low) or math.isinf(gap.high):
        said = f"above {low}" if math.isinf(gap.high) else f"below {high}"
    else:
        said = f"between {low} and {high}"
    return f"no number for {many} {said} (e.g. {shown(gap.example)}){row(loss, gap.target)}"


def finite(loss: Loss) -> Finding:
    """Whether value and gradient are finite, and where the first is not."""
    question, first = "Is it always a finite number?", None
    if gaps(loss):
        gap = gaps(loss)[0]
        numbers = {"at": gap.example, "value": math.nan}
        return Finding(
            "finite", question, "no", f"No: it is {_where(loss, gap)}.", numbers, (gap.example,)
        )
    for side in sides(loss):
        bad = side.x[~side.finite]
        if bad.size and (first is None or np.abs(bad).min() < abs(first[0])):
            first = (float(bad[np.abs(bad).argmin()]), side.target)
    if first is None:
        points = sum(side.x.size for side in sides(loss))
        low, high = (sides(loss)[0].x[k] for k in (0, -1))
        return Finding("finite", question, "yes", f"Yes: {looked(points, low, high)}.")
    at, target = first
    one = along(loss, target, np.array([at]))
    what = "the loss" if not np.isfinite(one.value[0]) else "the gradient"
    number = float(one.value[0] if what == "the loss" else one.slope[0])
    sentence = f"{what} is {shown(number)} where {loss.variable} is {shown(at)}{row(loss, target)}."
    numbers = {"at": at, "value": number}
    if abs(at) > NEAR:
        reach = f"Up to ±{NEAR:g}, yes; farther out, "
        return Finding("finite", question, "yes", reach + sentence, numbers, (at,))
    return Finding("finite", question, "no", f"No: {sentence}", numbers, (at,))


def non_negative(loss: Loss) -> Finding:
    """Whether no error earns anything."""
    question = "Is it never below zero?"
    found = [(*_least(loss, side), side.target) for side in sides(loss)]
    found = [one for one in found if not math.isnan(one[0])]
    if not found:
        return Finding("non_negative", question, "unknown", "Unknown: it is no number anywhere.")
    least, at, target = min(found)
    falls = sinks(loss)
    if least >= -1e-12 * unit(loss) and not (least < 0 and tilted(loss, target)) and not falls:
        points = sum(int((~np.isnan(one.value)).sum()) for one in sides(loss))
        low, high = (sides(loss)[0].x[k] for k in (0, -1))
        return Finding("non_negative", question, "yes", f"Yes: {looked(points, low, high)}.")
    after = "Training does not mind; zero is then no perfect score."
    if falls:
        after = f"It falls without end {falls}, and training may run after it."
    sentence = f"No: it is {shown(least)} where {loss.variable} is {shown(at)}{row(loss, target)}."
    sentence = f"No. {after}" if least >= 0 else f"{sentence} {after}"
    reach = min(CLEAR, max(4.0, 1.5 * abs(at)))
    picture, numbers = drawn(loss, target, reach=reach), {"least": least}
    return Finding("non_negative", question, "no", sentence, numbers, (at,), picture)


def _least(loss: Loss, side: Side, bound: float = 0.0) -> tuple[float, float]:
    """The least value of a row and its score: near zero, if it is below a bound there, too."""
    for pole in poles(loss):
        beside = pole + np.outer((1.0, -1.0), (1e-3, 1e-6, 1e-9)).ravel()
        found = along(loss, side.target, beside).value
        if (found < bound).any():
            k = int((found < bound).argmax())
            return float(found[k]), float(beside[k])
    known = ~np.isnan(side.value) & (np.abs(side.value) <= LARGE)
    known &= (np.abs(side.x) >= TINY) | (side.x == 0)
    known = known if known.any() else ~np.isnan(side.value)
    near = known & (np.abs(side.x) <= CLEAR)
    if not known.any():
        return math.nan, math.nan
    low = side.value[near].min() if near.any() else math.inf
    good = near if low < bound or low <= side.value[known].min() else known
    return _lower(loss, side.target, side.x[good], side.value[good])


def _lower(loss: Loss, target: float, x: Array, value: Array) -> tuple[float, float]:
    """The least value and its score, nearest to zero if several are; looked at ever more finely."""
    ties = np.flatnonzero(value == value.min()).tolist()
    k = min(ties, key=lambda tie: (float(f"{x[tie]:.4g}") != x[tie], abs(x[tie])))
    least, at = float(value[k]), float(x[k])
    low, high = x[max(0, k - 1)], x[min(x.size - 1, k + 1)]
    for _ in range(6):
        finer = np.linspace(low, high, 17)
        found = along(loss, target, finer).value
        if not np.nanmin(found) < least:
            break
        k = int(np.nanargmin(found))
        least, at = float(found[k]), float(finer[k])
        low, high = finer[max(0, k - 1)], finer[min(16, k + 1)]
    return least, at


def zero(loss: Loss) -> Finding:
    """Whether the right answer is free, for each of the usual rows."""
    question, free = "Is the right answer free?", []
    for side in sides(loss):
        at = bottom(loss, side.target)
        value = float(along(loss, side.target, np.array([at])).value[0])
        free.append((side, at, value, _least(loss, side, value)))
    costly = [one for one in free if not abs(one[2]) <= 1e-12 * unit(loss)]
    said, and_ = "an error of 0", ""
    if loss.family == "positive":
        said = "the right prediction"
        and_ = f" for y = {', '.join(f'{one[0].target:g}' for one in free)}"
    if not costly:
        return Finding("zero", question, "yes", f"Yes: {said} costs 0{and_}.", {"value": 0.0})
    side, at, value, (least, place) = costly[0]
    sentence = f"No: {said} costs {shown(value)}{row(loss, side.target)}."
    if math.isfinite(value) and all(one[3][0] >= one[2] - 1e-9 * unit(loss) for one in free):
        sentence += " That is the least there; taking it away changes no fit."
    elif math.isfinite(value) and least < value:
        where = f"{loss.variable} is {shown(place)}"
        sentence += f" Where {where}, it is {shown(least)}."
    return Finding("zero", question, "no", sentence, {"value": value}, (at,))
