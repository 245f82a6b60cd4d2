"""Walks on one clock, ready to be drawn: surfaces, paths on them, and fits at every step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from losses.arrays import Array
from losses.data import Dataset
from losses.descent.framing import Window, widened, window
from losses.descent.function import Function
from losses.descent.models import Linear, Model, Softmax
from losses.descent.objective import Objective
from losses.descent.optimizers import Optimizer
from losses.descent.picture import Picture, pictured
from losses.descent.planes import Plane, curved_plane, path_plane, weight_plane
from losses.descent.schedules import Schedule
from losses.descent.surface import surface
from losses.descent.walk import STEADY, Run, Trajectory, descend_together

VARIES, BENDS = PLANES = ("where the path varies most", "where the cost bends most")
PlaneWord = str | tuple[int, int]
Survey = Callable[[Function, Window, Plane], Array]


class Entrant(NamedTuple):
    """Who walks: a name that tells it from the others, what it goes down, how, and from where."""

    name: str
    function: Function
    optimizer: Optimizer
    start: Array


@dataclass(frozen=True, eq=False)
class Walk:
    """One walk on a plane: its places there `(steps + 1, 2)`, and what its model looks like.

    `off` `(steps + 1,)` is the true cost minus the cost that the plane shows at the same place.
    """

    name: str
    ground: int
    optimizer: Optimizer
    trajectory: Trajectory
    places: Array
    off: Array
    picture: Picture | None

    def __len__(self) -> int:
        return len(self.trajectory)


@dataclass(frozen=True, eq=False)
class Scene:
    """The functions walked down, the cost of each over the window `(SIDE, SIDE)`, and the walks."""

    grounds: tuple[Function, ...]
    costs: tuple[Array, ...]
    plane: Plane
    window: Window
    walks: tuple[Walk, ...]

    @property
    def steps(self) -> int:
        """The steps of the longest walk."""
        return max(len(walk) for walk in self.walks) - 1

    @property
    def objective(self) -> Objective | None:
        """What tells about the data, if there is any: every ground has the same."""
        ground = self.grounds[0]
        return ground if isinstance(ground, Objective) else None

    def left_at(self, walk: Walk) -> int | None:
        """The first step outside the plain window, if there is one."""
        outside = ~self.window.holds(walk.places)
        return int(np.argmax(outside)) if outside.any() else None

    def leaves(self) -> bool:
        """Whether some walk goes so far that it can be followed only on a wide window."""
        far = [np.abs(walk.places - self.window.center) / self.window.half for walk in self.walks]
        return any(float(part[np.isfinite(part)].max(initial=0.0)) > 3.0 for part in far)


def scene(
    entrants: Sequence[Entrant],
    *,
    steps: int,
    batch: int | None = None,
    seed: int = 0,
    schedule: Schedule = STEADY,
    plane: PlaneWord = VARIES,
    wide: bool | None = None,
    survey: Survey | None = None,
) -> Scene:
    """Sends all entrants on their way, and surveys the cost around it.

    Through more weights than two, `plane` is one of PLANES, or the numbers of two weights. A `wide`
    window is chosen for walks that leave the plain one, unless it is said. A `survey` is `surveyed`
    with a memory.
    """
    grounds = tuple(dict.fromkeys(entrant.function for entrant in entrants))
    found = _walked(entrants, grounds, steps, batch, seed, schedule)
    ways = _ways(found)
    flat = _plane(grounds[0], plane, ways)
    flat = replace(flat, held=flat.share(np.concatenate([walk.weights for walk in found])))
    starts = np.array([entrant.start for entrant in entrants], dtype=float)
    look = window(grounds[0], flat, starts, ways)
    walks = tuple(
        _placed(entrant, grounds.index(entrant.function), walk, flat)
        for entrant, walk in zip(entrants, found, strict=True)
    )
    plain = Scene(grounds, (), flat, look, walks)
    if wide if wide is not None else plain.leaves():
        look = widened(look, [walk.places for walk in walks])
    costs = tuple((survey or surveyed)(ground, look, flat) for ground in grounds)
    return Scene(grounds, costs, flat, look, walks)


def surveyed(function: Function, window: Window, plane: Plane) -> Array:
    """The values of a function over a window `(SIDE, SIDE)`."""
    with np.errstate(all="ignore"):
        return surface(function, *window.grids(), plane=plane)


def survey_key(function: Function, window: Window, plane: Plane) -> str:
    """What tells a survey from every other: equal for equal data, losses, planes and windows."""
    ground: object = function
    if isinstance(function, Objective):
        ground = function.data.digest, function.model, function.loss, function.penalty
    places = window.center, window.half, plane.origin, plane.first, plane.second
    return repr((ground, window.wide, [place.tobytes() for place in places]))


def model_for(data: Dataset) -> Model:
    """A score for each row from all columns of the data; for several classes, a score for each."""
    if data.task == "multiclass":
        return Softmax(len(data.columns), len(data.classes))
    return Linear(len(data.columns))


def weight_names(function: Function) -> list[str]:
    """What the weights are called on axes."""
    if not isinstance(function, Objective):
        return ["x", "y"]
    columns = function.data.columns
    slopes = [f"slope of {name}" for name in columns] if len(columns) > 1 else ["slope w"]
    own = [*slopes, "intercept b"]
    if function.data.task != "multiclass":
        return own
    return [f"{weight}, {label}" for label in function.data.classes for weight in own]


def _ways(found: Sequence[Trajectory]) -> Array:
    """The weights `(n, size)` of all walks but those that diverged, of which only the start; the
    last are those where the first walk ended."""
    kept = [walk.weights[: 1 if walk.outcome.kind == "diverged" else None] for walk in found]
    return np.concatenate(kept[::-1])


def _plane(function: Function, asked: PlaneWord, ways: Array) -> Plane:
    names, through = weight_names(function), ways[-1]
    i, j = asked if isinstance(asked, tuple) else (0, 1)
    if len(names) == 2 or isinstance(asked, tuple):
        return weight_plane(function.size, i, j, through, (names[i], names[j]))
    if asked == BENDS:
        return curved_plane(function.hessian(through), through)
    return path_plane(ways, through)


def _walked(
    entrants: Sequence[Entrant],
    grounds: Sequence[Function],
    steps: int,
    batch: int | None,
    seed: int,
    schedule: Schedule,
) -> list[Trajectory]:
    """The trajectory of each entrant; those on one function walk together."""
    found: dict[int, Trajectory] = {}
    for ground in grounds:
        mine = [k for k, entrant in enumerate(entrants) if entrant.function == ground]
        runs = [Run(entrants[k].optimizer, entrants[k].start) for k in mine]
        together = descend_together(
            ground, runs, steps=steps, batch=batch, seed=seed, schedule=schedule
        )
        found |= dict(zip(mine, together, strict=True))
    return [found[k] for k in range(len(entrants))]


def _placed(entrant: Entrant, ground: int, walk: Trajectory, plane: Plane) -> Walk:
    places = plane.coordinates(walk.weights)
    off = np.zeros(len(walk))
    if entrant.function.size > 2:  # else the plane is all there is
        off = walk.costs - entrant.function.values(plane.weights(*places.T))
    own = isinstance(entrant.function, Objective)
    picture = pictured(entrant.function, walk.weights) if own else None  # type: ignore[arg-type]
    return Walk(entrant.name, ground, entrant.optimizer, walk, places, off, picture)
