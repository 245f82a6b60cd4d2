"""The findings about what a loss asks a model for."""

import math

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.best import Best as Answer
from losses.formula.best import best as best_of
from losses.formula.chances import CHANCES, Best, chances_of, gap, margins_of
from losses.formula.findings import Finding, Picture, Verdict, shown, told
from losses.formula.minimizers import NAMELESS, OWN, UNMEASURED, Asked, asked, lopsided
from losses.formula.tree import walk
from losses.links import sigmoid

QUESTION = "What does it ask a model for?"
UNITS = 60.0  # hours in minutes


def asks_finding(loss: Loss) -> Finding:
    """What it asks for, measured on lopsided data, by name where it has one."""
    found = asked(loss)
    if found.name in UNMEASURED:
        sentence = f"Unknown: {found.name.partition(': ')[2]}."
        return Finding("asks", QUESTION, "unknown", sentence)
    if loss.family == "binary":
        return _of_chances(chances_of(loss))
    if loss.family == "margin":
        return _of_margins(margins_of(loss))
    if found.name in NAMELESS:
        sentence = f"It asks for {found.name}{_many(found)}."
        return Finding("asks", QUESTION, "no", sentence, dict(found.answers))
    return _of_numbers(loss, found)


def _many(found: Asked) -> str:
    """From where to where, on the first data on which many answers cost the same."""
    for name, one in ((name, one) for name, one in found.intervals.items() if one.why):
        return f" (from {shown(one.low)} to {shown(one.high)} for the {name} data)"
    return ""


def _of_numbers(loss: Loss, found: Asked) -> Finding:
    numbers = dict(found.answers) | ({} if math.isnan(found.level) else {"level": found.level})
    sets = f"{len(found.answers)} lopsided sets of numbers"
    left = f" On {found.left} more its cost is no finite number." if found.left else ""
    first, at = next(iter(found.answers.items()))
    data = lopsided()[first]
    picture = _costs(loss, data, at)
    if found.name == OWN:
        sentence = f"It asks for a center of its own, no quantile and no expectile of {sets}: "
        sentence += _placed(found.intervals[first], first, data)
        return Finding("asks", QUESTION, "yes", sentence + left, numbers, (at,), picture)
    sentence = f"It asks for {_leveled(loss, found)}, on each of {sets}.{left}"
    return Finding("asks", QUESTION, "yes", sentence, numbers, (at,), picture)


def _placed(one: Answer, name: str, data: Array) -> str:
    """An answer between the median and the mean of its data, or an interval of answers."""
    median, mean = float(np.median(data)), float(data.mean())
    if one.high - one.low > 0.05 * float(data.std()):
        return f"all from {shown(one.low)} to {shown(one.high)} cost the least on the {name} ones."
    at, median_, mean_ = told(one.middle, median, mean)
    return f"{at} of the {name} ones, whose median is {median_} and whose mean is {mean_}."


def _costs(loss: Loss, data: Array, best: float) -> Picture:
    """What each constant prediction costs on some data, the best one marked."""
    reach = 2 * max(abs(best), 2.0)
    ends = (0.02, reach) if data[0] > 0 and best > 0 else (-reach, reach)
    at = np.sort(np.append(np.linspace(*ends, 120), best))
    score = loss.link.score(at)
    cost = loss.value(data[None, :], score[:, None]).mean(axis=1)
    marks = ((best, float(cost[np.searchsorted(at, best)])),)
    return Picture(at, cost, "one prediction for all rows", "cost", marks)


def _leveled(loss: Loss, found: Asked) -> str:
    """The name with its level, and the level that was perhaps meant."""
    if not found.noun:
        return found.name
    text = f"the {100 * found.level:.4g} % {found.noun}"
    meant = [one for one in _written(loss) if abs(1 - one - found.level) < 1e-3]
    own = [one for one in _written(loss) if abs(one - found.level) < 1e-3]
    return f"{text}, not the {100 * meant[0]:.4g} %" if meant and not own else text


def _written(loss: Loss) -> list[float]:
    """The numbers between 0 and 1 that a formula is given: parameters first, then numerals."""
    given = [float(one) for one in loss.values().values() if one is not None]
    tree = getattr(loss, "tree", None)
    given += [one.value for one in walk(tree) if one.head == "number"] if tree else []
    return [one for one in given if 0 < one < 1]


