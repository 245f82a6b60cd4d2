"""What a report tells of a verdict beyond its matrix, found step by step so that progress shows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf

from losses import Loss
from losses.spec import Parameter
from losses.verdict import (
    Crossings,
    Decision,
    Dominance,
    Uncertainty,
    crossings,
    decision,
    murphy,
    uncertainty,
)
from losses.verdict.reach import reach
from pages.shared.case import Case

Told = Callable[[float, str], object]  # how much is done, from 0 to 1, and what comes next
USUAL = (
    ("huber", "delta"),
    ("quantile", "tau"),
    ("cross_entropy", "positive_weight"),
    ("focal", "gamma"),
)


@dataclass(frozen=True, eq=False)
class Flips:
    """A parameter of a loss over its usual range: where the winner changes, or why nobody knows."""

    loss: Loss
    parameter: Parameter
    low: float
    high: float
    found: Crossings | None
    refused: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other of the same case."""
        return f"flip_{self.loss.slug}_{self.parameter.name}"

    @property
    def name(self) -> str:
        """The parameter as people call it."""
        return f"{self.loss.name} {self.parameter.letter}"

    @property
    def held(self) -> str:
        """The other parameters of the loss, which stay as they are."""
        others = self.loss.values().items()
        return ", ".join(f"{name} = {at}" for name, at in others if name != self.parameter.name)


@dataclass(frozen=True, eq=False)
class Judgment:
    """One loss: the rows that decide between its two cheapest models, and how sure it is."""

    loss: Loss
    first: str
    second: str
    decision: Decision
    certainty: Uncertainty | None
    refused: str = ""

    @property
    def lead(self) -> tuple[float, float] | None:
        """The interval of the second model's cost minus the first's, if both have one."""
        sure = self.certainty
        if sure is None or self.second not in sure.models:
            return None
        rival = sure.models.index(self.second)
        return sure.low[rival].item(), sure.high[rival].item()


@dataclass(frozen=True, eq=False)
class Findings:
    """All that a report tells beyond the matrix; a single model has neither rivals nor flips.

    `every` holds, for each other model, whether the cheapest one beats it under every loss that
    asks for the same.
    """

    flips: Sequence[Flips] = ()
    judgments: Sequence[Judgment] = ()
    every: Sequence[Dominance] = ()


def untold(done: float, what: str) -> None:
    """For who cannot show how far it is."""


def tunable(case: Case) -> Iterator[tuple[Loss, Parameter]]:
    """The losses of the task that have a knob: as tuned above, or as they are declared."""
    above = {loss.slug: loss for loss in case.losses}
    family = case.losses[0].family
    for kind in Loss.catalogue.values():
        if kind.family == family:
            yield from ((above.get(kind.slug) or kind(), one) for one in kind.parameters())


def usual(case: Case) -> list[tuple[Loss, Parameter]]:
    """The parameters that a report draws."""
    return [pair for pair in tunable(case) if (pair[0].slug, pair[1].name) in USUAL]


def flips(case: Case, pairs: Sequence[tuple[Loss, Parameter]], told: Told = untold) -> list[Flips]:
    """Where the winner changes while each of the parameters runs over its usual range."""
    found = []
    for place, (loss, parameter) in enumerate(pairs):
        at = partial(told, place / len(pairs), f"{loss.name} {parameter.letter}")
        at()
        found.append(_flips(case, loss, parameter, at))
    told(1.0, "done")
    return found


def findings(case: Case, told: Told = untold) -> Findings:
    """Everything that the report tells beyond the matrix."""
    if len(case.models) < 2:
        return Findings()
    pairs = usual(case)
    count = len(pairs) + len(case.losses)
    found = flips(case, pairs, lambda done, what: told(done * len(pairs) / count, what))
    judgments = []
    for place, loss in enumerate(case.losses):
        told((len(pairs) + place) / count, str(loss))
        judgments.append(_judgment(case, place, loss))
    every = _every(case)
    told(1.0, "done")
    return Findings(found, judgments, every)


def _flips(case: Case, loss: Loss, parameter: Parameter, told: Callable[[], object]) -> Flips:
    """One search, which tells meanwhile that it goes on: some take minutes, and may be stopped."""
    rows, models = case.data.target, case.predictions
    low, high = reach(rows, models, type(loss), parameter)
    try:
        between = low, high, case.weight
        found = crossings(rows, models, loss, parameter.name, *between, told=told)
    except ValueError as error:
        return Flips(loss, parameter, low, high, None, str(error))
    return Flips(loss, parameter, low, high, found)


def _every(case: Case) -> list[Dominance]:
    """The cheapest model by the Murphy diagram against each of the others."""
    asks = "probability" if case.data.task == "binary" else "mean"
    found = murphy(case.data.target, case.predictions, asks, weight=case.weight)
    costs = found.cost.tolist()
    best = found.models[costs.index(min(costs))]
    return [found.dominance(best, name) for name in found.models if name != best]


def _judgment(case: Case, place: int, loss: Loss) -> Judgment:
    """Between the cheapest model and the next; of equally cheap ones the first."""
    costs = case.matrix.cost[:, place].tolist()
    best, next_best = sorted(range(len(costs)), key=costs.__getitem__)[:2]
    first, second = case.models[best], case.models[next_best]
    given = case.predictions
    found = decision(case.data.target, given[first], given[second], loss, case.weight)
    try:
        finite = [name for name, cost in zip(case.models, costs, strict=True) if cost < inf]
        if len(finite) < 2:
            refused = "fewer than two models have a cost that is finite"
            return Judgment(loss, first, second, found, None, refused)
        given = {name: given[name] for name in finite}
        sure = uncertainty(case.data.target, given, loss, weight=case.weight, group=case.group)
    except ValueError as error:
        return Judgment(loss, first, second, found, None, str(error))
    return Judgment(loss, first, second, found, sure)
