"""A network in training: the legs of its run, the walk they make, and how healthy it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from losses.arrays import Array
from losses.base import Loss
from losses.data import Dataset
from losses.descent.framing import Window, window
from losses.descent.health import Health, Sign
from losses.descent.network import MLP
from losses.descent.objective import Objective
from losses.descent.outcome import Outcome
from losses.descent.planes import Plane, curved_plane, path_plane
from losses.descent.relay import Leg, relay
from losses.descent.scene import BENDS, Scene, Survey, Walk, surveyed
from losses.descent.shadow import Shadow, shadow
from losses.descent.walk import Trajectory

OF_COSTS = ("plateau", "stuck")  # signs that compare costs, for which they need one unit
FAR = 1e3  # times the cost at the start: from there on a run that diverges hides all before it


def network_objective(
    data: Dataset, loss: Loss, hidden: Sequence[int], activation: str
) -> Objective:
    """The cost of a network of these hidden layers under a loss, with a score for each class if
    the loss judges several."""
    outputs = len(data.classes) if loss.family == "multiclass" else 1
    model = MLP(len(data.columns), tuple(hidden), activation, outputs, loss.link)
    return Objective(model, loss, data)


@dataclass(frozen=True, eq=False)
class Lesson:
    """The legs of a run, each with a network's objective, and the walk through all of them."""

    legs: tuple[Leg, ...]
    walk: Trajectory

    @property
    def last(self) -> int:
        """The last step that was taken."""
        return len(self.walk) - 1

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The last step of each leg, as it was planned."""
        return tuple(int(end) for end in np.cumsum([leg.steps for leg in self.legs]))

    @cached_property
    def changes(self) -> tuple[int, ...]:
        """The steps after which another leg took over, of those that were reached."""
        return tuple(end for end in self.ends[:-1] if end < self.last)

    def leg_at(self, step: int) -> Leg:
        """The leg that led to a step: its cost is that of this leg's loss."""
        place = next((k for k, end in enumerate(self.ends) if step <= end), len(self.ends) - 1)
        return self.legs[place]

    def objective_at(self, step: int) -> Objective:
        """What is walked down on the way to a step."""
        found = self.leg_at(step).function
        assert isinstance(found, Objective)
        return found

    @property
    def objective(self) -> Objective:
        """What was walked down in the end."""
        return self.objective_at(self.last)

    @cached_property
    def one_unit(self) -> bool:
        """Whether all costs are those of one loss."""
        return len({self.objective_at(step).loss for step in (*self.changes, self.last)}) == 1

    @cached_property
    def recosted(self) -> Trajectory:
        """The walk with the costs of the loss that it ended with at every step."""
        if self.one_unit:
            return self.walk
        with np.errstate(all="ignore"):
            costs, gradients = self.objective.values_and_gradients(self.walk.weights)
        slopes = np.sqrt(np.vecdot(gradients, gradients))
        return replace(self.walk, costs=costs, slopes=slopes)

    @cached_property
    def health(self) -> Health:
        """The insides of the network, on the way."""
        return Health(self.objective, self.walk)

    @cached_property
    def signs(self) -> tuple[Sign, ...]:
        """What went wrong; of several losses nothing that compares their costs."""
        found = self.health.signs
        return tuple(sign for sign in found if self.one_unit or sign.kind not in OF_COSTS)

    @cached_property
    def verdict(self) -> Outcome:
        """How the run ended, in one word and sentence: "stuck", or what the walk itself says."""
        stuck = [sign.sentence for sign in self.signs if sign.kind == "stuck"]
        return Outcome("stuck", stuck[0]) if stuck else self.walk.outcome


def lesson(legs: Sequence[Leg], seed: int) -> Lesson:
    """Trains from the initial weights of a seed through all legs.

    Raises ValueError where the legs have networks of different shapes or none, or costs at their
    starts that are not finite.
    """
    models = [getattr(leg.function, "model", None) for leg in legs]
    if not models or not isinstance(models[0], MLP):
        raise ValueError("a lesson needs legs, each with the objective of a network")
    if len({replace(model, link=models[0].link) for model in models}) > 1:  # type: ignore[type-var]
        raise ValueError("all legs of a lesson train one network: its shape cannot change")
    return Lesson(tuple(legs), relay(legs, models[0].init(seed)))


def shadowed(one: Lesson, word: str, survey: Survey | None = None) -> tuple[Shadow, Scene]:
    """The walk on a plane through weight space, and the cost of the last loss around it.

    The plane goes through the last weights; `word` is one of scene.PLANES. Of a run that diverges
    it is the part `near` its start: the steps beyond are so long that no plane shows both.
    """
    objective, walk = one.objective, near(one.recosted)
    through = walk.weights[-1]
    flat = path_plane(walk.weights) if word != BENDS else _bent(objective, through)
    found = shadow(objective, walk, flat)
    flat = replace(flat, held=found.held)
    look = _window(objective, flat, walk.weights)
    costs = (survey or surveyed)(objective, look, flat)
    own = Walk("the network", 0, one.legs[-1].optimizer, walk, found.places, found.off, None)
    return found, Scene((objective,), (costs,), flat, look, (own,))


def near(walk: Trajectory) -> Trajectory:
    """A walk, or one that diverges up to the first step that costs 1,000 times the start."""
    if walk.outcome.kind != "diverged":
        return walk
    far = np.append(walk.costs > FAR * abs(float(walk.costs[0])), True)
    stop = int(far.argmax()) + 1
    parts = walk.weights[:stop], walk.costs[:stop], walk.slopes[:stop]
    return Trajectory(*parts, walk.outcome)


def _bent(objective: Objective, through: Array) -> Plane:
    with np.errstate(all="ignore"):
        hessian = objective.hessian(through)
    if not np.isfinite(hessian).all():
        raise ValueError("the curvature where the walk ends is not finite: take the other plane")
    return curved_plane(hessian, through)


def _window(objective: Objective, plane: Plane, weights: Array) -> Window:
    return window(objective, plane, weights[:1], weights)