def _named(best: Best) -> tuple[Verdict, str]:
    """A no where it asks for nothing, and what is asked for as a sentence."""
    verdict: Verdict = "no" if best.name.startswith("nothing") else "yes"
    return verdict, f"It asks for {best.name}, measured at {CHANCES.size} chances of the class 1."


def _of_margins(best: Best) -> Finding:
    verdict, sentence = _named(best)
    picture = Picture(CHANCES, best.answers, "chance of the class 1", "best score")
    return Finding("asks", QUESTION, verdict, sentence, {}, (), picture)


def _of_chances(best: Best) -> Finding:
    p = sigmoid(best.answers)
    picture = Picture(CHANCES, p, "chance of the class 1", "probability asked for")
    verdict, sentence = _named(best)
    at, found = gap(best)
    return Finding("asks", QUESTION, verdict, sentence, {"chance": at, "asked": found}, (), picture)


def proper(loss: Loss) -> Finding:
    """Whether the true chance is the best answer, at every chance."""
    best = chances_of(loss)
    at, found = gap(best)
    question = "Is it proper: is the true probability the best answer?"
    picture = Picture(CHANCES, sigmoid(best.answers), "true probability", "best answer")
    numbers = {"chance": at, "answer": found}
    if abs(found - at) < 1e-5:
        sentence = f"Yes: to five decimals, at each of {CHANCES.size} chances from 5 % to 95 %."
        return Finding("proper", question, "yes", sentence, numbers, (), picture)
    sentence = f"No: where the chance is {shown(at)}, saying {shown(found)} costs the least."
    return Finding("proper", question, "no", sentence, numbers, (at, found), picture)


def calibrated(loss: Loss) -> Finding:
    """Whether the best score names the more likely class."""
    best = chances_of(loss) if loss.family == "binary" else margins_of(loss)
    question = "Is it calibrated: does the best score name the more likely class?"
    picture = Picture(CHANCES, best.answers, "chance of the class 1", "best score")
    if np.isnan(best.surplus).any():
        sentence = "Unknown: at some chances no score has a finite cost."
        return Finding("calibrated", question, "unknown", sentence)
    if best.calibrated:
        sentence = f"Yes: no counterexample among {CHANCES.size - 1} chances from 5 % to 95 %."
        sentence += " A score of 0 itself, which names neither, can cost as little." * best.tied
        return Finding("calibrated", question, "yes", sentence, {}, (), picture)
    k = int(best.surplus.argmin())
    eta, score = float(CHANCES[k]), float(best.answers[k])
    sentence = (
        f"No: where the class 1 has a chance of {shown(eta)}, a score of 0 or one on the wrong "
        f"side costs no more than the best."
    )
    numbers = {"chance": eta, "surplus": float(best.surplus[k])}
    return Finding("calibrated", question, "no", sentence, numbers, (eta, score), picture)


def scale(loss: Loss) -> Finding:
    """Whether the best constant is the same in other units of the target."""
    question = "Does its answer stay the same in other units of y?"
    data = lopsided()["log-normal"]
    name = asked(loss).name
    if name in NAMELESS:
        sentence = f"Unknown: it asks for {name}."
        return Finding("scale", question, "unknown", sentence)
    one, other = (best_of(loss, data * unit).middle / unit for unit in (1.0, UNITS))
    numbers = {"in hours": one, "in minutes": other}
    none = asked(loss).name in NAMELESS
    if none or not (math.isfinite(one) and math.isfinite(other)):
        sentence = "Unknown: in hours or in minutes, log-normal data have no best constant."
        return Finding("scale", question, "unknown", sentence, numbers)
    if abs(one - other) < 1e-4 * float(data.std()):
        sentence = f"Yes: of log-normal data, {_hours(shown(one))} in hours and in minutes."
        return Finding("scale", question, "yes", sentence, numbers)
    first, second = told(one, other)
    sentence = (
        f"No: of log-normal data, the best constant is {_hours(first)} in hours, but "
        f"{_hours(second)} in minutes. Its numbers are in units of y."
    )
    return Finding("scale", question, "no", sentence, numbers, (one, other))


def _hours(number: str) -> str:
    return f"{number} hour" if number == "1" else f"{number} hours"
