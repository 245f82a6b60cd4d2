"""The findings about what a loss asks a model for."""

import math

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.formula.chances import CHANCES, Best, chances_of, gap, margins_of
from losses.formula.findings import Finding, Picture, shown
from losses.formula.minimizers import NAMELESS, OWN, Asked, answer, asked, lopsided
from losses.formula.tree import walk
from losses.links import sigmoid

QUESTION = "What does it ask a model for?"
UNITS = 60.0  # hours in minutes


def asks_finding(loss: Loss) -> Finding:
    """What it asks for, measured on lopsided data, by name where it has one."""
    if loss.family == "binary":
        return _of_chances(chances_of(loss))
    if loss.family == "margin":
        best = margins_of(loss)
        sentence = f"It asks for {best.name}, measured at {CHANCES.size} chances of the class 1."
        picture = Picture(CHANCES, best.answers, "chance of the class 1", "best score")
        return Finding("asks", QUESTION, "yes", sentence, {}, (), picture)
    found = asked(loss)
    if found.name in NAMELESS:
        sentence = f"It asks for {found.name}."
        return Finding("asks", QUESTION, "no", sentence, dict(found.answers))
    return _of_numbers(loss, found)


def _of_numbers(loss: Loss, found: Asked) -> Finding:
    numbers = dict(found.answers) | ({} if math.isnan(found.level) else {"level": found.level})
    sets = f"{len(found.answers)} lopsided sets of numbers"
    first, at = next(iter(found.answers.items()))
    data = lopsided()[first]
    if found.name == OWN:
        sentence = (
            f"It asks for a center of its own, no quantile and no expectile of {sets}: {shown(at)} "
            f"of the {first} ones, whose median is {shown(float(np.median(data)))} and whose "
            f"mean is {shown(float(data.mean()))}."
        )
        return Finding(
            "asks", QUESTION, "unknown", sentence, numbers, (at,), _costs(loss, data, at)
        )
    name = _leveled(loss, found)
    sentence = f"It asks for {name}, on each of {sets}."
    return Finding("asks", QUESTION, "yes", sentence, numbers, (at,), _costs(loss, data, at))


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
    if found.name not in ("the τ-quantile", "the τ-expectile"):
        return found.name
    noun, level = found.name.removeprefix("the τ-"), f"{100 * found.level:.4g}"
    text = f"the {level} % {noun}"
    meant = [one for one in _written(loss) if abs(1 - one - found.level) < 1e-3]
    own = [one for one in _written(loss) if abs(one - found.level) < 1e-3]
    return f"{text}, not the {100 * meant[0]:.4g} %" if meant and not own else text


def _written(loss: Loss) -> list[float]:
    """The numbers between 0 and 1 that a formula is given: parameters first, then numerals."""
    given = [float(one) for one in loss.values().values() if one is not None]
    tree = getattr(loss, "tree", None)
    given += [one.value for one in walk(tree) if one.head == "number"] if tree else []
    return [one for one in given if 0 < one < 1]


def _of_chances(best: Best) -> Finding:
    p = sigmoid(best.answers)
    picture = Picture(CHANCES, p, "chance of the class 1", "probability asked for")
    sentence = f"It asks for {best.name}, measured at {CHANCES.size} chances of the class 1."
    at, found = gap(best)
    return Finding("asks", QUESTION, "yes", sentence, {"chance": at, "asked": found}, (), picture)


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
    one, other = (sum(answer(loss, data * unit)) / 2 / unit for unit in (1.0, UNITS))
    numbers = {"in hours": one, "in minutes": other}
    none = asked(loss).name in NAMELESS
    if none or not (math.isfinite(one) and math.isfinite(other)):
        sentence = "Unknown: in hours or in minutes, log-normal data have no best constant."
        return Finding("scale", question, "unknown", sentence, numbers)
    if abs(one - other) < 1e-4 * float(data.std()):
        sentence = f"Yes: {shown(one)} hours in hours and in minutes, of log-normal data."
        return Finding("scale", question, "yes", sentence, numbers)
    sentence = (
        f"No: of log-normal data, the best constant is {shown(one)} hours in hours, but "
        f"{shown(other)} hours in minutes. Its numbers are in units of y."
    )
    return Finding("scale", question, "no", sentence, numbers, (one, other))
