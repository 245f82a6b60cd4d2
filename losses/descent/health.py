"""What goes wrong inside a network as it walks, named with the step, the layer and the unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from losses.arrays import Array
from losses.cost import blocks
from losses.descent.network import MLP
from losses.descent.objective import CELLS, Objective
from losses.descent.reach import lengths, reachable
from losses.descent.walk import Trajectory

# Rules of thumb, chosen so that a net that learns xor well shows none of them.
SATURATED = 0.99  # of the way from the middle of an activation to its end: |tanh| > 0.99
FULL = 0.9  # of the rows: a unit saturated on so many hardly learns from the others
LEVEL = 0.01  # of a cost: as long as it falls by less, it is on one level
GROWN = 2.0  # times as long: weights that got so far have left where they were
LONG = 0.1  # of the steps of a walk, and at least
FEW = 20  # steps: a level shorter than both is no plateau
FALLS = 0.1  # of the cost of a level: a fall by so much after it shows that it was no floor
VANISHED = 0.01  # of what is left to gain: a slope that promises less for weights twice as large

Kind = Literal["dead", "saturated", "plateau", "stuck", "diverged"]
Flags = NDArray[np.bool_]


class Sign(NamedTuple):
    """Something that happened from a step on, until another or the end (None), and a sentence."""

    kind: Kind
    step: int
    until: int | None
    layer: int | None
    unit: int | None
    sentence: str


@dataclass(frozen=True, eq=False)
class Health:
    """The insides of a network at every step of a walk, on all rows of its data.

    Raises TypeError for a model that is no network.
    """

    objective: Objective
    walk: Trajectory

    def __post_init__(self) -> None:
        if not isinstance(self.objective.model, MLP):
            raise TypeError(f"only a network has units to look at, not {self.objective.model}")

    @property
    def model(self) -> MLP:
        assert isinstance(self.objective.model, MLP)
        return self.objective.model

    @cached_property
    def silent(self) -> tuple[Array, ...]:
        """The share of rows on which each unit of a layer is exactly 0, `(steps + 1, units)`."""
        return self._shares[0]

    @cached_property
    def saturated(self) -> tuple[Array, ...]:
        """The share of rows on which each unit is saturated, `(steps + 1, units)` of each layer."""
        return self._shares[1]

    def dead(self, step: int) -> list[Flags]:
        """Which units `(units,)` of each layer are 0 on all rows at a step, if the activation has
        such a part."""
        rectified = self.model.act.rectified
        return [(layer[step] == 1) & rectified for layer in self.silent]

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        """All that happened, in the order of the steps."""
        found = [*self._of_units(), *self._levels(), *self._diverged()]
        return tuple(sorted(found, key=lambda sign: sign.step))

    @cached_property
    def _shares(self) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        X, act = self.objective.data.features, self.model.act
        size = max(1, CELLS // (len(X) * self.model.held))
        silent: list[list[Array]] = [[] for _ in self.model.hidden]
        full: list[list[Array]] = [[] for _ in self.model.hidden]
        for some in blocks(len(self.walk), size):
            with np.errstate(all="ignore"):  # sums may overflow where a walk diverges
                units = self.model.units(self.walk.weights[some], X)
            for layer, a in enumerate(units):
                silent[layer].append((a == 0).mean(axis=-1))
                full[layer].append((act.fullness(a) > SATURATED).mean(axis=-1))
        return tuple(map(np.concatenate, silent)), tuple(map(np.concatenate, full))

    def _of_units(self) -> Iterator[Sign]:
        rectified = self.model.act.rectified
        for layer, (silent, full) in enumerate(zip(self.silent, self.saturated, strict=True)):
            for unit in range(self.model.hidden[layer]):
                if rectified and (spell := _spell(silent[:, unit] == 1)):
                    yield self._dead(layer, unit, *spell)
                if spell := _spell(full[:, unit] >= FULL):
                    share = float(full[spell[0], unit])
                    yield self._full(layer, unit, *spell, share)

    def _dead(self, layer: int, unit: int, first: int, until: int | None) -> Sign:
        rows = len(self.objective.data)
        said = (
            f"Unit {unit + 1} of layer {layer + 1} is 0 on all {rows} rows {_when(first, until)}: "
            "no row has a slope in the weights that lead to it."
        )
        return Sign("dead", first, until, layer, unit, said)

    def _full(self, layer: int, unit: int, first: int, until: int | None, share: float) -> Sign:
        said = (
            f"Unit {unit + 1} of layer {layer + 1} is saturated {_when(first, until)}: on "
            f"{share:.0%} of the rows it is within 1 % of an end of {self.model.act.name}, where "
            "its slope is nearly 0."
        )
        return Sign("saturated", first, until, layer, unit, said)

    def _levels(self) -> Iterator[Sign]:
        """The longest plateau, and the level at the end, if the net is stuck there."""
        costs, end = self.walk.costs, len(self.walk) - 1
        found = list(levels(costs, max(FEW, round(LONG * end))))
        falls = [costs[a] - costs[b:].min() > FALLS * costs[a] for a, b in found]
        plateaus = [spell for spell, fell in zip(found, falls, strict=True) if fell]
        if plateaus:
            yield self._plateau(*max(plateaus, key=lambda spell: spell[1] - spell[0]))
        if found and found[-1][1] == end:
            yield from self._stuck(found[-1][0])

    def _plateau(self, first: int, last: int) -> Sign:
        level, low = self.walk.costs[first], self.walk.costs[last:].min()
        said = (
            f"Plateau: from step {first} to step {last} the cost stays within 1 % of {level:.4g}, "
            f"with a gradient down to {self.walk.slopes[first : last + 1].min():.2g}; it falls to "
            f"{low:.4g} only later."
        )
        return Sign("plateau", first, last, None, None, said)

    def _stuck(self, first: int) -> Iterator[Sign]:
        """A level is no success if a straight fit costs less, and no slope leads away from it.

        A slow descent has a slope left, and a net that has arrived costs no more than such a fit.
        """
        level, end = float(self.walk.costs[-1]), self.walk.weights[-1]
        slope, size = float(self.walk.slopes[-1]), max(1.0, float(np.linalg.norm(end)))
        if slope * size > VANISHED * level and not self._closed(self.silent, 1.0):
            return  # more than there can be to gain: no need to ask for how much there is
        reach, whose = reachable(self.objective)
        gap = level - reach
        vanished = slope * size <= VANISHED * gap
        if gap <= LEVEL * level or not (vanished or self._closed(self.silent, 1.0)):
            return
        said = (
            f"Stuck since step {first}: the cost stays within 1 % of {level:.4g}, where {whose} "
            f"costs {reach:.4g}. The gradient is {slope:.2g}: {self._why(gap)}"
        )
        yield Sign("stuck", first, None, None, None, said)

    def _why(self, gap: float) -> str:
        """What takes the slope away: layers that nothing passes, or the loss."""
        if dead := self._closed(self.silent, 1.0):
            return f"{_layers(dead)} dead, and nothing of the features gets through."
        loss, target = self.objective.loss, self.objective.target
        pulls = np.abs(loss.gradient(target, self.objective.scores(self.walk.weights[-1])))
        if pulls.mean() <= VANISHED * gap:
            return (
                f"{loss} has hardly a slope in these scores, {pulls.mean():.2g} in the mean, "
                "however wrong they are."
            )
        if full := self._closed(self.saturated, FULL):
            return f"{_layers(full)} saturated, and hardly any slope gets through."
        return "the slopes of the rows cancel, and no small step helps."

    def _closed(self, shares: tuple[Array, ...], most: float) -> list[int]:
        """The layers of which every unit is 0, or full, on so many rows in the end."""
        if shares is self.silent and not self.model.act.rectified:
            return []
        return [layer for layer, share in enumerate(shares) if (share[-1] >= most).all()]

    def _diverged(self) -> Iterator[Sign]:
        """From the step of the lowest cost on, with the layer whose weights grow first."""
        if self.walk.outcome.kind == "diverged":
            lowest = int(self.walk.costs.argmin())
            said = f"The lowest cost, {self.walk.costs[lowest]:.4g}, is that of step {lowest}. "
            layer, grown = self._grown(lowest)
            told = f"{said}{self.walk.outcome.sentence}{grown}"
            yield Sign("diverged", lowest, None, layer, None, told)

    def _grown(self, lowest: int) -> tuple[int | None, str]:
        """The layer whose weights are the first to be twice as large as at the lowest cost; of
        several at one step, the one that grew by most."""
        sizes = np.stack([lengths(self.walk.weights[:, own]) for _, _, own in self.model.layers])
        with np.errstate(all="ignore"):
            times = sizes[:, lowest:] / sizes[:, lowest, None]
        doubled = np.flatnonzero((times >= GROWN).any(axis=0))
        if not doubled.size:
            return None, ""
        step = int(doubled[0])
        layer = int(times[:, step].argmax())
        last = layer == len(self.model.hidden)
        named = "the score" if last else f"layer {layer + 1}"
        return layer, (
            f" The weights that lead to {named} grow first: at step {lowest + step} their length "
            f"is {times[layer, step]:.3g} × that of step {lowest}."
        )


def levels(costs: Array, least: int) -> Iterator[tuple[int, int]]:
    """First and last steps between which a cost `(steps + 1,)` stays within 1 % of that at the
    first, for at least so many steps."""
    first, end = 0, len(costs)
    while first + least < end:
        near = np.abs(costs[first:] - costs[first]) <= LEVEL * abs(costs[first])
        last = first + (int(np.argmin(near)) if not near.all() else len(near)) - 1
        if last - first >= least:
            yield first, last
            first = last
        first += 1


def _spell(flags: Flags) -> tuple[int, int | None] | None:
    """The last time that flags `(steps + 1,)` are set: since when, and until when, if it ends."""
    if not flags.any():
        return None
    end = len(flags) - int(np.argmax(flags[::-1]))
    before = flags[:end][::-1]
    first = end - (int(np.argmin(before)) if not before.all() else end)
    return first, end - 1 if end < len(flags) else None


def _when(first: int, until: int | None) -> str:
    if until is None:
        return f"from step {first} to the end"
    return f"at step {first}" if until == first else f"from step {first} to step {until}"


def _layers(places: list[int]) -> str:
    """Which layers, so that "dead" may follow."""
    if len(places) == 1:
        return f"all units of layer {places[0] + 1} are"
    return f"all units of layers {' and '.join(str(place + 1) for place in places)} are"
