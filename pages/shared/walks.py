"""A descent as it was asked for: who walks, and what the page shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import streamlit as st

from charts.arrows import details
from charts.descent import captions, descent_figure
from charts.figure import Figure
from charts.progress import word
from charts.ruler import marks, ruler_figure
from losses import Loss, Optimizer, Penalty
from losses.data import Dataset
from losses.descent import Function
from losses.descent.basins import Basins, basins
from losses.descent.framing import Window
from losses.descent.landscapes import Landscape
from losses.descent.lineup import by_loss, by_optimizer, by_start, objective, scattered
from losses.descent.optimizers import Stage
from losses.descent.planes import Plane
from losses.descent.race import Race, affordable, fair_race
from losses.descent.scene import (
    PLANES,
    Entrant,
    PlaneWord,
    Scene,
    scene,
    survey_key,
    surveyed,
)
from losses.descent.stability import ruler
from losses.descent.walk import stages
from pages.shared import cached, controls, races, sentences
from pages.shared.figure import Ahead, show
from pages.shared.player import play

ONE, LOSSES, OPTIMIZERS, STARTS, RACE = "one run", "losses", "optimizers", "starts", "fair race"


class Shown(NamedTuple):
    """A scene, its figure, and the captions and details of its frames."""

    scene: Scene
    figure: Figure
    told: dict[str, Any]


@dataclass
class Asked:
    """The settings of a descent; `key` tells it from every other one."""

    mode: str
    data: Dataset | None = None
    ground: Landscape | None = None
    losses: Sequence[Loss] = ()
    optimizers: Sequence[Optimizer] = ()
    penalty: Penalty | None = None
    start: tuple[float, float] = (0.0, 0.0)
    count: int = 1
    plan: dict[str, Any] = field(default_factory=dict)
    plane: PlaneWord = PLANES[0]
    wide: bool | None = None
    log: bool | None = None
    apart: bool = False
    map: bool = False
    span: tuple[float, float] = (0.0, 1.0)  # of the slider of the rate
    ruler: Any = None  # the place for it, beside the rate

    @property
    def place(self) -> str:
        """The key of the start: each landscape keeps its own."""
        return "start" if self.ground is None else f"{self.ground.slug}_start"

    @property
    def key(self) -> str:
        """Everything that the walks depend on, in words."""
        ground = self.data.digest if self.data is not None else self.ground
        walks = (self.mode, ground, self.losses, self.optimizers, self.penalty, self.start)
        return repr((*walks, self.count, self.plan, self.plane, self.wide))

    @property
    def function(self) -> Function:
        """What is walked down, or the first of them."""
        if self.data is None:
            assert self.ground is not None
            return self.ground
        return objective(self.data, self.losses[0], self.penalty)

    @property
    def effort(self) -> int:
        """How many numbers its walks look at, about."""
        walks = max(self.count, len(self.losses), len(self.optimizers))
        return walks * self.plan["steps"] * max(100, self.function.rows)

    def shown(self) -> Shown:
        """The walks, the surfaces around them, and their figure."""
        return cached.shown(f"{self.key} {self.log} {self.apart}", self._shown)

    def _shown(self) -> Shown:
        walks = scene(
            self.entrants(), plane=self.plane, wide=self.wide, survey=_survey, **self.plan
        )
        parts = self.stages(walks) if self.apart else []
        figure = descent_figure(walks, log=self.log, stages=parts)
        told = {"captions": captions(walks), "details": details(walks, parts) if parts else []}
        return Shown(walks, figure, told)

    def stages(self, scene: Scene) -> list[tuple[Stage, ...]]:
        """The parts of each step of the first walk."""
        walk = scene.walks[0]
        ground = scene.grounds[walk.ground]
        return stages(ground, walk.optimizer, walk.trajectory, **self.plan)

    def race(self) -> Race:
        """The fair race between the optimizers."""
        function = self.function
        most = affordable(len(self.optimizers), self.plan["steps"], self._rows())
        starts = scattered(function, self.start, min(self.count, most), self.plan["seed"])
        key = "race " + self.key
        return cached.raced(key, lambda: fair_race(function, self.optimizers, starts, **self.plan))

    def _rows(self) -> int:
        """How many rows a step looks at; 1 where there are none."""
        rows = max(1, self.function.rows)
        return min(rows, self.plan["batch"] or rows)

    def basins(self, scene: Scene) -> Basins:
        """Where the starts of a grid end."""
        first, second = scene.window.coarse(self.plan["steps"] * self._rows())
        ground, plane = scene.grounds[0], scene.plane
        return cached.raced(
            "basins " + self.key,
            lambda: basins(ground, self.optimizers[0], first, second, plane=plane, **self.plan),
        )

    def entrants(self) -> list[Entrant]:
        """Who walks."""
        if self.mode == RACE:
            tuned = [entry.optimizer for entry in self.race().entries]
            return by_optimizer(self.function, tuned, self.start)
        if self.mode in (ONE, LOSSES) and self.data is not None:
            return by_loss(self.data, self.losses, self.penalty, self.optimizers[0], self.start)
        if self.mode == STARTS:
            seed = self.plan["seed"]
            return by_start(self.function, self.optimizers[0], self.start, self.count, seed)
        return by_optimizer(self.function, self.optimizers, self.start)


def _survey(function: Function, window: Window, plane: Plane) -> Any:
    """A survey that is made once: most settings move the walk and not the ground."""
    key = survey_key(function, window, plane)
    return cached.surveyed(key, lambda: surveyed(function, window, plane))


def played(asked: Asked, shown: Shown, ahead: Ahead | None = None) -> None:
    """How the walks ended, and their player; a click on a ground of two weights sets the start."""
    scene, several = shown.scene, len(shown.scene.walks) > 1
    if asked.mode == RACE:
        races.verdict(asked.race(), asked.count)
    elif not several:
        sentences.outcome(scene)
    click = play(shown.figure, "descent", ahead=ahead, **shown.told)
    sentences.plane(scene)
    if several:
        sentences.outcomes(scene)
    controls.move(asked.place, clicked(scene, click))


def clicked(scene: Scene, click: dict[str, Any] | None) -> tuple[float, float] | None:
    """The two weights at which a ground was clicked, if one was."""
    if not click or len(scene.plane.origin) != 2 or click["subplot"] in ("x2y2", "x3y3"):
        return None
    return scene.window.clicked(click["x"], click["y"])


def ruled(asked: Asked, scene: Scene) -> None:
    """The ruler below the rate, if one optimizer walks and its stability is known.

    Of data it is read at the start, as the walks are judged; of a landscape where the walk ends.
    """
    if len(asked.optimizers) > 1:
        return
    walk = scene.walks[0]
    ended = asked.ground is not None and walk.trajectory.outcome.kind != "diverged"
    place = walk.trajectory.weights[-1 if ended else 0]
    found = ruler(scene.grounds[walk.ground], place)
    if not marks(found, walk.optimizer):
        return
    where = "everywhere" if found.certain else "where the walk ends" if ended else "at the start"
    with asked.ruler:
        if len(scene.grounds) > 1:
            st.markdown(f"For {walk.name}:")
        show(ruler_figure(found, walk.optimizer, asked.span), "ruler")
        sentences.ruler(found, walk.optimizer, where)


def studied(asked: Asked, scene: Scene) -> None:
    """What stands below the player: the sweep of a race, or the basins of starts."""
    if asked.mode == RACE:
        races.ranks(asked.race(), word(scene))
    if asked.mode == STARTS and asked.map:
        races.basins(asked.basins(scene), scene.plane.names)
